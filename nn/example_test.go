package nn_test

import (
	"fmt"

	"github.com/peerwatt/peerwatt/nn"
)

// A perceptron learns the product of its two inputs.
func Example() {
	const batch = 64
	r := nn.NewRNG(1, 0) // seed 1, stream 0
	net := nn.NewMLP(nn.MLPConfig{In: 2, Hidden: []int{32, 32}, Out: 1}, r)
	work := net.NewWork(batch, nil)
	adam, grads := nn.NewAdam(len(net.Params().Data), 3e-3), net.Params().NewGrads()
	x, dy := nn.NewInput(batch, 2), nn.NewMatrix(batch, 1)

	rows := make([]float32, 2*batch)
	for step := range 2000 {
		r.FillUniform(rows)
		x.SetRows(rows, 2)
		y := net.Forward(work, x)
		loss := 0.0
		for b := range batch {
			d := y.Data[b] - rows[2*b]*rows[2*b+1]
			loss += float64(d*d) / batch
			dy.Data[b] = 2 * d / batch
		}
		net.Backward(work, dy, grads, nn.Matrix{}, 0)
		adam.Update(nil, net.Params().Data, grads, nn.ClipFactor(nn.Norm(grads), 1))
		if step == 0 || step == 1999 {
			fmt.Println("loss below 1e-4:", loss < 1e-4)
		}
	}

	out := make([]float32, 1)
	net.Infer(work, out, []float32{0.5, 0.5}, 1)
	fmt.Printf("0.5 * 0.5 = %.2f\n", out[0])
	// Output:
	// loss below 1e-4: false
	// loss below 1e-4: true
	// 0.5 * 0.5 = 0.25
}

// Joint inputs are views of one matrix: no network needs a copy of its part.
func ExampleMatrix_Features() {
	joint := nn.NewInput(2, 5) // 3 observations and 2 actions of two samples
	joint.SetRows([]float32{
		1, 2, 3, 0.1, 0.2,
		4, 5, 6, 0.4, 0.5,
	}, 5)
	action := joint.Features(3, 5)
	fmt.Println(action.Dim, action.At(1, 0))
	// Output: 2 0.4
}
