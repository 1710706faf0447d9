package expert

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
)

// lossless forgets the battery's efficiency: it runs, and is another model.
func lossless(t testing.TB, program string) string {
	return changed(t, program, "SOC_before + (", "SOC_before + (P_ch - P_dis) * delta_t / 1e9 + 0 * (")
}

// TestLintSavesQuestions: what a rule mends is not asked about.
func TestLintSavesQuestions(t *testing.T) {
	for _, lint := range []bool{false, true} {
		s, server := runWorkflow(t, community.Residential, WorkflowOptions{Lint: lint}, func(spec *Spec) script {
			wrong := changed(t, spec.Program(false), "constraints += [P_ch <= ", "constraints += [0 <= P_ch <= ", "cp.hstack", "np.hstack")
			return fluent(spec).instead("code", python(wrong)).instead("correct", python(spec.Program(false)))
		})
		if asked := len(server.of("correct")); !s.Passed || (asked == 0) != lint || (len(s.Fixes) == 0) == lint {
			t.Errorf("lint %v: passed %v, %d questions, fixes %v", lint, s.Passed, asked, s.Fixes)
		}
	}
}

// TestExplainTellsWhy: without it a model hears that a problem has no solution,
// with it which rows contradict each other, or along which ray the cost falls.
func TestExplainTellsWhy(t *testing.T) {
	for _, explain := range []bool{false, true} {
		for body, says := range map[string]string{
			"    constraints += [P_CL >= load]\n": "cannot hold together", "    cost = cost - cp.sum(P_P2P + P_Grid) + 0 * cp.sum(load)\n    constraints = []\n": "improves without limit",
		} {
			s := atHome(t)
			s.Code = household(body+strings.Replace(solving, "    constraints.append(P_P2P == 0)\n", "", 1), returned)
			w := &workflow{WorkflowOptions: WorkflowOptions{Explain: explain, Knowledge: builtinKnowledge()}}
			if err := w.runCode(context.Background(), s, nil); err != nil || s.Failure == nil {
				t.Fatal(err, s.Failure)
			}
			if k := s.Failure.Kind; k != Infeasible && k != Unbounded || strings.Contains(s.Failure.Text, says) != explain {
				t.Errorf("explain %v: %+v", explain, s.Failure)
			}
		}
	}
}

// TestProbeHandsBackCounterexamples: a program that runs and is wrong passes
// without the probe; with it the model hears what it allows.
func TestProbeHandsBackCounterexamples(t *testing.T) {
	play := func(spec *Spec) script {
		return fluent(spec).instead("trade", python(lossless(t, spec.Program(true)))).instead("correct", python(spec.Program(true)))
	}
	s, _ := runWorkflow(t, community.Residential, WorkflowOptions{}, play)
	if !s.Passed || s.Corrections != 0 || !strings.Contains(s.Program, "1e9") {
		t.Errorf("without the probe: passed %v after %d corrections", s.Passed, s.Corrections)
	}
	s, server := runWorkflow(t, community.Residential, WorkflowOptions{Probe: true}, play)
	asked := server.of("correct")
	if !s.Passed || s.Corrections != 1 || len(s.Findings) != 0 || strings.Contains(s.Program, "1e9") || len(s.Spec.Preferences) == 0 || len(server.of("spec")) != 1 {
		t.Fatalf("with the probe: passed %v after %d corrections, %v", s.Passed, s.Corrections, s.Findings)
	}
	if !strings.Contains(asked[0].user, "it is not the model of this prosumer") || !strings.Contains(asked[0].user, "is right") {
		t.Errorf("the model is not told: %s", asked[0].user)
	}
}

// TestProbeKeepsWhatRuns: corrections that break a running program are taken
// back, and what stays wrong is told.
func TestProbeKeepsWhatRuns(t *testing.T) {
	s, server := runWorkflow(t, community.Residential, WorkflowOptions{Probe: true, MaxCorrections: 2}, func(spec *Spec) script {
		return fluent(spec).instead("trade", python(lossless(t, spec.Program(true)))).instead("correct", "I give up.")
	})
	if !s.Passed || s.Reason != "" || s.Corrections != 2 || len(s.Findings) == 0 || !strings.Contains(s.Program, "1e9") || s.Advice == nil {
		t.Errorf("passed %v (%s) after %d corrections with %v", s.Passed, s.Reason, s.Corrections, s.Findings)
	}
	if second := server.of("correct")[1].user; !strings.Contains(second, "taken back") || !strings.Contains(second, "1e9") {
		t.Errorf("the second correction is asked: %s", second)
	}
}

// TestPatchesAndRollback: corrections are edits; one that makes it worse is taken
// back, and the next starts from the code before.
func TestPatchesAndRollback(t *testing.T) {
	edit := func(old, new string) string {
		return "<<<<<<< SEARCH\n" + old + "\n=======\n" + new + "\n>>>>>>> REPLACE"
	}
	s, server := runWorkflow(t, community.Residential, WorkflowOptions{Patches: true}, func(spec *Spec) script {
		wrong := changed(t, spec.Program(false), "P_BESS = P_ch - P_dis\n", "P_BESS = P_ch - P_discharge\n")
		return fluent(spec).instead("code", python(wrong)).instead("patch",
			edit("    P_BESS = P_ch - P_discharge", "    P_BESS = (P_ch - P_dis"), edit("nowhere", "x"), edit("P_BESS = P_ch - P_discharge", "P_BESS = P_ch - P_dis"))
	})
	asked := server.of("patch")
	if !s.Passed || s.Corrections != 3 || len(asked) != 3 || len(server.of("correct")) != 0 {
		t.Fatalf("passed %v after %d corrections: %s", s.Passed, s.Corrections, s.Reason)
	}
	if !strings.Contains(asked[1].user, "taken back") || !strings.Contains(asked[1].user, "P_ch - P_discharge") || strings.Contains(asked[1].user, "    P_BESS = (P_ch") {
		t.Errorf("the second edit is of other code: %s", asked[1].user)
	}
}

// TestBestOfTakesTheMajority: of several programs the one counts that most agree
// with, however they are written.
func TestBestOfTakesTheMajority(t *testing.T) {
	play := func(spec *Spec) script {
		right := spec.Program(true)
		other := changed(t, right, "P_ch + P_dis", "P_dis + P_ch", "# battery", "# storage")
		return fluent(spec).instead("trade", python(lossless(t, right)), python(right), "no code", python(other)).instead("correct", "no code")
	}
	s, _ := runWorkflow(t, community.Residential, WorkflowOptions{}, play)
	if !s.Passed || !strings.Contains(s.Program, "1e9") {
		t.Fatal("the first program is not the wrong one")
	}
	s, server := runWorkflow(t, community.Residential, WorkflowOptions{BestOf: 4, MaxCorrections: 1}, play)
	if !s.Passed || strings.Contains(s.Program, "1e9") || s.Corrections != 0 || len(s.Candidates) != 4 || s.Candidates[2].Passed || len(server.of("model")) != 1 || len(server.of("code")) != 4 {
		t.Errorf("passed %v, %d candidates, %d questions", s.Passed, len(s.Candidates), server.calls)
	}
	if c := s.Candidates; c[0].Signature.Agrees(c[1].Signature) || !c[1].Signature.Agrees(c[3].Signature) {
		t.Error("signatures do not tell models apart")
	}
}

// TestNoneOfSeveral: where no candidate runs there is a reason and no strategy.
func TestNoneOfSeveral(t *testing.T) {
	s, server := runWorkflow(t, community.Rural, WorkflowOptions{BestOf: 2, MaxCorrections: 1}, func(spec *Spec) script {
		return fluent(spec).instead("code", "no").instead("correct", "no")
	})
	if s.Passed || s.Reason == "" || s.Advice != nil || len(s.Candidates) != 2 || len(server.of("code")) != 2 {
		t.Errorf("passed %v: %q", s.Passed, s.Reason)
	}
}

// TestManyHands: programs that say the same in other ways pass without a question
// or a fix, and agree with each other.
func TestManyHands(t *testing.T) {
	for name, a := range rewrites {
		if os.Getenv("PEERWATT_TEST_FULL") == "" && !slices.Contains([]string{"matrices.py", "scalars.py", "netpower.py", "classes.py"}, name) {
			continue
		}
		source, err := os.ReadFile(filepath.Join("testdata", "rewrites", name))
		if err != nil {
			t.Fatal(err)
		}
		s, server := runWorkflow(t, a, WorkflowOptions{Lint: true, BestOf: 2}, func(spec *Spec) script {
			return fluent(spec).instead("trade", "", "So:\n"+python(string(source)))
		})
		if !s.Passed || len(server.of("correct")) != 0 || s.Fixes != nil || s.Failures != nil || len(s.Candidates) != 2 || !s.Candidates[0].Signature.Agrees(s.Candidates[1].Signature) {
			t.Errorf("%s: passed %v, %v, fixes %v", name, s.Passed, s.Failures, s.Fixes)
		}
	}
}
