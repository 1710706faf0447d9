package expert

import (
	"math"
	"slices"
	"testing"

	"github.com/peerwatt/peerwatt/community"
)

func TestNumbersOfAWish(t *testing.T) {
	for text, want := range map[string][]float64{
		"at least 40 % of it":               {40, 0.4},
		"no more than 1.5 MW":               {0, 1.5, 1500},
		"1,500 kW or 1,5 kW":                {1500, 1.5},
		"30percent, half, three quarters":   {30, 0.3, 0.5, 0.75},
		"from 20:00 to 22:00, please":       nil,
		"avoid feeding in":                  {0},
		"9 to 10:30 below 35 kW":            {9, 35},
		"solar (120 kW), battery (80 kWh).": {120, 80},
	} {
		got := numbersIn(text)
		for _, v := range want {
			if !slices.ContainsFunc(got, func(g float64) bool { return math.Abs(g-v) < 1e-9 }) {
				t.Errorf("%q: %v lacks %v", text, got, v)
			}
		}
		if want == nil && got != nil {
			t.Errorf("%q: %v, want none", text, got)
		}
	}
}

// TestWishesNameTheirValues: no true value of the built-in wishes is doubted.
func TestWishesNameTheirValues(t *testing.T) {
	for _, preset := range community.Presets() {
		for _, x := range firstOf(t, preset) {
			wishes, err := Wishes().Of(x)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range wishes {
				for _, p := range w.Preferences {
					if doubt := (&specPreference{Value: p.Value}).doubt(w.Text); doubt != "" {
						t.Errorf("%s, %s: %s", x.Name, w.Name, doubt)
					}
				}
				if (&specPreference{Value: 17.25}).doubt(w.Text) == "" {
					t.Errorf("%s, %s: a value out of the air is not doubted", x.Name, w.Name)
				}
				if (&specPreference{Value: w.Preferences[0].Value, Words: "Keep it cheap"}).doubt(w.Text) == "" {
					t.Errorf("%s, %s: words without a value are not doubted", x.Name, w.Name)
				}
			}
		}
	}
}

// TestSidesInWords: the words of the built-in wishes never say the other side.
func TestSidesInWords(t *testing.T) {
	for text, want := range map[string]Relation{
		"try to run it at 50 kW or less then": AtMost, "please don't discharge it with more than 10 kW": AtMost, "never with more than 80 kW": AtMost,
		"hold at least 40 %": AtLeast, "be at 70 % or above": AtLeast, "for more comfort": "", "at least 3, at most 5": "", "should not be under 20 %": "",
	} {
		if got := relationIn(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, x := range firstOf(t, "voltage-stress") {
		wishes, err := Wishes().Of(x)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wishes {
			if said := relationIn(w.Text); len(w.Preferences) == 1 && said != "" && said != w.Preferences[0].Relation {
				t.Errorf("%s: %q in %s", w.Name, said, w.Text)
			}
		}
	}
}
