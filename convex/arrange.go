package convex

import "fmt"

// arrangement moves every entry of its arguments to a place of its own: entry r
// of argument i goes to to[i][r].
type arrangement struct {
	affineAtom
	op   string
	text func(e *Expr) string
	to   []seq
}

func (a *arrangement) name() string         { return a.op }
func (a *arrangement) label(e *Expr) string { return a.text(e) }
func (a *arrangement) signs(e *Expr) signs  { return addition{}.signs(e) }
func (a *arrangement) eval(_ *Expr, args [][]float64, out []float64) {
	for i, arg := range args {
		for r, v := range arg {
			out[a.to[i].at(r)] = v
		}
	}
}
func (a *arrangement) lower(c *canon, e *Expr) form {
	out := form{rows: e.Size()}
	for i, arg := range e.args {
		out.blocks = append(out.blocks, c.form(arg).scattered(a.to[i], out.rows).blocks...)
	}
	return out
}

// Order is the order in which Reshape and Flatten read entries.
type Order byte

// Row-major order is numpy's default, column-major cvxpy's.
const (
	RowMajor    Order = 'C'
	ColumnMajor Order = 'F'
)

// transposed lists, for a rows x cols matrix, where each row-major entry lies
// when the matrix is read column by column.
func transposed(rows, cols int) seq {
	if rows <= 1 || cols <= 1 {
		return from(0)
	}
	list := make([]int32, rows*cols)
	for i := range list {
		list[i] = int32(i%cols*rows + i/cols)
	}
	return seq{list: list}
}

// Reshape gives the entries another shape, reading and writing them in order.
func Reshape(v any, s Shape, order Order) *Expr {
	x := expr(v)
	a := &arrangement{op: "reshape", to: []seq{from(0)}}
	a.text = func(e *Expr) string { return call("reshape", e.args, e.shape.String(), string(order)) }
	if x.err != nil {
		return failed(a, x.err, x)
	}
	if x.Size() != s.Size() {
		return failed(a, &ShapeError{Op: "reshape", Shapes: []Shape{x.shape, s}, Reason: "the numbers of entries differ"}, x)
	}
	if order == ColumnMajor {
		// Row-major place -> column-major rank in the old shape -> row-major
		// place of that rank in the new one.
		rank := transposed(x.shape.rows(), x.shape.cols())
		place := transposed(s.cols(), s.rows())
		a.to[0] = place.pick(rank, x.Size())
	}
	return newNode(a, s, x)
}

// Flatten is the vector of all entries; cvxpy calls it vec.
func Flatten(v any, order Order) *Expr {
	x := expr(v)
	return Reshape(x, Vec(x.Size()), order)
}

// T is the transpose; scalars and vectors are their own.
func (e *Expr) T() *Expr {
	if e.err != nil || e.shape.rank < 2 {
		return e
	}
	a := &arrangement{op: "transpose", to: []seq{transposed(e.shape.rows(), e.shape.cols())}}
	a.text = func(e *Expr) string { return e.args[0].String() + ".T" }
	return newNode(a, Mat(e.shape.cols(), e.shape.rows()), e)
}

// Hstack joins side by side: vectors end to end, matrices along columns.
func Hstack(vs ...any) *Expr {
	args := exprs(vs)
	axis := 1
	for i, x := range args {
		if x.err == nil && x.shape.rank == 0 {
			args[i] = Reshape(x, Vec(1), ColumnMajor)
		}
		if args[i].shape.rank == 1 {
			axis = 0
		}
	}
	return concatenate("Hstack", args, args, axis)
}

// Vstack joins on top of each other; vectors and scalars count as rows.
func Vstack(vs ...any) *Expr {
	shown := exprs(vs)
	args := make([]*Expr, len(shown))
	for i, x := range shown {
		args[i] = x
		if x.err == nil && x.shape.rank < 2 {
			args[i] = Reshape(x, Mat(1, x.Size()), RowMajor)
		}
	}
	return concatenate("Vstack", shown, args, 0)
}

// Concatenate joins expressions of one rank along an existing axis.
func Concatenate(axis int, vs ...any) *Expr {
	args := exprs(vs)
	return concatenate("Concatenate", args, args, axis)
}

// concatenate joins args along axis; shown are the arguments as printed.
func concatenate(op string, shown, args []*Expr, axis int) *Expr {
	a := &arrangement{op: op}
	a.text = func(*Expr) string {
		if op == "Concatenate" {
			return call(op, shown, fmt.Sprint(axis))
		}
		return call(op, shown)
	}
	shapes := make([]Shape, len(args))
	for i, x := range args {
		if x.err != nil {
			return failed(a, x.err, args...)
		}
		shapes[i] = x.shape
	}
	bad := func(reason string) *Expr {
		return failed(a, &ShapeError{Op: op, Shapes: shapes, Reason: reason}, args...)
	}
	if len(args) == 0 {
		return bad("nothing to join")
	}
	rank := shapes[0].Rank()
	if rank == 0 || axis < 0 || axis >= rank {
		return bad(fmt.Sprintf("there is no axis %d", axis))
	}
	dims := shapes[0].Dims()
	dims[axis] = 0
	for _, s := range shapes {
		for d := range rank {
			if s.Rank() != rank || d != axis && s.dim[d] != dims[d] {
				return bad("all dimensions but the one joined along must match")
			}
		}
		dims[axis] += s.dim[axis]
	}
	out := shapeOf(dims)
	offset := 0
	for _, s := range shapes {
		if rank == 1 || axis == 0 {
			a.to = append(a.to, from(offset))
			offset += s.Size()
			continue
		}
		list := make([]int32, s.Size())
		for i := range list {
			list[i] = int32(i/s.cols()*out.cols() + offset + i%s.cols())
		}
		a.to = append(a.to, seq{list: list})
		offset += s.cols()
	}
	return newNode(a, out, args...)
}

// Diag is the diagonal matrix of a vector, or the diagonal of a matrix.
func Diag(v any) *Expr {
	x := expr(v)
	if x.err != nil {
		return x
	}
	if n := x.Size(); x.shape.rank == 1 || x.shape.rank == 2 && min(x.shape.rows(), x.shape.cols()) == 1 {
		a := &arrangement{op: "diag_vec", to: []seq{{step: int32(n + 1)}}}
		a.text = func(e *Expr) string {
			return call("diag_vec", nil, fmt.Sprintf("reshape(%v, %v, F)", e.args[0], Vec(n)), "0")
		}
		return newNode(a, Mat(n, n), x)
	}
	n := x.shape.rows()
	if x.shape.rank == 0 || n != x.shape.cols() {
		return failed(&diagonal{}, &ShapeError{Op: "diag", Shapes: []Shape{x.shape}, Reason: "the argument is neither a vector nor a square matrix"}, x)
	}
	return newNode(&diagonal{index{at: seq{step: int32(n + 1)}}}, Vec(n), x)
}

type diagonal struct{ index }

func (*diagonal) name() string         { return "diag_mat" }
func (*diagonal) label(e *Expr) string { return call("diag_mat", e.args, "0") }

// Kron is the Kronecker product; one factor must hold no variables.
func Kron(a, b any) *Expr {
	x, y := expr(a), expr(b)
	if x.err != nil || y.err != nil {
		return newNode(kron{}, Scalar, x, y)
	}
	return newNode(kron{}, Mat(x.shape.rows()*y.shape.rows(), x.shape.cols()*y.shape.cols()), x, y)
}

type kron struct{ productAtom }

func (kron) name() string         { return "kron" }
func (kron) label(e *Expr) string { return call("kron", e.args) }

// places lists, for each entry of the product, the entries of both factors.
func (kron) places(a, b Shape) (left, right seq) {
	cols := a.cols() * b.cols()
	n := a.Size() * b.Size()
	l, r := make([]int32, n), make([]int32, n)
	for i := range n {
		row, col := i/cols, i%cols
		l[i] = int32(row/b.rows()*a.cols() + col/b.cols())
		r[i] = int32(row%b.rows()*b.cols() + col%b.cols())
	}
	return seq{list: l}, seq{list: r}
}
func (k kron) eval(e *Expr, args [][]float64, out []float64) {
	l, r := k.places(e.args[0].shape, e.args[1].shape)
	for i := range out {
		out[i] = args[0][l.at(i)] * args[1][r.at(i)]
	}
}
func (k kron) lower(c *canon, e *Expr) form {
	l, r := k.places(e.args[0].shape, e.args[1].shape)
	factor, x := e.args[0], e.args[1]
	if factor.vars {
		factor, x, l, r = x, factor, r, l
	}
	n := e.Size()
	repeatedFactor := newNode(&index{at: l}, e.shape, factor)
	return c.times(c.coefficients(repeatedFactor), c.form(x).gathered(r, n))
}
