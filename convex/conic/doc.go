// Package conic solves convex conic problems
//
//	minimise ½x'Px + q'x  subject to  Ax + s = b,  s ∈ K
//
// where K is a product of zero cones (equations), nonnegative and second-order
// cones: linear, quadratic and second-order cone programs. It is a primal-dual
// interior-point method on a sparse LDL' factorisation.
//
// Entry points: Solve for one problem; New, Solver.Update and Solver.Solve for
// a sequence of problems of one structure, which share presolve, ordering and
// symbolic factorisation; Check to verify a Result independently; ReadFile
// for MPS, QPS, CBF and JSON files.
//
// It does not model (package convex does), knows no integer variables and no
// other cones, and does not find the optimum of a problem whose P is not
// positive semidefinite.
package conic
