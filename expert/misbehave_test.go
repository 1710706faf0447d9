package expert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/llm"
)

func status(code int, kind string, headers ...string) mood {
	return func(w http.ResponseWriter, _ wire, _ string) bool {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"type":"error","error":{"type":%q,"code":%q,"message":"not now"}}`, kind, kind)
		return true
	}
}

// cut breaks the connection off in the middle of an answer.
func cut(w http.ResponseWriter, p wire, text string) bool {
	w.Header().Set("Content-Type", "text/event-stream")
	whole := p.say(text, llm.Stopped)
	_, _ = io.WriteString(w, whole[:len(whole)/3])
	w.(http.Flusher).Flush()
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		conn.Close()
	}
	return true
}

func garbage(w http.ResponseWriter, _ wire, _ string) bool {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, "data: {\"choices\": <html>\n\n")
	return true
}

func endless(w http.ResponseWriter, p wire, text string) bool {
	w.Header().Set("Content-Type", "text/event-stream")
	piece := p.say(strings.Repeat("and so on ", 1000), llm.Stopped)
	if p.provider == "anthropic" {
		piece = piece[:strings.Index(piece, "event: content_block_stop")]
	} else {
		piece = piece[:strings.Index(piece, `data: {"choices":[{"delta":{},`)]
	}
	for range 1000 {
		if _, err := io.WriteString(w, piece); err != nil {
			break
		}
	}
	return true
}

func refusal(w http.ResponseWriter, p wire, _ string) bool {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, p.say("I cannot help with that.", llm.Refused))
	return true
}

func silence(w http.ResponseWriter, p wire, _ string) bool {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, p.say("", llm.Stopped))
	return true
}

func uncounted(w http.ResponseWriter, p wire, text string) bool {
	w.Header().Set("Content-Type", "text/event-stream")
	for block := range strings.SplitAfterSeq(p.say(text, llm.Stopped), "\n\n") {
		if !strings.Contains(block, `"choices":[]`) {
			_, _ = io.WriteString(w, strings.NewReplacer(`,"usage":{"output_tokens":50}`, "", `,"usage":{"input_tokens":100,"output_tokens":1}`, "").Replace(block))
		}
	}
	return true
}

// TestMisbehavingProviders runs the whole workflow against servers of both
// protocols that misbehave: it recovers, or ends with a reason.
func TestMisbehavingProviders(t *testing.T) {
	busy := status(429, "rate_limit_error", "Retry-After", "0")
	for name, c := range map[string]struct {
		moods  []mood
		passed bool
		reason string // of a model that fails
		fails  string // of a model that cannot be asked
	}{
		"well":                {nil, true, "", ""},
		"busy":                {[]mood{busy, nil, busy, busy}, true, "", ""},
		"failing":             {[]mood{status(500, "api_error"), status(502, "api_error"), nil, status(529, "overloaded_error")}, true, "", ""},
		"cut":                 {[]mood{cut, nil, cut, cut}, true, "", ""},
		"garbage":             {[]mood{garbage, nil, garbage}, true, "", ""},
		"uncounted":           {[]mood{uncounted, uncounted, uncounted, uncounted}, true, "", ""},
		"refusal of a model":  {[]mood{refusal}, false, "refused to answer", ""},
		"refusal of the code": {[]mood{nil, nil, refusal}, false, "refused to answer", ""},
		"silence":             {[]mood{nil, nil, silence}, false, "said nothing", ""},
		"endless text":        {[]mood{nil, nil, endless}, false, "beyond every bound", ""},
		"always failing":      {[]mood{nil, status(500, "api_error"), status(500, "api_error"), status(500, "api_error")}, false, "", "HTTP 500"},
		"wrong key":           {[]mood{status(401, "authentication_error")}, false, "", "check the key in PEERWATT_TEST_KEY"},
		"no credit":           {[]mood{nil, status(429, "insufficient_quota")}, false, "", "needs credit"},
	} {
		for _, p := range []wire{openAI, anthropic} {
			if name == "no credit" && p.provider == "anthropic" {
				c.moods[1] = status(400, "billing_error")
			}
			t.Run(name+" "+p.provider, func(t *testing.T) {
				s, spec := wished(t, community.Rural)
				server := newScripted(t, p, fluent(spec), c.moods...)
				model := server.model(t, func(l *llm.Config) { l.Attempts = 3 })
				err := Workflow(model, WorkflowOptions{}).Run(context.Background(), s, RunOptions{})
				switch {
				case c.fails != "":
					if err == nil || !strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), testKey) || strings.Contains(err.Error(), "\n") {
						t.Errorf("it ends with %v, want %q", err, c.fails)
					}
				case err != nil || s.Passed != c.passed || !strings.Contains(s.Reason, c.reason) || (s.Reason == "") != c.passed:
					t.Errorf("%v, passed %v: %s", err, s.Passed, s.Reason)
				}
				if name == "uncounted" {
					for _, call := range s.Calls {
						if !call.Usage.Estimated || call.Usage.CompletionTokens == 0 {
							t.Errorf("%s: %+v", call.Stage, call.Usage)
						}
					}
				}
			})
		}
	}
}

// TestRefusedCorrections: a model that refuses to correct changes nothing; it is
// asked again, as often as it may be.
func TestRefusedCorrections(t *testing.T) {
	s, spec := wished(t, community.Rural)
	wrong := changed(t, spec.Program(false), "P_ch <= ", "0 <= P_ch <= ")
	server := newScripted(t, openAI, fluent(spec).instead("code", python(wrong)).instead("correct", python(spec.Program(false))), nil, nil, nil, refusal, silence)
	if err := Workflow(server.model(t, nil), WorkflowOptions{}).Run(context.Background(), s, RunOptions{}); err != nil || !s.Passed || s.Corrections != 3 {
		t.Errorf("%v, passed %v after %d corrections: %s", err, s.Passed, s.Corrections, s.Reason)
	}
}

// TestRefusedCandidates: where several programs are written, a refusal costs one.
func TestRefusedCandidates(t *testing.T) {
	s, spec := wished(t, community.Rural)
	server := newScripted(t, openAI, fluent(spec).instead("correct", "no"), nil, nil, refusal)
	if err := Workflow(server.model(t, nil), WorkflowOptions{BestOf: 2, MaxCorrections: 1}).Run(context.Background(), s, RunOptions{}); err != nil || !s.Passed || s.Candidates[0].Passed || !s.Candidates[1].Passed {
		t.Errorf("%v, passed %v: %s", err, s.Passed, s.Reason)
	}
}

// TestWrongForms: lists and forms that are no JSON do not stop the way by code.
func TestWrongForms(t *testing.T) {
	for _, atoms := range []string{"cp.sum, cp.Variable", `{"atoms": ["cp.sum", `, "I do not know."} {
		s, _ := runWorkflow(t, community.Rural, WorkflowOptions{}, func(spec *Spec) script { return fluent(spec).instead("atoms", atoms) })
		if !s.Passed || len(s.Docs) == 0 {
			t.Errorf("%q: passed %v, found %q", atoms, s.Passed, s.Docs)
		}
	}
}

// stumbling has two things to correct before trade and one after it.
func stumbling(spec *Spec) script {
	alone, trade := spec.Program(false), spec.Program(true)
	return fluent(spec).
		instead("code", python(strings.ReplaceAll(alone, "P_ch - P_dis\n", "P_ch - P_discharge\n"))).
		instead("trade", python(strings.ReplaceAll(trade, "P_EX, Q_EX, P_P2P", "P_EX, P_P2P"))).
		instead("correct", python(strings.ReplaceAll(alone, "P_ch <= ", "0 <= P_ch <= ")), python(alone), python(trade))
}

// TestNothingIsPaidTwice stops the workflow after every node and goes on from its
// checkpoint: the model is asked each question once, and the outcome is the same.
func TestNothingIsPaidTwice(t *testing.T) {
	const calls = 7
	var want *Session
	for stop := 0; ; stop++ {
		s, spec := wished(t, community.Residential)
		server := newScripted(t, openAI, stumbling(spec))
		model := server.model(t, nil)
		checkpoint := filepath.Join(t.TempDir(), "state.json")
		ctx, cancel := context.WithCancel(context.Background())
		left := 0
		err := Workflow(model, WorkflowOptions{}).Run(ctx, s, RunOptions{Checkpoint: checkpoint, Watch: func(e TraceEvent) {
			if e.Kind == Entered {
				if left++; stop > 0 && left == stop+1 {
					cancel()
				}
			}
		}})
		cancel()
		ended := err == nil
		if !ended && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		again := &Session{}
		if !ended {
			if err := Workflow(model, WorkflowOptions{}).Run(context.Background(), again, RunOptions{Checkpoint: checkpoint}); err != nil {
				t.Fatal(err)
			}
			s = again
		}
		if server.calls != calls || len(s.Calls) != calls || !s.Passed || s.Corrections != 3 {
			t.Fatalf("stopped after %d nodes: %d calls, accounts of %d, passed %v after %d corrections", stop, server.calls, len(s.Calls), s.Passed, s.Corrections)
		}
		if want == nil {
			want = s
		}
		if d := cmp.Diff(want, s); d != "" {
			t.Fatalf("stopped after %d nodes: %s", stop, d)
		}
		if ended && stop > 0 {
			if stop < 10 {
				t.Fatalf("only %d nodes were run", stop)
			}
			return
		}
	}
}

// TestCeilingHolds: the workflow ends before a call that could pass the ceiling,
// and goes on from its checkpoint once there is more.
func TestCeilingHolds(t *testing.T) {
	s, spec := wished(t, community.Residential)
	server := newScripted(t, openAI, stumbling(spec))
	checkpoint := filepath.Join(t.TempDir(), "state.json")
	run := func(ceiling float64) (float64, error) {
		budget, err := llm.NewBudget(ceiling)
		if err != nil {
			t.Fatal(err)
		}
		model := server.model(t, func(c *llm.Config) {
			c.Price = &llm.Price{InputPerM: 10, OutputPerM: 50} // 0.0035 for each answer, at most about 0.35
			c.Budget = budget
		})
		err = Workflow(model, WorkflowOptions{}).Run(context.Background(), s, RunOptions{Checkpoint: checkpoint})
		return budget.SpentUSD(), err
	}
	const ceiling = 0.265
	spent, err := run(ceiling)
	var e *llm.Error
	if !errors.As(err, &e) || e.Kind != llm.OverCeiling || spent > ceiling || server.calls == 0 || server.calls >= 7 {
		t.Fatalf("%d calls for %v: %v", server.calls, spent, err)
	}
	before := server.calls
	if spent, err = run(10); err != nil || !s.Passed || server.calls != 7 || spent > 0.0036*float64(7-before) {
		t.Errorf("%d calls, then %d for %v: %v", before, server.calls, spent, err)
	}
}

// TestCassettesReplayTheWorkflow: a recorded run is repeated without its server,
// to the byte, and says who answered; neither it nor its trace holds the key.
func TestCassettesReplayTheWorkflow(t *testing.T) {
	for _, p := range []wire{openAI, anthropic} {
		dir := t.TempDir()
		first, spec := wished(t, community.Residential)
		again := *first
		server := newScripted(t, p, stumbling(spec))
		model := server.model(t, nil)
		recorder, err := llm.Record(model, filepath.Join(dir, "calls"))
		if err != nil {
			t.Fatal(err)
		}
		run := func(m llm.Model, s *Session, name string) string {
			t.Helper()
			trace, err := OpenTrace(filepath.Join(dir, name+".jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			if err := Workflow(m, WorkflowOptions{}).Run(context.Background(), s, RunOptions{Watch: trace.Keep, Checkpoint: filepath.Join(dir, name+".json")}); err != nil {
				t.Fatal(err)
			}
			if err := trace.Close(); err != nil {
				t.Fatal(err)
			}
			for i := range s.Calls {
				if s.Calls[i].Model != "scripted-1" {
					t.Errorf("call %d is of %q", i, s.Calls[i].Model)
				}
				s.Calls[i].Replayed = false
			}
			text, err := encode(s)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		want := run(recorder, first, "first")
		server.Close()
		replay, err := llm.Replay(model.Settings(), filepath.Join(dir, "calls"))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, run(replay, &again, "again")); d != "" {
			t.Errorf("%s: the replay differs: %s", p.provider, d)
		}
		recordings := 0
		_ = fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				text, _ := os.ReadFile(filepath.Join(dir, path))
				if strings.HasPrefix(path, "calls") {
					recordings++
					if !bytes.Contains(text, []byte(`"model": "scripted-1"`)) {
						t.Errorf("%s does not say who answered", path)
					}
				}
				if bytes.Contains(text, []byte(testKey)) {
					t.Errorf("%s holds the key", path)
				}
			}
			return err
		})
		if recordings != 7 {
			t.Errorf("%d recordings", recordings)
		}
	}
}
