package grid

// maxBatchRounds is when a group of rows is not waited for any longer: rows that
// need more are solved one by one, with the same result.
const maxBatchRounds = 10

// Batch solves many injections of one network, several side by side in the lanes
// of vector instructions where the machine has them. It is not safe for
// concurrent use: make one per goroutine.
type Batch struct {
	n      int
	slack  int // bus index
	solver *Solver

	kernel *vectorKernel // nil: row by row
	steps  []step
	state  []float64
	change []float64 // by lane, of the last round
	last   []float64 // and of the round before
	done   []bool    // by lane
	// A group of rows that is not whole, or whose rows end in different rounds,
	// passes through these.
	p, q, vm []float64
}

// NewBatch prepares a batch. The network must not change afterwards.
func NewBatch(n *Network) (*Batch, error) {
	s, err := NewSolver(n)
	if err != nil {
		return nil, err
	}
	b := &Batch{n: len(n.Buses), slack: s.slack, solver: s}
	for _, k := range vectorKernels() {
		if s.sweep != nil && b.n >= k.least {
			b.use(&k)
			break
		}
	}
	return b, nil
}

func (b *Batch) use(k *vectorKernel) {
	b.kernel = k
	b.steps = newSteps(b.solver.sweep.tree, k.lanes)
	b.state = sweepState(b.n, k.lanes)
	b.change, b.last, b.done = make([]float64, k.lanes), make([]float64, k.lanes), make([]bool, k.lanes)
	b.p, b.q, b.vm = make([]float64, k.lanes*b.n), make([]float64, k.lanes*b.n), make([]float64, k.lanes*b.n)
}

// Kernel names the instructions in use: avx512, avx2 or, row by row, none.
func (b *Batch) Kernel() string {
	if b.kernel == nil {
		return "none"
	}
	return b.kernel.name
}

// SolveVM solves len(status) power flows: row k of demandP and demandQ (p.u., rows
// x buses, > 0 consumes) gives row k of vm (p.u.) and status[k], to the last bit
// as Solver.SolveVM does.
func (b *Batch) SolveVM(demandP, demandQ []float64, slackPU float64, vm []float64, status []Status) {
	lanes := 1
	if b.kernel != nil {
		lanes = b.kernel.lanes
	}
	for first := 0; first < len(status); first += lanes {
		end := min(first+lanes, len(status))
		p, q := demandP[first*b.n:end*b.n], demandQ[first*b.n:end*b.n]
		out, st := vm[first*b.n:end*b.n], status[first:end]
		switch {
		case b.kernel == nil:
			st[0] = b.solver.SolveVM(p, q, slackPU, out)
		case len(st) == lanes:
			b.group(p, q, slackPU, out, st)
		default: // the last lanes repeat the last row
			for lane := range lanes {
				row := min(lane, len(st)-1) * b.n
				copy(b.p[lane*b.n:], p[row:row+b.n])
				copy(b.q[lane*b.n:], q[row:row+b.n])
			}
			b.group(b.p, b.q, slackPU, out, st)
		}
	}
}

// group solves one row per lane; p and q are whole, vm and status as long as the
// rows that are wanted.
func (b *Batch) group(p, q []float64, slackPU float64, vm []float64, status []Status) {
	k := b.kernel
	k.load(p, q, b.n, b.state)
	startVoltages(b.state, b.n, b.slack, k.lanes, slackPU)
	for lane := range k.lanes {
		b.last[lane], b.done[lane] = 0, false
	}
	clear(status)
	left := len(status)
	for it := 1; left > 0; it++ {
		k.round(b.steps, b.state, b.change)
		ended := 0 // in this round, with an answer
		for lane := range status {
			if b.done[lane] {
				continue
			}
			switch verdict := sweepEnd(b.change[lane], b.last[lane], voltageTolerance); {
			case verdict == sweepConverged:
				status[lane] = Status{Converged: true, Iterations: it, Method: "sweep"}
				ended++
			case verdict == sweepFailed || it == maxBatchRounds:
				row := lane * b.n
				status[lane] = b.solver.SolveVM(p[row:row+b.n], q[row:row+b.n], slackPU, vm[row:row+b.n])
				b.done[lane] = true
				left--
			}
			b.last[lane] = b.change[lane]
		}
		if ended == k.lanes {
			k.store(b.state, b.n, vm)
			return
		}
		if ended == 0 {
			continue
		}
		k.store(b.state, b.n, b.vm)
		for lane := range status {
			if status[lane].Converged && !b.done[lane] {
				row := lane * b.n
				copy(vm[row:row+b.n], b.vm[row:row+b.n])
				b.done[lane] = true
			}
		}
		left -= ended
	}
}
