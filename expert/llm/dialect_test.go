package llm

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func hot() *float64 { t := 0.5; return &t }

// TestWordsOfEveryProvider holds what is sent to each provider for the same
// wishes, as their documentation has it.
func TestWordsOfEveryProvider(t *testing.T) {
	const none = "-"
	cases := []struct {
		provider, model string
		reasoning       Reasoning
		temperature     bool
		tokens          string
		fields          map[string]string // beside these; "-" is absent
	}{
		{"openai", "gpt-4o", "", true, "max_completion_tokens", map[string]string{"reasoning_effort": none}},
		{"openai", "o3", "", false, "max_completion_tokens", nil},
		{"openai", "o3", ReasoningOn, false, "max_completion_tokens", map[string]string{"reasoning_effort": `"medium"`}},
		{"openai", "gpt-5.1", ReasoningOff, true, "max_completion_tokens", map[string]string{"reasoning_effort": `"none"`}},
		{"deepseek", "deepseek-chat", "", true, "max_tokens", map[string]string{"thinking": none}},
		{"deepseek", "deepseek-v4-pro", ReasoningOff, true, "max_tokens", map[string]string{"thinking": `{"type":"disabled"}`}},
		{"deepseek", "deepseek-v4-pro", ReasoningHigh, false, "max_tokens", map[string]string{"thinking": `{"type":"enabled"}`, "reasoning_effort": `"high"`}},
		{"deepseek", "deepseek-reasoner", "", false, "max_tokens", nil},
		{"qwen", "qwen-max", "", true, "max_tokens", map[string]string{"enable_thinking": none}},
		{"qwen", "qwen3.8-max", ReasoningOff, true, "max_tokens", map[string]string{"enable_thinking": `false`}},
		{"qwen", "qwen3.8-max", ReasoningLow, true, "max_tokens", map[string]string{"enable_thinking": `true`, "reasoning_effort": `"low"`}},
		{"gemini", "gemini-2.5-flash", ReasoningOff, true, "max_tokens", map[string]string{"reasoning_effort": `"none"`}},
		{"llamacpp", "local", ReasoningOff, true, "max_tokens", map[string]string{"chat_template_kwargs": `{"enable_thinking":false}`}},
		{"vllm", "Qwen/Qwen3-8B", ReasoningOn, true, "max_tokens", map[string]string{"chat_template_kwargs": `{"enable_thinking":true}`}},
		{"ollama", "qwen3", ReasoningHigh, true, "max_tokens", map[string]string{"reasoning_effort": `"high"`}},
		{"anthropic", "claude-sonnet-4-5", "", true, "max_tokens", map[string]string{"thinking": none}},
		{"anthropic", "claude-sonnet-4-5", ReasoningOff, true, "max_tokens", map[string]string{"thinking": `{"type":"disabled"}`}},
		{"anthropic", "claude-sonnet-4-5", ReasoningLow, false, "max_tokens", map[string]string{"thinking": `{"budget_tokens":2048,"type":"enabled"}`}},
		{"anthropic", "claude-opus-4-20250514", ReasoningHigh, false, "max_tokens", map[string]string{"thinking": `{"budget_tokens":4000,"type":"enabled"}`}},
		{"anthropic", "claude-opus-4-8", ReasoningHigh, false, "max_tokens", map[string]string{"thinking": `{"type":"adaptive"}`, "output_config": `{"effort":"high"}`}},
	}
	for _, test := range cases {
		t.Run(test.provider+" "+test.model+" "+string(test.reasoning), func(t *testing.T) {
			p := chatProtocol
			if test.provider == "anthropic" {
				p = messagesProtocol
			}
			s := newServer(t, p, answers("ok"))
			c, _ := opened(t, s, p, func(c *Config) {
				c.Provider, c.Model, c.Reasoning, c.Temperature, c.MaxTokens = test.provider, test.model, test.reasoning, hot(), 8000
			})
			got, err := c.Complete(context.Background(), ask("?"), nil)
			if err != nil {
				t.Fatal(err)
			}
			body := s.bodies[0]
			if _, sent := body["temperature"]; sent != test.temperature {
				t.Errorf("temperature sent: %v", sent)
			}
			if noted := strings.Contains(strings.Join(got.Notes, " "), "temperature 0.5 left out"); noted == test.temperature {
				t.Errorf("notes %q", got.Notes)
			}
			if body[test.tokens] != 8000.0 {
				t.Errorf("%s is %v", test.tokens, body[test.tokens])
			}
			for name, want := range test.fields {
				v, sent := body[name]
				text, _ := json.Marshal(v)
				if want == none && sent || want != none && string(text) != want {
					t.Errorf("%s is %s, want %s", name, text, want)
				}
			}
			if body["stream"] != true {
				t.Error("not streamed")
			}
		})
	}
}

// TestKeysGoWhereTheyBelong: a key of one provider must never be sent to
// another, whatever else is set in the environment.
func TestKeysGoWhereTheyBelong(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "sk-of-openai-00000000")
	t.Setenv("OPENAI_ORG_ID", "org-of-openai")
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/elsewhere")
	t.Setenv("ANTHROPIC_AUTH_TOKEN", "token-of-anthropic-000")
	t.Setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1/elsewhere")
	t.Setenv("LLAMA_API_KEY", "")
	headers := func(p protocol, change func(*Config)) http.Header {
		s := newServer(t, p, answers("ok"))
		c, _ := opened(t, s, p, change)
		if _, err := c.Complete(context.Background(), ask("?"), nil); err != nil {
			t.Fatal(err)
		}
		return s.headers[0]
	}
	if got := headers(chatProtocol, func(c *Config) { c.Provider = "deepseek" }).Values("Authorization"); !slices.Equal(got, []string{"Bearer " + secret}) {
		t.Errorf("deepseek got %q", got)
	}
	h := headers(chatProtocol, func(c *Config) { c.Provider, c.KeyEnv = "llamacpp", "" })
	if h.Get("Authorization") != "" || h.Get("OpenAI-Organization") != "" {
		t.Errorf("a local server without a key got %v", h)
	}
	h = headers(messagesProtocol, nil)
	if h.Get("X-Api-Key") != secret || h.Get("Authorization") != "" {
		t.Errorf("anthropic got %v", h)
	}
}

func TestSchemaIsAskedForInEveryWay(t *testing.T) {
	schema := &Schema{Name: "answer", Schema: json.RawMessage(`{"type":"object","properties":{"n":{"type":"integer"}}}`)}
	cases := []struct{ provider, field, want, words string }{
		{"openai", "response_format", `{"json_schema":{"name":"answer","schema":{"properties":{"n":{"type":"integer"}},"type":"object"},"strict":true},"type":"json_schema"}`, ""},
		{"llamacpp", "response_format", `{"schema":{"properties":{"n":{"type":"integer"}},"type":"object"},"type":"json_object"}`, ""},
		{"deepseek", "response_format", `{"type":"json_object"}`, `"properties"`},
		{"anthropic", "output_config", `{"format":{"schema":{"properties":{"n":{"type":"integer"}},"type":"object"},"type":"json_schema"}}`, ""},
	}
	for _, test := range cases {
		p := chatProtocol
		if test.provider == "anthropic" {
			p = messagesProtocol
		}
		s := newServer(t, p, answers(`{"n":1}`))
		c, _ := opened(t, s, p, func(c *Config) { c.Provider = test.provider })
		r := ask("?")
		r.Schema = schema
		if _, err := c.Complete(context.Background(), r, nil); err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(s.bodies[0][test.field])
		if string(text) != test.want {
			t.Errorf("%s: %s is %s, want %s", test.provider, test.field, text, test.want)
		}
		whole, _ := json.Marshal(s.bodies[0])
		if test.words != "" && !strings.Contains(string(whole), "Answer with one JSON object") {
			t.Errorf("%s: the schema is not in the words", test.provider)
		}
	}
}

// TestRefusedParametersAreLeftOut: a provider that refuses a parameter is asked
// again without it, and never again with it.
func TestRefusedParametersAreLeftOut(t *testing.T) {
	refuses := func(name string) play {
		return fails(400, "invalid_request_error", "Unsupported parameter: '"+name+"' is not supported with this model.")
	}
	s := newServer(t, chatProtocol,
		refuses("temperature"), refuses("reasoning_effort"), refuses("response_format"), refuses("response_format"),
		refuses("stream_options"), refuses("max_tokens"), answers(`{"n":1}`))
	c, pauses := opened(t, s, chatProtocol, func(c *Config) { c.Temperature, c.Reasoning = hot(), ReasoningOn })
	r := ask("?")
	r.Schema = &Schema{Name: "a", Schema: json.RawMessage(`{"type":"object"}`)}
	got, err := c.Complete(context.Background(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(*pauses) != 0 || got.Attempts != 1 || s.calls() != 7 {
		t.Errorf("%d pauses, %d attempts, %d calls", len(*pauses), got.Attempts, s.calls())
	}
	want := []string{"the JSON schema is in the words alone: the provider does not enforce it",
		"temperature 0.5 left out: the model refuses it", "reasoning on left out: the model refuses the switch"}
	if d := cmp.Diff(want, got.Notes); d != "" {
		t.Error(d)
	}
	last := s.bodies[6]
	for _, name := range []string{"temperature", "reasoning_effort", "response_format", "stream_options", "max_tokens"} {
		if v, sent := last[name]; sent {
			t.Errorf("%s is still sent: %v", name, v)
		}
	}
	if last["max_completion_tokens"] != 1000.0 {
		t.Errorf("max_completion_tokens is %v", last["max_completion_tokens"])
	}
	if _, err := c.Complete(context.Background(), r, nil); err != nil || s.calls() != 8 {
		t.Errorf("%v, %d calls: what was refused was sent again", err, s.calls())
	}
}

func TestRefusalThatNothingHelps(t *testing.T) {
	s := newServer(t, chatProtocol, fails(400, "invalid_request_error", "temperature: no"))
	c, _ := opened(t, s, chatProtocol, func(c *Config) { c.Temperature = hot() })
	if _, err := c.Complete(context.Background(), ask("?"), nil); err == nil || s.calls() != 2 {
		t.Fatalf("%v after %d calls", err, s.calls())
	}
}

func TestEveryProviderIsWhole(t *testing.T) {
	for _, p := range Providers() {
		if p.Model == "" || p.Name != Custom && p.BaseURL == "" || !p.Local && p.Name != Custom && len(p.KeyEnv) == 0 {
			t.Errorf("%+v lacks something", p)
		}
		if !p.dialect.messages && (p.dialect.tokens == "" || p.dialect.reasoning == nil) {
			t.Errorf("%s: dialect lacks something", p.Name)
		}
	}
}
