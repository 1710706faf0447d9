package numpy

import (
	"math"
	"math/bits"
	"slices"
	"sort"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

func searching() []function {
	return []function{
		{"where", "condition, x=, y=, /", whereCall},
		{"nonzero", "a", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			return a.nonzero(in)
		}},
		of("flatnonzero", "a", func(in *py.Interp, a *Array, _ *py.Bound) (*Array, error) {
			f, err := a.flat(in)
			if err != nil {
				return nil, err
			}
			cols, err := f.trueIndices(in)
			if err != nil {
				return nil, err
			}
			return FromInts(cols[0]), nil
		}),
		of("argwhere", "a", func(in *py.Interp, a *Array, _ *py.Bound) (*Array, error) {
			cols, err := a.trueIndices(in)
			if err != nil {
				return nil, err
			}
			list := make([]*Array, len(cols))
			for k, c := range cols {
				list[k] = FromInts(c)
			}
			return stack(in, list, 1)
		}),
		{"count_nonzero", "a, axis=, *, keepdims=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			if a, err = a.as(in, BoolDType); err != nil {
				return nil, err
			}
			r := &reduction{a: a}
			if r.axes, err = axesOf(in, b.Get("axis"), a.ndim()); err != nil {
				return nil, err
			}
			out, err := r.sum(in)
			if err != nil {
				return nil, err
			}
			return wrap(out), nil
		}},
		of("isin", "element, test_elements, assume_unique=, invert=, *, kind=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			t, err := AsArray(in, b.Get("test_elements"))
			if err != nil {
				return nil, err
			}
			invert := false
			if b.Has("invert") {
				if invert, err = in.Truth(b.Get("invert")); err != nil {
					return nil, err
				}
			}
			return isIn(in, a, t, invert)
		}),
		{"unique", "ar, return_index=, return_inverse=, return_counts=, axis=, *, equal_nan=, sorted=", unique},
		of("sort", "a, axis=, kind=, order=, *, stable=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			c, err := a.copyOf(in)
			if err != nil {
				return nil, err
			}
			return c, sortArray(in, c, axisOr(b, -1))
		}),
		of("argsort", "a, axis=, kind=, order=, *, stable=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			return argsort(in, a, axisOr(b, -1))
		}),
		of("searchsorted", "a, v, side=, sorter=", searchSorted),
		of("digitize", "x, bins, right=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			bins, err := AsArray(in, b.Get("bins"))
			if err != nil {
				return nil, err
			}
			right := false
			if b.Has("right") {
				if right, err = in.Truth(b.Get("right")); err != nil {
					return nil, err
				}
			}
			edges, err := bins.Floats(in)
			if err != nil {
				return nil, err
			}
			return mapToInts(in, a, func(x float64) int64 { return int64(position(edges, x, !right)) })
		}),
		of("interp", "x, xp, fp, left=, right=, period=", interp),
		{"argmax", "a, axis=, out=, *, keepdims=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			return argExtreme(in, "argmax", a, b.Get("axis"), true)
		}},
		{"argmin", "a, axis=, out=, *, keepdims=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			return argExtreme(in, "argmin", a, b.Get("axis"), false)
		}},
		of("take", "a, indices, axis=, out=, mode=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			idx, err := AsArray(in, b.Get("indices"))
			if err != nil {
				return nil, err
			}
			dim := 0
			if b.Has("axis") {
				axes, err := axesOf(in, b.Get("axis"), a.ndim())
				if err != nil {
					return nil, err
				}
				dim = axes[0]
			} else if a, err = a.flat(in); err != nil {
				return nil, err
			}
			if idx, err = idx.as(in, IntDType); err != nil {
				return nil, err
			}
			return a.takeAlong(in, idx, dim)
		}),
	}
}

func whereCall(in *py.Interp, b *py.Bound) (py.Value, error) {
	c, err := AsArray(in, b.Get("condition"))
	if err != nil {
		return nil, err
	}
	x, y := b.Get("x"), b.Get("y")
	if x == nil && y == nil {
		return c.nonzero(in)
	}
	if x == nil || y == nil {
		return nil, py.ValueError.New("either both or neither of x and y should be given")
	}
	p, err := AsArray(in, x)
	if err != nil {
		return nil, err
	}
	q, err := AsArray(in, y)
	if err != nil {
		return nil, err
	}
	r, err := choose(in, c, p, q)
	if err != nil {
		return nil, err
	}
	if r.ndim() == 0 && r.dtype == ObjectDType {
		return r, nil
	}
	// where keeps arrays without dimensions as arrays.
	return r, nil
}

func (a *Array) nonzero(in *py.Interp) (py.Value, error) {
	if a.ndim() == 0 {
		return nil, py.ValueError.New("Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead. If the context of this error is of the form `arr[nonzero(cond)]`, just use `arr[cond]`.")
	}
	cols, err := a.trueIndices(in)
	if err != nil {
		return nil, err
	}
	t := py.NewTuple()
	for _, c := range cols {
		t.Items = append(t.Items, FromInts(c))
	}
	return t, nil
}

func isIn(in *py.Interp, a, t *Array, invert bool) (*Array, error) {
	out, err := newArray(in, BoolDType, a.shape)
	if err != nil {
		return nil, err
	}
	if a.dtype == StrDType || t.dtype == StrDType || a.dtype == ObjectDType || t.dtype == ObjectDType {
		xs, err := a.objects(in)
		if err != nil {
			return nil, err
		}
		ys, err := t.objects(in)
		if err != nil {
			return nil, err
		}
		for k, x := range xs {
			has, err := in.Contains(py.NewTuple(ys...), x)
			if err != nil {
				return nil, err
			}
			out.b[k] = has != invert
		}
		return out, nil
	}
	xs, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	ys, err := t.Floats(in)
	if err != nil {
		return nil, err
	}
	set := make(map[float64]bool, len(ys))
	for _, y := range ys {
		set[y] = true
	}
	for k, x := range xs {
		out.b[k] = set[x] != invert
	}
	return out, in.Step(len(xs) + len(ys))
}

func axisOr(b *py.Bound, def int) py.Value {
	if v := b.Get("axis"); v != nil {
		return v
	}
	return py.Int(def)
}

// less orders elements; NaN comes last.
func (a *Array) less(in *py.Interp, p, q int) (bool, error) {
	switch a.dtype {
	case BoolDType:
		return !a.b[p] && a.b[q], nil
	case IntDType:
		return a.i[p] < a.i[q], nil
	case FloatDType:
		x, y := a.f[p], a.f[q]
		return x < y || y != y && x == x, nil
	case StrDType:
		return a.s[p] < a.s[q], nil
	}
	return in.Less(a.o[p], a.o[q])
}

// orders gives, for each lane along axis, its places in sorted order.
func orders(in *py.Interp, a *Array, axis py.Value, f func(head int, stride int, order []int)) error {
	axes, err := axesOf(in, axis, a.ndim())
	if err != nil {
		return err
	}
	v, _, length := a.lanes(axes, false)
	if err := in.Step(a.size() * bits.Len(uint(length))); err != nil {
		return err
	}
	if err := in.AllocN(length, 8); err != nil {
		return err
	}
	if a.size() == 0 {
		return nil
	}
	stride := v.strides[len(v.strides)-1]
	heads := v.view(v.shape[:len(v.shape)-1], v.strides[:len(v.strides)-1], v.off)
	order := make([]int, length)
	heads.offsets(func(_, at int) {
		for k := range order {
			order[k] = k
		}
		sort.SliceStable(order, func(i, j int) bool {
			if err != nil {
				return false
			}
			var less bool
			less, err = a.less(in, at+order[i]*stride, at+order[j]*stride)
			return less
		})
		f(at, stride, order)
	})
	return err
}

// sortArray sorts in place along axis.
func sortArray(in *py.Interp, a *Array, axis py.Value) error {
	if axis == py.Value(py.None) {
		return py.Unsupported("sorting with axis=None is not supported")
	}
	return orders(in, a, axis, func(head, stride int, order []int) {
		switch a.dtype {
		case BoolDType:
			reorder(a.b, head, stride, order)
		case IntDType:
			reorder(a.i, head, stride, order)
		case FloatDType:
			reorder(a.f, head, stride, order)
		case StrDType:
			reorder(a.s, head, stride, order)
		case ObjectDType:
			reorder(a.o, head, stride, order)
		}
	})
}

func reorder[T any](data []T, head, stride int, order []int) {
	sorted := make([]T, len(order))
	for k, o := range order {
		sorted[k] = data[head+o*stride]
	}
	for k, x := range sorted {
		data[head+k*stride] = x
	}
}

func argsort(in *py.Interp, a *Array, axis py.Value) (*Array, error) {
	c, err := a.copyOf(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, IntDType, a.shape)
	if err != nil {
		return nil, err
	}
	return out, orders(in, c, axis, func(head, stride int, order []int) {
		for k, o := range order {
			out.i[head+k*stride] = int64(o)
		}
	})
}

func unique(in *py.Interp, b *py.Bound) (py.Value, error) {
	if b.Has("axis") {
		return nil, py.Unsupported("unique along an axis is not supported")
	}
	a, err := AsArray(in, b.Get("ar"))
	if err != nil {
		return nil, err
	}
	if a, err = a.flat(in); err != nil {
		return nil, err
	}
	if a, err = a.packed(in); err != nil {
		return nil, err
	}
	order, err := argsort(in, a, py.Int(0))
	if err != nil {
		return nil, err
	}
	var firsts, counts []int64
	inverse := make([]int64, a.size())
	for _, o := range order.i {
		n := len(firsts)
		same := false
		if n > 0 {
			less, err := a.less(in, a.off+int(firsts[n-1]), a.off+int(o))
			if err != nil {
				return nil, err
			}
			same = !less
		}
		if same {
			counts[n-1]++
		} else {
			firsts, counts = append(firsts, o), append(counts, 1)
		}
		inverse[o] = int64(len(firsts) - 1)
	}
	values, err := a.takeAlong(in, FromInts(firsts), 0)
	if err != nil {
		return nil, err
	}
	out := py.NewTuple(values)
	if err := appendIf(in, b, "return_index", out, firsts); err != nil {
		return nil, err
	}
	if err := appendIf(in, b, "return_inverse", out, inverse); err != nil {
		return nil, err
	}
	if err := appendIf(in, b, "return_counts", out, counts); err != nil {
		return nil, err
	}
	if len(out.Items) == 1 {
		return values, nil
	}
	return out, nil
}

func appendIf(in *py.Interp, b *py.Bound, name string, out *py.Tuple, list []int64) error {
	if !b.Has(name) {
		return nil
	}
	yes, err := in.Truth(b.Get(name))
	if yes {
		out.Items = append(out.Items, FromInts(list))
	}
	return err
}

// position finds where x belongs among sorted edges; after says behind equals.
func position(edges []float64, x float64, after bool) int {
	return sort.Search(len(edges), func(k int) bool {
		if after {
			return edges[k] > x
		}
		return edges[k] >= x
	})
}

func mapToInts(in *py.Interp, a *Array, f func(x float64) int64) (*Array, error) {
	src, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, IntDType, a.shape)
	if err != nil {
		return nil, err
	}
	for k, x := range src {
		out.i[k] = f(x)
	}
	return out, in.Step(len(src) * 4)
}

func searchSorted(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
	v, err := AsArray(in, b.Get("v"))
	if err != nil {
		return nil, err
	}
	edges, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	after := b.Get("side") == py.Value(py.Str("right"))
	return mapToInts(in, v, func(x float64) int64 { return int64(position(edges, x, after)) })
}

func interp(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
	xp, err := AsArray(in, b.Get("xp"))
	if err != nil {
		return nil, err
	}
	fp, err := AsArray(in, b.Get("fp"))
	if err != nil {
		return nil, err
	}
	if b.Has("period") {
		return nil, py.Unsupported("interp(period=...) is not supported")
	}
	xs, err := xp.Floats(in)
	if err != nil {
		return nil, err
	}
	ys, err := fp.Floats(in)
	if err != nil {
		return nil, err
	}
	if len(xs) == 0 {
		return nil, py.ValueError.New("array of sample points is empty")
	}
	if len(xs) != len(ys) {
		return nil, py.ValueError.New("fp and xp are not of the same length.")
	}
	left, right := ys[0], ys[len(ys)-1]
	if b.Has("left") {
		if left, err = in.ToFloat(b.Get("left")); err != nil {
			return nil, err
		}
	}
	if b.Has("right") {
		if right, err = in.ToFloat(b.Get("right")); err != nil {
			return nil, err
		}
	}
	src, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, FloatDType, a.shape)
	if err != nil {
		return nil, err
	}
	n := len(xs)
	for k, x := range src {
		switch {
		case x != x:
			out.f[k] = x
		case x < xs[0]:
			out.f[k] = left
		case x > xs[n-1]:
			out.f[k] = right
		default:
			j := position(xs, x, true) - 1
			if j >= n-1 {
				out.f[k] = ys[n-1]
				continue
			}
			if xs[j] == x {
				out.f[k] = ys[j]
				continue
			}
			slope := (ys[j+1] - ys[j]) / (xs[j+1] - xs[j])
			y := slope*(x-xs[j]) + ys[j]
			if y != y {
				if y = slope*(x-xs[j+1]) + ys[j+1]; y != y && ys[j] == ys[j+1] {
					y = ys[j]
				}
			}
			out.f[k] = y
		}
	}
	return out, in.Step(len(src) * 4)
}

// closeTo is np.isclose.
func closeTo(in *py.Interp, b *py.Bound) (*Array, error) {
	x, err := AsArray(in, b.Get("a"))
	if err != nil {
		return nil, err
	}
	y, err := AsArray(in, b.Get("b"))
	if err != nil {
		return nil, err
	}
	rtol, atol := 1e-5, 1e-8
	if v := b.Get("rtol"); v != nil {
		if rtol, err = in.ToFloat(v); err != nil {
			return nil, err
		}
	}
	if v := b.Get("atol"); v != nil {
		if atol, err = in.ToFloat(v); err != nil {
			return nil, err
		}
	}
	nan := false
	if b.Has("equal_nan") {
		if nan, err = in.Truth(b.Get("equal_nan")); err != nil {
			return nil, err
		}
	}
	list, shape, err := align(in, x, y)
	if err != nil {
		return nil, err
	}
	xs, err := list[0].Floats(in)
	if err != nil {
		return nil, err
	}
	ys, err := list[1].Floats(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, BoolDType, shape)
	if err != nil {
		return nil, err
	}
	for k := range out.b {
		p, q := xs[k], ys[k]
		out.b[k] = p == q || nan && p != p && q != q ||
			!math.IsInf(p, 0) && !math.IsInf(q, 0) && math.Abs(p-q) <= atol+rtol*math.Abs(q)
	}
	return out, nil
}

func comparing() []function {
	all := func(in *py.Interp, a *Array) (py.Value, error) {
		bits, err := a.bools(in)
		return py.Bool(!slices.Contains(bits, false)), err
	}
	return []function{
		{"isclose", "a, b, rtol=, atol=, equal_nan=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			r, err := closeTo(in, b)
			if err != nil {
				return nil, err
			}
			return wrap(r), nil
		}},
		{"allclose", "a, b, rtol=, atol=, equal_nan=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			r, err := closeTo(in, b)
			if err != nil {
				return nil, err
			}
			return all(in, r)
		}},
		{"array_equal", "a1, a2, equal_nan=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			x, err := AsArray(in, b.Get("a1"))
			if err != nil {
				return nil, err
			}
			y, err := AsArray(in, b.Get("a2"))
			if err != nil {
				return nil, err
			}
			eq, err := equalArrays(in, x, y)
			return py.Bool(eq), err
		}},
		{"isscalar", "element", func(_ *py.Interp, b *py.Bound) (py.Value, error) {
			switch b.Get("element").(type) {
			case py.Int, py.Float, py.Bool, py.Str, *py.BigInt, Float64, Int64, Bool:
				return py.True, nil
			}
			return py.False, nil
		}},
		{"shape", "a", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			return shapeTuple(a.shape), nil
		}},
		{"ndim", "a", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			return py.Int(a.ndim()), nil
		}},
		{"size", "a, axis=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			if b.Has("axis") {
				axes, err := axesOf(in, b.Get("axis"), a.ndim())
				if err != nil {
					return nil, err
				}
				return py.Int(a.shape[axes[0]]), nil
			}
			return py.Int(a.size()), nil
		}},
	}
}
