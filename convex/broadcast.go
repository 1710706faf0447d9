package convex

// binaryShape is the shape of a binary operation: numpy's, but that a single
// entry of any rank counts as a scalar beside more entries, as in cvxpy.
func binaryShape(a, b *Expr) (Shape, bool) {
	switch {
	case a.shape.single() && !b.shape.single():
		return b.shape, true
	case b.shape.single() && !a.shape.single():
		return a.shape, true
	}
	return broadcastShapes(a.shape, b.shape)
}

// broadcastBoth broadcasts the operands of a binary operator.
func broadcastBoth(a, b *Expr, s Shape) (*Expr, *Expr) {
	matrices := a.shape.rank == 2 && b.shape.rank == 2
	return broadcastTo(a, s, matrices), broadcastTo(b, s, matrices)
}

// BroadcastTo repeats an expression along dimensions of length 1, as numpy does.
func BroadcastTo(v any, s Shape) *Expr { return broadcastTo(expr(v), s, false) }

func broadcastTo(x *Expr, s Shape, matrices bool) *Expr {
	if x.err != nil || x.shape == s {
		return x
	}
	if x.shape.single() {
		return newNode(broadcast{to: s}, s, x)
	}
	if joined, ok := broadcastShapes(x.shape, s); !ok || joined != s {
		return failed(broadcast{to: s}, &ShapeError{Op: "broadcast_to", Shapes: []Shape{x.shape, s}, Reason: "the shapes cannot be broadcast together"}, x)
	}
	return newNode(broadcast{to: s, matrices: matrices}, s, x)
}

// broadcast repeats entries; cvxpy calls it Promote for scalars.
type broadcast struct {
	to       Shape
	matrices bool // between two matrices, where cvxpy multiplies by ones
}

func (broadcast) curve(*Expr) (bool, bool)         { return true, true }
func (broadcast) monotone(*Expr, int) (bool, bool) { return true, false }
func (broadcast) signs(e *Expr) signs              { return e.args[0].sign }
func (b broadcast) name() string                   { return "broadcast_to" }
func (b broadcast) label(e *Expr) string {
	if b.to.single() {
		return e.args[0].String()
	}
	if e.args[0].shape.single() {
		return call("Promote", e.args, b.to.String())
	}
	if !b.matrices {
		return call("broadcast_to", e.args, b.to.String())
	}
	return b.matrixLabel(e.args[0])
}

// matrixLabel prints the products with ones that cvxpy repeats a matrix by.
func (b broadcast) matrixLabel(x *Expr) string {
	ones := func(s Shape) string { return numpyString(constantBound(1, s.Size()), s) }
	text := x.String()
	switch x.shown().atom.(type) {
	case addition, division:
		text = "(" + text + ")"
	}
	if x.shape.rows() < b.to.rows() {
		text = ones(Mat(b.to.rows(), 1)) + " @ " + text
	}
	if x.shape.cols() < b.to.cols() {
		text += " @ " + ones(Mat(1, b.to.cols()))
	}
	return text
}

// source is the place in an operand of shape s that entry i comes from.
func (b broadcast) sources(s Shape) seq {
	rows, cols := b.to.rows(), b.to.cols()
	switch {
	case s.single():
		return same(0)
	case s.rows() == rows && s.cols() == cols:
		return from(0)
	}
	list := make([]int32, rows*cols)
	for i := range list {
		r, k := i/cols, i%cols
		if s.rows() == 1 {
			r = 0
		}
		if s.cols() == 1 {
			k = 0
		}
		list[i] = int32(r*s.cols() + k)
	}
	return seq{list: list}
}
func (b broadcast) eval(e *Expr, args [][]float64, out []float64) {
	from := b.sources(e.args[0].shape)
	for i := range out {
		out[i] = args[0][from.at(i)]
	}
}
func (b broadcast) lower(c *canon, e *Expr) form {
	return c.form(e.args[0]).gathered(b.sources(e.args[0].shape), b.to.Size())
}

// shown is the node that is printed for e: cvxpy has no broadcast from one single
// entry to another.
func (e *Expr) shown() *Expr {
	for {
		b, ok := e.atom.(broadcast)
		if !ok || !b.to.single() {
			return e
		}
		e = e.args[0]
	}
}
