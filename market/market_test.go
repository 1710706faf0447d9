package market

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/peerwatt/peerwatt/profile"
)

// TestCNYHours holds the time-of-use tariff to its hours, to the quarter.
func TestCNYHours(t *testing.T) {
	m := marketOf(t, DefaultConfig())
	at := func(clock string) int {
		h, q, _ := strings.Cut(clock, ":")
		hours, quarter := int(h[0]-'0')*10+int(h[1]-'0'), map[string]int{"00": 0, "15": 1, "30": 2, "45": 3}[q]
		return 4*hours + quarter
	}
	for _, x := range []struct {
		first, last string
		buy         float64
	}{
		{"00:00", "06:45", 0.43}, {"07:00", "08:15", 0.80}, {"08:30", "11:15", 1.17}, {"11:30", "15:45", 0.80},
		{"16:00", "20:45", 1.17}, {"21:00", "22:45", 0.80}, {"23:00", "23:45", 0.43},
	} {
		for step := at(x.first); step <= at(x.last); step++ {
			if q := m.Quote(0, step); q.Buy != x.buy || q.Sell != 0.35 || q.Fee != 0.02 {
				t.Errorf("step %d (%s to %s): %+v, want to buy at %v", step, x.first, x.last, q, x.buy)
			}
		}
	}
	if m.LowestBuy(0) != 0.43 || m.Currency() != "CNY" {
		t.Errorf("lowest price %v %s", m.LowestBuy(0), m.Currency())
	}
}

// TestEURBelgium checks both prices against the day-ahead price, and that a
// negative one does not turn stored energy into a burden.
func TestEURBelgium(t *testing.T) {
	y := *flatYear
	y.PriceEURPerKWh = make([]float64, profile.StepsPerDay)
	y.PriceEURPerKWh[10] = 0.1
	y.PriceEURPerKWh[11] = -0.2
	m, err := New(Config{Tariff: "eur-belgium"}, &y)
	if err != nil {
		t.Fatal(err)
	}
	if q := m.Quote(0, 10); math.Abs(q.Buy-0.23173) > 1e-12 || math.Abs(q.Sell-0.09095) > 1e-12 {
		t.Errorf("at 0.1 EUR/kWh: %+v", q)
	}
	if q := m.Quote(0, 11); math.Abs(q.Buy+0.08627) > 1e-12 || math.Abs(q.Sell+0.20905) > 1e-12 {
		t.Errorf("at -0.2 EUR/kWh: %+v", q)
	}
	if m.LowestBuy(0) != 0 || m.Currency() != "EUR" || m.Notes() != nil {
		t.Errorf("lowest %v %s, notes %v", m.LowestBuy(0), m.Currency(), m.Notes())
	}
}

// TestSubstituteDayAhead checks that the built-in year, which has no prices,
// gets labelled ones at the level that it claims.
func TestSubstituteDayAhead(t *testing.T) {
	y, err := profile.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(Config{Tariff: "eur-belgium"}, y)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Notes()) != 1 {
		t.Errorf("notes %q: want one that labels the prices", m.Notes())
	}
	total, squares, n := 0.0, 0.0, 0.0
	night, evening := 0.0, 0.0
	for day := range y.Days() {
		for step := range profile.StepsPerDay {
			p := m.Quote(day, step).Sell + injectionReducer
			total += p
			squares += p * p
			n++
		}
		night += m.Quote(day, 14).Sell
		evening += m.Quote(day, 74).Sell
	}
	mean := total / n
	if std := math.Sqrt(squares/n - mean*mean); math.Abs(mean-meanDayAhead) > 1e-3 || math.Abs(std-stdDayAhead) > 1e-3 {
		t.Errorf("mean %v, standard deviation %v", mean, std)
	}
	if night >= evening {
		t.Errorf("nights cost %v, evenings %v on average", night/365, evening/365)
	}
}

// TestOwnPrices reads day-ahead prices of one's own, here hourly.
func TestOwnPrices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prices.csv")
	text := "datetime_utc,price_eur_per_kwh\n"
	for hour := range 24 {
		text += fmt.Sprintf("2021-01-01T%02d:00:00Z,%v\n", hour, 0.01*float64(hour))
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	y := *flatYear
	y.Start = time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	m, err := New(Config{Tariff: "eur-belgium", PricesCSV: path}, &y)
	if err != nil {
		t.Fatal(err)
	}
	if q := m.Quote(0, 4*7+3); math.Abs(q.Sell-(0.07-0.00905)) > 1e-12 {
		t.Errorf("at 07:45 the grid pays %v, want 0.07 less the margin", q.Sell)
	}
	if _, err := New(Config{Tariff: "cny-tou", PricesCSV: path}, &y); err == nil || !strings.Contains(err.Error(), "want tariff eur-belgium") {
		t.Errorf("error %v", err)
	}
	if _, err := New(Config{Tariff: "eur-belgium", PricesCSV: "nowhere.csv"}, &y); err == nil || !strings.Contains(err.Error(), "nowhere.csv") {
		t.Errorf("error %v", err)
	}
}

// TestDayAheadRefused refuses prices that somebody forgot to divide, and negative
// ones so deep that selling would cost less than buying brings.
func TestDayAheadRefused(t *testing.T) {
	y := *flatYear
	for price, want := range map[float64]string{
		45:         "market: the day-ahead price at 0001-01-01T00:45:00Z is 45 EUR/kWh: want at most 5 either way (prices per MWh are a thousand times those per kWh)",
		math.NaN(): "market: the day-ahead price at 0001-01-01T00:45:00Z is NaN EUR/kWh: want at most 5 either way (prices per MWh are a thousand times those per kWh)",
		-3:         "market: at 0001-01-01T00:45:00Z the grid pays -3.00905 and asks -3.05427 per kWh (want sell <= buy, or energy would be bought only to sell it)",
	} {
		y.PriceEURPerKWh = make([]float64, profile.StepsPerDay)
		y.PriceEURPerKWh[3] = price
		if _, err := New(Config{Tariff: "eur-belgium"}, &y); err == nil || err.Error() != want {
			t.Errorf("%v:\n got %v\nwant %s", price, err, want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for want, c := range map[string]Config{
		`market: rule: there is no "auction" (want mid-market, supply-demand, double-auction, shadow-price)`:           {Rule: "auction"},
		`market: tariff: there is no "usd" (want cny-tou, eur-belgium)`:                                                {Tariff: "usd"},
		`market: fee: -0.01 is no fee per kWh (want a number from 0, such as 0.02)`:                                    {FeePerKWh: -0.01},
		`market: fee: NaN is no fee per kWh (want a number from 0, such as 0.02)`:                                      {FeePerKWh: math.NaN()},
		`market: sell: 350 is no price per kWh (want a number such as 0.35)`:                                           {SellPerKWh: 350},
		`market: sell: 0.5 is above 0.43, the lowest price that cny-tou asks (energy would be bought only to sell it)`: {SellPerKWh: 0.5},
	} {
		if _, err := New(c, flatYear); err == nil || err.Error() != want {
			t.Errorf("%+v:\n got %v\nwant %s", c, err, want)
		}
	}
}
