package market

import (
	"flag"
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/peerwatt/peerwatt/profile"
)

// casesPerRule is what the design asks for: random steps of a community on
// which the invariants hold under every price rule.
const casesPerRule = 100_000

// TestInvariants holds every rule to what a market among peers promises, on
// random steps with zeros, ties, single sides and bands without room.
func TestInvariants(t *testing.T) {
	setChecks(t, casesPerRule)
	markets := map[string]*Market{}
	for _, rule := range Rules() {
		markets[rule] = marketOf(t, Config{Rule: rule})
	}
	var out Clearing
	var bills []Bill
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawStep(t)
		for rule, m := range markets {
			m.Clear(s.quote, s.exchangeKW, s.bids, s.trade, &out)
			bills = Settle(s.quote, &out, s.hours, bills)
			checkClearing(t, rule, s, &out)
			checkCharges(t, rule, s, &out)
			checkBills(t, rule, s, &out, bills)
		}
		seen[kindOf(s, &out)]++
	})
	for _, kind := range []string{"no trade wanted", "no room", "single side", "traded"} {
		if seen[kind] < casesPerRule/100 {
			t.Errorf("only %d of the random steps are of the kind %q", seen[kind], kind)
		}
	}
}

// step is one random input of Clear.
type step struct {
	quote      Quote
	exchangeKW []float64
	bids       *Bids
	trade      bool
	hours      float64
}

func drawStep(t *rapid.T) step {
	// Few different values make ties and zeros common; the wide ones are not
	// whole Wh.
	power := rapid.OneOf(
		rapid.Map(rapid.IntRange(-3, 3), func(k int) float64 { return 50 * float64(k) }),
		rapid.Float64Range(-1e-3, 1e-3),
		rapid.Float64Range(-2000, 2000),
		rapid.Float64Range(-1e5, 1e5),
	)
	price := rapid.OneOf(
		rapid.Map(rapid.IntRange(-5, 30), func(k int) float64 { return 0.05 * float64(k) }),
		// Halves of a millionth, which settlement rounds.
		rapid.Map(rapid.IntRange(0, 30), func(k int) float64 { return 0.05*float64(k) + 5e-7 }),
		rapid.Float64Range(-0.1, 2),
	)
	s := step{
		exchangeKW: rapid.SliceOfN(power, 0, 12).Draw(t, "exchange_kw"),
		trade:      rapid.IntRange(0, 9).Draw(t, "trade") > 0,
		hours:      rapid.SampledFrom([]float64{0.25, 1}).Draw(t, "hours"),
	}
	a, b := price.Draw(t, "price"), price.Draw(t, "price")
	s.quote = Quote{Buy: max(a, b), Sell: min(a, b), Fee: rapid.SampledFrom([]float64{0, 0.02, 0.0200005, 0.025, 0.1}).Draw(t, "fee")}
	if rapid.Bool().Draw(t, "with_bids") {
		known := rapid.OneOf(price, rapid.Just(math.NaN()))
		values := rapid.SliceOfN(known, len(s.exchangeKW), len(s.exchangeKW))
		s.bids = &Bids{
			MarginalCostPerKWh:  values.Draw(t, "cost"),
			MarginalValuePerKWh: values.Draw(t, "value"),
			ShadowPricePerKWh:   known.Draw(t, "shadow"),
		}
	}
	return s
}

func kindOf(s step, c *Clearing) string {
	_, _, room := s.quote.Band()
	switch {
	case !s.trade:
		return "no trade wanted"
	case !room:
		return "no room"
	case c.SurplusKW == 0 || c.DeficitKW == 0:
		return "single side"
	}
	return "traded"
}

// slack is what double precision may lose of a sum of so much power.
func slack(kW float64) float64 { return 1e-12 * (1 + kW) }

func checkClearing(t *rapid.T, rule string, s step, c *Clearing) {
	total, bought, turnover := 0.0, 0.0, 0.0
	for i, x := range s.exchangeKW {
		p, g := c.P2PKW[i], c.GridKW[i]
		total += p
		bought += max(p, 0)
		turnover += math.Abs(x)
		if math.Abs(x+g+p) > slack(math.Abs(x)) {
			t.Fatalf("%s: prosumer %d exchanges %v, yet trades %v and %v with the grid", rule, i, x, p, g)
		}
		if p*x > 0 || g*x > slack(math.Abs(x)) || math.Abs(p) > math.Abs(x) {
			t.Fatalf("%s: prosumer %d exchanges %v and trades %v, %v with the grid: more than it has", rule, i, x, p, g)
		}
	}
	if math.Abs(total) > slack(turnover) {
		t.Fatalf("%s: trades sum to %v kW, not 0", rule, total)
	}
	if math.Abs(bought-c.TradedKW) > slack(turnover) {
		t.Fatalf("%s: %v kW are bought, %v reported", rule, bought, c.TradedKW)
	}
	lo, hi, room := s.quote.Band()
	if c.TradedKW > 0 && !(room && s.trade && lo <= c.PricePerKWh && c.PricePerKWh <= hi) {
		t.Fatalf("%s: traded at %v outside [%v, %v]", rule, c.PricePerKWh, lo, hi)
	}
	if rule != "double-auction" && room && s.trade && c.TradedKW != min(c.SurplusKW, c.DeficitKW) {
		t.Fatalf("%s: %v kW traded of a surplus of %v and a deficit of %v", rule, c.TradedKW, c.SurplusKW, c.DeficitKW)
	}
}

// checkCharges compares every prosumer's costs (15) and (19) with the grid alone.
func checkCharges(t *rapid.T, rule string, s step, c *Clearing) {
	for i, x := range s.exchangeKW {
		before := -s.quote.Buy * x * s.hours
		if x > 0 {
			before = -s.quote.Sell * x * s.hours
		}
		grid, p2p := Charge(s.quote, c, i, s.hours)
		if grid+p2p > before+1e-12*(1+math.Abs(x)) {
			t.Fatalf("%s: prosumer %d pays %v with trade, %v with the grid alone", rule, i, grid+p2p, before)
		}
	}
}

// checkBills holds the settlement to its promises, all of them exactly.
func checkBills(t *rapid.T, rule string, s step, c *Clearing, bills []Bill) {
	var sum Bill
	for i, b := range bills {
		sum.Add(b)
		if b.ExchangeWh != -b.GridWh-b.P2PWh {
			t.Fatalf("%s: prosumer %d: energy in is not energy out: %+v", rule, i, b)
		}
		if b.P2PWh*b.ExchangeWh > 0 || b.GridWh*b.ExchangeWh > 0 {
			t.Fatalf("%s: prosumer %d trades more than was metered: %+v", rule, i, b)
		}
		if math.Abs(float64(b.ExchangeWh)-s.exchangeKW[i]*s.hours*1e3) > 0.5+1e-6 {
			t.Fatalf("%s: prosumer %d injects %v kW for %v h, metered as %d Wh", rule, i, s.exchangeKW[i], s.hours, b.ExchangeWh)
		}
		if c.TradedKW > 0 && math.Abs(float64(b.P2PWh)-c.P2PKW[i]*s.hours*1e3) > 1+float64(len(bills)) {
			t.Fatalf("%s: prosumer %d trades %v kW for %v h, billed as %d Wh", rule, i, c.P2PKW[i], s.hours, b.P2PWh)
		}
		if b.TotalMilli != b.GridMilli+b.P2PMilli+b.FeeMilli+b.RoundingMilli || max(b.RoundingMilli, -b.RoundingMilli) > 2 {
			t.Fatalf("%s: prosumer %d: the bill does not add up: %+v", rule, i, b)
		}
		if b.TotalMilli > b.AloneMilli {
			t.Fatalf("%s: prosumer %d is worse off than with the grid alone: %+v", rule, i, b)
		}
		if b.FeeMilli < 0 {
			t.Fatalf("%s: prosumer %d is paid a fee: %+v", rule, i, b)
		}
		if exact := float64(b.P2PWh) * c.PricePerKWh; math.Abs(float64(b.P2PMilli)-exact) > 1+1e-3*math.Abs(float64(b.P2PWh))+1e-6 {
			t.Fatalf("%s: prosumer %d pays %d milli-units for %d Wh at %v", rule, i, b.P2PMilli, b.P2PWh, c.PricePerKWh)
		}
	}
	if sum.P2PWh != 0 || sum.P2PMilli != 0 {
		t.Fatalf("%s: trades sum to %d Wh and %d milli-units, not 0", rule, sum.P2PWh, sum.P2PMilli)
	}
	if sum.ExchangeWh != -sum.GridWh {
		t.Fatalf("%s: the community injects %d Wh and takes %d from the grid", rule, sum.ExchangeWh, sum.GridWh)
	}
	if sum.TotalMilli != sum.GridMilli+sum.FeeMilli+sum.RoundingMilli {
		t.Fatalf("%s: the community's bills do not add up: %+v", rule, sum)
	}
}

// flatYear is a year of one day without weather, for markets in tests.
var flatYear = &profile.Year{
	Name: "flat", Load: profile.Track{Actual: make([]float64, profile.StepsPerDay)},
}

func marketOf(t interface {
	Helper()
	Fatal(...any)
}, c Config) *Market {
	t.Helper()
	m, err := New(c, flatYear)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// setChecks sets how many cases rapid draws in this test.
func setChecks(t *testing.T, n int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	before := f.Value.String()
	if err := f.Value.Set(strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Value.Set(before) })
}
