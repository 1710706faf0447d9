package llm

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// backOff returns the pause after a failed attempt: what the server asks for,
// else 1, 2, 4, ... seconds, less up to a quarter so that many clients do not
// come back together.
func backOff(attempt int, asked time.Duration) time.Duration {
	if asked > 0 {
		return asked
	}
	d := time.Second << min(attempt-1, 6)
	return d - time.Duration(rand.Float64()*float64(d)/4)
}

// retryAfter reads how long a server asks to wait: Retry-After-Ms, or
// Retry-After in seconds or as a date.
func retryAfter(h http.Header) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 && ms < 1e9 {
		return time.Duration(ms * float64(time.Millisecond))
	}
	v := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		if s > 0 && s < 1e6 {
			return time.Duration(s * float64(time.Second))
		}
		return 0
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(0, time.Until(t))
	}
	return 0
}

// stall cancels a call whose answer stops arriving. It waits for the first
// sign of life without limit, since models that reason may be silent for
// minutes.
type stall struct {
	timer *time.Timer
	after time.Duration
	over  atomic.Bool
}

func newStall(cancel func(), after time.Duration) *stall {
	s := &stall{after: after}
	s.timer = time.AfterFunc(time.Hour, func() {
		s.over.Store(true)
		cancel()
	})
	s.timer.Stop()
	return s
}

func (s *stall) alive()      { s.timer.Reset(s.after) }
func (s *stall) stop()       { s.timer.Stop() }
func (s *stall) fired() bool { return s.over.Load() }

// limits hold a client to so many requests and tokens per minute.
type limits struct {
	requests, tokens *rate.Limiter // nil: no limit
}

func newLimits(requestsPerMinute, tokensPerMinute int) *limits {
	l := &limits{}
	if requestsPerMinute > 0 {
		l.requests = rate.NewLimiter(rate.Limit(float64(requestsPerMinute)/60), 1)
	}
	if tokensPerMinute > 0 {
		l.tokens = rate.NewLimiter(rate.Limit(float64(tokensPerMinute)/60), tokensPerMinute)
	}
	return l
}

// wait returns when a request with so many tokens may be sent.
func (l *limits) wait(ctx context.Context, c *Client, tokens int, watch func(Event)) error {
	now := c.now()
	var pause time.Duration
	if l.requests != nil {
		pause = l.requests.ReserveN(now, 1).DelayFrom(now)
	}
	if l.tokens != nil {
		pause = max(pause, l.take(now, tokens))
	}
	if pause <= 0 {
		return nil
	}
	watch(Event{Kind: Waiting, Seconds: pause.Seconds()})
	return c.wait(ctx, pause)
}

// spend books the tokens of an answer, which are known only afterwards: later
// requests wait for them.
func (l *limits) spend(now time.Time, tokens int) {
	if l.tokens != nil {
		l.take(now, tokens)
	}
}

// take books tokens, more than a minute's worth in several parts, and returns
// how long they have to wait for.
func (l *limits) take(now time.Time, tokens int) time.Duration {
	var pause time.Duration
	for tokens > 0 {
		n := min(tokens, l.tokens.Burst())
		pause = l.tokens.ReserveN(now, n).DelayFrom(now)
		tokens -= n
	}
	return pause
}
