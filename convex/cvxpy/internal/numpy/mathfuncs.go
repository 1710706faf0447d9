package numpy

import (
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

func calculating() []function {
	rounding := func(name string) function {
		return of(name, "a, decimals=, out=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			return roundArray(in, a, intArg(in, b, "decimals"))
		})
	}
	cumulative := func(name, fn string) function {
		return of(name, "a, axis=, dtype=, out=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			return cumulate(in, ufuncs[fn], a, b.Get("axis"))
		})
	}
	two := func(name, params, first, second string, f func(in *py.Interp, a, b *Array) (*Array, error)) function {
		return function{name, params, func(in *py.Interp, b *py.Bound) (py.Value, error) {
			x, err := AsArray(in, b.Get(first))
			if err != nil {
				return nil, err
			}
			y, err := AsArray(in, b.Get(second))
			if err != nil {
				return nil, err
			}
			r, err := f(in, x, y)
			if err != nil {
				return nil, err
			}
			return wrap(r), nil
		}}
	}
	list := []function{
		rounding("round"), rounding("around"),
		of("fix", "x, out=", func(in *py.Interp, a *Array, _ *py.Bound) (*Array, error) { return ufuncs["trunc"].unary(in, a) }),
		{"clip", "a, a_min=, a_max=, out=, *, min=, max=", clipCall},
		of("diff", "a, n=, axis=, prepend=, append=", diff),
		of("ediff1d", "ary", func(in *py.Interp, a *Array, _ *py.Bound) (*Array, error) {
			f, err := a.flat(in)
			if err != nil {
				return nil, err
			}
			return difference(in, f, 0)
		}),
		cumulative("cumsum", "add"), cumulative("cumprod", "multiply"),
		two("dot", "a, b, out=", "a", "b", dot),
		two("matmul", "x1, x2, /, out=", "x1", "x2", matmul),
		two("vdot", "a, b", "a", "b", func(in *py.Interp, a, b *Array) (*Array, error) {
			x, err := a.flat(in)
			if err != nil {
				return nil, err
			}
			y, err := b.flat(in)
			if err != nil {
				return nil, err
			}
			return dot(in, x, y)
		}),
		two("inner", "a, b", "a", "b", func(in *py.Interp, a, b *Array) (*Array, error) { return dot(in, a, b.transposed()) }),
		two("outer", "a, b, out=", "a", "b", outer),
		two("kron", "a, b", "a", "b", kron),
		two("cross", "a, b, axisa=, axisb=, axisc=, axis=", "a", "b", cross),
		two("convolve", "a, v, mode=", "a", "v", convolve),
		two("polyval", "p, x", "p", "x", func(in *py.Interp, p, x *Array) (*Array, error) {
			acc, err := AsArray(in, py.Int(0))
			if err != nil {
				return nil, err
			}
			for k := range p.size() {
				if acc, err = ufuncs["multiply"].binary(in, acc, x); err != nil {
					return nil, err
				}
				c := p.view([]int{}, []int{}, p.off+k*p.strides[0])
				if acc, err = ufuncs["add"].binary(in, acc, c); err != nil {
					return nil, err
				}
			}
			return acc, nil
		}),
		of("trace", "a, offset=, axis1=, axis2=, dtype=, out=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			d, err := diag(in, a, intArg(in, b, "offset"))
			if err != nil {
				return nil, err
			}
			return (&reduction{a: d, axes: []int{0}}).sum(in)
		}),
		of("median", "a, axis=, out=, overwrite_input=, keepdims=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			r, err := readReduction(in, "median", b)
			if err != nil {
				return nil, err
			}
			return r.each(in, func(lane []float64) float64 { return quantileOf(lane, 0.5) })
		}),
		quantileFunction("percentile", 100), quantileFunction("quantile", 1),
		{"average", "a, axis=, weights=, returned=, *, keepdims=", average},
		of("nan_to_num", "x, copy=, nan=, posinf=, neginf=", nanToNum),
		{"trapezoid", "y, x=, dx=, axis=", trapezoid},
		of("gradient", "f, *varargs, axis=, edge_order=", gradient),
		{"histogram", "a, bins=, range=, density=, weights=", histogram},
		{"polyfit", "x, y, deg", polyfit},
		of("corrcoef", "x, y=, rowvar=", func(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
			c, err := covariance(in, a, b)
			if err != nil {
				return nil, err
			}
			n := c.shape[0]
			out, err := c.copyOf(in)
			if err != nil {
				return nil, err
			}
			for i := range n {
				for j := range n {
					out.f[i*n+j] = c.f[i*n+j] / math.Sqrt(c.f[i*n+i]*c.f[j*n+j])
				}
			}
			return out, nil
		}),
		of("cov", "m, y=, rowvar=", covariance),
	}
	for name, r := range reductions {
		list = append(list, function{name, r.params, func(in *py.Interp, b *py.Bound) (py.Value, error) {
			red, err := readReduction(in, name, b)
			if err != nil {
				return nil, err
			}
			out, err := r.run(in, red, b)
			return red.finish(in, out, err)
		}})
	}
	for name, f := range nanReductions {
		list = append(list, function{name, "a, axis=, dtype=, out=, keepdims=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			r, err := readReduction(in, name, b)
			if err != nil {
				return nil, err
			}
			out, err := r.each(in, func(lane []float64) float64 {
				return f(slices.DeleteFunc(slices.Clone(lane), func(x float64) bool { return x != x }))
			})
			return r.finish(in, out, err)
		}})
	}
	return list
}

func roundArray(in *py.Interp, a *Array, n int) (*Array, error) {
	switch a.dtype {
	case FloatDType:
		src, err := a.Floats(in)
		if err != nil {
			return nil, err
		}
		out, err := newArray(in, FloatDType, a.shape)
		if err != nil {
			return nil, err
		}
		for k, x := range src {
			out.f[k] = roundTo(x, n)
		}
		return out, nil
	case IntDType, BoolDType:
		if n >= 0 {
			if a.dtype == BoolDType {
				return a.as(in, IntDType)
			}
			return a.copyOf(in)
		}
		src, err := a.ints(in)
		if err != nil {
			return nil, err
		}
		out, err := newArray(in, IntDType, a.shape)
		if err != nil {
			return nil, err
		}
		for k, x := range src {
			out.i[k] = roundInt(x, n)
		}
		return out, nil
	}
	if n != 0 {
		// numpy multiplies by the power of ten first.
		if _, err := in.Mul(a.item(a.off), py.Float(math.Pow10(n))); err != nil {
			return nil, err
		}
	}
	return nil, py.TypeError.New("loop of ufunc does not support argument 0 of type %s which has no callable rint method", a.item(a.off).Type().ShortName())
}

func clipCall(in *py.Interp, b *py.Bound) (py.Value, error) {
	lo, hi := b.Get("a_min"), b.Get("a_max")
	if (lo == nil) != (hi == nil) && b.Get("min") == nil && b.Get("max") == nil {
		missing := "a_min"
		if hi == nil {
			missing = "a_max"
		}
		return nil, py.TypeError.New("clip() missing 1 required positional argument: '%s'", missing)
	}
	if v := b.Get("min"); v != nil {
		lo = v
	}
	if v := b.Get("max"); v != nil {
		hi = v
	}
	a, err := AsArray(in, b.Get("a"))
	if err != nil {
		return nil, err
	}
	r, err := clip(in, a, lo, hi)
	if err != nil {
		return nil, err
	}
	return deliver(in, r, b.Get("out"))
}

func clip(in *py.Interp, a *Array, lo, hi py.Value) (*Array, error) {
	for _, side := range []struct {
		v    py.Value
		name string
	}{{lo, "maximum"}, {hi, "minimum"}} {
		if side.v == nil || side.v == py.Value(py.None) {
			continue
		}
		limit, err := AsArray(in, side.v)
		if err != nil {
			return nil, err
		}
		if a, err = ufuncs[side.name].binary(in, a, limit); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func diff(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
	n := 1
	if b.Has("n") {
		n = intArg(in, b, "n")
		if n < 0 {
			return nil, py.ValueError.New("order must be non-negative but got %d", n)
		}
	}
	if a.ndim() == 0 {
		return nil, py.ValueError.New("diff requires input that is at least one dimensional")
	}
	axes, err := axesOf(in, axisOr(b, -1), a.ndim())
	if err != nil {
		return nil, err
	}
	axis := axes[0]
	var parts []*Array
	for _, name := range []string{"prepend", "", "append"} {
		if name == "" {
			parts = append(parts, a)
			continue
		}
		if b.Get(name) == nil {
			continue
		}
		x, err := AsArray(in, b.Get(name))
		if err != nil {
			return nil, err
		}
		if x.ndim() == 0 {
			shape := slices.Clone(a.shape)
			shape[axis] = 1
			x = x.stretched(shape)
		}
		parts = append(parts, x)
	}
	if len(parts) > 1 {
		if a, err = concatenate(in, parts, axis); err != nil {
			return nil, err
		}
	}
	for range n {
		if a, err = difference(in, a, axis); err != nil {
			return nil, err
		}
		if a.shape[axis] == 0 {
			break
		}
	}
	return a, nil
}

// difference is a[1:] - a[:-1] along an axis.
func difference(in *py.Interp, a *Array, axis int) (*Array, error) {
	shape := slices.Clone(a.shape)
	shape[axis] = max(shape[axis]-1, 0)
	lo := a.view(shape, a.strides, a.off)
	hi := lo
	if a.shape[axis] > 0 {
		hi = a.view(shape, a.strides, a.off+a.strides[axis])
	}
	if a.dtype == BoolDType {
		return ufuncs["not_equal"].binary(in, hi, lo)
	}
	return ufuncs["subtract"].binary(in, hi, lo)
}

func outer(in *py.Interp, a, b *Array) (*Array, error) {
	x, err := a.flat(in)
	if err != nil {
		return nil, err
	}
	y, err := b.flat(in)
	if err != nil {
		return nil, err
	}
	return ufuncs["multiply"].binary(in, x.withAxis(1), y.withAxis(0))
}

func kron(in *py.Interp, a, b *Array) (*Array, error) {
	n := max(a.ndim(), b.ndim())
	a, b = a.atLeast(n), b.atLeast(n)
	wa, wb := a, b
	for k := range n {
		wa = wa.withAxis(2*k + 1)
		wb = wb.withAxis(2 * k)
	}
	p, err := ufuncs["multiply"].binary(in, wa, wb)
	if err != nil {
		return nil, err
	}
	shape := make([]int, n)
	for k := range shape {
		shape[k] = a.shape[k] * b.shape[k]
	}
	return reshape(in, p, shape, false)
}

func cross(in *py.Interp, a, b *Array) (*Array, error) {
	if a.ndim() != 1 || b.ndim() != 1 || a.size() != 3 || b.size() != 3 {
		return nil, py.Unsupported("cross products other than of two vectors of length 3 are not supported")
	}
	kind := promote(a.dtype, b.dtype)
	x, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	y, err := b.Floats(in)
	if err != nil {
		return nil, err
	}
	out := FromFloats([]float64{x[1]*y[2] - x[2]*y[1], x[2]*y[0] - x[0]*y[2], x[0]*y[1] - x[1]*y[0]})
	return out.as(in, min(kind, FloatDType))
}

func convolve(in *py.Interp, a, b *Array) (*Array, error) {
	if a.size() == 0 || b.size() == 0 {
		return nil, py.ValueError.New("a cannot be empty")
	}
	kind := promote(a.dtype, b.dtype)
	x, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	y, err := b.Floats(in)
	if err != nil {
		return nil, err
	}
	if err := in.Step(len(x) * len(y) / 4); err != nil {
		return nil, err
	}
	out, err := newArray(in, FloatDType, []int{len(x) + len(y) - 1})
	if err != nil {
		return nil, err
	}
	for i, p := range x {
		for j, q := range y {
			out.f[i+j] += p * q
		}
	}
	return out.as(in, min(kind, FloatDType))
}

func quantileFunction(name string, scale float64) function {
	return function{name, "a, q, axis=, out=, overwrite_input=, method=, keepdims=, *, weights=, interpolation=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
		if m, ok := b.Get("method").(py.Str); ok && m != "linear" {
			return nil, py.Unsupported("%s(method=%q) is not supported", name, string(m))
		}
		r, err := readReduction(in, name, b)
		if err != nil {
			return nil, err
		}
		q, err := AsArray(in, b.Get("q"))
		if err != nil {
			return nil, err
		}
		qs, err := q.Floats(in)
		if err != nil {
			return nil, err
		}
		var parts []*Array
		for _, x := range qs {
			if x < 0 || x > scale {
				if scale == 100 {
					return nil, py.ValueError.New("Percentiles must be in the range [0, 100]")
				}
				return nil, py.ValueError.New("Quantiles must be in the range [0, 1]")
			}
			p, err := r.each(in, func(lane []float64) float64 { return quantileOf(lane, x/scale) })
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
		if q.ndim() == 0 {
			return wrap(parts[0]), nil
		}
		return stack(in, parts, 0)
	}}
}

func average(in *py.Interp, b *py.Bound) (py.Value, error) {
	r, err := readReduction(in, "average", b)
	if err != nil {
		return nil, err
	}
	if !b.Has("weights") {
		out, err := r.mean(in)
		return r.finish(in, out, err)
	}
	w, err := AsArray(in, b.Get("weights"))
	if err != nil {
		return nil, err
	}
	if w.ndim() < r.a.ndim() && len(r.axes) == 1 {
		wide := w
		for k := range r.a.ndim() {
			if k != r.axes[0] && wide.ndim() < r.a.ndim() {
				wide = wide.withAxis(k)
			}
		}
		w = wide
	}
	if shape, ok := broadcast(r.a.shape, w.shape); !ok || !sameShape(shape, r.a.shape) {
		return nil, py.TypeError.New("Axis must be specified when shapes of a and weights differ.")
	}
	weighted, err := ufuncs["multiply"].binary(in, r.a, w)
	if err != nil {
		return nil, err
	}
	total := &reduction{a: w.stretched(r.a.shape), axes: r.axes, keep: r.keep}
	r.a = weighted
	num, err := r.sum(in)
	if err != nil {
		return nil, err
	}
	den, err := total.sum(in)
	if err != nil {
		return nil, err
	}
	d, err := den.Floats(in)
	if err != nil {
		return nil, err
	}
	if slices.Contains(d, 0) {
		return nil, py.ZeroDivisionError.New("Weights sum to zero, can't be normalized")
	}
	out, err := ufuncs["divide"].binary(in, num, den)
	return r.finish(in, out, err)
}

func nanToNum(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
	out, err := a.copyOf(in)
	if err != nil || a.dtype != FloatDType {
		return out, err
	}
	subst := map[string]float64{"nan": 0, "posinf": math.MaxFloat64, "neginf": -math.MaxFloat64}
	for name := range subst {
		if b.Has(name) {
			if subst[name], err = in.ToFloat(b.Get(name)); err != nil {
				return nil, err
			}
		}
	}
	for k, x := range out.f {
		switch {
		case x != x:
			out.f[k] = subst["nan"]
		case math.IsInf(x, 1):
			out.f[k] = subst["posinf"]
		case math.IsInf(x, -1):
			out.f[k] = subst["neginf"]
		}
	}
	return out, nil
}

func trapezoid(in *py.Interp, b *py.Bound) (py.Value, error) {
	y, err := AsArray(in, b.Get("y"))
	if err != nil {
		return nil, err
	}
	if y.ndim() != 1 {
		return nil, py.Unsupported("trapezoid of %d dimensions is not supported", y.ndim())
	}
	ys, err := y.Floats(in)
	if err != nil {
		return nil, err
	}
	dx := 1.0
	if v := b.Get("dx"); v != nil {
		if dx, err = in.ToFloat(v); err != nil {
			return nil, err
		}
	}
	var xs []float64
	if b.Has("x") {
		x, err := AsArray(in, b.Get("x"))
		if err != nil {
			return nil, err
		}
		if xs, err = x.Floats(in); err != nil {
			return nil, err
		}
		if len(xs) != len(ys) {
			return nil, broadcastError([]int{len(xs) - 1}, []int{len(ys) - 1})
		}
	}
	terms := make([]float64, max(len(ys)-1, 0))
	for k := range terms {
		d := dx
		if xs != nil {
			d = xs[k+1] - xs[k]
		}
		terms[k] = d * (ys[k+1] + ys[k]) / 2
	}
	return Float64(pairwise(terms)), in.Step(len(ys))
}

func gradient(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
	if a.ndim() != 1 || len(b.Star) > 1 {
		return nil, py.Unsupported("gradient of more than one dimension is not supported")
	}
	h := 1.0
	if len(b.Star) == 1 {
		var err error
		if h, err = in.ToFloat(b.Star[0]); err != nil {
			return nil, py.Unsupported("gradient with uneven spacing is not supported")
		}
	}
	y, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	n := len(y)
	if n < 2 {
		return nil, py.ValueError.New("Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.")
	}
	out, err := newArray(in, FloatDType, a.shape)
	if err != nil {
		return nil, err
	}
	out.f[0] = (y[1] - y[0]) / h
	out.f[n-1] = (y[n-1] - y[n-2]) / h
	for k := 1; k < n-1; k++ {
		out.f[k] = (y[k+1] - y[k-1]) / (2 * h)
	}
	return out, nil
}

func histogram(in *py.Interp, b *py.Bound) (py.Value, error) {
	if b.Has("weights") || b.Has("density") {
		return nil, py.Unsupported("histogram with weights or density is not supported")
	}
	a, err := AsArray(in, b.Get("a"))
	if err != nil {
		return nil, err
	}
	xs, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	var edges []float64
	if v := b.Get("bins"); v != nil {
		if bins, err := AsArray(in, v); err == nil && bins.ndim() == 1 {
			if edges, err = bins.Floats(in); err != nil {
				return nil, err
			}
		}
	}
	if edges == nil {
		n := 10
		if b.Has("bins") {
			if n, err = in.Index(b.Get("bins")); err != nil {
				return nil, err
			}
			if n < 1 {
				return nil, py.ValueError.New("`bins` must be positive, when an integer")
			}
		}
		lo, hi := 0.0, 1.0
		if len(xs) > 0 {
			lo, hi = slices.Min(xs), slices.Max(xs)
		}
		if b.Has("range") {
			r, err := AsArray(in, b.Get("range"))
			if err != nil {
				return nil, err
			}
			f, err := r.Floats(in)
			if err != nil || len(f) != 2 {
				return nil, py.ValueError.New("range must be a pair")
			}
			lo, hi = f[0], f[1]
		}
		if lo == hi {
			lo, hi = lo-0.5, hi+0.5
		}
		if err := in.AllocN(n, 8); err != nil {
			return nil, err
		}
		for k := range n + 1 {
			edges = append(edges, lo+float64(k)*((hi-lo)/float64(n)))
		}
		edges[n] = hi
	}
	counts := make([]int64, max(len(edges)-1, 0))
	for _, x := range xs {
		k := position(edges, x, true) - 1
		if x == edges[len(edges)-1] {
			k = len(counts) - 1
		}
		if k >= 0 && k < len(counts) {
			counts[k]++
		}
	}
	return py.NewTuple(FromInts(counts), FromFloats(edges)), in.Step(len(xs) * 4)
}

func covariance(in *py.Interp, a *Array, b *py.Bound) (*Array, error) {
	if b.Has("y") {
		y, err := AsArray(in, b.Get("y"))
		if err != nil {
			return nil, err
		}
		if a, err = concatenate(in, []*Array{a.atLeast(2), y.atLeast(2)}, 0); err != nil {
			return nil, err
		}
	}
	if b.Has("rowvar") {
		if rows, err := in.Truth(b.Get("rowvar")); err != nil {
			return nil, err
		} else if !rows {
			a = a.transposed()
		}
	}
	a = a.atLeast(2)
	mean, err := (&reduction{a: a, axes: []int{1}, keep: true}).mean(in)
	if err != nil {
		return nil, err
	}
	d, err := ufuncs["subtract"].binary(in, a, mean)
	if err != nil {
		return nil, err
	}
	p, err := matmul(in, d, d.transposed())
	if err != nil {
		return nil, err
	}
	n, err := AsArray(in, py.Float(float64(a.shape[1]-1)))
	if err != nil {
		return nil, err
	}
	return ufuncs["divide"].binary(in, p, n)
}
