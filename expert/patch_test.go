package expert

import (
	"strings"
	"testing"
)

func TestPatches(t *testing.T) {
	const source = "a\n    b = 1\n    c = 2\nd\n    b = 1\n"
	edit := func(old, new string) string {
		return "<<<<<<< SEARCH\n" + old + "\n=======\n" + new + "\n>>>>>>> REPLACE\n"
	}
	for _, c := range []struct{ answer, want, says string }{
		{edit("    c = 2", "    c = 3\n    e = 4"), strings.Replace(source, "c = 2", "c = 3\n    e = 4", 1), ""},
		{"Sure:\n```\n" + edit("c = 2", "c = 3\nif c:\n    e = 4") + "```", strings.Replace(source, "c = 2", "c = 3\n    if c:\n        e = 4", 1), ""},
		{edit("    b = 1\n    c = 2", ""), "a\n\nd\n    b = 1\n", ""},
		{edit("a", "A") + edit("zebra", "z") + edit("d", "D"), strings.NewReplacer("a", "A", "d", "D").Replace(source), "not in the program: zebra"},
		{edit("    b = 1", "x"), source, "2 times"},
		{edit("", "x"), source, "does not say"},
		{"<<<<<<< SEARCH\na\n=======\ncut off", source, "holds no edit"},
		{"", source, "holds no edit"},
		{python(answerCode), answerCode, ""},
	} {
		got, err := patched(source, c.answer)
		if strings.TrimSpace(got) != strings.TrimSpace(c.want) || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s\nbecomes %q: %v", c.answer, got, err)
		}
	}
}
