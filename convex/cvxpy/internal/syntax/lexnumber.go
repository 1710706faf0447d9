package syntax

import "strings"

// number reads a numeric literal at x.pos.
func (x *lexer) number() {
	start, col := x.pos, x.pos-x.lineStart
	if x.src[start] == '0' && start+1 < len(x.src) {
		switch x.src[start+1] | 0x20 {
		case 'x':
			x.based("hexadecimal", "0123456789abcdef", start, col)
			return
		case 'o':
			x.based("octal", "01234567", start, col)
			return
		case 'b':
			x.based("binary", "01", start, col)
			return
		}
	}
	integer := true
	if !x.digits() {
		return
	}
	whole := x.src[start:x.pos]
	if x.peek() == '.' {
		integer = false
		x.pos++
		if isDigit(x.peek()) && !x.digits() {
			return
		}
	}
	if c := x.peek(); c == 'e' || c == 'E' {
		next := x.pos + 1
		if next < len(x.src) && (x.src[next] == '+' || x.src[next] == '-') {
			next++
			if next >= len(x.src) || !isDigit(x.src[next]) {
				x.numberError("invalid decimal literal")
				return
			}
		}
		if next < len(x.src) && isDigit(x.src[next]) {
			integer = false
			x.pos = next
			if !x.digits() {
				return
			}
		}
	}
	if c := x.peek(); c == 'j' || c == 'J' {
		x.pos++
		x.endOfNumber("imaginary")
		x.add(Number, start, x.line, col)
		return
	}
	if integer && len(whole) > 1 && whole[0] == '0' && strings.Trim(whole, "0_") != "" {
		zeros := len(whole) - len(strings.TrimLeft(whole, "0_"))
		x.fail(Pos{x.line, col, x.line, col + zeros}, "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers")
		return
	}
	if !x.endOfNumber("decimal") {
		return
	}
	x.add(Number, start, x.line, col)
}

// digits reads decimal digits with single underscores between them.
func (x *lexer) digits() bool {
	for {
		for isDigit(x.peek()) {
			x.pos++
		}
		if x.peek() != '_' {
			return true
		}
		x.pos++
		if !isDigit(x.peek()) {
			x.numberError("invalid decimal literal")
			return false
		}
	}
}

func (x *lexer) based(name, digits string, start, col int) {
	x.pos += 2
	lower := func() byte { return lowerByte(x.peek()) }
	for {
		if x.peek() == '_' {
			x.pos++
		}
		if strings.IndexByte(digits, lower()) < 0 || x.pos >= len(x.src) {
			if isDigit(x.peek()) {
				x.pos++
				at := x.here()
				x.fail(Pos{at.Line, at.Col - 1, at.Line, at.Col - 1}, "invalid digit '%c' in %s literal", x.src[x.pos-1], name)
				return
			}
			at := x.here()
			x.fail(Pos{at.Line, max(at.Col-1, 0), at.Line, max(at.Col-1, 0)}, "invalid %s literal", name)
			return
		}
		for x.pos < len(x.src) && strings.IndexByte(digits, lower()) >= 0 {
			x.pos++
		}
		if x.peek() != '_' {
			break
		}
	}
	if isDigit(x.peek()) {
		at := x.here()
		x.fail(at, "invalid digit '%c' in %s literal", x.peek(), name)
		return
	}
	if x.endOfNumber(name) {
		x.add(Number, start, x.line, col)
	}
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// endOfNumber refuses a letter right behind a number, except where a keyword
// starts, which CPython still accepts (1if x else y).
func (x *lexer) endOfNumber(name string) bool {
	c := x.peek()
	for _, k := range []string{"and", "else", "for", "if", "in", "is", "or", "not"} {
		if strings.HasPrefix(x.src[x.pos:], k) {
			return true
		}
	}
	if c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 {
		x.numberError("invalid " + name + " literal")
		return false
	}
	return true
}

// numberError points, as CPython does, at the last character that still
// belonged to the number.
func (x *lexer) numberError(msg string) {
	at := x.here()
	col := max(at.Col-1, 0)
	x.fail(Pos{at.Line, col, at.Line, col}, "%s", msg)
}
