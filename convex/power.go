package convex

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// Square is the square of each entry.
func Square(v any) *Expr { return Power(v, 2) }

// Sqrt is the square root of each entry, concave, with entries >= 0 implied.
func Sqrt(v any) *Expr { return Power(v, 0.5) }

// InvPos is 1/x of each entry, convex, with entries > 0 implied.
func InvPos(v any) *Expr { return Power(v, -1) }

// Power is x^p of each entry:
//
//	p = 0            1
//	p = 1            x
//	p = 2, 4, 8 ...  |x|^p, convex
//	p > 1 otherwise  x^p with x >= 0 implied, convex and rising
//	0 < p < 1        x^p with x >= 0 implied, concave and rising
//	p < 0            x^p with x > 0 implied, convex and falling
//
// The exponent must be rational with a denominator up to 1024: it becomes a
// tower of second-order cones. Others need power cones and are unsupported.
func Power(v any, p float64) *Expr {
	x := expr(v)
	a := power{p: p}
	if x.err != nil {
		return failed(a, x.err, x)
	}
	var ok bool
	if a.num, a.den, ok = rational(p); !ok {
		return failed(a, &UnsupportedError{Feature: fmt.Sprintf("power with exponent %v", p), Reason: "exponents are fractions with a denominator up to 1024"}, x)
	}
	return newNode(a, x.shape, x)
}

// rational finds num/den = p with den <= 1024.
func rational(p float64) (num, den int, ok bool) {
	if math.IsNaN(p) || math.Abs(p) > 1024 {
		return 0, 0, false
	}
	for den = 1; den <= 1024; den++ {
		if n := math.Round(p * float64(den)); math.Abs(n/float64(den)-p) <= 1e-12*math.Abs(p) {
			return int(n), den, true
		}
	}
	return 0, 0, false
}

type power struct {
	p        float64
	num, den int
}

// even reports whether the power is that of |x|: 2, 4, 8, ...
func (a power) even() bool { return a.den == 1 && a.num >= 2 && bits.OnesCount(uint(a.num)) == 1 }

func (power) name() string           { return "PowerApprox" }
func (a power) label(e *Expr) string { return call("PowerApprox", e.args, constant1(a.p).String()) }
func (a power) signs(e *Expr) signs {
	if a.p == 1 {
		return e.args[0].sign
	}
	return signs{nonneg: true}
}
func (a power) curve(*Expr) (bool, bool) {
	return a.p <= 0 || a.p >= 1, a.p >= 0 && a.p <= 1
}
func (a power) monotone(e *Expr, _ int) (bool, bool) {
	switch {
	case a.p == 0:
		return true, true
	case a.even():
		return e.args[0].sign.nonneg, e.args[0].sign.nonpos
	}
	return a.p > 0, a.p < 0
}
func (a power) eval(_ *Expr, args [][]float64, out []float64) {
	for i, v := range args[0] {
		if a.p == 2 {
			out[i] = v * v
		} else {
			out[i] = math.Pow(v, a.p) // also outside the domain, as cvxpy does
		}
	}
}

func (a power) lower(c *canon, e *Expr) form {
	n := e.Size()
	switch {
	case a.p == 0:
		return constants(constantBound(1, n))
	case a.p == 1:
		return c.form(e.args[0])
	}
	x := c.epigraph(e.args[0])
	if a.even() {
		for k := a.num; ; k /= 2 {
			v := &virtual{kind: square, n: n, node: e, arg: x}
			if x = c.newVirtual(v); k == 2 {
				return x
			}
			x = columns(c.epigraphColumn(v), n)
		}
	}
	one := constants(constantBound(1, n))
	t := columns(c.newColumns(n, e), n)
	switch {
	case a.p > 1: // x <= t^(den/num) 1^(1 - den/num), x >= 0
		c.rows(conic.NonNeg, x.scaled(-1))
		c.geometric(e, x, t, a.den, one, a.num-a.den)
	case a.p > 0: // t <= x^(num/den) 1^(1 - num/den)
		c.geometric(e, t, x, a.num, one, a.den-a.num)
	default: // 1 <= t^(den) x^(-num) under the root of their sum
		c.geometric(e, one, t, a.den, x, -a.num)
	}
	return t
}

// geometric demands y <= (a^p b^q)^(1/(p+q)) entrywise with a, b >= 0, as a
// binary tree of rotated cones m^2 <= u v. The missing leaves up to a power of
// two are y itself.
func (c *canon) geometric(e *Expr, y, a form, p int, b form, q int) {
	leaves := 1 << bits.Len(uint(p+q-1))
	type run struct {
		f form
		n int
	}
	var tree func(runs []run, top bool) form
	tree = func(runs []run, top bool) form {
		if len(runs) == 1 {
			return runs[0].f
		}
		total := 0
		for _, r := range runs {
			total += r.n
		}
		var left, right []run
		room := total / 2
		for _, r := range runs {
			k := min(r.n, room)
			if room -= k; k > 0 {
				left = append(left, run{r.f, k})
			}
			if r.n > k {
				right = append(right, run{r.f, r.n - k})
			}
		}
		m := y
		if !top {
			m = columns(c.newColumns(y.rows, e), y.rows)
		}
		c.rotated(m, 1, tree(left, false), tree(right, false))
		return m
	}
	runs := []run{{a, p}, {b, q}}
	if rest := leaves - p - q; rest > 0 {
		runs = append(runs, run{y, rest})
	}
	tree(runs, true)
}
