package numpy

import (
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

var axisError = py.NewExceptionType("numpy.exceptions", "AxisError", py.ValueError, py.IndexError)

func checkAxis(k, ndim int) (int, error) {
	if k < -ndim || k >= ndim {
		return 0, axisError.New("axis %d is out of bounds for array of dimension %d", k, ndim)
	}
	if k < 0 {
		k += ndim
	}
	return k, nil
}

// Axes reads axis= as numpy's normalize_axis_tuple does: an int or a sequence.
func Axes(in *py.Interp, v py.Value, ndim int) ([]int, error) {
	items := []py.Value{v}
	if _, err := in.Index(v); err != nil {
		if items, err = in.Collect(v); err != nil {
			return nil, err
		}
	}
	axes := make([]int, len(items))
	for k, x := range items {
		n, err := in.Index(x)
		if err != nil {
			return nil, err
		}
		if axes[k], err = checkAxis(n, ndim); err != nil {
			return nil, err
		}
		if slices.Contains(axes[:k], axes[k]) {
			return nil, py.ValueError.New("repeated axis")
		}
	}
	return axes, nil
}

// axesOf reads axis=: None is all of them.
func axesOf(in *py.Interp, v py.Value, ndim int) ([]int, error) {
	if v == nil || v == py.Value(py.None) {
		all := make([]int, ndim)
		for k := range all {
			all[k] = k
		}
		return all, nil
	}
	items := []py.Value{v}
	if t, ok := v.(*py.Tuple); ok {
		items = t.Items
	}
	var axes []int
	for _, x := range items {
		n, err := in.Index(x)
		if err != nil {
			return nil, err
		}
		k, err := checkAxis(n, ndim)
		if err != nil {
			return nil, err
		}
		if slices.Contains(axes, k) {
			return nil, py.ValueError.New("duplicate value in 'axis'")
		}
		axes = append(axes, k)
	}
	return axes, nil
}

// lanes rearranges an array for a reduction: a view whose last dimensions are
// the reduced ones, the shape of the result, and how long each lane is.
func (a *Array) lanes(axes []int, keep bool) (v *Array, shape []int, length int) {
	var order, result []int
	length = 1
	for k, d := range a.shape {
		if slices.Contains(axes, k) {
			length *= d
			if keep {
				result = append(result, 1)
			}
		} else {
			order = append(order, k)
			result = append(result, d)
		}
	}
	for k := range a.shape {
		if slices.Contains(axes, k) {
			order = append(order, k)
		}
	}
	if result == nil {
		result = []int{}
	}
	return a.permuted(order), result, length
}

func (a *Array) permuted(order []int) *Array {
	shape, strides := make([]int, len(order)), make([]int, len(order))
	for k, o := range order {
		shape[k], strides[k] = a.shape[o], a.strides[o]
	}
	return a.view(shape, strides, a.off)
}

// reduction is sum, max and their like with their common arguments.
type reduction struct {
	a     *Array
	axes  []int
	keep  bool
	out   py.Value
	start py.Value // initial=
}

// readReduction reads the arguments a, axis, out, keepdims and initial.
func readReduction(in *py.Interp, name string, b *py.Bound) (*reduction, error) {
	a, err := AsArray(in, b.Get("a"))
	if err != nil {
		return nil, err
	}
	if b.Has("where") && b.Get("where") != py.Value(py.True) {
		return nil, py.Unsupported("the argument where of numpy.%s is not supported", name)
	}
	r := &reduction{a: a, out: b.Get("out"), start: b.Get("initial")}
	if r.axes, err = axesOf(in, b.Get("axis"), a.ndim()); err != nil {
		return nil, err
	}
	if b.Has("keepdims") {
		if r.keep, err = in.Truth(b.Get("keepdims")); err != nil {
			return nil, err
		}
	}
	if b.Has("dtype") {
		d, err := parseDType(b.Get("dtype"))
		if err != nil {
			return nil, err
		}
		if r.a, err = a.as(in, d); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// pairwise sums as numpy does for contiguous data: blocks of up to 128 by
// eight running sums, larger ones by halves.
func pairwise(x []float64) float64 {
	n := len(x)
	switch {
	case n < 8:
		s := 0.0
		for _, v := range x {
			s += v
		}
		return s
	case n <= 128:
		var r [8]float64
		copy(r[:], x[:8])
		i := 8
		for ; i < n-n%8; i += 8 {
			for k := range r {
				r[k] += x[i+k]
			}
		}
		s := ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
		for ; i < n; i++ {
			s += x[i]
		}
		return s
	}
	half := n / 2
	half -= half % 8
	return pairwise(x[:half]) + pairwise(x[half:])
}

// sum adds along axes. Lanes that are contiguous in memory are summed
// pairwise, others row by row, as numpy does; so the roundings agree.
func (r *reduction) sum(in *py.Interp) (*Array, error) {
	a := r.a
	if a.dtype == BoolDType {
		var err error
		if a, err = a.as(in, IntDType); err != nil {
			return nil, err
		}
	}
	if a.dtype == StrDType {
		return nil, py.TypeError.New("the resolved dtypes are not compatible with add.reduce. Resolved (dtype('<U1'), dtype('<U1'), dtype('<U2'))")
	}
	v, shape, length := a.lanes(r.axes, r.keep)
	out, err := newArray(in, a.dtype, shape)
	if err != nil {
		return nil, err
	}
	if v, err = v.packed(in); err != nil {
		return nil, err
	}
	count := out.size()
	switch a.dtype {
	case IntDType:
		src := gather(v, v.i)
		for k := range count {
			for _, x := range src[k*length : (k+1)*length] {
				out.i[k] += x
			}
		}
	case FloatDType:
		src := gather(v, v.f)
		inner := length == a.size() || len(r.axes) == 1 && r.axes[0] == a.ndim()-1
		for k := range count {
			lane := src[k*length : (k+1)*length]
			if inner {
				out.f[k] = pairwise(lane) + 0
				continue
			}
			for _, x := range lane {
				out.f[k] += x
			}
		}
	case ObjectDType:
		src := gather(v, v.o)
		for k := range count {
			var total py.Value
			for _, x := range src[k*length : (k+1)*length] {
				if total == nil {
					total = x
				} else if total, err = in.Add(total, x); err != nil {
					return nil, err
				}
			}
			if total == nil {
				total = py.Int(0)
			}
			out.o[k] = total
		}
	}
	if err := in.Step(v.size() / 4); err != nil {
		return nil, err
	}
	return r.withStart(in, out, "add")
}

// withStart combines the result with initial=.
func (r *reduction) withStart(in *py.Interp, out *Array, name string) (*Array, error) {
	if r.start == nil || r.start == py.Value(py.None) {
		return out, nil
	}
	s, err := AsArray(in, r.start)
	if err != nil {
		return nil, err
	}
	return ufuncs[name].binary(in, s, out)
}

// fold combines the elements of each lane by a ufunc; it has no value for an
// empty lane unless the ufunc has an identity.
func (r *reduction) fold(in *py.Interp, u *ufunc) (*Array, error) {
	a := r.a
	if a.dtype == BoolDType && u.name == "multiply" {
		var err error
		if a, err = a.as(in, IntDType); err != nil {
			return nil, err
		}
	}
	v, shape, length := a.lanes(r.axes, r.keep)
	count := product(shape)
	if length == 0 && u.identity == nil && r.start == nil && count > 0 {
		return nil, py.ValueError.New("zero-size array to reduction operation %s which has no identity", u.name)
	}
	v, err := v.packed(in)
	if err != nil {
		return nil, err
	}
	if length == 0 {
		id := u.identity
		if id == nil {
			id = r.start
		}
		one, err := AsArray(in, id)
		if err != nil {
			return nil, err
		}
		if one, err = one.as(in, max(a.dtype, IntDType)); err != nil {
			return nil, err
		}
		return one.stretched(shape).copyOf(in)
	}
	flat := v.view([]int{count, length}, []int{length, 1}, v.off)
	acc, err := flat.view([]int{count}, []int{length}, flat.off).copyOf(in)
	if err != nil {
		return nil, err
	}
	if u.l2 != nil {
		if acc, err = acc.as(in, BoolDType); err != nil {
			return nil, err
		}
	}
	switch {
	case acc.dtype == FloatDType && u.f2 != nil:
		for k := range count {
			lane := flat.f[flat.off+k*length : flat.off+(k+1)*length]
			for _, x := range lane[1:] {
				acc.f[k] = u.f2(acc.f[k], x)
			}
		}
	case acc.dtype == IntDType && u.i2 != nil:
		for k := range count {
			lane := flat.i[flat.off+k*length : flat.off+(k+1)*length]
			for _, x := range lane[1:] {
				if acc.i[k], err = u.i2(acc.i[k], x); err != nil {
					return nil, err
				}
			}
		}
	default:
		for j := 1; j < length; j++ {
			col := flat.view([]int{count}, []int{length}, flat.off+j)
			if acc, err = u.binary(in, acc, col); err != nil {
				return nil, err
			}
		}
	}
	if err := in.Step(v.size() / 4); err != nil {
		return nil, err
	}
	acc = acc.view(shape, rowMajor(shape), acc.off)
	return r.withStart(in, acc, u.name)
}

// each makes a float result of each lane by f.
func (r *reduction) each(in *py.Interp, f func(lane []float64) float64) (*Array, error) {
	v, shape, length := r.a.lanes(r.axes, r.keep)
	out, err := newArray(in, FloatDType, shape)
	if err != nil {
		return nil, err
	}
	src, err := v.Floats(in)
	if err != nil {
		return nil, err
	}
	if err := in.Step(len(src)); err != nil {
		return nil, err
	}
	for k := range out.f {
		out.f[k] = f(src[k*length : (k+1)*length])
	}
	return out, nil
}

// mean is sum divided by the count.
func (r *reduction) mean(in *py.Interp) (*Array, error) {
	if r.a.dtype == ObjectDType {
		total, err := r.sum(in)
		if err != nil {
			return nil, err
		}
		_, _, length := r.a.lanes(r.axes, r.keep)
		n, err := AsArray(in, py.Int(length))
		if err != nil {
			return nil, err
		}
		return ufuncs["divide"].binary(in, total, n)
	}
	var err error
	if r.a, err = r.a.as(in, FloatDType); err != nil {
		return nil, err
	}
	out, err := r.sum(in)
	if err != nil {
		return nil, err
	}
	_, _, length := r.a.lanes(r.axes, r.keep)
	if length == 0 {
		in.Warn("RuntimeWarning", "Mean of empty slice")
	}
	for k := range out.f {
		out.f[k] /= float64(length)
	}
	return out, nil
}

// variance of each lane with ddof degrees of freedom taken off.
func (r *reduction) variance(in *py.Interp, ddof float64) (*Array, error) {
	return r.each(in, func(lane []float64) float64 {
		n := float64(len(lane))
		mean := pairwise(lane) / n
		sq := make([]float64, len(lane))
		for k, x := range lane {
			sq[k] = (x - mean) * (x - mean)
		}
		return pairwise(sq) / math.Max(n-ddof, 0)
	})
}

// argExtreme finds the position of the largest (or smallest) element.
func argExtreme(in *py.Interp, name string, a *Array, axis py.Value, largest bool) (py.Value, error) {
	if axis == nil || axis == py.Value(py.None) {
		flat, err := flatten(in, a)
		if err != nil {
			return nil, err
		}
		a, axis = flat, py.Int(0)
	}
	axes, err := axesOf(in, axis, a.ndim())
	if err != nil {
		return nil, err
	}
	v, shape, length := a.lanes(axes, false)
	if length == 0 {
		return nil, py.ValueError.New("attempt to get %s of an empty sequence", name)
	}
	out, err := newArray(in, IntDType, shape)
	if err != nil {
		return nil, err
	}
	if a.dtype == ObjectDType {
		items, err := v.objects(in)
		if err != nil {
			return nil, err
		}
		for k := range out.i {
			best := 0
			lane := items[k*length : (k+1)*length]
			for j := range lane {
				x, y := lane[best], lane[j]
				if !largest {
					x, y = y, x
				}
				less, err := in.Less(x, y)
				if err != nil {
					return nil, err
				}
				if less {
					best = j
				}
			}
			out.i[k] = int64(best)
		}
		return wrap(out), nil
	}
	src, err := v.Floats(in)
	if err != nil {
		return nil, err
	}
	for k := range out.i {
		lane := src[k*length : (k+1)*length]
		best := 0
		for j, x := range lane {
			if lane[best] != lane[best] {
				break
			}
			if x != x || largest && x > lane[best] || !largest && x < lane[best] {
				best = j
			}
		}
		out.i[k] = int64(best)
	}
	return wrap(out), nil
}

// cumulate is cumsum and cumprod.
func cumulate(in *py.Interp, u *ufunc, a *Array, axis py.Value) (*Array, error) {
	var err error
	if axis == nil || axis == py.Value(py.None) {
		if a, err = flatten(in, a); err != nil {
			return nil, err
		}
		axis = py.Int(0)
	}
	axes, err := axesOf(in, axis, a.ndim())
	if err != nil {
		return nil, err
	}
	if a.dtype == BoolDType {
		if a, err = a.as(in, IntDType); err != nil {
			return nil, err
		}
	}
	out, err := a.copyOf(in)
	if err != nil {
		return nil, err
	}
	v, _, length := out.lanes(axes, false)
	if length == 0 {
		return out, nil
	}
	stride := v.strides[len(v.strides)-1]
	heads := v.view(v.shape[:len(v.shape)-1], v.strides[:len(v.strides)-1], v.off)
	heads.offsets(func(_, at int) {
		for j := 1; j < length && err == nil; j++ {
			p, q := at+(j-1)*stride, at+j*stride
			switch out.dtype {
			case FloatDType:
				out.f[q] = u.f2(out.f[p], out.f[q])
			case IntDType:
				out.i[q], err = u.i2(out.i[p], out.i[q])
			case ObjectDType:
				out.o[q], err = in.Binary(u.op, out.o[p], out.o[q])
			}
		}
	})
	return out, err
}

// anyAll is np.any and np.all.
func (r *reduction) anyAll(in *py.Interp, all bool) (*Array, error) {
	v, shape, length := r.a.lanes(r.axes, r.keep)
	src, err := v.bools(in)
	if err != nil {
		return nil, err
	}
	out, err := newArray(in, BoolDType, shape)
	if err != nil {
		return nil, err
	}
	for k := range out.b {
		out.b[k] = slices.Contains(src[k*length:(k+1)*length], !all) != all
	}
	return out, nil
}

// finish delivers the result of a reduction.
func (r *reduction) finish(in *py.Interp, out *Array, err error) (py.Value, error) {
	if err != nil {
		return nil, err
	}
	return deliver(in, out, r.out)
}

const reductionArgs = "a, axis=, dtype=, out=, keepdims=, initial=, where="

// reductions lists the functions that are methods as well.
var reductions = map[string]struct {
	params string
	run    func(in *py.Interp, r *reduction, b *py.Bound) (*Array, error)
}{
	"sum":  {reductionArgs, func(in *py.Interp, r *reduction, _ *py.Bound) (*Array, error) { return r.sum(in) }},
	"prod": {reductionArgs, func(in *py.Interp, r *reduction, _ *py.Bound) (*Array, error) { return r.fold(in, ufuncs["multiply"]) }},
	"max": {"a, axis=, out=, keepdims=, initial=, where=", func(in *py.Interp, r *reduction, _ *py.Bound) (*Array, error) {
		return r.fold(in, ufuncs["maximum"])
	}},
	"min": {"a, axis=, out=, keepdims=, initial=, where=", func(in *py.Interp, r *reduction, _ *py.Bound) (*Array, error) {
		return r.fold(in, ufuncs["minimum"])
	}},
	"mean": {"a, axis=, dtype=, out=, keepdims=, *, where=", func(in *py.Interp, r *reduction, _ *py.Bound) (*Array, error) { return r.mean(in) }},
	"std": {"a, axis=, dtype=, out=, ddof=, keepdims=, *, where=, mean=, correction=", func(in *py.Interp, r *reduction, b *py.Bound) (*Array, error) {
		v, err := r.variance(in, ddofOf(in, b))
		if err != nil {
			return nil, err
		}
		return ufuncs["sqrt"].unary(in, v)
	}},
	"var": {"a, axis=, dtype=, out=, ddof=, keepdims=, *, where=, mean=, correction=", func(in *py.Interp, r *reduction, b *py.Bound) (*Array, error) {
		return r.variance(in, ddofOf(in, b))
	}},
	"any": {"a, axis=, out=, keepdims=, *, where=", func(in *py.Interp, r *reduction, _ *py.Bound) (*Array, error) { return r.anyAll(in, false) }},
	"all": {"a, axis=, out=, keepdims=, *, where=", func(in *py.Interp, r *reduction, _ *py.Bound) (*Array, error) { return r.anyAll(in, true) }},
	"ptp": {"a, axis=, out=, keepdims=", func(in *py.Interp, r *reduction, _ *py.Bound) (*Array, error) {
		hi, err := r.fold(in, ufuncs["maximum"])
		if err != nil {
			return nil, err
		}
		lo, err := r.fold(in, ufuncs["minimum"])
		if err != nil {
			return nil, err
		}
		return ufuncs["subtract"].binary(in, hi, lo)
	}},
}

func ddofOf(in *py.Interp, b *py.Bound) float64 {
	if b.Has("ddof") {
		f, _ := in.ToFloat(b.Get("ddof"))
		return f
	}
	return 0
}

// nanReductions leave NaN out.
var nanReductions = map[string]func(lane []float64) float64{
	"nansum":    pairwise,
	"nanmean":   func(x []float64) float64 { return pairwise(x) / float64(len(x)) },
	"nanmax":    func(x []float64) float64 { return foldFloats(x, nanMax) },
	"nanmin":    func(x []float64) float64 { return foldFloats(x, nanMin) },
	"nanstd":    func(x []float64) float64 { return math.Sqrt(varianceOf(x)) },
	"nanvar":    varianceOf,
	"nanmedian": func(x []float64) float64 { return quantileOf(x, 0.5) },
}

func varianceOf(x []float64) float64 {
	mean := pairwise(x) / float64(len(x))
	s := 0.0
	for _, v := range x {
		s += (v - mean) * (v - mean)
	}
	return s / float64(len(x))
}

func foldFloats(x []float64, f func(a, b float64) float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	acc := x[0]
	for _, v := range x[1:] {
		acc = f(acc, v)
	}
	return acc
}

// quantileOf interpolates linearly between the sorted elements.
func quantileOf(x []float64, q float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	s := slices.Clone(x)
	slices.Sort(s)
	for _, v := range s {
		if v != v {
			return v
		}
	}
	at := q * float64(len(s)-1)
	k := int(math.Floor(at))
	if k >= len(s)-1 {
		return s[len(s)-1]
	}
	t := at - float64(k)
	d := s[k+1] - s[k]
	if t >= 0.5 {
		return s[k+1] - d*(1-t)
	}
	return s[k] + d*t
}

// equalArrays is bool((a == b).all()).
func equalArrays(in *py.Interp, a, b *Array) (bool, error) {
	if !sameShape(a.shape, b.shape) {
		return false, nil
	}
	r, err := a.Compare(in, syntax.Eq, b)
	if err != nil {
		return false, err
	}
	c, err := AsArray(in, r)
	if err != nil {
		return false, err
	}
	bits, err := c.bools(in)
	return !slices.Contains(bits, false), err
}
