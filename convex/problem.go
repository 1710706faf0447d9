package convex

import "context"

// Objective is what a problem minimizes or maximizes.
type Objective struct {
	expr     *Expr
	maximize bool
}

// Minimize is the goal of making a scalar expression small.
func Minimize(v any) Objective { return Objective{expr: expr(v)} }

// Maximize is the goal of making a scalar expression large.
func Maximize(v any) Objective { return Objective{expr: expr(v), maximize: true} }

// Expr is the objective's expression.
func (o Objective) Expr() *Expr { return o.expr }

func (o Objective) goal() string {
	if o.maximize {
		return "maximize"
	}
	return "minimize"
}

// String prints the objective as cvxpy does.
func (o Objective) String() string { return o.goal() + " " + o.expr.String() }

func (o Objective) isDCP() bool {
	if o.maximize {
		return o.expr.IsConcave()
	}
	return o.expr.IsConvex()
}

// Problem is an objective with constraints.
type Problem struct {
	objective   Objective
	constraints []*Constraint
}

// NewProblem makes a problem. Mistakes show when it is compiled.
func NewProblem(o Objective, constraints ...*Constraint) *Problem {
	return &Problem{objective: o, constraints: append([]*Constraint(nil), constraints...)}
}

// Objective is the problem's objective.
func (p *Problem) Objective() Objective { return p.objective }

// Constraints are the problem's constraints.
func (p *Problem) Constraints() []*Constraint { return append([]*Constraint(nil), p.constraints...) }

// Variables lists the problem's variables in order of appearance.
func (p *Problem) Variables() []*Expr { return p.leaves((*Expr).Variables) }

// Parameters lists the problem's parameters in order of appearance.
func (p *Problem) Parameters() []*Expr { return p.leaves((*Expr).Parameters) }

func (p *Problem) leaves(of func(*Expr) []*Expr) []*Expr {
	var out []*Expr
	seen := map[*Expr]bool{}
	take := func(e *Expr) {
		if e == nil {
			return
		}
		for _, x := range of(e) {
			if !seen[x] {
				seen[x] = true
				out = append(out, x)
			}
		}
	}
	take(p.objective.expr)
	for _, c := range p.constraints {
		take(c.lhs)
		take(c.rhs)
	}
	return out
}

// check finds the first mistake in the problem's parts, then what breaks the
// rules of convex programming.
func (p *Problem) check() error {
	o := p.objective.expr
	if o == nil {
		return &ShapeError{Op: "NewProblem", Reason: "there is no objective"}
	}
	if o.err != nil {
		return o.err
	}
	if !o.shape.single() {
		return &ShapeError{Op: p.objective.goal(), Shapes: []Shape{o.shape}, Reason: "the objective must be a scalar"}
	}
	for _, c := range p.constraints {
		if c == nil {
			return &ShapeError{Op: "NewProblem", Reason: "a constraint is nil"}
		}
		if c.err != nil {
			return c.err
		}
	}
	return checkDCP(p)
}

// IsDCP reports whether the problem can be compiled.
func (p *Problem) IsDCP() bool { return p.check() == nil }

// Solve compiles the problem and solves it once.
func (p *Problem) Solve(ctx context.Context, o Options) (*Solution, error) {
	g, err := p.Compile()
	if err != nil {
		return nil, err
	}
	return g.Solve(ctx, o)
}
