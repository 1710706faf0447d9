package expert

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
)

// storeAll stores programs that specifications without preferences write, one
// for each archetype, each changed where change is given.
func storeAll(t testing.TB, w *env.World, change func(of community.Archetype, source string) string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "programs")
	for _, of := range community.Archetypes {
		if !slices.ContainsFunc(w.Scenario.Prosumers, func(x community.Prosumer) bool { return x.Archetype == of }) {
			continue
		}
		spec, _ := caseOf(t, w, of, 0)
		spec.Preferences = nil
		source := spec.Program(true)
		if change != nil {
			source = change(of, source)
		}
		if err := StoreProgram(context.Background(), dir, w, StoredProgram{
			For: string(of), Wish: "Cheap.", Spec: spec, Model: ReferenceExpert, Source: source,
		}); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// load loads a folder and collects what is warned of.
func load(t testing.TB, dir string, w *env.World) (*Programs, *messages) {
	t.Helper()
	m := &messages{}
	p, err := LoadPrograms(context.Background(), dir, w, m.add)
	if err != nil {
		t.Fatal(err)
	}
	return p, m
}

// situationAt draws a situation: any day, one of some steps, and any state of the
// devices.
func situationAt(r *rand.Rand, w *env.World) *dso.Situation {
	s := dso.Start(w.Scenario, w.Market, w.Calendar.Day(r.IntN(365)), 0.5)
	s.First = []int{0, 20, 48, 77, 95}[r.IntN(5)]
	for i := range s.SOC {
		x := &w.Scenario.Prosumers[i]
		if b := x.BESS; b != nil {
			s.SOC[i] = b.SOCMin + (b.SOCMax-b.SOCMin)*r.Float64()
		}
		if c := x.CDG; c != nil {
			s.CDGKW[i] = c.MinKW + (c.MaxKW-c.MinKW)*r.Float64()
		}
	}
	return s
}

// unique adds squares of all powers to a member's cost, 0.01 per kW² and step,
// which makes the optimum of the joint problem one point that solvers can tell
// from others.
func unique(m dso.Member) dso.Member {
	for _, e := range []*convex.Expr{m.Actions.CDG, m.Actions.RDG, m.Actions.RDGQ, m.Actions.BESS, m.Actions.CL} {
		if e != nil {
			m.Cost = m.Cost.Plus(convex.SumSquares(e).Times(0.01 * mega))
		}
	}
	return m
}

// TestProgramsPlanAsReferenceModelsDo joins programs in Python from random
// states, with and without the network's rows: the operator's plan costs what it
// does with the human expert's models, and where the optimum is one point, it is
// the same plan.
func TestProgramsPlanAsReferenceModelsDo(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	programs, warned := load(t, storeAll(t, w, nil), w)
	ctx, states := context.Background(), 4
	if os.Getenv("PEERWATT_TEST_FULL") != "" {
		states = 100
	}
	for name, options := range map[string]dso.Options{"free": {WithoutLimits: true}, "limited": {MarginPU: DefaultMarginPU}} {
		o, err := dso.New(w.Scenario, w.Network, options)
		if err != nil {
			t.Fatal(err)
		}
		limited, r := 0, rand.New(rand.NewPCG(1, 2))
		for k := range states {
			s := situationAt(r, w)
			if k == 0 { // a day that needs the network
				s = dso.Start(w.Scenario, w.Market, w.Calendar.Day(20), 0.5)
				s.First = 48
			}
			want, err := o.Plan(ctx, s)
			if err != nil {
				t.Fatal(err)
			}
			got, err := programs.plan(ctx, o, s)
			if err != nil {
				t.Fatal(err)
			}
			if want.Network {
				limited++
			}
			if off := math.Abs(got.Cost - want.Cost); off > 1e-6*max(1, math.Abs(want.Cost)) || got.Deviations != nil {
				t.Fatalf("%s, step %d: programs cost %v (network: %v, %v), reference models %v (%v)", name, s.First, got.Cost, got.Network, got.Deviations, want.Cost, want.Network)
			}
			if want.Network || got.Network { // set points depend on where the search for the limits ends
				continue
			}
			theirs, err := programs.members(ctx, s)
			if err != nil {
				t.Fatal(err)
			}
			humans := make([]dso.Member, len(theirs))
			for i := range theirs {
				x := &w.Scenario.Prosumers[i]
				spec := &Spec{Prosumer: x, ReactivePricePerKvar2h: w.Scenario.ReactivePricePerKvar2h}
				theirs[i], humans[i] = unique(theirs[i]), unique(HumanParts(spec, NewState(x, s.Day, i, s.Market, s.First, s.SOC[i], s.CDGKW[i])).Member(x))
			}
			s.Members = humans
			if want, err = o.Plan(ctx, s); err != nil {
				t.Fatal(err)
			}
			s.Members = theirs
			if got, err = o.Plan(ctx, s); err != nil {
				t.Fatal(err)
			}
			for k := range want.SetPoints {
				for i := range want.SetPoints[k] {
					a, b := got.SetPoints[k][i], want.SetPoints[k][i]
					for _, d := range []float64{a.CDGKW - b.CDGKW, a.RDGKW - b.RDGKW, a.RDGKvar - b.RDGKvar, a.BESSKW - b.BESSKW, a.CLKW - b.CLKW} {
						if math.Abs(d) > 0.05 {
							t.Fatalf("%s, step %d, %s: %+v by programs, %+v by the human expert's models", name, s.First+k, w.Scenario.Prosumers[i].Name, a, b)
						}
					}
				}
			}
		}
		if options.WithoutLimits == (limited > 0) {
			t.Errorf("%s: the network mattered in %d plans", name, limited)
		}
	}
	if programs.Failures() != 0 {
		t.Error(warned.texts)
	}
}

// TestProgramsFixture: the folder in testdata is what the reference expert's
// programs of the five archetypes are stored as, and it loads.
func TestProgramsFixture(t *testing.T) {
	const fixture = "testdata/programs"
	w := theWorld(t, "voltage-stress")
	made := storeAll(t, w, nil)
	if os.Getenv("PEERWATT_UPDATE") != "" {
		if err := errors.Join(os.RemoveAll(fixture), os.CopyFS(fixture, os.DirFS(made))); err != nil {
			t.Fatal(err)
		}
	}
	verifiedAt := regexp.MustCompile(`"verified_at": "[^"]*"`)
	for _, e := range readDir(t, made) {
		want, err := os.ReadFile(filepath.Join(fixture, e))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(made, e))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(verifiedAt.ReplaceAll(got, nil), verifiedAt.ReplaceAll(want, nil)) {
			t.Errorf("%s is another one now; PEERWATT_UPDATE=1 go test ./expert -run %s, and look at what changed", e, t.Name())
		}
	}
	ours, _ := load(t, fixture, w)
	theirs, _ := load(t, made, w)
	if ours.Digest() != theirs.Digest() || ours.Digest() == "" || slices.Contains(ours.of, nil) {
		t.Errorf("%s and %s, %v", ours.Digest(), theirs.Digest(), ours.of)
	}
}

func readDir(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestStoresThatCannotBe: what is wrong with a folder is said in one line that
// names the file and what would be right, and no program runs that was changed
// or that is not its prosumer's model.
func TestStoresThatCannotBe(t *testing.T) {
	w := newWorld(t, "voltage-stress", 0, 18)
	small := newWorld(t, "voltage-stress", 0, 18)
	small.Scenario.Prosumers[1].BESS = nil
	good := storeAll(t, w, nil)
	manifest, err := os.ReadFile(filepath.Join(good, storeFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, old, new string // in the manifest
		source         string // of hub.py, with its digest
		world          *env.World
		says           string
	}{
		{name: "nothing", world: small, says: "written for devices with other ratings than those of hub_2"},
		{name: "version", old: `"version": 1`, new: `"version": 2`, says: "version is 2: want 1"},
		{name: "unknown key", old: `"version": 1`, new: `"version": 1, "trusted": true`, says: `unknown field "trusted"`},
		{name: "digest", old: `"sha256": "`, new: `"sha256": "0`, says: "has changed since it was verified"},
		{name: "outside", old: `"file": "hub.py"`, new: `"file": "../hub.py"`, says: `file is "../hub.py": want the name of a Python file`},
		{name: "no such file", old: `"file": "hub.py"`, new: `"file": "hob.py"`, says: "hob.py"},
		{name: "twice", old: `"for": "hub"`, new: `"for": "commercial"`, says: `for is "commercial"`},
		{name: "nobody", old: `"for": "hub"`, new: `"for": "hub_9"`, says: `hub.py is for "hub_9": the community has no such prosumer`},
		{name: "no specification", old: `"spec": {`, new: `"spec": null, "spec": {`, says: ""},
		{name: "no JSON", old: `{`, new: `[`, says: "program.json"},
		{name: "syntax", source: "def prosumer(state:\n", says: "hub.py: SyntaxError"},
		{name: "not the model", source: "import cvxpy as cp\n\ndef prosumer(state):\n    return 1\n", says: "hub.py is not the model of hub: at current_time"},
	} {
		t.Run(x.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
				t.Fatal(err)
			}
			text := strings.Replace(string(manifest), x.old, x.new, 1)
			if x.source != "" {
				before, err := os.ReadFile(filepath.Join(dir, "hub.py"))
				if err != nil {
					t.Fatal(err)
				}
				text = strings.Replace(text, digestOf(string(before)), digestOf(x.source), 1)
				if err := os.WriteFile(filepath.Join(dir, "hub.py"), []byte(x.source), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, storeFile), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			world := w
			if x.world != nil {
				world = x.world
			}
			_, err := LoadPrograms(context.Background(), dir, world, nil)
			if x.says == "" && err != nil || x.says != "" && (err == nil || !strings.Contains(err.Error(), x.says) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%v, want %q", err, x.says)
			}
		})
	}
	if _, err := LoadPrograms(context.Background(), t.TempDir(), w, nil); err == nil || !strings.Contains(err.Error(), "holds no stored programs") {
		t.Error(err)
	}
	if _, err := NewPolicy("mpc:"+t.TempDir(), PolicyOptions{}); err == nil || !strings.Contains(err.Error(), "holds no stored programs") {
		t.Error(err)
	}
	if _, err := NewPolicy("perfect:"+good, PolicyOptions{}); err == nil || !strings.Contains(err.Error(), "only expert and mpc") {
		t.Error(err)
	}
	spec, _ := caseOf(t, w, community.Hub, 0)
	if err := StoreProgram(context.Background(), good, w, StoredProgram{For: "hub", Spec: spec, Source: strings.Replace(spec.Program(true), "<= 0.9", "<= 1", 1)}); err == nil || !strings.Contains(err.Error(), "is not the model of hub") {
		t.Errorf("a wrong program is stored: %v", err)
	}
}

// TestTeachersOfPrograms: a teacher with stored programs labels as one with
// reference models does, and keeps its plans apart from the other's.
func TestTeachersOfPrograms(t *testing.T) {
	w := newWorld(t, "voltage-stress", 0, 18)
	programs, warned := load(t, storeAll(t, w, nil), w)
	cache := t.TempDir()
	plain, _ := newTeacher(t, w, TeacherOptions{CacheDir: cache})
	ours, _ := newTeacher(t, w, TeacherOptions{CacheDir: cache, Programs: programs})
	init := env.Initial{SOC: 0.5}
	visited := visits(t, w, 40, init)
	want, got := labels(t, plain, 40, init, visited), labels(t, ours, 40, init, visited)
	if n := len(readDir(t, cache)); n != 2 {
		t.Errorf("%d plans in the cache, want one of each teacher", n)
	}
	off := 0
	for k := range want {
		if math.Abs(float64(got[k]-want[k])) > 0.02 { // equal costs leave some decisions free
			off++
		}
	}
	if off > len(want)/10 || programs.Failures() != 0 {
		t.Errorf("%d of %d labels differ; %v", off, len(want), warned.texts)
	}
	if _, err := NewTeacher(newWorld(t, "voltage-stress", 0), TeacherOptions{CacheDir: cache, Programs: programs}); err == nil {
		t.Error("programs of another world are accepted")
	}
}

// TestProgramsThatFailLoseNoRun: where a program raises an exception, has no
// solution or runs for ever, its prosumer's reference model stands in for that
// plan, which is counted and warned of; the others' programs stay.
func TestProgramsThatFailLoseNoRun(t *testing.T) {
	w := newWorld(t, "voltage-stress", 0, 18)
	for body, says := range map[string]string{
		"raise ValueError('a bad day')": "ValueError: a bad day",
		"while True: pass":              "BudgetError", // after 20 million steps
		"return 7":                      "returns the number 7",
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			dir := storeAll(t, w, func(of community.Archetype, source string) string {
				if of == community.Hub {
					source = strings.Replace(source, "    T = 96\n", "    if state['current_time'] == 90:\n        "+body+"\n    T = 96\n", 1)
				}
				return source
			})
			failsAt(t, w, dir, "the program of hub_2 failed at ", "22:30 (1 so far); the reference model stands in: ", says)
		})
	}
	t.Run("no solution", func(t *testing.T) {
		dir := storeAll(t, w, func(of community.Archetype, source string) string {
			if of == community.Hub {
				source = strings.Replace(source, "\n    # balance\n", "\n    if current_time == 90:\n        constraints += [P_CL >= 1000]\n", 1)
			}
			return source
		})
		failsAt(t, w, dir, "the program of hub_2 failed at ", "infeasible")
	})
}

// failsAt plans from step 90 on, at which a program fails.
func failsAt(t *testing.T, w *env.World, dir string, says ...string) {
	t.Helper()
	programs, warned := load(t, dir, w)
	o, err := dso.New(w.Scenario, w.Network, dso.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []int{89, 90} {
		s := dso.Start(w.Scenario, w.Market, w.Calendar.Day(200), 0.5)
		s.First = step
		want, err := o.Plan(context.Background(), s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := programs.plan(context.Background(), o, s)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Cost-want.Cost) > 1e-5*math.Abs(want.Cost) {
			t.Errorf("step %d: it costs %v, the reference models %v", step, got.Cost, want.Cost)
		}
		if failed := programs.Failures(); failed != step-89 {
			t.Errorf("step %d: %d failures, %v", step, failed, warned.texts)
		}
	}
	for _, text := range says {
		if len(warned.texts) != 1 || !strings.Contains(warned.texts[0], text) {
			t.Errorf("%q, want %q", warned.texts, text)
		}
	}
}

// FuzzReadStore reads any manifest and never panics; what it accepts has the
// digests it says.
func FuzzReadStore(f *testing.F) {
	text, err := os.ReadFile("testdata/programs/program.json")
	if err != nil {
		f.Fatal(err)
	}
	source, err := os.ReadFile("testdata/programs/hub.py")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version":1,"programs":[{"for":"hub","file":"hub.py","sha256":"` + digestOf(string(source)) + `","spec":{"prosumer":{}}}]}`))
	f.Add([]byte(`{"version":1,"programs":[{"for":"hub","file":"..","spec":null}]}`))
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "hub.py"), source, 0o644); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(filepath.Join(dir, storeFile), text, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := readStore(dir)
		if err != nil {
			return
		}
		for _, p := range s.Programs {
			if p.Source != string(source) || digestOf(p.Source) != p.SHA256 {
				t.Errorf("%+v is accepted", p)
			}
		}
	})
}
