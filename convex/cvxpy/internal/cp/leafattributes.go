package cp

import (
	"math"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// The attributes of a leaf in cvxpy's order.
var attributeNames = []string{
	"nonneg", "nonpos", "pos", "neg", "complex", "imag", "symmetric", "diag", "PSD", "NSD", "hermitian", "boolean", "integer", "sparsity", "bounds",
}

// leafAttributes reads nonneg=True and its like.
func (s *Session) leafAttributes(in *py.Interp, l *leaf, shape convex.Shape, given map[string]py.Value) ([]convex.Attr, error) {
	var attrs []convex.Attr
	for _, n := range attributeNames {
		v := given[n]
		if v == nil || n == "bounds" {
			continue
		}
		if n == "boolean" || n == "integer" {
			if _, isBool := v.(py.Bool); !isBool {
				return nil, py.Unsupported("%s= for some entries only is not supported", n)
			}
		}
		yes, err := in.Truth(v)
		if err != nil {
			return nil, err
		}
		if !yes {
			continue
		}
		l.flags[n] = true
		l.attributes += ", " + n + "=True"
		switch n {
		case "nonneg", "pos":
			attrs = append(attrs, convex.Nonneg)
		case "nonpos", "neg":
			attrs = append(attrs, convex.Nonpos)
		case "boolean":
			attrs = append(attrs, convex.Boolean)
		case "integer":
			attrs = append(attrs, convex.Integer)
		case "PSD", "NSD", "symmetric", "diag", "hermitian":
			if d := shape.Dims(); len(d) < 2 || d[0] != d[1] {
				return nil, py.ValueError.New("Invalid dimensions %v. Must be a square matrix.", shape)
			}
			if n != "PSD" || l.kind != "Parameter" {
				return nil, py.Unsupported("the attribute %s of a %s is not supported", n, l.kind)
			}
			attrs = append(attrs, convex.PSD)
		default:
			return nil, py.Unsupported("the attribute %s of a %s is not supported", n, l.kind)
		}
	}
	if v := given["bounds"]; v != nil && v != py.Value(py.None) {
		a, err := s.leafBounds(in, l, shape, v)
		if err != nil {
			return nil, err
		}
		attrs = append(attrs, a)
	}
	if l.flags["integer"] && !l.flags["boolean"] && l.lo == nil {
		return nil, py.Unsupported("an integer variable without bounds= is not supported")
	}
	return attrs, nil
}

// leafBounds reads bounds=[lo, hi].
func (s *Session) leafBounds(in *py.Interp, l *leaf, shape convex.Shape, v py.Value) (convex.Attr, error) {
	items, err := in.Collect(v)
	if err != nil || len(items) != 2 {
		return nil, py.ValueError.New("Bounds should be a list of two items.")
	}
	sides := [2][]float64{}
	shown := make([]py.Value, 2)
	for k, side := range items {
		if _, isExpr := side.(*Expr); isExpr {
			return nil, py.Unsupported("bounds that are expressions are not supported")
		}
		if side == py.Value(py.None) {
			side = py.Float(math.Inf(2*k - 1))
		}
		data, have, err := s.numbers(in, side)
		if err != nil {
			return nil, err
		}
		if have.Rank() > 0 && have != shape {
			return nil, py.ValueError.New("Bounds should be None, scalars, or arrays with the same dimensions as the variable/parameter.")
		}
		shown[k] = ndarray(data, have)
		sides[k] = make([]float64, shape.Size())
		for i := range sides[k] {
			sides[k][i] = data[i%len(data)]
		}
	}
	for i, hi := range sides[1] {
		lo := sides[0][i]
		switch {
		case math.IsInf(hi, -1):
			return nil, py.ValueError.New("-np.inf is not feasible as an upper bound.")
		case math.IsInf(lo, 1):
			return nil, py.ValueError.New("np.inf is not feasible as a lower bound.")
		case lo > hi:
			return nil, py.ValueError.New("Invalid bounds: some upper bounds are less than corresponding lower bounds.")
		case lo != lo || hi != hi:
			return nil, py.ValueError.New("np.nan is not feasible as lower or upper bound.")
		}
	}
	l.lo, l.hi = sides[0], sides[1]
	l.bounds = py.NewList(shown...)
	text, err := in.Repr(py.NewTuple(items...))
	if err != nil {
		return nil, err
	}
	l.attributes += ", bounds=" + text
	lo, err := s.constant(in, sides[0], shape)
	if err != nil {
		return nil, err
	}
	hi, err := s.constant(in, sides[1], shape)
	return convex.Bounds(lo, hi), err
}
