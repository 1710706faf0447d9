package convex

import (
	"fmt"
	"math"
	"strings"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// rowName says in the model's words where a row comes from.
func (m *canonical) rowName(row int) string {
	for k := len(m.groups) - 1; k >= 0; k-- {
		if row >= m.first[k] {
			return m.groups[k].entryName(row - m.first[k])
		}
	}
	return fmt.Sprintf("row %d", row)
}

// entryName names the constraint's entry, or the bound, a row of a group
// belongs to.
func (g *rowGroup) entryName(row int) string {
	i := row
	if g.dims != nil {
		i = 0
		for end := g.dims[0]; row >= end; i++ {
			end += g.dims[i+1]
		}
	}
	return g.from.name(i)
}

// name is the name of row or cone i.
func (s *source) name(i int) string {
	switch {
	case s.constraint != nil:
		name := s.constraint.name
		if name == "" {
			name = s.constraint.String()
		}
		return name + entryLabel(s.constraint.Shape(), int(s.entry.at(i)))
	case s.variable != nil:
		side := "the lower bound of "
		if s.upper {
			side = "the upper bound of "
		}
		return side + s.variable.Name() + entryLabel(s.variable.shape, int(s.entry.at(i)))
	}
	return "a definition"
}

// entryLabel prints the index of an entry, nothing for a scalar.
func entryLabel(s Shape, i int) string {
	switch s.Rank() {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("[%d]", i)
	}
	return fmt.Sprintf("[%d, %d]", i/s.cols(), i%s.cols())
}

// describe names a unit in the model's words.
func (x *explainer) describe(u unit) Row {
	s := &u.group.from
	r := Row{Constraint: s.constraint, Variable: s.variable, Upper: s.upper, Entry: int(s.entry.at(u.index)), Name: s.name(u.index), Text: x.formula(u)}
	if r.Text == "" && s.constraint != nil && s.constraint.name != "" {
		if text := s.constraint.String(); len(text) <= 80 {
			r.Text = text
		}
	}
	return r
}

// formula prints a short linear row with its numbers, in variables' entries.
func (x *explainer) formula(u unit) string {
	const longest = 6
	lo, hi := x.ptr[u.row], x.ptr[u.row+1]
	if u.dim > 1 || hi-lo == 0 || hi-lo > longest {
		return ""
	}
	single := 1.0
	if hi-lo == 1 {
		single = x.val[lo] // print 2 x <= 6 as x <= 3
	} else if x.val[lo] < 0 {
		single = -1 // and -x - y <= -4 as x + y >= 4
	}
	var b strings.Builder
	for k := lo; k < hi; k++ {
		name := x.columnName(x.col[k])
		if name == "" {
			return ""
		}
		c := x.val[k] / single
		switch {
		case k == lo && c < 0:
			b.WriteString("-")
		case k > lo && c < 0:
			b.WriteString(" - ")
		case k > lo:
			b.WriteString(" + ")
		}
		if c = math.Abs(c); c != 1 {
			fmt.Fprintf(&b, "%.4g ", c)
		}
		b.WriteString(name)
	}
	relation := " <= "
	switch {
	case u.group.kind == conic.Zero:
		relation = " == "
	case single < 0:
		relation = " >= "
	}
	fmt.Fprintf(&b, "%s%.6g", relation, x.problem.B[u.row]/single+0)
	return b.String()
}

// columnName is a variable's entry, "" for a column of a definition.
func (x *explainer) columnName(col int) string {
	for _, o := range x.form.origins {
		if col >= o.first && col < o.first+o.n {
			if !o.expr.IsVariable() {
				return ""
			}
			return o.expr.Name() + entryLabel(o.expr.shape, col-o.first)
		}
	}
	return ""
}
