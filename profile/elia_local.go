package profile

import (
	"math"
	"slices"
	"time"
)

// skipped marks a row whose local time no clock ever showed.
const skipped = math.MinInt64

// placeLocalTimes turns the bare local times of a file into instants. In the
// hour that the end of summer repeats, a series holds each time twice: in a file
// with the newest row first, the first of the two is the later one.
func (p *rowParser) placeLocalTimes() {
	type place struct {
		series int
		bare   int64
	}
	rows, f := p.file.rows, p.file
	newest := f.newestFirst()
	first := make(map[place]int) // row that showed a time of the repeated hour, until its twin is met
	var once []place
	for _, i := range p.bare {
		row := &rows[i]
		key := place{row.series, row.at}
		summer, winter, kind := brusselsInstants(time.Unix(row.at, 0).UTC())
		row.at = summer.Unix()
		twin, met := first[key]
		switch {
		case kind == neverLocal:
			f.findings.add(f.quantity, f.series[row.series], "local times that the clocks skipped", "left out", winter)
			row.at = skipped
		case kind == twiceLocal && !met:
			first[key] = i
			once = append(once, key)
		case kind == twiceLocal && newest:
			rows[twin].at = winter.Unix()
			delete(first, key)
		case kind == twiceLocal:
			row.at = winter.Unix()
			delete(first, key)
		}
	}
	for _, key := range once {
		if i, alone := first[key]; alone {
			f.findings.add(f.quantity, f.series[key.series], "local times of the repeated hour that occur once",
				"taken as summer time", time.Unix(rows[i].at, 0))
		}
	}
	f.rows = slices.DeleteFunc(rows, func(r eliaRow) bool { return r.at == skipped })
}

// steps counts how often the next row is later and how often it is earlier.
func (f *eliaFile) steps() (up, down int) {
	for i := 1; i < len(f.rows); i++ {
		switch {
		case f.rows[i].at > f.rows[i-1].at:
			up++
		case f.rows[i].at < f.rows[i-1].at:
			down++
		}
	}
	return up, down
}

func (f *eliaFile) newestFirst() bool {
	up, down := f.steps()
	return down > up
}

// order names the order of the rows. A file may hold one series after the
// other, and then steps back once between two.
func (f *eliaFile) order() string {
	up, down := f.steps()
	switch {
	case min(up, down) >= len(f.series):
		return "mixed"
	case down > up:
		return "newest first"
	}
	return "oldest first"
}
