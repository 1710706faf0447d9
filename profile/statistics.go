package profile

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Statistics describe one series of a year.
type Statistics struct {
	Name              string  `json:"name"` // "load", "solar", ...
	Unit              string  `json:"unit"`
	Mean              float64 `json:"mean"`
	StandardDeviation float64 `json:"standard_deviation"`
	Min               float64 `json:"min"`
	Max               float64 `json:"max"`
	// Quantiles of the size of the 15-minute steps, of the sun by day.
	StepP50 float64 `json:"step_p50"`
	StepP90 float64 `json:"step_p90"`
	StepP99 float64 `json:"step_p99"`
	// Autocorrelation over an hour and over a day.
	Memory1h  float64 `json:"autocorrelation_1h"`
	Memory24h float64 `json:"autocorrelation_24h"`
	// Day-ahead forecast minus actual; nil without a forecast.
	ForecastBias *float64 `json:"forecast_bias"`
	ForecastRMS  *float64 `json:"forecast_rms"`
}

// Statistics returns the statistics of every series the year has.
func (y *Year) Statistics() []Statistics {
	var all []Statistics
	for _, s := range []struct {
		name, unit string
		track      Track
	}{
		{"load", "of the year's peak", y.Load},
		{"solar", "of capacity", y.Solar},
		{"wind_onshore", "of capacity", y.WindOnshore},
		{"wind_offshore", "of capacity", y.WindOffshore},
		{"price", "EUR/kWh", Track{Actual: y.PriceEURPerKWh}},
	} {
		if s.track.Actual != nil {
			all = append(all, describe(s.name, s.unit, s.track))
		}
	}
	return all
}

func describe(name, unit string, t Track) Statistics {
	x := t.Actual
	s := Statistics{Name: name, Unit: unit, Min: slices.Min(x), Max: slices.Max(x)}
	s.Mean, s.StandardDeviation = stat.MeanStdDev(x, nil)
	var steps []float64
	for i := 1; i < len(x); i++ {
		if name != "solar" || x[i] > 0 || x[i-1] > 0 {
			steps = append(steps, math.Abs(x[i]-x[i-1]))
		}
	}
	if len(steps) > 0 {
		slices.Sort(steps)
		s.StepP50 = stat.Quantile(0.5, stat.Empirical, steps, nil)
		s.StepP90 = stat.Quantile(0.9, stat.Empirical, steps, nil)
		s.StepP99 = stat.Quantile(0.99, stat.Empirical, steps, nil)
	}
	s.Memory1h, s.Memory24h = remembered(x, 4), remembered(x, StepsPerDay)
	if t.Forecast != nil {
		bias, square := 0.0, 0.0
		for i, f := range t.Forecast {
			bias += (f - x[i]) / float64(len(x))
			square += (f - x[i]) * (f - x[i]) / float64(len(x))
		}
		rms := math.Sqrt(square)
		s.ForecastBias, s.ForecastRMS = &bias, &rms
	}
	return s
}

// remembered is the correlation of a series with itself some steps later; 0 where the series
// is too short or does not vary.
func remembered(x []float64, lag int) float64 {
	if len(x) <= lag+1 {
		return 0
	}
	if c := stat.Correlation(x[:len(x)-lag], x[lag:], nil); !math.IsNaN(c) {
		return c
	}
	return 0
}
