// Package convex is a language for convex optimisation problems: they are
// written as in a textbook, checked by the rules of disciplined convex
// programming, and solved by package conic.
//
//	x := convex.Variable("x", convex.Vec(n), convex.Nonneg)
//	risk := convex.QuadForm(x, covariance)
//	p := convex.NewProblem(
//		convex.Minimize(risk.Minus(convex.MatMul(mean, x))),
//		convex.Sum(x).EQ(1).Named("budget"))
//	s, err := p.Solve(ctx, convex.Options{})
//	// s.Status, s.Objective, s.Value(x), s.Dual(constraint)
//
// # Expressions
//
// Variable, Parameter and Const are the leaves, and operands may also be plain
// numbers, slices and matrices. Methods (Plus, Minus, Times, Over, MatMul, At,
// Slice, Index, T) and functions (Sum, Square, Abs, Maximum, Norm2, QuadForm,
// Hstack, CumSum, ...) build on them. Shapes broadcast as in numpy, and names,
// signs, curvatures and printed forms are those of cvxpy 1.9.
//
// Each expression knows its shape, sign and curvature. f(g(x)) is convex when f
// is convex and each argument is affine, or convex where f never falls, or
// concave where f never rises; and likewise for concave. A problem minimizes
// what is convex (or maximizes what is concave) under constraints convex <=
// concave, affine == affine, and SOC. Compile refuses anything else with a
// *DCPError that names the expression and the rule. That a function is convex
// is not enough: it must be written so that the rules show it,
// Norm2(Hstack(x, 1)) and not Sqrt(Square(x).Plus(1)).
//
// # Parameters
//
// A Parameter is a constant whose value comes later. Compile once, then Set and
// Solve as often as needed: the numbers go straight to their places, without
// canonicalising, ordering or analysing again (Program.Counts shows it).
// Expressions of parameters alone may be anything; only a QuadForm under a
// constraint or inside another atom whose matrix is a parameter needs the
// problem to be canonicalised for each value (Counts.Frozen). Where models are
// built anew instead, a Cache of solvers keeps what depends on structure only.
//
// # Form
//
// Quadratic objectives stay quadratic. Bounds are rows of one entry.
// Sum-of-squares constraints with a constant right-hand side, the disc P^2 + Q^2
// <= S^2 of an inverter in kW, become norm cones in the model's units; norms
// and maxima that stand alone in a constraint need no epigraph. Boolean and
// Integer variables are found by branch and bound, for small numbers of them.
//
// # When there is no solution
//
// Solution.Status tells solved from everything else; "inaccurate" is not solved.
// Program.Explain shows which rows contradict each other, in the model's names,
// and by how much the least has to give way, or along which ray an objective
// runs away.
//
// # What it does not do
//
// There are no exponential, power or semidefinite cones: exp, log, entropy,
// log_det and the like are *UnsupportedError, and so are arrays of more than two
// dimensions. It does not approximate, and it knows nothing of energy.
package convex
