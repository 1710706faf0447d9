package convex

import "fmt"

// MatMul is the matrix product a @ b by numpy's rules: a vector on the left is
// a row, on the right a column. Scalars are not allowed.
func MatMul(a, b any) *Expr {
	x, y := expr(a), expr(b)
	if x.err != nil || y.err != nil {
		return newNode(matrixProduct{}, Scalar, x, y)
	}
	bad := func(reason string) *Expr {
		return failed(matrixProduct{}, &ShapeError{Op: "@", Shapes: []Shape{x.shape, y.shape}, Reason: reason}, x, y)
	}
	if x.shape.rank == 0 || y.shape.rank == 0 {
		return bad("scalar operands are not allowed, use elementwise multiplication")
	}
	p, inner := x.shape.rows(), x.shape.cols()
	inner2, q := y.shape.rows(), y.shape.cols()
	if y.shape.rank == 1 {
		inner2, q = q, 1
	}
	if _, ok := x.atom.(matrixProduct); ok && x.args[0] == y && y.vars && !x.args[1].vars {
		return QuadForm(y, x.args[1]) // x'Px, as cvxpy reads it
	}
	if inner != inner2 {
		return bad(fmt.Sprintf("%d columns on the left meet %d rows on the right", inner, inner2))
	}
	var dims []int
	if x.shape.rank == 2 {
		dims = append(dims, p)
	}
	if y.shape.rank == 2 {
		dims = append(dims, q)
	}
	return newNode(matrixProduct{p: p, inner: inner, q: q}, shapeOf(dims), x, y)
}

// matrixProduct is p x inner by inner x q.
type matrixProduct struct {
	productAtom
	p, inner, q int
}

func (matrixProduct) name() string         { return "MulExpression" }
func (matrixProduct) label(e *Expr) string { return binaryLabel(e, "@", false) }
func (m matrixProduct) eval(_ *Expr, args [][]float64, out []float64) {
	a, b := args[0], args[1]
	for i := range m.p {
		for k := range m.inner {
			v := a[i*m.inner+k]
			if v == 0 {
				continue
			}
			for j := range m.q {
				out[i*m.q+j] += v * b[k*m.q+j]
			}
		}
	}
}
func (m matrixProduct) lower(c *canon, e *Expr) form {
	if e.args[1].vars {
		return leftProduct(c.coefficients(e.args[0]), m.p, m.inner, c.form(e.args[1]), m.q, &c.theta)
	}
	return rightProduct(c.form(e.args[0]), m.p, c.coefficients(e.args[1]), m.inner, m.q, &c.theta)
}
