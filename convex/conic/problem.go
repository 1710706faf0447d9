package conic

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// CSC is a sparse matrix stored by columns: column j holds the entries
// ColPtr[j] to ColPtr[j+1]-1 of RowIdx and Val. Row indices within a column
// ascend and do not repeat. An entry that is stored is part of the structure
// even where its value is zero.
type CSC struct {
	Rows, Cols int
	ColPtr     []int // Cols+1
	RowIdx     []int
	Val        []float64
}

// NewCSC builds a matrix from triplets (i[k], j[k], v[k]) in any order, adding
// up the values of repeated positions. It fails where the lengths differ or an
// index lies outside.
func NewCSC(rows, cols int, i, j []int, v []float64) (*CSC, error) {
	if rows < 0 || cols < 0 {
		return nil, fmt.Errorf("conic: a matrix of %d x %d", rows, cols)
	}
	if len(i) != len(j) || len(i) != len(v) {
		return nil, fmt.Errorf("conic: triplets of unequal length: %d rows, %d columns, %d values", len(i), len(j), len(v))
	}
	m := &CSC{Rows: rows, Cols: cols, ColPtr: make([]int, cols+1)}
	for k := range i {
		if i[k] < 0 || i[k] >= rows || j[k] < 0 || j[k] >= cols {
			return nil, fmt.Errorf("conic: entry %d at (%d, %d) lies outside %d x %d", k, i[k], j[k], rows, cols)
		}
		m.ColPtr[j[k]+1]++
	}
	for c := range cols {
		m.ColPtr[c+1] += m.ColPtr[c]
	}
	next := slices.Clone(m.ColPtr[:cols])
	at := make([]int, len(i)) // triplets by column
	for k := range i {
		at[next[j[k]]] = k
		next[j[k]]++
	}
	m.RowIdx, m.Val = make([]int, 0, len(i)), make([]float64, 0, len(i))
	for c := range cols {
		col := at[m.ColPtr[c]:m.ColPtr[c+1]]
		slices.SortStableFunc(col, func(a, b int) int { return cmp.Compare(i[a], i[b]) })
		m.ColPtr[c] = len(m.Val)
		for t, k := range col {
			if t > 0 && i[k] == i[col[t-1]] {
				m.Val[len(m.Val)-1] += v[k]
				continue
			}
			m.RowIdx = append(m.RowIdx, i[k])
			m.Val = append(m.Val, v[k])
		}
	}
	m.ColPtr[cols] = len(m.Val)
	return m, nil
}

// NNZ returns the number of stored entries.
func (m *CSC) NNZ() int { return len(m.RowIdx) }

// Clone returns a deep copy.
func (m *CSC) Clone() *CSC {
	return &CSC{Rows: m.Rows, Cols: m.Cols, ColPtr: slices.Clone(m.ColPtr), RowIdx: slices.Clone(m.RowIdx), Val: slices.Clone(m.Val)}
}

// validate checks the storage and that every value is finite.
func (m *CSC) validate(name string, rows, cols int, upper bool) error {
	if m.Rows != rows || m.Cols != cols {
		return fmt.Errorf("conic: %s is %d x %d, want %d x %d", name, m.Rows, m.Cols, rows, cols)
	}
	if len(m.ColPtr) != cols+1 || m.ColPtr[0] != 0 || len(m.RowIdx) != len(m.Val) || m.ColPtr[cols] != len(m.Val) {
		return fmt.Errorf("conic: %s: column pointers do not fit %d columns and %d entries", name, cols, len(m.Val))
	}
	for j := range cols {
		lo, hi := m.ColPtr[j], m.ColPtr[j+1]
		if lo > hi || hi > len(m.Val) {
			return fmt.Errorf("conic: %s: column %d has pointers %d to %d", name, j, lo, hi)
		}
		prev := -1
		for k := lo; k < hi; k++ {
			i := m.RowIdx[k]
			if i <= prev || i >= rows {
				return fmt.Errorf("conic: %s: row %d after row %d in column %d: rows must ascend and stay below %d", name, i, prev, j, rows)
			}
			if upper && i > j {
				return fmt.Errorf("conic: %s has an entry at (%d, %d), below its diagonal: only the upper triangle is stored", name, i, j)
			}
			if !finite(m.Val[k]) {
				return fmt.Errorf("conic: %s has %g at (%d, %d)", name, m.Val[k], i, j)
			}
			prev = i
		}
	}
	return nil
}

// Kind is the kind of a cone.
type Kind uint8

// The cones.
const (
	Zero   Kind = iota // {0}: the rows are equations
	NonNeg             // s >= 0
	SOC                // s[0] >= |s[1:]|, the second-order cone
)

func (k Kind) String() string {
	switch k {
	case Zero:
		return "zero"
	case NonNeg:
		return "nonneg"
	case SOC:
		return "soc"
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Cone is a cone of Dim consecutive rows.
type Cone struct {
	Kind Kind
	Dim  int
}

// Problem is
//
//	minimise ½x'Px + q'x  subject to  Ax + s = b,  s ∈ K
//
// with x of length n = len(Q), s of length m = len(B) and K the product of
// Cones in the order of the rows.
type Problem struct {
	P     *CSC // n x n, positive semidefinite, upper triangle only; nil means zero
	Q     []float64
	A     *CSC // m x n
	B     []float64
	Cones []Cone // dimensions add up to m
}

// Validate reports the first thing that is wrong with shapes, indices, cones
// or values. It does not test that P is positive semidefinite.
func (p *Problem) Validate() error {
	n, m := len(p.Q), len(p.B)
	if p.A == nil {
		return fmt.Errorf("conic: A is missing")
	}
	if err := p.A.validate("A", m, n, false); err != nil {
		return err
	}
	if p.P != nil {
		if err := p.P.validate("P", n, n, true); err != nil {
			return err
		}
	}
	if err := finiteVector("q", p.Q); err != nil {
		return err
	}
	if err := finiteVector("b", p.B); err != nil {
		return err
	}
	rows := 0
	for k, c := range p.Cones {
		if c.Kind > SOC {
			return fmt.Errorf("conic: cone %d has unknown kind %d", k, c.Kind)
		}
		if c.Dim < 0 || c.Dim > m-rows {
			return fmt.Errorf("conic: cone %d (%s) has dimension %d, but %d of %d rows are left", k, c.Kind, c.Dim, m-rows, m)
		}
		rows += c.Dim
	}
	if rows != m {
		return fmt.Errorf("conic: the cones hold %d rows, A and b have %d", rows, m)
	}
	return nil
}

func finiteVector(name string, v []float64) error {
	for i, x := range v {
		if !finite(x) {
			return fmt.Errorf("conic: %s[%d] is %g", name, i, x)
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
