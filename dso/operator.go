package dso

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

// Options say how an operator plans.
type Options struct {
	// WithoutLimits leaves the network out: what the community would do if no
	// line had a resistance. Plans are verified all the same.
	WithoutLimits bool
	// MarginPU tightens both voltage limits in plans, for what forecasts and
	// pupils get wrong. Results are judged by the limits themselves.
	MarginPU float64
	// MaxRounds bounds the problems solved for one plan; 0 means 10.
	MaxRounds int
}

// Operator plans for a community on a network. It keeps the structure of the
// problems it has met, one per length of horizon, so that only the first of a
// kind is written and analysed. It is for one goroutine at a time.
type Operator struct {
	scenario *community.Scenario
	network  *grid.Network
	options  Options
	verifier *verifier

	feeder    *feeder
	reachable []side // limits that need rows

	kept  kept          // problems of the reference models
	cache *convex.Cache // solvers for members that callers bring
}

// New makes an operator. It fails where the network is not radial or lacks a
// prosumer's bus.
func New(s *community.Scenario, n *grid.Network, o Options) (*Operator, error) {
	if o.MarginPU < 0 || 2*o.MarginPU >= s.Feeder.VMaxPU-s.Feeder.VMinPU {
		return nil, fmt.Errorf("dso: a voltage margin of %g p.u. leaves nothing between %g and %g", o.MarginPU, s.Feeder.VMinPU, s.Feeder.VMaxPU)
	}
	if o.MaxRounds == 0 {
		o.MaxRounds = 10
	}
	ids := make([]int, len(s.Prosumers))
	for i := range ids {
		ids[i] = s.Prosumers[i].Bus
	}
	f, err := newFeeder(n, ids)
	if err != nil {
		return nil, err
	}
	sides, err := reachable(f, n, s)
	if err != nil {
		return nil, err
	}
	v, err := newVerifier(n, &s.Feeder, f.bus)
	if err != nil {
		return nil, err
	}
	return &Operator{
		scenario: s, network: n, options: o, verifier: v,
		feeder: f, reachable: sides, cache: convex.NewCache(keptMembers),
	}, nil
}

// tolerancePU is how far outside its (tightened) limits a plan may leave a
// voltage, and how well the rows must know it: below what counts as a violation,
// and in keeping with the margin.
func (o *Operator) tolerancePU() float64 { return community.TolerancePU/2 + o.options.MarginPU/10 }

// Plan finds the best strategy of every prosumer from a situation on. Where limits
// cannot be held, it is the plan that misses them least, with its Conflicts; where
// a member's model wants what its devices cannot do, that is cut off, and is one
// of the plan's Deviations. A problem without a solution for the sake of some
// prosumers is a *MemberError.
func (o *Operator) Plan(ctx context.Context, s *Situation) (*Plan, error) {
	if err := s.check(o.scenario.Prosumers); err != nil {
		return nil, err
	}
	p, err := o.plan(ctx, s)
	if err != nil {
		return nil, err
	}
	guarded := o.guard(s, p)
	if guarded == nil {
		return p, nil
	}
	q, err := o.plan(ctx, guarded)
	var members *MemberError
	if errors.As(err, &members) { // a model of a battery that cannot be
		return p, nil
	}
	return q, err
}

// guard is the situation with the batteries guarded that cannot do what the plan
// wants of them; nil where all can.
func (o *Operator) guard(s *Situation, p *Plan) *Situation {
	var guarded *Situation
	for _, d := range p.Deviations {
		if d.Decision != "P_BESS" {
			continue
		}
		if guarded == nil {
			copied := *s
			guarded, copied.Members = &copied, slices.Clone(s.Members)
		}
		if i := d.prosumer; guarded.Members[i].battery == nil {
			guarded.Members[i] = s.Members[i].guarded(&o.scenario.Prosumers[i], s.steps())
		}
	}
	return guarded
}

// plan plans for the members as they are.
func (o *Operator) plan(ctx context.Context, s *Situation) (*Plan, error) {
	if near := s.Near.from(o.scenario.Prosumers, s); near != nil {
		o.verifier.voltages(s.Day, near)
		return o.limited(ctx, s, near)
	}
	// Most days need no network, and then its rows would only cost time.
	free, err := o.joint(s, nil, false)
	if err != nil {
		return nil, err
	}
	p, err := o.round(ctx, s, free, false)
	if err != nil {
		return nil, err
	}
	if p.Rounds = 1; o.check(s, p) || o.options.WithoutLimits {
		return p, nil
	}
	return o.limited(ctx, s, p)
}

// limited plans with the network's rows, which it takes from the power flow at
// one plan after another, beginning with at, until that of the last plan holds
// the limits and the rows that matter stay where they were.
func (o *Operator) limited(ctx context.Context, s *Situation, at *Plan) (*Plan, error) {
	bounds, sides, soft := o.envelope(s, at), o.reachable, s.Near.gaveWay(s)
	j, err := o.joint(s, sides, soft)
	if err != nil {
		return nil, err
	}
	warm := false // the problem has been solved for this plan
	for rounds := at.Rounds + 1; ; rounds++ {
		if err := j.network.setBounds(j.program, bounds); err != nil {
			return nil, err
		}
		p, err := o.round(ctx, s, j, warm)
		if errors.Is(err, errLimits) {
			soft, warm = true, false
			if j, err = o.joint(s, sides, soft); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		p.Rounds, p.Network = rounds, true
		final, next := o.check(s, p), o.envelope(s, p)
		if final && next.movedPU(bounds) <= o.tolerancePU() || rounds >= o.options.MaxRounds {
			return p, nil
		}
		bounds, warm = next, true
		if more := union(sides, next.broken()); len(more) > len(sides) {
			sides, warm = more, false
			if j, err = o.joint(s, sides, soft); err != nil {
				return nil, err
			}
		}
	}
}

// check verifies a plan and reports whether it is final.
func (o *Operator) check(s *Situation, p *Plan) bool {
	return o.verifier.verify(s.Day, p, o.options.MarginPU, o.tolerancePU())
}

// envelope bounds the next plan by the voltages of this one. In a step in which
// this one makes the feeder collapse, it starts from no exchange at all.
func (o *Operator) envelope(s *Situation, p *Plan) *envelope {
	steps, n := len(p.SetPoints), len(o.scenario.Prosumers)
	voltage, active, reactive := make([][]float64, steps), table[float64](steps, n), table[float64](steps, n)
	for t := range steps {
		voltage[t] = p.VoltagePU[t]
		if slices.Max(voltage[t]) == 0 {
			voltage[t] = o.verifier.without(s.Day, p.First+t)
			continue
		}
		for i := range n {
			active[t][i], reactive[t][i] = o.network.PerUnit(p.exchangeKW[t][i]), o.network.PerUnit(p.exchangeKvar[t][i])
		}
	}
	limits, margin := &o.scenario.Feeder, o.options.MarginPU
	return newEnvelope(o.feeder, voltage, active, reactive, limits.VMinPU+margin, limits.VMaxPU-margin)
}

// joint returns the problem of a situation, with rows for these limits of the
// network, none where they are nil. It depends on nothing else: what was planned
// before shows in no plan.
func (o *Operator) joint(s *Situation, sides []side, soft bool) (*joint, error) {
	steps := s.steps()
	if s.Members == nil {
		if known := o.kept.find(steps, sides, soft); known != nil {
			return known, nil
		}
	}
	var network *networkRows
	if sides != nil {
		network = newNetworkRows(o.feeder, o.network, sides)
	}
	if s.Members != nil {
		return newJoint(o.scenario, steps, s.Members, network, soft, o.cache.Compile)
	}
	j, err := newJoint(o.scenario, steps, nil, network, soft, (*convex.Problem).Compile)
	if err != nil {
		return nil, err
	}
	o.kept.add(j)
	return j, nil
}

// round solves a problem, near its last solution if warm, and makes a plan.
func (o *Operator) round(ctx context.Context, s *Situation, j *joint, warm bool) (*Plan, error) {
	states := make([]*reference.State, len(o.scenario.Prosumers))
	for i := range states {
		states[i] = s.state(i)
	}
	solution, bound, exclusive, err := j.exclusive(ctx, s, states, warm)
	if err != nil {
		return nil, err
	}
	want := make([][]community.SetPoint, len(j.members))
	for i, m := range j.members {
		want[i] = m.Actions.SetPoints(solution, j.steps)
	}
	p := newPlan(o.scenario.Prosumers, s, want)
	p.Bound, p.Exclusive = bound*mega, exclusive
	for _, dual := range solution.Dual(j.balance) {
		p.ShadowPricePerKWh = append(p.ShadowPricePerKWh, dual/profile.StepHours)
	}
	if j.network != nil {
		p.short = j.network.shortPU(solution, j.steps, o.scenario.Feeder.VMinPU)
	}
	p.Deviations = deviations(o.scenario.Prosumers, s, want, p)
	p.settle(o.scenario.Prosumers, s)
	return p, nil
}
