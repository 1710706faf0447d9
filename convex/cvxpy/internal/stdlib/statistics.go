package stdlib

import (
	"math"
	"math/big"
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

var statisticsError = py.NewExceptionType("statistics", "StatisticsError", py.ValueError)

func statisticsModule(*py.Interp) *py.Module {
	one := func(name string, least int, f func(xs []float64, ints bool) py.Value) *py.Native {
		return fn(name, 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
			items, err := in.Collect(a[0])
			if err != nil {
				return nil, err
			}
			if len(items) < least {
				switch {
				case name == "mean" || name == "fmean":
					return nil, statisticsError.New("%s requires at least one data point", name)
				case least == 2:
					return nil, statisticsError.New("%s requires at least two data points", map[string]string{"stdev": "stdev", "variance": "variance"}[name])
				}
				return nil, statisticsError.New("no median for empty data")
			}
			ints := true
			for _, v := range items {
				if _, ok := v.(py.Int); !ok {
					ints = false
				}
			}
			xs, err := reals(in, items)
			if err != nil {
				return nil, err
			}
			if err := in.Step(16 * len(xs)); err != nil {
				return nil, err
			}
			return f(xs, ints), nil
		})
	}
	m := module("statistics",
		one("mean", 1, func(xs []float64, ints bool) py.Value {
			v := exactMean(xs)
			if ints && v == math.Trunc(v) {
				return py.Int(v)
			}
			return py.Float(v)
		}),
		one("fmean", 1, func(xs []float64, _ bool) py.Value { return py.Float(exactMean(xs)) }),
		one("median", 1, func(xs []float64, ints bool) py.Value {
			slices.Sort(xs)
			n := len(xs)
			if n%2 == 1 {
				if ints {
					return py.Int(xs[n/2])
				}
				return py.Float(xs[n/2])
			}
			return py.Float((xs[n/2-1] + xs[n/2]) / 2)
		}),
		one("stdev", 2, func(xs []float64, _ bool) py.Value { return py.Float(math.Sqrt(exactVariance(xs, len(xs)-1))) }),
		one("pstdev", 1, func(xs []float64, _ bool) py.Value { return py.Float(math.Sqrt(exactVariance(xs, len(xs)))) }),
		one("variance", 2, func(xs []float64, _ bool) py.Value { return py.Float(exactVariance(xs, len(xs)-1)) }),
		one("pvariance", 1, func(xs []float64, _ bool) py.Value { return py.Float(exactVariance(xs, len(xs))) }),
	)
	m.Set("StatisticsError", statisticsError)
	return m
}

func ratSum(xs []float64) *big.Rat {
	sum := new(big.Rat)
	for _, x := range xs {
		if r := new(big.Rat).SetFloat64(x); r != nil {
			sum.Add(sum, r)
		}
	}
	return sum
}

// exactMean rounds once, as statistics does.
func exactMean(xs []float64) float64 {
	f, _ := new(big.Rat).Quo(ratSum(xs), big.NewRat(int64(len(xs)), 1)).Float64()
	return f
}

func exactVariance(xs []float64, divisor int) float64 {
	mean := new(big.Rat).Quo(ratSum(xs), big.NewRat(int64(len(xs)), 1))
	sum := new(big.Rat)
	for _, x := range xs {
		if r := new(big.Rat).SetFloat64(x); r != nil {
			d := r.Sub(r, mean)
			sum.Add(sum, new(big.Rat).Mul(d, d))
		}
	}
	f, _ := sum.Quo(sum, big.NewRat(int64(divisor), 1)).Float64()
	return f
}
