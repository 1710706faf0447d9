# --- list methods
xs = [3, 1, 2]
xs.append(4); xs.extend([5, 6]); xs.insert(0, 0); xs.insert(-1, 9); xs.insert(100, 7)
print(xs, xs.pop(), xs.pop(0), xs.pop(-2), xs, xs.index(2), xs.count(1))
xs.remove(1); xs.reverse(); print(xs); xs.sort(); print(xs); xs.sort(reverse=True); print(xs)
ys = xs.copy(); ys.clear(); print(xs, ys, xs + [1], xs * 2, 2 * [0], [1, 2] == [1, 2], [1, 2] < [1, 3], [1] < [1, 0])
# --- list slices
xs = list(range(10))
print(xs[2:5], xs[:3], xs[7:], xs[::2], xs[::-1], xs[8:2:-2], xs[-3:], xs[:-7], xs[20:], xs[5:2])
xs[2:4] = ["a", "b", "c"]; print(xs)
xs[::3] = [0, 0, 0, 0]; print(xs)
del xs[0]; del xs[1:3]; del xs[::2]; print(xs)
xs[1:1] = [7, 8]; xs[:0] = (9,); print(xs)
try:
    xs[::2] = [1]
except ValueError as e:
    print(e)
try:
    xs[0:1] = 5
except TypeError as e:
    print(e)
# --- sort keys
words = ["banana", "Apple", "cherry", "date"]
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len), sorted(words, key=lambda w: (-len(w), w)), sorted(words, reverse=True))
print(sorted([(2, "b"), (1, "z"), (2, "a")]), sorted({"b": 1, "a": 2}), sorted("hello"), sorted([3, 1.5, True]))
# --- tuples
t = (1, 2, 3)
print(t[0], t[-1], t[1:], t + (4,), t * 2, len(t), 2 in t, t.index(3), t.count(1), (1,), (), tuple("ab"), (1, 2) < (1, 3), hash((1, 2)) == hash((1, 2)))
a, (b, c), *d = 1, (2, 3), 4, 5
print(a, b, c, d)
try:
    t[0] = 1
except TypeError as e:
    print(e)
# --- dict methods
d = {"a": 1, "b": 2}
d["c"] = 3; d.update({"a": 10}, z=26); d.update([("q", 5)]); d |= {"w": 0}
print(d, d.get("a"), d.get("x"), d.get("x", 0), d.pop("a"), d.pop("nope", None), d.setdefault("b", 9), d.setdefault("n", []), d)
print(list(d), list(d.keys()), list(d.values()), list(d.items()), len(d), "b" in d, "zz" not in d)
print(d.popitem(), d, {**d, "extra": 1}, d | {"b": 100}, dict(d), d.copy() == d)
del d["b"]
print(d)
print({k: v for k, v in zip("abc", range(3)) if v}, dict.fromkeys("ab", 0), dict([(1, 2)]), dict(a=1), {1: "int", 1.0: "float", True: "bool"})
# --- dict keys
d = {}
d[1] = "a"; d[(1, 2)] = "b"; d[None] = "c"; d[1.5] = "d"; d["λ_(t)_(B)"] = "e"; d[frozenset([1])] = "f"
print(d, d[1.0], d[True])
# --- dict order and deletion
d = {i: i for i in range(12)}
for i in range(0, 12, 2): del d[i]
d[0] = "back"
print(d, list(d))
# --- dict iteration
d = {"x": 1, "y": 2}
for k in d: print(k, end=" ")
for k, v in d.items(): print(k, v, end=" ")
for i, (k, v) in enumerate(d.items()): print(i, k, v, end=" ")
print(max(d, key=d.get), min(d.values()), sum(d.values()), sorted(d.items(), key=lambda kv: -kv[1]), list(reversed(d)))
# --- nested dict
state = {"prices": {"buy": [1, 2], "sell": [0.5]}, "n": 3}
state["prices"]["buy"][0] += 5
print(state["prices"]["buy"], state)
# --- sets
s = {3, 1, 2, 1}
s.add(5); s.discard(9); s.remove(1); s.update([7, 8])
print(s, len(s), 3 in s, s | {100}, s & {3, 5}, s - {3}, s ^ {3, 99}, {1, 2} <= {1, 2, 3}, {1} < {1}, s.union([1]), s.intersection([3]), s.isdisjoint([4]), {1, 2} == {2, 1})
print(set(), set([1, 1]), frozenset([2, 1]), {x % 3 for x in range(10)}, sorted(set("hello")), set(range(20)) - set(range(15)))
# --- set order of ints
print({10, 5, 33, 1, 64, 7}, set(range(40, 20, -3)), {1.5, 2, 0.5}, {-1, -2, 3})
# --- ranges
print(range(5), list(range(2, 10, 3)), list(range(5, 0, -2)), len(range(0, 100, 7)), 4 in range(0, 10, 2), range(10)[2:5], range(10)[-1], list(range(0)), range(3) == range(0, 3), range(5).index(3))
# --- membership
print(1 in [1, 2], "a" in "cat", "x" not in {"y": 1}, (1, 2) in [(1, 2)], [1] in [[1]], None in [None], float("nan") in [1.0])
# --- comprehensions
print([x * y for x in range(3) for y in range(2)], [[r * c for c in range(3)] for r in range(2)], [x for x in range(20) if x % 2 if x % 3 == 0], {x: [y for y in range(x)] for x in range(3)}, [a + b for a, b in [(1, 2), (3, 4)]], ["even" if x % 2 == 0 else "odd" for x in range(3)])
# --- copying
a = [[0] * 2] * 2
a[0][0] = 1
print(a, [list(r) for r in a], a[:] is a)
# --- min max
print(min(3, 1, 2), max([4, 9, 2]), max("abc"), min([1.5, 1]), max([], default="none"), max([1, -5, 3], key=abs), min("b", "a"), max((1, 2), (1, 3)), min([True, 0]))
# --- sum
print(sum([1, 2, 3]), sum([0.1] * 3), sum([[1], [2]], []), sum(range(101)), sum([1, 2], 10), sum(()), sum([True, True]))
# --- unpack
first, *rest = [1, 2, 3]
*init, last = "abc"
a, b = b, a = 1, 2
[x, y] = (5, 6)
for i, (p, q) in enumerate([(1, 2), (3, 4)]): print(i, p, q)
print(first, rest, init, last, a, b, x, y)
# --- list multiplication
print([0] * 5, [1, 2] * 0, [[]] * 2, ["a"] * -1, (0,) * 3, "ab" * 3)
# --- equality
print([1, 2] == (1, 2), 1 == 1.0, "1" == 1, None == 0, [] == [], {} == {}, {"a": [1]} == {"a": [1]}, (1, [2]) == (1, [2]), True == 1, 0.1 + 0.2 == 0.3)
# --- is
a = None
print(a is None, a is not None, not a, a == None)
# --- recursive repr
a = [1]
a.append(a)
d = {}
d["self"] = d
print(a, d)
# --- large
xs = [i ** 2 for i in range(1000)]
print(len(xs), xs[-1], sum(xs))
# --- del and slices of strings
s = "hello world"
print(s[0], s[-1], s[2:5], s[::-1], s[::2], s[-5:], s[:20], "äöü"[1], "äöü"[::-1], len("äöü"))
# --- list in place ops
xs = [1]
ys = xs
xs += [2]
xs *= 2
print(xs, ys, xs is ys)
t = (1,)
u = t
t += (2,)
print(t, u)
xs += "ab"
xs += range(2)
print(xs)
# --- dict views
d = {"a": 1, "b": 2}
k = d.keys()
d["c"] = 3
print(k, len(k), "c" in k, k & {"a", "z"}, d.items(), list(d.values()), ("a", 1) in d.items(), d.keys() == {"a", "b", "c"})
# --- boolean values
for v in [0, 1, 0.0, "", "0", [], [0], {}, {0: 0}, (), (0,), None, set(), range(0), range(1)]:
    print(bool(v), end=" ")
print()
# --- and or values
print(0 or "x", 1 and "y", None or [], "" or 0 or "last", 1 and 0 and 2, not [], [] and 1/0, 5 or 1/0)
# --- chained comparisons
x = 5
print(1 < x < 10, 1 < x > 3, 1 == 1 != 2, 3 > 2 > 1 > 0, 1 < 3 < 2)
def f(): print("once"); return 5
print(1 < f() < 10)
# --- conditional expression
for n in (-1, 0, 1):
    print("neg" if n < 0 else "zero" if n == 0 else "pos")
# --- while else
n = 3
while n:
    n -= 1
else:
    print("else", n)
for i in range(3):
    if i == 5: break
else:
    print("no break")
# --- any all
print(any([]), all([]), any([0, "a"]), all([1, ""]), any(x > 2 for x in [1, 3]), all(isinstance(x, int) for x in [1, 2]))
