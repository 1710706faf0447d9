package cp

import (
	"slices"
	"strconv"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Constraint is a constraint as Python sees it.
type Constraint struct {
	extra
	s     *Session
	c     *convex.Constraint
	class *py.Type
	id    int
	dual  []float64
}

var (
	constraintType = cvxpyType("Constraint")
	inequalityType = cvxpyType("Inequality", constraintType)
	equalityType   = cvxpyType("Equality", constraintType)
	socType        = cvxpyType("SOC", constraintType)
)

// Type is Inequality, Equality or SOC.
func (c *Constraint) Type() *py.Type { return c.class }

// Convex is the constraint itself.
func (c *Constraint) Convex() *convex.Constraint { return c.c }

// constrain makes the object of a constraint, which explanations of infeasible
// problems call by its line.
func (s *Session) constrain(in *py.Interp, class *py.Type, c *convex.Constraint) (py.Value, error) {
	if err := c.Err(); err != nil {
		return nil, wordError(err)
	}
	// Each constraint has a number, and so have its dual variables.
	id := s.nextID()
	s.nextID()
	if err := in.AllocN(c.Shape().Size()/4+8, 64); err != nil {
		return nil, err
	}
	return &Constraint{s: s, c: c.Named("line " + strconv.Itoa(in.Line())), class: class, id: id}, nil
}

// entries is the number of its multipliers.
func (c *Constraint) entries() int {
	if args := c.c.Args(); c.class == socType {
		return args[0].Size() + args[1].Size()
	}
	return c.c.Shape().Size()
}

func truthError() error {
	return py.Exception.New("Cannot evaluate the truth value of a constraint or chain constraints, e.g., 1 >= x >= 0.")
}

// Truth is refused: a constraint is neither true nor false.
func (*Constraint) Truth(*py.Interp) (bool, error) { return false, truthError() }

// Compare knows identity only, as Python's default.
func (c *Constraint) Compare(_ *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	if _, isExpr := other.(*Expr); isExpr {
		return py.NotImplemented, nil // the expression refuses
	}
	switch op {
	case syntax.Eq:
		return py.Bool(py.Value(c) == other), nil
	case syntax.NotEq:
		return py.Bool(py.Value(c) != other), nil
	}
	return py.NotImplemented, nil
}

// Str is the constraint written out.
func (c *Constraint) Str(in *py.Interp) (string, error) {
	s := c.c.String()
	return s, in.Alloc(2 * len(s))
}

// Repr shows the sides, or only the left one of an inequality, as cvxpy does.
func (c *Constraint) Repr(in *py.Interp) (string, error) {
	args := c.c.Args()
	n := 1
	if c.class == equalityType {
		n = 2
	}
	text := c.class.Name + "("
	for k, a := range args[:n] {
		x, err := c.s.wrap(in, a)
		if err != nil {
			return "", err
		}
		s, err := x.Repr(in)
		if err != nil {
			return "", err
		}
		if k > 0 {
			text += ", "
		}
		text += s
	}
	return text + ")", nil
}

// residual is how far each entry is from holding; ok is false without values.
func (c *Constraint) residual() (r []float64, shape convex.Shape, ok bool) {
	args := c.c.Args()
	d := convex.Sub(args[0], args[1])
	v, err := d.Value(c.s.values)
	if err != nil || c.class == socType {
		return nil, d.Shape(), false
	}
	out := slices.Clone(v)
	for k, x := range out {
		switch {
		case c.class == equalityType && x < 0:
			out[k] = -x
		case c.class == inequalityType && x < 0:
			out[k] = 0
		}
	}
	return out, d.Shape(), true
}

func init() {
	attr := func(name string, f func(in *py.Interp, c *Constraint) (py.Value, error)) {
		constraintType.Attribute(name, func(in *py.Interp, v py.Value) (py.Value, error) { return f(in, v.(*Constraint)) })
	}
	attr("dual_value", func(_ *py.Interp, c *Constraint) (py.Value, error) { return c.dualValue(), nil })
	attr("args", func(in *py.Interp, c *Constraint) (py.Value, error) { return c.s.list(in, c.c.Args()) })
	attr("shape", func(_ *py.Interp, c *Constraint) (py.Value, error) { return shapeTuple(c.c.Shape()), nil })
	attr("size", func(_ *py.Interp, c *Constraint) (py.Value, error) {
		return py.Int(c.entries()), nil
	})
	attr("id", func(_ *py.Interp, c *Constraint) (py.Value, error) { return py.Int(c.id), nil })
	attr("constr_id", func(_ *py.Interp, c *Constraint) (py.Value, error) { return py.Int(c.id), nil })
	attr("expr", func(in *py.Interp, c *Constraint) (py.Value, error) {
		args := c.c.Args()
		return c.s.result(in, convex.Sub(args[0], args[1]))
	})
	attr("residual", func(_ *py.Interp, c *Constraint) (py.Value, error) {
		r, shape, ok := c.residual()
		if !ok {
			return py.None, nil
		}
		return array(r, shape), nil
	})
	method := func(name string, max int, f func(in *py.Interp, c *Constraint, a []py.Value) (py.Value, error)) *py.Native {
		return &py.Native{Name: name, Max: max, Fn: func(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
			return f(in, self.(*Constraint), a)
		}}
	}
	constraintType.Methods(
		method("is_dcp", 1, func(_ *py.Interp, c *Constraint, _ []py.Value) (py.Value, error) { return py.Bool(c.c.IsDCP()), nil }),
		method("name", 0, func(in *py.Interp, c *Constraint, _ []py.Value) (py.Value, error) {
			s, err := c.Str(in)
			return py.Str(s), err
		}),
		method("violation", 0, func(_ *py.Interp, c *Constraint, _ []py.Value) (py.Value, error) {
			r, shape, ok := c.residual()
			if !ok {
				return nil, py.ValueError.New("Cannot compute the violation of an constraint whose expression is None-valued.")
			}
			return array(r, shape), nil
		}),
		method("value", 1, func(in *py.Interp, c *Constraint, a []py.Value) (py.Value, error) {
			r, _, ok := c.residual()
			if !ok {
				return nil, py.ValueError.New("Cannot compute the value of an constraint whose expression is None-valued.")
			}
			tolerance := 1e-8
			if a[0] != nil {
				var err error
				if tolerance, err = in.ToFloat(a[0]); err != nil {
					return nil, err
				}
			}
			return numpy.Bool(!slices.ContainsFunc(r, func(x float64) bool { return x > tolerance })), nil
		}),
		method("variables", 0, func(in *py.Interp, c *Constraint, _ []py.Value) (py.Value, error) {
			var all []*convex.Expr
			for _, a := range c.c.Args() {
				for _, v := range a.Variables() {
					if !slices.Contains(all, v) {
						all = append(all, v)
					}
				}
			}
			return c.s.list(in, all)
		}),
	)
	for _, t := range []*py.Type{inequalityType, equalityType, socType} {
		t.Real(namesOf(t.Name)...)
	}
}

// dualValue is the multiplier after a solve: for a cone the part of t, then
// that of X.
func (c *Constraint) dualValue() py.Value {
	if c.dual == nil {
		return py.None
	}
	if c.class != socType {
		shape := c.c.Shape()
		if shape.Rank() == 0 {
			return py.Float(c.dual[0])
		}
		return array(c.dual, shape)
	}
	args := c.c.Args()
	n := args[0].Size()
	tail := args[1].Shape()
	dims := tail.Dims()
	if len(dims) == 1 {
		dims = append(dims, 1)
	}
	return py.NewList(
		numpy.FromFloats(slices.Clone(c.dual[:n]), n),
		numpy.FromFloats(slices.Clone(c.dual[n:]), dims...),
	)
}
