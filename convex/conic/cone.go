package conic

import "math"

// Second-order cone algebra: Nesterov-Todd scaling, Jordan product and step
// lengths, as in Vandenberghe, "The CVXOPT linear and quadratic cone program
// solvers" (2010). J = diag(1, -I).

// socMargin returns s0 - |s1|.
func socMargin(s []float64) float64 {
	t := 0.0
	for _, v := range s[1:] {
		t += v * v
	}
	return s[0] - math.Sqrt(t)
}

// socDet returns s'Js, computed as a product so that it keeps its digits near
// the boundary.
func socDet(s []float64) float64 {
	t := 0.0
	for _, v := range s[1:] {
		t += v * v
	}
	t = math.Sqrt(t)
	return (s[0] - t) * (s[0] + t)
}

// scaleNT writes to w the unit scaling point (w'Jw = 1) of s and z and returns
// eta: W = eta (2ww' - J)^(1/2) with Wz = W⁻¹s. It fails where s or z is not
// inside the cone.
func scaleNT(s, z, w []float64) (eta float64, ok bool) {
	ds, dz := socDet(s), socDet(z)
	if !(ds > 0 && dz > 0 && s[0] > 0 && z[0] > 0) {
		return 0, false
	}
	rs, rz := 1/math.Sqrt(ds), 1/math.Sqrt(dz)
	// w = (s/|s| + J z/|z|) / (2 gamma), gamma² = (1 + s'z/(|s||z|))/2.
	sz := 0.0
	for i := range s {
		sz += s[i] * z[i]
	}
	gamma := math.Sqrt((1 + sz*rs*rz) / 2)
	h := 1 / (2 * gamma)
	w[0] = h * (s[0]*rs + z[0]*rz)
	t := 0.0
	for i := 1; i < len(s); i++ {
		w[i] = h * (s[i]*rs - z[i]*rz)
		t += w[i] * w[i]
	}
	w[0] = math.Sqrt(1 + t) // w'Jw = 1 exactly
	return math.Sqrt(math.Sqrt(ds / dz)), true
}

// mulW sets out = W v (or W⁻¹ v where inverse). out may be v.
func mulW(eta float64, w, v, out []float64, inverse bool) {
	sign := 1.0
	if inverse {
		sign, eta = -1, 1/eta
	}
	zeta := 0.0
	for i := 1; i < len(w); i++ {
		zeta += w[i] * v[i]
	}
	v0 := v[0]
	c := sign*v0 + zeta/(1+w[0])
	for i := 1; i < len(w); i++ {
		out[i] = eta * (v[i] + c*w[i])
	}
	out[0] = eta * (w[0]*v0 + sign*zeta)
}

// mulW2 sets out = W² v = eta² (2w w'v - Jv), or W⁻² v with Jw for w.
func mulW2(eta float64, w, v, out []float64, inverse bool) {
	sign, e := 1.0, eta*eta
	if inverse {
		sign, e = -1, 1/e
	}
	zeta := 0.0
	for i := 1; i < len(w); i++ {
		zeta += w[i] * v[i]
	}
	c := 2 * (w[0]*v[0] + sign*zeta)
	out[0] = e * (c*w[0] - v[0])
	for i := 1; i < len(w); i++ {
		out[i] = e * (sign*c*w[i] + v[i])
	}
}

// jordan sets out = a ∘ b = (a'b, a0 b1 + b0 a1).
func jordan(a, b, out []float64) {
	d, a0, b0 := dot(a, b), a[0], b[0]
	for i := 1; i < len(a); i++ {
		out[i] = a0*b[i] + b0*a[i]
	}
	out[0] = d
}

// jordanDivide sets out to the x with l ∘ x = v. out may be v.
func jordanDivide(l, v, out []float64) {
	det := socDet(l)
	zeta := 0.0
	for i := 1; i < len(l); i++ {
		zeta += l[i] * v[i]
	}
	x0 := (l[0]*v[0] - zeta) / det
	for i := 1; i < len(l); i++ {
		out[i] = (v[i] - x0*l[i]) / l[0]
	}
	out[0] = x0
}

// socStep returns the largest step in [0, limit] that keeps s + step d in the
// cone.
func socStep(s, d []float64, limit float64) float64 {
	// f(t) = (s + td)'J(s + td) = a t² + 2 b t + c with c > 0: the first
	// positive root.
	a, b := d[0]*d[0], s[0]*d[0]
	for i := 1; i < len(s); i++ {
		a -= d[i] * d[i]
		b -= s[i] * d[i]
	}
	c := max(socDet(s), 0)
	disc := b*b - a*c
	t := limit
	switch {
	case a > 0 && (b >= 0 || disc < 0):
	case a == 0 && b >= 0:
	case disc < 0: // a < 0 has disc > 0
	default:
		root := math.Sqrt(disc)
		var r float64
		if b > 0 { // then a < 0
			r = (-b - root) / a
		} else {
			r = c / (-b + root)
		}
		if r >= 0 {
			t = min(t, r)
		}
	}
	if d[0] < 0 { // the other nappe
		t = min(t, -s[0]/d[0])
	}
	return t
}
