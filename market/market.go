package market

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/peerwatt/peerwatt/profile"
)

// Config chooses a market. The names in YAML and JSON are those of the tags.
type Config struct {
	Tariff string `json:"tariff"` // a name of [Tariffs]; empty: "cny-tou"
	Rule   string `json:"rule"`   // a name of [Rules]; empty: "mid-market"
	// FeePerKWh is what the network operator charges each side of a trade.
	FeePerKWh float64 `json:"fee"`
	// SellPerKWh is the flat feed-in price of cny-tou; other tariffs have their
	// own.
	SellPerKWh float64 `json:"sell"`
	// PricesCSV names a file with day-ahead prices of your own for
	// eur-belgium, in the column price_eur_per_kwh: see [profile.ReadSeries].
	PricesCSV string `json:"prices_csv,omitempty"`
}

// DefaultConfig returns the market that a run uses unless told otherwise.
func DefaultConfig() Config {
	return Config{Tariff: "cny-tou", Rule: "mid-market", FeePerKWh: 0.02, SellPerKWh: 0.35}
}

// Market is a tariff and a price rule over the days of a year. It is read-only
// and may be shared between goroutines.
type Market struct {
	config   Config
	currency string
	notes    []string
	clear    rule
	days     []prices
}

// prices are those of the grid for the steps of one day.
type prices struct{ buy, sell [profile.StepsPerDay]float64 }

// New makes the market that c describes for the days of y. Its errors name the
// field of c that is wrong.
func New(c Config, y *profile.Year) (*Market, error) {
	c.Tariff = cmp.Or(c.Tariff, "cny-tou")
	c.Rule = cmp.Or(c.Rule, "mid-market")
	if !(c.FeePerKWh >= 0 && c.FeePerKWh <= maxPrice) {
		return nil, fmt.Errorf("market: fee: %v is no fee per kWh (want a number from 0, such as 0.02)", c.FeePerKWh)
	}
	if !(math.Abs(c.SellPerKWh) <= maxPrice) {
		return nil, fmt.Errorf("market: sell: %v is no price per kWh (want a number such as 0.35)", c.SellPerKWh)
	}
	m := &Market{config: c, days: make([]prices, y.Days())}
	for _, r := range rules {
		if r.name == c.Rule {
			m.clear = r.clear
		}
	}
	if m.clear == nil {
		return nil, fmt.Errorf("market: rule: there is no %q (want %s)", c.Rule, strings.Join(Rules(), ", "))
	}
	tariff, err := newTariff(c, y)
	if err != nil {
		return nil, err
	}
	m.currency, m.notes = tariff.Currency(), tariff.Notes()
	for day := range m.days {
		p := &m.days[day]
		p.buy, p.sell = tariff.Prices(day)
		for step := range p.buy {
			if buy, sell := p.buy[step], p.sell[step]; !(sell <= buy) {
				at := y.Date(day).Add(time.Duration(step) * 15 * time.Minute)
				return nil, fmt.Errorf("market: at %s the grid pays %.6g and asks %.6g per kWh (want sell <= buy, or energy would be bought only to sell it)",
					at.Format(time.RFC3339), sell, buy)
			}
		}
	}
	return m, nil
}

// maxPrice bounds prices per kWh in either direction: above it somebody wrote
// a price per MWh.
const maxPrice = 100

// Config returns the market's configuration with its defaults filled in.
func (m *Market) Config() Config { return m.config }

// Currency returns the unit of money: "CNY" or "EUR".
func (m *Market) Currency() string { return m.currency }

// Notes label what was synthesised, such as prices that the year lacks. Every
// output made of the market repeats them.
func (m *Market) Notes() []string { return m.notes }

// UsesBids tells whether the price rule looks at [Bids]; the others may be
// given nil.
func (m *Market) UsesBids() bool {
	return m.config.Rule == "double-auction" || m.config.Rule == "shadow-price"
}

// Quote returns the prices of a step of a day of the year.
func (m *Market) Quote(day, step int) Quote {
	p := &m.days[day]
	return Quote{Buy: p.buy[step], Sell: p.sell[step], Fee: m.config.FeePerKWh}
}

// LowestBuy returns the lowest buy price of a day, not below zero: what energy
// left in a battery at its end is worth.
func (m *Market) LowestBuy(day int) float64 {
	lowest := math.Inf(1)
	for _, v := range m.days[day].buy {
		lowest = min(lowest, v)
	}
	return max(0, lowest)
}

// Quote is what energy costs in one step, in money per kWh.
type Quote struct {
	Buy, Sell float64 // from and to the grid
	Fee       float64 // to the network operator, on each side of a trade
}

// Band returns the interval of prices at which a trade leaves neither side
// worse off than the grid does, and whether there is any.
func (q Quote) Band() (lo, hi float64, ok bool) {
	lo, hi = q.Sell+q.Fee, q.Buy-q.Fee
	return lo, hi, lo <= hi
}
