package profile

import (
	"fmt"
	"time"
)

// stamp is one time as written in a file: with an offset from UTC, or bare.
type stamp struct {
	at   time.Time // UTC; of a bare one the digits, read as if they were UTC
	bare bool
}

// parseStamp reads the forms of ISO 8601 that measurements come in:
// 2006-01-02T15:04[:05][Z|+01:00], or a space instead of the T.
func parseStamp(s string) (stamp, error) {
	bad := func() (stamp, error) {
		return stamp{}, fmt.Errorf("%q is not a time such as 2024-01-31T23:45:00+01:00 or 2024-01-31T22:45Z", s)
	}
	if len(s) < len("2006-01-02T15:04") || len(s) > len("2006-01-02T15:04:05.000+00:00") ||
		s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != ' ') || s[13] != ':' {
		return bad()
	}
	year, ok1 := digits(s[0:4])
	month, ok2 := digits(s[5:7])
	day, ok3 := digits(s[8:10])
	hour, ok4 := digits(s[11:13])
	minute, ok5 := digits(s[14:16])
	rest, second, ok6 := s[16:], 0, true
	if len(rest) >= 3 && rest[0] == ':' {
		second, ok6 = digits(rest[1:3])
		if rest = rest[3:]; len(rest) >= 4 && rest[0] == '.' {
			if rest[1:4] != "000" {
				return bad()
			}
			rest = rest[4:]
		}
	}
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6) || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59 {
		return bad()
	}
	at := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if at.Day() != day {
		return bad() // 31 February
	}
	switch {
	case rest == "":
		return stamp{at, true}, nil
	case rest == "Z":
		return stamp{at, false}, nil
	case len(rest) == 6 && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':':
		h, okH := digits(rest[1:3])
		m, okM := digits(rest[4:6])
		if !okH || !okM || h > 14 || m > 59 {
			return bad()
		}
		offset := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
		if rest[0] == '-' {
			offset = -offset
		}
		return stamp{at.Add(-offset), false}, nil
	}
	return bad()
}

func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, true
}

// localTime says what a bare local time of Brussels may mean.
type localTime int

const (
	onceLocal  localTime = iota
	twiceLocal           // in the hour that summer's end repeats
	neverLocal           // in the hour that summer's begin skips
)

// brusselsInstants returns the instants at which clocks in Brussels show the
// digits of bare: first and second are the same but for the repeated hour.
func brusselsInstants(bare time.Time) (first, second time.Time, kind localTime) {
	// Offsets are +1 h and +2 h; an instant counts if the clock agrees there.
	summer, winter := bare.Add(-2*time.Hour), bare.Add(-time.Hour)
	shows := func(at time.Time) bool {
		_, offset := at.In(brussels).Zone()
		return at.Add(time.Duration(offset) * time.Second).Equal(bare)
	}
	switch s, w := shows(summer), shows(winter); {
	case s && w:
		return summer, winter, twiceLocal
	case s:
		return summer, summer, onceLocal
	case w:
		return winter, winter, onceLocal
	}
	return winter, winter, neverLocal
}
