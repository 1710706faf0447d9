package expert

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/profile"
)

// PenaltyPerUnit is what a unit by which a preference is missed costs, in money
// per step: kW, or the whole of a state of charge.
const PenaltyPerUnit = 1000

// Preference is a wish of a prosumer as a soft bound: in every step that it
// covers, a quantity is to stay on one side of a value. Missing it is allowed and
// costs PenaltyPerUnit.
type Preference struct {
	Quantity Quantity `json:"quantity"`
	Relation Relation `json:"relation"`
	Value    float64  `json:"value"` // in the quantity's unit
	// FromStep and ToStep are the steps [FromStep, ToStep) of the day that it
	// covers, past midnight where FromStep is the larger, all where they are equal.
	FromStep int `json:"from_step"`
	ToStep   int `json:"to_step"`
}

// Quantity is what a preference is about.
type Quantity string

// The quantities of preferences.
const (
	SOC         Quantity = "soc"          // state of charge after the step, 0..1
	CDGKW       Quantity = "cdg_kw"       // P_CDG
	ChargeKW    Quantity = "charge_kw"    // P_BESS
	DischargeKW Quantity = "discharge_kw" // -P_BESS
	ShedKW      Quantity = "shed_kw"      // P_CL
	ImportKW    Quantity = "import_kw"    // -P_EX, from the grid and from peers
	ExportKW    Quantity = "export_kw"    // P_EX
)

// Quantities lists them all.
var Quantities = []Quantity{SOC, CDGKW, ChargeKW, DischargeKW, ShedKW, ImportKW, ExportKW}

// quantitiesOf lists those that a prosumer's devices have.
func quantitiesOf(x *community.Prosumer) []Quantity {
	var list []Quantity
	for _, q := range Quantities {
		if (Preference{Quantity: q, Relation: AtMost}).Validate(x) == nil {
			list = append(list, q)
		}
	}
	return list
}

// Relation is the side of a preference's bound.
type Relation string

// The relations of preferences.
const (
	AtLeast Relation = "at_least"
	AtMost  Relation = "at_most"
)

// Covers tells whether a step of the day is one of the preference's.
func (p Preference) Covers(step int) bool {
	switch {
	case p.FromStep < p.ToStep:
		return p.FromStep <= step && step < p.ToStep
	case p.FromStep > p.ToStep:
		return step >= p.FromStep || step < p.ToStep
	}
	return true
}

// Validate says what is wrong with the preference of a prosumer.
func (p Preference) Validate(x *community.Prosumer) error {
	switch {
	case !slices.Contains(Quantities, p.Quantity):
		return fmt.Errorf("quantity is %q: want one of %v", p.Quantity, Quantities)
	case p.Relation != AtLeast && p.Relation != AtMost:
		return fmt.Errorf("relation is %q: want %s or %s", p.Relation, AtLeast, AtMost)
	case math.IsNaN(p.Value) || math.IsInf(p.Value, 0):
		return fmt.Errorf("value is %v: want a number", p.Value)
	case p.Quantity == SOC && (p.Value < 0 || p.Value > 1):
		return fmt.Errorf("value of a state of charge is %v: want 0 to 1", p.Value)
	case p.FromStep < 0 || p.FromStep >= profile.StepsPerDay || p.ToStep < 0 || p.ToStep > profile.StepsPerDay:
		return fmt.Errorf("steps are %d to %d: want 0 to %d", p.FromStep, p.ToStep, profile.StepsPerDay)
	case p.Quantity == CDGKW && x.CDG == nil:
		return fmt.Errorf("%s: %s has no generator", p.Quantity, x.Name)
	case slices.Contains([]Quantity{SOC, ChargeKW, DischargeKW}, p.Quantity) && x.BESS == nil:
		return fmt.Errorf("%s: %s has no battery", p.Quantity, x.Name)
	case p.Quantity == ShedKW && x.CL == nil:
		return fmt.Errorf("%s: %s has no controllable load", p.Quantity, x.Name)
	}
	return nil
}

// String is the preference in words.
func (p Preference) String() string {
	what := map[Quantity]string{
		SOC: "state of charge", CDGKW: "generator", ChargeKW: "charging power", DischargeKW: "discharging power",
		ShedKW: "load shed", ImportKW: "power taken from the network", ExportKW: "power fed into the network",
	}[p.Quantity]
	value := fmt.Sprintf("%g kW", p.Value)
	if p.Quantity == SOC {
		value = fmt.Sprintf("%g %%", math.Round(p.Value*1e6)/1e4)
	}
	s := fmt.Sprintf("%s %s %s", what, strings.ReplaceAll(string(p.Relation), "_", " "), value)
	if p.FromStep != p.ToStep {
		s += fmt.Sprintf(" from %s to %s", ClockOf(p.FromStep), ClockOf(p.ToStep))
	}
	return s
}

// ClockOf returns the time at which a step of the day begins, such as 16:30;
// the end of the day is 24:00.
func ClockOf(step int) string {
	const perHour = profile.StepsPerDay / 24
	return fmt.Sprintf("%02d:%02d", step/perHour, step%perHour*60/perHour)
}

// StepAt returns the step of the day that begins at a time such as 16:30.
func StepAt(clock string) (int, error) {
	const perHour = profile.StepsPerDay / 24
	hours, minutes, _ := strings.Cut(clock, ":")
	h, err := strconv.ParseUint(hours, 10, 8)
	m, e := strconv.ParseUint(minutes, 10, 8)
	if err != nil || e != nil || h > 24 || m > 59 || h == 24 && m != 0 {
		return 0, fmt.Errorf("time is %q: want one such as 16:30", clock)
	}
	if m%(60/perHour) != 0 {
		return 0, fmt.Errorf("time is %s: want a quarter of an hour", clock)
	}
	return int(h)*perHour + int(m)/(60/perHour), nil
}
