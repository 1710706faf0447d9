package convex

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
	return newNode(addition{}, shape, summands(b, summands(a, nil))...)
}

// summands appends the parts of a sum, so that sums of sums are flat as in
// cvxpy. Long ones stay whole: a sum grown in a loop must not copy itself each
// time.
func summands(x *Expr, to []*Expr) []*Expr {
	const longest = 64
	if _, ok := x.atom.(addition); ok && x.err == nil && len(x.args) < longest {
		return append(to, x.args...)
	}
	return append(to, x)
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
