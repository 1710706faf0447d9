package conic

import (
	"math"
	"slices"
)

// The presolve looks at the structure only, so that new values need no new
// analysis: columns fixed by an equation with one entry go; a nonnegative row
// with one entry becomes a side (bound) of its variable; proportional rows
// share one linear row, of which they become sides; rows of a cone that hold no
// variable are folded into its head. What depends on values (equal bounds, a
// bound that another one implies) is masked in load and may change from one
// set of values to the next.

type rowKind uint8

const (
	rowConstant rowKind = iota // no variable left in it
	rowFixes                   // the equation that fixes a column
	rowLinear                  // an equation with its own linear row
	rowTwin                    // an equation proportional to another one
	rowSide                    // a nonnegative row: side of a carrier
	rowCone                    // a row of a second-order cone that is kept
)

// structure maps a problem to its reduced form.
type structure struct {
	orig *Problem // shapes and patterns; values current

	cols      []int32 // kept column -> original
	colTo     []int32 // original column -> kept, or -1
	fixes     []fixing
	kind      []rowKind
	to        []int32 // rowLinear, rowTwin: linear row; rowSide: carrier; rowCone: cone row
	lead      []int   // rowTwin, rowSide, rowLinear: place in A.Val of the coefficient that sets its scale
	linear    []int32 // linear row -> original row that represents it
	equal     []bool  // linear row: it is an equation for every choice of values
	cones     []coneMap
	constants []coneMap // cones without variables
	groups    bool      // some rows share a linear row

	// Reduced matrices: pattern, and where each value comes from.
	aPtr, aIdx []int32 // rows: linear rows, then cone rows
	aFrom      []int
	pPtr, pIdx []int32 // upper triangle
	pFrom      []int
	coneRows   int
}

// A carrier is what a side bounds: the variable c where c < len(cols), the
// linear row c - len(cols) otherwise.

type fixing struct {
	col, row int32
	at       int // place of the coefficient in A.Val
}

// coneMap is one second-order cone: its rows that stay, and the constant ones
// folded into its head.
type coneMap struct {
	head     int32   // original row
	constant []int32 // original rows without variables; includes head where it has none
	kept     []int32 // original rows of the reduced cone; the first stands for the head
	start    int     // first cone row
}

func (c *coneMap) folds() bool { return len(c.constant) > 0 && c.constant[0] == c.head }

// rowsOf lists the entries of A by rows: row r holds the places at[ptr[r]:ptr[r+1]]
// of RowIdx and Val, in columns col.
type rowView struct {
	ptr []int32
	at  []int
	col []int32
}

func rowsOf(a *CSC) rowView {
	v := rowView{ptr: make([]int32, a.Rows+1), at: make([]int, a.NNZ()), col: make([]int32, a.NNZ())}
	for _, i := range a.RowIdx {
		v.ptr[i+1]++
	}
	for i := range a.Rows {
		v.ptr[i+1] += v.ptr[i]
	}
	next := slices.Clone(v.ptr[:a.Rows])
	for j := range a.Cols {
		for p := a.ColPtr[j]; p < a.ColPtr[j+1]; p++ {
			i := a.RowIdx[p]
			v.at[next[i]], v.col[next[i]] = p, int32(j)
			next[i]++
		}
	}
	return v
}

func newStructure(p *Problem) *structure {
	m, n := len(p.B), len(p.Q)
	s := &structure{orig: p, colTo: make([]int32, n), kind: make([]rowKind, m), to: make([]int32, m), lead: make([]int, m)}
	rows := rowsOf(p.A)
	s.fixColumns(rows)
	for j := range n {
		if s.colTo[j] >= 0 {
			s.colTo[j] = int32(len(s.cols))
			s.cols = append(s.cols, int32(j))
		}
	}
	s.classify(rows)
	s.reduce()
	return s
}

// coneOfRow calls f for each cone with its first row.
func eachCone(p *Problem, f func(c Cone, first int)) {
	row := 0
	for _, c := range p.Cones {
		f(c, row)
		row += c.Dim
	}
}

// fixColumns removes columns that an equation with a single entry fixes, over
// and over as removal leaves single entries elsewhere.
func (s *structure) fixColumns(rows rowView) {
	p := s.orig
	count := make([]int32, len(p.B))
	isEq := make([]bool, len(p.B))
	var queue []int32
	eachCone(p, func(c Cone, first int) {
		for r := first; r < first+c.Dim; r++ {
			count[r] = rows.ptr[r+1] - rows.ptr[r]
			isEq[r] = c.Kind == Zero
			if isEq[r] && count[r] == 1 {
				queue = append(queue, int32(r))
			}
		}
	})
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		if count[r] != 1 || s.kind[r] == rowFixes {
			continue
		}
		for k := rows.ptr[r]; k < rows.ptr[r+1]; k++ {
			j := rows.col[k]
			if s.colTo[j] < 0 {
				continue
			}
			if p.A.Val[rows.at[k]] == 0 {
				break // 0 x = b fixes nothing
			}
			s.colTo[j] = -1
			s.kind[r] = rowFixes
			s.fixes = append(s.fixes, fixing{j, r, rows.at[k]})
			for q := p.A.ColPtr[j]; q < p.A.ColPtr[j+1]; q++ {
				i := p.A.RowIdx[q]
				count[i]--
				if isEq[i] && count[i] == 1 {
					queue = append(queue, int32(i))
				}
			}
			break
		}
	}
}

// classify decides what each row becomes.
func (s *structure) classify(rows rowView) {
	p := s.orig
	left := make([]int32, len(p.B)) // entries in kept columns
	for r := range p.B {
		s.lead[r] = -1
		for k := rows.ptr[r]; k < rows.ptr[r+1]; k++ {
			if s.colTo[rows.col[k]] < 0 {
				continue
			}
			left[r]++
			if s.lead[r] < 0 || p.A.Val[s.lead[r]] == 0 && p.A.Val[rows.at[k]] != 0 {
				s.lead[r] = rows.at[k]
			}
		}
	}
	shared := newTwins(s, rows)
	linearRow := func(r int, equation bool) {
		rep, found := shared.find(int32(r))
		if found {
			s.to[r] = s.to[rep]
			if s.kind[rep] == rowSide {
				s.to[r] -= int32(len(s.cols))
			}
			s.groups = true
		} else {
			s.to[r] = int32(len(s.linear))
			s.linear = append(s.linear, int32(r))
			s.equal = append(s.equal, equation)
		}
		switch {
		case !equation:
			s.kind[r] = rowSide
			s.to[r] += int32(len(s.cols))
		case found:
			s.kind[r] = rowTwin
		default:
			s.kind[r] = rowLinear
		}
	}
	// Equations first, so that they represent their groups.
	eachCone(p, func(c Cone, first int) {
		if c.Kind != Zero {
			return
		}
		for r := first; r < first+c.Dim; r++ {
			if s.kind[r] != rowFixes && left[r] > 0 {
				linearRow(r, true)
			}
		}
	})
	eachCone(p, func(c Cone, first int) {
		switch {
		case c.Kind == NonNeg || c.Kind == SOC && c.Dim == 1:
			for r := first; r < first+c.Dim; r++ {
				switch left[r] {
				case 0:
				case 1:
					s.kind[r] = rowSide
					s.to[r] = s.colTo[s.columnAt(rows, r)]
				default:
					linearRow(r, false)
				}
			}
		case c.Kind == SOC && c.Dim > 1:
			s.addCone(c, first, left)
		}
	})
}

// columnAt returns the column of the one entry of row r in a kept column.
func (s *structure) columnAt(rows rowView, r int) int32 {
	for k := rows.ptr[r]; k < rows.ptr[r+1]; k++ {
		if s.colTo[rows.col[k]] >= 0 {
			return rows.col[k]
		}
	}
	panic("conic: a row without entries")
}

// addCone keeps the rows of a second-order cone that hold variables. Constant
// rows c fold into the head: where the head h is constant too, |(c, t)| <= h is
// |t| <= sqrt(h² - |c|²); otherwise several constants become one.
func (s *structure) addCone(c Cone, first int, left []int32) {
	m := coneMap{head: int32(first), start: s.coneRows}
	rows := make([]int32, 0, c.Dim+1) // the constant ones, then those that are kept
	for r := first; r < first+c.Dim; r++ {
		if left[r] == 0 {
			rows = append(rows, int32(r))
		}
	}
	constants := len(rows)
	m.constant = rows[:constants:constants]
	for r := first; r < first+c.Dim; r++ {
		if left[r] > 0 || r == first {
			rows = append(rows, int32(r))
		}
	}
	if constants > 0 && !m.folds() {
		rows = append(rows, m.constant[0]) // stands for all constants
	}
	m.kept = rows[constants:]
	if m.folds() && len(m.kept) == 1 { // nothing but constants
		s.constants = append(s.constants, m)
		return
	}
	for k, r := range m.kept {
		s.kind[r] = rowCone
		s.to[r] = int32(m.start + k)
	}
	s.coneRows += len(m.kept)
	s.cones = append(s.cones, m)
}

// reduce lists the reduced matrices and where their values come from.
func (s *structure) reduce() {
	p := s.orig
	linearAt := make([]int32, len(p.B)) // reduced row + 1
	for k, r := range s.linear {
		linearAt[r] = int32(k) + 1
	}
	for _, c := range s.cones {
		for k, r := range c.kept {
			linearAt[r] = int32(len(s.linear)+c.start+k) + 1
		}
	}
	s.aPtr = append(s.aPtr, 0)
	for _, j := range s.cols {
		for q := p.A.ColPtr[j]; q < p.A.ColPtr[j+1]; q++ {
			if r := linearAt[p.A.RowIdx[q]]; r > 0 {
				s.aIdx = append(s.aIdx, r-1)
				s.aFrom = append(s.aFrom, q)
			}
		}
		s.aPtr = append(s.aPtr, int32(len(s.aIdx)))
	}
	s.pPtr = append(s.pPtr, 0)
	for _, j := range s.cols {
		if p.P != nil {
			for q := p.P.ColPtr[j]; q < p.P.ColPtr[j+1]; q++ {
				if i := s.colTo[p.P.RowIdx[q]]; i >= 0 {
					s.pIdx = append(s.pIdx, i)
					s.pFrom = append(s.pFrom, q)
				}
			}
		}
		s.pPtr = append(s.pPtr, int32(len(s.pIdx)))
	}
}

// twins finds rows that are multiples of each other.
type twins struct {
	s    *structure
	rows rowView
	seen map[uint64][]int32
}

func newTwins(s *structure, rows rowView) *twins {
	return &twins{s, rows, make(map[uint64][]int32)}
}

// find returns a row seen before that row r is a multiple of; otherwise it
// remembers r.
func (t *twins) find(r int32) (int32, bool) {
	h := t.hash(r)
	for _, rep := range t.seen[h] {
		if t.s.proportional(t.rows, rep, r) {
			return rep, true
		}
	}
	if len(t.seen[h]) < 8 { // bounded work: a missed twin costs a row, nothing else
		t.seen[h] = append(t.seen[h], r)
	}
	return 0, false
}

func (t *twins) hash(r int32) uint64 {
	s := t.s
	val := s.orig.A.Val
	lead := val[s.lead[r]]
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	for k := t.rows.ptr[r]; k < t.rows.ptr[r+1]; k++ {
		if s.colTo[t.rows.col[k]] >= 0 {
			ratio := float32(val[t.rows.at[k]] / lead)
			h = (h ^ uint64(t.rows.col[k])) * prime
			h = (h ^ uint64(math.Float32bits(ratio))) * prime
		}
	}
	return h
}

// proportional tells whether rows a and b have the same columns and values in
// one proportion, to rounding.
func (s *structure) proportional(rows rowView, a, b int32) bool {
	val := s.orig.A.Val
	la, lb := val[s.lead[a]], val[s.lead[b]]
	if la == 0 || lb == 0 {
		return false
	}
	ka, kb := rows.ptr[a], rows.ptr[b]
	for {
		for ka < rows.ptr[a+1] && s.colTo[rows.col[ka]] < 0 {
			ka++
		}
		for kb < rows.ptr[b+1] && s.colTo[rows.col[kb]] < 0 {
			kb++
		}
		enda, endb := ka == rows.ptr[a+1], kb == rows.ptr[b+1]
		if enda || endb {
			return enda && endb
		}
		if rows.col[ka] != rows.col[kb] {
			return false
		}
		x, y := val[rows.at[ka]]*lb, val[rows.at[kb]]*la
		if math.Abs(x-y) > 1e-14*math.Abs(x) {
			return false
		}
		ka++
		kb++
	}
}

// holds tells whether the values still allow the structure: fixing
// coefficients are not zero and proportional rows still are.
func (s *structure) holds() bool {
	val := s.orig.A.Val
	for _, f := range s.fixes {
		if val[f.at] == 0 {
			return false
		}
	}
	if !s.groups {
		return true
	}
	rows := rowsOf(s.orig.A)
	for r, k := range s.kind {
		l := -1
		switch {
		case k == rowTwin:
			l = int(s.to[r])
		case k == rowSide && int(s.to[r]) >= len(s.cols):
			l = int(s.to[r]) - len(s.cols)
		}
		if l >= 0 && int(s.linear[l]) != r && !s.proportional(rows, s.linear[l], int32(r)) {
			return false
		}
	}
	return true
}
