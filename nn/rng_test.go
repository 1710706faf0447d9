package nn

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var _ rand.Source = (*RNG)(nil)

// TestRNGMoments holds mean, variance and tails of a million numbers within
// five standard errors.
func TestRNGMoments(t *testing.T) {
	const n = 1 << 20
	for stream := range uint64(3) {
		r := NewRNG(42, stream)
		var mean, square, fourth, beyond2 float64
		var uniform, uniform2 float64
		for range n {
			x, u := float64(r.Norm()), r.Float64()
			mean += x / n
			square += x * x / n
			fourth += x * x * x * x / n
			if math.Abs(x) > 2 {
				beyond2++
			}
			uniform += u / n
			uniform2 += u * u / n
		}
		for _, m := range []struct {
			name          string
			got, want, sd float64
		}{
			{"mean", mean, 0, 1}, {"variance", square, 1, math.Sqrt2}, {"fourth moment", fourth, 3, math.Sqrt(96)},
			{"share beyond 2", beyond2 / n, math.Erfc(math.Sqrt2), 0.21},
			{"uniform mean", uniform, 0.5, math.Sqrt(1.0 / 12)}, {"uniform square", uniform2, 1.0 / 3, 0.3},
		} {
			if math.Abs(m.got-m.want) > 5*m.sd/math.Sqrt(n) {
				t.Errorf("stream %d: %s is %g, want %g", stream, m.name, m.got, m.want)
			}
		}
	}
}

func TestRNGIntn(t *testing.T) {
	r := NewRNG(3, 0)
	counts := make([]int, 7)
	for range 70000 {
		counts[r.Intn(7)]++
	}
	for v, n := range counts {
		if n < 9500 || n > 10500 {
			t.Errorf("%d came %d times of 70000", v, n)
		}
	}
}

// TestRNGResumes: a saved generator goes on where it was, whatever was drawn.
func TestRNGResumes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := NewRNG(rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "stream"))
		for range rapid.IntRange(0, 9).Draw(t, "drawn") {
			r.Uint32()
		}
		state, err := r.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var other RNG
		if err := other.UnmarshalBinary(state); err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			if a, b := r.Uint32(), other.Uint32(); a != b {
				t.Fatalf("number %d is %08x, restored %08x", i, a, b)
			}
		}
		a, _ := r.MarshalBinary()
		if b, _ := other.MarshalBinary(); !bytes.Equal(a, b) {
			t.Fatal("states differ")
		}
	})
}

func TestRNGStreamsDiffer(t *testing.T) {
	seen := map[uint64]bool{}
	for seed := range uint64(20) {
		for stream := range uint64(20) {
			seen[NewRNG(seed, stream).Uint64()] = true
		}
	}
	if len(seen) != 400 {
		t.Errorf("400 streams begin with %d different numbers", len(seen))
	}
}

func TestRNGFills(t *testing.T) {
	a, b := NewRNG(5, 1), NewRNG(5, 1)
	for _, n := range []int{0, 1, 3, 33, 4, 6, 2, 300, 1} {
		x := make([]float32, n)
		a.FillNormal(x)
		for i, v := range x {
			if w := b.Norm(); v != w {
				t.Fatalf("FillNormal[%d] of %d is %g, Norm %g", i, n, v, w)
			}
		}
	}
	x := make([]float32, 33)
	a.FillUniform(x)
	if lo, hi := slices.Min(x), slices.Max(x); lo < 0 || hi >= 1 || hi-lo < 0.5 {
		t.Errorf("uniform numbers from %g to %g", lo, hi)
	}
}

func BenchmarkFillNormal(b *testing.B) {
	r, x := NewRNG(1, 0), make([]float32, 12800)
	start := cpuTime()
	for b.Loop() {
		r.FillNormal(x)
	}
	b.ReportMetric(float64((cpuTime()-start).Nanoseconds())/float64(b.N*len(x)), "cpu-ns/variate")
}
