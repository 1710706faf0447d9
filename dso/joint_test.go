package dso

import (
	"context"
	"errors"
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

// theirs lets prosumers join with models of their own, which wrong may change.
func (w *world) theirs(s *Situation, wrong func(i int, m *Member), who ...int) *Situation {
	out := *s
	out.Members = make([]Member, len(w.scenario.Prosumers))
	buy, sell, fee, stored := s.prices()
	for _, i := range who {
		out.Members[i] = handWritten(&w.scenario.Prosumers[i], s.state(i), buy, sell, fee, stored, w.scenario.ReactivePricePerKvar2h)
		if wrong != nil {
			wrong(i, &out.Members[i])
		}
	}
	return &out
}

// TestMembersBesideReferenceModels: who hands in nothing is planned for by its
// reference model.
func TestMembersBesideReferenceModels(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	o := w.operator(t, Options{})
	s := w.start(mildDay)
	want := plan(t, o, s)
	got := plan(t, o, w.theirs(s, nil, 0, 4))
	if math.Abs(got.Cost-want.Cost) > 1e-6*math.Abs(want.Cost) || got.Deviations != nil {
		t.Errorf("two members' models among reference models cost %v, reference models alone %v; %v", got.Cost, want.Cost, got.Deviations)
	}
	w.holds(t, s, got, 0)
}

// TestResolvingMembers counts the work of planning for members anew: models are
// written with other numbers, and nothing is analysed again.
func TestResolvingMembers(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	o := w.operator(t, Options{WithoutLimits: true})
	all := []int{0, 1, 2, 3, 4, 5}
	for _, first := range []int{0, 4, 8} {
		s := w.start(mildDay)
		s.First = first
		plan(t, o, w.theirs(s, nil, all...))
	}
	for _, first := range []int{0, 4, 8} {
		s := w.start(mildDay + 20)
		s.First = first
		j, err := o.joint(w.theirs(s, nil, all...), nil, false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.round(context.Background(), s, j, false); err != nil {
			t.Fatal(err)
		}
		if c := j.program.Counts(); c.Solves != 1 || c.Orderings != 0 || c.Symbolic != 0 || c.Setups != 0 {
			t.Errorf("from step %d: %+v", first, c)
		}
	}
}

// TestConflictsOfMembers: what one prosumer wants in vain is said with its name,
// and so is who would earn without limit.
func TestConflictsOfMembers(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	o := w.operator(t, Options{})
	s := w.start(mildDay)
	s.Steps = 4
	all := []int{0, 1, 2, 3, 4, 5}
	for _, x := range []struct {
		who   int
		wrong func(m *Member)
		says  []string
	}{
		{0, func(m *Member) {
			m.Constraints = append(m.Constraints, convex.Sum(m.Actions.BESS).GE(1).Named("full within the hour"))
		}, []string{": full within the hour", "infeasible", "least relaxation"}},
		{3, func(m *Member) { m.Cost = m.Cost.Minus(convex.Variable("luck", convex.Scalar)) }, []string{": luck by +1", "without limit"}},
		{4, func(m *Member) {
			m.Constraints = append(m.Constraints, m.P2PMW.GE(100).Named("everybody's power"), m.P2PMW.LE(1).Named("a little"))
		}, []string{": everybody's power", ": a little"}},
	} {
		_, err := o.Plan(context.Background(), w.theirs(s, func(i int, m *Member) {
			if i == x.who {
				x.wrong(m)
			}
		}, all...))
		var of *MemberError
		if !errors.As(err, &of) || len(of.Prosumers) != 1 || of.Prosumers[0] != x.who || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: conflict of %v, want %d", err, of, x.who)
			continue
		}
		for _, says := range x.says {
			if !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), w.scenario.Prosumers[x.who].Name) {
				t.Errorf("%q does not say %q of %s", err, says, w.scenario.Prosumers[x.who].Name)
			}
		}
	}
}

// TestDeviations: what a wrong model wants and its devices cannot do is cut off,
// and the plan says so and costs what is done.
func TestDeviations(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	o := w.operator(t, Options{})
	s := w.start(mildDay)
	const hub = 4
	got := plan(t, o, w.theirs(s, func(_ int, m *Member) { m.Actions.CL = m.Actions.CL.Plus(0.1) }, hub))
	if len(got.Deviations) != 96 {
		t.Fatalf("%d deviations, want one in every step", len(got.Deviations))
	}
	for k, d := range got.Deviations {
		if d.Step != k || d.Decision != "P_CL" || d.Prosumer != w.scenario.Prosumers[hub].Name || !(d.WantedKW > d.DoneKW+deviationKW) {
			t.Errorf("%+v", d)
		}
	}
	if text := got.Deviations[40].String(); !strings.HasPrefix(text, "10:00, hub_2: P_CL of 100 is") {
		t.Error(text)
	}
	w.holds(t, s, got, -1)
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
// community burns it by charging and discharging at once, whoever wrote its
// model, and the plan tells how far it may be from the optimum.
func TestNegativePrices(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	negativePrices(t, w)
	s := w.start(mildDay)
	o := w.operator(t, Options{WithoutLimits: true})
	for name, s := range map[string]*Situation{"reference": s, "members": w.theirs(s, nil, 0, 1, 2, 3, 4, 5), "both": w.theirs(s, nil, 0, 1)} {
		p := plan(t, o, s)
		if p.Exclusive == 0 {
			t.Fatalf("%s: nothing had to be decided: this tests nothing", name)
		}
		if off := p.Cost - p.Bound; off < -1e-6*math.Abs(p.Bound) || off > 0.05*math.Abs(p.Bound) {
			t.Errorf("%s: it costs %v, the bound is %v", name, p.Cost, p.Bound)
		}
		if p.Deviations != nil {
			t.Errorf("%s: %v and %d more", name, p.Deviations[0], len(p.Deviations)-1)
		}
		w.holds(t, s, p, -1)
	}
}
