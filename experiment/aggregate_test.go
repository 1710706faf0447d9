package experiment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Scores of two learners on three months with four seeds. The reference values
// below are scipy 1.17's: trim_mean(0.25), mannwhitneyu, and percentiles of
// 400,000 stratified bootstraps by numpy 2; rliable's definitions are the same.
var (
	scoresX = scores{{0.61, 0.52, 0.70, 0.66}, {0.91, 1.04, 0.83, 0.97}, {0.31, 0.45, 0.12, 0.40}}
	scoresY = scores{{0.55, 0.66, 0.48, 0.59}, {0.80, 0.91, 0.97, 0.79}, {0.33, 0.45, 0.30, 0.05}}
)

func TestAggregatesAreThoseOfSciPy(t *testing.T) {
	// Bootstraps of 5,000 know a bound to about a hundredth of the interval.
	check := func(name string, got Estimate, value, low, high float64) {
		if math.Abs(got.Value-value) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, got.Value, value)
		}
		if slack := 0.03 * (high - low); math.Abs(got.Interval[0]-low) > slack || math.Abs(got.Interval[1]-high) > slack {
			t.Errorf("%s lies in %v, want %v .. %v", name, *got.Interval, low, high)
		}
	}
	x := scoresX.aggregate()
	check("the interquartile mean", x.IQM, 0.6283333333333334, 0.58, 0.6733333333)
	check("the optimality gap", x.Gap, 0.3766666666666667, 0.3283333333, 0.43)
	check("the probability of improvement",
		estimate(func(s []scores) float64 { return improvement(s[0], s[1]) }, scoresX, scoresY), 0.6875, 0.4583333333, 0.8854166667)
	if got := iqm(scoresY); math.Abs(got-0.5866666666666667) > 1e-12 {
		t.Errorf("the other interquartile mean is %v", got)
	}
	if one := (scores{{0.5}, {0.7}}).aggregate(); one.IQM.Interval != nil {
		t.Error("an interval of a single training")
	}
}

// TestPairedDaysAreThoseOfSciPy: ttest_rel and its confidence interval, with
// seeds whose mean is the figure of the day.
func TestPairedDaysAreThoseOfSciPy(t *testing.T) {
	var rows []Row
	ours, theirs := []float64{80, 200, 150, 90, 120}, []float64{100, 190, 180, 95, 140}
	for i := range ours {
		date := fmt.Sprintf("2015-01-%02d", i+25)
		rows = append(rows, row("rule", 0, date, theirs[i], 0), row("learner", 1, date, ours[i]-3, 0), row("learner", 2, date, ours[i]+3, 0))
	}
	all := PairedDays(rows)
	if len(all) != 1 || all[0].Policy != "learner" || all[0].Against != "rule" || all[0].CheaperDays != 4 {
		t.Fatalf("got %+v", all)
	}
	d := all[0].Difference
	if d.Value != -13 || math.Abs(d.Interval[0]+32.43511573638455) > 1e-9 || math.Abs(d.Interval[1]-6.435115736384553) > 1e-9 {
		t.Errorf("got %v, %v", d.Value, *d.Interval)
	}
	if want := (DayDifference{"2015-01-26", 10, 7, 13}); all[0].Days[1] != want {
		t.Errorf("got %+v, want %+v", all[0].Days[1], want)
	}
}

// monthly are rows of two months in which trade alone costs 200 and foresight 100
// a month, and learners cost what their scores say.
func monthly(of map[string][][]float64) []Row {
	var rows []Row
	for m, month := range []string{"2015-01", "2015-02"} {
		for d := 25; d <= 26; d++ { // halves of the month's cost
			date := fmt.Sprintf("%s-%d", month, d)
			rows = append(rows, row("none-p2p", 0, date, 100, 0), row("perfect", 0, date, 50, 0))
			for _, name := range []string{"a", "b"} {
				for seed := range of[name] {
					rows = append(rows, row(name, uint64(seed+1), date, 100-50*of[name][seed][m], 0))
				}
			}
		}
	}
	return rows
}

func TestScoresOfMonths(t *testing.T) {
	rows := monthly(map[string][][]float64{"a": {{0.5, 0.9}, {0.7, 1.1}}, "b": {{0.4, 0.8}, {0.4, 0.8}}})
	got := scoresOf(rows)
	for i, want := range []scores{{{0.5, 0.7}, {0.9, 1.1}}, {{0.4, 0.4}, {0.8, 0.8}}, {{0}, {0}}, {{1}, {1}}} {
		name := []string{"a", "b", "none-p2p", "perfect"}[i]
		for m := range want {
			for k := range want[m] {
				if math.Abs(got[name][m][k]-want[m][k]) > 1e-12 {
					t.Errorf("%s scores %v, want %v", name, got[name], want)
				}
			}
		}
	}
	for _, p := range Improvements(rows) {
		want := map[string]float64{"a>b": 1, "a>none-p2p": 1, "a>perfect": 0.25, "b>a": 0, "b>none-p2p": 1, "b>perfect": 0}[p.Policy+">"+p.Over]
		if p.Probability.Value != want {
			t.Errorf("%s over %s: %v, want %v", p.Policy, p.Over, p.Probability.Value, want)
		}
	}
	if withoutBound := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Policy == "perfect" }); scoresOf(withoutBound) != nil || Improvements(withoutBound) != nil {
		t.Error("scores without their bounds")
	}
}

// TestAggregatesOrderAndBounds: whatever the scores, the interquartile mean lies
// between their extremes and grows with them, improvements of two add up to one,
// and an interval holds what all resamples agree on.
func TestAggregatesOrderAndBounds(t *testing.T) {
	draw := func(t *rapid.T, name string) (s scores) {
		months, seeds := rapid.IntRange(1, 4).Draw(t, "months"), rapid.IntRange(1, 5).Draw(t, name+" seeds")
		for range months {
			s = append(s, rapid.SliceOfN(rapid.Float64Range(-1, 2), seeds, seeds).Draw(t, name))
		}
		return s
	}
	rapid.Check(t, func(t *rapid.T) {
		x := draw(t, "x")
		all := slices.Concat(x...)
		if v := iqm(x); v < slices.Min(all)-1e-12 || v > slices.Max(all)+1e-12 {
			t.Fatalf("%v is outside the scores", v)
		}
		higher := make(scores, len(x))
		for m := range x {
			for _, v := range x[m] {
				higher[m] = append(higher[m], v+0.25)
			}
		}
		if math.Abs(iqm(higher)-iqm(x)-0.25) > 1e-12 {
			t.Fatal("it does not move with the scores")
		}
		if g := optimalityGap(x); g < 0 || optimalityGap(higher) > g {
			t.Fatal("the gap does not close")
		}
		if p, q := improvement(x, higher), improvement(higher, x); math.Abs(p+q-1) > 1e-12 || p > q {
			t.Fatalf("%v and %v", p, q)
		}
	})
}

// TestMarlEvalLayout: every level under its name, absolute metrics last, as many
// runs of every algorithm, an entry for every day of the month.
func TestMarlEvalLayout(t *testing.T) {
	rows := monthly(map[string][][]float64{"a": {{0.5, 0.9}, {0.7, 1.1}}, "b": {{0.4, 0.8}, {0.4, 0.8}}})
	text, err := MarlEval("Voltage-Stress", rows)
	if err != nil {
		t.Fatal(err)
	}
	type metrics struct {
		StepCount               *int `json:"step_count"`
		Return, Cost, Violation []float64
	}
	var got map[string]map[string]map[string]map[string]map[string]metrics
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&got); err != nil {
		t.Fatal(err)
	}
	tasks := got["voltage-stress"]
	if len(got) != 1 || len(tasks) != 2 {
		t.Fatalf("got %s", text)
	}
	for month, algorithms := range tasks {
		if len(algorithms) != 2 {
			t.Errorf("%s has %d algorithms", month, len(algorithms))
		}
		for name, runs := range algorithms {
			if len(runs) != 2 {
				t.Errorf("%s, %s: %d runs", month, name, len(runs))
			}
			for run, steps := range runs {
				first, last := steps["step_1"], steps["absolute_metrics"]
				if first.StepCount == nil || last.StepCount != nil || len(last.Cost) != 2 || len(steps) != 2 {
					t.Errorf("%s, %s, %s: %+v", month, name, run, steps)
				}
				if first.StepCount = nil; !reflect.DeepEqual(first, last) {
					t.Errorf("%s, %s, %s: %+v and %+v", month, name, run, first, last)
				}
			}
		}
	}
	if c := tasks["2015-02"]["a"]["run_2"]["absolute_metrics"].Cost; math.Abs(c[0]-45) > 1e-12 {
		t.Errorf("seed 2 of a costs %v on the days of February", c)
	}
	if first, last := strings.Index(string(text), `"step_1"`), strings.Index(string(text), `"absolute_metrics"`); first > last {
		t.Error("absolute metrics do not come last")
	}
	if _, err := MarlEval("w", slices.DeleteFunc(rows, func(r Row) bool { return r.Policy == "b" && r.Seed == 2 })); err == nil || !strings.Contains(err.Error(), "b: it has 1 runs, others have 2") {
		t.Errorf("unequal runs: %v", err)
	}
}
