package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// assign binds a target to v.
func (f *frame) assign(t syntax.Expr, v Value) error {
	switch x := t.(type) {
	case *syntax.Name:
		return f.store(x, v)
	case *syntax.Attribute:
		obj, err := f.eval(x.X)
		if err != nil {
			return err
		}
		if err := f.in.SetAttr(obj, x.Name, v); err != nil {
			return f.at(x, err)
		}
		return nil
	case *syntax.Subscript:
		obj, err := f.eval(x.X)
		if err != nil {
			return err
		}
		key, err := f.eval(x.Index)
		if err != nil {
			return err
		}
		if err := f.in.SetItem(obj, key, v); err != nil {
			return f.at(x, err)
		}
		return nil
	case *syntax.Tuple:
		return f.unpack(x, x.Elts, v)
	case *syntax.List:
		return f.unpack(x, x.Elts, v)
	}
	return f.at(t, SyntaxError.New("starred assignment target must be in a list or tuple"))
}

// unpack assigns the elements of v to several targets, one of them maybe starred.
func (f *frame) unpack(at syntax.Expr, targets []syntax.Expr, v Value) error {
	star := -1
	for i, t := range targets {
		if _, ok := t.(*syntax.Starred); ok {
			star = i
		}
	}
	limit := len(targets)
	if star >= 0 {
		limit = -1
	}
	items, err := f.in.take(v, limit)
	if err != nil {
		return f.at(at, err)
	}
	if star < 0 {
		switch {
		case len(items) < len(targets):
			return f.at(at, ValueError.New("not enough values to unpack (expected %d, got %d)", len(targets), len(items)))
		case len(items) > len(targets):
			return f.at(at, ValueError.New("too many values to unpack (expected %d)", len(targets)))
		}
		for i, t := range targets {
			if err := f.assign(t, items[i]); err != nil {
				return err
			}
		}
		return nil
	}
	after := len(targets) - star - 1
	if len(items) < len(targets)-1 {
		return f.at(at, ValueError.New("not enough values to unpack (expected at least %d, got %d)", len(targets)-1, len(items)))
	}
	for i, t := range targets {
		var x Value
		switch {
		case i < star:
			x = items[i]
		case i == star:
			middle := items[star : len(items)-after]
			if err := f.in.AllocN(len(middle), valueSize); err != nil {
				return f.at(at, err)
			}
			x = &List{append([]Value(nil), middle...)}
			t = t.(*syntax.Starred).X
		default:
			x = items[len(items)-(len(targets)-i)]
		}
		if err := f.assign(t, x); err != nil {
			return err
		}
	}
	return nil
}

// take collects up to limit+1 elements of v (all with limit < 0) for unpacking.
func (in *Interp) take(v Value, limit int) ([]Value, error) {
	switch x := v.(type) {
	case *Tuple:
		return x.Items, nil
	case *List:
		return x.Items, nil
	}
	it, err := in.Iter(v)
	if err != nil {
		if e := AsExc(err); e != nil && e.Class == TypeError && len(e.trace) == 0 {
			return nil, TypeError.New("cannot unpack non-iterable %s object", v.Type().Name)
		}
		return nil, err
	}
	var items []Value
	for limit < 0 || len(items) <= limit {
		x, err := in.Next(it)
		if err != nil {
			return nil, err
		}
		if x == nil {
			break
		}
		if err := in.AllocN(1, 2*valueSize); err != nil {
			return nil, err
		}
		if err := in.Step(1); err != nil {
			return nil, err
		}
		items = append(items, x)
	}
	return items, nil
}
