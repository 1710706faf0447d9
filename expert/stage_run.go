package expert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy"
)

// runCode runs the program that solves by itself.
func (w *workflow) runCode(ctx context.Context, s *Session, r *Reporter) error {
	return w.judge(ctx, s, r, "run", func(p *Program, at *State) error {
		_, err := p.Alone(ctx, s.Spec.Prosumer, at)
		return err
	})
}

// checkProgram runs the program with trade, and solves its parts without peers.
func (w *workflow) checkProgram(ctx context.Context, s *Session, r *Reporter) error {
	err := w.judge(ctx, s, r, "check", func(p *Program, at *State) error {
		_, err := p.optimum(ctx, s.Spec.Prosumer, at)
		return err
	})
	if s.Failure == nil {
		s.Passed, s.Reason = true, ""
	}
	return err
}

// judge runs the present code and notes what it fails with.
func (w *workflow) judge(ctx context.Context, s *Session, r *Reporter, stage string, run func(*Program, *State) error) error {
	try := func(source string) (int, error) { return s.try(source, run) }
	step, err := try(*s.code())
	if err != nil && w.Lint {
		step, err = w.lint(s, r, step, err, try)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		s.Failure, s.Before = nil, nil
		r.Note("it runs", "python", *s.code())
		return nil
	}
	f := w.failure(stage, step, err)
	if w.Lint {
		f.Text += w.mistakes(ctx, s, err, try)
	}
	s.fail(f)
	r.Wrong("it fails", s.Failure.Text)
	w.rollBack(s, r)
	return nil
}

// try runs code at its session's time and at those at which every program is
// tried. It returns the step at which it fails, -1 where it cannot be read.
func (s *Session) try(source string, run func(*Program, *State) error) (int, error) {
	p, err := NewProgram(source)
	if err != nil {
		return -1, err
	}
	tried := []int{s.State.CurrentTime}
	for _, step := range triedAt {
		if !slices.Contains(tried, step) {
			tried = append(tried, step)
		}
	}
	for _, step := range tried {
		if err := run(p, s.State.at(step)); err != nil {
			return step, err
		}
	}
	return 0, nil
}

// failure words an error for whoever corrects the code.
func (w *workflow) failure(stage string, step int, err error) Failure {
	f := Failure{Stage: stage, Kind: WrongResult, Text: err.Error()}
	var (
		program     *cvxpy.Error
		rules       *convex.DCPError
		unsupported *convex.UnsupportedError
	)
	switch {
	case errors.As(err, &program):
		f.Kind = map[cvxpy.Kind]FailureKind{
			cvxpy.Raised: Raised, cvxpy.Refused: OutOfSandbox, cvxpy.OverBudget: OverBudget, cvxpy.Unsupported: Unsupported, cvxpy.BadArgument: Unsupported,
		}[program.Kind]
		if step < 0 && f.Kind == Raised {
			f.Kind = SyntaxWrong
		}
		f.Class, f.Line, f.Text = program.Class, program.Line, shortened(strings.TrimSpace(program.Traceback))
		if f.Text == "" {
			f.Text = program.Error()
		}
	case errors.As(err, &unsupported):
		f.Kind = Unsupported
	case errors.As(err, &rules):
		f.Kind, f.Class = Raised, "DCPError"
	case errors.Is(err, convex.ErrInfeasible):
		f.Kind, f.Text = Infeasible, w.unsolved(err, "infeasible: no point satisfies all constraints")
	case errors.Is(err, convex.ErrUnbounded):
		f.Kind, f.Text = Unbounded, w.unsolved(err, "unbounded: the cost falls without limit")
	case errors.Is(err, convex.ErrNotSolved):
		f.Kind, f.Text = Numerical, "numerical trouble encountered: "+brief(err.Error())
	}
	if step >= 0 {
		f.Text = fmt.Sprintf("Run with current_time = %d:\n%s", step, f.Text)
	}
	return f
}

// unsolved words that a problem has no solution, and why where that is told.
func (w *workflow) unsolved(err error, plain string) string {
	if w.Explain {
		return brief(strings.ReplaceAll(err.Error(), "convex: ", ""))
	}
	return "the problem is " + plain
}

// shortened leaves out the middle of a text that may be long: a traceback's end
// says what happened, its beginning where.
func shortened(text string) string {
	const most = 1600
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most/2], "") + "\n...\n" + strings.ToValidUTF8(text[len(text)-most/2:], "")
	}
	return text
}
