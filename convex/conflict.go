package convex

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// explainer searches a canonical problem for what contradicts itself. Its
// problems are always the same rows, whole or in part, with elastic columns.
type explainer struct {
	ctx     context.Context
	form    *canonical
	problem *conic.Problem
	units   []unit
	ptr     []int // rows of A
	col     []int
	val     []float64
	minimal bool
}

// unit is a row, or a cone of rows, that is dropped or relaxed as a whole.
type unit struct {
	group *rowGroup
	index int // row or cone of the group
	row   int
	dim   int
	hard  bool // a definition, not to be relaxed
	firm  bool // an equation or the sign of a variable: to be relaxed last
	size  float64
}

func newExplainer(ctx context.Context, s *Solution) *explainer {
	m := s.form
	x := &explainer{ctx: ctx, form: m, problem: s.data}
	a := s.data.A
	x.ptr = make([]int, a.Rows+1)
	for _, r := range a.RowIdx {
		x.ptr[r+1]++
	}
	for r := range a.Rows {
		x.ptr[r+1] += x.ptr[r]
	}
	next := slices.Clone(x.ptr[:a.Rows])
	x.col, x.val = make([]int, len(a.Val)), make([]float64, len(a.Val))
	for j := range a.Cols {
		for k := a.ColPtr[j]; k < a.ColPtr[j+1]; k++ {
			at := next[a.RowIdx[k]]
			x.col[at], x.val[at] = j, a.Val[k]
			next[a.RowIdx[k]]++
		}
	}
	for k, g := range m.groups {
		row := m.first[k]
		n := g.form.rows
		if g.dims != nil {
			n = len(g.dims)
		}
		for i := range n {
			u := unit{group: g, index: i, row: row, dim: 1, hard: g.from.constraint == nil && g.from.variable == nil}
			if g.dims != nil {
				u.dim = g.dims[i]
			}
			u.firm = g.kind == conic.Zero || g.from.variable != nil && s.data.B[row] == 0
			for r := row; r < row+u.dim; r++ {
				u.size = math.Max(u.size, math.Abs(s.data.B[r]))
				for k := x.ptr[r]; k < x.ptr[r+1]; k++ {
					u.size = math.Max(u.size, math.Abs(x.val[k]))
				}
			}
			if u.size == 0 {
				u.size = 1
			}
			x.units = append(x.units, u)
			row += u.dim
		}
	}
	return x
}

// weight is how much a unit counts in a proof of infeasibility.
func (u *unit) weight(z []float64) float64 {
	w := 0.0
	for _, v := range z[u.row : u.row+u.dim] {
		w = math.Max(w, math.Abs(v))
	}
	return w * u.size
}

// conflict is the deletion filter. The rows a proof puts no weight on go first,
// then one row after the other, the lightest first, is left out: if the rest is
// still infeasible it stays out, and its proof may let more rows go.
func (x *explainer) conflict(z []float64) []unit {
	const mostSolves = 500
	kept := x.support(x.units, z, 1e-7)
	if _, ok := x.infeasible(kept); !ok {
		if kept = x.support(x.units, z, 0); len(kept) == 0 {
			return nil
		}
		if _, ok := x.infeasible(kept); !ok {
			return soft(kept)
		}
	}
	slices.SortStableFunc(kept, func(a, b unit) int { return cmp.Compare(a.weight(z), b.weight(z)) })
	x.minimal = true
	for i, solves := 0, 0; i < len(kept); solves++ {
		if kept[i].hard {
			i++
			continue
		}
		if x.ctx.Err() != nil || solves >= mostSolves {
			x.minimal = false
			break
		}
		rest := slices.Delete(slices.Clone(kept), i, i+1)
		proof, ok := x.infeasible(rest)
		if !ok {
			i++
			continue
		}
		// Rows before i are needed; of those behind it the proof may spare some.
		sparse := slices.Clone(rest[:i])
		sparse = append(sparse, counted(rest[i:], proof)...)
		if _, ok := x.infeasible(sparse); ok {
			rest = sparse
		}
		kept = rest
	}
	out := soft(kept)
	slices.SortFunc(out, func(a, b unit) int { return cmp.Compare(a.row, b.row) })
	return out
}

// soft drops the definitions.
func soft(us []unit) []unit {
	return slices.DeleteFunc(slices.Clone(us), func(u unit) bool { return u.hard })
}

// support is the units that count in a proof: at least tol of the most.
func (x *explainer) support(us []unit, z []float64, tol float64) []unit {
	most := 0.0
	for i := range us {
		most = math.Max(most, us[i].weight(z))
	}
	var out []unit
	for _, u := range us {
		if w := u.weight(z); w > tol*most {
			out = append(out, u)
		}
	}
	return out
}

// counted drops the units that a proof, by row, does not need.
func counted(us []unit, proof map[int]float64) []unit {
	most := 0.0
	for _, v := range proof {
		most = math.Max(most, v)
	}
	return slices.DeleteFunc(slices.Clone(us), func(u unit) bool { return !u.hard && proof[u.row] <= 1e-7*most })
}

// infeasible tests whether the units contradict each other, and returns how
// much each counts in the proof, by its row.
func (x *explainer) infeasible(us []unit) (proof map[int]float64, ok bool) {
	p, rows := x.part(us, nil)
	r, err := conic.Solve(x.ctx, p, conic.Settings{})
	if err != nil || r.Status != conic.PrimalInfeasible {
		return nil, false
	}
	proof = map[int]float64{}
	for i := range us {
		w := 0.0
		for _, v := range r.Z[rows[i] : rows[i]+us[i].dim] {
			w = math.Max(w, math.Abs(v))
		}
		proof[us[i].row] = w * us[i].size
	}
	return proof, true
}

// part is the problem of the given units alone: to be feasible, or with soft
// units to be so at the least cost of relaxing those. rows tells where each
// unit's rows begin.
func (x *explainer) part(us, soft []unit) (p *conic.Problem, rows []int) {
	at := make([]int, x.problem.A.Cols) // 1 + new column
	cols := 0
	var i, j []int
	var v []float64
	p = &conic.Problem{}
	placed := make([]int, len(x.problem.B)) // where canonical rows went
	for _, u := range us {
		rows = append(rows, len(p.B))
		for r := u.row; r < u.row+u.dim; r++ {
			for k := x.ptr[r]; k < x.ptr[r+1]; k++ {
				if at[x.col[k]] == 0 {
					cols++
					at[x.col[k]] = cols
				}
				i, j, v = append(i, len(p.B)), append(j, at[x.col[k]]-1), append(v, x.val[k])
			}
			placed[r] = len(p.B)
			p.B = append(p.B, x.problem.B[r])
		}
		p.Cones = append(p.Cones, conic.Cone{Kind: u.group.kind, Dim: u.dim})
	}
	p.Q = make([]float64, cols)
	put := func(u unit, sign float64) {
		for d := range u.dim {
			if d == 0 || u.group.from.dual.kind == dualEnds && d == u.dim-1 {
				i, j, v = append(i, placed[u.row+d]), append(j, cols), append(v, sign)
			}
		}
		i, j, v = append(i, len(p.B)), append(j, cols), append(v, -1)
		p.B = append(p.B, 0)
		p.Cones = append(p.Cones, conic.Cone{Kind: conic.NonNeg, Dim: 1})
		p.Q = append(p.Q, u.price())
		cols++
	}
	for _, u := range soft {
		put(u, -1)
		if u.group.kind == conic.Zero {
			put(u, 1)
		}
	}
	p.A, _ = conic.NewCSC(len(p.B), cols, i, j, v)
	return p, rows
}
