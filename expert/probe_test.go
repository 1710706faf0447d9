package expert

import (
	"context"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// theWorld is the default community on the built-in year.
func theWorld(t testing.TB, preset string) *env.World {
	t.Helper()
	s, err := community.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	y, err := profile.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	m, err := market.New(market.DefaultConfig(), y)
	if err != nil {
		t.Fatal(err)
	}
	w, err := env.NewWorld(s, grid.Case141(), y, m)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// caseOf is the specification of a wish of the first prosumer of an archetype
// and its state at the beginning of a day.
func caseOf(t testing.TB, w *env.World, a community.Archetype, wish int) (*Spec, *State) {
	t.Helper()
	for i := range w.Scenario.Prosumers {
		x := &w.Scenario.Prosumers[i]
		if x.Archetype != a {
			continue
		}
		wishes, err := Wishes().Of(x)
		if err != nil {
			t.Fatal(err)
		}
		spec := &Spec{Prosumer: x, Preferences: wishes[wish].Preferences, ReactivePricePerKvar2h: w.Scenario.ReactivePricePerKvar2h}
		return spec, NewState(x, w.Calendar.Day(150), i, w.Market, 0, 0.5, 0)
	}
	t.Fatalf("no %s", a)
	return nil, nil
}

func TestProbeFindsNothingInTheHumansModel(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	for _, a := range community.Archetypes {
		wishes := 1
		if os.Getenv("PEERWATT_TEST_FULL") != "" {
			wishes = 5
		}
		for wish := range wishes {
			spec, base := caseOf(t, w, a, wish)
			p := &Prober{Spec: spec, Base: base}
			found, err := p.Probe(context.Background(), func(s *State) (*Parts, error) { return HumanParts(spec, s), nil })
			if err != nil || len(found) > 0 {
				t.Errorf("%s, wish %d: %v, %v", a, wish, found, err)
			}
		}
	}
}

// mutant is a way in which a model can be subtly wrong.
type mutant struct {
	name  string
	of    community.Archetype
	wish  int
	spec  func(*Spec)          // another specification, or
	parts func(*Parts, *State) // another model
	says  string
}

func expensive(e *convex.Expr, by float64) *convex.Expr { return e.Times(by) }

var humanMutants = []mutant{
	{name: "efficiency forgotten", of: "residential", spec: func(s *Spec) { s.Prosumer.BESS.Efficiency = 1 }, says: "battery"},
	{name: "efficiency on one side", of: "rural", spec: func(s *Spec) { s.Prosumer.BESS.Efficiency *= 0.975 }, says: "battery"},
	{name: "capacity 20 % too large", of: "hub", spec: func(s *Spec) { s.Prosumer.BESS.EnergyKWh *= 1.2 }, says: "battery"},
	{name: "lowest state of charge forgotten", of: "hub", spec: func(s *Spec) { s.Prosumer.BESS.SOCMin = 0 }, says: "allows the battery"},
	{name: "highest state of charge forgotten", of: "hub", spec: func(s *Spec) { s.Prosumer.BESS.SOCMax = 1 }, says: "allows the battery to charge"},
	{name: "charger 20 % too large", of: "residential", spec: func(s *Spec) { s.Prosumer.BESS.MaxKW *= 1.2 }, says: "allows P_BESS["},
	{name: "charger 20 % too small", of: "residential", spec: func(s *Spec) { s.Prosumer.BESS.MaxKW *= 0.8 }, says: "reaches only P_BESS["},
	{name: "discharger half", of: "rural", spec: func(s *Spec) { s.Prosumer.BESS.MinKW /= 2 }, says: "reaches only P_BESS["},
	{name: "maintenance forgotten", of: "rural", spec: func(s *Spec) { s.Prosumer.BESS.MaintenancePerKWh = 0 }, says: "cost"},
	{name: "generator 20 % too large", of: "commercial", spec: func(s *Spec) { s.Prosumer.CDG.MaxKW *= 1.2 }, says: "P_CDG["},
	{name: "generator never off", of: "industrial", spec: func(s *Spec) { s.Prosumer.CDG.MinKW = 10 }, says: "P_CDG["},
	{name: "ramp missing", of: "commercial", spec: func(s *Spec) { s.Prosumer.CDG.RampKW = 1e4 }, says: "P_CDG"},
	{name: "ramp per hour", of: "commercial", spec: func(s *Spec) { s.Prosumer.CDG.RampKW *= 4 }, says: "P_CDG"},
	{name: "ramp doubled", of: "hub", spec: func(s *Spec) { s.Prosumer.CDG.RampKW *= 2 }, says: "P_CDG"},
	{name: "quadratic fuel forgotten", of: "industrial", spec: func(s *Spec) { s.Prosumer.CDG.QuadraticPerKW2h = 0 }, says: "cost"},
	{name: "linear fuel halved", of: "industrial", spec: func(s *Spec) { s.Prosumer.CDG.LinearPerKWh /= 2 }, says: "cost"},
	{name: "inverter twice as large", of: "residential", spec: func(s *Spec) { s.Prosumer.RDGs[0].ReactiveShare = 1 }, says: "Q_PV["},
	{name: "load shed without bound", of: "commercial", spec: func(s *Spec) { s.Prosumer.CL.Alpha = 1 }, says: "P_CL["},
	{name: "load shed 20 % too much", of: "industrial", spec: func(s *Spec) { s.Prosumer.CL.Alpha *= 1.2 }, says: "P_CL["},
	{name: "compensation forgotten", of: "industrial", spec: func(s *Spec) { s.Prosumer.CL.CompensationPerKWh = 0 }, says: "cost"},
	{name: "compensation per step", of: "residential", spec: func(s *Spec) { s.Prosumer.CL.CompensationPerKWh *= 4 }, says: "cost"},
	{name: "wish forgotten", of: "hub", spec: func(s *Spec) { s.Preferences = nil }, says: "misses wishes"},
	{name: "wish at another hour", of: "residential", spec: func(s *Spec) { s.Preferences[0].FromStep -= 8 }, says: "a course"},
	{name: "wish with another value", of: "residential", spec: func(s *Spec) { s.Preferences[0].Value += 0.1 }, says: "a course"},
	{name: "wish turned round", of: "residential", spec: func(s *Spec) { s.Preferences[0].Relation = AtMost }, says: "a course"},
	{name: "exchange turned round", of: "hub", parts: func(p *Parts, _ *State) { p.ExchangeKW = p.ExchangeKW.Negate() }, says: "P_EX["},
	{name: "exchange without load", of: "hub", parts: func(p *Parts, s *State) { p.ExchangeKW = p.ExchangeKW.Plus(s.LoadKW[s.CurrentTime:]) }, says: "P_EX["},
	{name: "reactive load forgotten", of: "rural", parts: func(p *Parts, s *State) { p.ExchangeKvar = p.ExchangeKvar.Plus(s.LoadKvar[s.CurrentTime:]) }, says: "Q_EX["},
	{name: "battery turned round", of: "rural", parts: func(p *Parts, _ *State) { p.Actions["P_BESS"] = p.Actions["P_BESS"].Negate() }, says: "P_EX["},
	{name: "fee forgotten", of: "hub", parts: func(p *Parts, s *State) {
		p.Cost = p.Cost.Minus(convex.Sum(p.P2PKW).Times(s.FeePerKWh * profile.StepHours))
	}, says: "from or to peers"},
	{name: "costs without the length of a step", of: "commercial", parts: func(p *Parts, _ *State) { p.Cost = expensive(p.Cost, 4) }, says: "cost"},
	{name: "another's costs do not count", of: "commercial", parts: func(p *Parts, _ *State) { p.Cost = expensive(p.Cost, 1e6) }, says: "cost"},
	{name: "everything for free", of: "commercial", parts: func(p *Parts, _ *State) { p.Cost = p.Cost.Times(0) }, says: "cost"},
	{name: "contradicting constraints", of: "commercial", parts: func(p *Parts, _ *State) {
		p.Constraints = append(p.Constraints, p.Actions["P_CL"].GE(1e6).Named("absurd"))
	}, says: "contradict"},
	{name: "battery with no bounds", of: "residential", parts: func(p *Parts, _ *State) {
		p.Actions["P_BESS"] = convex.Variable("free", p.Actions["P_BESS"].Shape())
	}, says: "P_EX["},
	{name: "an action too many", of: "residential", parts: func(p *Parts, _ *State) { p.Actions["P_CDG"] = p.P2PKW }, says: `an action "P_CDG"`},
	{name: "an action too few", of: "residential", parts: func(p *Parts, _ *State) { delete(p.Actions, "P_CL") }, says: `"P_CL" is missing`},
}

func TestProbeFindsMutantsOfTheHumansModel(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	for _, m := range humanMutants {
		t.Run(m.name, func(t *testing.T) {
			spec, base := caseOf(t, w, m.of, m.wish)
			wrong := *spec
			x := *spec.Prosumer
			clone(&x)
			wrong.Prosumer, wrong.Preferences = &x, append([]Preference(nil), spec.Preferences...)
			if m.spec != nil {
				m.spec(&wrong)
			}
			p := &Prober{Spec: spec, Base: base}
			found, err := p.Probe(context.Background(), func(s *State) (*Parts, error) {
				at := *s
				if m.name == "inverter twice as large" {
					at.ReactiveLimit = NewState(&x, w.Calendar.Day(150), 12, w.Market, s.CurrentTime, s.SOC, s.CDGKW).ReactiveLimit
				}
				parts := HumanParts(&wrong, &at)
				if m.parts != nil {
					m.parts(parts, s)
				}
				return parts, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(found) == 0 {
				t.Fatal("nothing found")
			}
			t.Log(found[0])
			if !strings.Contains(found[0].Words, m.says) {
				t.Errorf("%q does not speak of %q", found[0].Words, m.says)
			}
		})
	}
}

// clone gives a prosumer devices of its own.
func clone(x *community.Prosumer) {
	if x.CDG != nil {
		c := *x.CDG
		x.CDG = &c
	}
	if x.BESS != nil {
		b := *x.BESS
		x.BESS = &b
	}
	if x.CL != nil {
		c := *x.CL
		x.CL = &c
	}
	x.RDGs = append([]community.RDG(nil), x.RDGs...)
}

func TestNumbersTellApart(t *testing.T) {
	for _, c := range []struct {
		v, other float64
		want     string
	}{{45, 37.5, "45"}, {37.5001, 37.5, "37.5001"}, {math.Inf(1), 3, "any amount"}, {1.0 / 3, 1, "0.333"}} {
		if got := number(c.v, c.other); got != c.want {
			t.Errorf("%v beside %v is %s, want %s", c.v, c.other, got, c.want)
		}
	}
}

// TestMarginalCosts holds what one kW more is said to add against the difference
// of two bills.
func TestMarginalCosts(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	ctx := context.Background()
	for _, a := range community.Archetypes {
		spec, state := caseOf(t, w, a, 0)
		state.CurrentTime = 40
		human := HumanParts(spec, state)
		c := &comparison{x: spec.Prosumer, spec: spec, state: state, human: human}
		courses, err := c.courses(ctx)
		if err != nil {
			t.Fatal(err)
		}
		b, err := c.billOf(ctx, human, courses[2])
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range ActionNames(spec.Prosumer) {
			const step, kW = 7, 0.2
			var cost [2]float64
			for k, by := range []float64{kW, -kW} {
				courses[2][name][step] += by
				moved, err := c.billOf(ctx, human, courses[2])
				if err != nil {
					t.Fatal(err)
				}
				courses[2][name][step] -= by
				cost[k] = moved.cost
			}
			want := (cost[0] - cost[1]) / (2 * kW)
			if math.Abs(b.marginal[name][step]-want) > 2e-3*(1+math.Abs(want)) {
				t.Errorf("%s: one kW more of %s adds %v, it is said %v", a, name, want, b.marginal[name][step])
			}
		}
	}
}
