# --- linear program
import cvxpy as cp
x = cp.Variable(2)
prob = cp.Problem(cp.Maximize(3 * x[0] + 2 * x[1]), [x[0] + x[1] <= 4, x[0] + 3 * x[1] <= 6, x >= 0, x[0] <= 3])
prob.solve()
print(prob.status, round(prob.value, 4))
# --- portfolio
import cvxpy as cp
import numpy as np
np.random.seed(1)
n = 6
mu = np.abs(np.random.randn(n, 1))
F = np.random.randn(n, n)
Sigma = F.T.dot(F)
w = cp.Variable(n)
gamma = cp.Parameter(nonneg=True)
ret = mu.T @ w
risk = cp.quad_form(w, Sigma)
prob = cp.Problem(cp.Maximize(ret - gamma * risk), [cp.sum(w) == 1, w >= 0])
for g in np.logspace(-2, 1, num=4):
    gamma.value = g
    prob.solve()
    print(f"{g:.3f} {ret.value.item():.4f} {np.sqrt(risk.value):.4f}")
# --- least squares
import cvxpy as cp
import numpy as np
rng = np.random.default_rng(7)
A = rng.standard_normal((20, 5))
b = rng.standard_normal(20)
x = cp.Variable(5)
prob = cp.Problem(cp.Minimize(cp.sum_squares(A @ x - b)))
prob.solve()
exact = np.linalg.lstsq(A, b, rcond=None)[0] if hasattr(np.linalg, "lstsq") else None
print(np.round(np.linalg.norm(A @ x.value - b), 5))
# --- lasso
import cvxpy as cp
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(30, 8))
y = X @ np.array([1.5, 0, 0, -2, 0, 0, 0, 0.5]) + 0.1 * rng.normal(size=30)
beta = cp.Variable(8)
lambd = cp.Parameter(nonneg=True, value=3.0)
cp.Problem(cp.Minimize(cp.norm2(X @ beta - y) ** 2 + lambd * cp.norm1(beta))).solve()
print(np.round(beta.value, 3) + 0.0)
# --- chebyshev centre
import cvxpy as cp
import numpy as np
a = np.array([[2.0, 1], [2, -1], [-1, 2], [-1, -2]])
b = np.ones(4)
r, c = cp.Variable(), cp.Variable(2)
cons = [a[i] @ c + np.linalg.norm(a[i]) * r <= b[i] for i in range(4)]
cp.Problem(cp.Maximize(r), cons).solve()
print(np.round(r.value, 4))
# --- transport
import cvxpy as cp
import numpy as np
supply, demand = np.array([30, 40, 20]), np.array([25, 35, 30])
cost = np.array([[4, 6, 9], [5, 3, 8], [7, 5, 2]])
F = cp.Variable((3, 3), nonneg=True)
prob = cp.Problem(cp.Minimize(cp.sum(cp.multiply(cost, F))), [cp.sum(F, axis=1) == supply, cp.sum(F, axis=0) == demand])
print(round(prob.solve(), 4), prob.status)
# --- knapsack
import cvxpy as cp
import numpy as np
w = np.array([12, 2, 1, 1, 4]); v = np.array([4, 2, 1, 2, 10])
x = cp.Variable(5, boolean=True)
p = cp.Problem(cp.Maximize(v @ x), [w @ x <= 15])
p.solve()
print(p.value, x.value.round().astype(int).tolist())
# --- integer production
import cvxpy as cp
x = cp.Variable(2, integer=True, bounds=[0, 20])
p = cp.Problem(cp.Maximize(5 * x[0] + 4 * x[1]), [6 * x[0] + 4 * x[1] <= 24, x[0] + 2 * x[1] <= 6])
p.solve()
print(round(float(p.value), 6))
# --- assignment of three jobs
import cvxpy as cp
import numpy as np
C = np.array([[9.0, 2, 7], [6, 4, 3], [5, 8, 1]])
X = cp.Variable((3, 3), boolean=True)
p = cp.Problem(cp.Minimize(cp.sum(cp.multiply(C, X))), [cp.sum(X, axis=0) == 1, cp.sum(X, axis=1) == np.ones(3)])
p.solve()
print(np.argmax(X.value, axis=1), p.value)
# --- infeasible integers
import cvxpy as cp
x = cp.Variable(boolean=True)
p = cp.Problem(cp.Minimize(x), [x >= 0.2, x <= 0.8])
p.solve()
print(p.status, p.value, x.value)
# --- dual values of an inequality
import cvxpy as cp
x = cp.Variable()
c1, c2 = x >= 2, x <= 10
p = cp.Problem(cp.Minimize(3 * x), [c1, c2])
p.solve()
print(round(float(c1.dual_value), 5), abs(round(float(c2.dual_value), 5)))
# --- dual values of an equation
import cvxpy as cp
import numpy as np
x = cp.Variable(3)
balance = cp.sum(x) == 6
p = cp.Problem(cp.Minimize(cp.sum_squares(x)), [balance])
p.solve()
print(np.round(balance.dual_value, 5), np.round(x.value, 5))
# --- dual values when maximizing
import cvxpy as cp
import numpy as np
x = cp.Variable(2)
c = x <= np.array([1, 2])
p = cp.Problem(cp.Maximize(x[0] + 4 * x[1]), [c])
p.solve()
print(np.round(c.dual_value, 5))
# --- dual values of a cone
import cvxpy as cp
import numpy as np
x, t = cp.Variable(2), cp.Variable()
c = cp.SOC(t, x)
p = cp.Problem(cp.Minimize(t), [c, x == np.array([3, 4])])
p.solve()
print(np.round(t.value, 5), [np.round(d, 4).ravel().tolist() for d in c.dual_value])
# --- parameter without a value
import cvxpy as cp
q = cp.Parameter(name="q")
x = cp.Variable()
cp.Problem(cp.Minimize((x - q) ** 2)).solve()
# --- parameter with a wrong sign
import cvxpy as cp
q = cp.Parameter(nonneg=True)
q.value = -1
# --- parameter of a wrong shape
import cvxpy as cp
q = cp.Parameter(3)
q.value = [1, 2]
# --- parameter that decides the curvature
import cvxpy as cp
q = cp.Parameter()
x = cp.Variable()
q.value = 1
cp.Problem(cp.Minimize(q * cp.square(x))).solve()
# --- parameter with a sign that decides the curvature
import cvxpy as cp
q = cp.Parameter(nonneg=True, value=2)
x = cp.Variable()
p = cp.Problem(cp.Minimize(q * cp.square(x - 1) + x))
print(round(p.solve(), 5), round(float(x.value), 5))
# --- solving again with new data
import cvxpy as cp
import numpy as np
d = cp.Parameter(3)
x = cp.Variable(3)
p = cp.Problem(cp.Minimize(cp.norm1(x - d) + cp.sum_squares(x)), [x >= -1])
for k in range(3):
    d.value = np.arange(3) * (k - 1.0)
    print(round(p.solve(), 5), p.status)
# --- warm start
import cvxpy as cp
x = cp.Variable(value=3)
print(x.value)
p = cp.Problem(cp.Minimize((x - 1) ** 2), [x <= 5])
p.solve(warm_start=True)
print(round(float(x.value), 5))
# --- unbounded below
import cvxpy as cp
x = cp.Variable(3)
p = cp.Problem(cp.Minimize(cp.sum(x)), [x <= 1])
print(p.solve(), p.status, x.value)
# --- unbounded above
import cvxpy as cp
x = cp.Variable()
p = cp.Problem(cp.Maximize(x))
print(p.solve(), p.status)
# --- infeasible system
import cvxpy as cp
x = cp.Variable(2)
p = cp.Problem(cp.Maximize(x[0]), [x[0] + x[1] == 1, x >= 1])
print(p.solve(), p.status, x.value, p.value == -float("inf"))
# --- infeasible cone
import cvxpy as cp
x = cp.Variable(2)
p = cp.Problem(cp.Minimize(0), [cp.norm(x) <= 1, x[0] >= 2])
print(p.solve(), p.status)
# --- constant objective
import cvxpy as cp
x = cp.Variable(2, name="x")
p = cp.Problem(cp.Minimize(0), [x == 3])
print(p.solve(), p.status, x.value.round(5))
# --- no variables
import cvxpy as cp
p = cp.Problem(cp.Minimize(cp.Constant(3) + 4), [cp.Constant(1) <= 2])
print(p.solve(), p.status)
# --- no variables and false
import cvxpy as cp
p = cp.Problem(cp.Minimize(3), [cp.Constant(3) <= 2])
print(p.solve(), p.status)
# --- empty list of constraints
import cvxpy as cp
x = cp.Variable()
print(round(cp.Problem(cp.Minimize(cp.abs(x - 2)), []).solve(), 6))
# --- norms of a vector
import cvxpy as cp
import numpy as np
x = cp.Variable(3)
target = np.array([1.0, -2, 3])
for order in [1, 2, "inf", np.inf]:
    p = cp.Problem(cp.Minimize(cp.norm(x - target, order)), [cp.sum(x) == 0])
    print(round(p.solve(), 5))
# --- norms of a matrix
import cvxpy as cp
import numpy as np
X = cp.Variable((2, 2))
T = np.array([[1.0, 2], [3, 4]])
for order in [1, "fro", "inf"]:
    p = cp.Problem(cp.Minimize(cp.norm(X - T, order)), [cp.trace(X) == 0, X[0, 1] == X[1, 0]])
    print(round(p.solve(), 5))
# --- norms along an axis
import cvxpy as cp
import numpy as np
X = cp.Variable((2, 3))
p = cp.Problem(cp.Minimize(cp.sum(X @ np.array([1.0, -2, 0.5]))), [cp.norm(X, axis=1) <= np.array([1, 2])])
print(round(p.solve(), 5), np.round(X.value, 4).tolist())
# --- quad over lin
import cvxpy as cp
x, y = cp.Variable(2), cp.Variable()
p = cp.Problem(cp.Minimize(cp.quad_over_lin(x - 3, y) + y), [y <= 4])
print(round(p.solve(), 5))
# --- inverse and square root
import cvxpy as cp
x = cp.Variable(pos=True)
p = cp.Problem(cp.Minimize(cp.inv_pos(x) + x - cp.sqrt(x)))
print(round(p.solve(), 5), round(float(x.value), 4))
# --- powers
import cvxpy as cp
x = cp.Variable(3, nonneg=True)
p = cp.Problem(cp.Minimize(cp.power(x[0], 3) + x[1] ** 4 + cp.power(x[2], 1.5)), [cp.sum(x) == 3])
print(round(p.solve(), 4))
# --- largest and smallest entries
import cvxpy as cp
import numpy as np
x = cp.Variable(4)
a = np.array([3.0, -1, 2, 0])
p = cp.Problem(cp.Minimize(cp.sum_largest(x + a, 2) - 0.5 * cp.sum_smallest(x, 2)), [x >= -1, cp.sum(x) == 2])
print(round(p.solve(), 5))
# --- maximum of several
import cvxpy as cp
x = cp.Variable()
p = cp.Problem(cp.Minimize(cp.maximum(x, 2 - x, 0.5 * x + 1)))
print(round(p.solve(), 5), round(float(x.value), 5))
# --- minimum to be made large
import cvxpy as cp
x = cp.Variable(3)
p = cp.Problem(cp.Maximize(cp.min(x) + cp.sum(cp.minimum(x, 1))), [cp.sum(x) <= 6])
print(round(p.solve(), 5))
# --- maximum minus maximum
import cvxpy as cp
x = cp.Variable(3)
cp.Problem(cp.Minimize(cp.max(x) - cp.max(2 * x))).solve()
# --- spread of a vector
import cvxpy as cp
x = cp.Variable(4)
p = cp.Problem(cp.Minimize(cp.max(x) - cp.min(x)), [x[0] == 1, x[3] == 4, cp.diff(x) >= 0.5])
print(round(p.solve(), 5))
# --- total variation
import cvxpy as cp
import numpy as np
y = np.array([1.0, 1.2, 0.9, 3.1, 2.9, 3.0])
x = cp.Variable(6)
p = cp.Problem(cp.Minimize(0.5 * cp.sum_squares(x - y) + 0.3 * cp.tv(x)))
print(round(p.solve(), 5), np.round(x.value, 3))
# --- huber fit
import cvxpy as cp
import numpy as np
t = np.arange(8.0)
y = 2 * t + 1
y[3] += 20
a, b = cp.Variable(), cp.Variable()
cp.Problem(cp.Minimize(cp.sum(cp.huber(a * t + b - y, 1.0)))).solve()
print(round(float(a.value), 3), round(float(b.value), 3))
# --- cumulative sums of a matrix
import cvxpy as cp
import numpy as np
X = cp.Variable((3, 2))
p = cp.Problem(cp.Minimize(cp.sum_squares(X)), [cp.cumsum(X, axis=0)[-1] == np.array([3, 6]), cp.cumsum(X, axis=1)[:, 1] >= 2])
print(round(p.solve(), 5))
# --- stacking
import cvxpy as cp
x, y = cp.Variable(2, name="x"), cp.Variable(2, name="y")
h, v = cp.hstack([x, y]), cp.vstack([x, y])
print(h.shape, v.shape, cp.vstack([h, h]).shape, cp.concatenate([x, y]).shape)
p = cp.Problem(cp.Minimize(cp.sum_squares(h - [1, 2, 3, 4])), [v[0] + v[1] == 5])
print(round(p.solve(), 5), h.value.round(4), v.value.round(4).tolist())
# --- kronecker and trace
import cvxpy as cp
import numpy as np
X = cp.Variable((2, 2))
p = cp.Problem(cp.Minimize(cp.trace(X)), [cp.kron(np.eye(2), X) >= np.kron(np.eye(2), np.array([[1.0, 0], [0, 2]]))])
print(round(p.solve(), 5))
# --- diagonal matrices
import cvxpy as cp
import numpy as np
x = cp.Variable(3)
D = cp.diag(x)
p = cp.Problem(cp.Minimize(cp.sum(D) + cp.sum_squares(x)), [cp.diag(D) >= np.array([0.5, -2, 1])])
print(D.shape, round(p.solve(), 5), np.round(x.value, 4))
# --- reshaping in both orders
import cvxpy as cp
import numpy as np
x = cp.Variable(6, name="x")
C, F = cp.reshape(x, (2, 3), order="C"), cp.reshape(x, (2, 3), order="F")
p = cp.Problem(cp.Minimize(cp.sum_squares(x)), [C[0] == [1, 2, 3], F[:, 2] == [5, 6]])
print(round(p.solve(), 5), np.round(C.value, 3).tolist(), np.round(F.value, 3).tolist())
# --- equations that contradict by shape
import cvxpy as cp
import numpy as np
x = cp.Variable(3)
cp.Problem(cp.Minimize(cp.sum(x)), [x == np.ones(4)])
# --- nested lists are columns
import cvxpy as cp
A = cp.Constant([[1, 2, 3], [4, 5, 6]])
print(A.shape, A.value.tolist())
# --- outer broadcasting
import cvxpy as cp
import numpy as np
x = cp.Variable(3)
y = np.ones((3, 1))
z = x + y
print(z.shape)
p = cp.Problem(cp.Minimize(cp.sum_squares(z)), [x >= 1])
print(round(p.solve(), 4))
# --- star product of two vectors
import cvxpy as cp
import numpy as np
x = cp.Variable(3)
e = np.array([1.0, 2, 3]) * x
print(e.shape, e)
p = cp.Problem(cp.Minimize(e), [x >= 1])
print(round(p.solve(), 4))
# --- scalar times vector
import cvxpy as cp
x = cp.Variable(3, name="x")
print(2 * x, x * 3, x / 4, -x, x - 1)
# --- printing a problem
import cvxpy as cp
x, y = cp.Variable(2, name="x"), cp.Variable(name="y")
p = cp.Problem(cp.Minimize(cp.sum(x) + y), [x >= 1, y == cp.sum(x), cp.norm(x) <= 5])
print(p)
print(repr(p.objective), [str(c) for c in p.constraints])
print(p.variables(), p.parameters(), p.is_dcp(), p.is_mixed_integer())
# --- printing curvature and sign
import cvxpy as cp
x = cp.Variable(3, name="x")
for e in [x, x + 1, cp.square(x), cp.sqrt(x), cp.exp if False else cp.abs(x), -cp.abs(x), cp.multiply(x, x), cp.Constant(2) * x, cp.sum(x), cp.max(x) - cp.min(x)]:
    print(e.curvature, e.sign, e.shape, e.is_dcp())
# --- rules broken in several places
import cvxpy as cp
x, y = cp.Variable(2, name="x"), cp.Variable(2, name="y")
p = cp.Problem(cp.Minimize(cp.sum(cp.sqrt(x))), [cp.square(x) >= 1, cp.multiply(x, y) <= 2, cp.abs(x) == y])
print(p.is_dcp())
p.solve()
# --- rules broken and caught
import cvxpy as cp
x = cp.Variable(name="x")
try:
    cp.Problem(cp.Maximize(cp.square(x)), [x <= 1]).solve()
except cp.DCPError as e:
    print(type(e).__name__, str(e).splitlines()[0], str(e).splitlines()[-1])
except Exception as e:
    print("no", e)
# --- error classes
import cvxpy as cp
from cvxpy.error import SolverError, DCPError, ParameterError
print(issubclass(SolverError, Exception), DCPError is cp.DCPError, cp.SolverError.__name__, ParameterError.__module__)
x = cp.Variable()
try:
    cp.Problem(cp.Minimize(x), [x >= 0]).solve(solver="NOPE")
except SolverError as e:
    print(e)
# --- names of variables
import cvxpy as cp
p = cp.Problem(cp.Minimize(cp.sum(cp.Variable(2, name="a")) + cp.Variable(name="b") ** 2), [])
print([v.name() for v in p.variables()], [v.shape for v in p.variables()], sorted(p.var_dict))
# --- bounds of variables
import cvxpy as cp
import numpy as np
x = cp.Variable(3, bounds=[np.array([0, -1, -2.0]), 5])
p = cp.Problem(cp.Minimize(cp.sum(x)))
print(round(p.solve(), 5), x.value.round(5), x.bounds is not None)
# --- attributes of variables
import cvxpy as cp
x = cp.Variable(2, nonneg=True, name="x")
y = cp.Variable(2, nonpos=True, name="y")
print(x.is_nonneg(), y.is_nonpos(), x.attributes["nonneg"], (x - y).sign, repr(x), repr(y))
p = cp.Problem(cp.Minimize(cp.sum(x) - cp.sum(y)), [x - y >= 2])
print(round(p.solve(), 5))
# --- value set by hand
import cvxpy as cp
import numpy as np
x = cp.Variable(3)
x.value = np.array([1.0, 2, 3])
print((x + 1).value, cp.sum(x).value, cp.norm(x).value.round(4), (x >= 2).violation())
x.value = [1, 2]
# --- value of expressions after solving
import cvxpy as cp
import numpy as np
x = cp.Variable(2)
cost = cp.sum_squares(x - np.array([1, 2]))
p = cp.Problem(cp.Minimize(cost), [x[0] == 2])
p.solve()
print(round(float(cost.value), 5), type(p.value).__name__, type(cost.value).__name__, x[1].value.round(4), x.value.shape)
# --- residuals and violations
import cvxpy as cp
x = cp.Variable(2)
c = x <= 1
p = cp.Problem(cp.Minimize(cp.sum_squares(x - 3)), [c])
p.solve()
print((abs(c.violation()) < 1e-6).all(), c.value(1e-5), [str(a.shape) for a in c.args])
# --- objective of an objective
import cvxpy as cp
x = cp.Variable()
o = cp.Minimize(x ** 2) + 2 * cp.Minimize(cp.abs(x - 1))
p = cp.Problem(o, [x >= -1])
print(round(p.solve(), 5), round(float(o.value), 5), o.args[0].curvature)
# --- problems added
import cvxpy as cp
x = cp.Variable()
p = cp.Problem(cp.Minimize(x), [x >= 1]) + cp.Problem(cp.Minimize(x ** 2), [x >= -1])
print(round(p.solve(), 5), len(p.constraints))
# --- sum of a generator
import cvxpy as cp
import numpy as np
x = cp.Variable(5)
w = np.linspace(1, 2, 5)
p = cp.Problem(cp.Minimize(sum(w[i] * cp.abs(x[i] - i) for i in range(5))), [cp.sum(x) == 3])
print(round(p.solve(), 5))
# --- sum of a list of constraints and expressions
import cvxpy as cp
x = [cp.Variable(name=f"x{i}") for i in range(4)]
p = cp.Problem(cp.Minimize(cp.sum([v ** 2 for v in x])), [v >= i for i, v in enumerate(x)] + [sum(x) == 10])
print(round(p.solve(), 5), [round(float(v.value), 4) for v in x])
# --- solver statistics
import cvxpy as cp
x = cp.Variable(2)
p = cp.Problem(cp.Minimize(cp.sum(x)), [x >= 1])
p.solve(solver=cp.CLARABEL)
print(p.solver_stats.solver_name, p.solver_stats.num_iters > 0, p.solver_stats.solve_time > 0)
# --- installed solvers
import cvxpy as cp
s = cp.installed_solvers()
print("CLARABEL" in s, cp.CLARABEL in s, isinstance(s, list), cp.OPTIMAL, cp.INFEASIBLE, cp.UNBOUNDED)
# --- version
import cvxpy
print(cvxpy.__version__, cvxpy.Variable is not None)
# --- import of everything
from cvxpy import *
import numpy as np
x = Variable(3)
p = Problem(Minimize(sum_squares(x - np.ones(3)) + norm(x, 1)), [x >= 0])
p.solve()
print(p.status, np.round(x.value, 4))
# --- import of names
from cvxpy import Variable, Problem, Maximize, sum as csum
x = Variable(2)
print(round(Problem(Maximize(csum(x)), [x <= 2]).solve(), 5))
# --- constants in many forms
import cvxpy as cp
import numpy as np
x = cp.Variable(2, name="x")
for c in [1, 2.5, True, [1, 2], (1, 2), np.array([1, 2]), np.float64(3), np.int64(2), np.array(4.0), range(2)]:
    print(x + c)
# --- arrays on the left
import cvxpy as cp
import numpy as np
x = cp.Variable(2, name="x")
a = np.array([1.0, 2])
print(a + x, a - x, a @ x, a <= x, a >= x, a == x, a / cp.Constant(2))
# --- scalars of numpy on the left
import cvxpy as cp
import numpy as np
x = cp.Variable(name="x")
a = np.float64(2)
print(a * x, a + x, a - x, a <= x, np.int64(3) * x, np.float64(1) / cp.inv_pos(x) if False else "-")
# --- indices of all kinds
import cvxpy as cp
import numpy as np
x = cp.Variable(5, name="x")
X = cp.Variable((3, 4), name="X")
for e in [x[0], x[-1], x[1:3], x[::2], x[[0, 3]], x[np.array([True, False, True, False, True])], X[0], X[:, 1], X[1, 2], X[0:2, 1:3], X[[0, 2], 1], X[-1, ::2]]:
    print(e, e.shape)
# --- empty slices
import cvxpy as cp
import numpy as np
x = cp.Variable(1, name="x")
print(x[1:].shape, x[:-1].shape, (x[1:] == x[:-1] + 2).shape, np.zeros(0).shape)
p = cp.Problem(cp.Minimize(cp.sum(x) + cp.sum(cp.abs(x[1:]))), [x[1:] <= x[:-1], x >= 3])
print(round(p.solve(), 5))
# --- variable of no entries
import cvxpy as cp
x = cp.Variable(0)
p = cp.Problem(cp.Minimize(cp.sum(x)), [x >= 1])
print(p.solve(), p.status, x.value.shape)
# --- large coefficients
import cvxpy as cp
import numpy as np
x = cp.Variable(3)
p = cp.Problem(cp.Minimize(1e6 * cp.sum(x) + 1e-3 * cp.sum_squares(x)), [x >= np.array([1e3, 2e3, 5e2]), x <= 1e5])
print("%.4e" % p.solve())
# --- small coefficients
import cvxpy as cp
x = cp.Variable(2)
p = cp.Problem(cp.Minimize(1e-5 * cp.sum_squares(x - 3) + 1e-5 * x[0]), [x <= 10])
print(p.status, x.shape)
p.solve()
print(x.value.round(2))
# --- redundant rows
import cvxpy as cp
x = cp.Variable(2)
p = cp.Problem(cp.Minimize(cp.sum_squares(x)), [x[0] + x[1] == 1, 2 * x[0] + 2 * x[1] == 2, x >= 0, x >= -1])
print(round(p.solve(), 5), p.status)
# --- fixed variables
import cvxpy as cp
x = cp.Variable(3)
p = cp.Problem(cp.Minimize(cp.sum(x)), [x == [1, 2, 3], x <= 5])
print(round(p.solve(), 5))
# --- ellipsoid
import cvxpy as cp
import numpy as np
P = np.array([[2.0, 0.5], [0.5, 1]])
x = cp.Variable(2)
p = cp.Problem(cp.Maximize(x[0] + x[1]), [cp.quad_form(x, P) <= 1])
print(round(p.solve(), 5))
# --- distance between polyhedra
import cvxpy as cp
x, y = cp.Variable(2), cp.Variable(2)
p = cp.Problem(cp.Minimize(cp.norm(x - y)), [x[0] + x[1] <= 1, x >= 0, y[0] >= 2, y[1] >= 2, y <= 5])
print(round(p.solve(), 5), x.value.round(3), y.value.round(3))
# --- power flow of three nodes
import cvxpy as cp
import numpy as np
B = np.array([[2.0, -1, -1], [-1, 2, -1], [-1, -1, 2]])
theta, g = cp.Variable(3), cp.Variable(3, nonneg=True)
load = np.array([1.0, 2, 3])
flow = theta[0] - theta[2]
cons = [g - load == B @ theta, theta[0] == 0, cp.abs(flow) <= 1, g <= np.array([5, 3, 1])]
p = cp.Problem(cp.Minimize(cp.sum(cp.multiply([1, 2, 4], g)) + 0.1 * cp.sum_squares(g)), cons)
print(round(p.solve(), 4), g.value.round(3))
# --- linear distflow of a line
import cvxpy as cp
import numpy as np
n = 4
R, X = 0.02 * np.ones(n), 0.03 * np.ones(n)
p_load, q_load = np.array([0.5, 0.4, 0.6, 0.3]), np.array([0.1, 0.2, 0.1, 0.1])
P, Q, v = cp.Variable(n), cp.Variable(n), cp.Variable(n + 1)
pv = cp.Variable(n, nonneg=True)
cons = [v[0] == 1.0, v >= 0.9, v <= 1.1, pv <= 0.4]
for i in range(n):
    down_p = P[i + 1] if i < n - 1 else 0
    down_q = Q[i + 1] if i < n - 1 else 0
    cons += [P[i] == p_load[i] - pv[i] + down_p, Q[i] == q_load[i] + down_q, v[i + 1] == v[i] - 2 * (R[i] * P[i] + X[i] * Q[i])]
prob = cp.Problem(cp.Minimize(cp.sum(pv) + 100 * cp.sum_squares(v - 1)), cons)
print(round(prob.solve(), 5), prob.status)
# --- model predictive control
import cvxpy as cp
import numpy as np
A, B = np.array([[1.0, 0.1], [0, 1]]), np.array([[0.005], [0.1]])
x0, N = np.array([1.0, 0]), 10
x, u = cp.Variable((2, N + 1)), cp.Variable((1, N))
cost, cons = 0, [x[:, 0] == x0]
for k in range(N):
    cost += cp.sum_squares(x[:, k + 1]) + 0.1 * cp.sum_squares(u[:, k])
    cons += [x[:, k + 1] == A @ x[:, k] + B @ u[:, k], cp.norm(u[:, k], "inf") <= 2]
prob = cp.Problem(cp.Minimize(cost), cons)
print(round(prob.solve(), 4))
# --- exponent that is no number
import cvxpy as cp
x = cp.Variable()
x ** [1, 2]
# --- main guard
import cvxpy as cp

def main():
    x = cp.Variable(nonneg=True)
    p = cp.Problem(cp.Minimize(2 * x + 3), [x >= 1])
    p.solve()
    return p.value

if __name__ == "__main__":
    print(f"optimal value: {main():.3f}")
# --- raise of one's own
import cvxpy as cp
x = cp.Variable()
p = cp.Problem(cp.Minimize(x), [x >= 1, x <= 0])
p.solve()
if p.status not in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE):
    raise RuntimeError(f"Optimization failed: {p.status}")
# --- assertion on the status
import cvxpy as cp
x = cp.Variable()
p = cp.Problem(cp.Minimize(-x), [x >= 1])
p.solve()
assert p.status == "optimal", f"status is {p.status}"
# --- two solves of one problem
import cvxpy as cp
x = cp.Variable()
c = x >= 1
p = cp.Problem(cp.Minimize(x), [c])
p.solve()
first = p.value
p2 = cp.Problem(cp.Minimize(x), p.constraints + [x >= first + 1])
p2.solve()
print(round(float(first), 5), round(float(p2.value), 5), round(float(x.value), 5))
# --- lexicographic goals
import cvxpy as cp
import numpy as np
x = cp.Variable(3, nonneg=True)
base = [cp.sum(x) == 4, x <= 2]
first = cp.Problem(cp.Minimize(cp.max(x)), base)
best = first.solve()
second = cp.Problem(cp.Maximize(np.array([3, 2, 1]) @ x), base + [cp.max(x) <= best + 1e-6])
print(round(best, 4), round(second.solve(), 3))
# --- sensitivity by parameters
import cvxpy as cp
import numpy as np
b = cp.Parameter(value=1.0)
x = cp.Variable(2)
p = cp.Problem(cp.Minimize(cp.sum_squares(x)), [x[0] + 2 * x[1] >= b])
values = []
for k in np.linspace(0, 2, 5):
    b.value = float(k)
    values.append(round(p.solve(), 4))
print(values)
# --- matrix parameter
import cvxpy as cp
import numpy as np
A = cp.Parameter((2, 2))
x = cp.Variable(2)
p = cp.Problem(cp.Minimize(cp.sum(x)), [A @ x >= 1, x >= 0])
for k in (1.0, 2.0):
    A.value = k * np.array([[2.0, 1], [1, 3]])
    print(round(p.solve(), 4))
# --- dictionary of problems
import cvxpy as cp
x = cp.Variable()
problems = {name: cp.Problem(goal(x ** 2 if name == "low" else 4 - x ** 2), [x >= 1, x <= 2]) for name, goal in (("low", cp.Minimize), ("high", cp.Maximize))}
for name, p in problems.items():
    print(name, round(p.solve(), 4))
# --- while loop to a tolerance
import cvxpy as cp
low, high = 0.0, 10.0
x = cp.Variable()
limit = cp.Parameter()
p = cp.Problem(cp.Minimize(0), [x >= 3, x <= limit])
while high - low > 0.1:
    limit.value = (low + high) / 2
    p.solve()
    if p.status == "optimal":
        high = limit.value
    else:
        low = limit.value
print(round(high, 1))
