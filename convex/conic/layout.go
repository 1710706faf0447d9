package conic

import "slices"

// none marks an entry that has no place in the Newton matrix.
const none = int32(-1)

// layout numbers the nodes of the Newton matrix and lists the positions of its
// off-diagonal entries. Arrays of places (aAt, pAt, coneBlock.at) hold numbers
// of positions until place replaces them by where these lie.
type layout struct {
	nodes int
	row   []int32 // lower and higher node of each position
	col   []int32
}

// position adds an off-diagonal entry between nodes a and b.
func (l *layout) position(a, b int32) int32 {
	l.row = append(l.row, min(a, b))
	l.col = append(l.col, max(a, b))
	return int32(len(l.row) - 1)
}

// lay decides how each cone is treated, numbers the nodes - columns, linear
// rows, rows and expansions of cones - and lists all off-diagonal entries.
func (k *kkt) lay() *layout {
	f := k.f
	l := &layout{nodes: f.n + f.rows}
	room := len(f.pIdx) + len(f.aIdx) + 4*len(f.cones)
	l.row, l.col = make([]int32, 0, room), make([]int32, 0, room)
	k.pAt, k.aAt = make([]int32, len(f.pIdx)), make([]int32, len(f.aIdx))
	for j := range f.n {
		for p := f.pPtr[j]; p < f.pPtr[j+1]; p++ {
			k.pAt[p] = none
			if i := f.pIdx[p]; int(i) != j {
				k.pAt[p] = l.position(i, int32(j))
			}
		}
	}
	k.blocks(l)
	nodeOf := make([]int32, f.coneRows) // of cone rows; none where eliminated
	for i := range k.cones {
		b := &k.cones[i]
		for r := range b.dim {
			nodeOf[b.start+r] = none
			if b.mode != coneEliminated {
				nodeOf[b.start+r] = b.node + int32(r)
			}
		}
	}
	for j := range f.n {
		for p := f.aPtr[j]; p < f.aPtr[j+1]; p++ {
			node := int32(f.n) + f.aIdx[p]
			if r := int(f.aIdx[p]) - f.rows; r >= 0 {
				node = nodeOf[r]
			}
			k.aAt[p] = none
			if node != none {
				k.aAt[p] = l.position(int32(j), node)
			}
		}
	}
	return l
}

// pattern returns the strict upper triangle by columns, without repeats.
func (l *layout) pattern() (ptr, idx []int32) {
	ptr, idx = l.byColumn(nil)
	seen := make([]int32, l.nodes)
	put := int32(0)
	for j := range l.nodes {
		col := idx[ptr[j]:ptr[j+1]]
		ptr[j] = put
		for _, at := range col {
			if i := l.row[at]; seen[i] != int32(j)+1 {
				seen[i] = int32(j) + 1
				idx[put] = i
				put++
			}
		}
	}
	ptr[l.nodes] = put
	return ptr, idx[:put]
}

// byColumn lists the numbers of the positions by columns of the matrix whose
// nodes are permuted by inv (nil: not at all).
func (l *layout) byColumn(inv []int32) (ptr, list []int32) {
	column := func(at int) int32 {
		if inv == nil {
			return l.col[at]
		}
		return max(inv[l.row[at]], inv[l.col[at]])
	}
	ptr = make([]int32, l.nodes+1)
	for at := range l.col {
		ptr[column(at)+1]++
	}
	for j := range l.nodes {
		ptr[j+1] += ptr[j]
	}
	list = make([]int32, len(l.col))
	next := slices.Clone(ptr[:l.nodes])
	for at := range l.col {
		j := column(at)
		list[next[j]] = int32(at)
		next[j]++
	}
	return ptr, list
}

// place lays out the strict upper triangle in elimination order and turns
// numbers of positions into places in it.
func (k *kkt) place(l *layout) {
	inv := k.sym.inv
	ptr, list := l.byColumn(inv)
	where := make([]int32, len(l.col))
	k.upPtr = make([]int32, l.nodes+1)
	k.upIdx = make([]int32, 0, len(list))
	seen := make([]int32, l.nodes) // 1 + place of a row in the current column
	for j := range l.nodes {
		first := int32(len(k.upIdx))
		for _, at := range list[ptr[j]:ptr[j+1]] {
			i := min(inv[l.row[at]], inv[l.col[at]])
			if seen[i] <= first {
				k.upIdx = append(k.upIdx, i)
				seen[i] = int32(len(k.upIdx))
			}
			where[at] = seen[i] - 1
		}
		k.upPtr[j+1] = int32(len(k.upIdx))
	}
	replace := func(places []int32) {
		for i, at := range places {
			if at != none {
				places[i] = where[at]
			}
		}
	}
	replace(k.pAt)
	replace(k.aAt)
	for i := range k.cones {
		replace(k.cones[i].at)
		k.dynamic = append(k.dynamic, k.cones[i].at...)
	}
	k.base, k.up = make([]float64, len(k.upIdx)), make([]float64, len(k.upIdx))
}
