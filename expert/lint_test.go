package expert

import (
	"context"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/convex/cvxpy"
)

// atHome is a session of a household with a flexible load and nothing else.
func atHome(t testing.TB) *Session {
	x, state := flexible(t)
	state.CurrentTime = 90
	return &Session{Spec: &Spec{Prosumer: x}, State: state}
}

const (
	solving  = "    constraints.append(P_P2P == 0)\n    problem = cp.Problem(cp.Minimize(cost), constraints)\n    problem.solve()"
	returned = `{"P_CL": P_CL.value}`
	sixParts = `{"P_CL": P_CL}, cost, constraints, P_EX, Q_EX, P_P2P`
)

// TestLintMends: every mistake that has a rule runs after it, with the fix on
// record; without Lint it fails.
func TestLintMends(t *testing.T) {
	plain := household(solving, returned)
	for rule, programs := range map[string][]string{
		"marks of Markdown":        {"```python\n" + plain + "```\n"},
		"dots left over":           {strings.Replace(plain, returned, `{"P_CL": P_CL.value, ...}`, 1)},
		"missing import":           {strings.Replace(plain, "import numpy as np\n", "", 1)},
		"import that is not there": {"import matplotlib.pyplot as plt\n" + plain, "from scipy.optimize import linprog\n" + plain, "import os\n" + plain},
		"name of the function":     {strings.Replace(plain, "def prosumer(", "def optimise_home(", 1)},
		"symbol without a value":   {strings.Replace(plain, "0.2 * load", "alpha * P_Load", 1), strings.Replace(plain, "* 0.25", "* delta_t + 0 * lambda_E", 1)},
		"key of the state":         {strings.Replace(plain, `state["P_(t)_(Load)"]`, `state["P_(t)_(load)"]`, 1), strings.Replace(plain, `state["P_(t)_(Load)"]`, `state['P_t_Load']`, 1)},
		"chained comparison": {
			household("    constraints += [0 <= P_CL <= 5, P_Grid <= 1e4]\n"+solving, returned),
			household("    constraints.append(-100 <= P_Grid <= 1e4)\n"+solving, returned),
			household("    constraints += [\n        -100 <= P_Grid - P_CL <= np.maximum(load, 1e4),\n        P_CL >= 0]\n"+solving, returned),
		},
		"function of numpy": {
			household("    cost = cost + cp.sum(np.maximum(P_Grid, 0))\n"+solving, returned), household("    cost += np.sum(P_CL)\n"+solving, returned),
			household("    before = np.hstack([0, P_CL[:-1]])\n    constraints.append(before >= 0)\n"+solving, returned),
			household("    constraints.append(P_CL >= cp.zeros(T))\n"+solving, returned), household("    cost += cp.sum(np.square(P_CL))\n"+solving, returned),
		},
		"built-in function":        {household("    cost += cp.sum(max(P_CL, 0))\n"+solving, returned), household("    cost += cp.sum(max(P_CL - 1, P_Grid))\n"+solving, returned), household("    cost += cp.sum(abs(P_CL))\n"+solving, returned), household("    cost += max(P_Grid) if T > 1 else 0\n"+solving, returned)},
		"strict inequality":        {household("    constraints.append(P_CL < 5)\n"+solving, returned)},
		"solver that is not there": {strings.Replace(plain, "solve()", `solve(solver="FANTASY", verbose=False)`, 1), strings.Replace(plain, "solve()", `solve(solver=cp.FANTASY)`, 1)},
		"function of cvxpy":        {household("    cost += np.sum_squares(P_CL)\n"+solving, returned)},
		"name in cvxpy":            {household("    cost += cp.sum_entries(P_CL)\n"+solving, returned)},
		"list among constraints":   {household("    constraints.append([P_CL >= 0, P_CL <= 5])\n"+solving, returned)},
		"assignment to a variable": {household("    P_CL[0] = 0\n"+solving, returned)},
		"difference of one step":   {household("    constraints.append(cp.abs(cp.diff(P_CL)) <= 100)\n"+solving, returned)},
		"root of squares":          {household("    constraints.append(cp.sqrt(cp.square(P_CL) + cp.square(P_Grid)) <= 1e4)\n"+solving, returned)},
	} {
		for _, source := range programs {
			for _, lint := range []bool{false, true} {
				s := atHome(t)
				s.Code = source
				w := &workflow{WorkflowOptions: WorkflowOptions{Lint: lint, Knowledge: builtinKnowledge()}}
				if err := w.runCode(context.Background(), s, nil); err != nil {
					t.Fatal(err)
				}
				switch {
				case !lint && (s.Failure == nil || s.Fixes != nil || s.Code != source):
					t.Errorf("%s: it does not fail without Lint:\n%s", rule, source)
				case lint && (s.Failure != nil || len(s.Fixes) == 0 || s.Fixes[0].Rule != rule || s.Fixes[0].Line == 0):
					t.Errorf("%s: %v, fixes %v\n%s", rule, s.Failure, s.Fixes, s.Code)
				}
			}
		}
	}
}

// TestLintMendsWhatIsReturned does so for the program with trade.
func TestLintMendsWhatIsReturned(t *testing.T) {
	for rule, source := range map[string]string{
		"objective instead of cost": household("    objective = cp.Minimize(cost)", strings.Replace(sixParts, "cost", "objective", 1)),
		"list among constraints":    household("    constraints.append([P_CL >= 0])", sixParts),
	} {
		s := atHome(t)
		s.Program = source
		w := &workflow{WorkflowOptions: WorkflowOptions{Lint: true, Knowledge: builtinKnowledge()}}
		if err := w.checkProgram(context.Background(), s, nil); err != nil || !s.Passed || len(s.Fixes) != 1 || s.Fixes[0].Rule != rule {
			t.Errorf("%s: %v, %v, fixes %v", rule, err, s.Failure, s.Fixes)
		}
	}
}

// TestLintTellsAllAtOnce: mistakes without a rule are found together, with what
// to write instead, and with those that Python is silent about.
func TestLintTellsAllAtOnce(t *testing.T) {
	s := atHome(t)
	s.Code = household(`    constraints.append(P_CL <= nothing_known)
    constraints += [
        P_CL <= np.ones(7),
    ]
    cost += cp.sum(np.ones(T) * P_CL)
    constraints.append(float(cp.sum(P_CL)) >= 0)
`+solving, returned)
	w := &workflow{WorkflowOptions: WorkflowOptions{Lint: true, Knowledge: builtinKnowledge()}}
	if err := w.runCode(context.Background(), s, nil); err != nil || s.Failure == nil {
		t.Fatal(err, s.Failure)
	}
	for _, want := range []string{"line 15: NameError", "line 17: ValueError", "the rest of it, such as array", "line 20: TypeError: float()", "line 19: star product", "Write cp.multiply"} {
		if !strings.Contains(s.Failure.Text, want) {
			t.Errorf("it lacks %q:\n%s", want, s.Failure.Text)
		}
	}
}

func TestStatements(t *testing.T) {
	lines := strings.Split("a = [\n  1,  # ]\n  '[']\nb = \"\"\"(\n(\n\"\"\"\nc = 1 + \\\n  2\nd", "\n")
	for at, want := range [][2]int{{0, 3}, {0, 3}, {0, 3}, {3, 6}, {3, 6}, {3, 6}, {6, 8}, {6, 8}, {8, 9}} {
		if from, to := statementAt(lines, at); from != want[0] || to != want[1] {
			t.Errorf("line %d: %d to %d, want %v", at, from, to, want)
		}
	}
	if from, _ := statementAt(lines, 9); from != -1 {
		t.Error("a line beyond the end belongs to a statement")
	}
}

// FuzzMend: whatever the code and its exception are, mending ends, changes
// nothing without saying so, and says which line.
func FuzzMend(f *testing.F) {
	f.Add(household(solving, returned), "NameError", "name 'np' is not defined", 3)
	f.Add("constraints += [0 <= x <= 5,\n (1, ']') <= y]", "Exception", "Cannot evaluate the truth value of a constraint", 1)
	f.Add("x = state['P_load']", "KeyError", "'P_load'", 1)
	f.Add("P[0] = max(1, min(x))\ncon = [", "TypeError", "'Variable' object does not support item assignment", 1)
	f.Add("```\n", "SyntaxError", "invalid syntax", 0)
	f.Fuzz(func(t *testing.T, source, class, text string, line int) {
		mended, fix := mend(source, known{[]string{"P_(t)_(Load)", "current_time"}, map[string]string{"eta": "0.95"}}, &cvxpy.Error{Class: class, Text: text, Line: line})
		if (fix == nil) != (mended == source) {
			t.Fatalf("%q becomes %q by %v", source, mended, fix)
		}
		if fix != nil && (fix.Line < 1 || fix.Line > strings.Count(source, "\n")+1 && fix.Line > strings.Count(mended, "\n")+1) {
			t.Fatalf("the fix is of line %d of %q", fix.Line, source)
		}
		withoutStatement(source, line)
	})
}
