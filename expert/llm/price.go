package llm

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"sync"
)

// Price is what a model's tokens cost, in US dollars per million.
type Price struct {
	Provider string `json:"provider"`
	// Model is a name, or the beginning of one where it ends in *.
	Model      string  `json:"model"`
	InputPerM  float64 `json:"input_usd_per_m"`
	CachedPerM float64 `json:"cached_input_usd_per_m,omitempty"` // 0: as InputPerM
	OutputPerM float64 `json:"output_usd_per_m"`
	Date       string  `json:"date,omitempty"`
	Source     string  `json:"source,omitempty"`
}

// Prices is a table of prices; the longest name that fits a model counts.
type Prices struct {
	Date   string  `json:"date"` // when the prices were looked up
	Source string  `json:"source"`
	Models []Price `json:"models"`
}

//go:embed prices.json
var pricesJSON []byte

// DefaultPrices returns the table that is part of the program. Prices change:
// it carries its date and its source, and can be replaced by ReadPrices.
var DefaultPrices = sync.OnceValue(func() *Prices {
	p, err := parsePrices("prices.json", pricesJSON)
	if err != nil {
		panic(err) // a test reads the embedded file
	}
	return p
})

// ReadPrices reads a table from a JSON file.
func ReadPrices(path string) (*Prices, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parsePrices(path, text)
}

func parsePrices(path string, text []byte) (*Prices, error) {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	var p Prices
	if err := d.Decode(&p); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for i := range p.Models {
		m := &p.Models[i]
		if m.Provider == "" || m.Model == "" {
			return nil, fmt.Errorf("%s: models[%d]: provider and model must be named", path, i)
		}
		for _, v := range []float64{m.InputPerM, m.CachedPerM, m.OutputPerM} {
			if !(v >= 0) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("%s: models[%d] (%s): a price is %v: want US dollars per million tokens, not below 0", path, i, m.Model, v)
			}
		}
		if m.Date == "" {
			m.Date = p.Date
		}
		if m.Source == "" {
			m.Source = p.Source
		}
	}
	return &p, nil
}

// Find returns the price of a model.
func (p *Prices) Find(provider, model string) (Price, bool) {
	var best Price
	length := -1
	for _, m := range p.Models {
		if m.Provider != provider {
			continue
		}
		prefix, open := strings.CutSuffix(m.Model, "*")
		if fits := m.Model == model || open && strings.HasPrefix(model, prefix); fits && len(m.Model) > length {
			best, length = m, len(m.Model)
		}
	}
	return best, length >= 0
}

// ParsePrice reads "INPUT,OUTPUT" in US dollars per million tokens.
func ParsePrice(s string) (Price, error) {
	in, out, ok := strings.Cut(s, ",")
	a, errA := strconv.ParseFloat(strings.TrimSpace(in), 64)
	b, errB := strconv.ParseFloat(strings.TrimSpace(out), 64)
	if !ok || errA != nil || errB != nil || !(a >= 0) || !(b >= 0) || math.IsInf(a, 0) || math.IsInf(b, 0) {
		return Price{}, fmt.Errorf("price %q: want INPUT,OUTPUT in US dollars per million tokens, such as 2.5,10", s)
	}
	return Price{InputPerM: a, OutputPerM: b, Source: "given by the user"}, nil
}

// Cost returns what a usage costs in US dollars.
func (p Price) Cost(u Usage) float64 {
	cached := p.CachedPerM
	if cached == 0 {
		cached = p.InputPerM
	}
	return (float64(u.PromptTokens-u.CachedPromptTokens)*p.InputPerM + float64(u.CachedPromptTokens)*cached +
		float64(u.CompletionTokens)*p.OutputPerM) / 1e6
}

// Budget is a ceiling on what calls may cost together. It may be shared by
// several clients and is safe for concurrent use.
type Budget struct {
	mu                   sync.Mutex
	ceiling, spent, held float64
}

// NewBudget returns a budget of so many US dollars; without a ceiling (0) it
// only counts.
func NewBudget(ceilingUSD float64) (*Budget, error) {
	if !(ceilingUSD >= 0) || math.IsInf(ceilingUSD, 0) {
		return nil, errors.New("the cost ceiling must be an amount of US dollars, not below 0")
	}
	return &Budget{ceiling: ceilingUSD}, nil
}

// SpentUSD returns what was spent so far.
func (b *Budget) SpentUSD() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.spent
}

// CeilingUSD returns the ceiling; 0 where there is none.
func (b *Budget) CeilingUSD() float64 { return b.ceiling }

// Charge books what was spent elsewhere, such as in an earlier run that is
// resumed.
func (b *Budget) Charge(usd float64) {
	b.mu.Lock()
	b.spent += usd
	b.mu.Unlock()
}

// reserve holds an amount back, the most that a call can cost. It refuses where
// the ceiling might be passed.
func (b *Budget) reserve(usd float64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ceiling > 0 && b.spent+b.held+usd > b.ceiling {
		return &Error{Kind: OverCeiling,
			Text: fmt.Sprintf("the next call could cost up to $%.4f, and $%.4f of the ceiling of $%.2f are spent", usd, b.spent+b.held, b.ceiling),
			Hint: "raise the ceiling to go on; what was answered is kept"}
	}
	b.held += usd
	return nil
}

// settle replaces a reservation by what the call cost.
func (b *Budget) settle(reserved, usd float64) {
	b.mu.Lock()
	b.held -= reserved
	b.spent += usd
	b.mu.Unlock()
}
