package cp

import (
	"math"
	"slices"
	"strconv"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// leaf is what variables and parameters have beside their expression.
type leaf struct {
	kind       string // Variable or Parameter
	id         int
	attributes string // as repr shows them: ", nonneg=True"
	flags      map[string]bool
	bounds     py.Value  // None, or a list of two arrays
	lo, hi     []float64 // numeric bounds
	given      py.Value  // a value as the program set it
}

var (
	variableArgs  = py.NewSignature("Variable.__init__", "shape=, name=, var_id=, **kwargs")
	parameterArgs = py.NewSignature("Parameter.__init__", "shape=, name=, value=, id=, **kwargs")
	constantArgs  = py.NewSignature("Constant.__init__", "value, name=")
)

func init() {
	for _, s := range []*py.Signature{variableArgs, parameterArgs, constantArgs} {
		s.Method()
	}
	variableType.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		b, err := variableArgs.Bind(a)
		if err != nil {
			return nil, err
		}
		return sessionOf(in).newLeaf(in, "Variable", b)
	})
	parameterType.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		b, err := parameterArgs.Bind(a)
		if err != nil {
			return nil, err
		}
		return sessionOf(in).newLeaf(in, "Parameter", b)
	})
	constantType.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		b, err := constantArgs.Bind(a)
		if err != nil {
			return nil, err
		}
		s := sessionOf(in)
		if x, ok := b.Get("value").(*Expr); ok {
			return nil, py.TypeError.New("float() argument must be a string or a real number, not '%s'", x.class.Name)
		}
		data, shape, err := s.numbers(in, b.Get("value"))
		if err != nil {
			return nil, err
		}
		e, err := s.constant(in, data, shape)
		if err != nil {
			return nil, err
		}
		return s.result(in, e)
	})
}

// newLeaf is Variable(...) and Parameter(...).
func (s *Session) newLeaf(in *py.Interp, kind string, b *py.Bound) (py.Value, error) {
	name := ""
	l := &leaf{kind: kind, flags: map[string]bool{}, bounds: py.None}
	if !b.Has("var_id") {
		l.id = s.nextID()
	}
	switch n := b.Get("name").(type) {
	case nil, py.NoneType:
		name = map[string]string{"Variable": "var", "Parameter": "param"}[kind] + strconv.Itoa(l.id)
	case py.Str:
		name = string(n)
	default:
		if kind == "Parameter" {
			return nil, py.Unsupported("a Parameter name that is no string is not supported")
		}
		text, err := in.Str(n)
		if err != nil {
			return nil, err
		}
		return nil, py.TypeError.New("Variable name %s must be a string.", text)
	}
	shape, err := s.leafShape(in, b.Get("shape"))
	if err != nil {
		return nil, err
	}
	var value py.Value
	if v := b.Get("value"); v != nil && v != py.Value(py.None) {
		value = v
	}
	given := map[string]py.Value{}
	for k, n := range b.Names {
		if n == "value" {
			value = b.Extra[k]
			continue
		}
		if !slices.Contains(attributeNames, n) {
			return nil, py.TypeError.New("Leaf.__init__() got an unexpected keyword argument '%s'", n)
		}
		given[n] = b.Extra[k]
	}
	attrs, err := s.leafAttributes(in, l, shape, given)
	if err != nil {
		return nil, err
	}
	if err := in.AllocN(shape.Size()+16, 32); err != nil {
		return nil, err
	}
	x := &Expr{s: s, class: variableType, leaf: l}
	if kind == "Variable" {
		x.e = convex.Variable(name, shape, attrs...)
	} else {
		x.e, x.class = convex.Parameter(name, shape, attrs...), parameterType
	}
	if err := x.e.Err(); err != nil {
		return nil, wordError(err)
	}
	s.leaves[x.e] = x
	if value != nil {
		return x, x.setValue(in, value)
	}
	return x, nil
}

// leafShape reads shape=: an int or a sequence of ints.
func (s *Session) leafShape(in *py.Interp, v py.Value) (convex.Shape, error) {
	if v == nil {
		return convex.Scalar, nil
	}
	bad := func(text string) error { return py.ValueError.New("Invalid dimensions %s.", text) }
	var items []py.Value
	switch x := v.(type) {
	case py.Int, numpy.Int64, py.Bool:
		items = []py.Value{v}
	case *py.Tuple:
		items = x.Items
	case *py.List:
		items = x.Items
	case py.Str:
		if x == "" {
			return convex.Scalar, nil
		}
		return convex.Scalar, bad(string(x))
	case *py.BigInt:
		return convex.Scalar, in.Alloc(-1)
	default:
		list, err := in.Collect(v)
		if err != nil {
			return convex.Scalar, err
		}
		items = list
	}
	dims := make([]int, len(items))
	for k, d := range items {
		n, err := in.Index(d)
		if err != nil || n < 0 {
			shown := v
			if _, single := v.(py.Int); single {
				shown = py.NewTuple(items...)
			}
			text, err := in.Str(shown)
			if err != nil {
				return convex.Scalar, err
			}
			return convex.Scalar, bad(text)
		}
		if n > 1<<29 {
			return convex.Scalar, in.Alloc(-1)
		}
		dims[k] = n
	}
	if len(dims) == 2 && dims[0] > 0 && dims[1] > (1<<29)/dims[0] {
		return convex.Scalar, in.Alloc(-1)
	}
	return shapeOf(dims)
}

// setValue is x.value = v for variables and parameters.
func (x *Expr) setValue(in *py.Interp, v py.Value) error {
	l := x.leaf
	if v == py.Value(py.None) {
		delete(x.s.values, x.e)
		l.given = nil
		return nil
	}
	if _, isStr := v.(py.Str); isStr {
		return py.ValueError.New("Invalid dimensions () for %s value.", l.kind)
	}
	data, shape, err := x.s.numbers(in, v)
	if err != nil {
		return err
	}
	if shape != x.e.Shape() {
		return py.ValueError.New("Invalid dimensions %v for %s value.", shape, l.kind)
	}
	if slices.ContainsFunc(data, math.IsNaN) {
		return py.ValueError.New("%s value must be real.", l.kind)
	}
	if bad := l.violated(data); bad != "" {
		return py.ValueError.New("%s value must be %s.", l.kind, bad)
	}
	x.s.values[x.e] = slices.Clone(data)
	l.given = v
	return nil
}

// violated names the attribute that a value breaks, "" for none.
func (l *leaf) violated(data []float64) string {
	const tolerance = 1e-8
	any := func(f func(x float64) bool) bool { return slices.ContainsFunc(data, f) }
	switch {
	case l.flags["nonneg"] && any(func(x float64) bool { return x < -tolerance }):
		return "nonnegative"
	case l.flags["nonpos"] && any(func(x float64) bool { return x > tolerance }):
		return "nonpositive"
	case l.flags["pos"] && any(func(x float64) bool { return x < -tolerance }):
		return "positive"
	case l.flags["neg"] && any(func(x float64) bool { return x > tolerance }):
		return "negative"
	case l.flags["boolean"] && any(func(x float64) bool { return math.Abs(x-math.Round(math.Min(math.Max(x, 0), 1))) > tolerance }):
		return "boolean"
	case l.flags["integer"] && any(func(x float64) bool { return math.Abs(x-math.Round(x)) > tolerance }):
		return "integer"
	}
	for k, x := range data {
		if l.lo != nil && (x < l.lo[k]-tolerance || x > l.hi[k]+tolerance) {
			return "in bounds"
		}
	}
	return ""
}

// value is x.value: None without values.
func (x *Expr) value() py.Value {
	if x.leaf != nil {
		v, ok := x.s.values[x.e]
		if !ok {
			return py.None
		}
		if x.e.Shape().Rank() == 0 && x.leaf.given != nil {
			return x.leaf.given // as the program set it
		}
		return ndarray(v, x.e.Shape())
	}
	v, err := x.e.Value(x.s.values)
	if err != nil {
		return py.None
	}
	if keepsArray(x.e.Op()) {
		return ndarray(v, x.e.Shape())
	}
	return array(v, x.e.Shape())
}
