package cvxpy

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// Call executes the program's body (__name__ is the file's name, so that a
// script's own main does not run) and then calls one of its functions, whose
// result is Result.Value. The function is found by name; where no name fits
// exactly, by its spelling in other case (Prosumer for prosumer).
//
// Arguments are Go values as encoding/json makes them, or numbers and slices:
// nil, bool, int, int64, float64, json.Number, string, []float64, [][]float64,
// []any and map[string]any. Lists of numbers arrive as numpy arrays of float64.
// They are copied: a program cannot change its caller's data.
func (p *Program) Call(ctx context.Context, b Budget, function string, args ...any) (*Result, error) {
	r := newRun(ctx, p, b)
	defer r.in.Close()
	return r.finish(r.guard(func() error {
		v, err := r.call(p, function, args)
		if err == nil {
			r.result.Value, err = r.toGo(v, 0)
		}
		return err
	}))
}

func (r *run) call(p *Program, function string, args []any) (py.Value, error) {
	names, err := r.in.RunModule(p.py, strings.TrimSuffix(p.py.Name(), ".py"))
	if err != nil {
		return nil, err
	}
	f, err := callee(names, function)
	if err != nil {
		return nil, err
	}
	values := make([]py.Value, len(args))
	for k, a := range args {
		if state, ok := a.(map[string]any); ok {
			r.keys = slices.Sorted(maps.Keys(state))
		}
		if values[k], err = r.toPython(a, 0); err != nil {
			return nil, err
		}
	}
	return r.in.CallValues(f, values...)
}

// callee finds the function that is to be called.
func callee(names *py.Namespace, function string) (py.Value, error) {
	if f := names.Get(function); f != nil && py.IsCallable(f) {
		return f, nil
	}
	var found, defined []string
	for _, n := range names.Names() {
		if _, ok := names.Get(n).(*py.Function); ok {
			defined = append(defined, n)
			if strings.EqualFold(n, function) {
				found = append(found, n)
			}
		}
	}
	if len(found) == 1 {
		return names.Get(found[0]), nil
	}
	what := "it defines no function"
	if len(defined) > 0 {
		what = "it defines " + strings.Join(defined, ", ")
	}
	return nil, py.NameError.New("name '%s' is not defined: the program must define the function %s(state); %s", function, function, what)
}
