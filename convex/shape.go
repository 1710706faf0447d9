package convex

import (
	"fmt"
	"strings"
)

// Shape is the shape of an expression, as numpy has it: () for a scalar, (n,)
// for a vector, (m, n) for a matrix. The zero value is a scalar. Shapes are
// compared with ==. Values of a shape are always given and returned row-major.
type Shape struct {
	rank uint8
	dim  [2]int
}

// Scalar is the shape ().
var Scalar Shape

// Vec is the shape (n,).
func Vec(n int) Shape { return Shape{rank: 1, dim: [2]int{n}} }

// Mat is the shape (rows, cols).
func Mat(rows, cols int) Shape { return Shape{rank: 2, dim: [2]int{rows, cols}} }

// Rank is the number of dimensions: 0, 1 or 2.
func (s Shape) Rank() int { return int(s.rank) }

// Dims lists the lengths of the dimensions.
func (s Shape) Dims() []int { return append([]int(nil), s.dim[:s.rank]...) }

// Size is the number of entries.
func (s Shape) Size() int { return s.rows() * s.cols() }

// rows and cols read a vector as one row, which is how numpy broadcasts it.
func (s Shape) rows() int {
	if s.rank == 2 {
		return s.dim[0]
	}
	return 1
}

func (s Shape) cols() int {
	switch s.rank {
	case 0:
		return 1
	case 1:
		return s.dim[0]
	}
	return s.dim[1]
}

// single reports whether all dimensions are 1, cvxpy's is_scalar.
func (s Shape) single() bool { return s.Size() == 1 }

func (s Shape) valid() bool {
	const most = 1 << 30 // entries are counted in int32 from here on
	r, c := s.rows(), s.cols()
	return r >= 0 && c >= 0 && (r == 0 || c <= most/r)
}

// String prints the shape as Python prints a tuple.
func (s Shape) String() string {
	switch s.rank {
	case 0:
		return "()"
	case 1:
		return fmt.Sprintf("(%d,)", s.dim[0])
	}
	return fmt.Sprintf("(%d, %d)", s.dim[0], s.dim[1])
}

// broadcastShapes joins shapes by numpy's rules; ok is false when they clash.
func broadcastShapes(shapes ...Shape) (joined Shape, ok bool) {
	rank, rows, cols := uint8(0), 1, 1
	join := func(a, b int) (int, bool) {
		switch {
		case a == b || b == 1:
			return a, true
		case a == 1:
			return b, true
		}
		return 0, false
	}
	for _, s := range shapes {
		rank = max(rank, s.rank)
		var okRows, okCols bool
		if rows, okRows = join(rows, s.rows()); !okRows {
			return Shape{}, false
		}
		if cols, okCols = join(cols, s.cols()); !okCols {
			return Shape{}, false
		}
	}
	switch rank {
	case 0:
		return Scalar, true
	case 1:
		return Vec(cols), true
	}
	return Mat(rows, cols), true
}

// reduced is the shape left when axis is summed (or maximised) away; axis
// AllAxes takes every entry.
func (s Shape) reduced(axis int, keepDims bool) Shape {
	dims := s.Dims()
	if axis == AllAxes {
		for i := range dims {
			dims[i] = 1
		}
		if !keepDims {
			dims = nil
		}
	} else if keepDims {
		dims[axis] = 1
	} else {
		dims = append(dims[:axis], dims[axis+1:]...)
	}
	return shapeOf(dims)
}

func shapeOf(dims []int) Shape {
	switch len(dims) {
	case 0:
		return Scalar
	case 1:
		return Vec(dims[0])
	}
	return Mat(dims[0], dims[1])
}

// ShapeError tells that an operation met operands whose shapes or values do
// not fit. It travels with the expression (see Expr.Err) up to Compile.
type ShapeError struct {
	Op     string  // the operation, as cvxpy names it
	Shapes []Shape // of the operands
	Reason string  // what does not fit
}

func (e *ShapeError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "convex: %s: %s", e.Op, e.Reason)
	for i, s := range e.Shapes {
		if i == 0 {
			b.WriteString("; operands are ")
		} else {
			b.WriteString(" and ")
		}
		b.WriteString(s.String())
	}
	return b.String()
}

// UnsupportedError tells that a model needs something this package does not
// have: exponential or semidefinite cones, other exponents, more dimensions.
type UnsupportedError struct {
	Feature string // the atom or attribute
	Reason  string
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("convex: %s is not supported: %s", e.Feature, e.Reason)
}
