package reference

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
)

// Actions are the decisions of eq. (21): sums over the units of each device, in
// MW by step, nil where there is no such device.
type Actions struct {
	CDG, RDG, RDGQ, BESS, CL *convex.Expr
}

// Actions returns the model's decisions.
func (m *Model) Actions() Actions {
	var a Actions
	if m.CDG != nil {
		a.CDG = m.CDG.MW
	}
	for _, u := range m.RDGs {
		if a.RDG == nil {
			a.RDG, a.RDGQ = u.MW, u.Mvar
			continue
		}
		a.RDG, a.RDGQ = a.RDG.Plus(u.MW), a.RDGQ.Plus(u.Mvar)
	}
	if m.BESS != nil {
		a.BESS = m.BESS.MW
	}
	if m.CL != nil {
		a.CL = m.CL.MW
	}
	return a
}

// SetPoints reads the decisions of every step off a solution, in kW.
func (a Actions) SetPoints(s *convex.Solution, steps int) []community.SetPoint {
	out := make([]community.SetPoint, steps)
	read := func(e *convex.Expr, field func(*community.SetPoint) *float64) {
		if e == nil {
			return
		}
		for t, mw := range s.Value(e) {
			*field(&out[t]) = mw * mega
		}
	}
	read(a.CDG, func(p *community.SetPoint) *float64 { return &p.CDGKW })
	read(a.RDG, func(p *community.SetPoint) *float64 { return &p.RDGKW })
	read(a.RDGQ, func(p *community.SetPoint) *float64 { return &p.RDGKvar })
	read(a.BESS, func(p *community.SetPoint) *float64 { return &p.BESSKW })
	read(a.CL, func(p *community.SetPoint) *float64 { return &p.CLKW })
	return out
}
