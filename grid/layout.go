package grid

import (
	"cmp"
	"slices"
)

// Point is a place in a drawing of the network; neighbours are about 1 apart.
type Point struct{ X, Y float64 }

// Layout places every bus, by bus index, for a drawing of the feeder as a tree
// that grows to the right: X counts the branches from the slack, leaves stand one
// below the other, and a bus stands midway between its first child and its last.
// The longest path from the slack runs along the top. A meshed network is placed by
// a spanning tree; its other branches then cross. The network must be valid.
func (n *Network) Layout() []Point {
	t, _ := n.spanningTree()
	at := make([]Point, len(t.Order))
	children := make([][]int, len(t.Order))
	height := make([]int, len(t.Order)) // branches down to the farthest leaf
	for i := len(t.Order) - 1; i > 0; i-- {
		bus := t.Order[i]
		parent := t.Parent[bus]
		children[parent] = append(children[parent], bus)
		height[parent] = max(height[parent], height[bus]+1)
	}
	for _, c := range children {
		slices.Reverse(c) // as the branches stand in the file
		slices.SortStableFunc(c, func(a, b int) int { return cmp.Compare(height[b], height[a]) })
	}

	order := make([]int, 0, len(t.Order)) // depth first, high children first
	stack := []int{t.Order[0]}
	leaves := 0
	for len(stack) > 0 {
		bus := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		order = append(order, bus)
		if t.Parent[bus] >= 0 {
			at[bus].X = at[t.Parent[bus]].X + 1
		}
		if len(children[bus]) == 0 {
			at[bus].Y = float64(leaves)
			leaves++
		}
		for i := len(children[bus]) - 1; i >= 0; i-- {
			stack = append(stack, children[bus][i])
		}
	}
	for i := len(order) - 1; i >= 0; i-- {
		bus := order[i]
		if c := children[bus]; len(c) > 0 {
			at[bus].Y = (at[c[0]].Y + at[c[len(c)-1]].Y) / 2
		}
	}
	return at
}
