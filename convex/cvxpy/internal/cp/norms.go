package cp

import (
	"math"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// norm chooses among vector and matrix norms as cvxpy.norm does.
func norm(c *call, p py.Value) (py.Value, error) {
	x, err := c.expr("x")
	if err != nil {
		return nil, err
	}
	if p == nil {
		p = py.Int(2)
	}
	order, word, err := normOrder(c.in, p)
	if err != nil {
		return nil, err
	}
	if !c.Has("axis") && x.Shape().Rank() == 2 {
		return matrixNorm(c, x, order, word)
	}
	switch {
	case c.Has("axis") && (word == "fro" || word == "nuc"):
		return nil, py.ValueError.New("The axis parameter is not supported for the '%s' norm, which is defined over a whole matrix. Use norm(x, 2, axis=...) for the 2-norm along an axis.", p)
	case order == 1 || isScalar(x.Shape()):
		return vectorNorm(c, "x", py.Int(1))
	case word == "inf":
		return vectorNorm(c, "x", p)
	case word == "fro":
		return c.result(convex.Norm2(convex.Flatten(x, convex.ColumnMajor)))
	case word != "":
		return nil, py.RuntimeError.New("Unsupported norm option %s for non-matrix.", p)
	}
	return vectorNorm(c, "x", p)
}

// normOrder reads p: a number, or a word in lower case ("inf" also for np.inf).
func normOrder(in *py.Interp, p py.Value) (order float64, word string, err error) {
	if s, ok := p.(py.Str); ok {
		return 0, strings.ToLower(string(s)), nil
	}
	if order, err = in.ToFloat(p); err != nil {
		return 0, "", err
	}
	if math.IsInf(order, 1) {
		return 0, "inf", nil
	}
	return order, "", nil
}

// matrixNorm is a norm of a whole matrix.
func matrixNorm(c *call, x *convex.Expr, order float64, word string) (py.Value, error) {
	d := x.Shape().Dims()
	line := d[0] > 1 != (d[1] > 1) // a row or a column
	switch {
	case order == 1:
		return c.result(convex.Max(convex.NormAxis(x, 1, 0, false)))
	case word == "fro", order == 2 && line:
		return c.result(convex.Norm2(convex.Flatten(x, convex.ColumnMajor)))
	case order == 2 && d[0] <= 1 && d[1] <= 1:
		return c.result(convex.Norm2(convex.Flatten(x, convex.ColumnMajor)))
	case order == 2:
		return nil, py.Unsupported("the spectral norm of a matrix, cp.norm(X), is not supported; the square root of the sum of squares is cp.norm(X, \"fro\")")
	case word == "nuc":
		return nil, py.Unsupported("the nuclear norm is not supported")
	case word == "inf":
		return c.result(convex.Max(convex.NormAxis(x, 1, 1, false)))
	}
	return nil, py.RuntimeError.New("Unsupported matrix norm.")
}

// vectorNorm is the p-norm of all entries or along an axis.
func vectorNorm(c *call, argument string, p py.Value) (py.Value, error) {
	x, err := c.expr(argument)
	if err != nil {
		return nil, err
	}
	if p == nil {
		p = py.Int(2)
	}
	order, word, err := normOrder(c.in, p)
	if err != nil {
		return nil, err
	}
	if word == "inf" {
		order = math.Inf(1)
	}
	if order == 0 {
		text, err := c.in.Str(p)
		if err != nil {
			return nil, err
		}
		return nil, py.ValueError.New("Invalid p: %s", text)
	}
	axis, keep, err := c.axis(x)
	if err != nil {
		return nil, err
	}
	return c.result(convex.NormAxis(x, order, axis, keep))
}
