package convex

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// TestBranchAndBoundFindsTheBest compares with trying every choice.
func TestBranchAndBoundFindsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	infeasible := 0
	for k := range 60 {
		n := 2 + r.IntN(6)
		value, weight, other := draw(r, n), draw(r, n), draw(r, n)
		limit := 0.5 * r.Float64() * float64(n)
		least := 0.8 * r.Float64() * limit
		take := Variable("take", Vec(n), Boolean)
		amount := Variable("amount", Scalar, Bounds(0, 2))
		load := Add(MatMul(weight, take), amount)
		cost := Add(MatMul(value, take).Negate(), Square(amount.Minus(1)), SumSquares(take.Minus(other)).Times(0.3))
		p := NewProblem(Minimize(cost), load.LE(limit), MatMul(other, take).GE(least))

		best := math.Inf(1)
		for choice := range 1 << n {
			w, o, c := 0.0, 0.0, 0.0
			for i := range n {
				x := float64(choice >> i & 1)
				w += weight[i] * x
				o += other[i] * x
				c += 0.3*(x-other[i])*(x-other[i]) - value[i]*x
			}
			if w > limit || o < least {
				continue
			}
			a := math.Min(1, limit-w)
			best = math.Min(best, c+(a-1)*(a-1))
		}
		s, err := p.Solve(context.Background(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if math.IsInf(best, 1) {
			infeasible++
			if s.Status != Infeasible {
				t.Errorf("%d: %v, want infeasible", k, s.Status)
			}
			continue
		}
		if s.Status != Solved || math.Abs(s.Objective-best) > 2e-6*(1+math.Abs(best)) {
			t.Errorf("%d: %v %.9g, best is %.9g", k, s.Status, s.Objective, best)
		}
		for _, v := range s.Value(take) {
			if v != 0 && v != 1 {
				t.Errorf("%d: %v is not whole", k, v)
			}
		}
		if s.Bound > s.Objective+1e-6 {
			t.Errorf("%d: bound %v beyond %v", k, s.Bound, s.Objective)
		}
		again, _ := p.Solve(context.Background(), Options{})
		if again.Objective != s.Objective || again.Nodes != s.Nodes {
			t.Errorf("%d: a second run differs", k)
		}
	}
	if infeasible == 0 {
		t.Error("no infeasible case was drawn")
	}
}

func draw(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = r.Float64()
	}
	return v
}

func TestIntegers(t *testing.T) {
	// The classic: the relaxation's optimum rounds to a point that is not the
	// integer one. maximize 5x + 4y, 6x + 4y <= 24, x + 2y <= 6: (4, 0).
	x, y := Variable("x", Scalar, Integer, Bounds(0, 10)), Variable("y", Scalar, Integer, Bounds(0, 10))
	s, err := NewProblem(Maximize(x.Times(5).Plus(y.Times(4))),
		x.Times(6).Plus(y.Times(4)).LE(24), x.Plus(y.Times(2)).LE(6)).Solve(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != Solved || math.Abs(s.Objective-20) > 1e-6 || s.Scalar(x) != 4 || s.Scalar(y) != 0 {
		t.Errorf("%v: %v at (%v, %v)", s.Status, s.Objective, s.Scalar(x), s.Scalar(y))
	}
	if math.Abs(s.Bound-20) > 1e-4 {
		t.Errorf("bound %v", s.Bound)
	}
}

// TestChargeOrDischarge is the case of negative prices: without the choice the
// battery would burn energy by doing both at once.
func TestChargeOrDischarge(t *testing.T) {
	charge, discharge := Variable("charge", Scalar, Bounds(0, 10)), Variable("discharge", Scalar, Bounds(0, 10))
	charges := Variable("charges", Scalar, Boolean)
	cost := charge.Minus(discharge).Times(-0.1)
	room := charge.Times(0.9).Minus(discharge.Over(0.9)).LE(2)
	s, err := NewProblem(Minimize(cost), room).Solve(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Scalar(discharge) < 1 {
		t.Fatalf("discharge %v: the relaxed model does not show the flaw", s.Scalar(discharge))
	}
	s, err = NewProblem(Minimize(cost), room, charge.LE(charges.Times(10)), discharge.LE(charges.Negate().Plus(1).Times(10))).
		Solve(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != Solved || math.Abs(s.Scalar(charge)-2/0.9) > 1e-6 || math.Abs(s.Scalar(discharge)) > 1e-6 {
		t.Errorf("%v: charge %v, discharge %v", s.Status, s.Scalar(charge), s.Scalar(discharge))
	}
}

func TestNodeLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	n := 30
	value := draw(r, n)
	x := Variable("x", Vec(n), Boolean)
	p := NewProblem(Maximize(MatMul(value, x)), MatMul(draw(r, n), x).LE(float64(n)/6), MatMul(draw(r, n), x).LE(float64(n)/6))
	s, err := p.Solve(context.Background(), Options{NodeLimit: 8})
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != NodeLimit || s.Nodes > 10 || s.Err() == nil {
		t.Errorf("%v after %d nodes, %v", s.Status, s.Nodes, s.Err())
	}
	if !(s.Bound >= s.Objective) && !math.IsNaN(s.Objective) {
		t.Errorf("bound %v, best %v", s.Bound, s.Objective)
	}
	full, err := p.Solve(context.Background(), Options{})
	if err != nil || full.Status != Solved {
		t.Fatal(full.Status, err)
	}
	if full.Objective > s.Bound+1e-6 {
		t.Errorf("the optimum %v beats the bound %v", full.Objective, s.Bound)
	}
}

func TestIntegerMistakes(t *testing.T) {
	x := Variable("x", Scalar, Integer)
	if _, err := NewProblem(Minimize(x)).Compile(); err == nil {
		t.Error("an integer without bounds was accepted")
	}
	y := Variable("y", Scalar, Integer, Bounds(0.2, 0.8))
	s, err := NewProblem(Minimize(y)).Solve(context.Background(), Options{})
	if err != nil || s.Status != Infeasible {
		t.Errorf("no whole number lies between 0.2 and 0.8: %v %v", s.Status, err)
	}
	z := Variable("z", Vec(2), Boolean)
	g, err := NewProblem(Minimize(0), Sum(z).EQ(0.5)).Compile()
	if err != nil {
		t.Fatal(err)
	}
	if s, err = g.Solve(context.Background(), Options{}); err != nil || s.Status != Infeasible {
		t.Fatal(s.Status, err)
	}
	why, err := g.Explain(context.Background(), s)
	if err != nil || !why.Whole {
		t.Errorf("%v %v", why, err)
	}
}
