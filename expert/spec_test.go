package expert

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestProgramsOfSpecsAreNeat reads what can be read without running: the right
// devices, nothing left of the template.
func TestProgramsOfSpecsAreNeat(t *testing.T) {
	for _, x := range firstOf(t, "voltage-stress") {
		wishes, err := Wishes().Of(x)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wishes {
			s := &Spec{Prosumer: x, Preferences: w.Preferences, ReactivePricePerKvar2h: 1e-6}
			if err := s.Validate(); err != nil {
				t.Fatal(err)
			}
			for _, trade := range []bool{false, true} {
				text := s.Program(trade)
				if strings.Contains(text, "<no value>") || strings.Contains(text, "%!") || strings.Contains(text, "P_CDG") != (x.CDG != nil) ||
					strings.Contains(text, "P_ch") != (x.BESS != nil) || strings.Contains(text, "P_P2P") != trade || strings.Contains(text, ".solve") == trade {
					t.Errorf("%s, %s, trade %v:\n%s", x.Name, w.Name, trade, text)
				}
				for _, name := range ActionNames(x) {
					if !strings.Contains(text, `"`+name+`":`) {
						t.Errorf("%s does not return %s", x.Name, name)
					}
				}
			}
		}
	}
}

// TestProgramsOfSpecsArePython has CPython read them, where there is one.
func TestProgramsOfSpecsArePython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("skipped: no python3")
	}
	for _, x := range firstOf(t, "voltage-stress") {
		wishes, err := Wishes().Of(x)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "program.py")
		for _, trade := range []bool{false, true} {
			s := &Spec{Prosumer: x, Preferences: wishes[4].Preferences}
			if err := os.WriteFile(path, []byte(s.Program(trade)), 0o644); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(python, "-m", "py_compile", path).CombinedOutput(); err != nil {
				t.Errorf("%s: %s", x.Name, out)
			}
		}
	}
}
