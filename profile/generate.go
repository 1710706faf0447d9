package profile

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Generate makes a year from a seed: the same year and seed give the same bytes. Weather and
// load have the statistics of the built-in year 2015, on the calendar of the year asked for.
//
//   - The sun is the clear sky at 50.8 N times a share that clouds leave. The share has, in
//     each month and hour, the distribution it had in 2015, and persists over hours and days.
//   - Wind has, in each month, the distribution it had in 2015. Onshore and offshore share the
//     weather of days and have gusts of their own.
//   - Load has the mean day of 2015 by month, weekday and local time, and deviates from it
//     for hours and for days. Its forecast errs as that of 2015 did.
//
// Steps inside the hour and forecasts of sun and wind come about as in the built-in year.
// There are no prices. The year is one of the Gregorian calendar, from 1 to 9999.
func Generate(year int, seed uint64) *Year {
	model, err := BuiltIn()
	if err != nil {
		panic("profile: the built-in year is broken: " + err.Error())
	}
	start := time.Date(year, time.January, 1, 0, 0, 0, 0, zone)
	days := time.Date(year, time.December, 31, 0, 0, 0, 0, zone).YearDay()
	y := &Year{
		Name:   fmt.Sprintf("synthetic-%d-seed-%d", year, seed),
		Source: "peerwatt's generator, with the statistics of Belgium in 2015",
		Start:  start.UTC(),
		Notes:  []string{fmt.Sprintf("everything is synthesised: year %d, seed %d", year, seed)},
	}
	climate := newClimate(model)
	y.addLoad(model, days, rand.New(rand.NewPCG(seed, streamLoad)))
	y.addWeather(climate.weather(start, days, rand.New(rand.NewPCG(seed, streamWeather))), seed)
	return y
}

// memory is a stationary normal process of unit variance, x_t = (a + b) x_{t-1} - ab x_{t-2} + e_t
// with a = exp(-1/long) and b = exp(-1/short): smooth over the short time, forgotten after the
// long one. Both are in steps.
type memory struct {
	a, b, noise  float64 // noise is the standard deviation of e
	last, before float64
}

// suddenly is a short time that makes a memory forget from the first step on.
const suddenly = 1e-3

func newMemory(long, short float64, random *rand.Rand) *memory {
	a, b := math.Exp(-1/long), math.Exp(-1/short)
	// Of unit variance: the Yule-Walker equations of the second order.
	first := (a + b) / (1 + a*b)
	m := &memory{a: a, b: b, noise: math.Sqrt(1 - (a+b)*first + a*b*((a+b)*first-a*b))}
	m.before = random.NormFloat64()
	m.last = first*m.before + math.Sqrt(1-first*first)*random.NormFloat64()
	return m
}

func (m *memory) next(random *rand.Rand) float64 {
	m.before, m.last = m.last, (m.a+m.b)*m.last-m.a*m.b*m.before+m.noise*random.NormFloat64()
	return m.last
}

// Times in hours and shares of variance, fitted to the autocorrelation over 1 to 120 hours
// of 2015's wind (within 0.04) and share of the clear sky, after the distributions of climate
// have been laid over the normal numbers.
const (
	cloudLong, cloudShort = 6.5, 0.98
	skyLong, skyShare     = 79.0, 0.27 // what stays grey or blue for days
	frontLong, frontShort = 10.0, 3.0
	spellLong, spellShare = 65.0, 0.58 // windy and calm days
	// Offshore wind has the country's weather and, in the rest of its variance, its own.
	offshoreCommon          = 0.794 // correlation
	squallLong, squallShort = 8.9, 1.37
)

// climate holds what values 2015 had, sorted, for months and hours. The values of
// a month include those of its neighbours.
type climate struct {
	share             [12][hoursPerDay][]float64 // of the clear sky
	onshore, offshore [12][]float64
}

func newClimate(y *Year) *climate {
	c := new(climate)
	sun, on, off := hourly(y.Solar.Actual), hourly(y.WindOnshore.Actual), hourly(y.WindOffshore.Actual)
	clear := hourly(clearSky(y.Start, len(y.Solar.Actual)))
	for h := range sun {
		month := int(y.Date(h/hoursPerDay).In(zone).Month()) - 1
		for _, m := range [...]int{(month + 11) % 12, month, (month + 1) % 12} {
			c.onshore[m] = append(c.onshore[m], on[h])
			c.offshore[m] = append(c.offshore[m], off[h])
			if clear[h] >= faintClear {
				values := &c.share[m][h%hoursPerDay]
				*values = append(*values, min(maxShare, sun[h]/clear[h]))
			}
		}
	}
	for m := range c.onshore {
		slices.Sort(c.onshore[m])
		slices.Sort(c.offshore[m])
		for h := range c.share[m] {
			slices.Sort(c.share[m][h])
		}
	}
	return c
}

// weather draws hourly weather for whole days.
func (c *climate) weather(start time.Time, days int, random *rand.Rand) weather {
	n := days * hoursPerDay
	w := weather{onshore: make([]float64, n), offshore: make([]float64, n), sun: make([]float64, n)}
	clear := hourly(clearSky(start, 4*n))
	cloud, sky := newMemory(cloudLong, cloudShort, random), newMemory(skyLong, suddenly, random)
	front, spell := newMemory(frontLong, frontShort, random), newMemory(spellLong, suddenly, random)
	squall := newMemory(squallLong, squallShort, random)
	for h := range n {
		month := start.AddDate(0, 0, h/hoursPerDay).Month() - 1
		wind := mixed(spell.next(random), front.next(random), spellShare)
		w.onshore[h] = quantile(c.onshore[month], wind)
		w.offshore[h] = quantile(c.offshore[month], mixed(wind, squall.next(random), offshoreCommon*offshoreCommon))
		share := quantile(c.share[month][h%hoursPerDay], mixed(sky.next(random), cloud.next(random), skyShare))
		w.sun[h] = min(1, share*clear[h])
	}
	return w
}

// mixed adds two independent normal numbers so that the first has the given share of
// the variance.
func mixed(first, second, share float64) float64 {
	return math.Sqrt(share)*first + math.Sqrt(1-share)*second
}

// quantile returns the value that as many of the sorted values lie below as a normal number
// lies below z. Of no values it is 0.
func quantile(sorted []float64, z float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := float64(len(sorted))*math.Erfc(-z/math.Sqrt2)/2 - 0.5
	i := int(max(0, at))
	if at <= 0 || i >= len(sorted)-1 {
		return sorted[min(i, len(sorted)-1)]
	}
	return sorted[i] + (sorted[i+1]-sorted[i])*(at-float64(i))
}
