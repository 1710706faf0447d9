package profile

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Files as Elia publishes them, made by hand for a few days: labelled columns, semicolons,
// byte order mark, newest first, local time with its offset.

const (
	labelledSolar = "Datetime;Resolution code;Region;Measured & Upscaled;Most recent forecast;Most recent P10;Most recent P90;" +
		"Day Ahead 11AM forecast;Day Ahead 11AM P10;Day Ahead 11AM P90;Day-ahead 6PM forecast;Day-ahead 6PM P10;Day-ahead 6PM P90;" +
		"Week-ahead forecast;Week-ahead P10;Week-ahead P90;Monitored capacity;Load factor"
	labelledLoad = "Datetime;Resolution code;Total Load;Most recent forecast;Most recent P10;Most recent P90;" +
		"Day-ahead 6PM forecast;Day-ahead 6PM P10;Day-ahead 6PM P90;Week-ahead forecast"
	technicalWind = "datetime;resolutioncode;offshoreonshore;region;gridconnectiontype;measured;mostrecentforecast;mostrecentconfidence10;" +
		"mostrecentconfidence90;dayahead11hforecast;dayahead11hconfidence10;dayahead11hconfidence90;dayaheadforecast;" +
		"dayaheadconfidence10;dayaheadconfidence90;weekaheadforecast;weekaheadconfidence10;weekaheadconfidence90;monitoredcapacity;loadfactor;decrementalbidid"
	technicalPrice = "datetime;resolutioncode;qualitystatus;imbalanceprice;systemimbalance"
)

// publication writes a file: each row is made for one quarter of an hour, whose number
// counts from the first.
type publication struct {
	header string
	from   time.Time
	steps  int
	row    func(i int) []string // lines without their time
	local  bool                 // without an offset
	oldest bool                 // oldest first
}

func (p publication) text() string {
	var lines []string
	for i := range p.steps {
		at := p.from.Add(time.Duration(i) * step).In(brussels)
		form := time.RFC3339
		if p.local {
			form = "2006-01-02T15:04:05"
		}
		for _, row := range p.row(i) {
			lines = append(lines, at.Format(form)+";"+row)
		}
	}
	if !p.oldest {
		slices.Reverse(lines)
	}
	return "\ufeff" + p.header + "\n" + strings.Join(lines, "\n") + "\n"
}

func solarRow(i int) []string {
	return []string{fmt.Sprintf("PT15M;Belgium;%d;%d;0;0;%d;0;0;0;0;0;0;0;0;1000;%.1f", i%800, i%800+1, i%800+2, float64(i%800)/10)}
}

func loadRow(i int) []string {
	return []string{fmt.Sprintf("PT15M;%d;%d;0;0;%d;0;0;0", 8000+i%1000, 8001+i%1000, 8002+i%1000)}
}

func windRow(i int) []string {
	return []string{
		fmt.Sprintf("PT15M;Offshore;Federal;Elia;%d;10;;;20;;;30;;;;;;2000;0.5;", i%1500),
		fmt.Sprintf("PT15M;Onshore;Flanders;Dso;%d;11;;;21;;;31;;;;;;1000;0.5;", i%700),
		fmt.Sprintf("PT15M;Onshore;Wallonia;Elia;%d;12;;;22;;;32;;;;;;500;0.5;", i%300),
	}
}

// spring and autumn are three days around each change of clocks, in UTC+1.
var (
	spring = time.Date(2024, 3, 30, 0, 0, 0, 0, zone)
	autumn = time.Date(2024, 10, 26, 0, 0, 0, 0, zone)
)

func writeFiles(t *testing.T, texts map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestImportPublishedFiles makes a year of published files over both changes of clocks, with and
// without offsets in the times, in both orders.
func TestImportPublishedFiles(t *testing.T) {
	const steps = 3 * StepsPerDay
	for _, from := range []time.Time{spring, autumn} {
		for _, local := range []bool{false, true} {
			for _, oldest := range []bool{false, true} {
				name := fmt.Sprintf("%s, bare %v, oldest first %v", from.Format(time.DateOnly), local, oldest)
				publish := func(header string, row func(i int) []string) string {
					return publication{header, from, steps, row, local, oldest}.text()
				}
				y, report, err := Import(writeFiles(t, map[string]string{
					"ods032.csv": publish(labelledSolar, solarRow),
					"ods001.csv": publish(labelledLoad, loadRow),
					"ods031.csv": publish(technicalWind, windRow),
					"ods134.csv": publish(technicalPrice, func(i int) []string { return []string{fmt.Sprintf("PT15M;Validated;%d;0", i-100)} }),
				}))
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if len(report.Findings) > 0 || len(report.Files) != 4 {
					t.Errorf("%s: %d files, findings %v", name, len(report.Files), report.Findings)
				}
				if order := report.Files[0].Order; (order == "oldest first") != oldest {
					t.Errorf("%s: reported as %s", name, order)
				}
				if !y.Start.Equal(from) || y.Days() != 3 {
					t.Fatalf("%s: %d days from %s", name, y.Days(), y.Start)
				}
				for i := range steps {
					want := []float64{float64(i%800) / 1000, float64(i%800+2) / 1000, float64(8000+i%1000) / 8287, float64(8002+i%1000) / 8287,
						float64(i%700+i%300) / 1500, 43.0 / 1500, float64(i%1500) / 2000, 0.01, float64(i-100) / 1000}
					got := []float64{y.Solar.Actual[i], y.Solar.Forecast[i], y.Load.Actual[i], y.Load.Forecast[i],
						y.WindOnshore.Actual[i], y.WindOnshore.Forecast[i], y.WindOffshore.Actual[i], y.WindOffshore.Forecast[i], y.PriceEURPerKWh[i]}
					for k := range want {
						if math.Abs(got[k]-want[k]) > 1e-12 {
							t.Fatalf("%s: step %d, value %d is %g, want %g", name, i, k, got[k], want[k])
						}
					}
				}
			}
		}
	}
}

// TestImportReportsFlaws spoils files one way at a time: the flaw is counted, the repair is
// named, and the value is what the repair says.
func TestImportReportsFlaws(t *testing.T) {
	const steps = 3 * StepsPerDay
	from := time.Date(2024, 6, 1, 0, 0, 0, 0, zone)
	solarValue := func(y *Year, i int) float64 { return y.Solar.Actual[i] * 1000 }
	for _, c := range []struct {
		name        string
		solar       func(i int) []string
		wind        func(i int) []string
		flaw        string
		repair      string
		count, step int
		value       func(y *Year, i int) float64
		want        float64
		also        int // findings that follow from it
	}{
		{name: "missing measurement", solar: replaced(solarRow, "Belgium;11;", "Belgium;;", 11), flaw: "missing measured values",
			repair: byForecast, count: 1, step: 11, value: solarValue, want: 12},
		{name: "missing row", solar: func(i int) []string {
			if i == 40 || i == 41 {
				return nil
			}
			return solarRow(i)
		}, flaw: "quarters of an hour without a row", repair: byInterpolation, count: 2, step: 40, value: solarValue, want: 40, also: 1},
		{name: "negative", wind: replaced(windRow, "Elia;30;", "Elia;-3.5;", 30), flaw: "negative values (own consumption)",
			repair: "set to 0", count: 1, step: 30, value: func(y *Year, i int) float64 { return y.WindOffshore.Actual[i] }, want: 0},
		{name: "far above the capacity", wind: replaced(windRow, "Elia;31;", "Elia;5015;", 31), flaw: "measured values above the capacity",
			repair: byForecast, count: 1, step: 31, value: func(y *Year, i int) float64 { return y.WindOffshore.Actual[i] * 2000 }, want: 10},
		{name: "just above the capacity", wind: replaced(windRow, "Elia;31;", "Elia;2010;", 31), flaw: "measured values just above the capacity",
			repair: "cut to the capacity", count: 1, step: 31, value: func(y *Year, i int) float64 { return y.WindOffshore.Actual[i] * 2000 }, want: 2000},
		{name: "missing day-ahead forecast", solar: replaced(solarRow, ";252;0;0;0;0;0;0;0;0;", ";;0;0;0;0;0;0;0;0;", 250), flaw: "missing day-ahead forecasts",
			repair: byInterpolation, count: 1, step: 250, value: func(y *Year, i int) float64 { return y.Solar.Forecast[i] * 1000 }, want: 252},
		{name: "long gap of forecasts", solar: func(i int) []string {
			if i >= 240 && i < 250 {
				return replaced(solarRow, fmt.Sprintf(";%d;0;0;0;0;0;0;0;0;", i+2), ";;0;0;0;0;0;0;0;0;", i)(i)
			}
			return solarRow(i)
		}, flaw: "missing day-ahead forecasts", repair: "replaced by the measurement of two days before", count: 10, step: 245,
			value: func(y *Year, i int) float64 { return y.Solar.Forecast[i] * 1000 }, want: 245 - 192},
		{name: "missing capacity", solar: replaced(solarRow, ";1000;", ";;", 20), flaw: "missing capacities",
			repair: "the nearest one before counts", count: 1, step: 20, value: solarValue, want: 20},
		{name: "repeated row", solar: func(i int) []string {
			if i == 7 {
				return append(solarRow(i), solarRow(i)...)
			}
			return solarRow(i)
		}, flaw: "rows that repeat another", repair: "taken once", count: 1, step: 7, value: solarValue, want: 7},
		{name: "contradicting row", solar: func(i int) []string {
			if i == 7 { // newest first: the last line comes first in the file
				return append(solarRow(99), solarRow(i)...)
			}
			return solarRow(i)
		}, flaw: "rows that contradict another", repair: "the first read counts", count: 1, step: 7, value: solarValue, want: 7},
		{name: "regions", solar: func(i int) []string {
			return append(solarRow(i), strings.Replace(solarRow(i)[0], "Belgium", "Antwerp", 1))
		}, flaw: "rows of a part of the country", repair: "left out, Belgium has the whole", count: steps, step: 7, value: solarValue, want: 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			solar, wind := c.solar, c.wind
			if solar == nil {
				solar = solarRow
			}
			if wind == nil {
				wind = windRow
			}
			y, report, err := Import(writeFiles(t, map[string]string{
				"solar.csv": publication{labelledSolar, from, steps, solar, false, false}.text(),
				"load.csv":  publication{labelledLoad, from, steps, loadRow, false, false}.text(),
				"wind.csv":  publication{technicalWind, from, steps, wind, false, false}.text(),
			}))
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Findings) != 1+c.also {
				t.Fatalf("findings: %v", report.Findings)
			}
			f := report.Findings[0]
			if f.Flaw != c.flaw || f.Repair != c.repair || f.Count != c.count {
				t.Errorf("found %v, want %d %s, %s", f, c.count, c.flaw, c.repair)
			}
			if got := c.value(y, c.step); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("step %d is %g, want %g", c.step, got, c.want)
			}
			if !slices.Contains(y.Notes, f.String()) {
				t.Errorf("the year's notes do not say %q: %v", f, y.Notes)
			}
		})
	}
}

// replaced spoils the first line of some quarters of an hour.
func replaced(row func(int) []string, old, new string, places ...int) func(int) []string {
	return func(i int) []string {
		lines := row(i)
		if slices.Contains(places, i) {
			lines[0] = strings.Replace(lines[0], old, new, 1)
		}
		return lines
	}
}

// TestImportDoesNotGuessLongGaps: more than an hour without measurement and forecast is an error
// that says from when to when.
func TestImportDoesNotGuessLongGaps(t *testing.T) {
	from := time.Date(2024, 6, 1, 0, 0, 0, 0, zone)
	gap := func(i int) []string {
		if i >= 40 && i < 45 {
			return nil
		}
		return loadRow(i)
	}
	_, report, err := Import(writeFiles(t, map[string]string{"load.csv": publication{labelledLoad, from, StepsPerDay, gap, false, false}.text()}))
	if err == nil || !strings.Contains(err.Error(), "from 2024-06-01T09:00Z to 2024-06-01T10:15Z (5 quarters of an hour") {
		t.Errorf("%v", err)
	}
	if report == nil || len(report.Files) != 1 {
		t.Error("no report of what was read")
	}
}

// TestImportLooksAtTheSharedDaysOnly: what is wrong on days that the year does not have does
// no harm, and a year made of near-real-time data ends where measurements do.
func TestImportLooksAtTheSharedDaysOnly(t *testing.T) {
	from := time.Date(2024, 6, 1, 0, 0, 0, 0, zone)
	gappy := func(i int) []string { // a hole of a day, before the others begin
		if i < StepsPerDay && i > 3 {
			return nil
		}
		return loadRow(i)
	}
	future := func(i int) []string { // two days measured, one forecast
		if i >= 2*StepsPerDay+30 {
			return []string{strings.Replace(solarRow(i)[0], fmt.Sprintf("Belgium;%d;", i), "Belgium;;", 1)}
		}
		return solarRow(i)
	}
	y, report, err := Import(writeFiles(t, map[string]string{
		"load.csv":  publication{labelledLoad, from.AddDate(0, 0, -1), 4 * StepsPerDay, gappy, false, false}.text(),
		"solar.csv": publication{labelledSolar, from, 3 * StepsPerDay, future, false, false}.text(),
		"wind.csv":  publication{technicalWind, from, 3 * StepsPerDay, windRow, false, false}.text(),
	}))
	if err != nil {
		t.Fatal(err)
	}
	if y.Days() != 2 || !y.Start.Equal(from) || y.Name != "import-2024-06-01-to-2024-06-02" {
		t.Errorf("%s: %d days from %s", y.Name, y.Days(), y.Start)
	}
	if count, _ := countOf(report, "", "quarters of an hour after the last measurement"); count != StepsPerDay-30 || len(report.Findings) != 1 {
		t.Errorf("findings: %v", report.Findings)
	}
}

// TestImportRefuses: each mistake gets one line that names the file and what would be right.
func TestImportRefuses(t *testing.T) {
	from := time.Date(2024, 6, 1, 0, 0, 0, 0, zone)
	good := func(header string, row func(int) []string, days int) string {
		return publication{header, from, days * StepsPerDay, row, false, false}.text()
	}
	load := good(labelledLoad, loadRow, 1)
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"empty file", map[string]string{"x.csv": ""}, "x.csv: the file is empty"},
		{"header only", map[string]string{"x.csv": labelledLoad + "\n"}, "no rows"},
		{"other table", map[string]string{"x.csv": "a;b\n1;2\n"}, "ods001"},
		{"web page", map[string]string{"x.csv": "<!DOCTYPE html><html></html>"}, "web page"},
		{"error message", map[string]string{"x.json": `{"error_code": "ODSQLError"}`}, "error message"},
		{"bad number", map[string]string{"x.csv": strings.Replace(load, "PT15M;8000", "PT15M;8O00", 1)}, `"8O00" is not a finite number`},
		{"not a number", map[string]string{"x.csv": strings.Replace(load, "PT15M;8000", "PT15M;NaN", 1)}, `"NaN" is not a finite number`},
		{"bad time", map[string]string{"x.csv": strings.Replace(load, "2024-06-01T", "2024-06-31T", 1)}, "2024-06-31"},
		{"off the grid", map[string]string{"x.csv": strings.Replace(load, ":15:00+", ":17:00+", 1)}, "does not start a quarter"},
		{"resolution", map[string]string{"x.csv": strings.ReplaceAll(load, "PT15M", "PT60M")}, `"PT60M", want PT15M`},
		{"half a row", map[string]string{"x.csv": load[:len(load)-20]}, "x.csv"},
		{"truncated JSON", map[string]string{"x.json": `[{"datetime": "2024-06-01T00:00:00+02:00", "totalload": 1},`}, "x.json"},
		{"nested JSON", map[string]string{"x.json": `[{"datetime": "2024-06-01T00:00:00+02:00", "totalload": {}}]`}, "totalload is neither"},
		{"mistyped year", map[string]string{"x.csv": strings.Replace(load, "2024-06-01T", "0204-06-01T", 1)}, "is a year mistyped?"},
		{"lacking", map[string]string{"x.csv": load}, "no file of solar and wind"},
		{"nothing in common", map[string]string{"load.csv": load, "wind.csv": good(technicalWind, windRow, 1),
			"solar.csv": publication{labelledSolar, from.AddDate(0, 1, 0), StepsPerDay, solarRow, false, false}.text()}, "no whole day in common"},
		{"no onshore wind", map[string]string{"load.csv": load, "solar.csv": good(labelledSolar, solarRow, 1),
			"wind.csv": good(technicalWind, func(i int) []string { return windRow(i)[:1] }, 1)}, "no rows of onshore wind"},
		{"no data", map[string]string{"readme.txt": "hello"}, "no files of Elia's"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := Import(writeFiles(t, c.files))
			if err == nil {
				t.Fatal("accepted")
			}
			if message := err.Error(); !strings.Contains(message, c.want) || strings.Contains(message, "\n") {
				t.Errorf("%q does not say %q in one line", message, c.want)
			}
		})
	}
	if _, _, err := Import("no-such-folder"); err == nil {
		t.Error("a folder that is not there was read")
	}
}

// TestImportRepeatedHourGivenOnce: bare local times of the repeated hour that occur once are
// taken as summer time, and those that no clock showed are left out; both are reported.
func TestImportRepeatedHourGivenOnce(t *testing.T) {
	text := labelledLoad + "\n"
	for _, at := range []string{"2024-03-31T01:45:00", "2024-03-31T02:15:00", "2024-10-27T01:45:00", "2024-10-27T02:30:00"} {
		text += at + ";PT15M;8000;8000;;;8000;;;\n"
	}
	f, err := parseElia("x.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.rows) != 3 || len(f.findings) != 2 || f.findings[0].Count != 1 || f.findings[1].Count != 1 {
		t.Fatalf("%d rows, findings %v", len(f.rows), f.findings)
	}
	if at := time.Unix(f.rows[2].at, 0).UTC().Format(stampForm); at != "2024-10-27T00:30Z" {
		t.Errorf("the repeated hour is at %s", at)
	}
}

// TestImportNearRealTimeJSON: the data sets of the last days say realtime, and JSON has null.
func TestImportNearRealTimeJSON(t *testing.T) {
	text := `[{"datetime":"2024-06-01T00:00:00+00:00","resolutioncode":"PT15M","region":"Belgium","realtime":12.5,"mostrecentforecast":13,"dayahead11hforecast":14,"monitoredcapacity":100},
{"datetime":"2024-06-01T00:15:00+00:00","resolutioncode":"PT15M","region":"Belgium","realtime":null,"mostrecentforecast":15,"dayahead11hforecast":16,"monitoredcapacity":100}]`
	f, err := parseElia("x.json", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if f.quantity != SolarQuantity || len(f.rows) != 2 || f.rows[0].measured != 12.5 || !math.IsNaN(f.rows[1].measured) || f.rows[1].dayAhead != 16 {
		t.Errorf("%s, %+v", f.quantity, f.rows)
	}
}

// TestGeneratedYearRoundTrip: a year written and imported is the same year, bit by bit.
func TestGeneratedYearRoundTrip(t *testing.T) {
	y := Generate(2020, 4)
	folder := t.TempDir()
	paths, err := y.WriteElia(folder)
	if err != nil || len(paths) != 3 {
		t.Fatalf("%v, %v", paths, err)
	}
	back, report, err := Import(folder)
	if err != nil {
		t.Fatal(err)
	}
	if back.Checksum() != y.Checksum() {
		t.Errorf("checksum %s, want %s", back.Checksum(), y.Checksum())
	}
	if len(report.Findings) > 0 {
		t.Errorf("findings: %v", report.Findings)
	}
	if back.Name != "import-2020" || !slices.Contains(back.Notes, y.Notes[0]) {
		t.Errorf("%s does not say that it is synthetic: %v", back.Name, back.Notes)
	}
	opened, err := Open(folder, 0)
	if err != nil || opened.Checksum() != y.Checksum() {
		t.Errorf("opened: %v", err)
	}
}

func TestOpen(t *testing.T) {
	builtIn := builtInYear(t)
	for _, source := range []string{"", "2015"} {
		if y, err := Open(source, 7); err != nil || y != builtIn {
			t.Errorf("%q: %v", source, err)
		}
	}
	if y, err := Open("2016", 7); err != nil || y.Checksum() != Generate(2016, 7).Checksum() {
		t.Errorf("2016: %v", err)
	}
	for _, source := range []string{"12016", "0015", "-2016", "no-such-folder"} {
		if _, err := Open(source, 7); err == nil {
			t.Errorf("%q was opened", source)
		}
	}
}

func FuzzImport(f *testing.F) {
	from := time.Date(2024, 10, 27, 0, 0, 0, 0, zone)
	for _, p := range []publication{
		{labelledSolar, from, 12, solarRow, false, false},
		{labelledLoad, from, 12, loadRow, true, false},
		{technicalWind, from, 12, windRow, true, true},
		{technicalPrice, from, 3, func(int) []string { return []string{"PT15M;x;1;0"} }, false, false},
	} {
		f.Add([]byte(p.text()))
	}
	f.Add([]byte(`[{"datetime":"2024-06-01T00:00:00+00:00","totalload":12.5},{"datetime":"2024-06-01T00:15:00+00:00","totalload":null}]`))
	f.Add([]byte("datetime_utc,load_actual_mw,load_dayahead_mw\n2014-12-31T23:00Z,9995.0,9698.0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := parseElia("x", bytes.NewReader(text))
		if err != nil {
			return
		}
		file.report()
		var found findings
		m, err := mergeFiles(file.quantity, []*eliaFile{file}, &found)
		if err != nil {
			return
		}
		if m.steps*len(m.records) > 1<<20 {
			return // large but allowed; repairing it adds nothing but time
		}
		track, err := m.track(m.records, &found)
		if err != nil {
			return
		}
		for _, x := range track.Actual {
			if !(x >= 0 && x <= 1) {
				t.Fatalf("a track of %g", x)
			}
		}
	})
}
