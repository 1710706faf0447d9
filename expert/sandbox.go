package expert

import (
	"context"
	"time"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy"
)

// Program is a program that an expert wrote: a function prosumer(state) in Python
// with numpy and cvxpy. It is read once and run for one state after another in a
// sandbox that holds nothing but the program and a copy of the state. It is safe
// for concurrent use.
type Program struct {
	source string
	code   *cvxpy.Program
	cache  *convex.Cache // of solvers: a day has a structure for each step
}

// structures is how many solvers a program keeps: one for each step of a day, and
// a few more.
const structures = 100

// longest is what a run may take on the clock. Steps and bytes end a program
// long before, even on a busy machine, so what it does never depends on a clock.
const longest = 10 * time.Minute

// NewProgram reads a program. Its error is a *cvxpy.Error.
func NewProgram(source string) (*Program, error) {
	code, err := cvxpy.Compile("program.py", source)
	if err != nil {
		return nil, err
	}
	p := &Program{source: source, code: code, cache: convex.NewCache(structures)}
	code.SetCache(p.cache)
	return p, nil
}

// Source is what the expert wrote.
func (p *Program) Source() string { return p.source }

// Parts calls the program of a stage after trade was added, whose function
// returns the six parts, and checks that they are what they have to be: errors
// are a *cvxpy.Error of the program, or a *ResultError.
func (p *Program) Parts(ctx context.Context, x *community.Prosumer, s *State) (*Parts, error) {
	r, err := p.run(ctx, x, s)
	if err != nil {
		return nil, err
	}
	parts, err := readParts(x, s.Steps(), r.Value)
	if err != nil {
		return nil, err
	}
	parts.cache = p.cache
	return parts, nil
}

// Alone calls a program that solves by itself, without trade, and reads the
// decisions from what it returns. Errors are a *cvxpy.Error of the program, a
// *ResultError, or wrap convex.ErrInfeasible, convex.ErrUnbounded or
// convex.ErrNotSolved.
func (p *Program) Alone(ctx context.Context, x *community.Prosumer, s *State) (*Optimum, error) {
	r, err := p.run(ctx, x, s)
	if err != nil {
		return nil, err
	}
	return readOptimum(ctx, x, s.Steps(), r)
}

// run calls the function for a state.
func (p *Program) run(ctx context.Context, x *community.Prosumer, s *State) (*cvxpy.Result, error) {
	b := cvxpy.DefaultBudget()
	b.Time = longest
	r, err := p.code.Call(ctx, b, "prosumer", s.Map(x))
	if ctx.Err() != nil {
		return r, ctx.Err() // which is nothing that the program did
	}
	return r, err
}
