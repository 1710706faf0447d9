package dso

import (
	"context"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// exclusive solves the problem for a situation so that no battery charges and
// discharges at once. Only where energy is worth less than nothing does the
// convex model let one do so; then that battery is kept, in that step, to the
// direction in which the optimum moves it on balance, and the problem is solved
// again. That is no proof: bound is the optimum before, and steps tells how many
// decisions were made.
func (j *joint) exclusive(ctx context.Context, s *Situation, states []*reference.State, warm bool) (solution *convex.Solution, bound float64, steps int, err error) {
	for first := true; ; first = false {
		if err = j.set(s, states); err != nil {
			return nil, 0, 0, err
		}
		if solution, err = j.solve(ctx, warm || !first); err != nil {
			return nil, 0, 0, err
		}
		if first {
			bound = solution.Bound
		}
		decided := 0
		for i, m := range j.members {
			decided += decide(m.battery, solution, states[i])
		}
		if decided == 0 {
			return solution, bound, steps, nil
		}
		steps += decided
	}
}

// decide forbids one direction wherever a solution has both.
func decide(b *reference.Battery, solution *convex.Solution, s *reference.State) int {
	both := b.Both(solution)
	if len(both) == 0 {
		return 0
	}
	power := solution.Value(b.MW)
	if s.NoCharge == nil {
		s.NoCharge, s.NoDischarge = make([]bool, len(power)), make([]bool, len(power))
	}
	for _, t := range both {
		if power[t] >= 0 {
			s.NoDischarge[t] = true
		} else {
			s.NoCharge[t] = true
		}
	}
	return len(both)
}
