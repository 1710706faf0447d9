package convex

import "github.com/peerwatt/peerwatt/convex/conic"

// goal is the objective as the solver takes it: a linear form of one entry and
// the entries of the matrix of its quadratic part.
type goal struct {
	linear form
	quad   []cell
}

// cell is an entry value * theta[par] of a sparse matrix.
type cell struct {
	row, col int32
	value    float64
	par      int32
}

// objective lowers the objective, to be minimized. Squares stay quadratic:
// moving them into cones costs iterations and columns. Norms and maxima get
// epigraph columns.
func (c *canon) objective(o Objective) goal {
	f := c.form(o.expr)
	if o.maximize {
		f = f.scaled(-1)
	}
	f = c.replaced(f, func(v *virtual) bool { return v.kind != square })
	terms, rest := c.terms(f)
	g := goal{linear: rest}
	arguments := map[*virtual]*argument{}
	for _, t := range terms {
		a := arguments[t.v]
		if a == nil {
			a = c.argument(t.v)
			arguments[t.v] = a
		}
		if t.v.matrix != nil {
			g.addForm(c, a, t)
		} else {
			g.addSquare(c, a, t)
		}
	}
	return g
}

// argument is what is squared: entry i is coef[i] * x[col[i]] + offset[i].
type argument struct {
	col    []int32
	coef   []float64
	offset [][]affine
}

// argument reads the argument of squares off its form where every entry has
// one column with a number before it, and gives it columns of its own where
// not (or, for a quadratic form, where there are offsets too).
func (c *canon) argument(v *virtual) *argument {
	a := &argument{col: make([]int32, v.arg.rows), coef: make([]float64, v.arg.rows), offset: make([][]affine, v.arg.rows)}
	simple := true
	for k := range v.arg.blocks {
		b := &v.arg.blocks[k]
		for i := range b.n {
			r := b.row.at(i)
			if b.col.at(i) == none {
				a.offset[r] = append(a.offset[r], affine{b.par.at(i), b.val.at(i)})
				simple = simple && v.matrix == nil
				continue
			}
			simple = simple && a.coef[r] == 0 && b.par.at(i) == none
			a.col[r], a.coef[r] = b.col.at(i), b.val.at(i)
		}
	}
	if simple {
		return a
	}
	z := c.newColumns(v.arg.rows, v.node)
	c.rows(conic.Zero, sum(columns(z, v.arg.rows), v.arg.scaled(-1)))
	for r := range a.col {
		a.col[r], a.coef[r], a.offset[r] = int32(z+r), 1, nil
	}
	return a
}

// addSquare adds weight * (coef x + offset)^2.
func (g *goal) addSquare(c *canon, a *argument, t term) {
	col, coef := a.col[t.k], a.coef[t.k]
	if coef != 0 {
		g.quad = append(g.quad, cell{col, col, 2 * t.weight * coef * coef, t.par})
	}
	for _, o := range a.offset[t.k] {
		par := c.pair(t.par, o.par)
		g.add(col, 2*t.weight*coef*o.value, par)
		for _, p := range a.offset[t.k] {
			g.add(none, t.weight*o.value*p.value, c.pair(par, p.par))
		}
	}
}

// addForm adds weight * y' P y for y[i] = coef[i] x[col[i]].
func (g *goal) addForm(c *canon, a *argument, t term) {
	m := t.v.matrix
	for i := range m.n {
		for j := i; j < m.n; j++ {
			value, par := 1.0, t.par
			if m.theta == none {
				value = m.val[i*m.n+j]
			} else {
				par = c.pair(t.par, int32(m.theta+i*m.n+j))
			}
			if value *= 2 * t.weight * a.coef[i] * a.coef[j]; value == 0 {
				continue
			}
			row, col := a.col[i], a.col[j]
			if row == col && i != j {
				value *= 2 // both halves fall on the diagonal
			}
			g.quad = append(g.quad, cell{min(row, col), max(row, col), value, par})
		}
	}
}

func (g *goal) add(col int32, value float64, par int32) {
	if value == 0 {
		return
	}
	g.linear.blocks = append(g.linear.blocks, block{n: 1, row: from(0), col: same(int(col)), par: same(int(par)), val: weights{scale: value}})
}

// pair is the parameter for theta[a] * theta[b].
func (c *canon) pair(a, b int32) int32 {
	return c.theta.product(same(int(a)), same(int(b)), 1).at(0)
}
