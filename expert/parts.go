package expert

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// Parts is the model of a prosumer over the steps ahead: the six things that the
// integration of trade returns. Expressions are vectors with one entry per step
// in kW and kvar, and Cost is a number in money. A program returns them, and so
// does the human expert: whatever compares or joins them treats both alike.
type Parts struct {
	Actions      map[string]*convex.Expr // by the names of ActionNames
	Cost         *convex.Expr
	Constraints  []*convex.Constraint
	ExchangeKW   *convex.Expr // P_EX, > 0 injects
	ExchangeKvar *convex.Expr // Q_EX, > 0 injects
	P2PKW        *convex.Expr // P_P2P, > 0 buys

	// set gives parameters their numbers; nil where there are none.
	set func(*convex.Program) error
	// cache, where not nil, has solvers of earlier runs of the same program.
	cache *convex.Cache
	// penalty is the part of Cost that missed wishes are; nil where nobody tells.
	penalty *convex.Expr
}

// check says which of the six things is not what it has to be for a prosumer
// with so many steps ahead, as a correction can use it.
func (p *Parts) check(x *community.Prosumer, steps int) error {
	vector := func(what string, e *convex.Expr) error {
		switch {
		case e == nil:
			return fmt.Errorf("%s is missing", what)
		case e.Shape() != convex.Vec(steps):
			return fmt.Errorf("%s has the shape %v, want (%d,): one entry per step", what, e.Shape(), steps)
		case !e.IsAffine():
			return fmt.Errorf("%s is not affine", what)
		}
		return nil
	}
	names := ActionNames(x)
	for _, name := range names {
		if err := vector(fmt.Sprintf("the action %q", name), p.Actions[name]); err != nil {
			return err
		}
	}
	for name := range p.Actions {
		if !slices.Contains(names, name) {
			return fmt.Errorf("there is an action %q: want exactly %q", name, names)
		}
	}
	if err := errors.Join(vector("P_EX", p.ExchangeKW), vector("Q_EX", p.ExchangeKvar), vector("P_P2P", p.P2PKW)); err != nil {
		return err
	}
	if p.Cost == nil || p.Cost.Size() != 1 {
		return errors.New("the cost is not one number: add up vectors with cp.sum")
	}
	return nil
}

// solve finds the best point of the parts for an objective, under further rows.
// An infeasible or unbounded problem is an error that explains itself.
func (p *Parts) solve(ctx context.Context, o convex.Objective, rows ...*convex.Constraint) (*convex.Solution, error) {
	all := slices.Concat(p.Constraints, rows)
	compile := (*convex.Problem).Compile
	if p.cache != nil {
		compile = p.cache.Compile
	}
	g, err := compile(convex.NewProblem(o, all...))
	if err != nil {
		return nil, err
	}
	if p.set != nil {
		if err := p.set(g); err != nil {
			return nil, err
		}
	}
	s, err := g.Solve(ctx, convex.Options{})
	if err != nil {
		return nil, err
	}
	return s, reference.Explained(ctx, g, s)
}

// tieBreak is the weight of the squares of all active powers, in money per kW²
// and step, by which optima of linear programs become unique. Both sides of a
// comparison carry it, and no cost reports it.
const tieBreak = 1e-6

// Optimum is the best that a prosumer does without peers, by some model.
type Optimum struct {
	SetPoints []community.SetPoint // by step
	Objective float64              // of the model, penalties included
}

// alone solves the parts without trade among peers.
func (p *Parts) alone(ctx context.Context, x *community.Prosumer) (*Optimum, error) {
	objective := p.Cost
	for _, name := range ActionNames(x) {
		if name[0] == 'P' {
			objective = objective.Plus(convex.SumSquares(p.Actions[name]).Times(tieBreak))
		}
	}
	s, err := p.solve(ctx, convex.Minimize(objective), p.P2PKW.EQ(0).Named("no peers"))
	if err != nil {
		return nil, err
	}
	points := setPoints(x, p.P2PKW.Size(), func(name string) []float64 { return s.Value(p.Actions[name]) })
	return &Optimum{SetPoints: points, Objective: s.Scalar(p.Cost)}, nil
}

// setPoints reads actions by their names: sums over the units of a device.
func setPoints(x *community.Prosumer, steps int, values func(name string) []float64) []community.SetPoint {
	out := make([]community.SetPoint, steps)
	add := func(name string, field func(*community.SetPoint) *float64) {
		for t, v := range values(name) {
			*field(&out[t]) += v
		}
	}
	if x.CDG != nil {
		add("P_CDG", func(p *community.SetPoint) *float64 { return &p.CDGKW })
	}
	for _, unit := range UnitNames(x) {
		add("P_"+unit, func(p *community.SetPoint) *float64 { return &p.RDGKW })
		add("Q_"+unit, func(p *community.SetPoint) *float64 { return &p.RDGKvar })
	}
	if x.BESS != nil {
		add("P_BESS", func(p *community.SetPoint) *float64 { return &p.BESSKW })
	}
	if x.CL != nil {
		add("P_CL", func(p *community.SetPoint) *float64 { return &p.CLKW })
	}
	return out
}

// Member makes the parts ready for the network operator, who plans in MW and
// thousands of money.
func (p *Parts) Member(x *community.Prosumer) dso.Member {
	mega := func(e *convex.Expr) *convex.Expr { return e.Times(1e-3) }
	sum := func(to **convex.Expr, name string) {
		e, ok := p.Actions[name]
		switch {
		case !ok:
		case *to == nil:
			*to = mega(e)
		default:
			*to = (*to).Plus(mega(e))
		}
	}
	m := dso.Member{
		Cost: mega(p.Cost), Constraints: p.Constraints,
		ExchangeMW: mega(p.ExchangeKW), ExchangeMvar: mega(p.ExchangeKvar), P2PMW: mega(p.P2PKW),
		Set: p.set,
	}
	sum(&m.Actions.CDG, "P_CDG")
	for _, unit := range UnitNames(x) {
		sum(&m.Actions.RDG, "P_"+unit)
		sum(&m.Actions.RDGQ, "Q_"+unit)
	}
	sum(&m.Actions.BESS, "P_BESS")
	sum(&m.Actions.CL, "P_CL")
	return m
}
