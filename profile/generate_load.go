package profile

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Standard deviations, as a fraction of the peak, and memories in steps, of what the mean day
// leaves of the load of 2015 and of the error of its day-ahead forecast: fitted to the
// autocorrelation from one step to four days.
const (
	loadSpread          = 0.0270
	loadDays, loadHours = 480.0, 17.0
	loadDaysShare       = 0.82 // of the variance
	loadErrorSpread     = 0.0212
	loadErrorDays       = 150.0
	loadErrorHours      = 12.0
	loadErrorDaysShare  = 0.45
)

// meanDays is the mean load of a year by month, weekday and quarter of the local day.
type meanDays [12][7][StepsPerDay]float64

func newMeanDays(y *Year) *meanDays {
	days := new(meanDays)
	var count meanDays
	y.eachLocal(len(y.Load.Actual), func(i int, local time.Time, weekday, quarter int) {
		month := local.Month() - 1
		days[month][weekday][quarter] += y.Load.Actual[i]
		count[month][weekday][quarter]++
	})
	for month := range days {
		for weekday := range days[month] {
			for quarter := range days[month][weekday] {
				days[month][weekday][quarter] /= count[month][weekday][quarter]
			}
		}
	}
	return days
}

// eachLocal calls with the local time of every step, the weekday it is like and the quarter
// of the local day.
func (y *Year) eachLocal(steps int, call func(i int, local time.Time, weekday, quarter int)) {
	for hour := range steps / 4 {
		local := y.Start.Add(time.Duration(hour) * time.Hour).In(brussels)
		weekday := weekdayOf(local)
		for quarter := range 4 {
			call(4*hour+quarter, local, weekday, 4*local.Hour()+quarter)
		}
	}
}

// at blends the months on both sides, whose middles the date lies between.
func (d *meanDays) at(local time.Time, weekday, quarter int) float64 {
	month := int(local.Month()) - 1
	into := float64(local.Day()-15) / 30
	other := (month + 1) % 12
	if into < 0 {
		into, other = -into, (month+11)%12
	}
	return (1-into)*d[month][weekday][quarter] + into*d[other][weekday][quarter]
}

// addLoad draws the load of whole days and its forecast.
func (y *Year) addLoad(model *Year, days int, random *rand.Rand) {
	means := newMeanDays(model)
	actual := make([]float64, days*StepsPerDay)
	spell, hours := newMemory(loadDays, suddenly, random), newMemory(loadHours, suddenly, random)
	y.eachLocal(len(actual), func(i int, local time.Time, weekday, quarter int) {
		actual[i] = means.at(local, weekday, quarter) + loadSpread*mixed(spell.next(random), hours.next(random), loadDaysShare)
	})
	for i, x := range actual {
		actual[i] = rounded(max(0, x))
	}
	// A forecast does not know the jitter inside the hour.
	forecast := quarters(hourly(actual))
	spell, hours = newMemory(loadErrorDays, suddenly, random), newMemory(loadErrorHours, suddenly, random)
	for i := range forecast {
		error := loadErrorSpread * mixed(spell.next(random), hours.next(random), loadErrorDaysShare)
		forecast[i] = rounded(max(0, forecast[i]+error))
	}
	peak := slices.Max(actual)
	y.Load = Track{Actual: divided(actual, peak), Forecast: divided(forecast, peak)}
}
