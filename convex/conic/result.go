package conic

import (
	"errors"
	"fmt"
)

// Status says how a solve ended.
type Status uint8

// The ways a solve can end. Only Solved carries a solution; PrimalInfeasible
// and DualInfeasible carry a proof in Result.
const (
	Unsolved         Status = iota
	Solved                  // residuals and gap within tolerance
	AlmostSolved            // within loose tolerances only: not a solution
	PrimalInfeasible        // no x satisfies the constraints: Z is the proof
	DualInfeasible          // the objective falls without bound if anything is feasible: X is the ray
	IterationLimit
	TimeLimit
	NumericalTrouble // no further progress is possible
	Cancelled        // the context ended
)

var statusNames = [...]string{"unsolved", "solved", "almost solved", "primal infeasible", "dual infeasible", "iteration limit", "time limit", "numerical trouble", "cancelled"}

// String returns the status in lower-case words, as the command line prints it.
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// Errors that Status.Err returns, for errors.Is.
var (
	ErrPrimalInfeasible = errors.New("conic: primal infeasible: no point satisfies all constraints")
	ErrDualInfeasible   = errors.New("conic: dual infeasible: the objective falls without bound")
	ErrNotSolved        = errors.New("conic: not solved")
)

// Err returns nil for Solved and an error otherwise.
func (s Status) Err() error {
	switch s {
	case Solved:
		return nil
	case PrimalInfeasible:
		return ErrPrimalInfeasible
	case DualInfeasible:
		return ErrDualInfeasible
	}
	return fmt.Errorf("%w: %s", ErrNotSolved, s)
}

// Result is the outcome of one solve, in the rows and columns of the problem
// as it was given.
//
// Where Status is Solved, X, S and Z are the solution: Ax + s = b, s ∈ K,
// Px + q + A'z = 0, z ∈ K*, s'z = 0 within tolerance. (The multiplier of an
// equation is free in sign.) PrimalInfeasible: Z is the proof, with
// A'z = 0, z ∈ K*, b'z = -1; X and S are nil. DualInfeasible: X and S are the
// proof, with Px = 0, Ax + s = 0, s ∈ K, q'x = -1; Z is nil. Every other
// status returns the best iterate, where its numbers are finite.
type Result struct {
	Status        Status
	X, S, Z       []float64
	Objective     float64 // ½x'Px + q'x
	DualObjective float64 // -½x'Px - b'z
	Iterations    int

	// What an independent look at X, S and Z against the data as given finds,
	// see Check; for proofs, the residual of the proof.
	PrimalResidual float64 // relative
	DualResidual   float64 // relative
	Gap            float64 // relative, with the cross terms of the residuals

	Embedded bool  // the homogeneous embedding was needed
	Stats    Stats // work of this solver so far
}

// Stats counts the work of a solver since New.
type Stats struct {
	Setups         int // structures analysed: presolve, ordering and symbolic factorisation
	Orderings      int // orderings computed
	Symbolic       int // symbolic factorisations
	Factorisations int // numeric factorisations
	Backsolves     int // solves with the factors
}
