package convex

import "github.com/peerwatt/peerwatt/convex/conic"

// squareRows writes rows sum of weighted squares + rest <= 0 as cones. With a
// constant rest, -c^2, they are the norm form |a| <= c: in the model's own
// units, where the square of a power in kW would spoil the scaling. Otherwise
// they are rotated cones |a|^2 <= -rest.
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
	c.generalRows(con, &general, rest)
}

// restFact is what squareRows needs to know of a row's affine rest.
type restFact struct {
	varying  bool     // holds columns
	constant []affine // the negative of its constant part
}

func (c *canon) restFacts(rest form) []restFact {
	facts := make([]restFact, rest.rows)
	for k := range rest.blocks {
		b := &rest.blocks[k]
		for i := range b.n {
			f := &facts[b.row.at(i)]
			if v := b.val.at(i); b.col.at(i) == none {
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
// squares, and returns where each begins and the form of what is squared.
func (r *coneRows) cones(c *canon, before, after int) (first []int32, dims []int, f form) {
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
	first, dims, f := r.cones(c, 1, 0)
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

func (c *canon) generalRows(con *Constraint, r *coneRows, rest form) {
	if len(r.rows) == 0 {
		return
	}
	entry := make([]int32, len(r.rows))
	for i, row := range r.rows {
		entry[i] = int32(row)
	}
	at := seq{list: entry}
	_, dims, squares := r.cones(c, 1, 1)
	twice := squares.scaled(2)
	c.groups = append(c.groups, &rowGroup{kind: conic.SOC, form: twice, dims: dims,
		rotation: &rotation{twice, rest.gathered(at, len(entry)).scaled(-1), constants(constantBound(1, len(entry)))},
		from:     source{constraint: con, entry: at, dual: dualRule{kind: dualEnds}}})
}
