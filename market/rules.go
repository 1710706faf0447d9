package market

// rule matches one step in which both sides want to trade and the quote leaves
// room for gain: it fills out.P2PKW and out.TradedKW and returns the price per
// kWh, which [Market.Clear] clamps to the band.
type rule func(q Quote, exchangeKW []float64, bids *Bids, out *Clearing) float64

// rules are all there are. A new one is a file and a line here.
var rules = []struct {
	name  string
	clear rule
}{
	{"mid-market", midMarket},
	{"supply-demand", supplyDemand},
	{"double-auction", doubleAuction},
	{"shadow-price", shadowPrice},
}

// Rules lists the names of the price rules, the default first.
func Rules() []string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.name
	}
	return names
}
