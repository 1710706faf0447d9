package convex_test

import (
	"context"
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/convex"
)

// Least squares with a bound: find the nonnegative x closest to solving Ax = b.
func Example() {
	a := [][]float64{{1, 2}, {3, 1}, {0, 1}}
	b := []float64{1, -2, 2}

	x := convex.Variable("x", convex.Vec(2), convex.Nonneg)
	residual := convex.MatMul(a, x).Minus(b)
	problem := convex.NewProblem(convex.Minimize(convex.SumSquares(residual)))

	s, err := problem.Solve(context.Background(), convex.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v, x = %.4f\n", s.Status, s.Value(x))
	// Output: solved, x = [0.0000 0.3333]
}

// A battery earns on a day of changing prices. The price is a parameter: the
// problem is compiled once and solved for each day.
func ExampleProgram_Set() {
	const (
		steps, hours   = 6, 1.0
		powerKW, kWh   = 50.0, 100.0
		efficiency     = 0.9
		initial, final = 0.5, 0.5
	)
	charge := convex.Variable("charge", convex.Vec(steps), convex.Bounds(0, powerKW))
	discharge := convex.Variable("discharge", convex.Vec(steps), convex.Bounds(0, powerKW))
	soc := convex.Variable("SOC", convex.Vec(steps+1), convex.Bounds(0.1, 0.9))
	price := convex.Parameter("price", convex.Vec(steps))

	cost := convex.MatMul(price, charge.Minus(discharge)).Times(hours)
	program, err := convex.NewProblem(convex.Minimize(cost),
		soc.Slice(1, steps+1).EQ(soc.Slice(0, steps).
			Plus(charge.Times(efficiency*hours/kWh)).
			Minus(discharge.Times(hours/efficiency/kWh))).Named("storage"),
		soc.At(0).EQ(initial).Named("first"),
		soc.At(-1).GE(final).Named("last"),
	).Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, prices := range [][]float64{
		{0.4, 0.4, 1.2, 0.8, 0.4, 0.4},
		{0.4, 0.5, 0.4, 0.5, 0.4, 0.5},
	} {
		if err := program.Set(price, prices); err != nil {
			fmt.Println(err)
			return
		}
		s, err := program.Solve(context.Background(), convex.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%v, earns %.2f\n", s.Status, -s.Objective)
	}
	fmt.Println("canonicalised", program.Counts().Canonicalisations, "time, ordered", program.Counts().Orderings)
	// Output:
	// solved, earns 42.04
	// solved, earns 0.72
	// canonicalised 1 time, ordered 1
}

// The multiplier of a constraint is its price.
func ExampleSolution_Dual() {
	x := convex.Variable("x", convex.Vec(2), convex.Nonneg)
	labour := convex.MatMul([]float64{1, 2}, x).LE(10).Named("labour")
	wood := convex.MatMul([]float64{3, 1}, x).LE(15).Named("wood")

	s, err := convex.NewProblem(convex.Maximize(convex.MatMul([]float64{4, 3}, x)), labour, wood).
		Solve(context.Background(), convex.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("make %.2f for %.2f; an hour is worth %.2f, a plank %.2f\n",
		s.Value(x), s.Objective, s.Dual(labour)[0], s.Dual(wood)[0])
	// Output: make [4.00 3.00] for 25.00; an hour is worth 1.00, a plank 1.00
}

// A wish that cannot come true is explained in the model's own words.
func ExampleProgram_Explain() {
	const steps = 4
	charge := convex.Variable("charge", convex.Vec(steps), convex.Bounds(0, 5))
	program, err := convex.NewProblem(convex.Minimize(convex.Sum(charge)),
		convex.Sum(charge).Times(0.25).GE(20).Named("full battery"),
	).Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := program.Solve(context.Background(), convex.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	why, err := program.Explain(context.Background(), s)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: %v\n", s.Status, why)
	// Output: infeasible: charge[0] <= 5 to charge[3] <= 5, full battery (0.25 charge[0] + 0.25 charge[1] + 0.25 charge[2] + 0.25 charge[3] >= 20) cannot hold together; the least relaxation is full battery by 15
}

// What breaks the rules is named together with the rule.
func ExampleDCPError() {
	x := convex.Variable("x", convex.Scalar)
	_, err := convex.NewProblem(convex.Minimize(convex.Sqrt(convex.Square(x).Plus(1)))).Compile()
	fmt.Println(err)
	// Output: convex: the problem does not follow the rules of convex programming; in the objective PowerApprox(PowerApprox(x, 2.0) + 1.0, 0.5): PowerApprox(PowerApprox(x, 2.0) + 1.0, 0.5): PowerApprox is concave and rises in it, so its argument PowerApprox(x, 2.0) + 1.0 must be concave, but it is convex
}

// The knapsack: which things to carry, all or nothing.
func Example_boolean() {
	value, weight := []float64{3, 5, 4, 2}, []float64{2, 4, 3, 1}
	take := convex.Variable("take", convex.Vec(4), convex.Boolean)

	s, err := convex.NewProblem(convex.Maximize(convex.MatMul(value, take)),
		convex.MatMul(weight, take).LE(6)).Solve(context.Background(), convex.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("take %.0f, worth %.0f\n", s.Value(take), s.Objective)
	// Output: take [1 0 1 1], worth 9
}

// The smallest circle around points: a second-order cone for each.
func ExampleSOC() {
	points := [][]float64{{0, 0}, {4, 0}, {0, 3}}
	centre := convex.Variable("centre", convex.Vec(2))
	radius := convex.Variable("radius", convex.Scalar)
	var within []*convex.Constraint
	for _, p := range points {
		within = append(within, convex.SOC(radius, centre.Minus(p)))
	}
	s, err := convex.NewProblem(convex.Minimize(radius), within...).Solve(context.Background(), convex.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("radius %.2f around %.2f\n", math.Abs(s.Objective), s.Value(centre))
	// Output: radius 2.50 around [2.00 1.50]
}
