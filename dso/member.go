package dso

import (
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// Member is what a prosumer hands to the operator for the steps ahead: the six
// things that the paper's trading integration returns. Expressions are vectors
// with one entry per step, in MW, and Cost is a number in thousands of money: a
// model written in kW and money joins by dividing each by 1000. The zero Member
// is a prosumer who hands in nothing: its reference model stands.
type Member struct {
	Actions      reference.Actions
	Cost         *convex.Expr // to be minimised, without the price among peers, which cancels
	Constraints  []*convex.Constraint
	ExchangeMW   *convex.Expr // P_EX, > 0 injects
	ExchangeMvar *convex.Expr // Q_EX, > 0 injects
	P2PMW        *convex.Expr // P_P2P, > 0 buys

	// Set gives the model's parameters their numbers; nil where it has none.
	Set func(*convex.Program) error

	battery *reference.Battery // that is kept from charging and discharging at once; may be nil
}

// given reports whether the member is a model of its prosumer's own.
func (m *Member) given() bool { return m.P2PMW != nil }

// memberOf is the member that a prosumer's reference model makes.
func memberOf(m *reference.Model) Member {
	return Member{
		Actions: m.Actions(), Cost: m.Cost.Plus(m.TieBreak), Constraints: m.Constraints,
		ExchangeMW: m.ExchangeMW, ExchangeMvar: m.ExchangeMvar, P2PMW: m.Trade.P2PMW,
		battery: m.BESS,
	}
}

// burnPrice is what energy that runs through a guarded battery costs, in
// thousands of money per MWh. It is far below every price, and keeps the guard
// from seeing both directions where one would do.
const burnPrice = 1e-5

// guarded is the member with its battery's decisions held to what the battery of
// x can do, as its reference model says it.
func (m Member) guarded(x *community.Prosumer, steps int) Member {
	m.battery = reference.NewBattery(x, steps)
	m.Constraints = slices.Concat(m.Constraints, m.battery.Constraints,
		[]*convex.Constraint{m.battery.MW.EQ(m.Actions.BESS).Named(x.Name + ".battery")})
	through := convex.Sum(m.battery.ChargeMW.Plus(m.battery.DischargeMW))
	m.Cost = m.Cost.Plus(through.Times(burnPrice))
	return m
}
