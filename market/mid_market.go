package market

// midMarket halves the gain: the price is the mean of what the grid asks and
// pays (Long, Wu, Zhang, Cheng, "Peer-to-peer energy trading in a community
// microgrid", IEEE PES General Meeting 2017).
func midMarket(q Quote, exchangeKW []float64, _ *Bids, out *Clearing) float64 {
	out.matchProRata(exchangeKW)
	return (q.Buy + q.Sell) / 2
}
