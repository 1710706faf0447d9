package env

import (
	"math"

	"github.com/peerwatt/peerwatt/community"
)

// minWidthKW is the width in kW (kvar) from which an interval leaves something
// to decide.
const minWidthKW = 1e-6

// Bounds returns what agent i's devices can do now, eqs. (1)-(8). The reactive
// interval is the one at no active power, the widest; the one that holds
// follows from the active power chosen.
func (e *Env) Bounds(i int) community.Bounds {
	p := &e.world.Scenario.Prosumers[i]
	b := p.Bounds(e.cdgKW[i], e.soc[i], e.unitsKW[i], e.loadKW[i], stepHours)
	b.Hi.RDGKvar = p.ReactiveLimit(0, e.unitsKW[i])
	b.Lo.RDGKvar = -b.Hi.RDGKvar
	return b
}

// Mask writes, for every agent and component (agents x ActionDim), 1 where the
// device is there and its interval has width now, 0 where the action has no
// effect.
func (e *Env) Mask(dst []float32) {
	mustLen("mask", len(dst), len(e.soc)*ActionDim)
	for i := range e.soc {
		b := e.Bounds(i)
		lo, hi := components(b.Lo), components(b.Hi)
		for k := range ActionDim {
			dst[i*ActionDim+k] = 0
			if hi[k]-lo[k] > minWidthKW {
				dst[i*ActionDim+k] = 1
			}
		}
	}
}

// SetPoints writes what the joint action means now: one set point per agent.
func (e *Env) SetPoints(action []float32, dst []community.SetPoint) {
	mustLen("action", len(action), len(e.soc)*ActionDim)
	mustLen("set points", len(dst), len(e.soc))
	for i := range dst {
		dst[i] = e.setPoint(i, action[i*ActionDim:])
	}
}

func (e *Env) setPoint(i int, a []float32) community.SetPoint {
	p := &e.world.Scenario.Prosumers[i]
	b := p.Bounds(e.cdgKW[i], e.soc[i], e.unitsKW[i], e.loadKW[i], stepHours)
	sp := community.SetPoint{
		CDGKW:  within(b.Lo.CDGKW, b.Hi.CDGKW, a[ActionCDG]),
		RDGKW:  within(b.Lo.RDGKW, b.Hi.RDGKW, a[ActionRDG]),
		BESSKW: within(b.Lo.BESSKW, b.Hi.BESSKW, a[ActionBESS]),
		CLKW:   within(b.Lo.CLKW, b.Hi.CLKW, a[ActionCL]),
	}
	if len(p.RDGs) > 0 {
		limit := p.ReactiveLimit(sp.RDGKW, e.unitsKW[i])
		sp.RDGKvar = within(-limit, limit, a[ActionRDGQ])
	}
	return sp
}

// within maps a in [-1, 1] affinely onto [lo, hi]; what lies outside [-1, 1] is
// clipped, NaN is the middle. A result that float32 cannot tell from zero is
// zero, so that a device can be left alone exactly.
func within(lo, hi float64, a float32) float64 {
	switch {
	case a >= 1:
		return hi
	case a <= -1:
		return lo
	case a != a:
		a = 0
	}
	width := hi - lo
	x := lo + width*(0.5+0.5*float64(a))
	if math.Abs(x) <= width*0x1p-24 && lo <= 0 && hi >= 0 {
		return 0
	}
	return min(max(x, lo), hi)
}

// share is the inverse of within: the action for x in [lo, hi]. An interval
// without width has action 0.
func share(lo, hi, x float64) float32 {
	width := hi - lo
	if width <= minWidthKW {
		return 0
	}
	return float32(min(max(2*(x-lo)/width-1, -1), 1))
}

// Projection says how far set points lay outside what was feasible: sums of
// absolute differences over agents and devices.
type Projection struct {
	ActiveKW, ReactiveKvar float64
}

// Normalise writes the joint action (agents x ActionDim) that comes closest to
// the set points sp in the state v of a day: each is projected onto the
// interval that is feasible there, active power first, then reactive power
// beside it. It returns what the projection cut off. It is how a plan becomes
// a label: the caller states what the expert wants at the visited state (the
// power that returns to the planned state of charge, the planned share of sun),
// Normalise makes it something that the agent can do.
func (w *World) Normalise(day *community.Day, v *Visit, sp []community.SetPoint, action []float32) Projection {
	mustLen("action", len(action), len(w.agents)*ActionDim)
	mustLen("set points", len(sp), len(w.agents))
	var loss Projection
	var units []float64
	for i := range sp {
		units = units[:0]
		for _, series := range day.AvailableKW[i] {
			units = append(units, series[v.Step])
		}
		w.normalise(i, v.CDGKW[i], v.SOC[i], units, day.LoadKW[i][v.Step], sp[i], action[i*ActionDim:], &loss)
	}
	return loss
}

// Normalise does what World.Normalise does, in the present state.
func (e *Env) Normalise(sp []community.SetPoint, action []float32) Projection {
	mustLen("action", len(action), len(e.soc)*ActionDim)
	mustLen("set points", len(sp), len(e.soc))
	var loss Projection
	for i := range sp {
		e.normalise(i, sp[i], action[i*ActionDim:], &loss)
	}
	return loss
}

func (e *Env) normalise(i int, sp community.SetPoint, action []float32, loss *Projection) {
	e.world.normalise(i, e.cdgKW[i], e.soc[i], e.unitsKW[i], e.loadKW[i], sp, action, loss)
}

func (w *World) normalise(i int, cdgKW, soc float64, unitsKW []float64, loadKW float64, sp community.SetPoint, action []float32, loss *Projection) {
	p := &w.Scenario.Prosumers[i]
	b := p.Bounds(cdgKW, soc, unitsKW, loadKW, stepHours)
	limit := p.ReactiveLimit(min(max(sp.RDGKW, b.Lo.RDGKW), b.Hi.RDGKW), unitsKW)
	b.Lo.RDGKvar, b.Hi.RDGKvar = -limit, limit
	lo, hi, want := components(b.Lo), components(b.Hi), components(sp)
	for k := range ActionDim {
		action[k] = share(lo[k], hi[k], want[k])
		off := max(0, want[k]-hi[k], lo[k]-want[k])
		if k == ActionRDGQ {
			loss.ReactiveKvar += off
		} else {
			loss.ActiveKW += off
		}
	}
}

// IdleAction writes the joint action (agents x ActionDim) that leaves
// everything alone: renewables give what is available, no reactive power, and
// everything else is 0, or as near to it as a generator's ramp allows.
func (e *Env) IdleAction(dst []float32) {
	mustLen("action", len(dst), len(e.soc)*ActionDim)
	var loss Projection
	for i := range e.soc {
		p := &e.world.Scenario.Prosumers[i]
		e.normalise(i, p.Idle(e.unitsKW[i]), dst[i*ActionDim:], &loss)
	}
}

// components lists a set point in the order of eq. (21).
func components(sp community.SetPoint) [ActionDim]float64 {
	return [ActionDim]float64{sp.CDGKW, sp.RDGKW, sp.RDGKvar, sp.BESSKW, sp.CLKW}
}

// mustLen guards against a caller's mistake in the shape of a vector.
func mustLen(what string, got, want int) {
	if got != want {
		panic("env: " + what + " has the wrong length")
	}
}
