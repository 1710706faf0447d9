package profile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// twoDays is a year of two days, enough for reading series.
func twoDays() *Year {
	return &Year{Start: time.Date(2023, 3, 24, 23, 0, 0, 0, time.UTC), Load: Track{Actual: make([]float64, 2*StepsPerDay)}}
}

// table writes rows at a distance, from a start, with a value for each.
func seriesText(column string, start time.Time, apart time.Duration, values []float64) string {
	var text strings.Builder
	fmt.Fprintf(&text, "datetime_utc,%s\n", column)
	for i, v := range values {
		fmt.Fprintf(&text, "%s,%s\n", start.Add(time.Duration(i)*apart).Format(time.RFC3339), exact(v))
	}
	return text.String()
}

// TestReadSeriesAtAnyResolution: finer rows are averaged, coarser ones held; the energy of
// the year stays.
func TestReadSeriesAtAnyResolution(t *testing.T) {
	y := twoDays()
	length := 2 * 24 * time.Hour
	rapid.Check(t, func(t *rapid.T) {
		apart := rapid.SampledFrom([]time.Duration{time.Minute, 3 * time.Minute, 5 * time.Minute, 7*time.Minute + 30*time.Second,
			15 * time.Minute, 30 * time.Minute, 45 * time.Minute, time.Hour, 4 * time.Hour, 24 * time.Hour}).Draw(t, "apart")
		values := make([]float64, length/apart)
		sum := 0.0
		for i := range values {
			values[i] = rapid.Float64Range(0, 1000).Draw(t, "value")
			sum += values[i] * apart.Hours()
		}
		s, err := parseSeries(strings.NewReader(seriesText("load_kw", y.Start, apart, values)), y)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.LoadKW) != 2*StepsPerDay || s.SolarKW != nil {
			t.Fatalf("%d steps of load, %d of sun", len(s.LoadKW), len(s.SolarKW))
		}
		got := 0.0
		for _, v := range s.LoadKW {
			got += v * StepHours
		}
		if math.Abs(got-sum) > 1e-9*(1+sum) {
			t.Fatalf("%g kWh, want %g", got, sum)
		}
	})
}

// TestReadSeriesCutsToTheYear: rows before and after the year are left out, and the first
// step is the right one.
func TestReadSeriesCutsToTheYear(t *testing.T) {
	y := twoDays()
	values := make([]float64, 4*96)
	for i := range values {
		values[i] = float64(i)
	}
	for name, compress := range map[string]bool{"plain": false, "compressed": true} {
		text := []byte("\ufeff# measured at the meter\n" + strings.ReplaceAll(seriesText("WIND_KW", y.Start.Add(-24*time.Hour), step, values), ",", ";"))
		if compress {
			var zip bytes.Buffer
			w := gzip.NewWriter(&zip)
			w.Write(text)
			w.Close()
			text = zip.Bytes()
		}
		s, err := parseSeries(bytes.NewReader(text), y)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if s.WindKW[0] != 96 || s.WindKW[191] != 287 {
			t.Errorf("%s: from %g to %g, want 96 to 287", name, s.WindKW[0], s.WindKW[191])
		}
	}
}

// TestReadSeriesRefuses: each mistake gets one line that names line, field and value, and what
// would be right.
func TestReadSeriesRefuses(t *testing.T) {
	const start = "2023-03-24T23:00Z"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "empty"},
		{"no rows", "datetime_utc,load_kw\n", "two rows"},
		{"web page", "<html></html>", "web page"},
		{"no time", "load_kw\n1\n", "datetime_utc"},
		{"local time", "datetime,load_kw\n", `"datetime": want datetime_utc, in UTC`},
		{"wrong unit", "datetime_utc,load_mw\n", `"load_mw": want load_kw, in kW`},
		{"energy", "datetime_utc,load_kwh\n", `"load_kwh": want load_kw, in kW`},
		{"price of MWh", "datetime_utc,price_eur_per_mwh\n", `want price_eur_per_kwh, in EUR/kWh`},
		{"unknown", "datetime_utc,temperature\n", `"temperature"`},
		{"twice", "datetime_utc,load_kw,load_kw\n", "twice"},
		{"nothing but time", "datetime_utc\n", "load_kw"},
		{"NaN", "datetime_utc,load_kw\n" + start + ",NaN\n", `line 2: load_kw at 2023-03-24T23:00Z: "NaN"`},
		{"infinite", "datetime_utc,load_kw\n" + start + ",+Inf\n", "line 2"},
		{"words", "datetime_utc,load_kw\n" + start + ",much\n", `"much"`},
		{"decimal comma", "datetime_utc;load_kw\n" + start + ";1,5\n", `"1,5" is not a finite number with a decimal point`},
		{"missing", "datetime_utc,load_kw\n" + start + ",\n", "missing"},
		{"negative", "datetime_utc,load_kw\n" + start + ",-2\n", "load_kw at 2023-03-24T23:00Z is -2, want >= 0"},
		{"watts", "datetime_utc,load_kw\n" + start + ",3500000\n", "is it in W?"},
		{"per MWh", "datetime_utc,price_eur_per_kwh\n" + start + ",-57.3\n", "is it per MWh?"},
		{"bad time", "datetime_utc,load_kw\n24/03/2023,1\n", `"24/03/2023"`},
		{"gap", "datetime_utc,load_kw\n" + start + ",1\n2023-03-24T23:15Z,1\n2023-03-24T23:45Z,1\n", "line 4: 2023-03-24T23:45Z comes 30m0s after the row before, want 15m0s"},
		{"backwards", "datetime_utc,load_kw\n" + start + ",1\n2023-03-24T22:45Z,1\n", "oldest to newest"},
		{"repeated", "datetime_utc,load_kw\n" + start + ",1\n" + start + ",1\n", "oldest to newest"},
		{"ten minutes", "datetime_utc,load_kw\n" + start + ",1\n2023-03-24T23:10Z,1\n", "10m0s apart"},
		{"out of step", "datetime_utc,load_kw\n2023-03-24T23:05Z,1\n2023-03-24T23:20Z,1\n", "in step with quarters"},
		{"too few", "datetime_utc,load_kw\n" + start + ",1\n2023-03-24T23:15Z,1\n", "rows cover 2023-03-24T23:00Z to 2023-03-24T23:30Z, the year needs 2023-03-24T23:00Z to 2023-03-26T23:00Z"},
		{"columns missing", "# a remark\ndatetime_utc,load_kw\n" + start + "\n", "line 3"},
		{"late", "datetime_utc,load_kw\n2023-03-25T00:00Z,1\n2023-03-25T12:00Z,1\n2023-03-26T00:00Z,1\n2023-03-26T12:00Z,1\n2023-03-27T00:00Z,1\n", "rows cover"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "own.csv")
			if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
				t.Fatal(err)
			}
			_, err := ReadSeries(path, twoDays())
			if err == nil {
				t.Fatal("accepted")
			}
			if message := err.Error(); !strings.Contains(message, c.want) || !strings.Contains(message, "own.csv") || strings.Contains(message, "\n") {
				t.Errorf("%q does not say %q, the file, and nothing else", message, c.want)
			}
		})
	}
	if _, err := ReadSeries("no-such.csv", twoDays()); err == nil || !strings.Contains(err.Error(), "no-such.csv") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestSeriesRoundTrip: what WriteSeries writes, ReadSeries reads.
func TestSeriesRoundTrip(t *testing.T) {
	y := builtInYear(t)
	s := Series{LoadKW: make([]float64, len(y.Load.Actual)), PriceEURPerKWh: make([]float64, len(y.Load.Actual))}
	for i, x := range y.Load.Actual {
		s.LoadKW[i], s.PriceEURPerKWh[i] = 40*x, 0.3*x-0.1
	}
	path := filepath.Join(t.TempDir(), "own.csv")
	if err := WriteSeries(path, s, y.Start, "a remark"); err != nil {
		t.Fatal(err)
	}
	back, err := ReadSeries(path, y)
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.LoadKW {
		if math.Abs(back.LoadKW[i]-s.LoadKW[i]) > 5.1e-6 || math.Abs(back.PriceEURPerKWh[i]-s.PriceEURPerKWh[i]) > 5.1e-6 {
			t.Fatalf("step %d: %g kW, %g EUR/kWh; want %g, %g", i, back.LoadKW[i], back.PriceEURPerKWh[i], s.LoadKW[i], s.PriceEURPerKWh[i])
		}
	}
	if back.SolarKW != nil || back.WindKW != nil {
		t.Error("columns came from nowhere")
	}
}

func ExampleReadSeries() {
	year := Generate(2023, 1)
	path := filepath.Join(os.TempDir(), "peerwatt-example.csv")
	defer os.Remove(path)
	own := Series{LoadKW: make([]float64, len(year.Load.Actual))}
	for day := range year.Days() {
		for step, share := range Shape(Household, year.Date(day)) {
			own.LoadKW[day*StepsPerDay+step] = 4 * share
		}
	}
	if err := WriteSeries(path, own, year.Start); err != nil {
		fmt.Println(err)
		return
	}
	series, err := ReadSeries(path, year)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d steps, sun: %v\n", len(series.LoadKW), series.SolarKW != nil)
	// Output: 35040 steps, sun: false
}

func FuzzReadSeries(f *testing.F) {
	y := twoDays()
	f.Add([]byte(seriesText("load_kw", y.Start, time.Hour, make([]float64, 48))))
	f.Add([]byte(seriesText("price_eur_per_kwh", y.Start.Add(-time.Hour), 24*time.Hour, []float64{1, -2, 3})))
	f.Add([]byte("\ufeff# remark\ndatetime_utc;load_kw;solar_kw\n2023-03-24T23:00Z;1;2\n2023-03-25T23:00Z;1;2\n"))
	f.Add([]byte(`[{"datetime_utc":"2023-03-24T23:00Z","load_kw":1},{"datetime_utc":"2023-03-25T23:00Z","load_kw":2}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := parseSeries(bytes.NewReader(text), y)
		if err != nil {
			return
		}
		for _, values := range s.columns() {
			if *values != nil && len(*values) != len(y.Load.Actual) {
				t.Fatalf("%d values", len(*values))
			}
			for _, v := range *values {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatal("no finite number")
				}
			}
		}
	})
}
