package cvxpy

import (
	"context"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// smallBudget is what bombs and fuzzed programs may spend.
func smallBudget() Budget {
	return Budget{Steps: 1_000_000, Bytes: 64 << 20, Depth: 1000, Output: 1 << 16, Time: 30 * time.Second}
}

// bombs are programs that would take all time or memory. Each ends in the
// class behind the bar: BudgetError unless Python itself refuses.
const bombs = `
while True: pass | BudgetError
for i in iter(int, 1): pass | BudgetError
x = 10**10**10 | BudgetError
x = 2**(10**9) | BudgetError
x = 3
while True: x = x * x | BudgetError
x = 1 << 10**10 | BudgetError
x = 1 << 10**30 | OverflowError
x = 7
for i in range(100): x = x ** x | BudgetError
s = 'a' * 10**9 | BudgetError
s = 'a' * 10**30 | OverflowError
s = 'ab'
while True: s += s | BudgetError
s = 'ab'
while True: s = s * 2 | BudgetError
s = 'ab'
while True: s = f"{s}{s}" | BudgetError
s = 'ab'
while True: s = '%s%s' % (s, s) | BudgetError
s = 'ab'
while True: s = '{0}{0}'.format(s) | BudgetError
s = 'a' * 10**6
while True: s = s.replace('a', s) | BudgetError
s = ','.join(['x' * 10**6] * 10**6) | BudgetError
x = [0] * 10**10 | BudgetError
x = [[0] * 10**4] * 10**4 + [[0] * 10**8] | BudgetError
x = [0]
while True: x += x | BudgetError
x = [0]
while True: x.extend(x) | BudgetError
x = [0]
for v in x: x.append(v) | BudgetError
x = ()
while True: x = x + (1,) * 100000 | BudgetError
x = 'x'
for i in range(60): x = [x, x]
str(x) | BudgetError
x = 1
for i in range(60): x = (x, x)
hash(x) | BudgetError
x = 1
y = 1
for i in range(60): x, y = [x, x], [y, y]
x == y | BudgetError
list(range(10**12)) | BudgetError
sum(range(10**12)) | BudgetError
len([i for i in range(10**12)]) | BudgetError
{i: i for i in range(10**12)} | BudgetError
{i for i in range(10**12)} | BudgetError
set(range(10**12)) | BudgetError
dict.fromkeys(range(10**12)) | BudgetError
sorted(range(10**12)) | BudgetError
a, *b = range(10**12) | BudgetError
print(*range(10**12)) | BudgetError
while True: print('x' * 1000) | BudgetError
max(range(10**12)) | BudgetError
5 in (i for i in range(10, 10**12)) | BudgetError
any(False for i in range(10**12)) | BudgetError
def f(*a): return f(*a, *a)
f(1) | BudgetError
def f(n): return f(n + 1)
f(0) | RecursionError
f = lambda: f()
f() | RecursionError
def f():
    try: return f()
    finally: f()
f() | BudgetError
def f():
    try: f()
    except RecursionError: pass
while True: f() | BudgetError
while True:
    try: 1/0
    except BaseException: pass | BudgetError
try:
    while True: pass
except BaseException: print('caught') | BudgetError
try:
    while True: pass
finally:
    while True: pass | BudgetError
class A:
    def __getattr__(self, n): return getattr(self, n + 'x')
A().y | RecursionError
class A:
    def __repr__(self): return repr(self)
repr(A()) | RecursionError
class A:
    def __eq__(self, o): return self == o
A() == A() | RecursionError
class A:
    def __len__(self): return len(self)
len(A()) | RecursionError
class A:
    def __iter__(self): return iter(self)
list(A()) | RecursionError
class A:
    def __add__(self, o): return self + o
A() + 1 | RecursionError
class A:
    def __call__(self): return self()
A()() | RecursionError
class A:
    def __hash__(self): return 1
    def __eq__(self, o): return False
d = {A(): 1 for i in range(10**9)} | BudgetError
x = []
for i in range(10**5): x = [x]
repr(x) | RecursionError
x = ()
for i in range(10**5): x = (x,)
hash(x) | RecursionError
x, y = [], []
for i in range(10**5): x, y = [x], [y]
x == y | RecursionError
x = {}
for i in range(10**5): x = {'a': x}
repr(x) | RecursionError
import copy
x = []
for i in range(10**5): x = [x]
copy.deepcopy(x) | RecursionError
import json
x = []
for i in range(10**5): x = [x]
json.dumps(x) | RecursionError
import json
json.loads('[' * 10**5) | RecursionError
x = iter([1])
for i in range(10**5): x = map(abs, x)
next(x) | RecursionError
x = iter([1])
for i in range(10**5): x = zip(x)
list(x) | RecursionError
x = iter([1])
for i in range(10**5): x = (v for v in x)
next(x) | RecursionError
def g(x): yield from x
x = iter([1])
for i in range(10**5): x = g(x)
next(x) | RecursionError
import functools
x = abs
for i in range(10**5): x = functools.partial(lambda f, v: f(v), x)
x(1) | RecursionError
def g():
    while True: yield 1
gs = []
while True:
    h = g(); next(h); gs.append(h) | BudgetError
e = None
for i in range(10**9):
    try: raise ValueError from e
    except ValueError as x: e = x | BudgetError
errors = []
def f(): f()
while True:
    try: f()
    except RecursionError as e: errors.append(e) | BudgetError
import itertools
list(itertools.product(range(100), repeat=100)) | BudgetError
import itertools
list(itertools.permutations(range(30))) | BudgetError
import itertools
sum(itertools.count()) | BudgetError
import itertools
for x in itertools.cycle([1]): pass | BudgetError
import itertools
list(itertools.repeat(1)) | BudgetError
import itertools
next(itertools.islice(itertools.count(), 10**12, None)) | BudgetError
import itertools
x = [1]
for i in range(10**5): x = itertools.chain(x)
next(x) | RecursionError
import math
math.factorial(10**9) | BudgetError
import math
math.comb(10**12, 10**11) | BudgetError
import math
math.perm(10**9) | BudgetError
import math
x = 1
for i in range(10**9): x = math.lcm(x, i + 1) | BudgetError
x = f"{1:1000000000}" | BudgetError
x = f"{1.5:.1000000000f}" | BudgetError
x = "%1000000000d" % 1 | BudgetError
x = "%.1000000000f" % 1.5 | BudgetError
x = "{:>1000000000}".format('a') | BudgetError
x = 'a'.ljust(10**10) | BudgetError
x = 'a'.zfill(10**10) | BudgetError
x = 'a'.center(10**10) | BudgetError
x = ('a,' * 10**6).split(',') * 100 | BudgetError
x = int('9' * 10**6) | ValueError
x = int('f' * 10**8, 16) | BudgetError
x = str(10**5000) | ValueError
x = hex(1 << 10**9) | BudgetError
x = round(12345, -10**9) | None
x = float('1' * 10**8) | BudgetError
class A: pass
while True:
    class A(A): pass | UnsupportedError
x = {}
for i in range(10**9): x[i] = x.copy() | BudgetError
x = [i for i in range(10**4)]
for a in x:
    for b in x:
        for c in x: pass | BudgetError
x = [0] * 1000
while True: x.insert(0, 0) | BudgetError
x = [0] * 100000
while x.count(1) == 0: pass | BudgetError
x = 'a' * 10**6
while 'b' not in x: pass | BudgetError
x = 'a' * 10**6
d = {}
while True: d[x] = 1 | BudgetError
import time
while True: time.sleep(10**9) | BudgetError
import numpy as np
np.zeros(10**10) | BudgetError
import numpy as np
np.ones((10**5, 10**5)) | BudgetError
import numpy as np
np.zeros((2**40, 2**40)) | BudgetError
import numpy as np
np.zeros(10**30) | BudgetError
import numpy as np
np.arange(10**12) | BudgetError
import numpy as np
np.arange(0, 1, 1e-15) | BudgetError
import numpy as np
np.linspace(0, 1, 10**10) | BudgetError
import numpy as np
np.eye(10**6) | BudgetError
import numpy as np
np.full((10**4, 10**4, 10**4), 1) | BudgetError
import numpy as np
np.tile([1], 10**10) | BudgetError
import numpy as np
np.repeat([1], 10**10) | BudgetError
import numpy as np
np.outer(np.ones(10**5), np.ones(10**5)) | BudgetError
import numpy as np
np.ones((10**5, 1)) + np.ones(10**5) | BudgetError
import numpy as np
np.broadcast_to(np.ones(1), (10**10,)) + 1 | BudgetError
import numpy as np
np.kron(np.ones(10**5), np.ones(10**5)) | BudgetError
import numpy as np
np.meshgrid(np.ones(10**5), np.ones(10**5)) | BudgetError
import numpy as np
a = np.ones((2000, 2000))
a @ a | BudgetError
import numpy as np
np.linalg.inv(np.eye(2000)) | BudgetError
import numpy as np
np.random.rand(10**10) | BudgetError
import numpy as np
np.random.default_rng(0).normal(size=10**10) | BudgetError
import numpy as np
np.diag(np.ones(10**6)) | BudgetError
import numpy as np
a = np.ones(10**6)
while True: a = np.concatenate([a, a]) | BudgetError
import numpy as np
a = np.ones(10**6)
while True: a.sum() | BudgetError
import numpy as np
a = np.ones(10**6)
while True: a += 1 | BudgetError
import numpy as np
a = np.arange(10**6)
while True: a.sort() | BudgetError
import numpy as np
a = np.zeros(3)
a[np.zeros(10**9, dtype=int)] | BudgetError
import numpy as np
np.zeros(3)[np.zeros((1000, 1000, 1000), dtype=int)] | BudgetError
import numpy as np
np.convolve(np.ones(10**6), np.ones(10**6)) | BudgetError
import numpy as np
x = 1
for i in range(100): x = [x, x]
np.array(x) | ValueError
import numpy as np
np.split(np.ones(1), 10**10) | ValueError
import numpy as np
np.array_split(np.ones(1), 10**10) | BudgetError
import numpy as np
np.array(1, ndmin=10**9) | ValueError
import numpy as np
np.histogram([1], bins=10**10) | BudgetError
import numpy as np
np.polyfit(np.arange(10**5), np.arange(10**5), 10**4) | BudgetError
import numpy as np
np.ones(10**5).tolist() * 10**5 | BudgetError
import numpy as np
x = np.vectorize(lambda v: v)
while True: x(np.ones(1000)) | BudgetError
`

// bombList cuts a table into programs and the classes that they end in.
func bombList(t *testing.T, table, head string) []chunk {
	var list []chunk
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
		i := strings.LastIndex(line, " | ")
		if i < 0 {
			lines = append(lines, line)
			continue
		}
		lines = append(lines, line[:i])
		list = append(list, chunk{name: line[i+3:], source: head + strings.Join(lines, "\n") + "\n"})
		lines = nil
	}
	if len(lines) > 0 {
		t.Fatal("the last bomb has no class")
	}
	return list
}

func TestBombsEndWithinTheirBudget(t *testing.T) {
	for _, bomb := range slices.Concat(bombList(t, bombs, ""), bombList(t, modelBombs, "import cvxpy as cp, numpy as np\n")) {
		t.Run(strings.ReplaceAll(strings.TrimSpace(bomb.source), "\n", "; "), func(t *testing.T) {
			class, allocated := runCounted(t, bomb.source, smallBudget())
			if class != bomb.name {
				t.Errorf("ended in %s, want %s:\n%s", class, bomb.name, bomb.source)
			}
			if limit := uint64(6 * smallBudget().Bytes); allocated > limit {
				t.Errorf("allocated %d MB of at most %d:\n%s", allocated>>20, limit>>20, bomb.source)
			}
		})
	}
}

// runCounted runs a program and returns the class of its error ("None") and
// the bytes that were allocated meanwhile.
func runCounted(t *testing.T, source string, b Budget) (class string, allocated uint64) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p, err := Compile("bomb.py", source)
	if err == nil {
		var r *Result
		if strings.Contains(source, "def prosumer(state") {
			r, err = p.Call(context.Background(), b, "prosumer", expertState(t, 92))
		} else {
			r, err = p.Run(context.Background(), b)
		}
		if r.Spent.Steps > b.Steps+1<<20 || r.Spent.Bytes > b.Bytes || int64(len(r.Stdout)) > b.Output {
			t.Errorf("spent %+v and printed %d bytes with a budget of %+v:\n%s", r.Spent, len(r.Stdout), b, source)
		}
	}
	runtime.ReadMemStats(&after)
	class = "None"
	if err != nil {
		e, ok := err.(*Error)
		if !ok || e.Class == "" || e.Traceback == "" {
			t.Errorf("not a clear error: %#v", err)
			return "", 0
		}
		if class = e.Class; class == "InternalError" {
			t.Errorf("%s\n%s", e.Traceback, source)
		}
	}
	return class, after.TotalAlloc - before.TotalAlloc
}

func TestSourceBombs(t *testing.T) {
	for name, source := range map[string]string{
		"parentheses": strings.Repeat("(", 100_000),
		"brackets":    strings.Repeat("[", 150) + strings.Repeat("]", 150),
		"sum":         "x = 1" + strings.Repeat("+1", 100_000),
		"minus":       "x = " + strings.Repeat("-", 100_000) + "1",
		"not":         "x = " + strings.Repeat("not ", 50_000) + "1",
		"power":       "x = " + strings.Repeat("2**", 50_000) + "1",
		"lambda":      "x = " + strings.Repeat("lambda:", 30_000) + "1",
		"attributes":  "x" + strings.Repeat(".a", 100_000),
		"calls":       "x" + strings.Repeat("()", 100_000),
		"conditional": "x = " + strings.Repeat("1 if 1 else ", 20_000) + "1",
		"elif":        "if 0: pass\n" + strings.Repeat("elif 0: pass\n", 20_000),
		"blocks":      nestedBlocks(99),
		"indents":     nestedBlocks(150),
		"functions":   nestedFunctions(90),
		"f-strings":   `x = ` + strings.Repeat(`f"{`, 50) + "1" + strings.Repeat(`}"`, 50),
		"long":        strings.Repeat("x = 1\n", 100_000),
		"statements":  strings.Repeat("x=1;", 60_000),
		"comparison":  "x = 1" + strings.Repeat("<2", 100_000),
		"strings":     "x = " + strings.Repeat("'a' ", 60_000),
		"digits":      "x = " + strings.Repeat("9", 200_000),
		"nul":         "x = 1\x00",
		"invalid":     "x = '\xff'",
		"deep for":    "x = [1" + strings.Repeat(" for a in [1]", 5_000) + "]",
		"decorators":  strings.Repeat("@a\n", 50_000) + "def f(): pass",
		"unpack":      strings.Repeat("[", 150) + "a" + strings.Repeat("]", 150) + " = 1",
		"match":       "match 1:\n case " + strings.Repeat("[", 150) + "a" + strings.Repeat("]", 150) + ": pass",
	} {
		t.Run(name, func(t *testing.T) {
			if class, allocated := runCounted(t, source, smallBudget()); allocated > uint64(8*smallBudget().Bytes) {
				t.Errorf("%s after allocating %d MB", class, allocated>>20)
			}
		})
	}
}

func nestedBlocks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "if 1:\n")
	}
	b.WriteString(strings.Repeat(" ", n) + "x = 1\n")
	return b.String()
}

func nestedFunctions(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "def f(a):\n")
	}
	b.WriteString(strings.Repeat(" ", n) + "return a\n")
	return b.String()
}

// A run that is cancelled ends.
func TestCancelledRunEnds(t *testing.T) {
	p, err := Compile("loop.py", "while True: pass")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := DefaultBudget()
	b.Steps = 1 << 60
	if _, err := p.Run(ctx, b); err == nil || err.(*Error).Kind != OverBudget {
		t.Errorf("got %v, want an error of kind OverBudget", err)
	}
}

// What waits at the end of a run is stopped: no goroutine is left behind.
func TestWaitingGeneratorsAreStopped(t *testing.T) {
	p, err := Compile("wait.py", `
def g():
    try:
        while True:
            yield 1
    finally:
        while True: pass
kept = []
for i in range(100):
    h = g()
    next(h)
    kept.append(h)
`)
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	if _, err := p.Run(context.Background(), smallBudget()); err != nil {
		t.Fatal(err)
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

// Nothing reaches files, the network, processes, the environment or the
// interpreter itself.
func TestSandboxRefuses(t *testing.T) {
	t.Setenv("PEERWATT_SECRET", "sesame")
	for _, source := range []string{
		"import os", "import sys", "import subprocess", "import socket", "import shutil", "import pathlib", "import io",
		"import ctypes", "import importlib", "import builtins", "import multiprocessing", "import threading", "import asyncio",
		"import urllib.request", "import http.client", "import requests", "import pickle", "import tempfile", "import glob",
		"import inspect", "import gc", "import sqlite3", "import os.path", "from os import environ", "import os as o",
		"from subprocess import run", "import platform", "import signal",
		"open('/etc/passwd')", "open('/etc/passwd', 'w')", "eval('1')", "exec('x = 1')", "compile('1', '', 'eval')", "input()",
		"__import__('os')", "breakpoint()", "getattr(__builtins__, 'open')('/etc/passwd')", "__builtins__.eval('1')",
		"print('x', file=open('/tmp/x', 'w'))",
	} {
		p, err := Compile("attempt.py", source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if _, err := p.Run(context.Background(), smallBudget()); err == nil || err.(*Error).Kind != Refused {
			t.Errorf("%s: got %v, want a refusal", source, err)
		}
	}
	// Ways around that other sandboxes forgot.
	for _, source := range []string{
		"().__class__.__bases__[0].__subclasses__()", "(lambda: 0).__globals__['os']", "(lambda: 0).__code__",
		"print.__self__", "[].__class__.__mro__[1].__subclasses__()", "''.__class__.__init__.__globals__",
		"import math; math.__loader__", "import numpy as np; np.os", "import numpy as np; np.load('x')", "import numpy as np; np.savetxt('x', [1])",
		"import json; json.load(5)", "import numpy as np; np.fromfile('x')", "import numpy as np; np.sys", "import json; json.codecs",
		"def f(): yield\nf().gi_frame.f_back", "try: 1/0\nexcept Exception as e: e.__traceback__.tb_frame", "f'{open}'.os",
		"'{0.__class__.__init__.__globals__}'.format(print)", "import traceback; traceback.sys", "import random; random._os",
		"import warnings; warnings.sys.modules", "type('X', (), {})", "import collections; collections._sys",
	} {
		p, err := Compile("attempt.py", source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		r, err := p.Run(context.Background(), smallBudget())
		if err == nil {
			t.Errorf("%s: went through and printed %q", source, r.Stdout)
		}
	}
	p, err := Compile("env.py", "print(dir(), globals().keys(), vars())")
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Run(context.Background(), smallBudget())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.Stdout, os.Getenv("PEERWATT_SECRET")) {
		t.Error("the environment leaks")
	}
}
