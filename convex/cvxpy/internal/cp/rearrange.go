package cp

import (
	"slices"

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

// order reads order=, column-major unless given.
func (c *call) order(what string) (convex.Order, error) {
	switch v := c.Get("order"); {
	case v == nil || v == py.Value(py.None):
		c.in.Warn("FutureWarning", "You didn't specify the order of the "+what+" expression. The default order used in CVXPY is Fortran ('F') order. This default will change to match NumPy's default order ('C') in a future version of CVXPY.")
		return convex.ColumnMajor, nil
	case v == py.Value(py.Str("F")):
		return convex.ColumnMajor, nil
	case v == py.Value(py.Str("C")):
		return convex.RowMajor, nil
	}
	return 0, py.AssertionError.New("")
}

// dims reads a shape: an int or a sequence of ints.
func (c *call) dims(name string) ([]int, error) {
	v := c.Get(name)
	if n, err := c.in.Index(v); err == nil {
		return []int{n}, nil
	}
	items, err := c.in.Collect(v)
	if err != nil {
		return nil, err
	}
	dims := make([]int, len(items))
	for k, d := range items {
		if dims[k], err = c.in.Index(d); err != nil {
			return nil, err
		}
	}
	return dims, nil
}

func reshape(c *call) (py.Value, error) {
	dims, err := c.dims("shape")
	if err != nil {
		return nil, err
	}
	x, err := c.expr("expr")
	if err != nil {
		return nil, err
	}
	if k := slices.Index(dims, -1); k >= 0 {
		if dims, err = c.inferred(dims, k, x.Size()); err != nil {
			return nil, err
		}
	}
	order, err := c.order("reshape")
	if err != nil {
		return nil, err
	}
	size := 1
	for _, d := range dims {
		size *= d
	}
	if size != x.Size() {
		text, err := c.in.Repr(tupleOf(dims))
		if err != nil {
			return nil, err
		}
		return nil, py.ValueError.New("Invalid reshape dimensions %s.", text)
	}
	to, err := shapeOf(dims)
	if err != nil {
		return nil, err
	}
	return c.result(convex.Reshape(x, to, order))
}

// inferred fills in the length that is given as -1.
func (c *call) inferred(dims []int, at, size int) ([]int, error) {
	rest := 1
	for k, d := range dims {
		if k != at {
			rest *= d
		}
		if k != at && d < 0 {
			return nil, py.AssertionError.New("Only one dimension can be -1.")
		}
	}
	if rest == 0 || size%rest != 0 {
		text, err := c.in.Repr(tupleOf(dims))
		if err != nil {
			return nil, err
		}
		return nil, py.ValueError.New("Cannot reshape expression of size %d into shape %s.", size, text)
	}
	dims = slices.Clone(dims)
	dims[at] = size / rest
	return dims, nil
}

func tupleOf(dims []int) *py.Tuple {
	t := py.NewTuple()
	for _, d := range dims {
		t.Items = append(t.Items, py.Int(d))
	}
	return t
}

func vec(c *call) (py.Value, error) {
	order, err := c.order("vec")
	if err != nil {
		return nil, err
	}
	x, err := c.expr("X")
	if err != nil {
		return nil, err
	}
	return c.result(convex.Flatten(x, order))
}

// squeeze drops dimensions of length 1.
func squeeze(c *call) (py.Value, error) {
	given, ok := c.Get("expr").(*Expr)
	if !ok {
		return nil, py.AttributeError.New("'%s' object has no attribute 'shape'", c.Get("expr").Type().Name)
	}
	dims := given.e.Shape().Dims()
	drop := make([]bool, len(dims))
	if c.Has("axis") {
		axes, err := c.dims("axis")
		if err != nil {
			return nil, err
		}
		for _, a := range axes {
			if a < 0 {
				a += len(dims)
			}
			if a < 0 || a >= len(dims) {
				return nil, py.ValueError.New("Axis %d is out of bounds for array of dimension %d.", a, len(dims))
			}
			if dims[a] != 1 {
				return nil, py.ValueError.New("Cannot squeeze axis %d with size %d.", a, dims[a])
			}
			drop[a] = true
		}
	} else {
		for k, d := range dims {
			drop[k] = d == 1
		}
	}
	var left []int
	for k, d := range dims {
		if !drop[k] {
			left = append(left, d)
		}
	}
	to, err := shapeOf(left)
	if err != nil {
		return nil, err
	}
	return c.result(convex.Reshape(given.e, to, convex.ColumnMajor))
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
