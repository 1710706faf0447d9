package grid

import (
	"errors"
	"math"
)

const (
	// voltageTolerance is the estimated error of |V|, p.u., at which SolveVM stops.
	voltageTolerance = 1e-9
	// flowTolerance is the same for Solve, whose losses and branch flows are to be exact.
	flowTolerance  = 1e-13
	maxSweepRounds = 60
)

// Solver solves power flows of one network again and again without allocating.
// It is not safe for concurrent use: make one per goroutine.
type Solver struct {
	net   *Network
	tree  *Tree
	sweep *sweep
}

// NewSolver prepares a solver. The network must not change afterwards.
func NewSolver(n *Network) (*Solver, error) {
	t, err := n.Tree()
	if err != nil {
		return nil, err
	}
	return &Solver{net: n, tree: t, sweep: newSweep(n, t)}, nil
}

// SolveVM computes the voltage magnitudes only (p.u., by bus index), from a flat
// start. Demand is in p.u. by bus index, > 0 consumes; slackPU is the voltage at
// the slack. Where the status is not converged, vm is not a solution.
func (s *Solver) SolveVM(demandP, demandQ []float64, slackPU float64, vm []float64) Status {
	st := s.sweep.solve(demandP, demandQ, slackPU, voltageTolerance)
	for i, b := range s.sweep.bus {
		vm[b] = math.Sqrt(s.sweep.v[i])
	}
	return s.status(st)
}

// Solve computes the whole power flow; arguments as for SolveVM.
func (s *Solver) Solve(demandP, demandQ []float64, slackPU float64, out *Flow) Status {
	out.resize(s.net)
	st := s.sweep.solve(demandP, demandQ, slackPU, flowTolerance)
	s.sweep.flow(s.net, s.tree, out)
	out.Status = s.status(st)
	return out.Status
}

func (s *Solver) status(st Status) Status {
	st.WorstBus = s.net.Buses[st.WorstBus].ID
	return st
}

// Sensitivity fills dVdP and dVdQ, len(buses) x number of buses, row-major: how
// |V| at buses[i] (indices) moves, in p.u., per p.u. of active and reactive power
// injected at each bus, at the operating point f of the given demand.
func (s *Solver) Sensitivity(f *Flow, demandP, demandQ []float64, buses []int, dVdP, dVdQ []float64) error {
	const step = 1e-4
	n := len(s.net.Buses)
	p, q := append([]float64(nil), demandP...), append([]float64(nil), demandQ...)
	lo, hi := Flow{}, Flow{}
	slackPU := f.VM[s.tree.Order[0]]
	for k := range n {
		for j, x := range [][]float64{p, q} {
			keep := x[k]
			x[k] = keep + step // more demand is less injection
			a := s.Solve(p, q, slackPU, &lo)
			x[k] = keep - step
			b := s.Solve(p, q, slackPU, &hi)
			x[k] = keep
			if err := errors.Join(a.Err(), b.Err()); err != nil {
				return err
			}
			for i, bus := range buses {
				[][]float64{dVdP, dVdQ}[j][i*n+k] = (hi.VM[bus] - lo.VM[bus]) / (2 * step)
			}
		}
	}
	return nil
}
