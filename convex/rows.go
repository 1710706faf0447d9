package convex

import (
	"slices"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// dualRule tells how the dual values of a constraint's entries follow from
// those of its rows.
type dualRule struct {
	kind   dualKind
	scale  float64   // of all entries, unless
	scales []float64 // one factor per row or cone is given, or
	radius []int32   // the factor is 1 / (2 theta[radius])
	order  seq       // of a cone constraint: where X's entries stand
}

type dualKind uint8

const (
	dualRows dualKind = iota // entry += scale * row
	dualHead                 // entry = scale * first row of its cone
	dualEnds                 // entry = scale * (first + last row of its cone)
	dualCone                 // the cone's rows themselves
)

// constraint adds the rows of a constraint.
func (c *canon) constraint(con *Constraint) {
	switch con.kind {
	case equal:
		c.demand(conic.Zero, c.epigraph(con.diff), source{constraint: con, entry: from(0), dual: dualRule{scale: 1}})
	case secondOrder:
		x := c.epigraph(con.rhs)
		order, dim := reduction{axis: con.axis}.runs(con.rhs.shape)
		n := con.lhs.Size()
		c.demandCones(stacked(n, strip{c.epigraph(con.lhs), 1}, strip{x.gathered(order, x.rows), dim}), repeated(dim+1, n),
			source{constraint: con, entry: from(0), dual: dualRule{kind: dualCone, order: order}})
	default:
		c.inequality(con)
	}
}

func (c *canon) demand(kind conic.Kind, f form, s source) {
	if f.rows > 0 {
		c.groups = append(c.groups, &rowGroup{kind: kind, form: f, from: s})
	}
}

func (c *canon) demandCones(f form, dims []int, s source) {
	if len(dims) > 0 {
		c.groups = append(c.groups, &rowGroup{kind: conic.SOC, form: f, dims: dims, from: s})
	}
}

// term is one virtual quantity in a row of an inequality: weight * theta[par]
// times entry k of v.
type term struct {
	row, k int
	v      *virtual
	weight float64
	par    int32
}

// inequality adds the rows of diff <= 0. A row whose only convex part is a sum
// of squares, a norm or a maximum becomes a cone or several rows of its own;
// in any other mixture norms and maxima get epigraph columns first.
func (c *canon) inequality(con *Constraint) {
	f := c.form(con.diff)
	terms, rest := c.terms(f)
	if len(terms) == 0 {
		c.demand(conic.NonNeg, rest, source{constraint: con, entry: from(0), dual: dualRule{scale: 1}})
		return
	}
	squares, others := make([]int, f.rows), make([]int, f.rows)
	for _, t := range terms {
		if t.v.kind == square {
			squares[t.row]++
		} else {
			others[t.row]++
		}
	}
	mixed := map[*virtual]bool{}
	for _, t := range terms {
		if t.v.kind != square && (others[t.row] > 1 || squares[t.row] > 0) {
			mixed[t.v] = true
		}
	}
	if len(mixed) > 0 {
		f = c.replaced(f, func(v *virtual) bool { return mixed[v] })
		terms, rest = c.terms(f)
	}
	special := make([]bool, f.rows)
	var quads []term
	alone := map[*virtual][]term{}
	var order []*virtual
	for _, t := range terms {
		special[t.row] = true
		if t.v.kind == square {
			quads = append(quads, t)
			continue
		}
		if alone[t.v] == nil {
			order = append(order, t.v)
		}
		alone[t.v] = append(alone[t.v], t)
	}
	plain := make([]int32, 0, f.rows)
	for r, s := range special {
		if !s {
			plain = append(plain, int32(r))
		}
	}
	at := seq{list: plain}
	if len(plain) == f.rows {
		at = from(0)
	}
	c.demand(conic.NonNeg, rest.gathered(at, len(plain)), source{constraint: con, entry: at, dual: dualRule{scale: 1}})
	for _, v := range order {
		if v.kind == norm {
			c.normRows(con, v, alone[v], rest)
		} else {
			c.peakRows(con, v, alone[v], rest)
		}
	}
	if len(quads) > 0 {
		c.squareRows(con, quads, rest)
	}
}

// terms lists the virtual quantities of f by row, and what else is in it.
func (c *canon) terms(f form) ([]term, form) {
	virtuals, rest := f.split(virtualBase)
	n := 0
	for k := range virtuals.blocks {
		n += virtuals.blocks[k].n
	}
	out := make([]term, 0, n)
	for k := range virtuals.blocks {
		b := &virtuals.blocks[k]
		for i := range b.n {
			v, entry := c.virtualAt(b.col.at(i))
			out = append(out, term{row: int(b.row.at(i)), k: entry, v: v, weight: b.val.at(i), par: b.par.at(i)})
		}
	}
	slices.SortStableFunc(out, func(a, b term) int { return a.row - b.row })
	return out, rest
}

// weighted multiplies entry i of f by weight * theta[par] of term i.
func (c *canon) weighted(f form, ts []term) form {
	w, par, plain := make([]float64, len(ts)), make([]int32, len(ts)), true
	for i, t := range ts {
		w[i], par[i] = t.weight, t.par
		plain = plain && t.par == none
	}
	f = f.scaledRows(w)
	if plain {
		return f
	}
	out := form{rows: f.rows, blocks: append([]block(nil), f.blocks...)}
	for i := range out.blocks {
		b := &out.blocks[i]
		b.par = c.theta.product(seq{list: par}.pick(b.row, b.n), b.par, b.n)
	}
	return out
}

// normRows writes rows weight * norm + rest <= 0 as cones.
func (c *canon) normRows(con *Constraint, v *virtual, ts []term, rest form) {
	n := len(ts)
	rows, entries := make([]int32, n), make([]int32, 0, n*v.dim)
	each := make([]term, 0, n*v.dim)
	for i, t := range ts {
		rows[i] = int32(t.row)
		for j := range v.dim {
			entries, each = append(entries, int32(t.k*v.dim+j)), append(each, t)
		}
	}
	at := seq{list: rows}
	x := c.weighted(v.arg.gathered(seq{list: entries}, len(entries)), each)
	c.demandCones(stacked(n, strip{rest.gathered(at, n).scaled(-1), 1}, strip{x, v.dim}), repeated(v.dim+1, n),
		source{constraint: con, entry: at, dual: dualRule{kind: dualHead, scale: 1}})
}

// peakRows writes rows weight * largest + rest <= 0 as one row for each thing
// it is the largest of.
func (c *canon) peakRows(con *Constraint, v *virtual, ts []term, rest form) {
	for _, b := range v.peaks {
		into := make([][]int32, v.n) // the branch's entries by place
		for i := range b.arg.rows {
			p := b.to.at(i)
			into[p] = append(into[p], int32(i))
		}
		var entries, rows []int32
		var each []term
		for _, t := range ts {
			for _, i := range into[t.k] {
				entries, rows, each = append(entries, i), append(rows, int32(t.row)), append(each, t)
			}
		}
		at := seq{list: rows}
		f := sum(c.weighted(b.arg.gathered(seq{list: entries}, len(rows)), each), rest.gathered(at, len(rows)))
		c.demand(conic.NonNeg, f, source{constraint: con, entry: at, dual: dualRule{scale: 1}})
	}
}
