package reference

import "github.com/peerwatt/peerwatt/convex"

// Prices are what energy costs over the steps ahead, as parameters that the
// models of a community share.
type Prices struct {
	Steps int

	buy, sell *convex.Expr // λ_B, λ_S per kWh and step
	fee       *convex.Expr // λ_DSO per kWh, on each side of a trade
	stored    *convex.Expr // per kWh left in a battery at the end
}

// NewPrices makes the prices of a horizon of steps (at least one).
func NewPrices(steps int) *Prices {
	s := scope{steps: steps}
	return &Prices{
		Steps: steps,
		buy:   s.parameter("lambda_B"), sell: s.parameter("lambda_S"),
		fee: s.number("lambda_DSO"), stored: s.number("lambda_stored"),
	}
}

// Trade is what a prosumer exchanges with the grid and with its peers, each
// split into buying and selling: as the grid asks at least what it pays, and
// peers cost a fee both ways, an optimum never does both.
type Trade struct {
	BuyMW, SellMW         *convex.Expr // with the grid
	PeerBuyMW, PeerSellMW *convex.Expr
	GridMW                *convex.Expr // P_Grid, > 0 buys
	P2PMW                 *convex.Expr // P_P2P, > 0 buys
	Cost                  *convex.Expr
}

// newTrade leaves out the price among peers: over all prosumers it cancels, eq.
// (20).
func newTrade(s scope, p *Prices) *Trade {
	t := &Trade{
		BuyMW: s.variable("P_Grid_buy_MW", convex.Nonneg), SellMW: s.variable("P_Grid_sell_MW", convex.Nonneg),
		PeerBuyMW: s.variable("P_P2P_buy_MW", convex.Nonneg), PeerSellMW: s.variable("P_P2P_sell_MW", convex.Nonneg),
	}
	t.GridMW = t.BuyMW.Minus(t.SellMW)
	t.P2PMW = t.PeerBuyMW.Minus(t.PeerSellMW)
	t.Cost = convex.Add(
		convex.MatMul(p.buy, t.BuyMW).Minus(convex.MatMul(p.sell, t.SellMW)), // (15)
		convex.Sum(t.PeerBuyMW.Plus(t.PeerSellMW)).Times(p.fee),              // (19)
	).Times(hours)
	return t
}
