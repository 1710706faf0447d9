package llm

import (
	"context"
	"errors"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPricesOfTheTable(t *testing.T) {
	p := DefaultPrices()
	if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
		t.Errorf("the table has no date: %v", err)
	}
	for _, m := range p.Models {
		if _, err := providerNamed(m.Provider); err != nil || !strings.HasPrefix(m.Source, "https://") || m.OutputPerM <= 0 || m.InputPerM <= 0 {
			t.Errorf("%+v: want a known provider, a source and prices", m)
		}
	}
	got, ok := p.Find("openai", "gpt-4o")
	if !ok || got.InputPerM != 2.5 || got.OutputPerM != 10 {
		t.Errorf("gpt-4o: %+v", got)
	}
	// 1000 prompt tokens of which 400 are cached, 100 of completion.
	if c := got.Cost(Usage{PromptTokens: 1000, CachedPromptTokens: 400, CompletionTokens: 100, ReasoningTokens: 50}); math.Abs(c-(600*2.5+400*1.25+100*10)/1e6) > 1e-15 {
		t.Errorf("cost %v", c)
	}
	if got, ok := p.Find("anthropic", "claude-haiku-4-5-20251001"); !ok || got.OutputPerM != 5 {
		t.Errorf("a dated model: %+v, %v", got, ok)
	}
	if _, ok := p.Find("openai", "gpt-4o-audio"); ok {
		t.Error("a model that is not in the table has a price")
	}
}

func TestPricesFromAFile(t *testing.T) {
	for text, says := range map[string]string{
		`{"date":"2026-01-01","source":"s","models":[{"provider":"openai","model":"m","input_usd_per_m":-1}]}`: "not below 0",
		`{"models":[{"provider":"openai"}]}`: "must be named",
		`{"model":[]}`:                       "unknown field",
		`{`:                                  "prices.json",
	} {
		path := filepath.Join(t.TempDir(), "prices.json")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadPrices(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
	for _, s := range []string{"", "1", "a,b", "-1,2", "1,Inf"} {
		if _, err := ParsePrice(s); err == nil {
			t.Errorf("price %q was read", s)
		}
	}
	if p, err := ParsePrice(" 2.5, 10"); err != nil || p.InputPerM != 2.5 || p.OutputPerM != 10 {
		t.Error(p, err)
	}
}

// TestCeilingIsNeverPassed asks with random words of a server that uses random
// numbers of tokens, never more than it may: whatever happens, what was spent
// stays below the ceiling, and the call that could pass it is not made.
func TestCeilingIsNeverPassed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		price := Price{InputPerM: rapid.Float64Range(0, 50).Draw(r, "input"), OutputPerM: rapid.Float64Range(1, 100).Draw(r, "output")}
		budget := &Budget{ceiling: rapid.Float64Range(0.001, 1).Draw(r, "ceiling")}
		c := &Client{config: Config{Settings: Settings{MaxTokens: rapid.IntRange(1, 5000).Draw(r, "bound")}, Budget: budget,
			Timeout: time.Minute, Stall: time.Minute, Attempts: 2}, price: &price, limits: newLimits(0, 0), now: time.Now,
			wait: func(context.Context, time.Duration) error { return nil }}
		calls := 0
		c.backend = backendFunc(func(k *call, a *answer) error {
			calls++
			if budget.held == 0 && c.worst(k) > 0 {
				r.Error("called without a reservation")
			}
			a.counted = rapid.Bool().Draw(r, "counted")
			a.usage = Usage{PromptTokens: rapid.IntRange(1, k.promptBytes()).Draw(r, "prompt"), CompletionTokens: rapid.IntRange(0, k.bound()).Draw(r, "completion")}
			if err := a.write(strings.Repeat("x", rapid.IntRange(0, 200).Draw(r, "bytes"))); err != nil {
				return err
			}
			a.finish = Stopped
			if rapid.Bool().Draw(r, "cut") {
				return &Error{Kind: Cut}
			}
			return nil
		})
		for range 20 {
			words := strings.Repeat("w", rapid.IntRange(0, 4000).Draw(r, "words"))
			before := calls
			_, err := c.Complete(context.Background(), ask(words), nil)
			if budget.SpentUSD() > budget.ceiling || budget.held > 1e-12 {
				r.Fatalf("spent %v of %v, %v held", budget.SpentUSD(), budget.ceiling, budget.held)
			}
			var e *Error
			if errors.As(err, &e) && e.Kind == OverCeiling && calls > before+1 {
				r.Fatal("calls were made after the ceiling was reached")
			}
		}
	})
}

type backendFunc func(*call, *answer) error

func (f backendFunc) attempt(_ context.Context, k *call, a *answer) error { return f(k, a) }

func TestCeilingStopsBeforeTheCall(t *testing.T) {
	s := newServer(t, chatProtocol, func(p protocol, w http.ResponseWriter) {
		say(w, p.begin(), p.text("x"), p.end(Stopped, 10, 900, 0))
	})
	budget, err := NewBudget(0.0025)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := opened(t, s, chatProtocol, func(c *Config) { c.Price, c.Budget = &Price{OutputPerM: 1}, budget })
	for range 2 {
		if _, err := c.Complete(context.Background(), ask("?"), nil); err != nil {
			t.Fatal(err)
		}
	}
	_, err = c.Complete(context.Background(), ask("?"), nil)
	var e *Error
	if !errors.As(err, &e) || e.Kind != OverCeiling || s.calls() != 2 {
		t.Fatalf("%v after %d calls", err, s.calls())
	}
	contains(t, "the error", err.Error(), "the next call could cost up to $0.0010, and $0.0018 of the ceiling of $0.00 are spent")
	if _, err := NewBudget(math.NaN()); err == nil {
		t.Error("a ceiling of NaN")
	}
}

// TestRatesAreKept plays the clock: over any minute no more requests and tokens
// are sent than allowed.
func TestRatesAreKept(t *testing.T) {
	s := newServer(t, chatProtocol, func(p protocol, w http.ResponseWriter) {
		say(w, p.begin(), p.text("x"), p.end(Stopped, 10, 500, 0))
	})
	c, _ := opened(t, s, chatProtocol, func(c *Config) { c.RequestsPerMinute, c.TokensPerMinute = 6, 2000 })
	clock := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c.now = func() time.Time { return clock }
	c.wait = func(_ context.Context, d time.Duration) error { clock = clock.Add(d); return nil }
	begin := clock
	waits := 0
	for range 20 {
		if _, err := c.Complete(context.Background(), ask("?"), func(e Event) {
			if e.Kind == Waiting {
				waits++
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	// 20 answers of 500 tokens are 10,000, of which 2,000 may come at once.
	minutes := clock.Sub(begin).Minutes()
	if minutes < 3.5 || minutes > 4.5 || waits == 0 {
		t.Errorf("20 calls took %.2f minutes with %d waits, want about 4", minutes, waits)
	}
}
