package market

import (
	"fmt"

	"github.com/peerwatt/peerwatt/profile"
)

// cnyTimeOfUse is a Chinese time-of-use tariff for industry and commerce in
// CNY per kWh, with a flat feed-in price. Its hours are those of the day in
// UTC+1, as all steps are.
type cnyTimeOfUse struct{ sell float64 }

const (
	cnyValley = 0.43 // 23:00 - 07:00
	cnyFlat   = 0.80
	cnyPeak   = 1.17 // 08:30 - 11:30, 16:00 - 21:00
)

func newCNYTimeOfUse(c Config, _ *profile.Year) (Tariff, error) {
	if c.PricesCSV != "" {
		return nil, fmt.Errorf("market: prices_csv: cny-tou has prices of its own (want tariff eur-belgium beside %s)", c.PricesCSV)
	}
	if c.SellPerKWh > cnyValley {
		return nil, fmt.Errorf("market: sell: %v is above %v, the lowest price that cny-tou asks (energy would be bought only to sell it)", c.SellPerKWh, cnyValley)
	}
	return cnyTimeOfUse{c.SellPerKWh}, nil
}

func (cnyTimeOfUse) Currency() string { return "CNY" }
func (cnyTimeOfUse) Notes() []string  { return nil }

func (t cnyTimeOfUse) Prices(int) (buy, sell [profile.StepsPerDay]float64) {
	for step := range buy {
		hour := float64(step) * profile.StepHours
		switch {
		case hour < 7 || hour >= 23:
			buy[step] = cnyValley
		case hour >= 8.5 && hour < 11.5 || hour >= 16 && hour < 21:
			buy[step] = cnyPeak
		default:
			buy[step] = cnyFlat
		}
		sell[step] = t.sell
	}
	return buy, sell
}
