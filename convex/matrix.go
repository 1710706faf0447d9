package convex

import "fmt"

// Matrix is a constant matrix for use as an operand: dense, or sparse when
// most entries are zero (incidence and sensitivity matrices of a network).
type Matrix struct {
	rows, cols int
	dense      []float64 // row-major; nil when sparse
	ptr        []int32   // compressed rows
	idx        []int32
	val        []float64
	err        error
}

// Dense wraps row-major data of rows x cols entries. The data is copied.
func Dense(rows, cols int, data []float64) *Matrix {
	if rows < 0 || cols < 0 || rows*cols != len(data) {
		return &Matrix{err: &ShapeError{Op: "Dense", Reason: fmt.Sprintf("a %d by %d matrix needs %d numbers, got %d", rows, cols, rows*cols, len(data))}}
	}
	return &Matrix{rows: rows, cols: cols, dense: append(make([]float64, 0, len(data)), data...)}
}

// Sparse builds a rows x cols matrix from triplets; repeated entries add up.
func Sparse(rows, cols int, i, j []int, v []float64) *Matrix {
	if rows < 0 || cols < 0 || len(i) != len(j) || len(i) != len(v) {
		return &Matrix{err: &ShapeError{Op: "Sparse", Reason: fmt.Sprintf("%d row indices, %d column indices and %d values", len(i), len(j), len(v))}}
	}
	m := &Matrix{rows: rows, cols: cols, ptr: make([]int32, rows+1)}
	for k := range i {
		if i[k] < 0 || i[k] >= rows || j[k] < 0 || j[k] >= cols {
			return &Matrix{err: &ShapeError{Op: "Sparse", Reason: fmt.Sprintf("entry (%d, %d) lies outside %d by %d", i[k], j[k], rows, cols)}}
		}
		m.ptr[i[k]+1]++
	}
	for r := range rows {
		m.ptr[r+1] += m.ptr[r]
	}
	m.idx, m.val = make([]int32, len(i)), make([]float64, len(i))
	next := append([]int32(nil), m.ptr[:rows]...)
	for k := range i {
		at := next[i[k]]
		m.idx[at], m.val[at] = int32(j[k]), v[k]
		next[i[k]]++
	}
	return m
}

// full returns the entries row-major.
func (m *Matrix) full() []float64 {
	if m.dense != nil || m.ptr == nil {
		return m.dense
	}
	out := make([]float64, m.rows*m.cols)
	for r := range m.rows {
		for k := m.ptr[r]; k < m.ptr[r+1]; k++ {
			out[r*m.cols+int(m.idx[k])] += m.val[k]
		}
	}
	return out
}

// constOf turns a Go value into values and their shape.
func constOf(v any) (values []float64, sparse *Matrix, shape Shape, err error) {
	switch v := v.(type) {
	case float64:
		return []float64{v}, nil, Scalar, nil
	case int:
		return []float64{float64(v)}, nil, Scalar, nil
	case []float64:
		return append(make([]float64, 0, len(v)), v...), nil, Vec(len(v)), nil
	case [][]float64:
		cols := 0
		if len(v) > 0 {
			cols = len(v[0])
		}
		values = make([]float64, 0, len(v)*cols)
		for i, row := range v {
			if len(row) != cols {
				return nil, nil, Shape{}, &ShapeError{Op: "Const", Reason: fmt.Sprintf("row %d has %d numbers where row 0 has %d", i, len(row), cols)}
			}
			values = append(values, row...)
		}
		return values, nil, Mat(len(v), cols), nil
	case *Matrix:
		switch {
		case v == nil:
			return nil, nil, Shape{}, &ShapeError{Op: "Const", Reason: "the matrix is nil"}
		case v.err != nil:
			return nil, nil, Shape{}, v.err
		case v.ptr != nil:
			return nil, v, Mat(v.rows, v.cols), nil
		}
		return v.dense, nil, Mat(v.rows, v.cols), nil
	}
	return nil, nil, Shape{}, &ShapeError{Op: "Const", Reason: fmt.Sprintf("operands are expressions, numbers, []float64, [][]float64 or *Matrix, not %T", v)}
}
