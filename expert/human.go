package expert

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
)

// preferenceRows makes preferences soft rows of the human expert's model of the
// rest of a day, from step first on. What it costs to miss them goes into the
// model's TieBreak, so that its Cost stays eq. (14).
func preferenceRows(preferences []Preference, first int) []func(*reference.Model) *convex.Constraint {
	var rows []func(*reference.Model) *convex.Constraint
	for _, p := range preferences {
		rows = append(rows, func(m *reference.Model) *convex.Constraint { return p.row(m, first) })
	}
	return rows
}

// row is the preference as a row of a model. Where none of the steps that it
// covers is ahead, the row says nothing.
func (p Preference) row(m *reference.Model, first int) *convex.Constraint {
	const mega = 1000 // kW in a MW, money in a thousand
	var steps []int
	for t := range m.Steps {
		if p.Covers(first + t) {
			steps = append(steps, t)
		}
	}
	if len(steps) == 0 {
		return convex.Const(0).LE(1).Named(p.String() + " (over)")
	}
	quantity, unit := p.of(m)
	value := p.Value / unit
	x := quantity.Index(convex.Pick(steps...))
	slack := convex.Variable(m.Prosumer.Name+".slack of "+p.String(), convex.Vec(len(steps)), convex.Nonneg)
	m.TieBreak = m.TieBreak.Plus(convex.Sum(slack).Times(PenaltyPerUnit * unit / mega))
	if p.Relation == AtLeast {
		return x.GE(convex.Sub(value, slack)).Named(p.String())
	}
	return x.LE(slack.Plus(value)).Named(p.String())
}

// of is the preference's quantity in a model, and how much of the preference's
// own unit is one of the model's.
func (p Preference) of(m *reference.Model) (quantity *convex.Expr, unit float64) {
	switch p.Quantity {
	case SOC:
		return m.BESS.SOC, 1
	case CDGKW:
		return m.CDG.MW, 1000
	case ChargeKW:
		return m.BESS.MW, 1000
	case DischargeKW:
		return m.BESS.MW.Negate(), 1000
	case ShedKW:
		return m.CL.MW, 1000
	case ImportKW:
		return m.ExchangeMW.Negate(), 1000
	case ExportKW:
		return m.ExchangeMW, 1000
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
