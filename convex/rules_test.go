package convex

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// randomPoint draws values that keep the declared signs.
func randomPoint(r *rand.Rand, leaves []*Expr) map[*Expr][]float64 {
	at := map[*Expr][]float64{}
	for _, x := range leaves {
		v := make([]float64, x.Size())
		for i := range v {
			v[i] = 3 * r.NormFloat64()
			switch x.Sign() {
			case Nonnegative:
				v[i] = math.Abs(v[i])
			case Nonpositive:
				v[i] = -math.Abs(v[i])
			}
		}
		at[x] = v
	}
	return at
}

// inDomain tells whether every node of e is evaluated where its atom is what
// the rules take it for: odd and fractional powers of nonnegative numbers,
// denominators that are positive.
func inDomain(e *Expr, at map[*Expr][]float64) bool {
	seen := map[*Expr]bool{}
	var walk func(*Expr) bool
	walk = func(x *Expr) bool {
		if seen[x] {
			return true
		}
		seen[x] = true
		check := func(arg *Expr) bool {
			v, err := arg.Value(at)
			return err == nil && all(v, func(a float64) bool { return a > 1e-3 })
		}
		switch a := x.atom.(type) {
		case power:
			if !a.even() && a.p != 0 && a.p != 1 && !check(x.args[0]) {
				return false
			}
		case quadOverLin:
			if !check(x.args[1]) {
				return false
			}
		}
		for _, a := range x.args {
			if !walk(a) {
				return false
			}
		}
		return true
	}
	return walk(e)
}

func blend(a, b map[*Expr][]float64, t float64) map[*Expr][]float64 {
	out := map[*Expr][]float64{}
	for x, v := range a {
		w := make([]float64, len(v))
		for i := range v {
			w[i] = v[i]
			if x.IsVariable() {
				w[i] = t*v[i] + (1-t)*b[x][i]
			}
		}
		out[x] = w
	}
	return out
}

// TestClaimsHold checks, at random points, that every expression has the sign
// it claims, and is convex or concave where it claims to be.
func TestClaimsHold(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	convexSeen, concaveSeen := 0, 0
	for i, c := range readCorpus(t).Expressions {
		b := newBuilder(c.corpusLeaves)
		e := b.expr(c.AST)
		leaves := append(append([]*Expr(nil), b.vars...), b.params...)
		for range 20 {
			p, q := randomPoint(r, leaves), randomPoint(r, leaves)
			for _, x := range b.params {
				q[x] = p[x]
			}
			w := r.Float64()
			m := blend(p, q, w)
			if !inDomain(e, p) || !inDomain(e, q) || !inDomain(e, m) {
				continue
			}
			fp, _ := e.Value(p)
			fq, _ := e.Value(q)
			fm, _ := e.Value(m)
			for k := range fm {
				tol := 1e-9 * (1 + math.Abs(fp[k]) + math.Abs(fq[k]))
				if e.IsNonneg() && fp[k] < -tol || e.IsNonpos() && fp[k] > tol {
					t.Fatalf("%d: %v claims %v, is %v", i, e, e.Sign(), fp[k])
				}
				chord := w*fp[k] + (1-w)*fq[k]
				if e.IsConvex() && fm[k] > chord+tol || e.IsConcave() && fm[k] < chord-tol {
					t.Fatalf("%d: %v claims %v: %v between %v and %v", i, e, e.Curvature(), fm[k], fp[k], fq[k])
				}
			}
			if e.IsConvex() && !e.IsConcave() {
				convexSeen++
			} else if e.IsConcave() && !e.IsConvex() {
				concaveSeen++
			}
		}
	}
	if convexSeen < 500 || concaveSeen < 200 {
		t.Errorf("only %d convex and %d concave checks", convexSeen, concaveSeen)
	}
}

// TestMonotonicityHolds checks each node's claim about each argument by raising
// the argument's entries, which keep the signs the argument claims.
func TestMonotonicityHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	checked := map[string]int{}
	up, down := Variable("up", Vec(2), Nonneg), Variable("down", Vec(2), Nonpos)
	grown := []*Expr{QuadForm(up, [][]float64{{2, 1}, {1, 2}}), QuadForm(down, [][]float64{{2, 1}, {1, 2}}), QuadForm(up, [][]float64{{-2, -1}, {-1, -2}})}
	for _, c := range readCorpus(t).Expressions {
		grown = append(grown, newBuilder(c.corpusLeaves).expr(c.AST))
	}
	for _, e := range grown {
		var walk func(*Expr)
		walk = func(e *Expr) {
			for _, a := range e.args {
				walk(a)
			}
			for i := range e.args {
				rises, falls := e.atom.monotone(e, i)
				if convex, concave := e.atom.curve(e); !convex && !concave {
					continue
				}
				if !rises && !falls || !e.args[i].vars {
					continue
				}
				low, high := make([][]float64, len(e.args)), make([][]float64, len(e.args))
				for k, a := range e.args {
					low[k] = signedValues(r, a)
					high[k] = low[k]
					if k == i {
						high[k] = make([]float64, len(low[k]))
						for j, v := range low[k] {
							step := r.Float64() * 2
							if a.sign.nonpos {
								step = math.Min(step, -v)
							}
							high[k][j] = v + step
						}
					}
				}
				if outside(e, low) {
					continue
				}
				f, g := make([]float64, e.Size()), make([]float64, e.Size())
				e.atom.eval(e, low, f)
				e.atom.eval(e, high, g)
				for k := range f {
					tol := 1e-9 * (1 + math.Abs(f[k]) + math.Abs(g[k]))
					if rises && g[k] < f[k]-tol || falls && g[k] > f[k]+tol {
						t.Fatalf("%v: argument %d: from %v to %v the node goes from %v to %v (rises %v, falls %v)", e, i, low[i], high[i], f, g, rises, falls)
					}
				}
				checked[e.Op()]++
			}
		}
		walk(e)
	}
	for _, op := range []string{"abs", "maximum", "minimum", "max", "min", "PowerApprox", "norm1", "norm_inf", "PnormApprox", "quad_over_lin", "huber", "sum_largest", "multiply", "MulExpression", "kron", "QuadForm"} {
		if checked[op] == 0 {
			t.Errorf("nothing checked for %s", op)
		}
	}
}

// outside tells whether arguments lie outside the atom's domain, or a constant
// has a sign its rules deny (which is refused when the problem is compiled).
func outside(e *Expr, args [][]float64) bool {
	for i, a := range e.args {
		if !a.vars && claimed(a, args[i]) != nil {
			return true
		}
	}
	switch a := e.atom.(type) {
	case quadOverLin:
		return args[1][0] <= 0
	case power:
		return !a.even() && a.p != 1 && !all(args[0], func(v float64) bool { return v > 0 })
	}
	return false
}

// signedValues draws entries with the sign an argument claims, inside the
// domain of powers and denominators; constants keep their values.
func signedValues(r *rand.Rand, a *Expr) []float64 {
	if !a.vars && !a.params {
		v, _ := a.Value(nil)
		return v
	}
	v := make([]float64, a.Size())
	for i := range v {
		switch v[i] = 3 * r.NormFloat64(); {
		case a.sign.nonneg && a.sign.nonpos:
			v[i] = 0
		case a.sign.nonneg:
			v[i] = math.Abs(v[i])
		case a.sign.nonpos:
			v[i] = -math.Abs(v[i])
		}
	}
	return v
}

// TestGraphsAreTight checks the canonical form of every atom: with all
// variables held at a point, the least value a convex expression can take in
// it (the largest, for a concave one) is the expression's value there.
func TestGraphsAreTight(t *testing.T) {
	checked := 0
	for i, c := range readCorpus(t).Expressions {
		b := newBuilder(c.corpusLeaves)
		e := b.expr(c.AST)
		if !e.IsConvex() && !e.IsConcave() || !e.vars || !inDomain(e, b.point) {
			continue
		}
		var held []*Constraint
		for _, x := range e.Variables() {
			held = append(held, x.EQ(Reshape(b.point[x], x.Shape(), RowMajor)))
		}
		goal := Minimize(Sum(e))
		if !e.IsConvex() {
			goal = Maximize(Sum(e))
		}
		g, err := NewProblem(goal, held...).Compile()
		if err != nil {
			t.Fatalf("%d: %v: %v", i, e, err)
		}
		for _, x := range g.problem.Parameters() {
			if err := g.Set(x, b.point[x]); err != nil {
				t.Fatal(err)
			}
		}
		s, err := g.Solve(context.Background(), Options{})
		if err != nil {
			t.Fatalf("%d: %v: %v", i, e, err)
		}
		values, _ := e.Value(b.point)
		want := 0.0
		for _, v := range values {
			want += v
		}
		if math.IsNaN(want) || math.IsInf(want, 0) || math.Abs(want) > 1e5 {
			continue
		}
		checked++
		if s.Status != Solved || math.Abs(s.Objective-want) > 2e-6*(1+math.Abs(want)) {
			t.Errorf("%d: %v: %v with %.9g, want %.9g", i, e, s.Status, s.Objective, want)
		}
	}
	if checked < 300 {
		t.Errorf("only %d expressions checked", checked)
	}
}
