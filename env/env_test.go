package env

import (
	"math"
	"reflect"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// world returns the shared world of a preset on the built-in year.
func world(t testing.TB, preset string) *World {
	t.Helper()
	worlds.Lock()
	defer worlds.Unlock()
	if w := worlds.of[preset]; w != nil {
		return w
	}
	s, err := community.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	w := worldOf(t, s, market.DefaultConfig())
	worlds.of[preset] = w
	return w
}

var worlds = struct {
	sync.Mutex
	of map[string]*World
}{of: map[string]*World{}}

func worldOf(t testing.TB, s *community.Scenario, c market.Config) *World {
	t.Helper()
	y, err := profile.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	m, err := market.New(c, y)
	if err != nil {
		t.Fatal(err)
	}
	w, err := NewWorld(s, grid.Case141(), y, m)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func newEnv(t testing.TB, w *World, o Options) *Env {
	t.Helper()
	e, err := New(w, o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func mustDay(t testing.TB, w *World, date string) int {
	t.Helper()
	day, err := w.FindDay(date)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// randomAction draws joint actions, bounds and beyond included.
func randomAction(t *rapid.T, action []float32) {
	special := []float32{-1, 1, 0, -3, 3, float32(math.Inf(1)), 1e-8, -0.9999999}
	for k := range action {
		if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
			action[k] = rapid.SampledFrom(special).Draw(t, "special")
		} else {
			action[k] = rapid.Float32Range(-1, 1).Draw(t, "action")
		}
	}
}

// TestNoActionBreaksADevice holds eqs. (1)-(10) and (20) after every step of
// random actions on random days, from the numbers of the Detail alone.
func TestNoActionBreaksADevice(t *testing.T) {
	for _, preset := range []string{"voltage-stress", "paper-scale", "solar-stress"} {
		w := world(t, preset)
		e := newEnv(t, w, Options{})
		action := make([]float32, len(w.agents)*ActionDim)
		rapid.Check(t, func(t *rapid.T) {
			e.Reset(rapid.IntRange(0, w.Year.Days()-1).Draw(t, "day"), Initial{SOC: rapid.Float64Range(0, 1).Draw(t, "soc")})
			cdgKW, soc := make([]float64, len(w.agents)), make([]float64, len(w.agents))
			for i := range soc {
				soc[i] = e.State(i).SOC
			}
			draw := rapid.Uint64().Draw(t, "seed")
			randomAction(t, action)
			for step := range StepsPerDay {
				if step > 0 { // a fresh draw of every component would take minutes
					_ = Random{Seed: draw}.Act(e, action)
					for k := range action {
						action[k] *= 1.3
					}
				}
				e.Step(action)
				d := e.Last()
				for i := range w.agents {
					checkDevices(t, w, d, i, cdgKW[i], soc[i])
					cdgKW[i], soc[i] = d.Agents[i].SetPoint.CDGKW, d.Agents[i].SOCAfter
				}
				checkBalance(t, d)
			}
		})
	}
}

const eps = 1e-9 // relative to kW of some hundreds: rounding

func checkDevices(t *rapid.T, w *World, d *Detail, i int, previousCDG, previousSOC float64) {
	p, x := &w.Scenario.Prosumers[i], &d.Agents[i]
	sp := x.SetPoint
	ok := func(eq string, holds bool) {
		if !holds {
			t.Fatalf("%s step %d: %s is broken: %+v", p.Name, d.Step, eq, *x)
		}
	}
	if c := p.CDG; c != nil {
		ok("(1)", sp.CDGKW >= c.MinKW && sp.CDGKW <= c.MaxKW)
		ok("(2)", math.Abs(sp.CDGKW-previousCDG) <= c.RampKW+eps)
	} else {
		ok("no CDG", sp.CDGKW == 0)
	}
	units := len(p.RDGs)
	available, pKW, qKvar := make([]float64, units), make([]float64, units), make([]float64, units)
	day := w.Calendar.Day(d.Day)
	for k := range units {
		available[k] = day.AvailableKW[i][k][d.Step]
	}
	p.Split(sp, available, pKW, qKvar)
	sumP, sumQ := 0.0, 0.0
	for k, r := range p.RDGs {
		ok("(3)", pKW[k] >= 0 && pKW[k] <= available[k]+eps)
		ok("(4)", math.Hypot(pKW[k], qKvar[k]) <= r.ApparentKVA+eps)
		if r.ReactiveShare > 0 {
			ok("inverter", math.Abs(qKvar[k]) <= r.ReactiveShare*r.ApparentKVA+eps)
		}
		if available[k] < r.MinAvailableShare*r.RatingKW {
			ok("inverter asleep", qKvar[k] == 0)
		}
		sumP, sumQ = sumP+pKW[k], sumQ+qKvar[k]
	}
	ok("split", math.Abs(sumP-sp.RDGKW) <= eps && math.Abs(sumQ-sp.RDGKvar) <= eps && math.Abs(x.WindKW+x.PVKW-sp.RDGKW) <= eps)
	if b := p.BESS; b != nil {
		ok("(5)", sp.BESSKW >= b.MinKW && sp.BESSKW <= b.MaxKW)
		ok("(6)", x.SOCAfter >= b.SOCMin && x.SOCAfter <= b.SOCMax)
		want := previousSOC + b.Efficiency*sp.BESSKW*0.25/b.EnergyKWh
		if sp.BESSKW < 0 {
			want = previousSOC + sp.BESSKW*0.25/(b.Efficiency*b.EnergyKWh)
		}
		ok("(7)", x.SOCBefore == previousSOC && math.Abs(x.SOCAfter-want) <= 1e-12)
	} else {
		ok("no BESS", sp.BESSKW == 0 && x.SOCAfter == 0)
	}
	alpha := 0.0
	if p.CL != nil {
		alpha = p.CL.Alpha
	}
	ok("(8)", sp.CLKW >= 0 && sp.CLKW <= alpha*x.LoadKW)
	ok("(9)", math.Abs(sp.CDGKW+sp.RDGKW+sp.CLKW-x.LoadKW-sp.BESSKW-x.ExchangeKW) <= eps &&
		math.Abs(x.ExchangeKW+x.GridKW+x.P2PKW) <= eps)
	ok("(10)", math.Abs(sp.RDGKvar-x.LoadKvar-x.ExchangeKvar) <= eps)
}

func checkBalance(t *rapid.T, d *Detail) {
	traded, exchange := 0.0, 0.0
	for i := range d.Agents {
		traded += d.Agents[i].P2PKW
		exchange += d.Agents[i].ExchangeKW
	}
	if math.Abs(traded) > 1e-9 {
		t.Fatalf("step %d: trades sum to %v kW, eq. (20) wants 0", d.Step, traded)
	}
	demand := 0.0
	for _, kW := range d.DemandKW {
		demand += kW
	}
	if d.Status.Converged && math.Abs(demand+d.LossKW-d.SlackKW) > 1e-3 {
		t.Fatalf("step %d: demand %v + losses %v != supply %v kW", d.Step, demand, d.LossKW, d.SlackKW)
	}
}

// TestActionsMapOntoTheInterval: -1, 0 and 1 are its ends and its middle, and
// set points survive the way there and back.
func TestActionsMapOntoTheInterval(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	n := len(w.agents)
	action, back := make([]float32, n*ActionDim), make([]float32, n*ActionDim)
	got := make([]community.SetPoint, n)
	rapid.Check(t, func(t *rapid.T) {
		e.Reset(rapid.IntRange(0, w.Year.Days()-1).Draw(t, "day"), Initial{SOC: rapid.Float64Range(0, 1).Draw(t, "soc")})
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			_ = Random{}.Act(e, action)
			e.Step(action)
		}
		for k := range action {
			action[k] = rapid.SampledFrom([]float32{-1, 0, 1}).Draw(t, "end")
		}
		e.SetPoints(action, got)
		for i := range got {
			b := e.Bounds(i)
			lo, hi, x := components(b.Lo), components(b.Hi), components(got[i])
			limit := w.Scenario.Prosumers[i].ReactiveLimit(got[i].RDGKW, e.unitsKW[i])
			lo[ActionRDGQ], hi[ActionRDGQ] = -limit, limit
			for k := range ActionDim {
				want := lo[k] + (hi[k]-lo[k])*float64(action[i*ActionDim+k]+1)/2
				if math.Abs(x[k]-want) > 1e-9 {
					t.Fatalf("agent %d component %d: %v, want %v in [%v, %v]", i, k, x[k], want, lo[k], hi[k])
				}
			}
		}

		randomAction(t, action)
		e.SetPoints(action, got)
		loss := e.Normalise(got, back)
		if loss.ActiveKW != 0 || loss.ReactiveKvar > 1e-9 {
			t.Fatalf("feasible set points lost %+v", loss)
		}
		again := make([]community.SetPoint, n)
		e.SetPoints(back, again)
		for i := range got {
			a, b := components(got[i]), components(again[i])
			for k := range a {
				if math.Abs(a[k]-b[k]) > 1e-4 { // float32 of some hundreds of kW
					t.Fatalf("agent %d component %d: %v became %v", i, k, a[k], b[k])
				}
			}
		}
	})
}

func TestNormaliseProjectsAndCounts(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	e.Reset(200, Evaluation)
	n := len(w.agents)
	action, same := make([]float32, n*ActionDim), make([]float32, n*ActionDim)
	want := make([]community.SetPoint, n)
	hub := 16
	want[hub] = community.SetPoint{CDGKW: 1e6, RDGKW: -5, RDGKvar: 1e6, BESSKW: -1e6, CLKW: 0}
	loss := e.Normalise(want, action)

	b := e.Bounds(hub)
	limit := w.Scenario.Prosumers[hub].ReactiveLimit(0, e.unitsKW[hub])
	active := (1e6 - b.Hi.CDGKW) + 5 + (1e6 + b.Lo.BESSKW)
	if math.Abs(loss.ActiveKW-active) > 1e-6 || math.Abs(loss.ReactiveKvar-(1e6-limit)) > 1e-6 {
		t.Errorf("loss %+v, want %v kW and %v kvar", loss, active, 1e6-limit)
	}
	if !reflect.DeepEqual(action[hub*ActionDim:(hub+1)*ActionDim-1], []float32{1, -1, share(-limit, limit, 1e6), -1}) {
		t.Errorf("action %v", action[hub*ActionDim:(hub+1)*ActionDim])
	}

	var v Visit
	e.Visit(&v)
	again := w.Normalise(w.Calendar.Day(200), &v, want, same)
	if again != loss || !reflect.DeepEqual(action, same) {
		t.Error("the same state visited gives another label")
	}
}

// TestIdleIsExact: leaving devices alone moves nothing at all.
func TestIdleIsExact(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	idle, _ := BuiltinPolicy("none-p2p")
	for _, day := range []int{0, 180} {
		for _, soc := range []float64{0.123456789, 0.5, 0.9} {
			_, err := RunDay(e, idle, day, Initial{SOC: soc}, func(d *Detail) {
				for i, x := range d.Agents {
					sp, idle := x.SetPoint, w.Scenario.Prosumers[i].Idle(e.unitsKW[i])
					idle.RDGKW = x.WindAvailableKW + x.PVAvailableKW
					if math.Abs(sp.RDGKW-idle.RDGKW) > 1e-9 {
						t.Fatalf("agent %d curtails %v kW", i, idle.RDGKW-sp.RDGKW)
					}
					sp.RDGKW, idle.RDGKW = 0, 0
					if sp != idle || x.SOCAfter != x.SOCBefore {
						t.Fatalf("agent %d step %d: %+v", i, d.Step, sp)
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestMask(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	e.Reset(180, Initial{SOC: 1}) // full batteries at midnight in summer
	mask := make([]float32, len(w.agents)*ActionDim)
	e.Mask(mask)
	for i, a := range w.agents {
		row := mask[i*ActionDim : (i+1)*ActionDim]
		for k := range row {
			if row[k] == 1 && !a.Mask[k] {
				t.Errorf("%s has no %s", a.Name, ActionNames[k])
			}
		}
		if a.Type == "residential" && (row[ActionRDG] != 0 || row[ActionRDGQ] != 0) {
			t.Errorf("%s: a PV inverter awake at midnight", a.Name)
		}
		if p := w.Scenario.Prosumers[i]; p.BESS != nil && row[ActionBESS] != 1 {
			t.Errorf("%s: a full battery can discharge", a.Name)
		}
	}
}
