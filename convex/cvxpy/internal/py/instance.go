package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// This file lets objects of the program's classes take part in the protocols,
// through the special methods that their classes define.

// callSpecial calls a special method of the class; nil, nil where there is none.
func (in *Interp) callSpecial(x *Instance, name string, args ...Value) (Value, error) {
	fn := x.class.lookup(name)
	if fn == nil || fn == Value(None) {
		return nil, nil
	}
	switch fn.(type) {
	case *Function, *Native:
		return in.callWithSelf(fn, x, Args{Pos: args})
	}
	bound, err := in.bind(fn, x, x.class)
	if err != nil {
		return nil, err
	}
	return in.Call(bound, Args{Pos: args})
}

// orNotImplemented turns an absent method into NotImplemented.
func orNotImplemented(v Value, err error) (Value, error) {
	if v == nil && err == nil {
		return NotImplemented, nil
	}
	return v, err
}

var binaryNames = [...]string{
	syntax.Add: "add", syntax.Sub: "sub", syntax.Mul: "mul", syntax.MatMul: "matmul", syntax.Div: "truediv",
	syntax.FloorDiv: "floordiv", syntax.Mod: "mod", syntax.Pow: "pow", syntax.LShift: "lshift", syntax.RShift: "rshift",
	syntax.BitAnd: "and", syntax.BitOr: "or", syntax.BitXor: "xor",
}

var compareNames = [...]string{
	syntax.Eq: "__eq__", syntax.NotEq: "__ne__", syntax.Lt: "__lt__", syntax.LtE: "__le__", syntax.Gt: "__gt__", syntax.GtE: "__ge__",
}

// Binary calls __add__ or __radd__ and their like.
func (i *Instance) Binary(in *Interp, op syntax.Operator, other Value, reflected bool) (Value, error) {
	prefix := "__"
	if reflected {
		prefix = "__r"
	}
	return orNotImplemented(in.callSpecial(i, prefix+binaryNames[op]+"__", other))
}

// BinaryInPlace calls __iadd__ and its like.
func (i *Instance) BinaryInPlace(in *Interp, op syntax.Operator, other Value) (Value, error) {
	return orNotImplemented(in.callSpecial(i, "__i"+binaryNames[op]+"__", other))
}

// Unary calls __neg__, __pos__ or __invert__.
func (i *Instance) Unary(in *Interp, op syntax.Operator) (Value, error) {
	name := map[syntax.Operator]string{syntax.USub: "__neg__", syntax.UAdd: "__pos__", syntax.Invert: "__invert__"}[op]
	return orNotImplemented(in.callSpecial(i, name))
}

// Abs calls __abs__.
func (i *Instance) Abs(in *Interp) (Value, error) {
	return orNotImplemented(in.callSpecial(i, "__abs__"))
}

// Compare calls __eq__ and its like; __ne__ falls back to __eq__.
func (i *Instance) Compare(in *Interp, op syntax.Comparison, other Value) (Value, error) {
	if op == syntax.NotEq && i.class.lookup("__ne__") == nil {
		r, err := in.callSpecial(i, "__eq__", other)
		if r == nil || err != nil || r == Value(NotImplemented) {
			return orNotImplemented(nil, err)
		}
		t, err := in.Truth(r)
		return Bool(!t), err
	}
	return orNotImplemented(in.callSpecial(i, compareNames[op], other))
}

// Truth calls __bool__ or __len__.
func (i *Instance) Truth(in *Interp) (bool, error) {
	r, err := in.callSpecial(i, "__bool__")
	if err != nil {
		return false, err
	}
	if r != nil {
		b, ok := r.(Bool)
		if !ok {
			return false, TypeError.New("__bool__ should return bool, returned %s", r.Type().Name)
		}
		return bool(b), nil
	}
	if i.class.lookup("__len__") == nil {
		return true, nil
	}
	n, err := i.Len(in)
	return n > 0, err
}

// Len calls __len__.
func (i *Instance) Len(in *Interp) (int, error) {
	r, err := in.callSpecial(i, "__len__")
	if err != nil {
		return 0, err
	}
	if r == nil {
		return 0, TypeError.New("object of type '%s' has no len()", i.class.Name)
	}
	n, err := in.Index(r)
	if err == nil && n < 0 {
		err = ValueError.New("__len__() should return >= 0")
	}
	return n, err
}

// GetItem calls __getitem__.
func (i *Instance) GetItem(in *Interp, key Value) (Value, error) {
	r, err := in.callSpecial(i, "__getitem__", key)
	if r == nil && err == nil {
		return nil, TypeError.New("'%s' object is not subscriptable", i.class.Name)
	}
	return r, err
}

// SetItem calls __setitem__.
func (i *Instance) SetItem(in *Interp, key, v Value) error {
	r, err := in.callSpecial(i, "__setitem__", key, v)
	if r == nil && err == nil {
		return TypeError.New("'%s' object does not support item assignment", i.class.Name)
	}
	return err
}

// DelItem calls __delitem__.
func (i *Instance) DelItem(in *Interp, key Value) error {
	r, err := in.callSpecial(i, "__delitem__", key)
	if r == nil && err == nil {
		return TypeError.New("'%s' object doesn't support item deletion", i.class.Name)
	}
	return err
}

// Contains calls __contains__ or searches by iteration.
func (i *Instance) Contains(in *Interp, v Value) (bool, error) {
	r, err := in.callSpecial(i, "__contains__", v)
	if err != nil {
		return false, err
	}
	if r != nil {
		return in.Truth(r)
	}
	if i.class.lookup("__iter__") == nil && i.class.lookup("__getitem__") == nil {
		return false, TypeError.New("argument of type '%s' is not iterable", i.class.Name)
	}
	found := false
	err = in.Each(i, func(x Value) error {
		if found {
			return errStop
		}
		eq, err := in.same(x, v)
		found = eq
		return err
	})
	return found, err
}

// Iter calls __iter__, or indexes from 0 where only __getitem__ exists.
func (i *Instance) Iter(in *Interp) (Iterator, error) {
	r, err := in.callSpecial(i, "__iter__")
	if err != nil {
		return nil, err
	}
	if r != nil {
		it, ok := iteratorOf(r)
		if !ok {
			return nil, TypeError.New("iter() returned non-iterator of type '%s'", r.Type().Name)
		}
		return it, nil
	}
	if i.class.lookup("__getitem__") == nil {
		return nil, TypeError.New("'%s' object is not iterable", i.class.Name)
	}
	at := 0
	return iterFunc(func(in *Interp) (Value, error) {
		v, err := i.GetItem(in, Int(at))
		if Matches(err, IndexError) {
			return nil, nil
		}
		at++
		return v, err
	}), nil
}

// Next calls __next__.
func (i *Instance) Next(in *Interp) (Value, error) {
	r, err := in.callSpecial(i, "__next__")
	if Matches(err, StopIteration) {
		return nil, nil
	}
	if r == nil && err == nil {
		return nil, TypeError.New("'%s' object is not an iterator", i.class.Name)
	}
	return r, err
}

// Call calls __call__.
func (i *Instance) Call(in *Interp, a Args) (Value, error) {
	fn := i.class.lookup("__call__")
	if fn == nil {
		return nil, TypeError.New("'%s' object is not callable", i.class.Name)
	}
	return in.callWithSelf(fn, i, a)
}

// Repr calls __repr__.
func (i *Instance) Repr(in *Interp) (string, error) { return i.text(in, "__repr__") }

// Str calls __str__ or __repr__.
func (i *Instance) Str(in *Interp) (string, error) {
	if i.class.lookup("__str__") != nil {
		return i.text(in, "__str__")
	}
	return i.Repr(in)
}

func (i *Instance) text(in *Interp, name string) (string, error) {
	r, err := in.callSpecial(i, name)
	if err != nil {
		return "", err
	}
	if r == nil {
		return in.defaultRepr(i), nil
	}
	return stringFrom(r, name)
}

func stringFrom(r Value, name string) (string, error) {
	s, ok := r.(Str)
	if !ok {
		return "", TypeError.New("%s returned non-string (type %s)", name, r.Type().Name)
	}
	return string(s), nil
}

// textFrom calls a __str__ or __repr__ that the program wrote.
func (in *Interp) textFrom(fn *Function, self Value, name string) (string, error) {
	r, err := in.callWithSelf(fn, self, Args{})
	if err != nil {
		return "", err
	}
	return stringFrom(r, name)
}

// Format calls __format__.
func (i *Instance) Format(in *Interp, spec string) (string, error) {
	r, err := in.callSpecial(i, "__format__", Str(spec))
	if err != nil {
		return "", err
	}
	if r == nil {
		if spec != "" {
			return "", TypeError.New("unsupported format string passed to %s.__format__", i.class.Name)
		}
		return in.Str(i)
	}
	s, ok := r.(Str)
	if !ok {
		return "", TypeError.New("__format__ must return a str, not %s", r.Type().Name)
	}
	return string(s), nil
}

func (in *Interp) hashInstance(x *Instance) (int64, error) {
	fn := x.class.lookup("__hash__")
	if fn == Value(None) {
		return 0, unhashable(x)
	}
	r, err := in.callSpecial(x, "__hash__")
	if err != nil {
		return 0, err
	}
	if r == nil {
		return int64(in.id(x)) * 16, nil
	}
	if !isIndex(r) {
		return 0, TypeError.New("__hash__ method should return an integer")
	}
	return in.Hash(r)
}

// AsFloat is not what Instances do silently; float(x) calls __float__.
func (in *Interp) instanceFloat(x *Instance) (Value, error) {
	r, err := in.callSpecial(x, "__float__")
	if err != nil || r == nil {
		return r, err
	}
	if _, ok := r.(Float); !ok {
		return nil, TypeError.New("%s.__float__ returned non-float (type %s)", x.class.Name, r.Type().Name)
	}
	return r, nil
}

// Enter calls __enter__.
func (i *Instance) Enter(in *Interp) (Value, error) {
	r, err := in.callSpecial(i, "__enter__")
	if r == nil && err == nil {
		return nil, TypeError.New("'%s' object does not support the context manager protocol", i.class.Name)
	}
	return r, err
}

// Exit calls __exit__.
func (i *Instance) Exit(in *Interp, exc *Exc) (bool, error) {
	args := []Value{None, None, None}
	if exc != nil {
		args = []Value{exc.Class, exc, None}
	}
	r, err := in.callSpecial(i, "__exit__", args...)
	if r == nil || err != nil {
		return false, err
	}
	return in.Truth(r)
}
