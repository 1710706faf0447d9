package reference

import (
	"context"
	"fmt"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
)

// Alone is the model of a prosumer without peers, P_P2P = 0, compiled once and
// solved for one state after another. It is for one goroutine at a time.
type Alone struct {
	Model   *Model
	Program *convex.Program

	prices  *Prices
	options Options
}

// Strategy is what a prosumer does over the steps ahead.
type Strategy struct {
	SetPoints []community.SetPoint // by step
	SOC       []float64            // at the end of each step; nil without a battery
	Cost      float64              // money, eq. (14) less what is stored at the end
	// Exclusive lists the steps in which the convex model let the battery charge
	// and discharge at once, because energy was worth less than nothing, so that
	// branch and bound had to decide for one of them.
	Exclusive []int
	Solution  *convex.Solution
}

// NewAlone compiles the model of p for a horizon of steps. Preferences, where
// given, are asked for rows of their own on the model.
func NewAlone(p *community.Prosumer, steps int, o Options, preferences ...func(*Model) *convex.Constraint) (*Alone, error) {
	prices := NewPrices(steps)
	m := New(p, prices, o)
	for _, wish := range preferences {
		m.Constraints = append(m.Constraints, wish(m))
	}
	a := &Alone{Model: m, prices: prices, options: o}
	var err error
	a.Program, err = a.compile(nil)
	return a, err
}

// compile closes the model. In the steps listed the battery has to choose.
func (a *Alone) compile(exclusive []int) (*convex.Program, error) {
	m := a.Model
	rows := append(m.Constraints[:len(m.Constraints):len(m.Constraints)],
		m.Trade.PeerBuyMW.EQ(0).Named(m.Prosumer.Name+".no peers to buy from"),
		m.Trade.PeerSellMW.EQ(0).Named(m.Prosumer.Name+".no peers to sell to"))
	if len(exclusive) > 0 {
		rows = append(rows, m.BESS.exclusive(exclusive)...)
	}
	return convex.NewProblem(convex.Minimize(m.Cost.Plus(m.TieBreak)), rows...).Compile()
}

// Solve finds the best strategy from a state at the given prices per kWh. An
// infeasible or unbounded problem is an error that explains itself.
func (a *Alone) Solve(ctx context.Context, s *State, buy, sell []float64, stored float64) (*Strategy, error) {
	var exclusive []int
	for g := a.Program; ; {
		if err := firstError(a.prices.Set(g, buy, sell, 0, stored), a.Model.Set(g, s)); err != nil {
			return nil, err
		}
		solution, err := g.Solve(ctx, convex.Options{})
		if err != nil {
			return nil, err
		}
		if err := Explained(ctx, g, solution); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Model.Prosumer.Name, err)
		}
		more := a.Model.BESS.Both(solution)
		if len(more) == 0 {
			return a.strategy(solution, exclusive), nil
		}
		exclusive = append(exclusive, more...)
		if g, err = a.compile(exclusive); err != nil {
			return nil, err
		}
	}
}

func (a *Alone) strategy(s *convex.Solution, exclusive []int) *Strategy {
	out := &Strategy{
		SetPoints: a.Model.Actions().SetPoints(s, a.Model.Steps),
		Cost:      s.Scalar(a.Model.Cost) * mega,
		Exclusive: exclusive, Solution: s,
	}
	if a.Model.BESS != nil {
		out.SOC = s.Value(a.Model.BESS.SOC)
	}
	return out
}

// Explained is nil for a solved program. Otherwise it says why there is no
// solution: which rows contradict each other and what the least relaxation is, or
// along which ray the cost falls without limit.
func Explained(ctx context.Context, g *convex.Program, s *convex.Solution) error {
	if s.Err() == nil {
		return nil
	}
	why, err := g.Explain(ctx, s)
	if err != nil {
		return err
	}
	if why == nil {
		return s.Err()
	}
	return fmt.Errorf("%w: %v", s.Err(), why)
}
