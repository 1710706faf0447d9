package cp

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// Expr is an expression as Python sees it.
type Expr struct {
	extra
	s     *Session
	e     *convex.Expr
	class *py.Type
	leaf  *leaf // of variables and parameters
}

// Type is the expression's class: Variable, AddExpression and so on.
func (x *Expr) Type() *py.Type { return x.class }

// Convex is the expression itself.
func (x *Expr) Convex() *convex.Expr { return x.e }

var (
	expressionType = cvxpyType("Expression")
	variableType   = cvxpyType("Variable", expressionType)
	parameterType  = cvxpyType("Parameter", expressionType)
	constantType   = cvxpyType("Constant", expressionType)

	atomTypes sync.Map // name of an atom to its *py.Type
)

func cvxpyType(name string, bases ...*py.Type) *py.Type {
	t := py.NewType(name, bases...)
	t.Module = moduleOf(name)
	return t
}

// atomType is the class of an atom's expressions.
func atomType(name string) *py.Type {
	if t, ok := atomTypes.Load(name); ok {
		return t.(*py.Type)
	}
	t, _ := atomTypes.LoadOrStore(name, cvxpyType(name, expressionType))
	return t.(*py.Type)
}

// wrap makes the Python object of an expression; leaves keep theirs. It pays
// for what the expression holds.
func (s *Session) wrap(in *py.Interp, e *convex.Expr) (*Expr, error) {
	if err := e.Err(); err != nil {
		return nil, wordError(err)
	}
	if x := s.leaves[e]; x != nil {
		return x, nil
	}
	if err := s.measure(in, e); err != nil {
		return nil, err
	}
	class := constantType
	if op := e.Op(); op != "Constant" {
		class = atomType(op)
	}
	return &Expr{s: s, e: e, class: class}, nil
}

// result is wrap for functions that return a Python value.
func (s *Session) result(in *py.Interp, e *convex.Expr) (py.Value, error) {
	x, err := s.wrap(in, e)
	if err != nil {
		return nil, err
	}
	return x, nil
}

// cast makes an expression of what stands beside one.
func (s *Session) cast(in *py.Interp, v py.Value) (*convex.Expr, error) {
	switch x := v.(type) {
	case *Expr:
		return x.e, nil
	case py.Int:
		return convex.Const(float64(x)), nil
	case py.Float:
		return s.constant(in, []float64{float64(x)}, convex.Scalar)
	case *py.List:
		for _, e := range x.Items {
			if _, ok := e.(*Expr); ok {
				return nil, py.ValueError.New("The input must be a single CVXPY Expression, not a list. Combine Expressions using atoms such as bmat, hstack, and vstack.")
			}
		}
	}
	data, shape, err := s.numbers(in, v)
	if err != nil {
		return nil, err
	}
	return s.constant(in, data, shape)
}

// constant makes a constant of row-major data.
func (s *Session) constant(in *py.Interp, data []float64, shape convex.Shape) (*convex.Expr, error) {
	if slices.ContainsFunc(data, math.IsNaN) {
		return s.notANumber(in, data, shape)
	}
	switch shape.Rank() {
	case 0:
		return convex.Const(data[0]), nil
	case 1:
		return convex.Const(slices.Clone(data)), nil
	}
	d := shape.Dims()
	return convex.Const(convex.Dense(d[0], d[1], data)), nil
}

// notANumber makes the constant that cvxpy builds of None or nan and refuses
// when the problem is solved. Package convex has no such constants: a parameter
// of the constant's looks stands in for it.
func (s *Session) notANumber(in *py.Interp, data []float64, shape convex.Shape) (*convex.Expr, error) {
	text, err := in.Str(ndarray(data, shape))
	if err != nil {
		return nil, err
	}
	e := convex.Parameter(text, shape)
	s.leaves[e] = &Expr{s: s, e: e, class: constantType}
	s.values[e] = slices.Clone(data)
	return e, nil
}

// isNumber is false for what notANumber made.
func (s *Session) isNumber(e *convex.Expr) bool {
	x := s.leaves[e]
	return x == nil || x.class != constantType
}

// numbers converts a Python object to row-major floats, as cvxpy's constants do.
func (s *Session) numbers(in *py.Interp, v py.Value) ([]float64, convex.Shape, error) {
	switch x := v.(type) {
	case py.NoneType:
		return []float64{nan}, convex.Scalar, nil
	case py.Str:
		if f, err := in.ToFloat(x); err == nil {
			return []float64{f}, convex.Scalar, nil
		}
		r, err := in.Repr(x)
		if err != nil {
			return nil, convex.Scalar, err
		}
		return nil, convex.Scalar, py.ValueError.New("could not convert string to float: np.str_(%s)", r)
	}
	a, err := numpy.AsArray(in, v)
	if err != nil {
		return nil, convex.Scalar, err
	}
	if a.Kind() == numpy.ObjectDType {
		if err := refuseObjects(in, a); err != nil {
			return nil, convex.Scalar, err
		}
	}
	data, err := a.Floats(in)
	if err != nil {
		return nil, convex.Scalar, err
	}
	shape, err := shapeOf(a.Shape())
	if list, ok := v.(*py.List); ok && shape.Rank() == 2 {
		return s.columns(in, list, data, shape)
	}
	return data, shape, err
}

// columns transposes a list of lists: cvxpy takes the inner lists for columns.
func (s *Session) columns(in *py.Interp, list *py.List, data []float64, shape convex.Shape) ([]float64, convex.Shape, error) {
	rows, cols := shape.Dims()[0], shape.Dims()[1]
	if err := in.AllocN(len(data), 8); err != nil {
		return nil, convex.Scalar, err
	}
	if _, nested := list.Items[0].(*py.List); nested {
		s.flag(in, "nested list", fmt.Sprintf("a nested list is read column by column in cvxpy: here a matrix of shape (%d, %d)", cols, rows), "write np.array([[...], [...]]), whose inner lists are rows")
	}
	out := make([]float64, len(data))
	for i := range rows {
		for j := range cols {
			out[j*rows+i] = data[i*cols+j]
		}
	}
	return out, convex.Mat(cols, rows), nil
}

// refuseObjects words an array of expressions where numbers are needed.
func refuseObjects(in *py.Interp, a *numpy.Array) error {
	items, err := a.Objects(in)
	if err != nil {
		return err
	}
	for _, v := range items {
		switch v.(type) {
		case *Expr:
			if len(a.Shape()) == 0 {
				return py.TypeError.New("float() argument must be a string or a real number, not '%s'", v.Type().Name)
			}
			return py.ValueError.New("setting an array element with a sequence.")
		case *Constraint:
			return py.TypeError.New("float() argument must be a string or a real number, not '%s'", v.Type().Name)
		}
	}
	return nil
}

func shapeOf(dims []int) (convex.Shape, error) {
	switch len(dims) {
	case 0:
		return convex.Scalar, nil
	case 1:
		return convex.Vec(dims[0]), nil
	case 2:
		return convex.Mat(dims[0], dims[1]), nil
	}
	return convex.Scalar, py.Unsupported("expressions of more than two dimensions are not supported")
}

func shapeTuple(s convex.Shape) *py.Tuple {
	t := py.NewTuple()
	for _, d := range s.Dims() {
		t.Items = append(t.Items, py.Int(d))
	}
	return t
}

// isScalar is cvxpy's is_scalar: all dimensions are 1.
func isScalar(s convex.Shape) bool {
	for _, d := range s.Dims() {
		if d != 1 {
			return false
		}
	}
	return true
}

// ndarray makes the numpy array of row-major values.
func ndarray(data []float64, s convex.Shape) *numpy.Array {
	if s.Rank() == 0 {
		return numpy.FromScalar(data[0])
	}
	return numpy.FromFloats(slices.Clone(data), s.Dims()...)
}

// keepsArray reports the atoms whose scalar values cvxpy leaves an array
// without dimensions where numpy makes a np.float64 of most others.
func keepsArray(op string) bool {
	switch op {
	case "Constant", "Variable", "Parameter", "abs", "huber", "PowerApprox", "max", "min", "maximum", "minimum", "quad_over_lin", "reshape", "Trace":
		return true
	}
	return false
}

// array is ndarray, but makes a np.float64 of a scalar.
func array(data []float64, s convex.Shape) py.Value {
	if s.Rank() == 0 {
		return numpy.Float64(data[0])
	}
	return ndarray(data, s)
}

// Repr is Variable((3,), x) or Expression(AFFINE, UNKNOWN, (3,)).
func (x *Expr) Repr(in *py.Interp) (string, error) {
	shape := x.e.Shape().String()
	switch {
	case x.leaf != nil && x.class == variableType:
		return "Variable(" + shape + ", " + x.e.Name() + x.leaf.attributes + ")", nil
	case x.leaf != nil:
		return "Parameter(" + shape + x.leaf.attributes + ")", nil
	case x.class == constantType:
		return "Constant(" + x.e.Curvature().String() + ", " + x.e.Sign().String() + ", " + shape + ")", nil
	}
	return "Expression(" + x.e.Curvature().String() + ", " + x.e.Sign().String() + ", " + shape + ")", nil
}

// Str is the expression written out.
func (x *Expr) Str(in *py.Interp) (string, error) {
	s := x.e.String()
	return s, in.Alloc(2 * len(s))
}

// Format knows no format but the empty one.
func (x *Expr) Format(in *py.Interp, spec string) (string, error) {
	if spec != "" {
		return "", py.TypeError.New("unsupported format string passed to %s.__format__", x.class.Name)
	}
	return x.Str(in)
}

// ArrayPriority makes numpy's arrays leave operators to expressions.
func (*Expr) ArrayPriority() float64 { return 100 }

// NumpyLen: numpy takes an expression for a single object.
func (*Expr) NumpyLen() (int, bool) { return 0, false }

// Iter indexes from 0 until an index is out of bounds, as Python does with
// anything that can be indexed: a scalar has no elements.
func (x *Expr) Iter(in *py.Interp) (py.Iterator, error) {
	n := 0
	if d := x.e.Shape().Dims(); len(d) > 0 {
		n = d[0]
	} else {
		x.s.flag(in, "iterating a scalar", "iterating over a scalar expression gives nothing: sum("+brief(x.e)+") is 0", "use the expression itself, or cp.sum over a vector")
	}
	k := 0
	return py.NewIterValue(iteratorType, func(in *py.Interp) (py.Value, error) {
		if k >= n {
			return nil, nil
		}
		k++
		return x.GetItem(in, py.Int(k-1))
	}), nil
}

var iteratorType = py.NewType("iterator")

// brief prints an expression for a message, shortened.
func brief(e *convex.Expr) string {
	s := []rune(e.String())
	if len(s) > 60 {
		return string(s[:57]) + "..."
	}
	return string(s)
}
