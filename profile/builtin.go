package profile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

var (
	//go:embed belgium2015/be_load_15min_2015.csv.gz
	load2015 []byte
	//go:embed belgium2015/be_wind_solar_cf_hourly_2015.csv.gz
	windSun2015 []byte
)

// BuiltIn returns the Belgian year 2015, which is part of the program. It is
// read once; every call returns the same Year, which nobody may change.
func BuiltIn() (*Year, error) { return builtIn() }

var builtIn = sync.OnceValues(readBelgium2015)

// The seeds of the built-in year's random paths are part of the data.
const (
	seed2015 = 2015
	seedGap  = 20150703
)

func readBelgium2015() (*Year, error) {
	start, load, err := readColumns(load2015, step)
	if err != nil {
		return nil, fmt.Errorf("built-in load of 2015: %w", err)
	}
	windStart, columns, err := readColumns(windSun2015, time.Hour)
	if err != nil {
		return nil, fmt.Errorf("built-in wind and sun of 2015: %w", err)
	}
	if !windStart.Equal(start) || len(load[0]) != 365*StepsPerDay || len(columns[0]) != 365*hoursPerDay {
		return nil, fmt.Errorf("built-in year 2015: load and wind do not cover the same year")
	}
	w := weather{offshore: columns[0], onshore: columns[1], sun: columns[2]}

	y := &Year{
		Name:   "belgium-2015",
		Source: "Elia and ENTSO-E by way of Dispa-SET (EUPL-1.2): Belgian load at 15 minutes, wind and sun hourly",
		Start:  start,
	}
	y.repairLoad2015(load[0])
	y.repairWind2015(&w)
	peak := slices.Max(load[0])
	y.Load = Track{Actual: divided(load[0], peak), Forecast: divided(load[1], peak)}
	y.addWeather(w, seed2015)
	return y, nil
}

// repairLoad2015 replaces two samples that drop by 3 GW, by interpolation.
func (y *Year) repairLoad2015(load []float64) {
	for _, at := range [...]string{"2015-01-06T09:30Z", "2015-01-08T12:15Z"} {
		i := int(mustParse(at).Sub(y.Start) / step)
		was := load[i]
		load[i] = (load[i-1] + load[i+1]) / 2
		y.Notes = append(y.Notes, fmt.Sprintf("load: the one-sample drop at %s (%.0f MW between %.0f and %.0f) is interpolated", at, was, load[i-1], load[i+1]))
	}
}

// The gap of both wind series. Onshore, the hours from 21:00Z on 2 July lie on a straight
// line to five digits; 18:00Z to 20:00Z on 3 July repeat the day before, and 21:00Z is on
// the line again, so the gap ends at 22:00Z.
var gapFrom, gapTo = mustParse("2015-07-02T21:00Z"), mustParse("2015-07-03T22:00Z")

// repairWind2015 replaces a gap that was filled with a line by a random walk from
// its last good hour to its first, with steps as large as the year's.
func (y *Year) repairWind2015(w *weather) {
	from, to := int(gapFrom.Sub(y.Start)/time.Hour), int(gapTo.Sub(y.Start)/time.Hour)
	random := rand.New(rand.NewPCG(seedGap, 0))
	for _, series := range [...][]float64{w.onshore, w.offshore} {
		bridge(series, from, to, random)
	}
	y.Notes = append(y.Notes, fmt.Sprintf("wind: the gap from %s to %s, a straight line in the source, is a random walk between its ends with the steps of the rest of the year",
		gapFrom.Format(stampForm), gapTo.Format(stampForm)))
}

// bridge fills series[from:to] with a random walk in [0, 1] that meets both sides.
func bridge(series []float64, from, to int, random *rand.Rand) {
	sum := 0.0
	for i := 1; i < len(series); i++ {
		sum += square(series[i] - series[i-1])
	}
	rms := math.Sqrt(sum / float64(len(series)-1))
	before, after, n := series[from-1], series[to], to-from
	walk := make([]float64, n+2) // from the hour before to the hour after
	for i := 1; i < len(walk); i++ {
		walk[i] = walk[i-1] + rms*random.NormFloat64()
	}
	end := walk[n+1]
	for i := range n {
		share := float64(i+1) / float64(n+1)
		x := before + (after-before)*share + walk[i+1] - end*share
		series[from+i] = rounded(reflected(x))
	}
}

// reflected folds x into [0, 1].
func reflected(x float64) float64 {
	for x < 0 || x > 1 {
		if x < 0 {
			x = -x
		} else {
			x = 2 - x
		}
	}
	return x
}

func mustParse(text string) time.Time {
	at, err := time.Parse(stampForm, text)
	if err != nil {
		panic("profile: " + err.Error())
	}
	return at
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
		text, rest, _ := strings.Cut(lines.Text(), ",")
		stamp, err := parseStamp(text)
		if err != nil {
			return start, nil, fmt.Errorf("row %d: %w", row+2, err)
		}
		if row == 0 {
			start = stamp.at
		} else if want := start.Add(time.Duration(row) * resolution); !stamp.at.Equal(want) {
			return start, nil, fmt.Errorf("row %d is %s, want %s", row+2, text, want.Format(time.RFC3339))
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

// divided returns values / by; nil stays nil.
func divided(values []float64, by float64) []float64 {
	if values == nil {
		return nil
	}
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v / by
	}
	return out
}
