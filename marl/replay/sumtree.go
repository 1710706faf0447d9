package replay

// sumTree keeps nonnegative weights under random access and finds the leaf at
// which a running sum passes a value, both in O(log n).
//
// Every inner node is the sum of its two children, recomputed rather than
// adjusted by differences: so the tree is a function of its leaves alone,
// rounding included, and a restored tree equals the saved one bit for bit.
type sumTree struct {
	leaves int       // a power of two
	node   []float64 // node[1] is the root, node[leaves+i] is leaf i
}

func newSumTree(n int) *sumTree {
	leaves := 1
	for leaves < n {
		leaves *= 2
	}
	return &sumTree{leaves: leaves, node: make([]float64, 2*leaves)}
}

func (t *sumTree) total() float64       { return t.node[1] }
func (t *sumTree) weight(i int) float64 { return t.node[t.leaves+i] }
func (t *sumTree) set(i int, w float64) {
	k := t.leaves + i
	t.node[k] = w
	for k >>= 1; k >= 1; k >>= 1 {
		t.node[k] = t.node[2*k] + t.node[2*k+1]
	}
}

// restore sets the first len(w) leaves at once.
func (t *sumTree) restore(w []float64) {
	clear(t.node)
	copy(t.node[t.leaves:], w)
	for k := t.leaves - 1; k >= 1; k-- {
		t.node[k] = t.node[2*k] + t.node[2*k+1]
	}
}

// find returns the leaf at which the running sum of weights first exceeds x,
// for 0 <= x < total. A leaf of weight zero is never returned while another
// one has weight, whatever the rounding of x.
func (t *sumTree) find(x float64) int {
	k := 1
	for k < t.leaves {
		left := t.node[2*k]
		if right := t.node[2*k+1]; x < left || right == 0 {
			k = 2 * k
		} else {
			x -= left
			k = 2*k + 1
		}
	}
	return k - t.leaves
}
