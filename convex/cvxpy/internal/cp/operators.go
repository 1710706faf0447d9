package cp

import (
	"math"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

var nan = math.NaN()

// Binary is an operator between expressions and what can be cast to one.
func (x *Expr) Binary(in *py.Interp, op syntax.Operator, other py.Value, reflected bool) (py.Value, error) {
	switch op {
	case syntax.FloorDiv, syntax.Mod, syntax.BitAnd, syntax.BitOr, syntax.BitXor, syntax.LShift, syntax.RShift:
		if reflected && isNumpy(other) {
			return nil, py.RuntimeError.New("%s", ufuncError) // numpy asked first
		}
	}
	switch op {
	case syntax.FloorDiv, syntax.Mod:
		return py.NotImplemented, nil
	case syntax.BitAnd, syntax.BitOr, syntax.BitXor:
		name := map[syntax.Operator]string{syntax.BitAnd: "And", syntax.BitOr: "Or", syntax.BitXor: "Xor"}[op]
		class := x.class
		if reflected {
			class = constantType
		}
		return nil, py.ValueError.New("All arguments to %s must be boolean variables or LogicExpression instances. Got %s.", name, class.Name)
	case syntax.LShift, syntax.RShift:
		return nil, py.Unsupported("semidefinite constraints are not supported")
	case syntax.Pow:
		return x.pow(in, other, reflected)
	}
	o, err := x.s.cast(in, other)
	if err != nil {
		return nil, err
	}
	a, b := x.e, o
	if reflected {
		a, b = b, a
	}
	switch op {
	case syntax.Add:
		return x.s.add(in, a, b, x.e)
	case syntax.Sub:
		return x.s.add(in, a, b.Negate(), x.e)
	case syntax.Mul:
		return x.s.star(in, a, b)
	case syntax.MatMul:
		return x.s.matmul(in, a, b)
	case syntax.Div:
		return x.s.divide(in, a, b)
	}
	return py.NotImplemented, nil
}

func isNumpy(v py.Value) bool {
	switch v.(type) {
	case *numpy.Array, numpy.Float64, numpy.Int64, numpy.Bool:
		return true
	}
	return false
}

// add is a + b. An added constant zero changes nothing, unless it broadcasts.
func (s *Session) add(in *py.Interp, a, b, own *convex.Expr) (py.Value, error) {
	if err := checkBroadcast(a.Shape(), b.Shape()); err != nil {
		return nil, err
	}
	if err := s.spread(in, a.Shape(), b.Shape()); err != nil {
		return nil, err
	}
	return s.result(in, convex.Add(a, b))
}

// star is a * b: a scaling where one side is scalar, else a matrix product,
// which for two vectors is a dot product.
func (s *Session) star(in *py.Interp, a, b *convex.Expr) (py.Value, error) {
	p, q := a.Shape(), b.Shape()
	switch {
	case p.Rank() == 0 || q.Rank() == 0:
		return s.result(in, convex.Multiply(a, b))
	case p.Dims()[p.Rank()-1] != q.Dims()[0] && (isScalar(p) || isScalar(q)):
		return s.result(in, convex.Multiply(a, b))
	}
	rule, text := "star product", "a * x of matrices is a matrix product in cvxpy"
	if p.Rank() == 1 && q.Rank() == 1 {
		text = "a * x of two vectors is their dot product in cvxpy, a scalar"
	}
	s.flag(in, rule, text+": "+brief(a)+" * "+brief(b), "write cp.multiply(a, x) for the elementwise product, a @ x for the dot product")
	return s.matmulChecked(in, a, b)
}

// matmul is a @ b; x.T @ P @ x with a constant P is a quadratic form.
func (s *Session) matmul(in *py.Interp, a, b *convex.Expr) (py.Value, error) {
	if a.Shape().Rank() == 0 || b.Shape().Rank() == 0 {
		return nil, py.ValueError.New("Scalar operands are not allowed, use '*' instead")
	}
	if args := a.Args(); a.Op() == "MulExpression" && len(args) == 2 && args[0] == b && !b.IsConstant() && args[1].IsConstant() {
		return s.result(in, convex.QuadForm(b, args[1]))
	}
	return s.matmulChecked(in, a, b)
}

func (s *Session) matmulChecked(in *py.Interp, a, b *convex.Expr) (py.Value, error) {
	p, q := a.Shape().Dims(), b.Shape().Dims()
	if p[len(p)-1] != q[0] {
		return nil, py.ValueError.New("Incompatible dimensions %v %v", a.Shape(), b.Shape())
	}
	if err := in.Step(a.Shape().Size() / 8); err != nil {
		return nil, err
	}
	return s.result(in, convex.MatMul(a, b))
}

func (s *Session) divide(in *py.Interp, a, b *convex.Expr) (py.Value, error) {
	if p, q := a.Shape(), b.Shape(); p.Rank() == q.Rank() && !fits(p, q) {
		p, q = grown(p, q)
		return nil, py.ValueError.New("Incompatible shapes for division (%v / %v)", p, q)
	}
	if err := checkBroadcast(a.Shape(), b.Shape()); err != nil {
		return nil, err
	}
	if err := s.spread(in, a.Shape(), b.Shape()); err != nil {
		return nil, err
	}
	return s.result(in, convex.Div(a, b))
}

// pow is x ** p, or b ** x, which needs an exponential cone.
func (x *Expr) pow(in *py.Interp, other py.Value, reflected bool) (py.Value, error) {
	o, err := x.s.cast(in, other)
	if err != nil {
		return nil, err
	}
	if reflected {
		return x.s.powerOfConstant(in, o, x.e)
	}
	if x.e.IsConstant() && !o.IsConstant() {
		return x.s.powerOfConstant(in, x.e, o)
	}
	return x.s.power(in, x.e, o, other)
}

func (s *Session) powerOfConstant(in *py.Interp, base, exponent *convex.Expr) (py.Value, error) {
	if !base.IsConstant() {
		return nil, py.ValueError.New("The base of b**x must be a constant when the exponent is a variable.")
	}
	if !exponent.IsConstant() {
		return nil, py.Unsupported("b ** x needs an exponential cone, which is not supported")
	}
	return s.elementwise(in, "power", base, exponent, math.Pow)
}

// elementwise computes a function of constants.
func (s *Session) elementwise(in *py.Interp, name string, a, b *convex.Expr, f func(x, y float64) float64) (py.Value, error) {
	p, err := a.Value(s.values)
	if err != nil {
		return nil, py.Unsupported("cvxpy.%s of a parameter is not supported", name)
	}
	q, err := b.Value(s.values)
	if err != nil {
		return nil, py.Unsupported("cvxpy.%s of a parameter is not supported", name)
	}
	shape := a.Shape()
	if isScalar(shape) {
		shape = b.Shape()
	}
	out := make([]float64, shape.Size())
	for k := range out {
		out[k] = f(p[k%len(p)], q[k%len(q)])
	}
	e, err := s.constant(in, out, shape)
	if err != nil {
		return nil, err
	}
	return s.result(in, e)
}

// power is x ** p for a constant p.
func (s *Session) power(in *py.Interp, x, p *convex.Expr, given py.Value) (py.Value, error) {
	if !p.IsConstant() {
		e := py.ValueError.New("")
		class := given.Type()
		e.Args = []py.Value{py.Str("The exponent `p` must be either a Constant or a Parameter; received "), class}
		return nil, e
	}
	if len(p.Parameters()) > 0 {
		return nil, py.Unsupported("a parameter as an exponent is not supported")
	}
	v, err := p.Value(nil)
	if err != nil {
		return nil, wordError(err)
	}
	if len(v) != 1 {
		return nil, py.TypeError.New("only 0-dimensional arrays can be converted to Python scalars")
	}
	return s.result(in, convex.Power(x, v[0]))
}

// Unary is -x; cvxpy has no unary plus.
func (x *Expr) Unary(in *py.Interp, op syntax.Operator) (py.Value, error) {
	switch op {
	case syntax.USub:
		return x.s.result(in, x.e.Negate())
	case syntax.Invert:
		return nil, py.ValueError.New("All arguments to Not must be boolean variables or LogicExpression instances. Got %s.", x.class.Name)
	}
	return py.NotImplemented, nil
}

const absError = `
You're calling the built-in abs function on a CVXPY expression. This is not
supported. Consider using the abs function provided by CVXPY.
`

// Abs refuses the built-in abs.
func (x *Expr) Abs(*py.Interp) (py.Value, error) { return nil, py.TypeError.New("%s", absError) }

// Compare makes a constraint.
func (x *Expr) Compare(in *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	switch op {
	case syntax.Lt, syntax.Gt:
		return nil, py.NotImplementedError.New("Strict inequalities are not allowed.")
	}
	o, err := x.s.cast(in, other)
	if err != nil {
		return nil, err
	}
	a, b := x.e, o
	if op == syntax.GtE {
		a, b = b, a
	}
	if err := checkBroadcast(a.Shape(), b.Shape()); err != nil {
		return nil, err
	}
	if err := x.s.spread(in, a.Shape(), b.Shape()); err != nil {
		return nil, err
	}
	if op == syntax.NotEq {
		return nil, truthError()
	}
	if op == syntax.Eq {
		return x.s.constrain(in, equalityType, a.EQ(b))
	}
	return x.s.constrain(in, inequalityType, a.LE(b))
}
