package stdlib

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// typingModule holds names for annotations; they mean nothing at run time.
func typingModule(*py.Interp) *py.Module {
	m := module("typing",
		fn("cast", 2, 2, func(_ *py.Interp, a []py.Value) (py.Value, error) { return a[1], nil }),
		raw("TypeVar", func(_ *py.Interp, a py.Args) (py.Value, error) {
			if len(a.Pos) == 0 {
				return nil, py.TypeError.New("TypeVar.__init__() missing 1 required positional argument: 'name'")
			}
			s, _ := a.Pos[0].(py.Str)
			return &py.Alias{Name: "~" + string(s)}, nil
		}),
		fn("NewType", 2, 2, func(_ *py.Interp, a []py.Value) (py.Value, error) {
			return fn("new", 1, 1, func(_ *py.Interp, b []py.Value) (py.Value, error) { return b[0], nil }), nil
		}),
		fn("get_type_hints", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) { return in.GetAttr(a[0], "__annotations__") }),
	)
	same := func(name string) *py.Native {
		return fn(name, 1, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) { return a[0], nil })
	}
	for _, n := range []string{"overload", "final", "no_type_check", "runtime_checkable"} {
		m.Set(n, same(n))
	}
	for _, n := range []string{
		"Any", "Optional", "Union", "Callable", "Iterable", "Iterator", "Sequence", "Mapping", "MutableMapping",
		"Generator", "NoReturn", "Literal", "Final", "ClassVar", "Annotated", "Hashable", "Sized", "Collection",
		"Awaitable", "Coroutine", "AnyStr", "Text", "SupportsFloat", "SupportsInt", "TypeAlias", "Self", "Never",
		"Concatenate", "ParamSpec", "Reversible", "Container", "MutableSequence", "AbstractSet",
	} {
		m.Set(n, &py.Alias{Name: "typing." + n})
	}
	for n, t := range map[string]*py.Type{
		"List": py.ListType, "Dict": py.DictType, "Tuple": py.TupleType, "Set": py.SetType, "FrozenSet": py.FrozenSetType,
		"Type": py.TypeType, "DefaultDict": defaultDictType, "OrderedDict": orderedDictType, "Counter": counterType, "Deque": dequeType,
	} {
		m.Set(n, &py.Alias{Origin: t, Name: "typing." + n})
	}
	m.Set("Generic", genericType)
	m.Set("Protocol", protocolType)
	m.Set("NamedTuple", namedTupleType)
	m.Set("TypedDict", typedDictType)
	m.Set("TYPE_CHECKING", py.False)
	return m
}

var (
	genericType    = baseType("Generic")
	protocolType   = baseType("Protocol")
	namedTupleType = baseType("NamedTuple")
	typedDictType  = baseType("TypedDict")
)

func baseType(name string) *py.Type {
	t := py.NewType("typing." + name).Open()
	t.Module = "typing"
	t.Generic = true
	return t
}

func init() {
	namedTupleType.Derived(func(in *py.Interp, cls *py.Type, body *py.Namespace) (*py.Type, error) {
		notes, _ := body.Get("__annotations__").(*py.Dict)
		if notes == nil {
			notes = py.NewDict()
		}
		var fields []string
		var defaults []py.Value
		var err error
		notes.Range(func(k, _ py.Value) bool {
			name := string(k.(py.Str))
			fields = append(fields, name)
			if v := body.Get(name); v != nil {
				defaults = append(defaults, v)
			} else if len(defaults) > 0 {
				err = py.TypeError.New("Non-default namedtuple field %s cannot follow default field %s", name, fields[len(fields)-2])
			}
			return err == nil
		})
		if err != nil {
			return nil, err
		}
		t, err := newNamedTuple(in, cls.ShortName(), fields, defaults)
		if err != nil {
			return nil, err
		}
		for _, n := range body.Names() {
			if t.Own(n) == nil && notes.GetStr(n) == nil {
				t.Set(n, body.Get(n))
			}
		}
		return t, nil
	})
	typedDictType.Derived(func(_ *py.Interp, cls *py.Type, _ *py.Namespace) (*py.Type, error) {
		cls.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
			d := py.NewDict()
			return d, in.FillDict("dict", d, a)
		})
		return cls, nil
	})
}

// collectionsABCModule names the abstract classes of containers.
func collectionsABCModule(*py.Interp) *py.Module {
	m := &py.Module{Name: "collections.abc"}
	for name, test := range map[string]func(v *py.Type) bool{
		"Iterable": func(t *py.Type) bool {
			return t.Lookup("__iter__") != nil || isAny(t, py.ListType, py.TupleType, py.DictType, py.SetType, py.FrozenSetType, py.StrType) || t.Iterates()
		},
		"Sequence":  func(t *py.Type) bool { return isAny(t, py.ListType, py.TupleType, py.StrType) || t.Name == "range" },
		"Mapping":   func(t *py.Type) bool { return t.Is(py.DictType) },
		"Callable":  func(t *py.Type) bool { return t.Lookup("__call__") != nil || t.Calls() },
		"Hashable":  func(t *py.Type) bool { return !isAny(t, py.ListType, py.DictType, py.SetType) },
		"Iterator":  func(t *py.Type) bool { return t.Lookup("__next__") != nil || t.Name == "generator" },
		"Generator": func(t *py.Type) bool { return t.Name == "generator" },
		"Set":       func(t *py.Type) bool { return isAny(t, py.SetType, py.FrozenSetType) },
	} {
		m.Set(name, &abstractClass{name, test})
	}
	m.Set("MutableMapping", m.Get("Mapping"))
	m.Set("MutableSequence", &abstractClass{"MutableSequence", func(t *py.Type) bool { return t.Is(py.ListType) }})
	return m
}

func isAny(t *py.Type, list ...*py.Type) bool {
	for _, u := range list {
		if t.Is(u) {
			return true
		}
	}
	return false
}

// abstractClass is a class that isinstance tests by what the type can do.
type abstractClass struct {
	name string
	test func(t *py.Type) bool
}

var abcMetaType = py.NewType("ABCMeta", py.TypeType)

func (*abstractClass) Type() *py.Type { return abcMetaType }

// TestClass lets isinstance ask.
func (a *abstractClass) TestClass(_ *py.Interp, t *py.Type) (is, known bool) { return a.test(t), true }

// GetItem is Iterable[int] in an annotation.
func (a *abstractClass) GetItem(_ *py.Interp, key py.Value) (py.Value, error) {
	return &py.Alias{Name: "collections.abc." + a.name, Args: []py.Value{key}}, nil
}

// Repr is the class's.
func (a *abstractClass) Repr(*py.Interp) (string, error) {
	return "<class 'collections.abc." + a.name + "'>", nil
}

// numbersModule names the tower of numbers.
func numbersModule(*py.Interp) *py.Module {
	m := &py.Module{Name: "numbers"}
	number := func(t *py.Type) bool { return isAny(t, py.IntType, py.FloatType) || t.IsNumber() }
	for _, n := range []string{"Number", "Complex", "Real"} {
		m.Set(n, &abstractClass{n, number})
	}
	integral := &abstractClass{"Integral", func(t *py.Type) bool { return t.Is(py.IntType) || t.IsInteger() }}
	m.Set("Integral", integral)
	m.Set("Rational", integral)
	return m
}

var abcType = py.NewType("abc.ABC").Open()

func abcModule(*py.Interp) *py.Module {
	m := module("abc",
		fn("abstractmethod", 1, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) { return &py.AbstractMethod{Fn: a[0]}, nil }),
	)
	abcType.Module = "abc"
	m.Set("ABC", abcType)
	m.Set("ABCMeta", abcMetaType)
	return m
}
