package profile

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// A Customer is a class of consumer with a typical day.
type Customer int

// The classes. Household, Commerce and Farm are the standard load profiles
// H25, G25 and L25 of BDEW, Industry is G3 (works around the clock), Mixed is
// what hangs on an energy hub: households, commerce and industry at equal
// peaks.
const (
	Household Customer = iota
	Commerce
	Farm
	Industry
	Mixed
)

func (c Customer) String() string {
	if c < Household || c > Mixed {
		return fmt.Sprintf("Customer(%d)", int(c))
	}
	return [...]string{"household", "commerce", "farm", "industry", "mixed"}[c]
}

// Shape returns the load of a customer on the day that starts at date (midnight
// in UTC+1, as Year.Date gives it), one value per step, as a fraction of the
// customer's highest load of that year. Customers live by the clock of
// Brussels, so their day moves by an hour in summer.
func Shape(c Customer, date time.Time) [StepsPerDay]float64 {
	peak := 1 / yearlyPeak(c, date.In(zone).Year())
	shape := unscaledShape(c, date)
	for i := range shape {
		shape[i] *= peak
	}
	return shape
}

// unscaledShape is Shape in the units of the tables, which differ by class.
func unscaledShape(c Customer, date time.Time) (shape [StepsPerDay]float64) {
	if c == Mixed {
		for _, part := range [...]Customer{Household, Commerce, Industry} {
			for i, v := range Shape(part, date) {
				shape[i] += v / 3
			}
		}
		return shape
	}
	tables := loadTables()
	// Clocks change at 01:00 UTC, on a whole hour: one look per hour is enough.
	for hour := range 24 {
		local := date.Add(time.Duration(hour) * time.Hour).In(brussels)
		first := 4 * local.Hour()
		copy(shape[4*hour:], tables.day(c, local)[first:first+4])
		if c == Household {
			for i := 4 * hour; i < 4*hour+4; i++ {
				shape[i] *= householdSeason(local.YearDay())
			}
		}
	}
	return shape
}

// peakKey names one entry of peaks.
type peakKey struct {
	customer Customer
	year     int
}

// peaks remembers the highest value of each class and year.
var peaks sync.Map // peakKey -> float64

func yearlyPeak(c Customer, year int) float64 {
	key := peakKey{c, year}
	if peak, ok := peaks.Load(key); ok {
		return peak.(float64)
	}
	peak := 0.0
	for day := time.Date(year, time.January, 1, 0, 0, 0, 0, zone); day.Year() == year; day = day.AddDate(0, 0, 1) {
		for _, v := range unscaledShape(c, day) {
			peak = max(peak, v)
		}
	}
	peaks.Store(key, peak)
	return peak
}

// monthly is a table of BDEW's 2025 generation, by month, day type and quarter
// of the local day.
type monthly [12][3][StepsPerDay]float64

// weekly is a table of the 1999 generation, by season, weekday (Monday is 0)
// and quarter of the local day.
type weekly [3][7][StepsPerDay]float64

type shapeTables struct {
	household, commerce, farm monthly
	industry                  weekly
}

// day returns the table of the date.
func (t *shapeTables) day(c Customer, local time.Time) *[StepsPerDay]float64 {
	month := local.Month() - 1
	switch c {
	case Household:
		return &t.household[month][dayTypeOf(local)]
	case Commerce:
		return &t.commerce[month][dayTypeOf(local)]
	case Farm:
		return &t.farm[month][dayTypeOf(local)]
	case Industry:
		return &t.industry[seasonOf(local)][weekdayOf(local)]
	}
	panic(fmt.Sprintf("profile: no customer %v", c))
}

// householdSeason is BDEW's polynomial that carries the season of H25; day is 1
// on 1 January.
func householdSeason(day int) float64 {
	t := float64(day)
	return 1.24 + t*(2.10e-3+t*(-7.02e-5+t*(3.20e-7-t*3.92e-10)))
}

// The seasons of the 1999 generation, in the order of the table.
const (
	summer = iota
	winter
	transition
)

// seasonOf: winter is 1 November to 20 March, summer 15 May to 14 September.
func seasonOf(local time.Time) int {
	switch monthDay := 100*int(local.Month()) + local.Day(); {
	case monthDay >= 1101 || monthDay <= 320:
		return winter
	case monthDay >= 515 && monthDay <= 914:
		return summer
	}
	return transition
}

var (
	//go:embed bdew/bdew_h25.csv.gz
	h25 []byte
	//go:embed bdew/bdew_g25.csv.gz
	g25 []byte
	//go:embed bdew/bdew_l25.csv.gz
	l25 []byte
	//go:embed bdew/bdew_slp_15min_daytypes_selp_series.csv.gz
	slp1999 []byte
)

// loadTables reads the tables once. They are part of the program and tests read
// them, so an error is a mistake in building it.
var loadTables = sync.OnceValue(func() *shapeTables {
	t := new(shapeTables)
	for _, table := range []struct {
		compressed []byte
		into       *monthly
	}{{h25, &t.household}, {g25, &t.commerce}, {l25, &t.farm}} {
		if err := readMonthly(table.compressed, table.into); err != nil {
			panic("profile: a BDEW table is broken: " + err.Error())
		}
	}
	if err := readWeekly(slp1999, "g3", &t.industry); err != nil {
		panic("profile: a BDEW table is broken: " + err.Error())
	}
	return t
})

func readCompressedCSV(compressed []byte) ([][]string, error) {
	unzip, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, err
	}
	return csv.NewReader(unzip).ReadAll()
}

// readMonthly reads two rows of headings, then 96 quarters of 12 x (SA, FT, WT).
func readMonthly(compressed []byte, into *monthly) error {
	rows, err := readCompressedCSV(compressed)
	if err != nil {
		return err
	}
	if len(rows) != 2+StepsPerDay || len(rows[0]) != 1+12*3 {
		return fmt.Errorf("%d rows of %d columns", len(rows), len(rows[0]))
	}
	for column, name := range rows[1][1:] {
		if want := [...]string{"SA", "FT", "WT"}[column%3]; name != want {
			return fmt.Errorf("column %d is %q, want %q", column+1, name, want)
		}
		for quarter := range StepsPerDay {
			v, err := strconv.ParseFloat(rows[2+quarter][1+column], 64)
			if err != nil {
				return err
			}
			into[column/3][column%3][quarter] = v
		}
	}
	return nil
}

// readWeekly reads one column of the series of three weeks.
func readWeekly(compressed []byte, column string, into *weekly) error {
	rows, err := readCompressedCSV(compressed)
	if err != nil {
		return err
	}
	at := -1
	for i, name := range rows[0] {
		if name == column {
			at = i
		}
	}
	if at < 0 || len(rows) != 1+3*7*StepsPerDay {
		return fmt.Errorf("%d rows, column %q at %d", len(rows), column, at)
	}
	seasons := map[string]int{"summer": summer, "winter": winter, "transition": transition}
	for i, row := range rows[1:] {
		season, known := seasons[row[1]]
		weekday, err := strconv.Atoi(row[2])
		if !known || err != nil || weekday < 1 || weekday > 7 {
			return fmt.Errorf("row %d: season %q, weekday %q", i+2, row[1], row[2])
		}
		if into[season][weekday-1][i%StepsPerDay], err = strconv.ParseFloat(row[at], 64); err != nil {
			return err
		}
	}
	return nil
}
