package dso

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// mega is the number of kW in a MW, and of money in a thousand.
const mega = 1000

// joint is the problem of a community over a horizon, compiled. Its numbers are
// parameters.
type joint struct {
	steps   int
	names   []string // of the prosumers
	members []Member
	models  []*reference.Model // of the members; nil where the caller brought another
	prices  *reference.Prices
	balance *convex.Constraint // Σ P_P2P = 0
	network *networkRows       // nil: without a network
	program *convex.Program
}

// newJoint writes the problem of a community: the reference models, but for
// those who bring a member (nil: nobody does). With limits (nil: without a
// network) its rows hold these, and may give way where soft.
func newJoint(s *community.Scenario, steps int, given []Member, network *networkRows, soft bool, compile func(*convex.Problem) (*convex.Program, error)) (*joint, error) {
	j := &joint{steps: steps, network: network, prices: reference.NewPrices(steps), models: make([]*reference.Model, len(s.Prosumers))}
	for i := range s.Prosumers {
		j.names = append(j.names, s.Prosumers[i].Name)
		if given != nil && given[i].given() {
			j.members = append(j.members, given[i])
			continue
		}
		j.models[i] = reference.New(&s.Prosumers[i], j.prices, reference.Options{
			ReactivePricePerKvar2h: s.ReactivePricePerKvar2h, WithoutReactive: network == nil,
		})
		j.members = append(j.members, memberOf(j.models[i]))
	}
	var costs, trades []any
	var rows []*convex.Constraint
	for _, m := range j.members {
		costs, trades = append(costs, m.Cost), append(trades, m.P2PMW)
		rows = append(rows, m.Constraints...)
	}
	j.balance = convex.Add(trades...).EQ(0).Named("trade among peers")
	rows = append(rows, j.balance)
	if network != nil {
		network.write(j.members, steps, soft)
		rows = append(rows, network.rows...)
		if soft {
			costs = append(costs, network.soft)
		}
	}
	var err error
	j.program, err = compile(convex.NewProblem(convex.Minimize(convex.Add(costs...)), rows...))
	if err != nil {
		return nil, fmt.Errorf("dso: the joint problem: %w", err)
	}
	return j, nil
}

// set gives the problem the numbers of a situation.
func (j *joint) set(s *Situation, states []*reference.State) error {
	buy, sell, fee, stored := s.prices()
	if j.network != nil {
		if err := j.network.setPrice(j.program, buy); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(j.models, func(m *reference.Model) bool { return m != nil }) {
		if err := j.prices.Set(j.program, buy, sell, fee, stored); err != nil {
			return err
		}
	}
	for i, m := range j.members {
		x, err := states[i], error(nil)
		switch {
		case j.models[i] != nil:
			err = j.models[i].Set(j.program, x)
		case m.battery != nil:
			err = m.battery.Set(j.program, x.SOC, x.NoCharge, x.NoDischarge)
		}
		if err == nil && m.Set != nil {
			err = m.Set(j.program)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// errLimits tells that the devices cannot hold the network's limits, hardly can,
// or have conflicts of their own.
var errLimits = errors.New("dso: no plan holds the limits of the network")

// solve finds the optimum, from a point near the last one if warm. A problem
// without one is an error that explains itself in the model's names; where hard
// rows of a network may be the reason it is errLimits.
func (j *joint) solve(ctx context.Context, warm bool) (*convex.Solution, error) {
	solution, err := j.program.Solve(ctx, convex.Options{Warm: warm})
	if err != nil {
		return nil, err
	}
	if j.network != nil && j.network.soft == nil && solution.Err() != nil && solution.Status != convex.Unbounded {
		return nil, errLimits // also where the solver came to no end, as it may near the edge of what is possible
	}
	return solution, j.explained(ctx, solution)
}
