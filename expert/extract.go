package expert

import (
	"regexp"
	"slices"
	"strings"
)

// withoutThought takes out of an answer what a model wrote while it thought.
func withoutThought(text string) string {
	for {
		before, rest, found := strings.Cut(text, "<think>")
		if !found {
			break
		}
		_, after, closed := strings.Cut(rest, "</think>")
		if !closed { // cut off: whatever code there is stands in the thought
			return before + rest
		}
		text = before + after
	}
	// Templates of some servers swallow the opening mark.
	if _, after, found := strings.Cut(text, "</think>"); found {
		text = after
	}
	return text
}

// definesProsumer finds the function that a program has to define.
var definesProsumer = regexp.MustCompile(`(?mi)^[ \t]*def[ \t]+prosumer[ \t]*\(`)

// codeIn returns the program of an answer: from the last block of code that
// defines the function, with the imports of an earlier block where it has none;
// or, where nothing is marked as code, from the first line that is. It returns ""
// where there is none. A block that was cut off ends with the answer.
func codeIn(answer string) string {
	answer = strings.ReplaceAll(withoutThought(answer), "\r\n", "\n")
	blocks := blocksIn(answer)
	last := -1
	for i, b := range blocks {
		if definesProsumer.MatchString(b) {
			last = i
		}
	}
	switch {
	case last < 0 && definesProsumer.MatchString(answer):
		return unmarkedCode(answer)
	case last < 0:
		return strings.Join(blocks, "\n")
	}
	code := blocks[last]
	if !importsCvxpy.MatchString(code) {
		for _, b := range blocks[:last] {
			if importsCvxpy.MatchString(b) && !definesProsumer.MatchString(b) {
				return b + "\n" + code
			}
		}
	}
	return code
}

var importsCvxpy = regexp.MustCompile(`(?m)^[ \t]*(import|from)[ \t]+cvxpy\b`)

// fence opens or closes a block of code in Markdown.
var fence = regexp.MustCompile("^[ \t]*(?:[-*>][ \t]+)?(```+|~~~+)[ \t]*([A-Za-z0-9_+.-]*)[^`]*$")

// blocksIn returns the blocks of code in Markdown, those of other languages left
// out.
func blocksIn(text string) []string {
	var blocks []string
	var block []string
	mark := "" // that closes the present block
	python := false
	end := func() {
		if python && len(block) > 0 {
			blocks = append(blocks, dedent(block))
		}
		mark, block = "", nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case m == nil && mark != "":
			block = append(block, line)
		case m == nil:
		case mark == "":
			mark = m[1]
			language := strings.ToLower(m[2])
			python = language == "" || strings.HasPrefix(language, "py")
		case m[1][0] == mark[0] && len(m[1]) >= len(mark) && m[2] == "":
			end()
		default: // a block that was never closed, or a mark inside of one
			block = append(block, line)
		}
	}
	end()
	return blocks
}

// dedent takes away the spaces that all lines begin with.
func dedent(lines []string) string {
	shared, first := "", true
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if first {
			shared, first = indent, false
		}
		for !strings.HasPrefix(indent, shared) {
			shared = shared[:len(shared)-1]
		}
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimPrefix(line, shared))
		b.WriteByte('\n')
	}
	return b.String()
}

// codeLine is a line that stands at the margin of a program.
var codeLine = regexp.MustCompile(`^(import [\w.]+|from [\w.]+ import|def \w+[ \t]*\(|class \w+|@\w+|#|if __name__|[\])}]|[A-Za-z_]\w*([ \t]*:[^=]*)?[ \t]*=[^=])`)

// unmarkedCode returns the lines of a text from the first that is code to the
// last before prose comes again.
func unmarkedCode(text string) string {
	var code []string
	defined := false
	for line := range strings.SplitSeq(text, "\n") {
		margin := line != "" && !strings.ContainsAny(line[:1], " \t")
		switch isCode := codeLine.MatchString(line); {
		case len(code) == 0 && (!isCode || line[0] == '#'):
			continue
		case margin && !isCode && defined:
			return strings.Join(code, "\n") + "\n"
		case margin && !isCode: // prose between imports and the function
			continue
		}
		defined = defined || definesProsumer.MatchString(line)
		code = append(code, line)
	}
	return strings.Join(code, "\n") + "\n"
}

// nameOfAtom finds names of cvxpy in words.
var nameOfAtom = regexp.MustCompile(`\b(?:cp|cvxpy)\.[A-Za-z_][\w.]*\w`)

// quotedWord finds what stands in a list of JSON.
var quotedWord = regexp.MustCompile(`"([A-Za-z_]\w*)"[ \t\n]*[,\]]`)

// atomsIn returns the names of an answer that lists what of cvxpy is needed, each
// once, whatever form the list has.
func atomsIn(answer string) []string {
	answer = withoutThought(answer)
	found := nameOfAtom.FindAllString(answer, -1)
	if len(found) == 0 {
		for _, m := range quotedWord.FindAllStringSubmatch(answer, -1) {
			found = append(found, m[1])
		}
	}
	const most = 12
	var names []string
	for _, name := range found {
		name = "cp." + name[strings.IndexByte(name, '.')+1:]
		if len(names) < most && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
