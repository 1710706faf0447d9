package syntax

import "strings"

// fstring takes the body of one f-string literal apart, as CPython 3.11 does:
// its expressions are cut out as text and parsed on their own.
type fstring struct {
	p      *parser
	token  Token
	raw    bool
	src    string
	offset int // of src within the token's text
	i      int
}

func (f *fstring) fail(format string, args ...any) {
	f.p.fail(f.p.last(), "f-string: "+format, args...)
}

func (f *fstring) parse() []Expr { return f.parts(0) }

// parts reads literals and expressions; in a format spec (depth 1 and more) it
// ends before "}".
func (f *fstring) parts(depth int) []Expr {
	var parts []Expr
	for {
		text, end := f.literal(depth)
		if text != "" {
			parts = append(parts, &Constant{Pos: f.token.Pos, Value: text})
		}
		if end {
			return parts
		}
		parts = append(parts, f.expr(depth)...)
	}
}

// literal reads up to the next expression; end says that there is none.
func (f *fstring) literal(depth int) (text string, end bool) {
	var b strings.Builder
	start := f.i
	flush := func() {
		b.WriteString(f.p.decode(f.token, f.src[start:f.i], f.raw))
	}
	for f.i < len(f.src) {
		switch c := f.src[f.i]; {
		case c == '\\' && !f.raw && f.i+1 < len(f.src):
			f.i++
			if f.src[f.i] == 'N' && f.i+1 < len(f.src) && f.src[f.i+1] == '{' {
				panic(unsupported(f.token.Pos, "named Unicode characters (\\N{...}) are not supported"))
			}
			if f.src[f.i] == '{' || f.src[f.i] == '}' {
				continue
			}
			f.i++
		case c == '{' || c == '}':
			if depth == 0 {
				if f.i+1 < len(f.src) && f.src[f.i+1] == c {
					f.i++
					flush()
					f.i++
					start = f.i
					continue
				}
				if c == '}' {
					f.fail("single '}' is not allowed")
				}
			}
			flush()
			return b.String(), c == '}'
		default:
			f.i++
		}
	}
	flush()
	return b.String(), true
}

// expr reads {...}: one Formatted, with a Constant before it for "=".
func (f *fstring) expr(depth int) []Expr {
	if depth >= 2 {
		f.fail("expressions nested too deeply")
	}
	open := f.i
	f.i++
	start := f.i
	f.scan()
	text := f.src[start:f.i]
	if f.i >= len(f.src) {
		f.expectingBrace()
	}
	x := f.compile(text, open)
	out := &Formatted{Pos: f.token.Pos, X: x}
	var parts []Expr
	if f.src[f.i] == '=' {
		f.i++
		for f.i < len(f.src) && strings.IndexByte(" \t\n\r\f\v", f.src[f.i]) >= 0 {
			f.i++
		}
		parts = append(parts, &Constant{Pos: f.token.Pos, Value: f.src[start:f.i]})
		out.Conversion = 'r'
		if f.i < len(f.src) && f.src[f.i] == ':' {
			out.Conversion = 0
		}
	}
	if f.i < len(f.src) && f.src[f.i] == '!' {
		f.i++
		if f.i >= len(f.src) {
			f.expectingBrace()
		}
		out.Conversion = f.src[f.i]
		f.i++
		if strings.IndexByte("sra", out.Conversion) < 0 {
			f.fail("invalid conversion character: expected 's', 'r', or 'a'")
		}
	}
	if f.i < len(f.src) && f.src[f.i] == ':' {
		f.i++
		out.Spec = &Joined{f.token.Pos, f.parts(depth + 1)}
	}
	if f.i >= len(f.src) || f.src[f.i] != '}' {
		f.expectingBrace()
	}
	f.i++
	return append(parts, out)
}

func (f *fstring) expectingBrace() { f.fail("expecting '}'") }

// scan moves to the end of an expression's text: "}", "!", ":" or "=" outside
// of brackets and strings.
func (f *fstring) scan() {
	var brackets []byte
	quote := ""
	for ; f.i < len(f.src); f.i++ {
		c := f.src[f.i]
		if c == '\\' {
			f.p.fail(f.p.last(), "f-string expression part cannot include a backslash")
		}
		if quote != "" {
			if strings.HasPrefix(f.src[f.i:], quote) {
				f.i += len(quote) - 1
				quote = ""
			}
			continue
		}
		switch c {
		case '\'', '"':
			quote = f.src[f.i : f.i+1]
			if strings.HasPrefix(f.src[f.i:], quote+quote+quote) {
				quote += quote + quote
				f.i += 2
			}
			continue
		case '(', '[', '{':
			if len(brackets) >= maxLevel {
				f.fail("too many nested parenthesis")
			}
			brackets = append(brackets, c)
			continue
		case '#':
			f.p.fail(f.p.last(), "f-string expression part cannot include '#'")
		}
		if len(brackets) == 0 && f.ends(c) {
			return
		}
		if c == ')' || c == ']' || c == '}' {
			if len(brackets) == 0 {
				f.fail("unmatched '%c'", c)
			}
			open := brackets[len(brackets)-1]
			if (open == '(') != (c == ')') || (open == '[') != (c == ']') {
				f.fail("closing parenthesis '%c' does not match opening parenthesis '%c'", c, open)
			}
			brackets = brackets[:len(brackets)-1]
		}
	}
	if quote != "" {
		f.fail("unterminated string")
	}
	if len(brackets) > 0 {
		f.fail("unmatched '%c'", brackets[len(brackets)-1])
	}
}

// ends reports whether c, outside of brackets, ends the expression.
func (f *fstring) ends(c byte) bool {
	switch c {
	case '!', ':', '}', '=', '<', '>':
	default:
		return false
	}
	if f.i+1 < len(f.src) {
		if next := f.src[f.i+1]; next == '=' && (c == '!' || c == '=' || c == '<' || c == '>') {
			f.i++
			return false
		}
	}
	return c != '<' && c != '>'
}

// compile parses the text of an expression whose "{" stands at open.
func (f *fstring) compile(text string, open int) Expr {
	if strings.TrimLeft(text, " \t\n\f\r") == "" {
		f.fail("empty expression not allowed")
	}
	q := newParser("(" + text + ")")
	q.fstring = true
	q.depth = f.p.depth
	line, col := f.position(open)
	for i := range q.tokens {
		shift(&q.tokens[i].Pos, line, col)
	}
	var e Expr
	err := func() (err error) {
		defer q.recover(&err)
		q.expect("(")
		if q.is("yield") {
			e = q.yieldExpr()
		} else {
			e = q.tupleOf(q.starNamed)
		}
		q.closeBracket(")")
		q.expectKind(Newline)
		q.expectKind(EndMarker)
		return nil
	}()
	if err != nil {
		f.rethrow(err.(*Error), text, line, col)
	}
	return e
}

// rethrow words an error inside the expression as CPython does, which shows
// the expression alone, in brackets.
func (f *fstring) rethrow(e *Error, text string, line, col int) {
	if e.Class != "SyntaxError" && e.Class != "IndentationError" || e.inFString {
		panic(e)
	}
	unshift := func(l, c *int) {
		if *l == line {
			*c -= col
		}
		*l -= line - 1
	}
	unshift(&e.Line, &e.Col)
	unshift(&e.EndLine, &e.EndCol)
	lines := strings.Split("("+text+")", "\n")
	if e.Line >= 1 && e.Line <= len(lines) {
		e.Text = lines[e.Line-1]
	}
	e.inFString = true
	e.Msg = "f-string: " + e.Msg
	panic(e)
}

// position is where src[at] stands in the program.
func (f *fstring) position(at int) (line, col int) {
	before := f.token.Text[:f.offset+at]
	line = f.token.Line + strings.Count(before, "\n")
	if nl := strings.LastIndexByte(before, '\n'); nl >= 0 {
		return line, len(before) - nl - 1
	}
	return line, f.token.Col + len(before)
}

// shift moves a position in the cut-out text to where it stands in the program.
func shift(p *Pos, line, col int) {
	if p.Line == 1 {
		p.Col += col
	}
	if p.EndLine == 1 {
		p.EndCol += col
	}
	p.Line += line - 1
	p.EndLine += line - 1
}
