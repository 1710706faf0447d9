package kernel

import "math"

// Exp writes e^src to dst. The slices must have the same length and may be the same.
func Exp(dst, src []float32) {
	for i, x := range src {
		dst[i] = float32(math.Exp(float64(x)))
	}
}

// Tanh writes tanh(src) to dst.
func Tanh(dst, src []float32) {
	for i, x := range src {
		dst[i] = float32(math.Tanh(float64(x)))
	}
}

// Sigmoid writes 1/(1+e^-src) to dst.
func Sigmoid(dst, src []float32) {
	for i, x := range src {
		dst[i] = float32(1 / (1 + math.Exp(-float64(x))))
	}
}

// Softplus writes log(1+e^src) to dst.
func Softplus(dst, src []float32) {
	for i, x := range src {
		v := float64(x)
		dst[i] = float32(max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))))
	}
}

// SumSquares returns the sum of squares of x.
func SumSquares(x []float32) float64 {
	var s float64
	for _, v := range x {
		s += float64(v) * float64(v)
	}
	return s
}

// RowSums writes to dst[f] the sum of feature f over the samples of a
// panelled matrix with stride features between panels.
func RowSums(dst, src []float32, blocks, batch, stride int) {
	for f := range dst {
		var acc [Lanes]float32
		p := 0
		for range blocks {
			for b := 0; b < batch; b += Lanes {
				row := src[(p*stride+f)*Lanes:]
				for l := range min(Lanes, batch-b) {
					acc[l] += row[l]
				}
				p++
			}
		}
		dst[f] = fold(&acc)
	}
}

// RowDots writes to dst[f] the sum of x*y of feature f over the samples of
// two matrices of that shape.
func RowDots(dst, x, y []float32, blocks, batch, stride int) {
	for f := range dst {
		var acc [Lanes]float32
		p := 0
		for range blocks {
			for b := 0; b < batch; b += Lanes {
				i := (p*stride + f) * Lanes
				for l := range min(Lanes, batch-b) {
					acc[l] = fma(x[i+l], y[i+l], acc[l])
				}
				p++
			}
		}
		dst[f] = fold(&acc)
	}
}

// fold adds up the lanes by halves.
func fold(acc *[Lanes]float32) float32 {
	for n := Lanes / 2; n > 0; n /= 2 {
		for l := range n {
			acc[l] += acc[l+n]
		}
	}
	return acc[0]
}

// TanhGrad multiplies d by the derivative of tanh, 1-h², h being its value.
func TanhGrad(d, h []float32) {
	for i, y := range h {
		d[i] *= fma(-y, y, 1)
	}
}

// Rectify writes max(x, slope*x) to x.
func Rectify(x []float32, slope float32) {
	for i, v := range x {
		x[i] = max(v, slope*v)
	}
}
