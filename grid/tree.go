package grid

import (
	"fmt"
	"slices"
)

// Tree is a radial network seen from its slack. Slices are indexed by bus index.
type Tree struct {
	Order    []int     // bus indices depth first: the slack, then every bus after its parent
	Parent   []int     // bus index one step towards the slack; -1 at the slack
	BranchOf []int     // index in Network.Branches of the branch from the parent; -1 at the slack
	R, X     []float64 // p.u. impedance of that branch; 0 at the slack
}

// Tree orders a radial network. It fails where the network is not valid or has
// a loop, and names the branch that closes it.
func (n *Network) Tree() (*Tree, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	t, closing := n.spanningTree()
	if closing >= 0 {
		b := n.Branches[closing]
		return nil, fmt.Errorf("branch %d-%d closes a loop: want a radial network", b.From, b.To)
	}
	return t, nil
}

// spanningTree orders a valid network along the branches that, in the order of
// the file, close no loop, and returns the first one that does; -1 if the network
// is radial.
func (n *Network) spanningTree() (t *Tree, closing int) {
	size := len(n.Buses)
	index := make(map[int]int, size)
	group := make([]int, size) // of connected buses; a group is named by one of them
	for i, b := range n.Buses {
		index[b.ID], group[i] = i, i
	}
	groupOf := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	closing = -1
	at := make([][]int, size) // branches of the tree at each bus
	for k, b := range n.Branches {
		f, to := index[b.From], index[b.To]
		if one, other := groupOf(f), groupOf(to); one != other {
			group[one] = other
			at[f], at[to] = append(at[f], k), append(at[to], k)
		} else if closing < 0 {
			closing = k
		}
	}

	t = &Tree{
		Order: make([]int, 0, size), Parent: make([]int, size), BranchOf: make([]int, size),
		R: make([]float64, size), X: make([]float64, size),
	}
	slack := index[n.Slack]
	t.Parent[slack], t.BranchOf[slack] = -1, -1
	stack := []int{slack}
	for len(stack) > 0 {
		bus := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		t.Order = append(t.Order, bus)
		for i := len(at[bus]) - 1; i >= 0; i-- { // so that branches are taken in the file's order
			k := at[bus][i]
			if k == t.BranchOf[bus] {
				continue
			}
			b := n.Branches[k]
			next := index[b.From]
			if next == bus {
				next = index[b.To]
			}
			t.Parent[next], t.BranchOf[next] = bus, k
			t.R[next], t.X[next] = b.ROhm/n.BaseOhm(), b.XOhm/n.BaseOhm()
			stack = append(stack, next)
		}
	}
	return t, closing
}

// PathFromSlack returns the bus indices from the slack to a bus, both included; in
// a meshed network, one such path. The network must be valid.
func (n *Network) PathFromSlack(bus int) []int {
	t, _ := n.spanningTree()
	var path []int
	for ; bus >= 0; bus = t.Parent[bus] {
		path = append(path, bus)
	}
	slices.Reverse(path)
	return path
}

// levels returns the bus indices level by level from the slack: neighbours in
// this order seldom wait for each other, which a processor makes use of.
func (t *Tree) levels() []int {
	depth := make([]int, len(t.Order))
	deepest := 0
	for _, b := range t.Order[1:] {
		depth[b] = depth[t.Parent[b]] + 1
		deepest = max(deepest, depth[b])
	}
	order := make([]int, 0, len(t.Order))
	for level := range deepest + 1 {
		for _, b := range t.Order {
			if depth[b] == level {
				order = append(order, b)
			}
		}
	}
	return order
}
