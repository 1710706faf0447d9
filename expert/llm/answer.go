package llm

import (
	"strings"
)

// answer collects what streams in.
type answer struct {
	text, thought strings.Builder
	model         string
	finish        Finish // "" until the provider says why the answer ended
	usage         Usage
	counted       bool // the provider reported usage
	limit         int  // bytes of text and thought
	tell          func(EventKind, string)
	alive         func() // called for every piece, so that silence can be noticed
}

// begun tells whether anything of the answer arrived.
func (a *answer) begun() bool { return a.bytes() > 0 }

func (a *answer) bytes() int { return a.text.Len() + a.thought.Len() }

func (a *answer) write(s string) error { return a.add(&a.text, Writing, s) }
func (a *answer) think(s string) error { return a.add(&a.thought, Thinking, s) }

func (a *answer) add(to *strings.Builder, kind EventKind, s string) error {
	a.alive()
	if s == "" {
		return nil
	}
	if a.bytes()+len(s) > a.limit {
		return &Error{Kind: Endless, Text: "the answer went on beyond every bound and was cut off"}
	}
	to.WriteString(s)
	a.tell(kind, s)
	return nil
}

// bytesPerToken is the usual ratio in English text and code; used where a
// provider does not count.
const bytesPerToken = 4

func tokensOf(bytes int) int { return (bytes + bytesPerToken - 1) / bytesPerToken }

// response makes the Response of what was collected; prompt is the length of
// the request in bytes.
func (a *answer) response(prompt int) *Response {
	r := &Response{Text: a.text.String(), Reasoning: a.thought.String(), Model: a.model, Finish: a.finish, Usage: a.usage}
	// Open models write their reasoning into the answer.
	if rest, ok := strings.CutPrefix(strings.TrimSpace(r.Text), "<think>"); ok && r.Reasoning == "" {
		r.Reasoning, r.Text, _ = strings.Cut(rest, "</think>")
		r.Text = strings.TrimSpace(r.Text)
	}
	u := &r.Usage
	if !a.counted {
		u.PromptTokens, u.CompletionTokens, u.Estimated = tokensOf(prompt), tokensOf(a.bytes()), true
	}
	if u.ReasoningTokens == 0 && r.Reasoning != "" {
		share := float64(len(r.Reasoning)) / float64(len(r.Reasoning)+len(r.Text))
		u.ReasoningTokens, u.ReasoningEstimated = int(share*float64(u.CompletionTokens)+0.5), true
	}
	u.ReasoningTokens = min(u.ReasoningTokens, u.CompletionTokens)
	return r
}
