package numpy

import (
	"math"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// The scalars of numpy. A float64 is a kind of Python float; an int64 is not a
// kind of int.
type (
	Float64 float64
	Int64   int64
	Bool    bool
)

func (Float64) Type() *py.Type { return float64Type }
func (Int64) Type() *py.Type   { return int64Type }
func (Bool) Type() *py.Type    { return boolType }

// AsFloat, AsInt and Truth let scalars stand for numbers.
func (x Float64) AsFloat() (float64, bool) { return float64(x), true }
func (x Int64) AsFloat() (float64, bool)   { return float64(x), true }
func (x Bool) AsFloat() (float64, bool) {
	if x {
		return 1, true
	}
	return 0, true
}

// AsInt makes an int64 an index; a numpy bool is none.
func (x Int64) AsInt() (int64, bool) { return int64(x), true }

// Truth is bool(x).
func (x Float64) Truth(*py.Interp) (bool, error) { return x != 0, nil }
func (x Int64) Truth(*py.Interp) (bool, error)   { return x != 0, nil }
func (x Bool) Truth(*py.Interp) (bool, error)    { return bool(x), nil }

// ToInt is int(x).
func (x Bool) ToInt(*py.Interp) (py.Value, error) {
	if x {
		return py.Int(1), nil
	}
	return py.Int(0), nil
}

// Str prints the number alone, Repr with its type.
func (x Float64) Str(*py.Interp) (string, error) { return py.FormatFloat(float64(x)), nil }
func (x Int64) Str(*py.Interp) (string, error)   { return itoa(int(x)), nil }
func (x Bool) Str(*py.Interp) (string, error) {
	if x {
		return "True", nil
	}
	return "False", nil
}

// Repr is np.float64(1.5).
func (x Float64) Repr(*py.Interp) (string, error) {
	return "np.float64(" + py.FormatFloat(float64(x)) + ")", nil
}
func (x Int64) Repr(*py.Interp) (string, error) { return "np.int64(" + itoa(int(x)) + ")", nil }
func (x Bool) Repr(*py.Interp) (string, error) {
	if x {
		return "np.True_", nil
	}
	return "np.False_", nil
}

// Format is format(x, spec).
func (x Float64) Format(in *py.Interp, spec string) (string, error) {
	if spec == "" {
		return x.Str(in)
	}
	return in.FormatFloatSpec(float64(x), spec, "float")
}

// Format is format(x, spec).
func (x Int64) Format(in *py.Interp, spec string) (string, error) {
	return in.Format(py.Int(x), spec)
}

// Format is format(x, spec).
func (x Bool) Format(in *py.Interp, spec string) (string, error) {
	if spec == "" {
		return x.Str(in)
	}
	return "", py.TypeError.New("unsupported format string passed to numpy.bool.__format__")
}

// Hash goes with equality to plain numbers.
func (x Float64) Hash(in *py.Interp) (int64, error) { return in.Hash(py.Float(x)) }
func (x Int64) Hash(in *py.Interp) (int64, error)   { return in.Hash(py.Int(x)) }
func (x Bool) Hash(in *py.Interp) (int64, error)    { return in.Hash(py.Bool(x)) }

// Binary operators on scalars are those on arrays without dimensions, with a
// fast path for floats.
func (x Float64) Binary(in *py.Interp, op syntax.Operator, other py.Value, reflected bool) (py.Value, error) {
	var y float64
	switch o := other.(type) {
	case py.Float:
		y = float64(o)
	case Float64:
		y = float64(o)
	case py.Int:
		y = float64(o)
	case Int64:
		y = float64(o)
	default:
		return scalarBinary(in, x, op, other, reflected)
	}
	a, b := float64(x), y
	if reflected {
		a, b = b, a
	}
	switch op {
	case syntax.Add:
		return Float64(a + b), nil
	case syntax.Sub:
		return Float64(a - b), nil
	case syntax.Mul:
		return Float64(a * b), nil
	case syntax.Div:
		if b != 0 {
			return Float64(a / b), nil
		}
	}
	return scalarBinary(in, x, op, other, reflected)
}

// Binary is arithmetic of int64.
func (x Int64) Binary(in *py.Interp, op syntax.Operator, other py.Value, reflected bool) (py.Value, error) {
	return scalarBinary(in, x, op, other, reflected)
}

// Binary is arithmetic of bool.
func (x Bool) Binary(in *py.Interp, op syntax.Operator, other py.Value, reflected bool) (py.Value, error) {
	return scalarBinary(in, x, op, other, reflected)
}

func scalarBinary(in *py.Interp, x py.Value, op syntax.Operator, other py.Value, reflected bool) (py.Value, error) {
	if op == syntax.MatMul {
		return py.NotImplemented, nil
	}
	switch other.(type) {
	case *Array:
		return py.NotImplemented, nil // the array does it
	case py.Prioritised:
		return py.NotImplemented, nil
	case *py.Instance, *py.Dict, *py.Set, py.NoneType:
		return py.NotImplemented, nil
	case *py.List, *py.Tuple, py.Str:
		if op == syntax.Mul { // 'a' * np.int64(3)
			if _, isInt := x.(Int64); isInt {
				return py.NotImplemented, nil
			}
		}
	}
	a, err := AsArray(in, x)
	if err != nil {
		return nil, err
	}
	return a.Binary(in, op, other, reflected)
}

// Compare is a comparison of scalars.
func (x Float64) Compare(in *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	return scalarCompare(in, x, op, other)
}

// Compare is a comparison of scalars.
func (x Int64) Compare(in *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	return scalarCompare(in, x, op, other)
}

// Compare is a comparison of scalars.
func (x Bool) Compare(in *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	return scalarCompare(in, x, op, other)
}

func scalarCompare(in *py.Interp, x py.Value, op syntax.Comparison, other py.Value) (py.Value, error) {
	if isPlainNumber(other) {
		r, err := in.Compare(op, toPlain(x), toPlain(other))
		if b, ok := r.(py.Bool); ok {
			return Bool(b), nil
		}
		return r, err
	}
	switch other.(type) {
	case *py.List, *py.Tuple:
		a, err := AsArray(in, x)
		if err != nil {
			return nil, err
		}
		return a.Compare(in, op, other)
	}
	return py.NotImplemented, nil
}

func isPlainNumber(v py.Value) bool {
	switch v.(type) {
	case py.Float, py.Int, py.Bool, *py.BigInt, Float64, Int64, Bool:
		return true
	}
	return false
}

// toPlain turns numpy's scalars into Python's.
func toPlain(v py.Value) py.Value {
	switch x := v.(type) {
	case Float64:
		return py.Float(x)
	case Int64:
		return py.Int(x)
	case Bool:
		return py.Bool(x)
	}
	return v
}

// Unary is -x, +x and ~x.
func (x Float64) Unary(_ *py.Interp, op syntax.Operator) (py.Value, error) {
	switch op {
	case syntax.USub:
		return -x, nil
	case syntax.UAdd:
		return x, nil
	}
	return nil, noLoop("invert", dtypeValue{kind: FloatDType})
}

// Unary is -x, +x and ~x.
func (x Int64) Unary(_ *py.Interp, op syntax.Operator) (py.Value, error) {
	switch op {
	case syntax.USub:
		return -x, nil
	case syntax.UAdd:
		return x, nil
	}
	return ^x, nil
}

// Unary is ~x.
func (x Bool) Unary(_ *py.Interp, op syntax.Operator) (py.Value, error) {
	if op == syntax.Invert {
		return !x, nil
	}
	if op == syntax.USub {
		return nil, py.TypeError.New("The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.")
	}
	return nil, noLoop("positive", dtypeValue{kind: BoolDType})
}

// Abs is abs(x).
func (x Float64) Abs(*py.Interp) (py.Value, error) { return Float64(math.Abs(float64(x))), nil }

// Abs is abs(x).
func (x Int64) Abs(*py.Interp) (py.Value, error) {
	if x < 0 {
		return -x, nil
	}
	return x, nil
}

// Round is round(x, digits).
func (x Float64) Round(in *py.Interp, digits py.Value) (py.Value, error) {
	if digits == nil {
		return in.ToInt(py.Float(math.RoundToEven(float64(x))))
	}
	n, err := in.Index(digits)
	return Float64(roundTo(float64(x), n)), err
}

// Round is round(x, digits).
func (x Int64) Round(in *py.Interp, digits py.Value) (py.Value, error) {
	if digits == nil {
		return py.Int(x), nil
	}
	n, err := in.Index(digits)
	if err != nil {
		return nil, err
	}
	return Int64(roundInt(int64(x), n)), nil
}

// roundTo rounds half to even by scaling, as numpy does.
func roundTo(x float64, n int) float64 {
	if n == 0 {
		return math.RoundToEven(x)
	}
	if n > 300 || n < -300 {
		return x
	}
	if n > 0 {
		p := math.Pow(10, float64(n))
		return math.RoundToEven(x*p) / p
	}
	p := math.Pow(10, float64(-n))
	return math.RoundToEven(x/p) * p
}

func roundInt(x int64, n int) int64 {
	if n >= 0 {
		return x
	}
	if n < -18 {
		return 0
	}
	return int64(roundTo(float64(x), n))
}

// GetAttr gives scalars the attributes of arrays without dimensions.
func (x Float64) GetAttr(in *py.Interp, name string) (py.Value, error) {
	return scalarAttr(in, x, name)
}

// GetAttr gives scalars the attributes of arrays without dimensions.
func (x Int64) GetAttr(in *py.Interp, name string) (py.Value, error) { return scalarAttr(in, x, name) }

// GetAttr gives scalars the attributes of arrays without dimensions.
func (x Bool) GetAttr(in *py.Interp, name string) (py.Value, error) { return scalarAttr(in, x, name) }

func scalarAttr(in *py.Interp, x py.Value, name string) (py.Value, error) {
	switch name {
	case "is_integer", "real", "imag", "conjugate":
		if f, ok := x.(Float64); ok && name == "real" {
			return f, nil
		}
		return nil, nil
	case "__len__", "__iter__", "__getitem__", "__contains__", "__setitem__":
		return nil, nil
	}
	if arrayType.Lookup(name) == nil {
		return nil, nil
	}
	a, err := AsArray(in, x)
	if err != nil {
		return nil, err
	}
	return in.GetAttr(a, name)
}

// GetItem words the error of indexing a scalar; x[()] is the scalar.
func (x Float64) GetItem(_ *py.Interp, key py.Value) (py.Value, error) { return scalarItem(x, key) }

// GetItem words the error of indexing a scalar.
func (x Int64) GetItem(_ *py.Interp, key py.Value) (py.Value, error) { return scalarItem(x, key) }

// GetItem words the error of indexing a scalar.
func (x Bool) GetItem(_ *py.Interp, key py.Value) (py.Value, error) { return scalarItem(x, key) }

func scalarItem(x, key py.Value) (py.Value, error) {
	if t, ok := key.(*py.Tuple); ok && len(t.Items) == 0 {
		return x, nil
	}
	return nil, py.IndexError.New("invalid index to scalar variable.")
}

func init() {
	float64Type.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		return scalarNew(in, a, FloatDType)
	})
	int64Type.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		return scalarNew(in, a, IntDType)
	})
	boolType.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		return scalarNew(in, a, BoolDType)
	})
	for _, t := range []*py.Type{float64Type, floatingType} {
		t.Number = py.RealKind
	}
	int64Type.Number = py.IntegerKind
	dtypeType.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		if len(a.Pos) != 1 {
			return nil, py.TypeError.New("dtype() takes one argument here")
		}
		d, err := parseDType(a.Pos[0])
		return dtypeValue{kind: d}, err
	})
}

// scalarNew is np.float64(x) and its like; of a sequence it makes an array.
func scalarNew(in *py.Interp, a py.Args, kind DType) (py.Value, error) {
	if len(a.Pos) == 0 {
		return [...]py.Value{Bool(false), Int64(0), Float64(0)}[kind], nil
	}
	switch x := a.Pos[0].(type) {
	case *py.List, *py.Tuple, *Array:
		arr, err := AsArray(in, x)
		if err != nil {
			return nil, err
		}
		arr, err = arr.cast(in, kind)
		if err != nil {
			return nil, err
		}
		return wrap(arr), nil
	}
	switch kind {
	case BoolDType:
		t, err := in.Truth(a.Pos[0])
		return Bool(t), err
	case IntDType:
		n, err := toIntElement(in, a.Pos[0])
		return Int64(n), err
	}
	f, err := in.ToFloat(a.Pos[0])
	return Float64(f), err
}
