package profile

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

// figures are what a series is judged by.
type figures struct {
	mean, deviation float64
	memory          []float64 // autocorrelation at lags
	steps           []float64 // quantiles of the size of steps
}

var (
	lags      = []int{1, 4, 24, 96, 192}
	quantiles = []float64{0.5, 0.75, 0.9, 0.99}
)

func figuresOf(series []float64, counts func(i int) bool) figures {
	f := figures{mean: mean(series)}
	centred := make([]float64, len(series))
	for i, x := range series {
		centred[i] = x - f.mean
	}
	f.deviation = rms(centred)
	for _, lag := range lags {
		f.memory = append(f.memory, autocorrelation(series, lag))
	}
	var steps []float64
	for i := 1; i < len(series); i++ {
		if counts(i) {
			steps = append(steps, math.Abs(series[i]-series[i-1]))
		}
	}
	slices.Sort(steps)
	for _, q := range quantiles {
		f.steps = append(f.steps, steps[int(q*float64(len(steps)))])
	}
	return f
}

// TestGeneratorHasTheStatisticsOf2015 compares eight synthetic years, averaged, with the
// real one. What the tolerances leave: a year holds about a hundred independent winds, so that
// the mean of eight years still wanders by 3 %, and the normal law gives the peak of
// a year, by which load is divided, more often a little above that of 2015.
func TestGeneratorHasTheStatisticsOf2015(t *testing.T) {
	real := builtInYear(t)
	const years = 8
	var made []*Year
	for seed := range uint64(years) {
		made = append(made, Generate(2015, seed))
	}
	clear := clearSky(real.Start, len(real.Load.Actual))
	day := func(i int) bool { return clear[i] > 0 }
	always := func(int) bool { return true }
	for _, c := range []struct {
		name   string
		series func(y *Year) []float64
		counts func(i int) bool
		mean   float64 // tolerance, relative
	}{
		{"load", func(y *Year) []float64 { return y.Load.Actual }, always, 0.03},
		{"sun", func(y *Year) []float64 { return y.Solar.Actual }, day, 0.05},
		{"onshore", func(y *Year) []float64 { return y.WindOnshore.Actual }, always, 0.08},
		{"offshore", func(y *Year) []float64 { return y.WindOffshore.Actual }, always, 0.08},
	} {
		want := figuresOf(c.series(real), c.counts)
		got := figures{memory: make([]float64, len(lags)), steps: make([]float64, len(quantiles))}
		for _, y := range made {
			f := figuresOf(c.series(y), c.counts)
			got.mean += f.mean / years
			got.deviation += f.deviation / years
			for i := range f.memory {
				got.memory[i] += f.memory[i] / years
			}
			for i := range f.steps {
				got.steps[i] += f.steps[i] / years
			}
		}
		t.Logf("%s\n real %.4f\n made %.4f", c.name, want, got)
		near := func(what string, got, want, tolerance float64) {
			t.Helper()
			if math.Abs(got-want) > tolerance {
				t.Errorf("%s: %s %.4f, really %.4f", c.name, what, got, want)
			}
		}
		near("mean", got.mean, want.mean, c.mean*want.mean)
		near("standard deviation", got.deviation, want.deviation, 0.08*want.deviation)
		for i, lag := range lags {
			near(fmt.Sprintf("autocorrelation at lag %d", lag), got.memory[i], want.memory[i], 0.06)
		}
		for i, q := range quantiles {
			near(fmt.Sprintf("quantile %.2f of steps", q), got.steps[i], want.steps[i], 0.2*want.steps[i])
		}
	}
}

// TestGeneratedForecastOfLoadErrsAsReal compares the forecast error of load.
func TestGeneratedForecastOfLoadErrsAsReal(t *testing.T) {
	errors := func(y *Year) []float64 {
		e := make([]float64, len(y.Load.Actual))
		for i := range e {
			e[i] = y.Load.Forecast[i] - y.Load.Actual[i]
		}
		return e
	}
	real, made := errors(builtInYear(t)), errors(Generate(2015, 3))
	if got, want := rms(made), rms(real); math.Abs(got-want) > 0.15*want {
		t.Errorf("error of %.4f, really %.4f", got, want)
	}
	for _, lag := range []int{1, 4, 16, 48} {
		if got, want := autocorrelation(made, lag), autocorrelation(real, lag); math.Abs(got-want) > 0.1 {
			t.Errorf("lag %d: autocorrelation %.3f, really %.3f", lag, got, want)
		}
	}
}

// TestGeneratedWindsBlowTogether compares the correlation of onshore and offshore wind.
func TestGeneratedWindsBlowTogether(t *testing.T) {
	correlation := func(y *Year) float64 {
		on, off := y.WindOnshore.Actual, y.WindOffshore.Actual
		a, b := mean(on), mean(off)
		var cross, onshore, offshore float64
		for i := range on {
			cross += (on[i] - a) * (off[i] - b)
			onshore += square(on[i] - a)
			offshore += square(off[i] - b)
		}
		return cross / math.Sqrt(onshore*offshore)
	}
	sum := 0.0
	for seed := range uint64(4) {
		sum += correlation(Generate(2015, seed)) / 4
	}
	if want := correlation(builtInYear(t)); math.Abs(sum-want) > 0.06 {
		t.Errorf("correlation %.3f, really %.3f", sum, want)
	}
}

func TestGenerateIsDeterministic(t *testing.T) {
	first := Generate(2020, 5)
	if again := Generate(2020, 5); again.Checksum() != first.Checksum() {
		t.Error("the same year and seed made other bytes")
	}
	if other := Generate(2020, 6); other.Checksum() == first.Checksum() {
		t.Error("another seed made the same bytes")
	}
}

func TestGenerateCoversTheYear(t *testing.T) {
	for year, days := range map[int]int{2019: 365, 2020: 366, 2100: 365} {
		y := Generate(year, 1)
		if y.Days() != days || y.Date(0).In(zone).Format(time.DateTime) != fmt.Sprintf("%d-01-01 00:00:00", year) {
			t.Errorf("%d: %d days from %s", year, y.Days(), y.Date(0))
		}
		clear := clearSky(y.Start, days*StepsPerDay)
		for _, s := range y.series() {
			if s.values == nil {
				continue
			}
			if len(s.values) != days*StepsPerDay {
				t.Fatalf("%d, %s: %d values", year, s.name, len(s.values))
			}
			for i, x := range s.values {
				load := s.name == "load" || s.name == "load_forecast"
				if !(x >= 0) || x > 1 && s.name != "load_forecast" || load && x < 0.3 {
					t.Fatalf("%d, %s, step %d: %g", year, s.name, i, x)
				}
				if clear[i] == 0 && x != 0 && (s.name == "solar" || s.name == "solar_forecast") {
					t.Fatalf("%d, %s, step %d: %g at night", year, s.name, i, x)
				}
			}
		}
		if slices.Max(y.Load.Actual) != 1 {
			t.Errorf("%d: peak load %g", year, slices.Max(y.Load.Actual))
		}
	}
}

// TestSplitOfALeapYear: 366 days, 12 validate, 84 test, 270 train.
func TestSplitOfALeapYear(t *testing.T) {
	s := Generate(2020, 1).Split()
	if len(s.Train) != 270 || len(s.Validate) != 12 || len(s.Test) != 84 {
		t.Errorf("train %d, validate %d, test %d", len(s.Train), len(s.Validate), len(s.Test))
	}
}

func TestMemoryIsStationary(t *testing.T) {
	for _, c := range []struct{ long, short float64 }{{20, 1.2}, {2.4, 2.4}, {7.6, 0.6}, {22, 1e-3}} {
		random := newRandom(9)
		m := newMemory(c.long, c.short, random)
		x := make([]float64, 400000)
		for i := range x {
			x[i] = m.next(random)
		}
		if v := rms(x); math.Abs(v-1) > 0.03 {
			t.Errorf("%v: standard deviation %.3f", c, v)
		}
		a, b := math.Exp(-1/c.long), math.Exp(-1/c.short)
		if want, got := (a+b)/(1+a*b), autocorrelation(x, 1); math.Abs(got-want) > 0.005 {
			t.Errorf("%v: lag one %.4f, want %.4f", c, got, want)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		Generate(2016, 1)
	}
}
