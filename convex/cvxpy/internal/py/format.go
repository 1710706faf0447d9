package py

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Format is format(v, spec).
func (in *Interp) Format(v Value, spec string) (string, error) {
	if x, ok := v.(Formatter); ok {
		return x.Format(in, spec)
	}
	if spec == "" {
		return in.Str(v)
	}
	switch v.(type) {
	case Str, Int, Float, Bool, *BigInt:
	default:
		return "", TypeError.New("unsupported format string passed to %s.__format__", v.Type().Name)
	}
	f, err := parseSpec(spec, v.Type().Name)
	if err != nil {
		return "", err
	}
	if err := in.Alloc(4 * (f.width + f.precision + 32)); err != nil {
		return "", err
	}
	switch x := v.(type) {
	case Str:
		return f.str(string(x))
	case Float:
		return f.float(float64(x), "float")
	}
	return in.formatInt(f, v)
}

// FormatFloatSpec formats a float for bindings whose scalars are floats.
func (in *Interp) FormatFloatSpec(x float64, spec, typeName string) (string, error) {
	f, err := parseSpec(spec, typeName)
	if err != nil {
		return "", err
	}
	if err := in.Alloc(4 * (f.width + f.precision + 32)); err != nil {
		return "", err
	}
	return f.float(x, typeName)
}

// formatSpec is a parsed format specification.
type formatSpec struct {
	fill      string
	align     byte // 0 where not given
	sign      byte
	alternate bool
	noNegZero bool
	zero      bool
	width     int
	comma     byte // ',' or '_' or 0
	precision int  // -1 where not given
	kind      byte // 0 where not given
	typeName  string
}

// parseSpec reads [[fill]align][sign][z][#][0][width][,][.precision][type].
func parseSpec(spec, typeName string) (*formatSpec, error) {
	f := &formatSpec{fill: " ", precision: -1, typeName: typeName}
	s := spec
	_, n := utf8.DecodeRuneInString(s)
	if len(s) > n && strings.IndexByte("<>=^", s[n]) >= 0 {
		f.fill, f.align, s = s[:n], s[n], s[n+1:]
	} else if s != "" && strings.IndexByte("<>=^", s[0]) >= 0 {
		f.align, s = s[0], s[1:]
	}
	take := func(set string) byte {
		if s != "" && strings.IndexByte(set, s[0]) >= 0 {
			c := s[0]
			s = s[1:]
			return c
		}
		return 0
	}
	f.sign = take("+- ")
	f.noNegZero = take("z") != 0
	f.alternate = take("#") != 0
	if f.align == 0 && s != "" && s[0] == '0' {
		f.zero, f.fill, f.align, s = true, "0", '=', s[1:]
	} else if f.align != 0 && take("0") != 0 {
		// A zero behind an alignment only fills where no fill was given.
		if f.fill == " " && !strings.HasPrefix(spec, " ") {
			f.fill = "0"
		}
	}
	digits := func() (int, bool, error) {
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		if i == 0 {
			return 0, false, nil
		}
		n, err := strconv.Atoi(s[:i])
		s = s[i:]
		if err != nil || n > math.MaxInt32 {
			return 0, false, ValueError.New("Too many decimal digits in format string")
		}
		return n, true, nil
	}
	var err error
	if f.width, _, err = digits(); err != nil {
		return nil, err
	}
	if c := take(",_"); c != 0 {
		f.comma = c
		if d := take(",_"); d != 0 {
			if c == d {
				return nil, ValueError.New("Cannot specify '%c' with '%c'.", c, d)
			}
			return nil, ValueError.New("Cannot specify both ',' and '_'.")
		}
	}
	if take(".") != 0 {
		n, ok, err := digits()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, ValueError.New("Format specifier missing precision")
		}
		f.precision = n
	}
	if s == "" {
		return f, nil
	}
	if len(s) > 1 {
		r, size := utf8.DecodeRuneInString(s)
		if size == len(s) {
			return nil, f.unknownCode(r)
		}
		return nil, ValueError.New("Invalid format specifier '%s' for object of type '%s'", spec, typeName)
	}
	f.kind = s[0]
	return f, nil
}

func (f *formatSpec) unknown() error { return f.unknownCode(rune(f.kind)) }

func (f *formatSpec) unknownCode(r rune) error {
	return ValueError.New("Unknown format code '%c' for object of type '%s'", r, f.typeName)
}

// pad fills up to the width; head is a sign or prefix that "=" keeps in front.
func (f *formatSpec) pad(head, body string, align byte) string {
	n := f.width - utf8.RuneCountInString(head) - utf8.RuneCountInString(body)
	if n <= 0 {
		return head + body
	}
	if f.align != 0 {
		align = f.align
	}
	switch align {
	case '<':
		return head + body + strings.Repeat(f.fill, n)
	case '^':
		return strings.Repeat(f.fill, n/2) + head + body + strings.Repeat(f.fill, n-n/2)
	case '=':
		return head + strings.Repeat(f.fill, n) + body
	}
	return strings.Repeat(f.fill, n) + head + body
}

func (f *formatSpec) str(s string) (string, error) {
	switch {
	case f.kind != 0 && f.kind != 's':
		return "", f.unknown()
	case f.sign != 0:
		if f.sign == ' ' {
			return "", ValueError.New("Space not allowed in string format specifier")
		}
		return "", ValueError.New("Sign not allowed in string format specifier")
	case f.alternate:
		return "", ValueError.New("Alternate form (#) not allowed in string format specifier")
	case f.comma != 0:
		return "", ValueError.New("Cannot specify '%c' with 's'.", f.comma)
	case f.align == '=' && !f.zero:
		return "", ValueError.New("'=' alignment not allowed in string format specifier")
	}
	if f.zero {
		f.align = '<'
	}
	if f.precision >= 0 {
		r := []rune(s)
		s = string(r[:min(len(r), f.precision)])
	}
	return f.pad("", s, '<'), nil
}

func (f *formatSpec) signOf(negative bool) string {
	switch {
	case negative:
		return "-"
	case f.sign == '+' || f.sign == ' ':
		return string(f.sign)
	}
	return ""
}

func (in *Interp) formatInt(f *formatSpec, v Value) (string, error) {
	switch f.kind {
	case 'e', 'E', 'f', 'F', 'g', 'G', '%':
		x, err := intToFloat(v)
		if err != nil {
			return "", err
		}
		return f.float(x, f.typeName)
	case 0, 'd', 'n', 'b', 'o', 'x', 'X', 'c':
	default:
		return "", f.unknown()
	}
	if f.precision >= 0 {
		return "", ValueError.New("Precision not allowed in integer format specifier")
	}
	n := toBig(v)
	if f.kind == 'c' {
		if f.sign != 0 {
			return "", ValueError.New("Sign not allowed with integer format specifier 'c'")
		}
		if !n.IsInt64() || n.Int64() < 0 || n.Int64() > utf8.MaxRune {
			return "", OverflowError.New("%%c arg not in range(0x110000)")
		}
		return f.pad("", string(rune(n.Int64())), '<'), nil
	}
	base, prefix := 10, ""
	switch f.kind {
	case 'b':
		base, prefix = 2, "0b"
	case 'o':
		base, prefix = 8, "0o"
	case 'x':
		base, prefix = 16, "0x"
	case 'X':
		base, prefix = 16, "0X"
	}
	if err := in.payBig(n.BitLen()*8, n.BitLen()); err != nil {
		return "", err
	}
	if base == 10 {
		if _, err := in.Repr(v); err != nil && n.BitLen() > 64 {
			return "", err
		}
	}
	digits := new(big.Int).Abs(n).Text(base)
	if f.kind == 'X' {
		digits = strings.ToUpper(digits)
	}
	head := f.signOf(n.Sign() < 0)
	if f.alternate {
		head += prefix
	}
	group := 3
	if base != 10 {
		group = 4
	}
	if f.comma == ',' && base != 10 {
		return "", ValueError.New("Cannot specify ',' with '%c'.", f.kind)
	}
	return f.pad(head, f.grouped(digits, "", head, group), '>'), nil
}

// grouped puts separators into digits; with zero padding the zeros are grouped
// as well.
func (f *formatSpec) grouped(digits, rest, head string, group int) string {
	if f.comma == 0 {
		return digits + rest
	}
	if f.align == '=' && f.fill == "0" {
		for len(digits)+(len(digits)-1)/group < f.width-len(head)-len(rest) {
			digits = "0" + digits
		}
	}
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%group == 0 {
			b.WriteByte(f.comma)
		}
		b.WriteByte(digits[i])
	}
	return b.String() + rest
}

func (f *formatSpec) float(x float64, typeName string) (string, error) {
	kind := f.kind
	switch kind {
	case 0, 'e', 'E', 'f', 'F', 'g', 'G', 'n', '%':
	default:
		f.typeName = typeName
		return "", f.unknown()
	}
	if f.precision > 1<<20 {
		return "", ValueError.New("precision too big")
	}
	body := f.floatBody(x, kind)
	negative := strings.HasPrefix(body, "-")
	body = strings.TrimPrefix(body, "-")
	if f.noNegZero && negative && strings.Trim(body, "0.") == "" {
		negative = false
	}
	head := f.signOf(negative)
	digits, rest := body, ""
	if i := strings.IndexFunc(body, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits, rest = body[:i], body[i:]
	}
	if digits == "" { // inf, nan
		if f.zero {
			return f.pad(head, rest, '='), nil
		}
		return f.pad(head, rest, '>'), nil
	}
	return f.pad(head, f.grouped(digits, rest, head, 3), '>'), nil
}

func (f *formatSpec) floatBody(x float64, kind byte) string {
	upper := kind == 'E' || kind == 'F' || kind == 'G'
	percent := ""
	if kind == '%' {
		x *= 100
		percent = "%"
	}
	var s string
	switch {
	case math.IsNaN(x):
		s = "nan"
	case math.IsInf(x, 1):
		s = "inf"
	case math.IsInf(x, -1):
		s = "-inf"
	default:
		s = f.finite(x, kind)
	}
	if upper {
		s = strings.ToUpper(s)
	}
	return s + percent
}

func (f *formatSpec) finite(x float64, kind byte) string {
	p := f.precision
	switch kind {
	case 'e', 'E':
		if p < 0 {
			p = 6
		}
		s := strconv.FormatFloat(x, 'e', p, 64)
		if f.alternate && p == 0 {
			s = strings.Replace(s, "e", ".e", 1)
		}
		return s
	case 'f', 'F', '%':
		if p < 0 {
			p = 6
		}
		s := strconv.FormatFloat(x, 'f', p, 64)
		if f.alternate && p == 0 {
			s += "."
		}
		return s
	case 'g', 'G', 'n':
		if p < 0 {
			p = 6
		}
		return formatG(x, max(p, 1), f.alternate)
	}
	if p < 0 {
		return FormatFloat(x)
	}
	s := formatG(x, max(p, 1), f.alternate)
	// Without a type there is at least one digit behind the point.
	if !strings.ContainsAny(s, ".e") {
		if n := len(strings.TrimPrefix(s, "-")); n >= max(p, 1) && p > 0 {
			s = strconv.FormatFloat(x, 'e', p-1, 64)
			return trimExponent(s)
		}
		s += ".0"
	}
	return s
}

func trimExponent(s string) string {
	mantissa, exp, _ := strings.Cut(s, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	return mantissa + "e" + exp
}

// formatG is C's %g with p significant digits.
func formatG(x float64, p int, keepZeros bool) string {
	if x == 0 {
		s := "0"
		if math.Signbit(x) {
			s = "-0"
		}
		if keepZeros {
			return s + "." + strings.Repeat("0", p-1)
		}
		return s
	}
	s := strconv.FormatFloat(x, 'e', p-1, 64)
	_, e, _ := strings.Cut(s, "e")
	exp, _ := strconv.Atoi(e)
	if exp < -4 || exp >= p {
		if keepZeros {
			return s
		}
		return trimExponent(s)
	}
	s = strconv.FormatFloat(x, 'f', p-1-exp, 64)
	if !keepZeros && strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// joined evaluates an f-string.
func (f *frame) joined(x *syntax.Joined) (string, error) {
	var b strings.Builder
	for _, part := range x.Parts {
		var s string
		switch p := part.(type) {
		case *syntax.Constant:
			s = string(p.Object.(Str))
		case *syntax.Formatted:
			var err error
			if s, err = f.formatted(p); err != nil {
				return "", err
			}
		}
		if err := f.in.Alloc(2 * len(s)); err != nil {
			return "", f.at(x, err)
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func (f *frame) formatted(p *syntax.Formatted) (string, error) {
	v, err := f.eval(p.X)
	if err != nil {
		return "", err
	}
	spec := ""
	if p.Spec != nil {
		if spec, err = f.joined(p.Spec); err != nil {
			return "", err
		}
	}
	if p.Conversion != 0 {
		s, err := f.in.convert(v, p.Conversion)
		if err != nil {
			return "", f.at(p, err)
		}
		v = Str(s)
	}
	s, err := f.in.Format(v, spec)
	if err != nil {
		return "", f.at(p, err)
	}
	return s, nil
}

// convert applies !r, !s or !a.
func (in *Interp) convert(v Value, how byte) (string, error) {
	switch how {
	case 'r':
		return in.Repr(v)
	case 'a':
		s, err := in.Repr(v)
		return asciiRepr(s), err
	}
	return in.Str(v)
}
