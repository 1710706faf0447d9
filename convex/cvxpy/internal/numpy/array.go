package numpy

import (
	"slices"
	"strconv"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Array is an ndarray: a window of shape and strides (counted in elements) on
// one of the slices, which views share.
type Array struct {
	dtype   DType
	shape   []int
	strides []int
	off     int
	f       []float64
	i       []int64
	b       []bool
	s       []string
	o       []py.Value
	// base is set for views.
	base *Array
}

// Type makes an Array a Value.
func (*Array) Type() *py.Type { return arrayType }

const maxDims = 64

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func (a *Array) size() int { return product(a.shape) }
func (a *Array) ndim() int { return len(a.shape) }

// Shape is the array's shape; do not change it.
func (a *Array) Shape() []int { return a.shape }

// Kind is the type of the elements.
func (a *Array) Kind() DType { return a.dtype }

// rowMajor computes the strides of a contiguous array.
func rowMajor(shape []int) []int {
	strides := make([]int, len(shape))
	n := 1
	for k := len(shape) - 1; k >= 0; k-- {
		strides[k] = n
		n *= shape[k]
	}
	return strides
}

// checkedSize pays for an array of the shape before it is made.
func checkedSize(in *py.Interp, shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 0 {
			return 0, py.ValueError.New("negative dimensions are not allowed")
		}
		if d > 0 && n > (1<<40)/d {
			return 0, in.Alloc(-1)
		}
		n *= d
	}
	if len(shape) > maxDims {
		return 0, py.ValueError.New("maximum supported dimension for an ndarray is currently %d, found %d", maxDims, len(shape))
	}
	return n, in.AllocN(n+16, 8)
}

// newArray makes an array of zeros.
func newArray(in *py.Interp, dtype DType, shape []int) (*Array, error) {
	n, err := checkedSize(in, shape)
	if err != nil {
		return nil, err
	}
	a := &Array{dtype: dtype, shape: slices.Clone(shape), strides: rowMajor(shape)}
	switch dtype {
	case BoolDType:
		a.b = make([]bool, n)
	case IntDType:
		a.i = make([]int64, n)
	case FloatDType:
		a.f = make([]float64, n)
	case StrDType:
		if err := in.AllocN(n, 8); err != nil {
			return nil, err
		}
		a.s = make([]string, n)
	case ObjectDType:
		if err := in.AllocN(n, 8); err != nil {
			return nil, err
		}
		a.o = make([]py.Value, n)
		for k := range a.o {
			a.o[k] = py.None
		}
	}
	return a, nil
}

// FromFloats makes an array that owns data. It is for Go code: no budget is asked.
func FromFloats(data []float64, shape ...int) *Array {
	if len(shape) == 0 {
		shape = []int{len(data)}
	}
	return &Array{dtype: FloatDType, shape: shape, strides: rowMajor(shape), f: data}
}

// FromScalar makes an array without dimensions.
func FromScalar(x float64) *Array {
	return &Array{dtype: FloatDType, shape: []int{}, strides: []int{}, f: []float64{x}}
}

// FromInts and FromBools are as FromFloats.
func FromInts(data []int64, shape ...int) *Array {
	if len(shape) == 0 {
		shape = []int{len(data)}
	}
	return &Array{dtype: IntDType, shape: shape, strides: rowMajor(shape), i: data}
}

// FromBools makes an array that owns data.
func FromBools(data []bool, shape ...int) *Array {
	if len(shape) == 0 {
		shape = []int{len(data)}
	}
	return &Array{dtype: BoolDType, shape: shape, strides: rowMajor(shape), b: data}
}

func fromObjects(data []py.Value, shape ...int) *Array {
	return &Array{dtype: ObjectDType, shape: shape, strides: rowMajor(shape), o: data}
}

func fromStrings(data []string, shape ...int) *Array {
	return &Array{dtype: StrDType, shape: shape, strides: rowMajor(shape), s: data}
}

// view makes another window on the same data.
func (a *Array) view(shape, strides []int, off int) *Array {
	v := *a
	v.shape, v.strides, v.off = shape, strides, off
	v.base = a
	if a.base != nil {
		v.base = a.base
	}
	return &v
}

// contiguous reports whether the elements lie one behind the other.
func (a *Array) contiguous() bool {
	n := 1
	for k := len(a.shape) - 1; k >= 0; k-- {
		if a.shape[k] != 1 && a.strides[k] != n {
			return false
		}
		n *= a.shape[k]
	}
	return true
}

// offsets calls f with the place of every element, in row-major order.
func (a *Array) offsets(f func(k, at int)) {
	n := a.size()
	if n == 0 {
		return
	}
	if a.contiguous() {
		for k := range n {
			f(k, a.off+k)
		}
		return
	}
	index := make([]int, len(a.shape))
	at := a.off
	for k := range n {
		f(k, at)
		for d := len(index) - 1; d >= 0; d-- {
			index[d]++
			at += a.strides[d]
			if index[d] < a.shape[d] {
				break
			}
			at -= index[d] * a.strides[d]
			index[d] = 0
		}
	}
}

// gather gives the elements of src in row-major order; it may be src itself.
func gather[T any](a *Array, src []T) []T {
	if a.contiguous() {
		return src[a.off : a.off+a.size()]
	}
	out := make([]T, a.size())
	a.offsets(func(k, at int) { out[k] = src[at] })
	return out
}

// copyOf makes a contiguous copy.
func (a *Array) copyOf(in *py.Interp) (*Array, error) {
	c, err := newArray(in, a.dtype, a.shape)
	if err != nil {
		return nil, err
	}
	switch a.dtype {
	case BoolDType:
		copy(c.b, gather(a, a.b))
	case IntDType:
		copy(c.i, gather(a, a.i))
	case FloatDType:
		copy(c.f, gather(a, a.f))
	case StrDType:
		copy(c.s, gather(a, a.s))
	case ObjectDType:
		copy(c.o, gather(a, a.o))
	}
	return c, nil
}

// packed is a itself where it is contiguous, else a copy.
func (a *Array) packed(in *py.Interp) (*Array, error) {
	if a.contiguous() {
		return a, nil
	}
	return a.copyOf(in)
}

// item is the element at a place, as a numpy scalar.
func (a *Array) item(at int) py.Value {
	switch a.dtype {
	case BoolDType:
		return Bool(a.b[at])
	case IntDType:
		return Int64(a.i[at])
	case FloatDType:
		return Float64(a.f[at])
	case StrDType:
		return py.Str(a.s[at])
	}
	return a.o[at]
}

// native is the element at a place, as a plain Python object.
func (a *Array) native(at int) py.Value {
	switch a.dtype {
	case BoolDType:
		return py.Bool(a.b[at])
	case IntDType:
		return py.Int(a.i[at])
	case FloatDType:
		return py.Float(a.f[at])
	}
	return a.item(at)
}

// wrap turns arrays without dimensions into scalars, as numpy's functions do.
func wrap(a *Array) py.Value {
	if len(a.shape) == 0 {
		return a.item(a.off)
	}
	return a
}

// Floats gives the elements as float64 in row-major order, which must not be
// changed. The error is the TypeError of float() for objects.
func (a *Array) Floats(in *py.Interp) ([]float64, error) {
	switch a.dtype {
	case FloatDType:
		return gather(a, a.f), nil
	case IntDType:
		src := gather(a, a.i)
		out := make([]float64, len(src))
		for k, x := range src {
			out[k] = float64(x)
		}
		return out, in.AllocN(len(src), 8)
	case BoolDType:
		src := gather(a, a.b)
		out := make([]float64, len(src))
		for k, x := range src {
			if x {
				out[k] = 1
			}
		}
		return out, in.AllocN(len(src), 8)
	}
	out := make([]float64, a.size())
	if err := in.AllocN(len(out), 8); err != nil {
		return nil, err
	}
	var err error
	a.offsets(func(k, at int) {
		if err != nil {
			return
		}
		out[k], err = in.ToFloat(a.item(at))
	})
	return out, err
}

// ints gives the elements as int64, truncated, in row-major order.
func (a *Array) ints(in *py.Interp) ([]int64, error) {
	if a.dtype == IntDType {
		return gather(a, a.i), nil
	}
	out := make([]int64, a.size())
	if err := in.AllocN(len(out), 8); err != nil {
		return nil, err
	}
	switch a.dtype {
	case FloatDType:
		for k, x := range gather(a, a.f) {
			out[k] = truncate(x)
		}
		return out, nil
	case BoolDType:
		for k, x := range gather(a, a.b) {
			if x {
				out[k] = 1
			}
		}
		return out, nil
	}
	var err error
	a.offsets(func(k, at int) {
		if err != nil {
			return
		}
		var v py.Value
		if v, err = in.ToInt(a.item(at)); err == nil {
			n, ok := v.(py.Int)
			if !ok {
				err = py.OverflowError.New("Python int too large to convert to C long")
			}
			out[k] = int64(n)
		}
	})
	return out, err
}

// truncate converts as C does on this kind of machine: what does not fit
// becomes the smallest int64.
func truncate(x float64) int64 {
	if x != x || x >= 1<<63 || x < -1<<63 {
		return -1 << 63
	}
	return int64(x)
}

// bools gives the truth of the elements in row-major order.
func (a *Array) bools(in *py.Interp) ([]bool, error) {
	if a.dtype == BoolDType {
		return gather(a, a.b), nil
	}
	out := make([]bool, a.size())
	if err := in.AllocN(len(out), 1); err != nil {
		return nil, err
	}
	switch a.dtype {
	case FloatDType:
		for k, x := range gather(a, a.f) {
			out[k] = x != 0
		}
		return out, nil
	case IntDType:
		for k, x := range gather(a, a.i) {
			out[k] = x != 0
		}
		return out, nil
	}
	var err error
	a.offsets(func(k, at int) {
		if err == nil {
			out[k], err = in.Truth(a.item(at))
		}
	})
	return out, err
}

// Objects is objects for bindings; the result must not be changed.
func (a *Array) Objects(in *py.Interp) ([]py.Value, error) { return a.objects(in) }

// objects gives the elements as plain Python objects in row-major order.
func (a *Array) objects(in *py.Interp) ([]py.Value, error) {
	if a.dtype == ObjectDType {
		return gather(a, a.o), nil
	}
	out := make([]py.Value, a.size())
	if err := in.AllocN(len(out), 16); err != nil {
		return nil, err
	}
	a.offsets(func(k, at int) { out[k] = a.native(at) })
	return out, nil
}

// cast converts to another type of elements; it always makes a new array.
func (a *Array) cast(in *py.Interp, to DType) (*Array, error) {
	if a.dtype == to {
		return a.copyOf(in)
	}
	out, err := newArray(in, to, a.shape)
	if err != nil {
		return nil, err
	}
	switch to {
	case BoolDType:
		v, err := a.bools(in)
		copy(out.b, v)
		return out, err
	case IntDType:
		v, err := a.ints(in)
		copy(out.i, v)
		return out, err
	case FloatDType:
		v, err := a.Floats(in)
		copy(out.f, v)
		return out, err
	case ObjectDType:
		v, err := a.objects(in)
		copy(out.o, v)
		return out, err
	}
	a.offsets(func(k, at int) {
		if err == nil {
			out.s[k], err = in.Str(a.native(at))
		}
	})
	return out, err
}

// as is cast where the type differs, else a itself.
func (a *Array) as(in *py.Interp, to DType) (*Array, error) {
	if a.dtype == to {
		return a, nil
	}
	return a.cast(in, to)
}

// set stores v at a place, converted to the array's type.
func (a *Array) set(in *py.Interp, at int, v py.Value) error {
	switch a.dtype {
	case FloatDType:
		x, err := toElement(in, v)
		a.f[at] = x
		return err
	case IntDType:
		x, err := toIntElement(in, v)
		a.i[at] = x
		return err
	case BoolDType:
		x, err := in.Truth(v)
		a.b[at] = x
		return err
	case StrDType:
		s, err := in.Str(v)
		a.s[at] = s
		return err
	}
	a.o[at] = v
	return nil
}

// toElement is what a float array makes of an assigned object.
func toElement(in *py.Interp, v py.Value) (float64, error) {
	if x, ok := py.AsFloat(v); ok {
		return x, nil
	}
	if _, none := v.(py.NoneType); none {
		return 0, py.TypeError.New("float() argument must be a string or a real number, not 'NoneType'")
	}
	x, err := in.ToFloat(v)
	if err != nil && isSequence(v) {
		return 0, py.ValueError.New("setting an array element with a sequence.")
	}
	return x, err
}

func toIntElement(in *py.Interp, v py.Value) (int64, error) {
	r, err := in.ToInt(v)
	if err != nil {
		if isSequence(v) {
			return 0, py.ValueError.New("setting an array element with a sequence.")
		}
		return 0, err
	}
	switch x := r.(type) {
	case py.Int:
		return int64(x), nil
	case Int64:
		return int64(x), nil
	}
	return 0, py.OverflowError.New("Python int too large to convert to C long")
}

func isSequence(v py.Value) bool {
	switch v.(type) {
	case *py.List, *py.Tuple, *Array, py.Str:
		return true
	}
	return false
}

func (a *Array) dtypeValue() dtypeValue {
	d := dtypeValue{kind: a.dtype}
	if a.dtype == StrDType {
		for _, s := range gather(a, a.s) {
			d.width = max(d.width, len([]rune(s)))
		}
		d.width = max(d.width, 1)
	}
	return d
}

func shapeTuple(shape []int) *py.Tuple {
	t := py.NewTuple()
	for _, d := range shape {
		t.Items = append(t.Items, py.Int(d))
	}
	return t
}

// ShapeText prints a shape as Python prints a tuple.
func ShapeText(shape []int) string {
	s := "("
	for k, d := range shape {
		if k > 0 {
			s += ","
		}
		s += itoa(d)
	}
	if len(shape) == 1 {
		s += ","
	}
	return s + ")"
}
