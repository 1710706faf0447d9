package dso

import (
	"context"
	"errors"
	"fmt"

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
	members []Member
	models  []*reference.Model // of the members; nil where the caller brought them
	prices  *reference.Prices
	balance *convex.Constraint // Σ P_P2P = 0
	network *networkRows       // nil: without a network
	program *convex.Program
}

// newJoint writes the problem of members that share a network, or none. soft lets
// the network's rows give way.
func newJoint(steps int, members []Member, network *networkRows, soft bool, compile func(*convex.Problem) (*convex.Program, error)) (*joint, error) {
	j := &joint{steps: steps, members: members, network: network}
	var costs, trades []any
	var rows []*convex.Constraint
	for _, m := range members {
		costs, trades = append(costs, m.Cost), append(trades, m.P2PMW)
		rows = append(rows, m.Constraints...)
	}
	j.balance = convex.Add(trades...).EQ(0).Named("trade among peers")
	rows = append(rows, j.balance)
	if network != nil {
		network.write(members, steps, soft)
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

// referenceModels writes the reference models of a community.
func referenceModels(s *community.Scenario, steps int, reactive bool) (*reference.Prices, []*reference.Model) {
	prices := reference.NewPrices(steps)
	models := make([]*reference.Model, len(s.Prosumers))
	for i := range models {
		models[i] = reference.New(&s.Prosumers[i], prices, reference.Options{
			ReactivePricePerKvar2h: s.ReactivePricePerKvar2h, WithoutReactive: !reactive,
		})
	}
	return prices, models
}

// set gives the problem the numbers of a situation.
func (j *joint) set(s *Situation, states []*reference.State) error {
	buy, sell, fee, stored := s.prices()
	if j.network != nil {
		if err := j.network.setPrice(j.program, buy); err != nil {
			return err
		}
	}
	if j.models == nil {
		return nil
	}
	if err := j.prices.Set(j.program, buy, sell, fee, stored); err != nil {
		return err
	}
	for i, m := range j.models {
		if err := m.Set(j.program, states[i]); err != nil {
			return err
		}
	}
	return nil
}

// errLimits tells that the devices cannot hold the network's limits, or have
// conflicts of their own.
var errLimits = errors.New("dso: no plan holds the limits of the network")

// solve finds the optimum, from a point near the last one if warm. A problem
// without one is an error that explains itself in the model's names; where hard
// rows of a network may be the reason it is errLimits.
func (j *joint) solve(ctx context.Context, warm bool) (*convex.Solution, error) {
	solution, err := j.program.Solve(ctx, convex.Options{Warm: warm})
	if err != nil {
		return nil, err
	}
	if solution.Status == convex.Infeasible && j.network != nil && j.network.soft == nil {
		return nil, errLimits
	}
	if err := reference.Explained(ctx, j.program, solution); err != nil {
		return nil, fmt.Errorf("dso: the joint problem: %w", err)
	}
	return solution, nil
}
