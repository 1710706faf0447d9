package profile

import (
	"time"
	_ "time/tzdata" // customers live by the clock of Brussels on every machine
)

// zone is the clock every day is cut by: UTC+1 all year, no daylight saving.
var zone = time.FixedZone("UTC+1", 3600)

// brussels is the clock people live by, with daylight saving.
var brussels = func() *time.Location {
	location, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		panic("profile: the embedded time zones lack Europe/Brussels: " + err.Error())
	}
	return location
}()

// dayType is what a date is to a consumer. The order is that of BDEW's tables.
type dayType int

const (
	saturday dayType = iota
	sunday           // or a public holiday
	workday
)

// dayTypeOf classes a date (year, month and day of local) by the Belgian
// calendar. 24 and 31 December are treated as Saturdays, as BDEW does.
func dayTypeOf(local time.Time) dayType {
	switch {
	case local.Weekday() == time.Sunday || holiday(local):
		return sunday
	case local.Weekday() == time.Saturday,
		local.Month() == time.December && (local.Day() == 24 || local.Day() == 31):
		return saturday
	}
	return workday
}

// weekdayOf returns the weekday a date is like, Monday being 0: holidays are like
// Sundays, the two eves like Saturdays.
func weekdayOf(local time.Time) int {
	switch dayTypeOf(local) {
	case sunday:
		return 6
	case saturday:
		return 5
	}
	return int(local.Weekday()) - 1
}

// holiday reports whether the date is one of the ten public holidays of
// Belgium (law of 4 January 1974).
func holiday(local time.Time) bool {
	year, month, day := local.Date()
	switch {
	case month == time.January && day == 1, month == time.May && day == 1,
		month == time.July && day == 21, month == time.August && day == 15,
		month == time.November && (day == 1 || day == 11), month == time.December && day == 25:
		return true
	}
	easter := easterSunday(year)
	for _, after := range [...]int{1, 39, 50} { // Easter Monday, Ascension, Whit Monday
		if _, m, d := easter.AddDate(0, 0, after).Date(); month == m && day == d {
			return true
		}
	}
	return false
}

// easterSunday is the Gregorian computus in the form of Meeus, Jones and
// Butcher (J. Meeus, Astronomical Algorithms, 1991, chapter 8).
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	n := h + l - 7*m
	return time.Date(year, time.Month((n+90)/25), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, (n+33*((n+90)/25)+19)%32-1)
}
