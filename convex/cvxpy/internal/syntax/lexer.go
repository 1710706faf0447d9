package syntax

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of CPython's own tokenizer and parser.
const (
	maxIndents = 100
	maxLevel   = 200
)

type bracket struct {
	char      byte
	line, col int
}

// lexer turns source into tokens, all at once. An error ends the stream with a
// Bad token; the parser decides whether its own error comes first.
type lexer struct {
	src       string
	lines     []string
	pos       int // byte offset in src
	line      int // from 1
	lineStart int // byte offset of the present line
	indents   []int
	alts      []int // the same indents with tabs one column wide: finds mixed tabs
	brackets  []bracket
	tokens    []Token
	err       *Error
}

// lex tokenizes src.
func lex(src string) *lexer {
	src = strings.TrimPrefix(src, "\ufeff")
	src = strings.ReplaceAll(src, "\r\n", "\n")
	src = strings.ReplaceAll(src, "\r", "\n")
	x := &lexer{src: src, line: 1, indents: []int{0}, alts: []int{0}}
	x.lines = strings.Split(src, "\n")
	if i := strings.IndexByte(src, 0); i >= 0 {
		x.fail(Pos{1, 0, 1, 0}, "source code cannot contain null bytes")
	} else if !utf8.ValidString(src) {
		x.fail(Pos{1, 0, 1, 0}, "source code must be valid UTF-8")
	}
	for x.err == nil && x.logicalLine() {
	}
	if x.err != nil {
		x.tokens = append(x.tokens, Token{Kind: Bad, Pos: x.here(), level: len(x.brackets)})
		return x
	}
	end := Pos{x.line, 0, x.line, 0}
	if x.pos > x.lineStart { // the last line had no newline
		end = Pos{x.line + 1, 0, x.line + 1, 0}
	}
	for range len(x.indents) - 1 {
		x.tokens = append(x.tokens, Token{Kind: Dedent, Pos: end})
	}
	x.tokens = append(x.tokens, Token{Kind: EndMarker, Pos: end})
	return x
}

func (x *lexer) here() Pos {
	col := x.pos - x.lineStart
	return Pos{x.line, col, x.line, col}
}

func (x *lexer) fail(at Pos, format string, args ...any) {
	if x.err == nil {
		x.err = syntaxError(at, format, args...)
	}
}

func (x *lexer) failClass(class string, at Pos, msg string) {
	if x.err == nil {
		x.err = &Error{Class: class, Msg: msg, Pos: at, weak: true}
	}
}

func (x *lexer) peek() byte {
	if x.pos < len(x.src) {
		return x.src[x.pos]
	}
	return 0
}

func (x *lexer) newline() {
	x.pos++
	x.line++
	x.lineStart = x.pos
}

// add appends the token that started at start (and, for strings of several
// lines, on line startLine) and ends here.
func (x *lexer) add(kind Kind, start, startLine, startCol int) {
	x.tokens = append(x.tokens, Token{
		Kind: kind, Text: x.src[start:x.pos],
		Pos:   Pos{startLine, startCol, x.line, x.pos - x.lineStart},
		level: len(x.brackets),
	})
}

// logicalLine reads indentation and then tokens up to the end of the logical
// line; it returns false at the end of the source.
func (x *lexer) logicalLine() bool {
	if !x.indentation() {
		return false
	}
	for x.err == nil {
		x.blanks()
		if x.err != nil {
			return false
		}
		if x.pos >= len(x.src) {
			if n := len(x.brackets); n > 0 {
				b := x.brackets[n-1]
				x.fail(Pos{b.line, b.col, b.line, b.col + 1}, "'%c' was never closed", b.char)
				return false
			}
			x.tokens = append(x.tokens, Token{Kind: Newline, Pos: x.here()})
			return false
		}
		if x.peek() == '\n' {
			if len(x.brackets) > 0 {
				x.newline()
				continue
			}
			start, col := x.pos, x.pos-x.lineStart
			x.tokens = append(x.tokens, Token{Kind: Newline, Text: x.src[start : start+1], Pos: Pos{x.line, col, x.line, col + 1}})
			x.newline()
			return true
		}
		x.token()
	}
	return false
}

// indentation skips blank lines, measures the first line that is not blank and
// emits Indent or Dedent; it returns false at the end of the source.
func (x *lexer) indentation() bool {
	for {
		col, alt := 0, 0
	measure:
		for x.pos < len(x.src) {
			switch x.src[x.pos] {
			case ' ':
				col, alt = col+1, alt+1
			case '\t':
				col, alt = (col/8+1)*8, alt+1
			case '\f':
				col, alt = 0, 0
			case '\\':
				if x.pos+1 < len(x.src) && x.src[x.pos+1] == '\n' {
					x.pos++
					x.newline()
					continue
				}
				break measure
			default:
				break measure
			}
			x.pos++
		}
		if x.pos >= len(x.src) {
			return false
		}
		switch x.src[x.pos] {
		case '#':
			for x.pos < len(x.src) && x.src[x.pos] != '\n' {
				x.pos++
			}
			if x.pos < len(x.src) {
				x.newline()
			}
			continue
		case '\n':
			x.newline()
			continue
		}
		x.indent(col, alt)
		return x.err == nil
	}
}

func (x *lexer) indent(col, alt int) {
	top := len(x.indents) - 1
	tabs := Pos{x.line, -1, x.line, -1} // CPython shows no caret
	switch at := x.here(); {
	case col == x.indents[top]:
		if alt != x.alts[top] {
			x.failClass("TabError", tabs, "inconsistent use of tabs and spaces in indentation")
		}
	case col > x.indents[top]:
		if len(x.indents) >= maxIndents {
			x.failClass("IndentationError", at, "too many levels of indentation")
			return
		}
		if alt <= x.alts[top] {
			x.failClass("TabError", tabs, "inconsistent use of tabs and spaces in indentation")
			return
		}
		x.indents, x.alts = append(x.indents, col), append(x.alts, alt)
		x.tokens = append(x.tokens, Token{Kind: Indent, Pos: at})
	default:
		if !slices.Contains(x.indents, col) {
			end := len(x.lines[x.line-1])
			x.failClass("IndentationError", Pos{x.line, end, x.line, end}, "unindent does not match any outer indentation level")
			return
		}
		for len(x.indents) > 1 && col < x.indents[len(x.indents)-1] {
			x.indents, x.alts = x.indents[:len(x.indents)-1], x.alts[:len(x.alts)-1]
			x.tokens = append(x.tokens, Token{Kind: Dedent, Pos: at})
		}
		if alt != x.alts[len(x.alts)-1] {
			x.failClass("TabError", tabs, "inconsistent use of tabs and spaces in indentation")
		}
	}
}

// blanks skips spaces, comments and joined lines.
func (x *lexer) blanks() {
	for x.pos < len(x.src) {
		switch c := x.src[x.pos]; {
		case c == ' ' || c == '\t' || c == '\f':
			x.pos++
		case c == '#':
			for x.pos < len(x.src) && x.src[x.pos] != '\n' {
				x.pos++
			}
		case c == '\\':
			at := x.here()
			if x.pos+1 >= len(x.src) {
				x.failClass("SyntaxError", at, "unexpected EOF while parsing")
				return
			}
			if x.src[x.pos+1] != '\n' {
				x.failClass("SyntaxError", Pos{at.Line, at.Col + 1, at.Line, at.Col + 1}, "unexpected character after line continuation character")
				return
			}
			x.pos++
			x.newline()
			if x.pos >= len(x.src) {
				x.failClass("SyntaxError", at, "unexpected EOF while parsing")
				return
			}
		default:
			return
		}
	}
}

// token reads one token; the present character is none of blank, comment, newline.
func (x *lexer) token() {
	start, col, c := x.pos, x.pos-x.lineStart, x.src[x.pos]
	switch {
	case c == '"' || c == '\'':
		x.str(start)
	case c >= '0' && c <= '9', c == '.' && x.pos+1 < len(x.src) && isDigit(x.src[x.pos+1]):
		x.number()
	case c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= utf8.RuneSelf:
		x.name(start, col)
	default:
		x.operator(start, col)
	}
}

func (x *lexer) name(start, col int) {
	for x.pos < len(x.src) {
		r, size := utf8.DecodeRuneInString(x.src[x.pos:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.Is(unicode.Nl, r) &&
			(x.pos == start || !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Mc, r) && !unicode.Is(unicode.Pc, r)) {
			if r < utf8.RuneSelf {
				break
			}
			x.badChar(r)
			return
		}
		x.pos += size
	}
	if c := x.peek(); c == '"' || c == '\'' {
		switch strings.ToLower(x.src[start:x.pos]) {
		case "r", "u", "b", "f", "br", "rb", "fr", "rf":
			x.str(start)
			return
		}
	}
	x.add(NameToken, start, x.line, col)
}

func (x *lexer) badChar(r rune) {
	at := x.here()
	at.EndCol++
	if unicode.IsPrint(r) {
		x.fail(at, "invalid character '%c' (U+%04X)", r, r)
	} else {
		x.fail(at, "invalid non-printable character U+%04X", r)
	}
}

var operators = []string{ // longest first
	"**=", "//=", ">>=", "<<=", "...",
	"!=", "%=", "&=", "**", "*=", "+=", "-=", "->", "//", "/=", ":=", "<<", "<=", "<>", "==", ">=", ">>", "@=", "^=", "|=",
	"%", "&", "(", ")", "*", "+", ",", "-", ".", "/", ":", ";", "<", "=", ">", "@", "[", "]", "^", "{", "|", "}", "~",
}

func (x *lexer) operator(start, col int) {
	rest := x.src[start:]
	for _, op := range operators {
		if !strings.HasPrefix(rest, op) {
			continue
		}
		switch op {
		case "(", "[", "{":
			if len(x.brackets) >= maxLevel {
				x.fail(x.here(), "too many nested parentheses")
				return
			}
			x.brackets = append(x.brackets, bracket{op[0], x.line, col})
		case ")", "]", "}":
			if !x.closing(op[0], col) {
				return
			}
		}
		x.pos += len(op)
		x.add(Op, start, x.line, col)
		return
	}
	switch c := x.src[start]; {
	case c == '$' || c == '?' || c == '!' || c == '`':
		// CPython hands such characters to its parser, which knows no rule for them.
		x.pos++
		x.add(Op, start, x.line, col)
	default:
		x.badChar(rune(c))
	}
}

func (x *lexer) closing(c byte, col int) bool {
	at := Pos{x.line, col, x.line, col + 1}
	n := len(x.brackets)
	if n == 0 {
		x.fail(at, "unmatched '%c'", c)
		return false
	}
	open := x.brackets[n-1]
	if (open.char == '(') != (c == ')') || (open.char == '[') != (c == ']') {
		if open.line != x.line {
			x.fail(at, "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", c, open.char, open.line)
		} else {
			x.fail(at, "closing parenthesis '%c' does not match opening parenthesis '%c'", c, open.char)
		}
		return false
	}
	x.brackets = x.brackets[:n-1]
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
