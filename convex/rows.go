package convex

import (
	"math"
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
		c.demandCones(stacked(n, c.epigraph(con.lhs), 1, x.gathered(order, x.rows), dim), repeated(dim+1, n),
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
		switch {
		case t.v.kind == square:
			quads = append(quads, t)
		default:
			if alone[t.v] == nil {
				order = append(order, t.v)
			}
			alone[t.v] = append(alone[t.v], t)
		}
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
	c.demandCones(stacked(n, rest.gathered(at, n).scaled(-1), 1, x, v.dim), repeated(v.dim+1, n),
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

// squareRows writes rows sum of weighted squares + rest <= 0 as cones. With a
// constant rest, -c^2, they are the norm form |a| <= c: in the model's own
// units, where the square of a power in kW would spoil the scaling. Otherwise
// they are |(2 a / sqrt(s), u/s - 1)| <= u/s + 1 with u = -rest and s the size
// of the row's numbers.
func (c *canon) squareRows(con *Constraint, ts []term, rest form) {
	facts := c.restFacts(rest)
	var ball, general coneRows
	for i := 0; i < len(ts); {
		j := i
		for j < len(ts) && ts[j].row == ts[i].row {
			j++
		}
		if facts[ts[i].row].varying {
			general.add(c, ts[i:j])
		} else {
			ball.add(c, ts[i:j])
		}
		i = j
	}
	c.ballRows(con, &ball, facts)
	c.generalRows(con, &general, rest, facts)
}

// restFact is what squareRows needs to know of a row's affine rest.
type restFact struct {
	varying  bool     // holds columns
	constant []affine // the negative of its constant part
	largest  float64  // magnitude of its numbers
}

func (c *canon) restFacts(rest form) []restFact {
	facts := make([]restFact, rest.rows)
	for k := range rest.blocks {
		b := &rest.blocks[k]
		for i := range b.n {
			f := &facts[b.row.at(i)]
			v := b.val.at(i)
			if b.par.at(i) == none {
				f.largest = math.Max(f.largest, math.Abs(v))
			}
			if b.col.at(i) == none {
				f.constant = append(f.constant, affine{b.par.at(i), -v})
			} else if v != 0 {
				f.varying = true
			}
		}
	}
	return facts
}

// coneRows collects the squares of rows that become cones of one form.
type coneRows struct {
	rows    []int
	widths  []int // numbers of squares
	squares []placed
}

// placed is a weighted square with its cone and its place among the squares.
type placed struct {
	term
	cone, place int
}

func (r *coneRows) add(c *canon, ts []term) {
	cone, place := len(r.rows), 0
	for _, t := range ts {
		p := placed{term: t, cone: cone, place: place}
		width := 1
		if t.v.matrix != nil {
			width = c.factored(t.v).rows
		}
		r.squares = append(r.squares, p)
		place += width
	}
	r.rows, r.widths = append(r.rows, ts[0].row), append(r.widths, place)
}

// cones lays out cones with the given numbers of rows before and after the
// squares, and returns where each begins and the squares' form, each scaled by
// scale of its cone.
func (r *coneRows) cones(c *canon, before, after int, scale func(cone int) float64) (first []int32, dims []int, f form) {
	first, dims = make([]int32, len(r.rows)), make([]int, len(r.rows))
	for i, w := range r.widths {
		first[i], dims[i] = int32(f.rows), before+w+after
		f.rows += dims[i]
	}
	type move struct {
		entries, to []int32
		each        []term
	}
	moves := map[*virtual]*move{}
	var order []*virtual
	for _, s := range r.squares {
		m := moves[s.v]
		if m == nil {
			m = &move{}
			moves[s.v] = m
			order = append(order, s.v)
		}
		t := s.term
		if t.par != none {
			t.weight, t.par = 1, int32(c.theta.add(thetaDef{n: 1, roots: [][]affine{{{t.par, t.weight}}}}))
		} else {
			t.weight = root(t.weight)
		}
		t.weight *= scale(s.cone)
		width := 1
		if s.v.matrix != nil {
			width = c.factored(s.v).rows
		}
		for j := range width {
			m.entries = append(m.entries, int32(s.k+j))
			m.to = append(m.to, first[s.cone]+int32(before+s.place+j))
			m.each = append(m.each, t)
		}
	}
	for _, v := range order {
		m := moves[v]
		arg := v.arg
		if v.matrix != nil {
			arg = c.factored(v)
		}
		n := len(m.entries)
		f.blocks = append(f.blocks, c.weighted(arg.gathered(seq{list: m.entries}, n), m.each).scattered(seq{list: m.to}, f.rows).blocks...)
	}
	return first, dims, f
}

func (c *canon) ballRows(con *Constraint, r *coneRows, facts []restFact) {
	if len(r.rows) == 0 {
		return
	}
	first, dims, f := r.cones(c, 1, 0, func(int) float64 { return 1 })
	s := source{constraint: con, dual: dualRule{kind: dualHead}}
	radius, roots := make([]float64, len(r.rows)), make([][]affine, len(r.rows))
	fixed := true
	entry := make([]int32, len(r.rows))
	for i, row := range r.rows {
		entry[i] = int32(row)
		roots[i] = facts[row].constant
		for _, a := range roots[i] {
			fixed = fixed && a.par == none
		}
	}
	s.entry = seq{list: entry}
	var head form
	if fixed {
		s.dual.scales = make([]float64, len(r.rows))
		for i := range radius {
			if radius[i] = root(sumAffine(roots[i], nil)); radius[i] > 0 {
				s.dual.scales[i] = 1 / (2 * radius[i])
			}
		}
		head = constants(radius)
	} else {
		t := c.theta.add(thetaDef{n: len(r.rows), roots: roots})
		head = thetas(t, len(r.rows))
		s.dual.radius = make([]int32, len(r.rows))
		for i := range s.dual.radius {
			s.dual.radius[i] = int32(t + i)
		}
	}
	c.demandCones(sum(f, head.scattered(seq{list: first}, f.rows)), dims, s)
}

func (c *canon) generalRows(con *Constraint, r *coneRows, rest form, facts []restFact) {
	if len(r.rows) == 0 {
		return
	}
	n := len(r.rows)
	size := make([]float64, n)
	entry := make([]int32, n)
	for i, row := range r.rows {
		entry[i] = int32(row)
		if size[i] = facts[row].largest; size[i] == 0 || math.IsInf(size[i], 0) {
			size[i] = 1
		}
	}
	first, dims, f := r.cones(c, 1, 1, func(cone int) float64 { return 2 / math.Sqrt(size[cone]) })
	last, inverse := make([]int32, n), make([]float64, n)
	for i := range last {
		last[i], inverse[i] = first[i]+int32(dims[i]-1), 1/size[i]
	}
	u := rest.gathered(seq{list: entry}, n).scaledRows(inverse).scaled(-1)
	one := constants(constantBound(1, n))
	c.demandCones(sum(f,
		sum(u, one).scattered(seq{list: first}, f.rows),
		sum(u, one.scaled(-1)).scattered(seq{list: last}, f.rows)), dims,
		source{constraint: con, entry: seq{list: entry}, dual: dualRule{kind: dualEnds, scales: inverse}})
}
