package profile

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Quantity is what one of Elia's files is about.
type Quantity string

// The quantities a year is made of.
const (
	LoadQuantity  Quantity = "load"
	SolarQuantity Quantity = "solar"
	WindQuantity  Quantity = "wind"
	PriceQuantity Quantity = "price"
)

// eliaFile is one of Elia's files, read but not repaired.
type eliaFile struct {
	path     string
	quantity Quantity
	series   []string  // names of the parts: regions, kinds of connection
	rows     []eliaRow // in the order of the file
	form     string
	remarks  []string // lines before the header that start with #
	findings findings
}

func (f *eliaFile) report() FileReport {
	from, to := f.span()
	return FileReport{
		Path: f.path, Quantity: f.quantity, Form: f.form, Order: f.order(), Rows: len(f.rows),
		From: time.Unix(from, 0).UTC(), To: time.Unix(to, 0).UTC(), Series: f.series,
	}
}

// span returns the start of the first quarter of an hour and the end of the last.
func (f *eliaFile) span() (from, to int64) {
	from, to = math.MaxInt64, math.MinInt64
	for _, row := range f.rows {
		from, to = min(from, row.at), max(to, row.at+stepSeconds)
	}
	return from, to
}

// eliaRow is one quarter of an hour of one series. Power is in MW, a price (in
// measured) in EUR/MWh; NaN where the file has nothing.
type eliaRow struct {
	at                                   int64 // Unix time of the start, seconds
	series                               int   // index into the file's series
	measured, recent, dayAhead, capacity float64
}

// column is what a column of Elia's files holds.
type column int

const (
	timeColumn column = iota
	resolutionColumn
	regionColumn
	shoreColumn
	connectionColumn
	measuredColumn
	recentColumn
	dayAheadColumn
	capacityColumn
	columns
)

// columnNames lists the names a column goes by: in the technical export, in the
// labelled export, in the compact form. Names are compared by their letters and
// digits alone. The first that a file has is taken, so the order matters: the
// day-ahead forecast of 11 o'clock before that of 18 o'clock.
var columnNames = [columns][]string{
	timeColumn:       {"datetime", "datetimeutc"},
	resolutionColumn: {"resolutioncode"},
	regionColumn:     {"region"},
	shoreColumn:      {"offshoreonshore"},
	connectionColumn: {"gridconnectiontype"},
	measuredColumn:   {"measured", "measuredmw", "measuredupscaled", "realtime"},
	recentColumn:     {"mostrecentforecast", "mostrecentforecastmw"},
	dayAheadColumn: {"dayahead11hforecast", "dayahead11amforecast", "dayahead11hmw",
		"dayaheadforecast", "dayahead6pmforecast", "loaddayaheadmw"},
	capacityColumn: {"monitoredcapacity", "monitoredcapacitymw"},
}

// measuredOf tells load and price, which have no column "measured", apart.
var measuredOf = map[Quantity][]string{
	LoadQuantity:  {"totalload", "loadactualmw", "eliagridload"},
	PriceQuantity: {"imbalanceprice", "positiveimbalanceprice"},
}

// readEliaFile reads one file in any form Elia publishes or the compact form,
// compressed or not.
func readEliaFile(path string) (*eliaFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parseElia(path, f)
}

func parseElia(path string, r io.Reader) (*eliaFile, error) {
	file, err := parseEliaRows(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	file.path = path
	return file, nil
}

func parseEliaRows(r io.Reader) (*eliaFile, error) {
	table, err := openTable(r)
	if err != nil {
		return nil, err
	}
	header, _, err := table.next()
	if err != nil {
		return nil, fmt.Errorf("no header: %w", err)
	}
	layout, quantity, err := findColumns(header)
	if err != nil {
		return nil, err
	}
	file := &eliaFile{quantity: quantity, form: table.form, remarks: table.remarks}
	parser := rowParser{
		layout: layout, file: file, known: make(map[string]int),
		utc: strings.HasSuffix(lettersAndDigits(header[layout[timeColumn]]), "utc"),
	}
	for {
		record, line, err := table.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := parser.row(record); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	if len(file.rows) == 0 {
		return nil, errors.New("the file has a header and no rows")
	}
	parser.placeLocalTimes()
	if len(file.rows) == 0 {
		return nil, errors.New("no row has a time that exists")
	}
	return file, nil
}

// findColumns locates the columns and tells what the file is about.
func findColumns(header []string) (layout [columns]int, quantity Quantity, err error) {
	names := make(map[string]int, len(header))
	for i, name := range slices.Backward(header) {
		names[lettersAndDigits(name)] = i
	}
	find := func(candidates []string) int {
		for _, name := range candidates {
			if i, ok := names[name]; ok {
				return i
			}
		}
		return -1
	}
	for c, candidates := range columnNames {
		layout[c] = find(candidates)
	}
	load, price := find(measuredOf[LoadQuantity]), find(measuredOf[PriceQuantity])
	switch {
	case price >= 0:
		quantity, layout[measuredColumn] = PriceQuantity, price
	case load >= 0:
		quantity, layout[measuredColumn] = LoadQuantity, load
	case layout[measuredColumn] < 0:
	case layout[shoreColumn] >= 0 && layout[capacityColumn] >= 0:
		quantity = WindQuantity
	case layout[regionColumn] >= 0 && layout[capacityColumn] >= 0:
		quantity = SolarQuantity
	case layout[regionColumn] < 0 && layout[capacityColumn] < 0:
		quantity = LoadQuantity // near real time, where load, too, is called measured
	}
	if quantity == "" || layout[timeColumn] < 0 {
		return layout, "", fmt.Errorf("the columns %s are not those of Elia's load (ods001), wind (ods031), solar (ods032) or imbalance price (ods134)",
			strings.Join(header, ", "))
	}
	return layout, quantity, nil
}

func lettersAndDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return -1
	}, s)
}

// rowParser turns records into rows of a file.
type rowParser struct {
	layout [columns]int
	file   *eliaFile
	known  map[string]int // series by name
	utc    bool           // a time without an offset is UTC, not the clock of Brussels
	bare   []int          // rows whose time is local
}

func (p *rowParser) field(record []string, c column) string {
	if i := p.layout[c]; i >= 0 && i < len(record) {
		return strings.TrimSpace(record[i])
	}
	return ""
}

func (p *rowParser) row(record []string) error {
	if code := p.field(record, resolutionColumn); code != "" && code != "PT15M" {
		return fmt.Errorf("resolution %q, want PT15M", code)
	}
	when, err := parseStamp(p.field(record, timeColumn))
	if err != nil {
		return err
	}
	if when.at.Unix()%stepSeconds != 0 {
		return fmt.Errorf("%s does not start a quarter of an hour", p.field(record, timeColumn))
	}
	row := eliaRow{at: when.at.Unix(), series: p.seriesOf(record)}
	for _, value := range [...]struct {
		column column
		into   *float64
	}{{measuredColumn, &row.measured}, {recentColumn, &row.recent}, {dayAheadColumn, &row.dayAhead}, {capacityColumn, &row.capacity}} {
		if *value.into, err = number(p.field(record, value.column)); err != nil {
			return err
		}
	}
	if when.bare && !p.utc {
		p.bare = append(p.bare, len(p.file.rows))
	}
	p.file.rows = append(p.file.rows, row)
	return nil
}

// seriesOf names the part of the country a record is about.
func (p *rowParser) seriesOf(record []string) int {
	var parts []string
	for _, c := range [...]column{shoreColumn, regionColumn, connectionColumn} {
		if part := p.field(record, c); part != "" {
			parts = append(parts, part)
		}
	}
	name := strings.Join(parts, " ")
	series, ok := p.known[name]
	if !ok {
		series = len(p.file.series)
		p.known[name] = series
		p.file.series = append(p.file.series, name)
	}
	return series
}

// number reads a finite number; an empty field is NaN, for missing.
func number(s string) (float64, error) {
	if s == "" {
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is not a finite number with a decimal point", s)
	}
	return v, nil
}
