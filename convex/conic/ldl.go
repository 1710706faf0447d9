package conic

// symbolic is the structure of a factorisation K(perm, perm) = L D L': the
// elimination tree in postorder and the pattern of L, by columns and by rows.
type symbolic struct {
	n      int
	perm   []int32 // position -> original index
	inv    []int32 // original index -> position
	parent []int32 // elimination tree, in positions
	colPtr []int32 // L by columns, unit diagonal not stored
	rowIdx []int32
	rowPtr []int32 // L by rows: columns ascend, which is a topological order
	colIdx []int32
	flops  float64 // multiply-adds of a numeric factorisation
}

// analyse computes the structure for an order of elimination. colPtr, rowIdx:
// upper triangle of the matrix by columns.
func analyse(n int, colPtr, rowIdx, order []int32) *symbolic {
	parent, _ := eliminationTree(n, colPtr, rowIdx, order)
	post := postorder(parent)
	perm := make([]int32, n)
	for k, v := range post {
		perm[k] = order[v]
	}
	s := &symbolic{n: n, perm: perm, inv: make([]int32, n)}
	for k, v := range perm {
		s.inv[v] = int32(k)
	}
	upPtr, upIdx := permutedUpper(n, colPtr, rowIdx, s.inv)
	s.parent = treeOf(n, upPtr, upIdx)
	s.pattern(upPtr, upIdx)
	return s
}

// permutedUpper returns the pattern of the upper triangle of the permuted
// matrix by columns, rows in no particular order.
func permutedUpper(n int, colPtr, rowIdx, inv []int32) (upPtr, upIdx []int32) {
	upPtr = make([]int32, n+1)
	for j := range n {
		pj := inv[j]
		for p := colPtr[j]; p < colPtr[j+1]; p++ {
			upPtr[max(pj, inv[rowIdx[p]])+1]++
		}
	}
	for j := range n {
		upPtr[j+1] += upPtr[j]
	}
	upIdx = make([]int32, upPtr[n])
	next := make([]int32, n)
	copy(next, upPtr)
	for j := range n {
		pj := inv[j]
		for p := colPtr[j]; p < colPtr[j+1]; p++ {
			a, b := pj, inv[rowIdx[p]]
			if a < b {
				a, b = b, a
			}
			upIdx[next[a]] = b
			next[a]++
		}
	}
	return upPtr, upIdx
}

func eliminationTree(n int, colPtr, rowIdx, order []int32) (parent, inv []int32) {
	inv = make([]int32, n)
	for k, v := range order {
		inv[v] = int32(k)
	}
	upPtr, upIdx := permutedUpper(n, colPtr, rowIdx, inv)
	return treeOf(n, upPtr, upIdx), inv
}

// treeOf returns the elimination tree of a matrix given by its upper triangle,
// after Liu, "The role of elimination trees in sparse factorization" (1990).
func treeOf(n int, upPtr, upIdx []int32) []int32 {
	parent, ancestor := make([]int32, n), make([]int32, n)
	for k := range n {
		parent[k], ancestor[k] = -1, -1
		for p := upPtr[k]; p < upPtr[k+1]; p++ {
			for i := upIdx[p]; int(i) < k; {
				next := ancestor[i]
				ancestor[i] = int32(k)
				if next < 0 {
					parent[i] = int32(k)
					break
				}
				i = next
			}
		}
	}
	return parent
}

// postorder lists the nodes of a forest, children before parents and each
// subtree in one piece.
func postorder(parent []int32) []int32 {
	n := len(parent)
	head, next := make([]int32, n), make([]int32, n)
	for i := range head {
		head[i] = -1
	}
	for i := n - 1; i >= 0; i-- {
		if p := parent[i]; p >= 0 {
			next[i] = head[p]
			head[p] = int32(i)
		}
	}
	post := make([]int32, 0, n)
	stack := make([]int32, 0, 64)
	for root := range n {
		if parent[root] >= 0 {
			continue
		}
		stack = append(stack[:0], int32(root))
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			if c := head[v]; c >= 0 {
				head[v] = next[c]
				stack = append(stack, c)
				continue
			}
			post = append(post, v)
			stack = stack[:len(stack)-1]
		}
	}
	return post
}

// pattern fills in L by columns and by rows. Row k of L holds the nodes on the
// paths in the tree from the entries of column k of the upper triangle to k.
func (s *symbolic) pattern(upPtr, upIdx []int32) {
	n := s.n
	seen := make([]int32, n)
	for i := range seen {
		seen[i] = -1
	}
	count := make([]int32, n)
	s.rowPtr = make([]int32, n+1)
	walk := func(k int, visit func(i int32)) {
		seen[k] = int32(k)
		for p := upPtr[k]; p < upPtr[k+1]; p++ {
			for i := upIdx[p]; seen[i] != int32(k); i = s.parent[i] {
				seen[i] = int32(k)
				visit(i)
			}
		}
	}
	for k := range n {
		nnz := int32(0)
		walk(k, func(i int32) { count[i]++; nnz++ })
		s.rowPtr[k+1] = s.rowPtr[k] + nnz
	}
	s.colPtr = make([]int32, n+1)
	for j := range n {
		c := float64(count[j])
		s.flops += c * (c + 1) / 2
		s.colPtr[j+1] = s.colPtr[j] + count[j]
	}
	s.rowIdx = make([]int32, s.colPtr[n])
	copy(count, s.colPtr[:n])
	for i := range seen {
		seen[i] = -1
	}
	for k := range n {
		walk(k, func(i int32) { s.rowIdx[count[i]] = int32(k); count[i]++ })
	}
	// Rows of L with ascending columns: transpose.
	s.colIdx = make([]int32, s.colPtr[n])
	next := seen
	copy(next, s.rowPtr[:n])
	for j := range n {
		for p := s.colPtr[j]; p < s.colPtr[j+1]; p++ {
			k := s.rowIdx[p]
			s.colIdx[next[k]] = int32(j)
			next[k]++
		}
	}
}

// factor holds the numbers of L and D.
type factor struct {
	*symbolic
	val     []float64 // L by columns
	inv     []float64 // 1/D
	work    []float64
	next    []int32
	boosted int // pivots replaced in the last factorisation
}

// boost is what a pivot lost to rounding is replaced by.
var boost = envf("PNEW", 1e-3)

func newFactor(s *symbolic) *factor {
	return &factor{symbolic: s, val: make([]float64, len(s.rowIdx)), inv: make([]float64, s.n), work: make([]float64, s.n), next: make([]int32, s.n)}
}

// run factorises the matrix with upper triangle (upPtr, upIdx, upVal) without
// its diagonal and diagonal diag, both in the permuted order, plus delta times
// sign, which holds 1 and -1 for positive and negative pivots. No pivot is
// smaller than delta but through rounding: such a one is replaced.
func (f *factor) run(upPtr, upIdx []int32, upVal, diag, sign []float64, delta float64) {
	y, inv, next := f.work, f.inv, f.next
	copy(next, f.colPtr[:f.n])
	f.boosted = 0
	rowIdx, val := f.rowIdx, f.val
	for k := range f.n {
		lo, hi := upPtr[k], upPtr[k+1]
		idx, up := upIdx[lo:hi], upVal[lo:hi]
		for t, i := range idx {
			y[i] = up[t]
		}
		d := diag[k] + sign[k]*delta
		for _, i := range f.colIdx[f.rowPtr[k]:f.rowPtr[k+1]] {
			yi := y[i]
			y[i] = 0
			from, to := f.colPtr[i], next[i]
			rows := rowIdx[from:to]
			vals := val[from:to]
			vals = vals[:len(rows)]
			for t, r := range rows {
				y[r] -= vals[t] * yi
			}
			l := yi * inv[i]
			d -= l * yi
			val[to] = l
			next[i] = to + 1
		}
		if !(d*sign[k] > delta/2) {
			d = sign[k] * boost
			f.boosted++
		}
		inv[k] = 1 / d
	}
}

// solve replaces x, in the permuted order, by the solution of LDL'x = x.
func (f *factor) solve(x []float64) {
	colPtr := f.colPtr
	for j := range f.n {
		lo, hi := colPtr[j], colPtr[j+1]
		xj := x[j]
		rows, vals := f.rowIdx[lo:hi], f.val[lo:hi]
		vals = vals[:len(rows)]
		for t, r := range rows {
			x[r] -= vals[t] * xj
		}
		x[j] = xj * f.inv[j]
	}
	for j := f.n - 1; j >= 0; j-- {
		lo, hi := colPtr[j], colPtr[j+1]
		rows, vals := f.rowIdx[lo:hi], f.val[lo:hi]
		vals = vals[:len(rows)]
		sum := x[j]
		for t, r := range rows {
			sum -= vals[t] * x[r]
		}
		x[j] = sum
	}
}
