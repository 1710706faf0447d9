package conic

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// insideSOC draws a point inside the second-order cone, some close to its
// boundary.
func insideSOC(t *rapid.T, dim int, name string) []float64 {
	v := rapid.SliceOfN(rapid.Float64Range(-3, 3), dim, dim).Draw(t, name)
	v[0] = norm(v[1:]) + math.Pow(10, rapid.Float64Range(-5, 1).Draw(t, name+" margin"))
	return v
}

func near(t *rapid.T, what string, got, want []float64, tol float64) {
	t.Helper()
	size := 1 + maxAbs(want)
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tol*size) {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
	}
}

func TestScalingOfCones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(2, 8).Draw(t, "dim")
		s, z := insideSOC(t, dim, "s"), insideSOC(t, dim, "z")
		vec := func() []float64 { return make([]float64, dim) }
		w := vec()
		eta, ok := scaleNT(s, z, w)
		if !ok {
			t.Fatal("no scaling inside the cone")
		}
		wz, ws, back := vec(), vec(), vec()
		mulW(eta, w, z, wz, false)
		mulW(eta, w, s, ws, true)
		near(t, "W⁻¹s against Wz", ws, wz, 1e-6)
		mulW(eta, w, wz, back, false)
		near(t, "W Wz against s", back, s, 1e-6)
		mulW2(eta, w, z, back, false)
		near(t, "W²z against s", back, s, 1e-6)
		mulW2(eta, w, back, back, true)
		near(t, "W⁻²s against z", back, z, 1e-5)

		// The expansion is W²/eta².
		x := expand(w)
		for i := range dim {
			for j := range dim {
				want := 2 * w[i] * w[j]
				got := (x.u1*x.u1 - x.v1*x.v1) * w[i] * w[j]
				switch {
				case i == 0 && j == 0:
					want--
					got = x.d + x.u0*x.u0
				case i == 0 || j == 0:
					got = x.u0 * x.u1 * w[max(i, j)]
				case i == j:
					want++
					got++
				}
				if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
					t.Fatalf("expansion (%d,%d): %g, want %g", i, j, got, want)
				}
			}
		}

		product, quotient := vec(), vec()
		jordan(wz, s, product)
		jordanDivide(wz, product, quotient)
		near(t, "l∘v\\l against v", quotient, s, 1e-5)
	})
}

func TestStepInCone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(2, 6).Draw(t, "dim")
		s := insideSOC(t, dim, "s")
		d := rapid.SliceOfN(rapid.Float64Range(-3, 3), dim, dim).Draw(t, "d")
		step := socStep(s, d, 10)
		at := func(a float64) float64 {
			v := make([]float64, dim)
			copy(v, s)
			axpy(a, d, v)
			return socMargin(v)
		}
		if m := at(step * (1 - 1e-6)); m < -1e-9 {
			t.Fatalf("a step of %g leaves the cone by %g", step, m)
		}
		if step < 10 && at(step*1.001+1e-9) > 1e-6 {
			t.Fatalf("a step of %g is not the longest", step)
		}
	})
}

func TestOutsideTheCone(t *testing.T) {
	w := make([]float64, 2)
	if _, ok := scaleNT([]float64{1, 2}, []float64{1, 0}, w); ok {
		t.Error("scaling of a point outside the cone")
	}
}
