package grid

import "fmt"

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

// spanningTree walks a valid network depth first and also returns the first
// branch, by index, that the tree leaves out; -1 if the network is radial.
func (n *Network) spanningTree() (t *Tree, closing int) {
	size := len(n.Buses)
	index := make(map[int]int, size)
	for i, b := range n.Buses {
		index[b.ID] = i
	}
	at := make([][]int, size) // branches at each bus
	for k, b := range n.Branches {
		f, to := index[b.From], index[b.To]
		at[f] = append(at[f], k)
		at[to] = append(at[to], k)
	}
	t = &Tree{
		Order: make([]int, 0, size), Parent: make([]int, size), BranchOf: make([]int, size),
		R: make([]float64, size), X: make([]float64, size),
	}
	const unseen = -2
	for i := range t.Parent {
		t.Parent[i], t.BranchOf[i] = unseen, -1
	}
	slack := index[n.Slack]
	used := make([]bool, len(n.Branches))
	type visit struct{ bus, parent, branch int }
	stack := []visit{{slack, -1, -1}}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if t.Parent[v.bus] != unseen {
			continue
		}
		t.Parent[v.bus], t.BranchOf[v.bus] = v.parent, v.branch
		t.Order = append(t.Order, v.bus)
		if v.branch >= 0 {
			used[v.branch] = true
			t.R[v.bus] = n.Branches[v.branch].ROhm / n.BaseOhm()
			t.X[v.bus] = n.Branches[v.branch].XOhm / n.BaseOhm()
		}
		for k := len(at[v.bus]) - 1; k >= 0; k-- { // so that branches are taken in file order
			b := n.Branches[at[v.bus][k]]
			next := index[b.From]
			if next == v.bus {
				next = index[b.To]
			}
			if t.Parent[next] == unseen {
				stack = append(stack, visit{next, v.bus, at[v.bus][k]})
			}
		}
	}
	for k, ok := range used {
		if !ok {
			return t, k
		}
	}
	return t, -1
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
