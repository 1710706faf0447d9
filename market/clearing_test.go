package market

import (
	"fmt"
	"math"
	"testing"
)

var peak = Quote{Buy: 1.17, Sell: 0.35, Fee: 0.02}

// TestPrices checks every rule's price on steps worked out by hand.
func TestPrices(t *testing.T) {
	surplus := []float64{30, 10, -20, -60}   // 40 for 80: half of what is wanted
	abundance := []float64{90, 30, -20, -40} // 120 for 60
	nan := math.NaN()
	for _, x := range []struct {
		name       string
		rule       string
		exchangeKW []float64
		bids       *Bids
		price      float64
		p2pKW      []float64
	}{
		{"half the deficit", "mid-market", surplus, nil, 0.76, []float64{-30, -10, 10, 30}},
		{"twice the deficit", "mid-market", abundance, nil, 0.76, []float64{-45, -15, 20, 40}},
		// 0.35*1.17 / (0.82*0.5 + 0.35)
		{"ratio 0.5", "supply-demand", surplus, nil, 0.5388157894736842, []float64{-30, -10, 10, 30}},
		{"ratio 2 pays the fee at least", "supply-demand", abundance, nil, 0.37, []float64{-45, -15, 20, 40}},
		{"no bids", "double-auction", surplus, nil, 0.76, []float64{-30, -10, 10, 30}},
		// Asks 0.60 (30 kW), 0.90 (10); bids 1.00 (20), 0.80 (60): the dearer seller stays out.
		{"crossing", "double-auction", surplus, &Bids{
			MarginalCostPerKWh: []float64{0.6, 0.9, nan, nan}, MarginalValuePerKWh: []float64{nan, nan, 1, 0.8},
		}, 0.7, []float64{-30, 0, 20, 10}},
		// Nobody meets: every ask is above every bid.
		{"no crossing", "double-auction", surplus, &Bids{
			MarginalCostPerKWh: []float64{1, 1, nan, nan}, MarginalValuePerKWh: []float64{nan, nan, 0.5, 0.4},
		}, 0, []float64{0, 0, 0, 0}},
		// Both sellers ask 0.5 for 120 kW; 60 are wanted at 1.15: they share.
		{"tie", "double-auction", abundance, &Bids{
			MarginalCostPerKWh: []float64{0.5, 0.5, nan, nan},
		}, 0.825, []float64{-45, -15, 20, 40}},
		{"shadow price", "shadow-price", surplus, &Bids{ShadowPricePerKWh: 0.9}, 0.9, []float64{-30, -10, 10, 30}},
		{"shadow price outside the band", "shadow-price", surplus, &Bids{ShadowPricePerKWh: 1.5}, 1.15, []float64{-30, -10, 10, 30}},
		{"no shadow price", "shadow-price", surplus, &Bids{ShadowPricePerKWh: nan}, 0.76, []float64{-30, -10, 10, 30}},
	} {
		var c Clearing
		marketOf(t, Config{Rule: x.rule}).Clear(peak, x.exchangeKW, x.bids, true, &c)
		if math.Abs(c.PricePerKWh-x.price) > 1e-12 {
			t.Errorf("%s, %s: price %v, want %v", x.rule, x.name, c.PricePerKWh, x.price)
		}
		for i, want := range x.p2pKW {
			if math.Abs(c.P2PKW[i]-want) > 1e-12 || math.Abs(c.GridKW[i]+x.exchangeKW[i]+want) > 1e-12 {
				t.Errorf("%s, %s: prosumer %d trades %v, %v with the grid, want %v", x.rule, x.name, i, c.P2PKW[i], c.GridKW[i], want)
			}
		}
	}
}

// TestSupplyDemandBlend checks the published buying price of the
// supply-demand ratio: price * r + buy * (1 - r).
func TestSupplyDemandBlend(t *testing.T) {
	var c Clearing
	marketOf(t, Config{Rule: "supply-demand"}).Clear(peak, []float64{40, -80}, nil, true, &c)
	if want := 0.5388157894736842*0.5 + 1.17*0.5; math.Abs(c.BuyerPricePerKWh-want) > 1e-12 {
		t.Errorf("buyers pay %v on average, want %v", c.BuyerPricePerKWh, want)
	}
}

// TestNoTrade lists the steps in which nothing may be traded.
func TestNoTrade(t *testing.T) {
	for name, x := range map[string]struct {
		quote      Quote
		exchangeKW []float64
		trade      bool
	}{
		"not wanted":    {peak, []float64{10, -10}, false},
		"no room":       {Quote{Buy: 0.38, Sell: 0.35, Fee: 0.02}, []float64{10, -10}, true},
		"all sell":      {peak, []float64{10, 20}, true},
		"all buy":       {peak, []float64{-10, 0}, true},
		"nobody":        {peak, nil, true},
		"all are still": {peak, []float64{0, 0, 0}, true},
	} {
		for _, rule := range Rules() {
			var c Clearing
			marketOf(t, Config{Rule: rule}).Clear(x.quote, x.exchangeKW, nil, x.trade, &c)
			if c.TradedKW != 0 || c.PricePerKWh != 0 {
				t.Errorf("%s, %s: %v kW traded at %v", name, rule, c.TradedKW, c.PricePerKWh)
			}
			for i, want := range x.exchangeKW {
				if c.P2PKW[i] != 0 || c.GridKW[i] != -want || math.Signbit(c.GridKW[i]) && c.GridKW[i] == 0 {
					t.Errorf("%s, %s: prosumer %d trades %v, %v with the grid", name, rule, i, c.P2PKW[i], c.GridKW[i])
				}
			}
		}
	}
}

// TestBandAtItsEdge trades where the band is one price: nobody gains, nobody loses.
func TestBandAtItsEdge(t *testing.T) {
	q := Quote{Buy: 0.5, Sell: 0.25, Fee: 0.125}
	var c Clearing
	for _, rule := range Rules() {
		marketOf(t, Config{Rule: rule}).Clear(q, []float64{8, -8}, nil, true, &c)
		if c.TradedKW != 8 || c.PricePerKWh != 0.375 {
			t.Errorf("%s: %v kW at %v, want 8 at 0.375", rule, c.TradedKW, c.PricePerKWh)
		}
		bills := Settle(q, &c, 1, nil)
		for i, b := range bills {
			if b.TotalMilli != b.AloneMilli {
				t.Errorf("%s: prosumer %d pays %d, alone %d", rule, i, b.TotalMilli, b.AloneMilli)
			}
		}
	}
}

func TestClearDoesNotAllocate(t *testing.T) {
	exchangeKW, bids := community20()
	for _, rule := range Rules() {
		m := marketOf(t, Config{Rule: rule})
		var c Clearing
		m.Clear(peak, exchangeKW, bids, true, &c)
		if n := testing.AllocsPerRun(100, func() { m.Clear(peak, exchangeKW, bids, true, &c) }); n != 0 {
			t.Errorf("%s: %v allocations", rule, n)
		}
	}
}

func community20() ([]float64, *Bids) {
	exchangeKW := make([]float64, 20)
	bids := &Bids{MarginalCostPerKWh: make([]float64, 20), MarginalValuePerKWh: make([]float64, 20), ShadowPricePerKWh: 0.6}
	for i := range exchangeKW {
		exchangeKW[i] = 100 * math.Sin(float64(i))
		bids.MarginalCostPerKWh[i] = 0.5 + 0.4*math.Sin(7*float64(i))
		bids.MarginalValuePerKWh[i] = 0.9 + 0.3*math.Cos(5*float64(i))
	}
	return exchangeKW, bids
}

func BenchmarkClear20(b *testing.B) {
	exchangeKW, bids := community20()
	for _, rule := range Rules() {
		m := marketOf(b, Config{Rule: rule})
		b.Run(rule, func(b *testing.B) {
			var c Clearing
			b.ReportAllocs()
			for b.Loop() {
				m.Clear(peak, exchangeKW, bids, true, &c)
			}
		})
	}
}

// Three neighbours in one step: 30 kW of sun meet 40 kW of demand.
func ExampleMarket_Clear() {
	m, err := New(DefaultConfig(), flatYear)
	if err != nil {
		fmt.Println(err)
		return
	}
	const noon = 48
	var c Clearing
	q := m.Quote(0, noon)
	m.Clear(q, []float64{30, -10, -30}, nil, true, &c)
	fmt.Printf("%.1f kW at %.3f CNY/kWh\n", c.TradedKW, c.PricePerKWh)
	for i := range c.P2PKW {
		grid, p2p := Charge(q, &c, i, 0.25)
		fmt.Printf("peers %.1f kW, grid %.1f kW: pays %.3f\n", c.P2PKW[i], c.GridKW[i], grid+p2p)
	}
	// Output:
	// 30.0 kW at 0.575 CNY/kWh
	// peers -30.0 kW, grid 0.0 kW: pays -4.162
	// peers 7.5 kW, grid 2.5 kW: pays 1.616
	// peers 22.5 kW, grid 7.5 kW: pays 4.847
}
