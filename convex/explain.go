package convex

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Explanation says why a problem has no solution, in the model's own names.
type Explanation struct {
	Status Status // Infeasible or Unbounded

	// Conflict is a set of rows that cannot hold together, though any of them
	// may be dropped to let the others hold (where Minimal is true).
	Conflict []Row
	Minimal  bool
	// Least are the rows to relax, and by how much, so that the whole problem
	// becomes feasible at the least total cost, each row's amount counted in
	// the size of its own numbers, and equations and the signs of variables counted
	// a thousandfold.
	Least []Relaxation
	// Alone are the rows of the conflict that could give way alone.
	Alone []Relaxation

	// Ray are the changes along which the objective improves without limit,
	// the largest scaled to 1, and Gain the improvement per step.
	Ray  []Change
	Gain float64

	// Whole is true when only the demand for whole numbers makes the problem
	// infeasible; there is no conflict to show then.
	Whole bool
}

// Row is one entry of a constraint, or one bound of a variable's entry.
type Row struct {
	Constraint *Constraint // nil for a bound
	Variable   *Expr       // of a bound
	Upper      bool        // of a bound
	Entry      int         // row-major
	Name       string      // "ramp[3]", "the upper bound of P_CDG[7]"
	Text       string      // with its numbers: "P_CDG[7] <= 37.5"
}

// Relaxation is a row and the amount its right-hand side has to give way by.
type Relaxation struct {
	Row
	Amount float64
}

// Change is what happens to one entry of a variable along a ray.
type Change struct {
	Variable *Expr
	Entry    int
	Name     string // "P_Grid[3]"
	Value    float64
}

// Explain tells why a solution of this program is infeasible or unbounded. For
// an infeasible problem it starts from the solver's proof, drops rows one by one
// while the rest still contradicts itself, and then finds the least relaxation.
// It is nil for any other status, and fails when the context ends.
func (g *Program) Explain(ctx context.Context, s *Solution) (*Explanation, error) {
	switch s.Status {
	case Unbounded:
		return s.explainRay(), nil
	case Infeasible:
	default:
		return nil, nil
	}
	e := &Explanation{Status: Infeasible}
	if s.z == nil {
		e.Whole = true
		return e, nil
	}
	x := newExplainer(ctx, s)
	conflict := x.conflict(s.z)
	e.Minimal = x.minimal
	for _, u := range conflict {
		e.Conflict = append(e.Conflict, x.describe(u))
	}
	e.Alone = x.alone(conflict)
	e.Least = x.least(conflict)
	return e, ctx.Err()
}

// String is the explanation in one sentence.
func (e *Explanation) String() string {
	var b strings.Builder
	switch {
	case e.Status == Unbounded:
		fmt.Fprintf(&b, "the objective improves without limit, by %.4g for each step of ", e.Gain)
		for i, c := range e.Ray {
			if i == 6 || math.Abs(c.Value) < 1e-3 {
				fmt.Fprintf(&b, " and %d more", len(e.Ray)-i)
				break
			}
			fmt.Fprintf(&b, "%s%s by %+.4g", separator(i), c.Name, c.Value)
		}
		return b.String()
	case e.Whole:
		return "fractional values satisfy all constraints, but no whole ones do"
	case len(e.Conflict) == 0:
		return "no point satisfies all constraints"
	}
	runs := runsOf(e.Conflict)
	for i, r := range runs {
		if i == 8 {
			fmt.Fprintf(&b, " and %d more", len(runs)-i)
			break
		}
		b.WriteString(separator(i) + describeRun(r))
	}
	b.WriteString(" cannot hold")
	if len(e.Conflict) > 1 {
		b.WriteString(" together")
	}
	for i, r := range e.Least {
		if i == 0 {
			b.WriteString("; the least relaxation is ")
		}
		fmt.Fprintf(&b, "%s%s by %.4g", separator(i), r.Name, r.Amount)
	}
	return b.String()
}

func separator(i int) string {
	if i == 0 {
		return ""
	}
	return ", "
}

// String is the row's name and formula.
func (r Row) String() string {
	switch {
	case r.Text == "":
		return r.Name
	case r.Variable != nil:
		return r.Text
	}
	return r.Name + " (" + r.Text + ")"
}

// runsOf groups rows that are consecutive entries of one constraint or bound.
func runsOf(rows []Row) [][]Row {
	var out [][]Row
	for _, r := range rows {
		if k := len(out) - 1; k >= 0 {
			last := out[k][len(out[k])-1]
			if last.Constraint == r.Constraint && last.Variable == r.Variable && last.Upper == r.Upper && last.Entry+1 == r.Entry {
				out[k] = append(out[k], r)
				continue
			}
		}
		out = append(out, []Row{r})
	}
	return out
}

// describeRun prints a run by its first and last row.
func describeRun(rows []Row) string {
	first, last := rows[0], rows[len(rows)-1]
	switch len(rows) {
	case 1:
		return first.String()
	case 2:
		return first.String() + ", " + last.String()
	}
	if last.Variable == nil {
		return first.String() + " to " + last.Name
	}
	return first.String() + " to " + last.String()
}

func (s *Solution) explainRay() *Explanation {
	e := &Explanation{Status: Unbounded}
	largest := 0.0
	for _, v := range s.x {
		largest = math.Max(largest, math.Abs(v))
	}
	if largest == 0 {
		return e
	}
	for j, c := range s.data.Q {
		e.Gain -= c * s.x[j] / largest
	}
	for _, c := range s.form.origins {
		if !c.expr.IsVariable() {
			continue
		}
		for i := range c.n {
			if v := s.x[c.first+i] / largest; math.Abs(v) > 1e-6 {
				e.Ray = append(e.Ray, Change{c.expr, i, c.expr.Name() + entryLabel(c.expr.shape, i), v})
			}
		}
	}
	slices.SortStableFunc(e.Ray, func(a, b Change) int { return cmp.Compare(math.Abs(b.Value), math.Abs(a.Value)) })
	return e
}
