package conic

import "math"

// krylovMost is the largest Krylov space that a solve may use.
const krylovMost = 8

// krylovSpace holds GMRES's vectors.
type krylovSpace struct {
	v [krylovMost + 1][]float64 // orthonormal basis
	z [krylovMost][]float64     // basis times the inverse of the factorised matrix
	h [krylovMost][krylovMost + 1]float64
	c [krylovMost]float64 // rotations
	s [krylovMost]float64
	g [krylovMost + 1]float64
}

// krylov improves sol, whose residual res has the largest entry last, by GMRES
// (Y. Saad, M. Schultz, 1986) preconditioned by the factors. Where a few
// directions of K are hidden by the static shift, refinement needs hundreds of
// steps and this one step for each. It returns the residual reached.
func (k *kkt) krylov(goal, last float64) float64 {
	q := k.space
	if q == nil {
		q = &krylovSpace{}
		for i := range q.v {
			q.v[i] = make([]float64, k.nodes)
		}
		for i := range q.z {
			q.z[i] = make([]float64, k.nodes)
		}
		k.space = q
	}
	beta := math.Sqrt(dot(k.res, k.res))
	if !(beta > 0) || math.IsInf(beta, 1) {
		return last
	}
	for i, r := range k.res {
		q.v[0][i] = r / beta
	}
	clear(q.g[:])
	q.g[0] = beta
	size := 0
	for j := range krylovMost {
		copy(q.z[j], q.v[j])
		k.fac.solve(q.z[j])
		k.stats.Backsolves++
		w := q.v[j+1]
		clear(w)
		k.subtract(q.z[j], w, w) // -K z
		for i := range j + 1 {
			h := -dot(w, q.v[i])
			q.h[j][i] = h
			axpy(h, q.v[i], w)
		}
		norm := math.Sqrt(dot(w, w))
		q.h[j][j+1] = norm
		if norm != norm {
			return last
		}
		for i := range j {
			a, b := q.h[j][i], q.h[j][i+1]
			q.h[j][i], q.h[j][i+1] = q.c[i]*a+q.s[i]*b, q.c[i]*b-q.s[i]*a
		}
		r := math.Hypot(q.h[j][j], norm)
		if !(r > 0) {
			break
		}
		q.c[j], q.s[j] = q.h[j][j]/r, norm/r
		q.h[j][j] = r
		q.g[j], q.g[j+1] = q.c[j]*q.g[j], -q.s[j]*q.g[j]
		size = j + 1
		if math.Abs(q.g[j+1]) <= goal || norm < 1e-14*beta {
			break
		}
		scaleBy(w, -1/norm)
	}
	// Back substitution, and the step.
	for j := size - 1; j >= 0; j-- {
		for i := j + 1; i < size; i++ {
			q.g[j] -= q.h[i][j] * q.g[i]
		}
		q.g[j] /= q.h[j][j]
	}
	copy(k.previous, k.sol)
	for j := range size {
		axpy(q.g[j], q.z[j], k.sol)
	}
	if now := k.residual(); now < last {
		return now
	}
	copy(k.sol, k.previous)
	return last
}
