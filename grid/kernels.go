package grid

//go:generate go run -tags avo ./asm -out kernels_amd64.s -stubs kernels_stubs_amd64.go -pkg grid

// scalarKernel does the work of the sweep for one injection: as loadGo, roundGo
// and storeGo, to the last bit.
type scalarKernel struct {
	name  string
	least int // buses that it wants
	load  func(p, q []float64, buses int, state []float64)
	round func(steps []step, state []float64) (change float64)
	store func(state []float64, buses int, vm []float64)
}

// vectorKernel does the same for `lanes` injections side by side: p, q and vm are
// so many rows, change has one number for each.
type vectorKernel struct {
	name         string
	lanes, least int
	load         func(p, q []float64, buses int, state []float64)
	round        func(steps []step, state, change []float64)
	store        func(state []float64, buses int, vm []float64)
}

var goKernel = scalarKernel{name: "go", load: loadGo, round: roundGo, store: storeGo}
