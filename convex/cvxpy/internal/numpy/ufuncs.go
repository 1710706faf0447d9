package numpy

import (
	"math"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// ufuncs is the table of element-wise functions by name.
var ufuncs = map[string]*ufunc{}

func define(u *ufunc, aliases ...string) {
	ufuncs[u.name] = u
	for _, n := range aliases {
		ufuncs[n] = u
	}
}

func plainInt(f func(x, y int64) int64) func(x, y int64) (int64, error) {
	return func(x, y int64) (int64, error) { return f(x, y), nil }
}

func init() {
	defineArithmetic()
	defineComparisons()
	defineUnary()
}

func defineArithmetic() {
	or := func(x, y bool) bool { return x || y }
	and := func(x, y bool) bool { return x && y }
	define(&ufunc{name: "add", args: 2, op: syntax.Add, hasOp: true, identity: py.Int(0), b2: or,
		i2: plainInt(func(x, y int64) int64 { return x + y }), f2: func(x, y float64) float64 { return x + y }})
	define(&ufunc{name: "subtract", args: 2, op: syntax.Sub, hasOp: true,
		boolError: "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.",
		i2:        plainInt(func(x, y int64) int64 { return x - y }), f2: func(x, y float64) float64 { return x - y }})
	define(&ufunc{name: "multiply", args: 2, op: syntax.Mul, hasOp: true, identity: py.Int(1), b2: and,
		i2: plainInt(func(x, y int64) int64 { return x * y }), f2: func(x, y float64) float64 { return x * y }})
	define(&ufunc{name: "divide", args: 2, op: syntax.Div, hasOp: true, f2: func(x, y float64) float64 { return x / y }}, "true_divide")
	define(&ufunc{name: "floor_divide", args: 2, op: syntax.FloorDiv, hasOp: true, f2: floorDivide, i2: plainInt(func(x, y int64) int64 {
		if y == 0 {
			return 0
		}
		q := x / y
		if x%y != 0 && (x < 0) != (y < 0) {
			q--
		}
		return q
	})})
	define(&ufunc{name: "remainder", args: 2, op: syntax.Mod, hasOp: true, f2: floorMod, i2: plainInt(func(x, y int64) int64 {
		if y == 0 || y == -1 {
			return 0
		}
		r := x % y
		if r != 0 && (r < 0) != (y < 0) {
			r += y
		}
		return r
	})}, "mod")
	define(&ufunc{name: "power", args: 2, op: syntax.Pow, hasOp: true, f2: math.Pow, i2: func(x, y int64) (int64, error) {
		if y < 0 {
			return 0, py.ValueError.New("Integers to negative integer powers are not allowed.")
		}
		r := int64(1)
		for ; y > 0; y >>= 1 {
			if y&1 == 1 {
				r *= x
			}
			x *= x
		}
		return r, nil
	}})
	define(&ufunc{name: "float_power", args: 2, f2: math.Pow})
	define(&ufunc{name: "fmod", args: 2, f2: math.Mod})
	define(&ufunc{name: "arctan2", args: 2, f2: math.Atan2})
	define(&ufunc{name: "hypot", args: 2, f2: math.Hypot})
	define(&ufunc{name: "copysign", args: 2, f2: math.Copysign})
	define(&ufunc{name: "logaddexp", args: 2, f2: func(x, y float64) float64 {
		m := math.Max(x, y)
		if math.IsInf(m, -1) {
			return m
		}
		return m + math.Log(math.Exp(x-m)+math.Exp(y-m))
	}})
	define(&ufunc{name: "maximum", args: 2, b2: or, f2: nanMax, i2: plainInt(func(x, y int64) int64 { return max(x, y) })})
	define(&ufunc{name: "minimum", args: 2, b2: and, f2: nanMin, i2: plainInt(func(x, y int64) int64 { return min(x, y) })})
	define(&ufunc{name: "fmax", args: 2, b2: or, f2: func(x, y float64) float64 { return skipNaN(x, y, nanMax) }, i2: plainInt(func(x, y int64) int64 { return max(x, y) })})
	define(&ufunc{name: "fmin", args: 2, b2: and, f2: func(x, y float64) float64 { return skipNaN(x, y, nanMin) }, i2: plainInt(func(x, y int64) int64 { return min(x, y) })})
	define(&ufunc{name: "bitwise_and", args: 2, op: syntax.BitAnd, hasOp: true, b2: and, i2: plainInt(func(x, y int64) int64 { return x & y })})
	define(&ufunc{name: "bitwise_or", args: 2, op: syntax.BitOr, hasOp: true, b2: or, i2: plainInt(func(x, y int64) int64 { return x | y })})
	define(&ufunc{name: "bitwise_xor", args: 2, op: syntax.BitXor, hasOp: true, b2: func(x, y bool) bool { return x != y }, i2: plainInt(func(x, y int64) int64 { return x ^ y })})
	define(&ufunc{name: "left_shift", args: 2, op: syntax.LShift, hasOp: true, i2: plainInt(func(x, y int64) int64 {
		if uint64(y) > 63 {
			return 0
		}
		return x << y
	})})
	define(&ufunc{name: "right_shift", args: 2, op: syntax.RShift, hasOp: true, i2: plainInt(func(x, y int64) int64 { return x >> min(uint64(y), 63) })})
	define(&ufunc{name: "logical_and", args: 2, l2: and, identity: py.True})
	define(&ufunc{name: "logical_or", args: 2, l2: or, identity: py.False})
	define(&ufunc{name: "logical_xor", args: 2, l2: func(x, y bool) bool { return x != y }})
}

// nanMax and nanMin pass NaN on.
func nanMax(x, y float64) float64 {
	if x >= y || x != x {
		return x
	}
	return y
}

func nanMin(x, y float64) float64 {
	if x <= y || x != x {
		return x
	}
	return y
}

func skipNaN(x, y float64, f func(x, y float64) float64) float64 {
	switch {
	case x != x:
		return y
	case y != y:
		return x
	}
	return f(x, y)
}

func defineComparisons() {
	for name, op := range map[string]syntax.Comparison{
		"equal": syntax.Eq, "not_equal": syntax.NotEq, "less": syntax.Lt, "less_equal": syntax.LtE,
		"greater": syntax.Gt, "greater_equal": syntax.GtE,
	} {
		define(&ufunc{name: name, args: 2, compare: true, c2: op})
	}
}

func defineUnary() {
	for name, f := range map[string]func(float64) float64{
		"sqrt": math.Sqrt, "cbrt": math.Cbrt, "exp": math.Exp, "exp2": math.Exp2, "expm1": math.Expm1, "log": math.Log,
		"log2": math.Log2, "log10": math.Log10, "log1p": math.Log1p, "sin": math.Sin, "cos": math.Cos, "tan": math.Tan,
		"arcsin": math.Asin, "arccos": math.Acos, "arctan": math.Atan, "sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh,
		"arcsinh": math.Asinh, "arccosh": math.Acosh, "arctanh": math.Atanh, "fabs": math.Abs,
		"radians": func(x float64) float64 { return x * (math.Pi / 180) }, "degrees": func(x float64) float64 { return x * (180 / math.Pi) },
	} {
		define(&ufunc{name: name, args: 1, f1: f})
	}
	ufuncs["deg2rad"], ufuncs["rad2deg"] = ufuncs["radians"], ufuncs["degrees"]
	keep := func(x int64) int64 { return x }
	same := func(x bool) bool { return x }
	define(&ufunc{name: "floor", args: 1, f1: math.Floor, i1: keep, b1: same})
	define(&ufunc{name: "ceil", args: 1, f1: math.Ceil, i1: keep, b1: same})
	define(&ufunc{name: "trunc", args: 1, f1: math.Trunc, i1: keep, b1: same})
	define(&ufunc{name: "rint", args: 1, f1: math.RoundToEven})
	define(&ufunc{name: "negative", args: 1, op: syntax.USub, hasOp: true, f1: func(x float64) float64 { return -x }, i1: func(x int64) int64 { return -x },
		boolError: "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead."})
	define(&ufunc{name: "positive", args: 1, op: syntax.UAdd, hasOp: true, f1: func(x float64) float64 { return x }, i1: keep})
	define(&ufunc{name: "invert", args: 1, op: syntax.Invert, hasOp: true, i1: func(x int64) int64 { return ^x }, b1: func(x bool) bool { return !x }}, "bitwise_not")
	define(&ufunc{name: "absolute", args: 1, f1: math.Abs, b1: same, i1: func(x int64) int64 {
		if x < 0 {
			return -x
		}
		return x
	}, object1: func(in *py.Interp, v py.Value) (py.Value, error) { return in.CallBuiltin("abs", v) }}, "abs")
	define(&ufunc{name: "square", args: 1, f1: func(x float64) float64 { return x * x }, i1: func(x int64) int64 { return x * x },
		object1: func(in *py.Interp, v py.Value) (py.Value, error) { return in.Mul(v, v) }})
	define(&ufunc{name: "reciprocal", args: 1, f1: func(x float64) float64 { return 1 / x }, i1: func(x int64) int64 {
		if x == 0 {
			return -1 << 63
		}
		return 1 / x
	}})
	define(&ufunc{name: "sign", args: 1, f1: func(x float64) float64 {
		switch {
		case x > 0:
			return 1
		case x < 0:
			return -1
		}
		return x
	}, i1: func(x int64) int64 {
		switch {
		case x > 0:
			return 1
		case x < 0:
			return -1
		}
		return 0
	}})
	define(&ufunc{name: "isnan", args: 1, t1: func(x float64) bool { return x != x }})
	define(&ufunc{name: "isinf", args: 1, t1: func(x float64) bool { return math.IsInf(x, 0) }})
	define(&ufunc{name: "isfinite", args: 1, t1: func(x float64) bool { return x-x == 0 }})
	define(&ufunc{name: "signbit", args: 1, t1: math.Signbit})
	define(&ufunc{name: "logical_not", args: 1, b1: func(x bool) bool { return !x }})
}

// operatorUfuncs names the ufunc of each operator.
var operatorUfuncs = map[syntax.Operator]string{
	syntax.Add: "add", syntax.Sub: "subtract", syntax.Mul: "multiply", syntax.Div: "divide", syntax.FloorDiv: "floor_divide",
	syntax.Mod: "remainder", syntax.Pow: "power", syntax.LShift: "left_shift", syntax.RShift: "right_shift",
	syntax.BitAnd: "bitwise_and", syntax.BitOr: "bitwise_or", syntax.BitXor: "bitwise_xor",
}

var comparisonUfuncs = map[syntax.Comparison]string{
	syntax.Eq: "equal", syntax.NotEq: "not_equal", syntax.Lt: "less", syntax.LtE: "less_equal", syntax.Gt: "greater", syntax.GtE: "greater_equal",
}
