package conic

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"
)

func mustSolve(t *testing.T, p *Problem, s Settings) *Result {
	t.Helper()
	r, err := Solve(context.Background(), p, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// TestUpdate re-solves with new data and compares, bit by bit, with a solver
// made from that data. Ordering and symbolic work happen once.
func TestUpdate(t *testing.T) {
	p := day(3, 24, true, 1000, 1e4)
	s, err := New(p, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	before := s.Stats()
	if before.Setups != 1 || before.Orderings < 1 || before.Symbolic != 1 || before.Factorisations != 0 {
		t.Fatalf("after New: %+v", before)
	}
	for round := range 4 {
		d := Data{P: slices.Clone(p.P.Val), Q: slices.Clone(p.Q), A: slices.Clone(p.A.Val), B: slices.Clone(p.B)}
		scaleBy(d.Q, 1+0.1*float64(round))
		if round == 2 {
			scaleBy(d.P, 1.5)
		}
		if round == 3 { // one step without sun: its bounds coincide
			closeBounds(p, d.B)
		}
		if err := s.Update(d); err != nil {
			t.Fatal(err)
		}
		got, err := s.Solve(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		fresh := *p
		fresh.P, fresh.A = p.P.Clone(), p.A.Clone()
		fresh.P.Val, fresh.Q, fresh.A.Val, fresh.B = d.P, d.Q, d.A, d.B
		want := mustSolve(t, &fresh, Settings{})
		if got.Status != Solved || want.Status != Solved {
			t.Fatalf("round %d: %s and %s", round, got.Status, want.Status)
		}
		if !same(got.X, want.X) || !same(got.Z, want.Z) || !same(got.S, want.S) || got.Objective != want.Objective {
			t.Errorf("round %d: an updated solver and a fresh one differ: %.17g and %.17g", round, got.Objective, want.Objective)
		}
		if err := Check(&fresh, got).OK(1e-6); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
	after := s.Stats()
	if after.Setups != before.Setups || after.Orderings != before.Orderings || after.Symbolic != before.Symbolic {
		t.Errorf("updates did structural work: %+v, before %+v", after, before)
	}
	if after.Factorisations == 0 {
		t.Error("no factorisation counted")
	}
}

// closeBounds gives the first variable with two bounds the same bound twice.
func closeBounds(p *Problem, b []float64) {
	rows := rowsOf(p.A)
	lower := map[int32]int{}
	eachCone(p, func(c Cone, first int) {
		for r := first; r < first+c.Dim && c.Kind == NonNeg; r++ {
			if rows.ptr[r+1]-rows.ptr[r] != 1 {
				continue
			}
			at := rows.ptr[r]
			if p.A.Val[rows.at[at]] < 0 {
				lower[rows.col[at]] = r
			} else if l, ok := lower[rows.col[at]]; ok {
				b[r] = -b[l]
				return
			}
		}
	})
}

// TestUpdateThatBreaksTheStructure changes values that presolve built on.
func TestUpdateThatBreaksTheStructure(t *testing.T) {
	// min x + y with x + y >= 1 and 2x + 2y >= 1 (a multiple), x, y >= 0.
	a := sparse([][]float64{{-1, -1}, {-2, -2}, {-1, 0}, {0, -1}}, 4, 2)
	p := &Problem{Q: []float64{1, 2}, A: a, B: []float64{-1, -1, 0, 0}, Cones: []Cone{{NonNeg, 4}}}
	s, err := New(p, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	vals := slices.Clone(a.Val)
	vals[1] = -0.5 // the second row becomes 0.5x + 2y >= 1
	if err := s.Update(Data{A: vals}); err != nil {
		t.Fatal(err)
	}
	r, err := s.Solve(context.Background())
	if err != nil || r.Status != Solved {
		t.Fatal(err, r.Status)
	}
	// The optimum has both rows active: x = 2/3, y = 1/3.
	if math.Abs(r.X[0]-2.0/3) > 1e-6 || math.Abs(r.X[1]-1.0/3) > 1e-6 {
		t.Errorf("x = %v, want (2/3, 1/3)", r.X)
	}
	if got := s.Stats().Setups; got != 2 {
		t.Errorf("%d setups, want 2", got)
	}
}

func TestUpdateRefusesWrongData(t *testing.T) {
	p := day(1, 4, false, 1, 1)
	s, err := New(p, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]Data{
		"length": {Q: []float64{1}},
		"NaN":    {B: append([]float64{math.NaN()}, p.B[1:]...)},
	} {
		if err := s.Update(d); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestDeterministic(t *testing.T) {
	p := day(4, 24, true, 1, 1e4)
	a, b := mustSolve(t, p, Settings{}), mustSolve(t, p, Settings{})
	if a.Status != Solved || !same(a.X, b.X) || !same(a.Z, b.Z) || !same(a.S, b.S) {
		t.Error("two runs differ")
	}
}

// TestNoAllocationPerIteration compares solves of few and of many iterations.
func TestNoAllocationPerIteration(t *testing.T) {
	p := day(2, 24, true, 1000, 1e4)
	count := func(iterations int, embedded bool) float64 {
		s, err := New(p, Settings{MaxIterations: iterations, Embedding: embedded})
		if err != nil {
			t.Fatal(err)
		}
		return testing.AllocsPerRun(3, func() {
			if r, err := s.Solve(context.Background()); err != nil || r.Iterations < min(iterations, 8) {
				t.Fatal(err, r.Iterations)
			}
		})
	}
	for _, embedded := range []bool{false, true} {
		if few, many := count(2, embedded), count(200, embedded); many > few {
			t.Errorf("embedding %v: %g allocations with 2 iterations, %g with all", embedded, few, many)
		}
	}
}

func TestLimits(t *testing.T) {
	p := day(4, 48, true, 1000, 1e4)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := Solve(ctx, p, Settings{})
	if !errors.Is(err, context.Canceled) || r == nil || r.Status != Cancelled {
		t.Errorf("cancelled: %v, %v", r, err)
	}
	if r := mustSolve(t, p, Settings{TimeLimit: time.Nanosecond}); r.Status != TimeLimit || r.Status.Err() == nil {
		t.Errorf("time limit: %s", r.Status)
	}
	if r := mustSolve(t, p, Settings{MaxIterations: 2}); r.Status != IterationLimit || r.Iterations != 2 {
		t.Errorf("iteration limit: %s after %d", r.Status, r.Iterations)
	}
	if _, err := New(p, Settings{FeasTol: 2}); err == nil {
		t.Error("a tolerance of 2 was accepted")
	}
	if _, err := New(p, Settings{MaxIterations: -1}); err == nil {
		t.Error("-1 iterations were accepted")
	}
}

// TestEmbedding solves the same problems with the embedding from the start.
func TestEmbedding(t *testing.T) {
	for k := range 300 {
		p := draw(k)
		r := mustSolve(t, p.Problem, Settings{Embedding: true})
		if err := Check(p.Problem, r).OK(1e-6); err != nil && r.Status.Err() == nil {
			t.Errorf("%s: %v", p.what, err)
		} else if r.Status == Solved && p.want == solvable && math.Abs(r.Objective-p.optimum) > 1e-6*(1+math.Abs(p.optimum)) {
			t.Errorf("%s: objective %.9g, want %.9g", p.what, r.Objective, p.optimum)
		} else if err != nil && !p.rough {
			t.Errorf("%s: %v", p.what, err)
		}
	}
}

func TestSmallShapes(t *testing.T) {
	empty := &CSC{ColPtr: []int{0}}
	cases := map[string]struct {
		p    *Problem
		want Status
	}{
		"nothing":                   {&Problem{A: empty}, Solved},
		"no rows, bounded":          {&Problem{P: sparse([][]float64{{2}}, 1, 1), Q: []float64{-2}, A: sparse(nil, 0, 1)}, Solved},
		"no rows, unbounded":        {&Problem{Q: []float64{1}, A: sparse(nil, 0, 1)}, DualInfeasible},
		"no columns, feasible":      {&Problem{A: &CSC{Rows: 1, ColPtr: []int{0}}, B: []float64{1}, Cones: []Cone{{NonNeg, 1}}}, Solved},
		"no columns, infeasible":    {&Problem{A: &CSC{Rows: 1, ColPtr: []int{0}}, B: []float64{-1}, Cones: []Cone{{NonNeg, 1}}}, PrimalInfeasible},
		"0 = 1":                     {&Problem{Q: []float64{0}, A: sparse([][]float64{{0}}, 1, 1), B: []float64{1}, Cones: []Cone{{Zero, 1}}}, PrimalInfeasible},
		"equations only":            {&Problem{Q: []float64{1, 1}, A: sparse([][]float64{{1, 1}}, 1, 2), B: []float64{3}, Cones: []Cone{{Zero, 1}}}, Solved},
		"equations only, unbounded": {&Problem{Q: []float64{1, 0}, A: sparse([][]float64{{1, 1}}, 1, 2), B: []float64{3}, Cones: []Cone{{Zero, 1}}}, DualInfeasible},
		"a cone of one row":         {&Problem{Q: []float64{1}, A: sparse([][]float64{{-1}}, 1, 1), B: []float64{-2}, Cones: []Cone{{SOC, 1}}}, Solved},
	}
	for name, c := range cases {
		r := mustSolve(t, c.p, Settings{})
		if r.Status != c.want {
			t.Errorf("%s: %s, want %s", name, r.Status, c.want)
		} else if err := Check(c.p, r).OK(1e-6); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStatusErrors(t *testing.T) {
	for s := Unsolved; s <= Cancelled; s++ {
		err := s.Err()
		switch s {
		case Solved:
			if err != nil {
				t.Errorf("%s: %v", s, err)
			}
		case PrimalInfeasible:
			if !errors.Is(err, ErrPrimalInfeasible) {
				t.Errorf("%s: %v", s, err)
			}
		case DualInfeasible:
			if !errors.Is(err, ErrDualInfeasible) {
				t.Errorf("%s: %v", s, err)
			}
		default:
			if !errors.Is(err, ErrNotSolved) {
				t.Errorf("%s: %v", s, err)
			}
		}
	}
}

// TestTolerances asks for more and for less.
func TestTolerances(t *testing.T) {
	p := day(2, 24, true, 1000, 1e4)
	var iterations []int
	for _, tol := range []float64{1e-3, 1e-5, 1e-8, 1e-10} {
		r := mustSolve(t, p, Settings{FeasTol: tol, GapTol: tol})
		if r.Status != Solved {
			t.Fatalf("tolerance %g: %s", tol, r.Status)
		}
		if c := Check(p, r); max(c.Primal, c.Dual, c.Gap) > tol {
			t.Errorf("tolerance %g: %+v", tol, c)
		}
		iterations = append(iterations, r.Iterations)
	}
	if !slices.IsSorted(iterations) || iterations[0] == iterations[3] {
		t.Errorf("iterations %v for ever smaller tolerances", iterations)
	}
}

// TestCheckCatches spoils a solution in every way that Check tests.
func TestCheckCatches(t *testing.T) {
	p := day(1, 4, false, 1, 1)
	good := mustSolve(t, p, Settings{})
	if err := Check(p, good).OK(1e-6); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(r *Result){
		"x moved":             func(r *Result) { r.X[0] += 1 },
		"s outside":           func(r *Result) { r.S[len(r.S)-1] += 1e4 },
		"z negative":          func(r *Result) { r.Z[len(p.B)-40] = -1 },
		"multipliers doubled": func(r *Result) { scaleBy(r.Z, 2) },
		"not a number":        func(r *Result) { r.X[1] = math.NaN() },
		"cut off":             func(r *Result) { r.Z = r.Z[1:] },
		"not solved":          func(r *Result) { r.Status = AlmostSolved },
		"no proof":            func(r *Result) { r.Status = PrimalInfeasible },
		"no ray":              func(r *Result) { r.Status = DualInfeasible },
	} {
		r := *good
		r.X, r.S, r.Z = slices.Clone(good.X), slices.Clone(good.S), slices.Clone(good.Z)
		spoil(&r)
		if Check(p, &r).OK(1e-6) == nil {
			t.Errorf("%s: passed", name)
		}
	}
}
