package stdlib

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// timeModule has a clock that counts calls: each call is a microsecond after
// the last, and sleep moves it on, so that runs repeat.
func timeModule(*py.Interp) *py.Module {
	now := 1767225600.0 // 2026-01-01
	read := func(name string, offset float64) *py.Native {
		return fn(name, 0, 0, func(*py.Interp, []py.Value) (py.Value, error) {
			now += 1e-6
			return py.Float(now - offset), nil
		})
	}
	return module("time",
		read("time", 0), read("perf_counter", now), read("monotonic", now), read("process_time", now),
		fn("sleep", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
			s, err := real(in, a[0])
			if err == nil && s < 0 {
				err = py.ValueError.New("sleep length must be non-negative")
			}
			now += s
			return py.None, err
		}),
	)
}

func warningsModule(*py.Interp) *py.Module {
	ignore := func(name string) *py.Native {
		return raw(name, func(*py.Interp, py.Args) (py.Value, error) { return py.None, nil })
	}
	return module("warnings", ignore("filterwarnings"), ignore("simplefilter"), ignore("resetwarnings"),
		raw("warn", func(in *py.Interp, a py.Args) (py.Value, error) {
			b, err := py.NewSignature("warn", "message, category=, stacklevel=, source=").Bind(a)
			if err != nil {
				return nil, err
			}
			s, err := in.Str(b.Get("message"))
			if err != nil {
				return nil, err
			}
			category := "UserWarning"
			if t, ok := b.Get("category").(*py.Type); ok {
				category = t.ShortName()
			}
			in.Warn(category, s)
			return py.None, nil
		}),
		raw("catch_warnings", func(*py.Interp, py.Args) (py.Value, error) { return &context{}, nil }),
	)
}

// context is a context manager that does little: suppress swallows the classes
// given to it.
type context struct {
	value    py.Value
	suppress []py.Value
}

var contextType = py.NewType("contextlib.nullcontext")

func (*context) Type() *py.Type { return contextType }

// Enter gives the value.
func (c *context) Enter(*py.Interp) (py.Value, error) {
	if c.value == nil {
		return py.None, nil
	}
	return c.value, nil
}

// Exit swallows what suppress lists.
func (c *context) Exit(_ *py.Interp, exc *py.Exc) (bool, error) {
	for _, t := range c.suppress {
		if class, ok := t.(*py.Type); ok && exc != nil && exc.Class.Is(class) {
			return true, nil
		}
	}
	return false, nil
}

func contextlibModule(*py.Interp) *py.Module {
	return module("contextlib",
		fn("suppress", 0, -1, func(_ *py.Interp, a []py.Value) (py.Value, error) { return &context{suppress: a}, nil }),
		fn("nullcontext", 0, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) { return &context{value: a[0]}, nil }),
		fn("contextmanager", 1, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) {
			return raw("helper", func(in *py.Interp, args py.Args) (py.Value, error) {
				g, err := in.Call(a[0], args)
				if err != nil {
					return nil, err
				}
				gen, ok := g.(*py.Generator)
				if !ok {
					return nil, py.TypeError.New("'%s' object is not an iterator", g.Type().Name)
				}
				return &generatorContext{gen}, nil
			}), nil
		}),
	)
}

// generatorContext is a generator that yields once, used by with.
type generatorContext struct{ gen *py.Generator }

func (*generatorContext) Type() *py.Type { return contextType }

// Enter runs up to the yield.
func (c *generatorContext) Enter(in *py.Interp) (py.Value, error) {
	v, err := c.gen.Next(in)
	if v == nil && err == nil {
		err = py.RuntimeError.New("generator didn't yield")
	}
	return v, err
}

// Exit runs the rest; an exception is thrown in at the yield.
func (c *generatorContext) Exit(in *py.Interp, exc *py.Exc) (bool, error) {
	if exc == nil {
		v, err := c.gen.Next(in)
		if v != nil {
			err = py.RuntimeError.New("generator didn't stop")
		}
		return false, err
	}
	v, err := c.gen.Throw(in, exc)
	switch {
	case err == error(exc):
		return false, nil
	case err != nil:
		return false, err
	case v != nil:
		return false, py.RuntimeError.New("generator didn't stop after throw()")
	}
	return true, nil
}

func tracebackModule(*py.Interp) *py.Module {
	current := func(in *py.Interp) string {
		if e := in.Handled(); e != nil {
			return in.Traceback(e)
		}
		return "NoneType: None\n"
	}
	return module("traceback",
		raw("format_exc", func(in *py.Interp, _ py.Args) (py.Value, error) { return py.Str(current(in)), nil }),
		// What would go to standard error is dropped, as all of it is.
		raw("print_exc", func(*py.Interp, py.Args) (py.Value, error) { return py.None, nil }),
		raw("print_stack", func(*py.Interp, py.Args) (py.Value, error) { return py.None, nil }),
	)
}
