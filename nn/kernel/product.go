package kernel

import "fmt"

// Epilogue is what a product does besides multiplying: it starts every row i
// from Bias[i], and it passes the result through an activation or through the
// derivative of one. The zero value does nothing.
type Epilogue struct {
	Bias     []float32 // one start value per row of C; nil: zero
	Activate bool      // C = max(c, Slope*c): ReLU with slope 0, leaky ReLU above
	Gate     []float32 // laid out as C: C = c where Gate > 0, Slope*c elsewhere
	Slope    float32   // 0 <= Slope < 1
}

// NN computes one panel of a layer's output, C[m][32] = A[m][k] B[k][32].
// A is row-major with lda >= k elements per row, B and C are panels.
func NN(c, a, b []float32, m, k, lda int, e Epilogue) {
	check("NN", c, a, b, m, k, (m-1)*lda+k, e)
	if m == 0 {
		return
	}
	t := tile{a: first(a), b: first(b), c: &c[0], aRow: lda, aK: 1, kIn: k, kOut: 1, cRow: Lanes}
	t.run(m, e)
}

// TN computes one panel of an input gradient, C[m][32] = A[k][m]ᵀ B[k][32].
// A is row-major with lda >= m elements per row, B and C are panels.
func TN(c, a, b []float32, m, k, lda int, e Epilogue) {
	check("TN", c, a, b, m, k, (k-1)*lda+m, e)
	if m == 0 {
		return
	}
	t := tile{a: first(a), b: first(b), c: &c[0], aRow: 1, aK: lda, kIn: k, kOut: 1, cRow: Lanes}
	t.run(m, e)
}

func first(s []float32) *float32 {
	if len(s) == 0 {
		return nil
	}
	return &s[0]
}

func check(name string, c, a, b []float32, m, k, need int, e Epilogue) {
	if m < 0 || k < 0 || len(c) < m*Lanes || len(b) < k*Lanes || k > 0 && m > 0 && len(a) < need ||
		e.Bias != nil && len(e.Bias) < m || e.Gate != nil && len(e.Gate) < m*Lanes {
		panic(fmt.Sprintf("kernel: %s of m=%d k=%d does not fit: len(c)=%d len(a)=%d len(b)=%d", name, m, k, len(c), len(a), len(b)))
	}
}

// NT computes rows of a weight gradient, C[m][n] = sum over panels of
// A[p][m][32] B[p][n][32]ᵀ. A is panelled with aStride features between panels.
// B comes transposed, as [Transpose32] leaves it: bt[j/32][sample][j%32] with
// samples = 32*panels. C is row-major with ldc >= n elements per row.
func NT(c, a, bt []float32, m, n, panels, aStride, ldc int) {
	samples := panels * Lanes
	tiles := (n + Lanes - 1) / Lanes
	if m == 0 || n == 0 {
		return
	}
	if len(c) < (m-1)*ldc+n || panels > 0 && len(a) < ((panels-1)*aStride+m)*Lanes || len(bt) < tiles*samples*Lanes {
		panic(fmt.Sprintf("kernel: NT of m=%d n=%d panels=%d does not fit: len(c)=%d len(a)=%d len(bt)=%d", m, n, panels, len(c), len(a), len(bt)))
	}
	t := tile{a: first(a), aRow: Lanes, aK: 1, aJump: (aStride - 1) * Lanes, kIn: Lanes, kOut: panels, cRow: ldc}
	for j := range tiles {
		t.b = first(bt[j*samples*Lanes:])
		if width := n - j*Lanes; width < Lanes {
			t.runNarrow(c[j*Lanes:], m, width)
			return
		}
		t.c = &c[j*Lanes]
		t.run(m, Epilogue{})
	}
}

// Transpose32 writes the transpose of the panelled matrix src, features dim
// and panels panels with srcStride features between panels, to
// dst[f/32][sample][f%32]. Features past dim are written as zeros.
func Transpose32(dst, src []float32, dim, panels, srcStride int) {
	tiles := (dim + Lanes - 1) / Lanes
	samples := panels * Lanes
	if dim == 0 || panels == 0 {
		return
	}
	if len(dst) < tiles*samples*Lanes || len(src) < ((panels-1)*srcStride+dim)*Lanes {
		panic(fmt.Sprintf("kernel: Transpose32 of dim=%d panels=%d does not fit: len(dst)=%d len(src)=%d", dim, panels, len(dst), len(src)))
	}
	for j := range tiles {
		f := min(Lanes, dim-j*Lanes)
		for p := range panels {
			Block(dst[(j*samples+p*Lanes)*Lanes:], Lanes, src[(p*srcStride+j*Lanes)*Lanes:], Lanes, Lanes, f)
		}
	}
}

// Block writes dst[r*ldd+c] = src[c*lds+r] for r < rows and c < cols, and zero
// for cols <= c < 32: the transpose of at most 32 x 32 values.
func Block(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	for r := range rows {
		d := dst[r*ldd:]
		for c := range cols {
			d[c] = src[c*lds+r]
		}
		clear(d[cols:Lanes])
	}
}

// CopyBlock writes dst[r*32+c] = src[r*lds+c] for r < rows and c < cols, and
// zero elsewhere in the 32 x 32 block.
func CopyBlock(dst, src []float32, lds, rows, cols int) {
	for r := range rows {
		d := dst[r*Lanes : r*Lanes+Lanes]
		copy(d, src[r*lds:][:cols])
		clear(d[cols:])
	}
	clear(dst[rows*Lanes : Lanes*Lanes])
}
