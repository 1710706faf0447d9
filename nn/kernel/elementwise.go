package kernel

import (
	"math"

	"github.com/peerwatt/peerwatt/nn/kernel/internal/coefficient"
)

// Exp writes e^x of every x of src to dst, which has the same length and may
// be src. Its relative error is below 1.5e-7; where the result is smaller than
// the least normal number, 2^-126, the error is below that. NaN stays NaN.
func Exp(dst, src []float32) { apply(dst, src, expAVX512, expAVX2, exp) }

// Tanh writes tanh(x), with a relative error below 2e-7; see Exp.
func Tanh(dst, src []float32) { apply(dst, src, tanhAVX512, tanhAVX2, tanh) }

// Sigmoid writes 1/(1+e^-x), with a relative error below 3e-7; see Exp.
func Sigmoid(dst, src []float32) { apply(dst, src, sigmoidAVX512, sigmoidAVX2, sigmoid) }

// Softplus writes log(1+e^x), with a relative error below 3e-7; see Exp.
func Softplus(dst, src []float32) { apply(dst, src, softplusAVX512, softplusAVX2, softplus) }

// apply runs the vector form over whole vectors and the portable form over the rest.
func apply(dst, src []float32, avx512, avx2 func(dst, src *float32, n int), one func(float32) float32) {
	dst = dst[:len(src)]
	n := whole(len(src))
	if n > 0 {
		if level == AVX512 {
			avx512(&dst[0], &src[0], n)
		} else {
			avx2(&dst[0], &src[0], n)
		}
	}
	for i, x := range src[n:] {
		dst[n+i] = one(x)
	}
}

// whole returns how many of n values the assembly takes: whole groups of 16.
func whole(n int) int {
	if level == Generic {
		return 0
	}
	return n &^ 15
}

func exp(x float32) float32 {
	if x > 89 {
		x = 89
	}
	if x < -104 {
		x = -104
	}
	n := float32(math.RoundToEven(float64(float32(x * coefficient.Log2E))))
	x = fma(n, -coefficient.Ln2Hi, x)
	x = fma(n, -coefficient.Ln2Lo, x)
	p := horner(x, coefficient.Exp[:])
	if n != n {
		return p
	}
	k := int32(n)
	half := k >> 1
	p = float32(p * math.Float32frombits(uint32(half+127)<<23))
	return float32(p * math.Float32frombits(uint32(k-half+127)<<23))
}

// horner returns c[0] + x*(c[1] + x*(c[2] + ...)).
func horner(x float32, c []float32) float32 {
	r := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		r = fma(r, x, c[i])
	}
	return r
}

func tanh(x float32) float32 {
	a := math.Float32frombits(math.Float32bits(x) &^ (1 << 31))
	if a < 0.625 {
		z := float32(x * x)
		p := horner(z, coefficient.Tanh[:])
		return fma(p, float32(x*z), x)
	}
	large := 1 - float32(2/float32(exp(float32(a+a))+1))
	return math.Float32frombits(math.Float32bits(large) | math.Float32bits(x)&(1<<31))
}

func sigmoid(x float32) float32 { return float32(1 / float32(exp(-x)+1)) }

func softplus(x float32) float32 {
	t := exp(math.Float32frombits(math.Float32bits(x) | 1<<31))
	s := float32(t / float32(t+2))
	p := horner(float32(s*s), coefficient.Log[:])
	return fma(p, s, max(x, 0))
}

// TanhGrad multiplies d by the derivative of tanh, 1-h², h being its value.
func TanhGrad(d, h []float32) {
	d = d[:len(h)]
	n := whole(len(h))
	if n > 0 {
		if level == AVX512 {
			tanhGradAVX512(&d[0], &h[0], n)
		} else {
			tanhGradAVX2(&d[0], &h[0], n)
		}
	}
	for i, y := range h[n:] {
		d[n+i] = float32(d[n+i] * fma(-y, y, 1))
	}
}

// Rectify writes max(x, slope*x) to x, with 0 <= slope < 1.
func Rectify(x []float32, slope float32) {
	n := whole(len(x))
	if n > 0 {
		if level == AVX512 {
			rectifyAVX512(&x[0], n, slope)
		} else {
			rectifyAVX2(&x[0], n, slope)
		}
	}
	for i, v := range x[n:] {
		x[n+i] = max(v, float32(slope*v))
	}
}

// Combine writes a*x + b*y to dst, which may be x or y.
func Combine(dst, x, y []float32, a, b float32) {
	dst, y = dst[:len(x)], y[:len(x)]
	n := whole(len(x))
	if n > 0 {
		if level == AVX512 {
			combineAVX512(&dst[0], &x[0], &y[0], n, a, b)
		} else {
			combineAVX2(&dst[0], &x[0], &y[0], n, a, b)
		}
	}
	for i := n; i < len(x); i++ {
		dst[i] = fma(b, y[i], float32(a*x[i]))
	}
}
