package convex

import (
	"fmt"
	"strconv"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// AllAxes stands for a reduction over every entry, Python's axis=None.
const AllAxes = -1

// axisLabel prints axis and keepdims as cvxpy does.
func axisLabel(axis int, keepDims bool) []string {
	a := "None"
	if axis != AllAxes {
		a = strconv.Itoa(axis)
	}
	if keepDims {
		return []string{a, "True"}
	}
	return []string{a, "False"}
}

// reduction is what atoms that take an axis away have in common: entry r of the
// argument belongs to entry to(r) of the result.
type reduction struct {
	axis int
	keep bool
}

// reduce applies an atom along an axis.
func reduce(v any, axis int, keep bool, make func(reduction) atom) *Expr {
	x := expr(v)
	a := make(reduction{axis, keep})
	if x.err != nil {
		return failed(a, x.err, x)
	}
	if x.shape.rank == 1 && axis == 0 {
		axis = AllAxes // as cvxpy prints it
		a = make(reduction{axis, keep})
	}
	if axis != AllAxes && (axis < 0 || axis >= x.shape.Rank()) {
		return failed(a, &ShapeError{Op: a.name(), Shapes: []Shape{x.shape}, Reason: fmt.Sprintf("there is no axis %d", axis)}, x)
	}
	return newNode(a, x.shape.reduced(axis, keep), x)
}

func (r reduction) to(s Shape) seq {
	if r.axis == AllAxes || s.rank < 2 {
		return same(0)
	}
	rows, cols := s.rows(), s.cols()
	list := make([]int32, rows*cols)
	for i := range list {
		if r.axis == 0 {
			list[i] = int32(i % cols)
		} else {
			list[i] = int32(i / cols)
		}
	}
	return seq{list: list}
}

// runs lists the entries of the argument so that those of one result entry
// stand together, and tells how many there are.
func (r reduction) runs(s Shape) (order seq, dim int) {
	switch {
	case r.axis == AllAxes || s.rank < 2:
		return from(0), s.Size()
	case r.axis == 1:
		return from(0), s.cols()
	}
	rows, cols := s.rows(), s.cols()
	list := make([]int32, rows*cols)
	for i := range list {
		list[i] = int32(i%rows*cols + i/rows)
	}
	return seq{list: list}, rows
}

// Sum is the sum of all entries.
func Sum(v any) *Expr { return SumAxis(v, AllAxes, false) }

// SumAxis is the sum along axis 0 (down columns) or 1 (along rows), or of all
// entries for AllAxes; keepDims leaves the axis with length 1.
func SumAxis(v any, axis int, keepDims bool) *Expr {
	return reduce(v, axis, keepDims, func(r reduction) atom { return total{r} })
}

// Mean is the mean of all entries.
func Mean(v any) *Expr {
	x := expr(v)
	return Sum(x).Over(float64(x.Size()))
}

// Trace is the sum of a square matrix's diagonal.
func Trace(v any) *Expr { return newNamed("Trace", Sum(Diag(v)), expr(v)) }

type total struct{ reduction }

func (total) name() string                     { return "Sum" }
func (t total) label(e *Expr) string           { return call("Sum", e.args, axisLabel(t.axis, t.keep)...) }
func (total) signs(e *Expr) signs              { return e.args[0].sign }
func (total) curve(*Expr) (bool, bool)         { return true, true }
func (total) monotone(*Expr, int) (bool, bool) { return true, false }
func (t total) eval(e *Expr, args [][]float64, out []float64) {
	to := t.to(e.args[0].shape)
	for i, v := range args[0] {
		out[to.at(i)] += v
	}
}
func (t total) lower(c *canon, e *Expr) form {
	return c.form(e.args[0]).scattered(t.to(e.args[0].shape), e.Size())
}

// named prints an expression that is made of others under a name of its own.
type named struct {
	affineAtom
	title string
	shown *Expr
}

func newNamed(title string, of, shown *Expr) *Expr {
	return newNode(&named{title: title, shown: shown}, of.shape, of)
}
func (a *named) name() string                                  { return a.title }
func (a *named) label(*Expr) string                            { return call(a.title, []*Expr{a.shown}) }
func (a *named) eval(_ *Expr, args [][]float64, out []float64) { copy(out, args[0]) }
func (a *named) lower(c *canon, e *Expr) form                  { return c.form(e.args[0]) }

// CumSum is the running sum along an axis (0 for a vector).
func CumSum(v any, axis int) *Expr {
	x := expr(v)
	a := cumsum{axis: axis}
	if x.err != nil {
		return failed(a, x.err, x)
	}
	if axis < 0 || axis >= x.shape.Rank() {
		return failed(a, &ShapeError{Op: "cumsum", Shapes: []Shape{x.shape}, Reason: fmt.Sprintf("there is no axis %d", axis)}, x)
	}
	return newNode(a, x.shape, x)
}

type cumsum struct {
	affineAtom
	axis int
}

func (cumsum) name() string           { return "cumsum" }
func (a cumsum) label(e *Expr) string { return call("cumsum", e.args, strconv.Itoa(a.axis)) }

// stride is the distance between neighbours along the axis, and length their
// number.
func (a cumsum) stride(s Shape) (stride, length int) {
	if s.rank == 2 && a.axis == 0 {
		return s.cols(), s.rows()
	}
	return 1, s.cols()
}
func (a cumsum) eval(e *Expr, args [][]float64, out []float64) {
	stride, length := a.stride(e.shape)
	for i, v := range args[0] {
		out[i] = v
		if i/stride%length > 0 {
			out[i] += out[i-stride]
		}
	}
}

// lower makes the running sums columns y with y[t] - y[t-1] = x[t]: a chain of
// short rows instead of a triangle of long ones.
func (a cumsum) lower(c *canon, e *Expr) form {
	x := c.epigraph(e.args[0])
	stride, length := a.stride(e.shape)
	if length <= 1 {
		return x
	}
	n := e.Size()
	y := columns(c.newColumns(n, e), n)
	var later, before []int32
	for i := range n {
		if i/stride%length > 0 {
			later, before = append(later, int32(i)), append(before, int32(i-stride))
		}
	}
	m := len(later)
	c.rows(conic.Zero, sum(y, x.scaled(-1), y.gathered(seq{list: before}, m).scattered(seq{list: later}, n).scaled(-1)))
	return y
}

// Diff is the k-th difference along an axis (0 for a vector).
func Diff(v any, k, axis int) *Expr {
	x := expr(v)
	if x.err != nil {
		return x
	}
	if axis < 0 || axis >= x.shape.Rank() || k < 0 || k >= x.shape.dim[min(axis, 1)] {
		return failed(&index{}, &ShapeError{Op: "diff", Shapes: []Shape{x.shape}, Reason: fmt.Sprintf("expected 0 <= k < length of axis %d, got k = %d", axis, k)}, x)
	}
	for range k {
		n := x.shape.dim[axis]
		late, early := []Sel{Span(1, n, 1)}, []Sel{Span(0, n-1, 1)}
		if axis == 1 {
			late, early = append([]Sel{All()}, late...), append([]Sel{All()}, early...)
		}
		x = x.Index(late...).Minus(x.Index(early...))
	}
	return x
}
