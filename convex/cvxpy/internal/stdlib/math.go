package stdlib

import (
	"math"
	"math/big"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// real is the float that a math function works on.
func real(in *py.Interp, v py.Value) (float64, error) {
	if f, ok := py.AsFloat(v); ok {
		if math.IsInf(f, 0) {
			return in.ToFloat(v) // an int too large says so
		}
		return f, nil
	}
	if _, isStr := v.(py.Str); !isStr {
		f, err := in.ToFloat(v)
		if err == nil || !py.Matches(err, py.TypeError) {
			return f, err
		}
		if _, ok := v.(py.FloatConverter); ok {
			return 0, err
		}
	}
	return 0, py.TypeError.New("must be real number, not %s", v.Type().Name)
}

func domain() error { return py.ValueError.New("math domain error") }

// unary makes a function of one real number: NaN from a number is a domain
// error, infinity from a finite number a range error.
func unary(name string, f func(float64) float64) *py.Native {
	return fn(name, 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
		x, err := real(in, a[0])
		if err != nil {
			return nil, err
		}
		y := f(x)
		if math.IsNaN(y) && !math.IsNaN(x) {
			return nil, domain()
		}
		if math.IsInf(y, 0) && !math.IsInf(x, 0) {
			switch name {
			case "log1p", "atanh", "gamma", "lgamma", "log", "log2", "log10":
				return nil, domain()
			}
			return nil, py.OverflowError.New("math range error")
		}
		return py.Float(y), nil
	})
}

func binary(name string, f func(x, y float64) float64) *py.Native {
	return fn(name, 2, 2, func(in *py.Interp, a []py.Value) (py.Value, error) {
		x, err := real(in, a[0])
		if err != nil {
			return nil, err
		}
		y, err := real(in, a[1])
		if err != nil {
			return nil, err
		}
		z := f(x, y)
		if math.IsNaN(z) && !math.IsNaN(x) && !math.IsNaN(y) {
			return nil, domain()
		}
		if math.IsInf(z, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
			if name == "pow" && x == 0 {
				return nil, domain()
			}
			return nil, py.OverflowError.New("math range error")
		}
		return py.Float(z), nil
	})
}

func test(name string, f func(float64) bool) *py.Native {
	return fn(name, 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
		x, err := real(in, a[0])
		return py.Bool(f(x)), err
	})
}

func mathModule(*py.Interp) *py.Module {
	m := module("math",
		unary("sqrt", math.Sqrt), unary("exp", math.Exp), unary("expm1", math.Expm1), unary("exp2", math.Exp2),
		unary("log1p", math.Log1p), unary("log10", math.Log10), unary("log2", math.Log2), unary("cbrt", math.Cbrt),
		unary("sin", math.Sin), unary("cos", math.Cos), unary("tan", math.Tan), unary("asin", math.Asin),
		unary("acos", math.Acos), unary("atan", math.Atan), unary("sinh", math.Sinh), unary("cosh", math.Cosh),
		unary("tanh", math.Tanh), unary("asinh", math.Asinh), unary("acosh", math.Acosh), unary("atanh", math.Atanh),
		unary("erf", math.Erf), unary("erfc", math.Erfc), unary("gamma", math.Gamma), unary("fabs", math.Abs),
		unary("lgamma", func(x float64) float64 { y, _ := math.Lgamma(x); return y }),
		unary("degrees", func(x float64) float64 { return x * (180 / math.Pi) }),
		unary("radians", func(x float64) float64 { return x * (math.Pi / 180) }),
		binary("atan2", math.Atan2), binary("fmod", math.Mod), binary("copysign", math.Copysign), binary("pow", math.Pow),
		binary("remainder", math.Remainder),
		test("isnan", math.IsNaN), test("isinf", func(x float64) bool { return math.IsInf(x, 0) }),
		test("isfinite", func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }),
		fn("log", 1, 2, mathLog),
		integral("floor", math.Floor, "__floor__"), integral("ceil", math.Ceil, "__ceil__"), integral("trunc", math.Trunc, "__trunc__"),
		fn("hypot", 0, -1, mathHypot), fn("dist", 2, 2, mathDist),
		raw("isclose", mathIsclose), fn("fsum", 1, 1, mathFsum), raw("prod", mathProd),
		fn("factorial", 1, 1, mathFactorial), fn("comb", 2, 2, mathComb), fn("perm", 1, 2, mathPerm),
		fn("gcd", 0, -1, mathGCD), fn("lcm", 0, -1, mathLCM), fn("isqrt", 1, 1, mathIsqrt),
		fn("modf", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
			x, err := real(in, a[0])
			i, f := math.Modf(x)
			return py.NewTuple(py.Float(f), py.Float(i)), err
		}),
		fn("frexp", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
			x, err := real(in, a[0])
			f, e := math.Frexp(x)
			return py.NewTuple(py.Float(f), py.Int(e)), err
		}),
		fn("ldexp", 2, 2, func(in *py.Interp, a []py.Value) (py.Value, error) {
			x, err := real(in, a[0])
			if err != nil {
				return nil, err
			}
			n, err := in.Index(a[1])
			return py.Float(math.Ldexp(x, n)), err
		}),
	)
	m.Set("pi", py.Float(math.Pi))
	m.Set("e", py.Float(math.E))
	m.Set("tau", py.Float(2*math.Pi))
	m.Set("inf", py.Float(math.Inf(1)))
	m.Set("nan", py.Float(math.NaN()))
	return m
}

func mathLog(in *py.Interp, a []py.Value) (py.Value, error) {
	ln := func(v py.Value) (float64, error) {
		if b, ok := v.(*py.BigInt); ok && b.Big().Sign() > 0 {
			m := new(big.Float)
			e := new(big.Float).SetInt(b.Big()).MantExp(m)
			f, _ := m.Float64()
			return math.Log(f) + float64(e)*math.Ln2, nil
		}
		x, err := real(in, v)
		if err != nil {
			return 0, err
		}
		if x <= 0 {
			return 0, domain()
		}
		return math.Log(x), nil
	}
	x, err := ln(a[0])
	if err != nil || a[1] == nil {
		return py.Float(x), err
	}
	base, err := ln(a[1])
	if err != nil {
		return nil, err
	}
	if base == 0 {
		return nil, py.ZeroDivisionError.New("float division by zero")
	}
	return py.Float(x / base), nil
}

// integral makes floor, ceil and trunc, which give ints.
func integral(name string, f func(float64) float64, special string) *py.Native {
	return fn(name, 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
		switch x := a[0].(type) {
		case py.Int, *py.BigInt:
			return x, nil
		case py.Bool:
			return in.ToInt(x)
		}
		if r, err := in.CallSpecial(a[0], special); r != nil || err != nil {
			return r, err
		}
		x, err := real(in, a[0])
		if err != nil {
			if name == "trunc" && py.Matches(err, py.TypeError) {
				return nil, py.TypeError.New("type %s doesn't define __trunc__ method", a[0].Type().ShortName())
			}
			return nil, err
		}
		return in.ToInt(py.Float(f(x)))
	})
}

func reals(in *py.Interp, list []py.Value) ([]float64, error) {
	out := make([]float64, len(list))
	for i, v := range list {
		x, err := real(in, v)
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return out, nil
}

func mathHypot(in *py.Interp, a []py.Value) (py.Value, error) {
	xs, err := reals(in, a)
	if err != nil {
		return nil, err
	}
	return py.Float(norm(xs)), nil
}

func norm(xs []float64) float64 {
	largest := 0.0
	for _, x := range xs {
		largest = math.Max(largest, math.Abs(x))
	}
	if largest == 0 || math.IsInf(largest, 0) {
		return largest
	}
	if len(xs) == 2 {
		return math.Hypot(xs[0], xs[1])
	}
	sum := 0.0
	for _, x := range xs {
		sum += (x / largest) * (x / largest)
	}
	return largest * math.Sqrt(sum)
}

func mathDist(in *py.Interp, a []py.Value) (py.Value, error) {
	var points [2][]float64
	for i := range points {
		items, err := in.Collect(a[i])
		if err != nil {
			return nil, err
		}
		if points[i], err = reals(in, items); err != nil {
			return nil, err
		}
	}
	if len(points[0]) != len(points[1]) {
		return nil, py.ValueError.New("both points must have the same number of dimensions")
	}
	for i := range points[0] {
		points[0][i] -= points[1][i]
	}
	return py.Float(norm(points[0])), nil
}

var iscloseArgs = py.NewSignature("isclose", "a, b, *, rel_tol=, abs_tol=")

func mathIsclose(in *py.Interp, args py.Args) (py.Value, error) {
	b, err := iscloseArgs.Bind(args)
	if err != nil {
		return nil, err
	}
	vals := map[string]float64{"rel_tol": 1e-9, "abs_tol": 0}
	for _, n := range []string{"a", "b", "rel_tol", "abs_tol"} {
		if v := b.Get(n); v != nil {
			if vals[n], err = real(in, v); err != nil {
				return nil, err
			}
		}
	}
	x, y := vals["a"], vals["b"]
	if vals["rel_tol"] < 0 || vals["abs_tol"] < 0 {
		return nil, py.ValueError.New("tolerances must be non-negative")
	}
	if x == y {
		return py.True, nil
	}
	if math.IsInf(x, 0) || math.IsInf(y, 0) {
		return py.False, nil
	}
	d := math.Abs(x - y)
	return py.Bool(d <= math.Abs(vals["rel_tol"]*y) || d <= math.Abs(vals["rel_tol"]*x) || d <= vals["abs_tol"]), nil
}

// mathFsum sums exactly and rounds once.
func mathFsum(in *py.Interp, a []py.Value) (py.Value, error) {
	sum := new(big.Float).SetPrec(2200)
	special := 0.0
	err := in.Each(a[0], func(v py.Value) error {
		x, err := real(in, v)
		if err != nil {
			return err
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			special += x
			return nil
		}
		sum.Add(sum, big.NewFloat(x))
		return in.Step(8)
	})
	if special != 0 {
		return py.Float(special), err
	}
	f, _ := sum.Float64()
	return py.Float(f), err
}

var prodArgs = py.NewSignature("prod", "iterable, /, *, start=")

func mathProd(in *py.Interp, args py.Args) (py.Value, error) {
	b, err := prodArgs.Bind(args)
	if err != nil {
		return nil, err
	}
	var total py.Value = py.Int(1)
	if v := b.Get("start"); v != nil {
		total = v
	}
	err = in.Each(b.Get("iterable"), func(v py.Value) error {
		r, err := in.Mul(total, v)
		total = r
		return err
	})
	return total, err
}

// whole is a non-negative int argument.
func whole(in *py.Interp, v py.Value, message string) (int, error) {
	if _, ok := v.(py.Float); ok {
		return 0, py.TypeError.New("'float' object cannot be interpreted as an integer")
	}
	n, err := in.Index(v)
	if err == nil && n < 0 {
		err = py.ValueError.New("%s", message)
	}
	return n, err
}

func mathFactorial(in *py.Interp, a []py.Value) (py.Value, error) {
	n, err := whole(in, a[0], "factorial() not defined for negative values")
	if err != nil {
		return nil, err
	}
	return rangeProduct(in, 1, n)
}

// rangeProduct multiplies from..to.
func rangeProduct(in *py.Interp, from, to int) (py.Value, error) {
	if from > to {
		return py.Int(1), nil
	}
	bits := (to - from + 1) * big.NewInt(int64(to)).BitLen()
	if to-from > 1<<24 {
		return nil, in.Alloc(-1)
	}
	if err := in.Alloc(bits / 4); err != nil {
		return nil, err
	}
	if err := in.Step(bits / 64 * (1 + bits/64/1024)); err != nil {
		return nil, err
	}
	return py.NewBig(new(big.Int).MulRange(int64(from), int64(to))), nil
}

func mathComb(in *py.Interp, a []py.Value) (py.Value, error) {
	n, err := whole(in, a[0], "n must be a non-negative integer")
	if err != nil {
		return nil, err
	}
	k, err := whole(in, a[1], "k must be a non-negative integer")
	if err != nil {
		return nil, err
	}
	if k > n {
		return py.Int(0), nil
	}
	k = min(k, n-k)
	if _, err := rangeProduct(in, n-k+1, n); err != nil {
		return nil, err
	}
	return py.NewBig(new(big.Int).Binomial(int64(n), int64(k))), nil
}

func mathPerm(in *py.Interp, a []py.Value) (py.Value, error) {
	n, err := whole(in, a[0], "n must be a non-negative integer")
	if err != nil {
		return nil, err
	}
	k := n
	if a[1] != nil && a[1] != py.Value(py.None) {
		if k, err = whole(in, a[1], "k must be a non-negative integer"); err != nil {
			return nil, err
		}
	}
	if k > n {
		return py.Int(0), nil
	}
	return rangeProduct(in, n-k+1, n)
}

// bigArg is an int argument of any size.
func bigArg(in *py.Interp, v py.Value) (*big.Int, error) {
	if b, ok := v.(*py.BigInt); ok {
		if err := in.Step(b.Big().BitLen() / 64); err != nil {
			return nil, err
		}
		return new(big.Int).Abs(b.Big()), nil
	}
	n, err := in.Index(v)
	return new(big.Int).Abs(big.NewInt(int64(n))), err
}

func mathGCD(in *py.Interp, a []py.Value) (py.Value, error) {
	g := new(big.Int)
	for _, v := range a {
		n, err := bigArg(in, v)
		if err != nil {
			return nil, err
		}
		g.GCD(nil, nil, g, n)
	}
	return py.NewBig(g), nil
}

func mathLCM(in *py.Interp, a []py.Value) (py.Value, error) {
	l := big.NewInt(1)
	for _, v := range a {
		n, err := bigArg(in, v)
		if err != nil {
			return nil, err
		}
		if n.Sign() == 0 {
			return py.Int(0), nil
		}
		words := len(l.Bits()) + len(n.Bits())
		if err := in.Step(words * words / 64); err != nil {
			return nil, err
		}
		if err := in.Alloc(8 * words); err != nil {
			return nil, err
		}
		g := new(big.Int).GCD(nil, nil, l, n)
		l = new(big.Int).Mul(l, n.Div(n, g))
	}
	return py.NewBig(l), nil
}

func mathIsqrt(in *py.Interp, a []py.Value) (py.Value, error) {
	if b, ok := a[0].(*py.BigInt); ok && b.Big().Sign() > 0 {
		if err := in.Alloc(b.Big().BitLen()); err != nil {
			return nil, err
		}
		return py.NewBig(new(big.Int).Sqrt(b.Big())), nil
	}
	n, err := whole(in, a[0], "isqrt() argument must be nonnegative")
	if err != nil {
		return nil, err
	}
	return py.NewBig(new(big.Int).Sqrt(big.NewInt(int64(n)))), nil
}
