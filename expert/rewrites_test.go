package expert

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
)

// rewrites are programs in testdata/rewrites that say the same as the reference
// model of an archetype and its first wish in voltage-stress, each in its own way.
var rewrites = map[string]community.Archetype{
	"loops.py":        "hub",
	"cumsum.py":       "residential",
	"helpers.py":      "hub",
	"netpower.py":     "commercial",
	"matrices.py":     "rural",
	"classes.py":      "industrial",
	"dictionaries.py": "hub",
	"megawatts.py":    "residential",
	"scalars.py":      "residential",
	"longer.py":       "rural",
	"positive.py":     "industrial",
	"epigraphs.py":    "commercial",
}

// TestRightProgramsPass: the semantic check does not care how a program is
// written.
func TestRightProgramsPass(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	for name, of := range rewrites {
		t.Run(strings.TrimSuffix(name, ".py"), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(filepath.Join("testdata", "rewrites", name))
			if err != nil {
				t.Fatal(err)
			}
			spec, state := caseOf(t, w, of, 0)
			trial := Trial{Passed: true}
			if err := trial.score(context.Background(), spec, state, string(source)); err != nil {
				t.Fatal(err)
			}
			if !trial.Passed || !trial.SemanticallyRight || trial.Accuracy.Accuracy < 99.5 {
				t.Errorf("%+v", trial)
			}
		})
	}
}
