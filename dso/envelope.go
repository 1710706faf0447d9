package dso

import (
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
)

// envelope bounds how much the members' exchange may lift the squared voltage of
// every anchor in every step, [anchor][step], so that the buses that move with
// it stay inside their limits.
type envelope struct {
	low, high [][]float64
	// lowest and highest are the squared voltages that it was made from.
	lowest, highest [][]float64
	vMin, vMax      float64
}

// newEnvelope takes the voltages of AC power flows at a point (a plan's
// exchanges, p.u. by step and member) and reckons how far LinDistFlow may move
// from there: what it missed at the point is made good.
func newEnvelope(f *feeder, voltagePU, p, q [][]float64, vMin, vMax float64) *envelope {
	steps := len(voltagePU)
	square := func() [][]float64 { return table[float64](len(f.anchors), steps) }
	e := &envelope{low: square(), high: square(), lowest: square(), highest: square(), vMin: vMin, vMax: vMax}
	rise := make([]float64, len(f.anchors))
	for t := range steps {
		f.rise(p[t], q[t], rise)
		for a := range f.anchors {
			lowest, highest := voltagePU[t][f.anchors[a].buses[0]], 0.0
			for _, b := range f.anchors[a].buses {
				lowest, highest = min(lowest, voltagePU[t][b]), max(highest, voltagePU[t][b])
			}
			e.lowest[a][t], e.highest[a][t] = lowest*lowest, highest*highest
			e.low[a][t] = vMin*vMin - lowest*lowest + rise[a]
			e.high[a][t] = vMax*vMax - highest*highest + rise[a]
		}
	}
	return e
}

// nearPU is the distance of the squared voltage from its limit within which a
// bound can matter to the optimum.
const nearPU = 2e-3

// movedPU is how far the bounds that matter lie from those of the envelope
// before, p.u. of voltage: what LinDistFlow missed between the two points.
func (e *envelope) movedPU(before *envelope) float64 {
	most := 0.0
	for a := range e.low {
		for t := range e.low[a] {
			if e.lowest[a][t] < e.vMin*e.vMin+nearPU {
				most = max(most, math.Abs(e.low[a][t]-before.low[a][t]))
			}
			if e.highest[a][t] > e.vMax*e.vMax-nearPU {
				most = max(most, math.Abs(e.high[a][t]-before.high[a][t]))
			}
		}
	}
	return most / (2 * e.vMin)
}

// doubtPU is how much of the squared voltage the bounds of a later point are
// allowed to differ before a limit that the ratings could not reach is reached.
const doubtPU = 0.002

// reachable lists the limits that the members could reach at all, given what
// their devices are rated for: only these need rows.
func (e *envelope) reachable(f *feeder, n *grid.Network, prosumers []community.Prosumer, s *Situation) []side {
	steps, members := s.steps(), len(prosumers)
	lo, hi := make([]bool, len(f.anchors)), make([]bool, len(f.anchors))
	least, most := table[float64](2, members), table[float64](2, members)
	down, up := make([]float64, len(f.anchors)), make([]float64, len(f.anchors))
	for t := range steps {
		for i := range prosumers {
			p, q := ratings(&prosumers[i], s.Day, i, s.First+t)
			least[0][i], most[0][i] = n.PerUnit(p.min), n.PerUnit(p.max)
			least[1][i], most[1][i] = n.PerUnit(q.min), n.PerUnit(q.max)
		}
		f.rise(least[0], least[1], down)
		f.rise(most[0], most[1], up)
		for a := range f.anchors {
			lo[a] = lo[a] || down[a] < e.low[a][t]+doubtPU
			hi[a] = hi[a] || up[a] > e.high[a][t]-doubtPU
		}
	}
	sides := []side{}
	for a := range f.anchors {
		if lo[a] {
			sides = append(sides, side{anchor: a})
		}
		if hi[a] {
			sides = append(sides, side{anchor: a, upper: true})
		}
	}
	return sides
}

// broken lists the limits that the voltages do not hold.
func (e *envelope) broken() []side {
	var sides []side
	for a := range e.low {
		if slices.Min(e.lowest[a]) < e.vMin*e.vMin {
			sides = append(sides, side{anchor: a})
		}
		if slices.Max(e.highest[a]) > e.vMax*e.vMax {
			sides = append(sides, side{anchor: a, upper: true})
		}
	}
	return sides
}

type interval struct{ min, max float64 }

// ratings bounds the exchange of prosumer i in a step by its ratings alone, in kW
// and kvar.
func ratings(p *community.Prosumer, day *community.Day, i, step int) (kW, kvar interval) {
	load := day.LoadKW[i][step]
	kW = interval{-load, -load}
	kvar = interval{-day.LoadKvar[i][step], -day.LoadKvar[i][step]}
	if p.CDG != nil {
		kW.max += p.CDG.MaxKW
	}
	if p.BESS != nil {
		kW.min -= p.BESS.MaxKW
		kW.max -= p.BESS.MinKW
	}
	if p.CL != nil {
		kW.max += p.CL.Alpha * load
	}
	for k := range p.RDGs {
		available := day.AvailableKW[i][k][step]
		limit := p.RDGs[k].ReactiveLimit(0, available)
		kW.max += available
		kvar.min -= limit
		kvar.max += limit
	}
	return kW, kvar
}
