package conic

import (
	"context"
	"math"
	"time"
)

// iterate is a point of the method: with the embedding, of the homogeneous
// problem (tau, kappa free), without it tau = 1, kappa = 0.
type iterate struct {
	x, y       []float64 // y: multipliers of linear rows; of ranges, the sum of their sides
	s, z       []float64 // sides
	sc, zc     []float64 // cone rows
	tau, kappa float64
}

func newIterate(n, rows, sides, cone int) iterate {
	return iterate{x: make([]float64, n), y: make([]float64, rows), s: make([]float64, sides), z: make([]float64, sides), sc: make([]float64, cone), zc: make([]float64, cone)}
}

func (a *iterate) copyFrom(b *iterate) {
	copy(a.x, b.x)
	copy(a.y, b.y)
	copy(a.s, b.s)
	copy(a.z, b.z)
	copy(a.sc, b.sc)
	copy(a.zc, b.zc)
	a.tau, a.kappa = b.tau, b.kappa
}

// ipm runs the interior-point method on a form.
type ipm struct {
	f   *form
	k   *kkt
	set Settings

	at, best  iterate
	bestMerit float64
	embedded  bool
	degree    float64 // of the barrier, tau apart
	iter      int

	// residuals at the iterate
	rx, rl, rs, rc  []float64
	v, w, px, atz   []float64 // multipliers of all rows; A x; P x; A'z with sides
	rtau            float64
	xPx, qx, bz, mu float64
	m               measures
	rhs             newtonRHS
	aff, dir        direction
	along           direction // of tau: the solution for the constant right-hand side
	lambda          []float64 // scaled points of the cones
	coneTmp         [3][]float64
}

// measures are the unscaled quality of the iterate, divided by tau.
type measures struct {
	primal, dual, gap       float64 // relative
	primalStrict            float64 // against 1+|b| alone
	dualStrict              float64
	cross                   float64 // |x|'|rd| + |z|'|rp| relative to the objective
	objective, dualObj      float64
	primalProof, dualProof  float64 // residual of a proof, +Inf where there is none
	absPrimal, absDual, abs float64
}

func newIPM(f *form, k *kkt, set Settings) *ipm {
	n, l, sd, c := f.n, f.rows, len(f.carrier), f.coneRows
	vec := func(k int) []float64 { return make([]float64, k) }
	dir := func() direction {
		return direction{x: vec(n), y: vec(l), z: vec(sd), zc: vec(c), s: vec(sd), sc: vec(c)}
	}
	slack := func(k int) slackRHS { return slackRHS{vec(k), vec(k), vec(k)} }
	m := &ipm{f: f, k: k, set: set, at: newIterate(n, l, sd, c), best: newIterate(n, l, sd, c),
		rx: vec(n), rl: vec(l), rs: vec(sd), rc: vec(c), v: vec(l + c), w: vec(l + c), px: vec(n), atz: vec(n),
		rhs: newtonRHS{x: vec(n), l: vec(l), side: slack(sd), cone: slack(c)}, aff: dir(), dir: dir(), along: dir(), lambda: vec(c)}
	widest := 0
	for i := range f.dim {
		widest = max(widest, int(f.dim[i]))
	}
	for i := range m.coneTmp {
		m.coneTmp[i] = vec(widest)
	}
	return m
}

// attempt is one way of running the method.
type attempt struct {
	embedded bool
	push     float64 // distance of the initial point from the boundary of the cones
	most     int     // iterations
}

// attempts are made one after another until one ends in an answer. Without the
// embedding an iteration needs one back-substitution less and seldom more
// iterations; where multipliers are huge, the usual initial point lies too close
// to the boundary and steps stay short; the embedding is what finds proofs where
// neither the primal nor the dual diverges by itself.
var attempts = []attempt{{false, 1, 60}, {false, 1e3, 80}, {true, 1, math.MaxInt}}

// solve runs the attempts within the limits and returns the status; the iterate
// is in m.at.
func (m *ipm) solve(ctx context.Context) Status {
	var deadline time.Time
	if m.set.TimeLimit > 0 {
		deadline = time.Now().Add(m.set.TimeLimit)
	}
	m.iter, m.bestMerit = 0, math.Inf(1)
	status := Unsolved
	for _, a := range attempts {
		if m.set.Embedding && !a.embedded {
			continue
		}
		if status = m.run(ctx, deadline, a); status != NumericalTrouble {
			break
		}
	}
	switch status {
	case Solved, PrimalInfeasible, DualInfeasible:
		return status
	}
	// Back to the best point seen.
	if !math.IsInf(m.bestMerit, 1) {
		m.at.copyFrom(&m.best)
		m.residuals()
		m.measure()
	}
	if status != Cancelled && m.almost() {
		return AlmostSolved
	}
	return status
}

// run makes one attempt. NumericalTrouble means that another one may do better.
func (m *ipm) run(ctx context.Context, deadline time.Time, a attempt) Status {
	m.embedded = a.embedded
	m.degree = float64(m.f.sides)
	for _, d := range m.f.dim {
		if d > 0 {
			m.degree++
		}
	}
	m.start(a.push)
	short, idle := 0, 0 // steps that were short; iterations since the last progress
	least := math.Inf(1)
	for it := 0; ; it++ {
		m.residuals()
		m.measure()
		if status := m.converged(); status != Unsolved {
			return status
		}
		merit := m.merit()
		if progress := min(merit, m.m.primalProof/m.set.InfeasTol, m.m.dualProof/m.set.InfeasTol); progress < 0.9*least {
			least, idle = progress, 0
		} else {
			idle++
		}
		m.keepBest(merit)
		switch {
		case math.IsNaN(merit), it >= a.most, idle >= 20, !a.embedded && a.push == 1 && short >= 6, short >= 30:
			return NumericalTrouble
		case ctx.Err() != nil:
			return Cancelled
		case !deadline.IsZero() && time.Now().After(deadline):
			return TimeLimit
		case m.iter >= m.set.MaxIterations:
			return IterationLimit
		}
		if !m.scaling() {
			return NumericalTrouble
		}
		m.k.update()
		m.iter++
		step := m.advance()
		switch {
		case math.IsNaN(step):
			return NumericalTrouble
		case step < 1e-4:
			short += 10
		case step < 0.25:
			short++
		}
	}
}

// merit is the largest test quantity in units of its tolerance.
func (m *ipm) merit() float64 {
	q := &m.m
	return max(q.primal/m.set.FeasTol, q.dual/m.set.FeasTol, q.gap/m.set.GapTol)
}

// keepBest remembers the iterate where it is the best so far and not far from a
// solution.
func (m *ipm) keepBest(merit float64) {
	if merit < m.bestMerit && merit < 1e5 {
		m.bestMerit = merit
		m.best.copyFrom(&m.at)
	}
}

// multipliers gathers the multipliers of all rows into v.
func (m *ipm) multipliers(it *iterate) {
	f := m.f
	for l, eq := range f.isEq {
		if eq {
			m.v[l] = it.y[l]
		} else {
			m.v[l] = 0
		}
	}
	for i, c := range f.carrier[:f.sides] {
		if int(c) >= f.n {
			m.v[int(c)-f.n] += f.sign[i] * it.z[i]
		}
	}
	copy(m.v[f.rows:], it.zc)
}

// products sets w = A x, atz = A'v and px = P x.
func (m *ipm) products(x []float64) {
	f := m.f
	clear(m.w)
	w, v := m.w, m.v
	for j, xj := range x {
		lo, hi := f.aPtr[j], f.aPtr[j+1]
		idx, val := f.aIdx[lo:hi], f.aVal[lo:hi]
		val = val[:len(idx)]
		sum := 0.0
		for t, i := range idx {
			a := val[t]
			w[i] += a * xj
			sum += a * v[i]
		}
		m.atz[j] = sum
	}
	m.mulP(x, m.px)
}

func (m *ipm) mulP(x, out []float64) {
	f := m.f
	if len(f.pIdx) == 0 {
		return // out stays zero
	}
	clear(out)
	for j := range out {
		for p := f.pPtr[j]; p < f.pPtr[j+1]; p++ {
			i, v := f.pIdx[p], f.pVal[p]
			out[j] += v * x[i]
			if int(i) != j {
				out[i] += v * x[j]
			}
		}
	}
}

// residuals evaluates the equations at the iterate.
func (m *ipm) residuals() {
	f, it := m.f, &m.at
	tau := it.tau
	m.multipliers(it)
	m.products(it.x)
	m.bz, m.mu = 0, 0
	for l, eq := range f.isEq {
		if eq {
			m.rl[l] = m.w[l] - f.b[l]*tau
			m.bz += f.b[l] * it.y[l]
		} else {
			m.rl[l] = 0
		}
	}
	sz := 0.0
	for i, c := range f.carrier[:f.sides] {
		sg := f.sign[i]
		var wc float64
		if int(c) < f.n {
			wc = it.x[c]
			m.atz[c] += sg * it.z[i]
		} else {
			wc = m.w[int(c)-f.n]
		}
		m.rs[i] = it.s[i] + sg*wc - f.rhs[i]*tau
		m.bz += f.rhs[i] * it.z[i]
		sz += it.s[i] * it.z[i]
	}
	for i, b := range f.b[f.rows:] {
		m.rc[i] = m.w[f.rows+i] + it.sc[i] - b*tau
		m.bz += b * it.zc[i]
		sz += it.sc[i] * it.zc[i]
	}
	m.xPx, m.qx = 0, 0
	for j, x := range it.x {
		m.rx[j] = m.px[j] + m.atz[j] + f.q[j]*tau
		m.xPx += x * m.px[j]
		m.qx += f.q[j] * x
	}
	m.rtau = m.qx + m.bz + it.kappa + m.xPx/tau
	m.mu = sz
	degree := m.degree
	if m.embedded {
		m.mu += it.tau * it.kappa
		degree++
	}
	if degree > 0 {
		m.mu /= degree
	}
}

// measure computes the unscaled quality of the iterate.
func (m *ipm) measure() {
	f, it := m.f, &m.at
	var rd, normQ, normP, normA, rp, normB, normS, normW, cross, ax, as float64
	for j, r := range m.rx {
		u := 1 / (f.xUnit[j] * f.c)
		r = math.Abs(r) * u
		rd = max(rd, r)
		normQ = max(normQ, math.Abs(f.q[j])*u)
		normP = max(normP, math.Abs(m.px[j])*u)
		normA = max(normA, math.Abs(m.atz[j])*u)
		cross += r * math.Abs(it.x[j]) * f.xUnit[j]
	}
	for l, r := range m.rl {
		if !f.isEq[l] {
			continue
		}
		u := 1 / f.rowUnit[l]
		r = math.Abs(r) * u
		rp = max(rp, r)
		normB = max(normB, math.Abs(f.b[l])*u)
		normW = max(normW, math.Abs(m.w[l])*u)
		as = max(as, math.Abs(m.w[l])*u)
		cross += r * math.Abs(it.y[l]) * f.rowUnit[l] / f.c
	}
	for i, r := range m.rs[:f.sides] {
		u := 1 / f.unit[i]
		s := it.s[i] * u
		ax = math.Abs(r+f.rhs[i]*it.tau) * u
		r = math.Abs(r) * u
		rp = max(rp, r)
		normB = max(normB, math.Abs(f.rhs[i])*u)
		normS = max(normS, s)
		as = max(as, ax)
		cross += r * it.z[i] / (u * f.c)
	}
	for i, r := range m.rc {
		u := 1 / f.rowUnit[f.rows+i]
		r = math.Abs(r) * u
		rp = max(rp, r)
		normB = max(normB, math.Abs(f.b[f.rows+i])*u)
		normS = max(normS, math.Abs(it.sc[i])*u)
		as = max(as, math.Abs(m.w[f.rows+i]+it.sc[i])*u)
		cross += r * math.Abs(it.zc[i]) / (u * f.c)
	}
	t := 1 / it.tau
	q := &m.m
	xPx, qx, bz := m.xPx/f.c, m.qx/f.c, m.bz/f.c
	q.objective = (xPx/2*t + qx) * t
	q.dualObj = (-xPx/2*t - bz) * t
	q.absPrimal, q.absDual = rp*t, rd*t
	q.primal = q.absPrimal / max(1, normB, normS*t, normW*t)
	q.dual = q.absDual / max(1, normQ, normP*t, normA*t)
	q.primalStrict = q.absPrimal / (1 + normB)
	q.dualStrict = q.absDual / (1 + normQ)
	size := 1 + min(math.Abs(q.objective), math.Abs(q.dualObj))
	q.abs = math.Abs(q.objective - q.dualObj)
	q.gap = q.abs / size
	q.cross = cross * t * t / size
	q.primalProof, q.dualProof = math.Inf(1), math.Inf(1)
	if bz < 0 {
		q.primalProof = normA / -bz
	}
	if qx < 0 {
		q.dualProof = max(normP, as) / -qx
	}
}

const (
	strict = 5e-7 // tests against 1+|b|, 1+|q| alone, and of the cross terms
	loose  = 1e-6 // what an almost solved problem reaches in every test
)

// almost tells whether the iterate is nearly a solution.
func (m *ipm) almost() bool {
	q := &m.m
	return max(q.primal, q.dual, q.gap, q.primalStrict, q.dualStrict, q.cross) <= loose
}

func (m *ipm) converged() Status {
	q, s := &m.m, &m.set
	switch {
	case q.primal <= s.FeasTol && q.dual <= s.FeasTol && q.gap <= s.GapTol && q.primalStrict <= strict && q.dualStrict <= strict && q.cross <= strict:
		return Solved
	case q.primalProof <= s.InfeasTol:
		return PrimalInfeasible
	case q.dualProof <= s.InfeasTol:
		return DualInfeasible
	}
	return Unsolved
}

// scaling computes the Nesterov-Todd scaling at the iterate.
func (m *ipm) scaling() bool {
	f, it, k := m.f, &m.at, m.k
	for i := range f.sides {
		k.h[i] = it.z[i] / it.s[i]
	}
	for i, d := range f.dim {
		if d == 0 {
			continue
		}
		lo := f.cones[i].start
		hi := lo + int(d)
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
		m.constant(1, 1)
		m.k.solve(&m.rhs, m.exact(), false, &m.along)
	}
	// Predictor: to complementarity zero.
	r := &m.rhs
	copy(r.side.h, it.s[:f.sides])
	copy(r.side.hz, it.z[:f.sides])
	copy(r.cone.h, it.sc)
	copy(r.cone.hz, it.zc)
	m.direct(0, it.tau*it.kappa, &m.aff)
	primal, dual := m.longest(&m.aff)
	reduction := m.affineMu(min(1, primal), min(1, dual)) / m.mu
	sigma := reduction * reduction * reduction
	target := sigma * m.mu

	// Corrector: to the central path, with the second-order term.
	for i, s := range it.s[:f.sides] {
		c := m.aff.s[i]*m.aff.z[i] - target
		z := it.z[i]
		r.side.h[i] = s + c/z
		r.side.hz[i] = z + c/s
	}
	m.coneCorrection(target)
	m.direct(sigma, it.tau*it.kappa+m.aff.dt*m.aff.dk-target, &m.dir)
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
		left := m.rhs.x // free by now
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
	for i, d := range f.dim {
		if d == 0 {
			continue
		}
		lo := f.cones[i].start
		hi := lo + int(d)
		eta, w, l := k.eta[i], k.w[lo:hi], m.lambda[lo:hi]
		a, b, c := m.coneTmp[0][:d], m.coneTmp[1][:d], m.coneTmp[2][:d]
		mulW(eta, w, m.aff.sc[lo:hi], a, true)
		mulW(eta, w, m.aff.zc[lo:hi], b, false)
		jordan(a, b, c)
		c[0] -= target
		jordanDivide(l, c, c)
		mulW(eta, w, c, a, false)
		mulW(eta, w, c, b, true)
		for t := range a {
			m.rhs.cone.h[lo+t] = it.sc[lo+t] + a[t]
			m.rhs.cone.hz[lo+t] = it.zc[lo+t] + b[t]
		}
	}
}

// exact is the goal for solutions that have no iterate to be measured by.
func (m *ipm) exact() float64 { return 1e-13 + 1e-12*max(maxAbs(m.f.q), maxAbs(m.f.b)) }

// constant sets the right-hand side (-q, b) with factors.
func (m *ipm) constant(q, b float64) {
	f, r := m.f, &m.rhs
	for j, v := range f.q {
		r.x[j] = -q * v
	}
	for l, v := range f.b[:f.rows] {
		r.l[l] = b * v
	}
	for i, v := range f.rhs[:f.sides] {
		r.side.p[i] = b * v
	}
	for i, v := range f.b[f.rows:] {
		r.cone.p[i] = b * v
	}
	clear(r.side.h)
	clear(r.side.hz)
	clear(r.cone.h)
	clear(r.cone.hz)
}

// direct solves for the direction that reduces all residuals by 1 - sigma and
// meets the complementarity in rhs and, for tau, hk.
func (m *ipm) direct(sigma, hk float64, out *direction) {
	f, rhs := m.f, &m.rhs
	r := 1 - sigma
	for j, v := range m.rx {
		rhs.x[j] = -r * v
	}
	for l, v := range m.rl {
		rhs.l[l] = -r * v
	}
	for i, v := range m.rs[:f.sides] {
		rhs.side.p[i] = -r * v
	}
	for i, v := range m.rc {
		rhs.cone.p[i] = -r * v
	}
	// What the linear system leaves over adds to the residuals of the next
	// iterate: a part of the present ones is soon enough.
	left := max(maxAbs(m.rx), maxAbs(m.rl), maxAbs(m.rs[:f.sides]), maxAbs(m.rc))
	goal := max(1e-3*left, 1e-11)
	if left < 1e-10 && m.m.cross > 1e-8 { // tiny residuals still matter: huge multipliers
		goal = 1e-14
	}
	m.k.solve(rhs, goal, sigma == 0, out)
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
	for i, n := range f.dim {
		if n == 0 {
			continue
		}
		lo := f.cones[i].start
		hi := lo + int(n)
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

// start computes the initial point: least squares without the cones, pushed
// into them.
func (m *ipm) start(push float64) {
	f, it, k := m.f, &m.at, m.k
	for i := range f.sides {
		k.h[i] = 1
	}
	for i, d := range f.dim {
		if d == 0 {
			continue
		}
		w := k.w[f.cones[i].start:][:d]
		clear(w)
		w[0], k.eta[i] = 1, 1
	}
	k.restart()
	k.update()
	it.tau, it.kappa = 1, 0
	if m.embedded {
		it.kappa = 1
	}
	quadratic := len(f.pIdx) > 0
	if quadratic {
		m.constant(1, 1)
	} else {
		m.constant(0, 1)
	}
	k.solve(&m.rhs, m.exact(), false, &m.dir)
	copy(it.x, m.dir.x)
	copy(it.s, m.dir.s[:f.sides])
	copy(it.sc, m.dir.sc)
	if !quadratic {
		m.constant(1, 0)
		k.solve(&m.rhs, m.exact(), false, &m.dir)
	}
	copy(it.y, m.dir.y)
	copy(it.z, m.dir.z[:f.sides])
	copy(it.zc, m.dir.zc)
	m.push(it.s, it.sc, push)
	m.push(it.z, it.zc, push)
}

// push moves a vector into the cone by a multiple of the identity element, so
// that it is at least by away from the boundary, unless it is inside already.
func (m *ipm) push(s, sc []float64, by float64) {
	f := m.f
	low := math.Inf(1)
	for _, v := range s[:f.sides] {
		low = min(low, v)
	}
	for i, d := range f.dim {
		if d > 0 {
			low = min(low, socMargin(sc[f.cones[i].start:][:d]))
		}
	}
	if low > 1e-8 && by == 1 || low >= by {
		return
	}
	add := by - low
	for i := range f.sides {
		s[i] += add
	}
	for i, d := range f.dim {
		if d > 0 {
			sc[f.cones[i].start] += add
		}
	}
}
