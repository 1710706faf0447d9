package market

// Bids is what two of the rules know beyond quantities; see
// [Market.UsesBids]. Where a slice is nil or a value is NaN, the grid's prices
// stand in.
type Bids struct {
	MarginalCostPerKWh  []float64 // per prosumer: what its last kWh costs it
	MarginalValuePerKWh []float64 // per prosumer: what its last kWh is worth to it
	ShadowPricePerKWh   float64   // dual of the balance row of a joint optimum
}

// Clearing is the outcome of one step; one value per prosumer in its slices.
// ExchangeKW = -GridKW - P2PKW, eq. (9), and P2PKW sums to zero, hence eq. (20).
type Clearing struct {
	P2PKW  []float64 // > 0 buys from peers
	GridKW []float64 // > 0 buys from the grid

	PricePerKWh float64 // among peers; 0 where nothing is traded
	TradedKW    float64
	SurplusKW   float64 // of all who inject
	DeficitKW   float64 // of all who take
	// BuyerPricePerKWh is what a kWh costs those who take on average, from
	// peers and the grid, without fees: the blended price of the
	// supply-demand ratio. 0 where nobody takes. No bill uses it.
	BuyerPricePerKWh float64

	sellers, buyers []order // scratch of the double auction
}

// Clear matches the surplus of one step with its deficit and prices the trade:
// exchangeKW is what every prosumer injects (> 0) or takes. The shorter side
// trades everything, the longer one in proportion, the rest goes to the grid;
// a double auction may match less. There is no trade where trade is false or
// where the quote leaves no room for gain (buy - sell < 2 fee).
//
// bids may be nil; see [Market.UsesBids]. out is overwritten, and its slices
// are reused where they are large enough: a repeated call does not allocate.
func (m *Market) Clear(q Quote, exchangeKW []float64, bids *Bids, trade bool, out *Clearing) {
	out.reset(exchangeKW)
	lo, hi, room := q.Band()
	if trade && room && out.SurplusKW > 0 && out.DeficitKW > 0 {
		price := m.clear(q, exchangeKW, bids, out)
		out.PricePerKWh = min(max(price, lo), hi)
	}
	if out.TradedKW == 0 {
		out.PricePerKWh = 0
	}
	for i, x := range exchangeKW {
		out.GridKW[i] = 0 - x - out.P2PKW[i] // no negative zeros
	}
	if out.DeficitKW > 0 {
		out.BuyerPricePerKWh = q.Buy + (out.PricePerKWh-q.Buy)*(out.TradedKW/out.DeficitKW)
	}
}

// reset clears out for as many prosumers as exchangeKW has, and sums both sides.
func (out *Clearing) reset(exchangeKW []float64) {
	n := len(exchangeKW)
	*out = Clearing{
		P2PKW: resized(out.P2PKW, n), GridKW: resized(out.GridKW, n),
		sellers: out.sellers[:0], buyers: out.buyers[:0],
	}
	clear(out.P2PKW)
	for _, x := range exchangeKW {
		if x > 0 {
			out.SurplusKW += x
		} else {
			out.DeficitKW -= x
		}
	}
}

func resized(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}

// matchProRata trades min(surplus, deficit): all of the shorter side, the
// longer one in proportion.
func (out *Clearing) matchProRata(exchangeKW []float64) {
	out.TradedKW = min(out.SurplusKW, out.DeficitKW)
	selling, buying := out.TradedKW/out.SurplusKW, out.TradedKW/out.DeficitKW
	for i, x := range exchangeKW {
		switch {
		case x > 0:
			out.P2PKW[i] = -x * selling
		case x < 0:
			out.P2PKW[i] = -x * buying
		}
	}
}

// Charge returns what prosumer i pays for a step of so many hours: to or from
// the grid, eq. (15), and among peers with the operator's fee, eq. (19).
func Charge(q Quote, c *Clearing, i int, hours float64) (grid, p2p float64) {
	g, p := c.GridKW[i]*hours, c.P2PKW[i]*hours
	if g >= 0 {
		grid = q.Buy * g
	} else {
		grid = q.Sell * g
	}
	return grid, q.Fee*max(p, -p) + c.PricePerKWh*p
}
