package community

import (
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

func builtInYear(t testing.TB) *profile.Year {
	t.Helper()
	y, err := profile.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func calendarOf(t testing.TB, s *Scenario) *Calendar {
	t.Helper()
	c, err := NewCalendar(s, builtInYear(t), grid.Case141())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func presetOf(t testing.TB, name string) *Scenario {
	t.Helper()
	s, err := Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDayIsPhysical checks every value of some days against the ratings it
// came from.
func TestDayIsPhysical(t *testing.T) {
	for _, name := range Presets() {
		s := presetOf(t, name)
		c := calendarOf(t, s)
		for day := 0; day < 365; day += 13 {
			for kind, d := range map[string]*Day{"actual": c.Day(day), "forecast": c.Forecast(day)} {
				for i := range s.Prosumers {
					p := &s.Prosumers[i]
					for step, kW := range d.LoadKW[i] {
						if !(kW > 0 && kW < 2*p.PeakLoadKW) {
							t.Fatalf("%s, %s day %d: %s takes %v kW of %v", name, kind, day, p.Name, kW, p.PeakLoadKW)
						}
						kvar := d.LoadKvar[i][step]
						if pf := kW / math.Hypot(kW, kvar); math.Abs(pf-p.PowerFactor) > 1e-12 || kvar < 0 {
							t.Fatalf("%s, %s day %d: %s has power factor %v", name, kind, day, p.Name, pf)
						}
					}
					for k, r := range p.RDGs {
						for step, kW := range d.AvailableKW[i][k] {
							if !(kW >= 0 && kW <= r.RatingKW) {
								t.Fatalf("%s, %s day %d: %s has %v kW of %v", name, kind, day, p.Name, kW, r.RatingKW)
							}
							if r.Kind == PV && step < 12 && kW > 0 {
								t.Fatalf("%s, %s day %d: the sun shines at %d:00", name, kind, day, step/4)
							}
						}
					}
				}
			}
		}
	}
}

// TestBackground checks the demand of the others: the case's own, scaled, in
// Belgium's shape or in that of homes and shops.
func TestBackground(t *testing.T) {
	n := grid.Case141()
	y := builtInYear(t)
	const day, step = 20, 70
	d := calendarOf(t, presetOf(t, "voltage-stress")).Day(day)
	share := 0.70 * y.Load.Actual[stepOfYear(day, step)]
	for bus, b := range n.Buses {
		if math.Abs(d.BackgroundKW[step][bus]-share*b.DemandKW) > 1e-9 || math.Abs(d.BackgroundKvar[step][bus]-share*b.DemandKvar) > 1e-9 {
			t.Fatalf("bus %d takes %v kW, %v kvar", b.ID, d.BackgroundKW[step][bus], d.BackgroundKvar[step][bus])
		}
	}
	d = calendarOf(t, presetOf(t, "solar-stress")).Day(day)
	for bus, b := range n.Buses {
		shape := profile.Shape(profile.Household, d.Date)
		if b.DemandKW >= commerceFromKW {
			shape = profile.Shape(profile.Commerce, d.Date)
		}
		if want := 1.15 * shape[step] * b.DemandKW; math.Abs(d.BackgroundKW[step][bus]-want) > 0.25*want {
			t.Fatalf("bus %d takes %v kW, its customers' shape says %v", b.ID, d.BackgroundKW[step][bus], want)
		}
	}
}

// TestDaysAreDeterministic makes days in different orders and at the same
// time: they are the same, and another seed's are not.
func TestDaysAreDeterministic(t *testing.T) {
	s := presetOf(t, "voltage-stress")
	a, b := calendarOf(t, s), calendarOf(t, s)
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for day := range 12 {
				b.Day((day + 3*worker) % 12)
				b.Forecast((day + 3*worker) % 12)
			}
		})
	}
	wait.Wait()
	for day := 11; day >= 0; day-- {
		if diff := cmp.Diff(a.Day(day), b.Day(day)); diff != "" {
			t.Fatalf("day %d differs:\n%s", day, diff)
		}
		if diff := cmp.Diff(a.Forecast(day), b.Forecast(day)); diff != "" {
			t.Fatalf("forecast of day %d differs:\n%s", day, diff)
		}
	}
	if first, again := a.Day(3), a.Day(3); first != again {
		t.Error("a day is made twice")
	}
	other := *s
	other.Seed++
	if cmp.Equal(calendarOf(t, &other).Day(3).LoadKW, a.Day(3).LoadKW) {
		t.Error("another seed gives the same loads")
	}
	if !cmp.Equal(calendarOf(t, &other).Forecast(3), a.Forecast(3)) {
		t.Error("a forecast knows how sites deviate")
	}
}

// TestAddingAProsumerChangesNoOther holds sites to their names, not to their
// places.
func TestAddingAProsumerChangesNoOther(t *testing.T) {
	s := presetOf(t, "voltage-stress")
	all := calendarOf(t, s).Day(100)
	fewer := *s
	fewer.Prosumers = s.Prosumers[5:]
	rest := calendarOf(t, &fewer).Day(100)
	if diff := cmp.Diff(all.LoadKW[5:], rest.LoadKW); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(all.AvailableKW[5:], rest.AvailableKW); diff != "" {
		t.Error(diff)
	}
}

// TestDeviation holds the site-specific deviation to its statistics: mean 1, the
// stated spread at the knots, independent between sites, no jump at midnight.
func TestDeviation(t *testing.T) {
	d := newDeviation(1, "a", "load", 0.08)
	e := newDeviation(1, "b", "load", 0.08)
	n, mean, variance, covariance, jump := 365*24, 0.0, 0.0, 0.0, 0.0
	for hour := range n {
		x, y := d.factor(4*hour)-1, e.factor(4*hour)-1
		mean += x
		variance += x * x
		covariance += x * y
		for step := 4 * hour; step < 4*hour+4; step++ {
			jump = max(jump, math.Abs(d.factor(step+1)-d.factor(step)))
		}
	}
	mean, variance, covariance = mean/float64(n), variance/float64(n), covariance/float64(n)
	if math.Abs(mean) > 0.003 || math.Abs(math.Sqrt(variance)-0.08) > 0.002 {
		t.Errorf("mean %v, standard deviation %v, want 0 and 0.08", mean, math.Sqrt(variance))
	}
	if math.Abs(covariance) > 0.03*variance {
		t.Errorf("two sites' deviations are correlated: %v of variance %v", covariance, variance)
	}
	if jump > 0.08*4*math.Sqrt(3)/stepsPerKnot {
		t.Errorf("a quarter of an hour changes it by %v", jump)
	}
}

// TestLoadNorm checks that what the nation does beyond its norm is nothing on
// average, for every month and kind of day by itself.
func TestLoadNorm(t *testing.T) {
	y := builtInYear(t)
	norm := newLoadNorm(y)
	type group struct {
		month time.Month
		kind  string
	}
	total, count := map[group]float64{}, map[group]float64{}
	for day := range y.Days() {
		local := y.Date(day).Add(time.Hour) // midnight of UTC+1, read as UTC
		g := group{local.Month(), "working day"}
		if local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
			g.kind = local.Weekday().String()
		}
		for step := range profile.StepsPerDay {
			total[g] += norm.factor(y.Load.Actual[stepOfYear(day, step)], y.Date(day), step)
			count[g]++
		}
	}
	if len(total) != 36 {
		t.Errorf("%d months and kinds of day", len(total))
	}
	for g, sum := range total {
		if mean := sum / count[g]; math.Abs(mean-1) > 1e-12 {
			t.Errorf("%s in %s: the nation is at %v of its norm on average", g.kind, g.month, mean)
		}
	}
}

// TestForecastOfLoad checks that the load's forecast error is the nation's.
func TestForecastOfLoad(t *testing.T) {
	s, y := presetOf(t, "voltage-stress"), builtInYear(t)
	c := calendarOf(t, s)
	for _, day := range []int{17, 200} {
		ahead := c.Forecast(day)
		for i := range s.Prosumers {
			for step := range profile.StepsPerDay {
				at := stepOfYear(day, step)
				sure := c.Day(day).LoadKW[i][step] / c.sites[i].load.factor(at)
				want := y.Load.Forecast[at] / y.Load.Actual[at]
				if got := ahead.LoadKW[i][step] / sure; math.Abs(got-want) > 1e-12 {
					t.Fatalf("day %d, step %d: %s is forecast at %v of what it will be, the nation at %v", day, step, s.Prosumers[i].Name, got, want)
				}
			}
		}
	}
}

// TestForecastWithout falls back on yesterday where a year has no forecasts.
func TestForecastWithout(t *testing.T) {
	y := *builtInYear(t)
	y.Solar.Forecast, y.WindOnshore.Forecast, y.Load.Forecast = nil, nil, nil
	s := presetOf(t, "voltage-stress")
	c, err := NewCalendar(s, &y, grid.Case141())
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Prosumers {
		for k, r := range s.Prosumers[i].RDGs {
			track := y.Solar.Actual
			if r.Kind == Wind {
				track = y.WindOnshore.Actual
			}
			const step = 48
			if got, want := c.Forecast(9).AvailableKW[i][k][step], r.RatingKW*track[stepOfYear(8, step)]; math.Abs(got-want) > 1e-9 {
				t.Fatalf("%s is forecast at %v kW, yesterday says %v", s.Prosumers[i].Name, got, want)
			}
		}
	}
}

func BenchmarkDay(b *testing.B) {
	c := calendarOf(b, presetOf(b, "voltage-stress"))
	for b.Loop() {
		c.make(100, false)
	}
}
