package kernel

import (
	"fmt"
	"math"
	"testing"
	"time"
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

// measure runs f and reports the rate of its operations: on average, and of
// the best run, which is what counts on a machine that others use too.
func measure(b *testing.B, operations int, f func()) {
	best := time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	b.ReportMetric(float64(operations)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
	b.ReportMetric(float64(operations)/float64(best.Nanoseconds()), "best-GFLOP/s")
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
				measure(b, 2*m*k*batch, func() {
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
				})
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
