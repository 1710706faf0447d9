package profile

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// record is one series of one quantity on every quarter of an hour of a span,
// NaN where nothing is known. Power is in MW.
type record struct {
	name                                 string
	present                              []bool // the files have a row
	measured, recent, dayAhead, capacity []float64
}

// merged is what all files say of one quantity.
type merged struct {
	quantity Quantity
	from     int64 // Unix time of index 0
	steps    int
	records  []*record
}

func (m *merged) at(i int) time.Time { return time.Unix(m.from+int64(i)*stepSeconds, 0).UTC() }

// maxCells bounds the memory that wrong dates can demand: ten years of the 14
// regions of the sun.
const maxCells = 14 * 10 * 366 * StepsPerDay

// mergeFiles lays the rows of all files of one quantity out in time. Rows that
// say the same are counted; where they contradict each other, the first counts.
func mergeFiles(quantity Quantity, files []*eliaFile, found *findings) (*merged, error) {
	m := &merged{quantity: quantity}
	from, to := int64(math.MaxInt64), int64(math.MinInt64)
	index := make(map[string]int)
	for _, f := range files {
		first, last := f.span()
		from, to = min(from, first), max(to, last)
		for _, name := range f.series {
			if _, ok := index[name]; !ok {
				index[name] = len(index)
				m.records = append(m.records, &record{name: name})
			}
		}
	}
	m.from, m.steps = from, int((to-from)/stepSeconds)
	if m.steps*len(m.records) > maxCells {
		return nil, fmt.Errorf("%s: %d series from %s to %s are more than can be; is a year mistyped?",
			quantity, len(m.records), m.at(0).Format(time.DateOnly), m.at(m.steps).Format(time.DateOnly))
	}
	for _, r := range m.records {
		r.present = make([]bool, m.steps)
		for _, values := range []*[]float64{&r.measured, &r.recent, &r.dayAhead, &r.capacity} {
			*values = unknown(m.steps)
		}
	}
	for _, f := range files {
		for _, row := range f.rows {
			m.put(m.records[index[f.series[row.series]]], row, found)
		}
	}
	m.cutFuture(found)
	return m, nil
}

// cutFuture leaves out the end where only forecasts are known: near-real-time data reach a
// week ahead. A short end without measurements is a gap like any other; the last quarter of
// an hour of most days is one.
func (m *merged) cutFuture(found *findings) {
	last := 0 // end of what is measured
	for _, r := range m.records {
		for i := m.steps - 1; i >= last; i-- {
			if !math.IsNaN(r.measured[i]) {
				last = i + 1
				break
			}
		}
	}
	if last == 0 || m.steps-last <= maxInterpolated {
		return
	}
	for i := last; i < m.steps; i++ {
		found.add(m.quantity, "", "quarters of an hour after the last measurement", "left out", m.at(i))
	}
	m.steps = last
	for _, r := range m.records {
		r.present = r.present[:last]
		for _, values := range []*[]float64{&r.measured, &r.recent, &r.dayAhead, &r.capacity} {
			*values = (*values)[:last]
		}
	}
}

func unknown(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}

func (m *merged) put(r *record, row eliaRow, found *findings) {
	i := int((row.at - m.from) / stepSeconds)
	if !r.present[i] {
		r.present[i] = true
		r.measured[i], r.recent[i], r.dayAhead[i], r.capacity[i] = row.measured, row.recent, row.dayAhead, row.capacity
		return
	}
	same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	if same(r.measured[i], row.measured) && same(r.recent[i], row.recent) && same(r.dayAhead[i], row.dayAhead) && same(r.capacity[i], row.capacity) {
		found.add(m.quantity, r.name, "rows that repeat another", "taken once", m.at(i))
		return
	}
	found.add(m.quantity, r.name, "rows that contradict another", "the first read counts", m.at(i))
}

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
		name, m.at(from).Format("2006-01-02T15:04Z"), m.at(to).Format("2006-01-02T15:04Z"), to-from, maxInterpolated)
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

var errNoFiles = errors.New("no files of Elia's (.csv or .json, plain or .gz)")
