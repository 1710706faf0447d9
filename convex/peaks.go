package convex

import (
	"math"
	"slices"
	"strconv"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// The atoms of this file are the largest (or smallest) of several affine
// things: absolute values, maxima, minima and the norms 1 and infinity.

// Abs is the absolute value of each entry.
func Abs(v any) *Expr { x := expr(v); return newNode(absolute{}, x.shape, x) }

// Pos is the positive part of each entry, max(x, 0).
func Pos(v any) *Expr { return Maximum(v, 0) }

// Neg is the negative part of each entry, max(-x, 0), a convex function. (For
// -x see Negate.)
func Neg(v any) *Expr { return Minimum(v, 0).Negate() }

// Maximum is the entrywise largest of the operands.
func Maximum(vs ...any) *Expr { return extremum(maximum{}, vs) }

// Minimum is the entrywise smallest of the operands.
func Minimum(vs ...any) *Expr { return extremum(minimum{}, vs) }

func extremum(a atom, vs []any) *Expr {
	args := exprs(vs)
	shapes := make([]Shape, len(args))
	for i, x := range args {
		if x.err != nil {
			return failed(a, x.err, args...)
		}
		shapes[i] = x.shape
	}
	shape, ok := broadcastShapes(shapes...)
	if !ok || len(args) == 0 {
		return clash(a, args...)
	}
	return newNode(a, shape, args...)
}

// Max is the largest entry.
func Max(v any) *Expr { return MaxAxis(v, AllAxes, false) }

// Min is the smallest entry.
func Min(v any) *Expr { return MinAxis(v, AllAxes, false) }

// MaxAxis is the largest entry along an axis; see SumAxis.
func MaxAxis(v any, axis int, keepDims bool) *Expr {
	return nonempty(reduce(v, axis, keepDims, func(r reduction) atom { return largest{r} }))
}

// MinAxis is the smallest entry along an axis; see SumAxis.
func MinAxis(v any, axis int, keepDims bool) *Expr {
	return nonempty(reduce(v, axis, keepDims, func(r reduction) atom { return smallest{r} }))
}

func nonempty(e *Expr) *Expr {
	if e.err == nil && e.args[0].Size() == 0 {
		return failed(e.atom, &ShapeError{Op: e.Op(), Shapes: []Shape{e.args[0].shape}, Reason: "there are no entries"}, e.args...)
	}
	return e
}

// convexAtom and concaveAtom give an atom its curvature.
type convexAtom struct{}

func (convexAtom) curve(*Expr) (bool, bool) { return true, false }

type concaveAtom struct{}

func (concaveAtom) curve(*Expr) (bool, bool) { return false, true }

// risingAtom never falls in any argument.
type risingAtom struct{}

func (risingAtom) monotone(*Expr, int) (bool, bool) { return true, false }

// evenAtom rises where its argument is nonnegative and falls where it is
// nonpositive, and is never negative itself.
type evenAtom struct{}

func (evenAtom) monotone(e *Expr, i int) (bool, bool) {
	return e.args[i].sign.nonneg, e.args[i].sign.nonpos
}
func (evenAtom) signs(*Expr) signs { return signs{nonneg: true} }

type absolute struct {
	convexAtom
	evenAtom
}

func (absolute) name() string         { return "abs" }
func (absolute) label(e *Expr) string { return call("abs", e.args) }
func (absolute) eval(_ *Expr, args [][]float64, out []float64) {
	for i, v := range args[0] {
		out[i] = math.Abs(v)
	}
}
func (absolute) lower(c *canon, e *Expr) form { return c.absolutes(e) }

// absolutes is the absolute value of each entry of e's argument; nothing new
// where its sign is known.
func (c *canon) absolutes(e *Expr) form {
	x := e.args[0]
	switch {
	case x.sign.nonneg:
		return c.form(x)
	case x.sign.nonpos:
		return c.form(x).scaled(-1)
	}
	return c.peakOfBoth(e, c.epigraph(x), from(0), x.Size())
}

// peakOfBoth is the largest of x and -x among the entries sent to each place.
func (c *canon) peakOfBoth(e *Expr, x form, to seq, n int) form {
	return c.newVirtual(&virtual{kind: peak, n: n, node: e, peaks: []branch{{x, to}, {x.scaled(-1), to}}})
}

type maximum struct {
	convexAtom
	risingAtom
}

func (maximum) name() string         { return "maximum" }
func (maximum) label(e *Expr) string { return call("maximum", e.args) }
func (maximum) signs(e *Expr) signs {
	s := signs{false, true}
	for _, a := range e.args {
		s.nonneg, s.nonpos = s.nonneg || a.sign.nonneg, s.nonpos && a.sign.nonpos
	}
	return s
}
func (maximum) eval(e *Expr, args [][]float64, out []float64) { evalExtremum(e, args, out, math.Max) }
func (maximum) lower(c *canon, e *Expr) form                  { return c.largestOf(e, 1) }

type minimum struct {
	concaveAtom
	risingAtom
}

func (minimum) name() string         { return "minimum" }
func (minimum) label(e *Expr) string { return call("minimum", e.args) }
func (minimum) signs(e *Expr) signs {
	s := signs{true, false}
	for _, a := range e.args {
		s.nonneg, s.nonpos = s.nonneg && a.sign.nonneg, s.nonpos || a.sign.nonpos
	}
	return s
}
func (minimum) eval(e *Expr, args [][]float64, out []float64) { evalExtremum(e, args, out, math.Min) }
func (minimum) lower(c *canon, e *Expr) form                  { return c.largestOf(e, -1).scaled(-1) }

func evalExtremum(e *Expr, args [][]float64, out []float64, pick func(a, b float64) float64) {
	for k, a := range args {
		at := broadcast{to: e.shape}.sources(e.args[k].shape)
		for i := range out {
			if v := a[at.at(i)]; k == 0 {
				out[i] = v
			} else {
				out[i] = pick(out[i], v)
			}
		}
	}
}

// largestOf is the entrywise largest of sign times each argument.
func (c *canon) largestOf(e *Expr, sign float64) form {
	v := &virtual{kind: peak, n: e.Size(), node: e}
	for _, a := range e.args {
		arg := c.epigraph(a).gathered(broadcast{to: e.shape}.sources(a.shape), v.n)
		v.peaks = append(v.peaks, branch{arg.scaled(sign), from(0)})
	}
	return c.newVirtual(v)
}

type largest struct{ reduction }

func (largest) name() string                     { return "max" }
func (a largest) label(e *Expr) string           { return call("max", e.args, axisLabel(a.axis, a.keep)...) }
func (largest) signs(e *Expr) signs              { return e.args[0].sign }
func (largest) curve(*Expr) (bool, bool)         { return true, false }
func (largest) monotone(*Expr, int) (bool, bool) { return true, false }
func (a largest) eval(e *Expr, args [][]float64, out []float64) {
	a.evalRuns(e, args[0], out, slices.Max[[]float64])
}
func (a largest) lower(c *canon, e *Expr) form {
	return c.newVirtual(&virtual{kind: peak, n: e.Size(), node: e,
		peaks: []branch{{c.epigraph(e.args[0]), a.to(e.args[0].shape)}}})
}

type smallest struct{ reduction }

func (smallest) name() string                     { return "min" }
func (a smallest) label(e *Expr) string           { return call("min", e.args, axisLabel(a.axis, a.keep)...) }
func (smallest) signs(e *Expr) signs              { return e.args[0].sign }
func (smallest) curve(*Expr) (bool, bool)         { return false, true }
func (smallest) monotone(*Expr, int) (bool, bool) { return true, false }
func (a smallest) eval(e *Expr, args [][]float64, out []float64) {
	a.evalRuns(e, args[0], out, slices.Min[[]float64])
}
func (a smallest) lower(c *canon, e *Expr) form {
	return c.newVirtual(&virtual{kind: peak, n: e.Size(), node: e,
		peaks: []branch{{c.epigraph(e.args[0]).scaled(-1), a.to(e.args[0].shape)}}}).scaled(-1)
}

// evalRuns applies f to the entries that belong to each result.
func (r reduction) evalRuns(e *Expr, arg, out []float64, f func([]float64) float64) {
	order, dim := r.runs(e.args[0].shape)
	run := make([]float64, dim)
	for i := range out {
		for j := range run {
			run[j] = arg[order.at(i*dim+j)]
		}
		out[i] = f(run)
	}
}

// SumLargest is the sum of the k largest entries.
func SumLargest(v any, k int) *Expr {
	x := expr(v)
	a := sumLargest{k: k}
	if x.err == nil && (k < 1 || k > x.Size()) {
		return failed(a, &ShapeError{Op: "sum_largest", Shapes: []Shape{x.shape}, Reason: "the second argument must be a number of entries"}, x)
	}
	return newNode(a, Scalar, x)
}

// SumSmallest is the sum of the k smallest entries.
func SumSmallest(v any, k int) *Expr { return SumLargest(expr(v).Negate(), k).Negate() }

type sumLargest struct {
	convexAtom
	risingAtom
	k int
}

func (sumLargest) name() string { return "sum_largest" }
func (a sumLargest) label(e *Expr) string {
	return call("sum_largest", e.args, append([]string{strconv.Itoa(a.k)}, axisLabel(AllAxes, false)...)...)
}
func (sumLargest) signs(e *Expr) signs { return e.args[0].sign }
func (a sumLargest) eval(_ *Expr, args [][]float64, out []float64) {
	sorted := slices.Sorted(slices.Values(args[0]))
	for _, v := range sorted[len(sorted)-a.k:] {
		out[0] += v
	}
}

// lower uses sum of the k largest = min over s of k s + sum max(x - s, 0).
func (a sumLargest) lower(c *canon, e *Expr) form {
	x := c.epigraph(e.args[0])
	s := columns(c.newColumns(1, e), 1)
	t := columns(c.newColumns(x.rows, e), x.rows)
	c.rows(conic.NonNeg, t.scaled(-1))
	c.rows(conic.NonNeg, sum(x, s.gathered(same(0), x.rows).scaled(-1), t.scaled(-1)))
	return sum(s.scaled(float64(a.k)), t.scattered(same(0), 1))
}

// Huber is x^2 for |x| <= m and 2 m |x| - m^2 beyond, of each entry; m > 0.
func Huber(v any, m float64) *Expr {
	x := expr(v)
	if x.err == nil && !(m > 0) {
		return failed(huber{m: m}, &ShapeError{Op: "huber", Shapes: []Shape{x.shape}, Reason: "M must be a positive scalar"}, x)
	}
	return newNode(huber{m: m}, x.shape, x)
}

type huber struct {
	convexAtom
	evenAtom
	m float64
}

func (huber) name() string           { return "huber" }
func (a huber) label(e *Expr) string { return call("huber", e.args, constant1(a.m).String()) }
func (a huber) eval(_ *Expr, args [][]float64, out []float64) {
	for i, v := range args[0] {
		if v = math.Abs(v); v <= a.m {
			out[i] = v * v
		} else {
			out[i] = a.m * (2*v - a.m)
		}
	}
}

// lower uses huber(x) = min over s of (x - s)^2 + 2 m |s|.
func (a huber) lower(c *canon, e *Expr) form {
	x := c.epigraph(e.args[0])
	n := e.Size()
	s := columns(c.newColumns(n, e), n)
	near := c.newVirtual(&virtual{kind: square, n: n, node: e, arg: sum(x, s.scaled(-1))})
	return sum(near, c.peakOfBoth(e, s, from(0), n).scaled(2*a.m))
}
