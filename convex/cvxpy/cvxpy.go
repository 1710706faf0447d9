// Package cvxpy runs models that experts (people or language models) write in
// Python with numpy and cvxpy: it is an interpreter for the part of these that
// such programs use, in a sandbox without files, network, processes or
// environment, within budgets that are spent before the work is done.
//
// Compile reads a program once. Program.Run executes it as a script;
// Program.Call executes it and calls one of its functions with a state. Both
// start afresh each time, so that runs do not see each other, and both may be
// called concurrently.
//
// An Error reads like CPython's: a traceback with the source line, the class
// and the text that Python, numpy or cvxpy would give. Its Kind tells a
// program's mistake from a budget that was spent, a refusal to leave the
// sandbox, and a gap of this interpreter (UnsupportedError), which is never the
// program's fault.
//
// Semantics: CPython 3.11, cvxpy 1.9.3, numpy 2.4, as far as the subset goes.
package cvxpy

import (
	"context"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// Program is a program that was read once and can run many times.
type Program struct {
	py    *py.Program
	cache *convex.Cache
}

// Compile reads a program; name is what tracebacks call its file. The error is
// an *Error.
func Compile(name, source string) (*Program, error) {
	p, err := py.Load(name, source)
	if err != nil {
		return nil, newError(nil, err)
	}
	return &Program{py: p}, nil
}

// SetCache lets the program's problems share solvers with earlier runs of
// problems of the same structure. A program that plans the rest of a day has a
// structure for each step, so a cache for one program keeps 96 of them, and a
// few more; programs may share a cache.
func (p *Program) SetCache(c *convex.Cache) { p.cache = c }

// Run executes the program as a script (__name__ is "__main__"). The Result
// holds what was printed also where the error, an *Error, is not nil.
func (p *Program) Run(ctx context.Context, b Budget) (*Result, error) {
	r := newRun(ctx, p, b)
	defer r.in.Close()
	return r.finish(r.guard(func() error {
		_, err := r.in.RunModule(p.py, "__main__")
		return err
	}))
}
