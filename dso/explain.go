package dso

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
)

// MemberError is a joint problem without a solution for the sake of some members.
type MemberError struct {
	Prosumers []int // whose rows contradict each other, or whose cost falls without limit
	Err       error
}

// Error says what is wrong in the models' own names, each with its prosumer's.
func (e *MemberError) Error() string { return e.Err.Error() }

// Unwrap returns the solver's verdict.
func (e *MemberError) Unwrap() error { return e.Err }

// explained is nil for a solution. Otherwise it says why there is none, as far as
// that can be told. Models that callers bring name their rows alike, so every
// name gets its prosumer's.
func (j *joint) explained(ctx context.Context, s *convex.Solution) error {
	verdict := s.Err()
	if verdict == nil {
		return nil
	}
	why, err := j.program.Explain(ctx, s)
	if err != nil {
		return err
	}
	if why == nil {
		return fmt.Errorf("dso: the joint problem: %w", verdict)
	}
	rowOf, variableOf := map[*convex.Constraint]int{}, map[*convex.Expr]int{}
	for i, m := range j.members {
		for _, row := range m.Constraints {
			rowOf[row] = i
		}
		for _, x := range convex.NewProblem(convex.Minimize(m.Cost), m.Constraints...).Variables() {
			variableOf[x] = i
		}
	}
	e := &MemberError{}
	named := func(i int, known bool, name string) string {
		if !known {
			return name
		}
		if !slices.Contains(e.Prosumers, i) {
			e.Prosumers = append(e.Prosumers, i)
		}
		if owner := j.names[i]; !strings.HasPrefix(name, owner+".") {
			return owner + ": " + name
		}
		return name
	}
	row := func(r *convex.Row) {
		i, known := rowOf[r.Constraint]
		if r.Variable != nil {
			i, known = variableOf[r.Variable]
			r.Text = named(i, known, r.Text)
		}
		r.Name = named(i, known, r.Name)
	}
	for k := range why.Conflict {
		row(&why.Conflict[k])
	}
	for k := range why.Least {
		row(&why.Least[k].Row)
	}
	for k := range why.Ray {
		i, known := variableOf[why.Ray[k].Variable]
		why.Ray[k].Name = named(i, known, why.Ray[k].Name)
	}
	slices.Sort(e.Prosumers)
	e.Err = fmt.Errorf("dso: the joint problem: %w: %v", verdict, why)
	return e
}
