package convex

import "fmt"

// Constraint demands that an expression is zero, not positive, or in a
// second-order cone; made by LE, GE, EQ and SOC.
type Constraint struct {
	kind     constraintKind
	lhs, rhs *Expr // of SOC: t and X
	diff     *Expr // lhs - rhs; nil for SOC
	axis     int   // of SOC
	name     string
	err      error
}

type constraintKind uint8

const (
	lessEqual constraintKind = iota
	equal
	secondOrder
)

// LE is the constraint e <= v in every entry, broadcast as numpy does.
func (e *Expr) LE(v any) *Constraint { return relate(lessEqual, e, expr(v)) }

// GE is the constraint e >= v in every entry; like cvxpy it is kept and printed
// as v <= e.
func (e *Expr) GE(v any) *Constraint { return relate(lessEqual, expr(v), e) }

// EQ is the constraint e == v in every entry.
func (e *Expr) EQ(v any) *Constraint { return relate(equal, e, expr(v)) }

func relate(kind constraintKind, lhs, rhs *Expr) *Constraint {
	c := &Constraint{kind: kind, lhs: lhs, rhs: rhs, diff: add(lhs, rhs.Negate())}
	c.err = c.diff.err
	return c
}

// SOC is the second-order cone constraint ||x|| <= t for a scalar t and a vector
// x; for a matrix x and a vector t, one constraint per column.
func SOC(t, x any) *Constraint { return SOCAxis(t, x, 0) }

// SOCAxis is SOC with norms along axis 0 (one per column) or 1 (one per row).
func SOCAxis(t, x any, axis int) *Constraint {
	c := &Constraint{kind: secondOrder, lhs: expr(t), rhs: expr(x), axis: axis}
	for _, e := range []*Expr{c.lhs, c.rhs} {
		if e.err != nil {
			c.err = e.err
			return c
		}
	}
	cones := 1
	if c.rhs.shape.rank == 2 && (axis == 0 || axis == 1) {
		cones = c.rhs.shape.dim[1-axis]
	}
	if c.lhs.shape.rank == 2 || c.lhs.Size() != cones || axis != 0 && (axis != 1 || c.rhs.shape.rank < 2) {
		c.err = &ShapeError{Op: "SOC", Shapes: []Shape{c.lhs.shape, c.rhs.shape}, Reason: fmt.Sprintf("with axis %d the first must have one entry for each norm of the second", axis)}
	}
	return c
}

// Named gives the constraint a name for explanations and returns it.
func (c *Constraint) Named(name string) *Constraint {
	c.name = name
	return c
}

// Name is the name given by Named, or "".
func (c *Constraint) Name() string { return c.name }

// Err is the mistake made in building the constraint, nil when there is none.
func (c *Constraint) Err() error { return c.err }

// Args are the two sides, or t and X of a second-order cone.
func (c *Constraint) Args() []*Expr { return []*Expr{c.lhs, c.rhs} }

// Shape is the shape of the constraint's residual and dual value; for a
// second-order cone that of t.
func (c *Constraint) Shape() Shape {
	if c.kind == secondOrder {
		return c.lhs.shape
	}
	return c.diff.shape
}

// String prints the constraint as cvxpy does.
func (c *Constraint) String() string {
	switch c.kind {
	case lessEqual:
		return c.lhs.String() + " <= " + c.rhs.String()
	case equal:
		return c.lhs.String() + " == " + c.rhs.String()
	}
	t := c.lhs.String()
	if c.lhs.shape.rank == 0 {
		t = call("reshape", []*Expr{c.lhs}, "(1,)", "F")
	}
	return fmt.Sprintf("SOC(%s, %v)", t, c.rhs)
}

// IsDCP reports whether the constraint follows the rules: convex <= concave,
// affine == affine, affine parts in a cone.
func (c *Constraint) IsDCP() bool {
	switch {
	case c.err != nil:
		return false
	case c.kind == lessEqual:
		return c.diff.convex
	case c.kind == equal:
		return c.diff.IsAffine()
	}
	return c.lhs.IsAffine() && c.rhs.IsAffine()
}
