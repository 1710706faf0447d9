package profile

import (
	"fmt"
	"math"
)

// Repairs of a missing measurement, in the order in which they are tried.
const (
	byForecast      = "replaced by Elia's most recent forecast"
	byInterpolation = "interpolated"
	maxInterpolated = 4 // steps
)

// farAbove is the multiple of the capacity up to which a measurement is taken for
// new plants that the capacity does not count yet. Beyond it is a mistake.
const farAbove = 1.05

// repair makes every measurement of the record one that the rest can rely on:
// known and between 0 and the capacity.
func (m *merged) repair(r *record, found *findings) error {
	m.repairCapacity(r, found)
	flaws := make(map[int]string) // of those that are still unknown
	for i, v := range r.measured {
		flaw := ""
		switch {
		case !r.present[i]:
			flaw = "quarters of an hour without a row"
		case math.IsNaN(v), m.quantity == LoadQuantity && v <= 0:
			flaw = "missing measured values"
		case m.quantity == PriceQuantity:
		case v > farAbove*r.capacity[i]: // false where there is no capacity
			flaw = "measured values above the capacity"
		case v > r.capacity[i]:
			found.add(m.quantity, r.name, "measured values just above the capacity", "cut to the capacity", m.at(i))
			r.measured[i] = r.capacity[i]
		case v < 0:
			found.add(m.quantity, r.name, "negative values (own consumption)", "set to 0", m.at(i))
			r.measured[i] = 0
		}
		switch {
		case flaw == "":
		case math.IsNaN(r.recent[i]) || m.quantity == LoadQuantity && r.recent[i] <= 0:
			r.measured[i], flaws[i] = math.NaN(), flaw
		default:
			r.measured[i] = max(0, r.recent[i])
			if r.measured[i] > r.capacity[i] {
				r.measured[i] = r.capacity[i]
			}
			found.add(m.quantity, r.name, flaw, byForecast, m.at(i))
		}
	}
	return m.interpolate(r, flaws, found)
}

// interpolate fills short gaps between two known measurements.
func (m *merged) interpolate(r *record, flaws map[int]string, found *findings) error {
	for i := 0; i < m.steps; i++ {
		if !math.IsNaN(r.measured[i]) {
			continue
		}
		end := i
		for end < m.steps && math.IsNaN(r.measured[end]) {
			end++
		}
		if i == 0 || end == m.steps || end-i > maxInterpolated {
			return m.gap(r, i, end)
		}
		for k := i; k < end; k++ {
			r.measured[k] = between(r.measured, i, end, k)
			found.add(m.quantity, r.name, flaws[k], byInterpolation, m.at(k))
		}
		i = end
	}
	return nil
}

// gap says what is missing and too long to guess.
func (m *merged) gap(r *record, from, to int) error {
	name := string(m.quantity)
	if r.name != "" {
		name += " (" + r.name + ")"
	}
	return fmt.Errorf("%s: neither measured nor forecast from %s to %s (%d quarters of an hour, at most %d are interpolated); add the file that has them or leave the day out",
		name, m.at(from).Format(stampForm), m.at(to).Format(stampForm), to-from, maxInterpolated)
}

// repairCapacity carries the last known capacity on, and the first one back.
func (m *merged) repairCapacity(r *record, found *findings) {
	if m.quantity != SolarQuantity && m.quantity != WindQuantity {
		return
	}
	last := math.NaN()
	for _, c := range r.capacity {
		if c > 0 {
			last = c
			break
		}
	}
	for i, c := range r.capacity {
		if c > 0 {
			last = c
			continue
		}
		r.capacity[i] = last
		if r.present[i] {
			found.add(m.quantity, r.name, "missing capacities", "the nearest one before counts", m.at(i))
		}
	}
}

// knownBefore is how far back a measurement must lie to be known at noon of the
// day before.
const knownBefore = 2 * StepsPerDay

// repairForecast fills gaps of the day-ahead forecast with what was known when it
// should have been made. It returns nil where the files have none at all. It
// expects repaired measurements.
func (m *merged) repairForecast(r *record, found *findings) []float64 {
	any := false
	for _, v := range r.dayAhead {
		any = any || !math.IsNaN(v)
	}
	if !any {
		return nil
	}
	forecast := r.dayAhead
	for i := 0; i < m.steps; i++ {
		if !math.IsNaN(forecast[i]) {
			continue
		}
		end := i
		for end < m.steps && math.IsNaN(forecast[end]) {
			end++
		}
		short := i > 0 && end < m.steps && end-i <= maxInterpolated
		for k := i; k < end; k++ {
			repair := ""
			switch {
			case short:
				forecast[k], repair = between(forecast, i, end, k), byInterpolation
			case k >= knownBefore:
				forecast[k], repair = r.measured[k-knownBefore], "replaced by the measurement of two days before"
			case !math.IsNaN(r.recent[k]):
				forecast[k], repair = r.recent[k], byForecast+", which was not known the day before"
			default:
				forecast[k], repair = r.measured[k], "replaced by the measurement, which was not known the day before"
			}
			found.add(m.quantity, r.name, "missing day-ahead forecasts", repair, m.at(k))
		}
		i = end
	}
	return forecast
}

// between is the value at k on the line over the unknown series[from:to].
func between(series []float64, from, to, k int) float64 {
	before, after := series[from-1], series[to]
	return before + (after-before)*float64(k-from+1)/float64(to-from+1)
}

// pick returns the records that make up one track, or an error that names what
// there is.
func (m *merged) pick(want func(name string) bool, what string) ([]*record, error) {
	var picked []*record
	for _, r := range m.records {
		if want(r.name) {
			picked = append(picked, r)
		}
	}
	if len(picked) == 0 {
		return nil, fmt.Errorf("%s: no rows of %s", m.quantity, what)
	}
	return picked, nil
}

// track repairs the records and adds them up, as a fraction of their capacity.
func (m *merged) track(parts []*record, found *findings) (Track, error) {
	capacity := make([]float64, m.steps)
	t := Track{Actual: make([]float64, m.steps), Forecast: make([]float64, m.steps)}
	for _, r := range parts {
		if err := m.repair(r, found); err != nil {
			return Track{}, err
		}
		forecast := m.repairForecast(r, found)
		if forecast == nil {
			t.Forecast = nil
		}
		for i := range capacity {
			if !(r.capacity[i] > 0) {
				return Track{}, fmt.Errorf("%s (%s): no capacity at any time", m.quantity, r.name)
			}
			capacity[i] += r.capacity[i]
			t.Actual[i] += r.measured[i]
			if t.Forecast != nil {
				t.Forecast[i] += forecast[i]
			}
		}
	}
	for i, c := range capacity {
		t.Actual[i] /= c
		if t.Forecast == nil {
			continue
		}
		f := t.Forecast[i] / c
		if f < 0 || f > 1 {
			found.add(m.quantity, "", "day-ahead forecasts below 0 or above the capacity", "cut", m.at(i))
		}
		t.Forecast[i] = min(1, max(0, f))
	}
	return t, nil
}
