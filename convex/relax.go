package convex

import (
	"cmp"
	"slices"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// alone finds the units of a conflict that could give way alone.
func (x *explainer) alone(conflict []unit) []Relaxation {
	const most = 12
	var out []Relaxation
	if len(conflict) > most {
		return nil
	}
	for _, u := range conflict {
		if e := x.relax([]unit{u}); e != nil {
			out = append(out, Relaxation{x.describe(u), e.amounts[0]})
		}
	}
	return out
}

// least finds the least relaxation of the whole problem, of what is not firm where
// that is enough. Where it is not unique the solver spreads it over many rows;
// then the conflict's own rows are tried alone, and rows are made hard again,
// the least relaxed first, while the cost stays the same.
func (x *explainer) least(conflict []unit) []Relaxation {
	mostSolves := 60
	if len(x.units) > 5000 {
		mostSolves = 6
	}
	units := soft(x.units)
	best := x.relax(slices.DeleteFunc(slices.Clone(units), func(u unit) bool { return u.firm }))
	if best == nil {
		if best = x.relax(units); best == nil {
			return nil
		}
	}
	best.drop(1e-6)
	asGood := func(e *elastic) bool { return e != nil && e.cost <= best.cost*(1+1e-5)+1e-9 }
	if e := x.relax(conflict); asGood(e) {
		best = e
		best.drop(1e-6)
	}
	for i := 0; i < len(best.units) && len(best.units) > 1 && mostSolves > 0; mostSolves-- {
		if e := x.relax(slices.Delete(slices.Clone(best.units), i, i+1)); asGood(e) {
			best = e
			best.drop(1e-6)
		} else {
			i++
		}
	}
	var out []Relaxation
	for i, u := range best.units {
		out = append(out, Relaxation{x.describe(u), best.amounts[i]})
	}
	slices.SortStableFunc(out, func(a, b Relaxation) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// elastic is a least relaxation of some units.
type elastic struct {
	units   []unit
	slack   []float64 // in the canonical rows' numbers
	amounts []float64 // in the constraints' own
	cost    float64
}

// drop forgets the units that need not give way, and sorts the others by what
// they cost.
func (e *elastic) drop(tol float64) {
	order := make([]int, 0, len(e.units))
	for i := range e.units {
		if e.slack[i] > tol*e.units[i].size {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(e.slack[a]*e.units[a].price(), e.slack[b]*e.units[b].price())
	})
	kept := elastic{cost: e.cost}
	for _, i := range order {
		kept.units, kept.slack, kept.amounts = append(kept.units, e.units[i]), append(kept.slack, e.slack[i]), append(kept.amounts, e.amounts[i])
	}
	*e = kept
}

// price is the cost of relaxing a unit by one.
func (u *unit) price() float64 {
	if u.firm {
		return 1000 / u.size
	}
	return 1 / u.size
}

// relax finds the least relaxation of the whole problem that only touches the
// given units; nil when there is none.
func (x *explainer) relax(us []unit) *elastic {
	if len(us) == 0 {
		return nil
	}
	p, _ := x.part(x.units, us)
	r, err := conic.Solve(x.ctx, p, conic.Settings{})
	if err != nil || r.Status != conic.Solved {
		return nil
	}
	e := &elastic{units: us, cost: r.Objective}
	col := p.A.Cols - elasticColumns(us)
	for _, u := range us {
		slack := r.X[col]
		col++
		if u.group.kind == conic.Zero {
			slack += r.X[col]
			col++
		}
		slack = max(slack, 0)
		e.slack = append(e.slack, slack)
		e.amounts = append(e.amounts, x.amount(u, slack))
	}
	return e
}

// amount turns a canonical row's slack into the constraint's own units: a cone
// that stands for a sum of squares gives way by more than its radius does.
func (x *explainer) amount(u unit, slack float64) float64 {
	rule := &u.group.from.dual
	switch {
	case rule.kind == dualHead && (rule.radius != nil || rule.scales != nil):
		r := max(x.problem.B[u.row], 0)
		return (r+slack)*(r+slack) - r*r
	case rule.kind == dualEnds:
		return slack / rule.scales[u.index]
	}
	return slack
}

func elasticColumns(us []unit) int {
	n := 0
	for _, u := range us {
		if n++; u.group.kind == conic.Zero {
			n++
		}
	}
	return n
}
