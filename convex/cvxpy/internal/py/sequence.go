package py

// This file holds what lists, tuples, ranges and strings share: subscripts.

// span resolves a slice against a length, as slice.indices does.
func (s *SliceValue) span(in *Interp, length int) (start, stop, step, n int, err error) {
	step = 1
	part := func(v Value, def int) int {
		if err != nil || v == Value(None) {
			return def
		}
		if b, ok := v.(*BigInt); ok {
			if b.big.Sign() < 0 {
				return -1 << 62
			}
			return 1 << 62
		}
		if !isIndex(v) {
			err = TypeError.New("slice indices must be integers or None or have an __index__ method")
			return def
		}
		var i int
		i, err = in.Index(v)
		return i
	}
	step = part(s.Step, 1)
	if err != nil {
		return
	}
	if step == 0 {
		return 0, 0, 0, 0, ValueError.New("slice step cannot be zero")
	}
	step = max(step, -1<<62)
	clampTo := func(i, low, high int) int {
		if i < 0 {
			if i += length; i < 0 {
				i = low
			}
		}
		return min(max(i, low), high)
	}
	if step > 0 {
		start = clampTo(part(s.Start, 0), 0, length)
		stop = clampTo(part(s.Stop, length), 0, length)
		if start < stop {
			n = (stop-start-1)/step + 1
		}
		return
	}
	start, stop = length-1, -1
	if s.Start != Value(None) {
		start = clampTo(part(s.Start, 0), -1, length-1)
	}
	if s.Stop != Value(None) {
		stop = clampTo(part(s.Stop, 0), -1, length-1)
	}
	if stop < start {
		n = (start-stop-1)/(-step) + 1
	}
	return
}

// Span is span for bindings.
func (s *SliceValue) Span(in *Interp, length int) (start, step, n int, err error) {
	start, _, step, n, err = s.span(in, length)
	return
}

// position turns a subscript into an index of a sequence of the given length.
func (in *Interp) position(key Value, length int, kind string) (int, error) {
	i, err := in.Index(key)
	if err != nil {
		if e := AsExc(err); e != nil && e.Class == OverflowError {
			return 0, IndexError.New("cannot fit 'int' into an index-sized integer")
		}
		return 0, err
	}
	if i < 0 {
		i += length
	}
	if i < 0 || i >= length {
		return 0, IndexError.New("%s index out of range", kind)
	}
	return i, nil
}

func indexTypeError(kind string, key Value) error {
	if kind == "string" {
		return TypeError.New("string indices must be integers, not '%s'", key.Type().Name)
	}
	return TypeError.New("%s indices must be integers or slices, not %s", kind, key.Type().Name)
}

// pick copies the items that a slice selects.
func (in *Interp) pick(items []Value, s *SliceValue) ([]Value, error) {
	start, _, step, n, err := s.span(in, len(items))
	if err != nil {
		return nil, err
	}
	if err := in.AllocN(n, valueSize); err != nil {
		return nil, err
	}
	out := make([]Value, n)
	for i := range out {
		out[i] = items[start+i*step]
	}
	return out, nil
}

// GetItem is v[key].
func (in *Interp) GetItem(v, key Value) (Value, error) {
	switch x := v.(type) {
	case *List:
		if i, ok := key.(Int); ok && i >= 0 && int(i) < len(x.Items) {
			return x.Items[i], nil
		}
		if s, ok := key.(*SliceValue); ok {
			items, err := in.pick(x.Items, s)
			return &List{items}, err
		}
		return in.item(x.Items, key, "list")
	case *Tuple:
		if s, ok := key.(*SliceValue); ok {
			items, err := in.pick(x.Items, s)
			return &Tuple{Items: items}, err
		}
		return in.item(x.Items, key, "tuple")
	case *Dict:
		r, err := x.Get(in, key)
		if r == nil && err == nil {
			if x.Default != nil {
				return x.Default(in, key)
			}
			return nil, keyError(key)
		}
		return r, err
	case Str:
		return in.strItem(x, key)
	case *Range:
		return in.rangeItem(x, key)
	case Indexer:
		return x.GetItem(in, key)
	case *Type:
		return in.typeItem(x, key)
	}
	return nil, TypeError.New("'%s' object is not subscriptable", v.Type().Name)
}

func keyError(key Value) *Exc {
	e := KeyError.New("")
	e.Args = []Value{key}
	return e
}

func (in *Interp) item(items []Value, key Value, kind string) (Value, error) {
	if !isIndex(key) {
		return nil, indexTypeError(kind, key)
	}
	i, err := in.position(key, len(items), kind)
	if err != nil {
		return nil, err
	}
	return items[i], nil
}

// SetItem is v[key] = x.
func (in *Interp) SetItem(v, key, x Value) error {
	switch o := v.(type) {
	case *Dict:
		return o.Set(in, key, x)
	case *List:
		return in.setListItem(o, key, x)
	case ItemSetter:
		return o.SetItem(in, key, x)
	}
	return TypeError.New("'%s' object does not support item assignment", v.Type().Name)
}

func (in *Interp) setListItem(l *List, key, x Value) error {
	if s, ok := key.(*SliceValue); ok {
		return in.setListSlice(l, s, x)
	}
	if !isIndex(key) {
		return indexTypeError("list", key)
	}
	i, err := in.position(key, len(l.Items), "list assignment")
	if err != nil {
		return err
	}
	l.Items[i] = x
	return nil
}

func (in *Interp) setListSlice(l *List, s *SliceValue, v Value) error {
	items, err := in.Collect(v)
	if err != nil {
		if _, ok := v.(Iterable); !ok && Matches(err, TypeError) {
			return TypeError.New("can only assign an iterable")
		}
		return err
	}
	start, stop, step, n, err := s.span(in, len(l.Items))
	if err != nil {
		return err
	}
	if step != 1 {
		if len(items) != n {
			return ValueError.New("attempt to assign sequence of size %d to extended slice of size %d", len(items), n)
		}
		for i, x := range items {
			l.Items[start+i*step] = x
		}
		return nil
	}
	stop = max(stop, start)
	if err := in.AllocN(len(l.Items)+len(items), valueSize); err != nil {
		return err
	}
	out := append([]Value(nil), l.Items[:start]...)
	out = append(out, items...)
	l.Items = append(out, l.Items[stop:]...)
	return nil
}

// DelItem is del v[key].
func (in *Interp) DelItem(v, key Value) error {
	switch o := v.(type) {
	case *Dict:
		old, err := o.Delete(in, key)
		if old == nil && err == nil {
			return keyError(key)
		}
		return err
	case *List:
		if err := in.Step(len(o.Items) / 16); err != nil {
			return err
		}
		if s, ok := key.(*SliceValue); ok {
			return in.delListSlice(o, s)
		}
		if !isIndex(key) {
			return indexTypeError("list", key)
		}
		i, err := in.position(key, len(o.Items), "list assignment")
		if err != nil {
			return err
		}
		o.Items = append(o.Items[:i], o.Items[i+1:]...)
		return nil
	case ItemDeleter:
		return o.DelItem(in, key)
	case *Type:
		return TypeError.New("'type' object does not support item deletion")
	}
	return TypeError.New("'%s' object doesn't support item deletion", v.Type().Name)
}

func (in *Interp) delListSlice(l *List, s *SliceValue) error {
	start, _, step, n, err := s.span(in, len(l.Items))
	if err != nil || n == 0 {
		return err
	}
	drop := make(map[int]bool, n)
	for i := range n {
		drop[start+i*step] = true
	}
	kept := make([]Value, 0, len(l.Items)-n)
	for i, v := range l.Items {
		if !drop[i] {
			kept = append(kept, v)
		}
	}
	l.Items = kept
	return in.AllocN(len(kept), valueSize)
}
