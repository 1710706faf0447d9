package dso

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

// at is the situation of one step of a day with batteries half full.
func (w *world) at(day, step int) *Situation {
	s := w.start(day)
	s.First, s.Steps = step, 1
	return s
}

// idle is what prosumers do that control nothing.
func (w *world) idle(s *Situation) []community.SetPoint {
	var all []community.SetPoint
	for i := range w.scenario.Prosumers {
		all = append(all, w.scenario.Prosumers[i].Idle(w.units(s, i)))
	}
	return all
}

func (w *world) units(s *Situation, i int) (kW []float64) {
	for _, series := range s.Day.AvailableKW[i] {
		kW = append(kW, series[s.First])
	}
	return kW
}

// random is a feasible set point of everybody.
func (w *world) random(s *Situation, rng *rand.Rand) []community.SetPoint {
	var all []community.SetPoint
	for i := range w.scenario.Prosumers {
		p := &w.scenario.Prosumers[i]
		b := p.Bounds(s.CDGKW[i], s.SOC[i], w.units(s, i), s.Day.LoadKW[i][s.First], profile.StepHours)
		draw := func(lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }
		sp := community.SetPoint{
			CDGKW: draw(b.Lo.CDGKW, b.Hi.CDGKW), RDGKW: draw(b.Lo.RDGKW, b.Hi.RDGKW),
			BESSKW: draw(b.Lo.BESSKW, b.Hi.BESSKW), CLKW: draw(b.Lo.CLKW, b.Hi.CLKW),
		}
		limit := p.ReactiveLimit(sp.RDGKW, w.units(s, i))
		sp.RDGKvar = draw(-limit, limit)
		all = append(all, sp)
	}
	return all
}

// voltages solves the AC power flow of a step with a solver of the test's own.
func (w *world) voltages(tb testing.TB, s *Situation, sp []community.SetPoint) []float64 {
	tb.Helper()
	solver, err := grid.NewSolver(w.network)
	if err != nil {
		tb.Fatal(err)
	}
	n := len(w.network.Buses)
	p, q, vm := make([]float64, n), make([]float64, n), make([]float64, n)
	for b := range n {
		p[b], q[b] = w.network.PerUnit(s.Day.BackgroundKW[s.First][b]), w.network.PerUnit(s.Day.BackgroundKvar[s.First][b])
	}
	for i := range sp {
		b, _ := w.network.Index(w.scenario.Prosumers[i].Bus)
		kW, kvar := w.scenario.Prosumers[i].Exchange(sp[i], s.Day.LoadKW[i][s.First], s.Day.LoadKvar[i][s.First])
		p[b], q[b] = p[b]-w.network.PerUnit(kW), q[b]-w.network.PerUnit(kvar)
	}
	if !solver.SolveVM(p, q, w.scenario.Feeder.SubstationPU, vm).Converged {
		tb.Fatal("the power flow has no solution")
	}
	return vm
}

// excess is how far the worst bus is outside, p.u.; below 0 all are inside.
func (w *world) excess(vm []float64) float64 {
	most := math.Inf(-1)
	for _, v := range vm {
		most = max(most, w.scenario.Feeder.VMinPU-v, v-w.scenario.Feeder.VMaxPU)
	}
	return most
}

// changed is the objective of a correction, in squares of kW.
func changed(a, b []community.SetPoint) float64 {
	total := 0.0
	for i := range a {
		for _, d := range []float64{a[i].CDGKW - b[i].CDGKW, a[i].RDGKW - b[i].RDGKW, a[i].BESSKW - b[i].BESSKW, a[i].CLKW - b[i].CLKW} {
			total += d * d
		}
		d := a[i].RDGKvar - b[i].RDGKvar
		total += reactiveWeight * d * d
	}
	return total
}

func between(a, b []community.SetPoint, t float64) []community.SetPoint {
	out := make([]community.SetPoint, len(a))
	for i := range a {
		mix := func(x, y float64) float64 { return x + t*(y-x) }
		out[i] = community.SetPoint{
			CDGKW: mix(a[i].CDGKW, b[i].CDGKW), RDGKW: mix(a[i].RDGKW, b[i].RDGKW), RDGKvar: mix(a[i].RDGKvar, b[i].RDGKvar),
			BESSKW: mix(a[i].BESSKW, b[i].BESSKW), CLKW: mix(a[i].CLKW, b[i].CLKW),
		}
	}
	return out
}

// TestCorrectionsHoldTheLimitsAndChangeLeast: where an idle community breaks
// limits, its correction holds them by a power flow of the test's own, is feasible,
// and nothing on the way to it, nor random points beside it, hold them with less
// change.
func TestCorrectionsHoldTheLimitsAndChangeLeast(t *testing.T) {
	for _, x := range []struct {
		preset    string
		day, step int
	}{{"voltage-stress", coldDay, 72}, {"voltage-stress", coldDay, 76}, {"solar-stress", sunnyDay, 46}, {"solar-stress", sunnyDay, 52}} {
		w := newWorld(t, x.preset, nil)
		s := w.at(x.day, x.step)
		want := w.idle(s)
		if w.excess(w.voltages(t, s, want)) <= community.TolerancePU {
			t.Errorf("%s, step %d: nothing is to be corrected", x.preset, x.step)
			continue
		}
		c, err := NewCorrector(w.scenario, w.network)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Correct(context.Background(), s, want)
		if err != nil {
			t.Fatal(err)
		}
		if e := w.excess(w.voltages(t, s, got.SetPoints)); e > community.TolerancePU || got.Outside != 0 || got.Before == 0 || !got.Changed {
			t.Errorf("%s, step %d: %v p.u. outside by our power flow; %d before, %d after by its own, %d rounds", x.preset, x.step, e, got.Before, got.Outside, got.Rounds)
			continue
		}
		for i, sp := range got.SetPoints {
			if near := feasible(&w.scenario.Prosumers[i], sp, s.CDGKW[i], s.SOC[i], w.units(s, i), s.Day.LoadKW[i][s.First]); near != sp {
				t.Errorf("%s cannot do %+v, only %+v", w.scenario.Prosumers[i].Name, sp, near)
			}
		}
		size := changed(want, got.SetPoints)
		if w.excess(w.voltages(t, s, between(want, got.SetPoints, 0.98))) <= 0 {
			t.Errorf("%s, step %d: 98 %% of the change would do", x.preset, x.step)
		}
		// Others: on the way to a correction for tighter limits, and off it.
		tight := newWorld(t, x.preset, func(s *community.Scenario) { s.Feeder.VMinPU += 2e-3; s.Feeder.VMaxPU -= 2e-3 })
		strict, err := NewCorrector(tight.scenario, tight.network)
		if err != nil {
			t.Fatal(err)
		}
		firm, err := strict.Correct(context.Background(), s, want)
		if err != nil {
			t.Fatal(err)
		}
		rng, held := rand.New(rand.NewPCG(1, 2)), 0
		for range 200 {
			aside := between(firm.SetPoints, w.random(s, rng), math.Pow(10, -1-3*rng.Float64()))
			other := between(got.SetPoints, aside, math.Pow(10, -2*rng.Float64()))
			if w.excess(w.voltages(t, s, other)) > 0 {
				continue
			}
			held++
			if less := changed(want, other); less < size*(1-1e-3) {
				t.Fatalf("%s, step %d: %v does, and the correction is %v", x.preset, x.step, less, size)
			}
		}
		if held < 10 {
			t.Errorf("%s, step %d: only %d others hold the limits", x.preset, x.step, held)
		}
	}
}

func TestWhatBreaksNothingStays(t *testing.T) {
	w := newWorld(t, "voltage-stress", nil)
	s := w.at(mildDay, 40)
	c, err := NewCorrector(w.scenario, w.network)
	if err != nil {
		t.Fatal(err)
	}
	want := w.idle(s)
	got, err := c.Correct(context.Background(), s, want)
	if err != nil {
		t.Fatal(err)
	}
	if got.Changed || got.Rounds != 0 || changed(want, got.SetPoints) != 0 {
		t.Errorf("got %+v", got)
	}
	s.Steps = 2
	if _, err := c.Correct(context.Background(), s, want); err == nil {
		t.Error("two steps at once")
	}
}

// TestWhatRemainsIsUnavoidable: where the limits are tightened beyond reach, the
// correction comes as near as can be, and the certificates hold against every
// action tried, the best one (all that lifts a voltage, at night) among them.
func TestWhatRemainsIsUnavoidable(t *testing.T) {
	w := newWorld(t, "voltage-stress", func(s *community.Scenario) { s.Feeder.VMinPU = 0.968 })
	s := w.at(coldDay, 76)
	c, err := NewCorrector(w.scenario, w.network)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Correct(context.Background(), s, w.idle(s))
	if err != nil {
		t.Fatal(err)
	}
	if got.Outside == 0 || got.Outside >= got.Before {
		t.Fatalf("%d of %d remain: this tests nothing", got.Outside, got.Before)
	}
	certificates, err := c.Unavoidable(context.Background(), s, got)
	if err != nil {
		t.Fatal(err)
	}
	if len(certificates) != got.Outside {
		t.Errorf("%d certificates for %d bus-steps", len(certificates), got.Outside)
	}
	var all []community.SetPoint // that lifts: there is no sun, and no wind to speak of
	for i := range w.scenario.Prosumers {
		p := &w.scenario.Prosumers[i]
		b := p.Bounds(s.CDGKW[i], s.SOC[i], w.units(s, i), s.Day.LoadKW[i][s.First], profile.StepHours)
		all = append(all, community.SetPoint{CDGKW: b.Hi.CDGKW, RDGKW: b.Hi.RDGKW, RDGKvar: p.ReactiveLimit(b.Hi.RDGKW, w.units(s, i)), BESSKW: b.Lo.BESSKW, CLKW: b.Hi.CLKW})
	}
	tries := [][]float64{w.voltages(t, s, all), w.voltages(t, s, got.SetPoints)}
	for rng := rand.New(rand.NewPCG(3, 4)); len(tries) < 30; {
		tries = append(tries, w.voltages(t, s, w.random(s, rng)))
	}
	unproved := 0
	for _, x := range certificates {
		b, _ := w.network.Index(x.BusID)
		for _, vm := range tries {
			if vm[b] > x.NearestPU {
				t.Errorf("bus %d: proved to stay below %v, comes to %v", x.BusID, x.NearestPU, vm[b])
			}
		}
		if best := tries[0][b]; x.NearestPU-best > 2e-4 {
			t.Errorf("bus %d: proved to stay below %v, where everything together comes to %v", x.BusID, x.NearestPU, best)
		}
		if !x.Unavoidable {
			unproved++
		}
	}
	if unproved > 0 {
		t.Errorf("%d of %d bus-steps outside are not proved unavoidable", unproved, len(certificates))
	}
}

func BenchmarkCorrect(b *testing.B) {
	w := newWorld(b, "voltage-stress", nil)
	s := w.at(coldDay, 76)
	c, err := NewCorrector(w.scenario, w.network)
	if err != nil {
		b.Fatal(err)
	}
	want := w.idle(s)
	for b.Loop() {
		if _, err := c.Correct(context.Background(), s, want); err != nil {
			b.Fatal(err)
		}
	}
}
