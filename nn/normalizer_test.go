package nn

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestNormalizer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim, n := rapid.IntRange(1, 4).Draw(t, "dim"), rapid.IntRange(2, 50).Draw(t, "rows")
		rows := make([]float32, n*dim)
		NewRNG(rapid.Uint64().Draw(t, "seed"), 0).FillNormal(rows)
		for i := range rows {
			rows[i] = 1000 + 3*rows[i]*float32(1+i%dim)
		}
		z := NewNormalizer(dim)
		cut := rapid.IntRange(0, n).Draw(t, "cut")
		merged, rest := NewNormalizer(dim), NewNormalizer(dim)
		for i := range n {
			z.Update(rows[i*dim:])
			if i < cut {
				merged.Update(rows[i*dim:])
			} else {
				rest.Update(rows[i*dim:])
			}
		}
		merged.Merge(rest)
		out := make([]float32, len(rows))
		z.Apply(out, rows)
		for f := range dim {
			var mean, square float64
			for i := range n {
				mean += float64(rows[i*dim+f]) / float64(n)
			}
			for i := range n {
				square += math.Pow(float64(rows[i*dim+f])-mean, 2) / float64(n)
			}
			near(t, "mean", z.Mean[f], mean, 1e-9)
			near(t, "variance", z.M2[f]/z.Count, square, 1e-6)
			near(t, "merged mean", merged.Mean[f], mean, 1e-9)
			near(t, "merged variance", merged.M2[f]/merged.Count, square, 1e-6)
			for i := range n {
				near(t, "z-score", float64(out[i*dim+f]), (float64(rows[i*dim+f])-mean)/math.Sqrt(square), 1e-5)
			}
		}
		z.Clip = 0.5
		z.Apply(rows, rows)
		for i, v := range rows {
			if want := max(-0.5, min(0.5, out[i])); v != want {
				t.Fatalf("clipped to %g, want %g", v, want)
			}
		}
	})
}

func TestNormalizerBeforeItHasSeenMuch(t *testing.T) {
	z := NewNormalizer(2)
	x := []float32{3, 4}
	z.Apply(x, x)
	z.Update([]float32{3, 4})
	z.Apply(x, x)
	if x[0] != 3 || x[1] != 4 {
		t.Errorf("one row gives %v", x)
	}
	z.Update([]float32{3, 6}) // feature 0 does not vary
	z.Apply(x, x)
	if x[0] != 0 || x[1] != -1 {
		t.Errorf("two rows give %v, want 0 and -1", x)
	}
}
