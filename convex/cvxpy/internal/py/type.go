package py

import (
	"slices"
	"strings"
)

// Type is a Python class, built in or written by the program.
type Type struct {
	// Name is what error messages call the type: dotted for types of libraries
	// written in C (numpy.ndarray), plain otherwise.
	Name   string
	Module string
	Bases  []*Type
	mro    []*Type
	attrs  Namespace
	// construct makes an instance when the type is called; inherited from the
	// first base that has one.
	construct func(in *Interp, cls *Type, a Args) (Value, error)
	// derived completes a class that a program derives from this one (Enum,
	// NamedTuple); nil for most.
	derived  func(in *Interp, cls *Type, body *Namespace) (*Type, error)
	item     func(in *Interp, t *Type, key Value) (Value, error) // T[key] (Enum)
	members  func() []Value                                      // what iterating the class gives (Enum)
	repr     func(in *Interp, v Value) (string, error)           // how objects print; nil for the default
	Number   NumberKind
	Generic  bool // T[...] gives an alias
	final    bool // may not be subclassed by programs
	heap     bool // made by a class statement
	qualname string
	doc      string
	real     []string // attributes that the type has in Python, sorted
}

func (*Type) Type() *Type { return TypeType }

// NewType makes a built-in type. Without bases it derives from object.
func NewType(name string, bases ...*Type) *Type {
	t := &Type{Name: name, Module: "builtins", final: true}
	t.Bases = bases
	if len(bases) == 0 && ObjectType != nil {
		t.Bases = []*Type{ObjectType}
	}
	t.linearise()
	return t
}

// Constructor says what calling the type does.
func (t *Type) Constructor(f func(in *Interp, cls *Type, a Args) (Value, error)) *Type {
	t.construct = f
	return t
}

// Set puts an attribute into the class: a *Native becomes a method.
func (t *Type) Set(name string, v Value) { t.attrs.Set(name, v) }

// ShortName is __name__.
func (t *Type) ShortName() string {
	if i := strings.LastIndexByte(t.Name, '.'); i >= 0 {
		return t.Name[i+1:]
	}
	return t.Name
}

// linearise computes the method resolution order (C3); it reports whether one exists.
func (t *Type) linearise() bool {
	var lists [][]*Type
	for _, b := range t.Bases {
		lists = append(lists, slices.Clone(b.mro))
	}
	lists = append(lists, slices.Clone(t.Bases))
	t.mro = []*Type{t}
	for {
		lists = slices.DeleteFunc(lists, func(l []*Type) bool { return len(l) == 0 })
		if len(lists) == 0 {
			return true
		}
		next := mroHead(lists)
		if next == nil {
			return false
		}
		t.mro = append(t.mro, next)
		for i := range lists {
			if lists[i][0] == next {
				lists[i] = lists[i][1:]
			}
		}
	}
}

func mroHead(lists [][]*Type) *Type {
	for _, l := range lists {
		inTail := func(m []*Type) bool { return slices.Contains(m[1:], l[0]) }
		if !slices.ContainsFunc(lists, inTail) {
			return l[0]
		}
	}
	return nil
}

// Is reports whether t is base or derives from it.
func (t *Type) Is(base *Type) bool {
	if t == base {
		return true
	}
	for _, m := range t.mro {
		if m == base {
			return true
		}
	}
	return false
}

// lookup finds a class attribute along the method resolution order.
func (t *Type) lookup(name string) Value {
	for _, m := range t.mro {
		if v := m.attrs.Get(name); v != nil {
			return v
		}
	}
	return nil
}

// native finds the built-in class that makes instances of t.
func (t *Type) native() *Type {
	for _, m := range t.mro {
		if m.construct != nil {
			return m
		}
	}
	return ObjectType
}

// The types of the core. TypeType and ObjectType come first: the others derive from them.
var (
	ObjectType      = &Type{Name: "object", Module: "builtins"}
	TypeType        = newRooted("type")
	noneType        = newRooted("NoneType")
	IntType         = newRooted("int")
	BoolType        = newRooted("bool", IntType)
	FloatType       = newRooted("float")
	StrType         = newRooted("str")
	ListType        = newRooted("list")
	TupleType       = newRooted("tuple")
	DictType        = newRooted("dict")
	SetType         = newRooted("set")
	FrozenSetType   = newRooted("frozenset")
	rangeType       = newRooted("range")
	sliceType       = newRooted("slice")
	ellipsisT       = newRooted("ellipsis")
	notImplementedT = newRooted("NotImplementedType")
	functionType    = newRooted("function")
	nativeType      = newRooted("builtin_function_or_method")
	descriptorType  = newRooted("method_descriptor")
	methodType      = newRooted("method")
	moduleType      = newRooted("module")
	propertyType    = newRooted("property")
	staticType      = newRooted("staticmethod")
	classMethodType = newRooted("classmethod")
	superType       = newRooted("super")
	generatorType   = newRooted("generator")
	cellType        = newRooted("cell")
	getterType      = newRooted("getset_descriptor")
)

func newRooted(name string, bases ...*Type) *Type {
	if ObjectType.mro == nil {
		ObjectType.mro = []*Type{ObjectType}
	}
	if len(bases) == 0 {
		bases = []*Type{ObjectType}
	}
	return NewType(name, bases...)
}
