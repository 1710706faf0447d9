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

// A day's forecast of sun and wind, where the year has none, is the day's smooth path
// plus the error of a real day-ahead forecast of another day. The day whose error is
// lent resembles it: in season and brightness, or in how much wind blew and in where
// the error stood at midnight; among the nearest, chance decides. So the forecast of a
// day depends on that day and on the days before, not on those after.
//
// The errors are those of Elia's 11 o'clock forecast: of the sun in 2023 and 2024, as
// a share of the clear sky, of onshore and offshore wind, together, from January to
// April 2025, as a share of the capacity. They are kept as hourly means in percent.

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

// forecastSun returns the day-ahead forecast for a smooth path of whole days under a
// clear sky; first is the date of day 0.
func forecastSun(smooth, clear []float64, first time.Time, random *rand.Rand) []float64 {
	lenders := loadErrors().sun
	var errors []float64
	distance := make([]float64, len(lenders))
	for day := range len(smooth) / StepsPerDay {
		var light, most float64
		for i := day * StepsPerDay; i < (day+1)*StepsPerDay; i++ {
			light += smooth[i]
			most += clear[i]
		}
		yearDay := first.AddDate(0, 0, day).In(zone).YearDay()
		for i, lender := range lenders {
			apart := math.Abs(float64(yearDay - lender.yearDay))
			apart = min(apart, 365-apart)
			distance[i] = square(apart/seasonScale) + square((light/most-lender.share)/shareScale)
		}
		chosen := lenders[oneOfNearest(distance, sunChoices, random)]
		errors = append(errors, chosen.path[:]...)
	}
	forecast := make([]float64, len(smooth))
	for i := range forecast {
		highest := min(1, maxShare*clear[i])
		forecast[i] = rounded(min(highest, max(0, smooth[i]+clear[i]*between(errors, i))))
	}
	return forecast
}

// forecastWind returns the day-ahead forecasts for smooth paths of whole days.
func forecastWind(onshore, offshore []float64, random *rand.Rand) (onshoreForecast, offshoreForecast []float64) {
	lenders := loadErrors().wind
	var onshoreErrors, offshoreErrors []float64
	distance := make([]float64, len(lenders))
	for day := range len(onshore) / StepsPerDay {
		from, to := day*StepsPerDay, (day+1)*StepsPerDay
		on, off := mean(onshore[from:to]), mean(offshore[from:to])
		for i, lender := range lenders {
			distance[i] = square((on-lender.onshore)/onshoreScale) + square((off-lender.offshore)/offshoreScale)
			if day > 0 {
				last := day*hoursPerDay - 1
				distance[i] += square((onshoreErrors[last]-lender.onshorePath[0])/onshoreScale) +
					square((offshoreErrors[last]-lender.offshorePath[0])/offshoreScale)
			}
		}
		chosen := lenders[oneOfNearest(distance, windChoices, random)]
		onshoreErrors = append(onshoreErrors, chosen.onshorePath[:]...)
		offshoreErrors = append(offshoreErrors, chosen.offshorePath[:]...)
	}
	add := func(smooth, errors []float64) []float64 {
		forecast := make([]float64, len(smooth))
		for i, x := range smooth {
			forecast[i] = rounded(min(1, max(0, x+between(errors, i))))
		}
		return forecast
	}
	return add(onshore, onshoreErrors), add(offshore, offshoreErrors)
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

// between interpolates hourly means, which stand for the middle of their hour, at the
// middle of a step, inside the step's day: the next day's error is not yet known.
func between(hours []float64, step int) float64 {
	day := step / StepsPerDay
	first, last := day*hoursPerDay, (day+1)*hoursPerDay-1
	x := (float64(step)+0.5)/4 - 0.5
	h := int(math.Floor(x))
	low, high := hours[min(max(h, first), last)], hours[min(max(h+1, first), last)]
	return low + (high-low)*(x-float64(h))
}

func square(x float64) float64 { return x * x }

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
