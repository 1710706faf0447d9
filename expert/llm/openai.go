package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/ssestream"
)

// chat speaks OpenAI's chat completions.
type chat struct {
	service openai.ChatCompletionService
}

func newChat(p Provider, k key, h *http.Client) *chat {
	o := []option.RequestOption{
		option.WithBaseURL(p.BaseURL), option.WithHTTPClient(h), option.WithMaxRetries(0),
		option.WithMiddleware(streamed),
	}
	if k.value != "" {
		o = append(o, option.WithAPIKey(k.value))
	}
	return &chat{openai.NewChatCompletionService(o...)}
}

func (b *chat) attempt(ctx context.Context, c *call, a *answer) error {
	params := openai.ChatCompletionNewParams{Model: c.settings.Model}
	if s := c.system(); s != "" {
		params.Messages = append(params.Messages, openai.SystemMessage(s))
	}
	for _, m := range c.Messages {
		if m.Role == Assistant {
			params.Messages = append(params.Messages, openai.AssistantMessage(m.Text))
		} else {
			params.Messages = append(params.Messages, openai.UserMessage(m.Text))
		}
	}
	if t := c.temperature(); t != nil {
		params.Temperature = openai.Float(*t)
	}
	if c.without[usagePart] == 0 {
		params.StreamOptions.IncludeUsage = openai.Bool(true)
	}
	var extra []option.RequestOption
	set := func(f field) { extra = append(extra, option.WithJSONSet(f.name, f.value)) }
	set(field{string(c.tokensField()), c.bound()})
	if c.switched() {
		for _, f := range c.provider.dialect.reasoning(c.settings.Reasoning) {
			set(f)
		}
	}
	if c.Schema != nil {
		switch c.schemaStyle() {
		case jsonSchema:
			set(field{"response_format", map[string]any{"type": "json_schema",
				"json_schema": map[string]any{"name": c.Schema.Name, "strict": true, "schema": c.Schema.Schema}}})
		case jsonObjectWithSchema:
			set(field{"response_format", map[string]any{"type": "json_object", "schema": c.Schema.Schema}})
		case jsonObject:
			set(field{"response_format", map[string]any{"type": "json_object"}})
		}
	}

	stream := b.service.NewStreaming(ctx, params, extra...)
	defer stream.Close()
	var refusal strings.Builder
	for stream.Next() {
		chunk := stream.Current()
		a.alive()
		if chunk.Model != "" {
			a.model = chunk.Model
		}
		if u := chunk.Usage; u.JSON.CompletionTokens.Valid() && u.JSON.PromptTokens.Valid() {
			a.counted = true
			a.usage = Usage{
				PromptTokens:       int(u.PromptTokens),
				CachedPromptTokens: int(u.PromptTokensDetails.CachedTokens),
				CompletionTokens:   int(u.CompletionTokens),
				ReasoningTokens:    int(u.CompletionTokensDetails.ReasoningTokens),
			}
		}
		if len(chunk.Choices) == 0 {
			continue
		}
		choice := chunk.Choices[0]
		for _, name := range []string{"reasoning_content", "reasoning"} {
			var thought string
			if raw := choice.Delta.JSON.ExtraFields[name].Raw(); json.Unmarshal([]byte(raw), &thought) == nil {
				if err := a.think(thought); err != nil {
					return err
				}
			}
		}
		refusal.WriteString(choice.Delta.Refusal)
		if err := a.write(choice.Delta.Content); err != nil {
			return err
		}
		switch choice.FinishReason {
		case "":
		case "length":
			a.finish = Truncated
		case "content_filter":
			a.finish = Refused
		default:
			a.finish = Stopped
		}
	}
	if err := stream.Err(); err != nil {
		return chatError(err, a.begun())
	}
	if refusal.Len() > 0 {
		a.finish = Refused
		return a.write(refusal.String())
	}
	if a.finish == "" {
		return &Error{Kind: Cut, Text: "the stream ended before the answer did"}
	}
	return nil
}

// tokensField is the name of the bound in the provider's words; the other one
// after a refusal.
func (c *call) tokensField() tokensField {
	f := c.provider.dialect.tokens
	if c.without[tokensPart] > 0 {
		if f == maxTokens {
			return maxCompletionTokens
		}
		return maxTokens
	}
	return f
}

func chatError(err error, begun bool) *Error {
	var api *openai.Error
	var inStream *ssestream.StreamError
	switch {
	case errors.As(err, &api):
		e := &Error{Kind: kindOf(api.StatusCode, api.Code), Status: api.StatusCode, Text: api.Message, Param: api.Param}
		if e.Text == "" {
			e.Text = bodyText(api.Response)
		}
		if api.Response != nil {
			e.RetryAfter = retryAfter(api.Response.Header)
		}
		return e
	case errors.As(err, &inStream):
		return &Error{Kind: Failed, Text: inStream.Message}
	}
	return transportError(err, begun)
}

// bodyText is what a server said in no known form: some put it under "detail"
// or "error" as plain text.
func bodyText(r *http.Response) string {
	if r == nil || r.Body == nil {
		return "the server gives no reason"
	}
	text, _ := io.ReadAll(io.LimitReader(r.Body, 4096))
	if s := firstLine(string(text)); s != "" {
		return s
	}
	return "the server gives no reason"
}

// streamed turns the whole JSON answer of a server that does not stream, though
// it was asked to, into a stream of one piece.
func streamed(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	res, err := next(req)
	if err != nil || res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		return res, err
	}
	text, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return nil, err
	}
	var whole map[string]json.RawMessage
	var choices []map[string]json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(whole["choices"], &choices); err == nil {
		for _, c := range choices {
			c["delta"] = c["message"]
			delete(c, "message")
		}
		if whole["choices"], err = json.Marshal(choices); err != nil {
			return nil, err
		}
	}
	if text, err = json.Marshal(whole); err != nil {
		return nil, err
	}
	res.Header.Set("Content-Type", "text/event-stream")
	res.Body = io.NopCloser(bytes.NewReader([]byte("data: " + string(text) + "\n\ndata: [DONE]\n\n")))
	res.ContentLength = -1
	return res, nil
}
