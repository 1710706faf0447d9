package profile

import (
	_ "embed"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// variation says how a source moves inside the hour, beyond what its hourly means
// tell. It was measured on real quarters of an hour and holds figures only.
//
// Take x, the real quarters, and r = x - quarters(hourly(x)), what the hourly means
// leave open. The root mean square of r's three steps inside an hour is
//
//	StepByLevel[level of the hour] * StepByTime[time of the hour],
//
// with the class of level found in LevelEdges and that of time in TimeEdges. The
// product was fitted so that each class of level and each class of time has its
// measured mean square.
//
// Of wind, level is the hourly mean and time is how restless the hours around are
// (unrest): time of day explains one percent of the spread, unrest twenty. Of the
// sun, everything is in units of the clear sky: level is the hour's share of the
// clear output, time is the clear output itself, that is, where the sun stands.
type variation struct {
	Source      string    `json:"source"`
	Hours       int       `json:"hours"` // measured
	LevelEdges  []float64 `json:"level_edges"`
	StepByLevel []float64 `json:"step_by_level"`
	TimeEdges   []float64 `json:"time_edges"`
	StepByTime  []float64 `json:"step_by_time"`
	// Steps are more often very small and very large than a normal law has it,
	// and calm and wild hours come in spells: the steps of an hour are normal
	// with a standard deviation that is lognormal, of this spread (of its
	// logarithm), and remembers this much of the hour before.
	Spread float64 `json:"spread"`
	Memory float64 `json:"memory_per_hour"`
	// Smoothness is the correlation of a step with the one before, before the
	// hourly means are imposed.
	Smoothness float64 `json:"smoothness_per_step"`
}

//go:embed statistics/variation.json
var variationJSON []byte

// variations holds the figures for each source.
type variations struct {
	Solar        variation `json:"solar"`
	WindOnshore  variation `json:"wind_onshore"`
	WindOffshore variation `json:"wind_offshore"`
}

var loadVariations = sync.OnceValue(func() variations {
	var v variations
	if err := json.Unmarshal(variationJSON, &v); err != nil {
		panic("profile: statistics/variation.json: " + err.Error())
	}
	return v
})

// stepRMS returns the root mean square of the steps of an hour.
func (v *variation) stepRMS(level, time float64) float64 {
	return v.StepByLevel[class(v.LevelEdges, level)] * v.StepByTime[class(v.TimeEdges, time)]
}

// class returns how many edges lie at or below x.
func class(edges []float64, x float64) int {
	i, found := slices.BinarySearch(edges, x)
	if found {
		i++
	}
	return i
}

// unrest returns, for each hour, the root mean square of the second differences
// of the three hours around it.
func unrest(means []float64) []float64 {
	n := len(means)
	square := func(h int) float64 {
		h = min(max(h, 1), n-2)
		d := means[h-1] - 2*means[h] + means[h+1]
		return d * d
	}
	out := make([]float64, n)
	if n < 3 {
		return out
	}
	for h := range out {
		out[h] = math.Sqrt((square(h-1) + square(h) + square(h+1)) / 3)
	}
	return out
}

// wander returns a random path of quarters whose hourly means are zero and whose
// steps inside hour h have the root mean square rms[h]: a random walk with steps of
// size gain, less the quarters of its own hourly means, times rms hour by hour.
func (v *variation) wander(rms []float64, gain float64, random *rand.Rand) []float64 {
	path := make([]float64, 4*len(rms))
	innovation := gain * math.Sqrt(1-v.Smoothness*v.Smoothness)
	x, move := 0.0, gain*random.NormFloat64()
	for i := range path {
		move = v.Smoothness*move + innovation*random.NormFloat64()
		x += move
		path[i] = x
	}
	known := quarters(hourly(path))
	spell, fresh := random.NormFloat64(), math.Sqrt(1-v.Memory*v.Memory)
	for h, size := range rms {
		spell = v.Memory*spell + fresh*random.NormFloat64()
		size *= math.Exp(v.Spread*spell - v.Spread*v.Spread) // a factor of mean square 1
		for i := 4 * h; i < 4*h+4; i++ {
			path[i] = size * (path[i] - known[i])
		}
	}
	return path
}

// gain is by how much a walk's steps must exceed those that remain inside an hour once
// the quarters of its hourly means are taken off.
func (v *variation) gain() float64 {
	c := covarianceLeft(v.Smoothness)
	return 1 / math.Sqrt((c[0][0]+c[1][1]+c[2][2])/3)
}

// covarianceLeft is the covariance of the three steps that remain inside an hour of a
// walk with steps of unit variance and the given lag-one correlation: linear algebra on
// a window of hours long enough for its ends not to matter.
func covarianceLeft(smoothness float64) (covariance [3][3]float64) {
	const hours = 11
	const n = 4 * hours
	const first = n / 8 * 4 // the middle hour
	// left[k][i]: what step k of the walk, the one into quarter k, leaves of the
	// i-th step inside the middle hour.
	var left [n][3]float64
	walk, known := make([]float64, n), make([]float64, n)
	for k := range left {
		for i := range walk {
			walk[i] = 0
			if i >= k {
				walk[i] = 1
			}
		}
		quartersInto(known, hourly(walk))
		for i := range left[k] {
			at := first + i
			left[k][i] = (walk[at+1] - known[at+1]) - (walk[at] - known[at])
		}
	}
	var power [n]float64
	power[0] = 1
	for k := 1; k < n; k++ {
		power[k] = smoothness * power[k-1]
	}
	for k := range left {
		for l := range left {
			correlation := power[max(k-l, l-k)]
			for i := range covariance {
				for j := range covariance {
					covariance[i][j] += left[k][i] * left[l][j] * correlation
				}
			}
		}
	}
	return covariance
}
