package py

import "errors"

// errStop ends Each early; it never leaves it.
var errStop = errors.New("stop")

// iterFunc makes an Iterator of a function.
type iterFunc func(in *Interp) (Value, error)

// Next calls the function.
func (f iterFunc) Next(in *Interp) (Value, error) { return f(in) }

// IterValue is an iterator as a Python object.
type IterValue struct {
	it  Iterator
	typ *Type
}

// Type is list_iterator, zip and so on.
func (v *IterValue) Type() *Type { return v.typ }

// Next asks the iterator below.
func (v *IterValue) Next(in *Interp) (Value, error) { return v.it.Next(in) }

// iteratorOf returns v as an iterator if it is one.
func iteratorOf(v Value) (Iterator, bool) {
	switch x := v.(type) {
	case *Instance:
		return x, x.class.lookup("__next__") != nil
	case Iterator:
		return x, true
	}
	return nil, false
}

// Iter is iter(v).
func (in *Interp) Iter(v Value) (Iterator, error) {
	switch x := v.(type) {
	case *List:
		return &listIter{list: x}, nil
	case *Tuple:
		return &sliceIter{items: x.Items}, nil
	case *Range:
		return &rangeIter{next: x.Start, step: x.Step, left: x.N}, nil
	case Str:
		return &strIter{rest: string(x)}, nil
	case *Dict:
		return &dictIter{dict: x, version: x.version, size: x.used}, nil
	case *Set:
		return &setIter{set: x, change: x.change}, nil
	case Iterable:
		return x.Iter(in)
	case Iterator:
		return x, nil
	case *Type:
		if x.members != nil {
			return &sliceIter{items: x.members()}, nil
		}
	}
	return nil, TypeError.New("'%s' object is not iterable", v.Type().Name)
}

type listIter struct {
	list *List
	at   int
}

func (it *listIter) Next(*Interp) (Value, error) {
	if it.list == nil || it.at >= len(it.list.Items) {
		it.list = nil
		return nil, nil
	}
	it.at++
	return it.list.Items[it.at-1], nil
}

type sliceIter struct {
	items []Value
	at    int
}

func (it *sliceIter) Next(*Interp) (Value, error) {
	if it.at >= len(it.items) {
		return nil, nil
	}
	it.at++
	return it.items[it.at-1], nil
}

type rangeIter struct {
	next, step Int
	left       int
}

func (it *rangeIter) Next(*Interp) (Value, error) {
	if it.left <= 0 {
		return nil, nil
	}
	v := it.next
	it.next += it.step
	it.left--
	return v, nil
}

type strIter struct{ rest string }

func (it *strIter) Next(*Interp) (Value, error) {
	if it.rest == "" {
		return nil, nil
	}
	for i := range it.rest {
		if i > 0 {
			c := it.rest[:i]
			it.rest = it.rest[i:]
			return Str(c), nil
		}
	}
	c := it.rest
	it.rest = ""
	return Str(c), nil
}

type dictPart uint8

const (
	dictKey dictPart = iota
	dictValue
	dictItem
)

func (e *dictEntry) part(p dictPart) Value {
	switch p {
	case dictKey:
		return e.key
	case dictValue:
		return e.value
	}
	return NewTuple(e.key, e.value)
}

type dictIter struct {
	dict    *Dict
	at      int
	version int
	what    dictPart
	size    int
}

func (it *dictIter) Next(*Interp) (Value, error) {
	if it.dict == nil {
		return nil, nil
	}
	if it.version != it.dict.version {
		if it.size != it.dict.used {
			return nil, RuntimeError.New("dictionary changed size during iteration")
		}
		return nil, RuntimeError.New("dictionary keys changed during iteration")
	}
	for it.at < len(it.dict.entries) {
		e := &it.dict.entries[it.at]
		it.at++
		if e.key != nil {
			return e.part(it.what), nil
		}
	}
	it.dict = nil
	return nil, nil
}

type setIter struct {
	set    *Set
	at     int
	change int
}

func (it *setIter) Next(*Interp) (Value, error) {
	if it.set == nil {
		return nil, nil
	}
	if it.change != it.set.change {
		return nil, RuntimeError.New("Set changed size during iteration")
	}
	for it.at < len(it.set.table) {
		e := &it.set.table[it.at]
		it.at++
		if e.key != nil {
			return e.key, nil
		}
	}
	it.set = nil
	return nil, nil
}

// Each calls f for every element of v.
func (in *Interp) Each(v Value, f func(Value) error) error {
	it, err := in.Iter(v)
	if err != nil {
		return err
	}
	for {
		if err := in.Step(1); err != nil {
			return err
		}
		x, err := in.Next(it)
		if x == nil || err != nil {
			return err
		}
		if err := f(x); err != nil {
			if err == errStop {
				return nil
			}
			return err
		}
	}
}

// Collect makes a slice of the elements of v, which the caller may keep.
func (in *Interp) Collect(v Value) ([]Value, error) {
	switch x := v.(type) {
	case *List:
		return in.copyOf(x.Items)
	case *Tuple:
		return in.copyOf(x.Items)
	case *Range:
		if err := in.AllocN(x.N, 2*valueSize); err != nil {
			return nil, err
		}
		if err := in.Step(x.N); err != nil {
			return nil, err
		}
	}
	var items []Value
	err := in.Each(v, func(x Value) error {
		items = append(items, x)
		return in.Alloc(2 * valueSize)
	})
	return items, err
}

func (in *Interp) copyOf(items []Value) ([]Value, error) {
	if err := in.AllocN(len(items), valueSize); err != nil {
		return nil, err
	}
	return append([]Value(nil), items...), nil
}
