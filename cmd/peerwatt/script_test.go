package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"peerwatt": func() { os.Exit(run()) }})
}

// TestScripts runs every file of testdata/script: what a person types, and
// what they see.
func TestScripts(t *testing.T) {
	model := newScriptedModel(t)
	programs, err := filepath.Abs("../../expert/testdata/programs")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Setup: func(e *testscript.Env) error {
			e.Setenv("SCRIPTED_MODEL", model.URL) // see scriptedModel
			e.Setenv("PROGRAMS", programs)        // stored programs of all archetypes
			return nil
		},
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		Condition:          condition,
		Cmds:               map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "refused": refused},
	})
}

// condition adds [full] to the conditions of scripts: what takes too long for
// every day runs where PEERWATT_TEST_FULL is set.
func condition(name string) (bool, error) {
	if name == "full" {
		return os.Getenv("PEERWATT_TEST_FULL") != "", nil
	}
	return false, fmt.Errorf("there is no condition %s", name)
}

// exits is a script command: `exits CODE PROGRAM ARGS...` runs the program and
// requires exactly that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGS...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit := (*exec.ExitError)(nil)
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// refused is a script command: `refused CODE PROGRAM ARGS...` is exits for what
// cannot be done. The program must say so in one line (beside which a command
// that had begun to work may have said what it does), print no result, and
// leave every file that was there as it was.
func refused(ts *testscript.TestScript, neg bool, args []string) {
	before := contents(ts)
	exits(ts, neg, args)
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("a result beside a failure: %s", out)
	}
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile("stderr"), "\n"), "\n")
	said := 0
	for _, line := range lines {
		if strings.HasPrefix(line, "peerwatt: ") {
			said++
		}
	}
	if said != 1 || args[0] == "2" && len(lines) != 1 {
		ts.Fatalf("want one line that begins with peerwatt:")
	}
	after := contents(ts)
	for path, text := range before {
		if after[path] != text {
			ts.Fatalf("%s was changed", path)
		}
	}
}

// contents maps the files of a script's directory to what they hold.
func contents(ts *testscript.TestScript) map[string]string {
	files := map[string]string{}
	ts.Check(filepath.WalkDir(ts.Getenv("WORK"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	}))
	return files
}
