package community

import "math"

// Kind of renewable source.
const (
	Wind = "wind"
	PV   = "pv"
)

// RDG is a renewable distributed generator behind an inverter, eqs. (3)-(4).
type RDG struct {
	Kind        string  `json:"kind"`      // Wind or PV
	RatingKW    float64 `json:"rating_kw"` // power at a load factor of 1
	ApparentKVA float64 `json:"apparent_kva"`
	// ReactiveShare bounds |Q| to this share of ApparentKVA, as inverters do
	// (0.44 in IEEE 1547-2018, category B). 0: eq. (4) alone.
	ReactiveShare float64 `json:"reactive_share"`
	// MinAvailableShare is the share of RatingKW that must be available for the
	// inverter to give reactive power at all (0.05 in IEEE 1547-2018).
	MinAvailableShare float64 `json:"min_available_share"`
}

// ReactiveLimit returns the largest |Q| in kvar beside powerKW, eq. (4) with
// the inverter's own bounds.
func (r *RDG) ReactiveLimit(powerKW, availableKW float64) float64 {
	if availableKW < r.MinAvailableShare*r.RatingKW {
		return 0
	}
	disc := math.Sqrt(max(0, r.ApparentKVA*r.ApparentKVA-powerKW*powerKW))
	if r.ReactiveShare > 0 {
		return min(disc, r.ReactiveShare*r.ApparentKVA)
	}
	return disc
}
