package expert

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
	"unicode"

	"github.com/peerwatt/peerwatt/expert/llm"
)

// promptFiles hold the words of each stage: role, rules step by step, and form
// of the answer under "system", what it is about under "user".
//
//go:embed prompts/*.tmpl
var promptFiles embed.FS

// PromptVersion names the prompts that a result was made with. It is raised by
// hand when they change; PromptDigest tells whether they did.
const PromptVersion = "4"

// PromptDigest is the beginning of a checksum over all prompts.
func PromptDigest() string {
	sum := sha256.New()
	names, err := fs.Glob(promptFiles, "prompts/*.tmpl")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		text, err := promptFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// promptData is what templates are filled in with.
type promptData struct {
	Wish, BasicModel, DataSheet, StateKeys string
	Model, Code, Failure, Parts            string
	Actions, Docs                          []string
	Quantities, Ratings                    []string
	Trade, Bare                            bool
}

// prompt fills in the words of a stage.
func prompt(stage string, d promptData) (llm.Request, error) {
	t, err := template.ParseFS(promptFiles, "prompts/shared.tmpl", "prompts/"+stage+".tmpl")
	if err != nil {
		return llm.Request{}, err
	}
	d.Wish = tame(d.Wish)
	fill := func(part string) string {
		var b strings.Builder
		if e := t.ExecuteTemplate(&b, part, d); e != nil && err == nil {
			err = fmt.Errorf("prompt %s: %w", stage, e)
		}
		return strings.TrimSpace(b.String())
	}
	r := llm.Request{System: fill("system"), Messages: []llm.Message{{Role: llm.User, Text: fill("user")}}}
	return r, err
}

// MaxWishBytes bounds the words of a wish.
const MaxWishBytes = 4000

// tame keeps the words of a wish inside their marks: no marks of ours, no
// characters that are not seen.
func tame(wish string) string {
	wish = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, wish)
	if len(wish) > MaxWishBytes {
		wish = strings.ToValidUTF8(wish[:MaxWishBytes], "")
	}
	// Any bracket may be read as the end of the wish, however it is written.
	return strings.NewReplacer("<", "(", ">", ")", "```", "'''").Replace(wish)
}
