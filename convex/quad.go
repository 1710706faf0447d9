package convex

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// SumSquares is the sum of squares of all entries.
func SumSquares(v any) *Expr { return QuadOverLin(v, 1) }

// QuadOverLin is the sum of squares of all entries of x over the scalar y, with
// y > 0 implied.
func QuadOverLin(x, y any) *Expr {
	a, b := expr(x), expr(y)
	if a.err == nil && b.err == nil && b.Size() != 1 {
		return failed(quadOverLin{}, &ShapeError{Op: "quad_over_lin", Shapes: []Shape{a.shape, b.shape}, Reason: "the second argument must be a scalar"}, a, b)
	}
	return newNode(quadOverLin{}, Scalar, a, b)
}

type quadOverLin struct{ convexAtom }

func (quadOverLin) name() string { return "quad_over_lin" }
func (quadOverLin) label(e *Expr) string {
	return call("quad_over_lin", e.args, axisLabel(AllAxes, false)...)
}
func (quadOverLin) signs(*Expr) signs { return signs{nonneg: true} }
func (quadOverLin) monotone(e *Expr, i int) (bool, bool) {
	if i == 0 {
		return evenAtom{}.monotone(e, 0)
	}
	return false, true
}
func (quadOverLin) eval(_ *Expr, args [][]float64, out []float64) {
	for _, v := range args[0] {
		out[0] += v * v
	}
	out[0] /= args[1][0]
}
func (quadOverLin) lower(c *canon, e *Expr) form {
	x, y := e.args[0], e.args[1]
	arg := c.epigraph(x)
	if !y.vars {
		v := &virtual{kind: square, n: arg.rows, node: e, arg: arg}
		squares := c.newVirtual(v).scattered(same(0), 1)
		if y.atom.name() == "Constant" && c.numbers(y)[0] == 1 {
			return squares
		}
		return c.times(c.coefficients(newNode(reciprocal{power{p: -1, num: -1, den: 1}}, y.shape, y)), squares)
	}
	t := columns(c.newColumns(1, e), 1)
	c.rotated(arg, arg.rows, t, c.epigraph(y))
	return t
}

// reciprocal is 1/y of a denominator that must be positive: where it is not, the
// result is infinite and refused with the data.
type reciprocal struct{ power }

func (reciprocal) eval(_ *Expr, args [][]float64, out []float64) {
	for i, v := range args[0] {
		if out[i] = math.Inf(1); v > 0 {
			out[i] = 1 / v
		}
	}
}

// QuadForm is x' P x for a vector x and a constant symmetric matrix P, convex
// when P is positive semidefinite and concave when it is negative semidefinite.
// A parameter P must be declared PSD.
func QuadForm(x, p any) *Expr {
	v, m := expr(x), expr(p)
	if v.err != nil || m.err != nil {
		return newNode(&quadForm{}, Scalar, v, m)
	}
	n := v.Size()
	bad := func(reason string) *Expr {
		return failed(&quadForm{}, &ShapeError{Op: "quad_form", Shapes: []Shape{v.shape, m.shape}, Reason: reason}, v, m)
	}
	if v.shape.rank == 2 && min(v.shape.rows(), v.shape.cols()) != 1 {
		return bad("the first argument must be a vector")
	}
	if m.shape.rank != 2 || m.shape.rows() != n || m.shape.cols() != n {
		return bad("the matrix must be square, as long as the vector")
	}
	if m.vars {
		return failed(&quadForm{}, &UnsupportedError{Feature: "quad_form with a matrix of variables", Reason: "at least one argument must be constant, here the matrix"}, v, m)
	}
	q := &quadForm{n: n}
	if m.params {
		q.psd = m.leaf() != nil && m.leaf().psd
	} else {
		values, _ := m.Value(nil)
		if !symmetric(values, n) {
			return bad("the matrix must be symmetric")
		}
		q.psd, q.nsd = definite(values, n)
	}
	return newNode(q, Scalar, v, m)
}

type quadForm struct {
	n        int
	psd, nsd bool
}

func (*quadForm) name() string               { return "QuadForm" }
func (*quadForm) label(e *Expr) string       { return call("QuadForm", e.args) }
func (q *quadForm) signs(*Expr) signs        { return signs{q.psd, q.nsd} }
func (q *quadForm) curve(*Expr) (bool, bool) { return q.psd, q.nsd }
func (q *quadForm) monotone(e *Expr, i int) (bool, bool) {
	if i == 1 {
		return false, false // the matrix holds no variables
	}
	x, m := e.args[0].sign, e.args[1].sign
	return x.nonneg && m.nonneg || x.nonpos && m.nonpos, x.nonneg && m.nonpos || x.nonpos && m.nonneg
}
func (q *quadForm) eval(_ *Expr, args [][]float64, out []float64) {
	for i := range q.n {
		for j := range q.n {
			out[0] += args[0][i] * args[1][i*q.n+j] * args[0][j]
		}
	}
}
func (q *quadForm) lower(c *canon, e *Expr) form {
	m := &quadratic{n: q.n, theta: none}
	sign := 1.0
	if e.args[1].params && c.values == nil {
		m.theta = c.theta.of(e.args[1])
	} else {
		m.val = c.numbers(e.args[1])
		if q.nsd {
			sign, m.val = -1, negated(m.val)
		}
	}
	return c.newVirtual(&virtual{kind: square, n: 1, node: e, arg: c.epigraph(e.args[0]), matrix: m}).scaled(sign)
}

func negated(v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = -v[i]
	}
	return out
}

func symmetric(v []float64, n int) bool {
	for i := range n {
		for j := range i {
			a, b := v[i*n+j], v[j*n+i]
			if math.Abs(a-b) > 1e-10*(1+math.Abs(a)+math.Abs(b)) {
				return false
			}
		}
	}
	return true
}

// eigen returns the eigenvalues, ascending, and vectors (columns).
func eigen(v []float64, n int) ([]float64, *mat.Dense) {
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, append([]float64(nil), v...)), true) {
		return nil, nil
	}
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	return e.Values(nil), &vectors
}

// definite tells whether a symmetric matrix is positive or negative
// semidefinite, up to rounding.
func definite(v []float64, n int) (psd, nsd bool) {
	if n == 0 {
		return true, true
	}
	values, _ := eigen(v, n)
	if values == nil {
		return false, false
	}
	lo, hi := values[0], values[n-1]
	tol := 1e-10 * math.Max(math.Abs(lo), math.Abs(hi))
	return lo >= -tol, hi <= tol
}

// factor returns F, row-major with n columns, such that F'F is the positive
// semidefinite matrix v; directions of no curvature are left out.
func factor(v []float64, n int) []float64 {
	values, vectors := eigen(v, n)
	var rows []float64
	for k, lambda := range values {
		if lambda <= 1e-12*values[n-1] {
			continue
		}
		s := math.Sqrt(lambda)
		for i := range n {
			rows = append(rows, s*vectors.At(i, k))
		}
	}
	return rows
}
