package cp

import (
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

const version = "1.9.3"

// submodules are the parts of cvxpy that programs import classes from.
var submodules = map[string]map[string]py.Value{
	"error":  {"DCPError": dcpError, "SolverError": solverError, "ParameterError": parameterError},
	"atoms":  nil, // the atoms themselves; see module
	"affine": nil,

	"expressions.variable": {"Variable": variableType}, "expressions.expression": {"Expression": expressionType},
	"expressions.constants": {"Constant": constantType, "Parameter": parameterType}, "expressions": nil,
	"constraints": {"Equality": equalityType, "Inequality": inequalityType, "SOC": socType}, "constraints.constraint": {"Constraint": constraintType},
	"problems.problem": {"Problem": problemType}, "problems.objective": {"Minimize": minimizeType, "Maximize": maximizeType}, "problems": nil,
	"settings": settings,
}

// settings are the names of statuses.
var settings = map[string]py.Value{
	"OPTIMAL": py.Str("optimal"), "OPTIMAL_INACCURATE": py.Str("optimal_inaccurate"), "INFEASIBLE": py.Str("infeasible"),
	"INFEASIBLE_INACCURATE": py.Str("infeasible_inaccurate"), "UNBOUNDED": py.Str("unbounded"),
	"UNBOUNDED_INACCURATE": py.Str("unbounded_inaccurate"), "USER_LIMIT": py.Str("user_limit"), "SOLVER_ERROR": py.Str("solver_error"),
}

// Find is the py.Finder for cvxpy and its parts.
func Find(in *py.Interp, name string) (*py.Module, error) {
	if name == "cvxpy" {
		return module(), nil
	}
	part, ok := strings.CutPrefix(name, "cvxpy.")
	if !ok {
		return nil, nil
	}
	root, err := in.Import("cvxpy")
	if err != nil {
		return nil, err
	}
	m := root
	for n := range strings.SplitSeq(part, ".") {
		next, ok := m.Get(n).(*py.Module)
		if !ok {
			return nil, nil
		}
		m = next
	}
	return m, nil
}

func module() *py.Module {
	real := namesOf("cvxpy")
	m := &py.Module{Name: "cvxpy", Dir: real, Missing: func(name string) error {
		if slices.Contains(real, name) {
			return py.Unsupported("cvxpy.%s is not supported", name)
		}
		return nil
	}}
	for name, f := range atomTable {
		m.Set(name, f)
	}
	for name, v := range settings {
		m.Set(name, v)
	}
	for _, name := range solverNames {
		m.Set(name, py.Str(name))
	}
	for name, v := range map[string]py.Value{
		"Variable": variableType, "Parameter": parameterType, "Constant": constantType, "Expression": expressionType,
		"Problem": problemType, "Minimize": minimizeType, "Maximize": maximizeType, "Constraint": constraintType, "SOC": socType,
		"DCPError": dcpError, "SolverError": solverError, "__version__": py.Str(version),
		"installed_solvers": py.Def("installed_solvers", "", func(*py.Interp, *py.Bound) (py.Value, error) {
			list := py.NewList()
			for _, name := range installedSolvers {
				list.Items = append(list.Items, py.Str(name))
			}
			return list, nil
		}),
	} {
		m.Set(name, v)
	}
	for path, names := range submodules {
		part := m
		for n := range strings.SplitSeq(path, ".") {
			next, ok := part.Get(n).(*py.Module)
			if !ok {
				next = &py.Module{Name: part.Name + "." + n}
				part.Set(n, next)
			}
			part = next
		}
		for name, v := range names {
			part.Set(name, v)
		}
	}
	for _, path := range []string{"atoms", "affine"} {
		for name, f := range atomTable {
			m.Get(path).(*py.Module).Set(name, f)
		}
	}
	return m
}
