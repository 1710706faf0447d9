package convex

import "math"

// thetaTable is the data a canonical form is affine in: the values of the
// model's expressions without variables, products of them where a parameter
// multiplies another's coefficient, and square roots of them for cones.
// Entries only refer to earlier ones.
type thetaTable struct {
	n      int
	defs   []thetaDef
	byExpr map[*Expr]int
}

// thetaDef defines a run of entries in one of three ways.
type thetaDef struct {
	first, n int
	expr     *Expr      // the entries of an expression, or
	a, b     seq        // theta[a[i]] * theta[b[i]], or
	roots    [][]affine // the root of each sum; -1 where it is negative
}

// affine is a term value * theta[par].
type affine struct {
	par   int32
	value float64
}

func (t *thetaTable) add(d thetaDef) int {
	d.first = t.n
	t.defs = append(t.defs, d)
	t.n += d.n
	return d.first
}

// of is the first entry for the values of e.
func (t *thetaTable) of(e *Expr) int {
	if first, ok := t.byExpr[e]; ok {
		return first
	}
	if t.byExpr == nil {
		t.byExpr = map[*Expr]int{}
	}
	first := t.add(thetaDef{n: e.Size(), expr: e})
	t.byExpr[e] = first
	return first
}

// product is the sequence of entries theta[a[i]] * theta[b[i]].
func (t *thetaTable) product(a, b seq, n int) seq {
	if a.list == nil && a.step == 0 && a.first == none {
		return b
	}
	if b.list == nil && b.step == 0 && b.first == none {
		return a
	}
	return from(t.add(thetaDef{n: n, a: a, b: b}))
}

// evaluate fills theta from the values of the parameters.
func (t *thetaTable) evaluate(theta []float64, values func(*Expr) []float64) error {
	v := evaluator{leaf: values, memo: map[*Expr][]float64{}}
	for _, d := range t.defs {
		out := theta[d.first : d.first+d.n]
		switch {
		case d.expr != nil:
			have, err := v.value(d.expr)
			if err == nil {
				err = claimed(d.expr, have)
			}
			if err != nil {
				return err
			}
			copy(out, have)
		case d.roots != nil:
			for i, terms := range d.roots {
				out[i] = root(sumAffine(terms, theta))
			}
		default:
			for i := range out {
				out[i] = at(theta, d.a.at(i)) * at(theta, d.b.at(i))
			}
		}
	}
	return nil
}

// at is theta[par], or 1 for the parameter none.
func at(theta []float64, par int32) float64 {
	if par == none {
		return 1
	}
	return theta[par]
}

func sumAffine(terms []affine, theta []float64) float64 {
	s := 0.0
	for _, a := range terms {
		s += a.value * at(theta, a.par)
	}
	return s
}

// root is the square root, and -1 for a negative number: as the radius of a
// cone it makes the row what it is, infeasible.
func root(v float64) float64 {
	if v < 0 {
		return -1
	}
	return math.Sqrt(v)
}
