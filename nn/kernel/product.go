package kernel

import "fmt"

// Epilogue is what a product does besides multiplying: where it starts from,
// and an activation or the derivative of one that its result goes through. The
// zero value starts from zero and does nothing more.
type Epilogue struct {
	Add      bool      // start from C
	Bias     []float32 // start every row i of C from Bias[i]
	Activate bool      // C = max(c, Slope*c): ReLU with slope 0, leaky ReLU above
	Gate     []float32 // laid out as C: C = c where Gate > 0, Slope*c elsewhere
	Slope    float32   // 0 <= Slope < 1
}

func (t *tile) set(e Epilogue) {
	t.bias, t.gate, t.slope = e.Bias, e.Gate, e.Slope
	if e.Add {
		t.mode |= fromC
	} else if e.Bias != nil {
		t.mode |= fromBias
	}
	if e.Activate {
		t.mode |= activate
	}
	if e.Gate != nil {
		t.mode |= gated
	}
}

// NN computes one panel of a layer's output, C[m][32] = A[m][k] B[k][32].
// A is row-major with lda >= k elements per row, B and C are panels.
func NN(c, a, b []float32, m, k, lda int, e Epilogue) {
	check("NN", c, a, b, m, k, (m-1)*lda+k, e)
	t := tile{a: a, b: b, c: c, aRow: lda * size, aK: size, cRow: Lanes * size, kIn: k, kOut: 1, rows: m}
	t.set(e)
	t.run()
}

// TN computes one panel of an input gradient, C[m][32] = A[k][m]ᵀ B[k][32].
// A is row-major with lda >= m elements per row, B and C are panels.
func TN(c, a, b []float32, m, k, lda int, e Epilogue) {
	check("TN", c, a, b, m, k, (k-1)*lda+m, e)
	t := tile{a: a, b: b, c: c, aRow: size, aK: lda * size, cRow: Lanes * size, kIn: k, kOut: 1, rows: m}
	t.set(e)
	t.run()
}

func check(name string, c, a, b []float32, m, k, need int, e Epilogue) {
	if m < 0 || k < 0 || len(c) < m*Lanes || len(b) < k*Lanes || k > 0 && m > 0 && len(a) < need ||
		e.Bias != nil && len(e.Bias) < m || e.Gate != nil && len(e.Gate) < m*Lanes {
		panic(fmt.Sprintf("kernel: %s of m=%d k=%d does not fit: len(c)=%d len(a)=%d len(b)=%d", name, m, k, len(c), len(a), len(b)))
	}
}

// NT computes rows of a weight gradient, C[m][n] = sum over panels of
// A[p][m][32] B[p][n][32]ᵀ, or adds them to C. A is panelled with aStride
// features between panels. B comes transposed, as [Transpose32] leaves it:
// bt[j/32][sample][j%32] with btSamples >= 32*panels samples in a tile. C is
// row-major with ldc >= n elements per row.
func NT(c, a, bt []float32, m, n, panels, aStride, btSamples, ldc int, add bool) {
	if m == 0 || n == 0 {
		return
	}
	tiles := (n + Lanes - 1) / Lanes
	if panels < 1 || len(c) < (m-1)*ldc+n || len(a) < ((panels-1)*aStride+m)*Lanes || len(bt) < ((tiles-1)*btSamples+panels*Lanes)*Lanes {
		panic(fmt.Sprintf("kernel: NT of m=%d n=%d panels=%d does not fit: len(c)=%d len(a)=%d len(bt)=%d", m, n, panels, len(c), len(a), len(bt)))
	}
	t := tile{a: a, aRow: Lanes * size, aK: size, aJump: (aStride - 1) * Lanes * size, cRow: ldc * size, kIn: Lanes, kOut: panels, rows: m}
	if add {
		t.mode = fromC
	}
	// A few rows of A stay in the nearest cache for all tiles of B.
	block := 8
	if level == AVX2 {
		block = 12 // its tiles are 6 rows high
	}
	for i := 0; i < m; i += block {
		t.a, t.rows = a[i*Lanes:], min(block, m-i)
		for j := range tiles {
			t.b, t.c = bt[j*btSamples*Lanes:], c[i*ldc+j*Lanes:]
			if width := n - j*Lanes; width < Lanes {
				t.runNarrow(t.c, width)
			} else {
				t.run()
			}
		}
	}
}
