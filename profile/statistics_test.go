package profile

import (
	"math"
	"testing"
	"time"
)

// TestStatisticsOfKnownSeries: figures that can be worked out by hand.
func TestStatisticsOfKnownSeries(t *testing.T) {
	n := 4 * StepsPerDay
	wave, forecast := make([]float64, n), make([]float64, n)
	for i := range wave { // 0, 1, 0, 1, ... and an error of -0.5 and +0.25
		wave[i] = float64(i % 2)
		forecast[i] = wave[i] - 0.5 + 0.75*float64(i%2)
	}
	y := &Year{Start: time.Unix(0, 0), Load: Track{wave, forecast}, PriceEURPerKWh: make([]float64, n)}
	all := y.Statistics()
	if len(all) != 2 || all[0].Name != "load" || all[1].Name != "price" {
		t.Fatalf("%+v", all)
	}
	s := all[0]
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"mean", s.Mean, 0.5}, {"standard deviation", s.StandardDeviation, 0.5 * math.Sqrt(float64(n)/float64(n-1))},
		{"min", s.Min, 0}, {"max", s.Max, 1}, {"step", s.StepP50, 1}, {"step", s.StepP99, 1},
		{"memory of an hour", s.Memory1h, 1}, {"memory of a day", s.Memory24h, 1},
		{"bias", *s.ForecastBias, -0.125}, {"error", *s.ForecastRMS, math.Sqrt((0.25 + 0.0625) / 2)},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s %g, want %g", c.what, c.got, c.want)
		}
	}
	if p := all[1]; p.ForecastRMS != nil || p.Memory1h != 0 || p.Unit != "EUR/kWh" {
		t.Errorf("%+v", p)
	}
}
