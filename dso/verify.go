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
		v.background(day, p.First+t, demandP, demandQ)
		for i, b := range v.bus {
			demandP[b] -= p.exchangeKW[t][i] * perKW
			demandQ[b] -= p.exchangeKvar[t][i] * perKW
		}
	}
	p.VoltagePU = v.solve(steps)
}

// without solves the power flow of a step in which no prosumer exchanges anything.
func (v *verifier) without(day *community.Day, step int) []float64 {
	n := len(v.network.Buses)
	v.background(day, step, v.demandP[:n], v.demandQ[:n])
	return v.solve(1)[0]
}

// background fills the demand of those who are no prosumers, p.u.
func (v *verifier) background(day *community.Day, step int, demandP, demandQ []float64) {
	perKW := v.network.PerUnit(1)
	for b := range demandP {
		demandP[b] = day.BackgroundKW[step][b] * perKW
		demandQ[b] = day.BackgroundKvar[step][b] * perKW
	}
}

// solve solves the power flows of the first steps of the demand.
func (v *verifier) solve(steps int) [][]float64 {
	n := len(v.network.Buses)
	all, vm := make([]float64, steps*n), make([][]float64, steps)
	v.batch.SolveVM(v.demandP[:steps*n], v.demandQ[:steps*n], v.limits.SubstationPU, all, v.status[:steps])
	for t := range vm {
		vm[t] = all[t*n : (t+1)*n : (t+1)*n]
		if !v.status[t].Converged {
			clear(vm[t])
		}
	}
	return vm
}

// verify holds a plan against eq. (13). It reports whether the plan is final:
// inside the limits, tightened by margin, up to tolerance, but for what the rows
// gave way by. Where they did and a limit is broken, that is a conflict.
func (v *verifier) verify(day *community.Day, p *Plan, marginPU, tolerancePU float64) (final bool) {
	v.voltages(day, p)
	final = true
	for t, vm := range p.VoltagePU {
		worst := Conflict{Step: p.First + t}
		for b, x := range vm {
			limit := v.limits.VMinPU
			if x > (v.limits.VMinPU+v.limits.VMaxPU)/2 {
				limit = v.limits.VMaxPU
			}
			excess := max(v.limits.VMinPU-x, x-v.limits.VMaxPU)
			if excess > community.TolerancePU {
				p.Outside++
				if excess > worst.ShortPU {
					worst.BusID, worst.VoltagePU, worst.LimitPU, worst.ShortPU = v.network.Buses[b].ID, x, limit, excess
				}
			}
			if excess+marginPU > tolerancePU+p.short[t] {
				final = false
			}
		}
		p.WorstPU = max(p.WorstPU, worst.ShortPU)
		if worst.BusID != 0 && p.short[t] > shortTolerancePU {
			p.Conflicts = append(p.Conflicts, worst)
		}
	}
	return final
}

// Conflict is a voltage limit that a plan cannot hold.
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
