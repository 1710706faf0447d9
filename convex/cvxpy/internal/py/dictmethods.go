package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Compare knows equality only.
func (d *Dict) Compare(in *Interp, op syntax.Comparison, other Value) (Value, error) {
	o, ok := other.(*Dict)
	if !ok || op != syntax.Eq && op != syntax.NotEq {
		return NotImplemented, nil
	}
	if err := in.Enter(" in comparison"); err != nil {
		return nil, err
	}
	defer in.Leave()
	same := d.used == o.used
	for i := 0; same && i < len(d.entries); i++ {
		e := d.entries[i]
		if e.key == nil {
			continue
		}
		if err := in.Step(1); err != nil {
			return nil, err
		}
		v, err := o.Get(in, e.key)
		if err != nil {
			return nil, err
		}
		if v == nil {
			same = false
		} else if same, err = in.same(e.value, v); err != nil {
			return nil, err
		}
	}
	return Bool(same == (op == syntax.Eq)), nil
}

// Binary merges with |.
func (d *Dict) Binary(in *Interp, op syntax.Operator, other Value, reflected bool) (Value, error) {
	o, ok := other.(*Dict)
	if !ok || op != syntax.BitOr || reflected {
		return NotImplemented, nil
	}
	c, err := d.Copy(in)
	if err != nil {
		return nil, err
	}
	return c, in.update(c, o)
}

// BinaryInPlace merges with |=.
func (d *Dict) BinaryInPlace(in *Interp, op syntax.Operator, other Value) (Value, error) {
	if op != syntax.BitOr {
		return NotImplemented, nil
	}
	return d, in.update(d, other)
}

// update adds the pairs of a mapping or of an iterable of pairs.
func (in *Interp) update(d *Dict, v Value) error {
	if o, ok := v.(*Dict); ok {
		var err error
		o.Range(func(key, value Value) bool {
			if err = in.Step(1); err == nil {
				err = d.Set(in, key, value)
			}
			return err == nil
		})
		return err
	}
	if hasKeys(in, v) {
		keys, err := in.callMethod(v, "keys")
		if err != nil {
			return err
		}
		return in.Each(keys, func(k Value) error {
			x, err := in.GetItem(v, k)
			if err != nil {
				return err
			}
			return d.Set(in, k, x)
		})
	}
	i := 0
	return in.Each(v, func(pair Value) error {
		items, err := in.take(pair, -1)
		if err != nil {
			return TypeError.New("cannot convert dictionary update sequence element #%d to a sequence", i)
		}
		if len(items) != 2 {
			return ValueError.New("dictionary update sequence element #%d has length %d; 2 is required", i, len(items))
		}
		i++
		return d.Set(in, items[0], items[1])
	})
}

// hasKeys reports whether v can act as a mapping.
func hasKeys(in *Interp, v Value) bool {
	switch x := v.(type) {
	case *Dict:
		return true
	case *Instance:
		return x.class.lookup("keys") != nil
	}
	return v.Type().lookup("keys") != nil
}

// callMethod is v.name(args...).
func (in *Interp) callMethod(v Value, name string, args ...Value) (Value, error) {
	fn, self, err := in.method(v, name)
	if err != nil {
		return nil, err
	}
	return in.callWithSelf(fn, self, Args{Pos: args})
}

// dictView is what keys(), values() and items() give.
type dictView struct {
	dict *Dict
	what dictPart
}

var viewTypes = [...]*Type{newRooted("dict_keys"), newRooted("dict_values"), newRooted("dict_items")}
var viewIterTypes = [...]*Type{newRooted("dict_keyiterator"), newRooted("dict_valueiterator"), newRooted("dict_itemiterator")}

// Type is dict_keys, dict_values or dict_items.
func (v *dictView) Type() *Type { return viewTypes[v.what] }

// Iter walks the dict.
func (v *dictView) Iter(*Interp) (Iterator, error) {
	return &dictIter{dict: v.dict, version: v.dict.version, size: v.dict.used, what: v.what}, nil
}

// Len is the dict's.
func (v *dictView) Len(*Interp) (int, error) { return v.dict.used, nil }

// Contains looks a key up, or searches.
func (v *dictView) Contains(in *Interp, x Value) (bool, error) {
	if v.what == dictKey {
		got, err := v.dict.Get(in, x)
		return got != nil, err
	}
	items, err := in.Collect(v)
	if err != nil {
		return false, err
	}
	return in.containsIn(items, x)
}

// Binary gives the set operations on keys and items.
func (v *dictView) Binary(in *Interp, op syntax.Operator, other Value, reflected bool) (Value, error) {
	if v.what == dictValue {
		return NotImplemented, nil
	}
	a, err := in.SetOf(false, v)
	if err != nil {
		return nil, err
	}
	b, err := in.SetOf(false, other)
	if err != nil {
		return nil, err
	}
	if reflected {
		a, b = b, a
	}
	return in.setBinary(op, a, b)
}

// Compare compares keys and items as sets.
func (v *dictView) Compare(in *Interp, op syntax.Comparison, other Value) (Value, error) {
	_, isView := other.(*dictView)
	_, isSet := other.(*Set)
	if v.what == dictValue || !isView && !isSet {
		return NotImplemented, nil
	}
	a, err := in.SetOf(false, v)
	if err != nil {
		return nil, err
	}
	b, err := in.SetOf(false, other)
	if err != nil {
		return nil, err
	}
	return a.Compare(in, op, b)
}

// Repr is dict_keys([...]).
func (v *dictView) Repr(in *Interp) (string, error) {
	items, err := in.Collect(v)
	if err != nil {
		return "", err
	}
	s, err := in.Repr(&List{items})
	return v.Type().Name + "(" + s + ")", err
}

func init() {
	DictType.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) {
		d := NewDict()
		return d, in.dictArgs("dict", d, a)
	})
	view := func(name string, what dictPart) *Native {
		return &Native{Name: name, Fn: func(_ *Interp, self Value, _ []Value) (Value, error) {
			return &dictView{self.(*Dict), what}, nil
		}}
	}
	DictType.Methods(
		view("keys", dictKey), view("values", dictValue), view("items", dictItem),
		&Native{Name: "get", Min: 1, Max: 2, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			v, err := self.(*Dict).Get(in, a[0])
			return orDefault(v, a[1]), err
		}},
		&Native{Name: "setdefault", Min: 1, Max: 2, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			d := self.(*Dict)
			v, err := d.Get(in, a[0])
			if v != nil || err != nil {
				return v, err
			}
			v = orDefault(nil, a[1])
			return v, d.Set(in, a[0], v)
		}},
		&Native{Name: "pop", Min: 1, Max: 2, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			v, err := self.(*Dict).Delete(in, a[0])
			if v != nil || err != nil {
				return v, err
			}
			if a[1] == nil {
				return nil, keyError(a[0])
			}
			return a[1], nil
		}},
		&Native{Name: "popitem", Fn: func(_ *Interp, self Value, _ []Value) (Value, error) {
			d := self.(*Dict)
			for i := len(d.entries) - 1; i >= 0; i-- {
				if e := d.entries[i]; e.key != nil {
					d.deleteAt(i)
					return NewTuple(e.key, e.value), nil
				}
			}
			return nil, keyError(Str("popitem(): dictionary is empty"))
		}},
		&Native{Name: "update", Raw: func(in *Interp, self Value, a Args) (Value, error) {
			return None, in.dictArgs("update", self.(*Dict), a)
		}},
		&Native{Name: "copy", Fn: func(in *Interp, self Value, _ []Value) (Value, error) { return self.(*Dict).Copy(in) }},
		&Native{Name: "clear", Fn: func(_ *Interp, self Value, _ []Value) (Value, error) {
			self.(*Dict).Clear()
			return None, nil
		}},
	)
	DictType.Set("fromkeys", &StaticMethod{&Native{Name: "fromkeys", Min: 1, Max: 2, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
		d := NewDict()
		v := orDefault(nil, a[1])
		return d, in.Each(a[0], func(k Value) error { return d.Set(in, k, v) })
	}}})
}

func orDefault(v, def Value) Value {
	switch {
	case v != nil:
		return v
	case def != nil:
		return def
	}
	return None
}

// dictArgs adds what dict(...) and update(...) are given.
func (in *Interp) dictArgs(name string, d *Dict, a Args) error {
	if len(a.Pos) > 1 {
		return arityError(name, 0, 1, len(a.Pos))
	}
	if len(a.Pos) == 1 {
		if err := in.update(d, a.Pos[0]); err != nil {
			return err
		}
	}
	for i, n := range a.Names {
		if err := d.Set(in, Str(n), a.Named[i]); err != nil {
			return err
		}
	}
	return nil
}
