package grid

import "math"

// sparse is a square matrix by columns: column j holds the entries
// colStart[j]..colStart[j+1], their rows and values.
type sparse struct {
	n        int
	colStart []int32
	row      []int32
	value    []float64
}

// lu is the factorisation of a sparse matrix with threshold pivoting, column by
// column (Gilbert and Peierls 1988, as told in Davis, "Direct methods for sparse
// linear systems", 2006, section 6.2). Memory grows on the first factorisation
// and is used again by the next.
type lu struct {
	n        int
	colOrder []int32 // columns are taken in this order
	prefer   []int32 // by column: the row to pivot on, unless it is small there
	pivotOf  []int32 // step at which a row was the pivot; -1 not yet
	pivotRow []int32 // its inverse

	lStart, uStart []int32 // columns by step
	lRow, uRow     []int32 // l: rows of the matrix; u: steps, the diagonal last
	lValue, uValue []float64

	x               []float64 // column in work, by row
	reach           []int32   // rows that the column touches, in topological order from top
	stack, position []int32
	mark            []int32 // step+1 at which a row was last reached
	work            []float64
}

func newLU(colOrder, prefer []int32) *lu {
	n := len(colOrder)
	ints := func(size int) []int32 { return make([]int32, size) }
	return &lu{
		n: n, colOrder: colOrder, prefer: prefer, pivotOf: ints(n), pivotRow: ints(n),
		lStart: ints(n + 1), uStart: ints(n + 1),
		x: make([]float64, n), reach: ints(n), stack: ints(n), position: ints(n), mark: ints(n),
		work: make([]float64, n),
	}
}

// preferAbove is the share of the largest candidate above which the preferred row
// is the pivot: the usual price in digits for keeping the factors sparse.
const preferAbove = 0.1

// factor reports whether the matrix could be factorised; false means singular
// to working precision or not finite.
func (f *lu) factor(a *sparse) bool {
	f.lRow, f.lValue = f.lRow[:0], f.lValue[:0]
	f.uRow, f.uValue = f.uRow[:0], f.uValue[:0]
	for i := range f.pivotOf {
		f.pivotOf[i], f.mark[i] = -1, 0
	}
	for step := range f.n {
		f.lStart[step], f.uStart[step] = int32(len(f.lRow)), int32(len(f.uRow))
		col := f.colOrder[step]
		lo, hi := a.colStart[col], a.colStart[col+1]
		top := f.reachOf(a.row[lo:hi], int32(step)+1)
		for _, i := range f.reach[top:] {
			f.x[i] = 0
		}
		for k := lo; k < hi; k++ {
			f.x[a.row[k]] = a.value[k]
		}
		// Solve with the columns of L so far; rows already pivotal give U.
		pivot, best := int32(-1), 0.0
		for _, i := range f.reach[top:] {
			xi := f.x[i]
			j := f.pivotOf[i]
			if j < 0 {
				if m := math.Abs(xi); m > best {
					pivot, best = i, m
				}
				continue
			}
			f.uRow, f.uValue = append(f.uRow, j), append(f.uValue, xi)
			for k := f.lStart[j]; k < f.lStart[j+1]; k++ {
				f.x[f.lRow[k]] -= f.lValue[k] * xi
			}
		}
		if pivot < 0 || math.IsInf(best, 0) {
			return false
		}
		if p := f.prefer[col]; f.mark[p] == int32(step)+1 && f.pivotOf[p] < 0 && math.Abs(f.x[p]) >= preferAbove*best {
			pivot = p
		}
		d := f.x[pivot]
		f.uRow, f.uValue = append(f.uRow, int32(step)), append(f.uValue, d)
		f.pivotOf[pivot], f.pivotRow[step] = int32(step), pivot
		for _, i := range f.reach[top:] {
			if f.pivotOf[i] < 0 && f.x[i] != 0 {
				f.lRow, f.lValue = append(f.lRow, i), append(f.lValue, f.x[i]/d)
			}
		}
		f.lStart[step+1], f.uStart[step+1] = int32(len(f.lRow)), int32(len(f.uRow))
	}
	return true
}

// reachOf finds every row that a column with these rows touches, depth first
// through the columns of L, into reach[top:] such that a row stands before those
// that it changes.
func (f *lu) reachOf(rows []int32, stamp int32) (top int) {
	top = f.n
	for _, start := range rows {
		if f.mark[start] == stamp {
			continue
		}
		head := 0
		f.stack[0] = start
		f.mark[start] = stamp
		f.position[0] = f.firstBelow(start)
		for head >= 0 {
			i := f.stack[head]
			end := int32(0)
			if j := f.pivotOf[i]; j >= 0 {
				end = f.lStart[j+1]
			}
			deeper := false
			for k := f.position[head]; k < end; k++ {
				next := f.lRow[k]
				if f.mark[next] == stamp {
					continue
				}
				f.position[head] = k + 1
				f.mark[next] = stamp
				head++
				f.stack[head], f.position[head] = next, f.firstBelow(next)
				deeper = true
				break
			}
			if !deeper {
				head--
				top--
				f.reach[top] = i
			}
		}
	}
	return top
}

func (f *lu) firstBelow(row int32) int32 {
	if j := f.pivotOf[row]; j >= 0 {
		return f.lStart[j]
	}
	return 0
}

// solve overwrites b with the solution of A x = b.
func (f *lu) solve(b []float64) {
	y := f.work
	for step := range f.n {
		t := b[f.pivotRow[step]]
		y[step] = t
		for k := f.lStart[step]; k < f.lStart[step+1]; k++ {
			b[f.lRow[k]] -= f.lValue[k] * t
		}
	}
	for step := f.n - 1; step >= 0; step-- {
		lo, diagonal := f.uStart[step], f.uStart[step+1]-1
		t := y[step] / f.uValue[diagonal]
		y[step] = t
		for k := lo; k < diagonal; k++ {
			y[f.uRow[k]] -= f.uValue[k] * t
		}
	}
	for step, col := range f.colOrder {
		b[col] = y[step]
	}
}

// solveTransposed overwrites b with the solution of transposed(A) x = b.
func (f *lu) solveTransposed(b []float64) {
	y := f.work
	for step, col := range f.colOrder {
		t := b[col]
		lo, diagonal := f.uStart[step], f.uStart[step+1]-1
		for k := lo; k < diagonal; k++ {
			t -= f.uValue[k] * y[f.uRow[k]]
		}
		y[step] = t / f.uValue[diagonal]
	}
	for step := f.n - 1; step >= 0; step-- {
		t := y[step]
		for k := f.lStart[step]; k < f.lStart[step+1]; k++ {
			t -= f.lValue[k] * b[f.lRow[k]]
		}
		b[f.pivotRow[step]] = t
	}
}

// minimumDegree orders the nodes of a graph so that eliminating them makes few
// new edges: always the node with fewest neighbours, the lowest number first.
func minimumDegree(neighbours []map[int32]bool) []int32 {
	n := len(neighbours)
	byDegree := make([]map[int32]bool, n+1)
	move := func(i int32, from, to int) {
		delete(byDegree[from], i)
		if byDegree[to] == nil {
			byDegree[to] = map[int32]bool{}
		}
		byDegree[to][i] = true
	}
	for i := range neighbours {
		move(int32(i), 0, len(neighbours[i]))
	}
	order := make([]int32, 0, n)
	for d := 0; len(order) < n; {
		if len(byDegree[d]) == 0 {
			d++
			continue
		}
		pick := int32(-1)
		for i := range byDegree[d] {
			if pick < 0 || i < pick {
				pick = i
			}
		}
		delete(byDegree[d], pick)
		order = append(order, pick)
		around := neighbours[pick]
		for i := range around {
			before := len(neighbours[i])
			delete(neighbours[i], pick)
			for j := range around {
				if j != i {
					neighbours[i][j] = true
				}
			}
			move(i, before, len(neighbours[i]))
			d = min(d, len(neighbours[i]))
		}
	}
	return order
}
