package community

import (
	"hash/fnv"
	"math"
)

// Standard deviations by which a site differs from the region it lies in. An
// average over a country hides what one roof, one turbine or one shop does;
// these are chosen, not measured, and small beside the weather itself.
const (
	loadDeviation  = 0.08
	solarDeviation = 0.06
	windDeviation  = 0.10
)

// stepsPerKnot is how many steps lie between two independent values of a
// deviation; it runs straight from one to the next.
const stepsPerKnot = 4

// deviation is what one series of one site deviates from its region: a path
// that any step of can be computed by itself, so days need no order.
type deviation struct {
	key   uint64
	scale float64
}

// newDeviation keys the path by the scenario's seed and the names of site and
// series, so that adding a prosumer changes no other's path.
func newDeviation(seed uint64, site, series string, scale float64) deviation {
	h := fnv.New64a()
	h.Write([]byte(site + "/" + series))
	return deviation{key: mix(seed ^ h.Sum64()), scale: scale}
}

// factor returns 1 + deviation at a step of the year.
func (d deviation) factor(step int) float64 {
	knot, into := step/stepsPerKnot, float64(step%stepsPerKnot)/stepsPerKnot
	return 1 + d.scale*((1-into)*d.normal(knot)+into*d.normal(knot+1))
}

// normal returns the value of a knot: nearly normal with mean 0 and standard
// deviation 1, the sum of four uniform values, so never beyond 2 sqrt(3).
func (d deviation) normal(knot int) float64 {
	bits := mix(d.key + uint64(knot))
	total := 0.0
	for range 4 {
		total += (float64(bits&0xffff) + 0.5) / 0x10000
		bits >>= 16
	}
	return (total - 2) * math.Sqrt(3)
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
