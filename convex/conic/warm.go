package conic

import (
	"context"
	"slices"
)

// midway is a point that a solve passes on its way: well inside the cones, yet
// close to the solution. From there the way to the solution of slightly different
// data is short (J. Gondzio, "Warm start of the primal-dual method applied in the
// cutting-plane scheme", Mathematical Programming 83, 1998); the solution itself
// lies on the boundary, where steps are short.
type midway struct {
	at   iterate
	held bool

	// The form that the point belongs to: it means nothing in another scale.
	version int
	pinned  []bool
	carrier []int32
	sign    []float64
	beta, c float64
}

// midwayAt is how close to a solution the point is taken: the largest of the
// relative residuals and gap.
const midwayAt = 1e-2

// pass keeps the iterate when it is the first that is close enough.
func (w *midway) pass(m *ipm) {
	if w.held || m.embedded || max(m.now.primal, m.now.dual, m.now.gap) > midwayAt {
		return
	}
	f := m.f
	w.at.copyFrom(&m.at)
	w.held = true
	w.version, w.beta, w.c = f.version, f.beta, f.c
	copy(w.pinned, f.pinned)
	w.carrier, w.sign = append(w.carrier[:0], f.carrier[:f.sides]...), append(w.sign[:0], f.sign[:f.sides]...)
}

// fits reports whether the point belongs to the form as it is now.
func (w *midway) fits(f *form) bool {
	return w.held && w.version == f.version && w.beta == f.beta && w.c == f.c && slices.Equal(w.pinned, f.pinned) &&
		slices.Equal(w.carrier, f.carrier[:f.sides]) && slices.Equal(w.sign, f.sign[:f.sides])
}

// Resolve is Solve from a point that the last solve passed on its way. Where the
// values have changed little since, it takes about half the iterations; the
// result is as good and, in its last digits, another. Where there is no such
// point, or it leads nowhere, it is Solve.
func (s *Solver) Resolve(ctx context.Context) (*Result, error) { return s.run(ctx, true) }
