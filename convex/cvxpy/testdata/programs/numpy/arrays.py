# --- views and copies
import numpy as np
a = np.arange(6)
b = a[2:5]
b[0] = 99
c = a.copy()
c[0] = -1
r = a.reshape(2, 3)
r[1, 1] = 7
print(a, b, c, r, r.base is a, a[[1, 2]].base)
a[a > 10] = 0
print(a, r.T, r.T.shape, a[::-1], a[-2:], a[::2])
# --- assignment
import numpy as np
a = np.zeros((3, 4))
a[0] = 1
a[:, 1] = [5, 6, 7]
a[1, 2:] = 9
a[2, [0, 3]] = [3, 4]
a[a == 0] = -1
print(a)
b = np.arange(5)
b[1:3] = 10.9
b[[0, -1]] += 5
b += 1
b *= 2
print(b, b.dtype)
try:
    b[1:3] = [1, 2, 3]
except ValueError as e:
    print(e)
try:
    b += 0.5
except TypeError as e:
    print(e)
# --- multi dimensional indexing
import numpy as np
a = np.arange(24).reshape(2, 3, 4)
print(a[1, 2, 3], a[0, :, 1], a[..., 0], a[1, ..., 2], a[:, 1:, ::2], a[0][1][2], a.shape, a[1, :, [0, 2]], a[:, [0, 1], [1, 2]], a[np.array([True, False])], a[0, np.newaxis].shape)
m = a[0]
print(m[m % 2 == 0], m[[0, 2]], m[[0, 2], [1, 3]], m[np.ix_([0, 2], [1, 3])], m[:, None].shape, m[1:2].shape, m[1].shape)
# --- boolean masks
import numpy as np
p = np.array([3.0, -1.0, 0.0, 5.0])
mask = p > 0
print(mask, p[mask], p[~mask], mask.sum(), np.where(mask, p, 0), (p > 0) & (p < 4), (p > 4) | (p < 0), mask.any(), mask.all(), np.nonzero(mask), np.flatnonzero(mask))
p[p < 0] = 0
print(p, np.count_nonzero(p))
# --- broadcasting
import numpy as np
a = np.arange(3)
b = np.arange(2)[:, None]
print(a + b, a * b, (a[:, None] == a).astype(int), a - a.mean(), np.ones((2, 3)) * a, np.array([[1], [2]]) + np.array([10, 20]))
# --- reductions
import numpy as np
m = np.array([[1, 2, 3], [4, 5, 6]])
print(m.sum(), m.sum(axis=0), m.sum(axis=1), m.mean(), m.mean(axis=0), m.max(axis=1), m.min(), m.argmax(), m.argmin(axis=1), m.prod(), m.std(), m.var(axis=0), m.cumsum(), m.cumsum(axis=1), m.cumprod(axis=0), np.median(m), np.median(m, axis=0), np.percentile(m, [25, 50]), np.quantile(m, 0.3), m.sum(axis=-1), m.sum(keepdims=True), np.ptp(m))
print(np.average([1, 2, 3], weights=[3, 2, 1]), np.any(m > 5), np.all(m > 0, axis=0), np.sum(m > 2), np.sum([[1, 2], [3, 4]]), np.max([1, 5, 3]), np.min([[2, 1]]), np.mean([True, False]), np.std([1, 2, 3], ddof=1), np.var([1.5, 2.5]))
# --- shapes
import numpy as np
a = np.arange(12)
print(a.reshape(3, 4), a.reshape(-1, 6), a.reshape((2, -1)), a.reshape(2, 2, 3).shape, a.reshape(3, 4).T.shape, a.reshape(3, 4).flatten(), a.reshape(3, 4).ravel(order="F"), a.reshape(3, 4, order="F"), np.squeeze(np.ones((1, 3, 1))).shape, np.expand_dims(a, 1).shape, a[None, :].shape, a.reshape(3, 4).transpose().shape, np.swapaxes(np.ones((2, 3)), 0, 1).shape)
# --- joins
import numpy as np
a, b = np.array([1, 2]), np.array([3, 4])
print(np.concatenate([a, b]), np.concatenate(([1], [2.5])), np.stack([a, b]), np.stack([a, b], axis=1), np.vstack([a, b]), np.hstack([a, b]), np.hstack([[1], a, 5 * b]), np.column_stack([a, b]), np.append(a, [9, 8]), np.tile(a, 2), np.tile(a, (2, 2)), np.repeat(a, 3), np.repeat(a, [1, 2]), np.split(np.arange(6), 2), np.array_split(np.arange(5), 3), np.r_ if False else 0, np.concatenate([np.ones((2, 1)), np.zeros((2, 2))], axis=1), np.block([[np.eye(2), np.zeros((2, 1))], [np.ones((1, 3))]]))
# --- creation
import numpy as np
print(np.zeros(3), np.ones((2, 2), dtype=int), np.full(3, 2.5), np.full((2, 2), 7), np.empty(0), np.zeros_like([1, 2]), np.ones_like(np.array([1.5])), np.full_like(np.array([1, 2]), 9), np.arange(3), np.arange(1, 2, 0.25), np.arange(5, 0, -2), np.linspace(0, 1, 3), np.linspace(0, 1, 4, endpoint=False), np.eye(3), np.eye(2, 3, k=1), np.identity(2), np.diag([1, 2]), np.tri(3), np.zeros((2, 0)), np.array([[1, 2], [3, 4]], dtype=float), np.asarray([1, 2]), np.array(range(3)), np.array((1, 2.0)), np.logspace(0, 2, 3), np.ones(3, dtype=bool), np.zeros(2, dtype="int64"))
# --- functions
import numpy as np
x = np.array([-1.5, 0.0, 2.25])
print(np.abs(x), np.sign(x), np.floor(x), np.ceil(x), np.round(x), np.square(x), np.sqrt(np.abs(x)), np.exp(np.zeros(2)), np.maximum(x, 0), np.minimum(x, 0), np.clip(x, -1, 1), np.power(x, 2), np.isnan(x), np.isfinite(x), np.negative(x), np.mod(7, 3), np.cumsum(x), np.diff(x), np.diff([1, 4, 9], n=2), np.diff([1, 2], prepend=0), np.gradient([1, 4, 9]), np.trapezoid([1, 2, 3], dx=0.5), np.rint(2.5), np.trunc(x), np.fabs(x), np.hypot(3, 4), np.round(3.14159, 2), np.around([1.55, 2.5], 1))
# --- comparison and equality
import numpy as np
a = np.array([1.0, 2.0])
print(np.allclose(a, a + 1e-9), np.isclose(a, [1, 2.1]), np.array_equal(a, [1, 2]), a == [1, 3], (a == a).all(), np.any(a > 1.5), a.tolist() == [1.0, 2.0], np.isclose(np.nan, np.nan, equal_nan=True), bool(np.array([True])), a is a)
# --- sets and sorts
import numpy as np
a = np.array([3, 1, 2, 3])
print(np.sort(a), np.argsort(a), np.unique(a), np.unique(a, return_counts=True), np.isin(a, [1, 3]), np.argmax(a), np.argmin(a), np.argsort(-a), a[np.argsort(a)], np.flip(a), np.roll(a, 1), np.searchsorted([1, 2, 4], 3), np.where(a == 3)[0], np.sort([[3, 1], [2, 0]]), np.sort([[3, 1], [2, 0]], axis=0), np.unique([2.5, 1, 2.5]), np.digitize([0.5, 1.5], [0, 1, 2]), np.sort(["b", "a"]), np.max(a), np.partition if False else 1)
# --- linear algebra
import numpy as np
A = np.array([[4.0, 1.0], [1.0, 3.0]])
b = np.array([1.0, 2.0])
print(A @ b, A.dot(b), np.dot(b, b), b @ A, np.outer(b, b), np.inner(b, b), np.trace(A), A.T, np.linalg.norm(b), np.linalg.norm(A), np.linalg.norm(b, 1), np.linalg.norm(b, np.inf), np.round(np.linalg.solve(A, b), 10), np.round(np.linalg.inv(A), 10), np.round(np.linalg.det(A), 10), np.round(np.linalg.eigvalsh(A), 8), np.linalg.matrix_rank(A), np.round(np.linalg.cholesky(A), 8), np.kron([1, 2], [1, 1]), np.vdot(b, b), np.tril(A), np.triu(A, 1), np.diag(A), np.cross([1, 0, 0], [0, 1, 0]))
print(A @ A, np.array([1, 2]) @ np.array([[1], [2]]), np.matmul(A, b), np.eye(2) @ A)
# --- interpolation
import numpy as np
print(np.interp(2.5, [1, 2, 3], [10, 20, 30]), np.interp([0, 1.5, 5], [1, 2, 3], [10, 20, 30]), np.interp(0, [1, 2], [5, 6], left=-1), np.round(np.polyfit([0, 1, 2], [1, 3, 7], 2), 8), np.polyval([1, 2, 3], 2), np.convolve([1, 2, 3], [1, 1]), np.histogram([1, 2, 2, 3], bins=2))
# --- scalars
import numpy as np
x = np.float64(2.5)
n = np.int64(7)
print(x + 1, x * 2, n // 2, n % 4, n / 2, x ** 2, -x, abs(-x), int(x), float(n), round(x), x > 2, n == 7, x == 2.5, isinstance(x, float), isinstance(n, int), type(x + 1).__name__, type(n + 1).__name__, type(n / 2).__name__, x.item(), n.item(), [x, n], (x,), {"a": x}, str(x), repr(x), f"{x:.1f}", f"{n}", x.round(1), np.float64(1) / 3, n + 0.5, 2 * x, 1 - n, 10 ** n, max(x, 3), min(n, 3.5), sum([x, x]), x.shape, n.dtype)
print(np.True_, [np.bool_(True)], not np.True_, np.True_ + 1, bool(np.False_), np.True_ and 5, np.bool_(0) or 3, np.sum([1.5, 2]) > 3, type(np.sum([1])).__name__, np.mean([1, 2]).item())
d = {np.int64(1): "a"}
print(d[1], 1 in d, np.int64(1) == 1, hash(np.int64(5)) == hash(5), hash(np.float64(0.5)) == hash(0.5), [10, 20, 30][np.int64(1)], list(range(np.int64(3))), "ab" * np.int64(2))
# --- iteration and lists
import numpy as np
a = np.arange(3)
for v in a: print(v, type(v).__name__, end=" ")
print(list(a), a.tolist(), [int(v) for v in a], sum(a), max(a), min(a), len(a), 2 in a, sorted(a, reverse=True), list(zip(a, "abc")), [float(x) for x in a * 0.5], list(enumerate(a * 2)), {int(k): v for k, v in zip(a, a ** 2)}, tuple(a), any(a > 1), all(a >= 0))
# --- mixing lists
import numpy as np
a = np.array([1.0, 2.0, 3.0])
print(a + [1, 1, 1], [1, 1, 1] + a, a * [2, 2, 2], [1, 2, 3] - a, 2 / a, a / [1, 2, 3], a > [0, 5, 0], (1, 2, 3) * a)
lst = [1, 2]
lst += a
print(lst)
# --- integer behaviour
import numpy as np
a = np.array([1, 2, 3])
print(a / 2, a // 2, a ** 2, a * 1.5, a.mean(), a.sum() / len(a), a % 2 == 0, a.astype(float), a.astype(bool), a.astype(str), np.array([1.9, -1.9]).astype(int), a.dtype, (a / 1).dtype, (a > 1).dtype, np.array([1, 2.5]).dtype, np.array([True, 2]).dtype)
# --- dtypes
import numpy as np
print(np.zeros(2).dtype == float, np.zeros(2).dtype == np.float64, np.arange(2).dtype == int, np.arange(2).dtype == "int64", np.array([1]).dtype.name, np.array(["a", "bcd"]), np.array(["a"]).dtype, np.issubdtype if False else 0, np.dtype(float), np.array([True]).dtype.kind, np.array([1, None]), np.array([{"a": 1}]), np.array(["x", 1.5]).tolist())
# --- printing
import numpy as np
print(np.array([1.0, 2.5]), np.array([1e-5, 1]), np.array([1e8, 1]), np.array([123456.789, 0.001]), np.array([0.1, 0.25, 1 / 3]), np.array([1000000.0]), np.array([1e6, 1.5]), np.array([1e-4]), np.array([-1.5, 2]), np.array([np.nan, 1]), np.array([np.inf, -np.inf, 0]), np.array([1e300, 1e-300]), np.array([100.0, 99.5, 0.25]), np.array([1.23456789012345]), np.array([0.0, -0.0]))
print(repr(np.array([1.0, 2.5])), repr(np.arange(3)), repr(np.zeros((2, 2))), repr(np.array([])), repr(np.array([True])), repr(np.array(["a"])), repr(np.array(3.5)), repr(np.array([[1.5], [2.25]])), repr(np.zeros((0, 3))), repr(np.array([None, 1])), repr(np.arange(30)), repr(np.linspace(0, 1, 9)), repr(np.array([[0.123456789, 100.5], [3, 4]])))
print(np.arange(100).reshape(10, 10)); print(np.arange(1001)); print(np.zeros((40, 40))); print(np.arange(8).reshape(2, 2, 2)); print(np.linspace(0, 100, 25)); print(np.array([[True, False], [False, True]])); print(np.random.RandomState(0).rand(3, 3)); print(np.array([["a", "bb"], ["ccc", "d"]])); print(np.arange(1200).reshape(4, 300)); print(np.ones((2, 3, 4)) * 0.5); print(np.array(5), np.array(2.5), np.float64(1e20), np.array([12345678.9, 1.0]))
# --- energy profile
import numpy as np
T = 24
t = np.arange(T)
solar = np.maximum(0, 50 * np.sin(np.pi * (t - 6) / 12))
load = 20 + 10 * np.cos(2 * np.pi * (t - 19) / 24)
net = load - solar
price = np.where((t >= 18) & (t < 22), 0.5, np.where(t < 6, 0.1, 0.3))
cost = np.sum(np.maximum(net, 0) * price) * 1.0
print(np.round(solar, 4), np.round(net.min(), 4), round(cost, 6), price[17:20], np.argmax(solar), solar.sum().round(3), load.mean().round(4), (net < 0).sum())
# --- state arrays
import numpy as np
state = {"current_time": 90, "lambda_(t)_(B)": np.linspace(0.1, 0.6, 96), "load": np.ones(96) * 3}
t0 = state["current_time"]
rest = state["lambda_(t)_(B)"][t0:]
print(len(rest), rest.shape, np.round(rest, 4), rest[0], state["load"][t0:].sum(), 96 - t0, np.array(state["load"])[t0:t0 + 2])
# --- zero size
import numpy as np
e = np.array([1.0])[1:]
print(e, e.sum(), e.shape, e + 1, e == e, np.diff([5.0]), e.size, len(e), np.concatenate([e, [2]]), np.cumsum(e), e.mean() if e.size else "none", np.zeros(0).tolist(), list(e), np.prod(e), np.any(e), np.all(e))
# --- random legacy
import numpy as np
np.random.seed(42)
print(np.random.rand(3), np.random.randn(4), np.random.randint(0, 10, 5), np.random.uniform(1, 2, 2), np.random.normal(5, 2, 3), np.random.choice([1, 2, 3], 4), np.random.permutation(6), np.random.rand(), np.random.randint(5), np.random.choice(5, 3, replace=False), np.random.random((2, 2)), np.random.choice(["a", "b"], p=[0.2, 0.8]), np.random.exponential(2, 2), np.random.standard_normal(2))
a = np.arange(5)
np.random.shuffle(a)
print(a)
r = np.random.RandomState(3)
print(r.rand(2), r.normal(size=2), r.randint(1, 7, size=(2, 2)))
# --- random generator
import numpy as np
rng = np.random.default_rng(7)
print(rng.random(3), rng.uniform(-1, 1, 2), rng.integers(0, 100, 5), rng.normal(10, 3, 3), rng.standard_normal(5), rng.choice([10, 20, 30], 4), rng.permutation(6), rng.integers(10), rng.random(), rng.integers(0, 2**40, 3), rng.choice(["x", "y"], p=[0.3, 0.7], size=3), rng.normal(size=(2, 2)), rng.integers(1, 6, endpoint=True))
x = np.arange(6)
rng.shuffle(x)
print(x, np.random.default_rng(123).normal(size=200).sum().round(9), np.random.default_rng(5).standard_normal(3000).std().round(9))
# --- errors
import numpy as np
def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
a = np.arange(3.0)
for f in [lambda: a + np.zeros(2), lambda: a[3], lambda: a[0, 0], lambda: a["k"], lambda: a[1.0], lambda: a @ np.ones(2), lambda: np.dot(a, np.ones(2)), lambda: a.reshape(2, 2), lambda: np.concatenate([a, np.eye(2)]), lambda: bool(a), lambda: a and 1, lambda: a > 1 or 0, lambda: np.array([[1], [1, 2]]), lambda: float(a), lambda: np.linalg.solve(np.zeros((2, 2)), np.ones(2)), lambda: np.nonexistent, lambda: a.nonexistent, lambda: a(), lambda: a.sum(axis=2), lambda: np.max([]), lambda: np.zeros((2, 3)) + np.zeros(2), lambda: np.vstack([np.ones(2), np.ones(3)]), lambda: np.arange(3)[[0, 4]], lambda: a[[True, False]], lambda: np.sqrt("x"), lambda: a + "x", lambda: a - None, lambda: np.ones(3)[5:][0], lambda: np.zeros(2)[-3], lambda: 5 in np.arange(3), lambda: np.array(3)[0], lambda: len(np.array(3)), lambda: np.float64(3)[0], lambda: np.linalg.inv(np.ones((2, 2))), lambda: np.interp(1, [1], [1, 2]), lambda: np.split(a, 2), lambda: np.reshape(a, (5,)), lambda: np.clip(a, 0), lambda: np.eye("a"), lambda: np.linspace(0, 1, -1), lambda: np.arange(0, 1, 0), lambda: np.full(3), lambda: np.zeros(), lambda: np.array(), lambda: np.sum(), lambda: np.where(), lambda: np.maximum(1), lambda: np.isnan(None), lambda: {a: 1}, lambda: np.random.choice([], 1), lambda: np.random.randint(5, 2), lambda: a.item(), lambda: a.T.T.foo, lambda: np.stack([a, np.ones(2)]), lambda: np.ones((2, 2))[:, 5], lambda: np.hstack([np.ones((2, 1)), np.ones(2)]), lambda: range(np.float64(3)), lambda: [1, 2][np.float64(1)], lambda: "%d" % np.float64(2.7), lambda: round(np.float64(2.567), 2), lambda: np.float64("abc"), lambda: np.int64("7"), lambda: int(np.float64("nan"))]:
    attempt(f)
# --- traceback with arrays
import numpy as np
def shift(x, n):
    return x[:n] + x[n:]
print(shift(np.arange(4), 2))
print(shift(np.arange(5), 2))
# --- traceback ambiguous
import numpy as np
p = np.array([1, 2])
if p > 1:
    print("yes")
# --- traceback index
import numpy as np
prices = np.ones(24)
for t in range(25):
    prices[t] += 1
# --- traceback attribute
import numpy as np
x = np.arange(3)
x.push(4)
# --- traceback module
import numpy as np
np.summ([1])
# --- ufunc methods
import numpy as np
print(np.add.reduce([1, 2, 3]), np.multiply.reduce([2, 3]), np.maximum.reduce([1, 5, 2]), np.add.accumulate([1, 2, 3]), np.maximum.accumulate([3, 1, 5]), np.multiply.outer([1, 2], [3, 4]), np.add(1, 2), np.multiply([1, 2], 3), np.logical_and([True, False], True), np.logical_or(0, 1), np.logical_not([0, 1]), np.greater([1, 2], 1), np.subtract(5, 2), np.divide(1, 4), np.power(2, [1, 2]), np.sqrt([4, 9]), np.add)
# --- object arrays
import numpy as np
class V:
    def __init__(self, n): self.n = n
    def __add__(self, o): return V(self.n + (o.n if isinstance(o, V) else o))
    __radd__ = __add__
    def __mul__(self, k): return V(self.n * k)
    __rmul__ = __mul__
    def __repr__(self): return f"V{self.n}"
a = np.array([V(1), V(2)])
print(a, a.dtype, a + 1, a * [2, 3], a.sum(), np.sum([V(1), V(2), V(3)]), a[0], np.dot([1, 2], a), a.shape)
# --- nan functions
import numpy as np
x = np.array([1.0, np.nan, 3.0])
print(np.nansum(x), np.nanmean(x), np.nanmax(x), np.isnan(x).any(), np.nan_to_num(x), np.sum(x), np.max(x), np.nanmin(x), np.nan == np.nan, x[~np.isnan(x)])
# --- meshgrid and where
import numpy as np
X, Y = np.meshgrid([1, 2, 3], [10, 20])
print(X + Y, X.shape, np.argwhere(X > 1), np.where(X > 1), np.where(X > 1, X, -X), np.where([True, False], [1, 2], [3, 4]), np.where(True, 1, 2))
# --- string arrays and isin
import numpy as np
names = np.array(["pv", "wind", "pv"])
print(names == "pv", names[names == "pv"], np.isin(names, ["wind"]), np.unique(names), (names == "pv").sum(), names.tolist(), len(names), "wind" in names)
# --- insert delete
import numpy as np
a = np.arange(5)
print(np.insert(a, 1, 99), np.delete(a, [0, 2]), np.delete(a, -1), np.append(a, 5), np.take(a, [1, 1]), a.take([0]), np.flatnonzero(a > 2), a.nonzero(), a.repeat(2), np.trim_zeros if False else 0, a.fill(3), a)
# --- copy module
import numpy as np, copy
a = np.arange(3)
b = copy.deepcopy(a)
c = a
a[0] = 9
d = {"x": a}
e = copy.deepcopy(d)
a[1] = 8
print(a, b, c, d, e)
# --- vectorize and errstate
import numpy as np
f = np.vectorize(lambda x: x ** 2 if x > 1 else 0)
print(f([1, 2, 3]))
with np.errstate(divide="ignore"):
    print(np.array([1.0]) / 0)
print(np.finfo(float).eps, np.iinfo(int).max, np.pi, np.e, np.inf, -np.inf, np.nan, np.newaxis)
# --- in place views
import numpy as np
a = np.ones((2, 2))
for row in a:
    row *= 2
a[0] -= 1
a[:, 0] **= 2
print(a)
b = a
b = b + 1
print(a, b)
c = np.arange(4)
c[1:] = c[:-1]
print(c)
# --- three dimensions
import numpy as np
a = np.zeros((2, 3, 2))
a[1, :, 0] = [1, 2, 3]
print(a.sum(axis=(0, 2)), a.sum(axis=2), a.transpose(2, 0, 1).shape, a.reshape(6, 2), a.max(axis=0), a.mean(axis=(0, 1)), np.concatenate([a, a], axis=2).shape, a[:, :, 0].shape)
