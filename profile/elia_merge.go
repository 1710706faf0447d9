package profile

import (
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

func (r *record) series() [4]*[]float64 {
	return [...]*[]float64{&r.measured, &r.recent, &r.dayAhead, &r.capacity}
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
		for _, values := range r.series() {
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
	m.cut(0, last)
}

// cut leaves the steps from:to.
func (m *merged) cut(from, to int) {
	m.from, m.steps = m.from+int64(from)*stepSeconds, to-from
	for _, r := range m.records {
		r.present = r.present[from:to]
		for _, values := range r.series() {
			*values = (*values)[from:to]
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
