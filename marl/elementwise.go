package marl

import (
	"math"

	"github.com/peerwatt/peerwatt/nn"
	"github.com/peerwatt/peerwatt/nn/kernel"
)

// The element-wise steps between networks. Matrices are feature-major in panels
// of nn.Lanes samples; those of one call have the same batch and features.
// Masks are 0 or 1.

// maskedTanh writes tanh(pre) * mask.
func maskedTanh(dst, pre, mask nn.Matrix) {
	for p := range dst.Panels() {
		d, m := dst.Panel(p), mask.Panel(p)
		kernel.Tanh(d, pre.Panel(p))
		for l := range d {
			d[l] *= m[l]
		}
	}
}

// throughMaskedTanh writes the gradient by pre of a loss whose gradient by
// tanh(pre) * mask is dAction.
func throughMaskedTanh(dst, dAction, pre, mask nn.Matrix) {
	for p := range dst.Panels() {
		d, g, m := dst.Panel(p), dAction.Panel(p), mask.Panel(p)
		kernel.Tanh(d, pre.Panel(p))
		for l := range d {
			d[l] = g[l] * m[l] * (1 - d[l]*d[l])
		}
	}
}

// addMaskedMeanSquare adds to grad the gradient of
//
//	c mean_samples( sum_own x^2 / own )
//
// where own are the features that the sample's mask keeps, and returns its
// value. A sample without any contributes nothing.
func addMaskedMeanSquare(grad, x, mask nn.Matrix, c float64) float64 {
	value := 0.0
	for p := range x.Panels() {
		var own, squares [nn.Lanes]float32
		for f := range x.Dim {
			v, m := x.Row(p, f), mask.Row(p, f)
			for l := range m {
				own[l] += m[l]
				squares[l] += m[l] * v[l] * v[l]
			}
		}
		for l := range min(nn.Lanes, x.Batch-p*nn.Lanes) {
			value += float64(squares[l]) / float64(max(1, own[l]))
		}
		scale := float32(2 * c / float64(x.Batch))
		for f := range x.Dim {
			g, v, m := grad.Row(p, f), x.Row(p, f), mask.Row(p, f)
			for l := range g {
				g[l] += scale * m[l] * v[l] / max(1, own[l])
			}
		}
	}
	return c * value / float64(x.Batch)
}

// meanPriority writes the mean absolute error of each row over the critics.
func meanPriority(dst []float32, td [][]float32) {
	for r := range dst {
		total := float32(0)
		for _, d := range td {
			total += float32(math.Abs(float64(d[r])))
		}
		dst[r] = total / float32(len(td))
	}
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

func mean(x []float64) float64 { return sum(x) / float64(len(x)) }

func meanNorm(steps []*trained) float64 {
	s := 0.0
	for _, t := range steps {
		s += t.norm
	}
	return s / float64(len(steps))
}
