// Package cp binds the part of cvxpy 1.9 that experts' programs use to the
// interpreter of package py, on top of the modelling language convex: variables,
// parameters, constants, atoms, constraints, problems, solving, values and dual
// values. It is named as experts import it.
//
// Session is what one run shares: the values of leaves, the problems solved,
// the cache of solvers, and the flags that were raised. Find makes the modules.
//
// Errors have cvxpy's class and words. What cvxpy has and this package or convex
// has not (exponential and semidefinite cones, more than two dimensions) raises
// UnsupportedError. Mistakes that stay silent in Python are flagged: see Flag.
package cp
