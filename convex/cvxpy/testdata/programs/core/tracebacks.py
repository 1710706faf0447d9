# --- nested calls
def f(x):
    return g(x) + 1

def g(x):
    return h(x) * 2

def h(x):
    return [1, 2, 3][x]

f(10)
# --- lambda
f = lambda x: x["a"]
f({})
# --- method
class A:
    def go(self, n):
        return self.missing(n)

A().go(3)
# --- comprehension
def f(n):
    return [10 / (i - 2) for i in range(n)]
f(5)
# --- dict comprehension
d = {k: v.foo for k, v in {"a": 1}.items()}
# --- set comprehension
s = {[] for i in range(3)}
# --- generator in sum
total = sum(1 / x for x in [1, 0])
# --- generator function
def gen():
    yield 1
    yield 1 / 0

for x in gen():
    print(x)
# --- binary multi line
x = (1 +
     2 +
     "a")
# --- call multi line
def f(a, b):
    return a / b
f(
    1,
    0,
)
# --- method chain lines
class B:
    def step(self):
        return self
(B()
   .step()
   .stop()
   .step())
# --- attribute of None
x = None
x.value
# --- attribute of call
def f():
    return None
f().value.foo
# --- subscript of None
x = None
x[0]
# --- nested subscript
d = {"a": {"b": 1}}
d["a"]["c"]
# --- subscript in expression
a = [1, 2]
y = 3 + a[5] * 2
# --- call subscript
a = [len]
a[0](1, 2)
# --- compare
x = 1 < "a"
# --- compare chain
x = 1 < 2 < "a"
# --- boolean
x = 1 and [] + 1
# --- unary
y = -[1]
# --- augmented
x = [1]
x -= 2
# --- augmented subscript
d = {}
d["a"] += 1
# --- store subscript
t = (1, 2)
t[0] = 5
# --- store attribute
n = 5
n.x = 3
# --- delete subscript
d = {}
del d["a"]
# --- delete name
def f():
    del x
f()
# --- unpack few
a, b, c = 1, 2
# --- unpack many
a, b = [1, 2, 3]
# --- unpack star
a, *b, c = [1]
# --- unpack for
for a, b in [(1, 2), (3,)]:
    print(a, b)
# --- unpack int
a, b = 5
# --- for not iterable
for i in 5:
    pass
# --- for body
for i in [1, 0]:
    print(1 / i)
# --- while
i = 3
while i >= 0:
    print(6 / i)
    i -= 1
# --- if test
if undefined_name > 3:
    pass
# --- assert message
x = 3
assert x < 2, f"x is {x}"
# --- assert tuple
assert [1, 2] == [1, 3]
# --- raise class
raise ValueError
# --- raise instance
raise KeyError("missing key")
# --- raise two arguments
raise ValueError("a", 1)
# --- raise in function
def check(x):
    if x < 0:
        raise ValueError(f"negative: {x}")
    return x
check(-1)
# --- raise string
raise "abc"
# --- raise from
try:
    {}["a"]
except KeyError as e:
    raise RuntimeError("no key") from e
# --- raise from none
try:
    {}["a"]
except KeyError:
    raise RuntimeError("no key") from None
# --- during handling
try:
    {}["a"]
except KeyError:
    1 / 0
# --- during handling in function
def f():
    try:
        int("a")
    except ValueError:
        return g()
def g():
    return [][1]
f()
# --- reraise
try:
    1 / 0
except ZeroDivisionError:
    raise
# --- reraise name
def f():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise e
f()
# --- finally
def f():
    try:
        return 1 / 0
    finally:
        print("finally")
f()
# --- error in finally
try:
    1 / 0
finally:
    [][0]
# --- error in else
try:
    pass
except ValueError:
    pass
else:
    1 / 0
# --- own exception
class MyError(Exception):
    pass
raise MyError("mine")
# --- own exception with str
class MyError(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code
try:
    raise MyError(5)
except MyError as e:
    print(e, e.code, e.args)
raise MyError(7)
# --- multi line message
raise ValueError("line 1\nline 2")
# --- empty message
raise ValueError("")
# --- recursion
def f(n):
    return f(n + 1)
f(0)
# --- mutual recursion
def f(n):
    return g(n)
def g(n):
    return f(n)
try:
    f(0)
except RecursionError as e:
    print(e)
# --- wrong argument count
def f(a, b, c=3):
    pass
f(1)
# --- wrong argument count many
def f(a, b, c=3):
    pass
f(1, 2, 3, 4)
# --- unknown keyword
def f(a, b):
    pass
f(1, c=2)
# --- multiple values
def f(a, b):
    pass
f(1, a=2)
# --- keyword only missing
def f(a, *, b, c):
    pass
f(1)
# --- method arguments
class A:
    def f(self, x):
        pass
A().f()
# --- method arguments many
class A:
    def f(self, x):
        pass
A().f(1, 2)
# --- init arguments
class A:
    def __init__(self, x):
        pass
A()
# --- no init
class A:
    pass
A(1)
# --- not callable
x = 5
x()
# --- not callable attribute
class A:
    y = 3
A().y(1)
# --- star not iterable
print(*5)
# --- double star not mapping
print(**5)
# --- fstring
x = 3
print(f"value {x.y}")
# --- fstring format
x = "a"
print(f"value {x:.2f}")
# --- fstring lines
x = 3
print(f"""a
{x}
{y}
""")
# --- with error
class M:
    def __enter__(self):
        print("enter")
        return self
    def __exit__(self, *a):
        print("exit", a[0])
with M() as m:
    m.foo
# --- with no protocol
with 5 as x:
    pass
# --- import error
import nothing_like_this
# --- name suggestion
value = 3
print(valeu)
# --- local suggestion
def f():
    result = 1
    return resutl
f()
# --- builtin suggestion
x = lenn([1])
# --- self suggestion
class A:
    def __init__(self):
        self.power = 1
    def f(self):
        return power
A().f()
# --- attribute suggestion
class A:
    def __init__(self):
        self.power = 1
A().powr
# --- list suggestion
[].apend(1)
# --- unbound local
x = 1
def f():
    print(x)
    x = 2
f()
# --- unbound free
def f():
    def g():
        return y
    g()
    y = 1
f()
# --- class body
class A:
    x = 1
    y = x + "a"
# --- class attribute
class A:
    pass
A.foo
# --- decorator
@missing
def f():
    pass
# --- decorator call
def deco(n):
    def wrap(f):
        return f / n
    return wrap
@deco(3)
def g():
    pass
# --- default argument
def f(x=1/0):
    pass
# --- annotation
def f(x: undefined) -> int:
    pass
# --- walrus
if (n := len(5)) > 3:
    pass
# --- conditional
x = 1 if undefined else 2
# --- slice
x = [1, 2, 3]
x["a":2]
# --- string index
"abc"[5]
# --- dict unhashable
d = {[1]: 2}
# --- non ascii
größe = 3
print("äöü", größe + "x")
# --- non ascii line
x = {"ä": 1}; x["ö"]
# --- tabs
if True:
	x = 1
	x.foo
# --- semicolons
x = 1; y = 2; z = x / (y - 2)
# --- long line
some_very_long_function_name = lambda a, b, c: a
some_very_long_function_name(1, 2, some_very_long_function_name(1, 2, 3, 4))
# --- parenthesised operator
x = (1) + ("a")
# --- parenthesised both
x = (1 + 2) * ("a" + 3)
# --- floor division
x = 5 // 0
# --- power
x = 2 ** "a"
# --- matmul
x = 3 @ 4
# --- in
x = 3 in 5
# --- not in
x = 3 not in 5
# --- is not fails
x = [] < None
# --- property
class A:
    @property
    def x(self):
        return self._x
A().x
# --- property setter
class A:
    @property
    def x(self):
        return 1
A().x = 3
# --- iter error
class A:
    def __iter__(self):
        return 5
for x in A():
    pass
# --- next error
class A:
    def __iter__(self):
        return self
    def __next__(self):
        raise ValueError("no next")
for x in A():
    pass
# --- list of errors
def f(x):
    return [
        x,
        x + "a",
    ]
f(1)
# --- dict of errors
def f(x):
    return {
        "a": x,
        "b": x.foo,
    }
f(1)
# --- nested function arguments
def f(x): return x
f(f(f(1/0)))
# --- yield from
def g():
    yield 1
    raise ValueError("inside")
def f():
    yield from g()
list(f())
# --- generator return stop
def g():
    raise StopIteration
    yield
next(g())
# --- sort key
sorted([1, 2], key=lambda x: x.foo)
# --- map
list(map(lambda x: 1 / x, [1, 0]))
# --- add note
e = ValueError("a")
e.add_note("note 1")
raise e
# --- exit
exit()
# --- print last then fail
print("a", end="")
print("b")
1 / 0
# --- comparison objects
class A:
    pass
A() < A()
# --- abs of string
abs("a")
# --- str plus int
x = "Total: " + 5
# --- int plus none
def f():
    pass
x = 1 + f()
# --- multiline string statement
x = """
abc
""" + 1
# --- backslash continuation
x = 1 + \
    "a"
# --- call keyword argument error
print("a", spe=" ")
# --- star args call
def f(a, b): pass
args = (1, 2, 3)
f(*args)
# --- kwargs call
def f(a, b): pass
kw = {"a": 1, "c": 2}
f(**kw)
# --- error in argument of method
x = [1]
x.append(x.foo)
# --- comprehension condition
[x for x in [1, 2] if x > "a"]
# --- comprehension iterable
[x for x in None]
# --- nested comprehension
[[y / 0 for y in range(2)] for x in range(2)]
# --- generator expression second iterable
list(x for y in [1] for x in y)
# --- keyerror with int
{}[3]
# --- keyerror tuple
{}[1, 2]
# --- stopiteration
next(iter([]))
# --- exception group like
try:
    raise TypeError("a")
except (ValueError, KeyError):
    print("no")
# --- except not class
try:
    1 / 0
except "a":
    pass
# --- global name in function
def f():
    return undefined_thing
f()
