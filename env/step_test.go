package env

import (
	"math"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/market"
)

// heavy returns a world whose feeder cannot carry its load on winter evenings.
func heavy(t *testing.T, backgroundScale float64) *World {
	t.Helper()
	s, err := community.Preset("voltage-stress")
	if err != nil {
		t.Fatal(err)
	}
	s.Feeder.BackgroundScale = backgroundScale
	return worldOf(t, s, market.DefaultConfig())
}

// TestRewardIsRecomputable holds eqs. (23)-(25) against the voltages and costs
// of the Detail, on days with and without violations.
func TestRewardIsRecomputable(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	r, f := w.Scenario.Reward, w.Scenario.Feeder
	violations, clipped := 0, 0
	for _, day := range []int{10, 19, 180} {
		stored := 0.0
		for i, p := range w.Scenario.Prosumers {
			if p.BESS != nil {
				e.Reset(day, Evaluation)
				stored -= e.State(i).SOC * p.BESS.EnergyKWh
			}
		}
		_, err := RunDay(e, Random{Seed: 1}, day, Evaluation, func(d *Detail) {
			cost := 0.0
			for _, a := range d.Agents {
				cost += a.Cost.Grid + a.Cost.CDG + a.Cost.BESS + a.Cost.CL + a.Cost.P2P
			}
			value := 0.0
			if d.Step == 95 {
				for i, p := range w.Scenario.Prosumers {
					if p.BESS != nil {
						stored += d.Agents[i].SOCAfter * p.BESS.EnergyKWh
					}
				}
				value = stored * 0.43 // the valley price of cny-tou
			}
			outside, excess, worst := 0, 0.0, 0.0
			for _, v := range d.VoltagePU {
				if x := math.Max(v-f.VMaxPU, f.VMinPU-v); x > 1e-5 {
					outside, excess, worst = outside+1, excess+x, math.Max(worst, x)
				}
			}
			penalty := 0.0
			if outside > 0 {
				violations++
				penalty = r.PenaltyA + r.PenaltyC*excess
				if penalty > r.PenaltyClip {
					penalty = r.PenaltyClip
					clipped++
				}
			}
			want := -r.DeltaPerCNY*(cost-value) - penalty
			o := d.Outcome
			if math.Abs(o.Reward-want) > 1e-12 || math.Abs(o.Cost-cost) > 1e-9 || math.Abs(o.StoredValue-value) > 1e-9 ||
				o.OutsideBuses != outside || math.Abs(o.ExcessPU-excess) > 1e-12 || o.WorstPU != worst ||
				o.Violation != (outside > 0) || math.Abs(o.Penalty-penalty) > 1e-12 || o.Done != (d.Step == 95) || o.Terminated {
				t.Fatalf("day %d step %d: %+v, want reward %v", day, d.Step, o, want)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if violations == 0 || clipped == 0 || clipped == violations {
		t.Errorf("%d violations, %d of them clipped: the days test too little", violations, clipped)
	}
}

func TestDivergenceIsACollapse(t *testing.T) {
	w := heavy(t, 8)
	e := newEnv(t, w, Options{})
	diverged := 0
	r, err := RunDay(e, idle{}, 19, Evaluation, func(d *Detail) {
		if !d.Outcome.Diverged {
			return
		}
		diverged++
		if d.Outcome.OutsideBuses != 140 || !d.Outcome.Violation || d.Outcome.WorstPU != 0.95 || d.Outcome.Penalty != 1 {
			t.Fatalf("step %d: %+v", d.Step, d.Outcome)
		}
		if d.Status.Err() == nil || d.LossKW != 0 || d.SlackKW != 0 || d.Agents[0].VoltagePU != 0 {
			t.Fatalf("step %d: status %v, losses %v, voltage %v", d.Step, d.Status, d.LossKW, d.Agents[0].VoltagePU)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if diverged == 0 || r.DivergedSteps != diverged || r.BusSteps != 96*141 || r.Outside < 140*diverged {
		t.Errorf("%d steps diverged: %+v", diverged, r)
	}
}

func TestEndOnCollapse(t *testing.T) {
	for _, scale := range []float64{1.3, 8} { // below 0.9 p.u.; no power flow
		w := heavy(t, scale)
		e := newEnv(t, w, Options{EndOnCollapse: true})
		action := make([]float32, len(w.agents)*ActionDim)

		full := newEnv(t, w, Options{WithoutTrade: true})
		e.Reset(19, Evaluation)
		full.Reset(19, Evaluation)
		var out Outcome
		for !out.Done {
			e.IdleAction(action)
			out = e.Step(action)
			full.Step(action)
		}
		if !out.Terminated || e.StepIndex() == StepsPerDay || !e.Done() {
			t.Fatalf("scale %v: not ended early: step %d, %+v", scale, e.StepIndex(), out)
		}
		// What is charged is the idle community without trade, clipped penalty added.
		r := w.Scenario.Reward
		want := -r.DeltaPerCNY*out.Cost - out.Penalty
		for !full.Done() {
			full.IdleAction(action)
			rest := full.Step(action)
			want -= r.DeltaPerCNY*rest.Cost + r.PenaltyClip
		}
		if math.Abs(out.Reward-want) > 1e-9 {
			t.Errorf("scale %v: reward %v, want %v", scale, out.Reward, want)
		}

		// Evaluation goes on to the end, whatever the options say, and keeps them.
		result, err := RunDay(e, idle{}, 19, Evaluation, nil)
		if err != nil {
			t.Fatal(err)
		}
		if result.BusSteps != StepsPerDay*141 || !e.endEarly || !e.Trades() {
			t.Errorf("scale %v: evaluation ended early or changed the options: %+v", scale, result)
		}
	}
}

func TestStepAndObserveDoNotAllocate(t *testing.T) {
	for _, rule := range market.Rules() {
		s, err := community.Preset("voltage-stress")
		if err != nil {
			t.Fatal(err)
		}
		c := market.DefaultConfig()
		c.Rule = rule
		w := worldOf(t, s, c)
		for _, preset := range []string{"paper", "plus"} {
			e := newEnv(t, w, Options{Observation: preset})
			action := make([]float32, len(w.agents)*ActionDim)
			mask := make([]float32, len(w.agents)*ActionDim)
			observation := make([]float32, len(w.agents)*e.ObservationDim())
			e.Reset(19, Evaluation) // makes the day
			allocations := testing.AllocsPerRun(200, func() {
				if e.Done() {
					e.Reset(19, Evaluation)
				}
				_ = Random{}.Act(e, action)
				e.Step(action)
				e.Observe(observation)
				e.Mask(mask)
			})
			if allocations > 0 {
				t.Errorf("%s, %s: %v allocations a step", rule, preset, allocations)
			}
		}
	}
}

// TestBids: the price rules that ask are told what a kWh costs its seller and
// spares its buyer.
func TestBids(t *testing.T) {
	s, err := community.Preset("voltage-stress")
	if err != nil {
		t.Fatal(err)
	}
	c := market.DefaultConfig()
	c.Rule = "double-auction"
	w := worldOf(t, s, c)
	e := newEnv(t, w, Options{})
	e.Reset(180, Evaluation)
	sp := make([]community.SetPoint, len(w.agents))
	const commercial, rural, industrial, residential = 0, 4, 8, 12
	s.Prosumers[industrial].CDG.MaxKW = 20
	sp[commercial] = community.SetPoint{CDGKW: 20}
	sp[industrial] = community.SetPoint{CDGKW: 20, CLKW: 1e6}
	sp[rural] = community.SetPoint{BESSKW: -50}
	sp[residential] = community.SetPoint{CLKW: 1e6}
	action := make([]float32, len(w.agents)*ActionDim)
	e.Normalise(sp, action)
	e.Step(action)

	p := s.Prosumers
	want := []struct {
		agent       int
		cost, value float64
	}{
		{commercial, p[0].CDG.LinearPerKWh + 2*p[0].CDG.QuadraticPerKW2h*20, min(p[0].CDG.LinearPerKWh+2*p[0].CDG.QuadraticPerKW2h*20, p[0].CL.CompensationPerKWh)},
		{industrial, p[industrial].CL.CompensationPerKWh, math.NaN()}, // its generator gives all it has
		{rural, p[rural].BESS.MaintenancePerKWh, p[rural].CL.CompensationPerKWh},
		{residential, p[residential].CL.CompensationPerKWh, math.NaN()},
	}
	for _, x := range want {
		cost, value := e.bids.MarginalCostPerKWh[x.agent], e.bids.MarginalValuePerKWh[x.agent]
		same := math.Abs(value-x.value) < 1e-9 || math.IsNaN(value) && math.IsNaN(x.value)
		if math.Abs(cost-x.cost) > 1e-9 || !same {
			t.Errorf("%s: cost %v value %v, want %v %v", p[x.agent].Name, cost, value, x.cost, x.value)
		}
	}
}
