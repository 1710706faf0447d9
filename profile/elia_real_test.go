package profile

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// eliaData returns a file of real Elia data, or skips the test: the data are not
// part of the repository.
func eliaData(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "shared", "data", "elia", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: no Elia data")
	}
	return path
}

const (
	solar2023    = "elia_ods032_solar_2023_compact.csv.gz"
	solar2024    = "elia_ods032_solar_2024_compact.csv.gz"
	wind2025     = "elia_ods031_wind_2025_JanApr_compact.csv.gz"
	load2015File = "be_load_15min_2015.csv.gz"
)

// countOf adds up the findings of a flaw.
func countOf(report *Report, series, flaw string) (count int, first time.Time) {
	for _, f := range report.Findings {
		if f.Flaw == flaw && (series == "" || f.Series == series) {
			if count += f.Count; first.IsZero() || f.First.Before(first) {
				first = f.First
			}
		}
	}
	return count, first
}

// TestImportRealFiles holds the importer to what is known of the real files.
func TestImportRealFiles(t *testing.T) {
	for _, c := range []struct {
		file, series, flaw string
		count              int
		first              string
	}{
		{solar2023, "Belgium", "missing measured values", 304, ""},
		{solar2023, "Belgium", "missing day-ahead forecasts", 96, ""},
		{solar2024, "Belgium", "missing measured values", 288, ""},
		{wind2025, "Onshore Flanders Dso", "missing measured values", 52, "2025-04-03T22:00Z"},
		{wind2025, "Onshore Flanders Elia", "missing measured values", 52, "2025-04-03T22:00Z"},
		{wind2025, "Onshore Wallonia Dso", "missing measured values", 52, "2025-04-03T22:00Z"},
		{wind2025, "Onshore Wallonia Elia", "missing measured values", 52, "2025-04-03T22:00Z"},
		{wind2025, "Offshore Federal Elia", "missing measured values", 0, ""},
		{wind2025, "", "negative values (own consumption)", 515, ""},
		{wind2025, "Onshore Wallonia Dso", "measured values above the capacity", 3, "2025-04-22T09:30Z"},
		{wind2025, "", "measured values above the capacity", 3, ""},
		{load2015File, "", "missing measured values", 0, ""},
	} {
		_, report, err := Import(eliaData(t, c.file))
		if err == nil {
			t.Fatalf("%s alone made a year", c.file)
		}
		if report == nil {
			t.Fatalf("%s: %v", c.file, err)
		}
		count, first := countOf(report, c.series, c.flaw)
		if count != c.count {
			t.Errorf("%s, %s: %d %s, want %d", c.file, c.series, count, c.flaw, c.count)
		}
		if at := first.Format(stampForm); c.first != "" && at != c.first {
			t.Errorf("%s, %s: %s first at %s, want %s", c.file, c.series, c.flaw, at, c.first)
		}
	}
}
