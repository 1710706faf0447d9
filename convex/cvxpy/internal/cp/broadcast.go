package cp

import (
	"fmt"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// broadcastError words shapes that do not fit together.
func broadcastError(a, b convex.Shape) error {
	return py.ValueError.New("shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg 0 with shape %v and arg 1 with shape %v.", a, b)
}

// checkBroadcast reports whether two shapes fit, with cvxpy's words.
func checkBroadcast(a, b convex.Shape) error {
	if fits(a, b) {
		return nil
	}
	return broadcastError(grown(a, b))
}

func fits(a, b convex.Shape) bool {
	p, q := a.Dims(), b.Dims()
	for k := 1; k <= min(len(p), len(q)); k++ {
		if m, n := p[len(p)-k], q[len(q)-k]; m != n && m != 1 && n != 1 {
			return false
		}
	}
	return true
}

// grown are two shapes of matrices after each dimension of length 1 was
// repeated, as cvxpy does before it looks whether they fit.
func grown(a, b convex.Shape) (convex.Shape, convex.Shape) {
	if a.Rank() != 2 || b.Rank() != 2 {
		return a, b
	}
	p, q := a.Dims(), b.Dims()
	for k := range p {
		most := max(p[k], q[k])
		if p[k] == 1 {
			p[k] = most
		}
		if q[k] == 1 {
			q[k] = most
		}
	}
	return convex.Mat(p[0], p[1]), convex.Mat(q[0], q[1])
}

// joinedShape is the shape that two fitting shapes broadcast to.
func joinedShape(a, b convex.Shape) []int {
	p, q := a.Dims(), b.Dims()
	out := make([]int, max(len(p), len(q)))
	for k := 1; k <= len(out); k++ {
		m, n := 1, 1
		if k <= len(p) {
			m = p[len(p)-k]
		}
		if k <= len(q) {
			n = q[len(q)-k]
		}
		out[len(out)-k] = max(m, n)
		if m == 0 || n == 0 {
			out[len(out)-k] = 0
		}
	}
	return out
}

// spread flags (T, 1) with (T,), which silently becomes (T, T), and pays for it.
func (s *Session) spread(in *py.Interp, a, b convex.Shape) error {
	dims := joinedShape(a, b)
	size := 1
	for _, d := range dims {
		size *= d
	}
	if size > a.Size() && size > b.Size() && !isScalar(a) && !isScalar(b) {
		s.flag(in, "outer broadcast", fmt.Sprintf("shapes %v and %v are broadcast to %v: every entry of one meets every entry of the other", a, b, shapeText(dims)),
			"give both the same shape, for example with cp.reshape(x, (n,), order=\"C\") or x[:, 0]")
		return in.AllocN(size, 32)
	}
	return nil
}

func shapeText(dims []int) string {
	s, err := shapeOf(dims)
	if err != nil {
		return fmt.Sprint(dims)
	}
	return s.String()
}
