package py

import (
	"context"
	"math/big"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// This file holds what bindings and library modules need of the core beside
// the protocols.

// Add is a + b, Mul a * b.
func (in *Interp) Add(a, b Value) (Value, error) { return in.Binary(syntax.Add, a, b) }

// Mul is a * b.
func (in *Interp) Mul(a, b Value) (Value, error) { return in.Binary(syntax.Mul, a, b) }

// OverBudget ends a run that would do too much.
func OverBudget(format string, args ...any) error { return overBudget(format, args...) }

// Free gives back memory that was needed only for a while.
func (in *Interp) Free(n int) { in.meter.bytes += int64(n) }

// Context ends when the run's time does. The caller must call cancel.
func (in *Interp) Context() (ctx context.Context, cancel context.CancelFunc) {
	return context.WithDeadline(in.meter.ctx, in.meter.deadline)
}

// ToInt is int(v).
func (in *Interp) ToInt(v Value) (Value, error) { return in.toInt(v) }

// ToBig is the value of an int, which must not be changed.
func ToBig(v Value) *big.Int { return toBig(v) }

// CallSpecial calls a special method that the program's class defines; nil,
// nil where v is no such object or has no such method.
func (in *Interp) CallSpecial(v Value, name string, args ...Value) (Value, error) {
	if i, ok := v.(*Instance); ok {
		return in.callSpecial(i, name, args...)
	}
	return nil, nil
}

// CallBuiltin calls a built-in function.
func (in *Interp) CallBuiltin(name string, args ...Value) (Value, error) {
	return in.CallValues(in.builtins.Get(name), args...)
}

// CallMethod is v.name(args...).
func (in *Interp) CallMethod(v Value, name string, args ...Value) (Value, error) {
	return in.callMethod(v, name, args...)
}

// Handled is the exception that is being handled, nil outside.
func (in *Interp) Handled() *Exc { return in.handled }

// FillDict adds what dict(...) would take from the arguments.
func (in *Interp) FillDict(name string, d *Dict, a Args) error { return in.dictArgs(name, d, a) }

// IsCallable is callable(v).
func IsCallable(v Value) bool { return callable(v) }

// IsDescriptor reports whether v, in a class body, is a method or property
// rather than a plain value.
func IsDescriptor(v Value) bool {
	switch v.(type) {
	case *Function, *Native, *Property, *StaticMethod, *ClassMethod, *AbstractMethod, *Getter:
		return true
	}
	return false
}

// NewKeyError is KeyError(key).
func NewKeyError(key Value) *Exc { return keyError(key) }

// NewInstance makes an object of a class without calling __init__.
func NewInstance(t *Type) *Instance { return &Instance{class: t} }

// NewIterValue makes an iterator object of a function that returns nil at the end.
func NewIterValue(t *Type, next func(in *Interp) (Value, error)) *IterValue {
	return &IterValue{it: iterFunc(next), typ: t}
}

// NewDictOf makes a dict of a subclass of dict, NewTupleOf a tuple of a
// subclass of tuple.
func NewDictOf(t *Type) *Dict { return &Dict{class: t} }

// NewTupleOf takes ownership of items.
func NewTupleOf(t *Type, items []Value) *Tuple { return &Tuple{Items: items, class: t} }

// With is a tuple of the same class with other items.
func (t *Tuple) With(items []Value) *Tuple { return &Tuple{Items: items, class: t.class} }

// CopyMetadata does what functools.wraps does.
func CopyMetadata(in *Interp, to, from Value) error {
	f, ok := to.(*Function)
	if !ok {
		return nil
	}
	if g, ok := from.(*Function); ok {
		f.name, f.qualname, f.doc = g.name, g.qualname, g.doc
	}
	f.attrs.Set("__wrapped__", from)
	return in.Alloc(64)
}

// Lookup finds an attribute of the class or its bases, Own of the class alone.
func (t *Type) Lookup(name string) Value { return t.lookup(name) }

// Own finds an attribute of the class itself.
func (t *Type) Own(name string) Value { return t.attrs.Get(name) }

// Remove takes an attribute out of the class.
func (t *Type) Remove(name string) { t.attrs.Delete(name) }

// MRO is the order in which attributes are searched; do not change it.
func (t *Type) MRO() []*Type { return t.mro }

// Qualname is __qualname__.
func (t *Type) Qualname() string {
	if t.qualname != "" {
		return t.qualname
	}
	return t.ShortName()
}

// Qualify sets __qualname__, which tracebacks show, apart from __name__.
func (t *Type) Qualify(name string) *Type {
	t.qualname = name
	return t
}

// Open lets programs derive classes from a built-in one.
func (t *Type) Open() *Type {
	t.final = false
	return t
}

// Derived says how a class that a program derives from t is completed.
func (t *Type) Derived(f func(in *Interp, cls *Type, body *Namespace) (*Type, error)) { t.derived = f }

// ReprWith says how objects of t print.
func (t *Type) ReprWith(f func(in *Interp, v Value) (string, error)) { t.repr = f }

// ClassIter makes the class itself iterable, ClassItem subscriptable.
func (t *Type) ClassIter(f func() []Value) { t.members = f }

// ClassItem makes T[key] call f.
func (t *Type) ClassItem(f func(in *Interp, t *Type, key Value) (Value, error)) { t.item = f }

// Iterates, Calls, IsNumber and IsInteger describe built-in types for the
// abstract classes of collections.abc and numbers.
func (t *Type) Iterates() bool {
	switch t.ShortName() {
	case "range", "generator", "zip", "map", "filter", "enumerate", "reversed", "dict_keys", "dict_values", "dict_items", "ndarray":
		return true
	}
	return false
}

// Calls reports whether objects of the type can be called.
func (t *Type) Calls() bool {
	return t == functionType || t == nativeType || t == methodType || t == TypeType
}

// IsNumber reports whether objects of the type are real numbers.
func (t *Type) IsNumber() bool { return t.Number != 0 }

// IsInteger reports whether objects of the type are integers.
func (t *Type) IsInteger() bool { return t.Number == IntegerKind }

// NumberKind says what abstract number a type of a binding is.
type NumberKind uint8

// The kinds of numbers.
const (
	NoNumber NumberKind = iota
	RealKind
	IntegerKind
)

// Method says that the receiver counts as an argument in messages.
func (s *Signature) Method() { s.method = true }

// InC words mistakes as functions written in C do.
func (s *Signature) InC() { s.inC = true }

// Throw raises exc inside the generator where it waits.
func (g *Generator) Throw(in *Interp, exc *Exc) (Value, error) { return g.resume(in, nil, exc) }
