package numpy

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// This file gives arrays their attributes and methods.

func init() {
	attr := func(name string, f func(in *py.Interp, a *Array) (py.Value, error)) {
		arrayType.Attribute(name, func(in *py.Interp, v py.Value) (py.Value, error) { return f(in, v.(*Array)) })
	}
	attr("shape", func(_ *py.Interp, a *Array) (py.Value, error) { return shapeTuple(a.shape), nil })
	attr("ndim", func(_ *py.Interp, a *Array) (py.Value, error) { return py.Int(a.ndim()), nil })
	attr("size", func(_ *py.Interp, a *Array) (py.Value, error) { return py.Int(a.size()), nil })
	attr("dtype", func(_ *py.Interp, a *Array) (py.Value, error) { return a.dtypeValue(), nil })
	attr("T", func(_ *py.Interp, a *Array) (py.Value, error) { return a.transposed(), nil })
	attr("real", func(_ *py.Interp, a *Array) (py.Value, error) { return a, nil })
	attr("itemsize", func(in *py.Interp, a *Array) (py.Value, error) { return a.dtypeValue().GetAttr(in, "itemsize") })
	attr("nbytes", func(in *py.Interp, a *Array) (py.Value, error) { return py.Int(a.size() * 8), nil })
	attr("base", func(_ *py.Interp, a *Array) (py.Value, error) {
		if a.base == nil {
			return py.None, nil
		}
		return a.base, nil
	})
	attr("flat", func(in *py.Interp, a *Array) (py.Value, error) {
		f, err := a.flat(in)
		if err != nil {
			return nil, err
		}
		it, err := f.Iter(in)
		if err != nil {
			return nil, err
		}
		return py.NewIterValue(flatType, it.Next), nil
	})
	for _, m := range methodTable {
		arrayType.Methods(method(m))
	}
	for name := range reductions {
		if name != "ptp" {
			arrayType.Methods(method(methodSpec{name, "", name}))
		}
	}
	arrayType.Methods(
		&py.Native{Name: "reshape", Raw: reshapeMethod},
		&py.Native{Name: "transpose", Max: -1, Fn: func(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
			switch {
			case len(a) == 0:
				return self.(*Array).transposed(), nil
			case len(a) == 1 && !isNumberIndex(a[0]):
				return transposeBy(in, self.(*Array), a[0])
			}
			return transposeBy(in, self.(*Array), py.NewTuple(a...))
		}},
		&py.Native{Name: "flatten", Max: 1, Params: []string{"order"}, Fn: func(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
			x := self.(*Array)
			if a[0] == py.Value(py.Str("F")) {
				x = x.transposed()
			}
			f, err := x.flat(in)
			if err != nil {
				return nil, err
			}
			return f.copyOf(in)
		}},
		&py.Native{Name: "copy", Max: 1, Params: []string{"order"}, Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			return self.(*Array).copyOf(in)
		}},
		&py.Native{Name: "astype", Min: 1, Max: 5, Params: []string{"dtype", "order", "casting", "subok", "copy"}, Fn: func(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
			d, err := parseDType(a[0])
			if err != nil {
				return nil, err
			}
			return self.(*Array).cast(in, d)
		}},
		&py.Native{Name: "tolist", Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			a := self.(*Array)
			return a.toList(in)
		}},
		&py.Native{Name: "item", Max: -1, Fn: itemMethod},
		&py.Native{Name: "fill", Min: 1, Max: 1, Fn: func(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
			return py.None, self.(*Array).assignValue(in, a[0])
		}},
		&py.Native{Name: "sort", Max: 1, Params: []string{"axis"}, Fn: func(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
			axis := a[0]
			if axis == nil {
				axis = py.Int(-1)
			}
			return py.None, sortArray(in, self.(*Array), axis)
		}},
		&py.Native{Name: "view", Fn: func(_ *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			a := self.(*Array)
			return a.view(a.shape, a.strides, a.off), nil
		}},
		&py.Native{Name: "nonzero", Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			return self.(*Array).nonzero(in)
		}},
		&py.Native{Name: "clip", Raw: func(in *py.Interp, self py.Value, a py.Args) (py.Value, error) {
			b, err := clipArgs.Bind(a)
			if err != nil {
				return nil, err
			}
			r, err := clip(in, self.(*Array), b.Get("min"), b.Get("max"))
			if err != nil {
				return nil, err
			}
			return deliver(in, r, b.Get("out"))
		}},
	)
	arrayType.Set("__array_priority__", py.Float(0))
	arrayType.Constructor(func(*py.Interp, *py.Type, py.Args) (py.Value, error) {
		return nil, py.Unsupported("calling numpy.ndarray is not supported; use numpy.array, zeros or empty")
	})
}

var clipArgs = py.NewSignature("clip", "min=, max=, out=")

var flatType = numpyType("flatiter")

func isNumberIndex(v py.Value) bool {
	switch v.(type) {
	case py.Int, Int64:
		return true
	}
	return false
}

// methodSpec is a method that calls one of numpy's functions.
type methodSpec struct{ name, _, function string }

var methodTable = []methodSpec{
	{"dot", "", "dot"}, {"cumsum", "", "cumsum"}, {"cumprod", "", "cumprod"}, {"argmax", "", "argmax"}, {"argmin", "", "argmin"},
	{"round", "", "round"}, {"repeat", "", "repeat"}, {"ravel", "", "ravel"}, {"squeeze", "", "squeeze"}, {"take", "", "take"},
	{"trace", "", "trace"}, {"diagonal", "", "diagonal"}, {"argsort", "", "argsort"}, {"searchsorted", "", "searchsorted"},
	{"swapaxes", "", "swapaxes"},
}

// method makes a method of a function whose first argument is the array.
func method(m methodSpec) *py.Native {
	return &py.Native{Name: m.name, Raw: func(in *py.Interp, self py.Value, a py.Args) (py.Value, error) {
		a.Pos = append([]py.Value{self}, a.Pos...)
		return functionByName(m.function).Raw(in, nil, a)
	}}
}

func reshapeMethod(in *py.Interp, self py.Value, a py.Args) (py.Value, error) {
	columns := false
	for k, n := range a.Names {
		switch n {
		case "order":
			columns = a.Named[k] == py.Value(py.Str("F"))
		case "shape":
			a.Pos = []py.Value{a.Named[k]}
		case "copy":
		default:
			return nil, py.TypeError.New("'%s' is an invalid keyword argument for this function", n)
		}
	}
	var v py.Value
	switch len(a.Pos) {
	case 0:
		return nil, py.TypeError.New("reshape() takes exactly 1 argument (0 given)")
	case 1:
		v = a.Pos[0]
	default:
		v = py.NewTuple(a.Pos...)
	}
	shape, err := shapeOf(in, v)
	if err != nil {
		return nil, err
	}
	return reshape(in, self.(*Array), shape, columns)
}

func itemMethod(in *py.Interp, self py.Value, args []py.Value) (py.Value, error) {
	a := self.(*Array)
	if len(args) == 0 {
		if a.size() != 1 {
			return nil, py.ValueError.New("can only convert an array of size 1 to a Python scalar")
		}
		return a.native(a.off), nil
	}
	var key py.Value = py.NewTuple(args...)
	if len(args) == 1 {
		key = args[0]
		if n, err := in.Index(key); err == nil && a.ndim() != 1 {
			f, err := a.flat(in)
			if err != nil {
				return nil, err
			}
			a, key = f, py.Int(n)
		}
	}
	v, err := a.GetItem(in, key)
	return toPlain(v), err
}

// toList makes nested lists of plain Python objects.
func (a *Array) toList(in *py.Interp) (py.Value, error) {
	if a.ndim() == 0 {
		return a.native(a.off), nil
	}
	if err := in.AllocN(a.size()+a.shape[0], 32); err != nil {
		return nil, err
	}
	out := py.NewList()
	for k := range a.shape[0] {
		v, err := a.row(k).toList(in)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

// Copy lets the module copy copy arrays.
func (a *Array) Copy(in *py.Interp, _ bool) (py.Value, error) { return a.copyOf(in) }

// GetAttr gives ufuncs reduce, accumulate and outer.
func (u *ufunc) GetAttr(_ *py.Interp, name string) (py.Value, error) {
	arg := func(f func(in *py.Interp, a *Array, axis py.Value) (*Array, error)) py.Value {
		return py.Def(name, "array, axis=, dtype=, out=, keepdims=, initial=, where=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			if fo, ok := b.Get("array").(Foreign); ok {
				if v, done, err := fo.NumpyCall(in, u.name, py.Args{Pos: []py.Value{fo}}); done || err != nil {
					return v, err
				}
			}
			a, err := AsArray(in, b.Get("array"))
			if err != nil {
				return nil, err
			}
			axis := b.Get("axis")
			if axis == nil {
				axis = py.Int(0)
			}
			r, err := f(in, a, axis)
			if err != nil {
				return nil, err
			}
			return wrap(r), nil
		})
	}
	if u.args != 2 {
		return nil, nil
	}
	switch name {
	case "reduce":
		return arg(func(in *py.Interp, a *Array, axis py.Value) (*Array, error) {
			axes, err := axesOf(in, axis, a.ndim())
			if err != nil {
				return nil, err
			}
			r := &reduction{a: a, axes: axes}
			if u.name == "add" {
				return r.sum(in)
			}
			return r.fold(in, u)
		}), nil
	case "accumulate":
		return arg(func(in *py.Interp, a *Array, axis py.Value) (*Array, error) { return cumulate(in, u, a, axis) }), nil
	case "outer":
		return py.Def(name, "a, b", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			x, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			y, err := AsArray(in, b.Get("b"))
			if err != nil {
				return nil, err
			}
			for range y.ndim() {
				x = x.withAxis(x.ndim())
			}
			r, err := u.binary(in, x, y)
			if err != nil {
				return nil, err
			}
			return wrap(r), nil
		}), nil
	case "at":
		return nil, py.Unsupported("numpy.%s.at is not supported", u.name)
	}
	return nil, nil
}
