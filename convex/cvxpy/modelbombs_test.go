package cvxpy

import (
	"context"
	"testing"
	"time"
)

// modelBombs are bombs made of models; cvxpy and numpy are imported.
const modelBombs = `
cp.Variable(10**9) | BudgetError
cp.Variable(10**30) | BudgetError
cp.Variable((10**5, 10**5)) | BudgetError
cp.Variable((2**31, 2**31)) | BudgetError
cp.Parameter(10**9) | BudgetError
cp.Variable(3, bounds=[0, np.ones(10**9)]) | BudgetError
cp.promote(cp.Variable(), (10**9,)) | BudgetError
cp.broadcast_to(cp.Variable(1), (10**5, 10**5)) | BudgetError
cp.Variable(30000) + np.ones((30000, 1)) | BudgetError
cp.Variable((30000, 1)) <= np.ones(30000) | BudgetError
cp.diag(cp.Variable(10**5)) | BudgetError
cp.outer(cp.Variable(10**5), np.ones(10**5)) | BudgetError
cp.kron(np.ones((1000, 1000)), cp.Variable((1000, 1000))) | BudgetError
cp.Variable(10**5)[np.zeros(10**8, dtype=int)] | BudgetError
x = cp.Variable(1000)
while True: x = cp.hstack([x, x]) | BudgetError
x = cp.Variable()
while True: x = x + 1 | BudgetError
x = cp.Variable()
for i in range(10**5): x = -x | RecursionError
x = cp.Variable()
for i in range(10**5): x = cp.abs(x) | RecursionError
x = cp.Variable()
for i in range(10**5): x = x[()] * 2 | RecursionError
x = cp.Variable()
for i in range(60): x = cp.abs(x) + cp.square(x) | BudgetError
x = cp.Variable()
for i in range(60): x = x + x | BudgetError
x = cp.Variable()
for i in range(60): x = cp.maximum(x, x) | BudgetError
x = cp.Variable(2)
for i in range(60): x = np.array([[1, 2], [3, 4]]) @ x + x | BudgetError
x = cp.Variable(600)
for i in range(50): x = np.ones((600, 600)) @ x
cp.Problem(cp.Minimize(cp.sum(x)), [x >= 1]).solve() | BudgetError
x = cp.Variable(3000)
cp.Problem(cp.Minimize(cp.sum(x)), [np.ones((3000, 3000)) @ x >= 1]).solve() | BudgetError
x = cp.Variable(10**5)
cp.Problem(cp.Minimize(cp.sum_squares(x)), [x >= 1]).solve() | BudgetError
x = cp.Variable(10**4)
cp.Problem(cp.Minimize(cp.sum_squares(cp.cumsum(x))), [x >= 1]).solve() | BudgetError
x = cp.Variable(2000)
cp.Problem(cp.Minimize(cp.quad_form(x, np.eye(2000) + 0.0001)), [x >= 1]).solve() | BudgetError
x = cp.Variable(4)
p = cp.Problem(cp.Minimize(cp.sum_squares(x)), [x >= 1])
while True: p.solve() | BudgetError
c = [cp.Variable() >= 0]
while True: c += c | BudgetError
c = []
x = cp.Variable()
while True: c.append(x >= 1) | BudgetError
x = cp.Variable()
p = cp.Problem(cp.Minimize(x), [x >= 0] * 10**7) | BudgetError
x = cp.Variable()
p = cp.Problem(cp.Minimize(x), [x >= 0])
while True: p = p + p | BudgetError
x = cp.Variable(3)
x[10**30] | IndexError
x = cp.Variable(3)
cp.power(x, 10**400) | OverflowError
x = cp.Variable(3)
cp.sum_largest(x, 10**400) | OverflowError
x = cp.Variable(3)
cp.reshape(x, (10**10, 10**10), order='C') | ValueError
x = cp.Variable(3000)
s = str(cp.hstack([x[i] for i in range(3000)]) + 1)
while True: s = s + str(x + 1) | BudgetError
x = cp.Variable(300)
e = cp.hstack([x] * 300)
[str(e) for i in range(10**6)] | BudgetError
x = cp.Variable(10**4)
[x[i] for i in range(10**4) for j in range(10**4)] | BudgetError
x = cp.Variable(1000)
sum(x[i] for i in range(10**6)) | IndexError
x = cp.Variable(10**5)
sum(x) | BudgetError
`

// longSolves take long to solve.
var longSolves = map[string]string{
	"many": `
while True:
    x = cp.Variable(150)
    A = rng.standard_normal((300, 150))
    cp.Problem(cp.Minimize(cp.sum_squares(A @ x) + cp.norm1(x)), [cp.norm(x) <= 3, x >= -1, x <= 2]).solve()
`,
	"integers": `
b = cp.Variable((40, 40), boolean=True)
limits = [cp.sum(cp.multiply(rng.random((40, 40)), b), axis=k) <= 3 for k in (0, 1)]
cp.Problem(cp.Maximize(cp.sum(cp.multiply(rng.random((40, 40)), b))), limits).solve()
`,
}

// A solve that goes on for long ends with the run's time, not much later.
func TestSolvesEndWithTheRunsTime(t *testing.T) {
	for name, source := range longSolves {
		p, err := Compile("long.py", "import cvxpy as cp, numpy as np\nrng = np.random.default_rng(0)\n"+source)
		if err != nil {
			t.Fatal(err)
		}
		b := DefaultBudget()
		b.Time, b.Steps = 300*time.Millisecond, 1<<40
		start := time.Now()
		_, err = p.Run(context.Background(), b)
		if e, ok := err.(*Error); !ok || e.Kind != OverBudget {
			t.Errorf("%s ended with %v", name, err)
		}
		t.Logf("%s ended after %v of %v", name, time.Since(start), b.Time)
	}
}
