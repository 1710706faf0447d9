package profile

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func builtInYear(t testing.TB) *Year {
	t.Helper()
	y, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func TestBuiltInCoversTheYear(t *testing.T) {
	y := builtInYear(t)
	if y.Days() != 365 {
		t.Fatalf("%d days, want 365", y.Days())
	}
	for _, s := range y.series() {
		if s.values == nil && s.name == "price_eur_per_kwh" {
			continue
		}
		if len(s.values) != 365*StepsPerDay {
			t.Errorf("%s: %d values, want %d", s.name, len(s.values), 365*StepsPerDay)
		}
	}
	if got := y.Date(0).Format(time.RFC3339); got != "2014-12-31T23:00:00Z" {
		t.Errorf("day 0 starts at %s", got)
	}
	if got := y.Date(364).Format(time.RFC3339); got != "2015-12-30T23:00:00Z" {
		t.Errorf("day 364 starts at %s", got)
	}
}

// TestBuiltInChecksum: the year is part of every result, so a change of its bytes is a
// change of all results and belongs into the changelog.
func TestBuiltInChecksum(t *testing.T) {
	const want = "7f25c6638bd6aff8fb02655202af18a614d71ea22f56ba8cb848a62ee7196605"
	if got := builtInYear(t).Checksum(); got != want {
		t.Errorf("checksum %s, want %s", got, want)
	}
	again, err := readBelgium2015()
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Checksum(); got != want {
		t.Errorf("read a second time: checksum %s, want %s", got, want)
	}
}

// TestChecksumSeesEverything: any value, length or start makes another sum.
func TestChecksumSeesEverything(t *testing.T) {
	base := func() *Year {
		return &Year{
			Start: time.Unix(1420066800, 0),
			Load:  Track{Actual: []float64{1, 2}, Forecast: []float64{3, 4}},
			Solar: Track{Actual: []float64{5, 6}},
		}
	}
	sums := map[string]string{}
	for name, change := range map[string]func(*Year){
		"same":          func(*Year) {},
		"start":         func(y *Year) { y.Start = y.Start.Add(time.Hour) },
		"value":         func(y *Year) { y.Load.Actual[1] = math.Nextafter(2, 3) },
		"moved":         func(y *Year) { y.Solar, y.WindOnshore = y.WindOnshore, y.Solar },
		"forecast gone": func(y *Year) { y.Load.Forecast = nil },
		"price":         func(y *Year) { y.PriceEURPerKWh = []float64{0, 0} },
	} {
		y := base()
		change(y)
		sum := y.Checksum()
		if other, taken := sums[sum]; taken {
			t.Errorf("%s and %s have the same checksum", name, other)
		}
		sums[sum] = name
	}
}

// TestBuiltInKeepsTheSource compares the year with the files it is made of: hourly means of
// wind and sun, load as it is, but for the repairs.
func TestBuiltInKeepsTheSource(t *testing.T) {
	y := builtInYear(t)
	_, load, err := readColumns(load2015, step)
	if err != nil {
		t.Fatal(err)
	}
	const peakMW = 13761 // the file's highest value
	repaired := 0
	for i := range y.Load.Actual {
		if math.Abs(y.Load.Actual[i]*peakMW-load[0][i]) > 1e-6 {
			repaired++
		}
		if math.Abs(y.Load.Forecast[i]*peakMW-load[1][i]) > 1e-6 {
			t.Fatalf("step %d: load forecast %g MW, source %g MW", i, y.Load.Forecast[i]*peakMW, load[1][i])
		}
	}
	if repaired != 2 || slices.Max(y.Load.Actual) != 1 {
		t.Errorf("%d values of load differ from the source, want the 2 repaired ones; peak %g", repaired, slices.Max(y.Load.Actual))
	}
	_, hours, err := readColumns(windSun2015, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for i, actual := range [][]float64{y.WindOffshore.Actual, y.WindOnshore.Actual, y.Solar.Actual} {
		for h, got := range hourly(actual) {
			at := y.Start.Add(time.Duration(h) * time.Hour)
			if gap := i < 2 && !at.Before(gapFrom) && at.Before(gapTo); !gap && math.Abs(got-hours[i][h]) > grain {
				t.Fatalf("column %d, hour %d: mean %g, source %g", i, h, got, hours[i][h])
			}
		}
	}
}

// TestTheGapOfWindWasALine proves what the repair claims of the source, and that the repair
// moves like wind.
func TestTheGapOfWindWasALine(t *testing.T) {
	y := builtInYear(t)
	_, hours, err := readColumns(windSun2015, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	onshore := hours[1]
	from, to := int(gapFrom.Sub(y.Start)/time.Hour), int(gapTo.Sub(y.Start)/time.Hour)
	for h := from; h < to; h++ {
		i := h - from
		line := onshore[from] + (onshore[from+20]-onshore[from])*float64(i)/20
		if copied := i >= 21 && i <= 23; copied {
			if math.Abs(onshore[h]-onshore[h-24]) > 1e-4 {
				t.Errorf("hour %d of the gap is no copy of the day before: %g, %g", i, onshore[h], onshore[h-24])
			}
		} else if math.Abs(onshore[h]-line) > 1e-5 {
			t.Errorf("hour %d of the gap is not on the line: %g, %g", i, onshore[h], line)
		}
	}
	fixed := hourly(y.WindOnshore.Actual)
	var steps []float64
	for h := from; h <= to; h++ {
		steps = append(steps, fixed[h]-fixed[h-1])
	}
	if r := rms(steps); r < 0.02 || r > 0.06 { // the year's is 0.037
		t.Errorf("the repaired hours have steps of %.4f", r)
	}
}

func TestNotesNameEveryRepair(t *testing.T) {
	notes := strings.Join(builtInYear(t).Notes, "\n")
	for _, want := range []string{"2015-01-06T09:30Z", "2015-01-08T12:15Z", "2015-07-02T21:00Z", "inside the hour are synthesised", "forecasts of sun and wind are synthesised"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note of %q", want)
		}
	}
}

func TestSplitOf2015(t *testing.T) {
	y := builtInYear(t)
	s := y.Split()
	if len(s.Train) != 269 || len(s.Validate) != 12 || len(s.Test) != 84 {
		t.Errorf("train %d, validate %d, test %d; want 269, 12, 84", len(s.Train), len(s.Validate), len(s.Test))
	}
	seen := make([]int, y.Days())
	for _, days := range [][]int{s.Train, s.Validate, s.Test} {
		if !slices.IsSorted(days) {
			t.Error("days are out of order")
		}
		for _, day := range days {
			seen[day]++
		}
	}
	for day, n := range seen {
		if n != 1 {
			t.Errorf("day %d is in %d parts", day, n)
		}
	}
	for _, day := range s.Validate {
		if y.Date(day).In(zone).Day() != 1 {
			t.Errorf("day %d validates", day)
		}
	}
	for _, day := range s.Test { // within a week of the next month
		if d := y.Date(day).In(zone); d.AddDate(0, 0, 7).Month() == d.Month() {
			t.Errorf("day %d tests", day)
		}
	}
}

func BenchmarkBuiltIn(b *testing.B) {
	for b.Loop() {
		if _, err := readBelgium2015(); err != nil {
			b.Fatal(err)
		}
	}
}
