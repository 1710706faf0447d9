package kernel

import "fmt"

// Steps are the distances in elements between neighbours in the operands of
// LaneProduct.
type Steps struct {
	CRow, CCol int
	ARow, AK   int
	BCol, BK   int
}

// laneProduct describes C[i][j] = sum over k of A[i][k] * B[j][k], every
// element being a vector of lanes, and all distances in bytes.
//
// The assembly reads this struct: run go generate after changing it.
type laneProduct struct {
	c, a, b       []float32
	cRow, cCol    int
	aRow, aK      int
	bRow, bK      int
	rows, cols, k int
}

// LaneProduct multiplies small matrices sample by sample: every element is a
// vector of 32 lanes, and lane l of C[i][j] is the sum over k of the lanes l of
// A[i][k] and B[j][k], in the order of k. It is what attention consists of: s
// says how tokens and features lie in memory.
func LaneProduct(c, a, b []float32, rows, cols, k int, s Steps) {
	if rows == 0 || cols == 0 {
		return
	}
	if k < 1 || len(c) < (rows-1)*s.CRow+(cols-1)*s.CCol+Lanes ||
		len(a) < (rows-1)*s.ARow+(k-1)*s.AK+Lanes || len(b) < (cols-1)*s.BCol+(k-1)*s.BK+Lanes {
		panic(fmt.Sprintf("kernel: LaneProduct of %dx%dx%d with %+v does not fit: len(c)=%d len(a)=%d len(b)=%d", rows, cols, k, s, len(c), len(a), len(b)))
	}
	t := laneProduct{
		c: c, a: a, b: b, rows: rows, cols: cols, k: k,
		cRow: s.CRow * size, cCol: s.CCol * size, aRow: s.ARow * size, aK: s.AK * size, bRow: s.BCol * size, bK: s.BK * size,
	}
	switch level {
	case AVX512:
		for l := 0; l < Lanes; l += 16 {
			t.c, t.a, t.b = c[l:], a[l:], b[l:]
			laneProductAVX512(&t)
		}
	case AVX2:
		for l := 0; l < Lanes; l += 8 {
			t.c, t.a, t.b = c[l:], a[l:], b[l:]
			laneProductAVX2(&t)
		}
	default:
		for i := range rows {
			for j := range cols {
				var acc [Lanes]float32
				for k := range k {
					x, y := a[i*s.ARow+k*s.AK:][:Lanes], b[j*s.BCol+k*s.BK:][:Lanes]
					for l := range acc {
						acc[l] = fma(x[l], y[l], acc[l])
					}
				}
				copy(c[i*s.CRow+j*s.CCol:], acc[:])
			}
		}
	}
}

// Softmax replaces x, rows of n vectors of 32 lanes, by e^(scale*x) divided by
// its sum over n, with scale > 0.
func Softmax(x []float32, rows, n int, scale float32) {
	if rows == 0 || n == 0 {
		return
	}
	x = x[:rows*n*Lanes]
	switch level {
	case AVX512:
		softmaxAVX512(&x[0], rows, n, scale)
	case AVX2:
		softmaxAVX2(&x[0], rows, n, scale)
	default:
		for ; len(x) > 0; x = x[n*Lanes:] {
			for l := range Lanes {
				softmaxLane(x[l:], n, scale)
			}
		}
	}
}

// softmaxLane works on the n values of one lane.
func softmaxLane(x []float32, n int, scale float32) {
	most := x[0]
	for j := range n {
		most = max(most, x[j*Lanes])
	}
	most = float32(most * scale)
	var sum float32
	for j := range n {
		e := exp(fma(x[j*Lanes], scale, -most))
		x[j*Lanes] = e
		sum += e
	}
	inverse := float32(1 / sum)
	for j := range n {
		x[j*Lanes] = float32(x[j*Lanes] * inverse)
	}
}

// SoftmaxGrad writes to ds factor times the derivative with respect to scale*x,
// s being the softmax of scale*x and dp the derivative with respect to s:
//
//	ds = factor * s * (dp - dot), dot = sum over n of s*dp
//
// It adds dot, over all rows, to total [32]. ds may be dp.
func SoftmaxGrad(ds, s, dp, total []float32, rows, n int, factor float32) {
	if rows == 0 || n == 0 {
		return
	}
	ds, s, dp, total = ds[:rows*n*Lanes], s[:rows*n*Lanes], dp[:rows*n*Lanes], total[:Lanes]
	switch level {
	case AVX512:
		softmaxGradAVX512(&ds[0], &s[0], &dp[0], &total[0], rows, n, factor)
	case AVX2:
		softmaxGradAVX2(&ds[0], &s[0], &dp[0], &total[0], rows, n, factor)
	default:
		for i := range rows {
			for l := range Lanes {
				at := func(j int) int { return (i*n+j)*Lanes + l }
				var dot float32
				for j := range n {
					dot = fma(s[at(j)], dp[at(j)], dot)
				}
				total[l] += dot
				for j := range n {
					ds[at(j)] = float32(float32((dp[at(j)]-dot)*s[at(j)]) * factor)
				}
			}
		}
	}
}
