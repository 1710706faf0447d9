package expert

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/community"
)

// Devices are ratings that a wish names in its own words; 0 is one that it does
// not name.
type Devices struct {
	BatteryKWh  float64 `json:"battery_kwh"`
	BatteryKW   float64 `json:"battery_kw"`
	GeneratorKW float64 `json:"generator_kw"`
	PVKW        float64 `json:"pv_kw"`
	WindKW      float64 `json:"wind_kw"`
}

// maxRating bounds what a wish may name, in kW and kWh.
const maxRating = 1e6

// Validate says which rating a prosumer cannot have: the scenario knows what
// else a device is only where there is one.
func (d Devices) Validate(x *community.Prosumer) error {
	has := func(kind string) bool { return ratingOf(x, kind) > 0 }
	for _, r := range []struct {
		key   string
		value float64
		there bool
	}{
		{"battery_kwh", d.BatteryKWh, x.BESS != nil}, {"battery_kw", d.BatteryKW, x.BESS != nil}, {"generator_kw", d.GeneratorKW, x.CDG != nil},
		{"pv_kw", d.PVKW, has(community.PV)}, {"wind_kw", d.WindKW, has(community.Wind)},
	} {
		switch {
		case !(r.value >= 0 && r.value <= maxRating):
			return fmt.Errorf("%s is %v: want 0 to %g", r.key, r.value, float64(maxRating))
		case r.value > 0 && !r.there:
			return fmt.Errorf("%s is %v: %s has no such device: want 0", r.key, r.value, x.Name)
		}
	}
	return nil
}

// String lists what is named; nothing where nothing is.
func (d Devices) String() string {
	var parts []string
	for _, r := range []struct {
		what, unit string
		value      float64
	}{
		{"battery", "kWh", d.BatteryKWh}, {"battery", "kW", d.BatteryKW}, {"generator", "kW", d.GeneratorKW}, {"solar", "kW", d.PVKW}, {"wind", "kW", d.WindKW},
	} {
		if r.value > 0 {
			parts = append(parts, fmt.Sprintf("%s %g %s", r.what, r.value, r.unit))
		}
	}
	return strings.Join(parts, ", ")
}

// Of returns the prosumer with the ratings that are named. What goes with a
// rating keeps its proportion to it: a battery's power to its energy (unless the
// wish names both), a generator's least power and ramp to its largest, and its
// marginal cost from idle to full.
func (d Devices) Of(x *community.Prosumer) *community.Prosumer {
	y := *x
	if x.BESS != nil {
		b := *x.BESS
		power := ratio(d.BatteryKWh, b.EnergyKWh)
		if d.BatteryKW > 0 {
			power = d.BatteryKW / b.MaxKW
		}
		b.EnergyKWh *= ratio(d.BatteryKWh, b.EnergyKWh)
		b.MinKW, b.MaxKW = b.MinKW*power, b.MaxKW*power
		y.BESS = &b
	}
	if x.CDG != nil {
		c := *x.CDG
		r := ratio(d.GeneratorKW, c.MaxKW)
		c.MinKW, c.MaxKW, c.RampKW, c.QuadraticPerKW2h = c.MinKW*r, c.MaxKW*r, c.RampKW*r, c.QuadraticPerKW2h/r
		y.CDG = &c
	}
	y.RDGs = slices.Clone(x.RDGs)
	for k := range y.RDGs {
		r := d.ofUnit(x, k)
		y.RDGs[k].RatingKW *= r
		y.RDGs[k].ApparentKVA *= r
	}
	return &y
}

// Series returns what sun and wind offer the prosumer's units, [unit][step], at
// the ratings that are named.
func (d Devices) Series(x *community.Prosumer, availableKW [][]float64) [][]float64 {
	out := make([][]float64, len(availableKW))
	for k, series := range availableKW {
		out[k] = slices.Clone(series)
		for t := range out[k] {
			out[k][t] *= d.ofUnit(x, k)
		}
	}
	return out
}

// ofUnit is by how much unit k of a prosumer grows; several of a kind share what
// is named.
func (d Devices) ofUnit(x *community.Prosumer, k int) float64 {
	named := map[string]float64{community.PV: d.PVKW, community.Wind: d.WindKW}[x.RDGs[k].Kind]
	return ratio(named, ratingOf(x, x.RDGs[k].Kind))
}

func ratio(named, rating float64) float64 {
	if named == 0 || math.Abs(named-rating) < 1e-9*rating {
		return 1
	}
	return named / rating
}
