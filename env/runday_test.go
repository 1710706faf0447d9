package env

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// TestDayResultAddsUp recomputes a day's figures from its details.
func TestDayResultAddsUp(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	p, _ := BuiltinPolicy("rule")
	var want DayResult
	gamma := 1.0
	bills := make([]Bill, len(w.agents))
	r, err := RunDay(e, p, 19, Evaluation, func(d *Detail) {
		want.RawCost += d.Outcome.Cost
		want.StoredValue += d.Outcome.StoredValue
		want.Reward += d.Outcome.Reward
		want.DiscountedReward += gamma * d.Outcome.Reward
		gamma *= 0.99
		want.Outside += d.Outcome.OutsideBuses
		want.ExcessPU += d.Outcome.ExcessPU
		want.WorstPU = math.Max(want.WorstPU, d.Outcome.WorstPU)
		want.TradedKWh += d.Clearing.TradedKW / 4
		for i, a := range d.Agents {
			bills[i].WithTrade += a.Cost.Total()
			price := d.Quote.Buy
			if a.ExchangeKW > 0 {
				price = d.Quote.Sell
			}
			bills[i].WithoutTrade += a.Cost.CDG + a.Cost.BESS + a.Cost.CL - price*a.ExchangeKW/4
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	near("cost", r.Cost, want.RawCost-want.StoredValue)
	near("raw cost", r.RawCost, want.RawCost)
	near("stored", r.StoredValue, want.StoredValue)
	near("reward", r.Reward, want.Reward)
	near("discounted", r.DiscountedReward, want.DiscountedReward)
	near("excess", r.ExcessPU, want.ExcessPU)
	near("mean excess", r.MeanExcessPU, want.ExcessPU/float64(want.Outside))
	near("worst", r.WorstPU, want.WorstPU)
	near("traded", r.TradedKWh, want.TradedKWh)
	if r.Outside != want.Outside || r.BusSteps != 96*141 || r.Day != 19 {
		t.Errorf("%+v", r)
	}
	if want.Outside == 0 {
		t.Error("the day tests too little: nothing lies outside")
	}
	for i, b := range r.PerAgent {
		near(b.Agent, b.WithTrade, bills[i].WithTrade)
		near(b.Agent, b.WithoutTrade, bills[i].WithoutTrade)
		if b.WithTrade > b.WithoutTrade+1e-9 {
			t.Errorf("%s is worse off with trade", b.Agent)
		}
	}
	if r.DecisionTime <= 0 {
		t.Error("decisions took no time")
	}
}

// TestNoneDoesNotTrade: the two idle policies move the same devices and differ
// in trade alone, and the environment's own setting survives both.
func TestNoneDoesNotTrade(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	run := func(name string) DayResult {
		p, err := BuiltinPolicy(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := RunDay(e, p, 180, Evaluation, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	alone, peers := run("none"), run("none-p2p")
	if alone.TradedKWh != 0 || peers.TradedKWh == 0 || !e.Trades() {
		t.Errorf("traded %v and %v kWh", alone.TradedKWh, peers.TradedKWh)
	}
	if alone.Outside != peers.Outside || alone.ExcessPU != peers.ExcessPU {
		t.Error("trade on paper moved the voltage")
	}
	for i, b := range alone.PerAgent {
		if math.Abs(b.WithTrade-peers.PerAgent[i].WithoutTrade) > 1e-9 || b.WithTrade != b.WithoutTrade {
			t.Errorf("%s pays %v without trade, %v was foretold", b.Agent, b.WithTrade, peers.PerAgent[i].WithoutTrade)
		}
	}
}

// faulty is a policy that goes wrong in a step.
type faulty struct {
	idle
	fail func(e *Env, action []float32) error
}

func (f faulty) Name() string { return "faulty" }

func (f faulty) Act(e *Env, action []float32) error {
	e.IdleAction(action)
	if e.StepIndex() == 7 {
		return f.fail(e, action)
	}
	return nil
}

func TestRunDayNamesWhatWentWrong(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	for _, c := range []struct {
		day  int
		fail func(*Env, []float32) error
		want string
	}{
		{0, func(*Env, []float32) error { return errors.New("out of ideas") }, "policy faulty, 2015-01-01, step 7: out of ideas"},
		{0, func(_ *Env, a []float32) error { a[3] = float32(math.NaN()); return nil }, "policy faulty, 2015-01-01, step 7: 1 components of its action are not numbers"},
		{365, nil, "day 365 is not in year"},
		{-1, nil, "day -1 is not in year"},
	} {
		_, err := RunDay(e, faulty{fail: c.fail}, c.day, Evaluation, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

func TestFindDay(t *testing.T) {
	w := world(t, "voltage-stress")
	for date, want := range map[string]int{"2015-01-01": 0, "2015-03-01": 59, "2015-12-31": 364} {
		day, err := w.FindDay(date)
		if err != nil || day != want || w.DateOf(day) != date {
			t.Errorf("%s is day %d (%v), want %d; it is called %s", date, day, err, want, w.DateOf(day))
		}
	}
	for _, date := range []string{"2014-12-31", "2016-01-01", "1.7.2015", ""} {
		if _, err := w.FindDay(date); err == nil || !strings.Contains(err.Error(), "2015-01-01") {
			t.Errorf("%q: %v", date, err)
		}
	}
}
