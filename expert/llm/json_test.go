package llm

import (
	"strings"
	"testing"
)

func TestObjectsAreFoundAmongWords(t *testing.T) {
	type answer struct{ N int }
	for text, want := range map[string]int{
		`{"n": 1}`: 1,
		"Here you are:\n```json\n{\"n\": 2}\n```\nHope it helps {n}": 2,
		`The set {1, 2} is {"n": 3}`:                                 3,
	} {
		var a answer
		if err := DecodeJSON(text, &a); err != nil || a.N != want {
			t.Errorf("%q: %v, %v", text, a, err)
		}
	}
	for text, says := range map[string]string{
		`none`:             "no JSON object",
		`{"n": 1`:          "a brace is open",
		`{"n": 1, "m": 2}`: `unknown field "m"`,
		`{"n": "one"}`:     "cannot unmarshal string",
	} {
		var a answer
		if err := DecodeJSON(text, &a); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

func FuzzObjectIn(f *testing.F) {
	for _, s := range []string{"", "{", `{"a":{"b":[1,2]}}`, "```json\n{}\n```", strings.Repeat("{", 1000), `{"a": "\u00"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := objectIn(s)
		if err == nil && (!strings.HasPrefix(got, "{") || !strings.Contains(s, got)) {
			t.Errorf("%q of %q", got, s)
		}
	})
}
