package convex

import (
	"fmt"
	"math"
)

// Norm1 is the sum of absolute values of all entries.
func Norm1(v any) *Expr { return NormAxis(v, 1, AllAxes, false) }

// Norm2 is the Euclidean norm of all entries (of a matrix: the Frobenius norm).
func Norm2(v any) *Expr { return NormAxis(v, 2, AllAxes, false) }

// NormInf is the largest absolute value of all entries.
func NormInf(v any) *Expr {
	return reduce(v, AllAxes, false, func(r reduction) atom { return normInf{reduction: r} })
}

// NormAxis is the p-norm (p = 1, 2 or +Inf) along an axis, or of all entries
// for AllAxes; keepDims leaves the axis with length 1.
func NormAxis(v any, p float64, axis int, keepDims bool) *Expr {
	x := expr(v)
	single := x.shape.single() && (x.shape.rank < 2 || p != 2)
	if x.err == nil && p == 2 && axis == AllAxes && x.shape.rank == 2 && !keepDims {
		x = Flatten(x, ColumnMajor)
	}
	if p != 1 && p != 2 && !math.IsInf(p, 1) {
		return Unsupported(fmt.Sprintf("the %v-norm", p), "norms are 1, 2 and inf", x)
	}
	return reduce(x, axis, keepDims, func(r reduction) atom {
		switch {
		case p == 1 || single: // as cvxpy has it
			return norm1{reduction: r}
		case p == 2:
			return norm2{reduction: r}
		}
		return normInf{reduction: r}
	})
}

// normAtom is what the norms share: convex, never negative, rising where the
// argument is nonnegative.
type normAtom struct {
	convexAtom
	evenAtom
}

type norm1 struct {
	normAtom
	reduction
}

func (norm1) name() string         { return "norm1" }
func (norm1) label(e *Expr) string { return call("norm1", e.args) }
func (a norm1) eval(e *Expr, args [][]float64, out []float64) {
	to := a.to(e.args[0].shape)
	for i, v := range args[0] {
		out[to.at(i)] += math.Abs(v)
	}
}
func (a norm1) lower(c *canon, e *Expr) form {
	return c.absolutes(e).scattered(a.to(e.args[0].shape), e.Size())
}

type normInf struct {
	normAtom
	reduction
}

func (normInf) name() string         { return "norm_inf" }
func (normInf) label(e *Expr) string { return call("norm_inf", e.args) }
func (a normInf) eval(e *Expr, args [][]float64, out []float64) {
	to := a.to(e.args[0].shape)
	for i, v := range args[0] {
		out[to.at(i)] = max(out[to.at(i)], math.Abs(v))
	}
}
func (a normInf) lower(c *canon, e *Expr) form {
	s := e.args[0].shape
	if s.Size() == 0 {
		return form{rows: e.Size()}
	}
	return c.peakOfBoth(e, c.epigraph(e.args[0]), a.to(s), e.Size())
}

type norm2 struct {
	normAtom
	reduction
}

func (norm2) name() string         { return "PnormApprox" }
func (norm2) label(e *Expr) string { return call("PnormApprox", e.args, "2") }
func (a norm2) eval(e *Expr, args [][]float64, out []float64) {
	a.evalRuns(e, args[0], out, func(run []float64) float64 {
		n := 0.0
		for _, v := range run {
			n = math.Hypot(n, v)
		}
		return n
	})
}
func (a norm2) lower(c *canon, e *Expr) form {
	x := c.epigraph(e.args[0])
	order, dim := a.runs(e.args[0].shape)
	if x.rows == 0 {
		return form{rows: e.Size()}
	}
	return c.newVirtual(&virtual{kind: norm, n: e.Size(), node: e, arg: x.gathered(order, x.rows), dim: dim})
}

// unsupported is an atom that only carries its error.
type unsupported struct{ UnsupportedError }

// Unsupported is an expression in error: a stand-in for an atom this package
// lacks, such as exp and log, for which it has no exponential cone.
func Unsupported(feature, reason string, args ...*Expr) *Expr {
	u := unsupported{UnsupportedError{Feature: feature, Reason: reason}}
	return failed(u, &u.UnsupportedError, args...)
}

func (u unsupported) name() string                     { return u.Feature }
func (u unsupported) label(e *Expr) string             { return call(u.Feature, e.args) }
func (unsupported) signs(*Expr) signs                  { return signs{} }
func (unsupported) curve(*Expr) (bool, bool)           { return false, false }
func (unsupported) monotone(*Expr, int) (bool, bool)   { return false, false }
func (unsupported) eval(*Expr, [][]float64, []float64) {}
func (unsupported) lower(c *canon, e *Expr) form       { return form{rows: e.Size()} }
