package convex

import (
	"slices"

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
	integer []int // columns that must be whole

	columns map[*Expr]origin      // of variables
	rows    map[*Constraint][]int // groups of constraints
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
	c.settle()
	rows, terms := 0, 0
	for _, group := range c.groups {
		rows += group.form.rows
		for k := range group.form.blocks {
			terms += group.form.blocks[k].n
		}
	}
	m := &canonical{theta: c.theta, groups: c.groups, origins: c.origins,
		q: newPatched(c.cols), b: newPatched(rows), offset: newPatched(1),
		columns: map[*Expr]origin{}, rows: make(map[*Constraint][]int, len(p.constraints))}
	cells := make([]cell, 0, terms)
	m.problem = &conic.Problem{}
	row := 0
	for k, group := range c.groups {
		m.first = append(m.first, row)
		if con := group.from.constraint; con != nil {
			m.rows[con] = append(m.rows[con], k)
		}
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
		l := o.expr.leaf()
		if l == nil {
			continue
		}
		m.columns[o.expr] = o
		if l.whole() {
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
	byCol, start := columnwise(cells, cols)
	m := &conic.CSC{Rows: rows, Cols: cols, ColPtr: make([]int, cols+1), RowIdx: make([]int, 0, len(cells))}
	p := patched{base: make([]float64, 0, len(cells))}
	for c := range cols {
		list := byCol[start[c]:start[c+1]]
		sortByRow(list)
		for i := 0; i < len(list); {
			j, value, varies := i, 0.0, false
			for ; j < len(list) && list[j].row == list[i].row; j++ {
				if list[j].par == none {
					value += list[j].value
				} else {
					varies = true
				}
			}
			if value != 0 || varies {
				for k := i; varies && k < j; k++ {
					if list[k].par != none {
						p.patches = append(p.patches, patch{len(p.base), list[k].value, list[k].par})
					}
				}
				m.RowIdx, p.base = append(m.RowIdx, int(list[i].row)), append(p.base, value)
			}
			i = j
		}
		m.ColPtr[c+1] = len(m.RowIdx)
	}
	return m, p
}

// columnwise is a stable counting sort of cells by column; those of column c are
// at start[c] to start[c+1].
func columnwise(cells []cell, cols int) (sorted []cell, start []int32) {
	start = make([]int32, cols+2)
	for i := range cells {
		start[cells[i].col+2]++
	}
	for c := range cols {
		start[c+2] += start[c+1]
	}
	sorted = make([]cell, len(cells))
	for i := range cells {
		k := &start[cells[i].col+1]
		sorted[*k] = cells[i]
		*k++
	}
	return sorted, start
}

// sortByRow sorts a column stably: by insertion, for most are short or in order.
func sortByRow(list []cell) {
	if len(list) > 64 && !slices.IsSortedFunc(list, byRow) {
		slices.SortStableFunc(list, byRow)
		return
	}
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j].row < list[j-1].row; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

func byRow(a, b cell) int { return int(a.row) - int(b.row) }
