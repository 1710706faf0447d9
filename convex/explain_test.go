package convex

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func explain(t *testing.T, p *Problem) (*Solution, *Explanation) {
	t.Helper()
	g, err := p.Compile()
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Solve(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := g.Explain(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	if e == nil {
		t.Fatalf("nothing to explain: %v", s.Status)
	}
	return s, e
}

// TestBatteryWish is the wish of the issue: full in an hour, charger too small.
func TestBatteryWish(t *testing.T) {
	const steps = 8
	charge := Variable("charge", Vec(steps), Bounds(0, 5))
	soc := Variable("SOC", Vec(steps+1), Bounds(0, 1))
	storage := soc.Slice(1, steps+1).EQ(soc.Slice(0, steps).Plus(charge.Times(0.95 * 0.25 / 20))).Named("storage")
	full := soc.At(4).GE(1).Named("full")
	_, e := explain(t, NewProblem(Minimize(Sum(charge)), soc.At(0).EQ(0.2).Named("initial"), storage, full))
	if !e.Minimal {
		t.Error("the conflict is not minimal")
	}
	var names []string
	for _, r := range e.Conflict {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	want := []string{"full", "initial", "storage[0]", "storage[1]", "storage[2]", "storage[3]",
		"the upper bound of charge[0]", "the upper bound of charge[1]", "the upper bound of charge[2]", "the upper bound of charge[3]"}
	if !slices.Equal(names, want) {
		t.Errorf("conflict %v", names)
	}
	shortage := 1 - (0.2 + 4*5*0.95*0.25/20)
	if len(e.Least) != 1 || e.Least[0].Constraint != full || math.Abs(e.Least[0].Amount-shortage) > 1e-6 {
		t.Errorf("least relaxation %v", e.Least)
	}
	if len(e.Alone) != 10 {
		t.Errorf("%d rows could give way alone: %v", len(e.Alone), e.Alone)
	}
	for _, r := range e.Alone {
		if r.Variable == charge { // one step alone would need 5 + 0.5625 / (0.95*0.25/20) kW
			if want := shortage / (0.95 * 0.25 / 20); math.Abs(r.Amount-want) > 1e-4 {
				t.Errorf("%v alone by %v, want %v", r.Name, r.Amount, want)
			}
		}
	}
	text := e.String()
	if strings.Contains(text, "\n") || !strings.Contains(text, "full (SOC[4] >= 1) cannot hold together; the least relaxation is full by 0.5625") {
		t.Errorf("sentence: %s", text)
	}
}

// TestConflictsAreMinimal drops each row of a conflict in turn: the others must
// hold together. The rows' own formulas are evaluated, not the canonical form.
func TestConflictsAreMinimal(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	checked := 0
	for k := range 15 {
		n := 3 + r.IntN(4)
		x := Variable("x", Vec(n))
		var cons []*Constraint
		for range 3 * n { // random half-spaces, likely to contradict each other
			a := make([]float64, n)
			for i := range a {
				a[i] = math.Round(4*r.NormFloat64()) / 2
			}
			cons = append(cons, MatMul(a, x).GE(1+r.Float64()))
		}
		for range 2 {
			cons = append(cons, Norm2(x.Minus(draw(r, n))).LE(0.4))
		}
		g, err := NewProblem(Minimize(0), cons...).Compile()
		if err != nil {
			t.Fatal(err)
		}
		s, err := g.Solve(context.Background(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Status != Infeasible {
			continue
		}
		e, err := g.Explain(context.Background(), s)
		if err != nil || !e.Minimal || len(e.Conflict) == 0 {
			t.Fatalf("%d: %v %v", k, e, err)
		}
		var rows []*Constraint
		for _, row := range e.Conflict {
			rows = append(rows, row.Constraint)
		}
		if s, _ := NewProblem(Minimize(0), rows...).Solve(context.Background(), Options{}); s.Status != Infeasible {
			t.Errorf("%d: the conflict is %v", k, s.Status)
		}
		for i := range rows {
			rest := slices.Delete(slices.Clone(rows), i, i+1)
			if s, _ := NewProblem(Minimize(0), rest...).Solve(context.Background(), Options{}); s.Status != Solved {
				t.Errorf("%d: without row %d of %d the conflict is %v", k, i, len(rows), s.Status)
			}
		}
		// The relaxation makes the whole feasible.
		slack := map[*Constraint]float64{}
		for _, l := range e.Least {
			slack[l.Constraint] += l.Amount + 1e-6
		}
		var relaxed []*Constraint
		for _, c := range cons {
			relaxed = append(relaxed, c.lhs.LE(c.rhs.Plus(slack[c])))
		}
		if s, _ := NewProblem(Minimize(0), relaxed...).Solve(context.Background(), Options{}); s.Status != Solved {
			t.Errorf("%d: relaxed by %v it is %v", k, e.Least, s.Status)
		}
		checked++
	}
	if checked < 10 {
		t.Errorf("only %d conflicts checked", checked)
	}
}

// TestSquaresGiveWayInTheirOwnUnits relaxes a disc, whose row is kept as a norm.
func TestSquaresGiveWayInTheirOwnUnits(t *testing.T) {
	x := Variable("x", Vec(2))
	disc := SumSquares(x).LE(4).Named("disc")
	_, e := explain(t, NewProblem(Minimize(0), disc, x.At(0).EQ(3).Named("wish")))
	if len(e.Least) != 1 || e.Least[0].Constraint != disc || math.Abs(e.Least[0].Amount-5) > 1e-5 {
		t.Errorf("least relaxation %+v, want disc by 5", e.Least)
	}
	y := Variable("y", Scalar)
	above := SumSquares(x).LE(y.Times(100)).Named("above")
	_, e = explain(t, NewProblem(Minimize(0), above, x.At(0).EQ(30), y.EQ(1)))
	i := slices.IndexFunc(e.Alone, func(r Relaxation) bool { return r.Constraint == above })
	if i < 0 || math.Abs(e.Alone[i].Amount-800) > 1e-3 {
		t.Errorf("alone %+v, want above by 800", e.Alone)
	}
}

func TestRay(t *testing.T) {
	sell, buy := Variable("sell", Vec(2), Nonneg), Variable("buy", Vec(2), Nonneg)
	price := []float64{0.5, 0.2}
	s, e := explain(t, NewProblem(Maximize(MatMul(price, sell).Minus(MatMul(price, buy).Times(0.9))), sell.EQ(buy)))
	if s.Status != Unbounded || !math.IsInf(s.Objective, 1) || s.Value(sell) != nil {
		t.Errorf("%v %v %v", s.Status, s.Objective, s.Value(sell))
	}
	moves := map[string]float64{}
	gain := 0.0
	for _, c := range e.Ray {
		moves[c.Name] = c.Value
		sign := 1.0
		if c.Variable == buy {
			sign = -0.9
		}
		gain += sign * price[c.Entry] * c.Value
	}
	if math.Abs(moves["sell[0]"]-moves["buy[0]"]) > 1e-6 || moves["sell[0]"] < 0 || gain <= 0 || math.Abs(gain-e.Gain) > 1e-6 {
		t.Errorf("ray %v gains %v, said %v", e.Ray, gain, e.Gain)
	}
	if !strings.HasPrefix(e.String(), "the objective improves without limit, by ") {
		t.Error(e)
	}
}

func TestNothingToExplain(t *testing.T) {
	x := Variable("x", Scalar, Nonneg)
	g, err := NewProblem(Minimize(x)).Compile()
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Solve(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e, err := g.Explain(context.Background(), s); e != nil || err != nil {
		t.Errorf("%v %v", e, err)
	}
}
