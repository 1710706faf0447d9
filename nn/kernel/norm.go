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
	x, hat, scale, shift = x[:dim*Lanes], hat[:dim*Lanes], scale[:Lanes], shift[:dim]
	inverse := 1 / float32(dim)
	switch level {
	case AVX512:
		layerNormAVX512(&x[0], &hat[0], &scale[0], &gain[0], &shift[0], dim, inverse)
	case AVX2:
		layerNormAVX2(&x[0], &hat[0], &scale[0], &gain[0], &shift[0], dim, inverse)
	default:
		for l := range Lanes {
			var mean, square float32
			for f := range dim {
				mean += x[f*Lanes+l]
			}
			mean = float32(mean * inverse)
			for f := range dim {
				d := x[f*Lanes+l] - mean
				hat[f*Lanes+l] = d
				square = fma(d, d, square)
			}
			scale[l] = inverseRoot(fma(square, inverse, normEps))
			for f, g := range gain {
				h := float32(hat[f*Lanes+l] * scale[l])
				hat[f*Lanes+l] = h
				x[f*Lanes+l] = fma(g, h, shift[f])
			}
		}
	}
}

// LayerNormGrad writes to dx the derivative with respect to the input of
// LayerNorm, dy being that with respect to its output.
func LayerNormGrad(dx, dy, hat, scale, gain []float32) {
	dim := len(gain)
	dx, dy, hat, scale = dx[:dim*Lanes], dy[:dim*Lanes], hat[:dim*Lanes], scale[:Lanes]
	inverse := 1 / float32(dim)
	switch level {
	case AVX512:
		layerNormGradAVX512(&dx[0], &dy[0], &hat[0], &scale[0], &gain[0], dim, inverse)
	case AVX2:
		layerNormGradAVX2(&dx[0], &dy[0], &hat[0], &scale[0], &gain[0], dim, inverse)
	default:
		for l := range Lanes {
			var mean, along float32
			for f, g := range gain {
				d := float32(dy[f*Lanes+l] * g)
				mean += d
				along = fma(hat[f*Lanes+l], d, along)
			}
			mean, along = float32(mean*inverse), float32(along*inverse)
			for f, g := range gain {
				d := float32(dy[f*Lanes+l]*g) - mean
				dx[f*Lanes+l] = float32(fma(-hat[f*Lanes+l], along, d) * scale[l])
			}
		}
	}
}

// RMSNorm writes y = gain*x*scale with scale = 1/sqrt(mean of x² over the
// features + 1e-5), for len(gain) features of 32 lanes, and keeps scale [32].
func RMSNorm(y, x, scale, gain []float32) {
	dim := len(gain)
	y, x, scale = y[:dim*Lanes], x[:dim*Lanes], scale[:Lanes]
	inverse := 1 / float32(dim)
	switch level {
	case AVX512:
		rmsNormAVX512(&y[0], &x[0], &scale[0], &gain[0], dim, inverse)
	case AVX2:
		rmsNormAVX2(&y[0], &x[0], &scale[0], &gain[0], dim, inverse)
	default:
		for l := range Lanes {
			var square float32
			for f := range dim {
				square = fma(x[f*Lanes+l], x[f*Lanes+l], square)
			}
			s := inverseRoot(fma(square, inverse, normEps))
			scale[l] = s
			for f, g := range gain {
				y[f*Lanes+l] = float32(float32(x[f*Lanes+l]*s) * g)
			}
		}
	}
}

func inverseRoot(x float32) float32 { return 1 / float32(math.Sqrt(float64(x))) }

// RMSNormGrad writes to dx the derivative with respect to the input of
// RMSNorm, dy being that with respect to its output, and adds that with
// respect to the gain, lane by lane, to dgain [len(gain)][32].
func RMSNormGrad(dx, dgain, dy, x, scale, gain []float32) {
	dim := len(gain)
	dx, dgain, dy, x, scale = dx[:dim*Lanes], dgain[:dim*Lanes], dy[:dim*Lanes], x[:dim*Lanes], scale[:Lanes]
	inverse := 1 / float32(dim)
	switch level {
	case AVX512:
		rmsNormGradAVX512(&dx[0], &dgain[0], &dy[0], &x[0], &scale[0], &gain[0], dim, inverse)
	case AVX2:
		rmsNormGradAVX2(&dx[0], &dgain[0], &dy[0], &x[0], &scale[0], &gain[0], dim, inverse)
	default:
		for l := range Lanes {
			s := scale[l]
			var dot float32
			for f, g := range gain {
				i := f*Lanes + l
				hat := float32(x[i] * s)
				dgain[i] = fma(hat, dy[i], dgain[i])
				dot = fma(hat, float32(dy[i]*g), dot)
			}
			dot = float32(dot * inverse)
			for f, g := range gain {
				i := f*Lanes + l
				dx[i] = float32(fma(-float32(x[i]*s), dot, float32(dy[i]*g)) * s)
			}
		}
	}
}
