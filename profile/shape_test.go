package profile

import (
	"math"
	"testing"
	"time"
)

var customers = []Customer{Household, Commerce, Farm, Industry, Mixed}

// yearDays lists the midnights of a year.
func yearDays(year int) []time.Time {
	var days []time.Time
	for day := time.Date(year, time.January, 1, 0, 0, 0, 0, zone); day.Year() == year; day = day.AddDate(0, 0, 1) {
		days = append(days, day.UTC())
	}
	return days
}

func TestEaster(t *testing.T) {
	// Dates as published, with the two exceptional cases of the computus (1954, 1981)
	// and the earliest and latest of our lifetimes (2008, 2038).
	for _, want := range []string{"1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24",
		"2015-04-05", "2016-03-27", "2019-04-21", "2024-03-31", "2025-04-20", "2038-04-25"} {
		date, err := time.Parse(time.DateOnly, want)
		if err != nil {
			t.Fatal(err)
		}
		if got := easterSunday(date.Year()).Format(time.DateOnly); got != want {
			t.Errorf("Easter of %d: %s, want %s", date.Year(), got, want)
		}
	}
}

func TestHolidaysOf2015(t *testing.T) {
	want := map[string]bool{"2015-01-01": true, "2015-04-06": true, "2015-05-01": true, "2015-05-14": true, "2015-05-25": true,
		"2015-07-21": true, "2015-08-15": true, "2015-11-01": true, "2015-11-11": true, "2015-12-25": true}
	for _, day := range yearDays(2015) {
		date := day.In(zone).Format(time.DateOnly)
		if got := holiday(day.In(zone)); got != want[date] {
			t.Errorf("%s: holiday %v", date, got)
		}
	}
}

func TestDayTypes(t *testing.T) {
	for date, want := range map[string]dayType{
		"2015-01-02": workday, "2015-01-03": saturday, "2015-01-04": sunday,
		"2015-08-15": sunday,   // a Saturday, but Assumption
		"2015-12-24": saturday, // a Thursday
		"2023-12-24": sunday,   // a Sunday stays one
		"2015-12-31": saturday,
	} {
		at, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := dayTypeOf(at); got != want {
			t.Errorf("%s: day type %d, want %d", date, got, want)
		}
	}
}

// TestShapesSumToTheirNorm checks tables, calendar and polynomial at once: BDEW
// scales each profile of 2025 so that a year sums to 1 GWh, those of 1999 so
// that a year sums to 1 MWh. The calendar differs by country and year, hence 1 %.
func TestShapesSumToTheirNorm(t *testing.T) {
	for _, year := range []int{2015, 2023, 2024} {
		for customer, want := range map[Customer]float64{Household: 1e6, Commerce: 1e6, Farm: 1e6, Industry: 1000 / StepHours} {
			sum := 0.0
			for _, day := range yearDays(year) {
				for _, v := range unscaledShape(customer, day) {
					sum += v
				}
			}
			if math.Abs(sum-want) > 0.01*want {
				t.Errorf("%v in %d: sum %.0f, want %.0f", customer, year, sum, want)
			}
		}
	}
}

func TestShapePeaksAtOne(t *testing.T) {
	for _, year := range []int{2015, 2016} {
		for _, customer := range customers {
			lowest, highest := math.Inf(1), 0.0
			for _, day := range yearDays(year) {
				for _, v := range Shape(customer, day) {
					lowest, highest = min(lowest, v), max(highest, v)
				}
			}
			if math.Abs(highest-1) > 1e-12 || lowest <= 0 {
				t.Errorf("%v in %d: between %g and %g, want above 0 and up to 1", customer, year, lowest, highest)
			}
		}
	}
}

// TestShapeFollowsTheClock compares days before and after the clocks change: by
// the sun, people are an hour earlier in summer.
func TestShapeFollowsTheClock(t *testing.T) {
	tables := loadTables()
	for _, c := range []struct {
		date  string
		shift int // steps
	}{{"2015-01-14", 0}, {"2015-03-27", 0}, {"2015-04-01", 4}, {"2015-07-08", 4}, {"2015-10-28", 0}} {
		day, err := time.ParseInLocation(time.DateOnly, c.date, zone)
		if err != nil {
			t.Fatal(err)
		}
		shape := unscaledShape(Commerce, day)
		month := &tables.commerce[day.Month()-1][workday]
		for step := 0; step+c.shift < StepsPerDay; step++ {
			if shape[step] != month[step+c.shift] {
				t.Errorf("%s, step %d: %g, want the table's quarter %d, %g", c.date, step, shape[step], step+c.shift, month[step+c.shift])
				break
			}
		}
	}
	// The night of the change itself: 02:00 becomes 03:00 at step 8.
	shape := unscaledShape(Commerce, time.Date(2015, 3, 29, 0, 0, 0, 0, zone))
	table := &tables.commerce[2][sunday]
	if shape[7] != table[7] || shape[8] != table[12] {
		t.Errorf("29 March 2015: steps 7 and 8 are %g and %g, want %g and %g", shape[7], shape[8], table[7], table[12])
	}
}

func BenchmarkShape(b *testing.B) {
	day := time.Date(2015, 7, 8, 0, 0, 0, 0, zone)
	for b.Loop() {
		Shape(Mixed, day)
	}
}
