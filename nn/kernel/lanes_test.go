package kernel

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestLaneProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols, k := rapid.IntRange(0, 9).Draw(t, "rows"), rapid.IntRange(0, 9).Draw(t, "cols"), rapid.IntRange(1, 9).Draw(t, "k")
		// Either index may run fastest, in both operands and in the result.
		layout := func(label string, n, m int) (row, col int) {
			if rapid.Bool().Draw(t, label) {
				return Lanes, max(n, 1) * Lanes
			}
			return max(m, 1) * Lanes, Lanes
		}
		var s Steps
		s.CRow, s.CCol = layout("c", rows, cols)
		s.ARow, s.AK = layout("a", rows, k)
		s.BCol, s.BK = layout("b", cols, k)
		c, a, b := drawn(t, "c", rows*cols*Lanes), drawn(t, "a", rows*k*Lanes), drawn(t, "b", cols*k*Lanes)
		everywhere(t, c, func() { LaneProduct(c, a, b, rows, cols, k, s) })
		for i := range rows {
			for j := range cols {
				for l := range Lanes {
					var want sum
					for k := range k {
						want.add(float64(a[i*s.ARow+k*s.AK+l]) * float64(b[j*s.BCol+k*s.BK+l]))
					}
					if got := float64(c[i*s.CRow+j*s.CCol+l]); math.Abs(got-want.value) > 1e-6*want.size+1e-38 {
						t.Fatalf("C[%d][%d] lane %d is %g, want %g", i, j, l, got, want.value)
					}
				}
			}
		}
	})
}

// lane takes one lane of n vectors in float64.
func lane(x []float32, n, l int) []float64 {
	v := make([]float64, n)
	for j := range v {
		v[j] = float64(x[j*Lanes+l])
	}
	return v
}

func normal(t *rapid.T, label string, n int) []float32 {
	s := drawn(t, label, n)
	for i, v := range s {
		if v > 100 || v < -100 {
			s[i] = 1
		}
	}
	return s
}

func close(t *rapid.T, what string, got float32, want, size float64) {
	if !(math.Abs(float64(got)-want) <= 2e-6*(math.Abs(want)+size)+1e-36) {
		t.Fatalf("%s is %g, want %g", what, got, want)
	}
}

func TestSoftmax(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, n := rapid.IntRange(1, 4).Draw(t, "rows"), rapid.IntRange(1, 25).Draw(t, "n")
		scale := rapid.Float32Range(0.1, 3).Draw(t, "scale")
		const factor = 0.3
		x, dp := normal(t, "x", rows*n*Lanes), normal(t, "dp", rows*n*Lanes)
		s := append([]float32(nil), x...)
		ds, total := make([]float32, len(x)), make([]float32, Lanes)
		everywhere(t, s, func() { Softmax(s, rows, n, scale) })
		everywhere(t, ds, func() {
			clear(total)
			SoftmaxGrad(ds, s, dp, total, rows, n, factor)
		})
		everywhere(t, total, func() { SoftmaxGrad(ds, s, dp, total, rows, n, factor) })
		inPlace := append([]float32(nil), dp...)
		SoftmaxGrad(inPlace, s, inPlace, make([]float32, Lanes), rows, n, factor)
		for l := range Lanes {
			var dots sum
			for i := range rows {
				x, s, ds, dp, same := lane(x[i*n*Lanes:], n, l), s[i*n*Lanes:], ds[i*n*Lanes:], lane(dp[i*n*Lanes:], n, l), inPlace[i*n*Lanes:]
				var z, dot float64
				p := make([]float64, n)
				for j, v := range x {
					p[j] = math.Exp(float64(scale) * v)
					z += p[j]
				}
				var size float64
				for j := range p {
					p[j] /= z
					dot += p[j] * dp[j]
					size += p[j] * math.Abs(dp[j])
				}
				for j := range p {
					// The exponent carries a rounding of its own size.
					close(t, "softmax", s[j*Lanes+l], p[j], p[j]*float64(scale)*200)
					close(t, "gradient", ds[j*Lanes+l], factor*p[j]*(dp[j]-dot), 300*p[j]*(size+math.Abs(dp[j])))
					if same[j*Lanes+l] != ds[j*Lanes+l] {
						t.Fatalf("in place the gradient is %g, else %g", same[j*Lanes+l], ds[j*Lanes+l])
					}
				}
				dots.add(2 * dot) // two calls have added to total
			}
			close(t, "sum of dots", total[l], dots.value, 300*dots.size+1)
		}
	})
}

func TestNormsAgreeEverywhereAndWithTheirDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 20).Draw(t, "dim")
		x, dy := normal(t, "x", dim*Lanes), normal(t, "dy", dim*Lanes)
		gain, shift := normal(t, "gain", dim), normal(t, "shift", dim)
		y, hat, dx, dgain, scale := make([]float32, dim*Lanes), make([]float32, dim*Lanes), make([]float32, dim*Lanes), make([]float32, dim*Lanes), make([]float32, Lanes)

		everywhere(t, y, func() { RMSNorm(y, x, scale, gain) })
		for l := range Lanes {
			var square float64
			for _, v := range lane(x, dim, l) {
				square += v * v / float64(dim)
			}
			s := 1 / math.Sqrt(square+1e-5)
			close(t, "scale", scale[l], s, 0)
			for f, v := range lane(x, dim, l) {
				close(t, "RMSNorm", y[f*Lanes+l], v*s*float64(gain[f]), 0)
			}
		}
		everywhere(t, dx, func() { RMSNormGrad(dx, dgain, dy, x, scale, gain) })
		clear(dgain)
		everywhere(t, dgain, func() { RMSNormGrad(dx, dgain, dy, x, scale, gain) })

		copy(y, x)
		everywhere(t, y, func() { LayerNorm(y, hat, scale, gain, shift) })
		everywhere(t, hat, func() {
			copy(y, x)
			LayerNorm(y, hat, scale, gain, shift)
		})
		for l := range Lanes {
			var mean, size, square float64
			for _, v := range lane(x, dim, l) {
				mean += v / float64(dim)
				size = max(size, math.Abs(v))
			}
			for _, v := range lane(x, dim, l) {
				square += (v - mean) * (v - mean) / float64(dim)
			}
			s := 1 / math.Sqrt(square+1e-5)
			for f, v := range lane(x, dim, l) {
				close(t, "normalised", hat[f*Lanes+l], (v-mean)*s, size*s*float64(dim))
				close(t, "LayerNorm", y[f*Lanes+l], float64(gain[f])*(v-mean)*s+float64(shift[f]), math.Abs(float64(gain[f]))*size*s*float64(dim)+math.Abs(float64(shift[f])))
			}
		}
		everywhere(t, dx, func() { LayerNormGrad(dx, dy, hat, scale, gain) })
	})
}

func TestCombine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 100).Draw(t, "n")
		x, y, out := normal(t, "x", n), normal(t, "y", n), make([]float32, n)
		everywhere(t, out, func() { Combine(out, x, y, 1.5, -0.7) })
		for i := range out {
			close(t, "combination", out[i], 1.5*float64(x[i])-float64(float32(0.7))*float64(y[i]), math.Abs(float64(x[i]))+math.Abs(float64(y[i])))
		}
	})
}
