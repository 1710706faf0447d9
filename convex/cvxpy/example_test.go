package cvxpy_test

import (
	"context"
	"fmt"

	"github.com/peerwatt/peerwatt/convex/cvxpy"
)

func ExampleProgram_Call() {
	p, err := cvxpy.Compile("plan.py", `
import cvxpy as cp

def plan(state):
    price, need = state["price"], state["need"]
    x = cp.Variable(len(price), nonneg=True, name="x")
    problem = cp.Problem(cp.Minimize(price @ x), [cp.sum(x) == need, x <= 2])
    problem.solve()
    return {"status": problem.status, "x": x.value.round(3)}
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	state := map[string]any{"price": []float64{3, 1, 2}, "need": 3}
	r, err := p.Call(context.Background(), cvxpy.DefaultBudget(), "plan", state)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Value)
	// Output: map[status:optimal x:[0 2 1]]
}

func ExampleProgram_Run() {
	p, _ := cvxpy.Compile("mistake.py", `
import cvxpy as cp
x = cp.Variable(3, name="x")
constraints = [0 <= x <= 5]
`)
	_, err := p.Run(context.Background(), cvxpy.DefaultBudget())
	e := err.(*cvxpy.Error)
	fmt.Print(e.Traceback, "hint: ", e.Hint)
	// Output:
	// Traceback (most recent call last):
	//   File "mistake.py", line 4, in <module>
	//     constraints = [0 <= x <= 5]
	//                    ^^^^^^^^^^^
	// Exception: Cannot evaluate the truth value of a constraint or chain constraints, e.g., 1 >= x >= 0.
	// hint: A constraint is neither true nor false. Write a chain such as 0 <= x <= 5 as two constraints, [x >= 0, x <= 5]; do not use and, or, not, if or the built-in max and min on constraints and expressions.
}
