package convex

import (
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// canon turns a problem into rows and columns. Every expression becomes a
// form, affine in the columns. What is not affine is bounded by new columns
// and rows (the graph of the atom) or, where an expression's affine head meets
// an objective or constraint that has a better way to say it, stays a virtual
// column for that to resolve:
//
//	square   quadratic terms of the objective; a norm cone in a constraint
//	norm     the constraint's own cone, without an epigraph column
//	peak     (the largest of several forms) one row for each
//
// Expressions without variables are not looked into: their values, evaluated
// when they change, are the entries of theta, in which all data is affine.
type canon struct {
	cols     int
	origins  []origin // of the columns, ascending
	groups   []*rowGroup
	theta    thetaTable
	forms    map[*Expr]form
	virtual  []*virtual
	virtuals int
	values   func(*Expr) []float64 // of parameters, when they are built in
	err      error
}

// origin tells what a run of columns stands for.
type origin struct {
	first, n int
	expr     *Expr // a variable, or the node that needed the columns
}

// rowGroup is a block of rows of one kind: form in {0}, form <= 0, or the
// entries of form in second-order cones of the given dimensions.
type rowGroup struct {
	kind     conic.Kind
	form     form
	dims     []int
	from     source
	rotation *rotation // what form will be made of, when all rows are known
}

// source tells where rows came from: a constraint's entries, the bounds of a
// variable, or the definition of a column, which cannot be at fault.
type source struct {
	constraint *Constraint
	variable   *Expr
	upper      bool
	entry      seq // row (or cone) i belongs to this entry of the constraint or variable
	dual       dualRule
}

func newCanon(values func(*Expr) []float64) *canon {
	return &canon{forms: map[*Expr]form{}, values: values}
}

// fail remembers the first error.
func (c *canon) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// newColumns adds n columns for expr and returns the first.
func (c *canon) newColumns(n int, e *Expr) int {
	first := c.cols
	c.origins = append(c.origins, origin{first, n, e})
	c.cols += n
	if c.cols >= virtualBase {
		c.fail(&UnsupportedError{Feature: fmt.Sprintf("a problem of %d columns", c.cols), Reason: "columns are counted up to 2^30"})
	}
	return first
}

// rows demands form <= 0 or form = 0, as part of a definition.
func (c *canon) rows(kind conic.Kind, f form) {
	if f.rows > 0 {
		c.groups = append(c.groups, &rowGroup{kind: kind, form: f})
	}
}

// cones demands that n runs of form's entries, each of dim entries, lie in
// second-order cones, as part of a definition.
func (c *canon) cones(f form, n, dim int) {
	if n > 0 {
		c.groups = append(c.groups, &rowGroup{kind: conic.SOC, form: f, dims: repeated(dim, n)})
	}
}

func repeated(v, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// form lowers an expression; virtual columns may remain in its affine head.
func (c *canon) form(e *Expr) form {
	f, ok := c.forms[e]
	if !ok {
		switch {
		case !e.vars:
			f = c.data(e)
		case e.IsVariable():
			f = c.variable(e)
		default:
			f = e.atom.lower(c, e)
		}
		c.forms[e] = f
	}
	return f
}

// epigraph is the form of an expression in which every convex part is bounded
// from above, and every concave part from below, by columns of its own.
func (c *canon) epigraph(e *Expr) form {
	return c.replaced(c.form(e), func(*virtual) bool { return true })
}

// data is the form of an expression without variables.
func (c *canon) data(e *Expr) form {
	if !e.params || c.values != nil {
		return constants(c.numbers(e))
	}
	return thetas(c.theta.of(e), e.Size())
}

// numbers evaluates an expression without variables, and without parameters
// unless their values are built in.
func (c *canon) numbers(e *Expr) []float64 {
	if k, ok := e.atom.(*constant); ok {
		return k.full()
	}
	v := evaluator{leaf: c.values, memo: map[*Expr][]float64{}}
	out, err := v.value(e)
	if err == nil {
		err = claimed(e, out)
	}
	if err != nil {
		c.fail(err)
		return make([]float64, e.Size())
	}
	return out
}

func (c *canon) variable(e *Expr) form {
	n := e.Size()
	first := c.newColumns(n, e)
	l := e.leaf()
	var fixed, below, above []int32
	var at, lower, upper []float64
	for i := range n {
		lo, hi := math.Inf(-1), math.Inf(1)
		if l.low != nil {
			lo = l.low[i]
		}
		if l.high != nil {
			hi = l.high[i]
		}
		if lo == hi && !l.whole() {
			fixed, at = append(fixed, int32(i)), append(at, lo)
			continue
		}
		if l.whole() {
			lo, hi = math.Ceil(lo-1e-9), math.Floor(hi+1e-9)
		}
		if l.whole() && (math.IsInf(lo, 0) || math.IsInf(hi, 0)) {
			c.fail(&UnsupportedError{Feature: "the integer variable " + l.title + " without finite bounds", Reason: "branch and bound needs them; add Bounds(lo, hi)"})
		}
		if !math.IsInf(lo, 0) {
			below, lower = append(below, int32(i)), append(lower, lo)
		}
		if !math.IsInf(hi, 0) {
			above, upper = append(above, int32(i)), append(upper, hi)
		}
	}
	x := columns(first, n)
	add := func(kind conic.Kind, entries []int32, values []float64, sign float64, up bool) {
		if len(entries) == 0 {
			return
		}
		s := seq{list: entries}
		if len(entries) == n {
			s = from(0)
		}
		m := len(entries)
		f := sum(x.gathered(s, m).scaled(sign), constants(values).scaled(-sign))
		c.groups = append(c.groups, &rowGroup{kind: kind, form: f, from: source{variable: e, upper: up, entry: s, dual: dualRule{scale: 1}}})
	}
	add(conic.Zero, fixed, at, 1, false)
	add(conic.NonNeg, below, lower, -1, false)
	add(conic.NonNeg, above, upper, 1, true)
	return x
}
