package expert

import (
	"context"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
)

// changed is a program with a part of it written otherwise.
func changed(t testing.TB, program string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(program, pairs[i]) {
			t.Fatalf("the program lacks %q:\n%s", pairs[i], program)
		}
	}
	return strings.NewReplacer(pairs...).Replace(program)
}

func python(code string) string { return "```python\n" + code + "```" }

// TestCodeFromWords takes a wish of every archetype through all stages, with a
// model that answers well.
func TestCodeFromWords(t *testing.T) {
	for _, a := range community.Archetypes {
		s, server := runWorkflow(t, a, WorkflowOptions{}, fluent)
		if !s.Passed || s.Reason != "" || s.Corrections != 0 || s.Advice == nil || len(s.Advice.SetPoints) != 96 {
			t.Fatalf("%s: passed %v, %q, %d corrections", a, s.Passed, s.Reason, s.Corrections)
		}
		if server.calls != 4 || len(s.Calls) != 4 || s.Calls[2].Stage != "code" || s.Calls[2].Usage.CompletionTokens != 50 || s.Calls[2].Model != "scripted-1" {
			t.Errorf("%s: %d calls, accounts of %+v", a, server.calls, s.Calls)
		}
		if !strings.Contains(s.Model, "## Objective") || len(s.Atoms) != 5 || len(s.Docs) < 8 || !slices.Equal(s.Docs[:5], s.Atoms) || strings.Contains(s.Program, "solve(") || !strings.Contains(s.Code, "solve(") {
			t.Errorf("%s: atoms %q, found %q", a, s.Atoms, s.Docs)
		}
		for _, q := range server.asked {
			if tokens := len(q.system+q.user) / 4; tokens >= 6000 {
				t.Errorf("%s: the words of %s are %d tokens", a, q.stage, tokens)
			}
			if q.stage == "code" && (!strings.Contains(q.user, "Data sheet:") || strings.Contains(q.user, "fuel cost") != (s.Spec.Prosumer.CDG != nil) || strings.Contains(q.user, "P_P2P")) {
				t.Errorf("%s: the formulas are of other devices:\n%s", a, q.user)
			}
			if has := strings.Contains(q.user, s.Wish); has != (q.stage == "model") {
				t.Errorf("%s: the wish stands in %s: %v", a, q.stage, has)
			}
		}
		if v := s.Advice; v.Cost < v.CostWithoutWishes-0.01 {
			t.Errorf("%s: cost %v, without wishes %v", a, v.Cost, v.CostWithoutWishes)
		}
	}
}

// TestCorrections: what is wrong goes back with the traceback until it is right,
// before trade and after it.
func TestCorrections(t *testing.T) {
	var first, second, third string
	s, server := runWorkflow(t, community.Residential, WorkflowOptions{}, func(spec *Spec) script {
		alone, trade := spec.Program(false), spec.Program(true)
		first = changed(t, alone, "P_ch - P_dis\n", "P_ch - P_discharge\n")
		second = changed(t, alone, "P_ch <= ", "0 <= P_ch <= ")
		third = changed(t, trade, "return action, cost, constraints, P_EX, Q_EX, P_P2P", "return action, cost, constraints, P_EX, P_P2P")
		return fluent(spec).instead("code", python(first)).instead("trade", python(third)).
			instead("correct", python(second), python(alone), python(trade))
	})
	if !s.Passed || s.Corrections != 3 || len(s.Failures) != 3 || s.Failure != nil || s.Before != nil {
		t.Fatalf("passed %v, %q, %d corrections, %v", s.Passed, s.Reason, s.Corrections, s.Failures)
	}
	for i, want := range []struct {
		stage string
		kind  FailureKind
		code  string
		says  []string
	}{
		{"run", Raised, first, []string{"current_time = 0", "Traceback", "NameError: name 'P_discharge' is not defined"}},
		{"run", Raised, second, []string{"0 <= P_ch <= ", "Exception: Cannot evaluate the truth value of a constraint"}},
		{"check", WrongResult, third, []string{"returns 5 things: want exactly six things"}},
	} {
		f := s.Failures[i]
		if f.Stage != want.stage || f.Kind != want.kind || want.kind == Raised && f.Line == 0 {
			t.Errorf("failure %d: %+v", i, f)
		}
		corrections := server.of("correct")
		for _, says := range append(want.says, strings.TrimSpace(want.code), "About cvxpy") {
			if !strings.Contains(corrections[i].user, says) {
				t.Errorf("correction %d is not told %q:\n%s", i, says, corrections[i].user)
			}
		}
		if six := strings.Contains(corrections[i].system, "exactly six"); six != (want.stage == "check") {
			t.Errorf("correction %d is told of trade: %v", i, six)
		}
	}
}

// TestNeverRight: a model that does not come to code that runs is given up after
// five corrections, with the reason.
func TestNeverRight(t *testing.T) {
	for name, c := range map[string]struct {
		play script
		says string
		kind FailureKind
	}{
		"prose":      {func(question) string { return "I would love to help!" }, "SyntaxError", SyntaxWrong},
		"no name":    {func(question) string { return python("def prosumer(state):\n    return x\n") }, "NameError: name 'x'", Raised},
		"no solving": {func(question) string { return python("def prosumer(state):\n    return {}\n") }, "solves nothing", WrongResult},
		"too large":  {func(question) string { return python("def prosumer(state):\n    return [0] * 10**10\n") }, "more than", OverBudget},
		"thief":      {func(question) string { return python("import os\ndef prosumer(state):\n    return os.environ\n") }, "os", OutOfSandbox},
		"infeasible": {func(question) string {
			return python("import cvxpy as cp\ndef prosumer(state):\n    x = cp.Variable(3)\n    p = cp.Problem(cp.Minimize(cp.sum(x)), [x >= 1, x <= 0])\n    p.solve()\n    return {}\n")
		}, "no point satisfies", Infeasible},
		"unbounded": {func(question) string {
			return python("import cvxpy as cp\ndef prosumer(state):\n    x = cp.Variable(3)\n    p = cp.Problem(cp.Minimize(cp.sum(x)), [x <= 0])\n    p.solve()\n    return {}\n")
		}, "falls without limit", Unbounded},
		"not here": {func(question) string {
			return python("import cvxpy as cp\ndef prosumer(state):\n    x = cp.Variable(3)\n    cp.Problem(cp.Minimize(cp.sum(cp.exp(x)))).solve()\n    return {}\n")
		}, "exp", Unsupported},
		"last step": {nil, "current_time = 95", Raised},
	} {
		t.Run(name, func(t *testing.T) {
			s, server := runWorkflow(t, community.Residential, WorkflowOptions{}, func(spec *Spec) script {
				if c.play != nil {
					return c.play
				}
				late := python(changed(t, spec.Program(false), "    constraints = []\n", "    constraints = []\n    P_Load[1]\n"))
				return fluent(spec).instead("code", late).instead("correct", late)
			})
			last := s.Failures[len(s.Failures)-1]
			if s.Passed || s.Corrections != 5 || server.stages["correct"] != 5 || server.stages["trade"] != 0 || len(s.Failures) != 6 || s.Advice != nil {
				t.Errorf("passed %v after %d corrections: %s", s.Passed, s.Corrections, s.Reason)
			}
			if last.Kind != c.kind || !strings.Contains(last.Text, c.says) || s.Reason == "" || strings.Contains(s.Reason, "\n") {
				t.Errorf("%s: %+v", s.Reason, last)
			}
		})
	}
}

// TestAblations: each asks what it should, and nothing else.
func TestAblations(t *testing.T) {
	broken := func(spec *Spec) script {
		wrong := python(changed(t, spec.Program(false), "P_ch <= ", "0 <= P_ch <= "))
		return fluent(spec).instead("code", wrong).instead("correct", python(spec.Program(false)))
	}
	for name, c := range map[string]struct {
		o      WorkflowOptions
		play   func(*Spec) script
		passed bool
		stages string
	}{
		"whole":              {WorkflowOptions{}, broken, true, "model atoms code correct trade"},
		"without retrieval":  {WorkflowOptions{WithoutRetrieval: true}, broken, true, "model code correct trade"},
		"without correction": {WorkflowOptions{WithoutCorrection: true}, broken, false, "model atoms code"},
		"one correction":     {WorkflowOptions{MaxCorrections: 1}, broken, true, "model atoms code correct trade"},
		"bare":               {WorkflowOptions{Bare: true}, fluent, true, "code"},
		"bare and wrong": {WorkflowOptions{Bare: true}, func(spec *Spec) script {
			return fluent(spec).instead("code", python(spec.Program(false)))
		}, false, "code"},
	} {
		t.Run(name, func(t *testing.T) {
			s, server := runWorkflow(t, community.Rural, c.o, c.play)
			var stages []string
			for _, q := range server.asked {
				stages = append(stages, q.stage)
				if about := strings.Contains(q.user, "About cvxpy"); about != (!c.o.WithoutRetrieval && !c.o.Bare && (q.stage == "code" || q.stage == "correct")) {
					t.Errorf("%s is told what was retrieved: %v", q.stage, about)
				}
			}
			if got := strings.Join(stages, " "); got != c.stages || s.Passed != c.passed || (s.Advice != nil) != c.passed {
				t.Errorf("%s, passed %v: %s", got, s.Passed, s.Reason)
			}
			if c.o.Bare && !(strings.Contains(server.asked[0].user, s.Wish) && strings.Contains(server.asked[0].user, "Data sheet") && strings.Contains(server.asked[0].user, "fee on trade with peers")) {
				t.Error("the one question lacks the wish, the data or the trade")
			}
		})
	}
}

// TestKnowledgeReachesTheExperts: what is dropped into a folder stands in the
// questions of the stages that it is for.
func TestKnowledgeReachesTheExperts(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "house.json"), []byte(`{"entries": [
		{"id": "cp.tv", "kind": "atom", "title": "total variation", "signature": "cp.tv(x)", "text": "The sum of changes."},
		{"id": "fuse", "kind": "constraint", "device": "grid", "title": "house fuse", "formula": "P_buy[t] <= 630"}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	k, err := OpenKnowledge(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, server := runWorkflow(t, community.Rural, WorkflowOptions{Knowledge: k}, func(spec *Spec) script {
		return fluent(spec).instead("atoms", `{"atoms": ["cp.tv"]}`)
	})
	for stage, want := range map[string]string{"model": "house fuse (grid): P_buy[t] <= 630", "code": "cp.tv: total variation"} {
		if q := server.of(stage)[0]; !strings.Contains(q.user, want) {
			t.Errorf("%s is not told %q", stage, want)
		}
	}
}

// TestLongProgramsLeaveNoRoom: what is known of cvxpy makes room for the program.
func TestLongProgramsLeaveNoRoom(t *testing.T) {
	_, server := runWorkflow(t, community.Rural, WorkflowOptions{MaxCorrections: 1}, func(spec *Spec) script {
		long := changed(t, spec.Program(false), "P_ch <= ", "0 <= P_ch <= ") + strings.Repeat("# a remark\n", 1700)
		return fluent(spec).instead("code", python(long)).instead("correct", "no")
	})
	if q := server.of("correct")[0]; strings.Contains(q.user, "About cvxpy") || !strings.Contains(q.user, "# a remark") || len(q.system+q.user) > maxPromptBytes {
		t.Errorf("the question has %d bytes", len(q.system+q.user))
	}
}

// TestTraceOfTheWorkflow: the page of a run shows the stages with what they were
// asked and said, the code, what it failed with, and what was mended.
func TestTraceOfTheWorkflow(t *testing.T) {
	s, spec := wished(t, community.Residential)
	wrong := changed(t, spec.Program(false), "P_ch - P_dis\n", "P_ch - P_discharge\n", "constraints += [P_ch <= ", "constraints += [0 <= P_ch <= ")
	server := newScripted(t, openAI, fluent(spec).instead("code", python(wrong)).instead("correct", python(spec.Program(false))))
	var events []TraceEvent
	watch := func(e TraceEvent) { events = append(events, e) }
	if err := Workflow(server.model(t, nil), WorkflowOptions{Lint: true}).Run(context.Background(), s, RunOptions{Watch: watch}); err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	if err := WriteTracePage(&page, "a wish", events); err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, want := range []string{
		html.EscapeString(s.Wish[:20]), "model generation expert", "## Objective", "retrieval", "cp.hstack", "code generation expert", "P_ch - P_discharge", "sandbox", `class="failure"`, "name &#39;P_discharge&#39; is not defined",
		"iterative correction expert", "sandbox", "it runs", "energy trading integration expert", "sandbox, with trade", "strategy",
	} {
		next := strings.Index(page.String()[at:], want)
		if next < 0 {
			t.Fatalf("after %d bytes the page lacks %q", at, want)
		}
		at += next
	}
}
