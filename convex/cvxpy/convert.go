package cvxpy

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/cp"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/numpy"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// deepest bounds the nesting of arguments and results.
const deepest = 50

// DecodeState reads a JSON object as an argument for Call: whole numbers stay
// ints.
func DecodeState(r io.Reader) (map[string]any, error) {
	d := json.NewDecoder(r)
	d.UseNumber()
	var state map[string]any
	if err := d.Decode(&state); err != nil {
		return nil, fmt.Errorf("the state must be a JSON object: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("the state must be one JSON object, more follows it")
	}
	return state, nil
}

// toPython copies a Go value into a Python one.
func (r *run) toPython(v any, depth int) (py.Value, error) {
	if depth > deepest {
		return nil, fmt.Errorf("the argument is nested more than %d deep", deepest)
	}
	if err := r.in.Alloc(32); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil:
		return py.None, nil
	case bool:
		return py.Bool(v), nil
	case int:
		return py.Int(v), nil
	case int64:
		return py.Int(v), nil
	case float64:
		return py.Float(v), nil
	case json.Number:
		return number(v)
	case string:
		return py.Str(v), r.in.Alloc(len(v))
	case []float64:
		return numpy.FromFloats(slices.Clone(v), len(v)), r.in.AllocN(len(v), 8)
	case [][]float64:
		return r.matrix(v)
	case []any:
		return r.list(v, depth)
	case map[string]any:
		d := py.NewDict()
		for _, k := range slices.Sorted(maps.Keys(v)) {
			item, err := r.toPython(v[k], depth+1)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", k, err)
			}
			d.SetStr(k, item)
		}
		return d, r.in.AllocN(len(v), 64)
	}
	return nil, fmt.Errorf("an argument of Go type %T cannot become a Python object", v)
}

// number keeps 3 an int and 3.0 a float.
func number(n json.Number) (py.Value, error) {
	if i, err := n.Int64(); err == nil {
		return py.Int(i), nil
	}
	f, err := n.Float64()
	if err != nil {
		return nil, fmt.Errorf("the number %s is out of range", n)
	}
	return py.Float(f), nil
}

// list makes an array of a list of numbers or of equally long lists of
// numbers, and a list of any other.
func (r *run) list(v []any, depth int) (py.Value, error) {
	if row, ok := floats(v); ok && len(v) > 0 {
		return r.toPython(row, depth)
	}
	rows := make([][]float64, 0, len(v))
	for _, x := range v {
		inner, isList := x.([]any)
		row, ok := floats(inner)
		if !isList || !ok || len(rows) > 0 && len(row) != len(rows[0]) || len(row) == 0 {
			break
		}
		rows = append(rows, row)
	}
	if len(rows) == len(v) && len(v) > 0 {
		return r.matrix(rows)
	}
	list := py.NewList()
	for _, x := range v {
		item, err := r.toPython(x, depth+1)
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}

func floats(v []any) ([]float64, bool) {
	out := make([]float64, len(v))
	for k, x := range v {
		switch x := x.(type) {
		case float64:
			out[k] = x
		case int:
			out[k] = float64(x)
		case json.Number:
			f, err := x.Float64()
			if err != nil {
				return nil, false
			}
			out[k] = f
		default:
			return nil, false
		}
	}
	return out, true
}

func (r *run) matrix(rows [][]float64) (py.Value, error) {
	cols := 0
	if len(rows) > 0 {
		cols = len(rows[0])
	}
	var data []float64
	for _, row := range rows {
		if len(row) != cols {
			return nil, fmt.Errorf("a matrix has rows of %d and %d numbers", cols, len(row))
		}
		data = append(data, row...)
	}
	return numpy.FromFloats(data, len(rows), cols), r.in.AllocN(len(data), 8)
}

// toGo turns a Python object into a Go value; see Result.Value.
func (r *run) toGo(v py.Value, depth int) (any, error) {
	if depth > deepest {
		return nil, py.Unsupported("a result nested more than %d deep is not supported", deepest)
	}
	if err := r.in.Step(1); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case py.NoneType:
		return nil, nil
	case py.Bool:
		return bool(v), nil
	case numpy.Bool:
		return bool(v), nil
	case py.Int:
		return int64(v), nil
	case numpy.Int64:
		return int64(v), nil
	case py.Float:
		return float64(v), nil
	case numpy.Float64:
		return float64(v), nil
	case py.Str:
		return string(v), nil
	case *cp.Expr:
		return v.Convex(), nil
	case *cp.Constraint:
		return v.Convex(), nil
	case *cp.Objective:
		return v.Convex(), nil
	case *cp.Problem:
		return v.Convex(), nil
	case *numpy.Array:
		return r.arrayToGo(v, depth)
	case *py.Dict:
		return r.dictToGo(v, depth)
	case *py.Instance:
		return r.attributesToGo(v, depth)
	case *py.List, *py.Tuple, *py.Set, *py.Generator:
		items, err := r.in.Collect(v)
		if err != nil {
			return nil, err
		}
		return r.itemsToGo(items, depth)
	}
	s, err := r.in.Repr(v)
	return s, err
}

func (r *run) itemsToGo(items []py.Value, depth int) (any, error) {
	out := make([]any, len(items))
	for k, x := range items {
		var err error
		if out[k], err = r.toGo(x, depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r *run) arrayToGo(a *numpy.Array, depth int) (any, error) {
	shape := a.Shape()
	numeric := a.Kind() == numpy.FloatDType || a.Kind() == numpy.IntDType || a.Kind() == numpy.BoolDType
	if !numeric || len(shape) > 2 {
		items, err := r.in.Collect(a)
		if err != nil {
			return nil, err
		}
		return r.itemsToGo(items, depth)
	}
	data, err := a.Floats(r.in)
	if err != nil {
		return nil, err
	}
	switch len(shape) {
	case 0:
		return data[0], nil
	case 1:
		return slices.Clone(data), nil
	}
	rows := make([][]float64, shape[0])
	for i := range rows {
		rows[i] = slices.Clone(data[i*shape[1] : (i+1)*shape[1]])
	}
	return rows, nil
}

func (r *run) dictToGo(d *py.Dict, depth int) (any, error) {
	out := map[string]any{}
	var failed error
	d.Range(func(key, value py.Value) bool {
		name, err := r.in.Str(key)
		if err == nil {
			out[name], err = r.toGo(value, depth+1)
		}
		failed = err
		return err == nil
	})
	return out, failed
}

// attributesToGo gives an object of the program's class as a map.
func (r *run) attributesToGo(o *py.Instance, depth int) (any, error) {
	out := map[string]any{}
	for _, name := range o.Attrs().Names() {
		if strings.HasPrefix(name, "_") {
			continue
		}
		v, err := r.toGo(o.Attrs().Get(name), depth+1)
		if err != nil {
			return nil, err
		}
		out[name] = v
	}
	return out, nil
}
