package market

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/stat"

	"github.com/peerwatt/peerwatt/profile"
)

// eurBelgium is a Belgian dynamic tariff in EUR per kWh: the day-ahead price
// with taxes, levies and the retailer's margin on offtake, less its margin on
// injection.
type eurBelgium struct {
	dayAhead []float64
	notes    []string
}

const (
	offtakeFactor    = 1.06
	offtakeAdder     = 0.12573
	injectionReducer = 0.00905
)

func newEURBelgium(c Config, y *profile.Year) (Tariff, error) {
	t := eurBelgium{dayAhead: y.PriceEURPerKWh}
	switch {
	case c.PricesCSV != "":
		own, err := profile.ReadSeries(c.PricesCSV, y)
		if err != nil {
			return nil, fmt.Errorf("market: prices_csv: %w", err)
		}
		if own.PriceEURPerKWh == nil {
			return nil, fmt.Errorf("market: prices_csv: %s has no column price_eur_per_kwh", c.PricesCSV)
		}
		t.dayAhead = own.PriceEURPerKWh
	case y.PriceEURPerKWh == nil:
		t.dayAhead = substituteDayAhead(y)
		t.notes = []string{fmt.Sprintf("day-ahead prices: the year has none; they follow the residual load (mean %v, standard deviation %v EUR/kWh, not below 0)", meanDayAhead, stdDayAhead)}
	}
	for i, p := range t.dayAhead {
		if !(math.Abs(p) <= highestDayAhead) {
			at := y.Start.Add(time.Duration(i) * 15 * time.Minute)
			return nil, fmt.Errorf("market: the day-ahead price at %s is %v EUR/kWh: want at most %v either way (prices per MWh are a thousand times those per kWh)",
				at.UTC().Format(time.RFC3339), p, highestDayAhead)
		}
	}
	return t, nil
}

// highestDayAhead is the most, in EUR/kWh, that Europe's day-ahead auction has
// ever admitted, rounded up.
const highestDayAhead = 5

func (eurBelgium) Currency() string  { return "EUR" }
func (t eurBelgium) Notes() []string { return t.notes }

func (t eurBelgium) Prices(day int) (buy, sell [profile.StepsPerDay]float64) {
	for step := range buy {
		p := t.dayAhead[day*profile.StepsPerDay+step]
		buy[step] = offtakeFactor*p + offtakeAdder
		sell[step] = p - injectionReducer
	}
	return buy, sell
}

// Installed capacities of Belgium around 2015 as shares of its peak load of
// some 13 GW, and the level of its day-ahead prices then.
const (
	solarShare    = 0.23
	onshoreShare  = 0.11
	offshoreShare = 0.05
	meanDayAhead  = 0.045 // EUR/kWh
	stdDayAhead   = 0.015
)

// substituteDayAhead stands in for the day-ahead prices that a year lacks:
// linear in the residual load (load less sun and wind) as forecast the day
// before, which is what the auction clears on.
func substituteDayAhead(y *profile.Year) []float64 {
	load, solar := ahead(y.Load), ahead(y.Solar)
	onshore, offshore := ahead(y.WindOnshore), ahead(y.WindOffshore)
	price := make([]float64, len(load))
	for t := range price {
		price[t] = load[t] - solarShare*solar[t] - onshoreShare*onshore[t] - offshoreShare*offshore[t]
	}
	mean, std := stat.MeanStdDev(price, nil)
	for t, residual := range price {
		price[t] = max(0, meanDayAhead+stdDayAhead*(residual-mean)/std)
	}
	return price
}

// ahead returns what was known of a track the day before, or what happened
// where nothing was.
func ahead(t profile.Track) []float64 {
	if t.Forecast != nil {
		return t.Forecast
	}
	return t.Actual
}
