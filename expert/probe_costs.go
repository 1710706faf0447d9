package expert

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
)

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
		var bills [3]bill
		for k, m := range []*Parts{c.program, c.human, bare} {
			var err error
			bills[k], err = c.billOf(ctx, m, course)
			switch {
			case k == 0 && errors.Is(err, convex.ErrInfeasible):
				return &Finding{"limits", brief(fmt.Sprintf("at current_time = %d it refuses decisions that the devices can take: %v", c.state.CurrentTime, err))}, nil
			case k == 0 && errors.Is(err, convex.ErrUnbounded):
				return &Finding{"costs", brief(fmt.Sprintf("at current_time = %d its cost falls without limit, whatever the devices do: %v", c.state.CurrentTime, err))}, nil
			}
			if c.doubt(err) != nil {
				return nil, err
			}
			if err != nil {
				continue courses
			}
		}
		program, human, devices := bills[0].cost, bills[1].cost, bills[2].cost
		switch {
		case math.Abs(program-human) <= costTolerance*c.worth():
		case i < len(kept) || len(c.spec.Preferences) == 0:
			return &Finding{"costs", fmt.Sprintf("at current_time = %d a course of all devices that costs %s is said to cost %s%s",
				c.state.CurrentTime, number(human, program), number(program, human), c.dearest(bills[0], bills[1]))}, nil
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

// bill is what a course costs by a model, and what one kW more of each decision
// in each step adds to it.
type bill struct {
	cost     float64
	marginal map[string][]float64
}

func (c *comparison) billOf(ctx context.Context, m *Parts, course map[string][]float64) (bill, error) {
	rows := []*convex.Constraint{m.P2PKW.EQ(0).Named("no peers")}
	for _, name := range ActionNames(c.x) {
		rows = append(rows, m.Actions[name].EQ(course[name]).Named(name))
	}
	s, err := m.solve(ctx, convex.Minimize(m.Cost), rows...)
	if err != nil {
		return bill{}, err
	}
	b := bill{cost: s.Objective, marginal: map[string][]float64{}}
	for k, name := range ActionNames(c.x) {
		for _, dual := range s.Dual(rows[k+1]) {
			b.marginal[name] = append(b.marginal[name], -dual)
		}
	}
	return b, nil
}

// dearest names the decision whose price is most wrong.
func (c *comparison) dearest(program, human bill) string {
	worst, words := 0.0, ""
	for _, name := range ActionNames(c.x) {
		for t, right := range human.marginal[name] {
			said := program.marginal[name][t]
			if off := math.Abs(said-right) * c.rangeOf(name); off > worst*1.0001 && off > costTolerance*c.worth()/float64(c.state.Steps()) {
				worst = off
				words = fmt.Sprintf("; one kW more of %s[%d] adds %s, and %s is right", name, t, number(said, right), number(right, said))
			}
		}
	}
	return words
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
