package expert

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// edit replaces lines of a program by others.
type edit struct{ old, new []string }

var (
	editBegins = regexp.MustCompile(`^[ \t]*<{5,}[ \t]*(SEARCH|OLD|ORIGINAL)?[ \t]*$`)
	editTurns  = regexp.MustCompile(`^[ \t]*={5,}[ \t]*$`)
	editEnds   = regexp.MustCompile(`^[ \t]*>{5,}[ \t]*(REPLACE|NEW|UPDATED)?[ \t]*$`)
)

// patched applies the edits of an answer to a program. What does not fit is left
// out, and the error says so. An answer that holds a whole program instead takes
// its place.
func patched(source, answer string) (string, error) {
	edits := editsIn(withoutThought(answer))
	if len(edits) == 0 {
		if code := codeIn(answer); definesProsumer.MatchString(code) {
			return code, nil
		}
		return source, errors.New("the answer holds no edit")
	}
	lines := strings.Split(source, "\n")
	var failed []error
	for _, e := range edits {
		changed, err := e.apply(lines)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		lines = changed
	}
	return strings.Join(lines, "\n"), errors.Join(failed...)
}

// editsIn finds the edits of an answer. One that was cut off is none.
func editsIn(answer string) []edit {
	var edits []edit
	var e edit
	in := 0 // 1: in the old lines, 2: in the new ones
	for line := range strings.SplitSeq(strings.ReplaceAll(answer, "\r\n", "\n"), "\n") {
		switch {
		case editBegins.MatchString(line):
			e, in = edit{}, 1
		case in == 1 && editTurns.MatchString(line):
			in = 2
		case in == 2 && editEnds.MatchString(line):
			edits, in = append(edits, e), 0
		case in == 1:
			e.old = append(e.old, line)
		case in == 2:
			e.new = append(e.new, line)
		}
	}
	return edits
}

// apply replaces the one place where the old lines stand: as they are, or where
// there is none, with other spaces at their ends.
func (e edit) apply(lines []string) ([]string, error) {
	if strings.TrimSpace(strings.Join(e.old, "")) == "" {
		return nil, errors.New("an edit does not say which lines it replaces")
	}
	same := func(a, b string) bool { return a == b }
	at := places(lines, e.old, same)
	if len(at) == 0 {
		same = func(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }
		at = places(lines, e.old, same)
	}
	switch len(at) {
	case 0:
		return nil, fmt.Errorf("these lines are not in the program: %s", brief(strings.Join(e.old, "\n")))
	case 1:
	default:
		return nil, fmt.Errorf("these lines are in the program %d times: %s", len(at), brief(strings.Join(e.old, "\n")))
	}
	return slices.Concat(lines[:at[0]], indented(e.new, e.old[0], lines[at[0]]), lines[at[0]+len(e.old):]), nil
}

// places are where lines stand in others.
func places(lines, what []string, same func(a, b string) bool) []int {
	var at []int
	for i := 0; i+len(what) <= len(lines); i++ {
		if slices.EqualFunc(lines[i:i+len(what)], what, same) {
			at = append(at, i)
		}
	}
	return at
}

// indented moves lines as far to the right as is stands to the right of was.
func indented(lines []string, was, is string) []string {
	from, to := indentOf(was), indentOf(is)
	if from == to {
		return lines
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, from); ok && strings.TrimSpace(line) != "" {
			line = to + rest
		}
		out[i] = line
	}
	return out
}

func indentOf(line string) string { return line[:len(line)-len(strings.TrimLeft(line, " \t"))] }
