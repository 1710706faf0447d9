package stdlib

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// Copier lets objects of bindings be copied.
type Copier interface {
	Copy(in *py.Interp, deep bool) (py.Value, error)
}

func copyModule(*py.Interp) *py.Module {
	return module("copy",
		fn("copy", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
			return copyValue(in, a[0], nil)
		}),
		fn("deepcopy", 1, 2, func(in *py.Interp, a []py.Value) (py.Value, error) {
			return copyValue(in, a[0], map[py.Value]py.Value{})
		}),
	)
}

// copyValue copies v; with a memo it copies what is inside as well.
func copyValue(in *py.Interp, v py.Value, memo map[py.Value]py.Value) (py.Value, error) {
	if err := in.Enter(""); err != nil {
		return nil, err
	}
	defer in.Leave()
	if err := in.Step(1); err != nil {
		return nil, err
	}
	deep := memo != nil
	if deep {
		switch v.(type) {
		case *py.List, *py.Dict, *py.Set, *py.Instance:
			if done, ok := memo[v]; ok {
				return done, nil
			}
		}
	}
	inside := func(x py.Value) (py.Value, error) {
		if !deep {
			return x, nil
		}
		return copyValue(in, x, memo)
	}
	switch x := v.(type) {
	case *py.List:
		out := py.NewList()
		if deep {
			memo[v] = out
		}
		items, err := copyItems(in, x.Items, inside)
		out.Items = items
		return out, err
	case *py.Tuple:
		if !deep {
			return v, nil
		}
		items, err := copyItems(in, x.Items, inside)
		return x.With(items), err
	case *py.Dict:
		out, err := x.Copy(in)
		if err != nil || !deep {
			return out, err
		}
		memo[v] = out
		x.Range(func(k, e py.Value) bool {
			var c py.Value
			if c, err = inside(e); err == nil {
				err = out.Set(in, k, c)
			}
			return err == nil
		})
		return out, err
	case *py.Set:
		return in.SetOf(x.Type() == py.FrozenSetType, x)
	case *py.Instance:
		for _, name := range []string{"__copy__", "__deepcopy__"} {
			if x.Type().Lookup(name) != nil {
				return nil, py.Unsupported("copying by %s is not supported", name)
			}
		}
		out := py.NewInstance(x.Type())
		if deep {
			memo[v] = out
		}
		for _, n := range x.Attrs().Names() {
			c, err := inside(x.Attrs().Get(n))
			if err != nil {
				return nil, err
			}
			out.Attrs().Set(n, c)
		}
		return out, in.AllocN(len(x.Attrs().Names())+4, 64)
	case Copier:
		return x.Copy(in, deep)
	}
	return v, nil
}

func copyItems(in *py.Interp, items []py.Value, inside func(py.Value) (py.Value, error)) ([]py.Value, error) {
	if err := in.AllocN(len(items), 16); err != nil {
		return nil, err
	}
	out := make([]py.Value, len(items))
	for i, x := range items {
		c, err := inside(x)
		if err != nil {
			return nil, err
		}
		out[i] = c
	}
	return out, nil
}
