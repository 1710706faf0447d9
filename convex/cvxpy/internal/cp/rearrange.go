package cp

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// rearrangements are the affine atoms of one expression.
var rearrangements = []atom{
	{name: "reshape", class: true, params: "expr, shape, order=", f: reshape},
	{name: "vec", params: "X, order=", f: vec},
	{name: "squeeze", params: "expr, axis=", f: squeeze},
	{name: "transpose", class: true, params: "expr, axes=", f: transpose},
	{name: "promote", params: "expr, shape", f: promote},
	{name: "broadcast_to", class: true, params: "expr, shape", f: broadcastTo},
	{name: "cumsum", class: true, params: "expr, axis=", f: cumsum},
	{name: "diff", params: "x, k=, axis=", f: diff},
	{name: "diag", params: "expr, k=", f: diag},
	{name: "trace", params: "expr", f: trace},
}

func transpose(c *call) (py.Value, error) {
	x, err := c.expr("expr")
	if err != nil {
		return nil, err
	}
	if c.Has("axes") {
		return nil, py.Unsupported("cvxpy.transpose with axes= is not supported")
	}
	return c.result(x.T())
}

func promote(c *call) (py.Value, error) {
	x, err := c.expr("expr")
	if err != nil {
		return nil, err
	}
	dims, err := c.dims("shape")
	if err != nil {
		return nil, err
	}
	to, err := shapeOf(dims)
	if err != nil || to == x.Shape() {
		return c.Get("expr"), err
	}
	if !isScalar(x.Shape()) {
		return nil, py.ValueError.New("Only 0-d arrays (i.e., scalars) may be promoted.")
	}
	if err := c.in.AllocN(to.Size(), 32); err != nil {
		return nil, err
	}
	return c.result(convex.BroadcastTo(x, to))
}

func broadcastTo(c *call) (py.Value, error) {
	given, ok := c.Get("expr").(*Expr)
	if !ok {
		return nil, py.AttributeError.New("'%s' object has no attribute 'shape'", c.Get("expr").Type().Name)
	}
	dims, err := c.dims("shape")
	if err != nil {
		return nil, err
	}
	to, err := shapeOf(dims)
	if err != nil {
		return nil, err
	}
	have := given.e.Shape().Dims()
	for k := 1; k <= len(have); k++ {
		if k > len(dims) || have[len(have)-k] != 1 && have[len(have)-k] != dims[len(dims)-k] {
			return nil, py.ValueError.New("operands could not be broadcast together with remapped shapes [original->remapped]: %s  and requested shape %s", numpy.ShapeText(have), numpy.ShapeText(dims))
		}
	}
	if err := c.in.AllocN(to.Size(), 32); err != nil {
		return nil, err
	}
	return c.result(convex.BroadcastTo(given.e, to))
}

func cumsum(c *call) (py.Value, error) {
	x, err := c.expr("expr")
	if err != nil {
		return nil, err
	}
	if v := c.Get("axis"); v == py.Value(py.None) {
		return nil, py.Unsupported("cvxpy.cumsum with axis=None is not supported")
	}
	if x.Shape().Rank() == 0 {
		return c.result(x)
	}
	axis, err := c.axisOf(x)
	if err != nil {
		return nil, err
	}
	return c.result(convex.CumSum(x, axis))
}

// axisOf reads axis= for atoms that keep the shape; 0 unless given.
func (c *call) axisOf(x *convex.Expr) (int, error) {
	var v py.Value = py.Int(0)
	if given := c.Get("axis"); given != nil {
		v = given
	}
	axes, err := numpy.Axes(c.in, v, x.Shape().Rank())
	if err != nil {
		return 0, err
	}
	if len(axes) != 1 {
		return 0, py.Unsupported("a tuple of axes is not supported here")
	}
	return axes[0], nil
}

func diff(c *call) (py.Value, error) {
	x, err := c.expr("x")
	if err != nil {
		return nil, err
	}
	if x.Shape().Rank() == 0 {
		return nil, py.ValueError.New("Invalid axis given input dimensions.")
	}
	k, err := c.int("k", 1)
	if err != nil {
		return nil, err
	}
	axis, err := c.axisOf(x)
	if err != nil {
		return nil, err
	}
	if k < 0 || k >= x.Shape().Dims()[axis] {
		return nil, py.ValueError.New("Must have k >= 0 and X must have < k elements along axis")
	}
	return c.result(convex.Diff(x, k, axis))
}

func diag(c *call) (py.Value, error) {
	x, err := c.expr("expr")
	if err != nil {
		return nil, err
	}
	k, err := c.int("k", 0)
	if err != nil {
		return nil, err
	}
	if k != 0 {
		return nil, py.Unsupported("cvxpy.diag with k= is not supported")
	}
	d := x.Shape().Dims()
	switch {
	case len(d) <= 1 || min(d[0], d[1]) == 1:
		if err := c.in.AllocN(x.Size(), 8*max(x.Size(), 1)); err != nil {
			return nil, err
		}
		if len(d) != 1 {
			x = convex.Flatten(x, convex.ColumnMajor)
		}
		return c.result(convex.Diag(x))
	case d[0] == d[1]:
		return c.result(convex.Diag(x))
	}
	return nil, py.ValueError.New("Argument to diag must be a 1-d array or 2-d square array.")
}

func trace(c *call) (py.Value, error) {
	x, err := c.expr("expr")
	if err != nil {
		return nil, err
	}
	d := x.Shape().Dims()
	if len(d) < 2 || d[0] != d[1] {
		return nil, py.ValueError.New("Argument to trace must have ndim >= 2 with equal last two dimensions.")
	}
	if args := x.Args(); x.Op() == "MulExpression" {
		return c.result(convex.Sum(convex.Multiply(args[0], args[1].T())))
	}
	return c.result(convex.Trace(x))
}
