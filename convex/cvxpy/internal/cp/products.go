package cp

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// products are the atoms of two factors.
var products = []atom{
	{name: "multiply", class: true, params: "lh_expr, rh_expr", f: multiply},
	{name: "matmul", params: "lh_exp, rh_exp", f: matmul},
	{name: "kron", class: true, params: "lh_expr, rh_expr", f: kron},
	{name: "outer", params: "x, y", f: outer},
	{name: "vdot", params: "x, y", f: scalarProduct},
	{name: "scalar_product", params: "x, y", f: scalarProduct},
}

// pair reads two arguments.
func (c *call) pair(first, second string) (a, b *convex.Expr, err error) {
	if a, err = c.expr(first); err != nil {
		return nil, nil, err
	}
	b, err = c.expr(second)
	return a, b, err
}

func multiply(c *call) (py.Value, error) {
	a, b, err := c.pair("lh_expr", "rh_expr")
	if err != nil {
		return nil, err
	}
	if err := checkBroadcast(a.Shape(), b.Shape()); err != nil {
		return nil, err
	}
	if err := c.s.spread(c.in, a.Shape(), b.Shape()); err != nil {
		return nil, err
	}
	return c.result(convex.Multiply(a, b))
}

func matmul(c *call) (py.Value, error) {
	a, b, err := c.pair("lh_exp", "rh_exp")
	if err != nil {
		return nil, err
	}
	if a.Shape().Rank() == 0 || b.Shape().Rank() == 0 {
		return nil, py.ValueError.New("Multiplication by scalars is not permitted.")
	}
	return c.s.matmulChecked(c.in, a, b)
}

func kron(c *call) (py.Value, error) {
	a, b, err := c.pair("lh_expr", "rh_expr")
	if err != nil {
		return nil, err
	}
	switch {
	case !a.IsConstant() && !b.IsConstant():
		return nil, py.ValueError.New("At least one argument to kron must be constant.")
	case a.Shape().Rank() != 2 || b.Shape().Rank() != 2:
		return nil, py.ValueError.New("kron requires both arguments to be 2-d.")
	}
	if err := c.in.AllocN(a.Size(), 32*max(b.Size(), 1)); err != nil {
		return nil, err
	}
	return c.result(convex.Kron(a, b))
}

func outer(c *call) (py.Value, error) {
	a, b, err := c.pair("x", "y")
	if err != nil {
		return nil, err
	}
	switch {
	case a.Shape().Rank() > 1:
		return nil, py.ValueError.New("x must be a 1-d array.")
	case b.Shape().Rank() > 1:
		return nil, py.ValueError.New("y must be a 1-d array.")
	}
	if err := c.in.AllocN(a.Size(), 32*max(b.Size(), 1)); err != nil {
		return nil, err
	}
	return c.result(convex.MatMul(
		convex.Reshape(a, convex.Mat(a.Size(), 1), convex.ColumnMajor),
		convex.Reshape(b, convex.Mat(1, b.Size()), convex.ColumnMajor)))
}

func scalarProduct(c *call) (py.Value, error) {
	a, b, err := c.pair("x", "y")
	if err != nil {
		return nil, err
	}
	if a.Size() != b.Size() {
		return nil, py.ValueError.New("shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg 0 with shape (%d,) and arg 1 with shape (%d,).", a.Size(), b.Size())
	}
	if a.Shape() != b.Shape() || a.Shape().Rank() != 1 {
		a, b = convex.Flatten(a, convex.ColumnMajor), convex.Flatten(b, convex.ColumnMajor)
	}
	return c.result(convex.Sum(convex.Multiply(a, b)))
}
