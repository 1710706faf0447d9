package expert

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// fakeModel is a local server that speaks OpenAI's protocol and answers by a
// function of the words it is sent.
func fakeModel(t *testing.T, answer func(call int, body string) string) (llm.Model, *int) {
	t.Helper()
	calls := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		calls++
		text, _ := json.Marshal(answer(calls, string(body)))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"model":"scripted","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5}}`, text)
	}))
	t.Cleanup(s.Close)
	c, err := llm.Open(llm.Config{Settings: llm.Settings{Provider: "llamacpp", Model: "local"}, BaseURL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	return c, &calls
}

// formOf fills in the form as a model that understands does.
func formOf(list []Preference) string {
	var a specForm
	for _, p := range list {
		to := p.ToStep
		if p.FromStep == p.ToStep {
			to = 96
		}
		a.Preferences = append(a.Preferences, specPreference{Quantity: formQuantities[p.Quantity], Relation: p.Relation, Value: p.Value, From: ClockOf(p.FromStep), To: ClockOf(to)})
	}
	text, _ := json.Marshal(a)
	return string(text)
}

// TestWishesBecomeStrategies takes the first wish of every archetype through the
// workflow, with a model whose first answer is garbage and whose second cannot
// be. It resumes from its checkpoint and replays from its recordings.
func TestWishesBecomeStrategies(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	for _, a := range community.Archetypes {
		spec, state := caseOf(t, w, a, 0)
		wishes, err := Wishes().Of(spec.Prosumer)
		if err != nil {
			t.Fatal(err)
		}
		model, calls := fakeModel(t, func(call int, body string) string {
			switch call {
			case 1:
				return "I would love to help!"
			case 2:
				return `{"preferences":[{"quantity":"battery_level","relation":"at_least","value":60,"from":"16:00","to":"18:00"}]}`
			}
			if !strings.Contains(body, "This cannot be") {
				t.Error("the model is not told what is wrong")
			}
			return "```json\n" + formOf(wishes[0].Preferences) + "\n```"
		})
		dir := t.TempDir()
		recorder, err := llm.Record(model, dir)
		if err != nil {
			t.Fatal(err)
		}
		run := func(m llm.Model, checkpoint string) *Session {
			t.Helper()
			s := &Session{Wish: wishes[0].Text, State: state,
				Spec: &Spec{Prosumer: spec.Prosumer, ReactivePricePerKvar2h: spec.ReactivePricePerKvar2h}}
			if err := Workflow(m, WorkflowOptions{Path: SpecificationPath}).Run(context.Background(), s, RunOptions{Checkpoint: checkpoint}); err != nil {
				t.Fatal(err)
			}
			return s
		}
		checkpoint := filepath.Join(t.TempDir(), "state.json")
		first := run(recorder, checkpoint)
		if d := cmp.Diff(wishes[0].Preferences, first.Spec.Preferences); d != "" {
			t.Errorf("%s: %s", a, d)
		}
		v := first.Advice
		if *calls != 3 || len(first.Calls) != 3 || v.Cost < v.CostWithoutWishes-0.01 || v.CostIdle < v.CostWithoutWishes {
			t.Errorf("%s: %d calls, cost %v, without wishes %v, idle %v", a, *calls, v.Cost, v.CostWithoutWishes, v.CostIdle)
		}
		replay, err := llm.Replay(model.Settings(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(v, run(replay, "").Advice); d != "" || *calls != 3 {
			t.Errorf("the replay differs after %d calls: %s", *calls, d)
		}
		if d := cmp.Diff(v, run(model, checkpoint).Advice); d != "" || *calls != 3 {
			t.Errorf("the ended run was paid for again: %d calls, %s", *calls, d)
		}
	}
}

func TestModelsThatNeverUnderstand(t *testing.T) {
	w := theWorld(t, "paper-scale")
	spec, state := caseOf(t, w, community.Rural, 0)
	model, calls := fakeModel(t, func(int, string) string {
		return `{"preferences":[{"quantity":"generator_power","relation":"at_most","value":5,"from":"00:00","to":"24:00"}]}`
	})
	s := &Session{Wish: "at most 5 kW", Spec: spec, State: state}
	err := Workflow(model, WorkflowOptions{Path: SpecificationPath}).Run(context.Background(), s, RunOptions{})
	if err != nil || s.Passed || !strings.Contains(s.Reason, "has no generator") || *calls != 1+specCorrections || len(s.Calls) != *calls {
		t.Errorf("%v, %q after %d calls", err, s.Reason, *calls)
	}
	// Without a model the reference expert plans.
	s = &Session{Wish: "x", Spec: &Spec{Prosumer: spec.Prosumer}, State: state}
	if err := Workflow(nil, WorkflowOptions{Path: SpecificationPath}).Run(context.Background(), s, RunOptions{}); err != nil || s.Advice == nil {
		t.Error(err)
	}
}
