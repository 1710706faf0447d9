package dso

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// world is what the tests plan in.
type world struct {
	scenario *community.Scenario
	network  *grid.Network
	calendar *community.Calendar
	market   *market.Market
}

// newWorld opens a preset, changed where change is given.
func newWorld(tb testing.TB, preset string, change func(*community.Scenario)) *world {
	tb.Helper()
	s, err := community.Preset(preset)
	if err != nil {
		tb.Fatal(err)
	}
	if change != nil {
		change(s)
	}
	y, err := profile.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	w := &world{scenario: s, network: grid.Case141()}
	if w.calendar, err = community.NewCalendar(s, y, w.network); err != nil {
		tb.Fatal(err)
	}
	if w.market, err = market.New(market.DefaultConfig(), y); err != nil {
		tb.Fatal(err)
	}
	return w
}

// few keeps one prosumer of each archetype, and one that owns nothing.
func few(s *community.Scenario) {
	bare := community.Prosumer{Name: "bare", Archetype: community.Residential, Bus: 87, PeakLoadKW: 50, PowerFactor: 0.9}
	s.Prosumers = []community.Prosumer{s.Prosumers[1], s.Prosumers[6], s.Prosumers[11], s.Prosumers[13], s.Prosumers[18], bare}
}

func (w *world) operator(tb testing.TB, o Options) *Operator {
	tb.Helper()
	operator, err := New(w.scenario, w.network, o)
	if err != nil {
		tb.Fatal(err)
	}
	return operator
}

func (w *world) start(day int) *Situation {
	return Start(w.scenario, w.market, w.calendar.Day(day), 0.5)
}

func plan(tb testing.TB, o *Operator, s *Situation) *Plan {
	tb.Helper()
	p, err := o.Plan(context.Background(), s)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// Days of 2015: on coldDay everybody's free will sags the feeder, on sunnyDay of
// solar-stress it lifts it, on mildDay it does neither.
const (
	coldDay  = 22
	sunnyDay = 156
	mildDay  = 100
)

// TestPlanHoldsTheLimits checks plans of days that need the network by an AC power
// flow of their own, and their strategies by the devices' equations.
func TestPlanHoldsTheLimits(t *testing.T) {
	for _, x := range []struct {
		preset string
		day    int
	}{{"voltage-stress", coldDay}, {"solar-stress", sunnyDay}} {
		t.Run(x.preset, func(t *testing.T) {
			w := newWorld(t, x.preset, nil)
			s := w.start(x.day)
			free := plan(t, w.operator(t, Options{WithoutLimits: true}), s)
			if free.Outside == 0 {
				t.Fatal("the day needs no network: it tests nothing")
			}
			p := plan(t, w.operator(t, Options{}), s)
			if !p.Network || p.Outside != 0 || p.Conflicts != nil {
				t.Errorf("after %d rounds %d bus-steps are outside, by %v at most; %v", p.Rounds, p.Outside, p.WorstPU, p.Conflicts)
			}
			w.holds(t, s, p, 0)
			if p.Cost < free.Cost-1e-7*math.Abs(free.Cost) {
				t.Errorf("with limits it costs %v, without %v", p.Cost, free.Cost)
			}
			tight := plan(t, w.operator(t, Options{MarginPU: 3e-3}), s)
			w.holds(t, s, tight, 3e-3-3e-4)
			if tight.Cost < p.Cost-1e-6*math.Abs(p.Cost) {
				t.Errorf("with tighter limits it costs %v, without %v", tight.Cost, p.Cost)
			}
		})
	}
}

// holds replays a plan: every set point is feasible, trade sums to zero, the cost
// adds up, and an AC power flow finds every voltage inside by the margin.
func (w *world) holds(t *testing.T, s *Situation, p *Plan, marginPU float64) {
	t.Helper()
	solver, err := grid.NewSolver(w.network)
	if err != nil {
		t.Fatal(err)
	}
	n := len(w.network.Buses)
	demandP, demandQ, vm := make([]float64, n), make([]float64, n), make([]float64, n)
	soc, cdg := append([]float64(nil), s.SOC...), append([]float64(nil), s.CDGKW...)
	cost := 0.0
	for k := range p.SetPoints {
		step := s.First + k
		for b := range n {
			demandP[b], demandQ[b] = s.Day.BackgroundKW[step][b], s.Day.BackgroundKvar[step][b]
		}
		q := w.market.Quote(s.Day.Index, step)
		trade, surplus, deficit := 0.0, 0.0, 0.0
		for i := range w.scenario.Prosumers {
			x, sp := &w.scenario.Prosumers[i], p.SetPoints[k][i]
			var units []float64
			for _, u := range s.Day.AvailableKW[i] {
				units = append(units, u[step])
			}
			load := s.Day.LoadKW[i][step]
			b := x.Bounds(cdg[i], soc[i], units, load, profile.StepHours)
			limit := x.ReactiveLimit(sp.RDGKW, units)
			for _, c := range [][3]float64{
				{b.Lo.CDGKW, sp.CDGKW, b.Hi.CDGKW}, {b.Lo.RDGKW, sp.RDGKW, b.Hi.RDGKW}, {-limit, sp.RDGKvar, limit},
				{b.Lo.BESSKW, sp.BESSKW, b.Hi.BESSKW}, {b.Lo.CLKW, sp.CLKW, b.Hi.CLKW},
			} {
				if !(c[0] <= c[1] && c[1] <= c[2]) {
					t.Fatalf("step %d, %s: %+v is not feasible", step, x.Name, sp)
				}
			}
			if x.BESS != nil {
				soc[i] = x.BESS.Step(soc[i], sp.BESSKW, profile.StepHours)
			}
			cdg[i] = sp.CDGKW
			ex, exQ := x.Exchange(sp, load, s.Day.LoadKvar[i][step])
			bus, _ := w.network.Index(x.Bus)
			demandP[bus] -= ex
			demandQ[bus] -= exQ
			trade += p.P2PKW[k][i]
			surplus, deficit = surplus+max(0, ex), deficit+max(0, -ex)
			cost += x.DeviceCost(sp, profile.StepHours).Total()
			if off := p.P2PKW[k][i] + p.GridKW[k][i] + ex; math.Abs(off) > 1e-6 {
				t.Fatalf("step %d, %s: eq. (9) is off by %v kW", step, x.Name, off)
			}
		}
		if math.Abs(trade) > 1e-6 {
			t.Fatalf("step %d: trade among peers sums to %v kW", step, trade)
		}
		traded := min(surplus, deficit)
		if q.Buy-q.Sell < 2*q.Fee {
			traded = 0
		}
		cost += profile.StepHours * (q.Buy*(deficit-traded) - q.Sell*(surplus-traded) + 2*q.Fee*traded)
		for b := range n {
			demandP[b], demandQ[b] = w.network.PerUnit(demandP[b]), w.network.PerUnit(demandQ[b])
		}
		f := &w.scenario.Feeder
		if st := solver.SolveVM(demandP, demandQ, f.SubstationPU, vm); !st.Converged {
			t.Fatal(st.Err())
		}
		for b, v := range vm {
			if v < f.VMinPU+marginPU-community.TolerancePU || v > f.VMaxPU-marginPU+community.TolerancePU {
				t.Fatalf("step %d: bus %d is at %v p.u.", step, w.network.Buses[b].ID, v)
			}
			if math.Abs(v-p.VoltagePU[k][b]) > 1e-7 {
				t.Fatalf("step %d: bus %d is at %v p.u., the plan says %v", step, w.network.Buses[b].ID, v, p.VoltagePU[k][b])
			}
		}
	}
	for i := range w.scenario.Prosumers {
		if b := w.scenario.Prosumers[i].BESS; b != nil {
			cost -= w.market.LowestBuy(s.Day.Index) * (soc[i] - s.SOC[i]) * b.EnergyKWh
		}
	}
	if math.Abs(cost-p.Cost) > 1e-6*math.Max(1, math.Abs(cost)) {
		t.Fatalf("the plan costs %v, it says %v", cost, p.Cost)
	}
}

// TestPlanIsOptimal holds the cost of a plan, as the market and the devices
// charge it, against the bound that the dual problem proves.
func TestPlanIsOptimal(t *testing.T) {
	w := newWorld(t, "voltage-stress", nil)
	o := w.operator(t, Options{WithoutLimits: true})
	for _, day := range []int{3, coldDay, mildDay, 180, 250} {
		p := plan(t, o, w.start(day))
		if gap := (p.Cost - p.Bound) / math.Abs(p.Bound); math.Abs(gap) > 1e-7 {
			t.Errorf("day %d costs %v, the bound is %v: a gap of %.2g", day, p.Cost, p.Bound, gap)
		}
	}
}

// TestPlanOfTheRest: what is optimal from midnight on is optimal from any later
// step on, too, down to a single step.
func TestPlanOfTheRest(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	o := w.operator(t, Options{WithoutLimits: true})
	s := w.start(mildDay)
	whole := plan(t, o, s)
	for _, first := range []int{1, 40, 90, 95} {
		rest := *s
		rest.First, rest.SOC, rest.CDGKW = first, whole.SOC[first-1], whole.CDGKW[first-1]
		p := plan(t, o, &rest)
		if len(p.SetPoints) != 96-first {
			t.Fatalf("from step %d: %d steps", first, len(p.SetPoints))
		}
		begun := *s
		begun.Steps = first
		head := newPlan(w.scenario.Prosumers, &begun, byProsumer(whole.SetPoints[:first]))
		head.ShadowPricePerKWh = whole.ShadowPricePerKWh
		head.settle(w.scenario.Prosumers, &begun)
		if sum := head.Cost + p.Cost; math.Abs(sum-whole.Cost) > 1e-6*math.Abs(whole.Cost) {
			t.Errorf("the day costs %v, planned anew at step %d it costs %v", whole.Cost, first, sum)
		}
	}
	one := *s
	one.First, one.Steps = 70, 1
	if p := plan(t, o, &one); len(p.SetPoints) != 1 {
		t.Errorf("one step: %d", len(p.SetPoints))
	}
}

func byProsumer(setPoints [][]community.SetPoint) [][]community.SetPoint {
	out := table[community.SetPoint](len(setPoints[0]), len(setPoints))
	for t := range setPoints {
		for i, sp := range setPoints[t] {
			out[i][t] = sp
		}
	}
	return out
}

// TestPlansLeaveNoTrace: whatever an operator planned before, the same situation
// gives the same plan to the last bit.
func TestPlansLeaveNoTrace(t *testing.T) {
	w := newWorld(t, "voltage-stress", nil)
	used := w.operator(t, Options{})
	for _, day := range []int{18, 150} {
		plan(t, used, w.start(day))
	}
	for _, day := range []int{mildDay, coldDay} {
		if fresh := plan(t, w.operator(t, Options{}), w.start(day)); !reflect.DeepEqual(fresh, plan(t, used, w.start(day))) {
			t.Errorf("day %d is planned differently after other days", day)
		}
	}
}

// TestResolving counts the work of a second day: new numbers, no structure.
func TestResolving(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	o := w.operator(t, Options{})
	plan(t, o, w.start(mildDay))
	j, err := o.joint(w.start(mildDay), nil, false)
	if err != nil {
		t.Fatal(err)
	}
	before := j.program.Counts()
	plan(t, o, w.start(mildDay+1))
	c := j.program.Counts()
	if c.Solves != before.Solves+1 || c.Canonicalisations != 1 || c.Setups != 1 || c.Orderings != before.Orderings || c.Symbolic != before.Symbolic {
		t.Errorf("a second day: %+v, before %+v", c, before)
	}
}

// TestShadowPrice holds the price of energy among peers against what an hour's
// more load costs.
func TestShadowPrice(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	o := w.operator(t, Options{WithoutLimits: true})
	s := w.start(mildDay)
	p := plan(t, o, s)
	for _, step := range []int{4, 30, 48, 70} {
		q := w.market.Quote(mildDay, step)
		price := p.ShadowPricePerKWh[step]
		if price < q.Sell-1e-6 || price > q.Buy+1e-6 {
			t.Errorf("step %d: %v per kWh, the grid pays %v and asks %v", step, price, q.Sell, q.Buy)
		}
		const kW = 2
		cost := func(more float64) float64 {
			day := *s.Day
			day.LoadKW = table[float64](len(s.Day.LoadKW), 96)
			for i := range day.LoadKW {
				copy(day.LoadKW[i], s.Day.LoadKW[i])
			}
			day.LoadKW[2][step] += more // who has generators: an interior optimum
			changed := *s
			changed.Day = &day
			return plan(t, o, &changed).Cost
		}
		up, down := (cost(kW)-p.Cost)/(kW*profile.StepHours), (p.Cost-cost(-kW))/(kW*profile.StepHours)
		// The buyer's price is the shadow price with its fee, or less where it sells.
		if price < down-q.Fee-1e-3 || price > up+q.Fee+1e-3 {
			t.Errorf("step %d: %v per kWh, a kWh more costs %v, one less saves %v", step, price, up, down)
		}
	}
}

// TestConflict asks for more than the devices can do: the plan says where, and
// comes as near as a search for the highest voltage does.
func TestConflict(t *testing.T) {
	w := newWorld(t, "voltage-stress", func(s *community.Scenario) { s.Feeder.VMinPU = 0.968 })
	s := w.start(coldDay)
	s.First, s.Steps = 72, 1 // 18:00, one step: everything the devices have can go into it
	for i := range s.CDGKW {
		if c := w.scenario.Prosumers[i].CDG; c != nil {
			s.CDGKW[i] = c.MaxKW
		}
	}
	p := plan(t, w.operator(t, Options{}), s)
	if len(p.Conflicts) != 1 || p.Outside == 0 {
		t.Fatalf("conflicts %v, %d outside", p.Conflicts, p.Outside)
	}
	c := p.Conflicts[0]
	best := table[community.SetPoint](len(w.scenario.Prosumers), 1)
	for i := range best {
		x := &w.scenario.Prosumers[i]
		var units []float64
		for _, u := range s.Day.AvailableKW[i] {
			units = append(units, u[s.First])
		}
		b := x.Bounds(s.CDGKW[i], s.SOC[i], units, s.Day.LoadKW[i][s.First], profile.StepHours)
		best[i][0] = community.SetPoint{CDGKW: b.Hi.CDGKW, RDGKW: b.Hi.RDGKW, BESSKW: b.Lo.BESSKW, CLKW: b.Hi.CLKW, RDGKvar: x.ReactiveLimit(b.Hi.RDGKW, units)}
	}
	most := newPlan(w.scenario.Prosumers, s, best)
	w.operator(t, Options{}).verifier.voltages(s.Day, most)
	lowest := 2.0
	for _, v := range most.VoltagePU[0] {
		lowest = min(lowest, v)
	}
	if lowest >= 0.968 {
		t.Fatalf("at %v p.u. there is no conflict", lowest)
	}
	if math.Abs(c.VoltagePU-lowest) > 1e-4 {
		t.Errorf("the plan reaches %v p.u., with everything at its limit it is %v", c.VoltagePU, lowest)
	}
	if text := c.String(); !strings.HasPrefix(text, "18:00, bus ") || !strings.Contains(text, "0.968") {
		t.Error(text)
	}
}

// TestAtTheEdge plans a day on which two prosumers near the substation can hardly
// lift what sags far away, so that a solver comes to no end with hard limits.
func TestAtTheEdge(t *testing.T) {
	w := newWorld(t, "voltage-stress", func(s *community.Scenario) {
		s.Prosumers = []community.Prosumer{s.Prosumers[0], s.Prosumers[16]}
		s.Prosumers[0].Bus, s.Prosumers[1].Bus = 2, 3
	})
	p := plan(t, w.operator(t, Options{MarginPU: 3e-3}), w.start(39))
	if !p.Network {
		t.Error("the day needs no network: this tests nothing")
	}
}

// TestCollapse: a free will that no power flow has a solution for is brought back
// to the limits all the same.
func TestCollapse(t *testing.T) {
	w := newWorld(t, "voltage-stress", func(s *community.Scenario) {
		few(s)
		for i := range s.Prosumers {
			if b := s.Prosumers[i].BESS; b != nil {
				b.MinKW, b.MaxKW, b.EnergyKWh = -30000, 30000, 60000
			}
		}
	})
	negativePrices(t, w) // whoever can, takes all it can
	s := w.start(mildDay)
	s.First, s.Steps = 40, 8
	free := plan(t, w.operator(t, Options{WithoutLimits: true}), s)
	if !slices.ContainsFunc(free.VoltagePU, func(v []float64) bool { return slices.Max(v) == 0 }) {
		t.Fatal("the free will has power flows: it tests nothing")
	}
	p := plan(t, w.operator(t, Options{}), s)
	if p.Outside != 0 || p.Conflicts != nil {
		t.Errorf("%d bus-steps outside, %v", p.Outside, p.Conflicts)
	}
	w.holds(t, s, p, 0)
}

// TestBadSituations: what cannot be planned is said in one line.
func TestBadSituations(t *testing.T) {
	w := newWorld(t, "voltage-stress", few)
	o := w.operator(t, Options{})
	for want, change := range map[string]func(*Situation){
		"do not fit a day":      func(s *Situation) { s.First, s.Steps = 90, 10 },
		"1 steps from step -1":  func(s *Situation) { s.First, s.Steps = -1, 1 },
		"has 6 prosumers":       func(s *Situation) { s.SOC = s.SOC[:3] },
		"2 members":             func(s *Situation) { s.Members = make([]Member, 2) },
		"covers 1 steps from 0": func(s *Situation) { s.Near = &Plan{SetPoints: make([][]community.SetPoint, 1)} },
	} {
		s := w.start(mildDay)
		change(s)
		_, err := o.Plan(context.Background(), s)
		if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(strings.ReplaceAll(err.Error(), "from step 0", "from 0"), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := New(w.scenario, w.network, Options{MarginPU: 0.06}); err == nil {
		t.Error("a margin wider than the band is accepted")
	}
	meshed := grid.Case141()
	meshed.Branches = append(meshed.Branches, grid.Branch{From: 50, To: 140, ROhm: 0.1, XOhm: 0.1})
	if _, err := New(w.scenario, meshed, Options{}); err == nil || !strings.Contains(err.Error(), "loop") {
		t.Errorf("a meshed network: %v", err)
	}
}
