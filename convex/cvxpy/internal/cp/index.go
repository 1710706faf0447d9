package cp

import (
	"math"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// GetItem is x[key].
func (x *Expr) GetItem(in *py.Interp, key py.Value) (py.Value, error) {
	parts := []py.Value{key}
	if t, ok := key.(*py.Tuple); ok {
		if len(t.Items) == 0 {
			return x, nil
		}
		parts = t.Items
	}
	for _, p := range parts {
		if isSpecial(p) {
			return x.gather(in, key)
		}
	}
	for _, p := range parts {
		if isFloat(p) {
			return nil, py.IndexError.New("float is an invalid index type.")
		}
		if s, ok := p.(*py.SliceValue); ok && (isFloat(s.Start) || isFloat(s.Stop) || isFloat(s.Step)) {
			return nil, py.IndexError.New("float is an invalid index type.")
		}
	}
	dims := x.e.Shape().Dims()
	if len(parts) > len(dims) {
		return nil, py.IndexError.New("Too many indices for expression.")
	}
	sel := make([]convex.Sel, len(parts))
	for k, p := range parts {
		s, err := selection(in, p, dims[k], k)
		if err != nil {
			return nil, err
		}
		sel[k] = s
	}
	return x.s.result(in, x.e.Index(sel...))
}

// isSpecial reports what cvxpy indexes through numpy: arrays, lists, bools.
func isSpecial(v py.Value) bool {
	switch v.(type) {
	case *py.SliceValue, py.Int, py.Float, *py.BigInt, py.Str, numpy.Int64, numpy.Float64:
		return false
	case *py.Instance:
		return false
	}
	return true
}

func isFloat(v py.Value) bool {
	switch v.(type) {
	case py.Float, numpy.Float64:
		return true
	}
	return false
}

// selection reads an int or a slice.
func selection(in *py.Interp, v py.Value, size, axis int) (convex.Sel, error) {
	s, ok := v.(*py.SliceValue)
	if !ok {
		if big, ok := v.(*py.BigInt); ok {
			return convex.Sel{}, py.IndexError.New("Index %v is out of bounds for axis %d with size %d.", py.ToBig(big), axis, size)
		}
		n, err := toInt(in, v)
		if err != nil {
			return convex.Sel{}, err
		}
		if n < -size || n >= size {
			return convex.Sel{}, py.IndexError.New("Index %d is out of bounds for axis %d with size %d.", n, axis, size)
		}
		return convex.At(n), nil
	}
	none := func(v py.Value) bool { return v == py.Value(py.None) }
	if none(s.Start) && none(s.Stop) && none(s.Step) {
		return convex.All(), nil
	}
	s, err := wholeSlice(in, s)
	if err != nil {
		return convex.Sel{}, err
	}
	start, step, n, err := s.Span(in, size)
	if err != nil {
		if py.Matches(err, py.ValueError) {
			return convex.Sel{}, py.ValueError.New("step length cannot be 0")
		}
		return convex.Sel{}, err
	}
	stop := start + n*step
	if n == 0 {
		return convex.Span(start, start, 1), nil
	}
	if step < 0 && stop < 0 {
		stop = math.MinInt // beyond the first entry
	} else if step > 0 {
		stop = clipStop(in, s, size, stop)
	}
	return convex.Span(start, stop, step), nil
}

// wholeSlice passes the parts of a slice through int(), as cvxpy does.
func wholeSlice(in *py.Interp, s *py.SliceValue) (*py.SliceValue, error) {
	parts := [3]py.Value{s.Start, s.Stop, s.Step}
	for k, v := range parts {
		switch v.(type) {
		case py.NoneType, py.Int, *py.BigInt:
			continue
		}
		var err error
		if parts[k], err = in.ToInt(v); err != nil {
			return nil, err
		}
	}
	return &py.SliceValue{Start: parts[0], Stop: parts[1], Step: parts[2]}, nil
}

// clipStop is the end of a slice as it was written, which shows in print.
func clipStop(in *py.Interp, s *py.SliceValue, size, stop int) int {
	if s.Stop == py.Value(py.None) {
		return size
	}
	n, err := in.Index(s.Stop)
	if err != nil {
		return stop
	}
	if n < 0 {
		n += size
	}
	return min(max(n, 0), size)
}

func toInt(in *py.Interp, v py.Value) (int, error) {
	r, err := in.ToInt(v)
	if err != nil {
		return 0, err
	}
	return in.Index(r)
}

// gather indexes through an array of positions, as numpy indexes.
func (x *Expr) gather(in *py.Interp, key py.Value) (py.Value, error) {
	shape := x.e.Shape()
	if shape.Rank() == 0 {
		return nil, py.IndexError.New("Too many indices for expression.")
	}
	if err := in.AllocN(shape.Size(), 16); err != nil {
		return nil, err
	}
	at := make([]int64, shape.Size())
	for k := range at {
		at[k] = int64(k)
	}
	v, err := numpy.FromInts(at, shape.Dims()...).GetItem(in, key)
	if err != nil {
		return nil, err
	}
	a, err := numpy.AsArray(in, v)
	if err != nil {
		return nil, err
	}
	to, err := shapeOf(a.Shape())
	if err != nil {
		return nil, err
	}
	picked, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	places := make([]int, len(picked))
	for k, p := range picked {
		places[k] = int(p)
	}
	label, err := specialLabel(in, key)
	if err != nil {
		return nil, err
	}
	return x.s.result(in, convex.Gather(x.e, to, places, label))
}

// specialLabel prints a subscript with arrays or lists as cvxpy does.
func specialLabel(in *py.Interp, key py.Value) (string, error) {
	var items []py.Value
	switch k := key.(type) {
	case *py.Tuple:
		items = k.Items
	case *py.List:
		items = k.Items
	case *numpy.Array:
		var err error
		if items, err = in.Collect(k); err != nil {
			return "", err
		}
	default:
		items = []py.Value{key}
	}
	parts := make([]string, 0, len(items))
	for _, v := range items {
		if len(parts) == 50 {
			parts = append(parts, "...")
			break
		}
		if s, ok := v.(*py.SliceValue); ok {
			parts = append(parts, sliceLabel(in, s))
			continue
		}
		s, err := in.Str(v)
		if err != nil {
			return "", err
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, ", "), nil
}

func sliceLabel(in *py.Interp, s *py.SliceValue) string {
	text := func(v py.Value) string {
		if v == py.Value(py.None) {
			return ""
		}
		t, _ := in.Str(v)
		return t
	}
	out := text(s.Start) + ":" + text(s.Stop)
	if s.Step != py.Value(py.None) && s.Step != py.Value(py.Int(1)) {
		out += ":" + text(s.Step)
	}
	return out
}
