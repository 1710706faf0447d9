package kernel

import (
	"fmt"
	"testing"
)

// at runs f at every level this processor has.
func at(b *testing.B, f func(b *testing.B)) {
	defer Use(Current())
	for _, l := range Levels() {
		if err := Use(l); err != nil {
			b.Fatal(err)
		}
		b.Run(l.String(), f)
	}
}

func gflops(b *testing.B, perIteration int) {
	b.ReportMetric(float64(perIteration)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}

// BenchmarkProduct multiplies 256x256 weights with a batch of 128, in the
// three forms a layer needs; NT includes its transpose.
func BenchmarkProduct(b *testing.B) {
	const m, k, batch = 256, 256, 128
	const panels = batch / Lanes
	w, x, y, t := noise(m*k), noise(k*batch), noise(m*batch), noise(k*batch)
	bias := noise(m)
	for _, form := range []string{"NN", "TN", "NT"} {
		b.Run(fmt.Sprintf("%s/%dx%dx%d", form, m, k, batch), func(b *testing.B) {
			at(b, func(b *testing.B) {
				for b.Loop() {
					switch form {
					case "NN":
						for p := range panels {
							NN(y[p*m*Lanes:], w, x[p*k*Lanes:], m, k, k, Epilogue{Bias: bias, Activate: true})
						}
					case "TN":
						for p := range panels {
							TN(x[p*k*Lanes:], w, y[p*m*Lanes:], k, m, k, Epilogue{Gate: x[p*k*Lanes:]})
						}
					case "NT":
						Transpose32(t, x, k, panels, k)
						NT(w, y, t, m, k, panels, m, batch, k, false)
					}
				}
				gflops(b, 2*m*k*batch)
			})
		})
	}
}

// BenchmarkDense20 is 20 policies 9-128-128-10 on one sample each.
func BenchmarkDense20(b *testing.B) {
	sizes := []int{9, 128, 128, 10}
	type layer struct{ w, bias []float32 }
	var nets [20][3]layer
	for n := range nets {
		for l := range 3 {
			nets[n][l] = layer{noise(sizes[l] * sizes[l+1]), noise(sizes[l+1])}
		}
	}
	x, y, panel := noise(128), noise(128), make([]float32, DenseScratch(128))
	at(b, func(b *testing.B) {
		for b.Loop() {
			for n := range nets {
				for l := range 3 {
					Dense(y, x, nets[n][l].w, nets[n][l].bias, panel, 1, sizes[l], sizes[l+1], l < 2, 0)
				}
			}
		}
	})
}
