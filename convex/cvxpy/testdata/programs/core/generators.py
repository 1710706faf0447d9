# --- basic
def gen(n):
    i = 0
    while i < n:
        yield i
        i += 1
print(list(gen(4)), sum(gen(5)), tuple(gen(2)), 3 in gen(5))
g = gen(2)
print(next(g), next(g), next(g, "end"))
# --- return value
def g():
    yield 1
    return "done"
it = g()
next(it)
try:
    next(it)
except StopIteration as e:
    print(e.value)
def h():
    r = yield from g()
    print("got", r)
    yield 2
print(list(h()))
# --- send
def avg():
    total, n = 0, 0
    value = None
    while True:
        x = yield value
        total += x
        n += 1
        value = total / n
a = avg()
next(a)
print(a.send(10), a.send(20), a.send(60))
a.close()
try:
    a.send(1)
except StopIteration:
    print("closed")
# --- throw
def g():
    try:
        yield 1
    except ValueError as e:
        yield f"caught {e}"
    yield 3
it = g()
print(next(it), it.throw(ValueError("x")), next(it))
# --- close runs finally
def g():
    try:
        yield 1
        yield 2
    finally:
        print("cleanup")
it = g()
next(it)
it.close()
# --- generator expression
print(sum(x * x for x in range(4)), max((len(w) for w in ["a", "bcd"]), default=0), list((a, b) for a in range(2) for b in "xy" if a))
g = (x for x in [1, 2, 3])
print(next(g), list(g), list(g))
# --- lazy
def noisy():
    for i in range(3):
        print("make", i)
        yield i
for v in noisy():
    print("use", v)
    if v == 1:
        break
# --- infinite
def naturals():
    n = 0
    while True:
        yield n
        n += 1
for x in naturals():
    if x > 3: break
    print(x, end=" ")
print()
print([x for x, _ in zip(naturals(), range(4))])
# --- nested yield from
def flat(xs):
    for x in xs:
        if isinstance(x, list):
            yield from flat(x)
        else:
            yield x
print(list(flat([1, [2, [3, 4]], 5])))
# --- generator in class
class Tree:
    def __init__(self, v, kids=()): self.v, self.kids = v, kids
    def __iter__(self):
        yield self.v
        for k in self.kids:
            yield from k
print(list(Tree(1, [Tree(2), Tree(3, [Tree(4)])])))
# --- exception inside
def g():
    yield 1
    raise KeyError("inside")
try:
    for x in g():
        print(x)
except KeyError as e:
    print("caught", e)
# --- enumerate zip map filter
print(list(enumerate("ab", 1)), list(zip([1, 2, 3], "ab")), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(None, [0, 1, "", "a"])), list(reversed([1, 2, 3])))
z = zip([1, 2], [3, 4])
print(next(z), list(z))
print(list(zip()), list(zip([])), dict(zip("ab", [1, 2])), list(zip(*[[1, 2], [3, 4]])))
# --- iter sentinel
xs = [1, 2, 3, 0, 5]
it = iter(xs)
print(list(iter(lambda: next(it), 0)))
# --- unpacking generators
a, b, *c = (i * i for i in range(5))
print(a, b, c)
print(*(i for i in range(3)), sep=",")
# --- any all short circuit
def t(x):
    print("t", x)
    return x
print(any(t(x) for x in [0, 1, 2]), all(t(x) for x in [1, 0, 2]))
# --- generator is iterator
g = (i for i in [])
print(iter(g) is g, next(g, None), type(g).__name__)
# --- dict during iteration
d = {"a": 1, "b": 2}
try:
    for k in d:
        d[k + "x"] = 1
except RuntimeError as e:
    print(e)
# --- list during iteration
xs = [1, 2, 3]
for x in xs:
    if x < 3: xs.append(x + 2)
print(xs)
# --- yield in expression
def g():
    x = yield
    while x is not None:
        x = yield x * 2
it = g()
next(it)
print(it.send(3), it.send(5))
try:
    it.send(None)
except StopIteration as e:
    print("stop", e.value)
# --- generator already executing
def g():
    yield next(it)
it = g()
try:
    next(it)
except ValueError as e:
    print(e)
# --- send to fresh
def g(): yield 1
try:
    g().send(5)
except TypeError as e:
    print(e)
