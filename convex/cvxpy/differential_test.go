package cvxpy

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The programs below testdata/programs run here and under CPython with numpy
// and cvxpy. What CPython answered is recorded beside them (*.want), so that
// the comparison needs no Python; where a Python with the pinned cvxpy is at
// hand (PEERWATT_PYTHON, else python3), the record itself is checked, and
// -update writes it anew.
var update = flag.Bool("update", false, "record what CPython answers")

const pinned = "cvxpy 1.9.3" // testdata/requirements.txt has the rest

// python finds an interpreter with the pinned cvxpy, "" where there is none.
func python() string {
	name := os.Getenv("PEERWATT_PYTHON")
	if name == "" {
		name = "python3"
	}
	out, err := exec.Command(name, "-c", "import sys, cvxpy; print('cvxpy', cvxpy.__version__, sys.version_info[:2] == (3, 11))").Output()
	if err != nil || strings.TrimSpace(string(out)) != pinned+" True" {
		return ""
	}
	return name
}

type chunk struct{ name, source string }

// chunks splits a file at its "# --- name" lines.
func chunks(text string) []chunk {
	var list []chunk
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "# --- "); ok {
			list = append(list, chunk{name: strings.TrimSpace(name)})
		} else if n := len(list); n > 0 {
			list[n-1].source += line
		}
	}
	return list
}

func programFiles(t testing.TB) []string {
	files, err := filepath.Glob("testdata/programs/*/*.py")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs found", err)
	}
	return files
}

func wantFile(path string) string { return strings.TrimSuffix(path, ".py") + ".want" }

func TestRecordedAnswersAreCPythons(t *testing.T) {
	python := python()
	if python == "" {
		t.Skip("skipped: no Python 3.11 with " + pinned + " (set PEERWATT_PYTHON)")
	}
	for _, path := range programFiles(t) {
		var stderr bytes.Buffer
		cmd := exec.Command(python, "testdata/oracle.py", path)
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, stderr.String())
		}
		if *update {
			if err := os.WriteFile(wantFile(path), out, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(wantFile(path))
		if err != nil {
			t.Error(err)
		} else if d := cmp.Diff(string(want), string(out)); d != "" {
			t.Errorf("%s: the record differs from CPython (-record +CPython):\n%s", path, d)
		}
	}
}

func TestProgramsAnswerAsCPython(t *testing.T) {
	for _, path := range programFiles(t) {
		t.Run(strings.TrimSuffix(filepath.ToSlash(strings.TrimPrefix(path, "testdata/programs/")), ".py"), func(t *testing.T) {
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			record, err := os.ReadFile(wantFile(path))
			if err != nil {
				t.Fatal(err)
			}
			want := chunks(string(record))
			got := chunks(string(source))
			if len(want) != len(got) {
				t.Fatalf("%d programs, %d recorded answers", len(got), len(want))
			}
			for i, c := range got {
				if d := cmp.Diff(want[i].source, answer(c.source)); d != "" {
					t.Errorf("%s (-CPython +here):\n%s\nprogram:\n%s", c.name, d, c.source)
				}
			}
		})
	}
}

// answer runs a program here and writes down its answer as oracle.py does.
func answer(source string) string {
	var b strings.Builder
	var stdout, failure string
	p, err := Compile("program.py", source)
	if err == nil {
		var r *Result
		r, err = p.Run(context.Background(), DefaultBudget())
		stdout = r.Stdout
	}
	if err != nil {
		failure = err.(*Error).Traceback
	}
	write := func(mark, text string) {
		if text == "" {
			return
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			b.WriteString(strings.TrimRight(mark+" "+line, " \t\n\r\f\v") + "\n")
		}
	}
	write(">", stdout)
	write("!", failure)
	text := addresses.ReplaceAllString(b.String(), "0x0")
	return repeats.ReplaceAllString(text, "repeated N more times")
}

var (
	addresses = regexp.MustCompile(`0x[0-9a-f]{6,}`)
	repeats   = regexp.MustCompile(`repeated [0-9]+ more times`)
)
