package dso

import (
	"context"
	"math"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/grid"
)

// Certificate says of a bus that is outside its limits how near to them any action
// of all devices together could bring it.
type Certificate struct {
	BusID     int
	VoltagePU float64 // that it has
	LimitPU   float64
	// NearestPU is a bound on the voltage that is proved, not found: no action
	// brings it further.
	NearestPU float64
	// Unavoidable: even there it is outside by more than community.TolerancePU.
	Unavoidable bool
}

// Unavoidable examines every bus that a correction leaves outside. What it says is
// proved by the second-order cone relaxation of the AC power flow (Farivar, Low,
// "Branch flow model: relaxations and convexification", IEEE Trans. Power Systems
// 28(3), 2013): with the squared current of a branch free above
//
//	l V_from >= P² + Q²
//
// every AC power flow of every action is one of its points, so the bound that its
// dual proves on the voltage of a bus holds for all of them, whatever else they
// do to other buses. Below the lower limit it is tight, as current only costs
// voltage. Above the upper one currents that nothing causes could lower a voltage,
// so that there some of what is unavoidable remains unproved.
func (c *Corrector) Unavoidable(ctx context.Context, s *Situation, done *Correction) ([]Certificate, error) {
	o := c.operator
	limits := &o.scenario.Feeder
	var list []Certificate
	for b, v := range done.VoltagePU {
		low, high := limits.VMinPU-v > community.TolerancePU, v-limits.VMaxPU > community.TolerancePU
		if !low && !high {
			continue
		}
		if c.reach == nil {
			var err error
			if c.reach, err = newReach(o); err != nil {
				return nil, err
			}
		}
		nearest, err := c.reach.solve(ctx, s, b, high)
		if err != nil {
			return nil, err
		}
		x := Certificate{BusID: o.network.Buses[b].ID, VoltagePU: v, LimitPU: limits.VMinPU, NearestPU: nearest}
		x.Unavoidable = limits.VMinPU-nearest > community.TolerancePU
		if high {
			x.LimitPU = limits.VMaxPU
			x.Unavoidable = nearest-limits.VMaxPU > community.TolerancePU
		}
		list = append(list, x)
	}
	return list, nil
}

// reach is the relaxation, compiled: how far one bus can be brought.
type reach struct {
	network    *grid.Network
	controls   *controls
	at         []int        // index of every bus among the branches; -1 at the slack
	aim        *convex.Expr // parameter: by branch, what its end's squared voltage counts
	loadP      *convex.Expr // parameters: background, p.u., by branch
	loadQ      *convex.Expr
	slack      *convex.Expr // parameter: squared voltage of the substation
	substation float64
	program    *convex.Program
}

func newReach(o *Operator) (*reach, error) {
	tree, err := o.network.Tree()
	if err != nil {
		return nil, err
	}
	x := &reach{network: o.network, controls: newControls(o.scenario.Prosumers), at: make([]int, len(o.network.Buses)), substation: o.scenario.Feeder.SubstationPU}
	branches := tree.Order[1:]
	n := len(branches)
	x.at[tree.Order[0]] = -1
	for k, b := range branches {
		x.at[b] = k
	}
	// By branch: who hangs on its end, its resistances, and who is at its end.
	children, parent := table[float64](n, n), table[float64](n, n)
	root := make([]float64, n)
	r, reactance, squares := make([]float64, n), make([]float64, n), make([]float64, n)
	owned := table[float64](n, len(o.scenario.Prosumers))
	perMW := o.network.PerUnit(mega)
	for k, b := range branches {
		r[k], reactance[k] = tree.R[b], tree.X[b]
		squares[k] = r[k]*r[k] + reactance[k]*reactance[k]
		if up := x.at[tree.Parent[b]]; up >= 0 {
			children[up][k], parent[k][up] = 1, 1
		} else {
			root[k] = 1
		}
	}
	for i, bus := range o.feeder.bus {
		if k := x.at[bus]; k >= 0 {
			owned[k][i] = perMW
		}
	}
	size := convex.Vec(n)
	p, q := convex.Variable("P", size), convex.Variable("Q", size) // into the branch
	current, v := convex.Variable("l", size, convex.Nonneg), convex.Variable("v", size, convex.Nonneg)
	x.loadP, x.loadQ = convex.Parameter("load_P", size), convex.Parameter("load_Q", size)
	x.aim, x.slack = convex.Parameter("aim", size), convex.Parameter("v_slack", convex.Scalar)
	from := convex.MatMul(parent, v).Plus(convex.Multiply(x.slack, root))
	rows := append(x.controls.rows,
		p.EQ(convex.MatMul(children, p).Plus(x.loadP).Minus(convex.MatMul(owned, x.controls.injected[0])).Plus(convex.Multiply(r, current))),
		q.EQ(convex.MatMul(children, q).Plus(x.loadQ).Minus(convex.MatMul(owned, x.controls.injected[1])).Plus(convex.Multiply(reactance, current))),
		v.EQ(from.Minus(convex.Multiply(r, p).Plus(convex.Multiply(reactance, q)).Times(2)).Plus(convex.Multiply(squares, current))),
		convex.SOCAxis(current.Plus(from), convex.Vstack(p.Times(2), q.Times(2), current.Minus(from)), 0),
	)
	x.program, err = convex.NewProblem(convex.Minimize(convex.Sum(convex.Multiply(x.aim, v))), rows...).Compile()
	return x, err
}

// solve bounds the voltage of a bus from above, or from below where it is high,
// p.u. Where nothing can be proved, nothing is excluded.
func (x *reach) solve(ctx context.Context, s *Situation, bus int, high bool) (float64, error) {
	nothing := math.Inf(1)
	if high {
		nothing = 0
	}
	k := x.at[bus]
	if k < 0 {
		return x.substation, nil
	}
	if err := x.controls.set(x.program, s, nil); err != nil {
		return 0, err
	}
	aim, p, q := make([]float64, len(x.at)-1), make([]float64, len(x.at)-1), make([]float64, len(x.at)-1)
	aim[k] = -1
	if high {
		aim[k] = 1
	}
	for b, j := range x.at {
		if j >= 0 {
			p[j], q[j] = x.network.PerUnit(s.Day.BackgroundKW[s.First][b]), x.network.PerUnit(s.Day.BackgroundKvar[s.First][b])
		}
	}
	for _, set := range []struct {
		into  *convex.Expr
		value any
	}{{x.aim, aim}, {x.loadP, p}, {x.loadQ, q}, {x.slack, x.substation * x.substation}} {
		if err := x.program.Set(set.into, set.value); err != nil {
			return 0, err
		}
	}
	solution, err := x.program.Solve(ctx, convex.Options{})
	if err != nil {
		return 0, err
	}
	if solution.Status != convex.Solved {
		return nothing, nil
	}
	// What the dual leaves open of its bound is allowed for.
	bound := solution.Bound - provedTo*(1+math.Abs(solution.Bound))
	if high {
		return math.Sqrt(max(0, bound)), nil
	}
	return math.Sqrt(max(0, -bound)), nil
}

// provedTo is what the bound of a solved problem may be off by, of its size.
const provedTo = 1e-7
