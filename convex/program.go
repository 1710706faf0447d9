package convex

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// Options steer a solve. The zero value means the defaults.
type Options struct {
	conic.Settings // iterations, time and tolerances of each conic solve

	// Warm starts from a point that the program's last solve passed on its way,
	// see conic.Solver.Resolve: for parameters that have changed little since. It
	// is of no effect with whole variables or a Cache.
	Warm bool

	// NodeLimit bounds the relaxations solved by branch and bound; default 10000.
	NodeLimit int
	// RelativeGap and AbsoluteGap are the distance between the best point and
	// the bound at which branch and bound stops; defaults 1e-6 and 1e-9.
	RelativeGap, AbsoluteGap float64
}

func (o Options) withDefaults() Options {
	if o.NodeLimit == 0 {
		o.NodeLimit = 10000
	}
	if o.RelativeGap == 0 {
		o.RelativeGap = 1e-6
	}
	if o.AbsoluteGap == 0 {
		o.AbsoluteGap = 1e-9
	}
	return o
}

// Program is a compiled problem: set its parameters, solve, set, solve again.
// It is for one goroutine at a time.
type Program struct {
	problem *Problem
	params  []*Expr
	values  map[*Expr][]float64 // of the parameters; nil until set
	changed bool                // values were set since the data was computed
	form    *canonical
	data    []float64 // theta
	cache   *Cache
	engine  *engine
	counts  Counts
}

// Counts is the work a program has done, to show what re-solving saves.
type Counts struct {
	Solves            int
	Canonicalisations int  // the model was turned into rows and columns
	Updates           int  // new parameter values went into existing rows
	Setups            int  // conic structures analysed
	Orderings         int  // orderings computed for them
	Symbolic          int  // symbolic factorisations
	Factorisations    int  // numeric factorisations
	Frozen            bool // parameters are built into the rows: each change canonicalises again
}

// errNeedsValues tells that a problem cannot be lowered before its parameters
// have values.
var errNeedsValues = errors.New("convex: the parameters' values are needed")

// Compile checks the problem and lowers it to the solver's form. The errors
// are *ShapeError, *UnsupportedError, *DCPError and *ParameterError.
func (p *Problem) Compile() (*Program, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	g := &Program{problem: p, params: p.Parameters(), values: map[*Expr][]float64{}, changed: true}
	for _, x := range g.params {
		g.values[x] = nil
	}
	err := g.canonicalise(nil)
	if errors.Is(err, errNeedsValues) {
		g.counts.Frozen = true
		return g, nil
	}
	if err != nil {
		return nil, err
	}
	if len(g.params) > 0 {
		return g, nil
	}
	return g, g.finite()
}

// Problem is the problem the program was compiled from.
func (g *Program) Problem() *Problem { return g.problem }

// Counts is the work done so far.
func (g *Program) Counts() Counts { return g.counts }

func (g *Program) canonicalise(values func(*Expr) []float64) error {
	form, err := assemble(g.problem, values)
	if err != nil {
		return err
	}
	g.form, g.engine = form, nil
	g.data = make([]float64, form.theta.n)
	g.counts.Canonicalisations++
	return nil
}

// Set gives a parameter its value: a float64 or int for a scalar, a []float64
// (row-major for a matrix), a [][]float64 or a *Matrix. It fails with a
// *ParameterError when the shape does not fit or a declared sign is broken.
func (g *Program) Set(param *Expr, value any) error {
	fail := func(format string, args ...any) error {
		name := "the expression"
		if param != nil {
			name = param.Name()
		}
		return &ParameterError{Name: name, Reason: fmt.Sprintf(format, args...)}
	}
	if _, ok := g.values[param]; !ok {
		return fail("is not a parameter of this problem")
	}
	values, sparse, shape, err := constOf(value)
	if err != nil {
		return fail("cannot be set: %v", err)
	}
	if sparse != nil {
		values = sparse.full()
	}
	if _, flat := value.([]float64); shape != param.shape && !(flat && len(values) == param.Size()) {
		return fail("has shape %v, the value has %v", param.shape, shape)
	}
	for i, v := range values {
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			return fail("must be finite; entry %d is %v", i, v)
		case v < 0 && param.sign.nonneg:
			return fail("must be nonnegative; entry %d is %v", i, v)
		case v > 0 && param.sign.nonpos:
			return fail("must be nonpositive; entry %d is %v", i, v)
		}
	}
	if param.leaf().psd {
		n := param.shape.rows()
		psd := symmetric(values, n)
		if psd {
			psd, _ = definite(values, n)
		}
		if !psd {
			return fail("must be symmetric and positive semidefinite")
		}
	}
	g.values[param] = values
	g.changed = true
	return nil
}

// Conic is the program in the solver's form, with the present parameters. It is
// the program's own data: not to be changed.
func (g *Program) Conic() (*conic.Problem, error) {
	if err := g.refresh(); err != nil {
		return nil, err
	}
	return g.form.problem, nil
}

// refresh brings the solver's data up to the parameters' values.
func (g *Program) refresh() error {
	for _, x := range g.params {
		if g.values[x] == nil {
			return &ParameterError{Name: x.Name(), Reason: "has no value"}
		}
	}
	if !g.changed {
		return nil
	}
	at := func(x *Expr) []float64 { return g.values[x] }
	if g.counts.Frozen {
		if err := g.canonicalise(at); err != nil {
			return err
		}
	} else {
		if err := g.form.update(g.data, at); err != nil {
			return err
		}
		g.counts.Updates++
	}
	g.changed = false
	return g.finite()
}

// update computes the data that depend on parameters.
func (m *canonical) update(theta []float64, values func(*Expr) []float64) error {
	if err := m.theta.evaluate(theta, values); err != nil {
		return err
	}
	for _, x := range []*patched{&m.p, &m.q, &m.a, &m.b, &m.offset} {
		if len(x.patches) > 0 {
			x.apply(theta)
		}
	}
	return nil
}

// finite refuses numbers that are not: from a division by zero or an infinite
// constant.
func (g *Program) finite() error {
	bad := func(v []float64) int {
		for i, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return i
			}
		}
		return -1
	}
	m := g.form
	where := ""
	if i := bad(m.problem.B); i >= 0 {
		where = m.rowName(i)
	} else if i := bad(m.problem.A.Val); i >= 0 {
		where = m.rowName(m.problem.A.RowIdx[i])
	} else if bad(m.problem.Q) >= 0 || bad(m.problem.P.Val) >= 0 || bad(m.offset.now) >= 0 {
		where = "the objective"
	}
	if where == "" {
		return nil
	}
	return &ParameterError{Name: where, Reason: "has a coefficient that is not finite (an infinite constant or a division by zero)"}
}

// Solve solves the program with its present parameters. Errors are those of
// input: a parameter without value, settings out of range, a cancelled context
// (the solution then tells how far it came). Everything else, infeasible
// problems and limits included, is in Solution.Status.
func (g *Program) Solve(ctx context.Context, o Options) (*Solution, error) {
	if err := g.refresh(); err != nil {
		return nil, err
	}
	g.counts.Solves++
	s, err := g.acquire(o.Settings)
	if err != nil {
		return nil, err
	}
	defer g.release(s)
	before := s.solver.Stats()
	defer func() { g.counts.add(s.solver.Stats(), before) }()
	if len(g.form.integer) > 0 {
		return g.branchAndBound(ctx, s.solver, o.withDefaults())
	}
	solve := s.solver.Solve
	if o.Warm && g.cache == nil {
		solve = s.solver.Resolve
	}
	r, err := solve(ctx)
	if r == nil {
		return nil, err
	}
	return g.solution(r), err
}

func (c *Counts) add(after, before conic.Stats) {
	c.Setups += after.Setups - before.Setups
	c.Orderings += after.Orderings - before.Orderings
	c.Symbolic += after.Symbolic - before.Symbolic
	c.Factorisations += after.Factorisations - before.Factorisations
}
