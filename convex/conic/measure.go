package conic

import "math"

// measures say how far an unscaled iterate, divided by tau, is from a solution
// or a proof: see Report.
type measures struct {
	primal, dual, gap        float64
	primalStrict, dualStrict float64
	cross                    float64
	primalProof, dualProof   float64 // +Inf where there is none
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
	var rd, normQ, normP, normA, rp, normB, normS, normW, cross, ray float64 // ray: |Ax + s|
	for j, r := range m.rx {
		u := f.colOut[j]
		r = math.Abs(r)
		rd = max(rd, r*u)
		normQ = max(normQ, math.Abs(f.q[j])*u)
		normP = max(normP, math.Abs(m.px[j])*u)
		normA = max(normA, math.Abs(m.atz[j])*u)
		cross += r * math.Abs(it.x[j])
	}
	for l, r := range m.rl {
		if !f.isEq[l] {
			continue
		}
		u := f.rowOut[l]
		r = math.Abs(r)
		rp = max(rp, r*u)
		normB = max(normB, math.Abs(f.b[l])*u)
		normW = max(normW, math.Abs(m.w[l])*u)
		cross += r * math.Abs(it.y[l])
	}
	for i, r := range m.rs[:f.sides] {
		u := f.sideOut[i]
		ray = max(ray, math.Abs(r+f.rhs[i]*it.tau)*u)
		r = math.Abs(r)
		rp = max(rp, r*u)
		normB = max(normB, math.Abs(f.rhs[i])*u)
		normS = max(normS, it.s[i]*u)
		cross += r * it.z[i]
	}
	for i, r := range m.rc {
		u := f.rowOut[f.rows+i]
		r = math.Abs(r)
		rp = max(rp, r*u)
		normB = max(normB, math.Abs(f.b[f.rows+i])*u)
		normS = max(normS, math.Abs(it.sc[i])*u)
		ray = max(ray, math.Abs(m.w[f.rows+i]+it.sc[i])*u)
		cross += r * math.Abs(it.zc[i])
	}
	t := 1 / it.tau
	q := &m.now
	xPx, qx, bz := m.xPx/f.c, m.qx/f.c, m.bz/f.c
	objective, dual := (xPx/2*t+qx)*t, (-xPx/2*t-bz)*t
	q.primal = rp * t / max(1, normB, normS*t, normW*t)
	q.dual = rd * t / max(1, normQ, normP*t, normA*t)
	q.primalStrict = rp * t / (1 + f.sizeB)
	q.dualStrict = rd * t / (1 + f.sizeQ)
	size := 1 + min(math.Abs(objective), math.Abs(dual))
	q.gap = math.Abs(objective-dual) / size
	q.cross = cross / f.c * t * t / size // the units of residual and multiplier cancel
	q.primalProof, q.dualProof = math.Inf(1), math.Inf(1)
	if bz < 0 {
		q.primalProof = normA / -bz
	}
	if qx < 0 {
		q.dualProof = max(normP, normW, ray) / -qx
	}
}

const (
	strict = 5e-7 // tests against 1+|b|, 1+|q| alone, and of the cross terms, unless looser results were asked for
	loose  = 1e-6 // what an almost solved problem reaches in every test
)

// almost tells whether the iterate is nearly a solution.
func (m *ipm) almost() bool {
	q := &m.now
	return max(q.primal, q.dual, q.gap, q.primalStrict, q.dualStrict, q.cross) <= loose
}

func (m *ipm) converged() Status {
	q, s := &m.now, &m.set
	switch {
	case q.primal <= s.FeasTol && q.dual <= s.FeasTol && q.gap <= s.GapTol &&
		max(q.primalStrict, q.dualStrict, q.cross) <= max(strict, s.FeasTol, s.GapTol):
		return Solved
	case q.primalProof <= s.InfeasTol:
		return PrimalInfeasible
	case q.dualProof <= s.InfeasTol:
		return DualInfeasible
	}
	return Unsolved
}

// merit is the largest test quantity in units of its tolerance.
func (m *ipm) merit() float64 {
	q := &m.now
	return max(q.primal/m.set.FeasTol, q.dual/m.set.FeasTol, q.gap/m.set.GapTol)
}
