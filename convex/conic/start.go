package conic

import "math"

// start computes the initial point: least squares without the cones, pushed
// into them.
func (m *ipm) start(push float64) {
	f, it, k := m.f, &m.at, m.k
	for i := range f.sides {
		k.h[i] = 1
	}
	for i, c := range f.soc {
		w := k.w[c.lo:c.hi]
		clear(w)
		w[0], k.eta[i] = 1, 1
	}
	k.restart()
	k.update()
	it.tau, it.kappa = 1, 0
	if m.embedded {
		it.kappa = 1
	}
	q := 0.0
	if len(f.pIdx) > 0 {
		q = 1
	}
	k.solve(m.constant(q, 1), m.exact(), refined, &m.dir)
	copy(it.x, m.dir.x)
	copy(it.s, m.dir.s[:f.sides])
	copy(it.sc, m.dir.sc)
	if q == 0 { // primal and dual do not meet: each for itself
		k.solve(m.constant(1, 0), m.exact(), refined, &m.dir)
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
	for _, c := range f.soc {
		low = min(low, socMargin(sc[c.lo:c.hi]))
	}
	if low > 1e-8 && by == 1 || low >= by {
		return
	}
	add := by - low
	for i := range f.sides {
		s[i] += add
	}
	for _, c := range f.soc {
		sc[c.lo] += add
	}
}
