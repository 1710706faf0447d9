package profile

import (
	"math"
	"math/rand/v2"
)

// How hourly wind and sun become quarters of an hour:
//
//  1. the smoothest path with the same hourly means (quarters), of the sun in
//     units of the clear sky, so that sunrise and noon keep their shape;
//  2. plus a random path without hourly means whose steps have the size that
//     real quarters of an hour show at that level and time (variation);
//  3. pulled towards the hour's mean where it would leave [0, 1] or shine at
//     night, which keeps the mean.

// grain is the resolution of everything synthesised: a millionth. Rounded to it,
// a year has the same bytes on every processor, though their exponentials and
// fused multiplications differ in the last bit.
const grain = 1.0 / (1 << 20)

func rounded(x float64) float64 { return math.Round(x/grain) * grain }

// refineWind brings hourly means in [0, 1] to quarters of an hour.
func refineWind(means []float64, v *variation, random *rand.Rand) []float64 {
	rms := make([]float64, len(means))
	for h, restless := range unrest(means) {
		rms[h] = v.stepRMS(means[h], restless)
	}
	path := quarters(means)
	for i, x := range v.wander(rms, v.gain(), random) {
		path[i] += x
	}
	for h, mean := range means {
		pull(path[4*h:4*h+4], [4]float64{mean, mean, mean, mean})
	}
	return path
}

// The sun near the horizon: below faintClear, the share of the clear sky says
// nothing and is taken from the nearest brighter hour; below minClear, nothing is
// added to the smooth path.
const (
	faintClear = 0.02
	minClear   = 0.05
	maxShare   = 1.5 // of the clear sky: bright clouds, cold panels
)

// refineSun brings hourly means in [0, 1] to quarters of an hour under a clear sky in
// quarters. Where the clear sky is 0, so is the result; an hour without any clear
// sky must have the mean 0.
func refineSun(means, clear []float64, v *variation, random *rand.Rand) []float64 {
	path := make([]float64, len(clear))
	clearMeans := hourly(clear)
	gain := v.gain()
	for from := 0; from < len(means); from++ {
		to := from // the end of the day's light
		for to < len(means) && clearMeans[to] > 0 {
			to++
		}
		if to == from {
			continue
		}
		share := shareOfClear(means[from:to], clearMeans[from:to])
		rms := make([]float64, to-from)
		for h := range rms {
			if c := clearMeans[from+h]; c >= minClear {
				rms[h] = v.stepRMS(share[h], c)
			}
		}
		wander := v.wander(rms, gain, random)
		for i, x := range quarters(share) {
			at := 4*from + i
			path[at] = clear[at] * max(0, x+wander[i])
		}
		for h := from; h < to; h++ {
			keepMean(path[4*h:4*h+4], clear[4*h:4*h+4], means[h])
		}
		from = to
	}
	return path
}

// shareOfClear divides by the clear sky, from sunrise to sunset.
func shareOfClear(means, clearMeans []float64) []float64 {
	share := make([]float64, len(means))
	bright := -1 // last hour that was bright enough
	for h, c := range clearMeans {
		switch {
		case c >= faintClear:
			share[h] = min(maxShare, means[h]/c)
			if bright < 0 {
				for before := range h {
					share[before] = share[h]
				}
			}
			bright = h
		case bright >= 0:
			share[h] = share[bright]
		}
	}
	return share
}

// keepMean scales an hour of sun to its mean and keeps it in [0, 1].
func keepMean(quarter, clear []float64, mean float64) {
	sum := quarter[0] + quarter[1] + quarter[2] + quarter[3]
	sumClear := clear[0] + clear[1] + clear[2] + clear[3]
	var like [4]float64 // the hour in the shape of the clear sky
	for i := range like {
		like[i] = 4 * mean * clear[i] / sumClear
		if sum > 0 {
			quarter[i] *= 4 * mean / sum
		} else {
			quarter[i] = like[i]
		}
	}
	pull(quarter, like)
}

// pull moves the quarters of an hour towards a path inside [0, 1] of the same mean,
// just as far as it takes to be inside themselves, and rounds them.
func pull(quarter []float64, inside [4]float64) {
	keep := 1.0
	for i, x := range quarter {
		if x < 0 {
			keep = min(keep, inside[i]/(inside[i]-x))
		} else if x > 1 {
			keep = min(keep, (1-inside[i])/(x-inside[i]))
		}
	}
	for i, x := range quarter {
		quarter[i] = min(1, max(0, rounded(inside[i]+keep*(x-inside[i]))))
	}
}
