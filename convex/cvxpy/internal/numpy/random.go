package numpy

import (
	"math"
	"sort"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/mt19937"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// generator is np.random.Generator, or RandomState where old is set.
type generator struct {
	bits bitGenerator
	old  bool
}

var (
	generatorType   = numpyType("random._generator.Generator")
	randomStateType = numpyType("random.mtrand.RandomState")
)

func (g *generator) Type() *py.Type {
	if g.old {
		return randomStateType
	}
	return generatorType
}

// Repr names the generator.
func (g *generator) Repr(*py.Interp) (string, error) {
	if g.old {
		return "RandomState(MT19937)", nil
	}
	return "Generator(PCG64)", nil
}

// sizeOf reads size=: nil means one scalar.
func sizeOf(in *py.Interp, v py.Value) ([]int, error) {
	if v == nil || v == py.Value(py.None) {
		return nil, nil
	}
	return shapeOf(in, v)
}

// draw fills an array of the given size, or makes one scalar.
func draw(in *py.Interp, shape []int, f func() float64) (py.Value, error) {
	if shape == nil {
		return Float64(f()), nil
	}
	a, err := newArray(in, FloatDType, shape)
	if err != nil {
		return nil, err
	}
	if err := in.Step(len(a.f)); err != nil {
		return nil, err
	}
	for k := range a.f {
		a.f[k] = f()
	}
	return a, nil
}

// drawWith draws numbers whose two parameters are scalars or arrays.
func drawWith(in *py.Interp, b *py.Bound, first, second string, p, q float64, f func(x, y float64) float64) (py.Value, error) {
	shape, err := sizeOf(in, b.Get("size"))
	if err != nil {
		return nil, err
	}
	params := []*Array{FromFloats([]float64{p}).scalarShape(), FromFloats([]float64{q}).scalarShape()}
	for k, name := range []string{first, second} {
		if name == "" || b.Get(name) == nil {
			continue
		}
		if params[k], err = AsArray(in, b.Get(name)); err != nil {
			return nil, err
		}
	}
	list, common, err := align(in, params...)
	if err != nil {
		return nil, err
	}
	if shape == nil && len(common) > 0 {
		shape = common
	}
	if shape != nil {
		fits, ok := broadcast(shape, common)
		if !ok || !sameShape(fits, shape) {
			return nil, py.ValueError.New("shape mismatch: objects cannot be broadcast to a single shape")
		}
		list[0], list[1] = list[0].stretched(shape), list[1].stretched(shape)
		if _, err := checkedSize(in, shape); err != nil {
			return nil, err
		}
	}
	xs, err := list[0].Floats(in)
	if err != nil {
		return nil, err
	}
	ys, err := list[1].Floats(in)
	if err != nil {
		return nil, err
	}
	k := -1
	return draw(in, shape, func() float64 {
		k++
		return f(xs[k], ys[k])
	})
}

type randomMethod struct {
	name, params string
	f            func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error)
}

// shared are the draws that both kinds of generators know.
var shared = []randomMethod{
	{"uniform", "low=, high=, size=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		return drawWith(in, b, "low", "high", 0, 1, func(lo, hi float64) float64 { return lo + (hi-lo)*g.bits.float64() })
	}},
	{"normal", "loc=, scale=, size=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		if v := b.Get("scale"); v != nil {
			if s, ok := py.AsFloat(v); ok && s < 0 {
				return nil, py.ValueError.New("scale < 0")
			}
		}
		return drawWith(in, b, "loc", "scale", 0, 1, func(m, s float64) float64 { return m + s*g.bits.normal() })
	}},
	{"standard_normal", "size=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		return drawWith(in, b, "", "", 0, 0, func(_, _ float64) float64 { return g.bits.normal() })
	}},
	{"shuffle", "x", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		return py.None, g.shuffle(in, b.Get("x"))
	}},
	{"permutation", "x", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) { return g.permutation(in, b.Get("x")) }},
	{"choice", "a, size=, replace=, p=, axis=, shuffle=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) { return g.choice(in, b) }},
}

var generatorMethods = []randomMethod{
	{"random", "size=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		return drawWith(in, b, "", "", 0, 0, func(_, _ float64) float64 { return g.bits.float64() })
	}},
	{"integers", "low, high=, size=, dtype=, endpoint=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		closed := false
		if v := b.Get("endpoint"); v != nil {
			var err error
			if closed, err = in.Truth(v); err != nil {
				return nil, err
			}
		}
		return g.integers(in, b, closed)
	}},
}

var legacyMethods = []randomMethod{
	{"seed", "seed=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		v := b.Get("seed")
		if v == nil {
			v = py.None
		}
		return py.None, g.seedLegacy(in, v)
	}},
	{"random", "size=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		return drawWith(in, b, "", "", 0, 0, func(_, _ float64) float64 { return g.bits.float64() })
	}},
	{"random_sample", "size=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		return drawWith(in, b, "", "", 0, 0, func(_, _ float64) float64 { return g.bits.float64() })
	}},
	{"rand", "*d", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		shape, err := dims(in, b)
		if err != nil {
			return nil, err
		}
		return draw(in, shape, g.bits.float64)
	}},
	{"randn", "*d", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		shape, err := dims(in, b)
		if err != nil {
			return nil, err
		}
		return draw(in, shape, g.bits.normal)
	}},
	{"randint", "low, high=, size=, dtype=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		return g.integers(in, b, false)
	}},
	{"exponential", "scale=, size=", func(in *py.Interp, g *generator, b *py.Bound) (py.Value, error) {
		return drawWith(in, b, "scale", "", 1, 0, func(s, _ float64) float64 { return -s * math.Log(1-g.bits.float64()) })
	}},
}

// dims reads rand(2, 3): nil for one scalar.
func dims(in *py.Interp, b *py.Bound) ([]int, error) {
	if len(b.Star) == 0 {
		return nil, nil
	}
	return shapeOf(in, py.NewTuple(b.Star...))
}

func (g *generator) seedLegacy(in *py.Interp, v py.Value) error {
	if v == py.Value(py.None) {
		v = py.Int(0)
	}
	n, err := in.Index(v)
	if err != nil {
		return py.TypeError.New("Cannot cast array data from dtype('%s') to dtype('int64') according to the rule 'safe'", v.Type().ShortName())
	}
	if n < 0 || n > math.MaxUint32 {
		return py.ValueError.New("Seed must be between 0 and 2**32 - 1")
	}
	g.bits = &legacy{mt: mt19937.New(uint32(n))}
	return nil
}

func (g *generator) integers(in *py.Interp, b *py.Bound, closed bool) (py.Value, error) {
	lo, err := in.Index(b.Get("low"))
	if err != nil {
		return nil, err
	}
	hi := lo
	if b.Has("high") {
		if hi, err = in.Index(b.Get("high")); err != nil {
			return nil, err
		}
	} else {
		lo = 0
	}
	if !closed {
		hi--
	}
	if hi < lo {
		if closed {
			return nil, py.ValueError.New("low > high")
		}
		return nil, py.ValueError.New("low >= high")
	}
	shape, err := sizeOf(in, b.Get("size"))
	if err != nil {
		return nil, err
	}
	span := uint64(hi) - uint64(lo)
	if shape == nil {
		n := int64(lo) + int64(g.bits.below(span))
		if g.old { // the legacy generator gives plain ints
			return py.Int(n), nil
		}
		return Int64(n), nil
	}
	a, err := newArray(in, IntDType, shape)
	if err != nil {
		return nil, err
	}
	for k := range a.i {
		a.i[k] = int64(lo) + int64(g.bits.below(span))
	}
	return a, in.Step(len(a.i))
}

func (g *generator) shuffle(in *py.Interp, v py.Value) error {
	n, err := in.Len(v)
	if err != nil {
		return err
	}
	if a, ok := v.(*Array); ok && a.ndim() > 1 {
		return py.Unsupported("shuffling an array of several dimensions is not supported")
	}
	for i := n - 1; i > 0; i-- {
		if err := in.Step(2); err != nil {
			return err
		}
		j := int(g.bits.interval(uint64(i)))
		x, err := in.GetItem(v, py.Int(i))
		if err != nil {
			return err
		}
		y, err := in.GetItem(v, py.Int(j))
		if err != nil {
			return err
		}
		if err := in.SetItem(v, py.Int(i), y); err != nil {
			return err
		}
		if err := in.SetItem(v, py.Int(j), x); err != nil {
			return err
		}
	}
	return nil
}

func (g *generator) permutation(in *py.Interp, v py.Value) (py.Value, error) {
	var a *Array
	if n, err := in.Index(v); err == nil {
		if a, err = newArray(in, IntDType, []int{n}); err != nil {
			return nil, err
		}
		for k := range a.i {
			a.i[k] = int64(k)
		}
		return a, g.shuffle(in, a)
	}
	a, err := AsArray(in, v)
	if err != nil {
		return nil, err
	}
	if a, err = a.copyOf(in); err != nil {
		return nil, err
	}
	return a, g.shuffle(in, a)
}

func (g *generator) choice(in *py.Interp, b *py.Bound) (py.Value, error) {
	pool, err := AsArray(in, b.Get("a"))
	if err != nil {
		return nil, err
	}
	if pool.ndim() > 1 {
		return nil, py.ValueError.New("a must be 1-dimensional")
	}
	n := 0
	plain := pool.ndim() == 0
	if plain {
		if n, err = in.Index(pool.native(pool.off)); err != nil {
			return nil, err
		}
	} else {
		n = pool.size()
	}
	if n <= 0 {
		if g.old {
			return nil, py.ValueError.New("'a' cannot be empty unless no samples are taken")
		}
		return nil, py.ValueError.New("a cannot be empty unless no samples are taken")
	}
	shape, err := sizeOf(in, b.Get("size"))
	if err != nil {
		return nil, err
	}
	places, err := g.places(in, b, n, shape)
	if err != nil {
		return nil, err
	}
	if shape == nil {
		if plain {
			return Int64(places[0]), nil
		}
		return pool.item(pool.off + int(places[0])*pool.strides[0]), nil
	}
	idx := FromInts(places, shape...)
	if plain {
		return idx, nil
	}
	return pool.takeAlong(in, idx, 0)
}

// places draws positions below n.
func (g *generator) places(in *py.Interp, b *py.Bound, n int, shape []int) ([]int64, error) {
	count, err := checkedSize(in, shape)
	if err != nil {
		return nil, err
	}
	if err := in.Step(count); err != nil {
		return nil, err
	}
	replace := true
	if v := b.Get("replace"); v != nil {
		if replace, err = in.Truth(v); err != nil {
			return nil, err
		}
	}
	out := make([]int64, count)
	if b.Has("p") {
		if !replace {
			return nil, py.Unsupported("choice(p=..., replace=False) is not supported")
		}
		cdf, err := cumulativeOf(in, b.Get("p"), n)
		if err != nil {
			return nil, err
		}
		for k := range out {
			u := g.bits.float64()
			out[k] = int64(sort.Search(n, func(i int) bool { return cdf[i] > u }))
		}
		return out, nil
	}
	if !replace {
		if count > n {
			return nil, py.ValueError.New("Cannot take a larger sample than population when replace is False")
		}
		if !g.old {
			return nil, py.Unsupported("Generator.choice(replace=False) is not supported")
		}
		all, err := g.permutation(in, py.Int(n))
		if err != nil {
			return nil, err
		}
		copy(out, all.(*Array).i)
		return out, nil
	}
	for k := range out {
		out[k] = int64(g.bits.below(uint64(n - 1)))
	}
	return out, nil
}

func cumulativeOf(in *py.Interp, v py.Value, n int) ([]float64, error) {
	p, err := AsArray(in, v)
	if err != nil {
		return nil, err
	}
	xs, err := p.Floats(in)
	if err != nil {
		return nil, err
	}
	if len(xs) != n {
		return nil, py.ValueError.New("a and p must have same size")
	}
	cdf := make([]float64, n)
	sum := 0.0
	for k, x := range xs {
		if x < 0 {
			return nil, py.ValueError.New("Probabilities are not non-negative")
		}
		sum += x
		cdf[k] = sum
	}
	if math.Abs(sum-1) > 1e-8 {
		return nil, py.ValueError.New("Probabilities do not sum to 1. See Notes section of docstring for more information.")
	}
	for k := range cdf {
		cdf[k] /= sum
	}
	return cdf, nil
}

func init() {
	for _, t := range []struct {
		t    *py.Type
		list []randomMethod
	}{{generatorType, generatorMethods}, {randomStateType, legacyMethods}} {
		for _, m := range append(append([]randomMethod(nil), shared...), t.list...) {
			t.t.Methods(py.DefMethod(t.t, m.name, m.params, func(in *py.Interp, self py.Value, b *py.Bound) (py.Value, error) {
				return m.f(in, self.(*generator), b)
			}))
		}
	}
	generatorType.Real(namesOf("numpy.random.Generator")...)
	randomStateType.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		b, err := py.NewSignature("RandomState", "seed=").Bind(a)
		if err != nil {
			return nil, err
		}
		v := b.Get("seed")
		if v == nil {
			v = py.None
		}
		g := &generator{old: true}
		return g, g.seedLegacy(in, v)
	})
}

func randomModule(in *py.Interp) *py.Module {
	real := namesOf("numpy.random")
	m := &py.Module{Name: "numpy.random", Dir: real, Missing: missing("numpy.random", real)}
	g := &generator{old: true}
	_ = g.seedLegacy(in, py.None)
	for _, r := range append(append([]randomMethod(nil), shared...), legacyMethods...) {
		m.Set(r.name, py.Def(r.name, r.params, func(in *py.Interp, b *py.Bound) (py.Value, error) { return r.f(in, g, b) }))
	}
	m.Set("ranf", m.Get("random_sample"))
	m.Set("RandomState", randomStateType)
	m.Set("Generator", generatorType)
	m.Set("default_rng", py.Def("default_rng", "seed=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
		v := b.Get("seed")
		if v == nil || v == py.Value(py.None) {
			v = py.Int(0) // runs repeat
		}
		if g, ok := v.(*generator); ok {
			return g, nil
		}
		n, err := in.Index(v)
		if err != nil {
			return nil, py.TypeError.New("SeedSequence expects int or sequence of ints for entropy not %s", plain(v))
		}
		if n < 0 {
			return nil, py.ValueError.New("expected non-negative integer")
		}
		return &generator{bits: newPCG64(mt19937.Words(py.ToBig(py.Int(n))))}, nil
	}))
	return m
}
