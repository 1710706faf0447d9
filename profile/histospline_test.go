package profile

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func TestQuartersKeepMeans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		means := rapid.SliceOfN(rapid.Float64Range(-10, 10), 1, 60).Draw(t, "means")
		for h, got := range hourly(quarters(means)) {
			if math.Abs(got-means[h]) > 1e-12 {
				t.Fatalf("hour %d: mean %g, want %g", h, got, means[h])
			}
		}
	})
}

// TestQuartersAreOptimal solves the dense optimality system of the least-squares
// problem and compares.
func TestQuartersAreOptimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		means := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 8).Draw(t, "means")
		n, m := 4*len(means), len(means)
		kkt, rhs := mat.NewDense(n+m, n+m, nil), mat.NewVecDense(n+m, nil)
		for i := range n - 1 {
			kkt.Set(i, i, kkt.At(i, i)+2)
			kkt.Set(i+1, i+1, kkt.At(i+1, i+1)+2)
			kkt.Set(i, i+1, -2)
			kkt.Set(i+1, i, -2)
		}
		for h, mean := range means {
			for quarter := range 4 {
				kkt.Set(n+h, 4*h+quarter, 0.25)
				kkt.Set(4*h+quarter, n+h, 0.25)
			}
			rhs.SetVec(n+h, mean)
		}
		var want mat.VecDense
		if err := want.SolveVec(kkt, rhs); err != nil {
			t.Fatal(err)
		}
		for i, got := range quarters(means) {
			if math.Abs(got-want.AtVec(i)) > 1e-9 {
				t.Fatalf("quarter %d: %g, want %g", i, got, want.AtVec(i))
			}
		}
	})
}

// TestQuartersOfALine: a straight line is reproduced away from its ends.
func TestQuartersOfALine(t *testing.T) {
	means := make([]float64, 40)
	for h := range means {
		means[h] = float64(h)
	}
	x := quarters(means)
	for i := 60; i < 100; i++ {
		if want := (float64(i) - 1.5) / 4; math.Abs(x[i]-want) > 1e-6 {
			t.Fatalf("quarter %d: %g, want %g", i, x[i], want)
		}
	}
}
