package numpy

import (
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// shapeOf reads a shape: an int or a sequence of ints.
func shapeOf(in *py.Interp, v py.Value) ([]int, error) {
	var items []py.Value
	switch x := v.(type) {
	case *py.Tuple:
		items = x.Items
	case *py.List:
		items = x.Items
	case *Array:
		if x.ndim() == 1 {
			items, _ = x.objects(in)
			if x.dtype != IntDType && x.size() > 0 {
				return nil, py.TypeError.New("'%s' object cannot be interpreted as an integer", x.item(x.off).Type().Name)
			}
			break
		}
		items = []py.Value{v}
	case py.Float, Float64:
		s, _ := in.Str(v)
		return nil, py.TypeError.New("expected a sequence of integers or a single integer, got '%s'", s)
	case py.NoneType:
		return []int{}, nil
	default:
		items = []py.Value{v}
	}
	shape := make([]int, len(items))
	for k, x := range items {
		n, err := in.Index(x)
		if err != nil {
			if big, ok := x.(*py.BigInt); ok && big.Big().Sign() > 0 {
				return nil, in.Alloc(-1)
			}
			return nil, err
		}
		shape[k] = n
	}
	return shape, nil
}

// reshape gives the elements another shape, as a view where that is possible.
func reshape(in *py.Interp, a *Array, shape []int, columns bool) (*Array, error) {
	unknown := -1
	n := 1
	for k, d := range shape {
		if d < 0 { // any negative length stands for the one that follows
			if unknown >= 0 {
				return nil, py.ValueError.New("can only specify one unknown dimension")
			}
			unknown = k
			continue
		}
		if d > 0 && n > (1<<40)/d {
			return nil, reshapeError(a, shape)
		}
		n *= d
	}
	shape = slices.Clone(shape)
	if unknown >= 0 {
		if n == 0 || a.size()%n != 0 {
			return nil, reshapeError(a, shape)
		}
		shape[unknown] = a.size() / n
		n *= shape[unknown]
	}
	if n != a.size() {
		return nil, reshapeError(a, shape)
	}
	if columns {
		t, err := reshape(in, a.transposed(), reversed(shape), false)
		if err != nil {
			return nil, err
		}
		return t.transposed(), nil
	}
	p, err := a.packed(in)
	if err != nil {
		return nil, err
	}
	return p.view(shape, rowMajor(shape), p.off), nil
}

func reshapeError(a *Array, shape []int) error {
	text := ""
	for k, d := range shape {
		if k > 0 {
			text += ","
		}
		if d == -1 {
			text += "newaxis"
		} else {
			text += itoa(d)
		}
	}
	if len(shape) == 1 {
		text += ","
	}
	return py.ValueError.New("cannot reshape array of size %d into shape (%s)", a.size(), text)
}

func reversed(s []int) []int {
	r := slices.Clone(s)
	slices.Reverse(r)
	return r
}

func (a *Array) transposed() *Array {
	return a.view(reversed(a.shape), reversed(a.strides), a.off)
}

// flatten is a copy with one dimension; flat is a view where possible.
func flatten(in *py.Interp, a *Array) (*Array, error) {
	return reshape(in, a, []int{-1}, false)
}

func (a *Array) flat(in *py.Interp) (*Array, error) {
	if a.size() == 0 {
		return a.view([]int{0}, []int{1}, a.off), nil
	}
	return flatten(in, a)
}

// JoinedShape is the shape of arrays joined along an existing dimension.
func JoinedShape(shapes [][]int, axis int) ([]int, error) {
	if len(shapes) == 0 {
		return nil, py.ValueError.New("need at least one array to concatenate")
	}
	first := shapes[0]
	if len(first) == 0 {
		return nil, py.ValueError.New("zero-dimensional arrays cannot be concatenated")
	}
	axis, err := checkAxis(axis, len(first))
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(first)
	shape[axis] = 0
	for n, s := range shapes {
		if len(s) != len(first) {
			return nil, py.ValueError.New("all the input arrays must have same number of dimensions, but the array at index 0 has %d dimension(s) and the array at index %d has %d dimension(s)", len(first), n, len(s))
		}
		for k := range shape {
			if k != axis && s[k] != first[k] {
				return nil, py.ValueError.New("all the input array dimensions except for the concatenation axis must match exactly, but along dimension %d, the array at index 0 has size %d and the array at index %d has size %d", k, first[k], n, s[k])
			}
		}
		shape[axis] += s[axis]
	}
	return shape, nil
}

// concatenate joins arrays along an existing dimension.
func concatenate(in *py.Interp, list []*Array, axis int) (*Array, error) {
	shapes := make([][]int, len(list))
	for k, a := range list {
		shapes[k] = a.shape
	}
	shape, err := JoinedShape(shapes, axis)
	if err != nil {
		return nil, err
	}
	if axis < 0 {
		axis += len(shape)
	}
	kind := list[0].dtype
	for _, a := range list {
		kind = promote(kind, a.dtype)
	}
	out, err := newArray(in, kind, shape)
	if err != nil {
		return nil, err
	}
	at := 0
	for _, a := range list {
		window := slices.Clone(shape)
		window[axis] = a.shape[axis]
		if err := out.view(window, out.strides, out.off+at*out.strides[axis]).assign(in, a); err != nil {
			return nil, err
		}
		at += a.shape[axis]
	}
	return out, nil
}

// stack joins arrays of one shape along a new dimension.
func stack(in *py.Interp, list []*Array, axis int) (*Array, error) {
	if len(list) == 0 {
		return nil, py.ValueError.New("need at least one array to stack")
	}
	if !isRegular(list) {
		return nil, py.ValueError.New("all input arrays must have the same shape")
	}
	axis, err := checkAxis(axis, list[0].ndim()+1)
	if err != nil {
		return nil, err
	}
	wide := make([]*Array, len(list))
	for k, a := range list {
		wide[k] = a.withAxis(axis)
	}
	return concatenate(in, wide, axis)
}

// withAxis inserts a dimension of length 1.
func (a *Array) withAxis(axis int) *Array {
	return a.view(slices.Insert(slices.Clone(a.shape), axis, 1), slices.Insert(slices.Clone(a.strides), axis, 0), a.off)
}

// arraysOf reads a sequence of arrays.
func arraysOf(in *py.Interp, v py.Value) ([]*Array, error) {
	items, err := in.Collect(v)
	if err != nil {
		return nil, err
	}
	list := make([]*Array, len(items))
	for k, x := range items {
		if list[k], err = AsArray(in, x); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// atLeast adds dimensions of length 1 in front (1-d) or as numpy's
// atleast_2d does.
func (a *Array) atLeast(n int) *Array {
	for a.ndim() < n {
		a = a.withAxis(0)
	}
	return a
}

// squeeze drops dimensions of length 1: all, or the given ones.
func squeeze(in *py.Interp, a *Array, axis py.Value) (*Array, error) {
	drop := func(k int) bool { return a.shape[k] == 1 }
	if axis != nil && axis != py.Value(py.None) {
		axes, err := axesOf(in, axis, a.ndim())
		if err != nil {
			return nil, err
		}
		for _, k := range axes {
			if a.shape[k] != 1 {
				return nil, py.ValueError.New("cannot select an axis to squeeze out which has size not equal to one")
			}
		}
		drop = func(k int) bool { return slices.Contains(axes, k) }
	}
	shape, strides := []int{}, []int{}
	for k := range a.shape {
		if !drop(k) {
			shape, strides = append(shape, a.shape[k]), append(strides, a.strides[k])
		}
	}
	return a.view(shape, strides, a.off), nil
}

// choose is where(cond, x, y).
func choose(in *py.Interp, cond, x, y *Array) (*Array, error) {
	list, shape, err := align(in, cond, x, y)
	if err != nil {
		return nil, err
	}
	bits, err := list[0].bools(in)
	if err != nil {
		return nil, err
	}
	kind := promote(x.dtype, y.dtype)
	if x, err = list[1].as(in, kind); err != nil {
		return nil, err
	}
	if y, err = list[2].as(in, kind); err != nil {
		return nil, err
	}
	out, err := newArray(in, kind, shape)
	if err != nil {
		return nil, err
	}
	switch kind {
	case BoolDType:
		mix(out.b, bits, gather(x, x.b), gather(y, y.b))
	case IntDType:
		mix(out.i, bits, gather(x, x.i), gather(y, y.i))
	case FloatDType:
		mix(out.f, bits, gather(x, x.f), gather(y, y.f))
	case StrDType:
		mix(out.s, bits, gather(x, x.s), gather(y, y.s))
	case ObjectDType:
		mix(out.o, bits, gather(x, x.o), gather(y, y.o))
	}
	return out, nil
}

func mix[T any](dst []T, bits []bool, x, y []T) {
	for k := range dst {
		if bits[k] {
			dst[k] = x[k]
		} else {
			dst[k] = y[k]
		}
	}
}
