package reference

import (
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
)

// State is what a prosumer knows at the start of the horizon: where its devices
// are, and what it expects of every step.
type State struct {
	SOC   float64 // 0 without a battery
	CDGKW float64 // of the step before

	LoadKW, LoadKvar []float64   // by step
	AvailableKW      [][]float64 // by unit of RDGs and step

	// NoCharge and NoDischarge forbid the battery one direction in a step, see
	// [Battery]. nil forbids nothing.
	NoCharge, NoDischarge []bool
}

// Set gives the prices their numbers, per kWh: those of the grid by step, the
// operator's fee on each side of a trade, and what a kWh left in a battery at
// the end is worth.
func (p *Prices) Set(g *convex.Program, buy, sell []float64, fee, stored float64) error {
	err := firstError(g.Set(p.buy, buy), g.Set(p.sell, sell), g.Set(p.fee, fee))
	if uses(g, p.stored) {
		err = firstError(err, g.Set(p.stored, stored))
	}
	return err
}

// Set gives the model the numbers of a state.
func (m *Model) Set(g *convex.Program, s *State) error {
	err := g.Set(m.loadMW, scaled(s.LoadKW, 1./mega))
	if uses(g, m.loadMvar) {
		err = firstError(err, g.Set(m.loadMvar, scaled(s.LoadKvar, 1./mega)))
	}
	if m.CDG != nil {
		err = firstError(err, g.Set(m.CDG.beforeMW, s.CDGKW/mega))
	}
	for k, u := range m.RDGs {
		err = firstError(err, u.set(g, &m.Prosumer.RDGs[k], s.AvailableKW[k]))
	}
	if m.BESS != nil {
		err = firstError(err, m.BESS.Set(g, s.SOC, s.NoCharge, s.NoDischarge))
	}
	return err
}

func (u *Renewable) set(g *convex.Program, r *community.RDG, availableKW []float64) error {
	err := g.Set(u.availableMW, scaled(availableKW, 1./mega))
	if u.limitMvar != nil {
		limit := make([]float64, len(availableKW))
		for t, kW := range availableKW {
			limit[t] = r.ReactiveLimit(0, kW) / mega
		}
		err = firstError(err, g.Set(u.limitMvar, limit))
	}
	return err
}

// uses reports whether a parameter stands in a program: reactive load does not
// where there is no network, nor the price of storage where there is none.
func uses(g *convex.Program, param *convex.Expr) bool {
	return slices.Contains(g.Problem().Parameters(), param)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func scaled(values []float64, by float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v * by
	}
	return out
}

// capped is value in every step but those where off says otherwise.
func capped(value float64, steps int, off []bool) []float64 {
	out := make([]float64, steps)
	for t := range out {
		if off == nil || !off[t] {
			out[t] = value
		}
	}
	return out
}
