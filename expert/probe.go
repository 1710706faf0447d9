package expert

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
	"github.com/peerwatt/peerwatt/profile"
)

// Finding is where a program is not the model of its prosumer, in words that it
// can be corrected by.
type Finding struct {
	Rule  string `json:"rule"` // run, balance, limits, wishes, costs, prices or trade
	Words string `json:"words"`
}

// String is the finding in words.
func (f Finding) String() string { return f.Words }

// Prober compares programs with what their prosumer is and wants. It does not
// read a program: it asks what the program allows, by support functions (the
// largest value of some combination of decisions under the program's
// constraints), and what it costs, at states of its own choice.
type Prober struct {
	Spec *Spec
	// Base is a state whose loads, weather and prices are used, at other times
	// and with other states of the devices.
	Base *State
	Seed uint64
}

// Probe returns what it finds wrong with a program, the first of each kind; none
// where the program is right. load gives the program's parts at a state. An
// error means that probing itself failed.
func (p *Prober) Probe(ctx context.Context, load func(*State) (*Parts, error)) ([]Finding, error) {
	var found []Finding
	for _, at := range p.states() {
		parts, err := load(at.state)
		if err != nil {
			found = append(found, Finding{"run", fmt.Sprintf("at current_time = %d: %v", at.state.CurrentTime, err)})
			break
		}
		if err := parts.check(p.Spec.Prosumer, at.state.Steps()); err != nil {
			found = append(found, Finding{"run", fmt.Sprintf("at current_time = %d: %v", at.state.CurrentTime, err)})
			break
		}
		c := &comparison{x: p.Spec.Prosumer, spec: p.Spec, state: at.state, program: parts, human: HumanParts(p.Spec, at.state)}
		for _, check := range at.checks {
			f, err := check(c, ctx)
			if err != nil {
				return found, err
			}
			if f != nil {
				found = append(found, *f)
			}
		}
		if len(found) > 0 {
			break // what follows would repeat it in other words
		}
	}
	return found, nil
}

// probeState is a state with what is asked at it.
type probeState struct {
	state  *State
	checks []func(*comparison, context.Context) (*Finding, error)
}

// states are where a program is probed: late in the day, where problems are
// small, for what it allows; at several times for what it costs, with devices
// where they are seldom.
func (p *Prober) states() []probeState {
	r := rand.New(rand.NewPCG(p.Seed, 0x9e0be))
	at := func(step int, soc, cdg float64) *State {
		s := *p.Base
		s.CurrentTime = step
		if b := p.Spec.Prosumer.BESS; b != nil {
			s.SOC = b.SOCMin + soc*(b.SOCMax-b.SOCMin)
		}
		if c := p.Spec.Prosumer.CDG; c != nil {
			s.CDGKW = c.MinKW + cdg*(c.MaxKW-c.MinKW)
		}
		// Prices of its own, so that every device is worth using somewhere.
		s.BuyPerKWh, s.SellPerKWh = make([]float64, profile.StepsPerDay), make([]float64, profile.StepsPerDay)
		for t := range s.BuyPerKWh {
			s.BuyPerKWh[t] = 0.5 + r.Float64()
			s.SellPerKWh[t] = s.BuyPerKWh[t] * (0.2 + 0.6*r.Float64())
		}
		s.FeePerKWh, s.StoredPerKWh = 0.02+0.05*r.Float64(), 0.3+0.3*r.Float64()
		return &s
	}
	last := profile.StepsPerDay - 1
	return []probeState{
		{at(last-15, 0.5, 0.5), []func(*comparison, context.Context) (*Finding, error){(*comparison).balance, (*comparison).limits}},
		{at(0, 0.4, 0), []func(*comparison, context.Context) (*Finding, error){(*comparison).wishes, (*comparison).prices, (*comparison).trade}},
		{at(44, 0, 1), []func(*comparison, context.Context) (*Finding, error){(*comparison).limits, (*comparison).prices}},
		{at(68, 1, 0.2), []func(*comparison, context.Context) (*Finding, error){(*comparison).wishes, (*comparison).prices, (*comparison).trade}},
		{at(last, 0.2, 0.7), []func(*comparison, context.Context) (*Finding, error){(*comparison).balance, (*comparison).limits, (*comparison).prices}},
	}
}

// comparison is a program beside the human expert's model at one state.
type comparison struct {
	x              *community.Prosumer
	spec           *Spec
	state          *State
	program, human *Parts
	unsolved       int // questions that the solver could not answer
}

// doubt takes note of a question that the solver could not answer; too many are
// an error.
func (c *comparison) doubt(err error) error {
	const most = 3
	if !errors.Is(err, convex.ErrNotSolved) {
		return err
	}
	if c.unsolved++; c.unsolved > most {
		return fmt.Errorf("more than %d questions without an answer: %w", most, err)
	}
	return nil
}

// Tolerances: of powers as a share of a device's range, of costs as a share of
// what the day's energy is worth. Solvers are right to 1e-8; the rest is room
// for programs that write 3.75 where 0.1 * 37.5 is meant.
const (
	powerTolerance = 1e-3
	costTolerance  = 2e-4
)

// balance holds P_EX and Q_EX against what they are the balance of, eqs. (9)
// and (10): a prosumer must not tell the operator something else than it does.
func (c *comparison) balance(ctx context.Context) (*Finding, error) {
	t := c.state.CurrentTime
	active, reactive := convex.Const(c.state.LoadKW[t:]), convex.Const(c.state.LoadKvar[t:])
	for _, name := range ActionNames(c.x) {
		a := c.program.Actions[name]
		switch {
		case strings.HasPrefix(name, "Q_"):
			reactive = reactive.Minus(a)
		case name == "P_BESS":
			active = active.Plus(a)
		default:
			active = active.Minus(a)
		}
	}
	differences, err := newSupport(c.program, []string{"P_EX", "Q_EX"}, map[string]*convex.Expr{
		"P_EX": c.program.ExchangeKW.Plus(active), "Q_EX": c.program.ExchangeKvar.Plus(reactive),
	})
	if err != nil {
		return nil, err
	}
	words := map[string]string{
		"P_EX": "generation and shed load less load and battery charging",
		"Q_EX": "the reactive power of the renewable units less the reactive load",
	}
	for _, name := range []string{"P_EX", "Q_EX"} {
		for _, step := range c.steps() {
			for _, sign := range []float64{1, -1} {
				value, f, err := differences.most(ctx, []term{{name, step, sign}})
				if f != nil || err != nil {
					return f, err
				}
				if value > powerTolerance*c.x.PeakLoadKW {
					return &Finding{"balance", fmt.Sprintf("%s[%d] is not %s", name, step, words[name])}, nil
				}
			}
		}
	}
	return nil, nil
}

// steps are those of the horizon that are asked about.
func (c *comparison) steps() []int {
	n := c.state.Steps()
	return slices.Compact([]int{0, n / 2, n - 1})
}

// support answers what the largest value of a combination of vectors is under a
// model's constraints. It is compiled once.
type support struct {
	program *convex.Program
	weights *convex.Expr // parameter, one vector of weights after the other
	at      map[string]int
	steps   int
}

// term is a part of a combination: a weight of one entry of a vector.
type term struct {
	name   string
	step   int
	weight float64
}

func newSupport(m *Parts, names []string, of map[string]*convex.Expr, rows ...*convex.Constraint) (*support, error) {
	s := &support{at: map[string]int{}, steps: m.P2PKW.Size()}
	var all []any
	for _, name := range names {
		s.at[name] = len(all) * s.steps
		all = append(all, of[name])
	}
	s.weights = convex.Parameter("weights", convex.Vec(len(all)*s.steps))
	what := convex.MatMul(s.weights, convex.Hstack(all...))
	if m.set != nil {
		what = what.Minus(m.Cost.Times(0)) // so that all parameters are there to be set
	}
	var err error
	s.program, err = convex.NewProblem(convex.Maximize(what), slices.Concat(m.Constraints, rows)...).Compile()
	if err == nil && m.set != nil {
		err = m.set(s.program)
	}
	return s, err
}

// most is the largest value of a combination, infinite where nothing bounds it.
// A model whose constraints contradict each other is a finding.
func (s *support) most(ctx context.Context, terms []term) (float64, *Finding, error) {
	solution, err := s.solve(ctx, terms)
	if err != nil {
		return 0, nil, err
	}
	switch solution.Status {
	case convex.Unbounded:
		return math.Inf(1), nil, nil
	case convex.Infeasible:
		return 0, &Finding{"run", brief(fmt.Sprintf("the constraints contradict each other: %v", reference.Explained(ctx, s.program, solution)))}, nil
	}
	return solution.Objective, nil, solution.Err()
}

// solve finds where a combination is largest.
func (s *support) solve(ctx context.Context, terms []term) (*convex.Solution, error) {
	w := make([]float64, s.weights.Size())
	for _, t := range terms {
		w[s.at[t.name]+t.step] += t.weight
	}
	if err := s.program.Set(s.weights, w); err != nil {
		return nil, err
	}
	return s.program.Solve(ctx, convex.Options{})
}

// direction is a combination of decisions, and what to say where it can be more
// or less than it should.
type direction struct {
	terms []term
	scale float64
	says  func(program, human float64) string
}

// limits compares what both models allow.
func (c *comparison) limits(ctx context.Context) (*Finding, error) {
	names := ActionNames(c.x)
	human, err := newSupport(c.human, names, c.human.Actions)
	if err != nil {
		return nil, err
	}
	program, err := newSupport(c.program, names, c.program.Actions)
	if err != nil {
		return nil, err
	}
	for _, d := range c.directions() {
		right, f, err := human.most(ctx, d.terms)
		if err == nil && f != nil {
			err = fmt.Errorf("the reference model: %v", f)
		}
		if err != nil {
			return nil, err
		}
		got, f, err := program.most(ctx, d.terms)
		if f != nil || c.doubt(err) != nil {
			return f, err
		}
		if err != nil {
			continue
		}
		if math.Abs(got-right) > powerTolerance*d.scale {
			return &Finding{"limits", d.says(got, right)}, nil
		}
	}
	return nil, nil
}

// directions are what is asked of both models.
func (c *comparison) directions() []direction {
	var list []direction
	add := func(terms []term, scale float64, says func(program, human float64) string) {
		list = append(list, direction{terms, scale, says})
	}
	for _, name := range ActionNames(c.x) {
		scale := c.rangeOf(name)
		for _, t := range c.steps() { // the largest and the smallest
			add([]term{{name, t, 1}}, scale, func(p, h float64) string {
				return fmt.Sprintf("%s %s[%d] = %s, and at most %s is right", verb(p > h), name, t, number(p, h), number(h, p))
			})
			add([]term{{name, t, -1}}, scale, func(p, h float64) string {
				return fmt.Sprintf("%s %s[%d] = %s, and at least %s is right", verb(p > h), name, t, number(-p, -h), number(-h, -p))
			})
		}
		n := c.state.Steps()
		for _, sign := range []float64{1, -1} {
			switch unit, reactive := strings.CutPrefix(name, "Q_"); {
			case reactive: // beside active power
				active, t := "P_"+unit, n/2
				add([]term{{active, t, 1}, {name, t, sign}}, scale, func(p, h float64) string {
					return fmt.Sprintf("%s %s[%d] and %s[%d] of together %s, and at most %s is right for the inverter", verb(p > h), active, t, name, t, number(p, h), number(h, p))
				})
			case name == "P_CDG" && n > 1: // how fast it changes
				way := map[float64]string{1: "rise", -1: "fall"}[sign]
				add([]term{{name, n / 2, sign}, {name, n/2 - 1, -sign}}, scale, func(p, h float64) string {
					return fmt.Sprintf("%s %s to %s by %s from step %d to step %d, and at most %s is right", verb(p > h), name, way, number(p, h), n/2-1, n/2, number(h, p))
				})
			case name == "P_BESS" && n > 1: // how much energy goes in or out, and back again
				way := map[float64]string{1: "charge", -1: "discharge"}[sign]
				var through, back []term
				for t := range n {
					through = append(through, term{name, t, sign * profile.StepHours})
					turn := sign
					if t < n/2 {
						turn = -sign
					}
					back = append(back, term{name, t, turn * profile.StepHours})
				}
				add(through, scale, func(p, h float64) string {
					return fmt.Sprintf("%s the battery to %s %s kWh over %d steps, and at most %s kWh is right", verb(p > h), way, number(p, h), n, number(h, p))
				})
				add(back, scale, func(p, h float64) string {
					return fmt.Sprintf("%s the battery to take in and give back %s kWh over %d steps, and at most %s kWh is right (efficiency?)", verb(p > h), number(p, h), n, number(h, p))
				})
			}
		}
	}
	return list
}

// rangeOf is the size of a decision, kW or kvar.
func (c *comparison) rangeOf(name string) float64 {
	switch name {
	case "P_CDG":
		return c.x.CDG.MaxKW - c.x.CDG.MinKW
	case "P_BESS":
		return c.x.BESS.MaxKW - c.x.BESS.MinKW
	case "P_CL":
		return c.x.CL.Alpha * c.x.PeakLoadKW
	}
	for k, unit := range UnitNames(c.x) {
		if strings.HasSuffix(name, "_"+unit) {
			return c.x.RDGs[k].ApparentKVA
		}
	}
	return 1
}

// brief cuts a text that repeats itself for every step.
func brief(s string) string {
	const most = 500
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " ..."
	}
	return s
}

func verb(allows bool) string {
	if allows {
		return "allows"
	}
	return "reaches only"
}

// wishes holds the decisions of both models to the same courses and compares what
// these cost: first courses that keep every wish, then some that miss wishes as
// far as the devices can.
func (c *comparison) wishes(ctx context.Context) (*Finding, error) {
	// Where wishes cannot be kept there are only the courses that miss them.
	kept, _ := c.courses(ctx, c.human.penalty.LE(costTolerance*c.worth()/2).Named("wishes"))
	missed, err := c.courses(ctx)
	if err != nil {
		return nil, err
	}
	bare := HumanParts(&Spec{Prosumer: c.x, ReactivePricePerKvar2h: c.spec.ReactivePricePerKvar2h}, c.state)
courses:
	for i, course := range append(kept, missed...) {
		var cost [3]float64
		for k, m := range []*Parts{c.program, c.human, bare} {
			rows := []*convex.Constraint{m.P2PKW.EQ(0).Named("no peers")}
			for _, name := range ActionNames(c.x) {
				rows = append(rows, m.Actions[name].EQ(course[name]).Named(name))
			}
			s, err := m.solve(ctx, convex.Minimize(m.Cost), rows...)
			if k == 0 && (errors.Is(err, convex.ErrInfeasible) || errors.Is(err, convex.ErrUnbounded)) {
				return &Finding{"limits", brief(fmt.Sprintf("at current_time = %d it refuses decisions that the devices can take: %v", c.state.CurrentTime, err))}, nil
			}
			if c.doubt(err) != nil {
				return nil, err
			}
			if err != nil {
				continue courses
			}
			cost[k] = s.Objective
		}
		program, human, devices := cost[0], cost[1], cost[2]
		switch {
		case math.Abs(program-human) <= costTolerance*c.worth():
		case i < len(kept) || len(c.spec.Preferences) == 0:
			return &Finding{"costs", fmt.Sprintf("at current_time = %d a course of all devices that costs %s is said to cost %s",
				c.state.CurrentTime, number(human, program), number(program, human))}, nil
		default:
			var wishes []string
			for _, p := range c.spec.Preferences {
				wishes = append(wishes, p.String())
			}
			return &Finding{"wishes", fmt.Sprintf("at current_time = %d a course that misses wishes is charged %s for it, and %s is right (%s; 1000 per unit and step)",
				c.state.CurrentTime, number(program-devices, human-devices), number(human-devices, program-devices), strings.Join(wishes, "; "))}, nil
		}
	}
	return nil, nil
}

// courses are ways to run the devices, a little inside of what they can do: much
// of everything, little, and at random.
func (c *comparison) courses(ctx context.Context, rows ...*convex.Constraint) ([]map[string][]float64, error) {
	names := ActionNames(c.x)
	s, err := newSupport(c.human, names, c.human.Actions, rows...)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(uint64(c.state.CurrentTime), 0xc0))
	var courses []map[string][]float64
	for k := range 3 {
		var terms []term
		for _, name := range names {
			for t := range s.steps {
				w := map[int]float64{0: 1, 1: -1}[k]
				if k > 1 {
					w = r.NormFloat64()
				}
				terms = append(terms, term{name, t, w / c.rangeOf(name)})
			}
		}
		solution, err := s.solve(ctx, terms)
		if err == nil {
			err = solution.Err()
		}
		if err != nil {
			return nil, err
		}
		course := map[string][]float64{}
		for _, name := range names {
			course[name] = solution.Value(c.human.Actions[name])
		}
		courses = append(courses, course)
	}
	for _, name := range names {
		for t := range s.steps {
			middle := 0.0
			for _, course := range courses {
				middle += course[name][t] / float64(len(courses))
			}
			for _, course := range courses {
				course[name][t] += 0.15 * (middle - course[name][t])
			}
		}
	}
	return courses, nil
}

// worth is what the energy of the steps ahead is worth.
func (c *comparison) worth() float64 {
	sum := 0.0
	for t := c.state.CurrentTime; t < profile.StepsPerDay; t++ {
		sum += c.state.BuyPerKWh[t] * c.x.PeakLoadKW * profile.StepHours
	}
	return sum
}

// number prints v, with as many digits as it takes to tell it from other.
func number(v, other float64) string {
	if math.IsInf(v, 0) {
		return "any amount"
	}
	for digits := 3; digits < 8; digits++ {
		s := fmt.Sprintf("%.*g", digits, v)
		if s != fmt.Sprintf("%.*g", digits, other) {
			return s
		}
	}
	return fmt.Sprintf("%.8g", v)
}

// prices compares what the optimum costs without peers.
func (c *comparison) prices(ctx context.Context) (*Finding, error) {
	return c.costs(ctx, "prices", "", func(m *Parts) *convex.Constraint { return m.P2PKW.EQ(0).Named("no peers") })
}

// trade compares what the optimum costs when peers give, and when they take.
func (c *comparison) trade(ctx context.Context) (*Finding, error) {
	for _, kw := range []float64{0.3 * c.x.PeakLoadKW, -0.3 * c.x.PeakLoadKW} {
		way := "buys"
		if kw < 0 {
			way = "sells"
		}
		says := fmt.Sprintf(" when it %s %.4g kW from or to peers in every step", way, math.Abs(kw))
		f, err := c.costs(ctx, "trade", says, func(m *Parts) *convex.Constraint { return m.P2PKW.EQ(kw).Named("trade") })
		if f != nil || err != nil {
			return f, err
		}
	}
	return nil, nil
}

// costs compares the optimal costs under a further row.
func (c *comparison) costs(ctx context.Context, rule, when string, row func(*Parts) *convex.Constraint) (*Finding, error) {
	h, err := c.human.solve(ctx, convex.Minimize(c.human.Cost), row(c.human))
	if err != nil {
		return nil, err
	}
	p, err := c.program.solve(ctx, convex.Minimize(c.program.Cost), row(c.program))
	switch {
	case errors.Is(err, convex.ErrInfeasible), errors.Is(err, convex.ErrUnbounded):
		return &Finding{rule, brief(fmt.Sprintf("at current_time = %d%s there is no optimum: %v", c.state.CurrentTime, when, err))}, nil
	case err != nil:
		return nil, err
	}
	ours, right := p.Objective, h.Objective
	if math.Abs(ours-right) <= costTolerance*c.worth() {
		return nil, nil
	}
	words := fmt.Sprintf("at current_time = %d%s the optimum costs %s, and %s is right", c.state.CurrentTime, when, number(ours, right), number(right, ours))
	return &Finding{rule, words + c.whereDifferent(p, h)}, nil
}

// whereDifferent names the decision in which two optima differ most.
func (c *comparison) whereDifferent(program, human *convex.Solution) string {
	worst, words := 0.02, ""
	for _, name := range ActionNames(c.x) {
		theirs := human.Value(c.human.Actions[name])
		for t, v := range program.Value(c.program.Actions[name]) {
			if d := math.Abs(v-theirs[t]) / c.rangeOf(name); d > worst {
				worst = d
				words = fmt.Sprintf("; they differ most in %s[%d]: %s instead of %s", name, t, number(v, theirs[t]), number(theirs[t], v))
			}
		}
	}
	return words
}
