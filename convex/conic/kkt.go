package conic

import (
	"cmp"
	"math"
	"slices"
)

// The Newton system of the form is
//
//	[P   A_E'  A_L'σ  σ   A_C' ] [dx ]   [rx]
//	[A_E  0                    ] [dy ] = [rl]
//	[σA_L or σ    -S/Z         ] [dz ]   [t ]
//	[A_C               -W²     ] [dzC]   [rc]
//
// Sides of variables are eliminated: they only add z/s to the diagonal of P.
// The sides of one linear row become one row with -1/Σ(z/s) on its diagonal.
// A small cone over few variables is eliminated too, adding A'W⁻²A to P; other
// cones of up to denseCone rows keep a dense block, larger ones the diagonal
// plus two rank-one terms of W² (two more nodes).
const denseCone = 4

type coneMode uint8

const (
	coneEliminated coneMode = iota
	coneDense
	coneExpanded
)

type coneBlock struct {
	mode       coneMode
	start, dim int   // rows among the cone rows
	node       int32 // first node, where it has any
	// The columns that the cone touches, and its entries of A.
	cols    []int32
	entries []blockEntry
	// Places in up of the off-diagonal entries: of the pairs of cols where the
	// cone is eliminated, of the dense block by columns, or of the expansion (u,
	// then v without its head).
	at []int32
}

type blockEntry struct {
	row, col int32 // within the cone, within cols
	from     int32 // place in aVal
}

type kkt struct {
	f       *form
	nodes   int
	lastRes float64
	sym     *symbolic
	fac     *factor
	cones   []coneBlock

	// Strict upper triangle in elimination order, and the diagonal.
	upPtr, upIdx []int32
	base, up     []float64
	baseDiag     []float64
	diag, sign   []float64
	pAt, aAt     []int32 // where the entries of P and A go: place in up, or -1-position on the diagonal, or none

	dynamic []int32 // places in up that change from one iteration to the next

	h      []float64 // z/s of sides
	rowH   []float64 // sum of h over the sides of a linear row
	eta    []float64
	w      []float64 // unit scaling points, by cone rows
	rhs    []float64
	sol    []float64
	res    []float64
	cor    []float64
	rowT   []float64
	tmp    []float64
	refine refinement
	stats  *Stats
	delta  float64
	slow   bool
	floor  float64
	goal   float64
}

type refinement struct {
	most     int     // steps at most
	relative float64 // residual to reach, against the right-hand side
	absolute float64
}

const noPlace = int32(-1 << 31)

type triplet struct {
	lo, hi int32  // positions in elimination order, lo < hi
	to     *int32 // receives the place
}

// newKKT analyses the structure: decides how cones are treated, orders and
// factorises symbolically.
func newKKT(f *form, stats *Stats) *kkt {
	k := &kkt{f: f, stats: stats}
	pairs := k.layout()
	ptr, idx := pattern(k.nodes, pairs)
	k.sym = chooseOrder(k.nodes, ptr, idx, stats)
	k.fac = newFactor(k.sym)
	k.place(pairs)
	n := k.nodes
	k.baseDiag, k.diag, k.sign = make([]float64, n), make([]float64, n), make([]float64, n)
	k.rhs, k.sol, k.res, k.cor = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	k.h, k.rowH, k.rowT = make([]float64, len(f.carrier)), make([]float64, f.rows), make([]float64, f.rows)
	k.eta, k.w = make([]float64, len(f.cones)), make([]float64, f.coneRows)
	widest := 0
	for i := range k.cones {
		widest = max(widest, k.cones[i].dim, len(k.cones[i].cols))
	}
	k.tmp = make([]float64, 2*widest)
	return k
}

// pair is an off-diagonal entry between two nodes that wants a place.
type pair struct {
	a, b int32
	to   *int32
}

// layout numbers the nodes and lists all off-diagonal entries.
func (k *kkt) layout() []pair {
	f := k.f
	k.pAt, k.aAt = make([]int32, len(f.pIdx)), make([]int32, len(f.aIdx))
	pairs := make([]pair, 0, len(f.pIdx)+len(f.aIdx)+4*len(f.cones))
	for j := range f.n {
		for p := f.pPtr[j]; p < f.pPtr[j+1]; p++ {
			if i := f.pIdx[p]; int(i) != j {
				pairs = append(pairs, pair{i, int32(j), &k.pAt[p]})
			} else {
				k.pAt[p] = noPlace
			}
		}
	}
	entries := k.coneEntries()
	k.nodes = f.n + f.rows
	nodeOf := make([]int32, f.coneRows) // of cone rows; -1 where eliminated
	k.cones = make([]coneBlock, len(f.cones))
	for c := range f.cones {
		b := &k.cones[c]
		b.start, b.dim = f.cones[c].start, len(f.cones[c].kept)
		b.entries = entries[c]
		b.decide()
		for r := range b.dim {
			nodeOf[b.start+r] = -1
			if b.mode != coneEliminated {
				nodeOf[b.start+r] = int32(k.nodes + r)
			}
		}
		if b.mode != coneEliminated {
			b.node = int32(k.nodes)
			k.nodes += b.dim
			if b.mode == coneExpanded {
				k.nodes += 2
			}
		}
		pairs = b.list(pairs)
	}
	for j := range f.n {
		for p := f.aPtr[j]; p < f.aPtr[j+1]; p++ {
			node := int32(f.n) + f.aIdx[p]
			if r := int(f.aIdx[p]) - f.rows; r >= 0 {
				node = nodeOf[r]
			}
			if node < 0 {
				k.aAt[p] = noPlace
				continue
			}
			pairs = append(pairs, pair{int32(j), node, &k.aAt[p]})
		}
	}
	return pairs
}

// coneEntries lists, per cone, the entries of A in its rows, with columns of
// the problem; decide turns these into columns of the block.
func (k *kkt) coneEntries() [][]blockEntry {
	f := k.f
	coneOf := make([]int32, f.coneRows)
	for c := range f.cones {
		for r := range f.cones[c].kept {
			coneOf[f.cones[c].start+r] = int32(c)
		}
	}
	entries := make([][]blockEntry, len(f.cones))
	for j := range f.n {
		for p := f.aPtr[j]; p < f.aPtr[j+1]; p++ {
			if r := int(f.aIdx[p]) - f.rows; r >= 0 {
				c := coneOf[r]
				entries[c] = append(entries[c], blockEntry{int32(r - f.cones[c].start), int32(j), p})
			}
		}
	}
	return entries
}

// decide chooses how the cone is treated.
func (b *coneBlock) decide() {
	for _, e := range b.entries { // columns ascend
		if len(b.cols) == 0 || b.cols[len(b.cols)-1] != e.col {
			b.cols = append(b.cols, e.col)
		}
	}
	for i := range b.entries {
		at, _ := slices.BinarySearch(b.cols, b.entries[i].col)
		b.entries[i].col = int32(at)
	}
	switch {
	case len(b.cols) <= min(b.dim, denseCone):
		b.mode = coneEliminated
	case b.dim <= denseCone:
		b.mode = coneDense
	default:
		b.mode = coneExpanded
	}
}

// list appends the off-diagonal entries of the cone's own block.
func (b *coneBlock) list(pairs []pair) []pair {
	switch b.mode {
	case coneEliminated:
		n := len(b.cols)
		b.at = make([]int32, n*(n-1)/2)
		t := 0
		for j := range n {
			for i := range j {
				pairs = append(pairs, pair{b.cols[i], b.cols[j], &b.at[t]})
				t++
			}
		}
	case coneDense:
		b.at = make([]int32, b.dim*(b.dim-1)/2)
		t := 0
		for j := range b.dim {
			for i := range j {
				pairs = append(pairs, pair{b.node + int32(i), b.node + int32(j), &b.at[t]})
				t++
			}
		}
	case coneExpanded:
		b.at = make([]int32, 2*b.dim-1)
		u, v := b.node+int32(b.dim), b.node+int32(b.dim)+1
		for i := range b.dim {
			pairs = append(pairs, pair{b.node + int32(i), u, &b.at[i]})
		}
		for i := 1; i < b.dim; i++ {
			pairs = append(pairs, pair{b.node + int32(i), v, &b.at[b.dim+i-1]})
		}
	}
	return pairs
}

// pattern returns the strict upper triangle of the pairs by columns, without
// repeats.
func pattern(n int, pairs []pair) (ptr, idx []int32) {
	ptr = make([]int32, n+1)
	for _, p := range pairs {
		ptr[max(p.a, p.b)+1]++
	}
	for j := range n {
		ptr[j+1] += ptr[j]
	}
	idx = make([]int32, len(pairs))
	next := slices.Clone(ptr[:n])
	for _, p := range pairs {
		j := max(p.a, p.b)
		idx[next[j]] = min(p.a, p.b)
		next[j]++
	}
	seen := make([]int32, n)
	put := int32(0)
	from := int32(0)
	for j := range n {
		to := ptr[j+1]
		start := put
		for q := from; q < to; q++ {
			if i := idx[q]; seen[i] != int32(j)+1 {
				seen[i] = int32(j) + 1
				idx[put] = i
				put++
			}
		}
		from = to
		ptr[j] = start
	}
	ptr[n] = put
	return ptr, idx[:put]
}

// place lays out the strict upper triangle in elimination order and tells each
// entry where it is.
func (k *kkt) place(pairs []pair) {
	n := k.nodes
	inv := k.sym.inv
	list := make([]triplet, len(pairs))
	count := make([]int32, n+1)
	for i, p := range pairs {
		a, b := inv[p.a], inv[p.b]
		list[i] = triplet{min(a, b), max(a, b), p.to}
		count[max(a, b)+1]++
	}
	for j := range n {
		count[j+1] += count[j]
	}
	byCol := make([]triplet, len(list))
	next := slices.Clone(count[:n])
	for _, t := range list {
		byCol[next[t.hi]] = t
		next[t.hi]++
	}
	k.upPtr = make([]int32, n+1)
	k.upIdx = make([]int32, 0, len(list))
	for j := range n {
		col := byCol[count[j]:count[j+1]]
		slices.SortFunc(col, func(a, b triplet) int { return cmp.Compare(a.lo, b.lo) })
		for i, t := range col {
			if i == 0 || t.lo != col[i-1].lo {
				k.upIdx = append(k.upIdx, t.lo)
			}
			*t.to = int32(len(k.upIdx) - 1)
		}
		k.upPtr[j+1] = int32(len(k.upIdx))
	}
	k.base, k.up = make([]float64, len(k.upIdx)), make([]float64, len(k.upIdx))
	for i := range k.cones {
		k.dynamic = append(k.dynamic, k.cones[i].at...)
	}
}

var (
	shiftLeast = envf("SHIFT", 1e-9)
	shiftMost  = envf("SHIFTMAX", 1e-7)
)

// load takes over the values of the form and the signs of the pivots.
func (k *kkt) load() {
	f := k.f
	clear(k.base)
	clear(k.baseDiag)
	inv := k.sym.inv
	for j := range f.n {
		for p := f.pPtr[j]; p < f.pPtr[j+1]; p++ {
			if at := k.pAt[p]; at != noPlace {
				k.base[at] += f.pVal[p]
			} else {
				k.baseDiag[inv[j]] += f.pVal[p]
			}
		}
		if f.pinned[j] {
			k.baseDiag[inv[j]] = 1
		}
		for p := f.aPtr[j]; p < f.aPtr[j+1]; p++ {
			if at := k.aAt[p]; at != noPlace {
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
			k.sign[inv[int(b.node)+b.dim]] = 1
		}
	}
	k.delta, k.floor, k.slow = shiftLeast, envf("FLOOR", 1e-12), false
	k.refine = refinement{most: int(envf("RSTEPS", 3)), relative: 1e-12, absolute: 1e-13}
}

// update sets the scaling-dependent entries from h, eta and w and factorises.
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
		k.updateCone(&k.cones[i], k.eta[i])
	}
	k.factorise()
}

// factorise factorises with a static shift that yields no pivot below it: a
// regularised quasi-definite matrix has none but through rounding, which calls
// for a larger shift. A refinement that converges slowly calls for a smaller one.
func (k *kkt) factorise() {
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
		k.floor = k.delta
	}
}

func (k *kkt) updateCone(b *coneBlock, eta float64) {
	if b.dim == 0 {
		return
	}
	w := k.w[b.start : b.start+b.dim]
	inv := k.sym.inv
	e := eta * eta
	switch b.mode {
	case coneEliminated:
		k.addBlock(b, 1/e, w)
	case coneDense:
		t := 0
		for j := range b.dim {
			d := 2*w[j]*w[j] + 1
			if j == 0 {
				d -= 2
			}
			k.diag[inv[int(b.node)+j]] = -e * d
			for i := range j {
				k.up[b.at[t]] = -2 * e * w[i] * w[j]
				t++
			}
		}
	case coneExpanded:
		x := expand(w)
		for j := range b.dim {
			k.diag[inv[int(b.node)+j]] = -e
			if j > 0 {
				k.up[b.at[j]] = eta * x.u1 * w[j]
				k.up[b.at[b.dim+j-1]] = eta * x.v1 * w[j]
			}
		}
		k.diag[inv[b.node]] = -e * x.d
		k.up[b.at[0]] = eta * x.u0
		k.diag[inv[int(b.node)+b.dim]] = 1
		k.diag[inv[int(b.node)+b.dim+1]] = -1
	}
}

// expansion writes 2ww' - J as diag(d, I) + uu' - vv', u = (u0, u1 w1),
// v = (0, v1 w1).
type expansion struct{ d, u0, u1, v1 float64 }

func expand(w []float64) expansion {
	t := 0.0
	for _, v := range w[1:] {
		t += v * v
	}
	sq := 1 + 2*t // w0² + |w1|²
	d := 1 / (2 * sq)
	u0sq := sq - d
	u1sq := 4 * (1 + t) / u0sq
	return expansion{d: d, u0: math.Sqrt(u0sq), u1: math.Sqrt(u1sq), v1: math.Sqrt(max(0, u1sq-2))}
}

// addBlock adds A'W⁻²A = (2uu' - A'JA)/eta², u = A'Jw, of an eliminated cone.
func (k *kkt) addBlock(b *coneBlock, scale float64, w []float64) {
	n := len(b.cols)
	u := k.tmp[:n]
	clear(u)
	inv, a := k.sym.inv, k.f.aVal
	for _, e := range b.entries {
		v := a[e.from]
		if e.row == 0 {
			u[e.col] += v * w[0]
		} else {
			u[e.col] -= v * w[e.row]
		}
	}
	t := 0
	for j := range n {
		for i := range j {
			k.up[b.at[t]] += 2 * scale * u[i] * u[j]
			t++
		}
		k.diag[inv[b.cols[j]]] += 2 * scale * u[j] * u[j]
	}
	for x, p := range b.entries {
		vp := scale * a[p.from]
		if p.row == 0 {
			vp = -vp
		}
		for _, q := range b.entries[:x+1] {
			if q.row != p.row {
				continue
			}
			if q.col == p.col {
				k.diag[inv[b.cols[p.col]]] += vp * a[q.from]
			} else { // q.col < p.col
				k.up[b.at[p.col*(p.col-1)/2+q.col]] += vp * a[q.from]
			}
		}
	}
}

// slackRHS is the right-hand side of the Newton system for one kind of
// complementarity: S/Z dz + ds = -h is written both ways, h in the space of s
// and hz = Z/S h in that of z, because one of the two cannot be had from the other
// without losing digits. p is what the primal rows are to change by.
type slackRHS struct{ p, h, hz []float64 }

// newtonRHS is a right-hand side of the Newton system.
type newtonRHS struct {
	x, l       []float64 // columns; linear rows (only equations are read)
	side, cone slackRHS
}

// direction is a solution of the Newton system.
type direction struct {
	x, y   []float64 // y: linear rows; for ranges the sum of their sides
	z, zc  []float64
	s, sc  []float64
	dt, dk float64 // of tau and kappa
}

// solve solves the Newton system.
func (k *kkt) solve(r *newtonRHS, out *direction) {
	f := k.f
	inv, rhs := k.sym.inv, k.rhs
	for j, v := range r.x {
		rhs[inv[j]] = v
	}
	clear(k.rowT)
	h := k.h[:f.sides]
	for i, c := range f.carrier[:f.sides] {
		v := f.sign[i] * (h[i]*r.side.p[i] + r.side.hz[i])
		if int(c) < f.n {
			rhs[inv[c]] += v
		} else {
			k.rowT[int(c)-f.n] += v
		}
	}
	for l, eq := range f.isEq {
		if eq {
			rhs[inv[f.n+l]] = r.l[l]
		} else {
			k.rowT[l] /= k.rowH[l]
			rhs[inv[f.n+l]] = k.rowT[l]
		}
	}
	for i := range k.cones {
		k.pack(&k.cones[i], k.eta[i], &r.cone)
	}
	k.backsolve()
	k.unpack(r, out)
}

// pack adds a cone to the right-hand side.
func (k *kkt) pack(b *coneBlock, eta float64, r *slackRHS) {
	if b.dim == 0 {
		return
	}
	lo, hi := b.start, b.start+b.dim
	inv, rhs := k.sym.inv, k.rhs
	if b.mode == coneEliminated {
		v := k.tmp[:b.dim]
		mulW2(eta, k.w[lo:hi], r.p[lo:hi], v, true)
		for _, e := range b.entries {
			rhs[inv[b.cols[e.col]]] += k.f.aVal[e.from] * (v[e.row] + r.hz[lo+int(e.row)])
		}
		return
	}
	for i := range b.dim {
		rhs[inv[int(b.node)+i]] = r.p[lo+i] + r.h[lo+i]
	}
	if b.mode == coneExpanded {
		rhs[inv[int(b.node)+b.dim]] = 0
		rhs[inv[int(b.node)+b.dim+1]] = 0
	}
}

// unpack recovers the eliminated parts of a direction.
func (k *kkt) unpack(r *newtonRHS, out *direction) {
	f := k.f
	inv, sol := k.sym.inv, k.sol
	for j := range out.x {
		out.x[j] = sol[inv[j]]
	}
	for l := range f.rows {
		out.y[l] = sol[inv[f.n+l]]
	}
	h := k.h[:f.sides]
	for i, c := range f.carrier[:f.sides] {
		var dw float64
		if int(c) < f.n {
			dw = out.x[c]
		} else {
			l := int(c) - f.n
			dw = k.rowT[l] + out.y[l]/k.rowH[l]
		}
		ds := r.side.p[i] - f.sign[i]*dw
		out.s[i], out.z[i] = ds, -h[i]*ds-r.side.hz[i]
	}
	for i := range k.cones {
		b := &k.cones[i]
		if b.dim == 0 {
			continue
		}
		lo, hi := b.start, b.start+b.dim
		zc, sc := out.zc[lo:hi], out.sc[lo:hi]
		copy(sc, r.cone.p[lo:hi])
		for _, e := range b.entries {
			sc[e.row] -= f.aVal[e.from] * out.x[b.cols[e.col]]
		}
		if b.mode != coneEliminated {
			for t := range zc {
				zc[t] = sol[inv[int(b.node)+t]]
			}
			continue
		}
		mulW2(k.eta[i], k.w[lo:hi], sc, zc, true)
		for t := range zc {
			zc[t] = -zc[t] - r.cone.hz[lo+t]
		}
	}
}

// backsolve solves K sol = rhs, refining against the matrix without the
// static shift.
func (k *kkt) backsolve() {
	copy(k.sol, k.rhs)
	k.fac.solve(k.sol)
	k.stats.Backsolves++
	goal := k.goal
	if goal == 0 {
		goal = 1e-13 + 1e-12*maxAbs(k.rhs)
	}
	last := k.residual()
	for step := 0; step < k.refine.most && last > goal; step++ {
		k.fac.solve(k.res)
		k.stats.Backsolves++
		for i, d := range k.res {
			k.cor[i] = k.sol[i]
			k.sol[i] += d
		}
		now := k.residual()
		if !(now < last) {
			copy(k.sol, k.cor)
			break
		}
		if now > last/envf("RRATIO", 3) {
			break
		}
		last = now
	}
	k.lastRes = last
	k.slow = k.slow || last > goal
}

// residual sets res = rhs - K sol and returns its largest entry.
func (k *kkt) residual() float64 {
	res, sol, diag := k.res, k.sol, k.diag
	for j := range res {
		res[j] = k.rhs[j] - diag[j]*sol[j]
	}
	for j := range res {
		lo, hi := k.upPtr[j], k.upPtr[j+1]
		idx, val := k.upIdx[lo:hi], k.up[lo:hi]
		val = val[:len(idx)]
		xj, sum := sol[j], 0.0
		for t, i := range idx {
			v := val[t]
			sum += v * sol[i]
			res[i] -= v * xj
		}
		res[j] -= sum
	}
	return maxAbs(res)
}

func maxAbs(v []float64) float64 {
	m := 0.0
	for _, x := range v {
		if x < 0 {
			x = -x
		}
		if !(x <= m) {
			if x != x {
				return x
			}
			m = x
		}
	}
	return m
}
