package convex

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// Status says how a solve ended.
type Status uint8

// The ways a solve can end. Only Solved carries a solution to be relied on.
const (
	Unsolved         Status = iota
	Solved                  // optimal within tolerance
	Inaccurate              // the solver stopped short of its tolerances: not a solution
	Infeasible              // no point satisfies the constraints; see Program.Explain
	Unbounded               // the objective improves without limit; see Program.Explain
	IterationLimit          // of the solver
	TimeLimit               // of the solver
	NodeLimit               // of branch and bound; the best point found is returned
	NumericalTrouble        // the solver could not go on
	Cancelled               // the context ended
)

// String is the status in lower-case words.
func (s Status) String() string {
	return [...]string{"unsolved", "solved", "inaccurate", "infeasible", "unbounded", "iteration limit",
		"time limit", "node limit", "numerical trouble", "cancelled"}[s]
}

// Errors of Solution.Err, for errors.Is.
var (
	ErrInfeasible = errors.New("convex: infeasible: no point satisfies all constraints")
	ErrUnbounded  = errors.New("convex: unbounded: the objective improves without limit")
	ErrNotSolved  = errors.New("convex: not solved")
)

// Err is nil for Solved and tells what went wrong otherwise.
func (s Status) Err() error {
	switch s {
	case Solved:
		return nil
	case Infeasible:
		return ErrInfeasible
	case Unbounded:
		return ErrUnbounded
	}
	return fmt.Errorf("%w: %v", ErrNotSolved, s)
}

func statusOf(s conic.Status) Status {
	switch s {
	case conic.Solved:
		return Solved
	case conic.AlmostSolved:
		return Inaccurate
	case conic.PrimalInfeasible:
		return Infeasible
	case conic.DualInfeasible:
		return Unbounded
	case conic.IterationLimit:
		return IterationLimit
	case conic.TimeLimit:
		return TimeLimit
	case conic.NumericalTrouble:
		return NumericalTrouble
	case conic.Cancelled:
		return Cancelled
	}
	return Unsolved
}

// Solution is the outcome of one solve. It stays valid when the program is
// solved again.
type Solution struct {
	Status    Status
	Objective float64 // of the point found; ±Inf when infeasible or unbounded, NaN without a point
	Bound     float64 // what no point can be better than, as far as proved

	Iterations int // of the interior-point method, over all nodes
	Nodes      int // relaxations solved by branch and bound; 0 without integers

	// Relative residuals and gap as the solver's independent check finds them.
	PrimalResidual, DualResidual, Gap float64

	form   *canonical
	data   *conic.Problem // to explain an infeasible or unbounded problem by
	theta  []float64
	values map[*Expr][]float64 // of parameters
	x, z   []float64           // point and multipliers, or a ray and a certificate
}

// Err is nil when the problem is solved; otherwise it says why not.
func (s *Solution) Err() error { return s.Status.Err() }

func (g *Program) solution(r *conic.Result) *Solution {
	s := &Solution{
		Status: statusOf(r.Status), Iterations: r.Iterations,
		PrimalResidual: r.PrimalResidual, DualResidual: r.DualResidual, Gap: r.Gap,
		form: g.form, theta: append([]float64(nil), g.data...), values: maps.Clone(g.values), x: r.X, z: r.Z,
	}
	sign := 1.0
	if g.problem.objective.maximize {
		sign = -1
	}
	if s.Status == Infeasible || s.Status == Unbounded {
		s.data = g.form.snapshot()
	}
	switch s.Status {
	case Infeasible:
		s.Objective, s.Bound = sign*math.Inf(1), sign*math.Inf(1)
	case Unbounded:
		s.Objective, s.Bound = sign*math.Inf(-1), sign*math.Inf(-1)
	default:
		offset := g.form.offset.now[0]
		s.Objective, s.Bound = sign*(r.Objective+offset), sign*(r.DualObjective+offset)
		if r.X == nil {
			s.Objective = math.NaN()
		}
	}
	return s
}

// snapshot copies the data that parameters will overwrite.
func (m *canonical) snapshot() *conic.Problem {
	p := *m.problem
	a := *p.A
	a.Val = slices.Clone(a.Val)
	p.A, p.Q, p.B = &a, slices.Clone(p.Q), slices.Clone(p.B)
	return &p
}

// Value is the value of an expression at the point found, row-major: a
// variable, or anything made of the problem's variables and parameters. It is
// nil when there is no point or the expression holds a variable of no part in
// the problem. When Status is not Solved the point is the solver's last, and
// no solution.
func (s *Solution) Value(e *Expr) []float64 {
	if s.x == nil || s.Status == Infeasible || s.Status == Unbounded {
		return nil
	}
	return s.at(e)
}

// Scalar is the value of a scalar expression, NaN when Value is nil.
func (s *Solution) Scalar(e *Expr) float64 {
	if v := s.Value(e); len(v) == 1 {
		return v[0]
	}
	return math.NaN()
}

// at evaluates an expression with the columns' numbers for its variables.
func (s *Solution) at(e *Expr) []float64 {
	v := evaluator{memo: map[*Expr][]float64{}, leaf: func(x *Expr) []float64 {
		if x.IsParameter() {
			return s.values[x]
		}
		if o, ok := s.form.columns[x]; ok {
			return s.x[o.first : o.first+o.n]
		}
		return nil
	}}
	out, err := v.value(e)
	if err != nil {
		return nil
	}
	return append([]float64(nil), out...)
}

// Dual is the multiplier of a constraint's entries, in the constraint's shape,
// with cvxpy's signs: for lhs <= rhs it is >= 0 and the Lagrangian of the
// minimization holds dual*(lhs - rhs), also for equations and also when the
// problem maximizes (whose negative is minimized). For a second-order cone it
// is t's part followed by X's. It is nil when there are no multipliers or the
// constraint is not the problem's. For an infeasible problem it is the proof:
// how the constraints combine into a contradiction.
func (s *Solution) Dual(c *Constraint) []float64 {
	if s.z == nil || s.Status == Unbounded {
		return nil
	}
	n := c.Shape().Size()
	if c.kind == secondOrder {
		n += c.rhs.Size()
	}
	groups := s.form.rows[c]
	if groups == nil && n > 0 {
		return nil
	}
	out := make([]float64, n)
	for _, k := range groups {
		s.form.groups[k].duals(s.z[s.form.first[k]:], s.theta, out)
	}
	return out
}

// LowerDual and UpperDual are the multipliers of a variable's lower and upper
// bounds (those from Nonneg, Nonpos, Boolean and Bounds), each >= 0 and 0 where
// there is no bound; where both bounds are equal, their difference is the
// multiplier of x == bound, all of it in UpperDual.
func (s *Solution) LowerDual(x *Expr) []float64 { return s.boundDual(x, false) }

// UpperDual is described at LowerDual.
func (s *Solution) UpperDual(x *Expr) []float64 { return s.boundDual(x, true) }

func (s *Solution) boundDual(x *Expr, upper bool) []float64 {
	if s.z == nil || s.Status == Unbounded {
		return nil
	}
	out := make([]float64, x.Size())
	for k, group := range s.form.groups {
		if group.from.variable == x && (group.from.upper == upper || upper && group.kind == conic.Zero) &&
			!(group.kind == conic.Zero && !upper) {
			group.duals(s.z[s.form.first[k]:], s.theta, out)
		}
	}
	return out
}

// duals adds the multipliers of a group's rows, z, to those of its source's
// entries.
func (g *rowGroup) duals(z, theta, out []float64) {
	rule := &g.from.dual
	factor := func(i int) float64 {
		switch {
		case rule.radius != nil:
			if r := theta[rule.radius[i]]; r > 0 {
				return 1 / (2 * r)
			}
			return 0
		case rule.scales != nil:
			return rule.scales[i]
		}
		return rule.scale
	}
	if rule.kind == dualRows {
		for i := range g.form.rows {
			out[g.from.entry.at(i)] += factor(i) * z[i]
		}
		return
	}
	row := 0
	cones := len(g.dims)
	for i, d := range g.dims {
		switch rule.kind {
		case dualHead:
			out[g.from.entry.at(i)] = factor(i) * z[row]
		case dualEnds:
			out[g.from.entry.at(i)] = factor(i) * (z[row] + z[row+d-1])
		case dualCone:
			out[i] = z[row]
			for j := range d - 1 {
				out[cones+int(rule.order.at(i*(d-1)+j))] = z[row+1+j]
			}
		}
		row += d
	}
}
