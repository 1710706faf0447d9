package conic

import (
	"fmt"
	"math"
)

// Report is what an independent look at a result finds. It is computed from
// the problem as given and from X, S and Z alone, with none of the solver's
// own arithmetic.
type Report struct {
	Status Status

	// Primal is the largest violation of Ax + s = b and of s ∈ K, Dual that of
	// Px + q + A'z = 0 and of z ∈ K*, divided by the size of the terms that
	// cancel: max(1, |b|, |s|, |Ax|) and max(1, |q|, |Px|, |A'z|).
	Primal, Dual float64
	// PrimalStrict and DualStrict are the same divided by 1+|b| and 1+|q|.
	PrimalStrict, DualStrict float64
	// Gap is |½x'Px + q'x - (-½x'Px - b'z)| / (1 + min of both).
	Gap float64
	// Cross bounds what the residuals can hide in the objective: the sums of
	// |x| times the dual and |z| times the primal residual, by 1 + |objective|.
	// Small residuals prove nothing about the objective where x is large.
	Cross float64
	// Proof is the residual of a proof of infeasibility, normalised to
	// b'z = -1 or q'x = -1.
	Proof float64

	Objective, DualObjective float64
}

// OK returns nil where the result proves what its status says to the relative
// tolerance tol, and otherwise names the test that failed.
func (r Report) OK(tol float64) error {
	fail := func(what string, v float64) error {
		return fmt.Errorf("conic: %s: %s is %.3g, more than %g", r.Status, what, v, tol)
	}
	switch r.Status {
	case Solved:
		switch {
		case !(r.Primal <= tol):
			return fail("the primal residual", r.Primal)
		case !(r.Dual <= tol):
			return fail("the dual residual", r.Dual)
		case !(r.PrimalStrict <= tol):
			return fail("the primal residual against 1+|b|", r.PrimalStrict)
		case !(r.DualStrict <= tol):
			return fail("the dual residual against 1+|q|", r.DualStrict)
		case !(r.Gap <= tol):
			return fail("the gap", r.Gap)
		case !(r.Cross <= tol):
			return fail("what the residuals may hide in the objective", r.Cross)
		}
		return nil
	case PrimalInfeasible, DualInfeasible:
		if !(r.Proof <= tol) {
			return fail("the residual of the proof", r.Proof)
		}
		return nil
	}
	return r.Status.Err()
}

// Check verifies a result against its problem.
func Check(p *Problem, res *Result) Report {
	r := Report{Status: res.Status}
	switch res.Status {
	case PrimalInfeasible:
		r.Proof = primalProof(p, res.Z)
		return r
	case DualInfeasible:
		r.Proof = dualProof(p, res.X, res.S)
		return r
	}
	if len(res.X) != len(p.Q) || len(res.S) != len(p.B) || len(res.Z) != len(p.B) {
		inf := math.Inf(1)
		r.Primal, r.Dual, r.PrimalStrict, r.DualStrict, r.Gap, r.Cross = inf, inf, inf, inf, inf, inf
		return r
	}
	ax, px, atz := mulA(p.A, res.X), mulSym(p.P, res.X), mulAT(p.A, res.Z)
	var rp, rd, cross float64
	for i, b := range p.B {
		v := math.Abs(ax[i] + res.S[i] - b)
		rp = max(rp, v)
		cross += v * math.Abs(res.Z[i])
	}
	for j, q := range p.Q {
		v := math.Abs(px[j] + q + atz[j])
		rd = max(rd, v)
		cross += v * math.Abs(res.X[j])
	}
	rp = nanMax(rp, coneViolation(p, res.S, false))
	rd = nanMax(rd, coneViolation(p, res.Z, true))
	xPx, qx, bz := dot(res.X, px), dot(p.Q, res.X), dot(p.B, res.Z)
	r.Objective, r.DualObjective = xPx/2+qx, -xPx/2-bz
	size := 1 + min(math.Abs(r.Objective), math.Abs(r.DualObjective))
	r.Primal = rp / max(1, maxAbs(p.B), maxAbs(res.S), maxAbs(ax))
	r.Dual = rd / max(1, maxAbs(p.Q), maxAbs(px), maxAbs(atz))
	r.PrimalStrict, r.DualStrict = rp/(1+maxAbs(p.B)), rd/(1+maxAbs(p.Q))
	r.Gap = math.Abs(r.Objective-r.DualObjective) / size
	r.Cross = cross / size
	return r
}

// primalProof returns how far z is from proving that no x is feasible.
func primalProof(p *Problem, z []float64) float64 {
	if len(z) != len(p.B) {
		return math.Inf(1)
	}
	bz := dot(p.B, z)
	if !(bz < 0) {
		return math.Inf(1)
	}
	return nanMax(maxAbs(mulAT(p.A, z)), coneViolation(p, z, true)) / -bz
}

// dualProof returns how far x and s are from proving that the objective falls
// without bound.
func dualProof(p *Problem, x, s []float64) float64 {
	if len(x) != len(p.Q) || len(s) != len(p.B) {
		return math.Inf(1)
	}
	qx := dot(p.Q, x)
	if !(qx < 0) {
		return math.Inf(1)
	}
	v := nanMax(maxAbs(mulSym(p.P, x)), coneViolation(p, s, false))
	for i, ax := range mulA(p.A, x) {
		v = nanMax(v, math.Abs(ax+s[i]))
	}
	return v / -qx
}

// coneViolation returns how far v is outside the cones or, for multipliers,
// outside the dual cones.
func coneViolation(p *Problem, v []float64, dual bool) float64 {
	worst := 0.0
	eachCone(p, func(c Cone, first int) {
		part := v[first : first+c.Dim]
		switch {
		case c.Dim == 0:
		case c.Kind == Zero && !dual:
			worst = nanMax(worst, maxAbs(part))
		case c.Kind == NonNeg:
			for _, x := range part {
				worst = nanMax(worst, -x)
			}
		case c.Kind == SOC:
			norm := 0.0
			for _, x := range part[1:] {
				norm = math.Hypot(norm, x)
			}
			worst = nanMax(worst, norm-part[0])
		}
	})
	return worst
}

// nanMax is the larger of a and b, and NaN where b is.
func nanMax(a, b float64) float64 {
	if b != b {
		return b
	}
	return max(a, b)
}

func mulA(a *CSC, x []float64) []float64 {
	out := make([]float64, a.Rows)
	for j, xj := range x {
		for k := a.ColPtr[j]; k < a.ColPtr[j+1]; k++ {
			out[a.RowIdx[k]] += a.Val[k] * xj
		}
	}
	return out
}

func mulAT(a *CSC, z []float64) []float64 {
	out := make([]float64, a.Cols)
	for j := range out {
		for k := a.ColPtr[j]; k < a.ColPtr[j+1]; k++ {
			out[j] += a.Val[k] * z[a.RowIdx[k]]
		}
	}
	return out
}

// mulSym multiplies by a symmetric matrix of which the upper triangle is
// stored; nil is zero.
func mulSym(p *CSC, x []float64) []float64 {
	out := make([]float64, len(x))
	if p == nil {
		return out
	}
	for j := range p.Cols {
		for k := p.ColPtr[j]; k < p.ColPtr[j+1]; k++ {
			i, v := p.RowIdx[k], p.Val[k]
			out[j] += v * x[i]
			if i != j {
				out[i] += v * x[j]
			}
		}
	}
	return out
}
