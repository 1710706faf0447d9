package expert

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// question is what a stage asked a scripted model.
type question struct {
	stage, system, user string
	number              int // of this stage, from 1
}

// script answers as a language model would.
type script func(question) string

// stageOf tells stages apart by their first words.
func stageOf(system string) string {
	for words, stage := range map[string]string{
		"You are an expert in the energy management": "model", "You know the library cvxpy": "atoms", "You are an expert in convex optimisation": "code",
		"You correct Python code that builds a prosumer's optimisation model with cvxpy.\n": "correct", "You are an expert in peer-to-peer": "trade",
		"You read what a prosumer says": "spec", "You correct Python code that builds a prosumer's optimisation model with cvxpy. You change": "patch",
	} {
		if strings.HasPrefix(system, words) {
			return stage
		}
	}
	return "?"
}

// mood is how a server misbehaves before it answers; nil: it does not.
type mood func(w http.ResponseWriter, p wire, text string) (done bool)

// wire words an answer in a provider's protocol, streamed.
type wire struct {
	provider, model string
	say             func(text string, finish llm.Finish) string
}

func event(kind string, data any) string {
	text, _ := json.Marshal(data)
	if kind != "" {
		kind = "event: " + kind + "\n"
	}
	return kind + "data: " + string(text) + "\n\n"
}

type object = map[string]any

var openAI = wire{"custom", "scripted", func(text string, finish llm.Finish) string {
	reason := map[llm.Finish]string{llm.Stopped: "stop", llm.Truncated: "length", llm.Refused: "content_filter"}[finish]
	choice := func(delta object, reason any) object {
		return object{"model": "scripted-1", "choices": []any{object{"index": 0, "delta": delta, "finish_reason": reason}}}
	}
	return event("", choice(object{"role": "assistant", "content": text[:len(text)/2]}, nil)) + event("", choice(object{"content": text[len(text)/2:]}, nil)) +
		event("", choice(object{}, reason)) +
		event("", object{"model": "scripted-1", "choices": []any{}, "usage": object{"prompt_tokens": 100, "completion_tokens": 50}}) + "data: [DONE]\n\n"
}}

var anthropic = wire{"anthropic", "claude-sonnet-4-5", func(text string, finish llm.Finish) string {
	reason := map[llm.Finish]string{llm.Stopped: "end_turn", llm.Truncated: "max_tokens", llm.Refused: "refusal"}[finish]
	return event("message_start", object{"type": "message_start", "message": object{"id": "1", "type": "message", "role": "assistant", "model": "scripted-1", "content": []any{}, "usage": object{"input_tokens": 100, "output_tokens": 1}}}) +
		event("content_block_start", object{"type": "content_block_start", "index": 0, "content_block": object{"type": "text", "text": ""}}) +
		event("content_block_delta", object{"type": "content_block_delta", "index": 0, "delta": object{"type": "text_delta", "text": text}}) +
		event("content_block_stop", object{"type": "content_block_stop", "index": 0}) +
		event("message_delta", object{"type": "message_delta", "delta": object{"stop_reason": reason}, "usage": object{"output_tokens": 50}}) +
		event("message_stop", object{"type": "message_stop"})
}}

// scripted is a local server that speaks a provider's protocol.
type scripted struct {
	*httptest.Server
	wire   wire
	mu     sync.Mutex
	calls  int            // that were answered with an answer
	stages map[string]int // how often each asked
	asked  []question
}

// newScripted starts a server that plays a script. moods are of the calls in
// order; after the last it is well.
func newScripted(t testing.TB, p wire, play script, moods ...mood) *scripted {
	t.Helper()
	s := &scripted{wire: p, stages: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		q := readQuestion(t, body)
		if len(moods) > 0 {
			m := moods[0]
			moods = moods[1:]
			if m != nil && m(w, p, play(q)) {
				return
			}
		}
		s.calls++
		s.stages[q.stage]++
		q.number = s.stages[q.stage]
		s.asked = append(s.asked, q)
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, p.say(play(q), llm.Stopped))
	}))
	t.Cleanup(s.Close)
	return s
}

// of returns the questions of a stage.
func (s *scripted) of(stage string) []question {
	var list []question
	for _, q := range s.asked {
		if q.stage == stage {
			list = append(list, q)
		}
	}
	return list
}

// readQuestion reads a request of either protocol.
func readQuestion(t testing.TB, body []byte) question {
	var r struct {
		System   any `json:"system"`
		Messages []struct {
			Role    string `json:"role"`
			Content any    `json:"content"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(body, &r); err != nil {
		t.Errorf("the request is not JSON: %v", err)
	}
	text := func(content any) string {
		if list, ok := content.([]any); ok && len(list) > 0 {
			return fmt.Sprint(list[0].(object)["text"])
		}
		return fmt.Sprint(content)
	}
	q := question{system: text(r.System)}
	for _, m := range r.Messages {
		if m.Role == "system" || m.Role == "developer" {
			q.system = text(m.Content)
		} else {
			q.user = text(m.Content)
		}
	}
	q.stage = stageOf(q.system)
	return q
}

// model returns a client of the server.
func (s *scripted) model(t testing.TB, change func(*llm.Config)) *llm.Client {
	t.Helper()
	if v, ok := t.(*testing.T); ok {
		v.Setenv("PEERWATT_TEST_KEY", testKey)
	}
	half := 0.5
	c := llm.Config{Settings: llm.Settings{Provider: s.wire.provider, Model: s.wire.model, Temperature: &half, MaxTokens: 4000}, BaseURL: s.URL, KeyEnv: "PEERWATT_TEST_KEY"}
	c.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if change != nil {
		change(&c)
	}
	m, err := llm.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const testKey = "sk-test-0123456789abcdef"

// fluent is a model that answers every stage well: with the programs of a
// specification, in the words of such models.
func fluent(spec *Spec) script {
	return func(q question) string {
		switch q.stage {
		case "model":
			return "## Devices\n...\n## Objective\nminimise C_Grid + C_BESS"
		case "atoms":
			return `{"atoms": ["cp.Variable", "cp.sum", "cp.multiply", "cp.hstack", "cp.norm"]}`
		case "code":
			if strings.Contains(q.system, "exactly six things") {
				return "```python\n" + spec.Program(true) + "```"
			}
			return "The battery's state of charge is a recursion.\n```python\n" + spec.Program(false) + "```"
		case "trade":
			return "```python\n" + spec.Program(true) + "```\nThe program no longer solves."
		case "spec":
			return formOf(spec.Preferences)
		}
		return "I do not know what to correct."
	}
}

// instead plays a script with other answers for a stage, in turn, the last one
// for all that follow; "" leaves it to the script.
func (f script) instead(stage string, answers ...string) script {
	return func(q question) string {
		if q.stage != stage {
			return f(q)
		}
		if a := answers[min(max(q.number, 1), len(answers))-1]; a != "" {
			return a
		}
		return f(q)
	}
}

// wished is a session at its beginning, and the specification that it should
// lead to.
func wished(t testing.TB, a community.Archetype) (*Session, *Spec) {
	t.Helper()
	w := theWorld(t, "voltage-stress")
	spec, state := caseOf(t, w, a, 0)
	wishes, err := Wishes().Of(spec.Prosumer)
	if err != nil {
		t.Fatal(err)
	}
	bare := &Spec{Prosumer: spec.Prosumer, ReactivePricePerKvar2h: spec.ReactivePricePerKvar2h}
	return &Session{Wish: wishes[0].Text, Spec: bare, State: state}, spec
}

// runWorkflow runs a workflow against a script and returns what became of it.
func runWorkflow(t testing.TB, a community.Archetype, o WorkflowOptions, play func(*Spec) script) (*Session, *scripted) {
	t.Helper()
	s, spec := wished(t, a)
	server := newScripted(t, openAI, play(spec))
	if err := Workflow(server.model(t, nil), o).Run(context.Background(), s, RunOptions{}); err != nil {
		t.Fatal(err)
	}
	return s, server
}
