# --- unclosed bracket
x = (1, 2
y = 3
# --- unclosed list at the end
a = [1, 2,
b = 4
print(b)
# --- unmatched
x = 1)
# --- mismatched
x = (1]
# --- mismatched lines
x = (1,
2]
# --- missing colon if
if True
    print(1)
# --- missing colon def
def f()
    return 1
# --- missing colon for
for i in range(3)
    print(i)
# --- missing colon while
while True
    pass
# --- missing colon class
class A
    pass
# --- missing colon else
if 1:
    pass
else
    pass
# --- missing colon try
try
    pass
except:
    pass
# --- missing colon except
try:
    pass
except ValueError
    pass
# --- missing colon with
with open("x") as f
    pass
# --- missing colon lambda
f = lambda x x
# --- no indent
def f():
return 1
# --- no indent if
if True:
x = 1
# --- no indent for
for i in range(3):
print(i)
# --- no indent else
if 1:
    pass
else:
x = 1
# --- no indent try
try:
x = 1
except:
    pass
# --- no indent except
try:
    pass
except:
x = 1
# --- no indent class
class A:
x = 1
# --- no indent while
while 1:
x = 1
# --- no indent with
with a:
x = 1
# --- no indent finally
try:
    pass
finally:
x = 1
# --- no indent elif
if 1:
    pass
elif 2:
x = 1
# --- no indent at end
def f():
# --- unexpected indent
x = 1
    y = 2
# --- dedent
if True:
        x = 1
    y = 2
# --- tabs
if True:
        x = 1
	y = 2
# --- forgotten comma list
x = [1, 2 3]
# --- forgotten comma call
print("a" "b" 3)
# --- forgotten comma call names
f(a b)
# --- forgotten comma dict
d = {"a": 1 "b": 2}
# --- forgotten comma tuple
t = (1 2)
# --- forgotten comma strings
x = ["a" "b", 1 "c"]
# --- two statements
x = 1 y = 2
# --- assign to call
f() = 1
# --- assign to literal
1 = x
# --- assign to None
None = 1
# --- assign to expression
a + b = 3
# --- assign to comparison
a < b = 3
# --- assign to string
"a" = 3
# --- assign to True
True = 1
# --- assign to list comp
[x for x in y] = 1
# --- assign to conditional
a if b else c = 1
# --- assign to lambda
lambda: 1 = 2
# --- assign to dict
{} = 3
# --- assign to tuple part
a, f() = 1, 2
# --- assign to tuple literal
(a, 1) = 1, 2
# --- aug assign call
f() += 1
# --- aug assign tuple
a, b += 1
# --- aug assign literal
1 += 1
# --- single equals in if
if x = 3:
    pass
# --- single equals attribute in if
if x.a = 3:
    pass
# --- single equals in while
while x = 3:
    pass
# --- single equals call in if
if f() = 3:
    pass
# --- single equals in elif
if x:
    pass
elif x = 3:
    pass
# --- kwarg expression
f(a.b=1)
# --- kwarg literal
f(1=2)
# --- kwarg True
f(True=1)
# --- positional after keyword
f(a=1, 2)
# --- positional after unpacking
f(**a, 2)
# --- star after double star
f(**a, *b)
# --- repeated keyword
f(a=1, a=2)
# --- generator not alone
f(x for x in y, 1)
# --- generator second
f(1, x for x in y)
# --- default order
def f(a=1, b):
    pass
# --- duplicate parameter
def f(a, a):
    pass
# --- bare star
def f(a, *):
    pass
# --- star default
def f(*a=1):
    pass
# --- double star default
def f(**a=1):
    pass
# --- after double star
def f(**a, b):
    pass
# --- return outside
return 1
# --- break outside
break
# --- continue outside
continue
# --- break in function
for i in range(3):
    def f():
        break
# --- yield outside
yield 1
# --- try alone
try:
    pass
x = 1
# --- bare except first
try:
    pass
except:
    pass
except ValueError:
    pass
# --- several types
try:
    pass
except A, B:
    pass
# --- several types as
try:
    pass
except A, B as e:
    pass
# --- print statement
print "hello"
# --- print name
print x
# --- exec statement
exec "x"
# --- unterminated string
x = "abc
# --- unterminated string single
print('hello)
# --- unterminated triple
x = """abc
def
# --- bad number
x = 1abc
# --- bad decimal
x = 1.5abc
# --- leading zeros
x = 012
# --- bad hex
x = 0xZZ
# --- bad octal digit
x = 0o8
# --- bad binary digit
x = 0b2
# --- bad underscore
x = 1__0
# --- backslash
x = 1 \ + 2
# --- dollar
x = $a
# --- question
x = a ? b : c
# --- unicode quotes
x = “abc”
# --- unicode minus
x = 1 − 2
# --- no break space
x = 1
# --- increment
x++
# --- and and
x = a && b
# --- not equal old
x = a <> b
# --- else if
if a:
    pass
else if b:
    pass
# --- keyword as name
class = 3
# --- keyword as argument
f(lambda=3)
# --- keyword parameter
def f(lambda):
    pass
# --- import keyword
import class
# --- from trailing comma
from math import sqrt,
# --- from nothing
from math import
# --- import nothing
import
# --- missing else
x = 1 if y
# --- missing else in call
f(1 if y)
# --- dict no value
d = {"a":}
# --- dict no value then more
d = {"a": , "b": 1}
# --- dict no colon
d = {"a": 1, "b"}
# --- comprehension target
x = [a, b for a, b in c]
# --- star outside
x = *a
# --- two stars
*a, *b = 1, 2
# --- star alone
*a = 1
# --- delete call
del f()
# --- delete literal
del 1
# --- nonlocal module
nonlocal x
# --- nonlocal missing
def f():
    nonlocal x
# --- global after use
def f():
    print(x)
    global x
# --- global after assignment
def f():
    x = 1
    global x
# --- global parameter
def f(x):
    global x
# --- fstring empty
f"{}"
# --- fstring single brace
f"a}"
# --- fstring open
f"{a"
# --- fstring error
f"{a b}"
# --- fstring bad conversion
f"{a!x}"
# --- fstring backslash
f"{'\n'}"
# --- fstring hash
f"{a # b}"
# --- fstring invalid
f"{a +}"
# --- fstring assign
f"{a = b c}"
# --- walrus plain
x := 3
# --- walrus attribute
(x.a := 3)
# --- lambda assign
(lambda: (yield))
# --- empty call comma
f(,)
# --- operator end
x = 1 +
# --- operator start
x = * 2
# --- double operator
x = 1 ** ** 2
# --- dots
x = a..b
# --- colon in expression
x = a : b c
# --- annotate tuple
a, b: int = 1
# --- annotate call
f(): int
# --- def in expression
x = def f(): pass
# --- decorators nothing
@a
x = 1
# --- invalid escape ok
print("\d")
# --- unfinished escape
x = "\x1"
# --- async
x = [i async for i in y]
# --- match no case
match x:
    pass
# --- end of file in def
def f(a,
      b
# --- call never closed in function
def f():
    x = foo(1,
            2
    return x
# --- import star in function
def f():
    from math import *
# --- mid statement colon
for i in range(3): x = i: y
# --- else without if
else:
    pass
# --- elif without if
elif x:
    pass
# --- except without try
except ValueError:
    pass
# --- missing in
for i range(3):
    pass
# --- for target call
for f() in x:
    pass
# --- for target literal
for 1 in x:
    pass
# --- with target
with a as f():
    pass
# --- missing parenthesis def
def f:
    pass
# --- number attribute
x = 5.foo
# --- string prefix
x = q"abc"
# --- semicolon only
;
# --- return tuple ok
def f():
    return 1, *[2, 3]
print(f())
# --- markdown fence
```python
x = 1
```
# --- prose
Here is the code:
import numpy as np
# --- prose comma
Sure, here is the function
# --- constraint chain
constraints += [P >= 0, P <= 10
constraints += [E >= 0]
prob = 3
# --- missing operator
x = 2y
# --- missing operator call
x = 2(y)
print(x)
# --- percent
x = 5%
# --- equals equals assignment
x == = 3
