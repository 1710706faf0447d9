package llm

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Model answers requests: a Client or a Cassette.
type Model interface {
	// Complete answers one request. watch, which may be nil, is told of every
	// event on the way, one at a time. A Response may stand beside an error:
	// what arrived before it, with its cost.
	Complete(ctx context.Context, r Request, watch func(Event)) (*Response, error)
	Settings() Settings
}

// Settings is what is asked of a model beside the words of a request.
type Settings struct {
	Provider string `json:"provider"`
	Model    string `json:"model"`
	// Temperature of sampling; nil leaves it to the provider.
	Temperature *float64  `json:"temperature,omitempty"`
	Reasoning   Reasoning `json:"reasoning,omitempty"`
	// MaxTokens bounds a completion, reasoning included.
	MaxTokens int `json:"max_tokens"`
}

// Reasoning says whether a model is to think before it answers, and how hard.
type Reasoning string

// The values of Reasoning; the empty one leaves it to the provider.
const (
	ReasoningDefault Reasoning = ""
	ReasoningOff     Reasoning = "off"
	ReasoningOn      Reasoning = "on"
	ReasoningLow     Reasoning = "low"
	ReasoningMedium  Reasoning = "medium"
	ReasoningHigh    Reasoning = "high"
)

var reasonings = []Reasoning{ReasoningOff, ReasoningOn, ReasoningLow, ReasoningMedium, ReasoningHigh}

// ParseReasoning reads one of off, on, low, medium, high; the empty string is
// the provider's default.
func ParseReasoning(s string) (Reasoning, error) {
	r := Reasoning(strings.ToLower(strings.TrimSpace(s)))
	if r == ReasoningDefault || slices.Contains(reasonings, r) {
		return r, nil
	}
	return "", fmt.Errorf("reasoning is %q: want one of off, on, low, medium, high", s)
}

// Wanted tells whether the model is asked to reason.
func (r Reasoning) Wanted() bool { return r != ReasoningDefault && r != ReasoningOff }

// Role is who speaks in a conversation.
type Role string

// The roles of messages; the system's words stand apart in Request.System.
const (
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one turn of a conversation.
type Message struct {
	Role Role   `json:"role"`
	Text string `json:"text"`
}

// Schema asks for an answer in JSON that fits a JSON schema. It is enforced by
// providers that can, written into the words for the others, and not checked
// here: see DecodeJSON.
type Schema struct {
	Name   string          `json:"name"`
	Schema json.RawMessage `json:"schema"`
}

// Request is one question to a model.
type Request struct {
	System   string    `json:"system,omitempty"`
	Messages []Message `json:"messages"`
	Schema   *Schema   `json:"schema,omitempty"`
	// MaxTokens, where not zero, replaces that of Settings.
	MaxTokens int `json:"max_tokens,omitempty"`
	// Sample tells apart repeated draws of the same request, such as the trials
	// of a benchmark. It is not sent; a Cassette keeps one answer per sample.
	Sample string `json:"sample,omitempty"`
}

// Finish is why an answer ended.
type Finish string

// The reasons for which an answer ends.
const (
	Stopped   Finish = "stop"    // the model was done
	Truncated Finish = "length"  // at the bound of tokens
	Refused   Finish = "refusal" // by the model or a filter
)

// Response is a model's answer.
type Response struct {
	Text      string `json:"text"`
	Reasoning string `json:"reasoning,omitempty"` // as far as the provider shows it
	// Model is the name under which the provider says it answered.
	Model  string `json:"model"`
	Finish Finish `json:"finish"`
	Usage  Usage  `json:"usage"`
	// Notes say where the call was not made as asked, such as a temperature that
	// was left out.
	Notes []string `json:"notes,omitempty"`
	// CostUSD is what the call cost, failed attempts included; nil where no
	// price is known.
	CostUSD  *float64 `json:"cost_usd,omitempty"`
	Attempts int      `json:"attempts"`
	// Replayed tells that no model was asked.
	Replayed bool `json:"-"`
}

// Err tells whether the answer is whole: nil unless it was cut or refused.
func (r *Response) Err() error {
	switch r.Finish {
	case Truncated:
		return fmt.Errorf("the answer of %s ended at the bound of %d tokens: raise max tokens", r.Model, r.Usage.CompletionTokens)
	case Refused:
		return fmt.Errorf("%s refused to answer: %s", r.Model, firstLine(r.Text))
	}
	return nil
}

// Usage counts tokens as the provider does.
type Usage struct {
	PromptTokens       int `json:"prompt_tokens"`
	CachedPromptTokens int `json:"cached_prompt_tokens,omitempty"` // part of PromptTokens
	CompletionTokens   int `json:"completion_tokens"`              // reasoning included
	ReasoningTokens    int `json:"reasoning_tokens"`               // part of CompletionTokens
	// Estimated tells that the provider did not count: four bytes were taken for
	// a token. ReasoningEstimated tells the same of ReasoningTokens alone.
	Estimated          bool `json:"estimated,omitempty"`
	ReasoningEstimated bool `json:"reasoning_estimated,omitempty"`
}

// AnswerTokens are those of the answer without reasoning.
func (u Usage) AnswerTokens() int { return u.CompletionTokens - u.ReasoningTokens }

// Add returns the sum of two usages.
func (u Usage) Add(v Usage) Usage {
	return Usage{
		PromptTokens:       u.PromptTokens + v.PromptTokens,
		CachedPromptTokens: u.CachedPromptTokens + v.CachedPromptTokens,
		CompletionTokens:   u.CompletionTokens + v.CompletionTokens,
		ReasoningTokens:    u.ReasoningTokens + v.ReasoningTokens,
		Estimated:          u.Estimated || v.Estimated,
		ReasoningEstimated: u.ReasoningEstimated || v.ReasoningEstimated,
	}
}

// Event is something that happens while a request is answered.
type Event struct {
	Kind EventKind
	// Text is the piece that arrived, or why something happens.
	Text    string
	Attempt int // from 1
	// Seconds is how long a wait or a retry takes before it goes on.
	Seconds float64
}

// EventKind tells what an Event is.
type EventKind int

// The kinds of Event.
const (
	Sending  EventKind = iota // an attempt begins
	Thinking                  // a piece of reasoning arrived
	Writing                   // a piece of the answer arrived
	Waiting                   // for a rate limit
	Retrying                  // an attempt failed and another follows
	Adapting                  // the provider refused a parameter, which is left out
)

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	if len(line) > 200 {
		line = strings.ToValidUTF8(line[:200], "") + "..."
	}
	return line
}
