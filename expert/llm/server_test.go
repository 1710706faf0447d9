package llm

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
)

const secret = "sk-test-0123456789abcdef"

// server is a local endpoint that plays one handler per call, the last one for
// all that follow.
type server struct {
	*httptest.Server
	mu      sync.Mutex
	bodies  []map[string]any
	headers []http.Header
	plays   []play
}

type play func(p protocol, w http.ResponseWriter)

func newServer(t *testing.T, p protocol, plays ...play) *server {
	s := &server{plays: plays}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		var body map[string]any
		if err := json.Unmarshal(text, &body); err != nil {
			t.Errorf("the request is not JSON: %v", err)
		}
		if r.URL.Path != p.path {
			t.Errorf("path %s, want %s", r.URL.Path, p.path)
		}
		s.mu.Lock()
		n := min(len(s.bodies), len(s.plays)-1)
		s.bodies = append(s.bodies, body)
		s.headers = append(s.headers, r.Header.Clone())
		s.mu.Unlock()
		s.plays[n](p, w)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bodies)
}

// protocol words the same events for both kinds of provider.
type protocol struct {
	provider, model, path string
	begin                 func() string
	text                  func(s string) string
	thought               func(s string) string
	end                   func(finish Finish, prompt, completion, reasoning int) string
	failure               func(kind, message string) string
}

var chatProtocol = protocol{
	provider: "custom", model: "m", path: "/chat/completions",
	begin: func() string { return sse("", `{"model":"m-2","choices":[{"index":0,"delta":{"role":"assistant"}}]}`) },
	text: func(s string) string {
		return sse("", `{"model":"m-2","choices":[{"index":0,"delta":{"content":`+quoted(s)+`}}]}`)
	},
	thought: func(s string) string {
		return sse("", `{"model":"m-2","choices":[{"index":0,"delta":{"reasoning_content":`+quoted(s)+`}}]}`)
	},
	end: func(f Finish, prompt, completion, reasoning int) string {
		word := map[Finish]string{Stopped: "stop", Truncated: "length", Refused: "content_filter"}[f]
		return sse("", `{"model":"m-2","choices":[{"index":0,"delta":{},"finish_reason":"`+word+`"}]}`) +
			sse("", fmt.Sprintf(`{"model":"m-2","choices":[],"usage":{"prompt_tokens":%d,"completion_tokens":%d,"completion_tokens_details":{"reasoning_tokens":%d}}}`, prompt, completion, reasoning)) +
			"data: [DONE]\n\n"
	},
	failure: func(kind, message string) string {
		return `{"error":{"message":` + quoted(message) + `,"type":"` + kind + `","code":"` + kind + `"}}`
	},
}

var messagesProtocol = protocol{
	provider: "anthropic", model: "claude-sonnet-4-5", path: "/v1/messages",
	begin: func() string {
		return sse("message_start", `{"type":"message_start","message":{"id":"1","type":"message","role":"assistant","model":"m-2","content":[],"usage":{"input_tokens":11,"output_tokens":1}}}`) +
			sse("content_block_start", `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`)
	},
	text: func(s string) string {
		return sse("content_block_delta", `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":`+quoted(s)+`}}`)
	},
	thought: func(s string) string {
		return sse("content_block_delta", `{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":`+quoted(s)+`}}`)
	},
	end: func(f Finish, prompt, completion, reasoning int) string {
		word := map[Finish]string{Stopped: "end_turn", Truncated: "max_tokens", Refused: "refusal"}[f]
		return sse("content_block_stop", `{"type":"content_block_stop","index":0}`) +
			sse("message_delta", fmt.Sprintf(`{"type":"message_delta","delta":{"stop_reason":"%s"},"usage":{"output_tokens":%d,"output_tokens_details":{"thinking_tokens":%d}}}`, word, completion, reasoning)) +
			sse("message_stop", `{"type":"message_stop"}`)
	},
	failure: func(kind, message string) string {
		return `{"type":"error","error":{"type":"` + kind + `","message":` + quoted(message) + `}}`
	},
}

func bothProtocols(t *testing.T, f func(t *testing.T, p protocol)) {
	t.Run("chat", func(t *testing.T) { f(t, chatProtocol) })
	t.Run("messages", func(t *testing.T) { f(t, messagesProtocol) })
}

func sse(event, data string) string {
	if event != "" {
		event = "event: " + event + "\n"
	}
	return event + "data: " + data + "\n\n"
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// say streams pieces of text.
func say(w http.ResponseWriter, pieces ...string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for _, s := range pieces {
		io.WriteString(w, s)
		w.(http.Flusher).Flush()
	}
}

// answers is a play that goes well.
func answers(text string) play {
	return func(p protocol, w http.ResponseWriter) {
		half := len(text) / 2
		say(w, p.begin(), p.text(text[:half]), p.text(text[half:]), p.end(Stopped, 11, 7, 0))
	}
}

func fails(status int, kind, message string, headers ...string) play {
	return func(p protocol, w http.ResponseWriter) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, p.failure(kind, message))
	}
}

// breaks closes the connection in the middle of an answer.
func breaks(p protocol, w http.ResponseWriter) {
	say(w, p.begin(), p.text("half an ans"))
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

// opened returns a client of a local server that remembers its pauses instead
// of sleeping.
func opened(t *testing.T, s *server, p protocol, change func(*Config)) (*Client, *[]time.Duration) {
	t.Helper()
	t.Setenv("PEERWATT_TEST_KEY", secret)
	c := Config{Settings: Settings{Provider: p.provider, Model: p.model, MaxTokens: 1000}, BaseURL: s.URL, KeyEnv: "PEERWATT_TEST_KEY"}
	if change != nil {
		change(&c)
	}
	client, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	var pauses []time.Duration
	client.wait = func(ctx context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		return ctx.Err()
	}
	return client, &pauses
}

func ask(words string) Request {
	return Request{System: "You are terse.", Messages: []Message{{User, words}}}
}

func contains(t *testing.T, what, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%s is %q: want %q in it", what, text, part)
	}
}
