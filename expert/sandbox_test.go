package expert

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy"
)

func program(t testing.TB, source string) *Program {
	t.Helper()
	p, err := NewProgram(source)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestProgramsOfSpecsAreTheHumansModel runs the programs that specifications
// write, of both stages, in the sandbox: they decide as the human expert does.
func TestProgramsOfSpecsAreTheHumansModel(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	ctx := context.Background()
	for _, a := range community.Archetypes {
		spec, state := caseOf(t, w, a, 0)
		solving, parted := program(t, spec.Program(false)), program(t, spec.Program(true))
		for _, step := range []int{0, 48, 95} {
			at := *state
			at.CurrentTime = step
			want, err := HumanParts(spec, &at).alone(ctx, spec.Prosumer)
			if err != nil {
				t.Fatal(err)
			}
			parts, err := parted.Parts(ctx, spec.Prosumer, &at)
			if err != nil {
				t.Fatalf("%s at %d: %v", a, step, err)
			}
			joined, err := parts.alone(ctx, spec.Prosumer)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want.SetPoints, joined.SetPoints, cmpopts.EquateApprox(0, powerTolerance*spec.Prosumer.PeakLoadKW)); d != "" {
				t.Errorf("%s at %d, with trade: %s", a, step, d)
			}
			alone, err := solving.Alone(ctx, spec.Prosumer, &at)
			if err != nil {
				t.Fatalf("%s at %d: %v", a, step, err)
			}
			// Without the tie-break the decisions are free where it costs nothing.
			if scale := math.Abs(want.Objective) + 1; math.Abs(alone.Objective-want.Objective) > 1e-4*scale || math.Abs(joined.Objective-want.Objective) > 1e-4*scale {
				t.Errorf("%s at %d: costs %v alone, %v with trade, %v is right", a, step, alone.Objective, joined.Objective, want.Objective)
			}
		}
	}
}

// household writes a program around a model of a household with nothing but a
// flexible load: body stands before the return.
func household(body, returned string) string {
	return `import cvxpy as cp
import numpy as np

def prosumer(state):
    t0 = state["current_time"]
    T = 96 - t0
    load = np.asarray(state["P_(t)_(Load)"])[t0:]
    Q_EX = -np.asarray(state["Q_(t)_(Load)"])[t0:]
    P_CL = cp.Variable(T, nonneg=True)
    P_Grid = cp.Variable(T)
    P_P2P = cp.Variable(T)
    P_EX = -P_Grid - P_P2P
    cost = cp.sum(cp.multiply(state["lambda_(t)_(B)"][t0:], P_Grid)) * 0.25
    constraints = [P_CL <= 0.2 * load, P_EX == P_CL - load, P_Grid >= 0]
` + body + "\n    return " + returned + "\n"
}

func flexible(t testing.TB) (*community.Prosumer, *State) {
	w := theWorld(t, "paper-scale")
	_, state := caseOf(t, w, community.Residential, 0)
	return &community.Prosumer{Name: "home", PeakLoadKW: 10, PowerFactor: 1, CL: &community.CL{Alpha: 0.2, CompensationPerKWh: 0.2}}, state
}

// TestResultsThatCannotBe: what a program returns is read with good will, and
// what cannot be is said in words that a correction can use.
func TestResultsThatCannotBe(t *testing.T) {
	x, state := flexible(t)
	state.CurrentTime = 90
	const good = `{"P_CL": P_CL}, cost, constraints, P_EX, Q_EX, P_P2P`
	for _, c := range []struct{ body, returned, says string }{
		{"", good, ""},
		{"", "[" + good + "]", ""},
		{"    P = [P_CL[t] for t in range(T)]", `{"P_CL": P}, cost, constraints, P_EX, list(Q_EX), P_P2P`, ""},
		{"    P = cp.reshape(P_CL, (T, 1), order='C')", `{"P_CL": P}, cost, constraints, P_EX, Q_EX, P_P2P`, ""},
		{"", `{"P_CL": P_CL}, cost, constraints + [True], P_EX, Q_EX, P_P2P`, ""},
		{"", "None", "returns None: want exactly six"},
		{"", `{"P_CL": P_CL}`, "returns a dictionary: want exactly six"},
		{"", "True", "returns a truth value"},
		{"", "7", "returns the number 7"},
		{"", "'done'", `returns the text "done"`},
		{"", "load", "returns an array of 6 numbers"},
		{"", "np.eye(2)", "returns a matrix"},
		{"", "cp.Problem(cp.Minimize(cost), constraints)", "returns a cp.Problem"},
		{"", `{"P_CL": P_CL}, None, constraints, P_EX, Q_EX, P_P2P`, "the cost is None"},
		{"", `{"P_CL": P_CL}, 0, constraints, P_EX, Q_EX, P_P2P`, ""},
		{"", `{"P_CL": P_CL}, cost, constraints, P_EX, P_P2P`, "returns 5 things"},
		{"", `P_CL, cost, constraints, P_EX, Q_EX, P_P2P`, "first thing returned is an expression"},
		{"", `{}, cost, constraints, P_EX, Q_EX, P_P2P`, `the action "P_CL" is missing`},
		{"", `{"P_CL": P_CL, "P_BESS": P_CL}, cost, constraints, P_EX, Q_EX, P_P2P`, `there is an action "P_BESS"`},
		{"", `{"P_CL": P_CL[:-1]}, cost, constraints, P_EX, Q_EX, P_P2P`, `"P_CL" has the shape (5,)`},
		{"", `{"P_CL": {"a": 1}}, cost, constraints, P_EX, Q_EX, P_P2P`, `"P_CL" is a dictionary`},
		{"", `{"P_CL": [P_CL]}, cost, constraints, P_EX, Q_EX, P_P2P`, `entry 0 of the action "P_CL" is an expression of the shape (6,)`},
		{"", `{"P_CL": cp.square(P_CL)}, cost, constraints, P_EX, Q_EX, P_P2P`, "is not affine"},
		{"", `{"P_CL": P_CL}, cp.Minimize(cost), constraints, P_EX, Q_EX, P_P2P`, "without cp.Minimize"},
		{"", `{"P_CL": P_CL}, P_Grid, constraints, P_EX, Q_EX, P_P2P`, "the cost is not one number"},
		{"", `{"P_CL": P_CL}, -cp.sum_squares(P_Grid), constraints, P_EX, Q_EX, P_P2P`, "the cost is not convex"},
		{"", `{"P_CL": P_CL}, cost, constraints[0], P_EX, Q_EX, P_P2P`, "the constraints are a constraint: want a list"},
		{"    constraints.append([P_CL >= 0])", good, "constraints[3] is a list of 1"},
		{"    constraints.append(cp.square(P_CL) >= 1)", good, "constraints[3] does not follow"},
		{"    constraints.append(1 >= 2)", good, "does not hold"},
		{"", `{"P_CL": P_CL}, cost, constraints, P_EX, None, P_P2P`, "Q_EX is None"},
		{"", `{"P_CL": P_CL}, cost, constraints, P_EX, Q_EX, 0`, "P_P2P has the shape ()"},
	} {
		_, err := program(t, household(c.body, c.returned)).Parts(context.Background(), x, state)
		var r *ResultError
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s%s: %v", c.body, c.returned, err)
		case c.says != "" && (!errors.As(err, &r) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s%s: %v, want %q", c.body, c.returned, err, c.says)
		}
	}
}

// TestNumbersThatAreNone: a program whose numbers are none has no optimum, and
// nothing panics.
func TestNumbersThatAreNone(t *testing.T) {
	x, state := flexible(t)
	state.CurrentTime = 90
	for _, body := range []string{
		"    cost = cost * float('nan')", "    cost = cost + float('inf')", "    constraints.append(P_CL <= np.full(T, np.nan))", "    P_EX = P_EX + np.nan", "    Q_EX = Q_EX / 0", "    constraints.append(P_CL * np.inf <= 1)",
		"    constraints.append(P_P2P >= np.inf)", "    P_P2P = P_P2P * 1e300 * 1e300",
	} {
		if o, err := program(t, household(body, sixParts)).optimum(context.Background(), x, state); err == nil {
			t.Errorf("%s: %v", body, o)
		}
	}
}

// TestStrategiesThatCannotBe does the same for programs that solve by
// themselves.
func TestStrategiesThatCannotBe(t *testing.T) {
	x, state := flexible(t)
	state.CurrentTime = 90
	const solve = "    constraints.append(P_P2P == 0)\n    problem = cp.Problem(cp.Minimize(cost), constraints)\n    problem.solve()"
	for _, c := range []struct{ body, returned, says string }{
		{solve, `{"P_CL": P_CL.value}`, ""},
		{solve, `{"P_CL": list(P_CL.value), "more": 1}`, ""},
		{solve, `{"P_CL": [float(P_CL[t].value) for t in range(T)]}`, ""},
		{"", `{"P_CL": 0}`, "solves nothing"},
		{solve, `{"P_cl": P_CL.value}`, `lacks "P_CL"`},
		{solve, `P_CL.value`, "returns an array of 6 numbers: want a dictionary"},
		{solve, `{"P_CL": P_CL}`, "return its values, x.value"},
		{solve, `{"P_CL": None}`, `"P_CL" is None`},
		{solve, `{"P_CL": P_CL.value * np.nan}`, "is not a number"},
		{solve, `{"P_CL": P_CL.value[1:]}`, `has the shape (5,): want (6,)`},
		{"    constraints.append(P_CL >= 1e6)\n" + solve, `{}`, "infeasible"},
		{"    cost = cp.sum(P_P2P)\n    constraints = []\n    problem = cp.Problem(cp.Minimize(cost), constraints)\n    problem.solve()", `{}`, "unbounded"},
	} {
		o, err := program(t, household(c.body, c.returned)).Alone(context.Background(), x, state)
		switch {
		case c.says == "" && (err != nil || len(o.SetPoints) != 6 || math.Abs(o.SetPoints[2].CLKW-0.2*state.LoadKW[92]) > 1e-5):
			t.Errorf("%s: %v, %v", c.returned, o, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s%s: %v, want %q", c.body, c.returned, err, c.says)
		}
		if infeasible := c.says == "infeasible"; errors.Is(err, convex.ErrInfeasible) != infeasible {
			t.Errorf("%v is infeasible: %v", err, !infeasible)
		}
	}
}

// TestProgramsSeeOnlyTheirState: what a program changes is gone after it, in its
// state, its module and its libraries.
func TestProgramsSeeOnlyTheirState(t *testing.T) {
	x, state := flexible(t)
	before := fmt.Sprint(state)
	p := program(t, household(`    state["P_(t)_(Load)"][:] = -1e6
    state["lambda_(E)"] = 7
    state.clear()
    global stolen
    try:
        stolen += 1
    except NameError:
        stolen = 1
    if stolen > 1:
        raise ValueError("the module lives on")`, `{"P_CL": P_CL}, cost, constraints, P_EX, Q_EX, P_P2P`))
	for range 2 {
		if _, err := p.Parts(context.Background(), x, state); err != nil {
			var e *cvxpy.Error
			if errors.As(err, &e) {
				t.Log(e.Traceback)
			}
			t.Fatal(err)
		}
	}
	if fmt.Sprint(state) != before {
		t.Error("the program changed its caller's state")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Parts(ctx, x, state); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run: %v", err)
	}
	if _, err := NewProgram("def prosumer(state:\n"); err == nil || !strings.Contains(err.Error(), "SyntaxError") {
		t.Error(err)
	}
}

// TestProgramsRunConcurrently: runs of one program at once see neither each other
// nor each other's solvers.
func TestProgramsRunConcurrently(t *testing.T) {
	spec, state := caseOf(t, theWorld(t, "voltage-stress"), community.Residential, 0)
	p := program(t, spec.Program(true))
	at := func(k int) float64 {
		s := state.at(60 + 6*(k%4))
		s.SOC = 0.3 + 0.05*float64(k%3)
		o, err := p.optimum(context.Background(), spec.Prosumer, s)
		if err != nil {
			t.Error(err)
			return 0
		}
		return o.Objective
	}
	var want, got [12]float64
	for k := range want {
		want[k] = at(k)
	}
	var all sync.WaitGroup
	for k := range got {
		all.Go(func() { got[k] = at(k) })
	}
	all.Wait()
	if got != want {
		t.Errorf("one after the other %v, at once %v", want, got)
	}
}
