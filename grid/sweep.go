package grid

import "math"

const (
	maxSweepRounds = 100
	// sweepFloor is the relative change of v below which it is all rounding.
	sweepFloor = 1e-14
)

// sweep solves a radial network by backward/forward sweep over branch powers.
//
// For the branch that feeds bus t from its parent f, with squared voltages v,
// power P + jQ arriving at t and squared current l, the AC equations of a radial
// network are exactly (Baran and Wu, "Optimal sizing of capacitors placed on a
// radial distribution system", 1989)
//
//	l   = (P² + Q²) / v_t
//	P_f = P + r l,  Q_f = Q + x l                 entering the branch at f
//	v_t = v_f - 2 (r P + x Q) - (r² + x²) l
//
// The backward sweep sums demand and losses from the leaves to the slack with the
// voltages of the last round; the forward sweep carries voltages back down. As
// only the losses depend on the voltages, one round shrinks the error by 300 at the
// full load of the built-in feeder.
//
// Instead of dividing, a round moves the reciprocals w = 1/v by one step of a
// fourth-order Newton iteration; both converge together.
type sweep struct {
	kernel scalarKernel
	net    *Network
	tree   *Tree
	steps  []step
	state  []float64
	w      []float64 // scratch of mismatch
}

// step is one branch as a round sees it: impedance in p.u. and, as indices of
// sweepState, where to find things. The kernels in assembly read this layout.
type step struct {
	r, x, r2, x2, z2 float64 // r2 = 2r, x2 = 2x, z2 = r² + x²

	arrive int32 // power arriving at the bus: its demand if it is a leaf, else `through`
	from   int32 // what the parent draws without this branch: its demand, if no other child was added yet
	into   int32 // the parent's `through`, which becomes `from` plus what enters this branch
	own    int32 // the bus's voltage
	parent int32 // the parent's voltage
	_      int32
}

// The state of n buses and so many lanes (injections side by side) consists of
// vectors, one number per lane. By bus index, there are pairs for the demand (P, Q)
// and for the power through the bus (P, Q), then the squared voltages v and, one
// stride further, their reciprocals w. Between the sweeps of a round, v_f - v_t
// stands in the place of v_t. The stride is n rounded up to whole vectors of the
// scalar kernel.
func sweepState(buses, lanes int) []float64 {
	return make([]float64, (4*buses+2*voltageStride(buses))*lanes)
}

func voltageStride(buses int) int { return (buses + 3) &^ 3 }

func demandAt(bus, lanes int) int32         { return int32(2 * bus * lanes) }
func throughAt(bus, buses, lanes int) int32 { return int32(2 * (buses + bus) * lanes) }
func voltageAt(bus, buses, lanes int) int32 { return int32((4*buses + bus) * lanes) }

// startVoltages makes the start flat.
func startVoltages(state []float64, buses, slack, lanes int, slackPU float64) {
	at, stride := int(voltageAt(0, buses, lanes)), voltageStride(buses)*lanes
	v, w := state[at:at+stride], state[at+stride:at+2*stride]
	v0 := slackPU * slackPU
	w[0] = 1 / v0
	for filled := 1; filled < len(w); filled *= 2 {
		copy(w[filled:], w[:filled])
	}
	for i := range lanes {
		v[slack*lanes+i] = v0
	}
	for i := buses * lanes; i < len(v); i++ { // the padding, which stays
		v[i] = v0
	}
}

// newSteps lists the branches of a tree in the order of the backward sweep: the
// deepest level first, as neighbours in this order seldom wait for each other,
// which a processor makes use of.
func newSteps(t *Tree, lanes int) []step {
	n := len(t.Order)
	steps := make([]step, 0, n-1)
	drawn := make([]bool, n)
	through := func(bus int) int32 {
		if drawn[bus] {
			return throughAt(bus, n, lanes)
		}
		return demandAt(bus, lanes)
	}
	levels := t.levels()
	for i := n - 1; i > 0; i-- {
		bus := levels[i]
		parent := t.Parent[bus]
		r, x := t.R[bus], t.X[bus]
		steps = append(steps, step{
			r: r, x: x, r2: 2 * r, x2: 2 * x, z2: r*r + x*x,
			arrive: through(bus), from: through(parent), into: throughAt(parent, n, lanes),
			own: voltageAt(bus, n, lanes), parent: voltageAt(parent, n, lanes),
		})
		drawn[parent] = true
	}
	return steps
}

func newSweep(n *Network, t *Tree) *sweep {
	size := len(n.Buses)
	s := &sweep{
		net: n, tree: t, steps: newSteps(t, 1), state: sweepState(size, 1),
		w: make([]float64, size),
	}
	for _, k := range scalarKernels() {
		if size >= k.least {
			s.kernel = k
			break
		}
	}
	return s
}

// voltages returns v and w by bus index.
func (s *sweep) voltages() (v, w []float64) {
	n := len(s.w)
	at := int(voltageAt(0, n, 1))
	return s.state[at : at+n], s.state[at+voltageStride(n):][:n]
}

// solve runs rounds from a flat start until the estimated error of |V| is at
// most tolerance. WorstBus and MismatchPU are left to mismatch.
func (s *sweep) solve(demandP, demandQ []float64, slackPU, tolerance float64) Status {
	s.start(demandP, demandQ, slackPU)
	last := 0.0
	for it := 1; ; it++ {
		change := s.kernel.round(s.steps, s.state)
		end := sweepEnd(change, last, tolerance)
		if end == sweepGoesOn && it < maxSweepRounds {
			last = change
			continue
		}
		return Status{Converged: end == sweepConverged, Iterations: it, Method: "sweep"}
	}
}

type sweepVerdict int

const (
	sweepGoesOn sweepVerdict = iota
	sweepConverged
	sweepFailed
)

// sweepEnd judges a round by its largest relative change of v and that of the
// round before; 0 before the first, which so is the last only if nothing changed.
func sweepEnd(change, last, tolerance float64) sweepVerdict {
	switch {
	// Changes shrink geometrically, by q = change/last, so what is still missing
	// in v is about change q / (1-q), and in |V| half of that.
	case change*change < 2*tolerance*(last-change) || change < sweepFloor:
		return sweepConverged
	case !(change < 1): // also not a number
		return sweepFailed
	}
	return sweepGoesOn
}

func (s *sweep) start(demandP, demandQ []float64, slackPU float64) {
	s.kernel.load(demandP, demandQ, len(s.w), s.state)
	startVoltages(s.state, len(s.w), s.tree.Order[0], 1, slackPU)
}

func loadGo(p, q []float64, buses int, state []float64) {
	p, q = p[:buses], q[:buses]
	for i := range p {
		state[2*i], state[2*i+1] = p[i], q[i]
	}
}

// roundGo does one backward and one forward sweep of one lane, and returns the
// largest relative change of a squared voltage; not a number if there is one. The
// kernels in assembly do the very same operations, fused ones included, and so
// give the same bits.
func roundGo(steps []step, state []float64) (change float64) {
	n := len(steps) + 1
	reciprocals := state[voltageStride(n):] // of the v at state[i], reciprocals[i]
	for i := range steps {
		s := &steps[i]
		p, q, w := state[s.arrive], state[s.arrive+1], reciprocals[s.own]
		square := math.FMA(q, q, float64(p*p))
		state[s.into] = math.FMA(square, float64(s.r*w), state[s.from]+p)
		state[s.into+1] = math.FMA(square, float64(s.x*w), state[s.from+1]+q)
		state[s.own] = math.FMA(s.r2, p, math.FMA(s.x2, q, float64(s.z2*float64(square*w))))
	}
	for i := len(steps) - 1; i >= 0; i-- {
		s := &steps[i]
		state[s.own] = state[s.parent] - state[s.own]
	}
	worst := uint64(0) // bits of the largest |d|: as bits, not-a-number is larger than any
	first := 4 * n
	v, w := state[first:first+n], reciprocals[first:first+n]
	for i := range v {
		d := math.FMA(-v[i], w[i], 1)
		next := 1 + d
		w[i] *= math.FMA(float64(d*d), next, next)
		worst = max(worst, math.Float64bits(d)&^(1<<63))
	}
	return math.Float64frombits(worst)
}

func storeGo(state []float64, buses int, vm []float64) {
	v := state[voltageAt(0, buses, 1):]
	for i := range buses {
		vm[i] = math.Sqrt(v[i])
	}
}

func (s *sweep) magnitudes(vm []float64) { s.kernel.store(s.state, len(s.w), vm) }

// mismatch does one more round and returns the largest power imbalance, the
// losses of a branch at the new voltages less those that were reckoned with, and
// the ID of its bus.
func (s *sweep) mismatch() (worst float64, busID int) {
	first := voltageAt(0, len(s.w), 1)
	_, w := s.voltages()
	copy(s.w, w)
	s.kernel.round(s.steps, s.state)
	bus := s.tree.Order[0]
	for i := range s.steps {
		k := &s.steps[i]
		own := int(k.own - first)
		p, q := s.state[k.arrive], s.state[k.arrive+1]
		d := (p*p + q*q) * (w[own] - s.w[own])
		if d *= d * k.z2; d > worst {
			worst, bus = d, own
		}
	}
	return math.Sqrt(worst), s.net.Buses[bus].ID
}

// flow reads the solved power flow off the last round.
func (s *sweep) flow(out *Flow) {
	n := len(s.w)
	first := voltageAt(0, n, 1)
	out.LossP, out.LossQ = 0, 0
	s.magnitudes(out.VM)
	slack := s.tree.Order[0]
	out.VA[slack] = 0
	through := s.state[throughAt(slack, n, 1):]
	out.SlackP, out.SlackQ = through[0], through[1]
	for i := len(s.steps) - 1; i >= 0; i-- {
		k := &s.steps[i]
		bus, parent := k.own-first, k.parent-first
		p, q, v := s.state[k.arrive], s.state[k.arrive+1], s.state[k.own]
		l := (p*p + q*q) / v
		lossP, lossQ := k.r*l, k.x*l
		// V_f conj(V_t) = v_t + z (P - jQ): the angle from t to f.
		out.VA[bus] = out.VA[parent] - math.Atan2(k.x*p-k.r*q, v+k.r*p+k.x*q)
		b := s.tree.BranchOf[bus]
		if s.net.Branches[b].To == s.net.Buses[bus].ID {
			out.BranchP[b], out.BranchQ[b] = p+lossP, q+lossQ
		} else {
			out.BranchP[b], out.BranchQ[b] = -p, -q
		}
		out.LossP += lossP
		out.LossQ += lossQ
	}
}
