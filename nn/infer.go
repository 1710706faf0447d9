package nn

import (
	"fmt"

	"github.com/peerwatt/peerwatt/nn/kernel"
)

// inferWork is the memory of Infer.
type inferWork struct {
	dense []float32    // scratch of kernel.Dense
	rows  [2][]float32 // a layer's inputs and outputs
	lanes []float32    // the same with samples along the lanes, for LayerNorm
	hat   []float32
	scale [Lanes]float32
}

func newInferWork(layers []linear) inferWork {
	var w inferWork
	width, norm := widest(layers), false
	for _, l := range layers {
		norm = norm || l.norm
	}
	w.dense = make([]float32, kernel.DenseScratch(width))
	for i := range w.rows {
		w.rows[i] = make([]float32, width*kernel.MaxDense)
	}
	if norm {
		w.lanes, w.hat = make([]float32, width*Lanes), make([]float32, width*Lanes)
	}
	return w
}

// widest returns the most features that go into or come out of a layer.
func widest(layers []linear) int {
	n := 0
	for _, l := range layers {
		n = max(n, l.in, l.out)
	}
	return n
}

// Infer computes the outputs of a few samples, row-major: src is [rows][In],
// dst [rows][Out]. They are the same bits as Forward's, and for few rows, as
// an acting policy has them, much cheaper. It leaves what Forward keeps for
// Backward alone.
func (m *MLP) Infer(work Work, dst, src []float32, rows int) {
	w := work.(*mlpWork)
	if rows < 0 || len(w.infer.rows[0]) < kernel.MaxDense*widest(m.layers) || len(src) < rows*m.In() || len(dst) < rows*m.Out() {
		panic(fmt.Sprintf("nn: Infer of %d rows of %d values to %d values", rows, len(src), len(dst)))
	}
	for r := 0; r < rows; r += kernel.MaxDense {
		n := min(kernel.MaxDense, rows-r)
		w.infer.run(m, dst[r*m.Out():][:n*m.Out()], src[r*m.In():], n)
	}
}

func (w *inferWork) run(m *MLP, dst, x []float32, rows int) {
	data, act := m.params.Data, m.config.Activation
	fused := act == ReLU || act == LeakyReLU
	for i := range m.layers {
		l := &m.layers[i]
		y := dst
		if l.hidden {
			y = w.rows[i%2][:rows*l.out]
		}
		kernel.Dense(y, x, l.w.Of(data), l.b.Of(data), w.dense, rows, l.in, l.out, l.hidden && fused && !l.norm, act.slope())
		if l.norm {
			w.norm(y, l.gain.Of(data), l.shift.Of(data), rows)
			if fused {
				kernel.Rectify(y, act.slope())
			}
		}
		if l.hidden && act == Tanh {
			kernel.Tanh(y, y)
		}
		x = y
	}
}

// norm applies LayerNorm to rows.
func (w *inferWork) norm(y, gain, shift []float32, rows int) {
	dim := len(gain)
	for f := range dim {
		for r := range rows {
			w.lanes[f*Lanes+r] = y[r*dim+f]
		}
	}
	kernel.LayerNorm(w.lanes, w.hat, w.scale[:], gain, shift)
	for f := range dim {
		for r := range rows {
			y[r*dim+f] = w.lanes[f*Lanes+r]
		}
	}
}
