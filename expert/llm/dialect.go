package llm

import (
	"regexp"
	"strings"
)

// dialect is how a provider words what all of them can.
type dialect struct {
	messages bool // Anthropic's protocol; otherwise OpenAI's chat completions
	tokens   tokensField
	schema   schemaStyle
	// reasoning returns the fields of the body that switch reasoning.
	reasoning func(r Reasoning) []field
	// noTemperature returns why a temperature is not to be sent; "" where it is.
	noTemperature func(model string, r Reasoning) string
}

// field is a parameter of a request's body.
type field struct {
	name  string
	value any
}

type tokensField string

const (
	maxTokens           tokensField = "max_tokens"
	maxCompletionTokens tokensField = "max_completion_tokens"
)

// schemaStyle is how far a provider can be held to a JSON schema.
type schemaStyle int

const (
	jsonSchema           schemaStyle = iota // response_format json_schema
	jsonObjectWithSchema                    // json_object with a schema inside, as llama.cpp has it
	jsonObject                              // some JSON object; the schema goes into the words
	noSchema                                // the words alone
)

func (r Reasoning) effort() string {
	switch r {
	case ReasoningOff:
		return "none"
	case ReasoningOn:
		return "medium"
	}
	return string(r)
}

func effortReasoning(r Reasoning) []field {
	return []field{{"reasoning_effort", r.effort()}}
}

// deepSeekReasoning: https://api-docs.deepseek.com/guides/thinking_mode
func deepSeekReasoning(r Reasoning) []field {
	if r == ReasoningOff {
		return []field{{"thinking", map[string]string{"type": "disabled"}}}
	}
	on := []field{{"thinking", map[string]string{"type": "enabled"}}}
	if r != ReasoningOn {
		on = append(on, field{"reasoning_effort", string(r)})
	}
	return on
}

func qwenReasoning(r Reasoning) []field {
	f := []field{{"enable_thinking", r.Wanted()}}
	if r.Wanted() && r != ReasoningOn {
		f = append(f, field{"reasoning_effort", string(r)})
	}
	return f
}

// templateReasoning sets the variable that chat templates of open models look
// at.
func templateReasoning(r Reasoning) []field {
	return []field{{"chat_template_kwargs", map[string]bool{"enable_thinking": r.Wanted()}}}
}

var openAIReasoner = regexp.MustCompile(`^(o[0-9]|gpt-[5-9])`)

func openAITemperature(model string, r Reasoning) string {
	if r != ReasoningOff && openAIReasoner.MatchString(model) {
		return "reasoning models of OpenAI take none"
	}
	return ""
}

func anthropicTemperature(_ string, r Reasoning) string {
	if r.Wanted() {
		return "extended thinking takes none"
	}
	return ""
}

func deepSeekTemperature(model string, r Reasoning) string {
	if r.Wanted() || r == ReasoningDefault && model != "deepseek-chat" {
		return "thinking mode ignores it"
	}
	return ""
}

// part is something of a request that a provider may refuse and that can be
// left out or worded otherwise.
type part int

const (
	temperaturePart part = iota
	reasoningPart
	schemaPart
	usagePart
	tokensPart
	parts
)

// refusedParts are the words by which a provider's complaint names a part.
var refusedParts = [parts][]string{
	tokensPart:      {"max_tokens", "max_completion_tokens"},
	temperaturePart: {"temperature"},
	reasoningPart:   {"reasoning_effort", "thinking", "chat_template_kwargs", "budget_tokens", "effort"},
	schemaPart:      {"response_format", "json_schema", "json_object", "output_config", "grammar", "schema"},
	usagePart:       {"stream_options", "include_usage"},
}

// order in which complaints are searched: the longer names first, since a
// message may mention several parameters.
var refusalOrder = []part{temperaturePart, reasoningPart, schemaPart, usagePart, tokensPart}

// refusedPart finds what a refused request should do without.
func refusedPart(e *Error) (part, bool) {
	if e.Kind != BadRequest {
		return 0, false
	}
	for _, text := range []string{e.Param, e.Text} {
		text = strings.ToLower(text)
		for _, p := range refusalOrder {
			for _, word := range refusedParts[p] {
				if strings.Contains(text, word) {
					return p, true
				}
			}
		}
	}
	return 0, false
}
