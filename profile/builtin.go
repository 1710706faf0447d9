package profile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed belgium2015/be_load_15min_2015.csv.gz
var load2015 []byte

//go:embed belgium2015/be_wind_solar_cf_hourly_2015.csv.gz
var windSolar2015 []byte

// BuiltIn returns the Belgian year 2015, which is part of the program. It is
// read once; every call returns the same Year, which nobody may change.
func BuiltIn() (*Year, error) { return builtIn() }

var builtIn = sync.OnceValues(readBelgium2015)

func readBelgium2015() (*Year, error) {
	start, load, err := readColumns(load2015, step)
	if err != nil {
		return nil, fmt.Errorf("built-in load of 2015: %w", err)
	}
	_, hourly, err := readColumns(windSolar2015, time.Hour)
	if err != nil {
		return nil, fmt.Errorf("built-in wind and sun of 2015: %w", err)
	}
	y := &Year{Name: "belgium-2015", Start: start}
	peak := 0.0
	for _, v := range load[0] {
		peak = max(peak, v)
	}
	y.Load = Track{Actual: scaled(load[0], 1/peak), Forecast: scaled(load[1], 1/peak)}
	y.WindOffshore.Actual = heldFor(hourly[0], 4)
	y.WindOnshore.Actual = heldFor(hourly[1], 4)
	y.Solar.Actual = heldFor(hourly[2], 4)
	return y, nil
}

// readColumns reads a compressed table of UTC time and numbers whose rows
// follow each other by the resolution, and returns its columns.
func readColumns(compressed []byte, resolution time.Duration) (start time.Time, columns [][]float64, err error) {
	unzip, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return start, nil, err
	}
	lines := bufio.NewScanner(unzip)
	lines.Scan()
	columns = make([][]float64, strings.Count(lines.Text(), ","))
	for row := 0; lines.Scan(); row++ {
		stamp, rest, _ := strings.Cut(lines.Text(), ",")
		at, err := time.Parse("2006-01-02T15:04Z", stamp)
		if err != nil {
			return start, nil, err
		}
		if row == 0 {
			start = at
		} else if want := start.Add(time.Duration(row) * resolution); !at.Equal(want) {
			return start, nil, fmt.Errorf("row %d is %s, want %s", row+2, stamp, want.Format(time.RFC3339))
		}
		for i := range columns {
			var field string
			field, rest, _ = strings.Cut(rest, ",")
			v, err := strconv.ParseFloat(field, 64)
			if err != nil {
				return start, nil, fmt.Errorf("row %d: %w", row+2, err)
			}
			columns[i] = append(columns[i], v)
		}
	}
	return start, columns, lines.Err()
}

func scaled(values []float64, by float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v * by
	}
	return out
}

func heldFor(values []float64, n int) []float64 {
	out := make([]float64, 0, n*len(values))
	for _, v := range values {
		for range n {
			out = append(out, v)
		}
	}
	return out
}
