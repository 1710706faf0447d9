package syntax

import (
	"math/big"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// normalise brings an identifier into the form in which Python compares names.
func normalise(name string) string {
	for i := range len(name) {
		if name[i] >= 0x80 {
			return norm.NFKC.String(name)
		}
	}
	return name
}

// number makes the constant of a numeric token.
func number(t Token) Expr {
	c := &Constant{Pos: t.Pos}
	text := strings.ReplaceAll(t.Text, "_", "")
	if last := text[len(text)-1] | 0x20; last == 'j' {
		panic(unsupported(t.Pos, "complex numbers are not supported"))
	}
	lower := strings.ToLower(text)
	based := strings.HasPrefix(lower, "0x") || strings.HasPrefix(lower, "0o") || strings.HasPrefix(lower, "0b")
	if !based && strings.ContainsAny(text, ".eE") {
		f, _ := strconv.ParseFloat(text, 64) // out of range gives infinity, as in Python
		c.Value = f
		return c
	}
	if !based {
		if text = strings.TrimLeft(text, "0"); text == "" {
			text = "0"
		}
		if len(text) > 4300 {
			panic(syntaxError(t.Pos, "Exceeds the limit (4300 digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.", len(text)))
		}
	}
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		c.Value = n
		return c
	}
	n, ok := new(big.Int).SetString(text, 0)
	if !ok {
		panic(syntaxError(t.Pos, "invalid number %s", t.Text))
	}
	c.Value = n
	return c
}

// strings reads adjacent string literals: a constant, or an f-string.
func (p *parser) strings() Expr {
	start := p.tok().Pos
	var tokens []Token
	for p.tok().Kind == String {
		tokens = append(tokens, p.next())
	}
	var parts []Expr
	var text strings.Builder
	joined := false
	flush := func() {
		if text.Len() > 0 {
			parts = append(parts, &Constant{Pos: start, Value: text.String()})
			text.Reset()
		}
	}
	for _, t := range tokens {
		prefix, body := splitLiteral(t.Text)
		switch {
		case strings.Contains(prefix, "b"):
			panic(unsupported(t.Pos, "bytes are not supported"))
		case strings.Contains(prefix, "f"):
			joined = true
			f := &fstring{p: p, token: t, raw: strings.Contains(prefix, "r"), src: body, offset: bodyOffset(t.Text)}
			for _, part := range f.parse() {
				if c, ok := part.(*Constant); ok {
					text.WriteString(c.Value.(string))
					continue
				}
				flush()
				parts = append(parts, part)
			}
		default:
			text.WriteString(p.decode(t, body, strings.Contains(prefix, "r")))
		}
	}
	at := p.from(start)
	if !joined {
		return &Constant{Pos: at, Value: text.String()}
	}
	flush()
	for _, part := range parts {
		switch x := part.(type) {
		case *Constant:
			x.Pos = at
		case *Formatted:
			x.Pos = at
		}
	}
	return &Joined{at, parts}
}

// bodyOffset is where the text between the quotes begins.
func bodyOffset(literal string) int {
	i := strings.IndexAny(literal, `"'`)
	if n := quoteLen(literal[i:]); n == 3 {
		return i + 3
	}
	return i + 1
}

func quoteLen(s string) int {
	if len(s) >= 6 && s[0] == s[1] && s[1] == s[2] {
		return 3
	}
	return 1
}

// splitLiteral takes a literal apart into its lower-case prefix and its body.
func splitLiteral(literal string) (prefix, body string) {
	i := strings.IndexAny(literal, `"'`)
	n := quoteLen(literal[i:])
	return strings.ToLower(literal[:i]), literal[i+n : len(literal)-n]
}

// decode resolves backslashes.
func (p *parser) decode(t Token, s string, raw bool) string {
	if raw || !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 >= len(s) {
			b.WriteByte(s[i])
			i++
			continue
		}
		i += p.escape(t, &b, s, i)
	}
	return b.String()
}

var simpleEscapes = map[byte]string{
	'\n': "", '\\': `\`, '\'': "'", '"': `"`, 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// escape writes what the escape at s[i] stands for and returns its length.
func (p *parser) escape(t Token, b *strings.Builder, s string, i int) int {
	c := s[i+1]
	if plain, ok := simpleEscapes[c]; ok {
		b.WriteString(plain)
		return 2
	}
	if c >= '0' && c <= '7' {
		n, j := 0, i+1
		for ; j < len(s) && j < i+4 && s[j] >= '0' && s[j] <= '7'; j++ {
			n = n*8 + int(s[j]-'0')
		}
		b.WriteRune(rune(n))
		return j - i
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if c == 'N' {
		panic(unsupported(t.Pos, "named Unicode characters (\\N{...}) are not supported"))
	}
	if digits == 0 {
		b.WriteByte('\\') // Python keeps unknown escapes
		return 1
	}
	end := i + 2
	for end < len(s) && end < i+2+digits && strings.IndexByte("0123456789abcdefABCDEF", s[end]) >= 0 {
		end++
	}
	if end < i+2+digits {
		p.fail(p.last(), "(unicode error) 'unicodeescape' codec can't decode bytes in position %d-%d: truncated \\%c%s escape", i, end-1, c, strings.Repeat("X", digits))
	}
	n, _ := strconv.ParseUint(s[i+2:end], 16, 32)
	if n > 0x10ffff {
		p.fail(p.last(), "(unicode error) 'unicodeescape' codec can't decode bytes in position %d-%d: illegal Unicode character", i, end-1)
	}
	if n >= 0xd800 && n < 0xe000 {
		panic(unsupported(t.Pos, "lone surrogates in strings are not supported"))
	}
	b.WriteRune(rune(n))
	return end - i
}
