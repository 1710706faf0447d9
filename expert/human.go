package expert

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// HumanParts is the human expert's model of a specification at a state: the
// reference model with the preferences as soft rows.
func HumanParts(s *Spec, state *State) *Parts {
	x := s.Prosumer
	prices := reference.NewPrices(state.Steps())
	m := reference.New(x, prices, reference.Options{ReactivePricePerKvar2h: s.ReactivePricePerKvar2h})
	rows, penalty := m.Constraints, convex.Const(0)
	for _, p := range s.Preferences {
		if row, cost := p.row(m, state.CurrentTime); row != nil {
			rows, penalty = append(rows, row), penalty.Plus(cost)
		}
	}
	kilo := func(e *convex.Expr) *convex.Expr { return e.Times(mega) }
	parts := &Parts{
		Actions: map[string]*convex.Expr{}, Constraints: rows,
		Cost: kilo(m.Cost.Plus(m.TieBreak).Plus(penalty)), penalty: kilo(penalty),
		ExchangeKW: kilo(m.ExchangeMW), ExchangeKvar: kilo(m.ExchangeMvar), P2PKW: kilo(m.Trade.P2PMW),
		set: func(g *convex.Program) error {
			t := state.CurrentTime
			if err := prices.Set(g, state.BuyPerKWh[t:], state.SellPerKWh[t:], state.FeePerKWh, state.StoredPerKWh); err != nil {
				return err
			}
			return m.Set(g, state.reference())
		},
	}
	if m.CDG != nil {
		parts.Actions["P_CDG"] = kilo(m.CDG.MW)
	}
	for k, unit := range UnitNames(x) {
		parts.Actions["P_"+unit], parts.Actions["Q_"+unit] = kilo(m.RDGs[k].MW), kilo(m.RDGs[k].Mvar)
	}
	if m.BESS != nil {
		parts.Actions["P_BESS"] = kilo(m.BESS.MW)
	}
	if m.CL != nil {
		parts.Actions["P_CL"] = kilo(m.CL.MW)
	}
	return parts
}

// mega is the number of kW in a MW, and of money in a thousand.
const mega = 1000

// row is the preference as a soft row of a model of the steps from first on, and
// what missing it costs, in thousands. It is nil where no step that it covers is
// ahead.
func (p Preference) row(m *reference.Model, first int) (*convex.Constraint, *convex.Expr) {
	var steps []int
	for t := range m.Steps {
		if p.Covers(first + t) {
			steps = append(steps, t)
		}
	}
	if len(steps) == 0 {
		return nil, nil
	}
	quantity, unit := p.of(m)
	x := quantity.Index(convex.Pick(steps...))
	slack := convex.Variable(m.Prosumer.Name+".slack of "+p.String(), convex.Vec(len(steps)), convex.Nonneg)
	penalty := convex.Sum(slack).Times(PenaltyPerUnit * unit / mega)
	if p.Relation == AtLeast {
		return x.GE(convex.Sub(p.Value/unit, slack)).Named(p.String()), penalty
	}
	return x.LE(slack.Plus(p.Value / unit)).Named(p.String()), penalty
}

// of is the preference's quantity in a model, and how many of the preference's
// unit are one of the model's.
func (p Preference) of(m *reference.Model) (quantity *convex.Expr, unit float64) {
	switch p.Quantity {
	case SOC:
		return m.BESS.SOC, 1
	case CDGKW:
		return m.CDG.MW, mega
	case ChargeKW:
		return m.BESS.MW, mega
	case DischargeKW:
		return m.BESS.MW.Negate(), mega
	case ShedKW:
		return m.CL.MW, mega
	case ImportKW:
		return m.ExchangeMW.Negate(), mega
	case ExportKW:
		return m.ExchangeMW, mega
	}
	panic("expert: preference of an unknown quantity: Validate was not asked")
}

// reference is the state as the human expert's model takes it: the steps ahead.
func (s *State) reference() *reference.State {
	t := s.CurrentTime
	r := &reference.State{SOC: s.SOC, CDGKW: s.CDGKW, LoadKW: s.LoadKW[t:], LoadKvar: s.LoadKvar[t:]}
	for _, series := range s.AvailableKW {
		r.AvailableKW = append(r.AvailableKW, series[t:])
	}
	return r
}
