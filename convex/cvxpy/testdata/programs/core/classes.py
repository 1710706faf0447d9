# --- basic
class Battery:
    """A battery."""
    count = 0
    def __init__(self, capacity, power=10):
        self.capacity = capacity
        self.power = power
        Battery.count += 1
    def hours(self):
        return self.capacity / self.power
    def __repr__(self):
        return f"Battery({self.capacity}, {self.power})"
b = Battery(50)
print(b, b.hours(), Battery.count, Battery.__doc__, Battery.__name__, type(b))
print(str(b), repr(b), f"{b}", [b])
# --- inheritance
class A:
    def name(self): return "A"
    def hello(self): return "hello from " + self.name()
class B(A):
    def name(self): return "B" + super().name()
class C(B):
    pass
print(C().hello(), isinstance(C(), A), issubclass(C, A), C.__mro__, C.__bases__)
# --- super init
class Base:
    def __init__(self, x):
        self.x = x
class Derived(Base):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
    def total(self):
        return self.x + self.y
d = Derived(1, 2)
print(d.total(), d.__dict__, vars(d))
# --- multiple inheritance
class A:
    def go(self): return ["A"]
class B(A):
    def go(self): return ["B"] + super().go()
class C(A):
    def go(self): return ["C"] + super().go()
class D(B, C):
    def go(self): return ["D"] + super().go()
print(D().go(), [k.__name__ for k in D.__mro__])
# --- mro conflict
class A: pass
class B(A): pass
try:
    class C(A, B): pass
except TypeError as e:
    print(e)
# --- static and class methods
class T:
    k = 3
    @staticmethod
    def add(a, b): return a + b
    @classmethod
    def make(cls, v):
        o = cls()
        o.v = v
        return o
    @classmethod
    def kk(cls): return cls.k
class U(T):
    k = 4
print(T.add(1, 2), T().add(3, 4), T.make(5).v, type(U.make(1)).__name__, U.kk(), U().kk())
# --- property
class P:
    def __init__(self): self._x = 1
    @property
    def x(self): return self._x
    @x.setter
    def x(self, v):
        if v < 0: raise ValueError("negative")
        self._x = v
p = P()
p.x = 5
print(p.x)
try:
    p.x = -1
except ValueError as e:
    print(e)
p.x += 2
print(p.x)
# --- property read only
class P:
    @property
    def x(self): return 1
try:
    P().x = 2
except AttributeError as e:
    print(e)
try:
    del P().x
except AttributeError as e:
    print(e)
# --- operators
class Vec:
    def __init__(self, *v): self.v = list(v)
    def __add__(self, o): return Vec(*[a + b for a, b in zip(self.v, o.v)])
    def __mul__(self, k): return Vec(*[a * k for a in self.v])
    def __rmul__(self, k): return self * k
    def __neg__(self): return self * -1
    def __sub__(self, o): return self + -o
    def __eq__(self, o): return isinstance(o, Vec) and self.v == o.v
    def __getitem__(self, i): return self.v[i]
    def __setitem__(self, i, x): self.v[i] = x
    def __len__(self): return len(self.v)
    def __iter__(self): return iter(self.v)
    def __contains__(self, x): return x in self.v
    def __repr__(self): return "Vec" + str(tuple(self.v))
    def __matmul__(self, o): return sum(a * b for a, b in zip(self.v, o.v))
    def __bool__(self): return any(self.v)
    def __abs__(self): return sum(a * a for a in self.v) ** 0.5
    def __call__(self, f): return Vec(*map(f, self.v))
    def __iadd__(self, o):
        self.v = [a + b for a, b in zip(self.v, o.v)]
        return self
a, b = Vec(1, 2), Vec(3, 4)
print(a + b, a - b, 2 * a, a * 2, -a, a @ b, a == Vec(1, 2), a != b, len(a), list(a), 2 in a, a[0], abs(b))
a[0] = 9
a += b
print(a, bool(Vec(0, 0)), a(lambda x: x * 10))
try:
    a + 1
except AttributeError as e:
    print(e)
# --- comparison methods
class N:
    def __init__(self, n): self.n = n
    def __lt__(self, o): return self.n < o.n
    def __le__(self, o): return self.n <= o.n
    def __repr__(self): return f"N{self.n}"
print(sorted([N(3), N(1), N(2)]), max(N(1), N(5)), N(1) < N(2), N(1) > N(2), N(1) >= N(1))
# --- not implemented
class M:
    def __add__(self, o): return NotImplemented
    def __radd__(self, o): return "radd"
    def __eq__(self, o): return NotImplemented
print(1 + M(), M() == M())
try:
    M() + 1
except TypeError as e:
    print(e)
# --- hash and eq
class K:
    def __init__(self, k): self.k = k
    def __hash__(self): return hash(self.k)
    def __eq__(self, o): return self.k == o.k
d = {K(1): "a"}
print(d[K(1)], K(2) in d, len({K(1), K(1), K(2)}))
class E:
    def __eq__(self, o): return True
try:
    {E(): 1}
except TypeError as e:
    print(e)
# --- getattr
class G:
    def __getattr__(self, name):
        if name.startswith("x"): return name.upper()
        raise AttributeError(f"no {name}")
g = G()
print(g.xyz)
try:
    g.abc
except AttributeError as e:
    print(e)
print(getattr(g, "abc", 5), hasattr(g, "xa"), hasattr(g, "a"))
# --- setattr
class S:
    def __setattr__(self, k, v):
        super().__setattr__(k, v * 2)
s = S()
s.a = 5
print(s.a)
# --- iterator class
class Count:
    def __init__(self, n): self.n = n; self.i = 0
    def __iter__(self): return self
    def __next__(self):
        if self.i >= self.n: raise StopIteration
        self.i += 1
        return self.i
print(list(Count(3)), sum(Count(4)), [x for x in Count(2)], max(Count(5)))
# --- getitem iteration
class Seq:
    def __getitem__(self, i):
        if i > 3: raise IndexError
        return i * 10
print(list(Seq()), 20 in Seq())
# --- context manager
class M:
    def __enter__(self): print("in"); return self
    def __exit__(self, t, v, tb):
        print("out", t.__name__ if t else None, v)
        return t is ValueError
with M() as m:
    print("body")
with M():
    raise ValueError("swallowed")
try:
    with M():
        raise KeyError("k")
except KeyError as e:
    print("caught", e)
with M() as a, M() as b:
    print("two")
# --- class attributes
class A:
    items = []
    n = 1
    def bump(self): self.n += 1
x, y = A(), A()
x.items.append(1)
x.bump()
print(y.items, x.n, y.n, A.n)
A.n = 10
print(y.n, x.n)
del x.n
print(x.n)
# --- class body scope
class A:
    x = 5
    y = [x for _ in range(2)]if False else x * 2
    def f(self): return self.x
    z = f
print(A().z(), A.y)
# --- class scope comprehension
class A:
    xs = [1, 2, 3]
    ys = [v * 2 for v in xs]
print(A.ys)
# --- nested class
class Outer:
    class Inner:
        v = 3
    def make(self): return Outer.Inner()
print(Outer().make().v, Outer.Inner.__qualname__, Outer.make.__qualname__)
# --- exception classes
class ModelError(Exception):
    def __init__(self, msg, code=1):
        super().__init__(msg)
        self.code = code
class Infeasible(ModelError): pass
try:
    raise Infeasible("no solution", code=7)
except ModelError as e:
    print(type(e).__name__, e, e.code, e.args, repr(e))
class Quiet(Exception):
    def __str__(self): return "quiet text"
try:
    raise Quiet(1, 2)
except Quiet as e:
    print(e, e.args, repr(e))
# --- dunder str
class A:
    def __str__(self): return "str"
    def __repr__(self): return "repr"
    def __format__(self, spec): return f"<{spec}>"
a = A()
print(a, [a], f"{a}", f"{a!r}", f"{a:abc}", "{:x}".format(a), "%s %r" % (a, a))
# --- default repr
class A: pass
print(repr(A()), A, str(A))
# --- slots
class S:
    __slots__ = ("a", "b")
    def __init__(self): self.a = 1
print(S().a)
# --- class variables via instance
class Config:
    T = 24
    dt = 0.25
    def __init__(self, **kw):
        for k, v in kw.items():
            setattr(self, k, v)
c = Config(T=96, name="x")
print(c.T, c.dt, c.name, getattr(c, "zzz", None))
# --- isinstance builtins
print(isinstance(True, int), isinstance(1, float), isinstance(1, (float, int)), isinstance("a", str), isinstance([], list), isinstance(None, type(None)), type(1) is int, type(True) == int)
# --- private names
class A:
    def __init__(self): self.__x = 1
    def get(self): return self.__x
a = A()
print(a.get(), a._A__x, hasattr(a, "__x"))
# --- new
class Single:
    inst = None
    def __new__(cls):
        if cls.inst is None:
            cls.inst = super().__new__(cls)
        return cls.inst
print(Single() is Single())
# --- call class with wrong type
class A:
    def __init__(self): return 5
try:
    A()
except TypeError as e:
    print(e)
# --- bool len
class L:
    def __len__(self): return 0
print(bool(L()), not L())
class W:
    def __bool__(self): return 5
try:
    bool(W())
except TypeError as e:
    print(e)
# --- reflected priority for subclass
class A:
    def __add__(self, o): return "A.add"
    def __radd__(self, o): return "A.radd"
class B(A):
    def __radd__(self, o): return "B.radd"
print(A() + B(), B() + A(), 1 + A())
# --- index protocol
class I:
    def __index__(self): return 2
print([1, 2, 3][I()], list(range(I())), "abc"[I()])
# --- float protocol
class F:
    def __float__(self): return 2.5
    def __int__(self): return 7
print(float(F()), int(F()), "%.1f" % F())
# --- unhashable dataclass like
class A:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
print(A(1) == A(1), A(1) in [A(1)], [A(2)].index(A(2)))
# --- missing protocols
class A: pass
def attempt(f):
    try:
        f()
    except TypeError as e:
        print(e)
attempt(lambda: len(A()))
attempt(lambda: iter(A()))
attempt(lambda: A()[0])
attempt(lambda: A()())
attempt(lambda: A() + 1)
attempt(lambda: -A())
attempt(lambda: A() < A())
attempt(lambda: 1 in A())
attempt(lambda: float(A()))
attempt(lambda: int(A()))
attempt(lambda: next(A()))
attempt(lambda: abs(A()))
attempt(lambda: round(A()))
attempt(lambda: reversed(A()))
attempt(lambda: [1][A()])
attempt(lambda: "a" + A())
attempt(lambda: "%d" % A())
attempt(lambda: f"{A():.2f}")
# --- method objects
class A:
    def f(self, x): return x * 2
a = A()
g = a.f
print(g(3), A.f(a, 4), list(map(a.f, [1, 2])), g.__name__)
