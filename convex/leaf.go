package convex

import (
	"fmt"
	"math"
)

// Attr is a property of a variable or parameter: Nonneg, Nonpos, Boolean,
// Integer, PSD or Bounds.
type Attr func(*leaf)

// leaf is what variables and parameters have in common.
type leaf struct {
	leafAtom
	title            string
	shape            Shape
	sign             signs
	boolean, integer bool
	psd              bool
	low, high        []float64 // nil when unbounded
	err              error
}

// Nonneg declares every entry >= 0.
func Nonneg(l *leaf) {
	l.sign.nonneg = true
	l.low = tighten(l.low, constantBound(0, l.shape.Size()), math.Max)
}

// Nonpos declares every entry <= 0.
func Nonpos(l *leaf) {
	l.sign.nonpos = true
	l.high = tighten(l.high, constantBound(0, l.shape.Size()), math.Min)
}

// Boolean declares every entry 0 or 1; the problem is then solved by branch
// and bound.
func Boolean(l *leaf) {
	l.boolean, l.sign.nonneg = true, true
	l.low = tighten(l.low, constantBound(0, l.shape.Size()), math.Max)
	l.high = tighten(l.high, constantBound(1, l.shape.Size()), math.Min)
}

// Integer declares every entry whole; the problem is then solved by branch and
// bound.
func Integer(l *leaf) { l.integer = true }

// PSD declares a square parameter symmetric and positive semidefinite, as
// QuadForm needs it. It is not for variables: there is no semidefinite cone.
func PSD(l *leaf) {
	l.psd = true
	if l.shape.rank != 2 || l.shape.rows() != l.shape.cols() {
		l.fail(&ShapeError{Op: "PSD", Shapes: []Shape{l.shape}, Reason: "only a square matrix can be positive semidefinite"})
	}
}

// Bounds declares lo <= entry <= hi. Both are constants that broadcast to the
// shape; infinite entries do not bound.
func Bounds(lo, hi any) Attr {
	return func(l *leaf) {
		lower, upper := l.bound("lower", lo), l.bound("upper", hi)
		if l.err != nil {
			return
		}
		l.low, l.high = tighten(l.low, lower, math.Max), tighten(l.high, upper, math.Min)
		l.sign.nonneg = l.sign.nonneg || all(l.low, func(v float64) bool { return v >= 0 })
		l.sign.nonpos = l.sign.nonpos || all(l.high, func(v float64) bool { return v <= 0 })
	}
}

func (l *leaf) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}

func (l *leaf) bound(side string, v any) []float64 {
	e := expr(v)
	if e.err == nil && (e.vars || e.params) {
		e = failed(e.atom, &UnsupportedError{Feature: side + " bound of " + l.title, Reason: "a bound is a constant; write a constraint for one that holds parameters"})
	}
	if e.err == nil {
		e = BroadcastTo(e, l.shape)
	}
	values, err := e.Value(nil)
	if err != nil {
		l.fail(err)
		return nil
	}
	for _, x := range values {
		if math.IsNaN(x) {
			l.fail(&ParameterError{Name: l.title, Reason: "its " + side + " bound is not a number"})
		}
	}
	return values
}

func constantBound(v float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func tighten(have, add []float64, pick func(a, b float64) float64) []float64 {
	if have == nil {
		return add
	}
	for i := range have {
		add[i] = pick(have[i], add[i])
	}
	return add
}

func all(v []float64, is func(float64) bool) bool {
	for _, x := range v {
		if !is(x) {
			return false
		}
	}
	return v != nil
}

// Variable is a new variable. Its name appears in printed expressions and in
// explanations; an empty one prints as "var".
func Variable(name string, s Shape, attrs ...Attr) *Expr {
	if name == "" {
		name = "var"
	}
	v := &variable{leaf{title: name, shape: s}}
	e := v.node(v, attrs)
	e.vars = true
	if e.err == nil && v.psd {
		e.err = &UnsupportedError{Feature: "a positive semidefinite variable", Reason: "there is no semidefinite cone"}
	}
	return e
}

// Parameter is a constant whose value is set later (Program.Set), so that a
// compiled problem is solved again with new data. Nonneg and Nonpos declare
// its sign, which curvature may depend on; values that break it are refused.
func Parameter(name string, s Shape, attrs ...Attr) *Expr {
	if name == "" {
		name = "param"
	}
	p := &parameter{leaf{title: name, shape: s}}
	e := p.node(p, attrs)
	e.params = true
	if e.err == nil && (p.boolean || p.integer) {
		e.err = &UnsupportedError{Feature: "a boolean or integer parameter", Reason: "set whole values instead"}
	}
	return e
}

func (l *leaf) node(a atom, attrs []Attr) *Expr {
	if !l.shape.valid() {
		return failed(a, &ShapeError{Op: "Variable", Shapes: []Shape{l.shape}, Reason: "dimensions must be nonnegative and at most 2^30 entries in all"})
	}
	for _, set := range attrs {
		set(l)
	}
	return &Expr{atom: a, shape: l.shape, sign: l.sign, convex: true, concave: true, err: l.err}
}

// Const is a constant: a float64, an int, a []float64 (a vector), a
// [][]float64 (a matrix) or a *Matrix.
func Const(v any) *Expr {
	values, sparse, shape, err := constOf(v)
	k := &constant{dense: values, sparse: sparse}
	if err != nil {
		return failed(k, err)
	}
	return k.node(shape)
}

func constant1(v float64) *Expr { return (&constant{dense: []float64{v}}).node(Scalar) }

type variable struct{ leaf }
type parameter struct{ leaf }

// constant holds row-major values, or a sparse matrix that is only made dense
// where it must be.
type constant struct {
	leafAtom
	dense  []float64
	sparse *Matrix
}

func (k *constant) node(shape Shape) *Expr {
	e := &Expr{atom: k, shape: shape, convex: true, concave: true, sign: signs{true, true}}
	values := k.dense
	if k.sparse != nil {
		values = k.sparse.val
	}
	for _, v := range values {
		if v < 0 {
			e.sign.nonneg = false
		} else if v > 0 {
			e.sign.nonpos = false
		} else if math.IsNaN(v) {
			return failed(k, &ParameterError{Name: "constant", Reason: "holds a value that is not a number"})
		}
	}
	return e
}

func (k *constant) full() []float64 {
	if k.sparse != nil {
		return k.sparse.full()
	}
	return k.dense
}

// Name is the name of a variable or parameter, "" for anything else.
func (e *Expr) Name() string {
	if l := e.leaf(); l != nil {
		return l.title
	}
	return ""
}

// whole reports whether entries must be integers.
func (l *leaf) whole() bool { return l.boolean || l.integer }

func (e *Expr) leaf() *leaf {
	switch a := e.atom.(type) {
	case *variable:
		return &a.leaf
	case *parameter:
		return &a.leaf
	}
	return nil
}

// IsVariable reports whether the expression is a variable itself.
func (e *Expr) IsVariable() bool { _, ok := e.atom.(*variable); return ok }

// IsParameter reports whether the expression is a parameter itself.
func (e *Expr) IsParameter() bool { _, ok := e.atom.(*parameter); return ok }

// leafAtom gives leaves the atom methods that only inner nodes need.
type leafAtom struct{}

func (leafAtom) curve(*Expr) (bool, bool)           { return true, true }
func (leafAtom) monotone(*Expr, int) (bool, bool)   { return true, true }
func (leafAtom) eval(*Expr, [][]float64, []float64) { panic("convex: a leaf is not evaluated") }
func (leafAtom) lower(*canon, *Expr) form           { panic("convex: a leaf is lowered by canon") }
func (l *leaf) signs(*Expr) signs                   { return l.sign }
func (l *leaf) label(*Expr) string                  { return l.title }
func (*variable) name() string                      { return "Variable" }
func (*parameter) name() string                     { return "Parameter" }
func (*constant) name() string                      { return "Constant" }
func (k *constant) signs(e *Expr) signs             { return e.sign }
func (k *constant) label(e *Expr) string            { return numpyString(k.full(), e.shape) }

// ParameterError tells that a parameter (or another leaf) has no value, or one
// that its declaration does not allow.
type ParameterError struct {
	Name   string
	Reason string
}

func (e *ParameterError) Error() string { return fmt.Sprintf("convex: %s %s", e.Name, e.Reason) }
