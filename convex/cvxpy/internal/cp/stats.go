package cp

import (
	"strconv"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// record makes an object with attributes, in order.
func record(t *py.Type, names []string, values []py.Value) py.Value {
	o := py.NewInstance(t)
	for k, n := range names {
		o.Attrs().Set(n, values[k])
	}
	return o
}

var (
	statsType = cvxpyType("SolverStats")
	sizesType = cvxpyType("SizeMetrics")
)

// stats is problem.solver_stats.
func (p *Problem) stats(*py.Interp) (py.Value, error) {
	if p.solution == nil {
		return py.None, nil
	}
	return record(statsType, []string{"solver_name", "solve_time", "setup_time", "num_iters", "extra_stats"},
		[]py.Value{py.Str(p.solver), py.Float(p.seconds), py.None, py.Int(p.solution.Iterations), py.None}), nil
}

// sizes is problem.size_metrics.
func (p *Problem) sizes() py.Value {
	variables, equalities, inequalities := 0, 0, 0
	for _, e := range p.variables {
		variables += e.Size()
	}
	for _, c := range p.constraints {
		if c.class == equalityType {
			equalities += c.c.Shape().Size()
		} else {
			inequalities += c.c.Shape().Size()
		}
	}
	return record(sizesType, []string{"num_scalar_variables", "num_scalar_eq_constr", "num_scalar_leq_constr"},
		[]py.Value{py.Int(variables), py.Int(equalities), py.Int(inequalities)})
}

func init() {
	statsType.ReprWith(func(in *py.Interp, v py.Value) (string, error) {
		attrs := v.(*py.Instance).Attrs()
		seconds, err := in.Repr(attrs.Get("solve_time"))
		if err != nil {
			return "", err
		}
		return "SolverStats(solver_name='" + string(attrs.Get("solver_name").(py.Str)) + "', solve_time=" + seconds +
			", setup_time=None, num_iters=" + strconv.Itoa(int(attrs.Get("num_iters").(py.Int))) + ", extra_stats=None)", nil
	})
}
