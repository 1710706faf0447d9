// Package grid is the distribution network: what it is made of and how power
// flows in it.
//
// A Network comes from Case141, from Load (CSV or MATPOWER) or from code. A
// Solver answers one power flow at a time: Solve with everything that is to know
// about it, SolveVM with voltages only, Sensitivity with how voltages move when
// injections do. A Batch solves many injections at once. Tree gives the radial
// order for models that are built branch by branch.
//
// Demand is positive where it consumes; powers and voltages are in p.u., angles
// in radians. The package knows balanced networks of constant-power demand, one
// slack and series impedances: no taps, shunts, line charging, unbalance or
// voltage-controlled buses. It refuses files that have them.
package grid
