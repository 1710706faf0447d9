package cp

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// Expressions are trees whose walking and lowering cost far more than their
// building: e = abs(e) + square(e), forty times, is a tree of 2^40 nodes. So each
// expression is measured when it is built, from the measures of its arguments,
// and pays for the work before it is done.

// cost is what an expression costs to walk and to lower.
type cost struct {
	depth int   // of the tree
	work  int64 // steps of one walk over the whole tree, with its entries
	nnz   int64 // coefficients of its linear form, at most
	vars  int64 // scalar variables in it, at most
}

const (
	mostDepth = 2000 // Python itself gives up far earlier
	mostWork  = 50_000_000
	mostNNZ   = 20_000_000
)

// measure pays for building e and notes its cost.
func (s *Session) measure(in *py.Interp, e *convex.Expr) error {
	args := e.Args()
	if err := in.AllocN(e.Size()/4+len(args)+8, 64); err != nil {
		return err
	}
	c := s.costOf(e)
	switch {
	case c.depth > mostDepth:
		return py.RecursionError.New("maximum recursion depth exceeded")
	case c.work > mostWork || c.nnz > mostNNZ:
		return py.OverBudget("an expression is too large: written out, it would have more than %d parts", mostWork)
	}
	return in.Step(1 + len(args))
}

// costOf computes the cost of e once. Arguments that no program saw (promoted
// scalars and the like) are measured on the way.
func (s *Session) costOf(e *convex.Expr) cost {
	if c, ok := s.costs[e]; ok {
		return c
	}
	size := int64(e.Size())
	c := cost{depth: 1, work: 1 + size/16}
	if e.IsVariable() {
		c.nnz, c.vars = size, size
	}
	op := e.Op()
	args := e.Args()
	for k, a := range args {
		d := s.costOf(a)
		c.depth = max(c.depth, d.depth+1)
		c.work += d.work
		c.vars += d.vars
		grown := d.nnz
		if n := int64(a.Size()); n > 0 && size > n {
			grown *= size / n // broadcast or repeated
		}
		switch op {
		case "MulExpression":
			// Each coefficient meets the other factor's rows, or its columns.
			dims := a.Shape().Dims()
			other, inner := args[0], dims[0]
			if k == 0 {
				other, inner = args[1], dims[len(dims)-1]
			}
			grown = d.nnz * int64(max(1, other.Size()/max(1, inner)))
			c.work += grown / 16
		case "kron":
			grown = d.nnz * int64(max(args[0].Size(), args[1].Size()))
		case "cumsum":
			grown = d.nnz * max(1, size)
		}
		c.nnz += grown
	}
	if op == "cumsum" || op == "MulExpression" {
		c.nnz = min(c.nnz, size*c.vars)
	}
	c.work += c.nnz / 64
	s.costs[e] = c
	return c
}
