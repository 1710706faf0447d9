package conic

// chooseOrder orders the nodes of a symmetric pattern (strict upper triangle
// by columns) for elimination.
//
// Minimum degree breaks many ties by the labels of the nodes, and that decides
// more than anything else: on a distribution network over a day, labels in the
// order of a search by breadth, last found first, cost a fifth of the arithmetic
// that labels in the order of the model cost. So nodes are relabelled first.
// Where the arithmetic is still so much that another ordering may pay for itself,
// further labels are tried and the cheapest ordering wins, by count and not by
// clock, so that the same structure always gives the same order.
func chooseOrder(n int, ptr, idx []int32, stats *Stats) *symbolic {
	if n == 0 {
		return analyse(0, ptr, idx, nil)
	}
	var best *symbolic
	var last int32
	for try := range 3 {
		var label []int32
		switch try {
		case 0:
			label, last = breadthFirst(n, ptr, idx, 0)
		case 1:
			label, _ = breadthFirst(n, ptr, idx, last)
		case 2:
			label = nil // as they are
		}
		stats.Orderings++
		if s := analyse(n, ptr, idx, relabelledAMD(n, ptr, idx, label)); best == nil || s.cost() < best.cost() {
			best = s
		}
		if 2*best.flops <= 100*float64(len(idx)) {
			break
		}
	}
	stats.Symbolic++
	return best
}

// cost estimates the time of a factorisation and the solves that go with it,
// in multiply-adds.
func (s *symbolic) cost() float64 { return s.flops + 10*float64(s.nnz) }

func relabelledAMD(n int, ptr, idx, label []int32) []int32 {
	if label == nil {
		return amd(n, ptr, idx)
	}
	node := make([]int32, n) // by label
	for i, l := range label {
		node[l] = int32(i)
	}
	ptr, idx = permutedUpper(n, ptr, idx, label)
	order := amd(n, ptr, idx)
	for k, l := range order {
		order[k] = node[l]
	}
	return order
}

// breadthFirst labels the nodes in the reverse of the order in which a search
// by breadth from a node finds them, and returns the node found last.
func breadthFirst(n int, ptr, idx []int32, start int32) (label []int32, last int32) {
	from := make([]int32, n+2)
	for j := range n {
		from[j+2] += ptr[j+1] - ptr[j]
		for _, i := range idx[ptr[j]:ptr[j+1]] {
			from[i+2]++
		}
	}
	for i := range n {
		from[i+2] += from[i+1]
	}
	adjacent := make([]int32, 2*len(idx))
	for j := range n {
		for _, i := range idx[ptr[j]:ptr[j+1]] {
			adjacent[from[i+1]] = int32(j)
			from[i+1]++
			adjacent[from[j+1]] = i
			from[j+1]++
		}
	}
	label = make([]int32, n)
	for i := range label {
		label[i] = -1
	}
	queue := make([]int32, 0, n)
	visit := func(v int32) {
		if label[v] < 0 {
			label[v] = int32(n - 1 - len(queue))
			queue = append(queue, v)
		}
	}
	done := 0
	for root := int32(-1); int(root) < n; root++ {
		if root < 0 {
			visit(start)
		} else {
			visit(root)
		}
		for ; done < len(queue); done++ {
			v := queue[done]
			for _, u := range adjacent[from[v]:from[v+1]] {
				visit(u)
			}
		}
	}
	return label, queue[n-1]
}
