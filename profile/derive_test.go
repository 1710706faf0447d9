package profile

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// update makes the tests of this file write what they derive from real Elia data:
//
//	go test ./profile -run 'TestDerive' -update
//
// Without it they compare with what is embedded. Without the data they are skipped.
var update = flag.Bool("update", false, "write the statistics derived from real Elia data")

// realQuarters returns real capacity factors, NaN where there is no measurement,
// and their day-ahead forecasts: of the sun from 2023 and 2024, of wind from
// January to April 2025. The first index is midnight UTC.
func realQuarters(t *testing.T, parts func(name string) bool, files ...string) (m *merged, actual, forecast []float64) {
	t.Helper()
	var read []*eliaFile
	for _, name := range files {
		f, err := readEliaFile(eliaData(t, name))
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, f)
	}
	var found findings
	m, err := mergeFiles(read[0].quantity, read, &found)
	if err != nil {
		t.Fatal(err)
	}
	actual, forecast = make([]float64, m.steps), make([]float64, m.steps)
	capacity := make([]float64, m.steps)
	for _, r := range m.records {
		if !parts(r.name) {
			continue
		}
		for i := range actual {
			capacity[i] += r.capacity[i]
			actual[i] += max(0, r.measured[i]) // max keeps NaN
			forecast[i] += r.dayAhead[i]
			if r.measured[i] > r.capacity[i] {
				actual[i] = math.NaN()
			}
		}
	}
	for i, c := range capacity {
		actual[i] /= c
		forecast[i] /= c
	}
	return m, actual, forecast
}

// filled replaces unknown hourly means by their neighbours, and says which hours
// are far enough from such a place to be measured.
func filled(means []float64) (whole []float64, good []bool) {
	whole, good = make([]float64, len(means)), make([]bool, len(means))
	last := 0.0
	for h, m := range means {
		if !math.IsNaN(m) {
			last = m
		}
		whole[h] = last
		good[h] = true
		for k := max(0, h-2); k <= min(len(means)-1, h+2); k++ {
			good[h] = good[h] && !math.IsNaN(means[k])
		}
	}
	return whole, good
}

// hourOf is what one hour leaves open: its class marks and the three steps inside.
type hourOf struct {
	hour        int
	level, time float64
	steps       [3]float64
	spells      bool // counts for spread, memory and smoothness
}

// windHours measures the hours of a wind series.
func windHours(actual []float64) []hourOf {
	means, good := filled(hourly(actual))
	smooth, restless := quarters(means), unrest(means)
	var hours []hourOf
	for h := range means {
		if !good[h] {
			continue
		}
		hour := hourOf{hour: h, level: means[h], time: restless[h], spells: true}
		for i := range hour.steps {
			at := 4*h + i
			hour.steps[i] = (actual[at+1] - smooth[at+1]) - (actual[at] - smooth[at])
		}
		hours = append(hours, hour)
	}
	return hours
}

// sunHours measures the bright hours of the sun, in units of the clear sky.
func sunHours(actual, clear []float64) []hourOf {
	raw := hourly(actual)
	means, good := filled(raw)
	clearMeans := hourly(clear)
	var hours []hourOf
	for from := 0; from < len(means); from++ {
		to := from
		for to < len(means) && clearMeans[to] > 0 {
			to++
		}
		if to == from {
			continue
		}
		share := shareOfClear(means[from:to], clearMeans[from:to])
		smooth := quarters(share)
		for h := range share {
			at := 4 * (from + h)
			if !good[from+h] || clearMeans[from+h] < minClear || slices.Min(clear[at:at+4]) < minClear/4 {
				continue
			}
			path := make([]float64, 4)
			for i := range path {
				path[i] = clear[at+i] * max(0, smooth[4*h+i])
			}
			keepMean(path, clear[at:at+4], means[from+h])
			// While the sun is low, part of what is left is the shape of the clear
			// sky's model, which is smooth.
			hour := hourOf{hour: from + h, level: share[h], time: clearMeans[from+h], spells: clearMeans[from+h] >= 0.2}
			for i := range hour.steps {
				hour.steps[i] = (actual[at+i+1]-path[i+1])/clear[at+i+1] - (actual[at+i]-path[i])/clear[at+i]
			}
			hours = append(hours, hour)
		}
		from = to
	}
	return hours
}

// fit condenses hours into a variation.
func fit(source string, hours []hourOf, levelEdges, timeEdges []float64) variation {
	v := variation{Source: source, Hours: len(hours), LevelEdges: levelEdges, TimeEdges: timeEdges}
	nl, nt := len(levelEdges)+1, len(timeEdges)+1
	count, square := make([][]float64, nl), make([][]float64, nl)
	for l := range count {
		count[l], square[l] = make([]float64, nt), make([]float64, nt)
	}
	for _, h := range hours {
		l, k := class(levelEdges, h.level), class(timeEdges, h.time)
		count[l][k]++
		for _, s := range h.steps {
			square[l][k] += s * s / 3
		}
	}
	// Iterative proportional fitting of the mean squares a[l] * b[k].
	a, b := make([]float64, nl), make([]float64, nt)
	for k := range b {
		b[k] = 1
	}
	for range 500 {
		for l := range a {
			have, want := 0.0, 0.0
			for k := range b {
				have += square[l][k]
				want += count[l][k] * b[k]
			}
			a[l] = have / want
		}
		for k := range b {
			have, want := 0.0, 0.0
			for l := range a {
				if count[l][k] > 0 {
					have += square[l][k]
					want += count[l][k] * a[l]
				}
			}
			b[k] = have / want
		}
	}
	for l := range a {
		if math.IsNaN(a[l]) {
			a[l] = a[l-1] // a level these months never reached
		}
		v.StepByLevel = append(v.StepByLevel, significant(math.Sqrt(a[l])))
	}
	for k := range b {
		v.StepByTime = append(v.StepByTime, significant(math.Sqrt(b[k])))
	}
	v.fitSpells(hours)
	return v
}

// fitSpells finds spread, memory and smoothness. With steps s/rms of kurtosis K,
// a lognormal spread has K = 3 exp(4 spread^2).
func (v *variation) fitSpells(hours []hourOf) {
	var second, fourth, adjacent, own float64
	logs := make(map[int]float64)
	n := 0.0
	for _, h := range hours {
		if !h.spells {
			continue
		}
		n += 3
		rms := v.stepRMS(h.level, h.time)
		sum := 0.0
		for i, s := range h.steps {
			s /= rms
			second += s * s
			fourth += s * s * s * s
			sum += s * s
			if i > 0 {
				adjacent += s * h.steps[i-1] / rms
				own += (s*s + h.steps[i-1]*h.steps[i-1]/rms/rms) / 2
			}
		}
		logs[h.hour] = math.Log(sum + 1e-3)
	}
	v.Spread = significant(math.Sqrt(max(0, math.Log(n*fourth/(second*second)/3)/4)))
	// The logarithms carry noise of their own, which the ratio of two lags drops.
	v.Memory = significant(min(0.99, lagged(logs, 2)/lagged(logs, 1)))
	// Smoothness: bisection on the correlation of adjacent steps.
	want := adjacent / own
	low, high := 0.0, 0.8
	for range 50 {
		middle := (low + high) / 2
		c := covarianceLeft(middle)
		if (c[0][1]+c[1][2])/(c[0][0]/2+c[1][1]+c[2][2]/2) < want {
			low = middle
		} else {
			high = middle
		}
	}
	v.Smoothness = significant(low)
}

// lagged is the autocorrelation of a series with holes.
func lagged(series map[int]float64, lag int) float64 {
	hours := slices.Sorted(maps.Keys(series)) // sums in the same order, to the same bits
	var n, sum float64
	for _, h := range hours {
		sum += series[h]
		n++
	}
	mean := sum / n
	var cross, own float64
	for _, h := range hours {
		x := series[h]
		if y, ok := series[h+lag]; ok {
			cross += (x - mean) * (y - mean)
			own += ((x-mean)*(x-mean) + (y-mean)*(y-mean)) / 2
		}
	}
	return cross / own
}

// significant keeps four figures: what thousands of samples support, and few
// enough not to depend on the order of a sum.
func significant(x float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64)
	if err != nil {
		panic(err)
	}
	return rounded
}

var windLevels = []float64{0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9}

func deriveVariations(t *testing.T) variations {
	_, on, _ := realQuarters(t, onshore, wind2025)
	_, off, _ := realQuarters(t, offshore, wind2025)
	m, sun, _ := realQuarters(t, func(name string) bool { return name == "Belgium" }, solar2023, solar2024)
	const wind = "Elia Open Data ods031 (CC BY 4.0), January to April 2025, "
	return variations{
		Solar: fit("Elia Open Data ods032 (CC BY 4.0), 2023 and 2024", sunHours(sun, m.clearSky()),
			[]float64{0.15, 0.3, 0.45, 0.6, 0.75, 0.9}, []float64{0.1, 0.2, 0.35, 0.55}),
		WindOnshore:  fit(wind+"onshore", windHours(on), windLevels, []float64{0.003, 0.01, 0.02, 0.04}),
		WindOffshore: fit(wind+"offshore", windHours(off), windLevels, []float64{0.003, 0.01, 0.02, 0.04, 0.08}),
	}
}

// clearSky of a record that starts at midnight UTC.
func (m *merged) clearSky() []float64 {
	day := m.at(0).In(zone)
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	skip := int(m.at(0).Sub(midnight) / step)
	return clearSky(midnight, m.steps+skip)[skip:]
}

func TestDeriveVariations(t *testing.T) {
	derived := deriveVariations(t)
	if *update {
		text, err := json.MarshalIndent(derived, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("statistics/variation.json", append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, want := mustJSON(t, loadVariations()), mustJSON(t, derived)
	if got != want {
		t.Errorf("statistics/variation.json is not what the data give; see -update\n got %s\nwant %s", got, want)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDeriveErrors: the error paths of real day-ahead forecasts.
func TestDeriveErrors(t *testing.T) {
	m, sun, sunForecast := realQuarters(t, func(name string) bool { return name == "Belgium" }, solar2023, solar2024)
	mw, on, onForecast := realQuarters(t, onshore, wind2025)
	_, off, offForecast := realQuarters(t, offshore, wind2025)
	compareEmbedded(t, "statistics/sun_errors.csv.gz", sunErrorTable(m, sun, sunForecast, m.clearSky()))
	compareEmbedded(t, "statistics/wind_errors.csv.gz", windErrorTable(mw, on, onForecast, off, offForecast))
}

// compareEmbedded compares a table with the embedded file, or writes it.
func compareEmbedded(t *testing.T, name string, table [][]string) {
	t.Helper()
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(table); err != nil {
		t.Fatal(err)
	}
	if *update {
		var zip bytes.Buffer
		w, err := gzip.NewWriterLevel(&zip, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text.Bytes()); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, zip.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := io.ReadAll(unzip)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(embedded, text.Bytes()) {
		t.Errorf("%s is not what the data give; see -update", name)
	}
}

// realDays calls back with the date and the first index of each whole day of UTC+1.
func (m *merged) realDays(each func(date time.Time, from int)) {
	from := int((23*3600 - m.from%86400) / stepSeconds)
	for ; from+StepsPerDay <= m.steps; from += StepsPerDay {
		each(m.at(from).In(zone), from)
	}
}

// whole reports whether no value of a day is unknown.
func whole(from int, series ...[]float64) bool {
	for _, values := range series {
		for _, v := range values[from : from+StepsPerDay] {
			if math.IsNaN(v) {
				return false
			}
		}
	}
	return true
}

func percent(x float64) string { return strconv.Itoa(int(math.Round(100 * x))) }

func heading(names []string, prefixes ...string) []string {
	for _, prefix := range prefixes {
		for hour := range hoursPerDay {
			names = append(names, fmt.Sprintf("%s%02d_percent", prefix, hour))
		}
	}
	return names
}

func sunErrorTable(m *merged, actual, forecast, clear []float64) [][]string {
	actual = slices.Clone(actual)
	for i, c := range clear {
		if c == 0 && math.IsNaN(actual[i]) {
			actual[i] = 0 // the last quarter of most days is missing, at night
		}
	}
	table := [][]string{heading([]string{"date", "share_percent"}, "error")}
	m.realDays(func(date time.Time, from int) {
		if !whole(from, actual, forecast) {
			return
		}
		day := func(x []float64) []float64 { return hourly(x[from : from+StepsPerDay]) }
		a, f, c := day(actual), day(forecast), day(clear)
		row := []string{date.Format(time.DateOnly), percent(mean(a) / mean(c))}
		for h := range a {
			e := 0.0
			if c[h] >= minClear {
				e = (f[h] - a[h]) / c[h]
			}
			row = append(row, percent(e))
		}
		table = append(table, row)
	})
	return table
}

func windErrorTable(m *merged, on, onForecast, off, offForecast []float64) [][]string {
	table := [][]string{heading([]string{"date", "onshore_percent", "offshore_percent"}, "onshore", "offshore")}
	m.realDays(func(date time.Time, from int) {
		if !whole(from, on, onForecast, off, offForecast) {
			return
		}
		day := func(x []float64) []float64 { return hourly(x[from : from+StepsPerDay]) }
		row := []string{date.Format(time.DateOnly), percent(mean(day(on))), percent(mean(day(off)))}
		for _, pair := range [][2][]float64{{day(on), day(onForecast)}, {day(off), day(offForecast)}} {
			for h := range pair[0] {
				row = append(row, percent(pair[1][h]-pair[0][h]))
			}
		}
		table = append(table, row)
	})
	return table
}
