package stdlib

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

func operatorModule(*py.Interp) *py.Module {
	m := module("operator",
		fn("neg", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) { return in.Unary(syntax.USub, a[0]) }),
		fn("pos", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) { return in.Unary(syntax.UAdd, a[0]) }),
		fn("getitem", 2, 2, func(in *py.Interp, a []py.Value) (py.Value, error) { return in.GetItem(a[0], a[1]) }),
		fn("contains", 2, 2, func(in *py.Interp, a []py.Value) (py.Value, error) {
			has, err := in.Contains(a[0], a[1])
			return py.Bool(has), err
		}),
		fn("not_", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
			t, err := in.Truth(a[0])
			return py.Bool(!t), err
		}),
		fn("truth", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
			t, err := in.Truth(a[0])
			return py.Bool(t), err
		}),
		fn("itemgetter", 1, -1, func(_ *py.Interp, keys []py.Value) (py.Value, error) {
			return getter("itemgetter", len(keys), func(in *py.Interp, v py.Value, i int) (py.Value, error) { return in.GetItem(v, keys[i]) }), nil
		}),
		fn("attrgetter", 1, -1, func(_ *py.Interp, names []py.Value) (py.Value, error) {
			for _, n := range names {
				if _, ok := n.(py.Str); !ok {
					return nil, py.TypeError.New("attribute name must be a string")
				}
			}
			return getter("attrgetter", len(names), func(in *py.Interp, v py.Value, i int) (py.Value, error) {
				return in.GetAttr(v, string(names[i].(py.Str)))
			}), nil
		}),
	)
	for name, op := range map[string]syntax.Operator{
		"add": syntax.Add, "sub": syntax.Sub, "mul": syntax.Mul, "matmul": syntax.MatMul, "truediv": syntax.Div,
		"floordiv": syntax.FloorDiv, "mod": syntax.Mod, "pow": syntax.Pow, "and_": syntax.BitAnd, "or_": syntax.BitOr, "xor": syntax.BitXor,
	} {
		m.Set(name, fn(name, 2, 2, func(in *py.Interp, a []py.Value) (py.Value, error) { return in.Binary(op, a[0], a[1]) }))
	}
	for name, op := range map[string]syntax.Comparison{
		"eq": syntax.Eq, "ne": syntax.NotEq, "lt": syntax.Lt, "le": syntax.LtE, "gt": syntax.Gt, "ge": syntax.GtE,
	} {
		m.Set(name, fn(name, 2, 2, func(in *py.Interp, a []py.Value) (py.Value, error) { return in.Compare(op, a[0], a[1]) }))
	}
	return m
}

// getter makes a function that takes one part of its argument, or a tuple of n.
func getter(name string, n int, get func(in *py.Interp, v py.Value, i int) (py.Value, error)) py.Value {
	return fn(name, 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
		if n == 1 {
			return get(in, a[0], 0)
		}
		out := make([]py.Value, n)
		for i := range out {
			v, err := get(in, a[0], i)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return py.NewTuple(out...), nil
	})
}
