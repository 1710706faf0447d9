package cvxpy

import (
	"errors"
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// Kind says whose matter an Error is.
type Kind int

const (
	// Raised: the program raised an exception and did not catch it.
	Raised Kind = iota
	// Refused: the program tried to leave the sandbox.
	Refused
	// OverBudget: a budget was spent.
	OverBudget
	// Unsupported: Python can do it, this interpreter cannot; or the interpreter
	// made a mistake of its own (class InternalError, with its stack for a trace).
	Unsupported
	// BadArgument: an argument of Call cannot become a Python object.
	BadArgument
)

func (k Kind) String() string {
	return [...]string{"raised", "refused", "over budget", "unsupported", "bad argument"}[k]
}

// Error is a failed compilation or run.
type Error struct {
	Kind Kind
	// Class is the exception's class (ValueError), Text its text.
	Class, Text string
	// Line is the line of the program where it failed, 0 where there is none.
	Line int
	// Traceback is what CPython prints, with a newline at its end.
	Traceback string
	// Hint tells in other words what is wrong and what to write instead; it is
	// empty where the text says it all.
	Hint string
}

// Error is the class and the first line of the text.
func (e *Error) Error() string {
	text, _, _ := strings.Cut(e.Text, "\n")
	if text == "" {
		return e.Class
	}
	return e.Class + ": " + text
}

func (r *run) newError(err error) error {
	e := newError(r.in, err)
	if e == nil {
		return nil
	}
	e.Hint = r.hint(e)
	return e
}

// newError describes what stopped a run, or with in nil a compilation.
func newError(in *py.Interp, err error) *Error {
	if err == nil {
		return nil
	}
	if in == nil {
		in = py.Detached()
	}
	out := &Error{Traceback: in.Traceback(err), Line: py.ErrorLine(err)}
	var abort *py.Abort
	var internal internalError
	switch exc := py.AsExc(err); {
	case exc != nil:
		out.Class, out.Text = exc.Class.ShortName(), in.Text(exc)
		if exc.Class.Is(py.RefusedError) {
			out.Kind = Refused
		}
	case errors.As(err, &abort):
		out.Class, out.Text = abort.Class, abort.Msg
		out.Kind = OverBudget
		if abort.Class == py.UnsupportedError {
			out.Kind = Unsupported
		}
	case errors.As(err, &internal):
		out.Kind, out.Class, out.Text, out.Traceback = Unsupported, "InternalError", internal.what, internal.stack
	default:
		out.Kind, out.Class, out.Text = BadArgument, "ArgumentError", err.Error()
	}
	return out
}
