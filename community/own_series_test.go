package community

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

// twoDays is a year of two days without sun or wind of its own.
func twoDays() *profile.Year {
	n := 2 * profile.StepsPerDay
	y := &profile.Year{Name: "two-days", Start: time.Date(2015, 6, 1, 23, 0, 0, 0, time.UTC)}
	y.Load.Actual, y.Solar.Actual, y.WindOnshore.Actual = make([]float64, n), make([]float64, n), make([]float64, n)
	return y
}

// writeSeries writes hourly values: load 100 + hour, sun 10 times the hour.
func writeSeries(t *testing.T, columns string, row func(hour int) string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "own.csv")
	text := "datetime_utc," + columns + "\n"
	start := time.Date(2015, 6, 1, 23, 0, 0, 0, time.UTC)
	for hour := range 48 {
		text += start.Add(time.Duration(hour)*time.Hour).Format(time.RFC3339) + "," + row(hour) + "\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOwnSeries(t *testing.T) {
	s := presetOf(t, "voltage-stress")
	own := -1
	for i := range s.Prosumers {
		if s.Prosumers[i].Name == "rural_1" {
			own = i
		}
	}
	p := &s.Prosumers[own]
	p.SeriesCSV = writeSeries(t, "load_kw,solar_kw", func(hour int) string { return fmt.Sprintf("%d,%d", 100+hour, 5*hour) })
	c, err := NewCalendar(s, twoDays(), grid.Case141())
	if err != nil {
		t.Fatal(err)
	}
	const step = 4*10 + 3
	today, ahead := c.Day(1), c.Forecast(1)
	if got := today.LoadKW[own][step]; got != 134 {
		t.Errorf("takes %v kW at 10:45 of the second day, measured 134", got)
	}
	for k, r := range p.RDGs {
		want := 0.0
		if r.Kind == PV {
			want = 170
		}
		if got := today.AvailableKW[own][k][step]; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s gives %v kW, want %v", r.Kind, got, want)
		}
	}
	if got := ahead.LoadKW[own][step]; got != 110 {
		t.Errorf("is forecast to take %v kW, the day before says 110", got)
	}
	if got := c.Forecast(0).LoadKW[own][step]; got != 110 {
		t.Errorf("is forecast to take %v kW on the first day, which has none before it: want 110", got)
	}
}

// TestOwnSeriesAboveTheRating caps what was measured at what is installed.
func TestOwnSeriesAboveTheRating(t *testing.T) {
	s := presetOf(t, "voltage-stress")
	s.Prosumers[0].SeriesCSV = writeSeries(t, "solar_kw", func(int) string { return "1000" })
	c, err := NewCalendar(s, twoDays(), grid.Case141())
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Day(0).AvailableKW[0][0][50]; got != s.Prosumers[0].RDGs[0].RatingKW {
		t.Errorf("%v kW available of %v", got, s.Prosumers[0].RDGs[0].RatingKW)
	}
}

func TestOwnSeriesRefused(t *testing.T) {
	wind := writeSeries(t, "wind_kw", func(int) string { return "1" })
	s := presetOf(t, "voltage-stress")
	for path, want := range map[string]string{
		wind:          "prosumers[0].series_csv (commercial_0) is " + wind + ": want a wind unit among rdgs, or a file without the column",
		"nowhere.csv": "prosumer commercial_0: open nowhere.csv",
	} {
		s.Prosumers[0].SeriesCSV = path
		if _, err := NewCalendar(s, twoDays(), grid.Case141()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", path, err, want)
		}
	}
}
