package community

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/peerwatt/peerwatt/grid"
)

// sameScenario ignores where a scenario was read.
var sameScenario = cmpopts.IgnoreUnexported(Scenario{})

func TestPresetsAreTableI(t *testing.T) {
	want := map[Archetype]string{
		Commercial: "48,78,102,127 cdg,pv,bess,cl", Rural: "59,109,130,140 wind,pv,bess,cl",
		Industrial: "67,95,133,136 cdg,wind,cl", Residential: "62,86,106,138 pv,bess,cl",
		Hub: "74,100,116,134 cdg,wind,pv,bess,cl",
	}
	for _, name := range Presets() {
		s, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(grid.Case141()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if s.Name != name {
			t.Errorf("preset %s calls itself %s", name, s.Name)
		}
		got := map[Archetype]string{}
		buses := map[Archetype][]string{}
		for i := range s.Prosumers {
			p := &s.Prosumers[i]
			buses[p.Archetype] = append(buses[p.Archetype], itoa(p.Bus))
			got[p.Archetype] = strings.Join(buses[p.Archetype], ",") + " " + devices(p)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is not Table I (-want +got):\n%s", name, diff)
		}
	}
}

func itoa(i int) string {
	text, _ := json.Marshal(i)
	return string(text)
}

func devices(p *Prosumer) string {
	var all []string
	if p.CDG != nil {
		all = append(all, "cdg")
	}
	for _, r := range p.RDGs {
		all = append(all, r.Kind)
	}
	if p.BESS != nil {
		all = append(all, "bess")
	}
	if p.CL != nil {
		all = append(all, "cl")
	}
	return strings.Join(all, ",")
}

func TestLoadGood(t *testing.T) {
	base, err := Preset("voltage-stress")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Load("testdata/good/changed.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := *base
	want.Name = "changed"
	want.Feeder.SubstationPU = 1.02
	want.Prosumers = nil
	for _, p := range base.Prosumers {
		switch {
		case p.Name == "hub_3":
			continue
		case p.Name == "rural_0":
			p.Bus, p.BESS = 60, nil
		case p.Archetype == Residential:
			cl := *p.CL
			cl.Alpha = 0.3
			p.CL = &cl
		}
		want.Prosumers = append(want.Prosumers, p)
	}
	if diff := cmp.Diff(&want, s, sameScenario); diff != "" {
		t.Errorf("a preset with changes (-want +got):\n%s", diff)
	}
	sunny, err := Parse("sunny.yaml", []byte("preset: solar-stress\nseed: 3"))
	if err != nil {
		t.Fatal(err)
	}
	want = *presetOf(t, "solar-stress")
	want.Name, want.Seed = "sunny", 3
	if diff := cmp.Diff(&want, sunny, sameScenario); diff != "" {
		t.Errorf("a preset that starts from another (-want +got):\n%s", diff)
	}
	small, err := Load("testdata/good/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(small.Prosumers) != 2 || small.Prosumers[1].Name != "shop" || small.Prosumers[0].Name != "residential_0" || small.Name != "two-houses" {
		t.Errorf("a scenario from scratch: %+v", small)
	}
	if got, want := small.Prosumers[1].SeriesCSV, filepath.Join("testdata", "good", "shop.csv"); got != want {
		t.Errorf("series at %q, want %q", got, want)
	}
}

// TestRoundTrip writes every preset as YAML and as JSON and reads it back.
func TestRoundTrip(t *testing.T) {
	for _, name := range Presets() {
		s, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		for format, marshal := range map[string]func(any) ([]byte, error){"yaml": yaml.Marshal, "json": json.Marshal} {
			text, err := marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			back, err := Parse("again."+format, text)
			if err != nil {
				t.Fatalf("%s as %s: %v", name, format, err)
			}
			if diff := cmp.Diff(s, back, sameScenario); diff != "" {
				t.Errorf("%s as %s (-before +after):\n%s", name, format, diff)
			}
		}
	}
}

// TestLoadBad reads every file of testdata/bad, whose first line says what the
// error must be, as "# want: ...", with FILE for its path.
func TestLoadBad(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	network := grid.Case141()
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(text), "\n")
		want, ok := strings.CutPrefix(first, "# want: ")
		if !ok {
			t.Fatalf("%s does not say what it wants", path)
		}
		s, err := Load(path)
		if err == nil {
			err = s.Validate(network)
		}
		got := ""
		if err != nil {
			got = strings.ReplaceAll(err.Error(), path, "FILE")
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", filepath.Base(path), got, want)
		}
	}
}

func TestOpenNamesThePresets(t *testing.T) {
	_, err := Open("voltage-stres")
	if err == nil || !strings.Contains(err.Error(), "voltage-stress, solar-stress, paper-scale") {
		t.Errorf("error %v", err)
	}
}

// TestValidateInCode finds mistakes in scenarios that no file holds.
func TestValidateInCode(t *testing.T) {
	s, err := Preset("paper-scale")
	if err != nil {
		t.Fatal(err)
	}
	s.Prosumers[2].Bus = 999
	err = s.Validate(grid.Case141())
	if want := "community paper-scale: prosumers[2].bus (commercial_2) is 999: want a bus of network case141, whose numbers lie from 1 to 141"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

var oneLineOnly = regexp.MustCompile(`^[^\n]+$`)

// FuzzParse feeds the reader anything: it must answer with a valid scenario or
// with an error of one line.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/*/*.yaml", "presets/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	network := grid.Case141()
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse("fuzz.yaml", text)
		if err != nil {
			if !oneLineOnly.MatchString(err.Error()) {
				t.Errorf("error of several lines: %q", err)
			}
			return
		}
		if err := s.check(); err != nil {
			t.Errorf("accepted, yet wrong: %v", err)
		}
		if err := s.Validate(network); err != nil && !oneLineOnly.MatchString(err.Error()) {
			t.Errorf("error of several lines: %q", err)
		}
	})
}
