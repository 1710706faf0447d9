package profile

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"time"
)

// A Series is what one prosumer measured, one value for each step of a year. What the file
// has no column for is nil.
type Series struct {
	LoadKW         []float64 // >= 0, consumed
	SolarKW        []float64 // >= 0, available from the sun
	WindKW         []float64 // >= 0, available from wind
	PriceEURPerKWh []float64
}

const priceColumn = "price_eur_per_kwh"

// seriesColumns are the columns of such a file, besides datetime_utc.
var seriesColumns = [...]string{"load_kw", "solar_kw", "wind_kw", priceColumn}

// What is beyond these is a mistake of the unit.
const (
	maxKW    = 1e6
	maxPrice = 20 // EUR/kWh, more than any market clears at
)

func (s *Series) columns() [len(seriesColumns)]*[]float64 {
	return [...]*[]float64{&s.LoadKW, &s.SolarKW, &s.WindKW, &s.PriceEURPerKWh}
}

const timeColumnUTC = "datetime_utc"

// ReadSeries reads a prosumer's own series for the year y from a CSV file with the columns
// datetime_utc and one or more of load_kw, solar_kw, wind_kw and price_eur_per_kwh, comma or
// semicolon between them. Rows are the means over the time from their start to the next
// row's, oldest first, without gaps. Their distance must divide 15 minutes (then they are
// averaged) or be a multiple of 15 minutes (then they are held); the file must cover the year and
// may cover more.
func ReadSeries(path string, y *Year) (Series, error) {
	f, err := os.Open(path)
	if err != nil {
		return Series{}, err
	}
	defer f.Close()
	s, err := parseSeries(f, y)
	if err != nil {
		return Series{}, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func parseSeries(r io.Reader, y *Year) (Series, error) {
	table, err := openTable(r)
	if err != nil {
		return Series{}, err
	}
	header, line, err := table.next()
	if err != nil {
		return Series{}, fmt.Errorf("no header: %w", err)
	}
	layout, err := seriesLayout(header)
	if err != nil {
		return Series{}, fmt.Errorf("line %d: %w", line, err)
	}
	sampler := sampler{start: y.Start.Unix(), steps: len(y.Load.Actual), columns: len(layout) - 1}
	for {
		record, line, err := table.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Series{}, err
		}
		if err := sampler.row(record, layout); err != nil {
			return Series{}, fmt.Errorf("line %d: %w", line, err)
		}
	}
	sampled, err := sampler.finish()
	if err != nil {
		return Series{}, err
	}
	var s Series
	for i, column := range layout[1:] {
		*s.columns()[column.kind] = sampled[i]
	}
	return s, nil
}

// seriesColumn is one column of the file: which it is and where it stands.
type seriesColumn struct {
	name     string
	kind, at int // kind is an index into seriesColumns, -1 for the time
}

// seriesLayout finds the columns; the time comes first. A name it does not know is an
// error, and says so if only the unit is wrong.
func seriesLayout(header []string) ([]seriesColumn, error) {
	layout := []seriesColumn{{name: timeColumnUTC, kind: -1, at: -1}}
	for at, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == timeColumnUTC {
			layout[0].at = at
			continue
		}
		kind := slices.Index(seriesColumns[:], name)
		if kind < 0 {
			return nil, unknownColumn(name)
		}
		if slices.ContainsFunc(layout, func(c seriesColumn) bool { return c.name == name }) {
			return nil, fmt.Errorf("column %s appears twice", name)
		}
		layout = append(layout, seriesColumn{name, kind, at})
	}
	if layout[0].at < 0 {
		return nil, fmt.Errorf("no column %s (times are UTC)", timeColumnUTC)
	}
	if len(layout) == 1 {
		return nil, fmt.Errorf("no column of %s", strings.Join(seriesColumns[:], ", "))
	}
	return layout, nil
}

func unknownColumn(name string) error {
	for _, known := range seriesColumns {
		if quantity, unit, _ := strings.Cut(known, "_"); strings.HasPrefix(name, quantity) {
			return fmt.Errorf("column %q: want %s, in %s", name, known, unitNames[unit])
		}
	}
	if strings.HasPrefix(name, "date") || strings.HasPrefix(name, "time") {
		return fmt.Errorf("column %q: want %s, in UTC", name, timeColumnUTC)
	}
	return fmt.Errorf("column %q is none of %s, %s", name, timeColumnUTC, strings.Join(seriesColumns[:], ", "))
}

var unitNames = map[string]string{"kw": "kW", "eur_per_kwh": "EUR/kWh"}

// sampler brings rows of any resolution to the steps of a year.
type sampler struct {
	start   int64 // of the year, Unix seconds
	steps   int
	columns int

	first, last int64       // starts of the first and of the last row
	resolution  int64       // seconds between rows, 0 until two are known
	values      [][]float64 // by column, one per row
}

// row checks one row and keeps it.
func (s *sampler) row(record []string, layout []seriesColumn) error {
	field := func(c seriesColumn) string {
		if c.at < len(record) {
			return strings.TrimSpace(record[c.at])
		}
		return ""
	}
	text := field(layout[0])
	when, err := parseStamp(text)
	if err != nil {
		return err
	}
	if err := s.follow(when.at.Unix(), text); err != nil {
		return err
	}
	if s.values == nil {
		s.values = make([][]float64, s.columns)
	}
	for i, c := range layout[1:] {
		v, err := number(field(c))
		switch {
		case err != nil:
			return fmt.Errorf("%s at %s: %w", c.name, text, err)
		case math.IsNaN(v):
			return fmt.Errorf("%s at %s is missing; a series has no gaps", c.name, text)
		case c.name == priceColumn && math.Abs(v) > maxPrice:
			return fmt.Errorf("%s at %s is %g, more than %d EUR/kWh; is it per MWh?", c.name, text, v, maxPrice)
		case c.name != priceColumn && v < 0:
			return fmt.Errorf("%s at %s is %g, want >= 0 (generation goes into solar_kw or wind_kw)", c.name, text, v)
		case c.name != priceColumn && v > maxKW:
			return fmt.Errorf("%s at %s is %g, more than a gigawatt; is it in W?", c.name, text, v)
		}
		s.values[i] = append(s.values[i], v)
	}
	return nil
}

// follow checks that a row follows the one before at the file's resolution.
func (s *sampler) follow(at int64, text string) error {
	rows := 0
	if s.values != nil {
		rows = len(s.values[0])
	}
	apart := at - s.last
	switch {
	case rows == 0:
		s.first = at
	case apart <= 0:
		return fmt.Errorf("%s does not come after the row before; rows go from oldest to newest", text)
	case rows == 1:
		if stepSeconds%apart != 0 && apart%stepSeconds != 0 {
			return fmt.Errorf("rows are %v apart; want a time that divides 15 minutes or is a multiple of it", time.Duration(apart)*time.Second)
		}
		if (s.first-s.start)%min(apart, stepSeconds) != 0 {
			return fmt.Errorf("rows start at %s, which is not in step with quarters of an hour", time.Unix(s.first, 0).UTC().Format(time.RFC3339))
		}
		s.resolution = apart
	case apart != s.resolution:
		return fmt.Errorf("%s comes %v after the row before, want %v", text, time.Duration(apart)*time.Second, time.Duration(s.resolution)*time.Second)
	}
	s.last = at
	return nil
}

// finish returns the columns in steps.
func (s *sampler) finish() ([][]float64, error) {
	if s.resolution == 0 {
		return nil, errors.New("a series needs at least two rows")
	}
	end := s.start + int64(s.steps)*stepSeconds
	if s.first > s.start || s.last+s.resolution < end {
		utc := func(at int64) string { return time.Unix(at, 0).UTC().Format(stampForm) }
		return nil, fmt.Errorf("rows cover %s to %s, the year needs %s to %s (days are cut at midnight of UTC+1)",
			utc(s.first), utc(s.last+s.resolution), utc(s.start), utc(end))
	}
	out := make([][]float64, s.columns)
	for c, values := range s.values {
		out[c] = make([]float64, s.steps)
		for i := range out[c] {
			at := s.start + int64(i)*stepSeconds - s.first
			row := at / s.resolution
			if s.resolution >= stepSeconds {
				out[c][i] = values[row]
				continue
			}
			out[c][i] = mean(values[row : row+stepSeconds/s.resolution])
		}
	}
	return out, nil
}
