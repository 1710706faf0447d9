package cp

import (
	"math"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// Limits that are infinite, x <= np.inf, demand nothing. Package convex refuses
// infinite numbers, so their rows are left out of what is solved.

// solvable is the constraint without the rows that demand nothing, and the
// entries that are left, nil where all are.
func (c *Constraint) solvable(in *py.Interp) (*convex.Constraint, []int, error) {
	if c.class != inequalityType {
		return c.c, nil, nil
	}
	lo, hi := c.c.Args()[0], c.c.Args()[1]
	noLower, noUpper := infinities(lo, -1), infinities(hi, 1)
	if noLower == nil && noUpper == nil {
		return c.c, nil, nil
	}
	shape := c.c.Shape()
	if err := in.AllocN(shape.Size(), 64); err != nil {
		return nil, nil, err
	}
	left := []int{}
	for k := range shape.Size() {
		if !at(noLower, k, lo.Shape(), shape) && !at(noUpper, k, hi.Shape(), shape) {
			left = append(left, k)
		}
	}
	pick := func(e *convex.Expr) *convex.Expr {
		return convex.Gather(convex.BroadcastTo(e, shape), convex.Vec(len(left)), left, "finite")
	}
	return pick(lo).LE(pick(hi)).Named(c.c.Name()), left, nil
}

// infinities marks the entries of a constant that are infinite to one side;
// nil where there are none.
func infinities(e *convex.Expr, sign int) []bool {
	if e.Op() != "Constant" {
		return nil
	}
	v, err := e.Value(nil)
	if err != nil {
		return nil
	}
	var marks []bool
	for k, x := range v {
		if math.IsInf(x, sign) {
			if marks == nil {
				marks = make([]bool, len(v))
			}
			marks[k] = true
		}
	}
	return marks
}

// at looks up entry k of a shape in marks of a shape that broadcasts to it.
func at(marks []bool, k int, from, to convex.Shape) bool {
	if marks == nil {
		return false
	}
	f, t := from.Dims(), to.Dims()
	place, stride := 0, 1
	for d := 1; d <= len(t); d++ {
		n := t[len(t)-d]
		if d <= len(f) && f[len(f)-d] > 1 {
			place += k % n * stride
			stride *= f[len(f)-d]
		}
		k /= n
	}
	return marks[place]
}

// scatter puts the multipliers of the rows that are left into their places.
func scatter(dual []float64, left []int, size int) []float64 {
	if dual == nil || left == nil {
		return dual
	}
	out := make([]float64, size)
	for k, at := range left {
		out[at] = dual[k]
	}
	return out
}
