package dso

import (
	"math"
	"slices"
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
