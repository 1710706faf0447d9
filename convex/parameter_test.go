package convex

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// TestParametersGoToTheirPlaces compares the data of programs compiled once and
// updated with the data of the same problems lowered with the values built in.
func TestParametersGoToTheirPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	checked := 0
	for i, m := range readCorpus(t).Models {
		b := newBuilder(m.corpusLeaves)
		p := b.problem(m)
		if len(p.Parameters()) == 0 || !p.IsDCP() {
			continue
		}
		g, err := p.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			at := randomPoint(r, b.params)
			for _, x := range p.Parameters() {
				if err := g.Set(x, at[x]); err != nil {
					t.Fatal(err)
				}
			}
			got, err := g.Conic()
			fresh, err2 := assemble(p, func(x *Expr) []float64 { return at[x] })
			if (err == nil) != (err2 == nil) {
				t.Fatalf("%d: %v and %v", i, err, err2)
			}
			if err != nil {
				continue // a constant part outside its domain
			}
			if slices.ContainsFunc(fresh.groups, func(g *rowGroup) bool { return g.rotation != nil }) {
				break // scaled by constants, which the values then are
			}
			want := fresh.problem
			compareVector(t, i, "q", got.Q, want.Q)
			compareVector(t, i, "b", got.B, want.B)
			compareMatrix(t, i, "A", got.A, want.A)
			compareMatrix(t, i, "P", got.P, want.P)
			if d := g.form.offset.now[0] - fresh.offset.now[0]; math.Abs(d) > 1e-9*(1+math.Abs(fresh.offset.now[0])) {
				t.Errorf("%d: offset differs by %g", i, d)
			}
			checked++
		}
		if n := g.Counts().Canonicalisations; n != 1 {
			t.Errorf("%d: canonicalised %d times", i, n)
		}
	}
	if checked < 50 {
		t.Errorf("only %d updates checked", checked)
	}
}

func compareVector(t *testing.T, i int, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d: %s has %d entries, want %d", i, what, len(got), len(want))
	}
	for k := range got {
		if math.Abs(got[k]-want[k]) > 1e-9*(1+math.Abs(want[k])) {
			t.Errorf("%d: %s[%d] is %v, want %v", i, what, k, got[k], want[k])
		}
	}
}

func compareMatrix(t *testing.T, i int, what string, got, want *conic.CSC) {
	t.Helper()
	dense := func(m *conic.CSC) []float64 {
		d := make([]float64, m.Rows*m.Cols)
		for c := range m.Cols {
			for k := m.ColPtr[c]; k < m.ColPtr[c+1]; k++ {
				d[m.RowIdx[k]*m.Cols+c] += m.Val[k]
			}
		}
		return d
	}
	compareVector(t, i, what, dense(got), dense(want))
}

// battery is a small model in the manner of the prosumers', with its data as
// parameters.
type battery struct {
	program               *Program
	price, load, sun, soc *Expr
	charge, grid          *Expr
	disc                  *Constraint
}

func newBattery(t testing.TB, steps int) *battery {
	t.Helper()
	b := &battery{
		price: Parameter("price", Vec(steps), Nonneg),
		load:  Parameter("load", Vec(steps), Nonneg),
		sun:   Parameter("sun", Vec(steps), Nonneg),
		soc:   Parameter("soc0", Scalar, Nonneg),
	}
	b.charge = Variable("charge", Vec(steps), Bounds(0, 40))
	discharge := Variable("discharge", Vec(steps), Bounds(0, 40))
	b.grid = Variable("grid", Vec(steps))
	pv, q := Variable("pv", Vec(steps), Nonneg), Variable("q", Vec(steps))
	soc := Variable("soc", Vec(steps+1), Bounds(0.1, 0.9))
	b.disc = Add(Square(pv), Square(q)).LE(60 * 60).Named("disc")
	cost := Sum(Maximum(b.grid.Times(b.price), b.grid.Times(0.3))).
		Plus(Sum(b.charge.Plus(discharge)).Times(0.03)).
		Plus(SumSquares(q.Minus(b.load.Times(0.1))).Times(1e-3))
	p := NewProblem(Minimize(cost),
		soc.At(0).EQ(b.soc).Named("initial"),
		soc.Slice(1, steps+1).EQ(soc.Slice(0, steps).Plus(b.charge.Times(0.95*0.25/100)).Minus(discharge.Times(0.25/0.95/100))).Named("storage"),
		pv.LE(b.sun).Named("sun"),
		b.grid.EQ(b.load.Plus(b.charge).Minus(discharge).Minus(pv)).Named("balance"),
		b.disc,
		soc.At(-1).GE(b.soc).Named("end"),
	)
	var err error
	if b.program, err = p.Compile(); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *battery) set(t testing.TB, r *rand.Rand, steps int) {
	t.Helper()
	draw := func(scale float64) []float64 {
		v := make([]float64, steps)
		for i := range v {
			v[i] = scale * r.Float64()
		}
		return v
	}
	price := draw(0.5)
	for i := range price {
		price[i] += 0.4
	}
	for x, v := range map[*Expr]any{b.price: price, b.load: draw(50), b.sun: draw(60), b.soc: 0.5} {
		if err := b.program.Set(x, v); err != nil {
			t.Fatal(err)
		}
	}
}

// TestResolveDoesNoStructuralWork counts canonicalisations, orderings and
// symbolic factorisations over new data.
func TestResolveDoesNoStructuralWork(t *testing.T) {
	const steps = 24
	r := rand.New(rand.NewPCG(9, 10))
	b := newBattery(t, steps)
	for k := range 5 {
		b.set(t, r, steps)
		s, err := b.program.Solve(context.Background(), Options{})
		if err != nil || s.Status != Solved {
			t.Fatalf("solve %d: %v %v", k, s.Status, err)
		}
		n := b.program.Counts()
		if n.Canonicalisations != 1 || n.Setups != 1 || n.Symbolic != 1 || n.Solves != k+1 || n.Updates != k+1 || n.Frozen {
			t.Fatalf("after solve %d: %+v", k, n)
		}
		if k == 0 {
			continue
		}
		if first := n.Orderings; first == 0 {
			t.Fatal("no ordering counted")
		}
	}
	before := b.program.Counts()
	b.set(t, r, steps)
	if _, err := b.program.Solve(context.Background(), Options{}); err != nil {
		t.Fatal(err)
	}
	after := b.program.Counts()
	if after.Orderings != before.Orderings || after.Symbolic != before.Symbolic || after.Setups != before.Setups {
		t.Errorf("structural work for new data: %+v, before %+v", after, before)
	}
}

// TestFrozenParameter shows the one case that canonicalises again, and that it
// says so.
func TestFrozenParameter(t *testing.T) {
	x := Variable("x", Vec(2))
	m := Parameter("M", Mat(2, 2), PSD)
	g, err := NewProblem(Minimize(MatMul([]float64{-1, -1}, x)), QuadForm(x, m).LE(1)).Compile()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Solve(context.Background(), Options{}); err == nil {
		t.Error("solved without a value")
	}
	for k, scale := range []float64{1, 4} {
		if err := g.Set(m, [][]float64{{scale, 0}, {0, scale}}); err != nil {
			t.Fatal(err)
		}
		s, err := g.Solve(context.Background(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want := -math.Sqrt(2 / scale); math.Abs(s.Objective-want) > 1e-6 {
			t.Errorf("M = %g I: %v, want %v", scale, s.Objective, want)
		}
		if n := g.Counts(); !n.Frozen || n.Canonicalisations != k+1 {
			t.Errorf("counts %+v after %d values", n, k+1)
		}
	}
	var bad *ParameterError
	if err := g.Set(m, [][]float64{{1, 0}, {0, -1}}); !errors.As(err, &bad) {
		t.Errorf("an indefinite matrix was taken: %v", err)
	}

	// In an objective the same parameter only moves numbers.
	g, err = NewProblem(Minimize(QuadForm(x, m).Minus(Sum(x)))).Compile()
	if err != nil {
		t.Fatal(err)
	}
	for _, scale := range []float64{1, 4} {
		if err := g.Set(m, [][]float64{{scale, scale / 2}, {scale / 2, scale}}); err != nil {
			t.Fatal(err)
		}
		s, err := g.Solve(context.Background(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want := -1 / (3 * scale); math.Abs(s.Objective-want) > 1e-7 { // x = 1/(3 scale) each
			t.Errorf("M of %g: %v, want %v", scale, s.Objective, want)
		}
	}
	if n := g.Counts(); n.Frozen || n.Canonicalisations != 1 {
		t.Errorf("counts %+v", n)
	}
}

// TestParameterProducts multiplies parameters with parameters' coefficients,
// which leaves cvxpy's rules for re-solving but not ours.
func TestParameterProducts(t *testing.T) {
	x := Variable("x", Scalar)
	p, q := Parameter("p", Scalar), Parameter("q", Scalar, Nonneg)
	g, err := NewProblem(Minimize(q.Times(Square(p.Times(x.Minus(p)).Plus(1))))).Compile() // x = p - 1/p
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range [][2]float64{{2, 1}, {-0.5, 3}} {
		if err := errors.Join(g.Set(p, v[0]), g.Set(q, v[1])); err != nil {
			t.Fatal(err)
		}
		s, err := g.Solve(context.Background(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := s.Scalar(x), v[0]-1/v[0]; math.Abs(got-want) > 1e-6 {
			t.Errorf("p = %g: x = %v, want %v", v[0], got, want)
		}
	}
	if n := g.Counts(); n.Canonicalisations != 1 {
		t.Errorf("counts %+v", n)
	}
}

func TestSetRefuses(t *testing.T) {
	x := Variable("x", Vec(2))
	p := Parameter("p", Vec(2), Nonneg)
	stranger := Parameter("stranger", Scalar)
	g, err := NewProblem(Minimize(Sum(Abs(x))), x.GE(p)).Compile()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		param *Expr
		value any
	}{
		{p, []float64{1, -1}}, {p, []float64{1}}, {p, 1.0}, {p, []float64{1, math.NaN()}}, {p, "1"}, {stranger, 1.0}, {x, []float64{1, 1}}, {nil, 1},
	} {
		var bad *ParameterError
		if err := g.Set(c.param, c.value); !errors.As(err, &bad) {
			t.Errorf("%v accepted for %v: %v", c.value, c.param, err)
		}
	}
	if _, err := g.Solve(context.Background(), Options{}); err == nil {
		t.Error("solved without a value")
	}
}

// TestCacheReusesStructure rebuilds a model with other numbers, as an
// interpreter does.
func TestCacheReusesStructure(t *testing.T) {
	c := NewCache(2)
	build := func(n int, target float64) (*Program, *Expr) {
		x := Variable("x", Vec(n), Nonneg)
		g, err := c.Compile(NewProblem(Minimize(SumSquares(x)), Sum(x).EQ(target)))
		if err != nil {
			t.Fatal(err)
		}
		return g, x
	}
	orderings := 0
	for k := range 6 {
		n := 3 + k%2
		g, x := build(n, float64(k+1))
		s, err := g.Solve(context.Background(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want := float64(k+1) / float64(n); math.Abs(s.Value(x)[0]-want) > 1e-7 {
			t.Errorf("%d: %v, want %v", k, s.Value(x), want)
		}
		orderings += g.Counts().Setups
	}
	if orderings != 2 {
		t.Errorf("%d structures analysed, want 2", orderings)
	}
	if build(5, 1); len(c.recent) != 2 {
		t.Errorf("%d solvers kept", len(c.recent))
	}
}

// TestSameBytes solves one day with a new solver, with one that has solved other
// data before, and in several goroutines at once: the results are the same to
// the last bit.
func TestSameBytes(t *testing.T) {
	c := NewCache(3)
	solve := func(cache *Cache, seed uint64) []float64 {
		d := newDay(2, 5)
		compile := d.problem.Compile
		if cache != nil {
			compile = func() (*Program, error) { return cache.Compile(d.problem) }
		}
		g, err := compile()
		if err != nil {
			t.Error(err)
			return nil
		}
		d.set(t, g, seed)
		s, err := g.Solve(context.Background(), Options{})
		if err != nil || s.Status != Solved {
			t.Errorf("%v %v", s.Status, err)
			return nil
		}
		return append(slices.Clone(s.x), s.z...)
	}
	want := solve(nil, 1)
	solve(c, 2)
	if !slices.Equal(solve(c, 1), want) {
		t.Error("a solver from the cache gives other bits")
	}
	var wait sync.WaitGroup
	for k := range 6 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			seed := uint64(1 + k%2)
			if got := solve(c, seed); seed == 1 && !slices.Equal(got, want) {
				t.Error("a concurrent run gives other bits")
			}
		}()
	}
	wait.Wait()
}
