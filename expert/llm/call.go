package llm

import (
	"fmt"
	"strings"
)

// call is a request on its way to a provider: what it will contain, and in
// which words.
type call struct {
	Request
	settings Settings
	provider Provider
	// without marks the parts that the provider refused before.
	without [parts]int
	notes   []string
}

func (c *call) note(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// temperature returns what is sent; nil where none is.
func (c *call) temperature() *float64 {
	if c.settings.Temperature == nil {
		return nil
	}
	why := ""
	switch {
	case c.without[temperaturePart] > 0:
		why = "the model refuses it"
	case c.provider.dialect.noTemperature != nil:
		why = c.provider.dialect.noTemperature(c.settings.Model, c.settings.Reasoning)
	}
	if why != "" {
		c.note("temperature %v left out: %s", *c.settings.Temperature, why)
		return nil
	}
	return c.settings.Temperature
}

// switched tells whether the wish about reasoning is sent.
func (c *call) switched() bool {
	if c.settings.Reasoning == ReasoningDefault {
		return false
	}
	if c.without[reasoningPart] > 0 {
		c.note("reasoning %s left out: the model refuses the switch", c.settings.Reasoning)
		return false
	}
	return true
}

// schemaStyle returns how the schema is asked for: one step less strict for
// every refusal.
func (c *call) schemaStyle() schemaStyle {
	style := c.provider.dialect.schema
	for range c.without[schemaPart] {
		switch style {
		case jsonSchema, jsonObjectWithSchema:
			style = jsonObject
		default:
			style = noSchema
		}
	}
	if c.provider.dialect.messages && style == jsonObject {
		style = noSchema
	}
	return style
}

// system returns the system's words, the schema among them where the provider
// cannot be held to it.
func (c *call) system() string {
	if c.Schema == nil {
		return c.System
	}
	if s := c.schemaStyle(); s != jsonObject && s != noSchema {
		return c.System
	}
	if c.schemaStyle() == noSchema {
		c.note("the JSON schema is in the words alone: the provider does not enforce it")
	}
	return strings.TrimSpace(c.System + "\n\nAnswer with one JSON object that fits this JSON schema, and with nothing else:\n" + string(c.Schema.Schema))
}

// bound is the most tokens that the completion may have.
func (c *call) bound() int {
	if c.MaxTokens > 0 {
		return c.MaxTokens
	}
	return c.settings.MaxTokens
}

// promptBytes is the length of everything that is sent as words. No tokenizer
// makes more tokens than bytes, so it also bounds the prompt's tokens.
func (c *call) promptBytes() int {
	const overhead = 16 // tokens that mark the turns
	n := len(c.System) + overhead
	if c.Schema != nil {
		n += len(c.Schema.Schema) + 200
	}
	for _, m := range c.Messages {
		n += len(m.Text) + overhead
	}
	return n
}
