package convex

import (
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// A bound on a square, |a|^2 <= u v, is a second-order cone in many ways: for
// any t > 0 it is |(2 a, u/t - t v)| <= u/t + t v. With t = 1 and powers in kW
// the entries are 1e5 beside 1 and no solver gets far; with t near
// sqrt(u/v), which is |a|/v on the cone's edge, they are all alike. How large
// they will be is not known, but the units a model is written in show in its
// right-hand sides.

// rotation is a group of cones |a|^2 <= u v whose t are still to be chosen.
type rotation struct {
	twice form // 2 a, with a row for the head and the tail of each cone
	u, v  form
}

// rotated demands |arg run|^2 <= u v and u, v >= 0 for each run of dim entries.
func (c *canon) rotated(arg form, dim int, u, v form) {
	if n := u.rows; n > 0 {
		twice := stacked(n, strip{form{rows: n}, 1}, strip{arg.scaled(2), dim}, strip{form{rows: n}, 1})
		c.groups = append(c.groups, &rowGroup{kind: conic.SOC, form: twice, dims: repeated(dim+2, n), rotation: &rotation{twice, u, v}})
	}
}

// settle chooses t for the rotated cones, now that all rows are known.
func (c *canon) settle() {
	var units []float64
	for _, g := range c.groups {
		if g.rotation == nil {
			continue
		}
		if units == nil {
			units = c.units()
		}
		g.settle(units)
	}
}

func (g *rowGroup) settle(units []float64) {
	r := g.rotation
	n := len(g.dims)
	twice, u, v := sizes(r.twice, units), sizes(r.u, units), sizes(r.v, units)
	t, inverse := make([]float64, n), make([]float64, n)
	head, tail := make([]int32, n), make([]int32, n)
	row := 0
	for i, d := range g.dims {
		head[i], tail[i] = int32(row), int32(row+d-1)
		t[i] = math.Sqrt(u[i] / v[i])
		if a := slices.Max(twice[row:row+d]) / 2; u[i] == 0 {
			t[i] = a / v[i]
		}
		if !(t[i] > 0) || math.IsInf(t[i], 0) {
			t[i] = 1
		}
		inverse[i] = 1 / t[i]
		row += d
	}
	ut, vt := r.u.scaledRows(inverse), r.v.scaledRows(t)
	g.form = sum(r.twice,
		sum(ut, vt).scattered(seq{list: head}, row),
		sum(ut, vt.scaled(-1)).scattered(seq{list: tail}, row))
	g.from.dual.scales = inverse
}

// sizes guesses how large the entries of a form are; 0 where nothing tells.
func sizes(f form, units []float64) []float64 {
	out := make([]float64, f.rows)
	for k := range f.blocks {
		b := &f.blocks[k]
		for i := range b.n {
			if b.par.at(i) != none {
				continue
			}
			s := math.Abs(b.val.at(i))
			if col := b.col.at(i); col != none {
				s *= units[col]
			}
			r := b.row.at(i)
			out[r] = math.Max(out[r], s)
		}
	}
	return out
}

// units guesses how large the columns are: the geometric mean of what the rows
// with a constant would make of them alone, and for columns without such a row
// what the rows make of them beside columns that have one. Constants that are
// parameters do not tell: the form must not depend on their values.
func (c *canon) units() []float64 {
	units, logs, counts := make([]float64, c.cols), make([]float64, c.cols), make([]float64, c.cols)
	vote := func(col int32, size float64) {
		if size > 0 && !math.IsInf(size, 0) {
			logs[col] += math.Log(size)
			counts[col]++
		}
	}
	for range 2 {
		for _, g := range c.groups {
			if g.kind == conic.SOC {
				continue
			}
			size := sizes(g.form, units)
			for k := range g.form.blocks {
				b := &g.form.blocks[k]
				for i := range b.n {
					if col := b.col.at(i); col != none && b.par.at(i) == none && units[col] == 0 {
						vote(col, size[b.row.at(i)]/math.Abs(b.val.at(i)))
					}
				}
			}
		}
		for col := range units {
			if units[col] == 0 && counts[col] > 0 {
				units[col] = math.Exp(logs[col] / counts[col])
			}
		}
	}
	return units
}
