package nn

import (
	"testing"

	"pgregory.net/rapid"
)

func TestMatrixRowsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens, batch, dim := rapid.IntRange(1, 3).Draw(t, "tokens"), rapid.IntRange(1, 70).Draw(t, "batch"), rapid.IntRange(1, 70).Draw(t, "dim")
		stride := dim + rapid.IntRange(0, 3).Draw(t, "gap")
		m := NewTokens(tokens, batch, dim)
		for i := range m.Data {
			m.Data[i] = -7 // what was there, padding included
		}
		src, dst := make([]float32, m.Samples()*stride), make([]float32, m.Samples()*stride)
		NewRNG(rapid.Uint64().Draw(t, "seed"), 0).FillNormal(src)
		m.SetRows(src, stride)
		m.GetRows(dst, stride)
		for s := range m.Samples() {
			for f := range stride {
				want := src[s*stride+f]
				if f < dim && m.At(s, f) != want {
					t.Fatalf("At(%d, %d) is %g, want %g", s, f, m.At(s, f), want)
				}
				if f >= dim {
					want = 0 // GetRows leaves the gap alone
				}
				if dst[s*stride+f] != want {
					t.Fatalf("sample %d, feature %d came back as %g, want %g", s, f, dst[s*stride+f], want)
				}
			}
		}
		for p := range m.Panels() {
			for f := range dim {
				for l := m.valid(p); l < Lanes; l++ {
					if m.Row(p, f)[l] != 0 {
						t.Fatalf("padding of panel %d is %g after SetRows", p, m.Row(p, f)[l])
					}
				}
			}
		}
	})
}

func TestMatrixViews(t *testing.T) {
	m := NewTokens(3, 40, 10)
	for s := range m.Samples() {
		for f := range m.Dim {
			m.Set(s, f, float32(100*s+f))
		}
	}
	v := m.Features(4, 7)
	if v.Dim != 3 || v.At(45, 2) != 4506 {
		t.Errorf("features 4 to 7 have %d features, sample 45 has %g", v.Dim, v.At(45, 2))
	}
	b := v.Block(2)
	if b.Blocks != 1 || b.At(39, 0) != 100*(2*40+39)+4 {
		t.Errorf("block 2 has %d blocks, its last sample %g", b.Blocks, b.At(39, 0))
	}
	c := NewMatrix(40, 3)
	c.Copy(b)
	b.Zero()
	if c.At(7, 1) != 100*87+5 || m.At(87, 5) != 0 || m.At(87, 3) != 8703 || m.At(47, 5) != 4705 {
		t.Errorf("copy has %g, the matrix %g, %g and %g", c.At(7, 1), m.At(87, 5), m.At(87, 3), m.At(47, 5))
	}
	one := NewMatrix(50, 1)
	one.Set(49, 0, 3)
	if one.Data[49] != 3 {
		t.Error("a matrix of one feature is not a vector of its samples")
	}
	m.SetRow(87, []float32{9, 8, 7, 6, 5, 4, 3, 2, 1, 0})
	if m.At(87, 9) != 0 || m.At(87, 1) != 8 {
		t.Errorf("row is %g ... %g", m.At(87, 1), m.At(87, 9))
	}
}
