package conic

import "math"

// Approximate minimum degree ordering on a quotient graph, after Amestoy,
// Davis and Duff, "An approximate minimum degree ordering algorithm", SIAM J.
// Matrix Anal. Appl. 17 (1996): eliminated nodes live on as elements (cliques),
// degrees are bounded rather than counted, indistinguishable nodes are merged
// and nodes that only their pivot's element touches are eliminated with it.

// amdGraph is the quotient graph. Node i, while a variable, owns the list
// adj[start[i]:start[i]+length[i]]: first elements[i] elements, then variables.
// While an element, the whole list holds its variables.
type amdGraph struct {
	n                       int
	adj                     []int32
	free                    int32 // first unused place of adj
	start, length, elements []int32
	weight                  []int32 // number of original nodes a variable stands for; 0: merged or eliminated; negative: in the current pivot's element
	degree                  []int32 // variables: bound on the external degree; elements: weight of their variables
	stamp                   []int32 // elements: 0 where absorbed; from mark on, mark plus the weight outside the current pivot's element
	mark                    int32
	kind                    []uint8

	// variables by degree
	head, next, prev []int32
	// variables by hash
	hashHead, hashNext []int32
	hash               []uint32

	parent []int32 // of an absorbed or merged node: where it went
}

const (
	amdVariable uint8 = iota
	amdElement
	amdGone
)

// amd returns an elimination order of the symmetric pattern given by its
// upper triangle in columns (colPtr, rowIdx): order[k] is the node that is
// eliminated k-th.
func amd(n int, colPtr, rowIdx []int32) (order []int32) {
	g := newAMD(n, colPtr, rowIdx)
	pivots := make([]int32, 0, n)
	dense := int32(max(16, 10*math.Sqrt(float64(n))))
	var late []int32 // nodes of so many neighbours that they are ordered last
	left := int32(n)
	for i := range n {
		d := g.degree[i]
		if d > dense {
			g.kind[i] = amdGone
			g.weight[i] = 0
			g.parent[i] = -1
			late = append(late, int32(i))
			left--
			continue
		}
		g.insert(int32(i))
	}
	low := int32(0)
	for left > 0 {
		for g.head[low] < 0 {
			low++
		}
		p := g.head[low]
		g.unlink(p)
		pivots = append(pivots, p)
		eliminated, least := g.eliminate(p, left)
		left -= eliminated
		low = min(low, least)
	}
	return g.expand(pivots, late)
}

func newAMD(n int, colPtr, rowIdx []int32) *amdGraph {
	nnz := 0
	length := make([]int32, n)
	for j := range n {
		for p := colPtr[j]; p < colPtr[j+1]; p++ {
			if i := rowIdx[p]; int(i) != j {
				length[i]++
				length[j]++
				nnz += 2
			}
		}
	}
	g := &amdGraph{n: n, adj: make([]int32, nnz+nnz/5+2*n+1), length: length}
	ints := make([]int32, 11*n)
	take := func(k int) []int32 { s := ints[:k:k]; ints = ints[k:]; return s }
	g.start, g.elements, g.weight, g.degree, g.stamp = take(n), take(n), take(n), take(n), take(n)
	g.head, g.next, g.prev, g.hashHead, g.hashNext, g.parent = take(n), take(n), take(n), take(n), take(n), take(n)
	g.hash, g.kind = make([]uint32, n), make([]uint8, n)
	at := int32(0)
	for i := range n {
		g.start[i] = at
		at += length[i]
		g.weight[i], g.degree[i], g.stamp[i] = 1, length[i], 1
		g.head[i], g.hashHead[i], g.parent[i] = -1, -1, -1
	}
	g.free, g.mark = at, 2
	put := g.next // borrowed as write positions
	copy(put, g.start)
	for j := range n {
		for p := colPtr[j]; p < colPtr[j+1]; p++ {
			if i := rowIdx[p]; int(i) != j {
				g.adj[put[i]] = int32(j)
				put[i]++
				g.adj[put[j]] = i
				put[j]++
			}
		}
	}
	return g
}

func (g *amdGraph) insert(i int32) {
	d := g.degree[i]
	h := g.head[d]
	g.next[i], g.prev[i] = h, -1
	if h >= 0 {
		g.prev[h] = i
	}
	g.head[d] = i
}

func (g *amdGraph) unlink(i int32) {
	p, n := g.prev[i], g.next[i]
	if p >= 0 {
		g.next[p] = n
	} else {
		g.head[g.degree[i]] = n
	}
	if n >= 0 {
		g.prev[n] = p
	}
}

// eliminate turns variable p into an element and updates its neighbours, where
// left is the weight of all variables. It returns the weight of the nodes
// eliminated (p and those that go with it) and the least degree it assigned.
func (g *amdGraph) eliminate(p, left int32) (eliminated, least int32) {
	pivotWeight := g.weight[p]
	first, end := g.form(p)
	adj, weight := g.adj, g.weight

	// Weight of each neighbouring element outside the new one: w[e] =
	// |Le \ Lp|, kept as stamp[e]-mark.
	mark := g.mark
	for k := first; k < end; k++ {
		i := adj[k]
		wi := -weight[i]
		for q, stop := g.start[i], g.start[i]+g.elements[i]; q < stop; q++ {
			e := adj[q]
			if g.stamp[e] >= mark {
				g.stamp[e] -= wi
			} else if g.stamp[e] != 0 {
				g.stamp[e] = g.degree[e] + mark - wi
			}
		}
	}

	elementWeight := g.degree[p]
	least = math.MaxInt32
	for k := first; k < end; k++ {
		i := adj[k]
		wi := -weight[i]
		// Compress the list of i: living elements that reach outside the new
		// one, then living variables outside it.
		at := g.start[i]
		put := at
		var deg, sum int64
		hash := uint32(0)
		for q, stop := at, at+g.elements[i]; q < stop; q++ {
			e := adj[q]
			if g.stamp[e] == 0 {
				continue
			}
			if outside := g.stamp[e] - mark; outside > 0 {
				deg += int64(outside)
				adj[put] = e
				put++
				hash += uint32(e)
			} else { // absorbed into the new element (aggressive absorption)
				g.stamp[e] = 0
				g.kind[e] = amdGone
				g.parent[e] = p
			}
		}
		elements := put - at + 1
		vars := put
		for q, stop := at+g.elements[i], at+g.length[i]; q < stop; q++ {
			v := adj[q]
			if w := weight[v]; w > 0 {
				sum += int64(w)
				adj[put] = v
				put++
				hash += uint32(v)
			}
		}
		if elements == 1 && put == vars {
			// Nothing outside the new element: eliminate i along with p.
			g.parent[i] = p
			pivotWeight += wi
			elementWeight -= wi
			weight[i] = 0
			g.kind[i] = amdGone
			g.elements[i] = -1
			continue
		}
		g.degree[i] = int32(min(int64(g.degree[i]), deg+sum))
		// The new element goes first. There is room for it, because the list
		// of i held p or an element that is gone now.
		adj[put] = adj[vars]
		adj[vars] = adj[at]
		adj[at] = p
		put++
		g.elements[i] = elements
		g.length[i] = put - at
		h := hash % uint32(g.n)
		g.hash[i] = h
		g.hashNext[i] = g.hashHead[h]
		g.hashHead[h] = i
	}
	g.degree[p] = elementWeight
	g.mark += g.advance()

	g.merge(first, end)

	// Final degrees; drop merged and eliminated variables from the element.
	put := first
	remaining := left - pivotWeight
	for k := first; k < end; k++ {
		i := adj[k]
		wi := -weight[i]
		if wi <= 0 {
			continue
		}
		weight[i] = wi
		d := int32(min(int64(g.degree[i])+int64(g.degree[p]-wi), int64(remaining-wi)))
		g.degree[i] = max(d, 0)
		g.insert(i)
		least = min(least, g.degree[i])
		adj[put] = i
		put++
	}
	g.length[p] = put - first
	if g.length[p] == 0 {
		g.kind[p] = amdGone
		g.stamp[p] = 0
	}
	if g.elements[p] != 0 { // the list was formed at the end of the storage
		g.free = put
	}
	g.weight[p] = 0
	return pivotWeight, least
}

// advance is how far mark must move so that no stamp of this pivot can be
// taken for one of the next.
func (g *amdGraph) advance() int32 {
	step := int32(g.n) + 1
	if g.mark > math.MaxInt32-3*step {
		for i := range g.stamp {
			if g.stamp[i] != 0 {
				g.stamp[i] = 1
			}
		}
		g.mark = 2
		return 0
	}
	return step
}

// form builds the list of the new element p: the variables of p and of all its
// elements, which are absorbed. They are marked by a negative weight and taken
// out of the degree lists.
func (g *amdGraph) form(p int32) (first, end int32) {
	weight := g.weight
	pivot := weight[p]
	weight[p] = -pivot
	var total int32
	add := func(lo, hi int32) {
		for q := lo; q < hi; q++ {
			i := g.adj[q]
			if w := weight[i]; w > 0 {
				weight[i] = -w
				total += w
				g.unlink(i)
				g.adj[end] = i
				end++
			}
		}
	}
	if g.elements[p] == 0 { // in place
		first = g.start[p]
		end = first
		add(first, first+g.length[p])
	} else {
		need := g.length[p] - g.elements[p]
		for q, stop := g.start[p], g.start[p]+g.elements[p]; q < stop; q++ {
			need += g.length[g.adj[q]]
		}
		if int(g.free)+int(need) > len(g.adj) {
			g.collect(int(need))
		}
		first = g.free
		end = first
		at := g.start[p]
		for q, stop := at, at+g.elements[p]; q < stop; q++ {
			e := g.adj[q]
			add(g.start[e], g.start[e]+g.length[e])
			g.kind[e] = amdGone
			g.stamp[e] = 0
			g.parent[e] = p
		}
		add(at+g.elements[p], at+g.length[p])
	}
	g.kind[p] = amdElement
	g.start[p], g.length[p] = first, end-first
	g.degree[p] = total
	g.stamp[p] = 1
	return first, end
}

// merge finds variables of the new element that have the same neighbours and
// makes one of each group stand for the others.
func (g *amdGraph) merge(first, end int32) {
	adj, weight := g.adj, g.weight
	for k := first; k < end; k++ {
		i := adj[k]
		if weight[i] >= 0 {
			continue
		}
		h := g.hash[i]
		list := g.hashHead[h]
		if list < 0 {
			continue
		}
		g.hashHead[h] = -1
		for a := list; a >= 0 && g.hashNext[a] >= 0; a = g.hashNext[a] {
			if weight[a] >= 0 {
				continue
			}
			la, ea := g.length[a], g.elements[a]
			stampA := g.mark
			for q := g.start[a] + 1; q < g.start[a]+la; q++ {
				g.touch(adj[q], stampA)
			}
			last := a
			for b := g.hashNext[a]; b >= 0; {
				same := weight[b] < 0 && g.length[b] == la && g.elements[b] == ea
				for q := g.start[b] + 1; same && q < g.start[b]+la; q++ {
					same = g.touched(adj[q], stampA)
				}
				if same {
					weight[a] += weight[b] // both negative
					weight[b] = 0
					g.kind[b] = amdGone
					g.elements[b] = -1
					g.parent[b] = a
					b = g.hashNext[b]
					g.hashNext[last] = b
				} else {
					last = b
					b = g.hashNext[b]
				}
			}
			g.mark++
		}
	}
	g.mark++
}

// Stamps serve variables too while lists are compared: a variable's own stamp
// is otherwise unused.
func (g *amdGraph) touch(i, stamp int32)        { g.stamp[i] = stamp }
func (g *amdGraph) touched(i, stamp int32) bool { return g.stamp[i] == stamp }

// collect packs the living lists to the front of adj, in the order in which
// they lie, and grows adj where less than need places come free.
func (g *amdGraph) collect(need int) {
	owner := make([]int32, len(g.adj)) // 1 + owner of the list that starts here
	for i := range g.n {
		alive := g.kind[i] == amdElement || g.kind[i] == amdVariable
		if alive && g.length[i] > 0 {
			owner[g.start[i]] = int32(i) + 1
		}
	}
	put := int32(0)
	for at := int32(0); at < g.free; {
		o := owner[at]
		if o == 0 {
			at++
			continue
		}
		i := o - 1
		n := g.length[i]
		copy(g.adj[put:put+n], g.adj[at:at+n])
		g.start[i] = put
		put += n
		at += n
	}
	g.free = put
	if int(put)+need > len(g.adj) {
		grown := make([]int32, int(put)+need+len(g.adj)/4)
		copy(grown, g.adj[:put])
		g.adj = grown
	}
}

// expand lists all original nodes: each pivot preceded by what was eliminated
// with it or merged into it, dense nodes at the end.
func (g *amdGraph) expand(pivots, late []int32) []int32 {
	// A merged variable follows its representative, which may itself have been
	// merged or mass-eliminated; elements absorbed are pivots of their own.
	isPivot := make([]bool, g.n)
	for _, p := range pivots {
		isPivot[p] = true
	}
	for _, d := range late {
		isPivot[d] = true
	}
	count := make([]int32, g.n)
	root := make([]int32, g.n)
	for i := range g.n {
		r := int32(i)
		for !isPivot[r] {
			r = g.parent[r]
		}
		for v := int32(i); !isPivot[v]; { // shorten the path for the next ones
			up := g.parent[v]
			g.parent[v] = r
			v = up
		}
		root[i] = r
		count[r]++
	}
	at := int32(0)
	place := make([]int32, g.n)
	for _, p := range append(pivots, late...) {
		place[p] = at
		at += count[p]
	}
	order := make([]int32, g.n)
	for i := range g.n {
		r := root[i]
		order[place[r]] = int32(i)
		place[r]++
	}
	return order
}
