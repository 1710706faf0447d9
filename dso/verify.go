package dso

import (
	"fmt"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
)

// verifier runs the AC power flows of a plan.
type verifier struct {
	network *grid.Network
	limits  *community.Feeder
	bus     []int // bus index of every prosumer
	batch   *grid.Batch

	demandP, demandQ []float64
	status           []grid.Status
}

func newVerifier(n *grid.Network, limits *community.Feeder, bus []int) (*verifier, error) {
	batch, err := grid.NewBatch(n)
	if err != nil {
		return nil, err
	}
	return &verifier{network: n, limits: limits, bus: bus, batch: batch}, nil
}

// voltages solves the power flows of a plan, eqs. (11)-(12). A step without a
// solution is a collapse: 0 p.u. everywhere.
func (v *verifier) voltages(day *community.Day, p *Plan) {
	steps, n := len(p.SetPoints), len(v.network.Buses)
	if len(v.status) < steps {
		v.demandP, v.demandQ, v.status = make([]float64, steps*n), make([]float64, steps*n), make([]grid.Status, steps)
	}
	perKW := v.network.PerUnit(1)
	for t := range steps {
		demandP, demandQ := v.demandP[t*n:(t+1)*n], v.demandQ[t*n:(t+1)*n]
		for b := range n {
			demandP[b] = day.BackgroundKW[p.First+t][b] * perKW
			demandQ[b] = day.BackgroundKvar[p.First+t][b] * perKW
		}
		for i, b := range v.bus {
			demandP[b] -= p.exchangeKW[t][i] * perKW
			demandQ[b] -= p.exchangeKvar[t][i] * perKW
		}
	}
	vm := make([]float64, steps*n)
	v.batch.SolveVM(v.demandP[:steps*n], v.demandQ[:steps*n], v.limits.SubstationPU, vm, v.status[:steps])
	p.VoltagePU = make([][]float64, steps)
	for t := range steps {
		p.VoltagePU[t] = vm[t*n : (t+1)*n : (t+1)*n]
		if !v.status[t].Converged {
			clear(p.VoltagePU[t])
		}
	}
}

// verify holds a plan against eq. (13). It reports whether the plan is final:
// inside the limits, tightened by margin, up to tolerance, but for what the rows
// gave way by.
func (v *verifier) verify(day *community.Day, p *Plan, marginPU, tolerancePU float64) (final bool) {
	v.voltages(day, p)
	final = true
	p.Outside, p.WorstPU, p.Conflicts = 0, 0, nil
	for t, vm := range p.VoltagePU {
		low, high := Conflict{Step: p.First + t, ShortPU: community.TolerancePU}, Conflict{Step: p.First + t, ShortPU: community.TolerancePU}
		for b, x := range vm {
			below, above := v.limits.VMinPU-x, x-v.limits.VMaxPU
			excess := max(below, above)
			if excess > community.TolerancePU {
				p.Outside++
				p.WorstPU = max(p.WorstPU, excess)
			}
			if excess+marginPU > tolerancePU+p.short[t] {
				final = false
			}
			if below > low.ShortPU {
				low.BusID, low.VoltagePU, low.LimitPU, low.ShortPU = v.network.Buses[b].ID, x, v.limits.VMinPU, below
			}
			if above > high.ShortPU {
				high.BusID, high.VoltagePU, high.LimitPU, high.ShortPU = v.network.Buses[b].ID, x, v.limits.VMaxPU, above
			}
		}
		for _, c := range []Conflict{low, high} {
			if c.BusID != 0 {
				p.Conflicts = append(p.Conflicts, c)
			}
		}
	}
	return final
}

// Conflict is a voltage limit that a plan does not hold.
type Conflict struct {
	Step      int // of the day
	BusID     int // the worst bus of the step
	VoltagePU float64
	LimitPU   float64
	ShortPU   float64 // the least by which the limit would have to give way
}

// String is the conflict in one line.
func (c Conflict) String() string {
	side := "lifts"
	if c.VoltagePU > c.LimitPU {
		side = "lowers"
	}
	return fmt.Sprintf("%02d:%02d, bus %d: all devices together bring the voltage to %.5f p.u., nothing %s it by the %.5f that the limit of %g lacks",
		c.Step/4, c.Step%4*15, c.BusID, c.VoltagePU, side, c.ShortPU, c.LimitPU)
}
