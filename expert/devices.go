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

// rating is one of a prosumer's that a wish may name.
type rating struct {
	key, what, unit string
	of              func(*Devices) *float64
	there           func(*community.Prosumer) bool
}

var ratings = []rating{
	{"battery_kwh", "battery", "kWh", func(d *Devices) *float64 { return &d.BatteryKWh }, hasBattery},
	{"battery_kw", "battery", "kW", func(d *Devices) *float64 { return &d.BatteryKW }, hasBattery},
	{"generator_kw", "generator", "kW", func(d *Devices) *float64 { return &d.GeneratorKW }, func(x *community.Prosumer) bool { return x.CDG != nil }},
	{"pv_kw", "solar", "kW", func(d *Devices) *float64 { return &d.PVKW }, func(x *community.Prosumer) bool { return ratingOf(x, community.PV) > 0 }},
	{"wind_kw", "wind", "kW", func(d *Devices) *float64 { return &d.WindKW }, func(x *community.Prosumer) bool { return ratingOf(x, community.Wind) > 0 }},
}

func hasBattery(x *community.Prosumer) bool { return x.BESS != nil }

// ratingKeys lists what a wish of a prosumer may name.
func ratingKeys(x *community.Prosumer) []string {
	var keys []string
	for _, r := range ratings {
		if r.there(x) {
			keys = append(keys, r.key)
		}
	}
	return keys
}

// Validate says which rating a prosumer cannot have: the scenario knows what
// else a device is only where there is one.
func (d Devices) Validate(x *community.Prosumer) error {
	for _, r := range ratings {
		switch value := *r.of(&d); {
		case !(value >= 0 && value <= maxRating):
			return fmt.Errorf("%s is %v: want 0 to %g", r.key, value, float64(maxRating))
		case value > 0 && !r.there(x):
			return fmt.Errorf("%s is %v: %s has no such device: want 0", r.key, value, x.Name)
		}
	}
	return nil
}

// String lists what is named; nothing where nothing is.
func (d Devices) String() string {
	var parts []string
	for _, r := range ratings {
		if value := *r.of(&d); value > 0 {
			parts = append(parts, fmt.Sprintf("%s %g %s", r.what, value, r.unit))
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
