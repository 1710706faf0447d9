package cvxpy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/convex"
)

// The programs in testdata/experts are what experts write: they model a
// prosumer's day and solve it, in many styles, right and wrong. They run here
// and under CPython with cvxpy (testdata/oracle_experts.py), whose answers are
// recorded beside them, and have to agree: status, objective (1e-6), actions
// (1e-4 of their range, for entries that are unique), what is returned and
// printed, and the class and first line of exceptions. Where they do not, the
// disagreement stands in disagreements.txt with its reason.

// expertRun is the answer of one program at one step, from either side.
type expertRun struct {
	Program  string        `json:"program"`
	Step     *int          `json:"step"`
	Returned any           `json:"returned"`
	Stdout   string        `json:"stdout"`
	Error    *expertError  `json:"error"`
	Solves   []expertSolve `json:"solves"`
}

type expertError struct {
	Class string `json:"class"`
	Text  string `json:"text"`
}

type expertSolve struct {
	Status    string           `json:"status"`
	Objective any              `json:"objective"`
	Variables []expertVariable `json:"variables"`
}

type expertVariable struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
	Value []any  `json:"value"`
	Loose []int  `json:"loose"` // entries that are not unique
}

// name is the program and, where it was called, the step.
func (r *expertRun) name() string {
	if r.Step == nil {
		return r.Program
	}
	return fmt.Sprintf("%s @ %d", r.Program, *r.Step)
}

func expertFiles(t testing.TB) []string {
	files, err := filepath.Glob("testdata/experts/*.py")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs found", err)
	}
	return files
}

func expertRecord(path string) string { return strings.TrimSuffix(path, ".py") + ".json" }

// expertAnswers are CPython's answers: fresh ones where a Python with cvxpy is
// at hand, else the recorded ones.
func expertAnswers(t *testing.T, path, python string) []expertRun {
	if python != "" {
		var stderr bytes.Buffer
		cmd := exec.Command(python, "testdata/oracle_experts.py", "testdata/experts/state.json", path)
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, stderr.String())
		}
		if *update {
			if err := os.WriteFile(expertRecord(path), out, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return decodeAnswers(t, out)
	}
	out, err := os.ReadFile(expertRecord(path))
	if err != nil {
		t.Fatal(err)
	}
	return decodeAnswers(t, out)
}

func decodeAnswers(t *testing.T, data []byte) []expertRun {
	var answers []expertRun
	if err := json.Unmarshal(data, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

func TestExpertsAnswerAsCPython(t *testing.T) {
	known := disagreements(t)
	programs, entries, loose := 0, 0, 0
	python := python()
	for _, path := range expertFiles(t) {
		sources := expertSources(t, path)
		programs += len(sources)
		for _, want := range expertAnswers(t, path, python) {
			source, ok := sources[want.Program]
			if !ok {
				t.Fatalf("%s: no program %q", path, want.Program)
			}
			got := expertAnswer(t, source, want.Step)
			c := comparison{want: &want, got: got}
			found := c.run()
			entries += c.entries
			loose += c.loose
			if reason, listed := known[want.name()]; listed {
				delete(known, want.name())
				if found == "" {
					t.Errorf("%s agrees now: take it off the list (%s)", want.name(), reason)
				} else {
					t.Logf("disagreement: %s: %s\n%s", want.name(), reason, found)
				}
			} else if found != "" {
				t.Errorf("%s: %s\n%s", filepath.Base(path), want.name(), found)
			}
		}
	}
	for name := range known {
		t.Errorf("disagreements.txt lists %s, which is no program", name)
	}
	t.Logf("%d programs; %d of %d entries of variables are not unique and were not compared", programs, loose, entries)
	if programs < 300 {
		t.Errorf("%d programs, want at least 300", programs)
	}
}

// disagreements reads the list: the name of a run, a colon, and the reason.
func disagreements(t *testing.T) map[string]string {
	data, err := os.ReadFile("testdata/experts/disagreements.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if name, reason, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(line, "#") {
			known[name] = reason
		}
	}
	return known
}

// expertSources reads the programs of a file; those with a base are patched.
func expertSources(t testing.TB, path string) map[string]string {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{}
	for _, c := range chunks(string(data)) {
		name, _, _ := strings.Cut(c.name, "@")
		name = strings.TrimSpace(name)
		if _, twice := sources[name]; twice {
			t.Fatalf("%s: two programs %q", path, name)
		}
		first, rest, _ := strings.Cut(c.source, "\n")
		if base, ok := strings.CutPrefix(first, "# base: "); ok {
			c.source = patched(t, name, sources[base], rest)
		}
		sources[name] = c.source
	}
	return sources
}

// patched replaces lines as oracle_experts.py does.
func patched(t testing.TB, name, source, patch string) string {
	var old, new []string
	apply := func() {
		lines := strings.Split(source, "\n")
		for k := range lines {
			if k+len(old) > len(lines) || !slices.EqualFunc(lines[k:k+len(old)], old, func(a, b string) bool { return strings.TrimSpace(a) == b }) {
				continue
			}
			indent := lines[k][:len(lines[k])-len(strings.TrimLeft(lines[k], " \t"))]
			var put []string
			for _, x := range new {
				if x != "+" {
					put = append(put, indent+x)
				}
			}
			source = strings.Join(slices.Concat(lines[:k], put, lines[k+len(old):]), "\n")
			old, new = nil, nil
			return
		}
		t.Fatalf("%s: no line %q in its base", name, old)
	}
	for line := range strings.SplitSeq(patch, "\n") {
		text, isOld := strings.CutPrefix(line, "- ")
		if isOld && len(new) > 0 {
			apply()
		}
		if isOld {
			old = append(old, strings.TrimSpace(text))
		} else if text, isNew := strings.CutPrefix(line, "+ "); isNew {
			new = append(new, text)
		} else if strings.TrimSpace(line) == "+" {
			new = append(new, "+")
		}
	}
	if len(new) > 0 {
		apply()
	}
	return source
}

// expertState is the state at a step of the day.
func expertState(t testing.TB, step int) map[string]any {
	f, err := os.Open("testdata/experts/state.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	state, err := DecodeState(f)
	if err != nil {
		t.Fatal(err)
	}
	state["current_time"] = step
	return state
}

// expertAnswer runs a program here.
func expertAnswer(t testing.TB, source string, step *int) *expertRun {
	out := &expertRun{}
	p, err := Compile("program.py", source)
	var r *Result
	if err == nil {
		if step == nil {
			r, err = p.Run(context.Background(), DefaultBudget())
		} else {
			r, err = p.Call(context.Background(), DefaultBudget(), "prosumer", expertState(t, *step))
		}
	}
	if e, ok := err.(*Error); ok {
		text, _, _ := strings.Cut(strings.TrimSpace(e.Text), "\n")
		out.Error = &expertError{e.Class, text}
	}
	if r == nil {
		return out
	}
	out.Stdout, out.Returned = r.Stdout, plain(r.Value)
	for _, s := range r.Solves {
		out.Solves = append(out.Solves, solveAnswer(s))
	}
	return out
}

func solveAnswer(s Solve) expertSolve {
	out := expertSolve{Status: s.Status, Objective: jsonFloat(s.Solution.Objective)}
	if s.Solution.Status != convex.Solved {
		return out
	}
	for _, e := range s.Problem.Variables() {
		v := expertVariable{Name: e.Name(), Shape: e.Shape().Dims()}
		for _, x := range s.Solution.Value(e) {
			v.Value = append(v.Value, x)
		}
		out.Variables = append(out.Variables, v)
	}
	return out
}

func jsonFloat(x float64) any {
	switch {
	case math.IsNaN(x):
		return "nan"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return x
}

// plain turns a result into what the record holds.
func plain(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return jsonFloat(v)
	case []float64:
		out := make([]any, len(v))
		for k, x := range v {
			out[k] = jsonFloat(x)
		}
		return out
	case [][]float64:
		out := make([]any, len(v))
		for k, x := range v {
			out[k] = plain(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for k, x := range v {
			out[k] = plain(x)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = plain(x)
		}
		return out
	case *convex.Expr:
		return "expression " + v.Shape().String()
	case *convex.Constraint:
		return "expression " + v.Shape().String()
	case convex.Objective:
		return "Minimize"
	case *convex.Problem:
		return "Problem"
	}
	return v
}
