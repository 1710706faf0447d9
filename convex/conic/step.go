package conic

import "math"

// scaling computes the Nesterov-Todd scaling at the iterate.
func (m *ipm) scaling() bool {
	f, it, k := m.f, &m.at, m.k
	for i := range f.sides {
		k.h[i] = it.z[i] / it.s[i]
	}
	for i, c := range f.soc {
		lo, hi := c.lo, c.hi
		eta, ok := scaleNT(it.sc[lo:hi], it.zc[lo:hi], k.w[lo:hi])
		if !ok {
			return false
		}
		k.eta[i] = eta
		mulW(eta, k.w[lo:hi], it.zc[lo:hi], m.lambda[lo:hi], false)
	}
	return true
}

// advance takes one predictor-corrector step and returns its length.
func (m *ipm) advance() float64 {
	f, it := m.f, &m.at
	if m.embedded {
		m.k.solve(m.constant(1, 1), m.exact(), thorough, &m.along)
	}
	// Predictor: to complementarity zero.
	m.direct(0, it.tau*it.kappa, complementarity{it.s, it.z}, complementarity{it.sc, it.zc}, rough, &m.aff)
	primal, dual := m.longest(&m.aff)
	sigma := 0.0
	if m.mu > 0 {
		left := m.affineMu(min(1, primal), min(1, dual)) / m.mu
		sigma = left * left * left
	}
	target := sigma * m.mu

	// Corrector: to the central path, with the second-order term.
	for i, s := range it.s[:f.sides] {
		c := m.aff.s[i]*m.aff.z[i] - target
		z := it.z[i]
		m.side.h[i] = s + c/z
		m.side.hz[i] = z + c/s
	}
	m.coneCorrection(target)
	m.direct(sigma, it.tau*it.kappa+m.aff.dt*m.aff.dk-target, m.side, m.cone, thorough, &m.dir)
	primal, dual = m.longest(&m.dir)
	primal, dual = m.together(min(1, 0.99*primal), min(1, 0.99*dual))
	m.take(&m.dir, primal, dual)
	return min(primal, dual)
}

// together makes the primal and the dual step equal where they have to be: the
// embedding couples them, and so does P, because unequal steps leave
// (primal - dual) P dx in the dual residual. That may stay where it is small.
func (m *ipm) together(primal, dual float64) (float64, float64) {
	if !m.embedded && primal != dual && len(m.f.pIdx) > 0 {
		left := m.along.x // free without the embedding
		m.mulP(m.dir.x, left)
		if math.Abs(primal-dual)*maxAbs(left) > 0.1*maxAbs(m.rx) {
			primal = min(primal, dual)
			dual = primal
		}
	}
	return primal, dual
}

// affineMu is the complementarity after the predictor's steps.
func (m *ipm) affineMu(primal, dual float64) float64 {
	f, it := m.f, &m.at
	sum := 0.0
	for i, s := range it.s[:f.sides] {
		sum += (s + primal*m.aff.s[i]) * (it.z[i] + dual*m.aff.z[i])
	}
	for i, s := range it.sc {
		sum += (s + primal*m.aff.sc[i]) * (it.zc[i] + dual*m.aff.zc[i])
	}
	d := m.degree
	if m.embedded {
		sum += (it.tau + primal*m.aff.dt) * (it.kappa + dual*m.aff.dk)
		d++
	}
	return sum / d
}

// coneCorrection sets the complementarity of each cone for the corrector.
func (m *ipm) coneCorrection(target float64) {
	f, k, it := m.f, m.k, &m.at
	for i, cone := range f.soc {
		lo, hi := cone.lo, cone.hi
		eta, w, l := k.eta[i], k.w[lo:hi], m.lambda[lo:hi]
		a, b, c := m.one[0][:hi-lo], m.one[1][:hi-lo], m.one[2][:hi-lo]
		mulW(eta, w, m.aff.sc[lo:hi], a, true)
		mulW(eta, w, m.aff.zc[lo:hi], b, false)
		jordan(a, b, c)
		c[0] -= target
		jordanDivide(l, c, c)
		mulW(eta, w, c, a, false)
		mulW(eta, w, c, b, true)
		for t := range a {
			m.cone.h[lo+t] = it.sc[lo+t] + a[t]
			m.cone.hz[lo+t] = it.zc[lo+t] + b[t]
		}
	}
}

// complementarity is what S/Z dz + ds = -h asks, in both spaces: see slackRHS.
type complementarity struct{ h, hz []float64 }

// exact is the goal for solutions that have no iterate to be measured by.
func (m *ipm) exact() float64 { return 1e-13 + 1e-12*max(maxAbs(m.f.q), maxAbs(m.f.b)) }

// constant is the right-hand side (-q, b) with factors.
func (m *ipm) constant(q, b float64) newtonRHS {
	f := m.f
	return newtonRHS{x: f.q, xBy: -q, l: f.b[:f.rows], by: b,
		side: slackRHS{f.rhs[:f.sides], m.zero, m.zero}, cone: slackRHS{f.b[f.rows:], m.zero, m.zero}}
}

// direct solves for the direction that reduces all residuals by 1 - sigma and
// meets the complementarity of sides and cones and, for tau, hk.
func (m *ipm) direct(sigma, hk float64, side, cone complementarity, e effort, out *direction) {
	f := m.f
	r := 1 - sigma
	rhs := newtonRHS{x: m.rx, xBy: -r, l: m.rl, by: -r,
		side: slackRHS{m.rs[:f.sides], side.h, side.hz}, cone: slackRHS{m.rc, cone.h, cone.hz}}
	// What the linear system leaves over adds to the residuals of the next
	// iterate: a part of the present ones is soon enough.
	left := max(maxAbs(m.rx), maxAbs(m.rl), maxAbs(m.rs[:f.sides]), maxAbs(m.rc))
	goal := max(1e-3*left, 1e-11)
	if left < 1e-10 && m.now.cross > 1e-8 { // tiny residuals still matter: huge multipliers
		goal = 1e-14
	}
	m.k.solve(rhs, goal, e, out)
	out.dt, out.dk = 0, 0
	if m.embedded {
		m.embed(r, hk, out)
	}
}

// embed adds the part of the direction along tau.
func (m *ipm) embed(r, hk float64, out *direction) {
	f, it := m.f, &m.at
	c := &m.along
	// With xi = x/tau:
	// dtau (kappa/tau - q'x2 - b'z2 + xi'Pxi - 2 xi'P x2) =
	//   r rtau - hk/tau + q'x1 + b'z1 + 2 xi'P x1.
	num := r*m.rtau - hk/it.tau + dot(f.q, out.x) + m.dotB(out)
	den := it.kappa/it.tau - dot(f.q, c.x) - m.dotB(c) + m.xPx/(it.tau*it.tau)
	if len(f.pIdx) > 0 {
		num += 2 * dot(m.px, out.x) / it.tau
		den -= 2 * dot(m.px, c.x) / it.tau
	}
	dt := num / den
	out.dt = dt
	out.dk = -(hk + it.kappa*dt) / it.tau
	axpy(dt, c.x, out.x)
	axpy(dt, c.y, out.y)
	axpy(dt, c.z[:f.sides], out.z)
	axpy(dt, c.zc, out.zc)
	axpy(dt, c.s[:f.sides], out.s)
	axpy(dt, c.sc, out.sc)
}

// dotB returns b'z over all rows.
func (m *ipm) dotB(d *direction) float64 {
	f := m.f
	sum := 0.0
	for l, eq := range f.isEq {
		if eq {
			sum += f.b[l] * d.y[l]
		}
	}
	return sum + dot(f.rhs[:f.sides], d.z) + dot(f.b[f.rows:], d.zc)
}

// longest returns the largest primal and dual steps along the direction that
// stay in the cone, at most maxStep; with the embedding, one step for both.
func (m *ipm) longest(d *direction) (primal, dual float64) {
	const maxStep = 1 / 0.99
	f, it := m.f, &m.at
	primal, dual = maxStep, maxStep
	for i, s := range it.s[:f.sides] {
		if v := d.s[i]; s < -v*primal {
			primal = s / -v
		}
		if v := d.z[i]; it.z[i] < -v*dual {
			dual = it.z[i] / -v
		}
	}
	for _, c := range f.soc {
		lo, hi := c.lo, c.hi
		primal = socStep(it.sc[lo:hi], d.sc[lo:hi], primal)
		dual = socStep(it.zc[lo:hi], d.zc[lo:hi], dual)
	}
	if m.embedded {
		if it.tau < -d.dt*primal {
			primal = it.tau / -d.dt
		}
		if it.kappa < -d.dk*dual {
			dual = it.kappa / -d.dk
		}
		primal = min(primal, dual)
		dual = primal
	}
	return primal, dual
}

func (m *ipm) take(d *direction, primal, dual float64) {
	f, it := m.f, &m.at
	axpy(primal, d.x, it.x)
	axpy(dual, d.y, it.y)
	axpy(dual, d.z[:f.sides], it.z)
	axpy(dual, d.zc, it.zc)
	axpy(primal, d.s[:f.sides], it.s)
	axpy(primal, d.sc, it.sc)
	it.tau += primal * d.dt
	it.kappa += dual * d.dk
}
