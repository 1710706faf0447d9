package py

import (
	"strconv"
	"strings"
)

// strFormat is str.format.
func (in *Interp) strFormat(format string, a Args) (string, error) {
	f := &formatting{in: in, args: a, auto: 0}
	return f.expand(format, 2)
}

type formatting struct {
	in     *Interp
	args   Args
	auto   int // the next automatic number
	manual bool
	used   bool // automatic numbering was used
}

func (f *formatting) expand(format string, depth int) (string, error) {
	if depth == 0 {
		return "", ValueError.New("Max string recursion exceeded")
	}
	var b strings.Builder
	for s := format; s != ""; {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		c := s[i]
		s = s[i+1:]
		if s != "" && s[0] == c {
			b.WriteByte(c)
			s = s[1:]
			continue
		}
		if c == '}' {
			return "", ValueError.New("Single '}' encountered in format string")
		}
		end := matching(s)
		if end < 0 {
			if s == "" {
				return "", ValueError.New("Single '{' encountered in format string")
			}
			return "", ValueError.New("expected '}' before end of string")
		}
		text, err := f.field(s[:end], depth)
		if err != nil {
			return "", err
		}
		if err := f.in.Alloc(2 * len(text)); err != nil {
			return "", err
		}
		b.WriteString(text)
		s = s[end+1:]
	}
	return b.String(), nil
}

// matching finds the "}" that closes a field.
func matching(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

func (f *formatting) field(s string, depth int) (string, error) {
	name, spec := s, ""
	var conversion byte
	if i := strings.IndexAny(s, ":!"); i >= 0 {
		name = s[:i]
		if s[i] == '!' {
			rest := s[i+1:]
			if rest == "" {
				return "", ValueError.New("end of string while looking for conversion specifier")
			}
			conversion, rest = rest[0], rest[1:]
			if strings.IndexByte("rsa", conversion) < 0 {
				return "", ValueError.New("Unknown conversion specifier %c", conversion)
			}
			if rest != "" && rest[0] != ':' {
				return "", ValueError.New("expected ':' after conversion specifier")
			}
			spec = strings.TrimPrefix(rest, ":")
		} else {
			spec = s[i+1:]
		}
	}
	v, err := f.lookup(name)
	if err != nil {
		return "", err
	}
	if strings.ContainsAny(spec, "{}") {
		if spec, err = f.expand(spec, depth-1); err != nil {
			return "", err
		}
	}
	if conversion != 0 {
		text, err := f.in.convert(v, conversion)
		if err != nil {
			return "", err
		}
		v = Str(text)
	}
	return f.in.Format(v, spec)
}

// lookup resolves a field name: 0, key, then .attr and [index].
func (f *formatting) lookup(name string) (Value, error) {
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	v, err := f.first(name[:end])
	if err != nil {
		return nil, err
	}
	for rest := name[end:]; rest != ""; {
		if rest[0] == '.' {
			rest = rest[1:]
			n := strings.IndexAny(rest, ".[")
			if n < 0 {
				n = len(rest)
			}
			if n == 0 {
				return nil, ValueError.New("Empty attribute in format string")
			}
			if v, err = f.in.GetAttr(v, rest[:n]); err != nil {
				return nil, err
			}
			rest = rest[n:]
			continue
		}
		n := strings.IndexByte(rest, ']')
		if n < 0 {
			return nil, ValueError.New("Missing ']' in format string")
		}
		var key Value = Str(rest[1:n])
		if i, err := strconv.Atoi(rest[1:n]); err == nil {
			key = Int(i)
		}
		if v, err = f.in.GetItem(v, key); err != nil {
			return nil, err
		}
		rest = rest[n+1:]
		if rest != "" && rest[0] != '.' && rest[0] != '[' {
			return nil, ValueError.New("Only '.' or '[' may follow ']' in format field specifier")
		}
	}
	return v, nil
}

func (f *formatting) first(name string) (Value, error) {
	i, err := strconv.Atoi(name)
	switch {
	case name == "":
		if f.manual {
			return nil, ValueError.New("cannot switch from manual field specification to automatic field numbering")
		}
		f.used = true
		i = f.auto
		f.auto++
	case err == nil && name[0] != '-' && name[0] != '+':
		if f.used {
			return nil, ValueError.New("cannot switch from automatic field numbering to manual field specification")
		}
		f.manual = true
	default:
		at := indexOf(f.args.Names, name)
		if at < 0 {
			return nil, keyError(Str(name))
		}
		return f.args.Named[at], nil
	}
	if i >= len(f.args.Pos) {
		return nil, IndexError.New("Replacement index %d out of range for positional args tuple", i)
	}
	return f.args.Pos[i], nil
}
