package llm

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// DecodeJSON reads the JSON object of an answer, bare, in a code block or among
// words, into a struct. Unknown keys are an error; what follows the object is not
// looked at.
func DecodeJSON(text string, into any) error {
	object, err := objectIn(text)
	if err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(object))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("the JSON object does not fit: %w", err)
	}
	return nil
}

// objectIn returns the first whole JSON object in a text.
func objectIn(text string) (string, error) {
	const tries = 64 // an answer of nothing but braces must not take for ever
	found := false
	for at, n := 0, 0; n < tries; at, n = at+1, n+1 {
		next := strings.IndexByte(text[at:], '{')
		if next < 0 {
			break
		}
		at += next
		found = true
		var raw json.RawMessage
		if err := json.NewDecoder(strings.NewReader(text[at:])).Decode(&raw); err == nil {
			return string(raw), nil
		}
	}
	if found {
		return "", errors.New("the answer holds no whole JSON object: a brace is open at its end, or a quote or comma is missing")
	}
	return "", errors.New("the answer holds no JSON object")
}
