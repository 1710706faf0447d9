package cp

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Objective is Minimize(expr) or Maximize(expr).
type Objective struct {
	extra
	s        *Session
	e        *convex.Expr
	maximize bool
}

var (
	objectiveType = cvxpyType("Objective")
	minimizeType  = cvxpyType("Minimize", objectiveType)
	maximizeType  = cvxpyType("Maximize", objectiveType)
)

// Type is Minimize or Maximize.
func (o *Objective) Type() *py.Type {
	if o.maximize {
		return maximizeType
	}
	return minimizeType
}

// Convex is the objective itself.
func (o *Objective) Convex() convex.Objective {
	if o.maximize {
		return convex.Maximize(o.e)
	}
	return convex.Minimize(o.e)
}

// objective makes the objective of an expression, which pays for itself.
func (s *Session) objective(in *py.Interp, e *convex.Expr, maximize bool) (py.Value, error) {
	return &Objective{s: s, e: e, maximize: maximize}, s.measure(in, e)
}

// isDCP reports whether the objective goes with its expression's curvature.
func (o *Objective) isDCP() bool {
	if o.maximize {
		return o.e.IsConcave()
	}
	return o.e.IsConvex()
}

// value is the objective at the variables' values.
func (o *Objective) value() (float64, bool) {
	v, err := o.e.Value(o.s.values)
	if err != nil {
		return 0, false
	}
	return v[0], true
}

// Repr is Minimize(...).
func (o *Objective) Repr(in *py.Interp) (string, error) {
	x, err := o.s.wrap(in, o.e)
	if err != nil {
		return "", err
	}
	text, err := x.Repr(in)
	return o.Type().Name + "(" + text + ")", err
}

// Str is "minimize ...".
func (o *Objective) Str(in *py.Interp) (string, error) {
	x, err := o.s.wrap(in, o.e)
	if err != nil {
		return "", err
	}
	text, err := x.Str(in)
	return o.goal() + " " + text, err
}

func (o *Objective) goal() string {
	if o.maximize {
		return "maximize"
	}
	return "minimize"
}

// Binary adds objectives of one goal and scales them by numbers.
func (o *Objective) Binary(in *py.Interp, op syntax.Operator, other py.Value, reflected bool) (py.Value, error) {
	refused := py.NotImplementedError.New("")
	switch op {
	case syntax.Add, syntax.Sub:
		if reflected {
			if other != py.Value(py.Int(0)) {
				return nil, refused
			}
			if op == syntax.Sub {
				return o.times(-1), nil
			}
			return o, nil
		}
		p, ok := other.(*Objective)
		if !ok {
			return nil, refused
		}
		if op == syntax.Sub {
			p = p.times(-1)
		}
		if p.maximize != o.maximize {
			return nil, dcpError.New("Problem does not follow DCP rules.")
		}
		return o.s.objective(in, convex.Add(o.e, p.e), o.maximize)
	case syntax.Mul, syntax.Div:
		switch other.(type) {
		case py.Int, py.Float, py.Bool:
		default:
			return nil, refused
		}
		if op == syntax.Div && reflected {
			return py.NotImplemented, nil
		}
		by, err := in.ToFloat(other)
		if err != nil {
			return nil, err
		}
		if op == syntax.Div {
			if by == 0 {
				return nil, py.ZeroDivisionError.New("float division by zero")
			}
			by = 1 / by
		}
		return o.s.objective(in, convex.Multiply(o.e, by), o.maximize != (by < 0))
	}
	return py.NotImplemented, nil
}

// times is the objective with the other goal for a factor of -1.
func (o *Objective) times(sign int) *Objective {
	if sign > 0 {
		return o
	}
	return &Objective{s: o.s, e: o.e.Negate(), maximize: !o.maximize}
}

// Unary is -objective, which has the other goal.
func (o *Objective) Unary(_ *py.Interp, op syntax.Operator) (py.Value, error) {
	if op == syntax.USub {
		return o.times(-1), nil
	}
	return py.NotImplemented, nil
}

func newObjective(t *py.Type, maximize bool) {
	sig := py.NewSignature("Objective.__init__", "expr")
	sig.Method()
	t.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		b, err := sig.Bind(a)
		if err != nil {
			return nil, err
		}
		s := sessionOf(in)
		o := &Objective{s: s, maximize: maximize}
		if o.e, err = s.cast(in, b.Get("expr")); err != nil {
			return nil, err
		}
		if !isScalar(o.e.Shape()) {
			return nil, py.ValueError.New("The '%s' objective must resolve to a scalar.", o.goal())
		}
		return o, in.Alloc(64)
	})
	t.Set("NAME", py.Str((&Objective{maximize: maximize}).goal()))
	t.Real(namesOf(t.Name)...)
}

func init() {
	newObjective(minimizeType, false)
	newObjective(maximizeType, true)
	attr := func(name string, f func(in *py.Interp, o *Objective) (py.Value, error)) {
		objectiveType.Attribute(name, func(in *py.Interp, v py.Value) (py.Value, error) { return f(in, v.(*Objective)) })
	}
	attr("args", func(in *py.Interp, o *Objective) (py.Value, error) { return o.s.list(in, []*convex.Expr{o.e}) })
	attr("expr", func(in *py.Interp, o *Objective) (py.Value, error) { return o.s.result(in, o.e) })
	attr("value", func(_ *py.Interp, o *Objective) (py.Value, error) {
		v, ok := o.value()
		if !ok {
			return py.None, nil
		}
		return scalarValue(o.e, v), nil
	})
	method := func(name string, f func(in *py.Interp, o *Objective) (py.Value, error)) *py.Native {
		return &py.Native{Name: name, Raw: func(in *py.Interp, self py.Value, _ py.Args) (py.Value, error) { return f(in, self.(*Objective)) }}
	}
	objectiveType.Methods(
		method("is_dcp", func(_ *py.Interp, o *Objective) (py.Value, error) { return py.Bool(o.isDCP()), nil }),
		method("variables", func(in *py.Interp, o *Objective) (py.Value, error) { return o.s.list(in, o.e.Variables()) }),
		method("parameters", func(in *py.Interp, o *Objective) (py.Value, error) { return o.s.list(in, o.e.Parameters()) }),
	)
}
