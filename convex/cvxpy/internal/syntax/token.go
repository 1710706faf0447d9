package syntax

// Kind says what a token is.
type Kind uint8

const (
	EndMarker Kind = iota
	Newline
	Indent
	Dedent
	NameToken
	Number
	String
	Op
	Bad // where the lexer gave up; Lexer.err says why
)

// Token is one lexical unit. Columns count bytes from 0, as in CPython.
type Token struct {
	Kind Kind
	Text string
	Pos
	// level is how many brackets were open after the token.
	level int
}

// Pos is the stretch of source that a token or node came from: lines from 1,
// columns in bytes from 0, the end exclusive.
type Pos struct {
	Line, Col, EndLine, EndCol int
}

// Span returns the stretch itself; embedding Pos makes a Node.
func (p Pos) Span() Pos { return p }

func (p Pos) to(q Pos) Pos { return Pos{p.Line, p.Col, q.EndLine, q.EndCol} }

var keywords = map[string]bool{
	"False": true, "None": true, "True": true, "and": true, "as": true, "assert": true,
	"async": true, "await": true, "break": true, "class": true, "continue": true, "def": true,
	"del": true, "elif": true, "else": true, "except": true, "finally": true, "for": true,
	"from": true, "global": true, "if": true, "import": true, "in": true, "is": true,
	"lambda": true, "nonlocal": true, "not": true, "or": true, "pass": true, "raise": true,
	"return": true, "try": true, "while": true, "with": true, "yield": true,
}

func (t Token) isName() bool { return t.Kind == NameToken && !keywords[t.Text] }

// is reports whether t is the keyword or operator s.
func (t Token) is(s string) bool {
	return t.Text == s && (t.Kind == Op || t.Kind == NameToken)
}
