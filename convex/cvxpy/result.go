package cvxpy

import (
	"context"
	"strings"

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
	Stdout string
	Spent  py.Spent
}

func newInterp(ctx context.Context, b Budget) *py.Interp {
	return py.New(ctx, b, stdlib.Find, numpy.Find)
}

func newResult(in *py.Interp) *Result {
	return &Result{Stdout: in.Stdout(), Spent: in.Spent()}
}

// Kind says whose matter an Error is.
type Kind int

const (
	// Raised: the program raised an exception and did not catch it.
	Raised Kind = iota
	// Refused: the program tried to leave the sandbox.
	Refused
	// OverBudget: a budget was spent.
	OverBudget
	// Unsupported: Python can do it, this interpreter cannot.
	Unsupported
)

// Error is a failed compilation or run.
type Error struct {
	Kind Kind
	// Class is the exception's class (ValueError), Text its text.
	Class, Text string
	// Traceback is what CPython prints, with a newline at its end.
	Traceback string
}

// Error is the class and the first line of the text.
func (e *Error) Error() string {
	text, _, _ := strings.Cut(e.Text, "\n")
	if text == "" {
		return e.Class
	}
	return e.Class + ": " + text
}

// newError describes what stopped a run in; in is nil for an error of Compile.
func newError(in *py.Interp, err error) error {
	if err == nil {
		return nil
	}
	if in == nil {
		in = py.Detached()
	}
	out := &Error{Traceback: in.Traceback(err)}
	switch e := err.(type) {
	case *py.Exc:
		out.Class, out.Text = e.Class.ShortName(), in.Text(e)
		if e.Class.Is(py.RefusedError) {
			out.Kind = Refused
		}
	case *py.Abort:
		out.Class, out.Text = e.Class, e.Msg
		out.Kind = OverBudget
		if e.Class == py.UnsupportedError {
			out.Kind = Unsupported
		}
	default:
		out.Class, out.Text = "SystemError", err.Error()
	}
	return out
}
