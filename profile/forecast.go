package profile

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Where a year has no day-ahead forecasts of sun and wind, each day gets
//
//	forecast = smoothed(actual) + smoothed(error)
//
// in hourly means, of the sun as a share of the clear sky. The error is that of a real
// day-ahead forecast of another day that resembles it: in season and brightness, or in how
// much wind blew and in where the error stood at midnight; among the nearest, chance decides.
// Smoothing with a triangle over some hours is what makes it a forecast: real ones do not
// foresee the ups and downs of single hours, and the lent error would otherwise bring those
// of its own day along. The forecast of a day depends on that day and on the days before,
// not on those after.
//
// The errors are those of Elia's 11 o'clock forecast: of the sun in 2023 and 2024, as a share
// of the clear sky, of onshore and offshore wind, together, from January to April 2025, as a
// share of the capacity. They are kept as hourly means in percent.

// hoursPerDay is the length of an error path.
const hoursPerDay = 24

// path is the error of one day, by hour of UTC+1: forecast minus actual.
type path [hoursPerDay]float64

// sunError is a day of the sun: how bright it was and how wrong its forecast.
type sunError struct {
	yearDay int
	share   float64 // of the clear sky
	path    path
}

// windError is a day of wind, onshore and offshore together.
type windError struct {
	onshore, offshore         float64 // mean of the day
	onshorePath, offshorePath path
}

var (
	//go:embed statistics/sun_errors.csv.gz
	sunErrorsCSV []byte
	//go:embed statistics/wind_errors.csv.gz
	windErrorsCSV []byte
)

// errorTables are the days that lend their errors.
type errorTables struct {
	sun  []sunError
	wind []windError
}

var loadErrors = sync.OnceValue(func() *errorTables {
	t := new(errorTables)
	err := readErrors(sunErrorsCSV, 1+hoursPerDay, func(date time.Time, percent []float64) {
		day := sunError{yearDay: date.YearDay(), share: percent[0]}
		copy(day.path[:], percent[1:])
		t.sun = append(t.sun, day)
	})
	if err == nil {
		err = readErrors(windErrorsCSV, 2+2*hoursPerDay, func(_ time.Time, percent []float64) {
			day := windError{onshore: percent[0], offshore: percent[1]}
			copy(day.onshorePath[:], percent[2:])
			copy(day.offshorePath[:], percent[2+hoursPerDay:])
			t.wind = append(t.wind, day)
		})
	}
	if err != nil {
		panic("profile: the embedded forecast errors are broken: " + err.Error())
	}
	return t
})

// readErrors reads rows of a date and whole percents, under a heading.
func readErrors(compressed []byte, width int, row func(date time.Time, values []float64)) error {
	unzip, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return err
	}
	records, err := csv.NewReader(unzip).ReadAll()
	if err != nil {
		return err
	}
	values := make([]float64, width)
	for i, record := range records[1:] {
		date, err := time.Parse(time.DateOnly, record[0])
		if err != nil {
			return err
		}
		if len(record) != 1+width {
			return fmt.Errorf("row %d: %d columns, want %d", i+2, len(record), 1+width)
		}
		for k, field := range record[1:] {
			percent, err := strconv.Atoi(field)
			if err != nil {
				return err
			}
			values[k] = float64(percent) / 100
		}
		row(date, values)
	}
	return nil
}

// How near a day is to one that lends: one unit of distance for each of these.
const (
	seasonScale   = 20.0 // days
	shareScale    = 0.05
	onshoreScale  = 0.05
	offshoreScale = 0.10
	sunChoices    = 10 // among how many of the nearest chance decides
	windChoices   = 6
)

// How far smoothing reaches to either side, in hours: chosen so that the forecasts' hourly
// steps are as large as those of Elia's forecasts.
const (
	sunReach  = 2
	windReach = 3
)

// forecastSun returns the day-ahead forecast, in steps, for whole days of hourly means
// under a clear sky in steps; first is the date of day 0.
func forecastSun(means, clear []float64, first time.Time, random *rand.Rand) []float64 {
	lenders := loadErrors().sun
	distance := make([]float64, len(lenders))
	clearMeans := hourly(clear)
	forecast := make([]float64, len(clear))
	share := make([]float64, len(means))
	for day := range len(means) / hoursPerDay {
		from, to := day*hoursPerDay, (day+1)*hoursPerDay
		light, most := mean(means[from:to]), mean(clearMeans[from:to])
		yearDay := first.AddDate(0, 0, day).In(zone).YearDay()
		for i, lender := range lenders {
			apart := math.Abs(float64(yearDay - lender.yearDay))
			apart = min(apart, 365-apart)
			distance[i] = square(apart/seasonScale) + square((light/most-lender.share)/shareScale)
		}
		chosen := lenders[oneOfNearest(distance, sunChoices, random)]
		copy(share[from:to], shareOfClear(means[from:to], clearMeans[from:to]))
		path := expected(share, &chosen.path, from, from, to, sunReach)
		for i, x := range quarters(path) {
			at := 4*from + i
			forecast[at] = rounded(min(1, clear[at]*min(maxShare, max(0, x))))
		}
	}
	return forecast
}

// forecastWind returns the day-ahead forecasts, in steps, for whole days of hourly means.
func forecastWind(onshore, offshore []float64, random *rand.Rand) (onshoreForecast, offshoreForecast []float64) {
	lenders := loadErrors().wind
	distance := make([]float64, len(lenders))
	var before windError
	for day := range len(onshore) / hoursPerDay {
		from, to := day*hoursPerDay, (day+1)*hoursPerDay
		on, off := mean(onshore[from:to]), mean(offshore[from:to])
		for i, lender := range lenders {
			distance[i] = square((on-lender.onshore)/onshoreScale) + square((off-lender.offshore)/offshoreScale)
			if day > 0 {
				distance[i] += square((before.onshorePath[hoursPerDay-1]-lender.onshorePath[0])/onshoreScale) +
					square((before.offshorePath[hoursPerDay-1]-lender.offshorePath[0])/offshoreScale)
			}
		}
		before = lenders[oneOfNearest(distance, windChoices, random)]
		for _, series := range [...]struct {
			means []float64
			path  *path
			into  *[]float64
		}{{onshore, &before.onshorePath, &onshoreForecast}, {offshore, &before.offshorePath, &offshoreForecast}} {
			path := expected(series.means, series.path, max(0, from-windReach), from, to, windReach)
			for _, x := range quarters(path) {
				*series.into = append(*series.into, rounded(min(1, max(0, x))))
			}
		}
	}
	return onshoreForecast, offshoreForecast
}

// expected returns the hourly forecast of the day means[from:to]. Smoothing looks back
// as far as known and not past the day.
func expected(means []float64, lent *path, known, from, to, reach int) []float64 {
	day := make([]float64, to-from)
	for h := range day {
		day[h] = smoothed(means[known:to], from+h-known, reach) + smoothed(lent[:], h, reach)
	}
	return day
}

// smoothed is the mean around series[at] under a triangle that reaches so many places to
// either side; beyond the ends, the ends count.
func smoothed(series []float64, at, reach int) float64 {
	sum := 0.0
	for k := -reach; k <= reach; k++ {
		weight := float64(reach + 1 - max(k, -k))
		sum += weight * series[min(max(at+k, 0), len(series)-1)]
	}
	return sum / float64((reach+1)*(reach+1))
}

// oneOfNearest picks one of the n smallest distances at random.
func oneOfNearest(distance []float64, n int, random *rand.Rand) int {
	nearest := make([]int, 0, n+1)
	for i, d := range distance {
		at := len(nearest)
		for at > 0 && d < distance[nearest[at-1]] {
			at--
		}
		if at < n {
			nearest = slices.Insert(nearest, at, i)
			nearest = nearest[:min(n, len(nearest))]
		}
	}
	return nearest[random.IntN(len(nearest))]
}

func square(x float64) float64 { return x * x }

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
