package cp

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// This file gives expressions their attributes and methods.

func init() {
	attr := func(name string, f func(in *py.Interp, x *Expr) (py.Value, error)) {
		expressionType.Attribute(name, func(in *py.Interp, v py.Value) (py.Value, error) { return f(in, v.(*Expr)) })
	}
	attr("shape", func(_ *py.Interp, x *Expr) (py.Value, error) { return shapeTuple(x.e.Shape()), nil })
	attr("size", func(_ *py.Interp, x *Expr) (py.Value, error) { return py.Int(x.e.Size()), nil })
	attr("ndim", func(_ *py.Interp, x *Expr) (py.Value, error) { return py.Int(x.e.Shape().Rank()), nil })
	attr("sign", func(_ *py.Interp, x *Expr) (py.Value, error) { return py.Str(x.e.Sign().String()), nil })
	attr("curvature", func(_ *py.Interp, x *Expr) (py.Value, error) { return py.Str(x.e.Curvature().String()), nil })
	transposed := func(in *py.Interp, x *Expr) (py.Value, error) {
		if x.e.Shape().Rank() < 2 {
			return x, nil
		}
		return x.s.result(in, x.e.T())
	}
	attr("T", transposed)
	attr("H", transposed)
	attr("args", func(in *py.Interp, x *Expr) (py.Value, error) { return x.s.list(in, x.e.Args()) })
	attr("attributes", func(_ *py.Interp, x *Expr) (py.Value, error) {
		if x.leaf == nil {
			return nil, py.AttributeError.New("'%s' object has no attribute 'attributes'", x.class.Name)
		}
		d := py.NewDict()
		for _, n := range attributeNames {
			var v py.Value = py.Bool(x.leaf.flags[n])
			if n == "bounds" {
				v = x.leaf.bounds
			}
			d.SetStr(n, v)
		}
		return d, nil
	})
	attr("bounds", func(_ *py.Interp, x *Expr) (py.Value, error) {
		if x.leaf == nil {
			return nil, py.AttributeError.New("'%s' object has no attribute 'bounds'", x.class.Name)
		}
		return x.leaf.bounds, nil
	})
	attr("id", func(_ *py.Interp, x *Expr) (py.Value, error) {
		if x.leaf == nil {
			return nil, py.AttributeError.New("'%s' object has no attribute 'id'", x.class.Name)
		}
		return py.Int(x.leaf.id), nil
	})
	expressionType.Set("value", &py.Getter{
		Get: func(_ *py.Interp, v py.Value) (py.Value, error) { return v.(*Expr).value(), nil },
		Set: func(in *py.Interp, self, v py.Value) error {
			x := self.(*Expr)
			if x.leaf == nil {
				return py.AttributeError.New("property 'value' of '%s' object has no setter", x.class.Name)
			}
			return x.setValue(in, v)
		},
	})
	predicates()
	methods()
	expressionType.Real(namesOf("Expression")...)
	variableType.Real(namesOf("Variable")...)
	parameterType.Real(namesOf("Parameter")...)
	constantType.Real(namesOf("Constant")...)
}

func (s *Session) list(in *py.Interp, list []*convex.Expr) (py.Value, error) {
	out := py.NewList()
	for _, e := range list {
		x, err := s.wrap(in, e)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, x)
	}
	return out, nil
}

func predicates() {
	for name, f := range map[string]func(e *convex.Expr) bool{
		"is_convex": (*convex.Expr).IsConvex, "is_concave": (*convex.Expr).IsConcave, "is_affine": (*convex.Expr).IsAffine,
		"is_constant": (*convex.Expr).IsConstant, "is_nonneg": (*convex.Expr).IsNonneg, "is_nonpos": (*convex.Expr).IsNonpos,
		"is_zero":   func(e *convex.Expr) bool { return e.IsNonneg() && e.IsNonpos() },
		"is_dcp":    func(e *convex.Expr) bool { return e.IsConvex() || e.IsConcave() },
		"is_scalar": func(e *convex.Expr) bool { return isScalar(e.Shape()) },
		"is_vector": func(e *convex.Expr) bool {
			d := e.Shape().Dims()
			return len(d) <= 1 || min(d[0], d[1]) == 1
		},
		"is_matrix":  func(e *convex.Expr) bool { d := e.Shape().Dims(); return len(d) == 2 && d[0] > 1 && d[1] > 1 },
		"is_real":    func(*convex.Expr) bool { return true },
		"is_complex": func(*convex.Expr) bool { return false },
	} {
		expressionType.Methods(&py.Native{Name: name, Raw: func(_ *py.Interp, self py.Value, _ py.Args) (py.Value, error) {
			return py.Bool(f(self.(*Expr).e)), nil
		}})
	}
}

func methods() {
	expressionType.Methods(
		&py.Native{Name: "name", Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			s, err := self.(*Expr).Str(in)
			return py.Str(s), err
		}},
		&py.Native{Name: "copy", Raw: func(_ *py.Interp, self py.Value, _ py.Args) (py.Value, error) { return self, nil }},
		&py.Native{Name: "variables", Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			x := self.(*Expr)
			return x.s.list(in, x.e.Variables())
		}},
		&py.Native{Name: "parameters", Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			x := self.(*Expr)
			return x.s.list(in, x.e.Parameters())
		}},
	)
	for _, m := range []struct{ name, params, atom string }{
		{"sum", "axis=, *, keepdims=", "sum"}, {"mean", "axis=, *, keepdims=", "mean"}, {"max", "axis=, *, keepdims=", "max"},
		{"min", "axis=, *, keepdims=", "min"}, {"cumsum", "axis=", "cumsum"}, {"trace", "", "trace"},
		{"reshape", "shape, order=", "reshape"}, {"flatten", "order=", "vec"}, {"ptp", "axis=, *, keepdims=", "ptp"},
		{"prod", "axis=, *, keepdims=", "prod"}, {"std", "axis=, *, ddof=, keepdims=", "std"}, {"var", "*, ddof=", "var"},
	} {
		expressionType.Methods(py.DefMethod(expressionType, m.name, m.params, func(in *py.Interp, self py.Value, b *py.Bound) (py.Value, error) {
			atom := atomTable[m.atom]
			if atom == nil {
				return nil, py.Unsupported("Expression.%s is not supported", m.name)
			}
			args := py.Args{Pos: []py.Value{self}}
			for _, n := range []string{"shape", "axis", "keepdims", "order"} {
				if v := b.Get(n); v != nil {
					args.Names, args.Named = append(args.Names, n), append(args.Named, v)
				}
			}
			return in.Call(atom, args)
		}))
	}
}

const ufuncError = `
You're calling a NumPy function on a CVXPY expression. This is prone to causing
errors or code that doesn't behave as expected. Consider using one of the
functions documented here: https://www.cvxpy.org/tutorial/functions/index.html
`

const mutationError = `
You're trying to mutate a CVXPY expression inplace. This is prone to errors or
code that doesn't behave as expected. Consider alternatives. For example, replace
    x += 1
with
    x = x + 1
`

// NumpyCall answers numpy's functions as cvxpy does: operators between an
// array and an expression work, other element-wise functions are refused, and
// reductions end in the method of their name.
func (x *Expr) NumpyCall(in *py.Interp, name string, a py.Args) (py.Value, bool, error) {
	switch name {
	case "sum", "max", "min":
		return nil, true, py.TypeError.New("Expression.%s() got an unexpected keyword argument 'out'", name)
	case "prod":
		return nil, true, py.TypeError.New("Expression.prod() got an unexpected keyword argument 'out'")
	case "mean":
		return nil, true, py.TypeError.New("Expression.mean() got an unexpected keyword argument 'dtype'")
	case "reshape":
		if len(a.Pos) > 0 && a.Pos[0] == py.Value(x) {
			v, err := in.Call(atomTable["reshape"], py.Args{Pos: a.Pos, Names: append([]string{"order"}, a.Names...), Named: append([]py.Value{py.Str("C")}, a.Named...)})
			return v, true, err
		}
	case "norm", "any", "all":
		return nil, true, py.RuntimeError.New("%s", ufuncError)
	case "dot", "vdot", "inner", "outer":
		x.s.flag(in, "numpy product", "np."+name+" of a cvxpy expression makes an array of Python objects, not an expression", "write a @ x, cp.sum(cp.multiply(a, x)) or cp.outer(a, x)")
		return nil, false, nil
	case "array", "asarray", "hstack", "vstack", "stack", "concatenate", "append":
		return nil, false, nil
	case "__inplace__":
		return nil, true, py.RuntimeError.New("%s", mutationError)
	case "__setitem__":
		return nil, true, py.ValueError.New("setting an array element with a sequence.")
	}
	if numpy.IsUfunc(name) {
		return x.ufunc(in, name, a)
	}
	return nil, false, nil
}

// ufunc is Expression.__array_ufunc__: with the expression in second place an
// operator works as if it had been written.
func (x *Expr) ufunc(in *py.Interp, name string, a py.Args) (py.Value, bool, error) {
	op, known := ufuncOperators[name]
	if !known || len(a.Pos) != 2 || len(a.Names) > 0 || a.Pos[1] != py.Value(x) {
		return nil, true, py.RuntimeError.New("%s", ufuncError)
	}
	if _, both := a.Pos[0].(*Expr); both {
		return nil, true, py.RuntimeError.New("%s", ufuncError)
	}
	if name == "multiply" {
		x.s.flag(in, "numpy product", "np.multiply(a, x) is a * x in cvxpy: of two vectors their dot product", "write cp.multiply(a, x)")
	}
	v, err := op(in, x, a.Pos[0])
	return v, true, err
}
