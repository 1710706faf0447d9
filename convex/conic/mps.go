package conic

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// ReadMPS reads a linear or quadratic program in MPS or QPS format, free or
// fixed. Sections: NAME, OBJSENSE, ROWS, COLUMNS, RHS, RANGES, BOUNDS, QUADOBJ
// or QSECTION (one triangle), QMATRIX (both triangles), ENDATA. The first N row
// is the objective, other N rows are ignored; the right-hand side of the
// objective is its negated constant. As the format's users agree, an
// upper bound below zero without a lower bound takes the lower bound away.
// Integer variables and quadratic constraints are refused.
func ReadMPS(r io.Reader) (*File, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	// Names may hold blanks in the fixed format only, and only there do columns
	// matter: free is tried first.
	f, err := parseMPS(text, strings.Fields)
	if err == nil {
		return f, nil
	}
	if f, fixedErr := parseMPS(text, fixedFields); fixedErr == nil {
		return f, nil
	}
	return nil, err
}

// fixedFields cuts a line at the columns of the fixed format: 2-3, 5-12,
// 15-22, 25-36, 40-47, 50-61.
func fixedFields(line string) []string {
	cuts := [...][2]int{{1, 4}, {4, 14}, {14, 24}, {24, 39}, {39, 49}, {49, 72}}
	var fields []string
	for k, c := range cuts {
		if len(line) <= c[0] {
			break
		}
		field := strings.TrimSpace(line[c[0]:min(c[1], len(line))])
		if field == "" && (k == 0 || len(fields) > 0 && k > 2) {
			continue
		}
		fields = append(fields, field)
	}
	return fields
}

type mpsRow struct {
	kind   byte
	rhs    float64 // as given
	span   float64 // of RANGES
	ranged bool
}

type mpsParser struct {
	split   func(string) []string
	file    *File
	section string
	line    int

	rows      map[string]int // name -> index into list; free N rows -1
	list      []mpsRow
	objective string
	haveObj   bool

	cols     map[string]int
	a        triplets
	q        []float64
	lo, hi   []float64
	loGiven  []bool
	quad     triplets
	full     bool // QMATRIX: both triangles
	ended    bool
	constant float64
}

func parseMPS(text []byte, split func(string) []string) (*File, error) {
	m := &mpsParser{split: split, file: &File{}, rows: map[string]int{}, cols: map[string]int{}}
	in := bufio.NewScanner(bytes.NewReader(text))
	in.Buffer(make([]byte, 0, 4096), maxLineBytes)
	for !m.ended && in.Scan() {
		m.line++
		line := strings.TrimRightFunc(in.Text(), unicode.IsSpace)
		if line == "" || line[0] == '*' {
			continue
		}
		var err error
		if line[0] != ' ' && line[0] != '\t' {
			err = m.header(line)
		} else {
			err = m.data(line)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := in.Err(); err != nil {
		return nil, scanError(m.line, err)
	}
	if !m.ended {
		return nil, lineError(m.line, "the file ends without ENDATA")
	}
	return m.finish()
}

func (m *mpsParser) fail(format string, args ...any) error { return lineError(m.line, format, args...) }

func (m *mpsParser) header(line string) error {
	fields := strings.Fields(line)
	m.section = strings.ToUpper(fields[0])
	switch m.section {
	case "NAME":
		m.file.Name = strings.Join(fields[1:], " ")
	case "OBJSENSE":
		if len(fields) > 1 {
			return m.sense(fields[1])
		}
	case "OBJSENSE:", "MAX", "MAXIMIZE":
		return m.fail("section %s is unknown: write OBJSENSE, and MAX on the next line", fields[0])
	case "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "QUADOBJ", "QSECTION":
		if m.section == "QSECTION" && len(fields) > 1 && m.haveObj && fields[1] != m.objective {
			return m.fail("QSECTION %s: quadratic constraints are not supported; write the cone as CBF", fields[1])
		}
	case "QMATRIX":
		m.full = true
	case "ENDATA":
		m.ended = true
	case "QCMATRIX", "CSECTION", "SOS", "SETS", "INDICATORS":
		return m.fail("section %s is not supported; write cones as CBF", fields[0])
	default:
		return m.fail("unknown section %s", fields[0])
	}
	return nil
}

func (m *mpsParser) sense(word string) error {
	switch strings.ToUpper(word) {
	case "MAX", "MAXIMIZE", "MAXIMISE":
		m.file.Maximise = true
	case "MIN", "MINIMIZE", "MINIMISE":
		m.file.Maximise = false
	default:
		return m.fail("objective sense %q: want MIN or MAX", word)
	}
	return nil
}

func (m *mpsParser) data(line string) error {
	fields := m.split(line)
	if len(fields) == 0 {
		return nil
	}
	switch m.section {
	case "OBJSENSE":
		return m.sense(fields[0])
	case "ROWS":
		return m.row(fields)
	case "COLUMNS":
		return m.column(fields)
	case "RHS":
		return m.pairs(fields, m.rhs)
	case "RANGES":
		return m.pairs(fields, m.span)
	case "BOUNDS":
		return m.bound(fields)
	case "QUADOBJ", "QSECTION", "QMATRIX":
		return m.quadratic(fields)
	case "NAME", "":
		return m.fail("data before a section that takes any")
	}
	return m.fail("data in section %s", m.section)
}

func (m *mpsParser) row(fields []string) error {
	if len(fields) != 2 || len(fields[0]) != 1 || !strings.Contains("NELGnelg", fields[0]) {
		return m.fail("%q: want a kind of row (N, E, L, G) and a name", strings.Join(fields, " "))
	}
	kind, name := strings.ToUpper(fields[0])[0], fields[1]
	if _, twice := m.rows[name]; twice {
		return m.fail("row %s is declared twice", name)
	}
	if kind == 'N' {
		if !m.haveObj {
			m.objective, m.haveObj = name, true
		}
		m.rows[name] = -1
		return nil
	}
	m.rows[name] = len(m.list)
	m.list = append(m.list, mpsRow{kind: kind})
	return nil
}

func (m *mpsParser) column(fields []string) error {
	if len(fields) >= 3 && strings.Contains(fields[1], "MARKER") {
		if strings.Contains(strings.ToUpper(fields[len(fields)-1]), "INTORG") {
			return m.fail("integer variables are not supported")
		}
		return nil
	}
	if len(fields) != 3 && len(fields) != 5 {
		return m.fail("%d fields: want a column, and one or two pairs of row and value", len(fields))
	}
	name := fields[0]
	col, known := m.cols[name]
	if !known {
		col = len(m.q)
		m.cols[name] = col
		m.q = append(m.q, 0)
		m.lo, m.hi, m.loGiven = append(m.lo, 0), append(m.hi, math.Inf(1)), append(m.loGiven, false)
		m.file.Columns = append(m.file.Columns, name)
	}
	for k := 1; k < len(fields); k += 2 {
		v, err := m.number(fields[k+1])
		if err != nil {
			return err
		}
		row, ok := m.rows[fields[k]]
		switch {
		case !ok:
			return m.fail("column %s: row %s is not declared in ROWS", name, fields[k])
		case row >= 0:
			m.a.add(row, col, v)
		case fields[k] == m.objective:
			m.q[col] += v
		}
	}
	return nil
}

// pairs reads lines of an optional set name and pairs of row and value.
func (m *mpsParser) pairs(fields []string, set func(name string, v float64) error) error {
	if len(fields)%2 == 1 {
		fields = fields[1:]
	}
	if len(fields) == 0 || len(fields) > 4 {
		return m.fail("want one or two pairs of row and value")
	}
	for k := 0; k < len(fields); k += 2 {
		v, err := m.number(fields[k+1])
		if err != nil {
			return err
		}
		if err := set(fields[k], v); err != nil {
			return err
		}
	}
	return nil
}

func (m *mpsParser) rhs(name string, v float64) error {
	row, ok := m.rows[name]
	switch {
	case !ok:
		return m.fail("RHS: row %s is not declared in ROWS", name)
	case row >= 0:
		m.list[row].rhs = v
	case name == m.objective:
		m.constant = -v
	}
	return nil
}

func (m *mpsParser) span(name string, v float64) error {
	row, ok := m.rows[name]
	if !ok {
		return m.fail("RANGES: row %s is not declared in ROWS", name)
	}
	if row >= 0 {
		m.list[row].span, m.list[row].ranged = v, true
	}
	return nil
}

func (m *mpsParser) bound(fields []string) error {
	kind := strings.ToUpper(fields[0])
	rest := fields[1:]
	valued := false
	switch kind {
	case "UP", "LO", "FX":
		valued = true
	case "FR", "MI", "PL":
	case "BV", "LI", "UI", "SC", "SI":
		return m.fail("bound %s: integer and semicontinuous variables are not supported", kind)
	default:
		return m.fail("kind of bound %q: want UP, LO, FX, FR, MI or PL", fields[0])
	}
	// [set] column [value]
	name, number := "", ""
	switch {
	case valued && len(rest) == 3:
		name, number = rest[1], rest[2]
	case valued && len(rest) == 2:
		name, number = rest[0], rest[1]
	case !valued && len(rest) >= 2 && len(rest) <= 3:
		name = rest[1]
	case !valued && len(rest) == 1:
		name = rest[0]
	default:
		return m.fail("bound %s with %d fields: want a set name, a column and, where the kind needs it, a value", kind, len(fields))
	}
	col, ok := m.cols[name]
	if !ok && !valued && len(rest) == 2 { // no set name, a value that is not needed
		col, ok = m.cols[rest[0]]
	}
	if !ok {
		return m.fail("bound %s: column %s is not declared in COLUMNS", kind, name)
	}
	v := 0.0
	if valued {
		var err error
		if v, err = m.bounding(number); err != nil {
			return err
		}
	}
	switch kind {
	case "UP":
		m.hi[col] = v
		if v < 0 && !m.loGiven[col] {
			m.lo[col] = math.Inf(-1)
		}
	case "LO":
		m.lo[col], m.loGiven[col] = v, true
	case "FX":
		m.lo[col], m.hi[col], m.loGiven[col] = v, v, true
		if math.IsInf(v, 0) {
			return m.fail("bound FX: column %s cannot be fixed at %s", name, number)
		}
	case "FR":
		m.lo[col], m.hi[col], m.loGiven[col] = math.Inf(-1), math.Inf(1), true
	case "MI":
		m.lo[col], m.loGiven[col] = math.Inf(-1), true
	case "PL":
		m.hi[col] = math.Inf(1)
	}
	return nil
}

func (m *mpsParser) quadratic(fields []string) error {
	if len(fields) != 3 {
		return m.fail("%d fields: want two columns and a value", len(fields))
	}
	i, okI := m.cols[fields[0]]
	j, okJ := m.cols[fields[1]]
	if !okI || !okJ {
		name := fields[0]
		if okI {
			name = fields[1]
		}
		return m.fail("%s: column %s is not declared in COLUMNS", m.section, name)
	}
	v, err := m.number(fields[2])
	if err != nil {
		return err
	}
	if i != j && m.full {
		v /= 2 // the mirror image brings the other half
	}
	m.quad.add(min(i, j), max(i, j), v)
	return nil
}

func (m *mpsParser) number(s string) (float64, error) {
	v, err := parseNumber(s)
	if err != nil || !finite(v) {
		return 0, m.fail("%q is not a finite number", s)
	}
	return v, nil
}

// bounding reads a bound: what is beyond 1e20, or says so, is infinite.
func (m *mpsParser) bounding(s string) (float64, error) {
	v, err := parseNumber(s)
	if err != nil || math.IsNaN(v) {
		return 0, m.fail("%q is not a number", s)
	}
	if math.Abs(v) >= unboundedFrom {
		v = math.Inf(int(math.Copysign(1, v)))
	}
	return v, nil
}

// parseNumber reads a number, with the exponent letter D of Fortran too.
func parseNumber(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		v, err = strconv.ParseFloat(strings.NewReplacer("d", "e", "D", "e").Replace(s), 64)
	}
	return v, err
}

func (m *mpsParser) finish() (*File, error) {
	if !m.haveObj {
		return nil, fmt.Errorf("section ROWS declares no objective (a row of kind N)")
	}
	b := &builder{n: len(m.q), q: m.q, quad: m.quad}
	if err := m.placeRows(b); err != nil {
		return nil, err
	}
	for col := range m.q {
		lo, hi := m.lo[col], m.hi[col]
		if math.IsInf(lo, 1) || math.IsInf(hi, -1) {
			return nil, fmt.Errorf("column %s: bounds %g to %g", m.file.Columns[col], lo, hi)
		}
		b.bounds(col, lo, hi)
	}
	m.file.Constant = m.constant
	if m.file.Maximise {
		scaleBy(b.q, -1)
		scaleBy(b.quad.v, -1)
	}
	p, err := b.build()
	if err != nil {
		return nil, err
	}
	m.file.Problem = p
	return m.file, nil
}

// placeRows turns the rows into equations and inequalities; a range becomes two
// opposite inequalities.
func (m *mpsParser) placeRows(b *builder) error {
	type target struct {
		block *rowBlock
		row   int
		sign  float64
	}
	at := make([][]target, len(m.list))
	for k, r := range m.list {
		lo, hi := math.Inf(-1), math.Inf(1)
		switch r.kind {
		case 'E':
			lo, hi = r.rhs, r.rhs
			if r.ranged {
				lo, hi = min(lo, lo+r.span), max(hi, hi+r.span)
			}
		case 'L':
			hi = r.rhs
			if r.ranged {
				lo = hi - math.Abs(r.span)
			}
		case 'G':
			lo = r.rhs
			if r.ranged {
				hi = lo + math.Abs(r.span)
			}
		}
		if lo == hi {
			z := &b.kinds[Zero]
			at[k] = append(at[k], target{z, z.row(hi), 1})
			continue
		}
		g := &b.kinds[NonNeg]
		if hi < unboundedFrom {
			at[k] = append(at[k], target{g, g.row(hi), 1})
		}
		if lo > -unboundedFrom {
			at[k] = append(at[k], target{g, g.row(-lo), -1})
		}
	}
	for k, row := range m.a.i {
		for _, t := range at[row] {
			t.block.add(t.row, m.a.j[k], t.sign*m.a.v[k])
		}
	}
	return nil
}
