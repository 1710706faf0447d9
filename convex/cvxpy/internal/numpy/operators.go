package numpy

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// defers reports whether an operator leaves the work to the other operand.
func defers(other py.Value) bool {
	p, ok := other.(py.Prioritised)
	return ok && p.ArrayPriority() > 0
}

// Binary is arithmetic, element by element.
func (a *Array) Binary(in *py.Interp, op syntax.Operator, other py.Value, reflected bool) (py.Value, error) {
	if defers(other) {
		return py.NotImplemented, nil
	}
	b, err := AsArray(in, other)
	if err != nil {
		return nil, err
	}
	if n, isBig := other.(*py.BigInt); isBig && a.dtype <= IntDType {
		_ = n
		return nil, py.OverflowError.New("Python int too large to convert to C long")
	} else if isBig {
		f, _ := py.AsFloat(other)
		b = FromFloats([]float64{f}).scalarShape()
	}
	x, y := a, b
	if reflected {
		x, y = b, a
	}
	if op == syntax.MatMul {
		r, err := matmul(in, x, y)
		if err != nil {
			return nil, err
		}
		return wrap(r), nil
	}
	r, err := ufuncs[operatorUfuncs[op]].binary(in, x, y)
	if err != nil {
		return nil, err
	}
	return wrap(r), nil
}

// inPlaceCall is what Foreign objects are asked when an array is to be changed
// by them.
const inPlaceCall = "__inplace__"

// BinaryInPlace changes the array itself.
func (a *Array) BinaryInPlace(in *py.Interp, op syntax.Operator, other py.Value) (py.Value, error) {
	if f, ok := other.(Foreign); ok {
		v, done, err := f.NumpyCall(in, inPlaceCall, py.Args{Pos: []py.Value{a, other}})
		if done || err != nil {
			return v, err
		}
		return py.NotImplemented, nil
	}
	r, err := a.Binary(in, op, other, false)
	if err != nil || r == py.Value(py.NotImplemented) {
		return r, err
	}
	b, err := AsArray(in, r)
	if err != nil {
		return nil, err
	}
	if b.dtype > a.dtype && a.dtype != ObjectDType {
		name := operatorUfuncs[op]
		return nil, castingError(name, b.dtype, a.dtype)
	}
	if !sameShape(a.shape, b.shape) {
		if op == syntax.MatMul {
			return r, nil
		}
		return nil, py.ValueError.New("non-broadcastable output operand with shape %s doesn't match the broadcast shape %s", ShapeText(a.shape), ShapeText(b.shape))
	}
	return a, a.assign(in, b)
}

var castingErrorClass = py.NewExceptionType("numpy._core._exceptions", "UFuncTypeError", py.TypeError).Qualify("_UFuncOutputCastingError")

func castingError(name string, from, to DType) error {
	f, _ := dtypeValue{kind: from}.Repr(nil)
	t, _ := dtypeValue{kind: to}.Repr(nil)
	return castingErrorClass.New("Cannot cast ufunc '%s' output from %s to %s with casting rule 'same_kind'", name, f, t)
}

func sameShape(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}

// Unary is -a, +a and ~a.
func (a *Array) Unary(in *py.Interp, op syntax.Operator) (py.Value, error) {
	name := map[syntax.Operator]string{syntax.USub: "negative", syntax.UAdd: "positive", syntax.Invert: "invert"}[op]
	r, err := ufuncs[name].unary(in, a)
	if err != nil {
		return nil, err
	}
	return wrap(r), nil
}

// Abs is abs(a).
func (a *Array) Abs(in *py.Interp) (py.Value, error) {
	r, err := ufuncs["absolute"].unary(in, a)
	if err != nil {
		return nil, err
	}
	return wrap(r), nil
}

// Compare is a comparison, element by element.
func (a *Array) Compare(in *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	if defers(other) {
		return py.NotImplemented, nil
	}
	b, err := AsArray(in, other)
	if err != nil {
		return nil, err
	}
	if (op == syntax.Eq || op == syntax.NotEq) && (a.dtype == StrDType) != (b.dtype == StrDType) && a.dtype != ObjectDType && b.dtype != ObjectDType {
		shape, ok := broadcast(a.shape, b.shape)
		if !ok {
			return nil, broadcastError(a.shape, b.shape)
		}
		out, err := newArray(in, BoolDType, shape)
		if err != nil {
			return nil, err
		}
		for k := range out.b {
			out.b[k] = op == syntax.NotEq
		}
		return wrap(out), nil
	}
	r, err := ufuncs[comparisonUfuncs[op]].binary(in, a, b)
	if err != nil {
		return nil, err
	}
	return wrap(r), nil
}

// Truth is bool(a).
func (a *Array) Truth(in *py.Interp) (bool, error) {
	switch a.size() {
	case 0:
		return false, py.ValueError.New("The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.")
	case 1:
		b, err := a.bools(in)
		if err != nil {
			return false, err
		}
		return b[0], nil
	}
	return false, py.ValueError.New("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")
}

// ToFloat is float(a).
func (a *Array) ToFloat(in *py.Interp) (float64, error) {
	if a.ndim() > 0 {
		return 0, py.TypeError.New("only 0-dimensional arrays can be converted to Python scalars")
	}
	return in.ToFloat(a.native(a.off))
}

// ToInt is int(a).
func (a *Array) ToInt(in *py.Interp) (py.Value, error) {
	if a.ndim() > 0 {
		return nil, py.TypeError.New("only 0-dimensional arrays can be converted to Python scalars")
	}
	return in.ToInt(a.native(a.off))
}

// AsInt lets an integer array without dimensions be an index.
func (a *Array) AsInt() (int64, bool) {
	if a.ndim() == 0 && a.dtype == IntDType {
		return a.i[a.off], true
	}
	return 0, false
}

// RefuseIndex words why another array is no index.
func (a *Array) RefuseIndex() error {
	if a.dtype == BoolDType || a.ndim() > 0 || a.dtype != IntDType {
		return py.TypeError.New("only integer scalar arrays can be converted to a scalar index")
	}
	return nil
}

// Len is len(a).
func (a *Array) Len(*py.Interp) (int, error) {
	if a.ndim() == 0 {
		return 0, py.TypeError.New("len() of unsized object")
	}
	return a.shape[0], nil
}

// Contains is v in a.
func (a *Array) Contains(in *py.Interp, v py.Value) (bool, error) {
	r, err := a.Compare(in, syntax.Eq, v)
	if err != nil {
		return false, err
	}
	b, err := AsArray(in, r)
	if err != nil {
		return false, err
	}
	list, err := b.bools(in)
	for _, x := range list {
		if x {
			return true, err
		}
	}
	return false, err
}

// Iter walks the first dimension.
func (a *Array) Iter(*py.Interp) (py.Iterator, error) {
	if a.ndim() == 0 {
		return nil, py.TypeError.New("iteration over a 0-d array")
	}
	return &arrayIter{a: a}, nil
}

type arrayIter struct {
	a *Array
	k int
}

func (it *arrayIter) Next(*py.Interp) (py.Value, error) {
	if it.k >= it.a.shape[0] {
		return nil, nil
	}
	it.k++
	return wrap(it.a.row(it.k - 1)), nil
}

// row is a[k], as a view.
func (a *Array) row(k int) *Array {
	return a.view(a.shape[1:], a.strides[1:], a.off+k*a.strides[0])
}

// Hash refuses.
func (a *Array) Hash(*py.Interp) (int64, error) {
	return 0, py.TypeError.New("unhashable type: 'numpy.ndarray'")
}

// Format is format(a, spec).
func (a *Array) Format(in *py.Interp, spec string) (string, error) {
	if a.ndim() == 0 {
		return in.Format(a.item(a.off), spec)
	}
	if spec != "" {
		return "", py.TypeError.New("unsupported format string passed to numpy.ndarray.__format__")
	}
	return a.Str(in)
}

// callForeign offers a call of the numpy function name to the first argument
// that is no business of numpy's.
func callForeign(in *py.Interp, name string, a py.Args) (v py.Value, done bool, err error) {
	for _, list := range [][]py.Value{a.Pos, a.Named} {
		for _, x := range list {
			if f, ok := x.(Foreign); ok {
				return f.NumpyCall(in, name, a)
			}
		}
	}
	return nil, false, nil
}
