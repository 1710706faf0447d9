package profile

import (
	"math"
	"slices"
	"testing"
)

// TestForecastErrorsResembleReal compares the synthesised forecasts of 2015 with Elia's
// real ones, by the figures of the months that lend: the size of the error as a share
// of the clear sky and of the capacity, its memory, and the size of the forecast's hourly
// steps against the actual's (real: 0.76, 0.67, 0.63). Smoothing takes some of the
// error off, the restless small offshore fleet of 2015 adds some: hence 20 %.
func TestForecastErrorsResembleReal(t *testing.T) {
	y, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	clear := hourly(clearSky(y.Start, len(y.Solar.Actual)))
	lenders := loadErrors()
	var sun, on, off []float64
	for _, l := range lenders.sun {
		sun = append(sun, l.path[:]...)
	}
	for _, l := range lenders.wind {
		on, off = append(on, l.onshorePath[:]...), append(off, l.offshorePath[:]...)
	}
	for _, c := range []struct {
		name        string
		track       Track
		unit        func(hour int) float64
		lent        []float64
		memory      float64 // of the real error, over six hours
		steps       float64
		bias, whole float64
	}{
		{"sun", y.Solar, func(h int) float64 { return clear[h] }, sun, math.NaN(), 0.76, 0.03, minClear},
		{"onshore", y.WindOnshore, func(int) float64 { return 1 }, on, 0.42, 0.67, 0.03, 0},
		{"offshore", y.WindOffshore, func(int) float64 { return 1 }, off, 0.23, 0.63, 0.03, 0},
	} {
		actual, forecast := hourly(c.track.Actual), hourly(c.track.Forecast)
		var errors, steps, actualSteps []float64
		real := slices.DeleteFunc(c.lent, func(e float64) bool { return c.name == "sun" && e == 0 })
		for h := range actual {
			u := c.unit(h)
			if u <= c.whole {
				continue
			}
			errors = append(errors, (forecast[h]-actual[h])/u)
			if h > 0 && c.unit(h-1) > 2*c.whole && u > 2*c.whole {
				steps = append(steps, forecast[h]/u-forecast[h-1]/c.unit(h-1))
				actualSteps = append(actualSteps, actual[h]/u-actual[h-1]/c.unit(h-1))
			}
		}
		t.Logf("%s: error %.4f (lent %.4f), bias %.4f (lent %.4f), memory over six hours %.3f, steps %.3f of the actual's",
			c.name, rms(errors), rms(real), mean(errors), mean(real), autocorrelation(errors, 6), rms(steps)/rms(actualSteps))
		if got, want := rms(errors), rms(real); math.Abs(got-want) > 0.2*want {
			t.Errorf("%s: error of %.4f, really %.4f", c.name, got, want)
		}
		if got, want := mean(errors), mean(real); math.Abs(got-want) > c.bias {
			t.Errorf("%s: bias of %.4f, really %.4f", c.name, got, want)
		}
		if got := autocorrelation(errors, 6); math.Abs(got-c.memory) > 0.15 {
			t.Errorf("%s: memory of %.3f over six hours, really %.2f", c.name, got, c.memory)
		}
		if got := rms(steps) / rms(actualSteps); math.Abs(got-c.steps) > 0.1 {
			t.Errorf("%s: the forecast's steps are %.3f of the actual's, really %.2f", c.name, got, c.steps)
		}
	}
}

func autocorrelation(x []float64, lag int) float64 {
	m := mean(x)
	var cross, own float64
	for i := range x {
		own += square(x[i] - m)
		if i >= lag {
			cross += (x[i] - m) * (x[i-lag] - m)
		}
	}
	return cross / own
}

// TestForecastIsBoundedAndDark: inside [0, 1], and no sun at night.
func TestForecastIsBoundedAndDark(t *testing.T) {
	y, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	clear := clearSky(y.Start, len(y.Solar.Actual))
	for i, c := range clear {
		for _, x := range []float64{y.Solar.Actual[i], y.Solar.Forecast[i]} {
			if c == 0 && x != 0 {
				t.Fatalf("step %d: sun of %g at night", i, x)
			}
		}
		for _, x := range []float64{y.Solar.Forecast[i], y.WindOnshore.Forecast[i], y.WindOffshore.Forecast[i],
			y.Solar.Actual[i], y.WindOnshore.Actual[i], y.WindOffshore.Actual[i]} {
			if !(x >= 0 && x <= 1) {
				t.Fatalf("step %d: %g", i, x)
			}
		}
	}
}

// TestForecastDoesNotKnowLaterDays changes the weather of a day and of all after it:
// the forecasts of the days before must not move.
func TestForecastDoesNotKnowLaterDays(t *testing.T) {
	y, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	const days, changed = 40, 25
	cut := func(series []float64) []float64 { return hourly(series[:days*StepsPerDay]) }
	spoil := func(means []float64) []float64 {
		means = slices.Clone(means)
		for h := changed * hoursPerDay; h < len(means); h++ {
			means[h] = 0.9 * (1 - means[h])
		}
		return means
	}
	clear := clearSky(y.Start, days*StepsPerDay)
	sun, on, off := cut(y.Solar.Actual), cut(y.WindOnshore.Actual), cut(y.WindOffshore.Actual)
	onForecast, offForecast := forecastWind(on, off, newRandom(7))
	onSpoilt, offSpoilt := forecastWind(spoil(on), spoil(off), newRandom(7))
	for name, pair := range map[string][2][]float64{
		"sun":      {forecastSun(sun, clear, y.Start, newRandom(7)), forecastSun(spoil(sun), clear, y.Start, newRandom(7))},
		"onshore":  {onForecast, onSpoilt},
		"offshore": {offForecast, offSpoilt},
	} {
		edge := changed * StepsPerDay
		if !slices.Equal(pair[0][:edge], pair[1][:edge]) {
			t.Errorf("%s: the forecast knows what comes after its day", name)
		}
		if slices.Equal(pair[0][edge:], pair[1][edge:]) {
			t.Errorf("%s: the forecast does not follow the weather at all", name)
		}
	}
}
