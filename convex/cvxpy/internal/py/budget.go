package py

import (
	"context"
	"fmt"
	"math"
	"time"
)

// Budget bounds a run. Every limit is checked before the work that it bounds.
type Budget struct {
	Steps  int64         // statements, calls, loop turns and elements touched
	Bytes  int64         // memory asked for, in total over the run
	Depth  int           // nested calls
	Output int64         // bytes printed
	Time   time.Duration // on the wall clock
}

// DefaultBudget suits one run of an expert's program: hundreds of times what
// such a program needs.
func DefaultBudget() Budget {
	return Budget{Steps: 20_000_000, Bytes: 512 << 20, Depth: 1000, Output: 1 << 20, Time: 20 * time.Second}
}

// Abort ends a run in a way that no Python code can catch. Class is
// BudgetError or UnsupportedError.
type Abort struct {
	Class string
	Msg   string
	trace []traceEntry
}

func (a *Abort) Error() string { return a.Class + ": " + a.Msg }

// The classes of Abort.
const (
	BudgetError      = "BudgetError"
	UnsupportedError = "UnsupportedError"
)

// Unsupported reports what real Python (or the library) can do and this
// interpreter cannot.
func Unsupported(format string, args ...any) error {
	return &Abort{Class: UnsupportedError, Msg: fmt.Sprintf(format, args...)}
}

func overBudget(format string, args ...any) error {
	return &Abort{Class: BudgetError, Msg: fmt.Sprintf(format, args...)}
}

// meter counts what a run has spent.
type meter struct {
	ctx      context.Context
	limit    Budget
	steps    int64 // left
	bytes    int64 // left
	output   int64 // left
	pause    int64 // steps at which the clock is looked at next
	deadline time.Time
	ended    error // set once the run is over: everything stops
}

const clockEvery = 2048

func newMeter(ctx context.Context, b Budget) meter {
	m := meter{ctx: ctx, limit: b, steps: b.Steps, bytes: b.Bytes, output: b.Output}
	m.deadline = time.Now().Add(b.Time)
	m.pause = m.steps - clockEvery
	return m
}

// Step pays for n units of work.
func (in *Interp) Step(n int) error {
	m := &in.meter
	m.steps -= int64(n)
	if m.steps <= m.pause {
		return m.check()
	}
	return nil
}

// check looks at the limits and the clock.
func (m *meter) check() error {
	if m.ended != nil {
		return m.ended
	}
	if m.steps < 0 {
		m.steps = 0 // what was not done was not spent
		m.ended = overBudget("the program needs more than %d steps; is there an endless or a far too long loop?", m.limit.Steps)
		m.pause = math.MaxInt64
		return m.ended
	}
	m.pause = m.steps - clockEvery
	if m.ctx.Err() != nil {
		return overBudget("the run was cancelled")
	}
	if time.Now().After(m.deadline) {
		return overBudget("the program runs for more than %v", m.limit.Time)
	}
	return nil
}

// Alloc pays for n bytes of memory.
func (in *Interp) Alloc(n int) error {
	m := &in.meter
	if n < 0 || int64(n) > m.bytes {
		return overBudget("the program needs more than %d MB of memory", m.limit.Bytes>>20)
	}
	m.bytes -= int64(n)
	return nil
}

// AllocN pays for n items of size bytes each and for touching them.
func (in *Interp) AllocN(n, size int) error {
	if n < 0 || int64(n) > in.meter.bytes/int64(size) {
		return in.Alloc(-1)
	}
	if err := in.Alloc(n * size); err != nil {
		return err
	}
	return in.Step(n / 8)
}

// Spent is what a run used.
type Spent struct {
	Steps, Bytes int64
}

// Spent tells what was used so far.
func (in *Interp) Spent() Spent {
	m := &in.meter
	return Spent{m.limit.Steps - m.steps, m.limit.Bytes - m.bytes}
}

const valueSize = 16 // bytes of one reference to a value
