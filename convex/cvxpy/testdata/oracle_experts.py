"""Runs experts' programs under CPython with cvxpy and records what they did.

usage: python oracle_experts.py STATE.json FILE.py...

A file holds several programs, each headed by a line "# --- name" or
"# --- name @ 0 80 95". A program that defines prosumer (or Prosumer) is called
with the state of each of the steps; any other runs as a script. A program whose
first line is "# base: name" is another program of the file with lines replaced:
the lines behind "- " (without their indentation) give way to those behind "+ ".

Prints a JSON object: for each program and step the solves with status,
objective and variables, the entries of variables that are not unique, what was
returned and printed, and the class and text of an uncaught exception.

Two things are unlike plain cvxpy. Any solver that cvxpy knows may be named, and
options are ignored, as in the sandbox; what solves is Clarabel, or HiGHS with
integers, with tighter tolerances than their defaults. And the hint about DQCP
is taken out of DCPError.
"""
import contextlib
import io
import json
import os
import re
import sys
import types
import warnings

import cvxpy as cp
import numpy as np
from cvxpy.lin_ops import lin_utils

TIGHT = dict(tol_gap_abs=1e-9, tol_gap_rel=1e-9, tol_feas=1e-9)
plain_solve = cp.Problem.solve
known = set(cp.settings.SOLVERS if hasattr(cp.settings, "SOLVERS") else [])
known |= {n for n in dir(cp) if isinstance(getattr(cp, n), str) and getattr(cp, n) == n and n.isupper()}
solves = []


def best(problem):
    """Solves with the default tolerances, then with tighter ones."""
    if problem.is_mixed_integer():
        plain_solve(problem, solver=cp.HIGHS)
        return
    plain_solve(problem, solver=cp.CLARABEL)
    if problem.status != "optimal":
        return
    values = [v.value for v in problem.variables()]
    duals = [[d.value for d in c.dual_variables] for c in problem.constraints]
    value = problem.value
    plain_solve(problem, solver=cp.CLARABEL, **TIGHT)
    if problem.status != "optimal":
        for v, x in zip(problem.variables(), values):
            v.save_value(x)
        for c, x in zip(problem.constraints, duals):
            for d, y in zip(c.dual_variables, x):
                d.save_value(y)
        problem._status, problem._value = "optimal", value


def loose(problem):
    """Entries of the variables that a small tilt of the objective moves."""
    variables = problem.variables()
    base = [np.atleast_1d(np.array(v.value, dtype=float)).ravel() for v in variables]
    moved = [np.zeros(len(b), dtype=bool) for b in base]
    sign = 1 if isinstance(problem.objective, cp.Minimize) else -1
    for seed in (1, 2):
        rng = np.random.default_rng(seed)
        tilt = 0
        for v in variables:
            if v.size:
                tilt = tilt + cp.sum(cp.multiply(rng.standard_normal(v.shape), v)) * 1e-6
        goal = cp.Minimize(sign * problem.objective.expr + tilt)
        other = cp.Problem(goal, problem.constraints)
        try:
            best(other)
        except Exception:
            continue
        if other.status != "optimal":
            continue
        for k, v in enumerate(variables):
            x = np.atleast_1d(np.array(v.value, dtype=float)).ravel()
            reach = max(1e-3, np.max(np.abs(base[k])) if len(base[k]) else 0)
            moved[k] |= np.abs(x - base[k]) > 1e-4 * reach
    return [np.flatnonzero(m).tolist() for m in moved]


def short(x, digits):
    if x is None:
        return None
    x = float(x)
    if x != x or x in (float("inf"), float("-inf")):
        return str(x)
    return float("%.*g" % (digits, x))


def solve(self, solver=None, *args, **kwargs):
    for k in ("gp", "qcp", "requires_grad", "nlp"):
        assert not kwargs.get(k)
    if solver is not None:
        if not isinstance(solver, str):
            return plain_solve(self, solver=solver)
        if solver.upper() not in known:
            return plain_solve(self, solver=solver)
    try:
        best(self)
    except cp.DCPError as e:
        text = str(e).replace("\nHowever, the problem does follow DQCP rules. Consider calling solve() with `qcp=True`.", "")
        raise cp.DCPError(text) from None
    record = {"status": self.status, "objective": short(self.value, 12), "variables": []}
    if self.status in ("optimal", "optimal_inaccurate"):
        values = [v.value for v in self.variables()]
        duals = [[d.value for d in c.dual_variables] for c in self.constraints]
        status, value = self._status, self._value
        moved = loose(self)
        for v, x in zip(self.variables(), values):
            v.save_value(x)
        for c, x in zip(self.constraints, duals):
            for d, y in zip(c.dual_variables, x):
                d.save_value(y)
        self._status, self._value = status, value
        for v, m in zip(self.variables(), moved):
            record["variables"].append({
                "name": v.name(), "shape": list(v.shape), "loose": m,
                "value": [short(x, 8) for x in np.atleast_1d(np.array(v.value, dtype=float)).ravel()]})
    solves.append(record)
    return self.value


cp.Problem.solve = solve


def plain(x, depth=0):
    """Turns what a program returned into what JSON can hold."""
    if x is None or isinstance(x, (bool, str)):
        return x
    if isinstance(x, np.bool_):
        return bool(x)
    if isinstance(x, (int, float, np.integer, np.floating)):
        return short(x, 8)
    if isinstance(x, np.ndarray):
        return plain(x.tolist())
    if isinstance(x, dict):
        return {str(k): plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    if isinstance(x, (cp.Expression, cp.Constraint)):
        return "expression " + str(x.shape)
    return type(x).__name__


def programs(path):
    found, order = {}, []
    name = None
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("# --- "):
                name, _, steps = line[6:].strip().partition("@")
                name = name.strip()
                found[name] = (steps.split(), [])
                order.append(name)
            elif name is not None:
                found[name][1].append(line)
    sources = {}
    for name in order:
        steps, lines = found[name]
        if lines and lines[0].startswith("# base: "):
            source = sources[lines[0][8:].strip()]
            old, new = [], []
            for line in lines[1:] + ["- "]:
                if line.startswith("- ") and new:
                    source = patched(name, source, old, new)
                    old, new = [], []
                if line.startswith("- "):
                    old.append(line[2:].strip())
                elif line.startswith("+ ") or line.strip() == "+":
                    new.append(line[2:].rstrip("\n"))
        else:
            source = "".join(lines)
        sources[name] = source
        yield name, [int(s) for s in steps] or [80, 95], source


def patched(name, source, old, new):
    lines = source.split("\n")
    for k in range(len(lines)):
        if [x.strip() for x in lines[k:k + len(old)]] == old:
            indent = lines[k][:len(lines[k]) - len(lines[k].lstrip())]
            return "\n".join(lines[:k] + [indent + x for x in new if x != "+"] + lines[k + len(old):])
    raise SystemExit("%s: no line %r in its base" % (name, old))


@contextlib.contextmanager
def silence():
    """Keeps what solvers write to the process's output out of the answer."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)


def run(source, step, state):
    module = types.ModuleType("program")
    sys.modules["program"] = module
    lin_utils.ID_COUNTER.count = 1
    np.random.seed(0)
    stdout, out = io.StringIO(), {}
    solves.clear()
    import signal; signal.signal(signal.SIGALRM, lambda *a: (_ for _ in ()).throw(TimeoutError())); signal.alarm(20)
    with silence(), contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(io.StringIO()):
        try:
            if step is None:
                module.__name__ = "__main__"
            exec(compile(source, "program.py", "exec"), module.__dict__)
            if step is not None:
                f = getattr(module, "prosumer", None) or module.Prosumer
                out["returned"] = plain(f(state))
        except BaseException as e:
            text = str(e).strip().split("\n")[0]
            text = re.sub(r" \(program.py, line \d+\)$", "", text)
            text = re.sub(r"(from 'cvxpy\S*') \(.*\)$", r"\1 (unknown location)", text)
            text = re.sub(r"^(maximum recursion depth exceeded) .*", r"\1", text)
            out["error"] = {"class": type(e).__name__, "text": text}
    out["stdout"] = stdout.getvalue()
    out["solves"] = list(solves)
    return out


def at(day, step):
    state = {k: np.array(v, dtype=float) if isinstance(v, list) else v for k, v in day.items()}
    state["current_time"] = step
    return state


def main():
    warnings.simplefilter("ignore")
    with open(sys.argv[1]) as f:
        day = json.load(f)
    answers = []
    for path in sys.argv[2:]:
        for name, steps, source in programs(path):
            called = re.search(r"^def [Pp]rosumer\(", source, re.M)
            for step in steps if called else [None]:
                answers.append({"program": name, "step": step, **run(source, step, at(day, step))})
    print("[\n" + ",\n".join(json.dumps(a) for a in answers) + "\n]")


main()
