package dso

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// Member is what a prosumer hands to the operator for the steps ahead: the six
// things that the paper's trading integration returns. Expressions are vectors
// with one entry per step, in MW, and Cost is a number in thousands of money: a
// model written in kW and money joins by dividing each by 1000.
type Member struct {
	Actions      reference.Actions
	Cost         *convex.Expr // to be minimised, without the price among peers, which cancels
	Constraints  []*convex.Constraint
	ExchangeMW   *convex.Expr // P_EX, > 0 injects
	ExchangeMvar *convex.Expr // Q_EX, > 0 injects
	P2PMW        *convex.Expr // P_P2P, > 0 buys
}

// memberOf is the member that a prosumer's reference model makes.
func memberOf(m *reference.Model) Member {
	return Member{
		Actions: m.Actions(), Cost: m.Cost.Plus(m.TieBreak), Constraints: m.Constraints,
		ExchangeMW: m.ExchangeMW, ExchangeMvar: m.ExchangeMvar, P2PMW: m.Trade.P2PMW,
	}
}
