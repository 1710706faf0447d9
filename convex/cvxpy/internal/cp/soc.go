package cp

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

var socArgs = py.NewSignature("SOC.__init__", "t, X, axis=, constr_id=")

func init() {
	socArgs.Method()
	socType.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		b, err := socArgs.Bind(a)
		if err != nil {
			return nil, err
		}
		return newSOC(&call{b, in, sessionOf(in)})
	})
}

// newSOC is the second-order cone constraint ||X|| <= t.
func newSOC(c *call) (py.Value, error) {
	t, err := c.expr("t")
	if err != nil {
		return nil, err
	}
	switch given := c.Get("X").(type) {
	case *Expr, *numpy.Array:
	default:
		return nil, py.AttributeError.New("'%s' object has no attribute 'shape'", given.Type().Name)
	}
	x, err := c.expr("X")
	if err != nil {
		return nil, err
	}
	axis, err := c.int("axis", 0)
	if err != nil {
		return nil, err
	}
	ts, xs := t.Shape(), x.Shape()
	if ts.Rank() >= 2 {
		return nil, py.ValueError.New("Invalid first argument.")
	}
	d := xs.Dims()
	if axis < 0 || axis > 1 {
		return nil, py.IndexError.New("tuple index out of range")
	}
	if len(d) <= 1 && ts.Size() > 1 || len(d) == 2 && ts.Size() != d[1-axis] || len(d) == 1 && axis == 1 {
		return nil, py.ValueError.New("Argument dimensions %v and %v, with axis=%d, are incompatible.", ts, xs, axis)
	}
	if ts.Rank() == 0 {
		t = convex.Flatten(t, convex.ColumnMajor)
	}
	if axis == 0 {
		return c.s.constrain(c.in, socType, convex.SOC(t, x))
	}
	return c.s.constrain(c.in, socType, convex.SOCAxis(t, x, axis))
}
