package cp

import (
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Problem is an objective with constraints, and the outcome of its last solve.
type Problem struct {
	extra
	s           *Session
	objective   *Objective
	constraints []*Constraint
	line        int // where it was written

	rows   []*convex.Constraint // of each constraint, what is solved
	left   [][]int              // which of its entries these are; nil: all
	convex *convex.Problem

	variables, parameters []*convex.Expr

	program  *convex.Program // once compiled
	solution *convex.Solution
	status   string
	value    py.Value
	solver   string
	seconds  float64
}

var problemType = cvxpyType("Problem")

// Type is Problem.
func (*Problem) Type() *py.Type { return problemType }

// Convex is the problem itself.
func (p *Problem) Convex() *convex.Problem { return p.convex }

// newProblem makes a problem; each constraint's Python object is kept, since
// the program reads dual values from it.
func (s *Session) newProblem(in *py.Interp, o *Objective, constraints []*Constraint) (*Problem, error) {
	if err := in.AllocN(len(constraints)+8, 32); err != nil {
		return nil, err
	}
	p := &Problem{s: s, objective: o, constraints: constraints, line: in.Line(), value: py.None}
	p.rows = make([]*convex.Constraint, len(constraints))
	p.left = make([][]int, len(constraints))
	for k, c := range constraints {
		var err error
		if p.rows[k], p.left[k], err = c.solvable(in); err != nil {
			return nil, err
		}
	}
	p.convex = convex.NewProblem(o.Convex(), p.rows...)
	p.variables, p.parameters = p.convex.Variables(), p.convex.Parameters()
	return p, nil
}

var problemArgs = py.NewSignature("Problem.__init__", "objective, constraints=")

func constructProblem(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
	b, err := problemArgs.Bind(a)
	if err != nil {
		return nil, err
	}
	s := sessionOf(in)
	o, ok := b.Get("objective").(*Objective)
	if !ok {
		return nil, dcpError.New("Problem objective must be Minimize or Maximize.")
	}
	var constraints []*Constraint
	if b.Has("constraints") {
		items, err := in.Collect(b.Get("constraints"))
		if err != nil {
			return nil, err
		}
		for _, v := range items {
			c, err := s.constraint(in, v)
			if err != nil {
				return nil, err
			}
			constraints = append(constraints, c)
		}
	}
	return s.newProblem(in, o, constraints)
}

// constraint accepts a constraint, or a bool as one that always or never holds.
func (s *Session) constraint(in *py.Interp, v py.Value) (*Constraint, error) {
	switch v := v.(type) {
	case *Constraint:
		return v, nil
	case py.Bool:
		lo, hi := convex.Const(0.0), convex.Const(1.0)
		if !v {
			lo, hi = hi, lo
		}
		c, err := s.constrain(in, inequalityType, lo.LE(hi))
		if err != nil {
			return nil, err
		}
		return c.(*Constraint), nil
	}
	text, err := in.Repr(v.Type())
	if err != nil {
		return nil, err
	}
	return nil, py.ValueError.New("Problem has an invalid constraint of type %s", text)
}

// Repr is Problem(objective, [constraints]).
func (p *Problem) Repr(in *py.Interp) (string, error) {
	text, err := p.objective.Repr(in)
	if err != nil {
		return "", err
	}
	parts := make([]string, len(p.constraints))
	for k, c := range p.constraints {
		if parts[k], err = c.Repr(in); err != nil {
			return "", err
		}
	}
	return "Problem(" + text + ", [" + strings.Join(parts, ", ") + "])", in.AllocN(len(parts), 64)
}

// Str is the problem as a textbook writes it.
func (p *Problem) Str(in *py.Interp) (string, error) {
	text, err := p.objective.Str(in)
	if err != nil {
		return "", err
	}
	lines := []string{text}
	for k, c := range p.constraints {
		head := "           "
		if k == 0 {
			head = "subject to "
		}
		if text, err = c.Str(in); err != nil {
			return "", err
		}
		lines = append(lines, head+text)
	}
	return strings.Join(lines, "\n"), nil
}

// Binary adds problems, joining their constraints, and scales them.
func (p *Problem) Binary(in *py.Interp, op syntax.Operator, other py.Value, reflected bool) (py.Value, error) {
	switch op {
	case syntax.Add, syntax.Sub:
		q, ok := other.(*Problem)
		if !ok {
			if other == py.Value(py.Int(0)) && op == syntax.Add {
				return p, nil
			}
			return nil, py.NotImplementedError.New("")
		}
		o, err := p.objective.Binary(in, op, q.objective, false)
		if err != nil {
			return nil, err
		}
		var all []*Constraint
		seen := map[*Constraint]bool{}
		for _, c := range slices.Concat(p.constraints, q.constraints) {
			if !seen[c] {
				seen[c] = true
				all = append(all, c)
			}
		}
		return p.s.newProblem(in, o.(*Objective), all)
	case syntax.Mul, syntax.Div:
		o, err := p.objective.Binary(in, op, other, reflected)
		if err != nil {
			return nil, err
		}
		scaled, ok := o.(*Objective)
		if !ok {
			return o, nil
		}
		return p.s.newProblem(in, scaled, p.constraints)
	}
	return py.NotImplemented, nil
}

// Unary is -problem: the other goal.
func (p *Problem) Unary(in *py.Interp, op syntax.Operator) (py.Value, error) {
	if op != syntax.USub {
		return py.NotImplemented, nil
	}
	return p.s.newProblem(in, p.objective.times(-1), p.constraints)
}

func init() {
	problemArgs.Method()
	problemType.Constructor(constructProblem)
	attr := func(name string, f func(in *py.Interp, p *Problem) (py.Value, error)) {
		problemType.Attribute(name, func(in *py.Interp, v py.Value) (py.Value, error) { return f(in, v.(*Problem)) })
	}
	attr("value", func(_ *py.Interp, p *Problem) (py.Value, error) { return p.value, nil })
	attr("status", func(_ *py.Interp, p *Problem) (py.Value, error) {
		if p.status == "" {
			return py.None, nil
		}
		return py.Str(p.status), nil
	})
	attr("objective", func(_ *py.Interp, p *Problem) (py.Value, error) { return p.objective, nil })
	attr("constraints", func(_ *py.Interp, p *Problem) (py.Value, error) {
		list := py.NewList()
		for _, c := range p.constraints {
			list.Items = append(list.Items, c)
		}
		return list, nil
	})
	attr("solver_stats", func(in *py.Interp, p *Problem) (py.Value, error) { return p.stats(in) })
	attr("size_metrics", func(_ *py.Interp, p *Problem) (py.Value, error) { return p.sizes(), nil })
	attr("compilation_time", func(_ *py.Interp, p *Problem) (py.Value, error) {
		if p.solution == nil {
			return py.None, nil
		}
		return py.Float(0), nil
	})
	method := func(name string, f func(in *py.Interp, p *Problem) (py.Value, error)) *py.Native {
		return &py.Native{Name: name, Raw: func(in *py.Interp, self py.Value, _ py.Args) (py.Value, error) { return f(in, self.(*Problem)) }}
	}
	problemType.Methods(
		method("variables", func(in *py.Interp, p *Problem) (py.Value, error) { return p.s.list(in, p.variables) }),
		method("parameters", func(in *py.Interp, p *Problem) (py.Value, error) { return p.s.list(in, p.parameters) }),
		method("is_dcp", func(_ *py.Interp, p *Problem) (py.Value, error) { return py.Bool(p.convex.IsDCP()), nil }),
		method("is_mixed_integer", func(_ *py.Interp, p *Problem) (py.Value, error) { return py.Bool(p.integers()), nil }),
		&py.Native{Name: "solve", Raw: func(in *py.Interp, self py.Value, a py.Args) (py.Value, error) { return self.(*Problem).solve(in, a) }},
	)
	for name, of := range map[string]func(p *Problem) []*convex.Expr{
		"var_dict":   func(p *Problem) []*convex.Expr { return p.variables },
		"param_dict": func(p *Problem) []*convex.Expr { return p.parameters },
	} {
		attr(name, func(in *py.Interp, p *Problem) (py.Value, error) {
			d := py.NewDict()
			for _, e := range of(p) {
				x, err := p.s.wrap(in, e)
				if err != nil {
					return nil, err
				}
				d.SetStr(e.Name(), x)
			}
			return d, nil
		})
	}
	problemType.Real(namesOf("Problem")...)
}

// integers reports whether the problem has boolean or integer variables.
func (p *Problem) integers() bool {
	return slices.ContainsFunc(p.variables, func(e *convex.Expr) bool {
		x := p.s.leaves[e]
		return x != nil && (x.leaf.flags["boolean"] || x.leaf.flags["integer"])
	})
}

// scalarValue is a problem's value as cvxpy returns it: a plain float for what
// numpy keeps in an array, np.float64 for anything else.
func scalarValue(e *convex.Expr, v float64) py.Value {
	if keepsArray(e.Op()) {
		return py.Float(v)
	}
	return numpy.Float64(v)
}
