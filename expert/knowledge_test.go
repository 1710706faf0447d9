package expert

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestBasicModelHoldsTheEquations(t *testing.T) {
	k, err := OpenKnowledge()
	if err != nil {
		t.Fatal(err)
	}
	text := k.BasicModel(true)
	for _, eq := range []string{"(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)", "(14)", "(15)", "(16)", "(17)", "(18)", "(19)"} {
		if !strings.Contains(text, eq) {
			t.Errorf("the basic model lacks eq. %s", eq)
		}
	}
	if strings.Contains(k.BasicModel(false), "P_P2P") {
		t.Error("the model without trade speaks of it")
	}
	seen := map[string]bool{}
	for _, e := range k.Entries {
		if seen[e.ID] {
			t.Errorf("%s stands twice", e.ID)
		}
		seen[e.ID] = true
		if e.Kind == "atom" && (e.Signature == "" || e.Curvature == "" || e.Example == "" || e.Text == "") {
			t.Errorf("%s lacks signature, curvature, text or example", e.ID)
		}
	}
}

// TestSearchFinds asks as models do and wants the atom among the first three.
func TestSearchFinds(t *testing.T) {
	k, err := OpenKnowledge()
	if err != nil {
		t.Fatal(err)
	}
	x := k.NewIndex("atom", "syntax", "recipe", "class", "function", "constraint")
	for query, want := range map[string]string{
		"cp.sum":                                "cp.sum",
		"sum_squares":                           "cp.sum_squares",
		"cumulative sum for state of charge":    "cp.cumsum",
		"absolute value of traded power":        "cp.abs",
		"elementwise product of price and load": "cp.multiply",
		"positive part max(x, 0)":               "cp.pos",
		"Euclidean norm per time step":          "cp.norm",
		"soft constraint penalty":               "slack",
		"concatenate initial state":             "cp.hstack",
		"decision variable nonneg":              "cp.Variable",
		"dot product":                           "cp.scalar_product",
		"ramp between steps":                    "indexing",
		"quadratic fuel cost":                   "cp.sum_squares",
	} {
		hits := x.Search(query, 3)
		if !slices.ContainsFunc(hits, func(h Hit) bool { return h.Entry.ID == want }) {
			var got []string
			for _, h := range hits {
				got = append(got, h.Entry.ID)
			}
			t.Errorf("%q finds %v, want %s", query, got, want)
		}
	}
	if got := x.Search("", 5); len(got) != 0 {
		t.Errorf("no words find %v", got)
	}
	if got := x.Search("zebra", 5); len(got) != 0 {
		t.Errorf("a zebra finds %v", got)
	}
}

// TestScoresAreBM25 computes one score by hand.
func TestScoresAreBM25(t *testing.T) {
	k := &Knowledge{Entries: []Entry{
		{ID: "first", Kind: "k", Title: "x", Text: "apple apple pear"},
		{ID: "second", Kind: "k", Title: "y", Text: "plum"},
	}}
	// Lengths: 3 for the ID (single letters are no words) and 3 or 1 words.
	// apple: df 1 of 2, idf = ln(1 + 1.5/1.5) = ln 2; f = 2; length 6, mean 5.
	want := 0.6931471805599453 * 2 * 2.2 / (2 + 1.2*(0.25+0.75*6/5))
	hits := k.NewIndex().Search("apple", 5)
	if len(hits) != 1 || hits[0].Entry.ID != "first" || abs(hits[0].Score-want) > 1e-12 {
		t.Errorf("got %v, want first with %v", hits, want)
	}
}

func abs(x float64) float64 { return max(x, -x) }

func TestKnowledgeGrowsByFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("heat.json", `{"entries": [
		{"id": "device-hp", "kind": "device", "title": "heat pump", "device": "hp", "text": "turns power into heat"},
		{"id": "cp.sum", "kind": "atom", "title": "our sum", "signature": "cp.sum(x)"}],
		"aliases": {"warmth": "heat"}}`)
	write("notes.txt", "not looked at")
	k, err := OpenKnowledge(dir)
	if err != nil {
		t.Fatal(err)
	}
	if hits := k.NewIndex("device").Search("warmth", 1); len(hits) != 1 || hits[0].Entry.ID != "device-hp" {
		t.Errorf("warmth finds %v", hits)
	}
	if hits := k.NewIndex("atom").Search("cp.sum", 1); hits[0].Entry.Title != "our sum" {
		t.Errorf("cp.sum was not replaced: %v", hits)
	}
	if hits := builtinKnowledge().NewIndex().Search("warmth", 1); len(hits) != 0 {
		t.Error("the built-in knowledge was changed")
	}

	for text, says := range map[string]string{
		`{"entries": [{"id": "x"}]}`:    "entries[0]: id, kind and title",
		`{"entrys": []}`:                `unknown field "entrys"`,
		`{"entries": []} {}`:            "more than one JSON value",
		`{"entries": [`:                 "heat.json",
		`{"entries": [{"id": 1}]}`:      "cannot unmarshal number",
		`{"aliases": {"a": ["b"]}}`:     "cannot unmarshal array",
		"\xff\xfe":                      "heat.json",
		`[{"id": "x", "kind": "atom"}]`: "cannot unmarshal array",
	} {
		write("heat.json", text)
		if _, err := OpenKnowledge(dir); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
	if _, err := OpenKnowledge(filepath.Join(dir, "nothing")); err == nil {
		t.Error("a folder that is not there was opened")
	}
}
