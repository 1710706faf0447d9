package expert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type journey struct {
	Path  []string
	Count map[string]int
}

func (j *journey) visit(name string) {
	j.Path = append(j.Path, name)
	if j.Count == nil {
		j.Count = map[string]int{}
	}
	j.Count[name]++
}

// loop is a graph that goes a -> b -> c and back to b until b was visited
// three times. calls counts the runs of nodes, fail says which of them fail.
func loop(fail func(node string, call int) error) (*Graph[journey], map[string]int) {
	calls := map[string]int{}
	g := NewGraph[journey]("loop", "a")
	for _, name := range []string{"a", "b", "c"} {
		g.Node(name, "node "+name, 1, func(_ context.Context, j *journey, _ *Reporter) error {
			j.visit(name)
			calls[name]++
			if fail != nil {
				return fail(name, calls[name])
			}
			return nil
		})
	}
	g.Edge("a", "b")
	g.Edge("b", "c")
	g.Branch("c", func(j *journey) string {
		if j.Count["b"] < 3 {
			return "b"
		}
		return End
	}, "b", End)
	return g, calls
}

func TestGraphFollowsItsEdges(t *testing.T) {
	g, _ := loop(nil)
	var j journey
	if err := g.Run(context.Background(), &j, RunOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(j.Path, ""); got != "abcbcbc" {
		t.Errorf("path %s", got)
	}
	if err := g.Run(context.Background(), &journey{}, RunOptions{MaxSteps: 5}); !errors.Is(err, ErrTooManySteps) {
		t.Errorf("five steps were enough: %v", err)
	}
}

func TestNodesStopARun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	g, calls := loop(func(node string, _ int) error {
		if node == "b" {
			return ErrStop
		}
		return nil
	})
	for range 2 { // and it stays stopped
		var j journey
		if err := g.Run(context.Background(), &j, RunOptions{Checkpoint: path}); err != nil || strings.Join(j.Path, "") != "ab" || calls["b"] != 1 {
			t.Errorf("%v on the path %q", err, j.Path)
		}
	}
	g.MaxSteps(1)
	if err := g.Run(context.Background(), &journey{}, RunOptions{}); !errors.Is(err, ErrTooManySteps) {
		t.Errorf("one step was enough: %v", err)
	}
}

func TestNodesAreTriedAgain(t *testing.T) {
	boom := errors.New("boom")
	g, calls := loop(func(node string, call int) error {
		if node == "b" && call == 1 {
			return boom
		}
		return nil
	})
	var j journey
	var events []string
	err := g.Run(context.Background(), &j, RunOptions{Watch: func(e TraceEvent) { events = append(events, fmt.Sprint(e.Kind, " ", e.Node, e.Step, e.Try)) }})
	if err != nil {
		t.Fatal(err)
	}
	// The first try of b left no trace in the state.
	if got := strings.Join(j.Path, ""); got != "abcbcbc" || calls["b"] != 4 {
		t.Errorf("path %s, %d calls of b", got, calls["b"])
	}
	if d := cmp.Diff([]string{"entered a0 0", "left a0 0", "entered b1 0", "failed b1 0", "entered b1 1", "left b1 1"}, events[:6]); d != "" {
		t.Error(d)
	}

	for name, failure := range map[string]error{"often": boom, "finally": Final(boom)} {
		g, calls := loop(func(node string, _ int) error {
			if node == "b" {
				return failure
			}
			return nil
		})
		err := g.Run(context.Background(), &journey{}, RunOptions{})
		if !errors.Is(err, boom) || err.Error() != "node b: boom" {
			t.Errorf("%s: %v", name, err)
		}
		if want := map[string]int{"often": 2, "finally": 1}[name]; calls["b"] != want {
			t.Errorf("%s: %d calls", name, calls["b"])
		}
	}
}

// TestGraphResumes stops a run after every number of nodes and goes on from its
// checkpoint: the whole path is the same and no node is run twice.
func TestGraphResumes(t *testing.T) {
	for stop := 1; stop <= 7; stop++ {
		path := filepath.Join(t.TempDir(), "state.json")
		ctx, cancel := context.WithCancel(context.Background())
		ran := 0
		g, calls := loop(func(string, int) error {
			if ran++; ran == stop {
				cancel()
				return ctx.Err()
			}
			return nil
		})
		var j journey
		if err := g.Run(ctx, &j, RunOptions{Checkpoint: path}); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		var again journey
		var first TraceEvent
		err := g.Run(context.Background(), &again, RunOptions{Checkpoint: path, Watch: func(e TraceEvent) {
			if first.Kind == "" {
				first = e
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(again.Path, ""); got != "abcbcbc" {
			t.Errorf("stopped at %d: path %s", stop, got)
		}
		if total := calls["a"] + calls["b"] + calls["c"]; total != 8 { // one was stopped
			t.Errorf("stopped at %d: %d nodes were run", stop, total)
		}
		if stop > 1 && first.Kind != Resumed {
			t.Errorf("stopped at %d: the first event is %v", stop, first)
		}
		// A run that has ended stays ended.
		if err := g.Run(context.Background(), &again, RunOptions{Checkpoint: path}); err != nil || calls["a"]+calls["b"]+calls["c"] != 8 {
			t.Errorf("an ended run went on: %v", err)
		}
	}
}

func TestDamagedCheckpoints(t *testing.T) {
	g, _ := loop(nil)
	path := filepath.Join(t.TempDir(), "state.json")
	for text, says := range map[string]string{
		"":          "is damaged",
		`{"graph":`: "is damaged",
		`{"graph":"other","next":"b","state":{}}`:             "of the workflow",
		`{"graph":"loop","next":"b","state":{"Path":"x"}}`:    "start over",
		`{"graph":"loop","next":"zebra","step":1,"state":{}}`: "another version",
		`{"graph":"loop","next":"b","step":-1,"state":{}}`:    "of the workflow",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := g.Run(context.Background(), &journey{}, RunOptions{Checkpoint: path}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
	if err := g.Run(context.Background(), &journey{}, RunOptions{Checkpoint: filepath.Join(path, "x", "y")}); err == nil {
		t.Error("a checkpoint in a folder that cannot be")
	}
}

func TestGraphsThatCannotBe(t *testing.T) {
	nothing := func(context.Context, *journey, *Reporter) error { return nil }
	build := func(f func(g *Graph[journey])) error {
		g := NewGraph[journey]("g", "a")
		f(g)
		return g.Validate()
	}
	for says, f := range map[string]func(*Graph[journey]){
		`no node "a"`:   func(g *Graph[journey]) {},
		"leads nowhere": func(g *Graph[journey]) { g.Node("a", "", 0, nothing) },
		"is not there":  func(g *Graph[journey]) { g.Node("a", "", 0, nothing); g.Edge("a", "b") },
		"nothing chooses": func(g *Graph[journey]) {
			g.Node("a", "", 0, nothing)
			g.Edge("a", "a")
			g.Edge("a", End)
		},
		"nothing leads to": func(g *Graph[journey]) {
			g.Node("a", "", 0, nothing)
			g.Node("b", "", 0, nothing)
			g.Edge("a", End)
			g.Edge("b", End)
		},
		"has no end": func(g *Graph[journey]) { g.Node("a", "", 0, nothing); g.Edge("a", "a") },
	} {
		if err := build(f); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	g := NewGraph[journey]("g", "a")
	g.Node("a", "", 0, nothing)
	g.Branch("a", func(*journey) string { return "zebra" }, End)
	if err := g.Run(context.Background(), &journey{}, RunOptions{}); err == nil || !strings.Contains(err.Error(), "chose") {
		t.Errorf("a branch to nowhere: %v", err)
	}
}

func TestGraphIsDrawn(t *testing.T) {
	g, _ := loop(nil)
	want := `flowchart TD
  n_a["node a"]
  n_b["node b"]
  n_c{{"node c"}}
  n_end(["end"])
  n_a --> n_b
  n_b --> n_c
  n_c --> n_b
  n_c --> n_end
`
	if d := cmp.Diff(want, g.Mermaid()); d != "" {
		t.Error(d)
	}
}

func TestTraceIsKeptAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace.jsonl")
	trace, err := OpenTrace(path)
	if err != nil {
		t.Fatal(err)
	}
	kept := []TraceEvent{
		{Kind: Entered, Node: "a", Title: "first <node>"},
		{Kind: Asked, Node: "a", Text: "do <script>alert(1)</script>"},
		{Kind: Replied, Node: "a", Text: "done & dusted", Format: "python"},
		{Kind: Failed, Node: "a", Title: "first", Text: "it broke", Seconds: 1.25},
	}
	for _, e := range kept {
		trace.Keep(e)
		trace.Keep(TraceEvent{Kind: Writing, Text: "piece"})
	}
	if err := trace.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	events, err := ReadTrace(bytes.NewReader(append(text, `{"kind":"cut`...)))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(kept, events); d != "" {
		t.Error(d)
	}
	if _, err := ReadTrace(strings.NewReader("x\n{}\n")); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("garbage: %v", err)
	}
	var page strings.Builder
	if err := WriteTracePage(&page, "a <run>", events); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a &lt;run&gt;", "&lt;script&gt;alert(1)", "done &amp; dusted", "it broke", "1.2 s"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page.String(), "<script>") {
		t.Error("what a model says runs in the page")
	}
}
