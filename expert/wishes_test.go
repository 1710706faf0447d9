package expert

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
)

// firstOf returns the first prosumer of every archetype of a preset.
func firstOf(t *testing.T, preset string) []*community.Prosumer {
	t.Helper()
	s, err := community.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	var list []*community.Prosumer
	for _, a := range community.Archetypes {
		for i := range s.Prosumers {
			if s.Prosumers[i].Archetype == a {
				list = append(list, &s.Prosumers[i])
				break
			}
		}
	}
	return list
}

func TestWishesOfEveryPreset(t *testing.T) {
	for _, preset := range community.Presets() {
		for _, x := range firstOf(t, preset) {
			wishes, err := Wishes().Of(x)
			if err != nil {
				t.Fatal(err)
			}
			if len(wishes) != 5 {
				t.Errorf("%s has %d wishes", x.Archetype, len(wishes))
			}
			seen := map[string]bool{}
			for _, w := range wishes {
				if seen[w.Name] || len(w.Preferences) == 0 {
					t.Errorf("%s %q: twice, or without a preference", x.Archetype, w.Name)
				}
				seen[w.Name] = true
				for _, p := range w.Preferences {
					// Whoever reads the words must be able to learn the value.
					value := kW(p.Value)
					if p.Quantity == SOC {
						value = fmt.Sprintf("%g %%", p.Value*100)
					}
					if !strings.Contains(w.Text, value) {
						t.Errorf("%s %q does not say %s", x.Archetype, w.Name, value)
					}
				}
				if x.CDG != nil && !strings.Contains(w.Text, kW(x.CDG.MaxKW)) {
					t.Errorf("%s %q does not name the generator", x.Archetype, w.Name)
				}
				if strings.Contains(w.Text, "{{") || strings.Contains(w.Text, "%!") {
					t.Errorf("%q is not filled in: %s", w.Name, w.Text)
				}
			}
		}
	}
}

func TestWishesThatCannotBe(t *testing.T) {
	hub := firstOf(t, "paper-scale")[4]
	path := filepath.Join(t.TempDir(), "wishes.yaml")
	for text, says := range map[string]string{
		"hubs: []": "hubs",
		"hub: [{name: a, text: x, preferences: [{quantity: soc, relation: at_least, value: 40}]}]":                              "want 0 to 1",
		"hub: [{name: a, text: x, preferences: [{quantity: soc, relation: at_least, value: 0.4, from: '7'}]}]":                  "want one such as 16:30",
		"hub: [{name: a, text: x, preferences: [{quantity: heat_kw, relation: at_least}]}]":                                     "heat_kw",
		"hub: [{name: a, text: '{{wish 1}}', preferences: [{quantity: soc, relation: at_least, value: 0.4}]}]":                  "no preference 1",
		"hub: [{name: a, text: '{{nothing}}', preferences: []}]":                                                                "nothing",
		"hub: [{name: a, text: x, preferences: [{quantity: soc, relation: at_least, value: 0.4, until: '07:00'}]}]":             "until",
		"hub: [{name: a, text: x, preferences: [{quantity: soc, relation: at_least, value: 0.4, from: '07:00', to: '07:10'}]}]": "quarter of an hour",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		table, err := ReadWishes(path)
		if err == nil {
			_, err = table.Of(hub)
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}
