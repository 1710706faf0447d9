package py

import (
	"context"
	"math"
	"strings"
)

// Interp is one run of a program. It is not safe for concurrent use, and not
// used again after the run.
type Interp struct {
	meter    meter
	builtins *Namespace
	modules  map[string]*Module
	finders  []Finder
	frame    *frame
	depth    int // nested calls
	nesting  int // nodes of trees being evaluated: bounds the Go stack
	handled  *Exc
	stdout   strings.Builder
	warnings []Warning
	running  map[*Generator]struct{}
	locals   map[any]any // what bindings keep for the run
	ids      map[Value]int
	printing map[Value]bool // containers whose repr is being made
}

// Finder makes the module of a name, or returns nil where it knows none.
type Finder func(in *Interp, name string) (*Module, error)

// Warning is a message that Python code gave through warnings, or a mistake
// that stays silent in Python.
type Warning struct {
	Category string
	Msg      string
	Line     int
}

// New prepares a run. The finders are asked in order for each module imported.
func New(ctx context.Context, b Budget, finders ...Finder) *Interp {
	return &Interp{
		meter:    newMeter(ctx, b),
		builtins: builtinNames(),
		modules:  map[string]*Module{},
		finders:  finders,
		running:  map[*Generator]struct{}{},
	}
}

// Detached makes an interpreter that runs no program, for printing and building
// plain values in Go.
func Detached() *Interp {
	return &Interp{meter: meter{ctx: context.Background(), steps: 1 << 22, bytes: 1 << 24}}
}

// Stdout is what the program printed so far.
func (in *Interp) Stdout() string { return in.stdout.String() }

// Warnings lists the warnings so far.
func (in *Interp) Warnings() []Warning { return in.warnings }

// SetLocal keeps something of a binding's for the run; Local gives it back.
func (in *Interp) SetLocal(key, value any) {
	if in.locals == nil {
		in.locals = map[any]any{}
	}
	in.locals[key] = value
}

// Local is what SetLocal kept, nil where nothing was.
func (in *Interp) Local(key any) any { return in.locals[key] }

// Print appends to the program's output.
func (in *Interp) Print(s string) error {
	if int64(len(s)) > in.meter.output {
		return overBudget("the program prints more than %d bytes", in.meter.limit.Output)
	}
	in.meter.output -= int64(len(s))
	in.stdout.WriteString(s)
	return nil
}

// Warn notes a warning at the line that runs now, once for each line and text.
func (in *Interp) Warn(category, msg string) {
	w := Warning{category, msg, in.Line()}
	if len(in.warnings) >= 1000 {
		return
	}
	for _, old := range in.warnings {
		if old == w {
			return
		}
	}
	in.warnings = append(in.warnings, w)
}

// Line is the line of the program that runs now, 0 outside.
func (in *Interp) Line() int {
	for f := in.frame; f != nil; f = f.back {
		if f.line > 0 {
			return f.line
		}
	}
	return 0
}

// Close ends the run: generators that still wait are stopped.
func (in *Interp) Close() {
	in.meter.ended = overBudget("the run is over")
	in.meter.pause = math.MaxInt64
	for g := range in.running {
		g.stop()
	}
	in.running = nil
}

// Enter counts one level of nesting inside native code (repr of a list in a
// list); Leave undoes it. what completes CPython's message.
func (in *Interp) Enter(what string) error {
	in.nesting += 8
	if in.nesting > maxNesting {
		in.nesting -= 8
		return RecursionError.New("maximum recursion depth exceeded%s", what)
	}
	return nil
}

// Leave undoes Enter.
func (in *Interp) Leave() { in.nesting -= 8 }

// maxNesting bounds the nodes on the evaluator's stack, of which each costs a
// few hundred bytes.
const maxNesting = 100_000

// Next asks an iterator that another iterator stands on.
func (in *Interp) Next(it Iterator) (Value, error) {
	if err := in.Enter(""); err != nil {
		return nil, err
	}
	v, err := it.Next(in)
	in.Leave()
	return v, err
}

// Module is an imported module.
type Module struct {
	Name string
	Namespace
	// Missing decides about a name that the module does not have: whether the
	// real module has it (an UnsupportedError) or not (nil).
	Missing func(name string) error
	// Dir lists the names that suggestions are made from; nil means Names.
	Dir []string
}

// Type makes a Module a Value.
func (*Module) Type() *Type { return moduleType }
