package py

import (
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Alias is a class with parameters (list[int], Optional[float]) or a union
// (int | None): it annotates, and isinstance accepts a union of classes.
type Alias struct {
	Origin Value
	Name   string
	Args   []Value
	union  bool
}

var (
	aliasType = newRooted("types.GenericAlias")
	unionType = newRooted("types.UnionType")
)

// Type tells unions and parameterised classes apart.
func (a *Alias) Type() *Type {
	if a.union {
		return unionType
	}
	return aliasType
}

func (a *Alias) asBase() Value { return a.Origin }

// Call makes an instance of the class without its parameters.
func (a *Alias) Call(in *Interp, args Args) (Value, error) {
	if a.Origin == nil {
		return nil, TypeError.New("Type %s cannot be instantiated; use %s() instead", a.Name, a.Name)
	}
	return in.Call(a.Origin, args)
}

// GetItem parameterises further.
func (a *Alias) GetItem(_ *Interp, key Value) (Value, error) {
	return &Alias{Origin: a.Origin, Name: a.Name, Args: []Value{key}}, nil
}

// Binary is |.
func (a *Alias) Binary(in *Interp, op syntax.Operator, other Value, reflected bool) (Value, error) {
	if op != syntax.BitOr {
		return NotImplemented, nil
	}
	if reflected {
		return newUnion(other, a)
	}
	return newUnion(a, other)
}

// Binary is int | float.
func (t *Type) Binary(in *Interp, op syntax.Operator, other Value, reflected bool) (Value, error) {
	if op != syntax.BitOr {
		return NotImplemented, nil
	}
	if reflected {
		return newUnion(other, t)
	}
	return newUnion(t, other)
}

func newUnion(a, b Value) (Value, error) {
	u := &Alias{union: true}
	for _, v := range []Value{a, b} {
		switch x := v.(type) {
		case NoneType, *Type:
			u.Args = append(u.Args, v)
		case *Alias:
			if x.union {
				u.Args = append(u.Args, x.Args...)
			} else {
				u.Args = append(u.Args, v)
			}
		default:
			return NotImplemented, nil
		}
	}
	if len(u.Args) > 1000 {
		return nil, Unsupported("a union of more than 1000 types is not supported")
	}
	return u, nil
}

// TestClass lets isinstance accept a union.
func (a *Alias) TestClass(in *Interp, t *Type) (is, known bool) {
	if !a.union {
		return false, false
	}
	for _, v := range a.Args {
		switch x := v.(type) {
		case NoneType:
			is = is || t == noneType
		case *Type:
			is = is || t.Is(x)
		default:
			return false, false
		}
	}
	return is, true
}

// Repr is list[int] or int | None.
func (a *Alias) Repr(in *Interp) (string, error) {
	var parts []string
	for _, v := range a.Args {
		s, err := in.aliasPart(v)
		if err != nil {
			return "", err
		}
		parts = append(parts, s)
	}
	if a.union {
		return joinStrings(parts, " | "), nil
	}
	if len(parts) == 0 {
		return a.Name, nil
	}
	return a.Name + "[" + joinStrings(parts, ", ") + "]", nil
}

func (in *Interp) aliasPart(v Value) (string, error) {
	switch x := v.(type) {
	case *Type:
		return x.fullName(), nil
	case NoneType:
		return "None", nil
	case *Tuple:
		var parts []string
		for _, e := range x.Items {
			s, err := in.aliasPart(e)
			if err != nil {
				return "", err
			}
			parts = append(parts, s)
		}
		return joinStrings(parts, ", "), nil
	}
	return in.Repr(v)
}

// typeItem is list[int]: a class with parameters.
func (in *Interp) typeItem(t *Type, key Value) (Value, error) {
	switch t {
	case ListType, DictType, TupleType, SetType, FrozenSetType, TypeType:
		return &Alias{Origin: t, Name: t.Name, Args: []Value{key}}, nil
	}
	if slices.ContainsFunc(t.mro, func(m *Type) bool { return m.Generic }) {
		return &Alias{Origin: t, Name: t.Name, Args: []Value{key}}, nil
	}
	if t.item != nil {
		return t.item(in, t, key)
	}
	return nil, TypeError.New("type '%s' is not subscriptable", t.Name)
}
