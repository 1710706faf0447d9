package conic

import (
	"math"
	"slices"
)

// denseCone is the largest cone that is eliminated or kept as a dense block.
const denseCone = 4

type coneMode uint8

const (
	coneEliminated coneMode = iota // A'W⁻²A is added to P
	coneDense                      // rows of its own, with W² as a dense block
	coneExpanded                   // rows of its own, with W² as a diagonal and two rank-one terms, a node each
)

// coneBlock is how one second-order cone stands in the Newton matrix.
type coneBlock struct {
	mode       coneMode
	start, dim int          // rows among the cone rows
	node       int32        // first node, where it has any
	cols       []int32      // columns that it touches
	entries    []blockEntry // of A
	// Places of the off-diagonal entries: of the pairs of cols where the cone is
	// eliminated, of the triangle by columns where it is dense, of u and then of v
	// without its head where it is expanded.
	at []int32
}

type blockEntry struct {
	row, col int32 // within the cone, within cols
	from     int32 // place in aVal
}

// blocks sets up all cones and gives nodes to those that are not eliminated.
func (k *kkt) blocks(l *layout) {
	f := k.f
	k.cones = make([]coneBlock, len(f.cones))
	coneOf := make([]int32, f.coneRows)
	for i := range f.cones {
		b := &k.cones[i]
		b.start, b.dim = f.cones[i].start, len(f.cones[i].kept)
		for r := range b.dim {
			coneOf[b.start+r] = int32(i)
		}
	}
	count := make([]int, len(f.cones)) // entries of each cone
	each := func(visit func(cone int32, row, col, p int)) {
		for j := range f.n {
			for p := f.aPtr[j]; p < f.aPtr[j+1]; p++ {
				if r := int(f.aIdx[p]) - f.rows; r >= 0 {
					visit(coneOf[r], r, j, int(p))
				}
			}
		}
	}
	each(func(cone int32, _, _, _ int) { count[cone]++ })
	for i, n := range count {
		k.cones[i].cols, k.cones[i].entries = make([]int32, 0, n), make([]blockEntry, 0, n)
	}
	each(func(cone int32, row, col, p int) {
		b := &k.cones[cone]
		if last := len(b.cols) - 1; last < 0 || b.cols[last] != int32(col) {
			b.cols = append(b.cols, int32(col))
		}
		b.entries = append(b.entries, blockEntry{int32(row - b.start), int32(len(b.cols) - 1), int32(p)})
	})
	for i := range k.cones {
		k.cones[i].lay(l)
	}
}

// lay chooses how the cone is treated and lists the entries of its block.
func (b *coneBlock) lay(l *layout) {
	pairs := func(nodes []int32) {
		for j := range nodes {
			for i := range j {
				b.at = append(b.at, l.position(nodes[i], nodes[j]))
			}
		}
	}
	if len(b.cols) <= min(b.dim, denseCone) {
		b.mode = coneEliminated
		pairs(b.cols)
		return
	}
	b.node = int32(l.nodes)
	l.nodes += b.dim
	nodes := make([]int32, b.dim)
	for r := range nodes {
		nodes[r] = b.node + int32(r)
	}
	if b.dim <= denseCone {
		b.mode = coneDense
		pairs(nodes)
		return
	}
	b.mode = coneExpanded
	u, v := int32(l.nodes), int32(l.nodes)+1
	l.nodes += 2
	for _, r := range nodes {
		b.at = append(b.at, l.position(r, u))
	}
	for _, r := range nodes[1:] {
		b.at = append(b.at, l.position(r, v))
	}
}

// update adds the cone, scaled by eta and w, to the Newton matrix.
func (b *coneBlock) update(k *kkt, eta float64) {
	w := k.w[b.start : b.start+b.dim]
	e := eta * eta
	switch b.mode {
	case coneEliminated:
		b.addInverse(k, 1/e, w)
	case coneDense:
		diag := k.diagonal(b.node, b.dim)
		t := 0
		for j, wj := range w {
			d := 2*wj*wj + 1
			if j == 0 {
				d -= 2
			}
			*diag(j) = -e * d
			for _, wi := range w[:j] {
				k.up[b.at[t]] = -2 * e * wi * wj
				t++
			}
		}
	case coneExpanded:
		diag := k.diagonal(b.node, b.dim+2)
		x := expand(w)
		*diag(0) = -e * x.d
		k.up[b.at[0]] = eta * x.u0
		for j := 1; j < b.dim; j++ {
			*diag(j) = -e
			k.up[b.at[j]] = eta * x.u1 * w[j]
			k.up[b.at[b.dim+j-1]] = eta * x.v1 * w[j]
		}
		*diag(b.dim), *diag(b.dim + 1) = 1, -1
	}
}

// expansion writes 2ww' - J as diag(d, I) + uu' - vv' with u = (u0, u1 w1:),
// v = (0, v1 w1:) (A. Domahidi, E. Chu, S. Boyd, "ECOS: an SOCP solver for
// embedded systems", 2013).
type expansion struct{ d, u0, u1, v1 float64 }

func expand(w []float64) expansion {
	t := dot(w[1:], w[1:])
	sq := 1 + 2*t // w0² + |w1:|²
	d := 1 / (2 * sq)
	u0 := sq - d
	u1 := 4 * (1 + t) / u0
	return expansion{d: d, u0: math.Sqrt(u0), u1: math.Sqrt(u1), v1: math.Sqrt(max(0, u1-2))}
}

// addInverse adds A'W⁻²A = scale (2uu' - A'JA), u = A'Jw, to the columns of the
// cone.
func (b *coneBlock) addInverse(k *kkt, scale float64, w []float64) {
	var buffer [denseCone]float64
	u := buffer[:len(b.cols)]
	inv, a := k.sym.inv, k.f.aVal
	for _, e := range b.entries {
		if v := a[e.from]; e.row == 0 {
			u[e.col] += v * w[0]
		} else {
			u[e.col] -= v * w[e.row]
		}
	}
	t := 0
	for j, uj := range u {
		for _, ui := range u[:j] {
			k.up[b.at[t]] += 2 * scale * ui * uj
			t++
		}
		k.diag[inv[b.cols[j]]] += 2 * scale * uj * uj
	}
	for x, p := range b.entries {
		vp := scale * a[p.from]
		if p.row == 0 {
			vp = -vp
		}
		for _, q := range b.entries[:x+1] {
			switch {
			case q.row != p.row:
			case q.col == p.col:
				k.diag[inv[b.cols[p.col]]] += vp * a[q.from]
			default: // q.col < p.col
				k.up[b.at[p.col*(p.col-1)/2+q.col]] += vp * a[q.from]
			}
		}
	}
}

// pack adds the cone to the right-hand side of the Newton system.
func (b *coneBlock) pack(k *kkt, eta float64, r *newtonRHS) {
	lo, hi := b.start, b.start+b.dim
	p, h, hz := r.cone.p[lo:hi], r.cone.h[lo:hi], r.cone.hz[lo:hi]
	inv, rhs := k.sym.inv, k.rhs
	if b.mode == coneEliminated {
		v := k.cone[:b.dim]
		mulW2(eta, k.w[lo:hi], p, v, true)
		for _, e := range b.entries {
			rhs[inv[b.cols[e.col]]] += k.f.aVal[e.from] * (r.by*v[e.row] + hz[e.row])
		}
		return
	}
	for i := range b.dim {
		rhs[inv[int(b.node)+i]] = r.by*p[i] + h[i]
	}
	if b.mode == coneExpanded {
		rhs[inv[int(b.node)+b.dim]] = 0
		rhs[inv[int(b.node)+b.dim+1]] = 0
	}
}

// unpack recovers the cone's part of a direction. ds follows from dx, so that
// it cancels the primal residual to rounding even where W² is huge.
func (b *coneBlock) unpack(k *kkt, eta float64, r *newtonRHS, out *direction) {
	lo, hi := b.start, b.start+b.dim
	sc, zc := out.sc[lo:hi], out.zc[lo:hi]
	for t, p := range r.cone.p[lo:hi] {
		sc[t] = r.by * p
	}
	for _, e := range b.entries {
		sc[e.row] -= k.f.aVal[e.from] * out.x[b.cols[e.col]]
	}
	if b.mode != coneEliminated {
		for t := range zc {
			zc[t] = k.sol[k.sym.inv[int(b.node)+t]]
		}
		return
	}
	mulW2(eta, k.w[lo:hi], sc, zc, true)
	for t := range zc {
		zc[t] = -zc[t] - r.cone.hz[lo+t]
	}
}

// diagonal gives access to the diagonal of count consecutive nodes.
func (k *kkt) diagonal(node int32, count int) func(i int) *float64 {
	inv := slices.Clip(k.sym.inv[node : int(node)+count])
	return func(i int) *float64 { return &k.diag[inv[i]] }
}
