package expert

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// ResultError says what is wrong with what a program returned, in words that it
// can be corrected by.
type ResultError struct{ Text string }

func (e *ResultError) Error() string { return e.Text }

func wrong(format string, args ...any) error {
	return &ResultError{fmt.Sprintf(format, args...)}
}

const wantParts = "want exactly six things: the dictionary of actions, the cost, the list of constraints, P_EX, Q_EX, P_P2P"

// readParts reads the six things that a program returned.
func readParts(x *community.Prosumer, steps int, value any) (*Parts, error) {
	six, ok := value.([]any)
	if !ok {
		return nil, wrong("prosumer(state) returns %s: %s", kindOf(value), wantParts)
	}
	if len(six) != 6 {
		return nil, wrong("prosumer(state) returns %d things: %s", len(six), wantParts)
	}
	actions, ok := six[0].(map[string]any)
	if !ok {
		return nil, wrong("the first thing returned is %s: %s", kindOf(six[0]), wantParts)
	}
	p := &Parts{Actions: map[string]*convex.Expr{}}
	var err error
	vector := func(what string, v any) (e *convex.Expr) {
		if err == nil {
			e, err = readVector(what, v, steps)
		}
		return e
	}
	for name, v := range actions {
		p.Actions[name] = vector(fmt.Sprintf("the action %q", name), v)
	}
	p.ExchangeKW, p.ExchangeKvar, p.P2PKW = vector("P_EX", six[3]), vector("Q_EX", six[4]), vector("P_P2P", six[5])
	if err == nil {
		p.Cost, err = readCost(six[1])
	}
	if err == nil {
		p.Constraints, err = readConstraints(six[2])
	}
	if err == nil {
		if err = p.check(x, steps); err != nil {
			err = wrong("%v", err)
		}
	}
	return p, err
}

// readVector reads an expression with one entry per step. A list of such entries,
// a column and numbers are as good; of anything else the shape tells.
func readVector(what string, v any, steps int) (*convex.Expr, error) {
	var e *convex.Expr
	switch v := v.(type) {
	case *convex.Expr:
		e = v
	case []float64:
		e = convex.Const(v)
	case [][]float64:
		e = convex.Const(v)
	case float64:
		e = convex.Const(v)
	case int64:
		e = convex.Const(float64(v))
	case []any:
		entries := make([]any, len(v))
		for i, entry := range v {
			x, err := readVector(fmt.Sprintf("entry %d of %s", i, what), entry, 1)
			if err != nil {
				return nil, err
			}
			if x.Size() != 1 {
				return nil, wrong("entry %d of %s is %s: want one number or expression per step", i, what, kindOf(entry))
			}
			entries[i] = x
		}
		if e = convex.Const([]float64{}); len(entries) > 0 {
			e = convex.Hstack(entries...)
		}
	default:
		return nil, wrong("%s is %s: want one entry per step", what, kindOf(v))
	}
	if err := e.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if !finite(e) {
		return nil, wrong("%s holds values that are no numbers", what)
	}
	if s := e.Shape(); s == convex.Mat(steps, 1) || steps == 1 && s.Size() == 1 {
		e = convex.Flatten(e, convex.RowMajor)
	}
	return e, nil
}

// finite tells whether an expression is numbers where its variables are zero.
func finite(e *convex.Expr) bool {
	at := map[*convex.Expr][]float64{}
	for _, x := range e.Variables() {
		at[x] = make([]float64, x.Size())
	}
	values, err := e.Value(at)
	return err == nil && !slices.ContainsFunc(values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

func readCost(v any) (*convex.Expr, error) {
	switch v := v.(type) {
	case *convex.Expr:
		if err := v.Err(); err != nil {
			return nil, err
		}
		if v.Size() == 1 && !v.IsConvex() {
			return nil, wrong("the cost is not convex, so that it cannot be minimized: %s", brief(v.String()))
		}
		return v, nil
	case float64:
		return convex.Const(v), nil
	case int64:
		return convex.Const(float64(v)), nil
	case convex.Objective:
		return nil, wrong("the cost is %s: return the expression alone, without cp.Minimize", brief(v.String()))
	}
	return nil, wrong("the cost is %s: want an expression of cvxpy", kindOf(v))
}

func readConstraints(v any) ([]*convex.Constraint, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, wrong("the constraints are %s: want a list", kindOf(v))
	}
	var rows []*convex.Constraint
	for i, entry := range list {
		switch c := entry.(type) {
		case *convex.Constraint:
			if err := c.Err(); err != nil {
				return nil, err
			}
			if !c.IsDCP() {
				return nil, wrong("constraints[%d] does not follow the rules of disciplined convex programming: %s", i, brief(c.String()))
			}
			rows = append(rows, c)
		case bool: // a comparison of numbers
			if !c {
				return nil, wrong("constraints[%d] is a comparison of numbers that does not hold", i)
			}
		default:
			return nil, wrong("constraints[%d] is %s: want a comparison of expressions; lists are added by +=", i, kindOf(entry))
		}
	}
	return rows, nil
}

// kindOf names what a program returned as its author knows it.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return "a truth value"
	case int64, float64:
		return fmt.Sprintf("the number %v", v)
	case string:
		return brief(fmt.Sprintf("the text %q", v))
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	case map[string]any:
		return "a dictionary"
	case []float64:
		return fmt.Sprintf("an array of %d numbers", len(v))
	case [][]float64:
		return "a matrix of numbers"
	case *convex.Expr:
		return "an expression of the shape " + v.Shape().String()
	case *convex.Constraint:
		return "a constraint"
	case convex.Objective:
		return "an objective"
	case *convex.Problem:
		return "a cp.Problem"
	}
	return "something else"
}

// readOptimum reads what a program that solves by itself found and returned.
func readOptimum(ctx context.Context, x *community.Prosumer, steps int, r *cvxpy.Result) (*Optimum, error) {
	if len(r.Solves) == 0 {
		return nil, wrong("the program solves nothing: want problem.solve(solver=cp.CLARABEL)")
	}
	last := r.Solves[len(r.Solves)-1]
	if err := last.Solution.Err(); err != nil {
		if errors.Is(err, convex.ErrNotSolved) {
			return nil, fmt.Errorf("the problem of line %d: %w", last.Line, err)
		}
		return nil, fmt.Errorf("the problem of line %d: %w", last.Line, reference.Explained(ctx, last.Program, last.Solution))
	}
	returned, ok := r.Value.(map[string]any)
	if !ok {
		return nil, wrong("prosumer(state) returns %s: want a dictionary with %q", kindOf(r.Value), ActionNames(x))
	}
	values := map[string][]float64{}
	for _, name := range ActionNames(x) {
		v, ok := returned[name]
		if !ok {
			return nil, wrong("what is returned lacks %q", name)
		}
		e, isExpr := v.(*convex.Expr)
		if isExpr {
			return nil, wrong("%q is %s: return its values, x.value", name, kindOf(e))
		}
		e, err := readVector(fmt.Sprintf("%q", name), v, steps)
		if err != nil {
			return nil, err
		}
		if e.Shape() != convex.Vec(steps) {
			return nil, wrong("%q has the shape %v: want (%d,), one number per step", name, e.Shape(), steps)
		}
		if values[name], err = e.Value(nil); err != nil {
			return nil, err
		}
	}
	return &Optimum{
		SetPoints: setPoints(x, steps, func(name string) []float64 { return values[name] }),
		Objective: last.Solution.Objective,
	}, nil
}
