package cp

import (
	"math"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// elementwiseAtoms work on each entry.
var elementwiseAtoms = []atom{
	{name: "abs", class: true, params: "x", f: of(convex.Abs)},
	{name: "pos", params: "x", f: of(convex.Pos)},
	{name: "neg", params: "x", f: of(convex.Neg)},
	{name: "square", params: "x", f: of(convex.Square)},
	{name: "sqrt", params: "x", f: of(convex.Sqrt)},
	{name: "inv_pos", params: "x", f: of(convex.InvPos)},
	{name: "power", params: "x, p, max_denom=, approx=", f: func(c *call) (py.Value, error) {
		x, err := c.expr("x")
		if err != nil {
			return nil, err
		}
		p, err := c.expr("p")
		if err != nil {
			return nil, err
		}
		if x.IsConstant() && !p.IsConstant() {
			return c.s.powerOfConstant(c.in, x, p)
		}
		return c.s.power(c.in, x, p, c.Get("p"))
	}},
	{name: "maximum", class: true, params: "arg1, arg2, *args", f: among(convex.Maximum)},
	{name: "minimum", class: true, params: "arg1, arg2, *args", f: among(convex.Minimum)},
	{name: "huber", class: true, params: "x, M=", f: huber},
	{name: "real", class: true, params: "expr", f: named("expr", func(x any) *convex.Expr { return x.(*convex.Expr) })},
	{name: "conj", class: true, params: "expr", f: named("expr", func(x any) *convex.Expr { return x.(*convex.Expr) })},
}

// among is the entrywise maximum or minimum.
func among(f func(...any) *convex.Expr) func(c *call) (py.Value, error) {
	return func(c *call) (py.Value, error) {
		list, err := c.cast(append([]py.Value{c.Get("arg1"), c.Get("arg2")}, c.Star...))
		if err != nil {
			return nil, err
		}
		if err := broadcastAll(list); err != nil {
			return nil, err
		}
		return c.result(f(operands(list)...))
	}
}

// broadcastAll words shapes that do not fit as numpy does, which joins them
// one after another.
func broadcastAll(list []*convex.Expr) error {
	dims := list[0].Shape().Dims()
	for k, e := range list[1:] {
		have := e.Shape().Dims()
		for i := 1; i <= min(len(dims), len(have)); i++ {
			m, n := dims[len(dims)-i], have[len(have)-i]
			if m == n || m == 1 || n == 1 {
				continue
			}
			// numpy blames the first argument that brought the other length.
			first := 0
			for j, p := range list[:k+1] {
				if q := p.Shape().Dims(); len(q) >= i && q[len(q)-i] == m {
					first = j
					break
				}
			}
			return py.ValueError.New("shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg %d with shape %v and arg %d with shape %v.", first, list[first].Shape(), k+1, e.Shape())
		}
		sum, err := shapeOf(dims)
		if err != nil {
			return err
		}
		dims = joinedShape(sum, e.Shape())
	}
	return nil
}

func huber(c *call) (py.Value, error) {
	x, err := c.expr("x")
	if err != nil {
		return nil, err
	}
	m := 1.0
	if v := c.Get("M"); v != nil {
		limit, err := c.s.cast(c.in, v)
		if err != nil {
			return nil, err
		}
		if !limit.IsConstant() || !limit.IsNonneg() || !isScalar(limit.Shape()) {
			return nil, py.ValueError.New("M must be a non-negative scalar constant or Parameter.")
		}
		at, err := limit.Value(c.s.values)
		if err != nil || len(limit.Parameters()) > 0 || at[0] == 0 {
			return nil, py.Unsupported("cvxpy.huber with M = 0 or a parameter M is not supported")
		}
		m = at[0]
	}
	return c.result(convex.Huber(x, m))
}

// exponentialAtoms need a cone that convex does not have. Of constants they are
// computed, where that is a matter of each entry.
var exponentialAtoms = []string{"exp", "log", "log1p", "entr", "logistic", "xexp", "ceil", "floor", "sign"}

var exponentialFunctions = map[string]func(x float64) float64{
	"exp": math.Exp, "log": math.Log, "log1p": math.Log1p,
	"entr": func(x float64) float64 {
		if x == 0 {
			return 0
		}
		return -x * math.Log(x)
	},
	"logistic": func(x float64) float64 {
		if x > 0 {
			return x + math.Log1p(math.Exp(-x))
		}
		return math.Log1p(math.Exp(x))
	},
	"xexp": func(x float64) float64 { return x * math.Exp(x) },
	"ceil": math.Ceil, "floor": math.Floor,
	"sign": func(x float64) float64 {
		if x > 0 {
			return 1
		}
		return -1
	},
}

func exponentialAtom(name string) *py.Native {
	f := exponentialFunctions[name]
	return atom{name: name, class: true, params: "x", f: func(c *call) (py.Value, error) {
		x, err := c.expr("x")
		if err != nil {
			return nil, err
		}
		if !x.IsConstant() || len(x.Parameters()) > 0 {
			return nil, py.Unsupported("cvxpy.%s of a variable or parameter is not supported: it needs a cone that the solver does not have", name)
		}
		v, err := x.Value(nil)
		if err != nil {
			return nil, wordError(err)
		}
		out := make([]float64, len(v))
		for k, a := range v {
			out[k] = f(a)
		}
		e, err := c.s.constant(c.in, out, x.Shape())
		if err != nil {
			return nil, err
		}
		return c.result(e)
	}}.native()
}
