package nn

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestAdam follows the algorithm in float64.
func TestAdam(t *testing.T) {
	const n, lr = 7, 1e-2
	r := NewRNG(1, 0)
	p := make([]float32, n)
	r.FillNormal(p)
	want, m, v := widen(p), make([]float64, n), make([]float64, n)
	o := NewAdam(n, lr)
	for step := 1; step <= 200; step++ {
		g := make([]float32, n)
		r.FillNormal(g)
		o.Update(nil, p, g, 0.5)
		for i := range want {
			x := 0.5 * float64(g[i])
			m[i] = 0.9*m[i] + 0.1*x
			v[i] = 0.999*v[i] + 0.001*x*x
			hat1, hat2 := m[i]/(1-math.Pow(0.9, float64(step))), v[i]/(1-math.Pow(0.999, float64(step)))
			want[i] -= lr * hat1 / (math.Sqrt(hat2) + 1e-8)
		}
	}
	for i := range want {
		near(t, "parameter", float64(p[i]), want[i], 1e-5)
		near(t, "first moment", float64(o.M[i]), m[i], 1e-6)
		near(t, "second moment", float64(o.V[i]), v[i], 1e-6)
	}
}

func TestClipFactor(t *testing.T) {
	for _, c := range []struct{ norm, limit, want float64 }{{3, 0, 1}, {3, 10, 1}, {4, 2, 2 / (4 + 1e-6)}, {0, 1, 1}} {
		near(t, "factor", float64(ClipFactor(c.norm, c.limit)), c.want, 1e-7)
	}
	near(t, "norm of two", Norm([]float32{3, 0}, []float32{4}), 5, 1e-12)
}

func TestPolyak(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 50).Draw(t, "n")
		target, source := make([]float32, n), make([]float32, n)
		r := NewRNG(rapid.Uint64().Draw(t, "seed"), 0)
		r.FillNormal(target)
		r.FillNormal(source)
		before := widen(target)
		Polyak(target, source, 0.005)
		for i, v := range target {
			near(t, "target", float64(v), 0.995*before[i]+0.005*float64(source[i]), 1e-6)
		}
	})
}
