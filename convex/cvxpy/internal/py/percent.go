package py

import (
	"strings"
	"unicode/utf8"
)

// percent is format % args.
func (in *Interp) percent(format string, args Value) (string, error) {
	p := &percenter{in: in, format: format, args: args}
	if t, ok := args.(*Tuple); ok {
		p.items, p.tuple = t.Items, true
	}
	return p.run()
}

type percenter struct {
	in     *Interp
	format string
	args   Value
	items  []Value
	tuple  bool
	at     int // of items
}

func (p *percenter) run() (string, error) {
	var b strings.Builder
	for i := 0; i < len(p.format); {
		if p.format[i] != '%' {
			b.WriteByte(p.format[i])
			i++
			continue
		}
		text, n, err := p.one(i)
		if err != nil {
			return "", err
		}
		if err := p.in.Alloc(2 * len(text)); err != nil {
			return "", err
		}
		b.WriteString(text)
		i = n
	}
	if p.tuple && p.at < len(p.items) || !p.tuple && p.at == 0 && !p.isMapping() {
		return "", TypeError.New("not all arguments converted during string formatting")
	}
	return b.String(), nil
}

func (p *percenter) isMapping() bool {
	switch x := p.args.(type) {
	case *Dict, *List:
		return true
	case *Instance:
		return x.class.lookup("__getitem__") != nil
	case *Tuple, Str:
		return false
	case Indexer:
		return true
	}
	return false
}

func (p *percenter) next() (Value, error) {
	if !p.tuple {
		if p.at > 0 {
			return nil, TypeError.New("not enough arguments for format string")
		}
		p.at++
		return p.args, nil
	}
	if p.at >= len(p.items) {
		return nil, TypeError.New("not enough arguments for format string")
	}
	p.at++
	return p.items[p.at-1], nil
}

// one formats the conversion at format[i] and returns where it ends.
func (p *percenter) one(i int) (text string, end int, err error) {
	f := &formatSpec{fill: " ", precision: -1}
	s := p.format
	i++
	var v Value
	if i < len(s) && s[i] == '(' {
		j := strings.IndexByte(s[i:], ')')
		if j < 0 {
			return "", 0, ValueError.New("incomplete format key")
		}
		d, ok := p.args.(*Dict)
		if !ok {
			if !p.isMapping() {
				return "", 0, TypeError.New("format requires a mapping")
			}
		}
		key := Str(s[i+1 : i+j])
		if ok {
			v, err = d.Get(p.in, key)
			if v == nil && err == nil {
				err = keyError(key)
			}
		} else {
			v, err = p.in.GetItem(p.args, key)
		}
		if err != nil {
			return "", 0, err
		}
		p.at++
		i += j + 1
	}
	left := false
	for ; i < len(s) && strings.IndexByte("#0- +", s[i]) >= 0; i++ {
		switch s[i] {
		case '#':
			f.alternate = true
		case '0':
			f.zero = true
		case '-':
			left = true
		case '+':
			f.sign = '+'
		case ' ':
			if f.sign == 0 {
				f.sign = ' '
			}
		}
	}
	number := func() (int, bool, error) {
		if i < len(s) && s[i] == '*' {
			i++
			w, err := p.next()
			if err != nil {
				return 0, false, err
			}
			if _, ok := w.(Int); !ok {
				return 0, false, TypeError.New("* wants int")
			}
			return int(w.(Int)), true, nil
		}
		n, any := 0, false
		for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			if n = n*10 + int(s[i]-'0'); n > 1<<31 {
				return 0, false, ValueError.New("width too big")
			}
			any = true
		}
		return n, any, nil
	}
	if f.width, _, err = number(); err != nil {
		return "", 0, err
	}
	if f.width < 0 {
		left, f.width = true, -f.width
	}
	if i < len(s) && s[i] == '.' {
		i++
		if f.precision, _, err = number(); err != nil {
			return "", 0, err
		}
		f.precision = max(f.precision, 0)
	}
	for i < len(s) && strings.IndexByte("hlL", s[i]) >= 0 {
		i++
	}
	if i >= len(s) {
		return "", 0, ValueError.New("incomplete format")
	}
	switch {
	case left:
		f.align = '<'
	case f.zero && strings.IndexByte("sra", s[i]) < 0:
		f.align, f.fill = '=', "0"
	}
	if err := p.in.Alloc(4 * (f.width + f.precision + 32)); err != nil {
		return "", 0, err
	}
	if s[i] == '%' {
		return "%", i + 1, nil
	}
	if strings.IndexByte("srdiufFeEgGxXoca", s[i]) < 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return "", 0, ValueError.New("unsupported format character '%c' (0x%x) at index %d", r, r, utf8.RuneCountInString(s[:i]))
	}
	if v == nil {
		if v, err = p.next(); err != nil {
			return "", 0, err
		}
	}
	text, err = p.convert(f, v, s[i])
	return text, i + 1, err
}

func (p *percenter) convert(f *formatSpec, v Value, kind byte) (string, error) {
	switch kind {
	case 's', 'r', 'a':
		s, err := p.in.convert(v, kind)
		if err != nil {
			return "", err
		}
		if f.precision >= 0 {
			r := []rune(s)
			s = string(r[:min(len(r), f.precision)])
		}
		return f.pad("", s, '>'), nil
	case 'c':
		if s, ok := v.(Str); ok && s.runes() == 1 {
			return f.pad("", string(s), '>'), nil
		}
		if n, ok := v.(Int); ok && n >= 0 && n <= utf8.MaxRune {
			return f.pad("", string(rune(n)), '>'), nil
		}
		return "", TypeError.New("%%c requires int or char")
	case 'd', 'i', 'u', 'x', 'X', 'o':
		return p.integer(f, v, kind)
	}
	x, ok := AsFloat(v)
	if !ok {
		if i, isInst := v.(*Instance); isInst {
			r, err := p.in.instanceFloat(i)
			if err != nil {
				return "", err
			}
			if r != nil {
				x, ok = float64(r.(Float)), true
			}
		}
		if !ok {
			return "", TypeError.New("must be real number, not %s", v.Type().Name)
		}
	}
	f.kind = kind
	return f.float(x, "float")
}

func (p *percenter) integer(f *formatSpec, v Value, kind byte) (string, error) {
	hex := kind == 'x' || kind == 'X' || kind == 'o'
	if fl, ok := v.(Float); ok && !hex {
		n, err := truncate(float64(fl))
		if err != nil {
			return "", err
		}
		v = n
	}
	if n, ok := v.(Integer); ok {
		if i, ok := n.AsInt(); ok {
			v = Int(i)
		}
	} else if x, ok := v.(Floater); ok && !hex {
		if y, ok := x.AsFloat(); ok {
			n, err := truncate(y)
			if err != nil {
				return "", err
			}
			v = n
		}
	}
	if _, _, ok := asInt(v); !ok {
		if hex {
			return "", TypeError.New("%%%c format: an integer is required, not %s", kind, v.Type().Name)
		}
		return "", TypeError.New("%%%c format: a real number is required, not %s", kind, v.Type().Name)
	}
	digits := f.precision
	f.precision = -1
	f.kind = kind
	if kind == 'i' || kind == 'u' {
		f.kind = 'd'
	}
	if digits < 0 {
		return p.in.formatInt(f, v)
	}
	width := f.width
	f.width = 0
	s, err := p.in.formatInt(f, v)
	if err != nil {
		return "", err
	}
	sign := ""
	if s != "" && strings.IndexByte("+- ", s[0]) >= 0 {
		sign, s = s[:1], s[1:]
	}
	if n := digits - len(s); n > 0 {
		s = strings.Repeat("0", n) + s
	}
	f.width = width
	return f.pad(sign, s, '>'), nil
}
