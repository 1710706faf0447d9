package experiment

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/peerwatt/peerwatt/env"
)

func row(policy string, seed uint64, date string, cost float64, outside int) Row {
	return Row{Policy: policy, Seed: seed, Trained: seed > 0, Date: date, DayResult: env.DayResult{
		Cost: cost, RawCost: cost + 1, Reward: -cost / 10, BusSteps: 100, Outside: outside, ExcessPU: 0.01 * float64(outside), WorstPU: 0.02 * float64(outside),
	}}
}

// TestSummariesByHand: two seeds on two days, figures worked out on paper.
func TestSummariesByHand(t *testing.T) {
	rows := []Row{
		row("none-p2p", 0, "2015-01-25", 100, 4), row("none-p2p", 0, "2015-01-26", 300, 0),
		row("perfect", 0, "2015-01-25", 50, 0), row("perfect", 0, "2015-01-26", 150, 0),
		row("learner", 1, "2015-01-25", 80, 1), row("learner", 1, "2015-01-26", 200, 0),
		row("learner", 2, "2015-01-25", 60, 3), row("learner", 2, "2015-01-26", 180, 0),
	}
	all := Summarise(rows)
	if len(all) != 3 || all[0].Policy != "none-p2p" || all[2].Policy != "learner" {
		t.Fatalf("got %+v", all)
	}
	l := all[2]
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	near("cost", l.Cost, 130)                                           // of the seeds' means 140 and 120
	near("sd over seeds", l.CostSeedsSD, math.Sqrt(200))                // (10^2 + 10^2) / 1
	near("sd over days", l.CostDaysSD, math.Sqrt(2*60*60))              // of the days' means 70 and 190
	near("violation share", l.ViolationShare, 4./400)                   // all bus-steps of both seeds
	near("its sd", l.ViolationSeedsSD, math.Sqrt(2*0.005*0.005))        // shares 0.005 and 0.015
	near("mean excess", l.ViolationMeanPU, 0.01)                        // of those outside
	near("worst", l.ViolationWorstPU, 0.06)                             // 3 outside
	near("reward", l.Reward, -13)                                       //
	near("score", *l.Score, (200.-130)/(200-100))                       // none-p2p 200, perfect 100
	near("raw cost", l.RawCost, 131)                                    //
	near("sd of one seed", all[0].CostSeedsSD, 0)                       //
	near("sd over days of one seed", all[0].CostDaysSD, math.Sqrt(2e4)) // 100 and 300
	if !slices.Equal(l.Seeds, []uint64{1, 2}) || l.Days != 2 || all[0].Seeds != nil {
		t.Errorf("seeds %v and %v, days %d", l.Seeds, all[0].Seeds, l.Days)
	}
	if Summarise(rows[:2])[0].Score != nil {
		t.Error("a score without its bounds")
	}
}

func TestWords(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 12345.6: "12346", -1234.5: "-1234", 999.94: "999.9", 9.999: "10.00", -0.126: "-0.13"} {
		if got := money(x); got != want {
			t.Errorf("money(%v) is %s, want %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0.00", 0.0102: "1.02", 0.5: "50.00", 0.00012345: "0.012", 0.0000012345: "0.00012", 0.005: "0.50"} {
		if got := percent(x); got != want {
			t.Errorf("percent(%v) is %s, want %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{12e-6: "12 µs", 4.56e-3: "4.6 ms", 2.5: "2.5 s"} {
		if got := duration(x); got != want {
			t.Errorf("duration(%v) is %s, want %s", x, got, want)
		}
	}
}

func TestSentencesSayWhatTheFiguresSay(t *testing.T) {
	r := must(t, twoSeeds).run
	learned := Summary{Policy: "maddpg", Seeds: []uint64{1, 2}, Days: 84, Cost: 8000, CostSeedsSD: 120, ViolationShare: 0.0004, ViolationWorstPU: 0.002}
	idle := Summary{Policy: "none-p2p", Days: 84, Cost: 10000, ViolationShare: 0.01, ViolationWorstPU: 0.0085}
	for _, c := range []struct {
		rows []Summary
		want string
	}{
		{[]Summary{idle, learned}, "costs 8000 CNY a day (± 120 over 2 seeds): 20.0 % less than"},
		{[]Summary{idle, {Policy: "maddpg", Seeds: []uint64{1}, Days: 84, Cost: 11000}}, "costs 11000 CNY a day: 10.0 % more than"},
		{[]Summary{{Policy: "none-p2p", Cost: -100}, {Policy: "maddpg", Seeds: []uint64{1}, Cost: -150}}, "costs -150.0 CNY a day: 50.0 CNY less than"},
		{[]Summary{idle, learned}, "leave 0.95 to 1.05 p.u. on 0.040 % of bus-steps, by 0.0020 p.u. at worst; with nobody in control it is 1.00 % and 0.0085 p.u."},
	} {
		got := r.sentences(c.rows)
		if len(got) != 2 || !strings.Contains(strings.Join(got, " "), c.want) {
			t.Errorf("got %q, want it to contain %q", got, c.want)
		}
	}
	if r.sentences([]Summary{learned}) != nil {
		t.Error("a verdict without what it is measured against")
	}
}

// TestTicksCanBeRead: whatever the range, a few marks inside it with labels
// that differ and say where they are.
func TestTicksCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(-1e5, 1e5).Draw(t, "low")
		width := math.Pow(10, rapid.Float64Range(-3, 5).Draw(t, "log10 of the width"))
		ticks := fewTicks{}.Ticks(low, low+width)
		if len(ticks) < 2 || len(ticks) > 6 {
			t.Fatalf("%d ticks from %v to %v", len(ticks), low, low+width)
		}
		for i, tick := range ticks {
			if tick.Value < low || tick.Value > low+width || i > 0 && tick.Value <= ticks[i-1].Value {
				t.Fatalf("tick %v from %v to %v", tick, low, low+width)
			}
			if at, err := strconv.ParseFloat(tick.Label, 64); err != nil || math.Abs(at-tick.Value) > width/20 {
				t.Fatalf("the tick at %v is labelled %s", tick.Value, tick.Label)
			}
		}
	})
}

func TestVoltageColoursEndWhereLimitsAre(t *testing.T) {
	for v, want := range map[float64]string{0.95: htmlColour(vermilion), 0.949995: htmlColour(vermilion), 1.05: htmlColour(blue), 0.9499: "#000000", 1.0501: "#000000", 1: "#f0e442"} {
		if got := htmlColour(voltageColour(v, 0.95, 1.05)); got != want {
			t.Errorf("%v p.u. is %s, want %s", v, got, want)
		}
	}
}

func TestEqualBaselinesAreOneLine(t *testing.T) {
	f := newFigure("", "", "")
	f.line("learned", []float64{0, 1}, []float64{5, 6}, blue)
	f.across([]Summary{{Policy: "none", Cost: 60}, {Policy: "none-p2p", Cost: 8}, {Policy: "rule", Cost: 8}}, func(s Summary) float64 { return s.Cost })
	var labels []string
	for _, k := range f.keys {
		labels = append(labels, k.Label)
	}
	if want := []string{"learned", "none-p2p = rule"}; !slices.Equal(labels, want) {
		t.Errorf("the legend says %q, want %q", labels, want)
	}
	if f.Y.Max > 10 || f.note != "none, beyond the picture, is at 60." {
		t.Errorf("the picture reaches to %v and says %q", f.Y.Max, f.note)
	}
}
