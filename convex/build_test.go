package convex

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestMistakesTravel shows that a mistake in building reaches Compile, whatever
// is built on it, and what it says.
func TestMistakesTravel(t *testing.T) {
	x, y := Variable("x", Vec(3)), Variable("y", Vec(4))
	m := Variable("m", Mat(2, 3))
	for _, c := range []struct {
		bad  *Expr
		want string
	}{
		{x.Plus(y), "(3,) and (4,)"},
		{x.Times(y), "cannot be broadcast"},
		{MatMul(m, y), "3 columns on the left meet 4 rows on the right"},
		{MatMul(2, x), "use elementwise multiplication"},
		{x.At(3), "index 3 is out of bounds for axis 0 with size 3"},
		{x.At(0, 0), "2 indices for 1 dimensions"},
		{x.Index(Span(0, 3, 0)), "step"},
		{Reshape(m, Vec(5), RowMajor), "the numbers of entries differ"},
		{Hstack(m, Variable("n", Mat(3, 3))), "must match"},
		{Vstack(x, y), "must match"},
		{SumAxis(m, 2, false), "no axis 2"},
		{Max(Variable("none", Vec(0))), "no entries"},
		{SumLargest(x, 4), "number of entries"},
		{Huber(x, 0), "positive"},
		{QuadForm(x, [][]float64{{1, 0}, {0, 1}}), "square"},
		{QuadForm(x, [][]float64{{1, 2, 0}, {0, 1, 0}, {0, 0, 1}}), "symmetric"},
		{QuadOverLin(x, y), "scalar"},
		{Const("three"), "not string"},
		{Const(math.NaN()), "not a number"},
		{Const([][]float64{{1}, {1, 2}}), "row 1 has 2 numbers"},
		{Const(Dense(2, 2, []float64{1})), "needs 4 numbers"},
		{Const(Sparse(2, 2, []int{2}, []int{0}, []float64{1})), "outside"},
		{Variable("huge", Mat(1<<20, 1<<20)), "2^30"},
		{Power(x, math.Pi), "fractions"},
		{NormAxis(x, 3, AllAxes, false), "norms are 1, 2 and inf"},
		{Unsupported("exp", "there is no exponential cone", x), "exp is not supported"},
		{Variable("S", Mat(2, 2), PSD), "semidefinite"},
		{Variable("b", Vec(2), Bounds([]float64{1, 2, 3}, 4)), "broadcast"},
		{Diff(x, 3, 0), "k = 3"},
		{Gather(x, Vec(1), []int{5}, "5"), "out of bounds"},
		{CumSum(x, 1), "no axis 1"},
		{BroadcastTo(x, Mat(3, 2)), "broadcast"},
	} {
		if c.bad.Err() == nil || !strings.Contains(c.bad.Err().Error(), c.want) {
			t.Errorf("got %v, want something with %q", c.bad.Err(), c.want)
			continue
		}
		built := Sum(Abs(c.bad.Negate())).Plus(1)
		_, err := NewProblem(Minimize(built)).Compile()
		_, err2 := NewProblem(Minimize(0), Sum(x).LE(built)).Compile()
		if !errors.Is(err, c.bad.Err()) || !errors.Is(err2, c.bad.Err()) {
			t.Errorf("%v arrives as %v and %v", c.bad.Err(), err, err2)
		}
	}
	if _, err := NewProblem(Minimize(x)).Compile(); err == nil || !strings.Contains(err.Error(), "must be a scalar") {
		t.Errorf("a vector objective: %v", err)
	}
	if _, err := NewProblem(Minimize(0), SOC(x, y)).Compile(); err == nil {
		t.Error("a cone with three radii was accepted")
	}
	if _, err := NewProblem(Objective{}).Compile(); err == nil {
		t.Error("no objective was accepted")
	}
}

// TestNothingPanics builds random nonsense.
func TestNothingPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shapes := []Shape{Scalar, Vec(0), Vec(1), Vec(3), Vec(4), Mat(2, 3), Mat(1, 3), Mat(3, 1), Mat(0, 2)}
		pool := []*Expr{Parameter("p", Vec(3), Nonneg)}
		for _, s := range shapes {
			pool = append(pool, Variable("v", s, Bounds(-1, 1)))
		}
		arg := func() *Expr { return rapid.SampledFrom(pool).Draw(t, "arg") }
		k := func(lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, "k") }
		ops := []func() *Expr{
			func() *Expr { return arg().Plus(arg()) }, func() *Expr { return arg().Minus(arg()) },
			func() *Expr { return arg().Times(arg()) }, func() *Expr { return arg().Over(arg()) },
			func() *Expr { return arg().MatMul(arg()) }, func() *Expr { return arg().T() },
			func() *Expr { return arg().Index(At(k(-2, 3))) }, func() *Expr { return arg().Index(Span(k(-3, 3), k(-3, 4), k(-2, 2)), All()) },
			func() *Expr { return arg().Index(Pick(k(-2, 3), k(0, 2))) },
			func() *Expr { return Sum(arg()) }, func() *Expr { return SumAxis(arg(), k(-1, 2), true) },
			func() *Expr { return Abs(arg()) }, func() *Expr { return Maximum(arg(), arg(), 0) }, func() *Expr { return Min(arg()) },
			func() *Expr { return MaxAxis(arg(), k(-1, 2), false) }, func() *Expr { return Power(arg(), float64(k(-3, 6))/2) },
			func() *Expr { return NormAxis(arg(), float64(k(0, 3)), k(-1, 2), true) }, func() *Expr { return SumSquares(arg()) },
			func() *Expr { return QuadOverLin(arg(), arg()) }, func() *Expr { return QuadForm(arg(), [][]float64{{2, 1, 0}, {1, 2, 0}, {0, 0, 0}}) },
			func() *Expr { return QuadForm(arg(), arg()) }, func() *Expr { return Hstack(arg(), arg()) }, func() *Expr { return Vstack(arg(), arg()) },
			func() *Expr { return Concatenate(k(-1, 2), arg(), arg()) }, func() *Expr { return CumSum(arg(), k(-1, 2)) },
			func() *Expr { return Diff(arg(), k(0, 2), k(-1, 1)) }, func() *Expr { return Reshape(arg(), rapid.SampledFrom(shapes).Draw(t, "s"), Order("CF"[k(0, 1)])) },
			func() *Expr { return Diag(arg()) }, func() *Expr { return Trace(arg()) }, func() *Expr { return Kron(arg(), arg()) },
			func() *Expr { return Huber(arg(), 1) }, func() *Expr { return SumLargest(arg(), k(0, 3)) }, func() *Expr { return Mean(arg()) },
			func() *Expr { return BroadcastTo(arg(), rapid.SampledFrom(shapes).Draw(t, "s")) },
		}
		for range k(1, 12) {
			e := rapid.SampledFrom(ops).Draw(t, "op")()
			_ = e.String()
			if e.Err() == nil && e.Size() <= 64 {
				pool = append(pool, e)
			}
		}
		e := pool[len(pool)-1]
		goal, c := Minimize(Sum(e)), arg().LE(arg())
		if e.IsConcave() {
			goal = Maximize(Sum(e))
		}
		g, err := NewProblem(goal, c, arg().LE(1)).Compile()
		if err != nil {
			return
		}
		for _, x := range g.problem.Parameters() {
			if err := g.Set(x, []float64{1, 0, 2}); err != nil {
				t.Fatal(err)
			}
		}
		s, err := g.Solve(context.Background(), Options{})
		if err != nil {
			var bad *ParameterError
			if !errors.As(err, &bad) {
				t.Fatal(err)
			}
			return
		}
		if s.Status == Infeasible || s.Status == Unbounded {
			if _, err := g.Explain(context.Background(), s); err != nil {
				t.Fatal(err)
			}
		}
		s.Dual(c)
	})
}

// TestZeroSizes is the last step of a day: slices without entries are legal.
func TestZeroSizes(t *testing.T) {
	soc, charge := Variable("soc", Vec(1), Bounds(0, 1)), Variable("charge", Vec(1), Nonneg)
	c := soc.Slice(1, 1).EQ(soc.Slice(0, 0).Plus(charge.Slice(1, 1)))
	s, err := NewProblem(Minimize(Sum(charge).Plus(Sum(Abs(charge.Slice(1, 1))))), c, soc.At(0).EQ(charge.At(0).Plus(0.5)), Norm2(charge.Slice(1, 1)).LE(1)).
		Solve(context.Background(), Options{})
	if err != nil || s.Status != Solved {
		t.Fatal(err, s.Status)
	}
	if v := s.Scalar(soc.At(0)); math.Abs(v-0.5) > 1e-6 {
		t.Errorf("soc %v", v)
	}
	if d := s.Dual(c); d == nil || len(d) != 0 {
		t.Errorf("multipliers of nothing: %v", d)
	}
}

func TestCancelAndLimits(t *testing.T) {
	x := Variable("x", Vec(40), Bounds(-1, 1))
	p := NewProblem(Minimize(Norm2(x.Minus(0.3)).Plus(Sum(x))), SumSquares(x).LE(2))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s, err := p.Solve(ctx, Options{})
	if !errors.Is(err, context.Canceled) || s == nil || s.Status != Cancelled {
		t.Errorf("cancelled: %v %v", s, err)
	}
	var o Options
	o.MaxIterations = 2
	if s, err = p.Solve(context.Background(), o); err != nil || s.Status == Solved || s.Err() == nil || !errors.Is(s.Err(), ErrNotSolved) {
		t.Errorf("after two iterations: %v %v", s.Status, err)
	}
	o = Options{}
	o.TimeLimit = time.Nanosecond
	if s, err = p.Solve(context.Background(), o); err != nil || s.Status != TimeLimit {
		t.Errorf("after a nanosecond: %v %v", s.Status, err)
	}
}

// TestNotFinite refuses infinite numbers by the name of the row they are in.
func TestNotFinite(t *testing.T) {
	x := Variable("x", Vec(2))
	_, err := NewProblem(Minimize(Sum(Abs(x))), x.GE([]float64{0, math.Inf(-1)}).Named("floor")).Compile()
	var bad *ParameterError
	if !errors.As(err, &bad) || bad.Name != "floor[1]" {
		t.Errorf("got %v", err)
	}
	p := Parameter("p", Scalar)
	g, err := NewProblem(Minimize(Sum(Abs(x))), Sum(x).Over(p).GE(1).Named("ratio")).Compile()
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Set(p, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Solve(context.Background(), Options{}); !errors.As(err, &bad) || bad.Name != "ratio" {
		t.Errorf("got %v", err)
	}
}

// TestKilowattDisc is how experts write an inverter's limit; in kW the squares
// are 1e5 beside balances of 1e2. The optimum is known: the disc's edge at 45
// degrees, P + Q = S sqrt 2.
func TestKilowattDisc(t *testing.T) {
	for _, s := range []float64{1e-3, 1, 400, 1e5} {
		p, q := Variable("P", Vec(3)), Variable("Q", Vec(3))
		disc := Square(p).Plus(Square(q)).LE(s * s)
		sol, err := NewProblem(Maximize(Sum(p).Plus(Sum(q))), disc).Solve(context.Background(), Options{})
		if err != nil || sol.Status != Solved {
			t.Fatalf("S = %g: %v %v", s, sol.Status, err)
		}
		if want := 3 * s * math.Sqrt2; math.Abs(sol.Objective-want) > 1e-7*want {
			t.Errorf("S = %g: %v, want %v", s, sol.Objective, want)
		}
		// d(objective) / d(S^2) = sqrt 2 / (2 S) in each entry.
		for _, d := range sol.Dual(disc) {
			if want := math.Sqrt2 / (2 * s); math.Abs(d-want) > 1e-5*want {
				t.Errorf("S = %g: multiplier %v, want %v", s, d, want)
			}
		}
		// The same with a radius that a variable scales.
		u := Variable("u", Scalar, Bounds(0, 1))
		scaled := Square(p).Plus(Square(q)).LE(u.Times(s * s))
		sol, err = NewProblem(Maximize(Sum(p).Plus(Sum(q))), scaled).Solve(context.Background(), Options{})
		if err != nil || sol.Status != Solved {
			t.Fatalf("S = %g, u: %v %v", s, sol.Status, err)
		}
		if want := 3 * s * math.Sqrt2; math.Abs(sol.Objective-want) > 1e-6*want {
			t.Errorf("S = %g, u: %v, want %v", s, sol.Objective, want)
		}
	}
}
