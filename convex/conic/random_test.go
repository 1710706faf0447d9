package conic

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// outcome is what a generated problem is known to be.
type outcome uint8

const (
	solvable outcome = iota
	infeasible
	unbounded
)

// randomProblem is a problem whose outcome is known by construction.
type randomProblem struct {
	*Problem
	want    outcome
	optimum float64
	rough   bool // badly scaled, degenerate or with duplicate rows
	what    string
}

// generator draws problems. Every part is a list of dense rows that becomes
// sparse at the end.
type generator struct {
	r    *rand.Rand
	n, m int
	cone []Cone
	a    [][]float64
	p    [][]float64 // full
}

func (g *generator) normal() float64 { return g.r.NormFloat64() }

func (g *generator) pick(n int) int { return g.r.IntN(n) }

// draw returns problem number k of a fixed sequence.
func draw(k int) *randomProblem {
	g := &generator{r: rand.New(rand.NewPCG(uint64(k), 77))}
	g.n = 1 + g.pick(25)
	for range 1 + g.pick(4) {
		switch g.pick(4) {
		case 0:
			g.cone = append(g.cone, Cone{Zero, g.pick(1 + g.n/3)})
		case 1, 2:
			g.cone = append(g.cone, Cone{NonNeg, g.pick(2 * g.n)})
		case 3:
			g.cone = append(g.cone, Cone{SOC, 1 + g.pick(9)})
		}
	}
	if k%3 == 0 { // no cones: a linear or quadratic program
		for i := range g.cone {
			if g.cone[i].Kind == SOC {
				g.cone[i].Kind = NonNeg
			}
		}
	}
	g.cone = append(g.cone, Cone{NonNeg, 2})
	for _, c := range g.cone {
		g.m += c.Dim
	}
	density := 0.1 + 0.9*g.r.Float64()
	g.a = g.matrix(g.m, g.n, density)
	g.p = g.square(nil)
	p := &randomProblem{Problem: &Problem{}, want: solvable}
	switch g.pick(5) {
	case 0:
		p.want = infeasible
		g.infeasible(p)
	case 1:
		p.want = unbounded
		g.unbounded(p)
	default:
		g.solvable(p, g.pick(2) == 0)
	}
	switch g.pick(4) {
	case 0:
		g.scale(p)
	case 1:
		g.duplicate(p)
	}
	p.P, p.A, p.Cones = g.upper(), sparse(g.a, len(p.B), g.n), g.cone
	p.what = fmt.Sprintf("problem %d (%d columns, cones %v, outcome %d, rough %v)", k, g.n, g.cone, p.want, p.rough)
	return p
}

func (g *generator) matrix(m, n int, density float64) [][]float64 {
	a := make([][]float64, m)
	for i := range a {
		a[i] = make([]float64, n)
		for j := range a[i] {
			if g.r.Float64() < density {
				a[i][j] = g.normal()
			}
		}
	}
	return a
}

// square returns M'M of random rank, with M d = 0 where d is given; often zero.
func (g *generator) square(d []float64) [][]float64 {
	p := make([][]float64, g.n)
	for i := range p {
		p[i] = make([]float64, g.n)
	}
	if g.pick(2) == 0 {
		return p
	}
	for _, row := range g.matrix(g.pick(g.n+1), g.n, 0.3) {
		if d != nil {
			c := dot(row, d) / dot(d, d)
			for j := range row {
				row[j] -= c * d[j]
			}
		}
		for i := range p {
			for j := range p {
				p[i][j] += row[i] * row[j]
			}
		}
	}
	return p
}

// inside returns a random point of the cones, of the dual cones where dual.
func (g *generator) inside(dual bool) []float64 {
	var v []float64
	for _, c := range g.cone {
		part := make([]float64, c.Dim)
		for i := range part {
			part[i] = g.normal()
		}
		switch {
		case c.Dim == 0:
		case c.Kind == Zero && !dual:
			clear(part)
		case c.Kind == NonNeg:
			for i := range part {
				part[i] = math.Abs(part[i])
			}
		case c.Kind == SOC:
			part[0] = norm(part[1:]) + math.Abs(part[0])
		}
		v = append(v, part...)
	}
	return v
}

func norm(v []float64) float64 { return math.Sqrt(dot(v, v)) }

func (g *generator) vector() []float64 {
	v := make([]float64, g.n)
	for i := range v {
		v[i] = g.normal()
	}
	return v
}

func (g *generator) times(x []float64) []float64 {
	out := make([]float64, len(g.a))
	for i := range out {
		out[i] = dot(g.a[i], x)
	}
	return out
}

func (g *generator) transposed(z []float64) []float64 {
	out := make([]float64, g.n)
	for i, row := range g.a {
		for j, v := range row {
			out[j] += v * z[i]
		}
	}
	return out
}

// solvable builds b and q around a complementary pair.
func (g *generator) solvable(p *randomProblem, degenerate bool) {
	x, s, z := g.vector(), g.inside(false), g.inside(true)
	row := 0
	for _, c := range g.cone {
		sp, zp := s[row:row+c.Dim], z[row:row+c.Dim]
		switch c.Kind {
		case NonNeg:
			for i := range sp {
				switch g.pick(2) {
				case 0:
					sp[i] = 0
				case 1:
					zp[i] = 0
				}
				if degenerate && g.pick(4) == 0 {
					sp[i], zp[i] = 0, 0
				}
			}
		case SOC:
			switch g.pick(3) {
			case 0:
				clear(sp)
			case 1:
				clear(zp)
			case 2: // both on the boundary, opposite
				if c.Dim > 1 {
					sp[0] = norm(sp[1:])
					t := math.Abs(g.normal())
					for i := range zp {
						zp[i] = -t * sp[i]
					}
					zp[0] = t * sp[0]
				} else {
					clear(zp)
				}
			}
		}
		row += c.Dim
	}
	p.rough = degenerate
	p.B = g.times(x)
	for i := range p.B {
		p.B[i] += s[i]
	}
	p.Q = g.transposed(z)
	for j := range p.Q {
		px := dot(g.p[j], x)
		p.Q[j] = -p.Q[j] - px
		p.optimum += x[j] * (px/2 + p.Q[j])
	}
}

// infeasible makes A'z = 0, b'z < 0 for some z of the dual cones.
func (g *generator) infeasible(p *randomProblem) {
	z := g.inside(true)
	k := g.m - 1 // nonnegative
	z[k] = 0.5 + math.Abs(g.normal())
	clear(g.a[k])
	for j, v := range g.transposed(z) {
		g.a[k][j] = -v / z[k]
	}
	p.Q = g.vector()
	p.B = make([]float64, g.m)
	for i := range p.B {
		p.B[i] = g.normal()
	}
	over := dot(p.B, z) + (0.1+math.Abs(g.normal()))*norm(z)
	p.B[k] -= over / z[k]
}

// unbounded makes a feasible problem with a direction of descent.
func (g *generator) unbounded(p *randomProblem) {
	d, sd := g.vector(), g.inside(false)
	k := g.pick(g.n)
	for math.Abs(d[k]) < 0.3 {
		d[k] = g.normal()
	}
	for i, row := range g.a {
		row[k] = 0
		row[k] = (-sd[i] - dot(row, d)) / d[k]
	}
	g.p = g.square(d)
	x, s := g.vector(), g.inside(false)
	p.B = g.times(x)
	for i := range p.B {
		p.B[i] += s[i]
	}
	p.Q = g.vector()
	c := (dot(p.Q, d) + 0.1 + math.Abs(g.normal())) / dot(d, d)
	for j := range p.Q {
		p.Q[j] -= c * d[j]
	}
}

// scale multiplies columns and rows (cones as blocks) by 10^-2 to 10^2, so that
// entries span 10^-4 to 10^4.
func (g *generator) scale(p *randomProblem) {
	p.rough = true
	by := func() float64 { return math.Pow(10, 4*g.r.Float64()-2) }
	for j := range g.n {
		c := by()
		p.Q[j] *= c
		for i := range g.a {
			g.a[i][j] *= c
		}
		for i := range g.n {
			g.p[i][j] *= c
			g.p[j][i] *= c
		}
	}
	row := 0
	for _, c := range g.cone {
		f := by()
		for i := row; i < row+c.Dim; i++ {
			if c.Kind != SOC {
				f = by()
			}
			p.B[i] *= f
			for j := range g.n {
				g.a[i][j] *= f
			}
		}
		row += c.Dim
	}
}

// duplicate repeats some equations and inequalities, scaled.
func (g *generator) duplicate(p *randomProblem) {
	p.rough = true
	row := 0
	for _, c := range g.cone[:len(g.cone):len(g.cone)] {
		for i := row; i < row+c.Dim; i++ {
			if c.Kind == SOC || g.pick(3) > 0 {
				continue
			}
			f := 0.1 + g.r.Float64()*5
			if c.Kind == Zero && g.pick(2) == 0 {
				f = -f
			}
			twin := make([]float64, g.n)
			for j := range twin {
				twin[j] = f * g.a[i][j]
			}
			g.a = append(g.a, twin)
			p.B = append(p.B, f*p.B[i])
			g.cone = append(g.cone, Cone{c.Kind, 1})
		}
		row += c.Dim
	}
}

func (g *generator) upper() *CSC {
	var t triplets
	for i := range g.p {
		for j := i; j < g.n; j++ {
			if g.p[i][j] != 0 {
				t.add(i, j, g.p[i][j])
			}
		}
	}
	m, err := NewCSC(g.n, g.n, t.i, t.j, t.v)
	if err != nil {
		panic(err)
	}
	return m
}

func sparse(a [][]float64, rows, cols int) *CSC {
	var t triplets
	for i, row := range a {
		for j, v := range row {
			if v != 0 {
				t.add(i, j, v)
			}
		}
	}
	m, err := NewCSC(rows, cols, t.i, t.j, t.v)
	if err != nil {
		panic(err)
	}
	return m
}

// TestRandomProblems solves problems of known outcome. An independent look at
// each answer decides whether it holds.
func TestRandomProblems(t *testing.T) {
	const count = 10000
	var total, done, tight [2]int // by rough
	for k := range count {
		p := draw(k)
		rough := 0
		if p.rough {
			rough = 1
		}
		total[rough]++
		r, err := Solve(context.Background(), p.Problem, Settings{})
		if err != nil {
			t.Fatalf("%s: %v", p.what, err)
		}
		report := Check(p.Problem, r)
		if err := report.OK(1e-6); err != nil {
			if r.Status == Solved || r.Status == PrimalInfeasible || r.Status == DualInfeasible {
				t.Errorf("%s: claims too much: %v", p.what, err)
			} else {
				t.Logf("%s: %v: primal %.1e dual %.1e gap %.1e cross %.1e", p.what, err, report.Primal, report.Dual, report.Gap, report.Cross)
			}
			continue
		}
		switch p.want {
		case solvable:
			if r.Status != Solved || math.Abs(r.Objective-p.optimum) > 1e-6*(1+math.Abs(p.optimum)) {
				t.Errorf("%s: %s with objective %.9g, want %.9g", p.what, r.Status, r.Objective, p.optimum)
			}
		case infeasible:
			if r.Status == Solved {
				t.Errorf("%s: solved, but it is infeasible", p.what)
			}
		case unbounded:
			if r.Status != DualInfeasible {
				t.Errorf("%s: %s, but it is unbounded", p.what, r.Status)
			}
		}
		done[rough]++
		if report.OK(1e-8) == nil {
			tight[rough]++
		}
	}
	all, allDone := total[0]+total[1], done[0]+done[1]
	t.Logf("well scaled: %d of %d (%d to 1e-8); all: %d of %d (%d to 1e-8)", done[0], total[0], tight[0], allDone, all, tight[0]+tight[1])
	if float64(done[0]) < 0.999*float64(total[0]) {
		t.Errorf("well scaled: %d of %d solved or certified, want 99.9 %%", done[0], total[0])
	}
	if float64(allDone) < 0.99*float64(all) {
		t.Errorf("all: %d of %d solved or certified, want 99 %%", allDone, all)
	}
}
