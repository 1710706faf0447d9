package conic

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestResolve solves a day again after small changes: the same solution in fewer
// iterations.
func TestResolve(t *testing.T) {
	p := day(3, 48, true, 1000, 1e4)
	s, err := New(p, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	cold, err := s.Solve(context.Background())
	if err != nil || cold.Status != Solved {
		t.Fatal(cold.Status, err)
	}
	r := rand.New(rand.NewPCG(4, 5))
	for round := range 5 {
		b := slices.Clone(p.B)
		for i := range b {
			b[i] *= 1 + 1e-3*r.NormFloat64()
		}
		if err := s.Update(Data{B: b}); err != nil {
			t.Fatal(err)
		}
		got, err := s.Resolve(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		fresh := *p
		fresh.B = b
		want := mustSolve(t, &fresh, Settings{})
		if err := Check(&fresh, got).OK(1e-6); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		if got.Status != want.Status || math.Abs(got.Objective-want.Objective) > 1e-6*(1+math.Abs(want.Objective)) {
			t.Errorf("round %d: %v with %v, from the start %v with %v", round, got.Status, got.Objective, want.Status, want.Objective)
		}
		if 4*got.Iterations > 3*want.Iterations {
			t.Errorf("round %d: %d iterations, from the start %d", round, got.Iterations, want.Iterations)
		}
	}
}

// TestResolveOfAnything changes random problems, a little and a lot, into
// solvable, infeasible and unbounded ones: where it starts from changes no answer.
func TestResolveOfAnything(t *testing.T) {
	warm := 0
	for k := range 600 {
		p := draw(k)
		s, err := New(p.Problem, Settings{})
		if err != nil {
			t.Fatalf("%s: %v", p.what, err)
		}
		if _, err := s.Solve(context.Background()); err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(uint64(k), 6))
		d := Data{Q: slices.Clone(p.Q), B: slices.Clone(p.B)}
		size := []float64{0, 1e-4, 1e-2, 1}[k%4]
		for _, v := range [][]float64{d.Q, d.B} {
			for i := range v {
				v[i] += size * r.NormFloat64() * math.Abs(v[i])
			}
		}
		if err := s.Update(d); err != nil {
			t.Fatal(err)
		}
		s.f.load()
		if s.ipm.midway.fits(s.f) {
			warm++
		}
		s.fresh = false
		got, err := s.Resolve(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		fresh := *p.Problem
		fresh.Q, fresh.B = d.Q, d.B
		want := mustSolve(t, &fresh, Settings{})
		claims := func(r *Result) bool {
			return r.Status == Solved || r.Status == PrimalInfeasible || r.Status == DualInfeasible
		}
		if err := Check(&fresh, got).OK(1e-6); claims(got) && err != nil {
			t.Errorf("%s: claims too much: %v", p.what, err)
		}
		if claims(want) != claims(got) || claims(got) && got.Status != want.Status {
			t.Errorf("%s, changed by %g: %v, from the start %v", p.what, size, got.Status, want.Status)
		}
		if got.Status == Solved && want.Status == Solved && math.Abs(got.Objective-want.Objective) > 1e-6*(1+math.Abs(want.Objective)) {
			t.Errorf("%s, changed by %g: %v, from the start %v", p.what, size, got.Objective, want.Objective)
		}
	}
	if warm < 200 {
		t.Errorf("only %d of 600 could start on the way: this tests little", warm)
	}
}
