package expert

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
)

// track is what is followed of a plan: targets by step of the day, from the
// plan's first on, and by prosumer.
type track struct {
	First   int
	Targets [][]target
}

// target is where a prosumer should be after a step. Shares are of what there is:
// of the sun and wind available, of the reactive power possible beside the
// active, and of the flexible load.
type target struct {
	SOC, CDGKW                   float64
	RDGShare, RDGQShare, CLShare float64
}

// newTrack reads the targets off a plan that was made for day.
func newTrack(s *community.Scenario, day *community.Day, p *dso.Plan) *track {
	tr := &track{First: p.First, Targets: make([][]target, len(p.SetPoints))}
	for t, setPoints := range p.SetPoints {
		tr.Targets[t] = make([]target, len(setPoints))
		for i := range setPoints {
			x, sp := &s.Prosumers[i], &setPoints[i]
			units, available := unitsOf(day, i, p.First+t)
			g := target{SOC: p.SOC[t][i], CDGKW: sp.CDGKW}
			g.RDGShare = share(sp.RDGKW, available, 1)
			g.RDGQShare = share(sp.RDGKvar, x.ReactiveLimit(sp.RDGKW, units), 0)
			if x.CL != nil {
				_, most := x.CL.Feasible(day.LoadKW[i][p.First+t])
				g.CLShare = share(sp.CLKW, most, 0)
			}
			tr.Targets[t][i] = g
		}
	}
	return tr
}

// setPoints writes what follows the track from a visited state of day.
func (tr *track) setPoints(s *community.Scenario, day *community.Day, v *env.Visit, dst []community.SetPoint) {
	for i, g := range tr.Targets[v.Step-tr.First] {
		x := &s.Prosumers[i]
		units, available := unitsOf(day, i, v.Step)
		sp := community.SetPoint{CDGKW: g.CDGKW, RDGKW: g.RDGShare * available}
		sp.RDGKvar = g.RDGQShare * x.ReactiveLimit(sp.RDGKW, units)
		if x.BESS != nil {
			sp.BESSKW = returning(x.BESS, v.SOC[i], g.SOC)
		}
		if x.CL != nil {
			_, most := x.CL.Feasible(day.LoadKW[i][v.Step])
			sp.CLKW = g.CLShare * most
		}
		dst[i] = sp
	}
}

// returning is the power that brings a battery from one state of charge to
// another in one step: the inverse of eq. (7).
func returning(b *community.BESS, soc, to float64) float64 {
	kW := (to - soc) * b.EnergyKWh / stepHours
	if kW >= 0 {
		return kW / b.Efficiency
	}
	return kW * b.Efficiency
}

// unitsOf returns what the renewable units of prosumer i could give in a step,
// one by one and together.
func unitsOf(day *community.Day, i, step int) (units []float64, sum float64) {
	for _, series := range day.AvailableKW[i] {
		units = append(units, series[step])
		sum += series[step]
	}
	return units, sum
}

// share is part of whole; otherwise where there is no whole to speak of.
func share(part, whole, otherwise float64) float64 {
	const nothingKW = 1e-9
	if whole < nothingKW && whole > -nothingKW {
		return otherwise
	}
	return part / whole
}
