package experiment

import (
	"testing"
)

// TestTheOperatorCorrects: a community that nobody controls leaves its limits on a
// cold day; corrected it does not, only where it must, and without trade it still
// does not trade.
func TestTheOperatorCorrects(t *testing.T) {
	w := must(t, twoSeeds).run.World
	var days []int
	for _, date := range []string{"2015-01-23", "2015-06-24"} {
		day, err := w.FindDay(date)
		if err != nil {
			t.Fatal(err)
		}
		days = append(days, day)
	}
	var all []Contender
	for _, name := range []string{"none-p2p", "none"} {
		c, err := Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c, Corrected(c))
	}
	rows, err := Evaluate(t.Context(), w, all, days, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	cold, mild := rows[0], rows[1]
	corrected, untouched := rows[2], rows[3]
	if cold.Outside == 0 || mild.Outside != 0 {
		t.Fatalf("%d and %d bus-steps outside: this tests nothing", cold.Outside, mild.Outside)
	}
	if c := corrected.Correction; corrected.Policy != "none-p2p+dso" || corrected.Outside != c.Unavoidable+c.Unproved || corrected.Outside >= cold.Outside || c.Steps == 0 || c.Steps > 96 || c.Before == 0 {
		t.Errorf("corrected: %d of %d outside, %+v", corrected.Outside, cold.Outside, c)
	}
	if untouched.Cost != mild.Cost || *untouched.Correction != (CorrectionCount{}) {
		t.Errorf("what breaks nothing costs %v, uncorrected %v; %+v", untouched.Cost, mild.Cost, untouched.Correction)
	}
	if alone := rows[6]; alone.TradedKWh != 0 || rows[4].TradedKWh != 0 {
		t.Errorf("corrected it trades %v kWh", alone.TradedKWh)
	}
	s := Summarise(rows)
	if s[0].Correction != nil || s[1].Correction.Steps != corrected.Correction.Steps {
		t.Errorf("summaries %+v", s)
	}
}
