package cp

import (
	"math"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// reductions are the atoms that make one number of many.
var reductions = []atom{
	{name: "sum", title: "Sum", params: "expr, axis=, keepdims=", f: sum},
	{name: "mean", params: "x, axis=, keepdims=", f: mean},
	{name: "max", class: true, params: "x, axis=, keepdims=", f: extreme("max", convex.MaxAxis)},
	{name: "min", class: true, params: "x, axis=, keepdims=", f: extreme("min", convex.MinAxis)},
	{name: "norm", params: "x, p=, axis=, keepdims=", f: func(c *call) (py.Value, error) { return norm(c, c.Get("p")) }},
	{name: "norm2", params: "x, axis=", f: func(c *call) (py.Value, error) { return norm(c, nil) }},
	{name: "pnorm", params: "x, p=, axis=, keepdims=, max_denom=, approx=", f: func(c *call) (py.Value, error) { return vectorNorm(c, "x", c.Get("p")) }},
	{name: "norm1", title: "AxisAtom", class: true, params: "expr, axis=, keepdims=", f: func(c *call) (py.Value, error) { return vectorNorm(c, "expr", py.Int(1)) }},
	{name: "norm_inf", title: "AxisAtom", class: true, params: "expr, axis=, keepdims=", f: func(c *call) (py.Value, error) { return vectorNorm(c, "expr", py.Str("inf")) }},
	{name: "sum_squares", params: "expr, axis=, keepdims=", f: func(c *call) (py.Value, error) { return squaresOver(c, "expr", nil) }},
	{name: "quad_over_lin", class: true, params: "x, y, axis=, keepdims=", f: func(c *call) (py.Value, error) { return squaresOver(c, "x", c.Get("y")) }},
	{name: "quad_form", params: "x, P, assume_PSD=", f: quadForm},
	{name: "sum_largest", class: true, params: "x, k, axis=, keepdims=", f: extremes(convex.SumLargest)},
	{name: "sum_smallest", params: "x, k, axis=, keepdims=", f: extremes(convex.SumSmallest)},
	{name: "std", params: "x, axis=, keepdims=, ddof=", f: spreadOf(false)},
	{name: "var", params: "x, axis=, keepdims=, ddof=", f: spreadOf(true)},
	{name: "ptp", params: "x, axis=, keepdims=", f: ptp},
	{name: "tv", params: "value, *args", f: totalVariation},
}

// sum adds up the entries of an expression; the items of a list or generator
// it adds as Python's sum does.
func sum(c *call) (py.Value, error) {
	switch v := c.Get("expr").(type) {
	case *py.List, *py.Generator:
		return c.in.CallBuiltin("sum", v)
	case *Expr:
		if v.e.Shape().Rank() == 0 {
			c.s.flag(c.in, "sum of a scalar", "cp.sum("+brief(v.e)+") of a scalar is the scalar itself; was a product of two vectors meant, a * x?", "write cp.sum(cp.multiply(a, x)) or a @ x")
		}
	}
	x, err := c.expr("expr")
	if err != nil {
		return nil, err
	}
	if n, isInt := c.Get("axis").(py.Int); isInt && x.Shape().Rank() == 0 && (n == 0 || n == -1) {
		return c.result(convex.Sum(x))
	}
	axis, keep, err := c.axis(x)
	if exc := py.AsExc(err); exc != nil {
		return nil, py.ValueError.New("Invalid arguments for cp.sum: %s", c.in.Text(exc))
	}
	if err != nil {
		return nil, err
	}
	return c.result(convex.SumAxis(x, axis, keep))
}

func mean(c *call) (py.Value, error) {
	total, err := atomTable["sum"].Raw(c.in, nil, c.forward("expr", "x", "axis", "keepdims"))
	if err != nil {
		return nil, err
	}
	x, err := c.expr("x")
	if err != nil {
		return nil, err
	}
	n := x.Size()
	if t := total.(*Expr).e.Size(); t > 0 {
		n /= t
	}
	return c.result(convex.Div(total.(*Expr).e, float64(n)))
}

// forward passes arguments on to another atom: the first under a new name.
func (c *call) forward(as, first string, rest ...string) py.Args {
	a := py.Args{Names: []string{as}, Named: []py.Value{c.Get(first)}}
	for _, n := range rest {
		if v := c.Get(n); v != nil {
			a.Names, a.Named = append(a.Names, n), append(a.Named, v)
		}
	}
	return a
}

const axisExpressionError = `

    The second argument to "%[1]s" was a cvxpy Expression, when it should have
    been an int or None. This is probably a result of calling "cp.%[1]s" when you
    should call "cp.%[1]simum". The difference is that cp.%[1]s represents the
    %[1]simum entry in a single vector or matrix, while cp.%[1]simum represents
    the entry-wise %[1]s of a sequence of arguments that all have the same shape.

    `

func extreme(name string, f func(any, int, bool) *convex.Expr) func(c *call) (py.Value, error) {
	return func(c *call) (py.Value, error) {
		if _, wrong := c.Get("axis").(*Expr); wrong {
			return nil, py.ValueError.New("%s", strings.ReplaceAll(axisExpressionError, "%[1]s", name))
		}
		x, err := c.expr("x")
		if err != nil {
			return nil, err
		}
		axis, keep, err := c.axis(x)
		if err != nil {
			return nil, err
		}
		return c.result(f(x, axis, keep))
	}
}

// squaresOver is quad_over_lin, and with no y sum_squares.
func squaresOver(c *call, argument string, over py.Value) (py.Value, error) {
	x, err := c.expr(argument)
	if err != nil {
		return nil, err
	}
	y := convex.Const(1.0)
	if over != nil {
		if y, err = c.s.cast(c.in, over); err != nil {
			return nil, err
		}
		if !isScalar(y.Shape()) {
			return nil, py.ValueError.New("The second argument to quad_over_lin must be a scalar.")
		}
	}
	axis, keep, err := c.axis(x)
	if err != nil {
		return nil, err
	}
	switch {
	case axis == convex.AllAxes && !keep && over == nil:
		return c.result(convex.SumSquares(x))
	case axis == convex.AllAxes && !keep:
		return c.result(convex.QuadOverLin(x, y))
	case over == nil:
		return c.result(convex.SumAxis(convex.Square(x), axis, keep))
	}
	return nil, py.Unsupported("cvxpy.quad_over_lin with axis= is not supported")
}

func quadForm(c *call) (py.Value, error) {
	x, err := c.expr("x")
	if err != nil {
		return nil, err
	}
	p, err := c.expr("P")
	if err != nil {
		return nil, err
	}
	xs, ps := x.Shape().Dims(), p.Shape().Dims()
	n := 1
	if len(xs) > 0 {
		n = max(xs[0], 1)
	}
	if len(ps) != 2 || ps[0] != ps[1] || n != ps[0] {
		return nil, py.Exception.New("Invalid dimensions for arguments to quad_form.")
	}
	switch {
	case x.IsConstant():
		return c.result(convex.MatMul(convex.MatMul(x.T(), p), x))
	case !p.IsConstant():
		return nil, py.Exception.New("At least one argument to quad_form must be non-variable.")
	case len(xs) == 0 || len(xs) == 2 && xs[1] != 1:
		return nil, py.ValueError.New("Invalid dimensions for arguments to quad_form.")
	}
	if v, err := p.Value(c.s.values); err == nil && !isSymmetric(v, n) {
		return nil, py.ValueError.New("Quadratic form matrices must be symmetric/Hermitian.")
	}
	if len(xs) == 2 {
		x = convex.Flatten(x, convex.ColumnMajor)
	}
	return c.result(convex.QuadForm(x, p))
}

func isSymmetric(v []float64, n int) bool {
	for i := range n {
		for j := range i {
			if a, b := v[i*n+j], v[j*n+i]; a != b && math.Abs(a-b) > 1e-10*math.Max(math.Abs(a), math.Abs(b)) {
				return false
			}
		}
	}
	return true
}

// extremes is the sum of the k largest or smallest entries.
func extremes(f func(any, int) *convex.Expr) func(c *call) (py.Value, error) {
	return func(c *call) (py.Value, error) {
		x, err := c.expr("x")
		if err != nil {
			return nil, err
		}
		k, err := c.in.ToFloat(c.Get("k"))
		if err != nil {
			return nil, err
		}
		switch {
		case k <= 0:
			return nil, py.ValueError.New("Second argument must be a positive number.")
		case k != math.Trunc(k) || c.Has("axis"):
			return nil, py.Unsupported("the sum of %v largest entries, or along an axis, is not supported", k)
		}
		return c.result(f(x, int(min(k, float64(x.Size())))))
	}
}

// spreadOf is the standard deviation or, squared, the variance.
func spreadOf(squared bool) func(c *call) (py.Value, error) {
	return func(c *call) (py.Value, error) {
		if c.Has("axis") {
			return nil, py.Unsupported("cvxpy.std and cvxpy.var with axis= are not supported")
		}
		x, err := c.expr("x")
		if err != nil {
			return nil, err
		}
		ddof := 0.0
		if v := c.Get("ddof"); v != nil {
			if ddof, err = c.in.ToFloat(v); err != nil {
				return nil, err
			}
		}
		size := float64(x.Size())
		center := convex.Div(convex.SumAxis(x, convex.AllAxes, squared), size)
		away := convex.Sub(x, center)
		if squared {
			return c.result(convex.Div(convex.SumSquares(away), size-ddof))
		}
		return c.result(convex.Div(convex.Norm2(convex.Flatten(away, convex.ColumnMajor)), math.Sqrt(size-ddof)))
	}
}

// ptp is the distance from the smallest entry to the largest.
func ptp(c *call) (py.Value, error) {
	x, err := c.expr("x")
	if err != nil {
		return nil, err
	}
	axis, keep, err := c.axis(x)
	if err != nil {
		return nil, err
	}
	return c.result(convex.Sub(convex.MaxAxis(x, axis, keep), convex.MinAxis(x, axis, keep)))
}

func totalVariation(c *call) (py.Value, error) {
	x, err := c.expr("value")
	if err != nil {
		return nil, err
	}
	switch x.Shape().Rank() {
	case 0:
		return nil, py.ValueError.New("tv cannot take a scalar argument.")
	case 2:
		return nil, py.Unsupported("cvxpy.tv of a matrix is not supported")
	}
	n := x.Size()
	return c.result(convex.Norm1(convex.Sub(x.Slice(min(1, n), n), x.Slice(0, max(n-1, 0)))))
}
