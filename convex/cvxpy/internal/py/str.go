package py

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

func (s Str) runes() int { return utf8.RuneCountInString(string(s)) }

func (s Str) ascii() bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (s Str) contains(t Str) bool { return strings.Contains(string(s), string(t)) }

func (s Str) size() int { return len(s) }

func (s Str) concat(in *Interp, other Value) (Value, error) {
	o, ok := other.(Str)
	if !ok {
		return nil, TypeError.New("can only concatenate str (not \"%s\") to str", other.Type().Name)
	}
	if err := in.AllocN(len(s)+len(o), 1); err != nil {
		return nil, err
	}
	return s + o, nil
}

func (s Str) times(in *Interp, n int) (Value, error) {
	if err := in.AllocN(len(s)*n, 1); err != nil {
		return nil, err
	}
	return Str(strings.Repeat(string(s), n)), nil
}

// Binary is % formatting.
func (s Str) Binary(in *Interp, op syntax.Operator, other Value, reflected bool) (Value, error) {
	if op != syntax.Mod || reflected {
		return NotImplemented, nil
	}
	r, err := in.percent(string(s), other)
	return Str(r), err
}

func (in *Interp) strItem(s Str, key Value) (Value, error) {
	if err := in.Step(len(s) / 64); err != nil {
		return nil, err
	}
	if sl, ok := key.(*SliceValue); ok {
		return in.strSlice(s, sl)
	}
	if !isIndex(key) {
		return nil, indexTypeError("string", key)
	}
	if s.ascii() {
		i, err := in.position(key, len(s), "string")
		if err != nil {
			return nil, err
		}
		return s[i : i+1], nil
	}
	if err := in.AllocN(len(s), 4); err != nil {
		return nil, err
	}
	runes := []rune(s)
	i, err := in.position(key, len(runes), "string")
	if err != nil {
		return nil, err
	}
	return Str(runes[i]), nil
}

func (in *Interp) strSlice(s Str, sl *SliceValue) (Value, error) {
	if s.ascii() {
		start, _, step, n, err := sl.span(in, len(s))
		if err != nil {
			return nil, err
		}
		if step == 1 {
			return s[start : start+n], nil
		}
		if err := in.AllocN(n, 1); err != nil {
			return nil, err
		}
		b := make([]byte, n)
		for i := range b {
			b[i] = s[start+i*step]
		}
		return Str(b), nil
	}
	if err := in.AllocN(len(s), 5); err != nil {
		return nil, err
	}
	runes := []rune(s)
	start, _, step, n, err := sl.span(in, len(runes))
	if err != nil {
		return nil, err
	}
	out := make([]rune, n)
	for i := range out {
		out[i] = runes[start+i*step]
	}
	return Str(out), nil
}

// isSpace is str.isspace for one character.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f
}

// quote is repr of a string.
func quote(s string) string {
	q := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	var b strings.Builder
	b.WriteByte(q)
	for _, r := range s {
		switch {
		case r == rune(q) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			b.WriteString(hexEscape(`\x`, r, 2))
		case r < 0x7f || unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			b.WriteString(hexEscape(`\x`, r, 2))
		case r <= 0xffff:
			b.WriteString(hexEscape(`\u`, r, 4))
		default:
			b.WriteString(hexEscape(`\U`, r, 8))
		}
	}
	b.WriteByte(q)
	return b.String()
}

func hexEscape(prefix string, r rune, digits int) string {
	const hex = "0123456789abcdef"
	b := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		b[i] = hex[r&15]
		r >>= 4
	}
	return prefix + string(b)
}

// asciiRepr escapes what is not ASCII in a repr.
func asciiRepr(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r <= 0xff:
			b.WriteString(hexEscape(`\x`, r, 2))
		case r <= 0xffff:
			b.WriteString(hexEscape(`\u`, r, 4))
		default:
			b.WriteString(hexEscape(`\U`, r, 8))
		}
	}
	return b.String()
}

func joinStrings(list []string, sep string) string { return strings.Join(list, sep) }
