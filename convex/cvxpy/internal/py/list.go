package py

import (
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

func (l *List) size() int  { return len(l.Items) }
func (t *Tuple) size() int { return len(t.Items) }

// Len is the number of items.
func (l *List) Len(*Interp) (int, error)  { return len(l.Items), nil }
func (t *Tuple) Len(*Interp) (int, error) { return len(t.Items), nil }

func (l *List) concat(in *Interp, other Value) (Value, error) {
	o, ok := other.(*List)
	if !ok {
		return nil, TypeError.New("can only concatenate list (not \"%s\") to list", other.Type().Name)
	}
	items, err := in.join(l.Items, o.Items)
	return &List{items}, err
}

func (t *Tuple) concat(in *Interp, other Value) (Value, error) {
	o, ok := other.(*Tuple)
	if !ok {
		return nil, TypeError.New("can only concatenate tuple (not \"%s\") to tuple", other.Type().Name)
	}
	items, err := in.join(t.Items, o.Items)
	return &Tuple{Items: items}, err
}

func (in *Interp) join(a, b []Value) ([]Value, error) {
	if err := in.AllocN(len(a)+len(b), valueSize); err != nil {
		return nil, err
	}
	return slices.Concat(a, b), nil
}

func (l *List) times(in *Interp, n int) (Value, error) {
	items, err := in.repeatItems(l.Items, n)
	return &List{items}, err
}

func (t *Tuple) times(in *Interp, n int) (Value, error) {
	items, err := in.repeatItems(t.Items, n)
	return &Tuple{Items: items}, err
}

func (in *Interp) repeatItems(items []Value, n int) ([]Value, error) {
	if err := in.AllocN(len(items)*n, valueSize); err != nil {
		return nil, err
	}
	return slices.Repeat(items, n), nil
}

// BinaryInPlace extends or repeats the list itself.
func (l *List) BinaryInPlace(in *Interp, op syntax.Operator, other Value) (Value, error) {
	switch op {
	case syntax.Add:
		if o, ok := other.(Operand); ok {
			// An array on the right adds element-wise, as in Python.
			if r, err := o.Binary(in, op, l, true); err != nil || r != Value(NotImplemented) {
				return r, err
			}
		}
		return l, in.extend(l, other)
	case syntax.Mul:
		if !isIndex(other) {
			return NotImplemented, nil
		}
		r, err := in.repeat(l, other)
		if err != nil {
			return nil, err
		}
		l.Items = r.(*List).Items
		return l, nil
	}
	return NotImplemented, nil
}

func (in *Interp) extend(l *List, v Value) error {
	items, err := in.Collect(v)
	if err != nil {
		return err
	}
	l.Items = append(l.Items, items...)
	return in.AllocN(len(items), valueSize)
}

// Compare compares item by item.
func (l *List) Compare(in *Interp, op syntax.Comparison, other Value) (Value, error) {
	if o, ok := other.(*List); ok {
		return in.compareSequences(op, l.Items, o.Items)
	}
	return NotImplemented, nil
}

// Compare compares item by item.
func (t *Tuple) Compare(in *Interp, op syntax.Comparison, other Value) (Value, error) {
	if o, ok := other.(*Tuple); ok {
		return in.compareSequences(op, t.Items, o.Items)
	}
	return NotImplemented, nil
}

func init() {
	ListType.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) {
		items, err := in.collectArg("list", a)
		return &List{items}, err
	})
	TupleType.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) {
		if len(a.Pos) == 1 && len(a.Names) == 0 {
			if t, ok := a.Pos[0].(*Tuple); ok {
				return t, nil
			}
		}
		items, err := in.collectArg("tuple", a)
		return &Tuple{Items: items}, err
	})
	ListType.Methods(
		&Native{Name: "append", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			l := self.(*List)
			l.Items = append(l.Items, a[0])
			return None, in.Alloc(2 * valueSize)
		}},
		&Native{Name: "extend", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			return None, in.extend(self.(*List), a[0])
		}},
		&Native{Name: "insert", Min: 2, Max: 2, Fn: listInsert},
		&Native{Name: "pop", Min: 0, Max: 1, Fn: listPop},
		&Native{Name: "remove", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			l := self.(*List)
			i, err := in.indexIn(l.Items, a[0], 0, len(l.Items))
			if err != nil {
				return nil, err
			}
			if i < 0 || i >= len(l.Items) {
				return nil, ValueError.New("list.remove(x): x not in list")
			}
			l.Items = append(l.Items[:i], l.Items[i+1:]...)
			return None, nil
		}},
		&Native{Name: "clear", Fn: func(_ *Interp, self Value, _ []Value) (Value, error) {
			self.(*List).Items = nil
			return None, nil
		}},
		&Native{Name: "copy", Fn: func(in *Interp, self Value, _ []Value) (Value, error) {
			items, err := in.copyOf(self.(*List).Items)
			return &List{items}, err
		}},
		&Native{Name: "reverse", Fn: func(in *Interp, self Value, _ []Value) (Value, error) {
			l := self.(*List)
			slices.Reverse(l.Items)
			return None, in.Step(len(l.Items) / 8)
		}},
		&Native{Name: "sort", Raw: func(in *Interp, self Value, a Args) (Value, error) {
			if len(a.Pos) > 0 {
				return nil, TypeError.New("sort() takes no positional arguments")
			}
			l := self.(*List)
			items, err := in.sorted(l.Items, a)
			if err == nil {
				l.Items = items
			}
			return None, err
		}},
		indexMethod(func(v Value) []Value { return v.(*List).Items }, func(x string) *Exc { return ValueError.New("%s is not in list", x) }),
		countMethod(func(v Value) []Value { return v.(*List).Items }),
	)
	TupleType.Methods(
		indexMethod(func(v Value) []Value { return v.(*Tuple).Items }, func(string) *Exc { return ValueError.New("tuple.index(x): x not in tuple") }),
		countMethod(func(v Value) []Value { return v.(*Tuple).Items }),
	)
}

// collectArg takes the optional iterable of list(), tuple() and their like.
func (in *Interp) collectArg(name string, a Args) ([]Value, error) {
	if len(a.Names) > 0 {
		return nil, TypeError.New("%s() takes no keyword arguments", name)
	}
	if len(a.Pos) > 1 {
		return nil, arityError(name, 0, 1, len(a.Pos))
	}
	if len(a.Pos) == 0 {
		return nil, nil
	}
	return in.Collect(a.Pos[0])
}

func listInsert(in *Interp, self Value, a []Value) (Value, error) {
	l := self.(*List)
	i, err := in.Index(a[0])
	if err != nil {
		return nil, err
	}
	if i < 0 {
		i = max(0, i+len(l.Items))
	}
	l.Items = slices.Insert(l.Items, min(i, len(l.Items)), a[1])
	if err := in.Step(len(l.Items) / 16); err != nil {
		return nil, err
	}
	return None, in.Alloc(2 * valueSize)
}

func listPop(in *Interp, self Value, a []Value) (Value, error) {
	l := self.(*List)
	i := len(l.Items) - 1
	if a[0] != nil {
		var err error
		if i, err = in.Index(a[0]); err != nil {
			return nil, err
		}
		if i < 0 {
			i += len(l.Items)
		}
	}
	if len(l.Items) == 0 {
		return nil, IndexError.New("pop from empty list")
	}
	if i < 0 || i >= len(l.Items) {
		return nil, IndexError.New("pop index out of range")
	}
	v := l.Items[i]
	if err := in.Step((len(l.Items) - i) / 16); err != nil {
		return nil, err
	}
	l.Items = append(l.Items[:i], l.Items[i+1:]...)
	return v, nil
}

func (in *Interp) indexIn(items []Value, v Value, from, to int) (int, error) {
	for i := from; i < to && i < len(items); i++ {
		if err := in.Step(1); err != nil {
			return 0, err
		}
		if eq, err := in.same(items[i], v); eq || err != nil {
			return i, err
		}
	}
	return -1, nil
}

func indexMethod(items func(Value) []Value, missing func(string) *Exc) *Native {
	return &Native{Name: "index", Min: 1, Max: 3, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
		list := items(self)
		s := &SliceValue{None, None, None}
		if a[1] != nil {
			s.Start = a[1]
		}
		if a[2] != nil {
			s.Stop = a[2]
		}
		from, to, _, _, err := s.span(in, len(list))
		if err != nil {
			return nil, err
		}
		i, err := in.indexIn(list, a[0], from, to)
		if err != nil {
			return nil, err
		}
		if i < 0 {
			text, err := in.Repr(a[0])
			if err != nil {
				return nil, err
			}
			return nil, missing(text)
		}
		return Int(i), nil
	}}
}

func countMethod(items func(Value) []Value) *Native {
	return &Native{Name: "count", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
		n := 0
		for _, v := range items(self) {
			if err := in.Step(1); err != nil {
				return nil, err
			}
			eq, err := in.same(v, a[0])
			if err != nil {
				return nil, err
			}
			if eq {
				n++
			}
		}
		return Int(n), nil
	}}
}
