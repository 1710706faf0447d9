package py

import (
	"strings"
	"unicode/utf8"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// traceEntry is one line of a traceback: what ran where.
type traceEntry struct {
	module *syntax.Module
	name   string
	at     syntax.Pos
	node   syntax.Node // decides where the carets change to tildes
}

// SyntaxInfo is where a SyntaxError stands.
type SyntaxInfo struct {
	File string
	Err  *syntax.Error
}

// Traceback prints an error as CPython prints an uncaught exception.
func (in *Interp) Traceback(err error) string {
	var b strings.Builder
	switch e := err.(type) {
	case *Exc:
		in.printExc(&b, e, map[*Exc]bool{}, 0)
	case *Abort:
		printEntries(&b, e.trace)
		b.WriteString(e.Class + ": " + e.Msg + "\n")
	default:
		b.WriteString(err.Error() + "\n")
	}
	return b.String()
}

// ErrorLine is the line of the program where an error was raised, 0 where there
// is none.
func ErrorLine(err error) int {
	var trace []traceEntry
	switch e := err.(type) {
	case *Exc:
		if e.syntax != nil {
			return e.syntax.Err.Line
		}
		trace = e.trace
	case *Abort:
		trace = e.trace
	}
	if len(trace) == 0 {
		return 0
	}
	return trace[len(trace)-1].at.Line
}

func (in *Interp) printExc(b *strings.Builder, e *Exc, seen map[*Exc]bool, depth int) {
	seen[e] = true
	switch {
	case depth > maxChain:
	case e.Cause != nil:
		if !seen[e.Cause] {
			in.printExc(b, e.Cause, seen, depth+1)
			b.WriteString("\nThe above exception was the direct cause of the following exception:\n\n")
		}
	case e.Context != nil && !e.noCtx:
		if !seen[e.Context] {
			in.printExc(b, e.Context, seen, depth+1)
			b.WriteString("\nDuring handling of the above exception, another exception occurred:\n\n")
		}
	}
	printEntries(b, e.trace)
	if e.syntax != nil {
		e.syntax.print(b)
	}
	b.WriteString(in.heading(e))
	if e.suggest != nil {
		b.WriteString(e.suggest())
	}
	b.WriteString("\n")
	for _, n := range e.notes {
		b.WriteString(n + "\n")
	}
}

// heading is the last line of a traceback: class and text.
func (in *Interp) heading(e *Exc) string {
	name := e.Class.ShortName()
	if e.Class.qualname != "" {
		name = e.Class.qualname
	}
	if m := e.Class.Module; m != "builtins" && m != "__main__" && m != "" {
		name = m + "." + name
	}
	if text := in.Text(e); text != "" {
		name += ": " + text
	}
	return name
}

const recursiveCutoff = 3

func printEntries(b *strings.Builder, trace []traceEntry) {
	if len(trace) == 0 {
		return
	}
	b.WriteString("Traceback (most recent call last):\n")
	count := 0
	flush := func() {
		if more := count - recursiveCutoff; more > 0 {
			b.WriteString("  [Previous line repeated " + itoa(more) + " more time" + plural(more) + "]\n")
		}
	}
	for i := len(trace) - 1; i >= 0; i-- {
		t := trace[i]
		if i == len(trace)-1 || !t.sameLine(trace[i+1]) {
			flush()
			count = 0
		}
		if count++; count <= recursiveCutoff {
			t.print(b)
		}
	}
	flush()
}

func (t traceEntry) sameLine(o traceEntry) bool {
	return t.module == o.module && t.name == o.name && t.at.Line == o.at.Line
}

func (t traceEntry) print(b *strings.Builder) {
	b.WriteString("  File \"" + t.module.Name + "\", line " + itoa(t.at.Line) + ", in " + t.name + "\n")
	if t.at.Line < 1 || t.at.Line > len(t.module.Lines) {
		return
	}
	line := t.module.Lines[t.at.Line-1]
	text := strings.Trim(line, " \t\f\r")
	if text == "" {
		return
	}
	b.WriteString("    " + text + "\n")
	t.carets(b, line, text)
}

// carets prints the line of ~ and ^ below a source line, unless they would
// underline all of it.
func (t traceEntry) carets(b *strings.Builder, line, text string) {
	start, end := t.at.Col, t.at.EndCol
	single := t.at.Line == t.at.EndLine
	if !single {
		end = len(strings.TrimRight(line, " \t\f\r"))
	}
	start, end = min(start, len(line)), min(end, len(line))
	if start >= end {
		return
	}
	left, right := -1, -1
	if single {
		left, right = t.anchors(line)
	}
	if left < 0 && end-start >= len(text) {
		return
	}
	indent := len(line) - len(strings.TrimLeft(line, " \t\f"))
	b.WriteString("    " + strings.Repeat(" ", width(line[min(indent, start):start])))
	if left < 0 {
		b.WriteString(strings.Repeat("^", width(line[start:end])) + "\n")
		return
	}
	b.WriteString(strings.Repeat("~", width(line[start:left])))
	b.WriteString(strings.Repeat("^", width(line[left:right])))
	b.WriteString(strings.Repeat("~", width(line[right:end])) + "\n")
}

func width(s string) int { return utf8.RuneCountInString(s) }

// anchors finds the part to mark with ^ inside ~: the operator of a binary
// operation, the brackets of a subscript; -1 for none.
func (t traceEntry) anchors(line string) (left, right int) {
	switch x := t.node.(type) {
	case *syntax.Binary:
		from, to := x.Left.Span().EndCol, x.Right.Span().Col
		for i := from; i < to && i < len(line); i++ {
			if c := line[i]; c == ' ' || c == '\t' || c == '\f' || c == ')' {
				continue
			}
			right = i + 1
			if i+1 < to && line[i+1] != ' ' && line[i+1] != '\t' && line[i+1] != '(' {
				right++
			}
			return i, right
		}
	case *syntax.Subscript:
		left = x.X.Span().EndCol
		for left < len(line) && line[left] != '[' {
			left++
		}
		return left, t.at.EndCol
	}
	return -1, -1
}

// print writes the place of a syntax error.
func (s *SyntaxInfo) print(b *strings.Builder) {
	e := s.Err
	b.WriteString("  File \"" + s.File + "\", line " + itoa(e.Line) + "\n")
	text := strings.TrimRight(e.Text, " \t\f\r\n")
	stripped := strings.TrimLeft(text, " \t\f")
	if stripped == "" && e.Class != "SyntaxError" {
		return
	}
	b.WriteString("    " + stripped + "\n")
	indent := len(text) - len(stripped)
	col, end := e.Col, e.EndCol
	if e.EndLine > e.Line {
		end = len(text)
	}
	if end <= col {
		end = col + 1
	}
	if col < indent {
		return
	}
	pad := width(text[min(indent, len(text)):min(col, len(text))]) + max(0, col-len(text))
	marks := max(1, width(text[min(col, len(text)):min(end, len(text))]))
	b.WriteString("    " + strings.Repeat(" ", pad) + strings.Repeat("^", marks) + "\n")
}
