package market

import "math"

// shadowPrice takes the dual of the balance row of a joint optimum, which the
// caller gives; the mid-market rate where it gives none.
func shadowPrice(q Quote, exchangeKW []float64, bids *Bids, out *Clearing) float64 {
	if bids == nil || math.IsNaN(bids.ShadowPricePerKWh) {
		return midMarket(q, exchangeKW, bids, out)
	}
	out.matchProRata(exchangeKW)
	return bids.ShadowPricePerKWh
}
