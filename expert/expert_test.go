package expert

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/env/envtest"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// newWorld opens a preset, with the prosumers of these indices where any are
// given.
func newWorld(tb testing.TB, preset string, prosumers ...int) *env.World {
	tb.Helper()
	s, err := community.Preset(preset)
	if err != nil {
		tb.Fatal(err)
	}
	if prosumers != nil {
		all := s.Prosumers
		s.Prosumers = nil
		for _, i := range prosumers {
			s.Prosumers = append(s.Prosumers, all[i])
		}
	}
	y, err := profile.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	m, err := market.New(market.DefaultConfig(), y)
	if err != nil {
		tb.Fatal(err)
	}
	w, err := env.NewWorld(s, grid.Case141(), y, m)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

func open(tb testing.TB, name string) env.Policy {
	tb.Helper()
	p, err := NewPolicy(name, PolicyOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// TestConformance holds every policy to what policies promise.
func TestConformance(t *testing.T) {
	w := newWorld(t, "voltage-stress", 1, 9, 18)
	for _, name := range PolicyNames {
		t.Run(name, func(t *testing.T) { envtest.Policy(t, w, env.Options{}, open(t, name)) })
	}
}

// runDay plays one evaluation day.
func runDay(t *testing.T, w *env.World, p env.Policy, day int) env.DayResult {
	t.Helper()
	e, err := env.New(w, env.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := env.RunDay(e, p, day, env.Evaluation, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestBounds: knowing the day and knowing no network, nobody costs less, to 1e-6;
// with the network, nobody who holds its limits does.
func TestBounds(t *testing.T) {
	const tolerance = 1e-6
	for _, x := range []struct {
		preset string
		days   []int
	}{{"voltage-stress", []int{24, 171}}, {"solar-stress", []int{176}}} {
		w := newWorld(t, x.preset)
		for _, day := range x.days {
			free, perfect := runDay(t, w, open(t, "perfect-free"), day), runDay(t, w, open(t, "perfect"), day)
			if perfect.Outside != 0 {
				t.Errorf("%s, day %d: perfect leaves %d bus-steps outside", x.preset, day, perfect.Outside)
			}
			rows := map[string]env.DayResult{"perfect-free": free, "perfect": perfect, "expert": runDay(t, w, open(t, "expert"), day)}
			for _, name := range []string{"none", "none-p2p", "rule"} {
				p, err := env.BuiltinPolicy(name)
				if err != nil {
					t.Fatal(err)
				}
				rows[name] = runDay(t, w, p, day)
			}
			for name, r := range rows {
				if free.Cost > r.Cost+tolerance*math.Abs(r.Cost) {
					t.Errorf("%s, day %d: perfect-free costs %v, %s %v", x.preset, day, free.Cost, name, r.Cost)
				}
				if r.Outside == 0 && perfect.Cost > r.Cost+tolerance*math.Abs(r.Cost) {
					t.Errorf("%s, day %d: perfect costs %v, %s %v", x.preset, day, perfect.Cost, name, r.Cost)
				}
			}
			// What is executed is what was planned, to the digits of an action.
			o, err := dso.New(w.Scenario, w.Network, dso.Options{WithoutLimits: true})
			if err != nil {
				t.Fatal(err)
			}
			plan, err := o.Plan(t.Context(), dso.Start(w.Scenario, w.Market, w.Calendar.Day(day), env.Evaluation.SOC))
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(plan.Cost-free.Cost) > 1e-7*math.Abs(free.Cost) {
				t.Errorf("%s, day %d: planned for %v, executed for %v", x.preset, day, plan.Cost, free.Cost)
			}
		}
	}
}

// TestReturning inverts the battery's equation.
func TestReturning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := &community.BESS{EnergyKWh: rapid.Float64Range(1, 1000).Draw(t, "energy"), Efficiency: rapid.Float64Range(0.5, 1).Draw(t, "efficiency")}
		soc, to := rapid.Float64Range(0, 1).Draw(t, "soc"), rapid.Float64Range(0, 1).Draw(t, "to")
		if got := b.Step(soc, returning(b, soc, to), stepHours); math.Abs(got-to) > 1e-12 {
			t.Fatalf("from %v it goes to %v instead of %v", soc, got, to)
		}
	})
}

// TestTrack follows a plan from its own states, where it must reproduce the plan,
// and from others, where it must return to it.
func TestTrack(t *testing.T) {
	w := newWorld(t, "voltage-stress", 0, 5, 10, 15, 18)
	o, err := dso.New(w.Scenario, w.Network, dso.Options{})
	if err != nil {
		t.Fatal(err)
	}
	day := w.Calendar.Day(200)
	start := dso.Start(w.Scenario, w.Market, day, 0.5)
	plan, err := o.Plan(t.Context(), start)
	if err != nil {
		t.Fatal(err)
	}
	tr := newTrack(w.Scenario, day, plan)
	got := make([]community.SetPoint, len(w.Agents()))
	v := env.Visit{SOC: start.SOC, CDGKW: start.CDGKW}
	for step := range env.StepsPerDay {
		v.Step = step
		tr.setPoints(w.Scenario, day, &v, got)
		for i, sp := range got {
			want := plan.SetPoints[step][i]
			for what, off := range map[string]float64{
				"CDG": sp.CDGKW - want.CDGKW, "RDG": sp.RDGKW - want.RDGKW, "RDG Q": sp.RDGKvar - want.RDGKvar,
				"BESS": sp.BESSKW - want.BESSKW, "CL": sp.CLKW - want.CLKW,
			} {
				if math.Abs(off) > 1e-6 {
					t.Fatalf("step %d, agent %d, %s: off the plan by %v", step, i, what, off)
				}
			}
			if b := w.Scenario.Prosumers[i].BESS; b != nil && step > 0 {
				elsewhere := v.SOC[i] + 0.01
				away := env.Visit{Step: step, SOC: append([]float64(nil), v.SOC...), CDGKW: v.CDGKW}
				away.SOC[i] = elsewhere
				back := make([]community.SetPoint, len(got))
				tr.setPoints(w.Scenario, day, &away, back)
				if end := b.Step(elsewhere, back[i].BESSKW, stepHours); math.Abs(end-plan.SOC[step][i]) > 1e-9 {
					t.Fatalf("step %d, agent %d: from %v it goes to %v, the plan is at %v", step, i, elsewhere, end, plan.SOC[step][i])
				}
			}
		}
		v.SOC, v.CDGKW = plan.SOC[step], plan.CDGKW[step]
	}
}

// TestExpected: a forecast knows the present step, corrects the later ones by what
// it missed there, and leaves the earlier ones alone.
func TestExpected(t *testing.T) {
	w := newWorld(t, "voltage-stress", 0, 5)
	actual, forecast := w.Calendar.Day(100), w.Calendar.Forecast(100)
	const now = 40
	d := expected(w.Scenario, forecast, actual, now)
	check := func(what string, step int, got, forecast, actual, forecastNow, actualNow, most float64) {
		t.Helper()
		want := forecast
		switch {
		case step == now:
			want = actual
		case step > now && forecast > 0:
			want = min(max(0, forecast+math.Pow(0.9, float64(step-now))*(actualNow-forecastNow)), most)
		}
		if math.Abs(got-want) > 1e-9 {
			t.Fatalf("%s, step %d: %v, want %v", what, step, got, want)
		}
	}
	none := math.Inf(1)
	for step := range env.StepsPerDay {
		for i := range d.LoadKW {
			check("load", step, d.LoadKW[i][step], forecast.LoadKW[i][step], actual.LoadKW[i][step], forecast.LoadKW[i][now], actual.LoadKW[i][now], none)
			check("reactive load", step, d.LoadKvar[i][step], forecast.LoadKvar[i][step], actual.LoadKvar[i][step], forecast.LoadKvar[i][now], actual.LoadKvar[i][now], none)
			for k := range d.AvailableKW[i] {
				f, a := forecast.AvailableKW[i][k], actual.AvailableKW[i][k]
				check("available", step, d.AvailableKW[i][k][step], f[step], a[step], f[now], a[now], w.Scenario.Prosumers[i].RDGs[k].RatingKW)
			}
		}
		const bus = 30
		f, a := forecast.BackgroundKW, actual.BackgroundKW
		check("background", step, d.BackgroundKW[step][bus], f[step][bus], a[step][bus], f[now][bus], a[now][bus], none)
		f, a = forecast.BackgroundKvar, actual.BackgroundKvar
		check("reactive background", step, d.BackgroundKvar[step][bus], f[step][bus], a[step][bus], f[now][bus], a[now][bus], none)
	}
	if forecast.LoadKW[0][now] == actual.LoadKW[0][now] {
		t.Fatal("the forecast is exact: this tests nothing")
	}
}

func TestUnknownPolicies(t *testing.T) {
	if _, err := NewPolicy("oracle", PolicyOptions{}); err == nil || !strings.Contains(err.Error(), "expert, mpc, perfect, perfect-free") {
		t.Errorf("%v", err)
	}
	if _, err := NewPolicy("expert", PolicyOptions{ReplanEvery: -1}); err == nil {
		t.Error("a plan every -1 steps is accepted")
	}
}
