package llm

import (
	"fmt"
	"os"
	"strings"
)

// key is a secret that no way of printing shows.
type key struct {
	value string
	env   string // the variable it comes from
}

func (k key) String() string   { return "(hidden)" }
func (k key) GoString() string { return "llm.key(hidden)" }

// Format hides the key from every verb.
func (k key) Format(s fmt.State, _ rune) { fmt.Fprint(s, k.String()) }

// MarshalText hides the key from JSON, YAML and the like.
func (k key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// keyFrom reads the first of the environment variables that is set.
func keyFrom(names []string) key {
	for _, name := range names {
		if v := strings.TrimSpace(os.Getenv(name)); v != "" {
			return key{v, name}
		}
	}
	return key{}
}

// minSecret is the length from which a key's text is blotted out wherever it
// appears: placeholders of local servers ("none", "x") are no secrets, and would
// eat ordinary words.
const minSecret = 8

// scrub takes the key out of a text, such as an error message in which a server
// repeats it.
func (k key) scrub(s string) string {
	if len(k.value) < minSecret {
		return s
	}
	return strings.ReplaceAll(s, k.value, k.String())
}
