package convex

import "fmt"

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
	switch s := &g.from; {
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
