package llm

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
)

// messages speaks Anthropic's messages.
type messages struct {
	service anthropic.MessageService
}

func newMessages(p Provider, k key, h *http.Client) *messages {
	return &messages{anthropic.NewMessageService(
		option.WithBaseURL(p.BaseURL+"/"), option.WithHTTPClient(h), option.WithMaxRetries(0), option.WithAPIKey(k.value),
	)}
}

// budgetThinker matches the models that are given a number of tokens to think
// with; later ones decide themselves.
var budgetThinker = regexp.MustCompile(`^claude-(3|(opus|sonnet|haiku)-4(-[0-5](-|$)|-20|$))`)

// thinkingBudget is what an effort is worth in tokens.
var thinkingBudget = map[Reasoning]int64{ReasoningLow: 2048, ReasoningOn: 8192, ReasoningMedium: 8192, ReasoningHigh: 24576}

func (b *messages) attempt(ctx context.Context, c *call, a *answer) error {
	params := anthropic.MessageNewParams{Model: c.settings.Model, MaxTokens: int64(c.bound())}
	if s := c.system(); s != "" {
		params.System = []anthropic.TextBlockParam{{Text: s}}
	}
	for _, m := range c.Messages {
		block := anthropic.NewTextBlock(m.Text)
		if m.Role == Assistant {
			params.Messages = append(params.Messages, anthropic.NewAssistantMessage(block))
		} else {
			params.Messages = append(params.Messages, anthropic.NewUserMessage(block))
		}
	}
	if t := c.temperature(); t != nil {
		params.Temperature = anthropic.Float(*t)
	}
	if c.switched() {
		b.reason(c, &params)
	}
	if c.Schema != nil && c.schemaStyle() == jsonSchema {
		var schema map[string]any
		if err := json.Unmarshal(c.Schema.Schema, &schema); err != nil {
			return &Error{Kind: BadRequest, Text: "the JSON schema is not JSON: " + err.Error()}
		}
		params.OutputConfig.Format = anthropic.JSONOutputFormatParam{Schema: schema}
	}

	stream := b.service.NewStreaming(ctx, params)
	defer stream.Close()
	stopped := false
	for stream.Next() {
		event := stream.Current()
		a.alive()
		var err error
		switch event.Type {
		case "message_start":
			a.model = event.Message.Model
			a.count(event.Message.Usage.InputTokens, event.Message.Usage.CacheReadInputTokens, event.Message.Usage.CacheCreationInputTokens)
		case "content_block_delta":
			if err = a.think(event.Delta.Thinking); err == nil {
				err = a.write(event.Delta.Text)
			}
		case "message_delta":
			if event.Usage.JSON.OutputTokens.Valid() {
				a.usage.CompletionTokens = int(event.Usage.OutputTokens)
				a.usage.ReasoningTokens = int(event.Usage.OutputTokensDetails.ThinkingTokens)
				a.counted = true
			}
			switch event.Delta.StopReason {
			case anthropic.StopReasonMaxTokens, anthropic.StopReasonModelContextWindowExceeded:
				a.finish = Truncated
			case anthropic.StopReasonRefusal:
				a.finish = Refused
			default:
				a.finish = Stopped
			}
		case "message_stop":
			stopped = true
		}
		if err != nil {
			return err
		}
	}
	if err := stream.Err(); err != nil {
		return messagesError(err, a.begun())
	}
	if !stopped || a.finish == "" {
		return &Error{Kind: Cut, Text: "the stream ended before the answer did"}
	}
	return nil
}

// count books the prompt's tokens, which Anthropic reports in three parts.
func (a *answer) count(input, cacheRead, cacheWritten int64) {
	a.usage.PromptTokens = int(input + cacheRead + cacheWritten)
	a.usage.CachedPromptTokens = int(cacheRead)
}

func (b *messages) reason(c *call, params *anthropic.MessageNewParams) {
	switch {
	case c.settings.Reasoning == ReasoningOff:
		params.Thinking = anthropic.ThinkingConfigParamUnion{OfDisabled: &anthropic.ThinkingConfigDisabledParam{}}
	case budgetThinker.MatchString(c.settings.Model):
		// The budget has to leave room for the answer.
		budget := min(thinkingBudget[c.settings.Reasoning], int64(c.bound())/2)
		if budget < 1024 {
			c.note("reasoning %s left out: %d tokens leave no room for it", c.settings.Reasoning, c.bound())
			return
		}
		params.Thinking = anthropic.ThinkingConfigParamOfEnabled(budget)
	default:
		params.Thinking = anthropic.ThinkingConfigParamUnion{OfAdaptive: &anthropic.ThinkingConfigAdaptiveParam{}}
		if c.settings.Reasoning != ReasoningOn {
			params.OutputConfig.Effort = anthropic.OutputConfigEffort(c.settings.Reasoning)
		}
	}
}

func messagesError(err error, begun bool) *Error {
	var api *anthropic.Error
	if !errors.As(err, &api) {
		return transportError(err, begun)
	}
	var body struct {
		Error struct{ Message string }
	}
	_ = json.Unmarshal([]byte(api.RawJSON()), &body)
	kind := kindOf(api.StatusCode, string(api.Type()))
	if begun || api.StatusCode == http.StatusOK {
		// An error inside a stream carries the stream's own status.
		kind = Failed
		if api.Type() == "overloaded_error" || api.Type() == "rate_limit_error" {
			kind = Busy
		}
	}
	e := &Error{Kind: kind, Status: api.StatusCode, Text: body.Error.Message}
	if e.Text == "" {
		e.Text = bodyText(api.Response)
	}
	if api.Response != nil {
		e.RetryAfter = retryAfter(api.Response.Header)
	}
	return e
}
