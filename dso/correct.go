package dso

import (
	"context"
	"fmt"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/grid"
)

// Corrector is the operator at the moment of execution: it takes what prosumers
// are about to do in one step and changes it as little as it can so that no
// voltage limit breaks. It is for one goroutine at a time.
type Corrector struct {
	operator   *Operator
	hard, soft *correction
	reach      *reach // see Unavoidable
}

// Correction is a step after it was corrected.
type Correction struct {
	SetPoints []community.SetPoint
	Changed   bool
	// By AC power flow: bus-steps outside the limits before and after, and the
	// largest excess after.
	Before, Outside int
	WorstPU         float64
	VoltagePU       []float64 // by bus index, after
	Rounds          int       // problems solved
}

// NewCorrector makes a corrector. It fails where the network is not radial or
// lacks a prosumer's bus.
func NewCorrector(s *community.Scenario, n *grid.Network) (*Corrector, error) {
	o, err := New(s, n, Options{})
	if err != nil {
		return nil, err
	}
	return &Corrector{operator: o}, nil
}

// Correct solves, for a situation of one step,
//
//	minimise    Σ (P - P_want)² + 0.01 Σ (Q - Q_want)²
//	subject to  every device's own limits                (1)-(8)
//	            V_min <= V_j <= V_max   at every bus     (11)-(13)
//
// with the voltages as LinDistFlow around an AC power flow, again and again until
// the AC power flow of the result holds the limits. Where no change does, the
// limits are missed by as little as can be, in sum over the buses. What breaks no
// limit is left as it is.
func (c *Corrector) Correct(ctx context.Context, s *Situation, want []community.SetPoint) (*Correction, error) {
	o := c.operator
	if err := s.check(o.scenario.Prosumers); err != nil {
		return nil, err
	}
	if s.steps() != 1 || len(want) != len(o.scenario.Prosumers) {
		return nil, fmt.Errorf("dso: correcting %d steps of %d prosumers: want one step of all %d", s.steps(), len(want), len(o.scenario.Prosumers))
	}
	at := o.follow(s, want)
	out := &Correction{Before: at.Outside}
	best, program := at, &c.hard
	for settled := at.Outside == 0; !settled && out.Rounds < o.options.MaxRounds; {
		out.Rounds++
		if *program == nil {
			var err error
			if *program, err = newCorrection(o, program == &c.soft); err != nil {
				return nil, err
			}
		}
		around := o.envelope(s, at)
		next, err := (*program).solve(ctx, s, around, want)
		if err != nil {
			return nil, err
		}
		if next == nil && program == &c.soft {
			break
		}
		if next == nil { // no change holds them all
			program = &c.soft
			continue
		}
		at = o.follow(s, next)
		settled = o.envelope(s, at).movedPU(around) <= o.tolerancePU()
		if at.Outside < best.Outside || at.Outside == best.Outside && (at.Outside == 0 || o.excess(at) < o.excess(best)) {
			best, out.Changed = at, true
		}
	}
	out.SetPoints, out.Outside, out.WorstPU, out.VoltagePU = best.SetPoints[0], best.Outside, best.WorstPU, best.VoltagePU[0]
	return out, nil
}

// follow is the plan of one step that does what is wanted, as far as devices can,
// with its AC power flow.
func (o *Operator) follow(s *Situation, want []community.SetPoint) *Plan {
	each := table[community.SetPoint](len(want), 1)
	for i := range want {
		each[i][0] = want[i]
	}
	p := newPlan(o.scenario.Prosumers, s, each)
	o.check(s, p)
	return p
}

// excess sums up how far the buses of a plan are outside, p.u.
func (o *Operator) excess(p *Plan) float64 {
	total, limits := 0.0, &o.scenario.Feeder
	for _, vm := range p.VoltagePU {
		for _, v := range vm {
			total += max(0, limits.VMinPU-v, v-limits.VMaxPU)
		}
	}
	return total
}

// correction is the problem of Correct, compiled.
type correction struct {
	controls *controls
	program  *convex.Program
	bound    func(*envelope) error // gives the limits' rows their numbers
}

// newCorrection writes the problem with every limit of every anchor. Soft limits
// each may give way, at a price above everything that devices could do about it.
func newCorrection(o *Operator, soft bool) (*correction, error) {
	c := &correction{controls: newControls(o.scenario.Prosumers)}
	objective, rows := c.controls.change(), c.controls.rows
	if soft {
		price, more := c.softLimits(o)
		objective, rows = objective.Plus(price), append(rows, more...)
	} else {
		rows = append(rows, c.hardLimits(o)...)
	}
	var err error
	c.program, err = convex.NewProblem(convex.Minimize(objective), rows...).Compile()
	return c, err
}

// hardLimits are the rows of a plan, of one step.
func (c *correction) hardLimits(o *Operator) []*convex.Constraint {
	var sides []side
	for a := range o.feeder.anchors {
		sides = append(sides, side{anchor: a}, side{anchor: a, upper: true})
	}
	var members []Member
	for i := range o.scenario.Prosumers {
		members = append(members, Member{ExchangeMW: c.controls.injected[0].Slice(i, i+1), ExchangeMvar: c.controls.injected[1].Slice(i, i+1)})
	}
	network := newNetworkRows(o.feeder, o.network, sides)
	network.write(members, 1, false)
	c.bound = func(e *envelope) error { return network.setBounds(c.program, e) }
	return network.rows
}

// givingWay is what a p.u. of squared voltage counts where limits are soft. The
// whole of the devices within reach counts some 100, and lifts or lowers a voltage
// by some 0.01.
const givingWay = 1e6

// softLimits let every anchor miss its limits by as much as it must and no more,
// whatever the others do: rows of a plan give way together.
func (c *correction) softLimits(o *Operator) (price *convex.Expr, rows []*convex.Constraint) {
	size := convex.Vec(len(o.feeder.anchors))
	low, high := convex.Parameter("low", size), convex.Parameter("high", size)
	short, over := convex.Variable("short", size, convex.Nonneg), convex.Variable("over", size, convex.Nonneg)
	byMW, byMvar := o.sensitivities()
	rise := convex.MatMul(byMW, c.controls.injected[0]).Plus(convex.MatMul(byMvar, c.controls.injected[1]))
	c.bound = func(e *envelope) error {
		if err := c.program.Set(low, column(e.low)); err != nil {
			return err
		}
		return c.program.Set(high, column(e.high))
	}
	return convex.Sum(short.Plus(over)).Times(givingWay), []*convex.Constraint{rise.Plus(short).GE(low), rise.Minus(over).LE(high)}
}

// column is the first of the steps of a table.
func column(m [][]float64) []float64 {
	out := make([]float64, len(m))
	for a := range m {
		out[a] = m[a][0]
	}
	return out
}

// sensitivities are how the squared voltage of every anchor rises with a MW and a
// Mvar of every prosumer, p.u.: LinDistFlow is linear.
func (o *Operator) sensitivities() (byMW, byMvar [][]float64) {
	n, anchors := len(o.scenario.Prosumers), len(o.feeder.anchors)
	byMW, byMvar = table[float64](anchors, n), table[float64](anchors, n)
	one, none, rise := make([]float64, n), make([]float64, n), make([]float64, anchors)
	for i := range n {
		one[i] = o.network.PerUnit(mega)
		o.feeder.rise(one, none, rise)
		for a := range rise {
			byMW[a][i] = rise[a]
		}
		o.feeder.rise(none, one, rise)
		for a := range rise {
			byMvar[a][i] = rise[a]
		}
		one[i] = 0
	}
	return byMW, byMvar
}

// solve returns the set points of the optimum; nil where there is no point.
func (c *correction) solve(ctx context.Context, s *Situation, e *envelope, want []community.SetPoint) ([]community.SetPoint, error) {
	if err := c.controls.set(c.program, s, want); err != nil {
		return nil, err
	}
	if err := c.bound(e); err != nil {
		return nil, err
	}
	solution, err := c.program.Solve(ctx, convex.Options{})
	if err != nil {
		return nil, err
	}
	switch solution.Status {
	case convex.Solved:
		return c.controls.setPoints(solution), nil
	case convex.Infeasible, convex.Inaccurate, convex.NumericalTrouble, convex.IterationLimit:
		return nil, nil // the soft problem says how near it can come; of that one nothing is left to try
	}
	return nil, solution.Err()
}
