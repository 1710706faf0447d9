package conic

import (
	"context"
	"fmt"
)

// Solver solves problems of one structure one after another. It is not safe
// for concurrent use.
type Solver struct {
	p     Problem // own copy
	set   Settings
	f     *form
	ipm   *ipm
	stats Stats
	fresh bool // the values of p are loaded
}

// New copies the problem and analyses its structure: presolve, ordering and
// symbolic factorisation.
func New(p *Problem, s Settings) (*Solver, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	set, err := s.withDefaults()
	if err != nil {
		return nil, err
	}
	sv := &Solver{set: set, p: Problem{Q: append([]float64(nil), p.Q...), A: p.A.Clone(), B: append([]float64(nil), p.B...), Cones: append([]Cone(nil), p.Cones...)}}
	if p.P != nil {
		sv.p.P = p.P.Clone()
	}
	sv.setup()
	return sv, nil
}

// Solve solves one problem.
func Solve(ctx context.Context, p *Problem, s Settings) (*Result, error) {
	sv, err := New(p, s)
	if err != nil {
		return nil, err
	}
	return sv.Solve(ctx)
}

func (s *Solver) setup() {
	s.f = newForm(newStructure(&s.p))
	s.ipm = newIPM(s.f, newKKT(s.f, &s.stats), s.set)
	s.stats.Setups++
	s.fresh = false
}

// Data holds new values for an unchanged structure, in the order of
// Problem.P.Val, Q, A.Val and B. What is nil stays as it is.
type Data struct {
	P, Q, A, B []float64
}

// Update replaces values. It does no ordering and no symbolic work, unless new
// values in A destroy what the structure was built on: an equation with a single
// entry that becomes zero, or rows that stop being multiples of each other.
func (s *Solver) Update(d Data) error {
	var pVal []float64
	if s.p.P != nil {
		pVal = s.p.P.Val
	}
	parts := []struct {
		name     string
		from, to []float64
	}{{"P", d.P, pVal}, {"q", d.Q, s.p.Q}, {"A", d.A, s.p.A.Val}, {"b", d.B, s.p.B}}
	for _, x := range parts {
		if x.from == nil {
			continue
		}
		if len(x.from) != len(x.to) {
			return fmt.Errorf("conic: %d values for %s, the structure has %d", len(x.from), x.name, len(x.to))
		}
		if err := finiteVector(x.name, x.from); err != nil {
			return err
		}
	}
	for _, x := range parts {
		if x.from != nil {
			copy(x.to, x.from)
		}
	}
	if d.A != nil || d.P != nil {
		s.f.version++
	}
	if d.A != nil && !s.f.holds() {
		s.setup()
	}
	s.fresh = false
	return nil
}

// Stats returns the work done since New.
func (s *Solver) Stats() Stats { return s.stats }

// Solve solves the problem with its current values. The error is that of a
// context that ended; every other outcome is in Result.Status.
func (s *Solver) Solve(ctx context.Context) (*Result, error) { return s.run(ctx, false) }

func (s *Solver) run(ctx context.Context, warm bool) (*Result, error) {
	if !s.fresh {
		s.f.load()
		s.fresh = true
		if s.f.proof == nil {
			s.ipm.k.load()
		}
	}
	s.ipm.iter = 0
	if s.f.proof != nil {
		return s.contradiction(), nil
	}
	status := s.ipm.solve(ctx, warm)
	r := s.result(status)
	if status == Cancelled {
		return r, context.Cause(ctx)
	}
	return r, nil
}

// confirms tells whether an independent look at a result in the problem as
// given finds what its status claims to 1e-6, or to what looser result was asked
// for.
func (s *Solver) confirms(c Report) bool {
	return c.OK(max(1e-6, 2*s.set.FeasTol, 2*s.set.GapTol, 2*s.set.InfeasTol)) == nil
}

// contradiction is the result where presolve alone proves infeasibility.
func (s *Solver) contradiction() *Result {
	f := s.f
	z := make([]float64, len(s.p.B))
	for _, p := range f.proof {
		z[p.row] += p.weight
	}
	f.complete(z, make([]float64, len(s.p.Q)))
	return s.proved(z)
}

func (s *Solver) proved(z []float64) *Result {
	scaleBy(z, -1/dot(s.p.B, z))
	r := &Result{Status: PrimalInfeasible, Z: z, Iterations: s.ipm.iter, Stats: s.stats}
	c := Check(&s.p, r)
	if r.PrimalResidual = c.Proof; !s.confirms(c) {
		r.Status = NumericalTrouble
	}
	return r
}

// result brings the iterate back to the problem as given.
func (s *Solver) result(status Status) *Result {
	f, m := s.f, s.ipm
	it := &m.at
	x := make([]float64, f.n)
	for j, v := range it.x {
		x[j] = v * f.xUnit[j]
	}
	switch status {
	case PrimalInfeasible:
		z := f.expandZ(it, 1)
		f.complete(z, make([]float64, len(s.p.Q)))
		r := s.proved(z)
		r.Embedded = m.embedded
		return r
	case DualInfeasible:
		scale := -f.c / m.qx
		scaleBy(x, scale)
		r := &Result{Status: status, X: f.expandX(x, true), Iterations: m.iter, Embedded: m.embedded, Stats: s.stats}
		r.S = f.expandS(it, r.X, scale, true)
		c := Check(&s.p, r)
		if r.DualResidual = c.Proof; !s.confirms(c) {
			r.Status = NumericalTrouble
		}
		return r
	}
	scaleBy(x, 1/it.tau)
	r := &Result{Status: status, X: f.expandX(x, false), Iterations: m.iter, Embedded: m.embedded, Stats: s.stats}
	r.S = f.expandS(it, r.X, 1/it.tau, false)
	r.Z = f.expandZ(it, 1/(f.c*it.tau))
	grad := mulSym(s.p.P, r.X)
	for j, q := range s.p.Q {
		grad[j] += q
	}
	f.complete(r.Z, grad)
	if s := maxAbs(r.X) + maxAbs(r.S) + maxAbs(r.Z); !finite(s) { // values beyond all measure
		r.X, r.S, r.Z = nil, nil, nil
	}
	c := Check(&s.p, r)
	r.Objective, r.DualObjective = c.Objective, c.DualObjective
	r.PrimalResidual, r.DualResidual, r.Gap = c.Primal, c.Dual, max(c.Gap, c.Cross)
	if status == Solved && !s.confirms(c) {
		r.Status = AlmostSolved // what presolve took out spoils it
	}
	return r
}
