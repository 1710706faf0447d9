package convex

import (
	"fmt"
	"strings"
)

// Sel selects along one dimension; see At, Span, All and Pick.
type Sel struct {
	kind         selKind
	lo, hi, step int
	list         []int
}

type selKind uint8

const (
	selAt selKind = iota
	selSpan
	selAll
	selPick
)

// At selects one entry and drops the dimension. A negative i counts from the end.
func At(i int) Sel { return Sel{kind: selAt, lo: i} }

// Span selects lo, lo+step, ... below hi (above it for a negative step). Bounds
// outside the dimension are clipped, negative ones count from the end, as in
// Python.
func Span(lo, hi, step int) Sel { return Sel{kind: selSpan, lo: lo, hi: hi, step: step} }

// All selects the whole dimension.
func All() Sel { return Sel{kind: selAll} }

// Pick selects the listed entries; repeats are allowed.
func Pick(list ...int) Sel { return Sel{kind: selPick, list: list} }

// At is the entry of a vector, or the row or entry of a matrix.
func (e *Expr) At(index ...int) *Expr {
	sel := make([]Sel, len(index))
	for k, i := range index {
		sel[k] = At(i)
	}
	return e.Index(sel...)
}

// Slice is e[lo:hi] along the first dimension.
func (e *Expr) Slice(lo, hi int) *Expr { return e.Index(Span(lo, hi, 1)) }

// Index selects along each dimension; missing selections take all.
func (e *Expr) Index(sel ...Sel) *Expr {
	if e.err != nil {
		return e
	}
	bad := func(format string, args ...any) *Expr {
		return failed(&index{}, &ShapeError{Op: "index", Shapes: []Shape{e.shape}, Reason: fmt.Sprintf(format, args...)}, e)
	}
	if len(sel) > e.shape.Rank() {
		return bad("%d indices for %d dimensions", len(sel), e.shape.Rank())
	}
	var kept []int
	labels := make([]string, e.shape.Rank())
	picks := make([]seq, e.shape.Rank())
	counts := make([]int, e.shape.Rank())
	for d := range e.shape.Rank() {
		s := All()
		if d < len(sel) {
			s = sel[d]
		}
		var err error
		if picks[d], counts[d], labels[d], err = s.resolve(e.shape.dim[d], d); err != nil {
			return bad("%v", err)
		}
		if s.kind != selAt {
			kept = append(kept, counts[d])
		}
	}
	label := strings.Join(labels, ", ")
	switch e.shape.Rank() {
	case 0:
		return e
	case 1:
		return newNode(&index{at: picks[0], text: label}, shapeOf(kept), e)
	}
	return newNode(&index{at: gridSeq(picks[0], counts[0], picks[1], counts[1], e.shape.cols()), text: label}, shapeOf(kept), e)
}

// gridSeq lists the row-major places of rows x cols, as a progression where
// they are one.
func gridSeq(rows seq, nr int, cols seq, nc, width int) seq {
	if rows.list == nil && cols.list == nil {
		switch {
		case nr == 1 || nr == 0:
			return seq{first: rows.first*int32(width) + cols.first, step: cols.step}
		case nc == 1:
			return seq{first: rows.first*int32(width) + cols.first, step: rows.step * int32(width)}
		case rows.step == 1 && cols.step == 1 && nc == width:
			return from(int(rows.first) * width)
		}
	}
	list := make([]int32, 0, nr*nc)
	for i := range nr {
		for j := range nc {
			list = append(list, rows.at(i)*int32(width)+cols.at(j))
		}
	}
	return seq{list: list}
}

func (s Sel) resolve(n, axis int) (at seq, count int, label string, err error) {
	wrap := func(i int) (int, error) {
		k := i
		if k < 0 {
			k += n
		}
		if k < 0 || k >= n {
			return 0, fmt.Errorf("index %d is out of bounds for axis %d with size %d", i, axis, n)
		}
		return k, nil
	}
	switch s.kind {
	case selAt:
		k, err := wrap(s.lo)
		return from(k), 1, fmt.Sprint(k), err
	case selAll:
		return from(0), n, spanLabel(0, n, 1), nil
	case selPick:
		list := make([]int32, len(s.list))
		parts := make([]string, len(s.list))
		for i, v := range s.list {
			k, err := wrap(v)
			if err != nil {
				return seq{}, 0, "", err
			}
			list[i], parts[i] = int32(k), fmt.Sprint(v)
		}
		return seq{list: list}, len(list), "[" + strings.Join(parts, ", ") + "]", nil
	}
	if s.step == 0 {
		return seq{}, 0, "", fmt.Errorf("the step of a slice cannot be 0")
	}
	clip := func(i, lo, hi int) int {
		if i < 0 {
			i += n
		}
		return min(max(i, lo), hi)
	}
	var lo, hi int
	if s.step > 0 {
		lo, hi = clip(s.lo, 0, n), clip(s.hi, 0, n)
		count = max(0, ceilDiv(hi-lo, s.step))
	} else {
		lo, hi = clip(s.lo, -1, n-1), clip(s.hi, -1, n-1)
		count = max(0, ceilDiv(lo-hi, -s.step))
	}
	return seq{first: int32(lo), step: int32(s.step)}, count, spanLabel(lo, hi, s.step), nil
}

// spanLabel prints a slice as cvxpy does: a slice of one entry as an index.
func spanLabel(lo, hi, step int) string {
	switch {
	case lo+step >= hi:
		return fmt.Sprint(lo)
	case step == 1:
		return fmt.Sprintf("%d:%d", lo, hi)
	}
	return fmt.Sprintf("%d:%d:%d", lo, hi, step)
}

// Gather is an expression of any shape whose entry i (row-major) is the entry
// at[i] of v (row-major); label is printed in brackets. It serves numpy's
// indexing by masks and arrays.
func Gather(v any, s Shape, at []int, label string) *Expr {
	x := expr(v)
	if x.err != nil {
		return x
	}
	a := &index{text: label, at: seq{list: make([]int32, len(at))}}
	if len(at) != s.Size() {
		return failed(a, &ShapeError{Op: "index", Shapes: []Shape{x.shape, s}, Reason: fmt.Sprintf("%d entries for a shape of %d", len(at), s.Size())}, x)
	}
	for i, k := range at {
		if k < 0 || k >= x.Size() {
			return failed(a, &ShapeError{Op: "index", Shapes: []Shape{x.shape}, Reason: fmt.Sprintf("entry %d is out of bounds", k)}, x)
		}
		a.at.list[i] = int32(k)
	}
	return newNode(a, s, x)
}

// index selects entries of its argument.
type index struct {
	affineAtom
	at   seq
	text string
}

func (*index) name() string           { return "index" }
func (a *index) label(e *Expr) string { return e.args[0].String() + "[" + a.text + "]" }
func (a *index) eval(_ *Expr, args [][]float64, out []float64) {
	for i := range out {
		out[i] = args[0][a.at.at(i)]
	}
}
func (a *index) lower(c *canon, e *Expr) form {
	return c.form(e.args[0]).gathered(a.at, e.Size())
}
