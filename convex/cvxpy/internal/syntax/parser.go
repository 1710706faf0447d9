package syntax

import (
	"strings"
)

// maxDepth bounds how deeply a tree may nest, as CPython's compiler does.
const maxDepth = 3000

// Parse reads a program. Its error, if any, is an *Error.
func Parse(name, src string) (m *Module, err error) {
	p := newParser(src)
	defer p.recover(&err)
	body := p.statements()
	p.expectKind(EndMarker)
	m = &Module{Name: name, Lines: p.lex.lines, Body: body}
	m.Doc = docstring(body)
	resolve(m)
	return m, nil
}

// parser is a recursive-descent parser that stops at the first error, which it
// throws as a panic of type *Error; recover catches it at the entry.
type parser struct {
	lex    *lexer
	tokens []Token
	i      int // the present token
	far    int // the furthest token looked at
	depth  int
	// fstring marks a parser of an f-string's expression.
	fstring bool
}

func newParser(src string) *parser {
	x := lex(src)
	return &parser{lex: x, tokens: x.tokens}
}

func (p *parser) recover(err *error) {
	r := recover()
	if r == nil {
		return
	}
	e, ok := r.(*Error)
	if !ok {
		panic(r)
	}
	e = p.preferLexer(e)
	p.fillText(e)
	*err = e
}

func (p *parser) fillText(e *Error) {
	if e.Text == "" && e.Line >= 1 && e.Line <= len(p.lex.lines) {
		e.Text = p.lex.lines[e.Line-1]
	}
}

// preferLexer lets what the lexer found wrong later in the source win over the
// parser's error, and an open bracket before the error explain it, in the
// order in which CPython tries them.
func (p *parser) preferLexer(e *Error) *Error {
	if e.Class != "SyntaxError" {
		return e
	}
	if p.lex.err != nil && !p.lex.err.weak {
		if p.lex.err == e || !strings.HasSuffix(p.lex.err.Msg, "was never closed") {
			return p.lex.err
		}
		// Never closed: only where the parser came to a later line.
		if p.tokens[p.far].Line > p.lex.err.Line {
			return p.lex.err
		}
	}
	return e
}

// at returns the token k ahead of the present one.
func (p *parser) at(k int) Token {
	i := min(p.i+k, len(p.tokens)-1)
	if i > p.far {
		p.far = i
	}
	t := p.tokens[i]
	if t.Kind == Bad {
		panic(p.lex.err)
	}
	return t
}

func (p *parser) tok() Token { return p.at(0) }

func (p *parser) is(s string) bool { return p.tok().is(s) }

func (p *parser) next() Token {
	t := p.tok()
	if p.i < len(p.tokens)-1 {
		p.i++
	}
	return t
}

// accept takes the token s if it comes next.
func (p *parser) accept(s string) bool {
	if p.is(s) {
		p.next()
		return true
	}
	return false
}

func (p *parser) expect(s string) Token {
	if !p.is(s) {
		p.invalid()
	}
	return p.next()
}

func (p *parser) expectKind(k Kind) Token {
	if p.tok().Kind != k {
		p.invalid()
	}
	return p.next()
}

// force is expect with CPython's "expected 'x'".
func (p *parser) force(s string) Token {
	if !p.is(s) {
		p.fail(p.tok().Pos, "expected '%s'", s)
	}
	return p.next()
}

func (p *parser) prev() Token { return p.tokens[max(p.i-1, 0)] }

// from is the stretch from start to the end of the last token taken.
func (p *parser) from(start Pos) Pos { return start.to(p.prev().Pos) }

func (p *parser) fail(at Pos, format string, args ...any) {
	panic(syntaxError(at, format, args...))
}

// last is the place of an error that CPython reports without saying where: one
// caret at the furthest token.
func (p *parser) last() Pos {
	p.tok()
	t := p.tokens[p.far]
	if t.Kind == EndMarker {
		for i := p.far; i > 0 && t.Kind != Newline; i-- {
			t = p.tokens[i-1]
		}
	}
	return Pos{t.Line, t.Col, t.Line, t.Col}
}

// invalid raises the generic error at the furthest token.
func (p *parser) invalid() {
	t := p.tok()
	if p.far > p.i {
		t = p.tokens[p.far]
	}
	switch t.Kind {
	case Indent:
		at := t.Pos
		at.Col-- // CPython points before the line, and so shows nothing
		panic(&Error{Class: "IndentationError", Msg: "unexpected indent", Pos: at})
	case Dedent:
		panic(&Error{Class: "IndentationError", Msg: "unexpected unindent", Pos: t.Pos})
	}
	p.fail(t.Pos, "invalid syntax")
}

// enter counts nesting; every recursive rule calls it and defers the result.
func (p *parser) enter() func() {
	if p.depth++; p.depth > maxDepth {
		panic(&Error{Class: "RecursionError", Msg: "maximum recursion depth exceeded during compilation", Pos: p.tok().Pos})
	}
	return func() { p.depth-- }
}

// probe is try for what only words an error: it leaves no trace in far.
func (p *parser) probe(f func()) bool {
	far := p.far
	defer func() { p.far = far }()
	return p.try(f)
}

// try runs f and, if it fails, returns to where it began.
func (p *parser) try(f func()) (ok bool) {
	i, depth := p.i, p.depth
	defer func() {
		if r := recover(); r != nil {
			if e, isError := r.(*Error); !isError || e == p.lex.err {
				panic(r) // no other reading helps against what the lexer found
			}
			p.i, p.depth, ok = i, depth, false
		}
	}()
	f()
	return true
}

// statements reads statements up to a dedent or the end.
func (p *parser) statements() []Stmt {
	var body []Stmt
	for k := p.tok().Kind; k != EndMarker && k != Dedent; k = p.tok().Kind {
		body = p.statement(body)
	}
	return body
}

func (p *parser) statement(body []Stmt) []Stmt {
	defer p.enter()()
	t := p.tok()
	if t.Kind == NameToken {
		switch t.Text {
		case "if":
			return append(body, p.ifStmt("if"))
		case "while":
			return append(body, p.whileStmt())
		case "for":
			return append(body, p.forStmt())
		case "try":
			return append(body, p.tryStmt())
		case "with":
			return append(body, p.withStmt())
		case "def":
			return append(body, p.functionDef(nil, t.Pos))
		case "class":
			return append(body, p.classDef(nil, t.Pos))
		case "async":
			panic(unsupported(t.Pos, "coroutines (async) are not supported"))
		case "match":
			if s := p.matchStmt(); s != nil {
				return append(body, s)
			}
		}
	}
	if t.is("@") {
		return append(body, p.decorated())
	}
	return p.simpleStmts(body)
}

// simpleStmts reads a line of statements separated by semicolons.
func (p *parser) simpleStmts(body []Stmt) []Stmt {
	for {
		body = append(body, p.simpleStmt())
		if !p.accept(";") {
			break
		}
		if p.tok().Kind == Newline {
			break
		}
	}
	if p.tok().Kind != Newline {
		p.afterStatement()
	}
	p.next()
	return body
}

// block reads the body of a compound statement; what and line name the
// statement for the error about a missing indent.
func (p *parser) block(what string, line int) []Stmt {
	if p.tok().Kind != Newline {
		return p.simpleStmts(nil)
	}
	p.next()
	if p.tok().Kind != Indent {
		panic(&Error{Class: "IndentationError", Pos: p.last(), Msg: "expected an indented block after " + what + " on line " + itoa(line)})
	}
	p.next()
	body := p.statements()
	if p.tok().Kind == EndMarker {
		return body
	}
	p.expectKind(Dedent)
	return body
}

func docstring(body []Stmt) string {
	if len(body) > 0 {
		if e, ok := body[0].(*ExprStmt); ok {
			if c, ok := e.X.(*Constant); ok {
				if s, ok := c.Value.(string); ok {
					return s
				}
			}
		}
	}
	return ""
}
