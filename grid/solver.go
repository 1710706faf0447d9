package grid

import (
	"errors"
	"math"
)

const (
	// voltageTolerance is the estimated error of |V|, p.u., at which SolveVM stops.
	voltageTolerance = 1e-9
	// flowTolerance is the same for Solve, whose losses and branch flows shall be
	// exact.
	flowTolerance = 1e-13
)

// Solver solves power flows of one network again and again without allocating:
// a radial one by sweeps and, where these do not get there, by Newton's method, a
// meshed one by Newton's method. (The first fallback to Newton's method does
// allocate.) It is not safe for concurrent use: make one per goroutine.
type Solver struct {
	net    *Network
	slack  int    // bus index
	sweep  *sweep // nil where the network is meshed
	newton *newton
}

// NewSolver prepares a solver. The network must not change afterwards.
func NewSolver(n *Network) (*Solver, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	s := &Solver{net: n}
	s.slack, _ = n.Index(n.Slack)
	if t, closing := n.spanningTree(); closing < 0 {
		s.sweep = newSweep(n, t)
	} else {
		s.newton = newNewton(n)
	}
	return s, nil
}

// SolveVM computes the voltage magnitudes only (p.u., by bus index), from a flat
// start and to 1e-9. Demand is in p.u. by bus index, > 0 consumes; slackPU is the
// voltage at the slack. A converged status leaves MismatchPU and WorstBus zero;
// with one that is not, vm holds no solution.
func (s *Solver) SolveVM(demandP, demandQ []float64, slackPU float64, vm []float64) Status {
	if s.sweep != nil {
		if st := s.sweep.solve(demandP, demandQ, slackPU, voltageTolerance); st.Converged {
			s.sweep.magnitudes(vm)
			return st
		}
	}
	st := s.solveNewton(demandP, demandQ, slackPU)
	for i := range vm {
		vm[i] = math.Hypot(s.newton.u[2*i], s.newton.u[2*i+1])
	}
	return s.named(st)
}

// Solve computes the whole power flow; arguments as for SolveVM. Its voltages
// are exact to about 1e-13.
func (s *Solver) Solve(demandP, demandQ []float64, slackPU float64, out *Flow) Status {
	out.resize(s.net)
	if s.sweep != nil {
		if st := s.sweep.solve(demandP, demandQ, slackPU, flowTolerance); st.Converged {
			st.MismatchPU, st.WorstBus = s.sweep.mismatch()
			s.sweep.flow(out)
			out.Status = st
			return st
		}
	}
	st := s.solveNewton(demandP, demandQ, slackPU)
	s.newton.flow(demandP, demandQ, out)
	out.Status = s.named(st)
	return out.Status
}

func (s *Solver) solveNewton(demandP, demandQ []float64, slackPU float64) Status {
	if s.newton == nil {
		s.newton = newNewton(s.net)
	}
	return s.newton.solve(demandP, demandQ, slackPU)
}

// named turns the worst bus of a method, an index, into an ID.
func (s *Solver) named(st Status) Status {
	st.WorstBus = s.net.Buses[st.WorstBus].ID
	return st
}

// Sensitivity fills dVdP and dVdQ, len(buses) x number of buses, row-major: how
// |V| at buses[i] (an index) moves, in p.u., per p.u. of active and of reactive
// power injected at each bus. f is a converged flow of the given demand. The
// slack's row and column are zero. It fails only where the operating point is
// singular: at the very edge of what the network can carry.
func (s *Solver) Sensitivity(f *Flow, demandP, demandQ []float64, buses []int, dVdP, dVdQ []float64) error {
	if s.newton == nil {
		s.newton = newNewton(s.net)
	}
	if !s.newton.sensitivity(f, demandP, demandQ, buses, dVdP, dVdQ) {
		return errors.New("no voltage sensitivities: the operating point is singular")
	}
	return nil
}
