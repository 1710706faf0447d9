# --- arguments
def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw
print(f(1, c=3))
print(f(1, 2, 3, 4, c=5, e=6))
print(f(*[1, 2, 3], **{"c": 4, "x": 5}))
print(f(a=1, c=2))
# --- positional only
def f(a, /, b):
    return a + b
print(f(1, 2), f(1, b=3))
try:
    f(a=1, b=2)
except TypeError as e:
    print(e)
# --- keyword only errors
def f(*, a, b=2): return a, b
for kw in [{}, {"a": 1}, {"a": 1, "c": 2}]:
    try:
        print(f(**kw))
    except TypeError as e:
        print(e)
try:
    f(1)
except TypeError as e:
    print(e)
try:
    f(1, a=2)
except TypeError as e:
    print(e)
# --- missing many
def f(a, b, c): pass
for args in [(), (1,), (1, 2)]:
    try:
        f(*args)
    except TypeError as e:
        print(e)
# --- too many
def f(): pass
def g(a): pass
def h(a, b=1): pass
for fn in (f, g, h):
    try:
        fn(1, 2, 3)
    except TypeError as e:
        print(e)
# --- mutable default
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []), f(4))
# --- closures
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc
c = counter()
d = counter()
print(c(), c(5), d(), c())
# --- closure over loop
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
fs = [lambda i=i: i for i in range(3)]
print([f() for f in fs])
# --- nested closures
def a(x):
    def b(y):
        def c(z):
            return x + y + z
        return c
    return b
print(a(1)(2)(3))
# --- global
count = 0
def bump():
    global count, fresh
    count += 1
    fresh = "new"
bump(); bump()
print(count, fresh)
# --- shadow builtin
def f(list, sum=3):
    return list, sum
print(f(1))
max = 5
print(max)
# --- recursion
def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)
print(fact(20), fact(30))
def fib(n, memo={}):
    if n in memo: return memo[n]
    if n < 2: return n
    memo[n] = fib(n - 1) + fib(n - 2)
    return memo[n]
print(fib(90))
# --- decorators
def twice(f):
    def wrap(*args, **kw):
        return f(f(*args, **kw))
    return wrap
def named(name):
    def deco(f):
        f.label = name
        return f
    return deco
@named("inc")
@twice
def inc(x):
    return x + 1
print(inc(5), inc.label)
# --- lambda forms
print((lambda: 1)(), (lambda x, y=2: x + y)(1), (lambda *a, **k: (a, k))(1, 2, z=3))
add = lambda a, b: a + b
print(add(1, 2), add.__name__)
# --- attributes
def f(x: int, y: "str" = "a") -> float:
    """Doc of f."""
    return x
print(f.__name__, f.__doc__, f.__annotations__, f.__defaults__)
f.tag = 5
print(f.tag, hasattr(f, "tag"), hasattr(f, "gat"))
# --- return forms
def f(k):
    if k == 0: return
    if k == 1: return 1, 2
    if k == 2: return [1], {"a": 2}
print(f(0), f(1), f(2), f(3))
a, b = f(1)
print(a, b)
# --- local functions and locals
def f(a, b):
    c = a + b
    def g(): return c
    return sorted(locals().keys())
print(f(1, 2))
# --- star unpack in calls
def f(*a): return a
print(f(*[1, 2], 3, *(4, 5), *"ab", *range(2), *{"k": 1}))
# --- keyword order
def f(**kw): return list(kw.items())
print(f(b=1, a=2, **{"c": 3}))
# --- default evaluated once
x = 5
def f(y=x): return y
x = 6
print(f())
# --- conditional def
if True:
    def f(): return "yes"
else:
    def f(): return "no"
print(f())
# --- early return in loops
def find(xs, p):
    for i, x in enumerate(xs):
        if p(x):
            return i
    else:
        return None
print(find([1, 3, 4], lambda x: x % 2 == 0), find([1], lambda x: x > 5))
# --- global comprehension scope
x = "outer"
ys = [x for x in range(3)]
print(x, ys)
# --- walrus in comprehension
print([y for x in range(5) if (y := x * x) > 3], y)
# --- call chain
class V:
    def __init__(self, v): self.v = v
    def add(self, n): self.v += n; return self
    def get(self): return self.v
print(V(1).add(2).add(3).get())
# --- function repr
def f(): pass
print(f, type(f), callable(f), callable(5))
# --- apply functions in dict
ops = {"+": lambda a, b: a + b, "max": max, "len": len}
print(ops["+"](1, 2), ops["max"](3, 9), ops["len"]("abc"))
# --- try return finally order
def f():
    try:
        print("try")
        return "value"
    finally:
        print("finally")
print(f())
def g():
    for i in range(3):
        try:
            if i == 1:
                continue
            print("body", i)
        finally:
            print("fin", i)
g()
def h():
    try:
        return 1
    finally:
        return 2
print(h())
def k():
    while True:
        try:
            break
        finally:
            print("leaving")
    return "out"
print(k())
# --- recursion limit caught
def f(n): return f(n + 1)
try:
    f(0)
except RecursionError as e:
    print(type(e).__name__, e)
# --- annotations not evaluated in function
def f():
    x: undefined_name = 5
    y: int
    return x
print(f())
# --- variable annotations at module level
x: int = 5
y: "list[int]"
print(x, __annotations__)
# --- unbound after del
def f():
    x = 1
    del x
    try:
        return x
    except UnboundLocalError as e:
        return str(e)
print(f())
# --- del in module
x = 1
del x
try:
    x
except NameError as e:
    print(e)
# --- main guard
def main():
    print("main runs")
if __name__ == "__main__":
    main()
# --- star params names
def f(first, *rest):
    return first, rest
print(f(1), f(1, 2, 3))
# --- nested function default
def outer(n):
    def inner(m=n * 2): return m
    return inner()
print(outer(4))
# --- builtin via alias
p = print
p("x", 1, sep="-", end="!\n")
# --- id and is
a = [1]
b = a
print(a is b, a is [1], a == [1], id(a) == id(b), None is None, () is ())
