package syntax

import "strings"

// str reads a string literal whose prefix (if any) began at start; x.pos stands
// at its opening quote.
func (x *lexer) str(start int) {
	startLine, startCol, lineStart := x.line, start-x.lineStart, x.lineStart
	quote := x.src[x.pos : x.pos+1]
	if strings.HasPrefix(x.src[x.pos:], quote+quote+quote) {
		quote = quote + quote + quote
	}
	x.pos += len(quote)
	for {
		if x.pos >= len(x.src) {
			x.unterminated(quote, start, startLine, lineStart)
			return
		}
		switch c := x.src[x.pos]; {
		case c == '\\' && x.pos+1 < len(x.src):
			x.pos++
			if x.src[x.pos] == '\n' {
				x.newline()
			} else {
				x.pos++
			}
		case c == '\n':
			if len(quote) == 1 {
				x.unterminated(quote, start, startLine, lineStart)
				return
			}
			x.newline()
		case strings.HasPrefix(x.src[x.pos:], quote):
			x.pos += len(quote)
			x.add(String, start, startLine, startCol)
			return
		default:
			x.pos++
		}
	}
}

func (x *lexer) unterminated(quote string, start, startLine, lineStart int) {
	at := Pos{startLine, start - lineStart, startLine, start - lineStart}
	if len(quote) == 3 {
		last := x.line
		if strings.HasSuffix(x.src, "\n") && x.pos == x.lineStart {
			last-- // the source's last line is empty: CPython counts lines that it read
		}
		x.fail(at, "unterminated triple-quoted string literal (detected at line %d)", last)
		return
	}
	x.fail(at, "unterminated string literal (detected at line %d)", x.line)
}
