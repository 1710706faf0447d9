package convex

import (
	"fmt"
	"strings"
)

// Expr is a node of an expression: a variable, a parameter, a constant or an
// atom applied to other expressions. Its shape, sign and curvature are known
// when it is built. Expressions never change and may be shared.
//
// A mistake in building one (shapes that do not fit, an unsupported atom) does
// not panic: the expression carries the error, whatever is built on it carries
// it too, and Compile returns it. Err tells at once.
type Expr struct {
	atom            atom
	shape           Shape
	args            []*Expr
	sign            signs
	convex, concave bool // by the rules of disciplined convex programming
	vars, params    bool // holds variables, holds parameters
	err             error
}

// atom is what a kind of node knows about itself. The node's arguments are in
// e.args; e.shape is set before any method is called.
type atom interface {
	// name is cvxpy's name of the atom's class.
	name() string
	// label is the node as cvxpy prints it.
	label(e *Expr) string
	// signs is what the signs of the arguments tell about the node.
	signs(e *Expr) signs
	// curve tells whether the atom is convex and concave in its arguments.
	curve(e *Expr) (convex, concave bool)
	// monotone tells whether the atom never falls, or never rises, in argument i.
	monotone(e *Expr, i int) (rises, falls bool)
	// eval computes the values from the arguments' values.
	eval(e *Expr, args [][]float64, out []float64)
	// lower writes the node as a linear form, adding columns and rows to c for
	// what is not affine. Leaves are lowered by c itself.
	lower(c *canon, e *Expr) form
}

// signs holds what is known of the sign of all entries; zero is both.
type signs struct{ nonneg, nonpos bool }

// Sign is the sign of every entry of an expression, as far as it is known.
type Sign uint8

// The signs an expression can have.
const (
	UnknownSign Sign = iota
	Nonnegative
	Nonpositive
	Zero
)

// String prints the sign as cvxpy does.
func (s Sign) String() string {
	return [...]string{"UNKNOWN", "NONNEGATIVE", "NONPOSITIVE", "ZERO"}[s]
}

// Curvature is the curvature of an expression by the rules of disciplined
// convex programming, with parameters counted as constants.
type Curvature uint8

// The curvatures an expression can have.
const (
	UnknownCurvature Curvature = iota
	Constant
	Affine
	Convex
	Concave
)

// String prints the curvature as cvxpy does.
func (c Curvature) String() string {
	return [...]string{"UNKNOWN", "CONSTANT", "AFFINE", "CONVEX", "CONCAVE"}[c]
}

// newNode applies an atom; the shape is right or err says why not.
func newNode(a atom, shape Shape, args ...*Expr) *Expr {
	e := &Expr{atom: a, shape: shape, args: args}
	for _, x := range args {
		if x.err != nil {
			return &Expr{atom: a, args: args, err: x.err}
		}
		e.vars = e.vars || x.vars
		e.params = e.params || x.params
	}
	if !shape.valid() {
		return failed(a, &ShapeError{Op: a.name(), Reason: "the result is too large"}, args...)
	}
	e.sign = a.signs(e)
	if !e.vars {
		e.convex, e.concave = true, true
		return e
	}
	e.convex, e.concave = a.curve(e)
	for i, x := range args {
		if x.convex && x.concave {
			continue
		}
		rises, falls := a.monotone(e, i)
		e.convex = e.convex && (x.convex && rises || x.concave && falls)
		e.concave = e.concave && (x.concave && rises || x.convex && falls)
	}
	return e
}

func failed(a atom, err error, args ...*Expr) *Expr { return &Expr{atom: a, args: args, err: err} }

// expr reads an operand: an expression as it is, anything else as a constant.
func expr(v any) *Expr {
	if e, ok := v.(*Expr); ok && e != nil {
		return e
	}
	return Const(v)
}

func exprs(vs []any) []*Expr {
	out := make([]*Expr, len(vs))
	for i, v := range vs {
		out[i] = expr(v)
	}
	return out
}

// Shape is the expression's shape.
func (e *Expr) Shape() Shape { return e.shape }

// Size is the number of entries.
func (e *Expr) Size() int { return e.shape.Size() }

// Err is the mistake made in building the expression, nil when there is none.
func (e *Expr) Err() error { return e.err }

// Args are the expressions the node was built from; none for a leaf.
func (e *Expr) Args() []*Expr { return append([]*Expr(nil), e.args...) }

// Op is the name of the node's atom, as in cvxpy's class names.
func (e *Expr) Op() string { return e.atom.name() }

// Sign is the sign that every entry is known to have.
func (e *Expr) Sign() Sign {
	switch {
	case e.sign.nonneg && e.sign.nonpos:
		return Zero
	case e.sign.nonneg:
		return Nonnegative
	case e.sign.nonpos:
		return Nonpositive
	}
	return UnknownSign
}

// Curvature is the curvature by the rules of disciplined convex programming.
func (e *Expr) Curvature() Curvature {
	switch {
	case e.err != nil:
		return UnknownCurvature
	case !e.vars:
		return Constant
	case e.convex && e.concave:
		return Affine
	case e.convex:
		return Convex
	case e.concave:
		return Concave
	}
	return UnknownCurvature
}

// IsConstant reports whether the expression holds no variable.
func (e *Expr) IsConstant() bool { return e.err == nil && !e.vars }

// IsAffine reports whether the expression is affine or constant.
func (e *Expr) IsAffine() bool { return e.err == nil && e.convex && e.concave }

// IsConvex reports whether the rules show the expression convex (affine ones are).
func (e *Expr) IsConvex() bool { return e.err == nil && e.convex }

// IsConcave reports whether the rules show the expression concave.
func (e *Expr) IsConcave() bool { return e.err == nil && e.concave }

// IsNonneg reports whether no entry can be negative.
func (e *Expr) IsNonneg() bool { return e.err == nil && e.sign.nonneg }

// IsNonpos reports whether no entry can be positive.
func (e *Expr) IsNonpos() bool { return e.err == nil && e.sign.nonpos }

// String prints the expression as cvxpy 1.9 prints it.
func (e *Expr) String() string {
	if e.err != nil {
		return "<" + e.err.Error() + ">"
	}
	return e.atom.label(e)
}

// Variables lists the variables the expression holds, in order of appearance.
func (e *Expr) Variables() []*Expr { return e.leaves(func(x *Expr) bool { return x.IsVariable() }) }

// Parameters lists the parameters the expression holds, in order of appearance.
func (e *Expr) Parameters() []*Expr { return e.leaves(func(x *Expr) bool { return x.IsParameter() }) }

func (e *Expr) leaves(want func(*Expr) bool) []*Expr {
	var out []*Expr
	seen := map[*Expr]bool{}
	var walk func(x *Expr)
	walk = func(x *Expr) {
		if seen[x] || !x.vars && !x.params {
			return
		}
		seen[x] = true
		if len(x.args) == 0 && want(x) {
			out = append(out, x)
		}
		for _, a := range x.args {
			walk(a)
		}
	}
	walk(e)
	return out
}

// call prints an atom like a Python function: name(arg, arg, extra).
func call(name string, args []*Expr, extra ...string) string {
	parts := make([]string, 0, len(args)+len(extra))
	for _, a := range args {
		parts = append(parts, a.String())
	}
	return name + "(" + strings.Join(append(parts, extra...), ", ") + ")"
}

// Value computes the expression's entries, row-major, at the given values of
// its variables and parameters. It fails when one of them is missing or of
// another size, or when the expression itself is in error.
func (e *Expr) Value(at map[*Expr][]float64) ([]float64, error) {
	v := evaluator{leaf: func(x *Expr) []float64 { return at[x] }, memo: map[*Expr][]float64{}}
	out, err := v.value(e)
	if err != nil {
		return nil, err
	}
	return append([]float64(nil), out...), nil
}

// claimed checks data against the sign its expression claims, on which the
// curvature of products with it rests. They differ where a power, say, is
// evaluated outside its domain.
func claimed(e *Expr, values []float64) error {
	for _, v := range values {
		if e.sign.nonneg && v < 0 || e.sign.nonpos && v > 0 {
			return &ParameterError{Name: e.String(), Reason: fmt.Sprintf("counts as %v by its rules but has an entry %v: it is used outside its domain", e.Sign(), v)}
		}
	}
	return nil
}

// evaluator computes values bottom-up, each shared node once.
type evaluator struct {
	leaf func(*Expr) []float64
	memo map[*Expr][]float64
}

func (v *evaluator) value(e *Expr) ([]float64, error) {
	if e.err != nil {
		return nil, e.err
	}
	if k, ok := e.atom.(*constant); ok {
		return k.full(), nil
	}
	if out, ok := v.memo[e]; ok {
		return out, nil
	}
	if len(e.args) == 0 {
		out := v.leaf(e)
		if len(out) != e.Size() || out == nil {
			return nil, &ParameterError{Name: e.Name(), Reason: fmt.Sprintf("needs %d numbers of shape %v, has %d", e.Size(), e.shape, len(out))}
		}
		return out, nil
	}
	args := make([][]float64, len(e.args))
	for i, a := range e.args {
		var err error
		if args[i], err = v.value(a); err != nil {
			return nil, err
		}
	}
	out := make([]float64, e.Size())
	e.atom.eval(e, args, out)
	v.memo[e] = out
	return out, nil
}
