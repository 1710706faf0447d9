package numpy

import (
	"math"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// function is one of numpy's functions.
type function struct {
	name, params string
	f            func(in *py.Interp, b *py.Bound) (py.Value, error)
}

// dtypeArg reads dtype= with a default.
func dtypeArg(b *py.Bound, def DType) (DType, error) {
	if !b.Has("dtype") {
		return def, nil
	}
	return parseDType(b.Get("dtype"))
}

// filled makes an array of one value.
func filled(in *py.Interp, shape []int, kind DType, v py.Value) (py.Value, error) {
	a, err := newArray(in, kind, shape)
	if err != nil {
		return nil, err
	}
	one, err := AsArray(in, v)
	if err != nil {
		return nil, err
	}
	return a, a.assign(in, one)
}

// constant makes zeros, ones and empty, and their _like forms.
func constant(name string, v py.Value) []function {
	return []function{
		{name, "shape, dtype=, order=, *, device=, like=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			shape, err := shapeOf(in, b.Get("shape"))
			if err != nil {
				return nil, err
			}
			kind, err := dtypeArg(b, FloatDType)
			if err != nil {
				return nil, err
			}
			return filled(in, shape, kind, v)
		}},
		{name + "_like", "a, dtype=, order=, subok=, shape=, *, device=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			kind, err := dtypeArg(b, a.dtype)
			if err != nil {
				return nil, err
			}
			return filled(in, a.shape, kind, v)
		}},
	}
}

func creation() []function {
	list := []function{
		{"array", "object, dtype=, *, copy=, order=, subok=, ndmin=, like=", arrayCall},
		{"asarray", "a, dtype=, order=, *, device=, copy=, like=", asarrayCall},
		{"asanyarray", "a, dtype=, order=", asarrayCall},
		{"ascontiguousarray", "a, dtype=", asarrayCall},
		{"copy", "a, order=, subok=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			return a.copyOf(in)
		}},
		{"full", "shape, fill_value, dtype=, order=, *, device=, like=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			shape, err := shapeOf(in, b.Get("shape"))
			if err != nil {
				return nil, err
			}
			return fullOf(in, shape, b)
		}},
		{"full_like", "a, fill_value, dtype=, order=, subok=, shape=, *, device=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			kind, err := dtypeArg(b, a.dtype)
			if err != nil {
				return nil, err
			}
			return filled(in, a.shape, kind, b.Get("fill_value"))
		}},
		{"linspace", "start, stop, num=, endpoint=, retstep=, dtype=, axis=, *, device=", linspace},
		{"logspace", "start, stop, num=, endpoint=, base=, dtype=, axis=", logspace},
		{"eye", "N, M=, k=, dtype=, order=, *, device=, like=", eye},
		{"identity", "n, dtype=, *, like=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			n, err := in.Index(b.Get("n"))
			if err != nil {
				return nil, err
			}
			return diagonalOnes(in, n, n, 0, b)
		}},
		{"fromiter", "iter, dtype, count=, *, like=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			items, err := in.Collect(b.Get("iter"))
			if err != nil {
				return nil, err
			}
			a, err := AsArray(in, py.NewList(items...))
			if err != nil {
				return nil, err
			}
			kind, err := parseDType(b.Get("dtype"))
			if err != nil {
				return nil, err
			}
			return a.cast(in, kind)
		}},
		{"meshgrid", "*xi, copy=, sparse=, indexing=", meshgrid},
		{"tri", "N, M=, k=, dtype=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			n, err := in.Index(b.Get("N"))
			if err != nil {
				return nil, err
			}
			m := n
			if b.Has("M") {
				if m, err = in.Index(b.Get("M")); err != nil {
					return nil, err
				}
			}
			a, err := newArray(in, FloatDType, []int{n, m})
			if err != nil {
				return nil, err
			}
			for k := range a.f {
				a.f[k] = 1
			}
			return triangle(in, a, intArg(in, b, "k"), true)
		}},
	}
	list = append(list, constant("zeros", py.Int(0))...)
	list = append(list, constant("ones", py.Int(1))...)
	return append(list, constant("empty", py.Int(0))...)
}

// intArg reads an optional int; 0 where absent or wrong.
func intArg(in *py.Interp, b *py.Bound, name string) int {
	if !b.Has(name) {
		return 0
	}
	n, _ := in.Index(b.Get(name))
	return n
}

func fullOf(in *py.Interp, shape []int, b *py.Bound) (py.Value, error) {
	v, err := AsArray(in, b.Get("fill_value"))
	if err != nil {
		return nil, err
	}
	kind, err := dtypeArg(b, v.dtype)
	if err != nil {
		return nil, err
	}
	return filled(in, shape, kind, b.Get("fill_value"))
}

func arrayCall(in *py.Interp, b *py.Bound) (py.Value, error) {
	v := b.Get("object")
	kind := DType(255)
	if b.Has("dtype") {
		d, err := parseDType(b.Get("dtype"))
		if err != nil {
			return nil, err
		}
		kind = d
	}
	var a *Array
	var err error
	if kind == ObjectDType {
		a, err = objectArray(in, v)
	} else {
		a, err = AsArray(in, v)
	}
	if err != nil {
		return nil, err
	}
	if kind != 255 && kind != a.dtype {
		if a, err = a.castElements(in, kind); err != nil {
			return nil, err
		}
	} else if a, err = a.copyOf(in); err != nil {
		return nil, err
	}
	if n := intArg(in, b, "ndmin"); n > a.ndim() {
		if n > maxDims {
			return nil, py.ValueError.New("ndmin must be <= %d", maxDims)
		}
		a = a.atLeast(n)
	}
	return a, nil
}

// castElements converts as array(..., dtype=) does: None becomes NaN.
func (a *Array) castElements(in *py.Interp, kind DType) (*Array, error) {
	if kind == FloatDType && a.dtype == ObjectDType {
		out, err := newArray(in, FloatDType, a.shape)
		if err != nil {
			return nil, err
		}
		a.offsets(func(k, at int) {
			if err != nil {
				return
			}
			if _, none := a.o[at].(py.NoneType); none {
				out.f[k] = math.NaN()
				return
			}
			if isSequence(a.o[at]) {
				if _, isStr := a.o[at].(py.Str); !isStr {
					err = py.ValueError.New("setting an array element with a sequence.")
					return
				}
			}
			out.f[k], err = in.ToFloat(a.o[at])
		})
		return out, err
	}
	return a.cast(in, kind)
}

// objectArray is array(v, dtype=object): ragged sequences become elements.
func objectArray(in *py.Interp, v py.Value) (*Array, error) {
	a, err := AsArray(in, v)
	if err == nil {
		return a.as(in, ObjectDType)
	}
	if !py.Matches(err, py.ValueError) {
		return nil, err
	}
	items, err := in.Collect(v)
	if err != nil {
		return nil, err
	}
	return fromObjects(items, len(items)), nil
}

func asarrayCall(in *py.Interp, b *py.Bound) (py.Value, error) {
	a, err := AsArray(in, b.Get("a"))
	if err != nil {
		return nil, err
	}
	if !b.Has("dtype") {
		return a, nil
	}
	kind, err := parseDType(b.Get("dtype"))
	if err != nil {
		return nil, err
	}
	if kind == a.dtype {
		return a, nil
	}
	return a.castElements(in, kind)
}

// arangeCall is np.arange, whose arguments shift with their number.
func arangeCall(in *py.Interp, args py.Args) (py.Value, error) {
	b, err := py.NewSignature("arange", "start=, stop=, step=, dtype=, *, device=, like=").Bind(args)
	if err != nil {
		return nil, err
	}
	if v, done, err := callForeign(in, "arange", args); done || err != nil {
		return v, err
	}
	var nums [3]py.Value
	nums[0], nums[1], nums[2] = b.Get("start"), b.Get("stop"), b.Get("step")
	if nums[1] == nil || nums[1] == py.Value(py.None) {
		nums[1], nums[0] = nums[0], py.Int(0)
	}
	if nums[1] == nil {
		return nil, py.TypeError.New("arange() requires stop to be specified.")
	}
	if nums[0] == nil {
		nums[0] = py.Int(0)
	}
	if nums[2] == nil || nums[2] == py.Value(py.None) {
		nums[2] = py.Int(1)
	}
	kind := IntDType
	var x [3]float64
	for k, v := range nums {
		if _, isStr := v.(py.Str); isStr {
			return nil, py.TypeError.New("arange() not supported for inputs with DType <class 'numpy.dtypes.StrDType'>.")
		}
		a, err := AsArray(in, v)
		if err != nil {
			return nil, err
		}
		if a.ndim() > 0 {
			return nil, py.TypeError.New("only 0-dimensional arrays can be converted to Python scalars")
		}
		kind = promote(kind, a.dtype)
		if x[k], err = in.ToFloat(a.native(a.off)); err != nil {
			return nil, err
		}
	}
	if kind, err = dtypeArg(b, min(kind, FloatDType)); err != nil {
		return nil, err
	}
	if x[2] == 0 {
		return nil, py.ZeroDivisionError.New("division by zero")
	}
	size := math.Ceil((x[1] - x[0]) / x[2])
	if math.IsNaN(size) {
		return nil, py.ValueError.New("arange: cannot compute length")
	}
	if size > 1<<40 {
		return nil, in.Alloc(-1)
	}
	n := max(int(size), 0)
	a, err := newArray(in, kind, []int{n})
	if err != nil {
		return nil, err
	}
	// The second element fixes the step, as in numpy.
	step := x[0] + x[2] - x[0]
	for k := range n {
		v := x[0] + float64(k)*step
		switch kind {
		case IntDType:
			a.i[k] = int64(x[0]) + int64(k)*int64(step)
		case FloatDType:
			a.f[k] = v
		case BoolDType:
			a.b[k] = v != 0
		default:
			return nil, py.Unsupported("arange of this data type is not supported")
		}
	}
	return a, nil
}

func linspace(in *py.Interp, b *py.Bound) (py.Value, error) {
	start, err := AsArray(in, b.Get("start"))
	if err != nil {
		return nil, err
	}
	stop, err := AsArray(in, b.Get("stop"))
	if err != nil {
		return nil, err
	}
	if start.ndim() > 0 || stop.ndim() > 0 {
		return nil, py.Unsupported("linspace between arrays is not supported")
	}
	num := 50
	if b.Has("num") {
		if num, err = in.Index(b.Get("num")); err != nil {
			return nil, err
		}
	}
	if num < 0 {
		return nil, py.ValueError.New("Number of samples, %d, must be non-negative.", num)
	}
	endpoint := true
	if b.Has("endpoint") {
		if endpoint, err = in.Truth(b.Get("endpoint")); err != nil {
			return nil, err
		}
	}
	lo, err := in.ToFloat(start.native(start.off))
	if err != nil {
		return nil, err
	}
	hi, err := in.ToFloat(stop.native(stop.off))
	if err != nil {
		return nil, err
	}
	a, err := newArray(in, FloatDType, []int{num})
	if err != nil {
		return nil, err
	}
	div := num
	if endpoint {
		div--
	}
	step := math.NaN()
	if div > 0 {
		step = (hi - lo) / float64(div)
	}
	for k := range a.f {
		switch {
		case div <= 0:
			a.f[k] = lo
		case step == 0:
			a.f[k] = float64(k)/float64(div)*(hi-lo) + lo
		default:
			a.f[k] = float64(k)*step + lo
		}
	}
	if endpoint && num > 1 {
		a.f[num-1] = hi
	}
	kind, err := dtypeArg(b, FloatDType)
	if err != nil {
		return nil, err
	}
	var out py.Value = a
	if kind != FloatDType {
		if kind == IntDType {
			for k := range a.f {
				a.f[k] = math.Floor(a.f[k])
			}
		}
		if out, err = a.cast(in, kind); err != nil {
			return nil, err
		}
	}
	if b.Has("retstep") {
		if yes, err := in.Truth(b.Get("retstep")); yes || err != nil {
			return py.NewTuple(out, Float64(step)), err
		}
	}
	return out, nil
}

func logspace(in *py.Interp, b *py.Bound) (py.Value, error) {
	if b.Has("dtype") {
		return nil, py.Unsupported("logspace(dtype=...) is not supported")
	}
	v, err := linspace(in, b)
	if err != nil {
		return nil, err
	}
	base := 10.0
	if x := b.Get("base"); x != nil {
		if base, err = in.ToFloat(x); err != nil {
			return nil, err
		}
	}
	a := v.(*Array)
	for k, x := range a.f {
		a.f[k] = math.Pow(base, x)
	}
	return a, nil
}

func eye(in *py.Interp, b *py.Bound) (py.Value, error) {
	n, err := in.Index(b.Get("N"))
	if err != nil {
		return nil, err
	}
	m := n
	if b.Has("M") {
		if m, err = in.Index(b.Get("M")); err != nil {
			return nil, err
		}
	}
	return diagonalOnes(in, n, m, intArg(in, b, "k"), b)
}

func diagonalOnes(in *py.Interp, n, m, k int, b *py.Bound) (py.Value, error) {
	kind, err := dtypeArg(b, FloatDType)
	if err != nil {
		return nil, err
	}
	a, err := newArray(in, kind, []int{n, m})
	if err != nil {
		return nil, err
	}
	for r := range n {
		if c := r + k; c >= 0 && c < m {
			if err := a.set(in, r*m+c, py.Int(1)); err != nil {
				return nil, err
			}
		}
	}
	return a, nil
}

func meshgrid(in *py.Interp, b *py.Bound) (py.Value, error) {
	list := make([]*Array, len(b.Star))
	shape := make([]int, len(b.Star))
	for k, v := range b.Star {
		a, err := AsArray(in, v)
		if err != nil {
			return nil, err
		}
		if a, err = a.flat(in); err != nil {
			return nil, err
		}
		list[k], shape[k] = a, a.size()
	}
	swap := len(list) > 1
	if s, ok := b.Get("indexing").(py.Str); ok && s == "ij" {
		swap = false
	}
	if swap {
		shape[0], shape[1] = shape[1], shape[0]
	}
	out := py.NewTuple()
	for k, a := range list {
		dim := k
		if swap && k < 2 {
			dim = 1 - k
		}
		wide := make([]int, len(shape))
		for d := range wide {
			wide[d] = 1
		}
		wide[dim] = a.size()
		strides := make([]int, len(shape))
		strides[dim] = a.strides[0]
		if _, err := checkedSize(in, shape); err != nil {
			return nil, err
		}
		g, err := a.view(wide, strides, a.off).stretched(shape).copyOf(in)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, g)
	}
	return out, nil
}

// triangle keeps the elements on and below (or above) the k-th diagonal.
func triangle(in *py.Interp, a *Array, k int, lower bool) (*Array, error) {
	if a.ndim() == 1 {
		n := a.shape[0]
		a = a.view([]int{n, n}, []int{0, a.strides[0]}, a.off)
	}
	if a.ndim() != 2 {
		return nil, py.Unsupported("tril and triu of %d dimensions are not supported", a.ndim())
	}
	out, err := a.copyOf(in)
	if err != nil {
		return nil, err
	}
	for r := range out.shape[0] {
		for c := range out.shape[1] {
			if lower && c-r > k || !lower && c-r < k {
				if err := out.set(in, r*out.shape[1]+c, py.Int(0)); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}
