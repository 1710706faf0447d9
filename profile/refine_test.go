package profile

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func rms(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(values)))
}

// TestRefineWindKeepsMeansAndBounds: whatever the hours, extremes included.
func TestRefineWindKeepsMeansAndBounds(t *testing.T) {
	v := loadVariations().WindOffshore
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1, 1e-6, 1 - 1e-6}))
		means := rapid.SliceOfN(level, 1, 72).Draw(t, "means")
		path := refineWind(means, &v, newRandom(rapid.Uint64().Draw(t, "seed")))
		for i, x := range path {
			if !(x >= 0 && x <= 1) {
				t.Fatalf("step %d: %g", i, x)
			}
		}
		for h, got := range hourly(path) {
			if math.Abs(got-means[h]) > grain {
				t.Fatalf("hour %d: mean %g, want %g", h, got, means[h])
			}
		}
	})
}

// TestRefineSunKeepsMeansBoundsAndNight does the same for days of sun.
func TestRefineSunKeepsMeansBoundsAndNight(t *testing.T) {
	v := loadVariations().Solar
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2015, 1, 1+rapid.IntRange(0, 364).Draw(t, "day"), 0, 0, 0, 0, zone)
		clear := clearSky(start, 2*StepsPerDay)
		means := hourly(clear)
		for h := range means {
			means[h] *= rapid.Float64Range(0, 1.1).Draw(t, "share")
		}
		path := refineSun(means, clear, &v, newRandom(rapid.Uint64().Draw(t, "seed")))
		for i, x := range path {
			if !(x >= 0 && x <= 1) || clear[i] == 0 && x != 0 {
				t.Fatalf("step %d: %g under a clear sky of %g", i, x, clear[i])
			}
		}
		for h, got := range hourly(path) {
			if math.Abs(got-means[h]) > grain {
				t.Fatalf("hour %d: mean %g, want %g", h, got, means[h])
			}
		}
	})
}

// TestWanderHasItsSteps: the random path has no hourly means, and steps as large as asked.
func TestWanderHasItsSteps(t *testing.T) {
	for name, v := range map[string]variation{
		"plain":  {},
		"smooth": {Smoothness: 0.7},
		"spells": {Smoothness: 0.4, Spread: 0.5, Memory: 0.8},
	} {
		want := make([]float64, 40000)
		for h := range want {
			want[h] = 0.02
		}
		path := v.wander(want, v.gain(), newRandom(1))
		for h, m := range hourly(path) {
			if math.Abs(m) > 1e-12 {
				t.Fatalf("%s: hour %d has mean %g", name, h, m)
			}
		}
		var steps []float64
		for i := range path {
			if i%4 > 0 {
				steps = append(steps, path[i]-path[i-1])
			}
		}
		if got := rms(steps); math.Abs(got-0.02) > 0.03*0.02 {
			t.Errorf("%s: steps of %.5f, want 0.02", name, got)
		}
	}
}

// TestRefined2015MovesAsMeasured holds the steps that refining the hours of 2015
// adds, by level and by time, to the table measured on real quarters of an hour. Wild
// spells last for hours and are rare, so 64 years of chance are pooled, and classes of
// fewer than 8000 hours left out. Where the wind is nearly calm, steps end at zero
// and are smaller.
func TestRefined2015MovesAsMeasured(t *testing.T) {
	y, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	v := loadVariations()
	clear := clearSky(y.Start, len(y.Solar.Actual))
	const tolerance = 0.1
	for _, c := range []struct {
		name    string
		v       *variation
		hours   func(seed uint64) []hourOf
		calmest int // classes of level below it may fall short
	}{
		{"onshore", &v.WindOnshore, func(seed uint64) []hourOf {
			return windHours(refineWind(hourly(y.WindOnshore.Actual), &v.WindOnshore, newRandom(seed)))
		}, 1},
		{"offshore", &v.WindOffshore, func(seed uint64) []hourOf {
			return windHours(refineWind(hourly(y.WindOffshore.Actual), &v.WindOffshore, newRandom(seed)))
		}, 3},
		{"sun", &v.Solar, func(seed uint64) []hourOf {
			return sunHours(refineSun(hourly(y.Solar.Actual), clear, &v.Solar, newRandom(seed)), clear)
		}, 1},
	} {
		type sums struct{ got, want, hours float64 }
		byLevel, byTime := make([]sums, len(c.v.StepByLevel)), make([]sums, len(c.v.StepByTime))
		for seed := range uint64(64) {
			for _, h := range c.hours(seed) {
				got, want := square(rms(h.steps[:])), square(c.v.stepRMS(h.level, h.time))
				level := class(c.v.LevelEdges, h.level)
				into := []*sums{&byLevel[level]}
				if level >= c.calmest {
					into = append(into, &byTime[class(c.v.TimeEdges, h.time)])
				}
				for _, s := range into {
					s.got, s.want, s.hours = s.got+got, s.want+want, s.hours+1
				}
			}
		}
		compared := 0
		for kind, classes := range [][]sums{byLevel, byTime} {
			for k, s := range classes {
				if s.hours < 8000 {
					continue
				}
				compared++
				got, want := math.Sqrt(s.got/s.hours), math.Sqrt(s.want/s.hours)
				if got > (1+tolerance)*want || got < (1-tolerance)*want && (kind == 1 || k >= c.calmest) {
					t.Errorf("%s, class %d of %s: steps of %.5f, measured %.5f (%.0f hours)", c.name, k, [...]string{"level", "time"}[kind], got, want, s.hours)
				}
			}
		}
		if compared < 11 {
			t.Errorf("%s: only %d classes compared", c.name, compared)
		}
	}
}

// TestRefinedRealHoursMoveAsTheRealQuarters is the proof of the method: real quarters of
// an hour, averaged to hours and refined, must move as they did before.
func TestRefinedRealHoursMoveAsTheRealQuarters(t *testing.T) {
	v := loadVariations()
	m, sun, _ := realQuarters(t, func(name string) bool { return name == "Belgium" }, solar2023, solar2024)
	clear := m.clearSky()
	_, on, _ := realQuarters(t, onshore, wind2025)
	_, off, _ := realQuarters(t, offshore, wind2025)
	for i, c := range clear {
		if c == 0 {
			sun[i] = 0
		}
	}
	for _, c := range []struct {
		name   string
		real   []float64
		refine func(means []float64) []float64
	}{
		{"sun", sun, func(means []float64) []float64 { return refineSun(means, clear, &v.Solar, newRandom(2)) }},
		{"onshore", on, func(means []float64) []float64 { return refineWind(means, &v.WindOnshore, newRandom(3)) }},
		{"offshore", off, func(means []float64) []float64 { return refineWind(means, &v.WindOffshore, newRandom(4)) }},
	} {
		means, good := filled(hourly(c.real))
		for h := range means {
			if 4*h+3 < len(clear) && c.name == "sun" && hourly(clear)[h] == 0 {
				means[h] = 0
			}
		}
		path := c.refine(means)
		var realSteps, ourSteps []float64
		for i := 1; i < len(path); i++ {
			if good[i/4] && good[(i-1)/4] && (c.name != "sun" || clear[i] > 0) {
				realSteps = append(realSteps, math.Abs(c.real[i]-c.real[i-1]))
				ourSteps = append(ourSteps, math.Abs(path[i]-path[i-1]))
			}
		}
		t.Logf("%s: rms step %.5f, ours %.5f", c.name, rms(realSteps), rms(ourSteps))
		if r, o := rms(realSteps), rms(ourSteps); math.Abs(o-r) > 0.07*r {
			t.Errorf("%s: steps of %.5f, really %.5f", c.name, o, r)
		}
		slices.Sort(realSteps)
		slices.Sort(ourSteps)
		for _, q := range []float64{0.5, 0.75, 0.9, 0.99} {
			r, o := realSteps[int(q*float64(len(realSteps)))], ourSteps[int(q*float64(len(ourSteps)))]
			t.Logf("%s: quantile %.2f of the steps %.5f, ours %.5f", c.name, q, r, o)
			if math.Abs(o-r) > 0.15*r+0.0005 {
				t.Errorf("%s: quantile %.2f of the steps is %.5f, really %.5f", c.name, q, o, r)
			}
		}
	}
}
