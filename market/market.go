package market

// Config chooses a market. The names in YAML and JSON are those of the tags.
type Config struct {
	Tariff string `json:"tariff"` // "cny-tou" or "eur-belgium"
	Rule   string `json:"rule"`   // "mid-market", "supply-demand", "double-auction", "shadow-price"
	// FeePerKWh is what the network operator charges each side of a trade.
	FeePerKWh float64 `json:"fee"`
	// SellPerKWh is the flat feed-in price of cny-tou.
	SellPerKWh float64 `json:"sell"`
	// PricesCSV names a file with prices of your own, which replace the
	// tariff's.
	PricesCSV string `json:"prices_csv,omitempty"`
}

// Quote is what energy costs in one step, in money per kWh.
type Quote struct {
	Buy, Sell float64 // from and to the grid
	Fee       float64 // to the network operator, on each side of a trade
}

// Bids is what the two rules that need it know beyond quantities. A nil slice
// or a NaN is unknown: the grid's prices then stand in.
type Bids struct {
	MarginalCostPerKWh  []float64 // what a seller's last kWh costs it
	MarginalValuePerKWh []float64 // what a buyer's last kWh is worth to it
	// ShadowPricePerKWh is the dual of the balance row of a joint optimum.
	ShadowPricePerKWh float64
}

// Clearing is the outcome of one step; one value per prosumer in its slices.
// ExchangeKW = -GridKW - P2PKW, eq. (9).
type Clearing struct {
	P2PKW  []float64 // > 0 buys from peers
	GridKW []float64 // > 0 buys from the grid

	PricePerKWh float64 // among peers; 0 where nothing is traded
	TradedKW    float64
	SurplusKW   float64 // of all who inject
	DeficitKW   float64 // of all who take
	// BuyerPricePerKWh is what buyers pay on average, grid and fee included.
	BuyerPricePerKWh float64
}
