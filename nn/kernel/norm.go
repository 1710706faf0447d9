package kernel

import "math"

// normEps is added to a variance before its root is taken.
const normEps = 1e-5

// LayerNorm normalises every sample of a panel over its features, in place:
// x = gain*hat + shift with hat = (x - mean) * scale, scale =
// 1/sqrt(variance + 1e-5). It keeps hat [features][32] and scale [32] for
// LayerNormGrad.
func LayerNorm(x, hat, scale, gain, shift []float32) {
	dim := len(gain)
	n := 1 / float32(dim)
	var mean, square [Lanes]float32
	for f := range dim {
		for l, v := range x[f*Lanes : f*Lanes+Lanes] {
			mean[l] += v
		}
	}
	for l := range mean {
		mean[l] *= n
	}
	for f := range dim {
		for l, v := range x[f*Lanes : f*Lanes+Lanes] {
			d := v - mean[l]
			hat[f*Lanes+l] = d
			square[l] = fma(d, d, square[l])
		}
	}
	for l, v := range square {
		scale[l] = 1 / float32(math.Sqrt(float64(fma(v, n, normEps))))
	}
	for f := range dim {
		g, s := gain[f], shift[f]
		for l, d := range hat[f*Lanes : f*Lanes+Lanes] {
			d *= scale[l]
			hat[f*Lanes+l] = d
			x[f*Lanes+l] = fma(g, d, s)
		}
	}
}

// LayerNormGrad writes to dx the derivative with respect to the input of
// LayerNorm, dy being that with respect to its output.
func LayerNormGrad(dx, dy, hat, scale, gain []float32) {
	dim := len(gain)
	n := 1 / float32(dim)
	var mean, along [Lanes]float32
	for f, g := range gain {
		for l, d := range dy[f*Lanes : f*Lanes+Lanes] {
			d *= g
			mean[l] += d
			along[l] = fma(d, hat[f*Lanes+l], along[l])
		}
	}
	for l := range mean {
		mean[l] *= n
		along[l] *= n
	}
	for f, g := range gain {
		for l, d := range dy[f*Lanes : f*Lanes+Lanes] {
			dx[f*Lanes+l] = scale[l] * fma(-hat[f*Lanes+l], along[l], float32(d*g)-mean[l])
		}
	}
}
