package numpy

import (
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// of makes a function whose first argument is an array.
func of(name, params string, f func(in *py.Interp, a *Array, b *py.Bound) (*Array, error)) function {
	first := params
	for k := range params {
		if params[k] == ',' {
			first = params[:k]
			break
		}
	}
	return function{name, params, func(in *py.Interp, b *py.Bound) (py.Value, error) {
		a, err := AsArray(in, b.Get(first))
		if err != nil {
			return nil, err
		}
		r, err := f(in, a, b)
		if err != nil {
			return nil, err
		}
		return wrap(r), nil
	}}
}

func shaping() []function {
	return []function{
		of("reshape", "a, shape, order=, *, copy=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			shape, err := shapeOf(in, b.Get("shape"))
			if err != nil {
				return nil, err
			}
			return reshape(in, a, shape, isFortran(b))
		}),
		of("ravel", "a, order=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			if isFortran(b) {
				a = a.transposed()
			}
			return a.flat(in)
		}),
		of("transpose", "a, axes=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			if !b.Has("axes") {
				return a.transposed(), nil
			}
			return transposeBy(in, a, b.Get("axes"))
		}),
		of("squeeze", "a, axis=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) { return squeeze(in, a, b.Get("axis")) }),
		of("expand_dims", "a, axis", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			n, err := in.Index(b.Get("axis"))
			if err != nil {
				return nil, err
			}
			k, err := checkAxis(n, a.ndim()+1)
			if err != nil {
				return nil, err
			}
			return a.withAxis(k), nil
		}),
		of("broadcast_to", "array, shape, subok=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			shape, err := shapeOf(in, b.Get("shape"))
			if err != nil {
				return nil, err
			}
			common, ok := broadcast(shape, a.shape)
			if !ok || !sameShape(common, shape) {
				return nil, py.ValueError.New("operands could not be broadcast together with remapped shapes [original->remapped]: %s  and requested shape %s", ShapeText(a.shape), ShapeText(shape))
			}
			if _, err := checkedSize(in, shape); err != nil {
				return nil, err
			}
			return a.stretched(shape), nil
		}),
		of("tile", "A, reps", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			reps, err := shapeOf(in, b.Get("reps"))
			if err != nil {
				return nil, err
			}
			return tile(in, a, reps)
		}),
		of("repeat", "a, repeats, axis=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			return repeat(in, a, b.Get("repeats"), b.Get("axis"))
		}),
		of("flip", "m, axis=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			axes, err := axesOf(in, b.Get("axis"), a.ndim())
			if err != nil {
				return nil, err
			}
			return flip(a, axes), nil
		}),
		of("flipud", "m", func(_ *py.Interp, a *Array, _ *py.Bound) (*Array, error) { return flip(a, []int{0}), nil }),
		of("fliplr", "m", func(_ *py.Interp, a *Array, _ *py.Bound) (*Array, error) {
			if a.ndim() < 2 {
				return nil, py.ValueError.New("Input must be >= 2-d.")
			}
			return flip(a, []int{1}), nil
		}),
		of("roll", "a, shift, axis=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			n, err := in.Index(b.Get("shift"))
			if err != nil {
				return nil, err
			}
			return roll(in, a, n, b.Get("axis"))
		}),
		of("diag", "v, k=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) { return diag(in, a, intArg(in, b, "k")) }),
		of("diagonal", "a, offset=, axis1=, axis2=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			if a.ndim() < 2 {
				return nil, py.ValueError.New("diag requires an array of at least two dimensions")
			}
			return diag(in, a, intArg(in, b, "offset"))
		}),
		of("tril", "m, k=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			return triangle(in, a, intArg(in, b, "k"), true)
		}),
		of("triu", "m, k=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			return triangle(in, a, intArg(in, b, "k"), false)
		}),
		of("atleast_1d", "ary", func(_ *py.Interp, a *Array, _ *py.Bound) (*Array, error) { return a.atLeast(1), nil }),
		of("atleast_2d", "ary", func(_ *py.Interp, a *Array, _ *py.Bound) (*Array, error) { return a.atLeast(2), nil }),
		of("append", "arr, values, axis=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			v, err := AsArray(in, b.Get("values"))
			if err != nil {
				return nil, err
			}
			if b.Has("axis") {
				return concatenate(in, []*Array{a, v}, intArg(in, b, "axis"))
			}
			if a, err = a.flat(in); err != nil {
				return nil, err
			}
			if v, err = v.flat(in); err != nil {
				return nil, err
			}
			return concatenate(in, []*Array{a, v}, 0)
		}),
		of("insert", "arr, obj, values, axis=", insert),
		of("delete", "arr, obj, axis=", remove),
		of("swapaxes", "a, axis1, axis2", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			order := make([]int, a.ndim())
			for k := range order {
				order[k] = k
			}
			i, err := checkAxis(intArg(in, b, "axis1"), a.ndim())
			if err != nil {
				return nil, err
			}
			j, err := checkAxis(intArg(in, b, "axis2"), a.ndim())
			if err != nil {
				return nil, err
			}
			order[i], order[j] = order[j], order[i]
			return a.permuted(order), nil
		}),
	}
}

func isFortran(b *py.Bound) bool { return b.Get("order") == py.Value(py.Str("F")) }

func transposeBy(in *py.Interp, a *Array, axes py.Value) (*Array, error) {
	order, err := axesOf(in, toTuple(in, axes), a.ndim())
	if err != nil {
		return nil, err
	}
	if len(order) != a.ndim() {
		return nil, py.ValueError.New("axes don't match array")
	}
	return a.permuted(order), nil
}

// toTuple makes a tuple of a list of axes.
func toTuple(in *py.Interp, v py.Value) py.Value {
	if l, ok := v.(*py.List); ok {
		return py.NewTuple(l.Items...)
	}
	return v
}

func tile(in *py.Interp, a *Array, reps []int) (*Array, error) {
	for len(reps) < a.ndim() {
		reps = append([]int{1}, reps...)
	}
	if len(reps) > maxDims {
		return nil, py.ValueError.New("maximum supported dimension for an ndarray is currently %d, found %d", maxDims, len(reps))
	}
	a = a.atLeast(len(reps))
	var wide, strides, shape []int
	for k, r := range reps {
		if r < 0 {
			r = 0
		}
		wide, strides = append(wide, r, a.shape[k]), append(strides, 0, a.strides[k])
		if a.shape[k] > 0 && r > (1<<40)/a.shape[k] {
			return nil, in.Alloc(-1)
		}
		shape = append(shape, r*a.shape[k])
	}
	if len(reps) == 0 {
		return a.copyOf(in)
	}
	if _, err := checkedSize(in, shape); err != nil {
		return nil, err
	}
	t, err := a.view(wide, strides, a.off).copyOf(in)
	if err != nil {
		return nil, err
	}
	return t.view(shape, rowMajor(shape), t.off), nil
}

func repeat(in *py.Interp, a *Array, repeats, axis py.Value) (*Array, error) {
	dim := 0
	var err error
	if axis == nil || axis == py.Value(py.None) {
		if a, err = a.flat(in); err != nil {
			return nil, err
		}
	} else {
		axes, err := axesOf(in, axis, a.ndim())
		if err != nil {
			return nil, err
		}
		dim = axes[0]
	}
	counts, err := AsArray(in, repeats)
	if err != nil {
		return nil, err
	}
	n, err := counts.ints(in)
	if err != nil {
		return nil, err
	}
	if counts.ndim() > 0 && len(n) != 1 && len(n) != a.shape[dim] {
		return nil, py.ValueError.New("operands could not be broadcast together with shape %s %s", ShapeText(a.shape), ShapeText(counts.shape))
	}
	var places []int64
	for k := range a.shape[dim] {
		c := n[0]
		if len(n) > 1 {
			c = n[k]
		}
		if c < 0 {
			return nil, py.ValueError.New("repeats may not contain negative values.")
		}
		if err := in.AllocN(int(min(c, 1<<40)), 8); err != nil {
			return nil, err
		}
		places = append(places, slices.Repeat([]int64{int64(k)}, int(c))...)
	}
	return a.takeAlong(in, FromInts(places), dim)
}

// takeAlong picks positions of one dimension.
func (a *Array) takeAlong(in *py.Interp, places *Array, dim int) (*Array, error) {
	key := make([]py.Value, dim+1)
	for k := range key {
		key[k] = &py.SliceValue{Start: py.None, Stop: py.None, Step: py.None}
	}
	key[dim] = places
	v, err := a.GetItem(in, py.NewTuple(key...))
	if err != nil {
		return nil, err
	}
	return AsArray(in, v)
}

func flip(a *Array, axes []int) *Array {
	strides := slices.Clone(a.strides)
	off := a.off
	for _, k := range axes {
		if a.shape[k] > 0 {
			off += (a.shape[k] - 1) * a.strides[k]
		}
		strides[k] = -strides[k]
	}
	return a.view(a.shape, strides, off)
}

func roll(in *py.Interp, a *Array, n int, axis py.Value) (*Array, error) {
	if axis == nil || axis == py.Value(py.None) {
		f, err := a.flat(in)
		if err != nil {
			return nil, err
		}
		r, err := roll(in, f, n, py.Int(0))
		if err != nil {
			return nil, err
		}
		return reshape(in, r, a.shape, false)
	}
	axes, err := axesOf(in, axis, a.ndim())
	if err != nil {
		return nil, err
	}
	size := a.shape[axes[0]]
	places := make([]int64, size)
	for k := range places {
		places[k] = int64(((k-n)%size + size) % size)
	}
	return a.takeAlong(in, FromInts(places), axes[0])
}

// diag takes a diagonal of a matrix, or makes a matrix of a diagonal.
func diag(in *py.Interp, a *Array, k int) (*Array, error) {
	switch a.ndim() {
	case 1:
		n := a.shape[0] + max(k, -k)
		out, err := newArray(in, a.dtype, []int{n, n})
		if err != nil {
			return nil, err
		}
		if a.dtype == ObjectDType {
			for at := range out.o {
				out.o[at] = py.Int(0)
			}
		}
		at := max(k, 0)
		if k < 0 {
			at = -k * n
		}
		return out, out.view(a.shape, []int{n + 1}, at).assign(in, a)
	case 2:
		row, col := max(-k, 0), max(k, 0)
		n := max(min(a.shape[0]-row, a.shape[1]-col), 0)
		off := a.off
		if n > 0 {
			off += row*a.strides[0] + col*a.strides[1]
		}
		return a.view([]int{n}, []int{a.strides[0] + a.strides[1]}, off), nil
	}
	return nil, py.ValueError.New("Input must be 1- or 2-d.")
}

func insert(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
	if b.Has("axis") && a.ndim() != 1 {
		return nil, py.Unsupported("insert along an axis is not supported")
	}
	a, err := a.flat(in)
	if err != nil {
		return nil, err
	}
	at, err := in.Index(b.Get("obj"))
	if err != nil {
		return nil, py.Unsupported("insert at several places is not supported")
	}
	if at < -a.size() || at > a.size() {
		return nil, py.IndexError.New("index %d is out of bounds for axis 0 with size %d", at, a.size())
	}
	if at < 0 {
		at += a.size()
	}
	v, err := AsArray(in, b.Get("values"))
	if err != nil {
		return nil, err
	}
	if v, err = v.as(in, a.dtype); err != nil {
		return nil, err
	}
	v = v.atLeast(1)
	head := a.view([]int{at}, a.strides, a.off)
	tail := a.view([]int{a.size() - at}, a.strides, a.off+at*a.strides[0])
	return concatenate(in, []*Array{head, v, tail}, 0)
}

func remove(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
	dim := 0
	var err error
	if b.Has("axis") {
		axes, err := axesOf(in, b.Get("axis"), a.ndim())
		if err != nil {
			return nil, err
		}
		dim = axes[0]
	} else if a, err = a.flat(in); err != nil {
		return nil, err
	}
	size := a.shape[dim]
	drop := make(map[int]bool)
	obj := b.Get("obj")
	if s, ok := obj.(*py.SliceValue); ok {
		start, step, n, err := s.Span(in, size)
		if err != nil {
			return nil, err
		}
		for k := range n {
			drop[start+k*step] = true
		}
	} else {
		idx, err := AsArray(in, obj)
		if err != nil {
			return nil, err
		}
		list, err := idx.ints(in)
		if err != nil {
			return nil, err
		}
		for k, n := range list {
			if idx.dtype == BoolDType {
				drop[k] = n != 0
				continue
			}
			at, err := checkIndex(int(n), dim, size)
			if err != nil {
				return nil, err
			}
			drop[at] = true
		}
	}
	var keep []int64
	for k := range size {
		if !drop[k] {
			keep = append(keep, int64(k))
		}
	}
	return a.takeAlong(in, FromInts(keep), dim)
}

func joining() []function {
	return []function{
		{"concatenate", "arrays, axis=, out=, dtype=, casting=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			list, err := arraysOf(in, b.Get("arrays"))
			if err != nil {
				return nil, err
			}
			axis := 0
			if v := b.Get("axis"); v != nil {
				if v == py.Value(py.None) {
					for k := range list {
						if list[k], err = list[k].flat(in); err != nil {
							return nil, err
						}
					}
				} else if axis, err = in.Index(v); err != nil {
					return nil, err
				}
			}
			return concatenate(in, list, axis)
		}},
		{"stack", "arrays, axis=, out=, *, dtype=, casting=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			list, err := arraysOf(in, b.Get("arrays"))
			if err != nil {
				return nil, err
			}
			return stack(in, list, intArg(in, b, "axis"))
		}},
		{"vstack", "tup, *, dtype=, casting=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			list, err := arraysOf(in, b.Get("tup"))
			if err != nil {
				return nil, err
			}
			for k := range list {
				list[k] = list[k].atLeast(2)
			}
			return concatenate(in, list, 0)
		}},
		{"hstack", "tup, *, dtype=, casting=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			list, err := arraysOf(in, b.Get("tup"))
			if err != nil {
				return nil, err
			}
			axis := 1
			for k := range list {
				list[k] = list[k].atLeast(1)
			}
			if len(list) > 0 && list[0].ndim() == 1 {
				axis = 0
			}
			return concatenate(in, list, axis)
		}},
		{"column_stack", "tup", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			list, err := arraysOf(in, b.Get("tup"))
			if err != nil {
				return nil, err
			}
			for k, a := range list {
				if a.ndim() < 2 {
					list[k] = a.atLeast(1).withAxis(1)
				}
			}
			return concatenate(in, list, 1)
		}},
		{"split", "ary, indices_or_sections, axis=", func(in *py.Interp, b *py.Bound) (py.Value, error) { return split(in, b, true) }},
		{"array_split", "ary, indices_or_sections, axis=", func(in *py.Interp, b *py.Bound) (py.Value, error) { return split(in, b, false) }},
		{"block", "arrays", func(in *py.Interp, b *py.Bound) (py.Value, error) { return block(in, b.Get("arrays")) }},
		{"ix_", "*args", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			out := py.NewTuple()
			for k, v := range b.Star {
				a, err := AsArray(in, v)
				if err != nil {
					return nil, err
				}
				if a.dtype == BoolDType {
					cols, err := a.trueIndices(in)
					if err != nil {
						return nil, err
					}
					a = FromInts(cols[0])
				}
				if a.ndim() != 1 {
					return nil, py.ValueError.New("Cross index must be 1 dimensional")
				}
				shape, strides := make([]int, len(b.Star)), make([]int, len(b.Star))
				for d := range shape {
					shape[d] = 1
				}
				shape[k], strides[k] = a.shape[0], a.strides[0]
				out.Items = append(out.Items, a.view(shape, strides, a.off))
			}
			return out, nil
		}},
	}
}

func split(in *py.Interp, b *py.Bound, equal bool) (py.Value, error) {
	a, err := AsArray(in, b.Get("ary"))
	if err != nil {
		return nil, err
	}
	n, err := in.Index(b.Get("indices_or_sections"))
	whole := err == nil
	if _, isArray := b.Get("ary").(*Array); equal && whole && !isArray {
		return nil, py.AttributeError.New("'%s' object has no attribute 'shape'", b.Get("ary").Type().Name)
	}
	axis, err := checkAxis(intArg(in, b, "axis"), a.ndim())
	if err != nil {
		return nil, err
	}
	size := a.shape[axis]
	var cuts []int
	if whole {
		if equal && n == 0 {
			return nil, py.ZeroDivisionError.New("integer modulo by zero")
		}
		if n <= 0 {
			return nil, py.ValueError.New("number sections must be larger than 0.")
		}
		if equal && size%n != 0 {
			return nil, py.ValueError.New("array split does not result in an equal division")
		}
		if err := in.AllocN(n, 128); err != nil {
			return nil, err
		}
		each, extra := size/n, size%n
		at := 0
		for k := range n - 1 {
			at += each
			if k < extra {
				at++
			}
			cuts = append(cuts, at)
		}
	} else {
		idx, err := AsArray(in, b.Get("indices_or_sections"))
		if err != nil {
			return nil, err
		}
		list, err := idx.ints(in)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			cuts = append(cuts, int(c))
		}
	}
	out := py.NewList()
	at := 0
	for k := 0; k <= len(cuts); k++ {
		end := size
		if k < len(cuts) {
			end = cuts[k]
			if end < 0 {
				end += size
			}
			end = min(max(end, 0), size)
		}
		shape := slices.Clone(a.shape)
		shape[axis] = max(end-at, 0)
		out.Items = append(out.Items, a.view(shape, a.strides, a.off+at*a.strides[axis]))
		at = end
	}
	return out, nil
}

// block joins nested lists of matrices.
func block(in *py.Interp, v py.Value) (py.Value, error) {
	rows, ok := v.(*py.List)
	if !ok {
		return AsArray(in, v)
	}
	var out []*Array
	nestedRows := false
	for _, r := range rows.Items {
		if cells, ok := r.(*py.List); ok {
			nestedRows = true
			list, err := arraysOf(in, cells)
			if err != nil {
				return nil, err
			}
			for k := range list {
				list[k] = list[k].atLeast(2)
			}
			row, err := concatenate(in, list, 1)
			if err != nil {
				return nil, err
			}
			out = append(out, row)
			continue
		}
		a, err := AsArray(in, r)
		if err != nil {
			return nil, err
		}
		out = append(out, a.atLeast(1))
	}
	if nestedRows {
		return concatenate(in, out, 0)
	}
	return concatenate(in, out, -1)
}
