package numpy

import (
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// Foreign is an object of another binding (a cvxpy expression) that numpy's
// functions meet among their arguments.
type Foreign interface {
	py.Value
	// NumpyCall handles a call of the numpy function name; done is false where
	// numpy should treat the object as it treats any object.
	NumpyCall(in *py.Interp, name string, a py.Args) (v py.Value, done bool, err error)
	// NumpyLen is how many parts numpy finds when it takes the object for a
	// sequence; ok is false for a scalar.
	NumpyLen() (n int, ok bool)
}

// AsArray is np.asarray(v).
func AsArray(in *py.Interp, v py.Value) (*Array, error) {
	switch x := v.(type) {
	case *Array:
		return x, nil
	case py.Float:
		return FromFloats([]float64{float64(x)}).scalarShape(), nil
	case py.Int:
		return FromInts([]int64{int64(x)}).scalarShape(), nil
	case py.Bool:
		return FromBools([]bool{bool(x)}).scalarShape(), nil
	case Float64:
		return FromFloats([]float64{float64(x)}).scalarShape(), nil
	case Int64:
		return FromInts([]int64{int64(x)}).scalarShape(), nil
	case Bool:
		return FromBools([]bool{bool(x)}).scalarShape(), nil
	case py.Str:
		return fromStrings([]string{string(x)}).scalarShape(), nil
	case *py.List, *py.Tuple, *py.Range:
		return fromNested(in, v)
	case Foreign:
		if _, ok := x.NumpyLen(); ok {
			return fromNested(in, v)
		}
	}
	if err := in.Alloc(64); err != nil {
		return nil, err
	}
	return fromObjects([]py.Value{v}).scalarShape(), nil
}

func (a *Array) scalarShape() *Array {
	a.shape, a.strides = []int{}, []int{}
	return a
}

// nested is the discovery of a nested sequence: its shape and leaves.
type nested struct {
	in     *py.Interp
	shape  []int
	leaves []py.Value
	kind   DType
	depth  int // where the shape stopped being regular, 0 where it did not
	any    bool
}

// parts gives the elements of what numpy takes for a sequence.
func parts(in *py.Interp, v py.Value) ([]py.Value, bool, error) {
	switch x := v.(type) {
	case *py.List:
		return x.Items, true, nil
	case *py.Tuple:
		return x.Items, true, nil
	case *py.Range:
		items, err := in.Collect(x)
		return items, true, err
	case *Array:
		if x.ndim() == 0 {
			return nil, false, nil
		}
		items, err := in.Collect(x)
		return items, true, err
	case Foreign:
		if n, ok := x.NumpyLen(); ok {
			if err := in.AllocN(n, 64); err != nil {
				return nil, false, err
			}
			items := make([]py.Value, n)
			for i := range items {
				item, err := in.GetItem(v, py.Int(i))
				if err != nil {
					return nil, false, err
				}
				items[i] = item
			}
			return items, true, nil
		}
	}
	return nil, false, nil
}

func fromNested(in *py.Interp, v py.Value) (*Array, error) {
	n := &nested{in: in}
	if err := n.measure(v, 0); err != nil {
		return nil, err
	}
	if n.depth > 0 {
		return nil, py.ValueError.New("setting an array element with a sequence. The requested array has an inhomogeneous shape after %d dimensions. The detected shape was %s + inhomogeneous part.", n.depth, shapeSpaced(n.shape[:n.depth]))
	}
	return n.build()
}

// shapeSpaced prints a shape as repr of a tuple.
func shapeSpaced(shape []int) string {
	s, _ := py.Detached().Repr(shapeTuple(shape))
	return s
}

// measure walks the sequence; the first path down fixes the shape.
func (n *nested) measure(v py.Value, level int) error {
	if level > maxDims {
		return py.ValueError.New("setting an array element with a sequence. The requested array would exceed the maximum number of dimension of %d.", maxDims)
	}
	items, isSeq, err := parts(n.in, v)
	if err != nil {
		return err
	}
	if !isSeq {
		n.leaf(v, level)
		return n.in.AllocN(1, 32)
	}
	if err := n.in.Step(len(items) + 1); err != nil {
		return err
	}
	switch {
	case !n.any && level == len(n.shape):
		n.shape = append(n.shape, len(items))
	case level >= len(n.shape):
		n.irregular(level)
		return nil
	case n.shape[level] != len(items):
		n.irregular(level)
		return nil
	}
	for _, x := range items {
		if err := n.measure(x, level+1); err != nil {
			return err
		}
		if n.depth > 0 && n.depth <= level {
			return nil
		}
	}
	if len(items) == 0 && level+1 == len(n.shape) {
		n.any = true
		n.kind = max(n.kind, FloatDType)
	}
	return nil
}

func (n *nested) irregular(level int) {
	if n.depth == 0 || level < n.depth {
		n.depth = level
	}
}

func (n *nested) leaf(v py.Value, level int) {
	if n.any && level != len(n.shape) || !n.any && level != len(n.shape) {
		n.irregular(level)
	}
	n.any = true
	n.leaves = append(n.leaves, v)
	k := ObjectDType
	switch x := v.(type) {
	case py.Bool, Bool:
		k = BoolDType
	case py.Int, Int64:
		k = IntDType
	case py.Float, Float64:
		k = FloatDType
	case py.Str:
		k = StrDType
	case *Array:
		k = x.dtype
	}
	if len(n.leaves) == 1 {
		n.kind = k
	} else if n.kind == StrDType && k < StrDType || k == StrDType && n.kind < StrDType {
		n.kind = StrDType
	} else {
		n.kind = promote(n.kind, k)
	}
}

func (n *nested) build() (*Array, error) {
	a, err := newArray(n.in, n.kind, n.shape)
	if err != nil {
		return nil, err
	}
	for k, v := range n.leaves {
		if x, ok := v.(*Array); ok { // without dimensions
			v = x.item(x.off)
		}
		switch n.kind {
		case FloatDType:
			a.f[k], _ = py.AsFloat(v)
		case StrDType:
			if a.s[k], err = n.in.Str(v); err != nil {
				return nil, err
			}
		default:
			if err := a.set(n.in, k, v); err != nil {
				return nil, err
			}
		}
	}
	return a, nil
}

// isRegular reports whether all arrays have one shape.
func isRegular(list []*Array) bool {
	for _, a := range list[1:] {
		if !slices.Equal(a.shape, list[0].shape) {
			return false
		}
	}
	return true
}
