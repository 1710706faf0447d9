package kernel

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

var functions = []struct {
	name  string
	f     func(dst, src []float32)
	want  func(float64) float64
	error float64 // relative, as documented
}{
	{"Exp", Exp, math.Exp, 1.5e-7},
	{"Tanh", Tanh, math.Tanh, 2e-7},
	{"Sigmoid", Sigmoid, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 3e-7},
	{"Softplus", Softplus, func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }, 3e-7},
}

// TestFunctionsAreAccurate walks through all float32 numbers by steps of 9,973.
func TestFunctionsAreAccurate(t *testing.T) {
	const step = 9973
	var xs []float32
	for bits := uint64(0); bits < 1<<32; bits += step {
		if x := math.Float32frombits(uint32(bits)); x == x {
			xs = append(xs, x)
		}
	}
	ys := make([]float32, len(xs))
	for _, f := range functions {
		f.f(ys, xs)
		worst, at := 0.0, float32(0)
		for i, x := range xs {
			want := f.want(float64(x))
			const least = 0x1p-126 // below it float32 has fewer digits
			d := math.Abs(float64(ys[i]) - want)
			if float32(want) == ys[i] || math.Abs(want) < least && d < least {
				continue
			}
			if e := d / math.Abs(want); e > worst {
				worst, at = e, x
			}
		}
		t.Logf("%s: relative error %.2e at %g", f.name, worst, at)
		if worst > f.error {
			t.Errorf("%s(%g) has a relative error of %.2e, documented are %.2e", f.name, at, worst, f.error)
		}
	}
}

func TestFunctionsAtTheEnds(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, l := range Levels() {
		restore := Current()
		if err := Use(l); err != nil {
			t.Fatal(err)
		}
		for _, f := range functions {
			x := make([]float32, 16)
			y := make([]float32, 16)
			x[0], x[1], x[2] = inf, -inf, float32(math.NaN())
			f.f(y, x)
			for i := range 2 {
				if want := float32(f.want(float64(x[i]))); y[i] != want {
					t.Errorf("%v: %s(%g) is %g, want %g", l, f.name, x[i], y[i], want)
				}
			}
			if y[2] == y[2] {
				t.Errorf("%v: %s(NaN) is %g", l, f.name, y[2])
			}
		}
		if err := Use(restore); err != nil {
			t.Fatal(err)
		}
	}
}

func TestElementwiseAgreesEverywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 100).Draw(t, "n")
		x, y := drawn(t, "x", n), drawn(t, "y", n)
		wide := make([]float32, n)
		for i := range wide {
			wide[i] = math.Float32frombits(rapid.Uint32().Draw(t, "bits"))
		}
		for _, f := range functions {
			out := make([]float32, n)
			everywhere(t, out, func() { f.f(out, x) })
			everywhere(t, out, func() { f.f(out, wide) })
			everywhere(t, y, func() { f.f(y, y) })
		}
		slope := rapid.SampledFrom([]float32{0, 0.01}).Draw(t, "slope")
		everywhere(t, x, func() { TanhGrad(x, y) })
		everywhere(t, x, func() { Rectify(x, slope) })
		everywhere(t, x, func() { Combine(x, x, y, 0.995, 0.005) })
	})
}

func TestAdamAgreesEverywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 70).Draw(t, "n")
		all := drawn(t, "state", 4*n)
		p, g, m, v := all[:n], all[n:2*n], all[2*n:3*n], all[3*n:]
		for i := range v {
			v[i] *= v[i]
		}
		s := AdamStep{Keep1: 0.9, Take1: 0.1, Keep2: 0.999, Take2: 0.001, Rate: 1e-3, RootScale: 1.7, Eps: 1e-8, Scale: 0.7}
		p0 := append([]float32(nil), all...)
		everywhere(t, all, func() { Adam(p, g, m, v, &s) })
		for i := range n {
			grad := float64(p0[n+i]) * 0.7
			var first, step sum
			first.add(0.9 * float64(p0[2*n+i]))
			first.add(0.1 * grad)
			rate := 1e-3 / (math.Sqrt(0.999*float64(p0[3*n+i])+0.001*grad*grad)*1.7 + 1e-8)
			step.add(float64(p0[i]))
			step.add(-rate * first.value)
			if want := step.value; math.Abs(float64(p[i])-want) > 1e-6*(step.size+rate*first.size)+1e-38 {
				t.Fatalf("parameter %d is %g, want %g", i, p[i], want)
			}
		}
	})
}

func TestSumsAgreeEverywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blocks, batch := rapid.IntRange(1, 3).Draw(t, "blocks"), rapid.SampledFrom([]int{1, 31, 32, 33, 64, 96}).Draw(t, "batch")
		dim := rapid.IntRange(1, 5).Draw(t, "dim")
		stride := dim + rapid.IntRange(0, 2).Draw(t, "gap")
		panels := blocks * ((batch + 31) / 32)
		x, y := drawn(t, "x", panels*stride*Lanes), drawn(t, "y", panels*stride*Lanes)
		sums, dots := make([]float32, dim), make([]float32, dim)
		everywhere(t, sums, func() { RowSums(sums, x, blocks, batch, stride) })
		everywhere(t, dots, func() { RowDots(dots, x, y, blocks, batch, stride) })
		for f := range dim {
			var s, d sum
			for b := range blocks * batch {
				p := b/batch*((batch+31)/32) + b%batch/32
				i := (p*stride+f)*Lanes + b%batch%32
				s.add(float64(x[i]))
				d.add(float64(x[i]) * float64(y[i]))
			}
			if math.Abs(float64(sums[f])-s.value) > 1e-6*s.size || math.Abs(float64(dots[f])-d.value) > 1e-6*d.size+1e-38 {
				t.Fatalf("feature %d sums to %g and %g, want %g and %g", f, sums[f], dots[f], s.value, d.value)
			}
		}
		var want float64
		norm := make([]float32, 2)
		everywhere(t, norm, func() {
			v := SumSquares(x)
			want = v
			bits := math.Float64bits(v)
			norm[0], norm[1] = math.Float32frombits(uint32(bits)), math.Float32frombits(uint32(bits>>32))
		})
		var exact float64
		for _, v := range x {
			exact += float64(v) * float64(v)
		}
		if math.Abs(want-exact) > 1e-12*exact {
			t.Fatalf("sum of squares is %g, want %g", want, exact)
		}
	})
}

func TestUse(t *testing.T) {
	defer Use(Current())
	for _, l := range Levels() {
		if err := Use(l); err != nil || Current() != l {
			t.Errorf("Use(%v): %v, now at %v", l, err, Current())
		}
	}
	if err := Use(Best() + 1); err == nil {
		t.Error("a level that the processor does not have was taken")
	}
}
