package cp

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// call is one call of an atom.
type call struct {
	*py.Bound
	in *py.Interp
	s  *Session
}

// atom is a function of the module. Its signature is written as py.NewSignature
// reads it; class says that cvxpy's is a class, whose self counts in messages.
type atom struct {
	name, title, params string
	class               bool
	f                   func(c *call) (py.Value, error)
}

// atomTable holds the atoms by name.
var atomTable = map[string]*py.Native{}

func init() {
	for _, group := range [][]atom{reductions, elementwiseAtoms, joins, rearrangements, products} {
		for _, a := range group {
			atomTable[a.name] = a.native()
		}
	}
	for _, name := range exponentialAtoms {
		atomTable[name] = exponentialAtom(name)
	}
}

func (a atom) native() *py.Native {
	title := a.name
	if a.title != "" {
		title = a.title
	}
	if a.class {
		title += ".__init__"
	}
	sig := py.NewSignature(title, a.params)
	if a.class {
		sig.Method()
	}
	return &py.Native{Name: a.name, Raw: func(in *py.Interp, _ py.Value, args py.Args) (py.Value, error) {
		b, err := sig.Bind(args)
		if err != nil {
			return nil, err
		}
		return a.f(&call{b, in, sessionOf(in)})
	}}
}

// expr is an argument as an expression.
func (c *call) expr(name string) (*convex.Expr, error) { return c.s.cast(c.in, c.Get(name)) }

// exprs are the expressions in an argument that is a sequence.
func (c *call) exprs(name string) ([]*convex.Expr, error) {
	items, err := c.in.Collect(c.Get(name))
	if err != nil {
		return nil, err
	}
	return c.cast(items)
}

func (c *call) cast(items []py.Value) ([]*convex.Expr, error) {
	out := make([]*convex.Expr, len(items))
	for k, v := range items {
		e, err := c.s.cast(c.in, v)
		if err != nil {
			return nil, err
		}
		out[k] = e
	}
	return out, nil
}

func (c *call) result(e *convex.Expr) (py.Value, error) { return c.s.result(c.in, e) }

// of applies a function of one expression.
func of(f func(any) *convex.Expr) func(c *call) (py.Value, error) { return named("x", f) }

func named(argument string, f func(any) *convex.Expr) func(c *call) (py.Value, error) {
	return func(c *call) (py.Value, error) {
		x, err := c.expr(argument)
		if err != nil {
			return nil, err
		}
		return c.result(f(x))
	}
}

// axis reads axis= and keepdims= for a reduction of x; checked words an axis
// that is not there.
func (c *call) axis(x *convex.Expr) (axis int, keep bool, err error) {
	if v := c.Get("keepdims"); v != nil {
		if keep, err = c.in.Truth(v); err != nil {
			return 0, false, err
		}
	}
	if !c.Has("axis") {
		return convex.AllAxes, keep, nil
	}
	rank := x.Shape().Rank()
	axes, err := numpy.Axes(c.in, c.Get("axis"), rank)
	if err != nil {
		return 0, false, err
	}
	switch {
	case len(axes) == rank:
		return convex.AllAxes, keep, nil
	case len(axes) == 0:
		return 0, false, py.Unsupported("an empty tuple of axes is not supported")
	}
	return axes[0], keep, nil
}

// int reads an integer argument.
func (c *call) int(name string, otherwise int) (int, error) {
	v := c.Get(name)
	if v == nil {
		return otherwise, nil
	}
	return c.in.Index(v)
}
