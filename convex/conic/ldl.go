package conic

// symbolic is the structure of a factorisation K(perm, perm) = L D L' with unit
// lower triangular L: the elimination tree in postorder, and L by supernodes,
// runs of columns that are dense in their triangle and have the same rows below
// it. Most supernodes are single columns; the few wide ones do most of the
// arithmetic.
type symbolic struct {
	n      int
	perm   []int32 // position -> original index
	inv    []int32 // original index -> position
	parent []int32 // elimination tree, in positions

	first  []int32 // first column of supernode s; first[len] = n
	owner  []int32 // supernode of a column
	rowPtr []int32 // rows below the triangle of s: rows[rowPtr[s]:rowPtr[s+1]], ascending
	rows   []int32
	valPtr []int32 // where the numbers of s start: its strict triangle by rows, then its rows below, each of the width of s
	memPtr []int32 // supernodes that row k has entries of, its own apart: members[memPtr[k]:memPtr[k+1]], ascending
	member []int32

	nnz    int     // of L
	flops  float64 // multiply-adds of a numeric factorisation
	widest int
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
	s.supernodes(s.counts(upPtr, upIdx))
	s.structure(upPtr, upIdx)
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

// counts returns the number of entries below the diagonal of each column of L.
// Row k of L holds the nodes on the paths in the tree from the entries of column
// k of the upper triangle to k.
func (s *symbolic) counts(upPtr, upIdx []int32) []int32 {
	count, seen := make([]int32, s.n), make([]int32, s.n)
	for k := range s.n {
		seen[k] = int32(k)
		for p := upPtr[k]; p < upPtr[k+1]; p++ {
			for i := upIdx[p]; seen[i] != int32(k); i = s.parent[i] {
				seen[i] = int32(k)
				count[i]++
			}
		}
	}
	return count
}

// supernodes finds the runs of columns, each the parent of the one before,
// whose structures nest.
func (s *symbolic) supernodes(count []int32) {
	s.owner = make([]int32, s.n)
	at := int32(0)
	s.rowPtr = append(s.rowPtr, 0)
	s.valPtr = append(s.valPtr, 0)
	for j := 0; j < s.n; {
		e := j
		for e+1 < s.n && int(s.parent[e]) == e+1 && count[e+1] == count[e]-1 {
			e++
		}
		w, below := int32(e+1-j), count[e]
		for i := j; i <= e; i++ {
			s.owner[i] = int32(len(s.first))
			c := float64(count[i])
			s.flops += c * (c + 1) / 2
			s.nnz += int(count[i])
		}
		s.first = append(s.first, int32(j))
		s.rowPtr = append(s.rowPtr, s.rowPtr[len(s.rowPtr)-1]+below)
		at += w*(w-1)/2 + w*below
		s.valPtr = append(s.valPtr, at)
		s.widest = max(s.widest, int(w))
		j = e + 1
	}
	s.first = append(s.first, int32(s.n))
}

// structure lists the rows of each supernode and the supernodes of each row.
func (s *symbolic) structure(upPtr, upIdx []int32) {
	count := len(s.first) - 1
	next := make([]int32, count)
	copy(next, s.rowPtr)
	s.rows = make([]int32, s.rowPtr[count])
	s.memPtr = make([]int32, s.n+1)
	s.member = make([]int32, len(s.rows))
	seen := make([]int32, count)
	for i := range seen {
		seen[i] = -1
	}
	for k := range s.n {
		own := s.owner[k]
		seen[own] = int32(k)
		for p := upPtr[k]; p < upPtr[k+1]; p++ {
			for t := s.owner[upIdx[p]]; seen[t] != int32(k); t = s.owner[s.parent[s.first[t+1]-1]] {
				seen[t] = int32(k)
				s.rows[next[t]] = int32(k)
				next[t]++
			}
		}
	}
	// Transposed: by rows, with ascending supernodes.
	for _, k := range s.rows {
		s.memPtr[k+1]++
	}
	for k := range s.n {
		s.memPtr[k+1] += s.memPtr[k]
	}
	at := make([]int32, s.n)
	copy(at, s.memPtr)
	for t := range count {
		for _, k := range s.rows[s.rowPtr[t]:s.rowPtr[t+1]] {
			s.member[at[k]] = int32(t)
			at[k]++
		}
	}
}
