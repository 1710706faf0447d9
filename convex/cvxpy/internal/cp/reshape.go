package cp

import (
	"slices"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

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
