package market

// supplyDemand lets the price fall from what the grid asks to what it pays as
// the ratio of supply to demand rises to one (Liu, Yu, Wang, Li, Ma, Lei,
// "Energy-sharing model with price-based demand response for microgrids of
// peer-to-peer prosumers", IEEE Transactions on Power Systems 32(5), 2017).
// Only the selling price of that model is a price among peers here; the
// blended buying price is reported as [Clearing.BuyerPricePerKWh].
func supplyDemand(q Quote, exchangeKW []float64, _ *Bids, out *Clearing) float64 {
	out.matchProRata(exchangeKW)
	ratio := out.SurplusKW / out.DeficitKW
	if ratio > 1 {
		return q.Sell
	}
	// A price of the grid at or below zero leaves nothing to divide by.
	if denominator := (q.Buy-q.Sell)*ratio + q.Sell; denominator > 0 {
		return q.Sell * q.Buy / denominator
	}
	return q.Sell
}
