package py

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// strArg expects a string argument.
func strArg(v Value, message string) (string, error) {
	s, ok := v.(Str)
	if !ok {
		return "", TypeError.New(message, v.Type().Name)
	}
	return string(s), nil
}

// strFn makes a method that maps the string alone.
func strFn(name string, f func(s string) Value) *Native {
	return &Native{Name: name, Fn: func(in *Interp, self Value, _ []Value) (Value, error) {
		s := string(self.(Str))
		if err := in.AllocN(len(s)+1, 3); err != nil {
			return nil, err
		}
		return f(s), nil
	}}
}

func strTest(name string, f func(r rune) bool) *Native {
	return strFn(name, func(s string) Value {
		for _, r := range s {
			if !f(r) {
				return False
			}
		}
		return Bool(s != "")
	})
}

func init() {
	StrType.Methods(
		strFn("upper", func(s string) Value { return Str(strings.ToUpper(s)) }),
		strFn("lower", func(s string) Value { return Str(strings.ToLower(s)) }),
		strFn("casefold", func(s string) Value { return Str(strings.ToLower(s)) }),
		strFn("swapcase", func(s string) Value {
			return Str(strings.Map(func(r rune) rune {
				if unicode.IsUpper(r) {
					return unicode.ToLower(r)
				}
				return unicode.ToUpper(r)
			}, s))
		}),
		strFn("capitalize", func(s string) Value {
			_, n := utf8.DecodeRuneInString(s)
			return Str(strings.ToUpper(s[:n]) + strings.ToLower(s[n:]))
		}),
		strFn("title", title),
		strTest("isdigit", unicode.IsDigit), strTest("isdecimal", unicode.IsDigit),
		strTest("isnumeric", unicode.IsNumber), strTest("isalpha", unicode.IsLetter), strTest("isspace", isSpace),
		strTest("isalnum", func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }),
		strFn("isascii", func(s string) Value { return Bool(Str(s).ascii()) }),
		strFn("isupper", func(s string) Value {
			return Bool(strings.ToUpper(s) == s && strings.ToLower(s) != s)
		}),
		strFn("islower", func(s string) Value {
			return Bool(strings.ToLower(s) == s && strings.ToUpper(s) != s)
		}),
		strFn("isidentifier", func(s string) Value {
			for i, r := range s {
				if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
					return False
				}
			}
			return Bool(s != "")
		}),
		&Native{Name: "join", Min: 1, Max: 1, Fn: strJoin},
		&Native{Name: "split", Max: 2, Params: []string{"sep", "maxsplit"}, Fn: split(strings.Index, false)},
		&Native{Name: "rsplit", Max: 2, Params: []string{"sep", "maxsplit"}, Fn: split(strings.LastIndex, true)},
		&Native{Name: "splitlines", Max: 1, Params: []string{"keepends"}, Fn: splitLines},
		&Native{Name: "replace", Min: 2, Max: 3, Fn: strReplace},
		stripMethod("strip", true, true), stripMethod("lstrip", true, false), stripMethod("rstrip", false, true),
		affixTest("startswith", strings.HasPrefix), affixTest("endswith", strings.HasSuffix),
		findMethod("find", strings.Index, false), findMethod("rfind", strings.LastIndex, false),
		findMethod("index", strings.Index, true), findMethod("rindex", strings.LastIndex, true),
		&Native{Name: "count", Min: 1, Max: 3, Fn: strCount, clinic: true},
		padMethod("ljust", 0), padMethod("rjust", 1), padMethod("center", 2),
		&Native{Name: "zfill", Min: 1, Max: 1, Fn: strZfill},
		cutMethod("partition", strings.Index), cutMethod("rpartition", strings.LastIndex),
		affixCut("removeprefix", strings.TrimPrefix), affixCut("removesuffix", strings.TrimSuffix),
		&Native{Name: "format", Raw: func(in *Interp, self Value, a Args) (Value, error) {
			s, err := in.strFormat(string(self.(Str)), a)
			return Str(s), err
		}},
		&Native{Name: "format_map", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			d, ok := a[0].(*Dict)
			if !ok {
				return nil, Unsupported("format_map of a %s is not supported", a[0].Type().Name)
			}
			var args Args
			d.Range(func(k, v Value) bool {
				if s, ok := k.(Str); ok {
					args.Names, args.Named = append(args.Names, string(s)), append(args.Named, v)
				}
				return true
			})
			s, err := in.strFormat(string(self.(Str)), args)
			return Str(s), err
		}},
		&Native{Name: "expandtabs", Max: 1, Params: []string{"tabsize"}, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			return nil, Unsupported("str.expandtabs is not supported")
		}},
	)
}

func title(s string) Value {
	inWord := false
	return Str(strings.Map(func(r rune) rune {
		was := inWord
		inWord = unicode.IsLetter(r)
		if was {
			return unicode.ToLower(r)
		}
		return unicode.ToTitle(r)
	}, s))
}

func strJoin(in *Interp, self Value, a []Value) (Value, error) {
	sep := string(self.(Str))
	items, err := in.Collect(a[0])
	if err != nil {
		if _, ok := a[0].(Iterable); !ok && Matches(err, TypeError) {
			return nil, TypeError.New("can only join an iterable")
		}
		return nil, err
	}
	total := 0
	parts := make([]string, len(items))
	for i, v := range items {
		s, ok := v.(Str)
		if !ok {
			return nil, TypeError.New("sequence item %d: expected str instance, %s found", i, v.Type().Name)
		}
		parts[i] = string(s)
		if total += len(s) + len(sep); total < 0 || int64(total) > in.meter.bytes {
			return nil, in.Alloc(-1)
		}
	}
	if err := in.AllocN(total, 1); err != nil {
		return nil, err
	}
	return Str(strings.Join(parts, sep)), nil
}

// split makes split (index finds the first) and rsplit (the last).
func split(index func(s, sep string) int, right bool) func(*Interp, Value, []Value) (Value, error) {
	return func(in *Interp, self Value, a []Value) (Value, error) {
		s := string(self.(Str))
		limit := -1
		if a[1] != nil {
			n, err := in.Index(a[1])
			if err != nil {
				return nil, err
			}
			limit = n
		}
		if err := in.AllocN(len(s)+1, valueSize); err != nil {
			return nil, err
		}
		if a[0] == nil || a[0] == Value(None) {
			return strList(splitBlank(s, limit, right)), nil
		}
		sep, err := strArg(a[0], "must be str or None, not %s")
		if err != nil {
			return nil, err
		}
		if sep == "" {
			return nil, ValueError.New("empty separator")
		}
		var parts []string
		for limit < 0 || len(parts) < limit {
			i := index(s, sep)
			if i < 0 {
				break
			}
			if right {
				parts = append(parts, s[i+len(sep):])
				s = s[:i]
			} else {
				parts = append(parts, s[:i])
				s = s[i+len(sep):]
			}
		}
		parts = append(parts, s)
		if right {
			reverseStrings(parts)
		}
		return strList(parts), nil
	}
}

func reverseStrings(s []string) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// splitBlank splits at runs of white space, at most limit times (< 0: always).
func splitBlank(s string, limit int, right bool) []string {
	if limit < 0 {
		return strings.FieldsFunc(s, isSpace)
	}
	var parts []string
	if right {
		for s = strings.TrimRightFunc(s, isSpace); s != ""; s = strings.TrimRightFunc(s, isSpace) {
			i := strings.LastIndexFunc(s, isSpace)
			if len(parts) == limit || i < 0 {
				parts = append(parts, s)
				break
			}
			_, n := utf8.DecodeRuneInString(s[i:])
			parts = append(parts, s[i+n:])
			s = s[:i]
		}
		reverseStrings(parts)
		return parts
	}
	for s = strings.TrimLeftFunc(s, isSpace); s != ""; s = strings.TrimLeftFunc(s, isSpace) {
		i := strings.IndexFunc(s, isSpace)
		if len(parts) == limit || i < 0 {
			parts = append(parts, s)
			break
		}
		parts = append(parts, s[:i])
		s = s[i:]
	}
	return parts
}

func strList(parts []string) *List {
	l := &List{make([]Value, len(parts))}
	for i, p := range parts {
		l.Items[i] = Str(p)
	}
	return l
}

func splitLines(in *Interp, self Value, a []Value) (Value, error) {
	s := string(self.(Str))
	keep := false
	if a[0] != nil {
		var err error
		if keep, err = in.Truth(a[0]); err != nil {
			return nil, err
		}
	}
	if err := in.AllocN(len(s)+1, valueSize); err != nil {
		return nil, err
	}
	var lines []string
	for s != "" {
		i := strings.IndexFunc(s, func(r rune) bool { return strings.ContainsRune("\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029", r) })
		if i < 0 {
			lines = append(lines, s)
			break
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		if strings.HasPrefix(s[i:], "\r\n") {
			n = 2
		}
		if keep {
			lines = append(lines, s[:i+n])
		} else {
			lines = append(lines, s[:i])
		}
		s = s[i+n:]
	}
	return strList(lines), nil
}

func strReplace(in *Interp, self Value, a []Value) (Value, error) {
	s := string(self.(Str))
	from, err := strArg(a[0], "replace() argument 1 must be str, not %s")
	if err != nil {
		return nil, err
	}
	to, err := strArg(a[1], "replace() argument 2 must be str, not %s")
	if err != nil {
		return nil, err
	}
	n := -1
	if a[2] != nil {
		if n, err = in.Index(a[2]); err != nil {
			return nil, err
		}
	}
	if err := in.Step(len(s) / 16); err != nil {
		return nil, err
	}
	hits := strings.Count(s, from)
	if n >= 0 {
		hits = min(hits, n)
	}
	if hits > 0 && len(to) > (1<<62)/(hits+1) {
		return nil, in.Alloc(-1)
	}
	if err := in.AllocN(len(s)+hits*len(to), 1); err != nil {
		return nil, err
	}
	return Str(strings.Replace(s, from, to, n)), nil
}

func stripMethod(name string, left, right bool) *Native {
	return &Native{Name: name, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
		s := string(self.(Str))
		cut := isSpace
		if a[0] != nil && a[0] != Value(None) {
			chars, ok := a[0].(Str)
			if !ok {
				return nil, TypeError.New("%s arg must be None or str", name)
			}
			if err := in.Step(len(chars) * len(s) / 64); err != nil {
				return nil, err
			}
			cut = func(r rune) bool { return strings.ContainsRune(string(chars), r) }
		}
		if left {
			s = strings.TrimLeftFunc(s, cut)
		}
		if right {
			s = strings.TrimRightFunc(s, cut)
		}
		return Str(s), in.Step(len(self.(Str)) / 64)
	}}
}

func affixTest(name string, test func(s, affix string) bool) *Native {
	return &Native{Name: name, Min: 1, Max: 3, clinic: true, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
		s, _, _, err := in.strSpan(self.(Str), a[1], a[2])
		if err != nil {
			return nil, err
		}
		list := []Value{a[0]}
		if t, ok := a[0].(*Tuple); ok {
			list = t.Items
		}
		for _, v := range list {
			affix, ok := v.(Str)
			if !ok {
				if _, tuple := a[0].(*Tuple); tuple {
					return nil, TypeError.New("tuple for %s must only contain str, not %s", name, v.Type().Name)
				}
				return nil, TypeError.New("%s first arg must be str or a tuple of str, not %s", name, v.Type().Name)
			}
			if test(s, string(affix)) {
				return True, nil
			}
		}
		return False, nil
	}}
}

// strSpan cuts s[from:to]; offset is where it begins, in characters.
func (in *Interp) strSpan(s Str, from, to Value) (part string, offset int, ok bool, err error) {
	if from == nil && to == nil {
		return string(s), 0, true, nil
	}
	sl := &SliceValue{orDefault(from, nil), orDefault(to, nil), None}
	start, stop, _, _, err := sl.span(in, s.runes())
	if err != nil {
		return "", 0, false, err
	}
	v, err := in.strSlice(s, sl)
	if err != nil {
		return "", 0, false, err
	}
	return string(v.(Str)), start, start <= stop, nil
}

func findMethod(name string, find func(s, sub string) int, must bool) *Native {
	return &Native{Name: name, Min: 1, Max: 3, clinic: true, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
		sub, err := strArg(a[0], "must be str, not %s")
		if err != nil {
			return nil, err
		}
		s, offset, ok, err := in.strSpan(self.(Str), a[1], a[2])
		if err != nil {
			return nil, err
		}
		if err := in.Step(len(s) / 16); err != nil {
			return nil, err
		}
		i := find(s, sub)
		if i < 0 || !ok {
			if must {
				return nil, ValueError.New("substring not found")
			}
			return Int(-1), nil
		}
		return Int(offset + utf8.RuneCountInString(s[:i])), nil
	}}
}

func strCount(in *Interp, self Value, a []Value) (Value, error) {
	sub, err := strArg(a[0], "must be str, not %s")
	if err != nil {
		return nil, err
	}
	s, _, _, err := in.strSpan(self.(Str), a[1], a[2])
	if err != nil {
		return nil, err
	}
	return Int(strings.Count(s, sub)), in.Step(len(s) / 16)
}

// padMethod makes ljust (0), rjust (1) and center (2).
func padMethod(name string, where int) *Native {
	return &Native{Name: name, Min: 1, Max: 2, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
		s := self.(Str)
		width, err := in.Index(a[0])
		if err != nil {
			return nil, err
		}
		fill := " "
		if a[1] != nil {
			f, ok := a[1].(Str)
			if !ok {
				return nil, TypeError.New("The fill character must be a unicode character, not %s", a[1].Type().Name)
			}
			if f.runes() != 1 {
				return nil, TypeError.New("The fill character must be exactly one character long")
			}
			fill = string(f)
		}
		n := width - s.runes()
		if n <= 0 {
			return s, nil
		}
		if err := in.AllocN(n+len(s), 4); err != nil {
			return nil, err
		}
		left := n * where
		if where == 2 {
			left = n/2 + n&width&1
		}
		return Str(strings.Repeat(fill, left) + string(s) + strings.Repeat(fill, n-left)), nil
	}}
}

func strZfill(in *Interp, self Value, a []Value) (Value, error) {
	s := self.(Str)
	width, err := in.Index(a[0])
	if err != nil {
		return nil, err
	}
	n := width - s.runes()
	if n <= 0 {
		return s, nil
	}
	if err := in.AllocN(n+len(s), 1); err != nil {
		return nil, err
	}
	sign := Str("")
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[:1], s[1:]
	}
	return sign + Str(strings.Repeat("0", n)) + s, nil
}

func cutMethod(name string, find func(s, sep string) int) *Native {
	return &Native{Name: name, Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
		s := self.(Str)
		sep, err := strArg(a[0], "must be str, not %s")
		if err != nil {
			return nil, err
		}
		if sep == "" {
			return nil, ValueError.New("empty separator")
		}
		i := find(string(s), sep)
		switch {
		case i >= 0:
			return NewTuple(s[:i], Str(sep), s[i+len(sep):]), in.Step(len(s) / 16)
		case name == "partition":
			return NewTuple(s, Str(""), Str("")), nil
		}
		return NewTuple(Str(""), Str(""), s), nil
	}}
}

func affixCut(name string, cut func(s, affix string) string) *Native {
	return &Native{Name: name, Min: 1, Max: 1, Fn: func(_ *Interp, self Value, a []Value) (Value, error) {
		affix, err := strArg(a[0], name+"() argument must be str, not %s")
		if err != nil {
			return nil, err
		}
		return Str(cut(string(self.(Str)), affix)), nil
	}}
}
