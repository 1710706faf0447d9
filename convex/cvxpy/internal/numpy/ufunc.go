package numpy

import (
	"math"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// ufunc is an element-wise function of one or two arrays. A nil field means
// that the function does not take elements of that type; where a type is
// missing, the next one up in the order of promotion is used.
type ufunc struct {
	name string
	args int
	// one argument
	f1 func(x float64) float64
	i1 func(x int64) int64
	b1 func(x bool) bool
	t1 func(x float64) bool // a test
	// two arguments
	f2 func(x, y float64) float64
	i2 func(x, y int64) (int64, error)
	b2 func(x, y bool) bool
	c2 syntax.Comparison    // a comparison
	l2 func(x, y bool) bool // of truth values, for any type
	// op is the Python operator that does it for objects; hasOp says there is one.
	op      syntax.Operator
	hasOp   bool
	compare bool
	// boolError is what numpy says of this function on bools.
	boolError string
	identity  py.Value // of reductions; nil where none
	object1   func(in *py.Interp, v py.Value) (py.Value, error)
}

var ufuncType = numpyType("ufunc")

// Type makes a ufunc a Value.
func (*ufunc) Type() *py.Type { return ufuncType }

// Repr is <ufunc 'add'>.
func (u *ufunc) Repr(*py.Interp) (string, error) { return "<ufunc '" + u.name + "'>", nil }

// typeError is a data type that a function has no loop for.
var typeErrorClass = py.NewExceptionType("numpy._core._exceptions", "UFuncTypeError", py.TypeError).Qualify("_UFuncNoLoopError")

// noLoop words a ufunc that does not know the types of its arguments.
func noLoop(name string, types ...dtypeValue) error {
	text := ""
	for k, t := range types {
		if k > 0 {
			text += ", "
		}
		s, _ := t.Repr(nil)
		text += s
	}
	if name == "add" || name == "subtract" || name == "multiply" || name == "divide" {
		return typeErrorClass.New("ufunc '%s' did not contain a loop with signature matching types (%s) -> None", name, text)
	}
	return notSupported(name)
}

func notSupported(name string) error {
	return py.TypeError.New("ufunc '%s' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''", name)
}

// Call is np.add(a, b).
func (u *ufunc) Call(in *py.Interp, a py.Args) (py.Value, error) {
	if v, done, err := callForeign(in, u.name, a); done || err != nil {
		return v, err
	}
	var out, where py.Value
	for k, n := range a.Names {
		switch n {
		case "out":
			out = a.Named[k]
		case "where":
			where = a.Named[k]
		case "dtype", "casting", "order", "subok":
			return nil, py.Unsupported("the argument %s of numpy.%s is not supported", n, u.name)
		default:
			return nil, py.TypeError.New("%s() got an unexpected keyword argument '%s'", u.name, n)
		}
	}
	if n := len(a.Pos); n < u.args || n > u.args+1 {
		verb := "were"
		if n == 1 {
			verb = "was"
		}
		return nil, py.TypeError.New("%s() takes from %d to %d positional arguments but %d %s given", u.name, u.args, u.args+1, n, verb)
	}
	if len(a.Pos) > u.args {
		out = a.Pos[u.args]
	}
	list := make([]*Array, u.args)
	for k := range list {
		x, err := AsArray(in, a.Pos[k])
		if err != nil {
			return nil, err
		}
		list[k] = x
	}
	r, err := u.apply(in, list)
	if err != nil {
		return nil, err
	}
	if where != nil && where != py.Value(py.True) {
		return u.masked(in, r, where, out)
	}
	return deliver(in, r, out)
}

// masked keeps what out holds where the mask is false; without out numpy
// leaves such elements unset.
func (u *ufunc) masked(in *py.Interp, r *Array, where, out py.Value) (py.Value, error) {
	target, ok := out.(*Array)
	if !ok {
		return nil, py.Unsupported("where= without out= leaves elements unset and is not supported")
	}
	mask, err := AsArray(in, where)
	if err != nil {
		return nil, err
	}
	cond, err := mask.as(in, BoolDType)
	if err != nil {
		return nil, err
	}
	merged, err := choose(in, cond, r, target)
	if err != nil {
		return nil, err
	}
	return deliver(in, merged, out)
}

// deliver puts a result into out= where it was given.
func deliver(in *py.Interp, r *Array, out py.Value) (py.Value, error) {
	if t, ok := out.(*py.Tuple); ok && len(t.Items) == 1 {
		out = t.Items[0]
	}
	switch target := out.(type) {
	case nil, py.NoneType:
		return wrap(r), nil
	case *Array:
		return target, target.assign(in, r)
	}
	return nil, py.TypeError.New("return arrays must be of ArrayType")
}

// apply computes the function on arrays.
func (u *ufunc) apply(in *py.Interp, list []*Array) (*Array, error) {
	if u.args == 1 {
		return u.unary(in, list[0])
	}
	return u.binary(in, list[0], list[1])
}

func (u *ufunc) unary(in *py.Interp, a *Array) (*Array, error) {
	if a.dtype == StrDType {
		if u.name == "absolute" {
			return nil, typeErrorClass.New("ufunc 'absolute' did not contain a loop with signature matching types <class 'numpy.dtypes.StrDType'> -> None")
		}
		return nil, notSupported(u.name)
	}
	if a.dtype == ObjectDType {
		return u.unaryObjects(in, a)
	}
	switch {
	case a.dtype == BoolDType && u.boolError != "":
		return nil, py.TypeError.New("%s", u.boolError)
	case a.dtype == BoolDType && u.b1 != nil, u.b1 != nil && u.f1 == nil && u.i1 == nil && u.t1 == nil:
		src, err := a.bools(in)
		if err != nil {
			return nil, err
		}
		out, err := newArray(in, BoolDType, a.shape)
		if err != nil {
			return nil, err
		}
		for k, x := range src {
			out.b[k] = u.b1(x)
		}
		return out, nil
	case a.dtype <= IntDType && u.i1 != nil:
		src, err := a.ints(in)
		if err != nil {
			return nil, err
		}
		out, err := newArray(in, IntDType, a.shape)
		if err != nil {
			return nil, err
		}
		for k, x := range src {
			out.i[k] = u.i1(x)
		}
		return out, nil
	case u.t1 != nil:
		src, err := a.Floats(in)
		if err != nil {
			return nil, err
		}
		out, err := newArray(in, BoolDType, a.shape)
		if err != nil {
			return nil, err
		}
		for k, x := range src {
			out.b[k] = u.t1(x)
		}
		return out, nil
	case u.f1 == nil:
		return nil, notSupported(u.name)
	}
	src, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, FloatDType, a.shape)
	if err != nil {
		return nil, err
	}
	for k, x := range src {
		out.f[k] = u.f1(x)
	}
	return out, nil
}

func (u *ufunc) unaryObjects(in *py.Interp, a *Array) (*Array, error) {
	out, err := newArray(in, ObjectDType, a.shape)
	if err != nil {
		return nil, err
	}
	a.offsets(func(k, at int) {
		if err != nil {
			return
		}
		v := a.o[at]
		switch {
		case u.object1 != nil:
			out.o[k], err = u.object1(in, v)
		case u.hasOp:
			out.o[k], err = in.Unary(u.op, v)
		case u.t1 != nil:
			err = notSupported(u.name)
		default:
			err = py.TypeError.New("loop of ufunc does not support argument 0 of type %s which has no callable %s method", v.Type().ShortName(), u.name)
		}
	})
	return out, err
}

func (u *ufunc) binary(in *py.Interp, a, b *Array) (*Array, error) {
	kind := promote(a.dtype, b.dtype)
	if kind == StrDType && (a.dtype != b.dtype || !u.compare && u.name != "add") {
		return nil, u.mixedStrings(a, b)
	}
	pair, shape, err := align(in, a, b)
	if err != nil {
		return nil, err
	}
	a, b = pair[0], pair[1]
	switch {
	case kind == ObjectDType:
		return u.objects(in, a, b, shape)
	case kind == StrDType:
		return u.strings(in, a, b, shape)
	case u.l2 != nil:
		return zipBools(in, a, b, shape, u.l2)
	case u.compare:
		return u.comparison(in, a, b, shape, kind)
	case kind == BoolDType && u.boolError != "":
		return nil, py.TypeError.New("%s", u.boolError)
	case kind == BoolDType && u.b2 != nil:
		return zipBools(in, a, b, shape, u.b2)
	case kind <= IntDType && u.i2 != nil:
		return u.integers(in, a, b, shape)
	case u.f2 == nil:
		return nil, notSupported(u.name)
	}
	return u.floats(in, a, b, shape)
}

func (u *ufunc) mixedStrings(a, b *Array) error {
	if u.compare {
		name := func(x *Array) string {
			return [...]string{"Bool", "Int64", "Float64", "Str", "Object"}[x.dtype]
		}
		return typeErrorClass.New("ufunc '%s' did not contain a loop with signature matching types (<class 'numpy.dtypes.%sDType'>, <class 'numpy.dtypes.%sDType'>) -> None", u.name, name(a), name(b))
	}
	return noLoop(u.name, a.dtypeValue(), b.dtypeValue())
}

func (u *ufunc) floats(in *py.Interp, a, b *Array, shape []int) (*Array, error) {
	x, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	y, err := b.Floats(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, FloatDType, shape)
	if err != nil {
		return nil, err
	}
	for k := range out.f {
		out.f[k] = u.f2(x[k], y[k])
	}
	return out, nil
}

func (u *ufunc) integers(in *py.Interp, a, b *Array, shape []int) (*Array, error) {
	x, err := a.ints(in)
	if err != nil {
		return nil, err
	}
	y, err := b.ints(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, IntDType, shape)
	if err != nil {
		return nil, err
	}
	for k := range out.i {
		if out.i[k], err = u.i2(x[k], y[k]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func zipBools(in *py.Interp, a, b *Array, shape []int, f func(x, y bool) bool) (*Array, error) {
	x, err := a.bools(in)
	if err != nil {
		return nil, err
	}
	y, err := b.bools(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, BoolDType, shape)
	if err != nil {
		return nil, err
	}
	for k := range out.b {
		out.b[k] = f(x[k], y[k])
	}
	return out, nil
}

func (u *ufunc) comparison(in *py.Interp, a, b *Array, shape []int, kind DType) (*Array, error) {
	out, err := newArray(in, BoolDType, shape)
	if err != nil {
		return nil, err
	}
	if kind <= IntDType {
		x, err := a.ints(in)
		if err != nil {
			return nil, err
		}
		y, err := b.ints(in)
		if err != nil {
			return nil, err
		}
		for k := range out.b {
			out.b[k] = compareOrdered(u.c2, x[k], y[k])
		}
		return out, nil
	}
	x, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	y, err := b.Floats(in)
	if err != nil {
		return nil, err
	}
	for k := range out.b {
		out.b[k] = compareOrdered(u.c2, x[k], y[k])
	}
	return out, nil
}

func compareOrdered[T int64 | float64 | string](op syntax.Comparison, x, y T) bool {
	switch op {
	case syntax.Eq:
		return x == y
	case syntax.NotEq:
		return x != y
	case syntax.Lt:
		return x < y
	case syntax.LtE:
		return x <= y
	case syntax.Gt:
		return x > y
	}
	return x >= y
}

func (u *ufunc) strings(in *py.Interp, a, b *Array, shape []int) (*Array, error) {
	x, y := gather(a, a.s), gather(b, b.s)
	if u.compare {
		out, err := newArray(in, BoolDType, shape)
		if err != nil {
			return nil, err
		}
		for k := range out.b {
			out.b[k] = compareOrdered(u.c2, x[k], y[k])
		}
		return out, nil
	}
	out, err := newArray(in, StrDType, shape)
	if err != nil {
		return nil, err
	}
	for k := range out.s {
		if err := in.Alloc(len(x[k]) + len(y[k])); err != nil {
			return nil, err
		}
		out.s[k] = x[k] + y[k]
	}
	return out, nil
}

// objects lets Python's operators do it, element by element.
func (u *ufunc) objects(in *py.Interp, a, b *Array, shape []int) (*Array, error) {
	x, err := a.objects(in)
	if err != nil {
		return nil, err
	}
	y, err := b.objects(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, ObjectDType, shape)
	if err != nil {
		return nil, err
	}
	truth := true
	for k := range out.o {
		if err := in.Step(4); err != nil {
			return nil, err
		}
		switch {
		case u.compare:
			out.o[k], err = in.Compare(u.c2, x[k], y[k])
		case u.hasOp:
			out.o[k], err = in.Binary(u.op, x[k], y[k])
		case u.name == "maximum" || u.name == "minimum":
			out.o[k], err = u.extremeObject(in, x[k], y[k])
		case u.l2 != nil:
			var p, q bool
			if p, err = in.Truth(x[k]); err == nil {
				q, err = in.Truth(y[k])
			}
			out.o[k] = py.Bool(u.l2(p, q))
		default:
			err = py.TypeError.New("loop of ufunc does not support argument 0 of type %s which has no callable %s method", x[k].Type().ShortName(), u.name)
		}
		if err != nil {
			return nil, err
		}
		if _, isBool := out.o[k].(py.Bool); !isBool {
			truth = false
		}
	}
	if (u.compare || u.l2 != nil) && truth {
		return out.cast(in, BoolDType)
	}
	if u.compare {
		// numpy asks each result for its truth.
		return out.cast(in, BoolDType)
	}
	return out, nil
}

func (u *ufunc) extremeObject(in *py.Interp, x, y py.Value) (py.Value, error) {
	op := syntax.GtE
	if u.name == "minimum" {
		op = syntax.LtE
	}
	r, err := in.Compare(op, x, y)
	if err != nil {
		return nil, err
	}
	yes, err := in.Truth(r)
	if yes {
		return x, err
	}
	return y, err
}

// floorMod is Python's % on floats, pythonMod on ints.
func floorMod(x, y float64) float64 {
	r := math.Mod(x, y)
	if r != 0 && (r < 0) != (y < 0) {
		r += y
	} else if r == 0 {
		r = math.Copysign(0, y)
	}
	return r
}

func floorDivide(x, y float64) float64 {
	if y == 0 {
		return x / y
	}
	m := math.Mod(x, y)
	d := (x - m) / y
	if m != 0 && (y < 0) != (m < 0) {
		d--
	}
	if d == 0 {
		return math.Copysign(0, x/y)
	}
	f := math.Floor(d)
	if d-f > 0.5 {
		f++
	}
	return f
}
