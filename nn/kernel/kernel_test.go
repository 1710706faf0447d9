package kernel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func noise(n int) []float32 {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	s := make([]float32, n)
	for i := range s {
		s[i] = float32(r.NormFloat64())
	}
	return s
}

// drawn returns n values of mixed size: most near 1, some tiny, some zero.
func drawn(t *rapid.T, label string, n int) []float32 {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, label), 1))
	s := make([]float32, n)
	for i := range s {
		s[i] = float32(r.NormFloat64())
		switch r.IntN(20) {
		case 0:
			s[i] = 0
		case 1:
			s[i] *= 1e-20
		case 2:
			s[i] *= 1e15
		}
	}
	return s
}

// everywhere runs f at every level and wants the bits of out to agree.
func everywhere(t *rapid.T, out []float32, f func()) {
	defer Use(Current())
	start := append([]float32(nil), out...)
	var want []float32
	for _, l := range Levels() {
		if err := Use(l); err != nil {
			t.Fatal(err)
		}
		copy(out, start)
		f()
		if want == nil {
			want = append(want, out...)
			continue
		}
		for i, v := range out {
			if math.Float32bits(v) != math.Float32bits(want[i]) && (v == v || want[i] == want[i]) {
				t.Fatalf("%v: value %d of %d is %g (%08x), portable code has %g (%08x)", l, i, len(out), v, math.Float32bits(v), want[i], math.Float32bits(want[i]))
			}
		}
	}
}

func drawEpilogue(t *rapid.T, m int) Epilogue {
	var e Epilogue
	e.Slope = rapid.SampledFrom([]float32{0, 0.01}).Draw(t, "slope")
	switch rapid.IntRange(0, 2).Draw(t, "start") {
	case 1:
		e.Add = true
	case 2:
		e.Bias = drawn(t, "bias", m)
	}
	switch rapid.IntRange(0, 2).Draw(t, "end") {
	case 1:
		e.Activate = true
	case 2:
		e.Gate = drawn(t, "gate", m*Lanes)
	}
	return e
}

// finish is what an Epilogue does to the sum at row i, lane l of C.
func (e Epilogue) finish(v float64, i, l int) float64 {
	if e.Activate {
		v = math.Max(v, v*float64(e.Slope))
	}
	if e.Gate != nil && !(e.Gate[i*Lanes+l] > 0) {
		v *= float64(e.Slope)
	}
	return v
}

// sum adds up products in float64, and their magnitudes.
type sum struct{ value, size float64 }

func (s *sum) add(x float64) {
	s.value += x
	s.size += math.Abs(x)
}

func TestProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(0, 21).Draw(t, "m")
		k := rapid.IntRange(0, 40).Draw(t, "k")
		transposed := rapid.Bool().Draw(t, "transposed")
		rows, cols := m, k
		if transposed {
			rows, cols = k, m
		}
		lda := cols + rapid.IntRange(0, 3).Draw(t, "gap")
		a, b, c := drawn(t, "a", rows*lda), drawn(t, "b", k*Lanes), drawn(t, "c", m*Lanes)
		before := append([]float32(nil), c...)
		e := drawEpilogue(t, m)
		everywhere(t, c, func() {
			if transposed {
				TN(c, a, b, m, k, lda, e)
			} else {
				NN(c, a, b, m, k, lda, e)
			}
		})
		for i := range m {
			for l := range Lanes {
				var s sum
				switch {
				case e.Add:
					s.add(float64(before[i*Lanes+l]))
				case e.Bias != nil:
					s.add(float64(e.Bias[i]))
				}
				for j := range k {
					at := i*lda + j
					if transposed {
						at = j*lda + i
					}
					s.add(float64(a[at]) * float64(b[j*Lanes+l]))
				}
				want := e.finish(s.value, i, l)
				if got := float64(c[i*Lanes+l]); math.Abs(got-want) > s.size*1e-6+1e-38 {
					t.Fatalf("C[%d][%d] is %g, want %g", i, l, got, want)
				}
			}
		}
	})
}

func TestNT(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(0, 21).Draw(t, "m")
		n := rapid.IntRange(0, 70).Draw(t, "n")
		panels := rapid.IntRange(1, 5).Draw(t, "panels")
		cut := rapid.IntRange(0, panels-1).Draw(t, "cut") // in two calls, unless 0
		aStride, bStride := m+rapid.IntRange(0, 2).Draw(t, "a gap"), n+rapid.IntRange(0, 2).Draw(t, "b gap")
		ldc := n + rapid.IntRange(0, 3).Draw(t, "c gap")
		a, b := drawn(t, "a", panels*aStride*Lanes), drawn(t, "b", panels*bStride*Lanes)
		c := drawn(t, "c", m*ldc)
		before := append([]float32(nil), c...)
		bt := make([]float32, (n+Lanes-1)/Lanes*Lanes*panels*Lanes)
		everywhere(t, bt, func() { Transpose32(bt, b, n, panels, bStride) })
		everywhere(t, c, func() {
			if cut > 0 {
				NT(c, a, bt, m, n, cut, aStride, panels*Lanes, ldc, false)
			}
			NT(c, a[cut*aStride*Lanes:], bt[min(len(bt), cut*Lanes*Lanes):], m, n, panels-cut, aStride, panels*Lanes, ldc, cut > 0)
		})
		for i := range m {
			for j := range ldc {
				if j >= n {
					if c[i*ldc+j] != before[i*ldc+j] {
						t.Fatalf("C[%d][%d] lies outside and changed", i, j)
					}
					continue
				}
				var s sum
				for p := range panels {
					for l := range Lanes {
						s.add(float64(a[(p*aStride+i)*Lanes+l]) * float64(b[(p*bStride+j)*Lanes+l]))
					}
				}
				if got := float64(c[i*ldc+j]); math.Abs(got-s.value) > s.size*1e-6+1e-38 {
					t.Fatalf("C[%d][%d] is %g, want %g", i, j, got, s.value)
				}
			}
		}
	})
}

func TestTranspose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(1, 32).Draw(t, "rows"), rapid.IntRange(1, 32).Draw(t, "cols")
		ldd, lds := cols+rapid.IntRange(0, 5).Draw(t, "dst gap"), rows+rapid.IntRange(0, 5).Draw(t, "src gap")
		dst, src := drawn(t, "dst", rows*ldd), drawn(t, "src", cols*lds)
		before := append([]float32(nil), dst...)
		everywhere(t, dst, func() { Transpose(dst, ldd, src, lds, rows, cols) })
		for i, v := range dst {
			want := before[i]
			if r, c := i/ldd, i%ldd; c < cols {
				want = src[c*lds+r]
			}
			if v != want {
				t.Fatalf("value %d is %g, want %g", i, v, want)
			}
		}
	})
}

// TestFMA compares with exact arithmetic where rounding twice would be wrong.
func TestFMA(t *testing.T) {
	exact := func(a, b, c float32) float32 {
		x := new(big.Float).SetPrec(2000).SetFloat64(float64(a))
		x.Mul(x, new(big.Float).SetPrec(2000).SetFloat64(float64(b)))
		x.Add(x, new(big.Float).SetPrec(2000).SetFloat64(float64(c)))
		v, _ := x.Float32()
		return v
	}
	check := func(t failer, a, b, c float32) {
		want := exact(a, b, c)
		if got := fma(a, b, c); math.Float32bits(got) != math.Float32bits(want) && !(got == 0 && want == 0) {
			t.Fatalf("fma(%g, %g, %g) is %g (%08x), exactly %g (%08x)", a, b, c, got, math.Float32bits(got), want, math.Float32bits(want))
		}
	}
	// 1 + 2^-24 is a midpoint; a tiny product on either side decides.
	for _, s := range []float32{1, -1} {
		for _, tiny := range []float32{0x1p-70, -0x1p-70, 0} {
			check(t, s*0x1p-12, 0x1p-12*(1+0x1p-20), s) // not a midpoint
			check(t, 0x1p-35, tiny*0x1p35, s*(1+0x1p-23))
			check(t, 1+0x1p-12, s*(1+0x1p-12), tiny) // 1 + 2^-11 + 2^-24, a midpoint, and tiny
			check(t, (1+0x1p-12)*0x1p-70, s*(1+0x1p-12)*0x1p-70, tiny*0x1p-79)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		near := func(label string) float32 { // few mantissa bits, so that sums hit midpoints
			m := float32(rapid.IntRange(-1<<13, 1<<13).Draw(t, label))
			return float32(math.Ldexp(float64(m), rapid.IntRange(-60, 20).Draw(t, label+" exponent")))
		}
		check(t, near("a"), near("b"), near("c"))
		f := rapid.Float32Range(-1e10, 1e10)
		check(t, f.Draw(t, "x"), f.Draw(t, "y"), f.Draw(t, "z"))
	})
	inf := float32(math.Inf(1))
	if v := fma(inf, 0, 1); v == v {
		t.Errorf("fma(Inf, 0, 1) is %g, want NaN", v)
	}
	if v := fma(3e38, 2, -inf); v != -inf {
		t.Errorf("fma(3e38, 2, -Inf) is %g", v)
	}
	if v := fma(3e38, 2, 0); v != inf {
		t.Errorf("fma(3e38, 2, 0) is %g, want Inf", v)
	}
}

type failer interface{ Fatalf(string, ...any) }
