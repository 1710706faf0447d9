package conic

// chooseOrder orders the nodes of a symmetric pattern (strict upper triangle
// by columns) for elimination.
func chooseOrder(n int, ptr, idx []int32, stats *Stats) *symbolic {
	order := amd(n, ptr, idx)
	stats.Orderings++
	stats.Symbolic++
	return analyse(n, ptr, idx, order)
}
