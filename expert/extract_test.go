package expert

import (
	"slices"
	"strings"
	"testing"
)

const answerCode = "import cvxpy as cp\nimport numpy as np\n\ndef prosumer(state):\n    x = cp.Variable(3)\n\n    return x\n"

// answers are the ways in which models hand over the same program.
var answers = map[string]string{
	"bare":                 answerCode,
	"fenced":               "```python\n" + answerCode + "```",
	"fenced, no language":  "Here you are:\n```\n" + answerCode + "```\nGood luck!",
	"py, windows":          strings.ReplaceAll("```py\n"+answerCode+"```\n", "\n", "\r\n"),
	"tildes":               "~~~python\n" + answerCode + "~~~",
	"indented":             "1. The code:\n   ```python\n   " + strings.ReplaceAll(strings.TrimSpace(answerCode), "\n", "\n   ") + "\n   ```\n2. Done.",
	"cut off":              "```python\n" + answerCode,
	"thought before":       "<think>\n```python\ndef prosumer(state):\n    return 0\n```\n</think>\n```python\n" + answerCode + "```",
	"thought, mark lost":   "Let me see ...\n```python\ndef prosumer(state): pass\n```\n</think>\n```python\n" + answerCode + "```",
	"two drafts":           "```python\ndef prosumer(state):\n    return 0\n```\nBetter:\n```python\n" + answerCode + "```",
	"shell before":         "```bash\npip install cvxpy\n```\n```python\n" + answerCode + "```\n```json\n{}\n```",
	"use after":            "```python\n" + answerCode + "```\nUse it:\n```python\nprint(prosumer({}))\n```",
	"imports apart":        "```python\nimport cvxpy as cp\nimport numpy as np\n```\nand\n```python\ndef prosumer(state):\n    x = cp.Variable(3)\n\n    return x\n```",
	"prose around no mark": "Sure! This is the function.\n\n" + answerCode + "\nThis function models the rest of the day.\nIt returns x.",
	"prose between":        "First the imports:\nimport cvxpy as cp\nimport numpy as np\nand now the function:\ndef prosumer(state):\n    x = cp.Variable(3)\n\n    return x\nThat is all.",
}

func TestCodeIsFoundInAnswers(t *testing.T) {
	lines := func(s string) []string {
		return slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
	}
	for name, answer := range answers {
		if got := codeIn(answer); !slices.Equal(lines(got), lines(answerCode)) {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
	for _, none := range []string{"", "I would love to help!", "<think>", "```", "```json\n{\"a\": 1}\n```"} {
		if got := codeIn(none); strings.TrimSpace(got) != "" {
			t.Errorf("%q holds %q", none, got)
		}
	}
	if got := codeIn("<think>never ends\n```python\n" + answerCode + "```"); !strings.Contains(got, "cp.Variable(3)") {
		t.Errorf("code in a thought that was cut off: %q", got)
	}
}

func TestAtomsAreFoundInAnswers(t *testing.T) {
	want := []string{"cp.sum", "cp.Variable"}
	for _, answer := range []string{
		`{"atoms": ["cp.sum", "cp.Variable"]}`, "```json\n{\"atoms\": [\"cp.sum\",\n \"cp.Variable\"]}\n```", `["sum", "Variable"]`,
		"- `cp.sum`: adds up\n- cvxpy.Variable.\n- cp.sum again", "<think>cp.norm?</think>cp.sum and cp.Variable",
		`{"atoms": ["cp.sum", "cp.Var`,
	} {
		got := atomsIn(answer)
		if len(got) == 2 && got[1] == "cp.Var" {
			got[1] = "cp.Variable" // the answer was cut there
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", answer, got)
		}
	}
	if got := atomsIn("no idea"); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// FuzzExtraction: whatever a model says, reading it ends, invents nothing, and
// finds again what was marked.
func FuzzExtraction(f *testing.F) {
	for _, answer := range answers {
		f.Add(answer)
	}
	f.Add("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE")
	f.Fuzz(func(t *testing.T, answer string) {
		code := codeIn(answer)
		for line := range strings.SplitSeq(code, "\n") {
			if !strings.Contains(strings.ReplaceAll(answer, "\r\n", "\n"), strings.TrimSpace(line)) {
				t.Fatalf("the line %q was not in the answer %q", line, answer)
			}
		}
		if definesProsumer.MatchString(code) && !strings.ContainsAny(code, "`~<") {
			if again := codeIn("```python\n" + code + "\n```"); strings.TrimSpace(again) != strings.TrimSpace(dedent(strings.Split(code, "\n"))) {
				t.Fatalf("%q becomes %q", code, again)
			}
		}
		if len(atomsIn(answer)) > 12 {
			t.Fatal("too many atoms")
		}
		if got, err := patched(answerCode, answer); err != nil && len(editsIn(answer)) == 0 && got != answerCode {
			t.Fatal("a program was changed without an edit")
		}
	})
}
