package cp

import (
	"fmt"
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

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
