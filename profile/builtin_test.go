package profile

import "testing"

func TestBuiltInCoversTheYear(t *testing.T) {
	y, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	if y.Days() != 365 {
		t.Fatalf("%d days, want 365", y.Days())
	}
	for _, s := range y.series() {
		if s.values != nil && len(s.values) != 365*StepsPerDay {
			t.Errorf("%s: %d values, want %d", s.name, len(s.values), 365*StepsPerDay)
		}
	}
}

func TestSplitOf2015(t *testing.T) {
	y, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	s := y.Split()
	if len(s.Train) != 269 || len(s.Validate) != 12 || len(s.Test) != 84 {
		t.Errorf("train %d, validate %d, test %d; want 269, 12, 84", len(s.Train), len(s.Validate), len(s.Test))
	}
}
