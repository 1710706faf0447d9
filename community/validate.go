package community

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/peerwatt/peerwatt/grid"
)

// Validate reports the first field of the scenario that cannot be: a value
// outside what it means, a name or bus that stands twice, a bus that the
// network lacks.
func (s *Scenario) Validate(n *grid.Network) error {
	if err := s.check(); err != nil {
		return err
	}
	for i := range s.Prosumers {
		p := &s.Prosumers[i]
		v := validator{path: fmt.Sprintf("prosumers[%d].", i), owner: p.Name}
		if _, ok := n.Index(p.Bus); !ok {
			v.fail("bus", p.Bus, fmt.Sprintf("a bus of network %s%s", n.Name, busRange(n)))
		}
		if p.Bus == n.Slack {
			v.fail("bus", p.Bus, "a bus beyond the substation, whose voltage is fixed")
		}
		if v.err != nil {
			return s.located(v.err)
		}
	}
	return nil
}

func busRange(n *grid.Network) string {
	if len(n.Buses) == 0 {
		return ""
	}
	lowest, highest := n.Buses[0].ID, n.Buses[0].ID
	for _, b := range n.Buses {
		lowest, highest = min(lowest, b.ID), max(highest, b.ID)
	}
	return fmt.Sprintf(", whose numbers lie from %d to %d", lowest, highest)
}

// check is Validate without a network.
func (s *Scenario) check() error {
	v := validator{}
	v.scenario(s)
	names, buses := map[string]int{}, map[int]int{}
	for i := range s.Prosumers {
		if v.err != nil {
			break
		}
		p := &s.Prosumers[i]
		v.path, v.owner = fmt.Sprintf("prosumers[%d].", i), p.Name
		if first, twice := names[p.Name]; twice {
			v.fail("name", p.Name, fmt.Sprintf("a name of its own (prosumers[%d] has it)", first))
		}
		if first, twice := buses[p.Bus]; twice {
			v.fail("bus", p.Bus, fmt.Sprintf("a bus of its own (prosumers[%d] has it)", first))
		}
		names[p.Name], buses[p.Bus] = i, i
		v.prosumer(p)
	}
	return s.located(v.err)
}

// located puts file and line before an error about a field.
func (s *Scenario) located(err error) error {
	var field fieldError
	if !errors.As(err, &field) {
		return err
	}
	if s.origin == nil {
		return fmt.Errorf("community %s: %w", s.Name, err)
	}
	return fmt.Errorf("%s: %w", s.origin.at(field.path), err)
}

// validator keeps the first error.
type validator struct {
	path, owner string
	err         error
}

func (v *validator) fail(field string, value any, want string) {
	if v.err == nil {
		v.err = fieldError{v.path + field, v.owner, value, want}
	}
}

// in requires lo <= value <= hi, which no NaN does.
func (v *validator) in(field string, value, lo, hi float64, want string) {
	if !(lo <= value && value <= hi) {
		v.fail(field, value, want)
	}
}

// amount requires a finite number from 0 that is no slip of a unit.
func (v *validator) amount(field string, value float64, unit string) {
	v.in(field, value, 0, largest, "a number of "+unit+" from 0 to 1e6")
}

// share requires a number from 0 to 1.
func (v *validator) share(field string, value float64) {
	v.in(field, value, 0, 1, "a share from 0 to 1 (not a percentage)")
}

// positive requires a finite number above 0.
func (v *validator) positive(field string, value float64, unit string) {
	v.in(field, value, math.SmallestNonzeroFloat64, largest, "a number of "+unit+" above 0, up to 1e6")
}

// largest is more than any prosumer on a distribution feeder has, in kW, kVA or
// kWh: above it somebody wrote W.
const largest = 1e6

var nameRule = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

func (v *validator) scenario(s *Scenario) {
	if !nameRule.MatchString(s.Name) {
		v.fail("name", fmt.Sprintf("%q", s.Name), "letters, digits, dots, - and _, up to 64")
	}
	f, r := &s.Feeder, &s.Reward
	v.in("feeder.substation_pu", f.SubstationPU, 0.8, 1.2, "a voltage in p.u. from 0.8 to 1.2")
	v.in("feeder.voltage_min_pu", f.VMinPU, 0.5, 1, "a voltage in p.u. from 0.5 to 1, such as 0.95")
	v.in("feeder.voltage_max_pu", f.VMaxPU, 1, 1.5, "a voltage in p.u. from 1 to 1.5, such as 1.05")
	if f.VMinPU == f.VMaxPU {
		v.fail("feeder.voltage_max_pu", f.VMaxPU, "more than voltage_min_pu")
	}
	v.in("feeder.background_scale", f.BackgroundScale, 0, 10, "a factor on the case's demand from 0 to 10")
	if f.BackgroundShape != Belgium && f.BackgroundShape != ResidentialCommercial {
		v.fail("feeder.background_shape", fmt.Sprintf("%q", f.BackgroundShape), fmt.Sprintf("%s or %s", Belgium, ResidentialCommercial))
	}
	v.in("reward.delta_per_cny", r.DeltaPerCNY, 0, largest, "a number from 0, such as 3e-4")
	v.in("reward.penalty_a", r.PenaltyA, 0, largest, "a number from 0, such as 0.1")
	v.in("reward.penalty_c", r.PenaltyC, 0, largest, "a number from 0, such as 10")
	v.in("reward.penalty_clip", r.PenaltyClip, 0, largest, "a number from 0, such as 1")
	v.in("reactive_price_per_kvar2h", s.ReactivePricePerKvar2h, 0, 1, "a tiny number from 0, such as 1e-6")
	if len(s.Prosumers) == 0 {
		v.fail("prosumers", "empty", "at least one prosumer")
	}
}

func (v *validator) prosumer(p *Prosumer) {
	if !nameRule.MatchString(p.Name) {
		v.fail("name", fmt.Sprintf("%q", p.Name), "letters, digits, dots, - and _, up to 64")
	}
	if !slices.Contains(Archetypes, p.Archetype) {
		v.fail("archetype", fmt.Sprintf("%q", p.Archetype), fmt.Sprintf("one of %v", Archetypes))
	}
	v.amount("peak_load_kw", p.PeakLoadKW, "kW")
	v.in("power_factor", p.PowerFactor, 0.1, 1, "a power factor from 0.1 to 1, such as 0.95")
	if p.CDG != nil {
		v.cdg(p.CDG)
	}
	if len(p.RDGs) > maxUnits {
		v.fail("rdgs", fmt.Sprintf("a list of %d", len(p.RDGs)), fmt.Sprintf("at most %d units", maxUnits))
	}
	for k := range p.RDGs {
		v.rdg(fmt.Sprintf("rdgs[%d].", k), &p.RDGs[k])
	}
	if p.BESS != nil {
		v.bess(p.BESS)
	}
	if p.CL != nil {
		v.share("cl.alpha", p.CL.Alpha)
		v.in("cl.compensation_per_kwh", p.CL.CompensationPerKWh, 0, maxPrice, "a price per kWh from 0 to 100")
	}
}

// maxUnits bounds the renewable units of one prosumer.
const maxUnits = 8

// maxPrice bounds prices per kWh: above it somebody wrote one per MWh.
const maxPrice = 100

func (v *validator) cdg(c *CDG) {
	v.amount("cdg.min_kw", c.MinKW, "kW")
	v.positive("cdg.max_kw", c.MaxKW, "kW")
	v.positive("cdg.ramp_kw", c.RampKW, "kW per step")
	if c.MinKW > c.MaxKW {
		v.fail("cdg.min_kw", c.MinKW, fmt.Sprintf("at most max_kw, which is %v", c.MaxKW))
	}
	if c.MinKW > c.RampKW {
		v.fail("cdg.min_kw", c.MinKW, fmt.Sprintf("at most ramp_kw, which is %v: days start at 0", c.RampKW))
	}
	v.in("cdg.quadratic_per_kw2h", c.QuadraticPerKW2h, 0, maxPrice, "a number from 0, such as 1e-3")
	v.in("cdg.linear_per_kwh", c.LinearPerKWh, 0, maxPrice, "a price per kWh from 0 to 100")
}

func (v *validator) rdg(at string, r *RDG) {
	if r.Kind != Wind && r.Kind != PV {
		v.fail(at+"kind", fmt.Sprintf("%q", r.Kind), Wind+" or "+PV)
	}
	v.positive(at+"rating_kw", r.RatingKW, "kW")
	v.in(at+"apparent_kva", r.ApparentKVA, r.RatingKW, largest, fmt.Sprintf("at least rating_kw, which is %v", r.RatingKW))
	v.share(at+"reactive_share", r.ReactiveShare)
	v.share(at+"min_available_share", r.MinAvailableShare)
}

func (v *validator) bess(b *BESS) {
	v.in("bess.min_kw", b.MinKW, -largest, 0, "kW from -1e6 to 0: the largest discharge, which is negative")
	v.amount("bess.max_kw", b.MaxKW, "kW")
	v.positive("bess.energy_kwh", b.EnergyKWh, "kWh")
	v.in("bess.efficiency", b.Efficiency, 0.1, 1, "an efficiency from 0.1 to 1, such as 0.95")
	// Days start at 0.3, 0.5 or 0.7: all must be inside.
	v.in("bess.soc_min", b.SOCMin, 0, 0.3, "a state of charge from 0 to 0.3 (days may start at 0.3)")
	v.in("bess.soc_max", b.SOCMax, 0.7, 1, "a state of charge from 0.7 to 1 (days may start at 0.7)")
	v.in("bess.maintenance_per_kwh", b.MaintenancePerKWh, 0, maxPrice, "a price per kWh from 0 to 100")
}
