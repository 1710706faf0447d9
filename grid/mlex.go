package grid

import (
	"fmt"
	"strings"
)

// The MATPOWER reader evaluates a small part of the MATLAB language: enough for
// the tables of a case file and for the conversions of units that follow them.
// This file cuts the text into tokens.

type mKind int

const (
	mEnd mKind = iota
	mNewline
	mNumber
	mName
	mString
	mSymbol // an operator or a bracket
)

type mToken struct {
	kind   mKind
	text   string
	line   int
	spaced bool // white space stood before it
}

func (t mToken) String() string {
	switch t.kind {
	case mEnd:
		return "the end of the file"
	case mNewline:
		return "the end of the line"
	}
	return "`" + t.text + "`"
}

// mLex returns the tokens of a file, without comments and continued lines.
func mLex(text string) ([]mToken, error) {
	l := mLexer{rest: text, line: 1}
	for l.rest != "" {
		if err := l.next(); err != nil {
			return nil, fmt.Errorf("line %d: %w", l.line, err)
		}
	}
	l.emit(mEnd, 0)
	return l.tokens, nil
}

type mLexer struct {
	rest     string
	line     int
	spaced   bool
	brackets []byte // open ones
	tokens   []mToken
}

func (l *mLexer) emit(kind mKind, length int) {
	l.tokens = append(l.tokens, mToken{kind, l.rest[:length], l.line, l.spaced})
	l.rest = l.rest[length:]
	l.spaced = false
}

// toLineEnd drops the rest of the line, but not its end.
func (l *mLexer) toLineEnd() {
	if i := strings.IndexByte(l.rest, '\n'); i >= 0 {
		l.rest = l.rest[i:]
	} else {
		l.rest = ""
	}
}

func (l *mLexer) next() error {
	switch c := l.rest[0]; {
	case c == ' ' || c == '\t' || c == '\r':
		l.spaced = true
		l.rest = l.rest[1:]
	case c == '\n':
		l.emit(mNewline, 1)
		l.line++
	case c == '%':
		return l.comment()
	case strings.HasPrefix(l.rest, "..."):
		l.toLineEnd()
		l.spaced = true
		if l.rest != "" {
			l.rest = l.rest[1:]
			l.line++
		}
	case isDigit(c) || c == '.' && len(l.rest) > 1 && isDigit(l.rest[1]):
		l.emit(mNumber, numberLength(l.rest))
	case isLetter(c):
		n := 1
		for n < len(l.rest) && (isLetter(l.rest[n]) || isDigit(l.rest[n])) {
			n++
		}
		l.emit(mName, n)
	case c == '\'' && !l.transposes():
		return l.string()
	case len(l.rest) > 1 && c == '.' && strings.IndexByte("*/^'", l.rest[1]) >= 0:
		l.emit(mSymbol, 2)
	case strings.IndexByte("+-*/^=()[]{},;:.'", c) >= 0:
		switch c {
		case '(', '[', '{':
			l.brackets = append(l.brackets, c)
		case ')', ']', '}':
			if len(l.brackets) > 0 {
				l.brackets = l.brackets[:len(l.brackets)-1]
			}
		}
		l.emit(mSymbol, 1)
	default:
		return fmt.Errorf("cannot read %q", firstRune(l.rest))
	}
	return nil
}

// comment drops a comment, which is a block where %{ stands alone on a line.
func (l *mLexer) comment() error {
	alone := len(l.tokens) == 0 || l.tokens[len(l.tokens)-1].kind == mNewline
	first, _, _ := strings.Cut(l.rest, "\n")
	if !alone || strings.TrimSpace(first) != "%{" {
		l.toLineEnd()
		return nil
	}
	opened := l.line
	for depth := 0; ; {
		line, rest, more := strings.Cut(l.rest, "\n")
		switch strings.TrimSpace(line) {
		case "%{":
			depth++
		case "%}":
			depth--
		}
		if depth == 0 {
			l.rest = l.rest[len(line):]
			return nil
		}
		if !more {
			l.line = opened
			return fmt.Errorf("the comment %%{ is not closed")
		}
		l.rest = rest
		l.line++
	}
}

func (l *mLexer) string() error {
	for i := 1; i < len(l.rest) && l.rest[i] != '\n'; i++ {
		if l.rest[i] != '\'' {
			continue
		}
		if i+1 < len(l.rest) && l.rest[i+1] == '\'' {
			i++
			continue
		}
		l.emit(mString, i+1)
		return nil
	}
	return fmt.Errorf("the string %s is not closed", strings.TrimSpace(strings.SplitN(l.rest, "\n", 2)[0]))
}

// transposes reports whether a quotation mark here is the operator.
func (l *mLexer) transposes() bool {
	if len(l.tokens) == 0 {
		return false
	}
	if l.spaced && len(l.brackets) > 0 && l.brackets[len(l.brackets)-1] != '(' {
		return false
	}
	last := l.tokens[len(l.tokens)-1]
	switch last.kind {
	case mNumber, mName:
		return true
	case mSymbol:
		return last.text == ")" || last.text == "]" || last.text == "}" || last.text == "'"
	}
	return false
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func numberLength(s string) int {
	n := 0
	digits := func() {
		for n < len(s) && isDigit(s[n]) {
			n++
		}
	}
	digits()
	// 1.*x and 1./x are operators on 1.
	if n < len(s) && s[n] == '.' && !(n+1 < len(s) && strings.IndexByte("*/^'", s[n+1]) >= 0) {
		n++
		digits()
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		exponent := n + 1
		if exponent < len(s) && (s[exponent] == '+' || s[exponent] == '-') {
			exponent++
		}
		if exponent < len(s) && isDigit(s[exponent]) {
			n = exponent
			digits()
		}
	}
	return n
}
