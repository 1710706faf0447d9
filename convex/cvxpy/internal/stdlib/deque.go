package stdlib

import (
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// deque is collections.deque over a slice.
type deque struct {
	items []py.Value
	max   int // -1: unbounded
}

var dequeType = py.NewType("collections.deque")

func (*deque) Type() *py.Type { return dequeType }

// Len is the number of items.
func (d *deque) Len(*py.Interp) (int, error) { return len(d.items), nil }

// Iter walks a copy: a deque that changes meanwhile is rare enough.
func (d *deque) Iter(in *py.Interp) (py.Iterator, error) {
	return in.Iter(py.NewTuple(slices.Clone(d.items)...))
}

// GetItem takes an index.
func (d *deque) GetItem(in *py.Interp, key py.Value) (py.Value, error) {
	if _, ok := key.(*py.SliceValue); ok {
		return nil, py.TypeError.New("sequence index must be integer, not 'slice'")
	}
	v, err := in.GetItem(py.NewList(d.items...), key)
	if py.Matches(err, py.IndexError) {
		return nil, py.IndexError.New("deque index out of range")
	}
	return v, err
}

// SetItem takes an index.
func (d *deque) SetItem(in *py.Interp, key, v py.Value) error {
	err := in.SetItem(py.NewList(d.items...), key, v)
	if py.Matches(err, py.IndexError) {
		return py.IndexError.New("deque index out of range")
	}
	return err
}

// Compare compares item by item.
func (d *deque) Compare(in *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	o, ok := other.(*deque)
	if !ok {
		return py.NotImplemented, nil
	}
	return in.Compare(op, py.NewList(d.items...), py.NewList(o.items...))
}

// Repr is deque([...]).
func (d *deque) Repr(in *py.Interp) (string, error) {
	s, err := in.Repr(py.NewList(d.items...))
	if d.max >= 0 {
		m, _ := in.Repr(py.Int(d.max))
		return "deque(" + s + ", maxlen=" + m + ")", err
	}
	return "deque(" + s + ")", err
}

func (d *deque) push(in *py.Interp, v py.Value, left bool) error {
	if left {
		d.items = slices.Insert(d.items, 0, v)
	} else {
		d.items = append(d.items, v)
	}
	if d.max >= 0 && len(d.items) > d.max {
		if left {
			d.items = d.items[:d.max]
		} else {
			d.items = d.items[len(d.items)-d.max:]
		}
	}
	if err := in.Step(len(d.items) / 16); err != nil {
		return err
	}
	return in.Alloc(32)
}

func init() {
	dequeType.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		b, err := py.NewSignature("deque", "iterable=, maxlen=").Bind(a)
		if err != nil {
			return nil, err
		}
		d := &deque{max: -1}
		if b.Has("maxlen") {
			if d.max, err = in.Index(b.Get("maxlen")); err != nil {
				return nil, err
			}
		}
		if v := b.Get("iterable"); v != nil {
			err = in.Each(v, func(x py.Value) error { return d.push(in, x, false) })
		}
		return d, err
	})
	method := func(name string, min, max int, f func(in *py.Interp, d *deque, a []py.Value) (py.Value, error)) *py.Native {
		return &py.Native{Name: name, Min: min, Max: max, Fn: func(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
			return f(in, self.(*deque), a)
		}}
	}
	pop := func(name string, left bool) *py.Native {
		return method(name, 0, 0, func(_ *py.Interp, d *deque, _ []py.Value) (py.Value, error) {
			n := len(d.items)
			if n == 0 {
				return nil, py.IndexError.New("pop from an empty deque")
			}
			if left {
				v := d.items[0]
				d.items = d.items[1:]
				return v, nil
			}
			v := d.items[n-1]
			d.items = d.items[:n-1]
			return v, nil
		})
	}
	dequeType.Methods(
		pop("pop", false), pop("popleft", true),
		method("append", 1, 1, func(in *py.Interp, d *deque, a []py.Value) (py.Value, error) { return py.None, d.push(in, a[0], false) }),
		method("appendleft", 1, 1, func(in *py.Interp, d *deque, a []py.Value) (py.Value, error) {
			return py.None, d.push(in, a[0], true)
		}),
		method("extend", 1, 1, func(in *py.Interp, d *deque, a []py.Value) (py.Value, error) {
			return py.None, in.Each(a[0], func(v py.Value) error { return d.push(in, v, false) })
		}),
		method("clear", 0, 0, func(_ *py.Interp, d *deque, _ []py.Value) (py.Value, error) {
			d.items = nil
			return py.None, nil
		}),
		method("rotate", 0, 1, func(in *py.Interp, d *deque, a []py.Value) (py.Value, error) {
			k := 1
			if a[0] != nil {
				var err error
				if k, err = in.Index(a[0]); err != nil {
					return nil, err
				}
			}
			if n := len(d.items); n > 0 {
				k = ((k % n) + n) % n
				d.items = slices.Concat(d.items[n-k:], d.items[:n-k])
			}
			return py.None, in.AllocN(len(d.items), 16)
		}),
	)
}
