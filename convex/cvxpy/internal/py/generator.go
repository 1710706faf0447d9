package py

import (
	"iter"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Generator is a suspended frame. Its body runs as a coroutine, which is
// stopped at the end of the run if it was not used up.
type Generator struct {
	in      *Interp
	frame   *frame
	name    string
	body    func() (Value, error)
	next    func() (Value, bool)
	stopFn  func()
	emit    func(Value) bool
	running bool
	done    bool
	sent    Value
	thrown  error
	result  Value // what the body returned
	err     error // how the body failed
	outer   *Exc  // the exception handled around the present resumption
}

// Type makes a Generator a Value.
func (*Generator) Type() *Type { return generatorType }

func newGenerator(in *Interp, f *frame, fn *Function) *Generator {
	g := &Generator{in: in, frame: f}
	f.gen = g
	if fn != nil {
		g.name = fn.qualname
		g.body = func() (Value, error) { return f.run(fn) }
	}
	return g
}

const generatorSize = 8192 // a coroutine and its stack

func (g *Generator) start() error {
	if err := g.in.Alloc(generatorSize); err != nil {
		return err
	}
	g.next, g.stopFn = iter.Pull(func(emit func(Value) bool) {
		g.emit = emit
		g.result, g.err = g.body()
	})
	g.in.running[g] = struct{}{}
	return nil
}

// stop ends the coroutine of a generator that will not be resumed.
func (g *Generator) stop() {
	if g.stopFn != nil && !g.done {
		g.done = true
		g.stopFn()
	}
}

// resume runs the body up to its next yield; nil means that it ended, with
// g.result.
func (g *Generator) resume(in *Interp, sent Value, thrown error) (Value, error) {
	if g.running {
		return nil, ValueError.New("generator already executing")
	}
	if g.done {
		g.result = None
		return nil, thrown
	}
	if g.next == nil {
		if thrown != nil {
			g.done = true
			return nil, g.frame.atPos(g.frame.start(), nil, thrown)
		}
		if err := g.start(); err != nil {
			return nil, err
		}
	}
	if err := in.enterCall(g.frame.scope); err != nil {
		return nil, err
	}
	g.running, g.sent, g.thrown = true, sent, thrown
	g.frame.back, in.frame = in.frame, g.frame
	g.outer = in.handled
	v, ok := g.next()
	in.handled = g.outer
	in.frame = g.frame.back
	g.running = false
	in.leaveCall(g.frame.scope)
	if ok {
		return v, nil
	}
	g.done = true
	delete(in.running, g)
	g.stopFn()
	err := g.err
	g.err = nil
	if e := AsExc(err); e != nil && e.Class.Is(StopIteration) {
		r := RuntimeError.New("generator raised StopIteration")
		r.Cause, r.Context, r.noCtx = e, e, true
		err = r
	}
	return nil, err
}

// start is where a frame begins, for errors thrown into it before it ran.
func (f *frame) start() syntax.Pos { return syntax.Pos{Line: f.line} }

// yield hands v out and waits; it returns what send gave.
func (g *Generator) yield(v Value) (Value, error) {
	handled := g.in.handled
	g.in.handled = g.outer
	if !g.emit(v) {
		return nil, g.in.meter.ended
	}
	g.outer = g.in.handled
	if handled != nil {
		g.in.handled = handled
	}
	if g.thrown != nil {
		return nil, g.thrown
	}
	if g.sent == nil {
		return None, nil
	}
	return g.sent, nil
}

// Next is next(g).
func (g *Generator) Next(in *Interp) (Value, error) { return g.resume(in, nil, nil) }

func (f *frame) yield(x *syntax.Yield) (Value, error) {
	if x.From {
		return f.yieldFrom(x)
	}
	var v Value = None
	if x.X != nil {
		var err error
		if v, err = f.eval(x.X); err != nil {
			return nil, err
		}
	}
	r, err := f.gen.yield(v)
	if err != nil {
		return nil, f.at(x, err)
	}
	return r, nil
}

// yieldFrom hands out all that another iterator yields; for a generator it
// passes values and exceptions in.
func (f *frame) yieldFrom(x *syntax.Yield) (Value, error) {
	v, err := f.eval(x.X)
	if err != nil {
		return nil, err
	}
	it, err := f.in.Iter(v)
	if err != nil {
		return nil, f.at(x, err)
	}
	inner, isGen := it.(*Generator)
	var sent Value
	var thrown error
	for {
		if err := f.in.Step(1); err != nil {
			return nil, f.at(x, err)
		}
		var item Value
		switch {
		case isGen:
			item, err = inner.resume(f.in, sent, thrown)
		case thrown != nil:
			err = thrown
		default:
			item, err = it.Next(f.in)
		}
		if err != nil {
			return nil, f.at(x, err)
		}
		if item == nil {
			if isGen {
				return inner.result, nil
			}
			return None, nil
		}
		sent, thrown = nil, nil
		if sent, err = f.gen.yield(item); err != nil {
			if AsExc(err) == nil {
				return nil, f.at(x, err)
			}
			thrown = err
		}
	}
}

func init() {
	stop := func(g *Generator) error {
		e := StopIteration.New("")
		if g.result != nil && g.result != Value(None) {
			e.Args = []Value{g.result}
		}
		return e
	}
	step := func(in *Interp, g *Generator, sent Value, thrown error) (Value, error) {
		v, err := g.resume(in, sent, thrown)
		if v == nil && err == nil {
			return nil, stop(g)
		}
		return v, err
	}
	generatorType.Methods(
		&Native{Name: "send", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			g := self.(*Generator)
			if g.next == nil && !g.done && a[0] != Value(None) {
				return nil, TypeError.New("can't send non-None value to a just-started generator")
			}
			return step(in, g, a[0], nil)
		}},
		&Native{Name: "throw", Min: 1, Max: 3, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			e, err := in.toException(a[0])
			if err != nil {
				return nil, err
			}
			return step(in, self.(*Generator), nil, e)
		}},
		&Native{Name: "close", Fn: func(in *Interp, self Value, _ []Value) (Value, error) {
			g := self.(*Generator)
			if g.done || g.next == nil {
				g.done = true
				return None, nil
			}
			v, err := g.resume(in, nil, generatorExit.New(""))
			if v != nil {
				return nil, RuntimeError.New("generator ignored GeneratorExit")
			}
			if err == nil || Matches(err, generatorExit) {
				return None, nil
			}
			return nil, err
		}},
		&Native{Name: "__next__", Fn: func(in *Interp, self Value, _ []Value) (Value, error) {
			return step(in, self.(*Generator), nil, nil)
		}},
		&Native{Name: "__iter__", Fn: func(_ *Interp, self Value, _ []Value) (Value, error) { return self, nil }},
	)
}
