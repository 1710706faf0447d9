package community

import (
	"math"
	"sync/atomic"

	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

// Calendar makes the days of a scenario in a year on a network. Days are made
// when first asked for and kept. It is safe for concurrent use.
type Calendar struct {
	scenario *Scenario
	year     *profile.Year
	network  *grid.Network

	norm       loadNorm
	sites      []site
	background []profile.Customer // of every bus, with ResidentialCommercial

	days, forecasts []atomic.Pointer[Day]
}

// site holds what is particular to one prosumer.
type site struct {
	customer   profile.Customer
	kvarPerKW  float64
	load       deviation
	renewables []deviation // one per unit of RDGs
	own        ownSeries
}

// NewCalendar checks the scenario against the network and reads the
// prosumers' own series.
func NewCalendar(s *Scenario, y *profile.Year, n *grid.Network) (*Calendar, error) {
	if err := s.Validate(n); err != nil {
		return nil, err
	}
	c := &Calendar{
		scenario: s, year: y, network: n,
		norm:       newLoadNorm(y),
		sites:      make([]site, len(s.Prosumers)),
		background: backgroundCustomers(n),
		days:       make([]atomic.Pointer[Day], y.Days()),
		forecasts:  make([]atomic.Pointer[Day], y.Days()),
	}
	for i := range s.Prosumers {
		p := &s.Prosumers[i]
		own, err := s.readOwn(i, y)
		if err != nil {
			return nil, err
		}
		c.sites[i] = site{
			customer:  customerOf[p.Archetype],
			kvarPerKW: math.Tan(math.Acos(p.PowerFactor)),
			load:      newDeviation(s.Seed, p.Name, "load", loadDeviation),
			own:       own,
		}
		for _, r := range p.RDGs {
			scale := solarDeviation
			if r.Kind == Wind {
				scale = windDeviation
			}
			c.sites[i].renewables = append(c.sites[i].renewables, newDeviation(s.Seed, p.Name, r.Kind, scale))
		}
	}
	return c, nil
}

// Day returns what happens on a day of the year.
func (c *Calendar) Day(day int) *Day {
	return kept(&c.days[day], func() *Day { return c.make(day, false) })
}

// Forecast returns what the day before knows of a day: the forecasts of the
// year, and of series without one what happened the day before (on the year's
// first day, what happens). It knows nothing of how a site deviates from its
// region.
func (c *Calendar) Forecast(day int) *Day {
	return kept(&c.forecasts[day], func() *Day { return c.make(day, true) })
}

// kept returns what slot holds, making it first where it is empty. Two callers
// at once may both make it; as the days are the same, either serves.
func kept(slot *atomic.Pointer[Day], make func() *Day) *Day {
	if d := slot.Load(); d != nil {
		return d
	}
	slot.CompareAndSwap(nil, make())
	return slot.Load()
}

// make computes a day, or its forecast.
func (c *Calendar) make(day int, forecast bool) *Day {
	prosumers, buses := c.scenario.Prosumers, len(c.network.Buses)
	d := &Day{
		Index: day, Date: c.year.Date(day),
		LoadKW: make([][]float64, len(prosumers)), LoadKvar: make([][]float64, len(prosumers)),
		AvailableKW:  make([][][]float64, len(prosumers)),
		BackgroundKW: matrix(profile.StepsPerDay, buses), BackgroundKvar: matrix(profile.StepsPerDay, buses),
	}
	shapes := make(map[profile.Customer]*[profile.StepsPerDay]float64)
	shapeOf := func(customer profile.Customer) *[profile.StepsPerDay]float64 {
		if shapes[customer] == nil {
			shape := profile.Shape(customer, d.Date)
			shapes[customer] = &shape
		}
		return shapes[customer]
	}
	// Times the calendar's shape, this is what the nation does beyond it.
	var nation [profile.StepsPerDay]float64
	for step := range nation {
		nation[step] = c.norm.factor(track(c.year.Load, stepOfYear(day, step), forecast), d.Date, step)
	}

	for i := range prosumers {
		p, site := &prosumers[i], &c.sites[i]
		load := make([]float64, profile.StepsPerDay)
		shape := shapeOf(site.customer)
		for step := range load {
			at := stepOfYear(day, step)
			switch {
			case site.own.loadKW != nil:
				load[step] = persist(site.own.loadKW, at, forecast)
			case forecast:
				load[step] = p.PeakLoadKW * shape[step] * nation[step]
			default:
				load[step] = p.PeakLoadKW * shape[step] * nation[step] * site.load.factor(at)
			}
		}
		d.LoadKW[i], d.LoadKvar[i] = load, scaled(load, site.kvarPerKW)
		d.AvailableKW[i] = make([][]float64, len(p.RDGs))
		for k := range p.RDGs {
			d.AvailableKW[i][k] = c.available(i, k, day, forecast)
		}
	}
	shapeAt := make([]*[profile.StepsPerDay]float64, buses)
	for bus := range shapeAt {
		shapeAt[bus] = shapeOf(c.background[bus])
	}
	for step := range d.BackgroundKW {
		share := track(c.year.Load, stepOfYear(day, step), forecast)
		for bus, b := range c.network.Buses {
			if c.scenario.Feeder.BackgroundShape == ResidentialCommercial {
				share = shapeAt[bus][step] * nation[step]
			}
			d.BackgroundKW[step][bus] = c.scenario.Feeder.BackgroundScale * share * b.DemandKW
			d.BackgroundKvar[step][bus] = c.scenario.Feeder.BackgroundScale * share * b.DemandKvar
		}
	}
	return d
}

// available returns what unit k of prosumer i could give on a day, in kW.
func (c *Calendar) available(i, k, day int, forecast bool) []float64 {
	unit, site := &c.scenario.Prosumers[i].RDGs[k], &c.sites[i]
	region, own := c.year.Solar, site.own.solarShare
	if unit.Kind == Wind {
		region, own = c.year.WindOnshore, site.own.windShare
	}
	kW := make([]float64, profile.StepsPerDay)
	for step := range kW {
		at := stepOfYear(day, step)
		var share float64
		switch {
		case own != nil:
			share = persist(own, at, forecast)
		case forecast:
			share = track(region, at, true)
		default:
			share = region.Actual[at] * site.renewables[k].factor(at)
		}
		kW[step] = unit.RatingKW * min(max(share, 0), 1)
	}
	return kW
}

// track returns the value of a track at a step of the year: what happens, or
// what the day before knew of it.
func track(t profile.Track, at int, forecast bool) float64 {
	if forecast && t.Forecast != nil {
		return t.Forecast[at]
	}
	return persist(t.Actual, at, forecast)
}

// persist returns values[at], or as a forecast the value a day before.
func persist(values []float64, at int, forecast bool) float64 {
	if forecast && at >= profile.StepsPerDay {
		at -= profile.StepsPerDay
	}
	return values[at]
}

// stepOfYear returns the index of a step of a day in a year's series.
func stepOfYear(day, step int) int { return day*profile.StepsPerDay + step }

func scaled(values []float64, by float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v * by
	}
	return out
}

// matrix returns rows of the same length over one block of memory.
func matrix(rows, columns int) [][]float64 {
	block := make([]float64, rows*columns)
	m := make([][]float64, rows)
	for i := range m {
		m[i] = block[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return m
}
