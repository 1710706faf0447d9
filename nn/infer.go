package nn

import "github.com/peerwatt/peerwatt/nn/kernel"

// Infer computes the outputs of a few samples, row-major: src is [rows][In],
// dst [rows][Out]. They are the same bits as Forward's for the same samples.
func (m *MLP) Infer(work Work, dst, src []float32, rows int) {
	w := work.(*mlpWork)
	x := NewMatrix(w.batch, m.In())
	for r := range rows {
		x.SetRow(r, src[r*m.In():])
	}
	y := m.Forward(w, x)
	for r := range rows {
		for f := range m.Out() {
			dst[r*m.Out()+f] = y.At(r, f)
		}
	}
}

var _ = kernel.Lanes
