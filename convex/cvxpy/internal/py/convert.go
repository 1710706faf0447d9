package py

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// This file makes int(), float(), bool() and str(), and the methods of numbers.

func init() {
	IntType.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) { return in.intCall(a) })
	FloatType.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) { return in.floatCall(a) })
	BoolType.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) {
		if len(a.Names) > 0 {
			return nil, TypeError.New("bool() takes no keyword arguments")
		}
		switch len(a.Pos) {
		case 0:
			return False, nil
		case 1:
			b, err := in.Truth(a.Pos[0])
			return Bool(b), err
		}
		return nil, arityError("bool", 0, 1, len(a.Pos))
	})
	StrType.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) {
		for _, n := range a.Names {
			if n != "object" {
				return nil, TypeError.New("'%s' is an invalid keyword argument for str()", n)
			}
		}
		args := append(append([]Value(nil), a.Pos...), a.Named...)
		switch len(args) {
		case 0:
			return Str(""), nil
		case 1:
			s, err := in.Str(args[0])
			return Str(s), err
		case 2, 3:
			return nil, TypeError.New("decoding to str: need a bytes-like object, %s found", args[0].Type().Name)
		}
		return nil, TypeError.New("str() takes at most 3 arguments (%d given)", len(args))
	})
	for _, t := range []*Type{IntType, FloatType} {
		t.Attribute("real", func(_ *Interp, v Value) (Value, error) { return plusNumber(v), nil })
		t.Attribute("imag", func(_ *Interp, v Value) (Value, error) {
			if _, ok := v.(Float); ok {
				return Float(0), nil
			}
			return Int(0), nil
		})
		t.Methods(&Native{Name: "conjugate", Fn: func(_ *Interp, v Value, _ []Value) (Value, error) { return plusNumber(v), nil }})
	}
	IntType.Methods(
		&Native{Name: "bit_length", Fn: func(_ *Interp, v Value, _ []Value) (Value, error) { return Int(toBig(v).BitLen()), nil }},
	)
	FloatType.Methods(
		&Native{Name: "is_integer", Fn: func(_ *Interp, v Value, _ []Value) (Value, error) {
			f, _ := AsFloat(v)
			return Bool(f == math.Trunc(f) && !math.IsInf(f, 0)), nil
		}},
	)
}

func plusNumber(v Value) Value {
	if b, ok := v.(Bool); ok {
		n, _, _ := asInt(b)
		return n
	}
	return v
}

func (in *Interp) intCall(a Args) (Value, error) {
	args := a.Pos
	if len(a.Names) > 0 {
		if len(a.Names) != 1 || a.Names[0] != "base" {
			return nil, TypeError.New("'%s' is an invalid keyword argument for int()", a.Names[0])
		}
		if len(args) == 0 {
			return nil, TypeError.New("int() missing string argument")
		}
		args = []Value{args[0], a.Named[0]}
	}
	switch len(args) {
	case 0:
		return Int(0), nil
	case 1:
		return in.toInt(args[0])
	case 2:
		s, ok := args[0].(Str)
		if !ok {
			return nil, TypeError.New("int() can't convert non-string with explicit base")
		}
		base, err := in.Index(args[1])
		if err != nil {
			return nil, err
		}
		if base != 0 && (base < 2 || base > 36) {
			return nil, ValueError.New("int() base must be >= 2 and <= 36, or 0")
		}
		return in.parseInt(string(s), base)
	}
	return nil, TypeError.New("int() takes at most 2 arguments (%d given)", len(args))
}

// toInt is int(v).
func (in *Interp) toInt(v Value) (Value, error) {
	switch x := v.(type) {
	case Int, *BigInt:
		return v, nil
	case Bool:
		n, _, _ := asInt(x)
		return n, nil
	case Float:
		return truncate(float64(x))
	case Str:
		return in.parseInt(string(x), 10)
	case *Instance:
		for _, name := range []string{"__int__", "__index__", "__trunc__"} {
			if r, err := in.callSpecial(x, name); r != nil || err != nil {
				return r, err
			}
		}
	case IntConverter:
		return x.ToInt(in)
	case Integer:
		if n, ok := x.AsInt(); ok {
			return Int(n), nil
		}
	case Floater:
		if f, ok := x.AsFloat(); ok {
			return truncate(f)
		}
	}
	return nil, TypeError.New("int() argument must be a string, a bytes-like object or a real number, not '%s'", v.Type().Name)
}

// IntConverter and FloatConverter let bindings word the errors of int(x) and
// float(x) themselves.
type (
	IntConverter interface {
		ToInt(in *Interp) (Value, error)
	}
	FloatConverter interface {
		ToFloat(in *Interp) (float64, error)
	}
)

// truncate is int(f).
func truncate(f float64) (Value, error) {
	switch {
	case math.IsNaN(f):
		return nil, ValueError.New("cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return nil, OverflowError.New("cannot convert float infinity to integer")
	case math.Abs(f) < 1<<63:
		return Int(f), nil
	}
	n, _ := big.NewFloat(math.Trunc(f)).Int(nil)
	return NewBig(n), nil
}

func (in *Interp) parseInt(text string, base int) (Value, error) {
	bad := func() error {
		s, err := in.Repr(Str(text))
		if err != nil {
			return err
		}
		return ValueError.New("invalid literal for int() with base %d: %s", base, s)
	}
	s := strings.TrimFunc(text, isSpace)
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[:1], s[1:]
	}
	if base == 0 || base == 16 || base == 8 || base == 2 {
		for b, p := range map[int]string{16: "0x", 8: "0o", 2: "0b"} {
			if (base == b || base == 0) && len(s) > 2 && strings.EqualFold(s[:2], p) {
				base, s = b, strings.TrimPrefix(s[2:], "_")
				break
			}
		}
		if base == 0 {
			if len(s) > 1 && s[0] == '0' && strings.Trim(s, "0_") != "" {
				base = 0
				return nil, bad()
			}
			base = 10
		}
	}
	if strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") || strings.Contains(s, "__") || s == "" {
		return nil, bad()
	}
	s = digitsToASCII(strings.ReplaceAll(s, "_", ""))
	if n, err := strconv.ParseInt(sign+s, base, 64); err == nil {
		return Int(n), nil
	}
	for _, r := range s {
		d := strings.IndexRune("0123456789abcdefghijklmnopqrstuvwxyz", unicode.ToLower(r))
		if d < 0 || d >= base {
			return nil, bad()
		}
	}
	if base&(base-1) != 0 && len(s) > maxDigits {
		return nil, ValueError.New("Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit", maxDigits, len(s))
	}
	if err := in.AllocN(len(s), 2); err != nil {
		return nil, err
	}
	n, ok := new(big.Int).SetString(s, base)
	if !ok {
		return nil, bad()
	}
	if sign == "-" {
		n.Neg(n)
	}
	return NewBig(n), nil
}

// digitsToASCII maps decimal digits of other scripts, which Python accepts.
func digitsToASCII(s string) string {
	if Str(s).ascii() {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !unicode.IsDigit(r) {
			return r
		}
		zero := r
		for unicode.IsDigit(zero-1) && r-zero < 9 {
			zero--
		}
		return '0' + r - zero
	}, s)
}

func (in *Interp) floatCall(a Args) (Value, error) {
	if len(a.Names) > 0 {
		return nil, TypeError.New("float() takes no keyword arguments")
	}
	switch len(a.Pos) {
	case 0:
		return Float(0), nil
	case 1:
		f, err := in.ToFloat(a.Pos[0])
		return Float(f), err
	}
	return nil, arityError("float", 0, 1, len(a.Pos))
}

// ToFloat is float(v).
func (in *Interp) ToFloat(v Value) (float64, error) {
	switch x := v.(type) {
	case Float:
		return float64(x), nil
	case Int, Bool, *BigInt:
		return intToFloat(v)
	case Str:
		return in.parseFloat(string(x))
	case FloatConverter:
		return x.ToFloat(in)
	case Floater:
		if f, ok := x.AsFloat(); ok {
			return f, nil
		}
	case *Instance:
		if r, err := in.instanceFloat(x); r != nil || err != nil {
			f, _ := r.(Float)
			return float64(f), err
		}
		if isIndex(x) {
			n, err := in.Index(x)
			return float64(n), err
		}
	}
	return 0, TypeError.New("float() argument must be a string or a real number, not '%s'", v.Type().Name)
}

func (in *Interp) parseFloat(text string) (float64, error) {
	s := digitsToASCII(strings.TrimFunc(text, isSpace))
	plain := s
	ok := s != ""
	for i := range len(s) {
		if s[i] == '_' {
			ok = ok && i > 0 && i+1 < len(s) && isDigit(s[i-1]) && isDigit(s[i+1])
		}
	}
	plain = strings.ReplaceAll(plain, "_", "")
	// Go also reads hexadecimal floats, Python does not.
	if strings.EqualFold(strings.TrimLeft(plain, "+-"), "nan") && len(plain) <= 4 {
		return math.NaN(), nil
	}
	if ok && !strings.ContainsAny(plain, "xXpP") {
		f, err := strconv.ParseFloat(plain, 64)
		if err == nil || isRange(err) {
			return f, nil
		}
	}
	r, err := in.Repr(Str(text))
	if err != nil {
		return 0, err
	}
	return 0, ValueError.New("could not convert string to float: %s", r)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isRange(err error) bool {
	e, ok := err.(*strconv.NumError)
	return ok && e.Err == strconv.ErrRange
}

// round is round(v, digits).
func (in *Interp) round(v, digits Value) (Value, error) {
	if digits == Value(None) {
		digits = nil
	}
	switch x := v.(type) {
	case Float:
		return in.roundFloat(float64(x), digits)
	case Int, Bool, *BigInt:
		return in.roundInt(plusNumber(v), digits)
	case Rounder:
		return x.Round(in, digits)
	case *Instance:
		var args []Value
		if digits != nil {
			args = []Value{digits}
		}
		if r, err := in.callSpecial(x, "__round__", args...); r != nil || err != nil {
			return r, err
		}
	}
	return nil, TypeError.New("type %s doesn't define __round__ method", v.Type().Name)
}

func (in *Interp) roundFloat(f float64, digits Value) (Value, error) {
	if digits == nil {
		return truncate(math.RoundToEven(f))
	}
	n, err := in.Index(digits)
	if err != nil {
		return nil, err
	}
	return Float(RoundDecimal(f, n)), nil
}

// RoundDecimal rounds half to even at n decimals, exactly on the binary value.
func RoundDecimal(f float64, n int) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) || n > 323 {
		return f
	}
	if n < -308 {
		return math.Copysign(0, f)
	}
	if n >= 0 {
		r, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', n, 64), 64)
		return r
	}
	p := math.Pow(10, float64(-n))
	return math.RoundToEven(f/p) * p
}

func (in *Interp) roundInt(v, digits Value) (Value, error) {
	if digits == nil {
		return v, nil
	}
	n, err := in.Index(digits)
	if err != nil {
		return nil, err
	}
	if n >= 0 {
		return v, nil
	}
	if n < -10000 {
		return Int(0), nil
	}
	unit, err := in.bigPow(big.NewInt(10), big.NewInt(int64(-n)))
	if err != nil {
		return nil, err
	}
	q, r := new(big.Int).DivMod(toBig(v), toBig(unit), new(big.Int))
	switch c := new(big.Int).Lsh(r, 1).Cmp(toBig(unit)); {
	case c > 0, c == 0 && q.Bit(0) == 1:
		q.Add(q, big.NewInt(1))
	}
	return in.bigArith(syntax.Mul, q, toBig(unit))
}
