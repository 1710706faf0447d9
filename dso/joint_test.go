package dso

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// handWritten writes a prosumer's model as an expert would who thinks in kW and
// has never heard of splits: free powers, absolute values and maxima. It is
// another way to say (1)-(10) and (14)-(19), with all numbers in place.
func handWritten(p *community.Prosumer, s *reference.State, buy, sell []float64, fee, stored, tieBreak float64) Member {
	n := len(buy)
	vec := func(name string) *convex.Expr { return convex.Variable(p.Name+"."+name, convex.Vec(n)) }
	kW := func(e *convex.Expr) *convex.Expr { return e.Over(1000) }
	const h = profile.StepHours
	before := func(first float64, x *convex.Expr) *convex.Expr {
		return convex.Hstack([]float64{first}, x.Slice(0, n-1))
	}
	var m Member
	add := func(rows ...*convex.Constraint) { m.Constraints = append(m.Constraints, rows...) }
	cost, ex, q := convex.Const(0), convex.Const(s.LoadKW).Negate(), convex.Const(s.LoadKvar).Negate()
	if c := p.CDG; c != nil {
		x := vec("P_CDG")
		add(x.GE(c.MinKW), x.LE(c.MaxKW), convex.Abs(x.Minus(before(s.CDGKW, x))).LE(c.RampKW))
		cost = convex.Add(cost, convex.SumSquares(x).Times(c.QuadraticPerKW2h*h), convex.Sum(x).Times(c.LinearPerKWh*h))
		ex, m.Actions.CDG = ex.Plus(x), kW(x)
	}
	var rdg, rdgQ []any
	for k := range p.RDGs {
		r := &p.RDGs[k]
		x, y := vec("P"), vec("Q")
		limit := make([]float64, n)
		for t := range limit {
			limit[t] = r.ReactiveLimit(0, s.AvailableKW[k][t])
		}
		add(x.GE(0), x.LE(s.AvailableKW[k]), convex.Abs(y).LE(limit), convex.Square(x).Plus(convex.Square(y)).LE(r.ApparentKVA*r.ApparentKVA))
		cost = cost.Plus(convex.SumSquares(y).Times(tieBreak * h))
		ex, q = ex.Plus(x), q.Plus(y)
		rdg, rdgQ = append(rdg, kW(x)), append(rdgQ, kW(y))
	}
	if rdg != nil {
		m.Actions.RDG, m.Actions.RDGQ = convex.Add(rdg...), convex.Add(rdgQ...)
	}
	if b := p.BESS; b != nil {
		x, soc := vec("P_BESS"), vec("SOC")
		last := before(s.SOC, soc)
		add(x.GE(b.MinKW), x.LE(b.MaxKW), soc.GE(b.SOCMin), soc.LE(b.SOCMax),
			soc.LE(last.Plus(convex.Minimum(x.Times(b.Efficiency), x.Over(b.Efficiency)).Times(h/b.EnergyKWh))))
		cost = convex.Add(cost, convex.Norm1(x).Times(b.MaintenancePerKWh*h), soc.At(n-1).Minus(s.SOC).Times(-stored*b.EnergyKWh))
		ex, m.Actions.BESS = ex.Minus(x), kW(x)
	}
	if c := p.CL; c != nil {
		x := vec("P_CL")
		add(x.GE(0), x.LE(convex.Const(s.LoadKW).Times(c.Alpha)))
		cost = cost.Plus(convex.Norm1(x).Times(c.CompensationPerKWh * h))
		ex, m.Actions.CL = ex.Plus(x), kW(x)
	}
	trade, grid := vec("P_P2P"), vec("P_Grid")
	add(ex.EQ(grid.Plus(trade).Negate()))
	cost = convex.Add(cost,
		convex.Sum(convex.Maximum(convex.Multiply(buy, grid), convex.Multiply(sell, grid))).Times(h),
		convex.Norm1(trade).Times(fee*h))
	m.Cost, m.ExchangeMW, m.ExchangeMvar, m.P2PMW = kW(cost), kW(ex), kW(q), kW(trade)
	return m
}

// TestMembers lets other models of the same prosumers join, as those of language
// models do: the optimum is the same, with the network and without.
func TestMembers(t *testing.T) {
	for _, x := range []struct {
		preset string
		day    int
		o      Options
	}{
		{"voltage-stress", mildDay, Options{WithoutLimits: true}},
		{"solar-stress", sunnyDay, Options{}},
	} {
		w := newWorld(t, x.preset, func(s *community.Scenario) {
			few(s)
			if x.preset == "solar-stress" { // five must do what twenty did
				for i := range s.Prosumers {
					for k := range s.Prosumers[i].RDGs {
						r := &s.Prosumers[i].RDGs[k]
						r.RatingKW, r.ApparentKVA = 3*r.RatingKW, 3*r.ApparentKVA
					}
				}
			}
		})
		o := w.operator(t, x.o)
		s := w.start(x.day)
		s.First, s.Steps = 40, 24
		want := plan(t, o, s)
		theirs := *s
		buy, sell, fee, stored := s.prices()
		for i := range w.scenario.Prosumers {
			theirs.Members = append(theirs.Members, handWritten(&w.scenario.Prosumers[i], s.state(i), buy, sell, fee, stored, w.scenario.ReactivePricePerKvar2h))
		}
		got := plan(t, o, &theirs)
		if got.Network != want.Network || math.Abs(got.Cost-want.Cost) > 1e-5*math.Max(1, math.Abs(want.Cost)) {
			t.Errorf("%s: the members' models cost %v (network: %v), the reference models %v (%v)", x.preset, got.Cost, got.Network, want.Cost, want.Network)
		}
		if !x.o.WithoutLimits {
			if !want.Network {
				t.Errorf("%s needs no network: this tests nothing", x.preset)
			}
			if got.Outside != 0 {
				t.Errorf("%s: %d bus-steps outside with the members' models", x.preset, got.Outside)
			}
		}
	}
}

// TestConflictOfAMember: what one prosumer wants in vain is said with its name.
func TestConflictOfAMember(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	s := w.start(mildDay)
	s.Steps = 4
	prices, models := referenceModels(w.scenario, 4, false)
	for _, m := range models {
		s.Members = append(s.Members, memberOf(m))
	}
	s.Members[0].Constraints = append(s.Members[0].Constraints, models[0].BESS.SOC.At(3).GE(0.9).Named("full within the hour"))
	j, err := newJoint(4, s.Members, nil, false, (*convex.Problem).Compile)
	if err != nil {
		t.Fatal(err)
	}
	j.prices, j.models = prices, models
	states := []*reference.State{}
	for i := range models {
		states = append(states, s.state(i))
	}
	states[0].SOC = 0.1
	if err := j.set(s, states); err != nil {
		t.Fatal(err)
	}
	_, err = j.solve(context.Background(), false)
	if err == nil || !strings.Contains(err.Error(), "full within the hour") || !strings.Contains(err.Error(), w.scenario.Prosumers[0].Name+".charger") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
}

// negativePrices pays for what is taken around noon of mildDay.
func negativePrices(t *testing.T, w *world) {
	t.Helper()
	builtIn, err := profile.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	y := *builtIn
	y.PriceEURPerKWh = make([]float64, y.Days()*profile.StepsPerDay)
	for step := range profile.StepsPerDay {
		y.PriceEURPerKWh[mildDay*profile.StepsPerDay+step] = 0.1
		if step >= 40 && step < 60 {
			y.PriceEURPerKWh[mildDay*profile.StepsPerDay+step] = -1 - 0.1*float64(step%5)
		}
	}
	if w.market, err = market.New(market.Config{Tariff: "eur-belgium", FeePerKWh: 0.01}, &y); err != nil {
		t.Fatal(err)
	}
}

// TestNegativePrices: where energy is worth less than nothing, no battery of the
// community burns it by charging and discharging at once, and the plan tells how
// far it may be from the optimum.
func TestNegativePrices(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	negativePrices(t, w)
	p := plan(t, w.operator(t, Options{WithoutLimits: true}), w.start(mildDay))
	if p.Exclusive == 0 {
		t.Fatal("nothing had to be decided: this tests nothing")
	}
	if off := p.Cost - p.Bound; off < -1e-6*math.Abs(p.Bound) || off > 0.05*math.Abs(p.Bound) {
		t.Errorf("it costs %v, the bound is %v", p.Cost, p.Bound)
	}
	w.holds(t, w.start(mildDay), p, -1)
}
