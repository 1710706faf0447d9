package grid

import "fmt"

// Status says how a power flow ended. MismatchPU and WorstBus are filled by
// Solver.Solve always, by SolveVM where it did not converge.
type Status struct {
	Converged  bool
	Iterations int     // of Method
	MismatchPU float64 // largest power imbalance at a bus, |dP + j dQ| in p.u. of BaseMVA
	WorstBus   int     // ID of that bus
	Method     string  // "sweep" or "newton"
}

// Err returns nil when the power flow converged, else a *DivergedError.
func (s Status) Err() error {
	if s.Converged {
		return nil
	}
	return &DivergedError{Status: s}
}

// DivergedError is a power flow without a solution: typically more load than
// the network can carry.
type DivergedError struct{ Status Status }

func (e *DivergedError) Error() string {
	return fmt.Sprintf("no power flow found after %d iterations (%s): worst at bus %d, mismatch %.3g p.u.",
		e.Status.Iterations, e.Status.Method, e.Status.WorstBus, e.Status.MismatchPU)
}

// Flow is a solved power flow. Solve sizes the slices on first use and
// overwrites them afterwards. Powers are in p.u. of BaseMVA.
type Flow struct {
	VM, VA           []float64 // per bus index: magnitude in p.u., angle in radians
	BranchP, BranchQ []float64 // per branch: entering it at From
	LossP, LossQ     float64   // of all branches together
	SlackP, SlackQ   float64   // supplied by the slack, its own demand included
	Status           Status
}

// resize makes the slices fit a network, allocating only when they do not yet.
func (f *Flow) resize(n *Network) {
	for _, s := range []*[]float64{&f.VM, &f.VA} {
		if len(*s) != len(n.Buses) {
			*s = make([]float64, len(n.Buses))
		}
	}
	for _, s := range []*[]float64{&f.BranchP, &f.BranchQ} {
		if len(*s) != len(n.Branches) {
			*s = make([]float64, len(n.Branches))
		}
	}
}
