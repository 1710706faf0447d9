package numpy

import (
	_ "embed"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// realNames lists what numpy's modules and arrays have: a name that is there
// and not here is this package's gap, any other is the program's mistake.
//
//go:embed names.txt
var realNames string

func namesOf(what string) []string {
	for line := range strings.Lines(realNames) {
		if name, list, _ := strings.Cut(strings.TrimSpace(line), ":"); name == what {
			return strings.Fields(list)
		}
	}
	return nil
}

// functionTable is built once: all functions of the module by name.
var functionTable = sync.OnceValue(func() map[string]*py.Native {
	table := map[string]*py.Native{}
	for _, group := range [][]function{creation(), shaping(), joining(), searching(), comparing(), calculating()} {
		for _, f := range group {
			table[f.name] = native(f)
		}
	}
	table["arange"] = &py.Native{Name: "arange", Raw: func(in *py.Interp, _ py.Value, a py.Args) (py.Value, error) { return arangeCall(in, a) }}
	for alias, name := range map[string]string{
		"amax": "max", "amin": "min", "row_stack": "vstack", "permute_dims": "transpose", "concat": "concatenate",
		"cumulative_sum": "cumsum",
	} {
		table[alias] = table[name]
	}
	delete(table, "row_stack")
	return table
})

// IsUfunc reports whether name is one of numpy's element-wise functions.
func IsUfunc(name string) bool { return ufuncs[name] != nil }

func functionByName(name string) *py.Native { return functionTable()[name] }

// native makes a Python function of f; objects of other bindings among the
// arguments are asked first.
func native(f function) *py.Native {
	sig := py.NewSignature(f.name, f.params)
	switch f.name {
	case "array", "zeros", "empty":
		sig.InC()
	}
	return &py.Native{Name: f.name, Raw: func(in *py.Interp, _ py.Value, a py.Args) (py.Value, error) {
		if v, done, err := callForeign(in, f.name, a); done || err != nil {
			return v, err
		}
		b, err := sig.Bind(a)
		if err != nil {
			return nil, err
		}
		return f.f(in, b)
	}}
}

// Find is the py.Finder for numpy and its parts.
func Find(in *py.Interp, name string) (*py.Module, error) {
	switch name {
	case "numpy":
		return module(in), nil
	case "numpy.linalg", "numpy.random":
		parent, err := in.Import("numpy") // made these with itself
		if err != nil {
			return nil, err
		}
		return parent.Get(strings.TrimPrefix(name, "numpy.")).(*py.Module), nil
	case "numpy.typing":
		m := &py.Module{Name: name}
		m.Set("NDArray", &py.Alias{Origin: arrayType, Name: "numpy.ndarray"})
		m.Set("ArrayLike", &py.Alias{Name: "numpy.typing.ArrayLike"})
		return m, nil
	case "numpy.exceptions":
		m := &py.Module{Name: name}
		m.Set("AxisError", axisError)
		return m, nil
	}
	return nil, nil
}

// removed words numpy's own errors about names that it dropped.
func removed(name string) error {
	switch name {
	case "float", "int", "object", "complex":
		advice := map[string]string{
			"float":   "Doing this will not modify any behavior and is safe. If you specifically wanted the numpy scalar type, use `np.float64` here.",
			"complex": "Doing this will not modify any behavior and is safe. If you specifically wanted the numpy scalar type, use `np.complex128` here.",
			"object":  "Doing this will not modify any behavior and is safe. ",
			"int":     "Doing this will not modify any behavior and is safe. When replacing `np.int`, you may wish to use e.g. `np.int64` or `np.int32` to specify the precision. If you wish to review your current use, check the release note link for additional information.",
		}[name]
		return py.AttributeError.New("module 'numpy' has no attribute '%[1]s'.\n`np.%[1]s` was a deprecated alias for the builtin `%[1]s`. To avoid this error in existing code, use `%[1]s` by itself. %[2]s\nThe aliases was originally deprecated in NumPy 1.20; for more details and guidance see the original release note at:\n    https://numpy.org/devdocs/release/1.20.0-notes.html#deprecations", name, advice)
	case "NaN", "Inf", "float_", "infty", "NINF", "PINF", "product", "cumproduct", "in1d", "alltrue", "sometrue", "round_":
		use := map[string]string{"NaN": "nan", "Inf": "inf", "infty": "inf", "float_": "float64"}[name]
		if use != "" {
			return py.AttributeError.New("`np.%s` was removed in the NumPy 2.0 release. Use `np.%s` instead.", name, use)
		}
	}
	return nil
}

func missing(module string, real []string) func(name string) error {
	return func(name string) error {
		if module == "numpy" {
			if err := removed(name); err != nil {
				return err
			}
		}
		if _, ok := slices.BinarySearch(real, name); ok {
			return py.Unsupported("%s.%s is not supported", module, name)
		}
		return nil
	}
}

func module(in *py.Interp) *py.Module {
	real := namesOf("numpy")
	m := &py.Module{Name: "numpy", Dir: real, Missing: missing("numpy", real)}
	for name, f := range functionTable() {
		m.Set(name, f)
	}
	for name, u := range ufuncs {
		m.Set(name, u)
	}
	for name, v := range map[string]py.Value{
		"pi": py.Float(math.Pi), "e": py.Float(math.E), "inf": py.Float(math.Inf(1)), "nan": py.Float(math.NaN()),
		"euler_gamma": py.Float(0.5772156649015329), "newaxis": py.None, "True_": Bool(true), "False_": Bool(false), "ndarray": arrayType, "dtype": dtypeType,
		"float64": float64Type, "double": float64Type, "int64": int64Type, "int_": int64Type, "intp": int64Type, "longlong": int64Type,
		"bool_": boolType, "bool": boolType, "str_": strScalar, "object_": objectScalar, "generic": genericType, "number": numberType,
		"integer": integerType, "signedinteger": signedType, "inexact": inexactType, "floating": floatingType, "ufunc": ufuncType,
		"__version__": py.Str("2.4.6"),
	} {
		m.Set(name, v)
	}
	for _, name := range []string{
		"float32", "float16", "single", "half", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64", "intc", "uint",
		"complex64", "complex128", "longdouble", "datetime64", "timedelta64", "unsignedinteger", "complexfloating",
	} {
		m.Set(name, &unsupportedDType{name})
	}
	m.Set("finfo", py.Def("finfo", "dtype=", finfo))
	m.Set("iinfo", py.Def("iinfo", "type=", func(*py.Interp, *py.Bound) (py.Value, error) {
		return record("iinfo", map[string]py.Value{"max": py.Int(math.MaxInt64), "min": py.Int(math.MinInt64), "bits": py.Int(64)}), nil
	}))
	m.Set("errstate", &py.Native{Name: "errstate", Raw: func(*py.Interp, py.Value, py.Args) (py.Value, error) { return quiet{}, nil }})
	for _, name := range []string{"seterr", "set_printoptions"} {
		m.Set(name, &py.Native{Name: name, Raw: func(_ *py.Interp, _ py.Value, a py.Args) (py.Value, error) {
			if name == "set_printoptions" && len(a.Names) > 0 {
				return nil, py.Unsupported("numpy.set_printoptions is not supported")
			}
			return py.NewDict(), nil
		}})
	}
	m.Set("vectorize", py.Def("vectorize", "pyfunc, otypes=, doc=, excluded=, cache=, signature=", vectorize))
	m.Set("linalg", linalgModule())
	m.Set("random", randomModule(in))
	return m
}

// quiet is np.errstate: numpy's warnings change nothing here.
type quiet struct{}

var quietType = numpyType("errstate")

func (quiet) Type() *py.Type                         { return quietType }
func (quiet) Enter(*py.Interp) (py.Value, error)     { return py.None, nil }
func (quiet) Exit(*py.Interp, *py.Exc) (bool, error) { return false, nil }

// record is an object with attributes.
func record(name string, attrs map[string]py.Value) py.Value {
	o := py.NewInstance(numpyType(name))
	for n, v := range attrs {
		o.Attrs().Set(n, v)
	}
	return o
}

func finfo(*py.Interp, *py.Bound) (py.Value, error) {
	return record("finfo", map[string]py.Value{
		"eps": Float64(2.220446049250313e-16), "max": Float64(math.MaxFloat64), "min": Float64(-math.MaxFloat64),
		"tiny": Float64(2.2250738585072014e-308), "resolution": Float64(1e-15),
	}), nil
}

// vectorize makes a function of arrays of a function of scalars.
func vectorize(in *py.Interp, b *py.Bound) (py.Value, error) {
	f := b.Get("pyfunc")
	return &py.Native{Name: "vectorize", Raw: func(in *py.Interp, _ py.Value, a py.Args) (py.Value, error) {
		if len(a.Names) > 0 || len(a.Pos) == 0 {
			return nil, py.Unsupported("a vectorized function takes positional arguments only here")
		}
		list := make([]*Array, len(a.Pos))
		for k, v := range a.Pos {
			x, err := AsArray(in, v)
			if err != nil {
				return nil, err
			}
			list[k] = x
		}
		list, shape, err := align(in, list...)
		if err != nil {
			return nil, err
		}
		cols := make([][]py.Value, len(list))
		for k, x := range list {
			x.offsets(func(_, at int) { cols[k] = append(cols[k], x.item(at)) })
		}
		out := make([]py.Value, product(shape))
		for k := range out {
			args := make([]py.Value, len(cols))
			for j := range cols {
				args[j] = cols[j][k]
			}
			if out[k], err = in.Call(f, py.Args{Pos: args}); err != nil {
				return nil, err
			}
		}
		r, err := AsArray(in, py.NewList(out...))
		if err != nil {
			return nil, err
		}
		r, err = reshape(in, r, shape, false)
		if err != nil {
			return nil, err
		}
		return wrap(r), nil
	}}, nil
}

func linalgModule() *py.Module {
	real := namesOf("numpy.linalg")
	m := &py.Module{Name: "numpy.linalg", Dir: real, Missing: missing("numpy.linalg", real)}
	for _, f := range linalgFunctions() {
		m.Set(f.name, native(f))
	}
	m.Set("LinAlgError", linAlgError)
	return m
}

func init() {
	arrayType.Real(namesOf("numpy.ndarray")...)
	for t, name := range map[*py.Type]string{float64Type: "numpy.float64", int64Type: "numpy.int64", boolType: "numpy.bool"} {
		t.Real(namesOf(name)...)
	}
}
