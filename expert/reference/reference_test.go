package reference

import (
	"context"
	"math"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// scene is a prosumer of a preset with a state and prices.
type scene struct {
	prosumer  *community.Prosumer
	state     *State
	buy, sell []float64
	stored    float64
}

// scenes returns one prosumer of each archetype on a day from a step on.
func scenes(t testing.TB, preset string, day, first int) []scene {
	t.Helper()
	s, err := community.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	y, err := profile.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := community.NewCalendar(s, y, grid.Case141())
	if err != nil {
		t.Fatal(err)
	}
	m, err := market.New(market.DefaultConfig(), y)
	if err != nil {
		t.Fatal(err)
	}
	d := calendar.Day(day)
	var out []scene
	for i := range s.Prosumers {
		if i%4 != 0 {
			continue
		}
		x := scene{prosumer: &s.Prosumers[i], stored: m.LowestBuy(day)}
		x.state = &State{SOC: 0.42, CDGKW: 3, LoadKW: d.LoadKW[i][first:], LoadKvar: d.LoadKvar[i][first:]}
		for _, unit := range d.AvailableKW[i] {
			x.state.AvailableKW = append(x.state.AvailableKW, unit[first:])
		}
		for step := first; step < 96; step++ {
			q := m.Quote(day, step)
			x.buy, x.sell = append(x.buy, q.Buy), append(x.sell, q.Sell)
		}
		out = append(out, x)
	}
	return out
}

const tieBreak = 1e-6

func (x scene) solve(t testing.TB) (*Alone, *Strategy) {
	t.Helper()
	a, err := NewAlone(x.prosumer, len(x.buy), Options{ReactivePricePerKvar2h: tieBreak})
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.Solve(context.Background(), x.state, x.buy, x.sell, x.stored)
	if err != nil {
		t.Fatal(err)
	}
	return a, s
}

// TestOptimality holds the strategies of the five archetypes to the conditions of
// Karush, Kuhn and Tucker, written out from the equations.
func TestOptimality(t *testing.T) {
	for _, at := range []struct {
		preset     string
		day, first int
	}{{"voltage-stress", 18, 0}, {"voltage-stress", 180, 0}, {"solar-stress", 130, 33}, {"paper-scale", 270, 70}, {"voltage-stress", 100, 95}} {
		for _, x := range scenes(t, at.preset, at.day, at.first) {
			a, s := x.solve(t)
			k := kkt{t: t, name: x.prosumer.Name, a: a, s: s.Solution}
			k.check(x)
			if k.worst > 1e-7 {
				t.Errorf("%s, %s of day %d from step %d: %s is off by %.3g", at.preset, x.prosumer.Name, at.day, at.first, k.where, k.worst)
			}
		}
	}
}

// kkt collects how far a solution is from optimal, in MW and thousands of money.
type kkt struct {
	t     *testing.T
	name  string
	a     *Alone
	s     *convex.Solution
	worst float64
	where string
}

func (k *kkt) note(what string, off float64) {
	if !(off <= k.worst) {
		k.worst, k.where = off, what
	}
}

// dual returns the multipliers of the rows with this name.
func (k *kkt) dual(name string) []float64 {
	for _, c := range k.a.Program.Problem().Constraints() {
		if c.Name() == k.name+"."+name {
			return k.s.Dual(c)
		}
	}
	k.t.Fatalf("%s has no rows called %s", k.name, name)
	return nil
}

// inequality checks slack >= 0, multiplier >= 0 and their product.
func (k *kkt) inequality(what string, slack, multiplier float64) {
	k.note(what+": feasibility", -slack)
	k.note(what+": sign of the multiplier", -multiplier)
	k.note(what+": complementarity", math.Abs(slack*multiplier))
}

// bounds checks lo <= v <= hi and returns what its multipliers add to the
// gradient. An infinite hi has none.
func (k *kkt) bounds(what string, e *convex.Expr, t int, lo, hi float64) float64 {
	v, low := k.s.Value(e)[t], k.s.LowerDual(e)[t]
	k.inequality(what+", lower", v-lo, low)
	if math.IsInf(hi, 1) {
		return -low
	}
	high := k.s.UpperDual(e)[t]
	k.inequality(what+", upper", hi-v, high)
	return high - low
}

// check goes through the equations variable by variable.
func (k *kkt) check(x scene) {
	m, p, steps := k.a.Model, x.prosumer, len(x.buy)
	at := func(v []float64, t int) float64 { // 0 beyond the horizon
		if t >= len(v) {
			return 0
		}
		return v[t]
	}
	value := func(e *convex.Expr) []float64 { return k.s.Value(e) }
	price := k.dual("balance") // of supply - load = P_EX
	supply := make([]float64, steps)
	none := math.Inf(1)

	if c := p.CDG; c != nil {
		power, up, down := value(m.CDG.MW), k.dual("ramp up"), k.dual("ramp down")
		before := x.state.CDGKW / 1000
		for t, P := range power {
			k.inequality("(2) up", c.RampKW/1000-(P-before), up[t])
			k.inequality("(2) down", c.RampKW/1000+(P-before), down[t])
			gradient := hours*(2*c.QuadraticPerKW2h*1000*P+c.LinearPerKWh) + up[t] - at(up, t+1) - down[t] + at(down, t+1) + price[t]
			k.note("(1), (2), (16)", math.Abs(gradient+k.bounds("(1)", m.CDG.MW, t, c.MinKW/1000, c.MaxKW/1000)))
			before = P
			supply[t] += P
		}
	}
	for u := range p.RDGs {
		r, unit := &p.RDGs[u], m.RDGs[u]
		name := string(r.Kind) + string(rune('0'+u))
		active, reactive := value(unit.MW), value(unit.Mvar)
		available, disc := k.dual(name+" available"), k.dual(name+" inverter")
		var most, least []float64
		if unit.limitMvar != nil {
			most, least = k.dual(name+" reactive, upper"), k.dual(name+" reactive, lower")
		}
		size := r.ApparentKVA / 1000
		for t, P := range active {
			Q, sun := reactive[t], x.state.AvailableKW[u][t]
			k.inequality("(3)", sun/1000-P, available[t])
			k.inequality("(4)", size*size-P*P-Q*Q, disc[t])
			if unit.limitMvar != nil {
				limit := r.ReactiveLimit(0, sun) / 1000
				k.inequality("inverter, upper", limit-Q, most[t])
				k.inequality("inverter, lower", Q+limit, least[t])
			}
			k.note("(3), (4) by P", math.Abs(available[t]+2*disc[t]*P+price[t]+k.bounds("(3)", unit.MW, t, 0, none)))
			k.note("(3), (4) by Q", math.Abs(2*hours*tieBreak*1000*Q+2*disc[t]*Q+at(most, t)-at(least, t)))
			supply[t] += P
		}
	}
	if b := p.BESS; b != nil {
		charge, discharge, soc := value(m.BESS.ChargeMW), value(m.BESS.DischargeMW), value(m.BESS.SOC)
		chargeCap, dischargeCap, energy := k.dual("charger"), k.dual("discharger"), k.dual("storage")
		perMW := hours * 1000 / b.EnergyKWh
		before := x.state.SOC
		for t := range charge {
			after := before + b.Efficiency*perMW*charge[t] - perMW/b.Efficiency*discharge[t]
			k.note("(7)", math.Abs(soc[t]-after))
			before = soc[t]
			k.inequality("(5) charge", b.MaxKW/1000-charge[t], chargeCap[t])
			k.inequality("(5) discharge", -b.MinKW/1000-discharge[t], dischargeCap[t])
			wear := b.MaintenancePerKWh * hours
			k.note("(5), (7), (17) by charge", math.Abs(wear+chargeCap[t]-price[t]-energy[t]*b.Efficiency*perMW+k.bounds("charge", m.BESS.ChargeMW, t, 0, none)))
			k.note("(5), (7), (17) by discharge", math.Abs(wear+dischargeCap[t]+price[t]+energy[t]*perMW/b.Efficiency+k.bounds("discharge", m.BESS.DischargeMW, t, 0, none)))
			gradient := energy[t] - at(energy, t+1)
			if t == steps-1 {
				gradient -= x.stored * b.EnergyKWh / 1000
			}
			k.note("(6), (7)", math.Abs(gradient+k.bounds("(6)", m.BESS.SOC, t, b.SOCMin, b.SOCMax)))
			supply[t] -= charge[t] - discharge[t]
		}
	}
	if c := p.CL; c != nil {
		limit := k.dual("flexible load")
		for t, P := range value(m.CL.MW) {
			k.inequality("(8)", c.Alpha*x.state.LoadKW[t]/1000-P, limit[t])
			k.note("(8), (18)", math.Abs(c.CompensationPerKWh*hours+limit[t]+price[t]+k.bounds("(8)", m.CL.MW, t, 0, none)))
			supply[t] += P
		}
	}
	buys, sells := value(m.Trade.BuyMW), value(m.Trade.SellMW)
	peers := value(m.Trade.P2PMW)
	for t := range steps {
		k.note("(9)", math.Abs(supply[t]-x.state.LoadKW[t]/1000+buys[t]-sells[t]))
		k.note("P_P2P = 0", math.Abs(peers[t]))
		k.note("(15) buying", math.Abs(x.buy[t]*hours+price[t]+k.bounds("buying", m.Trade.BuyMW, t, 0, none)))
		k.note("(15) selling", math.Abs(-x.sell[t]*hours-price[t]+k.bounds("selling", m.Trade.SellMW, t, 0, none)))
	}
}

// TestStrategy holds set points and cost to the devices' own functions.
func TestStrategy(t *testing.T) {
	const tolerance = 1e-4 // kW
	for _, x := range scenes(t, "voltage-stress", 180, 20) {
		_, s := x.solve(t)
		p := x.prosumer
		soc, cdg, cost := x.state.SOC, x.state.CDGKW, 0.0
		for step, sp := range s.SetPoints {
			var units []float64
			for _, u := range x.state.AvailableKW {
				units = append(units, u[step])
			}
			b := p.Bounds(cdg, soc, units, x.state.LoadKW[step], hours)
			limit := p.ReactiveLimit(sp.RDGKW, units)
			for what, c := range map[string][3]float64{
				"CDG": {b.Lo.CDGKW, sp.CDGKW, b.Hi.CDGKW}, "RDG": {b.Lo.RDGKW, sp.RDGKW, b.Hi.RDGKW},
				"RDG Q": {-limit, sp.RDGKvar, limit}, "BESS": {b.Lo.BESSKW, sp.BESSKW, b.Hi.BESSKW}, "CL": {b.Lo.CLKW, sp.CLKW, b.Hi.CLKW},
			} {
				if c[1] < c[0]-tolerance || c[1] > c[2]+tolerance {
					t.Errorf("%s, step %d, %s: %v is not in [%v, %v]", p.Name, step, what, c[1], c[0], c[2])
				}
			}
			ex, _ := p.Exchange(sp, x.state.LoadKW[step], 0)
			cost += p.DeviceCost(sp, hours).Total() + hours*(x.buy[step]*max(0, -ex)-x.sell[step]*max(0, ex))
			if p.BESS != nil {
				soc = p.BESS.Step(soc, sp.BESSKW, hours)
				if math.Abs(soc-s.SOC[step]) > 1e-6 {
					t.Fatalf("%s, step %d: the battery is at %v, the model says %v", p.Name, step, soc, s.SOC[step])
				}
			}
			cdg = sp.CDGKW
		}
		if p.BESS != nil {
			cost -= x.stored * (soc - x.state.SOC) * p.BESS.EnergyKWh
		}
		if math.Abs(cost-s.Cost) > 1e-5*math.Max(1, math.Abs(cost)) {
			t.Errorf("%s costs %v, the model says %v", p.Name, cost, s.Cost)
		}
	}
}

// TestWithoutReactive: where nobody asks for reactive power, leaving it out
// changes nothing.
func TestWithoutReactive(t *testing.T) {
	for _, x := range scenes(t, "paper-scale", 150, 0) {
		_, with := x.solve(t)
		a, err := NewAlone(x.prosumer, len(x.buy), Options{WithoutReactive: true})
		if err != nil {
			t.Fatal(err)
		}
		without, err := a.Solve(context.Background(), x.state, x.buy, x.sell, x.stored)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(with.Cost-without.Cost) > 1e-6*math.Abs(with.Cost) {
			t.Errorf("%s costs %v with reactive power, %v without", x.prosumer.Name, with.Cost, without.Cost)
		}
	}
}

// TestOneDirection: a battery never charges and discharges at once, neither at
// prices that are worth saving nor at negative ones, where it must choose.
func TestOneDirection(t *testing.T) {
	for _, x := range scenes(t, "voltage-stress", 100, 0) {
		if x.prosumer.BESS == nil {
			continue
		}
		a, s := x.solve(t)
		if s.Exclusive != nil || a.Model.BESS.Both(s.Solution) != nil {
			t.Errorf("%s: at positive prices it had to choose in %v", x.prosumer.Name, s.Exclusive)
		}
		for step := 40; step < 60; step++ { // paid to burn: a battery would like to do both
			x.buy[step], x.sell[step] = -1-0.1*float64(step%5), -1.5
		}
		s, err := a.Solve(context.Background(), x.state, x.buy, x.sell, x.stored)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Exclusive) == 0 {
			t.Errorf("%s: at negative prices it had nothing to choose: this tests nothing", x.prosumer.Name)
		}
		if both := a.Model.BESS.Both(s.Solution); both != nil {
			t.Errorf("%s charges and discharges at once in %v", x.prosumer.Name, both)
		}
		// Branch and bound proves its choice: nothing is cheaper by more than its gap.
		if bound := s.Solution.Bound * 1000; s.Cost > bound+1e-5*math.Abs(bound) {
			t.Errorf("%s costs %v, the bound is %v", x.prosumer.Name, s.Cost, bound)
		}
	}
}
