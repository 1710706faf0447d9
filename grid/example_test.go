package grid_test

import (
	"fmt"

	"github.com/peerwatt/peerwatt/grid"
)

// Solve the built-in feeder, then let bus 87 inject 500 kW and see how far the
// sensitivities told what that does.
func ExampleSolver() {
	n := grid.Case141()
	solver, err := grid.NewSolver(n)
	if err != nil {
		fmt.Println(err)
		return
	}
	demandP, demandQ := n.Demand(1)
	var flow grid.Flow
	if err := solver.Solve(demandP, demandQ, 1, &flow).Err(); err != nil {
		fmt.Println(err)
		return
	}
	bus, _ := n.Index(87)
	before := flow.VM[bus]
	fmt.Printf("losses %.4f kW, %.10f p.u. at bus 87\n", n.KW(flow.LossP), before)

	dVdP, dVdQ := make([]float64, len(n.Buses)), make([]float64, len(n.Buses))
	if err := solver.Sensitivity(&flow, demandP, demandQ, []int{bus}, dVdP, dVdQ); err != nil {
		fmt.Println(err)
		return
	}
	injection := n.PerUnit(500)
	demandP[bus] -= injection
	if err := solver.Solve(demandP, demandQ, 1, &flow).Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("with 500 kW more: %+.5f p.u., foreseen %+.5f\n", flow.VM[bus]-before, dVdP[bus]*injection)
	// Output:
	// losses 632.6956 kW, 0.9278620616 p.u. at bus 87
	// with 500 kW more: +0.00512 p.u., foreseen +0.00515
}

// A day of the feeder, quarter by quarter, in one call.
func ExampleBatch() {
	n := grid.Case141()
	batch, err := grid.NewBatch(n)
	if err != nil {
		fmt.Println(err)
		return
	}
	const steps = 96
	var demandP, demandQ []float64
	for step := range steps {
		p, q := n.Demand(0.3 + 0.7*float64(step%48)/48)
		demandP, demandQ = append(demandP, p...), append(demandQ, q...)
	}
	vm, status := make([]float64, len(demandP)), make([]grid.Status, steps)
	batch.SolveVM(demandP, demandQ, 1, vm, status)
	lowest := 1.0
	for k, st := range status {
		if err := st.Err(); err != nil {
			fmt.Println(k, err)
			return
		}
		for _, v := range vm[k*len(n.Buses) : (k+1)*len(n.Buses)] {
			lowest = min(lowest, v)
		}
	}
	fmt.Printf("lowest voltage of the day: %.4f p.u.\n", lowest)
	// Output:
	// lowest voltage of the day: 0.9290 p.u.
}
