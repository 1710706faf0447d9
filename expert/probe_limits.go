package expert

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/profile"
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

func verb(allows bool) string {
	if allows {
		return "allows"
	}
	return "reaches only"
}
