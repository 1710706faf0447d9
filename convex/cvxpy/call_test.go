package cvxpy

import (
	"context"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/peerwatt/peerwatt/convex"
)

func compile(t testing.TB, source string) *Program {
	t.Helper()
	p, err := Compile("program.py", source)
	if err != nil {
		t.Fatal(err.(*Error).Traceback)
	}
	return p
}

func TestArgumentsArriveAndResultsReturn(t *testing.T) {
	p := compile(t, `
import numpy as np

def f(a, b, c, d, e):
    assert isinstance(a, int) and isinstance(b, float) and c is None and d == "text"
    v, m, words, empty = e["v"], e["m"], e["words"], e["empty"]
    assert isinstance(v, np.ndarray) and v.dtype == np.float64 and v.shape == (3,)
    assert m.shape == (2, 2) and m[0, 1] == 2
    assert words == ["a", 1, [2.0, "b"]] and empty == []
    v[0] = 99
    return a, b, v, m, {"x": True, 3: np.float64(2), "n": np.arange(2), "s": {1}}, (k for k in range(2)), "t", None
`)
	v := []float64{1, 2, 3}
	state := map[string]any{
		"v": v, "m": []any{[]any{1.0, 2}, []any{json.Number("3"), 4.0}}, "words": []any{"a", 1, []any{2.0, "b"}}, "empty": []any{},
	}
	r, err := p.Call(context.Background(), DefaultBudget(), "f", json.Number("7"), json.Number("1.5"), nil, "text", state)
	if err != nil {
		t.Fatal(err.(*Error).Traceback)
	}
	want := []any{
		int64(7), 1.5, []float64{99, 2, 3}, [][]float64{{1, 2}, {3, 4}},
		map[string]any{"x": true, "3": 2.0, "n": []float64{0, 1}, "s": []any{int64(1)}}, []any{int64(0), int64(1)}, "t", nil,
	}
	if d := cmp.Diff(want, r.Value); d != "" {
		t.Error(d)
	}
	if v[0] != 1 {
		t.Error("the program changed its caller's data")
	}
}

func TestExpressionsReturnAsGoObjects(t *testing.T) {
	p := compile(t, `
import cvxpy as cp

def prosumer(state):
    x = cp.Variable(2, name="x", nonneg=True)
    limits = [x <= 3, cp.sum(x) == 4]
    return {"x": x}, cp.sum_squares(x), limits, cp.Minimize(x[0])
`)
	r, err := p.Call(context.Background(), DefaultBudget(), "prosumer", map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	items := r.Value.([]any)
	x := items[0].(map[string]any)["x"].(*convex.Expr)
	var constraints []*convex.Constraint
	for _, c := range items[2].([]any) {
		constraints = append(constraints, c.(*convex.Constraint))
	}
	s, err := convex.NewProblem(convex.Minimize(items[1]), constraints...).Solve(context.Background(), convex.Options{})
	if err != nil || s.Status != convex.Solved {
		t.Fatal(err, s.Status)
	}
	for _, v := range s.Value(x) {
		if math.Abs(v-2) > 1e-6 {
			t.Errorf("x is %v, want 2", s.Value(x))
		}
	}
	if o := items[3].(convex.Objective); o.String() != "minimize x[0]" {
		t.Error(o)
	}
}

func TestCallFindsItsFunction(t *testing.T) {
	for source, want := range map[string]string{
		"def prosumer(state): return 1": "",
		"def Prosumer(state): return 1": "",
		"PROSUMER = lambda state: 1":    "",
		"def solve(state): return 1":    "it defines solve",
		"x = 1":                         "it defines no function",
		"def Prosumer(state): return 2\ndef prosumer(state): return 1": "",
		"prosumer = 3": "NameError",
	} {
		r, err := compile(t, source).Call(context.Background(), DefaultBudget(), "prosumer", map[string]any{})
		switch {
		case want == "" && (err != nil || r.Value != int64(1)):
			t.Errorf("%s: %v, %v", source, r.Value, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", source, err, want)
		}
	}
}

func TestArgumentsOfOtherTypesAreRefused(t *testing.T) {
	p := compile(t, "def f(x): return x")
	for _, arg := range []any{struct{}{}, map[string]any{"a": []any{make(chan int)}}, [][]float64{{1}, {1, 2}}, json.Number("x")} {
		_, err := p.Call(context.Background(), DefaultBudget(), "f", arg)
		if e, ok := err.(*Error); !ok || e.Kind != BadArgument {
			t.Errorf("%v: %v", arg, err)
		}
	}
	_, err := p.Call(context.Background(), Budget{Steps: 1000, Bytes: 1000, Depth: 10, Output: 10, Time: 1e9}, "f", make([]float64, 1000))
	if e, ok := err.(*Error); !ok || e.Kind != OverBudget {
		t.Errorf("a large argument: %v", err)
	}
}

// Runs share nothing but solvers: what one leaves behind, another does not see.
func TestRunsDoNotSeeEachOther(t *testing.T) {
	vandals := []string{
		`setattr(cp, "sum", 3)`,
		`setattr(cp.settings, "OPTIMAL", "broken")`,
		`setattr(cp.Variable, "value", 3)`,
		`setattr(cp.sum, "__name__", "broken")`,
		`setattr(np, "pi", 3)`,
		`setattr(np.random, "rand", None)`,
		`setattr(np.ndarray, "sum", None)`,
		`setattr(math, "pi", 3)`,
		`setattr(json, "dumps", None)`,
		`cp.installed_solvers().clear()`,
		`np.__dict__.clear()`,
		`__builtins__.clear()`,
		`setattr(Exception, "x", 3)`,
		`cp.Variable(3).attributes.clear()`,
		"np.random.seed(5)\nsecret = 42",
	}
	check := `
import cvxpy as cp, numpy as np, math, json
assert np.pi == math.pi > 3.14 and json.dumps(1) == "1" and cp.OPTIMAL == "optimal" == cp.settings.OPTIMAL
assert cp.installed_solvers() and np.ones(3).sum() == 3 and not hasattr(Exception, "x")
x = cp.Variable(2, name="x")
assert x.value is None and x.attributes and str(cp.sum(x)) == "Sum(x, None, False)" and cp.sum.__name__ == "sum"
assert cp.Problem(cp.Minimize(cp.sum(x)), [x >= 1]).solve() > 1.9 and not "secret" in globals()
`
	cache := convex.NewCache(10)
	good := compile(t, check)
	good.SetCache(cache)
	var group sync.WaitGroup
	for _, source := range vandals {
		p := compile(t, "import cvxpy as cp, numpy as np, math, json\n"+source)
		p.SetCache(cache)
		group.Go(func() {
			p.Run(context.Background(), DefaultBudget()) // it may fail
			if _, err := good.Run(context.Background(), DefaultBudget()); err != nil {
				t.Errorf("after %s: %s", source, err.(*Error).Traceback)
			}
		})
	}
	group.Wait()
}

func TestSolvesAreReported(t *testing.T) {
	p := compile(t, `
import cvxpy as cp
x = cp.Variable(name="x")
good = cp.Problem(cp.Minimize(x), [x >= 2])
good.solve()
bad = cp.Problem(cp.Minimize(x), [x >= 2,
                                  x <= 1])
bad.solve()
`)
	r, err := p.Run(context.Background(), DefaultBudget())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range r.Solves {
		got = append(got, s.Status)
	}
	if want := []string{"optimal", "infeasible"}; !reflect.DeepEqual(got, want) {
		t.Fatalf("statuses %v, want %v", got, want)
	}
	if r.Solves[0].Line != 4 || r.Solves[1].Line != 6 {
		t.Errorf("lines %d and %d", r.Solves[0].Line, r.Solves[1].Line)
	}
	why, err := r.Solves[1].Program.Explain(context.Background(), r.Solves[1].Solution)
	if err != nil || !strings.Contains(why.String(), "line 6") || !strings.Contains(why.String(), "line 7") {
		t.Errorf("the explanation does not name the lines: %v, %v", why, err)
	}
}

// Mistakes that Python lets pass are noted with their line, and only they.
func TestSilentMistakesAreNoted(t *testing.T) {
	const head = "import cvxpy as cp\nimport numpy as np\nx, a = cp.Variable(3, name=\"x\"), np.array([1.0, 2.0, 3.0])\ncol = cp.Variable((3, 1))\nz = cp.Variable()\n"
	for source, rule := range map[string]string{
		"a * x": "star product", "x * a": "star product", "[1, 2, 3] * x": "star product", "np.ones((2, 3)) * x": "star product",
		"cp.sum(a * x)": "star product", "np.multiply(a, x)": "numpy product", "np.dot(a, x)": "numpy product", "np.outer(a, x)": "numpy product",
		"x + col": "outer broadcast", "col + a": "outer broadcast", "x <= col": "outer broadcast", "x == col": "outer broadcast",
		"cp.multiply(col, a)": "outer broadcast", "x - np.ones((3, 1))": "outer broadcast",
		"cp.sum(z)": "sum of a scalar", "sum(z)": "iterating a scalar", "cp.Constant([[1, 2], [3, 4]])": "nested list",
		"cp.multiply(a, x)": "", "a @ x": "", "2 * x": "", "x + 1": "", "x + a": "", "cp.sum(x)": "", "x * z": "", "col + np.ones((3, 1))": "",
		"np.array([2.0]) * x": "", "cp.Constant([1, 2])": "", "sum(x)": "", "x[0] * a": "",
	} {
		r, err := compile(t, head+source).Run(context.Background(), DefaultBudget())
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		var rules []string
		for _, n := range r.Notes {
			rules = append(rules, n.Rule)
			if n.Line != 6 || n.Text == "" || n.Recipe == "" {
				t.Errorf("%s: incomplete note %+v", source, n)
			}
		}
		if rule == "" && len(rules) > 0 || rule != "" && (len(rules) == 0 || rules[0] != rule) {
			t.Errorf("%s: notes %q, want %q", source, rules, rule)
		}
	}
}

// Loud mistakes come with a hint that says what to write.
func TestErrorsAdvise(t *testing.T) {
	const head = "import cvxpy as cp\nimport numpy as np\nx, y = cp.Variable(3, name=\"x\"), cp.Variable(3, name=\"y\")\n"
	for source, hint := range map[string]string{
		"0 <= x <= 5": "two constraints", "x > 0": "<= or >=", "max(x[0], 0)": "cp.maximum", "abs(x)": "cp.abs", "np.maximum(x, 0)": "cp.maximum",
		"np.sum(x)": "cp.sum(x)", "x[0] = 1": "Add a constraint", "np.zeros(3)[0] = x[0]": "", "a = np.zeros(3)\na[0] = x": "Python list",
		"cp.Problem(cp.Minimize(cp.sum(x)), [cp.sqrt(cp.square(x) + cp.square(y)) <= 2]).solve()": "cp.norm(",
		"cp.Problem(cp.Minimize(cp.sum(x)), [y == cp.abs(x)]).solve()":                            "affine",
		"cp.Problem(cp.Minimize(cp.sum(1 / x))).solve()":                                          "cp.inv_pos",
		"cp.Problem(cp.Minimize(cp.sum(cp.multiply(x, y)))).solve()":                              "product of decisions",
		"cp.Minimize(x)": "cp.sum", "cp.dot(x, y)": "a @ x", "cp.zeros(3)": "np.zeros", "cp.Problem(x)": "cp.Minimize",
		"cp.Problem(cp.Minimize(0), [[x >= 0]])": "flat list", "cp.Problem(cp.Minimize(0), [x >= 0]).solve(solver=\"FOO\")": "cp.CLARABEL",
		"x + np.ones(2)": "current_time", "x[3]": "last step", "cp.diff(x[:1])": "x[1:] - x[:-1]",
		"p = cp.Problem(cp.Minimize(0), [x >= 1, x <= 0])\np.solve()\nx.value[0]": "infeasible", "x.value[0]": "after problem.solve",
	} {
		_, err := compile(t, head+source).Run(context.Background(), DefaultBudget())
		e, ok := err.(*Error)
		switch {
		case !ok:
			t.Errorf("%s: no error", source)
		case hint == "" && e.Hint == "" || hint != "" && strings.Contains(e.Hint, hint):
		case hint != "":
			t.Errorf("%s: %v: hint %q, want %q", source, e, e.Hint, hint)
		}
	}
	_, err := compile(t, "def f(state): return state[\"lambda\"]").Call(context.Background(), DefaultBudget(), "f", map[string]any{"lambda_B": 1, "load": 2})
	if e := err.(*Error); !strings.Contains(e.Hint, "lambda_B, load") || e.Line != 1 {
		t.Errorf("%v: hint %q at line %d", e, e.Hint, e.Line)
	}
}
