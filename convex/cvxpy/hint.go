package cvxpy

import (
	"fmt"
	"regexp"
	"strings"
)

// advice belongs to an error whose class and text match.
type advice struct {
	class   string
	text    *regexp.Regexp
	message string // may use the expression's groups
}

// advices are what to write instead, for the mistakes that programs make most.
var advices = []advice{
	{"Exception", regexp.MustCompile(`^Cannot evaluate the truth value of a constraint`),
		"A constraint is neither true nor false. Write a chain such as 0 <= x <= 5 as two constraints, [x >= 0, x <= 5]; do not use and, or, not, if or the built-in max and min on constraints and expressions."},
	{"NotImplementedError", regexp.MustCompile(`^Strict inequalities`),
		"Write <= or >= between expressions. The built-in max and min compare with < and >: use cp.maximum(a, b), cp.minimum(a, b), cp.max(x) or cp.min(x)."},
	{"TypeError", regexp.MustCompile(`built-in abs function`), "Write cp.abs(x)."},
	{"RuntimeError", regexp.MustCompile(`calling a NumPy function on a CVXPY expression`),
		"numpy's functions take arrays only. Write cp.maximum, cp.minimum, cp.abs, cp.square, cp.sqrt, cp.sum, cp.multiply and so on for expressions."},
	{"TypeError", regexp.MustCompile(`^Expression\.(\w+)\(\) got an unexpected keyword argument '(out|dtype)'`), "Write cp.$1(x): numpy's np.$1 takes arrays only."},
	{"ValueError", regexp.MustCompile(`^setting an array element with a sequence`),
		"An expression cannot be put into a numpy array. Collect expressions in a Python list, and join them with cp.hstack(list)."},
	{"TypeError", regexp.MustCompile(`^'\w+' object does not support item assignment`),
		"An expression cannot be changed. Add a constraint, such as x[0] == value."},
	{"ValueError", regexp.MustCompile(`objective must resolve to a scalar`), "Add the entries up: cp.Minimize(cp.sum(...))."},
	{"DCPError", regexp.MustCompile(`^Problem objective must be Minimize or Maximize`), "Write cp.Problem(cp.Minimize(cost), constraints)."},
	{"ValueError", regexp.MustCompile(`^Problem has an invalid constraint of type <class 'list'>`),
		"constraints must be one flat list: use constraints += [...] or constraints.extend([...]) to add a list, constraints.append(c) to add one constraint."},
	{"ValueError", regexp.MustCompile(`^Problem has an invalid constraint of type`), "Each item of the list must be a comparison of expressions: ==, <= or >=."},
	{"SolverError", regexp.MustCompile(`is not installed`), "Leave solver= out, or write solver=cp.CLARABEL."},
	{"AttributeError", regexp.MustCompile(`^module 'cvxpy' has no attribute '(zeros|ones|inf|pi|array|arange|eye|where|clip|full)'`), "Write np.$1."},
	{"AttributeError", regexp.MustCompile(`^module 'cvxpy' has no attribute '(dot|inner)'`), "Write a @ x, or cp.sum(cp.multiply(a, x))."},
	{"AttributeError", regexp.MustCompile(`^module 'cvxpy' has no attribute '(mul_elemwise|mul|prod_elemwise)'`), "Write cp.multiply(a, x)."},
	{"AttributeError", regexp.MustCompile(`^module 'cvxpy' has no attribute 'sum_entries'`), "Write cp.sum(x)."},
	{"AttributeError", regexp.MustCompile(`^module 'cvxpy' has no attribute '(max_elemwise|max_entries)'`), "Write cp.maximum(a, b) entry by entry, cp.max(x) for the largest entry."},
	{"AttributeError", regexp.MustCompile(`^module 'cvxpy' has no attribute '(Bool|Int)'`), "Write cp.Variable(n, boolean=True)."},
	{"ValueError", regexp.MustCompile(`^(shape mismatch|Incompatible dimensions)`),
		"Both sides must cover the same steps: cut arrays of the whole day to the rest of it, such as array[state[\"current_time\"]:]."},
	{"IndexError", regexp.MustCompile(`is out of bounds for axis`), "At the last step of the day the horizon has one entry only; x[1:] of it is empty, x[1] does not exist."},
	{"ValueError", regexp.MustCompile(`^Must have k >= 0 and X must have < k elements`),
		"cp.diff needs two entries at least, and at the last step of the day there is one: write x[1:] - x[:-1]."},
}

// hint is what to write instead for an error, "" where nothing is known.
func (r *run) hint(e *Error) string {
	text := strings.TrimSpace(e.Text)
	switch {
	case e.Class == "DCPError" && r.session.Hint != "":
		return r.session.Hint
	case e.Class == "KeyError" && len(r.keys) > 0:
		return "The state has the keys " + strings.Join(r.keys, ", ") + "."
	case strings.Contains(text, "NoneType") && r.unsolved() != "":
		return r.unsolved()
	}
	for _, a := range advices {
		if a.class != e.Class {
			continue
		}
		if m := a.text.FindStringSubmatchIndex(text); m != nil {
			return string(a.text.ExpandString(nil, a.message, text, m))
		}
	}
	return ""
}

// unsolved explains values that are None.
func (r *run) unsolved() string {
	solved := r.session.Solved
	if len(solved) == 0 {
		return "Variables have a value only after problem.solve()."
	}
	if last := solved[len(solved)-1]; last.Status == "infeasible" || last.Status == "unbounded" {
		return fmt.Sprintf("The problem of line %d is %s, so that its variables have no values. Look at problem.status before values are used.", last.Line, last.Status)
	}
	return ""
}
