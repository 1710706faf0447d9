package conic_test

import (
	"context"
	"fmt"
	"log"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// The largest x + y inside the unit disc: minimise -x - y with (1, x, y) in a
// second-order cone.
func ExampleSolve() {
	a, err := conic.NewCSC(3, 2, []int{1, 2}, []int{0, 1}, []float64{-1, -1})
	if err != nil {
		log.Fatal(err)
	}
	p := &conic.Problem{
		Q:     []float64{-1, -1},
		A:     a,
		B:     []float64{1, 0, 0}, // s = b - Ax = (1, x, y)
		Cones: []conic.Cone{{Kind: conic.SOC, Dim: 3}},
	}
	r, err := conic.Solve(context.Background(), p, conic.Settings{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: x = %.4f, y = %.4f\n", r.Status, r.X[0], r.X[1])
	fmt.Println("verified:", conic.Check(p, r).OK(1e-6) == nil)
	// Output:
	// solved: x = 0.7071, y = 0.7071
	// verified: true
}

// A solver analyses the structure once and takes new values after that.
func ExampleSolver_Update() {
	// Minimise x with x >= bound.
	a, err := conic.NewCSC(1, 1, []int{0}, []int{0}, []float64{-1})
	if err != nil {
		log.Fatal(err)
	}
	s, err := conic.New(&conic.Problem{Q: []float64{1}, A: a, B: []float64{0}, Cones: []conic.Cone{{Kind: conic.NonNeg, Dim: 1}}}, conic.Settings{})
	if err != nil {
		log.Fatal(err)
	}
	for _, bound := range []float64{1, 2, 3} {
		if err := s.Update(conic.Data{B: []float64{-bound}}); err != nil {
			log.Fatal(err)
		}
		r, err := s.Solve(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.3f ", r.X[0])
	}
	fmt.Println("with", s.Stats().Orderings, "ordering")
	// Output: 1.000 2.000 3.000 with 1 ordering
}
