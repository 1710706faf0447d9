package cp

import (
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
