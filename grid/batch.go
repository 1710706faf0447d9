package grid

// Batch solves many injections of one network. It is not safe for concurrent
// use: make one per goroutine.
type Batch struct {
	n      int
	solver *Solver
}

// NewBatch prepares a batch. The network must not change afterwards.
func NewBatch(n *Network) (*Batch, error) {
	s, err := NewSolver(n)
	if err != nil {
		return nil, err
	}
	return &Batch{n: len(n.Buses), solver: s}, nil
}

// SolveVM solves len(status) power flows: row k of demandP and demandQ (p.u., rows
// x buses, > 0 consumes) gives row k of vm (p.u.) and status[k]. A row's answer
// does not depend on its neighbours.
func (b *Batch) SolveVM(demandP, demandQ []float64, slackPU float64, vm []float64, status []Status) {
	for k := range status {
		lo, hi := k*b.n, (k+1)*b.n
		status[k] = b.solver.SolveVM(demandP[lo:hi], demandQ[lo:hi], slackPU, vm[lo:hi])
	}
}
