package cp

import (
	"errors"
	"strings"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// The classes of cvxpy's errors.
var (
	dcpError       = py.NewExceptionType("cvxpy.error", "DCPError", py.Exception)
	solverError    = py.NewExceptionType("cvxpy.error", "SolverError", py.Exception)
	parameterError = py.NewExceptionType("cvxpy.error", "ParameterError", py.Exception)
)

// wordError turns an error of convex that no check here foresaw into Python's.
func wordError(err error) error {
	var shape *convex.ShapeError
	var missing *convex.UnsupportedError
	var parameter *convex.ParameterError
	switch {
	case errors.As(err, &missing):
		return py.Unsupported("cvxpy.%s is not supported: %s", missing.Feature, missing.Reason)
	case errors.As(err, &shape):
		return py.ValueError.New("%s", strings.TrimPrefix(shape.Error(), "convex: "))
	case errors.As(err, &parameter):
		if strings.Contains(parameter.Reason, "finite") {
			return dataError(parameter.Name == "the objective")
		}
		if strings.Contains(parameter.Reason, "value") {
			return parameterError.New("A Parameter (whose name is '%s') does not have a value associated with it; all Parameter objects must have values before solving a problem.", parameter.Name)
		}
		return py.ValueError.New("%s", strings.TrimPrefix(parameter.Error(), "convex: "))
	}
	return py.ValueError.New("%s", strings.TrimPrefix(err.Error(), "convex: "))
}

// dcpMessage writes what cvxpy's DCPError says.
func dcpMessage(p *convex.Problem, e *convex.DCPError) string {
	var b strings.Builder
	b.WriteString("Problem does not follow DCP rules. Specifically:\n")
	if first := e.Violations[0]; first.Constraint == nil {
		if len(first.Parts) == 0 {
			curve := "concave"
			if p.Objective().Expr().IsConvex() {
				curve = "convex"
			}
			b.WriteString("The objective is not DCP, even though each sub-expression is.\nYou are trying to " + first.Goal + " a function that is " + curve + ".")
			return b.String()
		}
		b.WriteString("The objective is not DCP. Its following subexpressions are not:")
		for _, part := range first.Parts {
			b.WriteString("\n" + part.Text)
		}
		return b.String()
	}
	b.WriteString("The following constraints are not DCP:")
	for _, v := range e.Violations {
		b.WriteString("\n" + v.Text + " , because the following subexpressions are not:")
		if len(v.Parts) == 0 {
			b.WriteString("\n|--  " + v.Text)
		}
		for _, part := range v.Parts {
			b.WriteString("\n|--  " + part.Text)
		}
	}
	return b.String()
}

// dcpHint says in words which rule is broken and what to write instead.
func dcpHint(e *convex.DCPError) string {
	var lines []string
	for _, v := range e.Violations {
		what := "the objective"
		if v.Constraint != nil {
			what = "the constraint " + v.Text
		}
		for _, part := range v.Parts {
			lines = append(lines, "in "+what+": "+part.Text+": "+part.Rule+recipe(part.Expr))
		}
		if v.Rule != "" {
			lines = append(lines, what+": "+v.Rule)
		}
	}
	return strings.Join(lines, "\n")
}

// recipe suggests what to write for common mistakes.
func recipe(e *convex.Expr) string {
	args := e.Args()
	switch e.Op() {
	case "PowerApprox":
		if len(args) == 1 && args[0].Op() == "AddExpression" {
			return "; write cp.norm(cp.hstack([...])) for the square root of a sum of squares"
		}
	case "multiply", "MulExpression":
		if len(args) == 2 && !args[0].IsConstant() && !args[1].IsConstant() {
			return "; one factor must be a number: a product of decisions is not convex"
		}
	case "DivExpression":
		return "; write cp.inv_pos(x) for 1/x with x > 0"
	}
	return ""
}
