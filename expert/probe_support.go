package expert

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// support answers what the largest value of a combination of vectors is under a
// model's constraints. It is compiled once.
type support struct {
	program *convex.Program
	weights *convex.Expr // parameter, one vector of weights after the other
	at      map[string]int
	steps   int
}

// term is a part of a combination: a weight of one entry of a vector.
type term struct {
	name   string
	step   int
	weight float64
}

func newSupport(m *Parts, names []string, of map[string]*convex.Expr, rows ...*convex.Constraint) (*support, error) {
	s := &support{at: map[string]int{}, steps: m.P2PKW.Size()}
	var all []any
	for _, name := range names {
		s.at[name] = len(all) * s.steps
		all = append(all, of[name])
	}
	s.weights = convex.Parameter("weights", convex.Vec(len(all)*s.steps))
	what := convex.MatMul(s.weights, convex.Hstack(all...))
	if m.set != nil {
		what = what.Minus(m.Cost.Times(0)) // so that all parameters are there to be set
	}
	var err error
	s.program, err = convex.NewProblem(convex.Maximize(what), slices.Concat(m.Constraints, rows)...).Compile()
	if err == nil && m.set != nil {
		err = m.set(s.program)
	}
	return s, err
}

// most is the largest value of a combination, infinite where nothing bounds it.
// A model whose constraints contradict each other is a finding.
func (s *support) most(ctx context.Context, terms []term) (float64, *Finding, error) {
	solution, err := s.solve(ctx, terms)
	if err != nil {
		return 0, nil, err
	}
	switch solution.Status {
	case convex.Unbounded:
		return math.Inf(1), nil, nil
	case convex.Infeasible:
		return 0, &Finding{"run", brief(fmt.Sprintf("the constraints contradict each other: %v", reference.Explained(ctx, s.program, solution)))}, nil
	}
	return solution.Objective, nil, solution.Err()
}

// solve finds where a combination is largest.
func (s *support) solve(ctx context.Context, terms []term) (*convex.Solution, error) {
	w := make([]float64, s.weights.Size())
	for _, t := range terms {
		w[s.at[t.name]+t.step] += t.weight
	}
	if err := s.program.Set(s.weights, w); err != nil {
		return nil, err
	}
	return s.program.Solve(ctx, convex.Options{})
}
