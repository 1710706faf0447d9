package env

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/peerwatt/peerwatt/community"
)

// TestPaperObservation holds every entry against eq. (22), from the Detail of
// the step before and the calendar's day.
func TestPaperObservation(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	if e.ObservationDim() != 10 {
		t.Fatalf("%d entries, eq. (22) with an angle has 10", e.ObservationDim())
	}
	const day = 19
	data := w.Calendar.Day(day)
	observation := make([]float32, len(w.agents)*10)
	action := make([]float32, len(w.agents)*ActionDim)
	e.Reset(day, Evaluation)
	var before *Detail
	for step := range StepsPerDay + 1 {
		e.Observe(observation)
		now := min(step, StepsPerDay-1)
		q := w.Market.Quote(day, now)
		for i, p := range w.Scenario.Prosumers {
			available, rating := 0.0, 0.0
			for k, r := range p.RDGs {
				available += data.AvailableKW[i][k][now]
				rating += r.RatingKW
			}
			cdg, soc, p2p := 0.0, 0.0, 0.0
			if p.BESS != nil {
				soc = 0.5
			}
			if before != nil {
				a := before.Agents[i]
				cdg, soc, p2p = a.SetPoint.CDGKW, a.SOCAfter, a.P2PKW
			}
			if p.CDG != nil {
				cdg /= p.CDG.MaxKW
			}
			hours := 0.25 * float64(step)
			want := []float64{
				math.Sin(2 * math.Pi * hours / 24), math.Cos(2 * math.Pi * hours / 24), q.Buy, q.Sell,
				available / math.Max(rating, 1), data.LoadKW[i][now] / p.PeakLoadKW, cdg, soc, p2p / p.PeakLoadKW,
			}
			got := observation[i*10 : (i+1)*10]
			for k := range want {
				if math.Abs(float64(got[k])-want[k]) > 1e-6 {
					t.Fatalf("step %d %s %s: %v, want %v", step, p.Name, e.Features()[k].Name, got[k], want[k])
				}
			}
			if before != nil && math.Abs(float64(got[9])-(before.Agents[i].VoltagePU-1)/0.05) > 1e-5 {
				t.Fatalf("step %d %s: voltage entry %v, was %v p.u.", step, p.Name, got[9], before.Agents[i].VoltagePU)
			}
		}
		if step < StepsPerDay {
			_ = Random{Seed: 3}.Act(e, action)
			e.Step(action)
			before = e.Last()
		}
	}
}

// TestInitialVoltagesAreTheIdleCommunitys: they are those that the idle action
// gives in the first step without changing anything.
func TestInitialVoltagesAreTheIdleCommunitys(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	e.Reset(19, Evaluation)
	start := e.Save().VoltagePU
	action := make([]float32, len(w.agents)*ActionDim)
	e.IdleAction(action)
	e.Step(action)
	for b, v := range e.Last().VoltagePU {
		if v != start[b] {
			t.Fatalf("bus index %d: %v at the start, %v after an idle step", b, start[b], v)
		}
	}
}

// TestPlusObservation: forecasts are means of the day as known the day before,
// computed here the slow way, and the first ten entries are the paper's.
func TestPlusObservation(t *testing.T) {
	w := world(t, "voltage-stress")
	paper, plus := newEnv(t, w, Options{}), newEnv(t, w, Options{Observation: "plus"})
	dim, n := plus.ObservationDim(), len(w.agents)
	const day = 40
	forecast := w.Calendar.Forecast(day)
	a, b := make([]float32, n*10), make([]float32, n*dim)
	action := make([]float32, n*ActionDim)
	paper.Reset(day, Evaluation)
	plus.Reset(day, Evaluation)
	date := w.Year.Date(day).Add(time.Hour).UTC()
	nominal := 0.0
	for _, bus := range w.Network.Buses {
		nominal += bus.DemandKW
	}
	for step := range StepsPerDay {
		paper.Observe(a)
		plus.Observe(b)
		for i, p := range w.Scenario.Prosumers {
			offset, scale := plus.Scaling(i)
			for k, f := range plus.Features() {
				got := float64(b[i*dim+k])*scale[k] + offset[k]
				if k < 10 {
					if a[i*10+k] != b[i*dim+k] {
						t.Fatalf("step %d %s %s differs from the paper's", step, p.Name, f.Name)
					}
					continue
				}
				var value func(step int) float64
				switch {
				case strings.HasPrefix(f.Name, "forecast_rdg"):
					value = func(s int) (sum float64) {
						for _, series := range forecast.AvailableKW[i] {
							sum += series[s]
						}
						return sum
					}
				case strings.HasPrefix(f.Name, "forecast_load"):
					value = func(s int) float64 { return forecast.LoadKW[i][s] }
				case strings.HasPrefix(f.Name, "forecast_feeder"):
					value = func(s int) (sum float64) {
						for _, kW := range forecast.BackgroundKW[s] {
							sum += kW / nominal
						}
						for j := range w.agents {
							sum += forecast.LoadKW[j][s] / nominal
						}
						return sum
					}
				case strings.HasPrefix(f.Name, "forecast_sun"), strings.HasPrefix(f.Name, "forecast_wind"):
					kind := map[string]string{"s": community.PV, "w": community.Wind}[f.Name[9:10]]
					value = func(s int) float64 {
						have, rated := 0.0, 0.0
						for j := range w.Scenario.Prosumers {
							for u, r := range w.Scenario.Prosumers[j].RDGs {
								if r.Kind == kind {
									have, rated = have+forecast.AvailableKW[j][u][s], rated+r.RatingKW
								}
							}
						}
						return have / rated
					}
				case strings.HasPrefix(f.Name, "coming"):
					value = func(s int) float64 { return w.Market.Quote(day, s).Buy }
				}
				want := 0.0
				switch {
				case value != nil:
					var hours [2]int
					for name, h := range map[string][2]int{"_0_1h": {0, 1}, "_1_2h": {1, 2}, "_2_4h": {2, 4}, "_4_8h": {4, 8}, "_8_16h": {8, 16}} {
						if strings.HasSuffix(f.Name, name) {
							hours = h
						}
					}
					count := 0.0
					for s := step + 1 + 4*hours[0]; s < step+1+4*hours[1] && s < StepsPerDay; s++ {
						want += value(s)
						count++
					}
					if count > 0 {
						want /= count
					} else {
						want = value(StepsPerDay - 1)
					}
				case f.Name == "load_kvar":
					want = w.Calendar.Day(day).LoadKvar[i][step]
				case f.Name == "previous_grid_kw":
					if last := plus.Last(); last != nil {
						want = last.Agents[i].GridKW
					}
				case f.Name == "weekday_sin":
					want = math.Sin(2 * math.Pi * float64(date.Weekday()) / 7)
				case f.Name == "weekday_cos":
					want = math.Cos(2 * math.Pi * float64(date.Weekday()) / 7)
				case f.Name == "season_sin":
					want = math.Sin(2 * math.Pi * day / 365.25)
				case f.Name == "season_cos":
					want = math.Cos(2 * math.Pi * day / 365.25)
				default:
					t.Fatalf("entry %s has no oracle", f.Name)
				}
				if math.Abs(got-want) > 1e-6*scale[k]+1e-6 {
					t.Fatalf("step %d %s %s: %v, want %v", step, p.Name, f.Name, got, want)
				}
			}
		}
		_ = Random{}.Act(paper, action)
		paper.Step(action)
		plus.Step(action)
	}
	if _, err := New(w, Options{Observation: "pixels"}); err == nil {
		t.Error("an unknown preset was taken")
	}
}
