package conic

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// dress adds to a problem what presolve takes out again: variables that
// equations fix one after another, empty rows, multiples of rows, opposite bounds
// that coincide, and constant rows in cones. The optimum moves by a known amount.
func dress(p *randomProblem, r *rand.Rand) (*Problem, float64) {
	n, m := len(p.Q), len(p.B)
	rows := make([][]float64, m)
	for i := range rows {
		rows[i] = make([]float64, n+3)
	}
	for j := range n {
		for k := p.A.ColPtr[j]; k < p.A.ColPtr[j+1]; k++ {
			rows[p.A.RowIdx[k]][j] = p.A.Val[k]
		}
	}
	b := append([]float64(nil), p.B...)
	q := append(append([]float64(nil), p.Q...), 1, -2, 0.5)
	value := []float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
	for i := range rows { // the new variables appear in old rows too
		for k, v := range value {
			if r.IntN(4) == 0 {
				rows[i][n+k] = r.NormFloat64()
				b[i] += rows[i][n+k] * v
			}
		}
	}
	cones := append([]Cone(nil), p.Cones...)
	add := func(kind Kind, rhs float64, terms ...term) {
		row := make([]float64, n+3)
		for _, t := range terms {
			row[t.col] = t.v
		}
		rows, b = append(rows, row), append(b, rhs)
		if kind != SOC {
			cones = append(cones, Cone{kind, 1})
		}
	}
	add(Zero, value[0]+2*value[1], term{n, 1}, term{n + 1, 2}) // fixed once n is
	add(Zero, -3*value[0], term{n, -3})
	add(NonNeg, value[2], term{n + 2, 1}) // coinciding bounds
	add(NonNeg, -2*value[2], term{n + 2, -2})
	add(NonNeg, value[2]+1, term{n + 2, 1})
	add(Zero, 0)
	add(NonNeg, 2)
	for k, v := range []float64{5, 3, 0, -1} { // |(3, t, -1)| <= 5 with t = value[0] - value[0]
		if k == 2 {
			add(SOC, value[0], term{n, 1})
		} else {
			add(SOC, v)
		}
	}
	cones = append(cones, Cone{SOC, 4})
	shift := value[0] - 2*value[1] + 0.5*value[2]
	var quad *CSC
	if p.P != nil {
		quad = &CSC{Rows: n + 3, Cols: n + 3, ColPtr: append(append([]int(nil), p.P.ColPtr...), p.P.NNZ(), p.P.NNZ(), p.P.NNZ()), RowIdx: p.P.RowIdx, Val: p.P.Val}
	}
	return &Problem{P: quad, Q: q, A: sparse(rows, len(rows), n+3), B: b, Cones: cones}, shift
}

func TestPresolveAndBack(t *testing.T) {
	for k := range 400 {
		p := draw(k)
		if p.rough {
			continue
		}
		full, shift := dress(p, rand.New(rand.NewPCG(uint64(k), 5)))
		r, err := Solve(context.Background(), full, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(full, r).OK(1e-6); err != nil {
			t.Errorf("%s: %v", p.what, err)
			continue
		}
		switch want := p.optimum + shift; p.want {
		case solvable:
			if r.Status != Solved || math.Abs(r.Objective-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%s: %s with objective %.9g, want %.9g", p.what, r.Status, r.Objective, want)
			}
		case unbounded:
			if r.Status != DualInfeasible {
				t.Errorf("%s: %s", p.what, r.Status)
			}
		case infeasible:
			if r.Status == Solved {
				t.Errorf("%s: solved", p.what)
			}
		}
	}
}

// TestPresolveFindsContradictions needs no iteration.
func TestPresolveFindsContradictions(t *testing.T) {
	cases := map[string]struct {
		rows  [][]float64
		b     []float64
		cones []Cone
	}{
		"bounds cross":              {[][]float64{{-1, 0}, {2, 0}}, []float64{-3, 4}, []Cone{{NonNeg, 2}}},
		"fixed twice":               {[][]float64{{1, 0}, {2, 0}}, []float64{1, 3}, []Cone{{Zero, 2}}},
		"fixed outside a bound":     {[][]float64{{1, 0}, {1, 0}}, []float64{1, 0.5}, []Cone{{Zero, 1}, {NonNeg, 1}}},
		"equal rows, other sides":   {[][]float64{{1, 2}, {2, 4}}, []float64{1, 3}, []Cone{{Zero, 2}}},
		"opposite rows":             {[][]float64{{1, 2}, {-2, -4}}, []float64{1, -3}, []Cone{{NonNeg, 2}}},
		"row beyond an equation":    {[][]float64{{1, 2}, {3, 6}}, []float64{1, 2}, []Cone{{Zero, 1}, {NonNeg, 1}}},
		"empty equation":            {[][]float64{{0, 0}}, []float64{1}, []Cone{{Zero, 1}}},
		"empty inequality":          {[][]float64{{0, 0}}, []float64{-1}, []Cone{{NonNeg, 1}}},
		"constant cone":             {[][]float64{{0, 0}, {0, 0}, {0, 0}}, []float64{1, 1, -1}, []Cone{{SOC, 3}}},
		"constant head too small":   {[][]float64{{0, 0}, {0, 0}, {1, 0}}, []float64{1, -2, 0}, []Cone{{SOC, 3}}},
		"emptied by a fixed column": {[][]float64{{2, 0}, {1, 0}}, []float64{4, 1}, []Cone{{Zero, 1}, {Zero, 1}}},
	}
	for name, c := range cases {
		p := &Problem{Q: []float64{1, 1}, A: sparse(c.rows, len(c.rows), 2), B: c.b, Cones: c.cones}
		r := mustSolve(t, p, Settings{})
		if r.Status != PrimalInfeasible || r.Iterations != 0 {
			t.Errorf("%s: %s after %d iterations", name, r.Status, r.Iterations)
		} else if err := Check(p, r).OK(1e-9); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRowsThatAreFree counts the nodes of the Newton matrix: bounds, small
// cones and opposite rows cost none.
func TestRowsThatAreFree(t *testing.T) {
	p := day(1, 10, false, 1, 1)
	s, err := New(p, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	// Per step eleven variables, the balance and the battery; nine ramps.
	if got, want := s.ipm.k.nodes, 10*(11+2)+9; got != want {
		t.Errorf("%d nodes, want %d", got, want)
	}
}

// TestDiscInKW writes P² + Q² <= S² as experts do, in kW and with the square
// moved into a cone, which puts constants of 1e5 beside variables of 1e2.
func TestDiscInKW(t *testing.T) {
	// min -P - Q/2, |(P, Q)| <= S as ((S²+1)/2, (S²-1)/2, P, Q).
	const S = 400.0
	rows := [][]float64{{0, 0}, {0, 0}, {-1, 0}, {0, -1}}
	p := &Problem{Q: []float64{-1, -0.5}, A: sparse(rows, 4, 2), B: []float64{(S*S + 1) / 2, (S*S - 1) / 2, 0, 0}, Cones: []Cone{{SOC, 4}}}
	r := mustSolve(t, p, Settings{})
	want := -S * math.Sqrt(1.25)
	if r.Status != Solved || math.Abs(r.Objective-want) > 1e-6*-want {
		t.Errorf("%s, objective %.9g, want %.9g", r.Status, r.Objective, want)
	}
	if err := Check(p, r).OK(1e-6); err != nil {
		t.Error(err)
	}
}
