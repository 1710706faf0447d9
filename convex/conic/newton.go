package conic

// slackRHS is the right-hand side of the Newton system for sides or cones: p
// is what the primal rows are to change by, h what complementarity asks of ds +
// (S/Z or W²) dz = -h, and hz the same in the space of z, (Z/S or W⁻²) h, because
// neither can be had from the other without losing digits.
type slackRHS struct{ p, h, hz []float64 }

// newtonRHS is a right-hand side of the Newton system. Its parts are views of
// other vectors: x counts xBy times, l and p count by times.
type newtonRHS struct {
	x, l       []float64 // columns; linear rows (only equations are read)
	xBy, by    float64
	side, cone slackRHS
}

// direction is a solution of the Newton system.
type direction struct {
	x, y   []float64 // y: linear rows; of ranges, the sum of their sides
	z, zc  []float64
	s, sc  []float64
	dt, dk float64 // of tau and kappa, where there are any
}

// effort is how much a solution is worth.
type effort uint8

const (
	rough    effort = iota // not even looked at, unless the last one that was needed refinement
	refined                // refined towards the goal
	thorough               // and where that is slow, improved in a Krylov space
)

// solve solves the Newton system to a residual of at most goal, if the effort
// gets there.
func (k *kkt) solve(r newtonRHS, goal float64, e effort, out *direction) {
	f, inv, rhs := k.f, k.sym.inv, k.rhs
	for j, v := range r.x {
		rhs[inv[j]] = r.xBy * v
	}
	clear(k.rowT)
	h, p, hz := k.h[:f.sides], r.side.p[:f.sides], r.side.hz[:f.sides]
	for i, c := range f.carrier[:f.sides] {
		v := f.sign[i] * (h[i]*r.by*p[i] + hz[i])
		if int(c) < f.n {
			rhs[inv[c]] += v
		} else {
			k.rowT[int(c)-f.n] += v
		}
	}
	for l, eq := range f.isEq {
		if eq {
			rhs[inv[f.n+l]] = r.by * r.l[l]
		} else {
			k.rowT[l] /= k.rowH[l]
			rhs[inv[f.n+l]] = k.rowT[l]
		}
	}
	for i := range k.cones {
		k.cones[i].pack(k, k.eta[i], &r)
	}
	k.backsolve(goal, e)
	k.unpack(&r, out)
}

// unpack recovers the eliminated parts of a direction.
func (k *kkt) unpack(r *newtonRHS, out *direction) {
	f, inv, sol := k.f, k.sym.inv, k.sol
	for j := range out.x {
		out.x[j] = sol[inv[j]]
	}
	for l := range out.y {
		out.y[l] = sol[inv[f.n+l]]
	}
	h, p, hz := k.h[:f.sides], r.side.p[:f.sides], r.side.hz[:f.sides]
	s, z := out.s[:f.sides], out.z[:f.sides]
	for i, c := range f.carrier[:f.sides] {
		var dw float64
		if int(c) < f.n {
			dw = out.x[c]
		} else {
			l := int(c) - f.n
			dw = k.rowT[l] + out.y[l]/k.rowH[l]
		}
		ds := r.by*p[i] - f.sign[i]*dw
		s[i], z[i] = ds, -h[i]*ds-hz[i]
	}
	for i := range k.cones {
		k.cones[i].unpack(k, k.eta[i], r, out)
	}
}

// backsolve solves K sol = rhs, where K has no static shift.
func (k *kkt) backsolve(goal float64, e effort) {
	copy(k.sol, k.rhs)
	k.fac.solve(k.sol)
	k.stats.Backsolves++
	if e == rough && !k.hard {
		return
	}
	last := k.residual()
	k.hard = last > goal
	for step := 0; step < refineMost && last > goal; step++ {
		k.fac.solve(k.res)
		k.stats.Backsolves++
		copy(k.previous, k.sol)
		axpy(1, k.res, k.sol)
		now := k.residual()
		if !(now < last) {
			copy(k.sol, k.previous)
			last = k.residual()
			break
		}
		gain := last / now
		last = now
		if gain < refineLeast {
			break
		}
	}
	if last > krylovFrom*goal && e == thorough {
		last = k.krylov(goal, last)
	}
	k.slow = k.slow || last > goal
}

// residual sets res = rhs - K sol and returns its largest entry.
func (k *kkt) residual() float64 {
	k.subtract(k.sol, k.rhs, k.res)
	return maxAbs(k.res)
}

// subtract sets res = rhs - K sol; res may be rhs.
func (k *kkt) subtract(sol, rhs, res []float64) {
	diag := k.diag
	for j := range res {
		res[j] = rhs[j] - diag[j]*sol[j]
	}
	for j, xj := range sol {
		lo, hi := k.upPtr[j], k.upPtr[j+1]
		idx, val := k.upIdx[lo:hi], k.up[lo:hi]
		val = val[:len(idx)]
		sum := 0.0
		for t, i := range idx {
			v := val[t]
			sum += v * sol[i]
			res[i] -= v * xj
		}
		res[j] -= sum
	}
}
