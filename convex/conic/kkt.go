package conic

// kkt is the Newton system of a form,
//
//	[P    A_E'  A_L'σ  σ  A_C'] [dx ]   [x ]
//	[A_E  0                   ] [dy ] = [l ]
//	[σA_L or σ   -S/Z         ] [dz ]   [p ] + [h ] of sides
//	[A_C             -W²      ] [dzC]   [p ] + [h ] of cones
//
// in a smaller shape. Sides of variables are eliminated: they only add z/s to the
// diagonal of P. The sides of one linear row become one row with -1/Σ(z/s) on
// its diagonal. A small cone over few variables is eliminated too, adding
// A'W⁻²A to P. What is left is quasi-definite up to a static shift of the
// diagonal, so that it has a factorisation LDL' in any order (R. Vanderbei,
// "Symmetric quasi-definite matrices", 1995).
type kkt struct {
	f     *form
	stats *Stats
	nodes int
	sym   *symbolic
	fac   *factor
	cones []coneBlock

	// The strict upper triangle by columns and the diagonal, in elimination
	// order. base and baseDiag hold what P and A contribute; the entries
	// listed in dynamic change from one iteration to the next.
	upPtr, upIdx   []int32
	base, up       []float64
	baseDiag, diag []float64
	sign           []float64 // of pivots
	pAt, aAt       []int32   // places of the entries of P and A; none: on the diagonal, or eliminated
	dynamic        []int32

	// Scaling.
	h    []float64 // z/s of sides
	rowH []float64 // its sum over the sides of a linear row
	eta  []float64 // of cones
	w    []float64 // unit scaling points of cones

	delta float64 // static shift
	floor float64 // what it may fall to
	calm  int     // factorisations since the floor last moved
	slow  bool    // refinement did not reach its goal since the last factorisation
	hard  bool    // the last solution that was looked at needed refinement

	rhs, sol, res, previous []float64    // nodes in elimination order
	rowT                    []float64    // linear rows
	cone                    []float64    // one cone
	space                   *krylovSpace // nil until it is needed
}

const (
	shiftFirst = 1e-9 // static shift to begin with, and its bounds
	shiftLeast = 1e-12
	shiftMost  = 1e-7

	refineMost  = 3   // steps of refinement at most,
	refineLeast = 3   // and the gain that a step must bring
	krylovFrom  = 100 // times the goal: residual that is worth a Krylov space
)

// newKKT analyses the structure of a form: it decides how cones are treated,
// orders and factorises symbolically.
func newKKT(f *form, stats *Stats) *kkt {
	k := &kkt{f: f, stats: stats}
	l := k.lay()
	ptr, idx := l.pattern()
	k.nodes = l.nodes
	k.sym = chooseOrder(k.nodes, ptr, idx, stats)
	k.fac = newFactor(k.sym)
	k.place(l)
	vec := func(n int) []float64 { return make([]float64, n) }
	n := k.nodes
	k.baseDiag, k.diag, k.sign = vec(n), vec(n), vec(n)
	k.rhs, k.sol, k.res, k.previous = vec(n), vec(n), vec(n), vec(n)
	k.h, k.rowH, k.rowT = vec(len(f.carrier)), vec(f.rows), vec(f.rows)
	k.eta, k.w = vec(len(f.cones)), vec(f.coneRows)
	widest := 0
	for i := range k.cones {
		widest = max(widest, k.cones[i].dim)
	}
	k.cone = vec(widest)
	return k
}

// load takes over the values of the form.
func (k *kkt) load() {
	f, inv := k.f, k.sym.inv
	clear(k.base)
	clear(k.baseDiag)
	for j := range f.n {
		for p := f.pPtr[j]; p < f.pPtr[j+1]; p++ {
			if at := k.pAt[p]; at != none {
				k.base[at] += f.pVal[p]
			} else {
				k.baseDiag[inv[j]] += f.pVal[p]
			}
		}
		if f.pinned[j] {
			k.baseDiag[inv[j]] = 1
		}
		for p := f.aPtr[j]; p < f.aPtr[j+1]; p++ {
			if at := k.aAt[p]; at != none {
				k.base[at] += f.aVal[p]
			}
		}
	}
	copy(k.up, k.base)
	for i := range k.nodes {
		k.sign[inv[i]] = -1
		if i < f.n {
			k.sign[inv[i]] = 1
		}
	}
	for i := range k.cones {
		if b := &k.cones[i]; b.mode == coneExpanded {
			k.sign[inv[int(b.node)+b.dim]] = 1 // node of u
		}
	}
}

// restart forgets what was learnt about the static shift.
func (k *kkt) restart() {
	k.delta, k.floor, k.calm, k.slow, k.hard = shiftFirst, shiftLeast, 0, false, false
}

// update sets the entries that depend on h, eta and w, and factorises.
func (k *kkt) update() {
	f := k.f
	inv, diag := k.sym.inv, k.diag
	copy(diag, k.baseDiag)
	for _, at := range k.dynamic {
		k.up[at] = k.base[at]
	}
	clear(k.rowH)
	h := k.h[:f.sides]
	for i, c := range f.carrier[:f.sides] {
		if int(c) < f.n {
			diag[inv[c]] += h[i]
		} else {
			k.rowH[int(c)-f.n] += h[i]
		}
	}
	for l, eq := range f.isEq {
		if !eq {
			diag[inv[f.n+l]] = -1 / k.rowH[l]
		}
	}
	for i := range k.cones {
		k.cones[i].update(k, k.eta[i])
	}
	k.factorise()
}

// factorise factorises with a static shift that yields no pivot below it: a
// shifted quasi-definite matrix has none but through rounding, which calls for
// a larger shift. Refinement that converges slowly calls for a smaller one.
func (k *kkt) factorise() {
	if k.calm++; k.calm > 5 {
		k.floor, k.calm = max(k.floor/10, shiftLeast), 0
	}
	if k.slow {
		k.delta, k.slow = max(k.floor, k.delta/10), false
	}
	for {
		k.fac.run(k.upPtr, k.upIdx, k.up, k.diag, k.sign, k.delta)
		k.stats.Factorisations++
		if k.fac.boosted == 0 || k.delta >= shiftMost {
			return
		}
		k.delta *= 10
		k.floor, k.calm = k.delta, 0
	}
}
