package strict

import (
	"reflect"
	"strings"
	"testing"
)

type example struct {
	Name  string   `json:"name"`
	Rate  float64  `json:"rate_kw"`
	Count int      `json:"count"`
	On    bool     `json:"on"`
	List  []uint64 `json:"list"`
	Inner struct {
		X float64 `json:"x"`
	} `json:"inner"`
	Free map[string]float64 `json:"free"`
}

func read(text string) (example, error) {
	e := example{Name: "default", Count: 7}
	root, err := Parse("f.yaml", []byte(text), reflect.TypeFor[example]())
	if err != nil {
		return e, err
	}
	return e, Decode("f.yaml", root, &e)
}

func TestWhatIsNotNamedKeepsItsValue(t *testing.T) {
	e, err := read("rate_kw: 2.5\nlist: [1, 2]\non: true\ninner: {x: 3}\nfree: {a: 1}\n")
	if err != nil {
		t.Fatal(err)
	}
	if e.Name != "default" || e.Count != 7 || e.Rate != 2.5 || !e.On || e.Inner.X != 3 || e.Free["a"] != 1 || len(e.List) != 2 {
		t.Errorf("read %+v", e)
	}
}

func TestErrorsNameFileLinePathAndWhatWouldBeRight(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "f.yaml: nothing in it",
		"naem: x":              `f.yaml:1: the file: there is no key "naem" (did you mean name?)`,
		"inner:\n  y: 1":       `f.yaml:2: inner: there is no key "y"`,
		"rate_kw: 3 MW":        `f.yaml:1: rate_kw is "3 MW": want a number of kW, without the unit`,
		"count: 1.5":           `f.yaml:1: count is "1.5": want a whole number`,
		"on: maybe":            `f.yaml:1: on is "maybe": want true or false`,
		"list: 3":              `f.yaml:1: list: want a list`,
		"name: &a x\nfree: *a": `anchors, aliases and tags are not read here`,
		"a: 1\n---\nb: 2":      `2 YAML documents: want one`,
		"name: [":              `f.yaml:1:`,
	} {
		_, err := read(text)
		if err == nil {
			t.Errorf("%q was accepted", text)
			continue
		}
		if got := err.Error(); !strings.Contains(got, want) || strings.Contains(got, "\n") {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"name: x", "a: [1, {b: c}]", "? x\n: y", "- 1", "inner: {x: .nan}", "list: [~]", "!!binary x: y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := read(text); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("an error of two lines: %q", err)
		}
	})
}
