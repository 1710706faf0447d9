package convex

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// TestMultipliersProveOptimality takes each solved model of the corpus apart by
// its own expressions: the point is feasible, inequalities have nonnegative
// multipliers that vanish where there is room, and no random step lowers the
// Lagrangian, which for a convex problem proves the optimum. The solver's own
// report is not looked at.
func TestMultipliersProveOptimality(t *testing.T) {
	const tol = 3e-6
	r := rand.New(rand.NewPCG(5, 6))
	checked := 0
	for i, m := range readCorpus(t).Models {
		if m.Status != "optimal" {
			continue
		}
		b := newBuilder(m.corpusLeaves)
		p := b.problem(m)
		g, err := p.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range p.Parameters() {
			if err := g.Set(x, b.point[x]); err != nil {
				t.Fatal(err)
			}
		}
		s, err := g.Solve(context.Background(), Options{})
		if err != nil || s.Status != Solved {
			t.Fatalf("%d: %v %v", i, s.Status, err)
		}
		at := map[*Expr][]float64{}
		size := 1.0
		for _, x := range p.Parameters() {
			at[x] = b.point[x]
		}
		for _, x := range p.Variables() {
			at[x] = s.Value(x)
			for _, v := range at[x] {
				size = math.Max(size, math.Abs(v))
			}
		}
		if size > 1e4 || restricted(p) {
			continue // unbounded solution sets, and atoms with a domain to leave
		}
		scale := 1 + math.Abs(s.Objective)
		for _, c := range p.constraints {
			for _, v := range s.Dual(c) {
				scale = math.Max(scale, math.Abs(v))
			}
		}
		base := lagrangian(t, p, s, at, func(what string, v float64) {
			if v > tol*scale*size {
				t.Errorf("%d: %s off by %g", i, what, v)
			}
		})
		for k := range 30 {
			step := []float64{1e-2, 1, 10}[k%3]
			moved := map[*Expr][]float64{}
			for x, v := range at {
				w := append([]float64(nil), v...)
				for j := range w {
					if x.IsVariable() {
						w[j] += step * r.NormFloat64()
					}
				}
				moved[x] = w
			}
			if now := lagrangian(t, p, s, moved, nil); now < base-tol*scale*size {
				t.Errorf("%d: a step of %g lowers the Lagrangian from %.9g to %.9g", i, step, base, now)
				break
			}
		}
		checked++
	}
	if checked < 80 {
		t.Errorf("only %d models checked", checked)
	}
}

// restricted tells whether a problem holds atoms that are not defined everywhere.
func restricted(p *Problem) bool {
	var walk func(*Expr) bool
	walk = func(e *Expr) bool {
		switch a := e.atom.(type) {
		case power:
			if !a.even() && a.p != 0 && a.p != 1 {
				return true
			}
		case quadOverLin:
			if e.args[1].vars {
				return true
			}
		}
		for _, a := range e.args {
			if walk(a) {
				return true
			}
		}
		return false
	}
	for _, c := range p.constraints {
		if walk(c.lhs) || walk(c.rhs) {
			return true
		}
	}
	return walk(p.objective.expr)
}

// lagrangian adds up objective (negated when maximizing) and multipliers times
// residuals, and reports infeasibility, wrong signs and slackness to off.
func lagrangian(t *testing.T, p *Problem, s *Solution, at map[*Expr][]float64, off func(string, float64)) float64 {
	t.Helper()
	value := func(e *Expr) []float64 {
		v, err := e.Value(at)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if off == nil {
		off = func(string, float64) {}
	}
	total := value(p.objective.expr)[0]
	if p.objective.maximize {
		total = -total
	}
	for _, c := range p.constraints {
		dual := s.Dual(c)
		if dual == nil {
			t.Fatalf("no multipliers for %v", c)
		}
		switch c.kind {
		case secondOrder:
			tv, xv := value(c.lhs), value(c.rhs)
			norm := 0.0
			for _, v := range xv {
				norm = math.Hypot(norm, v)
			}
			product := dual[0] * tv[0]
			for k, v := range xv {
				product += dual[1+k] * v
			}
			off("cone "+c.String(), norm-tv[0])
			off("cone slackness "+c.String(), math.Abs(product))
			total -= product
		default:
			for k, v := range value(c.diff) {
				total += dual[k] * v
				if c.kind == equal {
					off("equation "+c.String(), math.Abs(v))
					continue
				}
				off("inequality "+c.String(), v)
				off("sign of the multiplier of "+c.String(), -dual[k])
				off("slackness of "+c.String(), math.Abs(dual[k]*v))
			}
		}
	}
	for _, x := range p.Variables() {
		lower, upper := s.LowerDual(x), s.UpperDual(x)
		for k, v := range at[x] {
			if l := x.leaf(); l.low != nil {
				total -= lower[k] * (v - l.low[k])
				off("lower bound of "+x.Name(), l.low[k]-v)
				off("slackness of a lower bound", math.Abs(lower[k]*(v-l.low[k])))
			}
			if l := x.leaf(); l.high != nil {
				total += upper[k] * (v - l.high[k])
				off("upper bound of "+x.Name(), v-l.high[k])
				off("slackness of an upper bound", math.Abs(upper[k]*(v-l.high[k])))
			}
		}
	}
	return total
}
