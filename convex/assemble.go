package convex

import (
	"github.com/peerwatt/peerwatt/convex/conic"
)

// canonical is a problem in the solver's form, with the maps from theta to its
// numbers.
type canonical struct {
	problem *conic.Problem
	p, q    patched
	a, b    patched
	offset  patched // of the objective, one number
	theta   thetaTable
	groups  []*rowGroup
	first   []int // first row of each group
	origins []origin
	frozen  bool
	integer []int // columns that must be whole
}

// patched is an array of numbers affine in theta: now = base + patches.
type patched struct {
	base, now []float64
	patches   []patch
}

type patch struct {
	at    int
	value float64
	par   int32
}

func (p *patched) add(at int, value float64, par int32) {
	if par == none {
		p.base[at] += value
	} else {
		p.patches = append(p.patches, patch{at, value, par})
	}
}

func (p *patched) apply(theta []float64) {
	copy(p.now, p.base)
	for _, x := range p.patches {
		p.now[x.at] += x.value * theta[x.par]
	}
}

func newPatched(n int) patched { return patched{base: make([]float64, n)} }

// finished sets now; without patches it is base itself.
func (p *patched) finished() {
	p.now = p.base
	if len(p.patches) > 0 {
		p.now = append([]float64(nil), p.base...)
	}
}

// assemble lowers a checked problem. values are the parameters' values to build
// in, nil to keep the form affine in them.
func assemble(p *Problem, values func(*Expr) []float64) (*canonical, error) {
	c := newCanon(values)
	g := c.objective(p.objective)
	for _, con := range p.constraints {
		c.constraint(con)
	}
	if c.err != nil {
		return nil, c.err
	}
	rows, terms := 0, 0
	for _, group := range c.groups {
		rows += group.form.rows
		for k := range group.form.blocks {
			terms += group.form.blocks[k].n
		}
	}
	m := &canonical{theta: c.theta, groups: c.groups, origins: c.origins, frozen: c.frozen,
		q: newPatched(c.cols), b: newPatched(rows), offset: newPatched(1)}
	cells := make([]cell, 0, terms)
	m.problem = &conic.Problem{}
	row := 0
	for _, group := range c.groups {
		m.first = append(m.first, row)
		cells = m.take(group, row, cells)
		row += group.form.rows
	}
	for k := range g.linear.blocks {
		b := &g.linear.blocks[k]
		for i := range b.n {
			if col := b.col.at(i); col == none {
				m.offset.add(0, b.val.at(i), b.par.at(i))
			} else {
				m.q.add(int(col), b.val.at(i), b.par.at(i))
			}
		}
	}
	m.problem.A, m.a = compress(rows, c.cols, cells)
	m.problem.P, m.p = compress(c.cols, c.cols, g.quad)
	for _, x := range []*patched{&m.p, &m.q, &m.a, &m.b, &m.offset} {
		x.finished()
	}
	m.problem.A.Val, m.problem.P.Val, m.problem.Q, m.problem.B = m.a.now, m.p.now, m.q.now, m.b.now
	for _, o := range m.origins {
		if l := o.expr.leaf(); l != nil && l.whole() {
			for i := range o.n {
				m.integer = append(m.integer, o.first+i)
			}
		}
	}
	return m, nil
}

// take adds a group's cones, right-hand sides and matrix entries. Ax + s = b:
// for form = 0 or form <= 0 the entries are the form's coefficients, in a cone,
// where s is the form, their negatives.
func (m *canonical) take(group *rowGroup, row int, cells []cell) []cell {
	sign := 1.0
	if group.kind == conic.SOC {
		sign = -1
		for _, d := range group.dims {
			m.problem.Cones = append(m.problem.Cones, conic.Cone{Kind: conic.SOC, Dim: d})
		}
	} else {
		m.problem.Cones = append(m.problem.Cones, conic.Cone{Kind: group.kind, Dim: group.form.rows})
	}
	for k := range group.form.blocks {
		b := &group.form.blocks[k]
		if b.col.list == nil && b.col.step == 0 && b.col.first == none {
			for i := range b.n {
				m.b.add(row+int(b.row.at(i)), -sign*b.val.at(i), b.par.at(i))
			}
			continue
		}
		for i := range b.n {
			r, col, v := row+int(b.row.at(i)), b.col.at(i), sign*b.val.at(i)
			if col == none {
				m.b.add(r, -v, b.par.at(i))
			} else {
				cells = append(cells, cell{int32(r), col, v, b.par.at(i)})
			}
		}
	}
	return cells
}

// compress sorts cells into a matrix, adding up those that meet. Cells that are
// zero whatever the parameters are left out.
func compress(rows, cols int, cells []cell) (*conic.CSC, patched) {
	byRow := sorted(cells, rows, func(c *cell) int32 { return c.row })
	byCol := sorted(byRow, cols, func(c *cell) int32 { return c.col })
	m := &conic.CSC{Rows: rows, Cols: cols, ColPtr: make([]int, cols+1)}
	p := patched{}
	for i := 0; i < len(byCol); {
		j, value, varies := i, 0.0, false
		for ; j < len(byCol) && byCol[j].row == byCol[i].row && byCol[j].col == byCol[i].col; j++ {
			if byCol[j].par == none {
				value += byCol[j].value
			} else {
				varies = true
			}
		}
		if value != 0 || varies {
			at := len(m.RowIdx)
			m.RowIdx = append(m.RowIdx, int(byCol[i].row))
			p.base = append(p.base, value)
			for k := i; varies && k < j; k++ {
				if byCol[k].par != none {
					p.patches = append(p.patches, patch{at, byCol[k].value, byCol[k].par})
				}
			}
			m.ColPtr[byCol[i].col+1]++
		}
		i = j
	}
	for c := range cols {
		m.ColPtr[c+1] += m.ColPtr[c]
	}
	return m, p
}

// sorted is a stable counting sort.
func sorted(cells []cell, n int, key func(*cell) int32) []cell {
	next := make([]int32, n+1)
	for i := range cells {
		next[key(&cells[i])+1]++
	}
	for k := range n {
		next[k+1] += next[k]
	}
	out := make([]cell, len(cells))
	for i := range cells {
		k := key(&cells[i])
		out[next[k]] = cells[i]
		next[k]++
	}
	return out
}
