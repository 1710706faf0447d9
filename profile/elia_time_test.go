package profile

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseStamp(t *testing.T) {
	for _, c := range []struct {
		in, utc string
		bare    bool
	}{
		{"2015-01-06T09:30Z", "2015-01-06T09:30:00Z", false},
		{"2024-03-31T03:00:00+02:00", "2024-03-31T01:00:00Z", false},
		{"2024-01-01 00:15:00+01:00", "2023-12-31T23:15:00Z", false},
		{"2024-02-29T23:45:00", "2024-02-29T23:45:00Z", true},
		{"2024-02-29T23:45:00.000Z", "2024-02-29T23:45:00Z", false},
		{"2024-06-01T12:00:00-05:30", "2024-06-01T17:30:00Z", false},
	} {
		got, err := parseStamp(c.in)
		if err != nil || got.at.Format(time.RFC3339) != c.utc || got.bare != c.bare {
			t.Errorf("%s: %v, bare %v, %v; want %s, bare %v", c.in, got.at, got.bare, err, c.utc, c.bare)
		}
	}
	for _, in := range []string{"", "2024-01-01", "2023-02-29T00:00Z", "2024-13-01T00:00Z", "2024-01-01T24:00Z", "2024-01-01T00:60Z",
		"01/02/2024 00:00", "2024-01-01T00:00:00+0100", "2024-01-01T00:00X", "2024-01-01T00:00:00.500Z", "2024-01-01T00:0-Z"} {
		if got, err := parseStamp(in); err == nil {
			t.Errorf("%q: accepted as %v", in, got.at)
		}
	}
}

// TestParseStampAgreesWithTime compares with the standard library on every form
// both know.
func TestParseStampAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "unix")/60*60, 0).
			In(time.FixedZone("", 60*rapid.IntRange(-12*60, 14*60).Draw(t, "offset")))
		text := at.Format(rapid.SampledFrom([]string{time.RFC3339, "2006-01-02T15:04Z07:00"}).Draw(t, "form"))
		got, err := parseStamp(text)
		if err != nil || !got.at.Equal(at) || got.bare {
			t.Fatalf("%s: %v, %v", text, got, err)
		}
	})
}

func TestBrusselsInstants(t *testing.T) {
	for _, c := range []struct {
		local, first, second string
		kind                 localTime
	}{
		{"2024-01-15T12:00", "2024-01-15T11:00Z", "2024-01-15T11:00Z", onceLocal},
		{"2024-07-15T12:00", "2024-07-15T10:00Z", "2024-07-15T10:00Z", onceLocal},
		{"2024-03-31T01:45", "2024-03-31T00:45Z", "2024-03-31T00:45Z", onceLocal},
		{"2024-03-31T02:00", "2024-03-31T01:00Z", "2024-03-31T01:00Z", neverLocal},
		{"2024-03-31T02:45", "2024-03-31T01:45Z", "2024-03-31T01:45Z", neverLocal},
		{"2024-03-31T03:00", "2024-03-31T01:00Z", "2024-03-31T01:00Z", onceLocal},
		{"2024-10-27T01:45", "2024-10-26T23:45Z", "2024-10-26T23:45Z", onceLocal},
		{"2024-10-27T02:00", "2024-10-27T00:00Z", "2024-10-27T01:00Z", twiceLocal},
		{"2024-10-27T02:45", "2024-10-27T00:45Z", "2024-10-27T01:45Z", twiceLocal},
		{"2024-10-27T03:00", "2024-10-27T02:00Z", "2024-10-27T02:00Z", onceLocal},
	} {
		bare, err := parseStamp(c.local)
		if err != nil {
			t.Fatal(err)
		}
		first, second, kind := brusselsInstants(bare.at)
		const form = "2006-01-02T15:04Z"
		if first.Format(form) != c.first || second.Format(form) != c.second || kind != c.kind {
			t.Errorf("%s: %s, %s, %d; want %s, %s, %d", c.local, first.Format(form), second.Format(form), kind, c.first, c.second, c.kind)
		}
	}
}
