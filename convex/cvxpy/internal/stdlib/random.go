package stdlib

import (
	"math"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/mt19937"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// generator is random.Random: CPython's Mersenne twister and what it makes of it.
type generator struct {
	mt    *mt19937.State
	gauss float64
	has   bool // a second normal number is left over
}

var generatorType = py.NewType("random.Random")

func (*generator) Type() *py.Type { return generatorType }

func (g *generator) seed(in *py.Interp, v py.Value) error {
	g.has = false
	switch x := v.(type) {
	case py.Int, py.Bool, *py.BigInt:
		n, err := in.CallBuiltin("abs", x)
		if err != nil {
			return err
		}
		g.mt = mt19937.NewArray(mt19937.Words(py.ToBig(n)))
		return nil
	case py.NoneType:
		g.mt = mt19937.NewArray([]uint32{0})
		return nil
	}
	return py.Unsupported("seeding random with a %s is not supported", v.Type().Name)
}

// below is a whole number in [0, n), by CPython's rejection of random bits.
func (g *generator) below(n int) int {
	k := 0
	for m := n; m > 0; m >>= 1 {
		k++
	}
	for {
		r := g.bits(k)
		if r < uint64(n) {
			return int(r)
		}
	}
}

func (g *generator) bits(k int) uint64 {
	if k <= 32 {
		return uint64(g.mt.Uint32() >> (32 - k))
	}
	low := uint64(g.mt.Uint32())
	return low | uint64(g.mt.Uint32()>>(64-k))<<32
}

func (g *generator) normal() float64 {
	if g.has {
		g.has = false
		return g.gauss
	}
	x := g.mt.Float64() * 2 * math.Pi
	r := math.Sqrt(-2 * math.Log(1-g.mt.Float64()))
	g.gauss, g.has = math.Sin(x)*r, true
	return math.Cos(x) * r
}

type randomMethod struct {
	name, params string
	f            func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error)
}

var randomMethods = []randomMethod{
	{"seed", "a=, version=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		v := b.Get("a")
		if v == nil {
			v = py.None
		}
		return py.None, g.seed(in, v)
	}},
	{"random", "", func(_ *py.Interp, g *generator, _ *py.Bound) (py.Value, error) { return py.Float(g.mt.Float64()), nil }},
	{"uniform", "a, b", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		lo, hi, err := twoFloats(in, b, "a", "b")
		return py.Float(lo + (hi-lo)*g.mt.Float64()), err
	}},
	{"randint", "a, b", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		lo, err := in.Index(b.Get("a"))
		if err != nil {
			return nil, err
		}
		hi, err := in.Index(b.Get("b"))
		if err != nil {
			return nil, err
		}
		if hi < lo {
			return nil, py.ValueError.New("empty range for randrange() (%d, %d, %d)", lo, hi+1, hi+1-lo)
		}
		return py.Int(lo + g.below(hi-lo+1)), nil
	}},
	{"choice", "seq", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		n, err := in.Len(b.Get("seq"))
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, py.IndexError.New("list index out of range")
		}
		return in.GetItem(b.Get("seq"), py.Int(g.below(n)))
	}},
	{"shuffle", "x", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		l, ok := b.Get("x").(*py.List)
		if !ok {
			return nil, py.Unsupported("random.shuffle of a %s is not supported", b.Get("x").Type().Name)
		}
		for i := len(l.Items) - 1; i > 0; i-- {
			j := g.below(i + 1)
			l.Items[i], l.Items[j] = l.Items[j], l.Items[i]
		}
		return py.None, in.Step(len(l.Items))
	}},
	{"gauss", "mu=, sigma=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		mu, sigma := 0.0, 1.0
		var err error
		if v := b.Get("mu"); v != nil {
			if mu, err = real(in, v); err != nil {
				return nil, err
			}
		}
		if v := b.Get("sigma"); v != nil {
			if sigma, err = real(in, v); err != nil {
				return nil, err
			}
		}
		return py.Float(mu + g.normal()*sigma), nil
	}},
}

func twoFloats(in *py.Interp, b *py.Bound, x, y string) (float64, float64, error) {
	p, err := real(in, b.Get(x))
	if err != nil {
		return 0, 0, err
	}
	q, err := real(in, b.Get(y))
	return p, q, err
}

func init() {
	generatorType.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		g := &generator{}
		v := py.Value(py.None)
		if len(a.Pos) > 0 {
			v = a.Pos[0]
		}
		return g, g.seed(in, v)
	})
	for _, m := range randomMethods {
		generatorType.Methods(py.DefMethod(generatorType, m.name, m.params, func(in *py.Interp, self py.Value, b *py.Bound) (py.Value, error) {
			return m.f(in, self.(*generator), b)
		}))
	}
}

func randomModule(in *py.Interp) *py.Module {
	g := &generator{}
	_ = g.seed(in, py.None)
	m := &py.Module{Name: "random"}
	for _, r := range randomMethods {
		f := py.Def("Random."+r.name, r.params, func(in *py.Interp, b *py.Bound) (py.Value, error) { return r.f(in, g, b) })
		m.Set(r.name, f)
	}
	m.Set("Random", generatorType)
	return m
}
