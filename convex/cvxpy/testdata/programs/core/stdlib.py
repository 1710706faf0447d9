# --- math
import math
print(math.sqrt(2), math.pi, math.e, math.floor(2.7), math.ceil(2.1), math.floor(-2.5), math.trunc(-2.7), math.exp(1), math.log(10), math.log(8, 2), math.log10(1000), math.log2(8), math.sin(1), math.cos(1), round(math.tan(1), 12), math.atan2(1, 2), math.hypot(3, 4), math.degrees(math.pi), math.radians(180))
print(math.isclose(0.1 + 0.2, 0.3), math.isnan(math.nan), math.isinf(math.inf), math.isfinite(1), math.factorial(20), math.comb(5, 2), math.perm(5, 2), math.gcd(12, 18), math.lcm(4, 6), math.prod([1, 2, 3, 4]), math.fsum([0.1] * 10), math.copysign(1, -0.0), math.fmod(-7, 3), math.modf(2.5), math.isqrt(17), math.fabs(-2), math.pow(2, 3), math.dist([0, 0], [3, 4]))
# --- math errors
import math
def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
for f in [lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.log(-1), lambda: math.exp(1000), lambda: math.sqrt("a"), lambda: math.floor("a"), lambda: math.factorial(-1), lambda: math.factorial(1.5), lambda: math.acos(2), lambda: math.pow(0, -1), lambda: math.nothing, lambda: math.ceil(math.inf), lambda: math.floor(math.nan), lambda: math.sqrt(), lambda: math.sqrt(1, 2), lambda: math.comb(3, -1), lambda: math.fmod(1, 0)]:
    attempt(f)
# --- from imports
from math import sqrt as root, pi, inf
import math as m
print(root(16), pi, inf, m.e)
# --- itertools
import itertools as it
from itertools import product, combinations, permutations, chain, accumulate, islice, count, cycle, repeat, zip_longest, takewhile, dropwhile, starmap, groupby, pairwise, tee, compress, filterfalse, combinations_with_replacement
print(list(product([1, 2], "ab")), list(product([0, 1], repeat=2)), list(combinations("abc", 2)), list(permutations([1, 2, 3])), list(permutations("abc", 2)), list(combinations_with_replacement("ab", 2)))
print(list(chain([1], (2, 3), "a")), list(chain.from_iterable([[1], [2]])), list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], lambda a, b: a * b)), list(accumulate([1, 2], initial=10)), list(islice(count(5, 2), 3)), list(islice(range(10), 2, 8, 3)), list(islice(cycle("ab"), 5)), list(repeat(7, 3)))
print(list(zip_longest([1, 2], "a", fillvalue=0)), list(takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(starmap(pow, [(2, 3), (3, 2)])), [(k, list(g)) for k, g in groupby("aabbca")], list(pairwise([1, 2, 3])), [list(x) for x in tee([1, 2])], list(compress("abc", [1, 0, 1])), list(filterfalse(lambda x: x % 2, range(5))))
print([(k, len(list(g))) for k, g in groupby(sorted([3, 1, 2, 1]), key=lambda x: x > 1)], [k for k, g in groupby([1, 1, 2, 2, 1])])
print(list(permutations([1, 2], 3)), list(combinations([], 0)), list(product()), it.count)
# --- functools
from functools import reduce, partial, lru_cache, wraps, cmp_to_key, total_ordering, cached_property
print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(max, [3, 9, 2], 5), partial(pow, 2)(5), partial(int, base=2)("101"))
@lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(60))
def deco(f):
    @wraps(f)
    def inner(*a): return f(*a)
    return inner
@deco
def named(x):
    "the doc"
    return x
print(named.__name__, named.__doc__, named(3))
print(sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))
@total_ordering
class V:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
    def __lt__(self, o): return self.x < o.x
print(V(1) <= V(1), V(2) > V(1), V(1) >= V(2))
class C:
    @cached_property
    def slow(self):
        print("computed")
        return 5
c = C()
print(c.slow, c.slow)
try:
    reduce(lambda a, b: a, [])
except TypeError as e:
    print(e)
# --- collections
from collections import defaultdict, Counter, OrderedDict, namedtuple, deque
d = defaultdict(list)
d["a"].append(1); d["a"].append(2); d["b"]
print(d, d["c"], len(d), d.get("zz"), dict(d))
n = defaultdict(int)
for w in "abca": n[w] += 1
print(dict(n), n, defaultdict(lambda: 5)["x"])
c = Counter("mississippi")
print(c, c.most_common(2), c["s"], c["zz"], sum(c.values()), Counter([1, 1, 2]))
o = OrderedDict([("a", 1), ("b", 2)])
o.move_to_end("a")
print(list(o), o["b"])
P = namedtuple("P", "x y")
p = P(1, y=2)
print(p, p.x, p[1], p._asdict(), p._replace(x=9), p == (1, 2), len(p), P._fields)
a, b = p
print(a, b, isinstance(p, tuple), P(*[3, 4]), sorted([P(2, 1), P(1, 2)]))
try:
    P(1)
except TypeError as e:
    print(e)
q = deque([1, 2, 3], maxlen=3)
q.append(4); q.appendleft(0)
print(q, q.popleft(), q.pop(), list(q), len(q), deque("ab"))
# --- dataclasses
from dataclasses import dataclass, field, asdict, astuple, replace
from typing import List, Optional
@dataclass
class Battery:
    capacity: float
    power: float = 10.0
    tags: List[str] = field(default_factory=list)
    def hours(self): return self.capacity / self.power
b = Battery(50)
print(b, b.hours(), b == Battery(50.0), Battery(1, 2, ["a"]), asdict(b), astuple(b), replace(b, power=5))
b.tags.append("x")
print(b.tags, Battery(1).tags)
for f in [lambda: Battery(), lambda: Battery(1, 2, 3, 4), lambda: Battery(1, cap=2), lambda: {Battery(1): 1}]:
    try:
        f()
    except TypeError as e:
        print(e)
@dataclass(frozen=True, order=True)
class K:
    a: int
    b: str = "x"
    def __post_init__(self):
        print("post", self.a)
k = K(1)
print(k < K(2), {k: "v"}[K(1)])
try:
    k.a = 5
except Exception as e:
    print(type(e).__name__, e)
@dataclass
class Base:
    x: int = 1
@dataclass
class Derived(Base):
    y: int = 2
print(Derived(), Derived(5, 6))
try:
    @dataclass
    class Bad:
        xs: list = []
except ValueError as e:
    print(e)
# --- typing
from typing import Any, Dict, List, Optional, Tuple, Union, Callable, Iterable, NamedTuple, TypeVar, Generic, Literal
def f(x: Dict[str, List[float]], y: Optional[int] = None, z: "Union[int, str]" = 1, g: Callable[[int], int] = abs) -> Tuple[int, ...]:
    return (1,)
def g(a: int | None, b: list[int], c: dict[str, float] | None = None): return a
print(f({}), g(1, []), isinstance(3, int | float), isinstance("a", int | None))
class Pt(NamedTuple):
    x: float
    y: float = 0.0
    def norm(self): return abs(self.x) + abs(self.y)
print(Pt(1), Pt(3, -4).norm(), Pt(1, 2).x)
T = TypeVar("T")
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
print(Box[int](3).v)
# --- enum
from enum import Enum, IntEnum, auto
class Color(Enum):
    RED = 1
    GREEN = 2
    ALSO = 1
print(Color.RED, Color.RED.name, Color.GREEN.value, Color(2), Color["RED"], list(Color), Color.RED == Color.RED, Color.RED is Color.ALSO, repr(Color.RED), len(Color), Color.RED in {Color.RED: 1})
class N(IntEnum):
    A = auto()
    B = auto()
print(N.A < N.B, N.B + 1, [1, 2, 3][N.A], f"{N.B.value}", N.A == 1)
try:
    Color(9)
except ValueError as e:
    print(e)
# --- abc
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    def twice(self): return 2 * self.area()
class Sq(Shape):
    def __init__(self, s): self.s = s
    def area(self): return self.s ** 2
print(Sq(3).twice())
try:
    Shape()
except TypeError as e:
    print(e)
# --- json
import json
print(json.dumps({"a": [1, 2.5, None, True], "b": {"c": "é\n"}, 3: "x"}), json.dumps([1, 2], indent=2), json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps("é", ensure_ascii=False), json.dumps({}), json.dumps([]), json.dumps(float("inf")), json.dumps((1, 2), separators=(",", ":")))
print(json.loads('{"a": [1, 2.5, null, true], "b": "x\\u00e9"}'), json.loads("3"), json.loads("[1e3]"))
try:
    json.dumps({1, 2})
except TypeError as e:
    print(e)
try:
    json.loads("{bad")
except ValueError as e:
    print(type(e).__name__)
print(json.dumps({"k": object}, default=str))
# --- copy
import copy
a = [1, [2, 3], {"x": [4]}]
b = copy.copy(a)
c = copy.deepcopy(a)
a[1].append(9); a[2]["x"].append(8)
print(b, c)
class O:
    def __init__(self): self.v = [1]
o = O()
p = copy.deepcopy(o)
o.v.append(2)
print(p.v, o.v)
# --- operator
import operator
from operator import itemgetter, attrgetter, mul
print(sorted([(1, "b"), (2, "a")], key=itemgetter(1)), operator.add(1, 2), mul(3, 4), operator.itemgetter(0, 2)([5, 6, 7]), max([{"v": 1}, {"v": 5}], key=itemgetter("v")))
# --- random seeded
import random
random.seed(42)
print([random.random() for _ in range(3)], random.uniform(1, 2), random.randint(1, 100), random.choice("abcdef"), random.gauss(0, 1))
xs = list(range(10))
random.shuffle(xs)
print(xs)
r = random.Random(7)
print(r.random(), r.randint(0, 10 ** 12))
# --- statistics
import statistics
print(statistics.mean([1, 2, 3, 4]), statistics.mean([1, 2, 3]), statistics.median([3, 1, 2]), statistics.median([1, 2, 3, 4]), statistics.stdev([1, 2, 3, 4]), statistics.pstdev([1.5, 2.5]))
# --- warnings and time
import warnings, time
warnings.filterwarnings("ignore")
warnings.warn("careful")
t0 = time.time()
print(time.time() >= t0, type(time.perf_counter()).__name__)
# --- contextlib
from contextlib import suppress, contextmanager, nullcontext
with suppress(KeyError):
    {}["a"]
@contextmanager
def tag(name):
    print("<" + name + ">")
    try:
        yield name.upper()
    finally:
        print("</" + name + ">")
with tag("b") as t:
    print(t)
try:
    with tag("i"):
        raise ValueError("x")
except ValueError as e:
    print("caught", e)
with nullcontext(5) as n:
    print(n)
# --- future
from __future__ import annotations
def f(x: Undefined) -> AlsoUndefined:
    return x
print(f(3))
# --- match
def kind(x):
    match x:
        case 0: return "zero"
        case int() | float() if x < 0: return "negative"
        case [a, b]: return f"pair {a} {b}"
        case [first, *rest]: return f"list {first} {rest}"
        case {"type": "battery", "size": s, **more}: return f"battery {s} {more}"
        case str(s): return "text " + s
        case None: return "none"
        case (1 | 2 | 3) as n: return f"small {n}"
        case _: return "other"
for v in [0, -5, [1, 2], [1, 2, 3], {"type": "battery", "size": 5, "x": 1}, "hi", None, 2, 50, ()]:
    print(kind(v))
class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
match P(1, 2):
    case P(0, _): print("no")
    case P(x, y=2): print("yes", x)
match = 5
print(match)
# --- collections abc
from collections.abc import Iterable, Sequence, Mapping
print(isinstance([], Iterable), isinstance(5, Iterable), isinstance({}, Mapping), isinstance((), Sequence), isinstance("a", Iterable))
import numbers
print(isinstance(3, numbers.Number), isinstance(3.5, numbers.Integral), isinstance("a", numbers.Real))
