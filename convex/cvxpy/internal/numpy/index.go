package numpy

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

const badIndex = "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices"

// part is one component of a subscript.
type part struct {
	slice   *py.SliceValue
	at      int
	newAxis bool
	dots    bool
	fancy   *Array // of ints
	mask    *Array // of bools
}

// consumes is how many dimensions of the array the component takes.
func (p part) consumes() int {
	switch {
	case p.newAxis || p.dots:
		return 0
	case p.mask != nil:
		return p.mask.ndim()
	}
	return 1
}

// readIndex takes a subscript apart.
func readIndex(in *py.Interp, key py.Value) ([]part, error) {
	items := []py.Value{key}
	if t, ok := key.(*py.Tuple); ok {
		items = t.Items
	}
	var list []part
	for _, v := range items {
		p, err := readPart(in, v)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func readPart(in *py.Interp, v py.Value) (part, error) {
	switch x := v.(type) {
	case *py.SliceValue:
		return part{slice: x}, nil
	case py.NoneType:
		return part{newAxis: true}, nil
	case py.Int:
		return part{at: int(x)}, nil
	case Int64:
		return part{at: int(x)}, nil
	case py.Bool:
		return part{mask: FromBools([]bool{bool(x)}).scalarShape()}, nil
	case Bool:
		return part{mask: FromBools([]bool{bool(x)}).scalarShape()}, nil
	case *Array, *py.List, *py.Range:
		a, err := AsArray(in, v)
		if err != nil {
			return part{}, err
		}
		switch {
		case a.dtype == BoolDType:
			return part{mask: a}, nil
		case a.dtype == IntDType && a.ndim() == 0:
			return part{at: int(a.i[a.off])}, nil
		case a.dtype == IntDType:
			return part{fancy: a}, nil
		case a.size() == 0 && a.dtype == FloatDType:
			if _, isList := v.(*py.List); isList {
				e, err := newArray(in, IntDType, a.shape)
				return part{fancy: e}, err
			}
		case a.ndim() == 0:
			return part{}, py.IndexError.New(badIndex)
		}
		if _, isArray := v.(*Array); isArray || a.dtype == FloatDType {
			if isArray {
				return part{}, py.IndexError.New("arrays used as indices must be of integer (or boolean) type")
			}
			return part{}, py.IndexError.New(badIndex)
		}
	}
	if v == py.Value(py.Ellipsis) {
		return part{dots: true}, nil
	}
	if n, ok := v.(py.Integer); ok {
		if i, ok := n.AsInt(); ok {
			return part{at: int(i)}, nil
		}
	}
	if i, ok := v.(*py.Instance); ok {
		if r, err := in.CallSpecial(i, "__index__"); r != nil || err != nil {
			if err != nil {
				return part{}, err
			}
			n, err := in.Index(r)
			return part{at: n}, err
		}
	}
	return part{}, py.IndexError.New(badIndex)
}

// expand puts whole slices in place of dots and of what is not named.
func (a *Array) expand(list []part) ([]part, error) {
	taken, dots := 0, -1
	for k, p := range list {
		taken += p.consumes()
		if p.dots {
			if dots >= 0 {
				return nil, py.IndexError.New("an index can only have a single ellipsis ('...')")
			}
			dots = k
		}
	}
	if taken > a.ndim() {
		return nil, py.IndexError.New("too many indices for array: array is %d-dimensional, but %d were indexed", a.ndim(), taken)
	}
	rest := make([]part, a.ndim()-taken)
	for k := range rest {
		rest[k] = part{slice: &py.SliceValue{Start: py.None, Stop: py.None, Step: py.None}}
	}
	if dots < 0 {
		return append(list, rest...), nil
	}
	out := append([]part{}, list[:dots]...)
	out = append(out, rest...)
	return append(out, list[dots+1:]...), nil
}

func isAdvanced(list []part) bool {
	for _, p := range list {
		if p.fancy != nil || p.mask != nil {
			return true
		}
	}
	return false
}

// basic applies integers, slices and new axes: the result is a view.
func (a *Array) basic(in *py.Interp, list []part) (*Array, error) {
	shape, strides, off := []int{}, []int{}, a.off
	dim := 0
	for _, p := range list {
		switch {
		case p.newAxis:
			shape, strides = append(shape, 1), append(strides, 0)
			continue
		case p.slice != nil:
			start, step, n, err := p.slice.Span(in, a.shape[dim])
			if err != nil {
				return nil, err
			}
			if n > 0 {
				off += start * a.strides[dim]
			}
			shape, strides = append(shape, n), append(strides, step*a.strides[dim])
		default:
			k, err := checkIndex(p.at, dim, a.shape[dim])
			if err != nil {
				return nil, err
			}
			off += k * a.strides[dim]
		}
		dim++
	}
	return a.view(shape, strides, off), nil
}

func checkIndex(k, axis, size int) (int, error) {
	if k < -size || k >= size {
		return 0, py.IndexError.New("index %d is out of bounds for axis %d with size %d", k, axis, size)
	}
	if k < 0 {
		k += size
	}
	return k, nil
}

// GetItem is a[key].
func (a *Array) GetItem(in *py.Interp, key py.Value) (py.Value, error) {
	if k, ok := key.(py.Int); ok && a.ndim() == 1 && int(k) < a.shape[0] && k >= 0 {
		return a.item(a.off + int(k)*a.strides[0]), nil
	}
	list, err := readIndex(in, key)
	if err != nil {
		return nil, err
	}
	if list, err = a.expand(list); err != nil {
		return nil, err
	}
	if !isAdvanced(list) {
		v, err := a.basic(in, list)
		if err != nil {
			return nil, err
		}
		if v.ndim() == 0 && !hasDots(key) {
			return v.item(v.off), nil
		}
		return v, nil
	}
	places, shape, err := a.advanced(in, list)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, a.dtype, shape)
	if err != nil {
		return nil, err
	}
	for k, at := range places {
		switch a.dtype {
		case BoolDType:
			out.b[k] = a.b[at]
		case IntDType:
			out.i[k] = a.i[at]
		case FloatDType:
			out.f[k] = a.f[at]
		case StrDType:
			out.s[k] = a.s[at]
		case ObjectDType:
			out.o[k] = a.o[at]
		}
	}
	return wrap(out), nil
}

func hasDots(key py.Value) bool {
	if t, ok := key.(*py.Tuple); ok {
		for _, v := range t.Items {
			if v == py.Value(py.Ellipsis) {
				return true
			}
		}
	}
	return key == py.Value(py.Ellipsis)
}

// SetItem is a[key] = v.
func (a *Array) SetItem(in *py.Interp, key, v py.Value) error {
	if defers(v) && a.dtype != ObjectDType {
		return setForeign(in, v)
	}
	if k, ok := key.(py.Int); ok && a.ndim() == 1 {
		i, err := checkIndex(int(k), 0, a.shape[0])
		if err != nil {
			return err
		}
		if x, isArray := v.(*Array); isArray && x.ndim() == 0 {
			v = x.item(x.off)
		}
		if list, isList := v.(*py.List); isList && a.dtype != ObjectDType && len(list.Items) == 1 {
			return py.ValueError.New("setting an array element with a sequence.")
		}
		return a.set(in, a.off+i*a.strides[0], v)
	}
	list, err := readIndex(in, key)
	if err != nil {
		return err
	}
	if list, err = a.expand(list); err != nil {
		return err
	}
	if !isAdvanced(list) {
		target, err := a.basic(in, list)
		if err != nil {
			return err
		}
		return target.assignValue(in, v)
	}
	places, shape, err := a.advanced(in, list)
	if err != nil {
		return err
	}
	src, err := AsArray(in, v)
	if err != nil {
		return err
	}
	common, ok := broadcast(shape, src.shape)
	if !ok || !sameShape(common, shape) {
		if len(list) == 1 && list[0].mask != nil && src.ndim() == 1 {
			return py.ValueError.New("NumPy boolean array indexing assignment cannot assign %d input values to the %d output values where the mask is true", src.size(), len(places))
		}
		return py.ValueError.New("shape mismatch: value array of shape %s could not be broadcast to indexing result of shape %s", ShapeText(src.shape), ShapeText(shape))
	}
	src = src.stretched(shape)
	var failed error
	src.offsets(func(k, at int) {
		if failed == nil {
			failed = a.set(in, places[k], src.item(at))
		}
	})
	return failed
}

// setForeign words the assignment of an expression into an array of numbers.
func setForeign(in *py.Interp, v py.Value) error {
	if f, ok := v.(Foreign); ok {
		if _, done, err := f.NumpyCall(in, "__setitem__", py.Args{}); done || err != nil {
			return err
		}
	}
	return py.ValueError.New("setting an array element with a sequence.")
}

// assignValue stores v into all of a, stretched where it fits.
func (a *Array) assignValue(in *py.Interp, v py.Value) error {
	if a.dtype == ObjectDType && a.ndim() == 0 {
		a.o[a.off] = v
		return nil
	}
	src, err := AsArray(in, v)
	if err != nil {
		return err
	}
	return a.assign(in, src)
}

// assign copies src into a, stretched where it fits.
func (a *Array) assign(in *py.Interp, src *Array) error {
	shape := src.shape
	for len(shape) > len(a.shape) && shape[0] == 1 {
		shape = shape[1:]
	}
	common, ok := broadcast(a.shape, shape)
	if !ok || !sameShape(common, a.shape) {
		return py.ValueError.New("could not broadcast input array from shape %s into shape %s", ShapeText(src.shape), ShapeText(a.shape))
	}
	if err := in.Step(a.size() / 8); err != nil {
		return err
	}
	if len(shape) < len(src.shape) {
		src = src.view(shape, src.strides[len(src.shape)-len(shape):], src.off)
	}
	if a.sharesWith(src) {
		var err error
		if src, err = src.copyOf(in); err != nil {
			return err
		}
	}
	src = src.stretched(a.shape)
	switch {
	case a.dtype == FloatDType && src.dtype <= FloatDType:
		x, err := src.Floats(in)
		if err != nil {
			return err
		}
		a.offsets(func(k, at int) { a.f[at] = x[k] })
		return nil
	case a.dtype == IntDType && src.dtype <= FloatDType:
		x, err := src.ints(in)
		if err != nil {
			return err
		}
		a.offsets(func(k, at int) { a.i[at] = x[k] })
		return nil
	}
	items, err := src.objects(in)
	if err != nil {
		return err
	}
	a.offsets(func(k, at int) {
		if err == nil {
			err = a.set(in, at, items[k])
		}
	})
	return err
}

// sharesWith reports whether two arrays look at the same data.
func (a *Array) sharesWith(b *Array) bool {
	root := func(x *Array) *Array {
		if x.base != nil {
			return x.base
		}
		return x
	}
	return root(a) == root(b)
}
