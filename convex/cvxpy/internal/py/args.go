package py

import (
	"fmt"
	"strings"
)

// Args are the arguments of a call: positional ones, then Named[i] under Names[i].
type Args struct {
	Pos   []Value
	Names []string
	Named []Value
}

// Native is a function written in Go. Fn gets exactly Max arguments, nil where
// one is absent; with Max < 0 it gets as many as were given. Params names the
// arguments that may be given by keyword (an empty name: positional only).
// Raw, where set, gets the arguments as they came.
type Native struct {
	Name     string
	Module   string // prefixes the name in messages about counts
	Min, Max int
	Params   []string
	Fn       func(in *Interp, self Value, a []Value) (Value, error)
	Raw      func(in *Interp, self Value, a Args) (Value, error)
	owner    *Type // set for methods
	clinic   bool  // counts are worded as "count() takes at least 1 argument (0 given)"
}

// Type makes a Native a Value.
func (n *Native) Type() *Type {
	if n.owner != nil {
		return descriptorType
	}
	return nativeType
}

// GetAttr knows the function's name.
func (n *Native) GetAttr(_ *Interp, name string) (Value, error) {
	if name == "__name__" || name == "__qualname__" {
		return Str(n.Name), nil
	}
	return nil, nil
}

// Methods adds methods to a type.
func (t *Type) Methods(list ...*Native) *Type {
	for _, n := range list {
		n.owner = t
		t.attrs.Set(n.Name, n)
	}
	return t
}

// invoke checks the arguments as CPython's C functions do and calls Fn.
func (n *Native) invoke(in *Interp, self Value, a Args) (Value, error) {
	if n.Raw != nil {
		return n.Raw(in, self, a)
	}
	if len(a.Names) == 0 && len(a.Pos) == n.Max {
		return n.Fn(in, self, a.Pos)
	}
	if n.Params == nil && len(a.Names) > 0 {
		return nil, TypeError.New("%s takes no keyword arguments", n.full())
	}
	if n.Max < 0 {
		if len(a.Pos) < n.Min {
			return nil, n.countError(len(a.Pos))
		}
		return n.Fn(in, self, a.Pos)
	}
	if len(a.Pos) > n.Max {
		return nil, n.countError(len(a.Pos))
	}
	full := make([]Value, n.Max)
	copy(full, a.Pos)
	for i, name := range a.Names {
		at := indexOf(n.Params, name)
		if at < 0 {
			return nil, TypeError.New("'%s' is an invalid keyword argument for %s()", name, n.Name)
		}
		if full[at] != nil {
			return nil, TypeError.New("argument for %s() given by name ('%s') and position (%d)", n.Name, name, at+1)
		}
		full[at] = a.Named[i]
	}
	for i := range n.Min {
		if full[i] == nil {
			if n.Params != nil && n.Params[i] != "" {
				return nil, TypeError.New("%s() missing required argument '%s' (pos %d)", n.Name, n.Params[i], i+1)
			}
			return nil, n.countError(len(a.Pos))
		}
	}
	return n.Fn(in, self, full)
}

func (n *Native) full() string {
	if n.owner != nil {
		return n.owner.ShortName() + "." + n.Name + "()"
	}
	if n.Module != "" {
		return n.Module + "." + n.Name + "()"
	}
	return n.Name + "()"
}

// countError words a wrong number of arguments.
func (n *Native) countError(got int) *Exc {
	switch {
	case n.Max == 0:
		return TypeError.New("%s takes no arguments (%d given)", n.full(), got)
	case n.clinic && got < n.Min:
		return TypeError.New("%s() takes at least %d argument%s (%d given)", n.Name, n.Min, plural(n.Min), got)
	case n.clinic:
		return TypeError.New("%s() takes at most %d argument%s (%d given)", n.Name, n.Max, plural(n.Max), got)
	case n.Min == 1 && n.Max == 1:
		return TypeError.New("%s takes exactly one argument (%d given)", n.full(), got)
	}
	return arityError(n.Name, n.Min, n.Max, got)
}

func arityError(name string, least, most, got int) *Exc {
	how, n := "", least
	if least != most {
		how = "at least "
		if got > least {
			how, n = "at most ", most
		}
	}
	return TypeError.New("%s expected %s%d argument%s, got %d", name, how, n, plural(n), got)
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func indexOf(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// Signature describes parameters as a Python def does: "a, b=, *args, c, d=, **kw".
// A name with "=" is optional. It words mistakes as CPython does for functions
// written in Python, which numpy's and cvxpy's mostly are.
type Signature struct {
	Name     string
	pos      []string
	optional map[string]bool
	posOnly  int
	kwOnly   []string
	star     bool
	double   bool
	inC      bool // messages are those of functions written in C
	method   bool // the receiver counts as an argument in messages
}

// NewSignature parses the description; it panics on a malformed one.
func NewSignature(name, params string) *Signature {
	s := &Signature{Name: name, optional: map[string]bool{}}
	afterStar := false
	for p := range strings.SplitSeq(params, ",") {
		p = strings.TrimSpace(p)
		bare := strings.TrimSuffix(p, "=")
		if bare != p {
			s.optional[bare] = true
		}
		switch {
		case p == "":
		case p == "/":
			s.posOnly = len(s.pos)
		case strings.HasPrefix(p, "**"):
			s.double = true
		case p == "*":
			afterStar = true
		case strings.HasPrefix(p, "*"):
			s.star, afterStar = true, true
		case afterStar:
			s.kwOnly = append(s.kwOnly, bare)
		default:
			s.pos = append(s.pos, bare)
		}
	}
	return s
}

// Bound are arguments sorted by a Signature.
type Bound struct {
	vals  map[string]Value
	Star  []Value
	Names []string // of **kwargs
	Extra []Value
}

// Get returns nil where the argument was not given.
func (b *Bound) Get(name string) Value { return b.vals[name] }

// Has reports whether the argument was given and is not None.
func (b *Bound) Has(name string) bool {
	v := b.vals[name]
	return v != nil && v != Value(None)
}

// Bind sorts the arguments; it raises the TypeError that CPython would.
func (s *Signature) Bind(a Args) (*Bound, error) {
	b := &Bound{vals: make(map[string]Value, len(a.Pos)+len(a.Names))}
	n := len(a.Pos)
	if n > len(s.pos) {
		if s.star {
			b.Star = a.Pos[len(s.pos):]
			n = len(s.pos)
		}
	}
	for i := range min(n, len(s.pos)) {
		b.vals[s.pos[i]] = a.Pos[i]
	}
	for i, name := range a.Names {
		known := indexOf(s.pos[s.posOnly:], name) >= 0 || indexOf(s.kwOnly, name) >= 0
		switch {
		case known && b.vals[name] != nil:
			return nil, TypeError.New("%s() got multiple values for argument '%s'", s.Name, name)
		case known:
			b.vals[name] = a.Named[i]
		case s.double:
			b.Names = append(b.Names, name)
			b.Extra = append(b.Extra, a.Named[i])
		default:
			return nil, TypeError.New("%s() got an unexpected keyword argument '%s'", s.Name, name)
		}
	}
	if n > len(s.pos) {
		return nil, s.tooMany(n, b)
	}
	return b, s.missing(b)
}

func (s *Signature) tooMany(n int, b *Bound) error {
	required := 0
	for _, p := range s.pos {
		if !s.optional[p] {
			required++
		}
	}
	kwGiven := 0
	for _, p := range s.kwOnly {
		if b.vals[p] != nil {
			kwGiven++
		}
	}
	self := 0
	if s.method {
		self = 1
	}
	return tooManyError(s.Name, required+self, len(s.pos)+self, n+self, kwGiven)
}

// tooManyError words too many positional arguments.
func tooManyError(name string, required, most, given, kwGiven int) *Exc {
	takes := fmt.Sprintf("%d positional argument%s", most, plural(most))
	if required < most {
		takes = fmt.Sprintf("from %d to %d positional arguments", required, most)
	}
	got := fmt.Sprint(given)
	verb := "were"
	if kwGiven > 0 {
		got = fmt.Sprintf("%d positional argument%s (and %d keyword-only argument%s)", given, plural(given), kwGiven, plural(kwGiven))
	} else if given == 1 {
		verb = "was"
	}
	return TypeError.New("%s() takes %s but %s %s given", name, takes, got, verb)
}

func (s *Signature) missing(b *Bound) error {
	var absent []string
	for _, p := range s.pos {
		if !s.optional[p] && b.vals[p] == nil {
			absent = append(absent, p)
		}
	}
	if len(absent) > 0 {
		if s.inC {
			return TypeError.New("%s() missing required argument '%s' (pos %d)", s.Name, absent[0], indexOf(s.pos, absent[0]))
		}
		return missingError(s.Name, "positional", absent)
	}
	for _, p := range s.kwOnly {
		if !s.optional[p] && b.vals[p] == nil {
			absent = append(absent, p)
		}
	}
	if len(absent) > 0 {
		return missingError(s.Name, "keyword-only", absent)
	}
	return nil
}

// missingError words absent arguments: 'a', 'b', and 'c'.
func missingError(name, kind string, absent []string) *Exc {
	quoted := make([]string, len(absent))
	for i, a := range absent {
		quoted[i] = "'" + a + "'"
	}
	var list string
	switch n := len(quoted); n {
	case 1:
		list = quoted[0]
	case 2:
		list = quoted[0] + " and " + quoted[1]
	default:
		list = strings.Join(quoted[:n-1], ", ") + ", and " + quoted[n-1]
	}
	return TypeError.New("%s() missing %d required %s argument%s: %s", name, len(absent), kind, plural(len(absent)), list)
}

// Def makes a Native with a Python-like signature.
func Def(name, params string, f func(in *Interp, b *Bound) (Value, error)) *Native {
	s := NewSignature(name, params)
	return &Native{Name: name, Raw: func(in *Interp, _ Value, a Args) (Value, error) {
		b, err := s.Bind(a)
		if err != nil {
			return nil, err
		}
		return f(in, b)
	}}
}

// DefMethod is Def for a method; the receiver is not part of params.
func DefMethod(t *Type, name, params string, f func(in *Interp, self Value, b *Bound) (Value, error)) *Native {
	s := NewSignature(name, params)
	s.Name = t.ShortName() + "." + name
	s.method = true
	return &Native{Name: name, owner: t, Raw: func(in *Interp, self Value, a Args) (Value, error) {
		b, err := s.Bind(a)
		if err != nil {
			return nil, err
		}
		return f(in, self, b)
	}}
}
