package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Config chooses a model and how it is asked. Zero values are the defaults.
type Config struct {
	Settings
	BaseURL string // another address than the provider's
	KeyEnv  string // the environment variable that holds the key, if not the provider's

	Timeout time.Duration // of one attempt; 10 minutes
	Stall   time.Duration // of silence inside an answer; 2 minutes
	// Attempts is how often a call is tried; 5. Between them the client waits,
	// longer each time, at most MaxWait (2 minutes), and as long as the server
	// asks for.
	Attempts int
	MaxWait  time.Duration

	RequestsPerMinute, TokensPerMinute int // 0: no limit

	// Budget bounds and counts the costs; nil counts them apart.
	Budget *Budget
	Prices *Prices // nil: DefaultPrices
	Price  *Price  // of this model, where the table has none or a wrong one

	Transport http.RoundTripper                          // nil: http.DefaultTransport
	Sleep     func(context.Context, time.Duration) error // how to wait; nil: by the clock
}

// DefaultMaxTokens bounds a completion where a Config does not.
const DefaultMaxTokens = 16384

// Client asks one model of one provider. It is safe for concurrent use.
type Client struct {
	config   Config
	provider Provider
	key      key
	price    *Price
	backend  backend
	limits   *limits

	mu      sync.Mutex
	without [parts]int // what the provider has refused so far

	now  func() time.Time
	wait func(context.Context, time.Duration) error
}

// backend makes one attempt and collects what arrives in a.
type backend interface {
	attempt(ctx context.Context, c *call, a *answer) error
}

// Open returns a client. Its errors say which field of the configuration, or
// which environment variable, is wrong.
func Open(c Config) (*Client, error) {
	p, err := providerNamed(c.Provider)
	if err != nil {
		return nil, err
	}
	if p, err = p.at(c.BaseURL, c.KeyEnv); err != nil {
		return nil, err
	}
	if c.Model == "" {
		return nil, fmt.Errorf("no model named for %s: want one such as %s", p.Name, p.Model)
	}
	if c.Reasoning, err = ParseReasoning(string(c.Reasoning)); err != nil {
		return nil, err
	}
	if t := c.Temperature; t != nil && !(*t >= 0 && *t <= 2) {
		return nil, fmt.Errorf("temperature is %v: want 0 to 2", *t)
	}
	setDefault(&c.MaxTokens, DefaultMaxTokens)
	setDefault(&c.Timeout, 10*time.Minute)
	setDefault(&c.Stall, 2*time.Minute)
	setDefault(&c.MaxWait, 2*time.Minute)
	setDefault(&c.Attempts, 5)
	if c.MaxTokens < 1 || c.Attempts < 1 || c.Timeout < 0 || c.Stall < 0 || c.MaxWait < 0 || c.RequestsPerMinute < 0 || c.TokensPerMinute < 0 {
		return nil, errors.New("max tokens, attempts, times and rates must not be below 0")
	}
	if c.Budget == nil {
		c.Budget = &Budget{}
	}
	if c.Prices == nil {
		c.Prices = DefaultPrices()
	}
	client := &Client{config: c, provider: p, limits: newLimits(c.RequestsPerMinute, c.TokensPerMinute), now: time.Now, wait: c.Sleep}
	if client.wait == nil {
		client.wait = sleep
	}
	switch known, ok := c.Prices.Find(p.Name, c.Model); {
	case c.Price != nil:
		client.price = c.Price
	case ok:
		client.price = &known
	case p.Local:
		client.price = &Price{Source: "a local model"}
	case c.Budget.ceiling > 0:
		return nil, fmt.Errorf("no price is known for %s of %s, so a cost ceiling cannot hold: give its price as INPUT,OUTPUT in US dollars per million tokens", c.Model, p.Name)
	}
	if client.key, err = p.key(); err != nil {
		return nil, err
	}
	h := &http.Client{Transport: c.Transport}
	if p.dialect.messages {
		client.backend = newMessages(p, client.key, h)
	} else {
		client.backend = newChat(p, client.key, h)
	}
	return client, nil
}

func setDefault[T int | time.Duration](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// Settings returns what every request of the client is sent with.
func (c *Client) Settings() Settings { return c.config.Settings }

// Price returns what the model costs; nil where that is not known.
func (c *Client) Price() *Price { return c.price }

// Complete sends a request, as often as it takes and is allowed, and returns
// the whole answer. An answer that was refused or ended at the bound of tokens
// is a Response, see [Response.Err].
func (c *Client) Complete(ctx context.Context, r Request, watch func(Event)) (*Response, error) {
	if watch == nil {
		watch = func(Event) {}
	}
	var total float64 // of all attempts
	for attempt := 1; ; attempt++ {
		k := c.newCall(r)
		held := c.worst(k)
		if err := c.config.Budget.reserve(held); err != nil {
			return nil, c.named(err)
		}
		if err := c.limits.wait(ctx, c, k.promptBytes()/bytesPerToken, watch); err != nil {
			c.config.Budget.settle(held, 0)
			return nil, err
		}
		watch(Event{Kind: Sending, Attempt: attempt})
		res, err := c.attempt(ctx, k, attempt, watch)
		spent := c.cost(k, res, err)
		c.config.Budget.settle(held, spent)
		c.limits.spend(c.now(), res.Usage.CompletionTokens)
		total += spent
		res.Attempts, res.Notes = attempt, k.notes
		if c.price != nil {
			usd := total
			res.CostUSD = &usd
		}
		if err == nil {
			return res, nil
		}
		if ctx.Err() != nil {
			return res, ctx.Err()
		}
		if p, ok := refusedPart(err); ok && c.leaveOut(p, k.without[p]) {
			watch(Event{Kind: Adapting, Text: err.Text, Attempt: attempt})
			attempt-- // not the provider's failure
			continue
		}
		if !err.Passing() || attempt >= c.config.Attempts {
			if attempt > 1 {
				err.Text = fmt.Sprintf("%s (after %d attempts)", firstLine(err.Text), attempt)
			}
			return res, err
		}
		pause := backOff(attempt, err.RetryAfter)
		if pause > c.config.MaxWait {
			err.Hint = fmt.Sprintf("it asks to wait %v: come back later", pause.Round(time.Second))
			return res, err
		}
		watch(Event{Kind: Retrying, Text: err.Error(), Attempt: attempt, Seconds: pause.Seconds()})
		if err := c.wait(ctx, pause); err != nil {
			return res, err
		}
	}
}

func (c *Client) newCall(r Request) *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &call{settings: c.config.Settings, Request: r, provider: c.provider, without: c.without}
}

// leaveOut remembers that the provider refuses a part of requests. It reports
// false where that was known, since then nothing more can be left out.
func (c *Client) leaveOut(p part, known int) bool {
	most := 1
	if p == schemaPart {
		most = 2 // from a schema to any object to words
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known >= most {
		return false
	}
	c.without[p] = max(c.without[p], known+1)
	return true
}

// attempt asks once, under the limits of time.
func (c *Client) attempt(ctx context.Context, k *call, number int, watch func(Event)) (*Response, *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	silence := newStall(cancel, c.config.Stall)
	defer silence.stop()
	a := &answer{
		model: k.settings.Model,
		limit: k.bound()*maxBytesPerToken + 1<<16,
		tell:  func(kind EventKind, text string) { watch(Event{Kind: kind, Text: text, Attempt: number}) },
		alive: silence.alive,
	}
	err := c.backend.attempt(ctx, k, a)
	res := a.response(k.promptBytes())
	res.Text, res.Reasoning = c.key.scrub(res.Text), c.key.scrub(res.Reasoning)
	if err == nil {
		return res, nil
	}
	e := c.named(err)
	if silence.fired() {
		e = &Error{Kind: Slow, Provider: c.provider.Name, Text: fmt.Sprintf("the answer stalled for %v", c.config.Stall)}
	} else if e.Kind == Slow {
		e.Text = fmt.Sprintf("no whole answer within %v", c.config.Timeout)
	}
	return res, e
}

// maxBytesPerToken bounds answers of servers that ignore the bound of tokens.
const maxBytesPerToken = 32

// named says which provider an error is of, and takes the key out of it.
func (c *Client) named(err error) *Error {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Kind: Unreachable, Text: err.Error()}
	}
	e.Provider = c.provider.Name
	e.Text = c.key.scrub(e.Text)
	if e.Hint == "" {
		e.Hint = c.hint(e.Kind)
	}
	return e
}

func (c *Client) hint(k Kind) string {
	switch k {
	case Denied:
		if c.key.env != "" {
			return "check the key in " + c.key.env
		}
		return "it wants a key: say which environment variable holds it"
	case NoModel:
		return fmt.Sprintf("check the model's name (%s) and the address (%s)", c.config.Model, c.provider.BaseURL)
	case NoCredit:
		return "the account needs credit"
	case Unreachable:
		return "is " + c.provider.BaseURL + " running and reachable?"
	}
	return ""
}

// worst is the most that a call can cost.
func (c *Client) worst(k *call) float64 {
	if c.price == nil {
		return 0
	}
	return c.price.Cost(Usage{PromptTokens: k.promptBytes(), CompletionTokens: k.bound()})
}

// cost is what an attempt cost. Where the provider did not count, it is the
// most that it can have been.
func (c *Client) cost(k *call, r *Response, failed *Error) float64 {
	if c.price == nil {
		return 0
	}
	if failed != nil && r.Usage.Estimated && len(r.Text)+len(r.Reasoning) == 0 {
		return 0 // refused before an answer began
	}
	if r.Usage.Estimated {
		most := Usage{PromptTokens: k.promptBytes(), CompletionTokens: min(k.bound(), len(r.Text)+len(r.Reasoning))}
		if c.price.InputPerM > 0 || c.price.OutputPerM > 0 {
			k.note("the provider did not count tokens: the cost is the most that it can be")
		}
		return c.price.Cost(most)
	}
	return c.price.Cost(r.Usage)
}
