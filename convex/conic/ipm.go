package conic

import (
	"context"
	"math"
	"time"
)

// iterate is a point of the method: with the embedding, of the homogeneous
// problem (tau and kappa positive), without it tau = 1, kappa = 0.
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

// ipm is a primal-dual interior-point method with Mehrotra's predictor and
// corrector and Nesterov-Todd scaling, on a form and its Newton system. With the
// embedding it works on the homogeneous problem with native quadratic objective
//
//	Px + A'z + qτ = 0,  Ax + s = bτ,  q'x + b'z + x'Px/τ + κ = 0,  s, z, τ, κ in their cones
//
// (P. Goulart, Y. Chen, "Clarabel: an interior-point solver for conic programs
// with quadratic objectives", 2024), without it τ = 1 and the third equation is
// left out.
type ipm struct {
	f   *form
	k   *kkt
	set Settings

	embedded  bool
	degree    float64 // of the barrier, tau apart
	iter      int     // over all attempts
	at, best  iterate
	proof     iterate // the closest that any came to proving infeasibility
	bestProof float64
	bestMerit float64
	midway    midway

	// At the iterate: residuals of columns, linear rows (equations), sides, cone
	// rows and tau; multipliers of all rows, A x, P x, A'z with sides; sums.
	rx, rl, rs, rc  []float64
	rtau            float64
	v, w, px, atz   []float64
	xPx, qx, bz, mu float64
	now             measures

	side, cone complementarity // of the corrector
	zero       []float64
	aff, dir   direction
	along      direction    // of tau: the solution for the constant right-hand side
	lambda     []float64    // scaled points of the cones
	one        [3][]float64 // one cone each
}

func newIPM(f *form, k *kkt, set Settings) *ipm {
	n, l, sd, c := f.n, f.rows, len(f.carrier), f.coneRows
	vec := func(k int) []float64 { return make([]float64, k) }
	dir := func() direction {
		return direction{x: vec(n), y: vec(l), z: vec(sd), zc: vec(c), s: vec(sd), sc: vec(c)}
	}
	m := &ipm{f: f, k: k, set: set, at: newIterate(n, l, sd, c), best: newIterate(n, l, sd, c), proof: newIterate(n, l, sd, c),
		midway: midway{at: newIterate(n, l, sd, c), pinned: make([]bool, n), carrier: make([]int32, 0, sd), sign: make([]float64, 0, sd)},
		rx:     vec(n), rl: vec(l), rs: vec(sd), rc: vec(c), v: vec(l + c), w: vec(l + c), px: vec(n), atz: vec(n),
		side: complementarity{vec(sd), vec(sd)}, cone: complementarity{vec(c), vec(c)}, zero: vec(max(sd, c)), aff: dir(), dir: dir(), along: dir(), lambda: vec(c)}
	widest := 0
	for _, c := range f.soc {
		widest = max(widest, c.hi-c.lo)
	}
	for i := range m.one {
		m.one[i] = vec(widest)
	}
	return m
}

// attempt is one way of running the method.
type attempt struct {
	embedded bool
	push     float64 // distance of the initial point from the boundary of the cones; 0: it is the midway point
	most     int     // iterations,
	idle     int     // iterations without progress,
	short    int     // and short steps, before another attempt is made
}

// attempts are made one after another until one ends in an answer. Without the
// embedding an iteration needs one back-substitution less and seldom more
// iterations; where multipliers are huge, the usual initial point lies too close
// to the boundary and steps stay short; the embedding is what finds proofs where
// neither the primal nor the dual diverges by itself.
var attempts = []attempt{
	{false, 1, 60, 20, 6},
	{false, 1e3, 80, 20, 30},
	{true, 1, math.MaxInt, 60, 100},
}

// warmAttempts begin at the midway point of the last solve.
var warmAttempts = append([]attempt{{most: 30, idle: 8, short: 6}}, attempts...)

// looseProof is by how much a proof may miss its tolerance when no attempt came
// closer to anything else.
const looseProof = 100

// solve runs the attempts within the limits and returns the status; the iterate
// is in m.at.
func (m *ipm) solve(ctx context.Context, warm bool) Status {
	var deadline time.Time
	if m.set.TimeLimit > 0 {
		deadline = time.Now().Add(m.set.TimeLimit)
	}
	m.iter, m.bestMerit, m.bestProof = 0, math.Inf(1), math.Inf(1)
	m.degree = float64(m.f.sides + len(m.f.soc))
	ways := attempts
	if warm && m.midway.fits(m.f) {
		ways = warmAttempts
	}
	status := Unsolved
	for _, a := range ways {
		if m.set.Embedding && !a.embedded {
			continue
		}
		if status = m.run(ctx, deadline, a); status != NumericalTrouble {
			break
		}
	}
	switch {
	case status == Solved || status == PrimalInfeasible || status == DualInfeasible:
		return status
	case status == Cancelled:
	case m.bestProof <= looseProof*m.set.InfeasTol:
		m.at.copyFrom(&m.proof)
		m.residuals()
		m.measure()
		return PrimalInfeasible
	case m.now.dualProof <= looseProof*m.set.InfeasTol:
		return DualInfeasible
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
	if a.push > 0 {
		m.midway.held = false
		m.start(a.push)
	} else {
		m.k.restart()
		m.at.copyFrom(&m.midway.at)
	}
	short, idle := 0, 0 // steps that were short; iterations since the last progress
	least := math.Inf(1)
	for it := 0; ; it++ {
		m.residuals()
		m.measure()
		if status := m.converged(); status != Unsolved {
			return status
		}
		merit := m.merit()
		if progress := min(merit, m.now.primalProof/m.set.InfeasTol, m.now.dualProof/m.set.InfeasTol); progress < 0.9*least {
			least, idle = progress, 0
		} else {
			idle++
		}
		m.keepBest(merit)
		if m.now.primalProof < m.bestProof { // it may be lost again before it is good enough
			m.bestProof = m.now.primalProof
			m.proof.copyFrom(&m.at)
		}
		m.midway.pass(m)
		switch {
		case math.IsNaN(merit), it >= a.most, idle >= a.idle, short >= a.short:
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

// keepBest remembers the first iterate, and then those that are the best so far
// and not far from a solution.
func (m *ipm) keepBest(merit float64) {
	if merit < m.bestMerit && (merit < 1e5 || math.IsInf(m.bestMerit, 1)) {
		m.bestMerit = merit
		m.best.copyFrom(&m.at)
	}
}
