package convex

import "fmt"

// affineAtom gives affine atoms what they share: they are convex and concave.
type affineAtom struct{}

func (affineAtom) curve(*Expr) (bool, bool)         { return true, true }
func (affineAtom) monotone(*Expr, int) (bool, bool) { return true, false }
func (affineAtom) signs(e *Expr) signs              { return e.args[0].sign }

// Plus is e + v, broadcast as numpy does.
func (e *Expr) Plus(v any) *Expr { return Add(e, v) }

// Minus is e - v.
func (e *Expr) Minus(v any) *Expr { return Sub(e, v) }

// Negate is -e. (Neg is the negative part of an expression, as in cvxpy.)
func (e *Expr) Negate() *Expr { return newNode(negation{}, e.shape, e) }

// Times is the elementwise product, broadcast as numpy does.
func (e *Expr) Times(v any) *Expr { return Multiply(e, v) }

// Over is the elementwise quotient.
func (e *Expr) Over(v any) *Expr { return Div(e, v) }

// MatMul is the matrix product e @ v.
func (e *Expr) MatMul(v any) *Expr { return MatMul(e, v) }

// Add is the sum of all operands, broadcast as numpy does.
func Add(vs ...any) *Expr {
	if len(vs) == 0 {
		return Const(0)
	}
	out := expr(vs[0])
	for _, v := range vs[1:] {
		out = add(out, expr(v))
	}
	return out
}

// binaryShape is the shape of a binary operation: numpy's, but that a single
// entry of any rank counts as a scalar beside more entries, as in cvxpy.
func binaryShape(a, b *Expr) (Shape, bool) {
	switch {
	case a.shape.single() && !b.shape.single():
		return b.shape, true
	case b.shape.single() && !a.shape.single():
		return a.shape, true
	}
	return broadcastShapes(a.shape, b.shape)
}

func add(a, b *Expr) *Expr {
	shape, ok := binaryShape(a, b)
	if !ok {
		return clash(addition{}, a, b)
	}
	if b.zeroConstant() && a.shape == shape && a.err == nil {
		return a
	}
	if a.zeroConstant() && b.shape == shape && b.err == nil {
		return b
	}
	a, b = broadcastBoth(a, b, shape)
	var args []*Expr
	for _, x := range []*Expr{a, b} {
		if _, ok := x.atom.(addition); ok && x.err == nil {
			args = append(args, x.args...)
		} else {
			args = append(args, x)
		}
	}
	return newNode(addition{}, shape, args...)
}

func (e *Expr) zeroConstant() bool {
	_, ok := e.atom.(*constant)
	return ok && e.sign.nonneg && e.sign.nonpos && e.Size() > 0
}

// Sub is a - b.
func Sub(a, b any) *Expr { return add(expr(a), expr(b).Negate()) }

// Multiply is the elementwise product, broadcast as numpy does.
func Multiply(a, b any) *Expr { return elementwise(multiplication{}, expr(a), expr(b)) }

// Div is the elementwise quotient a / b. It is convex or concave only when b
// holds no variables.
func Div(a, b any) *Expr { return elementwise(division{}, expr(a), expr(b)) }

func elementwise(op atom, a, b *Expr) *Expr {
	shape, ok := binaryShape(a, b)
	if !ok {
		return clash(op, a, b)
	}
	if _, ok := op.(division); ok && shape.single() {
		shape = a.shape // as cvxpy has it
	}
	a, b = broadcastBoth(a, b, shape)
	return newNode(op, shape, a, b)
}

// broadcastBoth broadcasts the operands of a binary operator.
func broadcastBoth(a, b *Expr, s Shape) (*Expr, *Expr) {
	matrices := a.shape.rank == 2 && b.shape.rank == 2
	return broadcastTo(a, s, matrices), broadcastTo(b, s, matrices)
}

func clash(op atom, args ...*Expr) *Expr {
	shapes := make([]Shape, len(args))
	for i, a := range args {
		if a.err != nil {
			return failed(op, a.err, args...)
		}
		shapes[i] = a.shape
	}
	return failed(op, &ShapeError{Op: op.name(), Shapes: shapes, Reason: "the shapes cannot be broadcast together"}, args...)
}

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

// BroadcastTo repeats an expression along dimensions of length 1, as numpy does.
func BroadcastTo(v any, s Shape) *Expr { return broadcastTo(expr(v), s, false) }

func broadcastTo(x *Expr, s Shape, matrices bool) *Expr {
	if x.err != nil || x.shape == s {
		return x
	}
	if x.shape.single() {
		return newNode(broadcast{to: s}, s, x)
	}
	if joined, ok := broadcastShapes(x.shape, s); !ok || joined != s {
		return failed(broadcast{to: s}, &ShapeError{Op: "broadcast_to", Shapes: []Shape{x.shape, s}, Reason: "the shapes cannot be broadcast together"}, x)
	}
	return newNode(broadcast{to: s, matrices: matrices}, s, x)
}

// addition is the sum of any number of expressions of one shape.
type addition struct{ affineAtom }

func (addition) name() string { return "AddExpression" }
func (addition) label(e *Expr) string {
	s := e.args[0].String()
	for _, a := range e.args[1:] {
		s += " + " + a.String()
	}
	return s
}
func (addition) signs(e *Expr) signs {
	s := signs{true, true}
	for _, a := range e.args {
		s.nonneg, s.nonpos = s.nonneg && a.sign.nonneg, s.nonpos && a.sign.nonpos
	}
	return s
}
func (addition) eval(_ *Expr, args [][]float64, out []float64) {
	copy(out, args[0])
	for _, a := range args[1:] {
		for i, v := range a {
			out[i] += v
		}
	}
}
func (addition) lower(c *canon, e *Expr) form {
	parts := make([]form, len(e.args))
	for i, a := range e.args {
		parts[i] = c.form(a)
	}
	return sum(parts...)
}

type negation struct{ affineAtom }

func (negation) name() string { return "NegExpression" }
func (negation) label(e *Expr) string {
	if len(e.args[0].shown().args) > 0 {
		return "-(" + e.args[0].String() + ")"
	}
	return "-" + e.args[0].String()
}
func (negation) signs(e *Expr) signs              { return e.args[0].sign.negated() }
func (negation) monotone(*Expr, int) (bool, bool) { return false, true }
func (negation) eval(_ *Expr, args [][]float64, out []float64) {
	for i, v := range args[0] {
		out[i] = -v
	}
}
func (negation) lower(c *canon, e *Expr) form { return c.form(e.args[0]).scaled(-1) }

func (s signs) negated() signs { return signs{s.nonpos, s.nonneg} }

func (s signs) times(o signs) signs {
	zero := s.nonneg && s.nonpos || o.nonneg && o.nonpos
	return signs{
		nonneg: zero || s.nonneg && o.nonneg || s.nonpos && o.nonpos,
		nonpos: zero || s.nonneg && o.nonpos || s.nonpos && o.nonneg,
	}
}

// productAtom is what the products have in common: affine in one factor when
// the other holds no variables, rising or falling with that factor's sign.
type productAtom struct{}

func (productAtom) signs(e *Expr) signs { return e.args[0].sign.times(e.args[1].sign) }
func (productAtom) curve(e *Expr) (bool, bool) {
	ok := !e.args[0].vars || !e.args[1].vars
	return ok, ok
}
func (productAtom) monotone(e *Expr, i int) (bool, bool) {
	s := e.args[1-i].sign
	return s.nonneg, s.nonpos
}

// shown is the node that is printed for e: cvxpy has no broadcast from one single
// entry to another.
func (e *Expr) shown() *Expr {
	for {
		b, ok := e.atom.(broadcast)
		if !ok || !b.to.single() {
			return e
		}
		e = e.args[0]
	}
}

func binaryLabel(e *Expr, op string, groupProducts bool) string {
	part := func(i int) string {
		s := e.args[i].String()
		switch a := e.args[i].shown().atom.(type) {
		case broadcast:
			if groupProducts && i == 1 && a.matrices {
				return "(" + s + ")"
			}
		case addition, division:
			return "(" + s + ")"
		case multiplication, matrixProduct:
			if groupProducts && i == 1 {
				return "(" + s + ")"
			}
		}
		return s
	}
	return part(0) + " " + op + " " + part(1)
}

type multiplication struct{ productAtom }

func (multiplication) name() string         { return "multiply" }
func (multiplication) label(e *Expr) string { return binaryLabel(e, "*", false) }
func (multiplication) eval(_ *Expr, args [][]float64, out []float64) {
	for i := range out {
		out[i] = args[0][i] * args[1][i]
	}
}
func (multiplication) lower(c *canon, e *Expr) form {
	k, x := e.args[0], e.args[1]
	if k.vars {
		k, x = x, k
	}
	return c.times(c.coefficients(k), c.form(x))
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

type division struct{}

func (division) name() string         { return "DivExpression" }
func (division) label(e *Expr) string { return binaryLabel(e, "/", true) }
func (division) signs(e *Expr) signs  { return e.args[0].sign.times(e.args[1].sign) }
func (division) curve(e *Expr) (bool, bool) {
	return !e.args[1].vars, !e.args[1].vars
}
func (division) monotone(e *Expr, i int) (bool, bool) {
	if i == 0 {
		return e.args[1].sign.nonneg, e.args[1].sign.nonpos
	}
	return e.args[0].sign.nonpos, e.args[0].sign.nonneg
}
func (division) eval(_ *Expr, args [][]float64, out []float64) {
	for i := range out {
		out[i] = args[0][i] / args[1][i]
	}
}
func (division) lower(c *canon, e *Expr) form {
	return c.times(c.coefficients(Div(1.0, e.args[1])), c.form(e.args[0]))
}

// broadcast repeats entries; cvxpy calls it Promote for scalars.
type broadcast struct {
	to       Shape
	matrices bool // between two matrices, where cvxpy multiplies by ones
}

func (broadcast) curve(*Expr) (bool, bool)         { return true, true }
func (broadcast) monotone(*Expr, int) (bool, bool) { return true, false }
func (broadcast) signs(e *Expr) signs              { return e.args[0].sign }
func (b broadcast) name() string                   { return "broadcast_to" }
func (b broadcast) label(e *Expr) string {
	if b.to.single() {
		return e.args[0].String()
	}
	if e.args[0].shape.single() {
		return call("Promote", e.args, b.to.String())
	}
	if !b.matrices {
		return call("broadcast_to", e.args, b.to.String())
	}
	return b.matrixLabel(e.args[0])
}

// matrixLabel prints the products with ones that cvxpy repeats a matrix by.
func (b broadcast) matrixLabel(x *Expr) string {
	ones := func(s Shape) string { return numpyString(constantBound(1, s.Size()), s) }
	text := x.String()
	switch x.shown().atom.(type) {
	case addition, division:
		text = "(" + text + ")"
	}
	if x.shape.rows() < b.to.rows() {
		text = ones(Mat(b.to.rows(), 1)) + " @ " + text
	}
	if x.shape.cols() < b.to.cols() {
		text += " @ " + ones(Mat(1, b.to.cols()))
	}
	return text
}

// source is the place in an operand of shape s that entry i comes from.
func (b broadcast) sources(s Shape) seq {
	rows, cols := b.to.rows(), b.to.cols()
	switch {
	case s.single():
		return same(0)
	case s.rows() == rows && s.cols() == cols:
		return from(0)
	}
	list := make([]int32, rows*cols)
	for i := range list {
		r, k := i/cols, i%cols
		if s.rows() == 1 {
			r = 0
		}
		if s.cols() == 1 {
			k = 0
		}
		list[i] = int32(r*s.cols() + k)
	}
	return seq{list: list}
}
func (b broadcast) eval(e *Expr, args [][]float64, out []float64) {
	from := b.sources(e.args[0].shape)
	for i := range out {
		out[i] = args[0][from.at(i)]
	}
}
func (b broadcast) lower(c *canon, e *Expr) form {
	return c.form(e.args[0]).gathered(b.sources(e.args[0].shape), b.to.Size())
}
