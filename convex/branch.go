package convex

import (
	"container/heap"
	"context"
	"math"
	"slices"
	"time"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// wholeTol is how far a value may be from whole for its rounding to be tried.
const wholeTol = 1e-6

// branchAndBound solves a problem with integer columns: it solves relaxations
// on boxes of the integers, splits a box where the relaxation's most fractional
// value lies, and drops boxes that cannot hold a better point than the best one
// known. It dives towards the nearest whole value first, then takes the box with
// the best bound; ties fall to the lower column and the older box, so that equal
// problems give equal answers. Boxes only change the right-hand sides of bound
// rows, so every relaxation reuses the structure.
func (g *Program) branchAndBound(ctx context.Context, solver *conic.Solver, o Options) (*Solution, error) {
	t := &tree{g: g, solver: solver, o: o, ctx: ctx, best: math.Inf(1), b: slices.Clone(g.form.problem.B)}
	t.findRows()
	defer func() { _ = solver.Update(conic.Data{B: g.form.problem.B}) }()
	start := time.Now()
	root := &box{bound: math.Inf(-1)}
	t.open = boxes{root}
	stopped := Solved
	for next := root; next != nil && stopped == Solved; {
		switch {
		case t.nodes >= t.o.NodeLimit:
			stopped = NodeLimit
			continue
		case o.TimeLimit > 0 && time.Since(start) > o.TimeLimit:
			stopped = TimeLimit
			continue
		}
		t.drop(next)
		dive, err := t.explore(next)
		if err != nil {
			return t.finish(Cancelled), err
		}
		if t.unbounded {
			stopped = Unbounded
		}
		if next = dive; next == nil {
			next = t.pop()
		}
	}
	return t.finish(stopped), nil
}

// tree is the state of a branch and bound.
type tree struct {
	g          *Program
	solver     *conic.Solver
	o          Options
	ctx        context.Context
	low, high  []int // right-hand sides of the integers' bound rows; none when fixed
	b          []float64
	open       boxes
	made       int
	nodes      int
	iterations int
	best       float64 // objective of the best point
	point      *conic.Result
	root       *conic.Result
	doubtful   bool // a box was dropped without proof
	unbounded  bool
}

// box is a part of the integers' domain: its parent's with one bound moved.
type box struct {
	parent *box
	k      int // integer whose bound moved
	upper  bool
	value  float64
	bound  float64 // what the objective cannot fall below, from the parent
	age    int
}

// boxes is a heap by bound, then age.
type boxes []*box

func (h boxes) Len() int { return len(h) }
func (h boxes) Less(i, j int) bool {
	if h[i].bound != h[j].bound {
		return h[i].bound < h[j].bound
	}
	return h[i].age < h[j].age
}
func (h boxes) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *boxes) Push(x any)   { *h = append(*h, x.(*box)) }
func (h *boxes) Pop() any {
	x := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return x
}

func (t *tree) pop() *box {
	if len(t.open) == 0 {
		return nil
	}
	return t.open[0]
}

// drop takes a box out of the open ones.
func (t *tree) drop(x *box) {
	if i := slices.Index(t.open, x); i >= 0 {
		heap.Remove(&t.open, i)
	}
}

// findRows finds the rows that bound the integer columns.
func (t *tree) findRows() {
	m := t.g.form
	place := map[int]int{}
	for k, col := range m.integer {
		place[col] = k
		t.low, t.high = append(t.low, none), append(t.high, none)
	}
	for i, group := range m.groups {
		if group.from.variable == nil || group.kind != conic.NonNeg {
			continue
		}
		o := m.columns[group.from.variable]
		for r := range group.form.rows {
			k, ok := place[o.first+int(group.from.entry.at(r))]
			switch {
			case !ok:
			case group.from.upper:
				t.high[k] = m.first[i] + r
			default:
				t.low[k] = m.first[i] + r
			}
		}
	}
}

// relax solves the relaxation on a box.
func (t *tree) relax(x *box) (*conic.Result, error) {
	copy(t.b, t.g.form.problem.B)
	for ; x.parent != nil; x = x.parent {
		if x.upper {
			t.b[t.high[x.k]] = min(t.b[t.high[x.k]], x.value)
		} else {
			t.b[t.low[x.k]] = min(t.b[t.low[x.k]], -x.value)
		}
	}
	return t.solve()
}

func (t *tree) solve() (*conic.Result, error) {
	if err := t.solver.Update(conic.Data{B: t.b}); err != nil {
		return nil, err
	}
	r, err := t.solver.Solve(t.ctx)
	if r != nil {
		t.nodes++
		t.iterations += r.Iterations
	}
	return r, err
}

// explore solves a box and splits it; it returns the half to dive into.
func (t *tree) explore(x *box) (dive *box, err error) {
	if t.hopeless(x.bound) {
		return nil, nil
	}
	r, err := t.relax(x)
	if err != nil {
		return nil, err
	}
	if x.parent == nil {
		t.root = r
	}
	bound, solved := x.bound, r.Status == conic.Solved
	switch r.Status {
	case conic.PrimalInfeasible:
		return nil, nil
	case conic.DualInfeasible: // then so is the root: all boxes share its rays
		t.unbounded = x.parent == nil
		t.doubtful = !t.unbounded
		return nil, nil
	case conic.Solved:
		bound = max(bound, min(r.Objective, r.DualObjective))
	default: // its bound is not known, but its halves may be solved
		if r.X == nil {
			t.doubtful = true
			return nil, nil
		}
	}
	if t.hopeless(bound) {
		return nil, nil
	}
	k, off := t.fractional(r.X)
	if x.parent == nil || off <= wholeTol {
		found, err := t.tryRounded(r.X)
		if err != nil {
			return nil, err
		}
		if off <= wholeTol {
			t.doubtful = t.doubtful || !solved || !found
			return nil, nil
		}
		if t.hopeless(bound) {
			return nil, nil
		}
	}
	v := r.X[t.g.form.integer[k]]
	down := &box{parent: x, k: k, upper: true, value: math.Floor(v), bound: bound, age: t.made + 1}
	up := &box{parent: x, k: k, value: math.Floor(v) + 1, bound: bound, age: t.made + 2}
	t.made += 2
	heap.Push(&t.open, down)
	heap.Push(&t.open, up)
	if v-math.Floor(v) > 0.5 {
		return up, nil
	}
	return down, nil
}

// hopeless tells that a bound leaves no room for a point worth having.
func (t *tree) hopeless(bound float64) bool {
	return t.point != nil && bound >= t.best-max(t.o.AbsoluteGap, t.o.RelativeGap*math.Abs(t.best))
}

// fractional finds the integer farthest from a whole value.
func (t *tree) fractional(x []float64) (k int, off float64) {
	for i, col := range t.g.form.integer {
		if t.low[i] == none {
			continue
		}
		if d := math.Abs(x[col] - math.Round(x[col])); d > off {
			k, off = i, d
		}
	}
	return k, off
}

// tryRounded solves with all integers fixed at their rounded values, tells
// whether that could be done, and keeps the point if it is the best.
func (t *tree) tryRounded(x []float64) (found bool, err error) {
	copy(t.b, t.g.form.problem.B)
	for i, col := range t.g.form.integer {
		if t.low[i] != none {
			v := min(max(math.Round(x[col]), math.Ceil(-t.b[t.low[i]]-wholeTol)), math.Floor(t.b[t.high[i]]+wholeTol))
			t.b[t.high[i]], t.b[t.low[i]] = v, -v
		}
	}
	r, err := t.solve()
	if err != nil || r.Status != conic.Solved {
		return false, err
	}
	if r.Objective >= t.best {
		return true, nil
	}
	for _, col := range t.g.form.integer {
		r.X[col] = math.Round(r.X[col])
	}
	t.best, t.point = r.Objective, r
	return true, nil
}

// finish makes the solution: the best point with the multipliers it has when
// the integers are fixed.
func (t *tree) finish(status Status) *Solution {
	r := t.point
	if r == nil {
		r = t.root
	}
	if r == nil {
		r = &conic.Result{Status: conic.Unsolved}
	}
	bound := t.best
	for _, x := range t.open {
		bound = min(bound, x.bound)
	}
	if t.point == nil {
		switch {
		case status == Solved && !t.doubtful:
			status = Infeasible
		case status == Solved:
			status = NumericalTrouble
		}
	} else if status == Solved && t.doubtful {
		status = Inaccurate
	}
	found := *r
	if t.point == nil {
		found.X = nil
		if r.Status != conic.PrimalInfeasible { // else it is the proof
			found.Z = nil
		}
	}
	s := t.g.solution(&found)
	sign := 1.0
	if t.g.problem.objective.maximize {
		sign = -1
	}
	s.Status, s.Nodes, s.Iterations = status, t.nodes, t.iterations
	switch status {
	case Infeasible:
		s.Objective, s.Bound = sign*math.Inf(1), sign*math.Inf(1)
	case Unbounded:
		s.Objective, s.Bound = sign*math.Inf(-1), sign*math.Inf(-1)
		s.x = t.root.X
	default:
		s.Bound = sign * (bound + t.g.form.offset.now[0])
		if t.point == nil {
			s.Objective = math.NaN()
		}
	}
	return s
}
