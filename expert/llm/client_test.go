package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnswerArrivesWhole(t *testing.T) {
	bothProtocols(t, func(t *testing.T, p protocol) {
		s := newServer(t, p, func(p protocol, w http.ResponseWriter) {
			say(w, p.begin(), p.thought("let me "), p.thought("see"), p.text("forty"), p.text("-two"), p.end(Stopped, 11, 9, 4))
		})
		c, _ := opened(t, s, p, nil)
		var seen []string
		got, err := c.Complete(context.Background(), ask("what?"), func(e Event) {
			seen = append(seen, fmt.Sprint(e.Kind, e.Text))
		})
		if err != nil {
			t.Fatal(err)
		}
		want := &Response{Text: "forty-two", Reasoning: "let me see", Model: "m-2", Finish: Stopped,
			Usage: Usage{PromptTokens: 11, CompletionTokens: 9, ReasoningTokens: 4}, Attempts: 1, CostUSD: got.CostUSD}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if got.Usage.AnswerTokens() != 5 {
			t.Errorf("answer tokens %d, want 5", got.Usage.AnswerTokens())
		}
		if d := cmp.Diff([]string{"0", "1let me ", "1see", "2forty", "2-two"}, seen); d != "" {
			t.Error(d)
		}
	})
}

func TestPassingFailuresAreRetried(t *testing.T) {
	cases := []struct {
		name  string
		first play
		asked time.Duration // by the server
		chat  bool          // of OpenAI's protocol alone
	}{
		{name: "rate limit", first: fails(429, "rate_limit_error", "slow down", "Retry-After", "7"), asked: 7 * time.Second},
		{name: "rate limit in ms", first: fails(429, "rate_limit_error", "slow down", "Retry-After-Ms", "1500"), asked: 1500 * time.Millisecond},
		{name: "server error", first: fails(500, "api_error", "oops")},
		{name: "overloaded", first: fails(529, "overloaded_error", "busy")},
		{name: "gateway page", first: func(_ protocol, w http.ResponseWriter) {
			w.WriteHeader(502)
			io.WriteString(w, "<html>bad gateway</html>")
		}},
		{name: "page with status 200", first: func(_ protocol, w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<html>log in to the wireless network</html>")
		}},
		{name: "cut stream", first: breaks},
		{name: "stream without an end", first: func(p protocol, w http.ResponseWriter) { say(w, p.begin(), p.text("half")) }},
		{name: "nothing", first: func(_ protocol, w http.ResponseWriter) { say(w) }},
		{name: "garbage in the stream", first: func(p protocol, w http.ResponseWriter) {
			say(w, p.begin(), sse("content_block_delta", `{"choices": [{"delta": {"con`), p.end(Stopped, 1, 1, 0))
		}},
		{name: "wrong types in JSON", first: func(p protocol, w http.ResponseWriter) { say(w, sse("message_start", `[1, 2, 3]`)) }},
		{name: "error in the stream", first: func(p protocol, w http.ResponseWriter) {
			say(w, p.begin(), p.text("half"), sse("error", p.failure("overloaded_error", "busy")))
		}},
		{name: "whole answer of garbage", chat: true, first: func(p protocol, w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"choices": [`)
		}},
	}
	bothProtocols(t, func(t *testing.T, p protocol) {
		for _, test := range cases {
			if test.chat && p.provider != "custom" {
				continue
			}
			t.Run(test.name, func(t *testing.T) {
				s := newServer(t, p, test.first, test.first, answers("fine"))
				c, pauses := opened(t, s, p, nil)
				got, err := c.Complete(context.Background(), ask("?"), nil)
				if err != nil {
					t.Fatal(err)
				}
				if got.Text != "fine" || got.Attempts != 3 || s.calls() != 3 {
					t.Errorf("got %q after %d attempts and %d calls", got.Text, got.Attempts, s.calls())
				}
				for i, d := range *pauses {
					lo, hi := 750*time.Millisecond<<i, time.Second<<i
					if test.asked > 0 {
						lo, hi = test.asked, test.asked
					}
					if d < lo || d > hi {
						t.Errorf("pause %d is %v, want %v to %v", i, d, lo, hi)
					}
				}
			})
		}
	})
}

func TestFailuresThatStayAreReportedAtOnce(t *testing.T) {
	cases := []struct {
		play play
		kind Kind
		says string
	}{
		{fails(401, "authentication_error", "invalid key "+secret), Denied, "check the key in PEERWATT_TEST_KEY"},
		{fails(404, "not_found_error", "no such model"), NoModel, "check the model's name"},
		{fails(400, "invalid_request_error", "messages: too long"), BadRequest, "messages: too long"},
		{fails(429, "insufficient_quota", "you have no credit"), NoCredit, "needs credit"},
		{func(_ protocol, w http.ResponseWriter) { w.WriteHeader(422); io.WriteString(w, `{"detail":"no"}`) }, BadRequest, "HTTP 422"},
	}
	bothProtocols(t, func(t *testing.T, p protocol) {
		for _, test := range cases {
			if p.provider == "anthropic" && test.kind == NoCredit {
				continue // it says billing_error with status 400 or 403
			}
			s := newServer(t, p, test.play)
			c, _ := opened(t, s, p, nil)
			_, err := c.Complete(context.Background(), ask("?"), nil)
			var e *Error
			if !errors.As(err, &e) || e.Kind != test.kind {
				t.Fatalf("got %v, want kind %d", err, test.kind)
			}
			contains(t, "the error", err.Error(), test.says)
			if s.calls() != 1 {
				t.Errorf("%v: %d calls", err, s.calls())
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error shows the key: %v", err)
			}
		}
	})
}

func TestServerThatNeverRecovers(t *testing.T) {
	s := newServer(t, chatProtocol, fails(503, "api_error", "down"))
	c, _ := opened(t, s, chatProtocol, func(c *Config) { c.Attempts = 3 })
	_, err := c.Complete(context.Background(), ask("?"), nil)
	if err == nil || s.calls() != 3 {
		t.Fatalf("%v after %d calls", err, s.calls())
	}
	contains(t, "the error", err.Error(), "after 3 attempts")

	s = newServer(t, chatProtocol, fails(429, "rate_limit", "tomorrow", "Retry-After", "86400"))
	c, _ = opened(t, s, chatProtocol, nil)
	_, err = c.Complete(context.Background(), ask("?"), nil)
	if err == nil || s.calls() != 1 {
		t.Fatalf("%v after %d calls", err, s.calls())
	}
	contains(t, "the error", err.Error(), "24h0m0s")
}

func TestServerThatIsNotThere(t *testing.T) {
	s := newServer(t, chatProtocol, answers("x"))
	c, _ := opened(t, s, chatProtocol, func(c *Config) { c.Attempts = 2 })
	s.Close()
	_, err := c.Complete(context.Background(), ask("?"), nil)
	if err == nil {
		t.Fatal("a closed server answered")
	}
	contains(t, "the error", err.Error(), "running and reachable?")
}

func TestSilenceEndsAnAttempt(t *testing.T) {
	bothProtocols(t, func(t *testing.T, p protocol) {
		quiet := make(chan struct{})
		s := newServer(t, p, func(p protocol, w http.ResponseWriter) {
			say(w, p.begin(), p.text("one"))
			<-quiet
		}, answers("fine"))
		t.Cleanup(func() { close(quiet) })
		c, _ := opened(t, s, p, func(c *Config) { c.Stall = 50 * time.Millisecond })
		var why string
		got, err := c.Complete(context.Background(), ask("?"), func(e Event) {
			if e.Kind == Retrying {
				why = e.Text
			}
		})
		if err != nil || got.Text != "fine" {
			t.Fatal(got, err)
		}
		contains(t, "the reason", why, "stalled")
	})
}

func TestTimeoutOfAnAttempt(t *testing.T) {
	quiet := make(chan struct{})
	s := newServer(t, chatProtocol, func(p protocol, w http.ResponseWriter) { <-quiet })
	t.Cleanup(func() { close(quiet) })
	c, _ := opened(t, s, chatProtocol, func(c *Config) { c.Timeout, c.Attempts = 50*time.Millisecond, 2 })
	_, err := c.Complete(context.Background(), ask("?"), nil)
	if err == nil {
		t.Fatal("a silent server answered")
	}
	contains(t, "the error", err.Error(), "within 50ms")
}

func TestCancelStopsAtOnce(t *testing.T) {
	s := newServer(t, chatProtocol, fails(500, "api_error", "x"))
	c, _ := opened(t, s, chatProtocol, nil)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := c.Complete(ctx, ask("?"), func(e Event) {
		if e.Kind == Retrying {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || s.calls() != 1 {
		t.Fatalf("%v after %d calls", err, s.calls())
	}
}

func TestEndlessTextIsCut(t *testing.T) {
	bothProtocols(t, func(t *testing.T, p protocol) {
		s := newServer(t, p, func(p protocol, w http.ResponseWriter) {
			say(w, p.begin())
			for range 10000 {
				if _, err := io.WriteString(w, p.text(strings.Repeat("more and ", 1000))); err != nil {
					return
				}
			}
		})
		c, _ := opened(t, s, p, nil)
		_, err := c.Complete(context.Background(), ask("?"), nil)
		var e *Error
		if !errors.As(err, &e) || e.Kind != Endless || s.calls() != 1 {
			t.Fatalf("%v after %d calls", err, s.calls())
		}
	})
}

func TestRefusedAndTruncatedAnswers(t *testing.T) {
	bothProtocols(t, func(t *testing.T, p protocol) {
		for _, f := range []Finish{Refused, Truncated} {
			s := newServer(t, p, func(p protocol, w http.ResponseWriter) { say(w, p.begin(), p.text("I cannot"), p.end(f, 1, 2, 0)) })
			c, _ := opened(t, s, p, nil)
			got, err := c.Complete(context.Background(), ask("?"), nil)
			if err != nil || got.Finish != f || got.Err() == nil {
				t.Errorf("%v: %+v, %v, %v", f, got, err, got.Err())
			}
		}
	})
	s := newServer(t, chatProtocol, func(p protocol, w http.ResponseWriter) {
		say(w, p.begin(), sse("", `{"choices":[{"delta":{"refusal":"I will not."}}]}`), p.end(Stopped, 1, 2, 0))
	})
	c, _ := opened(t, s, chatProtocol, nil)
	got, err := c.Complete(context.Background(), ask("?"), nil)
	if err != nil || got.Finish != Refused || got.Text != "I will not." {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestServersThatLeaveThingsOut(t *testing.T) {
	t.Run("usage", func(t *testing.T) {
		s := newServer(t, chatProtocol, func(p protocol, w http.ResponseWriter) {
			say(w, p.begin(), p.text("12345678"), sse("", `{"choices":[{"delta":{},"finish_reason":"stop"}]}`), "data: [DONE]\n\n")
		})
		c, _ := opened(t, s, chatProtocol, func(c *Config) { c.Price = &Price{InputPerM: 1, OutputPerM: 1} })
		got, err := c.Complete(context.Background(), ask("?"), nil)
		if err != nil || !got.Usage.Estimated || got.Usage.CompletionTokens != 2 {
			t.Errorf("%+v, %v", got, err)
		}
		if !slices.ContainsFunc(got.Notes, func(s string) bool { return strings.Contains(s, "did not count") }) {
			t.Errorf("notes %q do not say that the cost is a bound", got.Notes)
		}
	})
	t.Run("streaming", func(t *testing.T) {
		s := newServer(t, chatProtocol, func(p protocol, w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"model":"whole","choices":[{"index":0,"message":{"role":"assistant","content":"at once"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}`)
		})
		c, _ := opened(t, s, chatProtocol, nil)
		got, err := c.Complete(context.Background(), ask("?"), nil)
		if err != nil || got.Text != "at once" || got.Model != "whole" || got.Usage.CompletionTokens != 2 || got.Usage.Estimated {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("thinking in the answer", func(t *testing.T) {
		s := newServer(t, chatProtocol, answers("<think>hm, 1 or 2</think>\n\nTwo."))
		c, _ := opened(t, s, chatProtocol, nil)
		got, err := c.Complete(context.Background(), ask("?"), nil)
		if err != nil || got.Text != "Two." || got.Reasoning != "hm, 1 or 2" || got.Usage.ReasoningTokens != 5 || !got.Usage.ReasoningEstimated {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestConfigurationsThatCannotBe(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "")
	two := 2.5
	cases := []struct {
		config Config
		says   string
	}{
		{Config{Settings: Settings{Provider: "opnai", Model: "m"}}, `provider "opnai": want one of openai, anthropic`},
		{Config{Settings: Settings{Provider: "custom", Model: "m"}}, "no base URL"},
		{Config{Settings: Settings{Provider: "custom", Model: "m"}, BaseURL: "localhost:8080"}, "want http:// or https://"},
		{Config{Settings: Settings{Provider: "custom", Model: "m"}, BaseURL: "http://u:p@h/v1"}, "keys come from the environment"},
		{Config{Settings: Settings{Provider: "custom", Model: "m"}, BaseURL: "http://h/v1?key=abc"}, "keys come from the environment"},
		{Config{Settings: Settings{Provider: "openai", Model: "m"}, KeyEnv: secret}, "not a key"},
		{Config{Settings: Settings{Provider: "openai"}}, "no model named"},
		{Config{Settings: Settings{Provider: "openai", Model: "m"}}, "set OPENAI_API_KEY"},
		{Config{Settings: Settings{Provider: "ollama", Model: "m", Reasoning: "much"}}, "want one of off, on, low, medium, high"},
		{Config{Settings: Settings{Provider: "ollama", Model: "m", Temperature: &two}}, "want 0 to 2"},
		{Config{Settings: Settings{Provider: "custom", Model: "m"}, BaseURL: "http://h", Budget: &Budget{ceiling: 1}}, "no price is known"},
		{Config{Settings: Settings{Provider: "ollama", Model: "m"}, Attempts: -1}, "must not be below 0"},
	}
	for _, test := range cases {
		_, err := Open(test.config)
		if err == nil {
			t.Errorf("%+v: no error", test.config.Settings)
			continue
		}
		contains(t, "the error", err.Error(), test.says)
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows the key: %v", err)
		}
	}
}
