package cvxpy

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/cp"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/stdlib"
)

// Budget bounds a run; see py.Budget.
type Budget = py.Budget

// DefaultBudget suits one run of an expert's program.
func DefaultBudget() Budget { return py.DefaultBudget() }

// Result is what a run left behind.
type Result struct {
	// Value is what the function returned: nil, bool, int64, float64, string,
	// []any for lists, tuples and sets, map[string]any for dicts and objects of
	// the program's classes, []float64 and [][]float64 for arrays, and
	// *convex.Expr, *convex.Constraint, convex.Objective and *convex.Problem.
	// Anything else is its repr.
	Value any
	// Stdout is what the program printed.
	Stdout string
	// Solves are the problems solved, in order.
	Solves []Solve
	// Notes are mistakes that Python lets pass in silence.
	Notes []Note
	// Warnings are those that Python would have written to its error output.
	Warnings []Warning
	// Spent is what the run used of its budget.
	Spent py.Spent

	values map[*convex.Expr][]float64
}

// Values computes an expression at the variables' values at the end of the
// run, row-major. It fails where the run gave a variable no value.
func (r *Result) Values(e *convex.Expr) ([]float64, error) { return e.Value(r.values) }

// Solve is one call of Problem.solve.
type Solve struct {
	Line     int // where the problem was written
	Problem  *convex.Problem
	Program  *convex.Program // for Explain; with a cache its solver may be gone
	Solution *convex.Solution
	// Status is what the program was told, in cvxpy's words.
	Status string
}

// Note is a mistake that Python lets pass in silence.
type Note struct {
	Line int `json:"line"`
	// Rule names it, Text explains it, Recipe tells what to write.
	Rule   string `json:"rule"`
	Text   string `json:"text"`
	Recipe string `json:"recipe"`
}

// Warning is a Python warning.
type Warning struct {
	Line     int    `json:"line"`
	Category string `json:"category"`
	Text     string `json:"text"`
}

// run is one run of a program.
type run struct {
	in      *py.Interp
	session *cp.Session
	result  *Result
	keys    []string // of the state
}

func newRun(ctx context.Context, p *Program, b Budget) *run {
	in := py.New(ctx, b, stdlib.Find, numpy.Find, cp.Find)
	s := cp.NewSession(in)
	s.Cache = p.cache
	return &run{in: in, session: s, result: &Result{}}
}

// guard runs f; a mistake of this package does not bring down its caller.
func (r *run) guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = internalError{fmt.Sprint(p), string(debug.Stack())}
		}
	}()
	return f()
}

// internalError is a mistake of this package.
type internalError struct{ what, stack string }

func (e internalError) Error() string { return "internal error: " + e.what }

// finish completes the result and words the error.
func (r *run) finish(err error) (*Result, error) {
	out := r.result
	out.Stdout, out.Spent, out.values = r.in.Stdout(), r.in.Spent(), r.session.Values()
	for _, s := range r.session.Solved {
		out.Solves = append(out.Solves, Solve(s))
	}
	for _, f := range r.session.Flags {
		out.Notes = append(out.Notes, Note(f))
	}
	for _, w := range r.in.Warnings() {
		out.Warnings = append(out.Warnings, Warning{w.Line, w.Category, w.Msg})
	}
	return out, r.newError(err)
}
