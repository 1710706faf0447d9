package py

import (
	"math/big"
	"slices"
	"unicode/utf8"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// builtinNames makes the namespace that every program starts from.
func builtinNames() *Namespace {
	ns := &Namespace{}
	for _, t := range []*Type{
		ObjectType, TypeType, IntType, BoolType, FloatType, StrType, ListType, TupleType, DictType, SetType, FrozenSetType,
		rangeType, sliceType, propertyType, staticType, classMethodType, superType,
		enumerateType, zipType, mapType, filterType, reversedType,
	} {
		ns.Set(t.Name, t)
	}
	for _, t := range exceptionTypes {
		ns.Set(t.Name, t)
	}
	ns.Set("EnvironmentError", osError)
	ns.Set("IOError", osError)
	ns.Set("NotImplemented", NotImplemented)
	ns.Set("Ellipsis", Ellipsis)
	ns.Set("__debug__", True)
	for _, n := range builtinFunctions {
		ns.Set(n.Name, n)
	}
	for _, name := range []string{"open", "eval", "exec", "compile", "input", "__import__", "breakpoint", "memoryview", "help", "exit", "quit"} {
		ns.Set(name, refused(name))
	}
	return ns
}

// refused makes a built-in that would leave the sandbox.
func refused(name string) *Native {
	return &Native{Name: name, Max: -1, Raw: func(*Interp, Value, Args) (Value, error) {
		switch name {
		case "exit", "quit":
			e := systemExit.New("")
			e.Args = []Value{None}
			return nil, e
		case "help", "memoryview":
			return nil, Unsupported("the built-in %s is not supported", name)
		}
		return nil, RefusedError.New("%s() is refused: programs run in a sandbox without files, input, network, processes or code made at run time", name)
	}}
}

var builtinFunctions []*Native

func init() {
	builtinFunctions = []*Native{
		{Name: "print", Raw: printCall},
		{Name: "len", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			n, err := in.Len(a[0])
			return Int(n), err
		}},
		{Name: "abs", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) { return in.abs(a[0]) }},
		{Name: "sum", Min: 1, Max: 2, Params: []string{"", "start"}, Fn: sumCall},
		{Name: "min", Raw: func(in *Interp, _ Value, a Args) (Value, error) { return in.extreme("min", syntax.Lt, a) }},
		{Name: "max", Raw: func(in *Interp, _ Value, a Args) (Value, error) { return in.extreme("max", syntax.Gt, a) }},
		{Name: "sorted", Raw: func(in *Interp, _ Value, a Args) (Value, error) {
			if len(a.Pos) != 1 {
				return nil, arityError("sorted", 1, 1, len(a.Pos))
			}
			items, err := in.Collect(a.Pos[0])
			if err != nil {
				return nil, err
			}
			items, err = in.sorted(items, Args{nil, a.Names, a.Named})
			return &List{items}, err
		}},
		{Name: "any", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) { return in.anyAll(a[0], true) }},
		{Name: "all", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) { return in.anyAll(a[0], false) }},
		{Name: "round", Min: 1, Max: 2, Params: []string{"number", "ndigits"}, Fn: func(in *Interp, _ Value, a []Value) (Value, error) { return in.round(a[0], a[1]) }},
		{Name: "pow", Min: 2, Max: 3, Params: []string{"base", "exp", "mod"}, Fn: powCall},
		{Name: "divmod", Min: 2, Max: 2, Fn: divmodCall},
		{Name: "isinstance", Min: 2, Max: 2, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			ok, err := in.isInstance(a[0].Type(), a[1], "isinstance() arg 2 must be a type, a tuple of types, or a union")
			return Bool(ok), err
		}},
		{Name: "issubclass", Min: 2, Max: 2, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			t, ok := a[0].(*Type)
			if !ok {
				return nil, TypeError.New("issubclass() arg 1 must be a class")
			}
			ok, err := in.isInstance(t, a[1], "issubclass() arg 2 must be a class, a tuple of classes, or a union")
			return Bool(ok), err
		}},
		{Name: "callable", Min: 1, Max: 1, Fn: func(_ *Interp, _ Value, a []Value) (Value, error) { return Bool(callable(a[0])), nil }},
		{Name: "getattr", Min: 2, Max: 3, Fn: getattrCall},
		{Name: "hasattr", Min: 2, Max: 2, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			name, ok := a[1].(Str)
			if !ok {
				return nil, TypeError.New("attribute name must be string, not '%s'", a[1].Type().Name)
			}
			_, err := in.GetAttr(a[0], string(name))
			if Matches(err, AttributeError) {
				return False, nil
			}
			return Bool(err == nil), err
		}},
		{Name: "setattr", Min: 3, Max: 3, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			name, ok := a[1].(Str)
			if !ok {
				return nil, TypeError.New("attribute name must be string, not '%s'", a[1].Type().Name)
			}
			return None, in.SetAttr(a[0], string(name), a[2])
		}},
		{Name: "delattr", Min: 2, Max: 2, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			name, ok := a[1].(Str)
			if !ok {
				return nil, TypeError.New("attribute name must be string, not '%s'", a[1].Type().Name)
			}
			return None, in.SetAttr(a[0], string(name), nil)
		}},
		{Name: "iter", Min: 1, Max: 2, Fn: iterCall},
		{Name: "next", Min: 1, Max: 2, Fn: nextCall},
		{Name: "repr", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			s, err := in.Repr(a[0])
			return Str(s), err
		}},
		{Name: "ascii", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			s, err := in.convert(a[0], 'a')
			return Str(s), err
		}},
		{Name: "format", Min: 1, Max: 2, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			spec := ""
			if a[1] != nil {
				s, ok := a[1].(Str)
				if !ok {
					return nil, TypeError.New("format() argument 2 must be str, not %s", a[1].Type().Name)
				}
				spec = string(s)
			}
			s, err := in.Format(a[0], spec)
			return Str(s), err
		}},
		{Name: "hash", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			h, err := in.Hash(a[0])
			return Int(h), err
		}},
		{Name: "id", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			return Int(0x7f0000000000 + 16*in.id(a[0])), in.Alloc(4 * valueSize)
		}},
		{Name: "chr", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			n, err := in.Index(a[0])
			if err != nil {
				return nil, err
			}
			if n < 0 || n > utf8.MaxRune {
				return nil, ValueError.New("chr() arg not in range(0x110000)")
			}
			return Str(rune(n)), nil
		}},
		{Name: "ord", Min: 1, Max: 1, Fn: func(_ *Interp, _ Value, a []Value) (Value, error) {
			s, ok := a[0].(Str)
			if !ok {
				return nil, TypeError.New("ord() expected string of length 1, but %s found", a[0].Type().Name)
			}
			if n := s.runes(); n != 1 {
				return nil, TypeError.New("ord() expected a character, but string of length %d found", n)
			}
			r, _ := utf8.DecodeRuneInString(string(s))
			return Int(r), nil
		}},
		baseText("bin", "0b", 2), baseText("oct", "0o", 8), baseText("hex", "0x", 16),
		{Name: "locals", Fn: func(in *Interp, _ Value, _ []Value) (Value, error) {
			return in.frame.locals(), in.Alloc(64 * len(in.frame.slots))
		}},
		{Name: "globals", Fn: func(in *Interp, _ Value, _ []Value) (Value, error) {
			return in.frame.module.globals.dict(), in.Alloc(64 * len(in.frame.module.globals.names))
		}},
		{Name: "vars", Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			if a[0] == nil {
				return in.frame.locals(), nil
			}
			switch x := a[0].(type) {
			case *Instance:
				return x.attrs.dict(), nil
			case *Type:
				return x.attrs.dict(), nil
			case *Module:
				return x.dict(), nil
			}
			return nil, TypeError.New("vars() argument must have __dict__ attribute")
		}},
		{Name: "dir", Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			if a[0] == nil {
				names := make([]string, 0)
				in.frame.locals().Range(func(k, _ Value) bool {
					names = append(names, string(k.(Str)))
					return true
				})
				slices.Sort(names)
				return strList(names), nil
			}
			names := in.dir(a[0])
			return strList(names), in.AllocN(len(names), 2*valueSize)
		}},
	}
}

func baseText(name, prefix string, base int) *Native {
	return &Native{Name: name, Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
		if _, _, ok := asInt(a[0]); !ok {
			n, err := in.Index(a[0])
			if err != nil {
				return nil, err
			}
			a = []Value{Int(n)}
		}
		n := toBig(a[0])
		if err := in.Alloc(n.BitLen() + 8); err != nil {
			return nil, err
		}
		s := prefix + new(big.Int).Abs(n).Text(base)
		if n.Sign() < 0 {
			s = "-" + s
		}
		return Str(s), nil
	}}
}

func printCall(in *Interp, _ Value, a Args) (Value, error) {
	sep, end := " ", "\n"
	for i, n := range a.Names {
		v := a.Named[i]
		switch n {
		case "sep", "end":
			if v == Value(None) {
				continue
			}
			s, ok := v.(Str)
			if !ok {
				return nil, TypeError.New("%s must be None or a string, not %s", n, v.Type().Name)
			}
			if n == "sep" {
				sep = string(s)
			} else {
				end = string(s)
			}
		case "flush":
		case "file":
			if v != Value(None) {
				return nil, RefusedError.New("print(file=...) is refused: programs run in a sandbox without files")
			}
		default:
			return nil, TypeError.New("'%s' is an invalid keyword argument for print()", n)
		}
	}
	for i, v := range a.Pos {
		s, err := in.Str(v)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			s = sep + s
		}
		if err := in.Print(s); err != nil {
			return nil, err
		}
	}
	return None, in.Print(end)
}

func (in *Interp) abs(v Value) (Value, error) {
	switch x := v.(type) {
	case Float:
		if x < 0 || x == 0 {
			return 0 + Float(absFloat(float64(x))), nil
		}
		return x, nil
	case Int, Bool, *BigInt:
		n := plusNumber(v)
		if toBig(n).Sign() < 0 {
			return in.Unary(syntax.USub, n)
		}
		return n, nil
	case Absolute:
		if r, err := x.Abs(in); err != nil || r != Value(NotImplemented) {
			return r, err
		}
	}
	return nil, TypeError.New("bad operand type for abs(): '%s'", v.Type().Name)
}

func absFloat(f float64) float64 {
	if f < 0 {
		return -f
	}
	if f == 0 {
		return 0
	}
	return f
}

func sumCall(in *Interp, _ Value, a []Value) (Value, error) {
	var total Value = Int(0)
	if a[1] != nil {
		total = a[1]
		if _, ok := total.(Str); ok {
			return nil, TypeError.New("sum() can't sum strings [use ''.join(seq) instead]")
		}
	}
	// Sums of floats are as plain here as in CPython 3.11: no compensation.
	err := in.Each(a[0], func(v Value) error {
		r, err := in.Binary(syntax.Add, total, v)
		total = r
		return err
	})
	return total, err
}

// extreme is min and max.
func (in *Interp) extreme(name string, better syntax.Comparison, a Args) (Value, error) {
	var key, def Value
	for i, n := range a.Names {
		switch n {
		case "key":
			if a.Named[i] != Value(None) {
				key = a.Named[i]
			}
		case "default":
			def = a.Named[i]
		default:
			return nil, TypeError.New("'%s' is an invalid keyword argument for %s()", n, name)
		}
	}
	var src Value
	switch len(a.Pos) {
	case 0:
		return nil, TypeError.New("%s expected at least 1 argument, got 0", name)
	case 1:
		src = a.Pos[0]
	default:
		if def != nil {
			return nil, TypeError.New("Cannot specify a default for %s() with multiple positional arguments", name)
		}
		src = &Tuple{Items: a.Pos}
	}
	var best, bestKey Value
	err := in.Each(src, func(v Value) error {
		k := v
		if key != nil {
			var err error
			if k, err = in.CallValues(key, v); err != nil {
				return err
			}
		}
		if best == nil {
			best, bestKey = v, k
			return nil
		}
		r, err := in.Compare(better, k, bestKey)
		if err != nil {
			return err
		}
		yes, err := in.Truth(r)
		if yes {
			best, bestKey = v, k
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if best == nil {
		if def != nil {
			return def, nil
		}
		return nil, ValueError.New("%s() arg is an empty sequence", name)
	}
	return best, nil
}

func (in *Interp) anyAll(v Value, want bool) (Value, error) {
	found := false
	err := in.Each(v, func(x Value) error {
		yes, err := in.Truth(x)
		if err != nil {
			return err
		}
		if yes == want {
			found = true
			return errStop
		}
		return nil
	})
	return Bool(found == want), err
}

func powCall(in *Interp, _ Value, a []Value) (Value, error) {
	if a[2] == nil || a[2] == Value(None) {
		r, err := in.binary(syntax.Pow, a[0], a[1])
		if err == nil && r == Value(NotImplemented) {
			err = binaryError(syntax.Pow, "** or pow()", a[0], a[1])
		}
		return r, err
	}
	for _, v := range a {
		if _, _, ok := asInt(v); !ok {
			return nil, TypeError.New("pow() 3rd argument not allowed unless all arguments are integers")
		}
	}
	base, exp, mod := toBig(a[0]), toBig(a[1]), toBig(a[2])
	if mod.Sign() == 0 {
		return nil, ValueError.New("pow() 3rd argument cannot be 0")
	}
	words := len(mod.Bits())
	if err := in.payBig(mod.BitLen(), exp.BitLen()*words*words); err != nil {
		return nil, err
	}
	m := new(big.Int).Abs(mod)
	r := new(big.Int).Exp(base, exp, m)
	if r == nil {
		return nil, ValueError.New("base is not invertible for the given modulus")
	}
	if exp.Sign() < 0 && new(big.Int).GCD(nil, nil, new(big.Int).Abs(base), m).Cmp(big.NewInt(1)) != 0 {
		return nil, ValueError.New("base is not invertible for the given modulus")
	}
	r.Mod(r, m)
	if mod.Sign() < 0 && r.Sign() != 0 {
		r.Add(r, mod)
	}
	return NewBig(r), nil
}

func divmodCall(in *Interp, _ Value, a []Value) (Value, error) {
	if !isNumber(a[0]) || !isNumber(a[1]) {
		q, err := in.binary(syntax.FloorDiv, a[0], a[1])
		if err != nil {
			return nil, err
		}
		if q == Value(NotImplemented) {
			return nil, binaryError(syntax.FloorDiv, "divmod()", a[0], a[1])
		}
		r, err := in.Binary(syntax.Mod, a[0], a[1])
		return NewTuple(q, r), err
	}
	q, err := in.Binary(syntax.FloorDiv, a[0], a[1])
	if err != nil {
		if Matches(err, ZeroDivisionError) {
			_, xf := a[0].(Float)
			_, yf := a[1].(Float)
			if xf || yf {
				return nil, ZeroDivisionError.New("float divmod()")
			}
		}
		return nil, err
	}
	r, err := in.Binary(syntax.Mod, a[0], a[1])
	return NewTuple(q, r), err
}

// isInstance tests a type against a class, a tuple of them or a union.
func (in *Interp) isInstance(t *Type, class Value, message string) (bool, error) {
	switch c := class.(type) {
	case *Type:
		return t.Is(c), nil
	case *Tuple:
		if err := in.Enter(" in __instancecheck__"); err != nil {
			return false, err
		}
		defer in.Leave()
		for _, x := range c.Items {
			if ok, err := in.isInstance(t, x, message); ok || err != nil {
				return ok, err
			}
		}
		return false, nil
	case ClassTester:
		if ok, known := c.TestClass(in, t); known {
			return ok, nil
		}
	}
	return false, TypeError.New("%s", message)
}

// ClassTester is something that isinstance accepts beside classes.
type ClassTester interface {
	TestClass(in *Interp, t *Type) (is, known bool)
}

func callable(v Value) bool {
	switch x := v.(type) {
	case *Function, *Native, *BoundMethod, *Type:
		return true
	case *Instance:
		return x.class.lookup("__call__") != nil
	case Callable:
		return true
	}
	return false
}

func getattrCall(in *Interp, _ Value, a []Value) (Value, error) {
	name, ok := a[1].(Str)
	if !ok {
		return nil, TypeError.New("attribute name must be string, not '%s'", a[1].Type().Name)
	}
	v, err := in.GetAttr(a[0], string(name))
	if a[2] != nil && Matches(err, AttributeError) {
		return a[2], nil
	}
	return v, err
}

var iterNames = map[string]*Type{}

func iterType(name string) *Type {
	if t := iterNames[name]; t != nil {
		return t
	}
	t := newRooted(name)
	iterNames[name] = t
	return t
}

func init() {
	for _, n := range []string{"list_iterator", "tuple_iterator", "range_iterator", "str_ascii_iterator", "set_iterator", "list_reverseiterator", "callable_iterator", "iterator"} {
		iterType(n)
	}
}

// iterObject is iter(v) as a Python object.
func (in *Interp) iterObject(v Value) (Value, error) {
	it, err := in.Iter(v)
	if err != nil {
		return nil, err
	}
	if o, ok := it.(Value); ok {
		return o, nil
	}
	name := "iterator"
	switch x := v.(type) {
	case *List:
		name = "list_iterator"
	case *Tuple:
		name = "tuple_iterator"
	case *Range:
		name = "range_iterator"
	case Str:
		name = "str_ascii_iterator"
	case *Set:
		name = "set_iterator"
	case *Dict:
		return &IterValue{it: it, typ: viewIterTypes[dictKey]}, nil
	case *dictView:
		return &IterValue{it: it, typ: viewIterTypes[x.what]}, nil
	}
	return &IterValue{it: it, typ: iterNames[name]}, nil
}

func iterCall(in *Interp, _ Value, a []Value) (Value, error) {
	if a[1] == nil {
		return in.iterObject(a[0])
	}
	if !callable(a[0]) {
		return nil, TypeError.New("iter(v, w): v must be callable")
	}
	fn, stop := a[0], a[1]
	return &IterValue{typ: iterNames["callable_iterator"], it: iterFunc(func(in *Interp) (Value, error) {
		v, err := in.CallValues(fn)
		if Matches(err, StopIteration) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if eq, err := in.same(v, stop); eq || err != nil {
			return nil, err
		}
		return v, nil
	})}, nil
}

func nextCall(in *Interp, _ Value, a []Value) (Value, error) {
	it, ok := iteratorOf(a[0])
	if !ok {
		return nil, TypeError.New("'%s' object is not an iterator", a[0].Type().Name)
	}
	v, err := in.Next(it)
	if v != nil || err != nil {
		return v, err
	}
	if a[1] != nil {
		return a[1], nil
	}
	e := StopIteration.New("")
	if g, ok := it.(*Generator); ok && g.result != nil && g.result != Value(None) {
		e.Args = []Value{g.result}
	}
	return nil, e
}
