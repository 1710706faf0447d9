#!/usr/bin/env python3
"""Writes corpus.json.gz: random small models with what cvxpy finds for them.

    python3 corpus.py [MODELS [EXPRESSIONS [SEED]]] | gzip -9n > corpus.json.gz

Needs cvxpy 1.9.3 with numpy 2 and clarabel. The Go tests read only the result.
A node is [op, argument...]; leaves are ["var", i], ["param", i] and ["const", shape, values].
Values are row-major. Every expression comes with shape, sign, curvature, text and its value at a
point; every model with status, optimum, duals and, when the rules are broken, the parts cvxpy names.
"""
import json, sys, warnings
import numpy as np, cvxpy as cp
from cvxpy.utilities.debug_tools import build_non_disciplined_error_msg
warnings.simplefilter("ignore")
rs = np.random.RandomState(int(sys.argv[3]) if len(sys.argv) > 3 else 20260)
pick = lambda L: L[rs.randint(len(L))]
SHAPES = [(), (3,), (2, 3), (4,), (3, 2), (1,), (3, 1)]

def num(shape, kind=None):
    kind = kind or pick("pnm")
    v = np.round(rs.uniform(0.1, 3, shape), 2)
    if kind == "n": v = -v
    if kind == "m": v = np.round(v * rs.choice([-1, 1], shape), 2)
    return v

class Gen:
    """Grows expressions over a few leaves; self.ast mirrors each cvxpy object."""
    def __init__(s, params):
        s.leaves, s.decl, s.point = [], [], {}
        for i in range(3):
            shape, attr = pick([(), (3,), (3,), (2, 3), (4,)]), pick(["", "", "nonneg", "nonpos"])
            s.leaf("var", shape, attr, i)
        for i in range(2 if params else 0): s.leaf("param", pick([(), (3,), (2, 3)]), pick(["", "nonneg", "nonpos"]), i)
    def leaf(s, kind, shape, attr, i):
        name = ("xyz" if kind == "var" else "pq")[i]
        kw = {attr: True} if attr else {}
        e = (cp.Variable if kind == "var" else cp.Parameter)(shape, name=name, **kw)
        v = num(shape, {"nonneg": "p", "nonpos": "n", "": "m"}[attr])
        if kind == "param": e.value = v
        s.point[name] = np.asarray(v)
        s.decl.append([kind, name, list(shape), attr]); s.leaves.append((e, [kind, i]))
    def const(s, shape, kind=None):
        v = num(shape, kind); return cp.Constant(v), ["const", list(np.shape(v)), np.ravel(v).tolist()]
    def any(s, d):
        if d == 0 or rs.rand() < .15: return pick(s.leaves) if rs.rand() < .8 else s.const(pick(SHAPES))
        for _ in range(40):
            try:
                e, a = getattr(s, "op_" + pick(OPS))(d - 1)
                if e.size and e.size <= 24 and len(e.shape) <= 2: return e, a
            except Exception: pass
        return pick(s.leaves)
    def vec(s, d):
        for _ in range(30):
            e, a = s.any(d)
            if e.shape: return e, a
        return s.leaves[0] if s.leaves[0][0].shape else s.const((3,))
    # affine
    def op_add(s, d): (a, x), (b, y) = s.any(d), s.any(d); return a + b, ["add", x, y]
    def op_sub(s, d): (a, x), (b, y) = s.any(d), s.any(d); return a - b, ["sub", x, y]
    def op_negate(s, d): a, x = s.any(d); return -a, ["negate", x]
    def op_multiply(s, d):
        (a, x), (b, y) = s.any(d), pick([s.const(()), s.const(pick(SHAPES)), s.any(d)])
        if rs.rand() < .5: (a, x), (b, y) = (b, y), (a, x)
        return cp.multiply(a, b), ["multiply", x, y]
    def op_div(s, d):
        (a, x), (b, y) = s.any(d), pick([s.const(()), s.const(pick(SHAPES)), pick(s.leaves)])
        if b.is_constant() and np.any(np.abs(b.value) < 1e-9): raise ValueError
        return a / b, ["div", x, y]
    def op_matmul(s, d):
        (a, x) = s.vec(d); n = a.shape[0]
        if rs.rand() < .5:
            b, y = s.const(pick([(n,), (2, n), (3, n)])); return b @ a, ["matmul", y, x]
        n = a.shape[-1]; b, y = s.const(pick([(n,), (n, 2), (n, 3)])); return a @ b, ["matmul", x, y]
    def op_matmul2(s, d): (a, x), (b, y) = s.vec(d), s.vec(d); return a @ b, ["matmul", x, y]
    def op_sum(s, d): a, x = s.any(d); return cp.sum(a), ["sum", x]
    def op_sumaxis(s, d):
        a, x = s.vec(d); k, keep = int(rs.randint(len(a.shape))), bool(rs.randint(2))
        return cp.sum(a, axis=k, keepdims=keep), ["sumaxis", x, k, keep]
    def op_at(s, d): a, x = s.vec(d); i = int(rs.randint(a.shape[0])); return a[i], ["at", x, i]
    def op_slice(s, d):
        a, x = s.vec(d); lo = int(rs.randint(a.shape[0])); hi = int(rs.randint(lo, a.shape[0])) + 1; st = pick([1, 1, 2])
        return a[lo:hi:st], ["span", x, lo, hi, st]
    def op_column(s, d): a, x = s.vec(d); j = int(rs.randint(a.shape[1])); return a[:, j], ["column", x, j]
    def op_reshape(s, d):
        a, x = s.any(d); n = a.size; o = pick("CF")
        t = pick([(n,), (n, 1), (1, n)] + ([(2, n // 2), (n // 2, 2)] if n % 2 == 0 else []))
        return cp.reshape(a, t, order=o), ["reshape", x, list(t), o]
    def op_vec(s, d): a, x = s.vec(d); o = pick("CF"); return cp.vec(a, order=o), ["reshape", x, [int(a.size)], o]
    def op_T(s, d): a, x = s.vec(d); return a.T, ["T", x]
    def op_hstack(s, d): (a, x), (b, y) = s.any(d), s.any(d); return cp.hstack([a, b]), ["hstack", x, y]
    def op_vstack(s, d): (a, x), (b, y) = s.any(d), s.any(d); return cp.vstack([a, b]), ["vstack", x, y]
    def op_concatenate(s, d):
        (a, x), (b, y) = s.vec(d), s.vec(d); k = int(rs.randint(len(a.shape)))
        return cp.concatenate([a, b], axis=k), ["concatenate", k, x, y]
    def op_cumsum(s, d): a, x = s.vec(d); k = int(rs.randint(len(a.shape))); return cp.cumsum(a, axis=k), ["cumsum", x, k]
    def op_diff(s, d): a, x = s.vec(d); k = int(rs.randint(len(a.shape))); return cp.diff(a, k=1, axis=k), ["diff", x, 1, k]
    def op_kron(s, d): (a, x), (b, y) = s.const((2, 2)), s.vec(d); return (cp.kron(a, b), ["kron", x, y]) if rs.rand() < .5 else (cp.kron(b, a), ["kron", y, x])
    def op_diag(s, d): a, x = s.vec(d); return cp.diag(a), ["diag", x]
    def op_mean(s, d): a, x = s.vec(d); return cp.mean(a), ["mean", x]
    # others
    def op_abs(s, d): a, x = s.any(d); return cp.abs(a), ["abs", x]
    def op_pos(s, d): a, x = s.any(d); return cp.pos(a), ["pos", x]
    def op_neg(s, d): a, x = s.any(d); return cp.neg(a), ["neg", x]
    def op_max(s, d): a, x = s.any(d); return cp.max(a), ["max", x]
    def op_min(s, d): a, x = s.any(d); return cp.min(a), ["min", x]
    def op_maxaxis(s, d): a, x = s.vec(d); k = int(rs.randint(len(a.shape))); return cp.max(a, axis=k), ["maxaxis", x, k]
    def op_maximum(s, d): (a, x), (b, y) = s.any(d), s.any(d); return cp.maximum(a, b), ["maximum", x, y]
    def op_minimum(s, d): (a, x), (b, y) = s.any(d), s.any(d); return cp.minimum(a, b), ["minimum", x, y]
    def op_square(s, d): a, x = s.any(d); assert a.variables(); return cp.square(a), ["power", x, 2.]
    def op_power(s, d): a, x = s.any(d); assert a.variables(); p = pick([2., 3., 4., .5, 1.5, -1., -.5, 1., .25, 1/3, 2.5]); return cp.power(a, p), ["power", x, p]
    def op_norm1(s, d): a, x = s.vec(d); return cp.norm(a, 1) if len(a.shape) == 1 else cp.norm1(a), ["norm1", x]
    def op_norm2(s, d): a, x = s.vec(d); return cp.norm(a, 2) if len(a.shape) == 1 else cp.norm(a, "fro"), ["norm2", x]
    def op_norminf(s, d): a, x = s.vec(d); return cp.norm_inf(a), ["norminf", x]
    def op_normaxis(s, d):
        a, x = s.vec(d); k, p = int(rs.randint(len(a.shape))), pick([1, 2, "inf"])
        return cp.norm(a, p, axis=k), ["normaxis", x, str(p), k]
    def op_sumsquares(s, d): a, x = s.any(d); return cp.sum_squares(a), ["sumsquares", x]
    def op_quadform(s, d):
        a, x = s.vec(d); n = a.size
        if len(a.shape) == 2 and min(a.shape) > 1 or a.is_constant(): raise ValueError
        F = np.round(rs.normal(size=(rs.randint(1, n + 1), n)), 1); P = np.round(F.T @ F, 6) * pick([1, 1, -1])
        return cp.quad_form(a, P), ["quadform", x, ["const", [n, n], P.ravel().tolist()]]
    def op_quadoverlin(s, d): (a, x), (b, y) = s.vec(d), pick([s.const((), "p"), pick(s.leaves), s.any(d)]); assert b.variables() or b.value > 0; return cp.quad_over_lin(a, b), ["quadoverlin", x, y]
    def op_huber(s, d): a, x = s.any(d); m = pick([1., 2., .5]); return cp.huber(a, m), ["huber", x, m]
    def op_sumlargest(s, d): a, x = s.vec(d); k = int(rs.randint(1, a.size + 1)); return cp.sum_largest(a, k), ["sumlargest", x, k]
    def op_sumsmallest(s, d): a, x = s.vec(d); k = int(rs.randint(1, a.size + 1)); return cp.sum_smallest(a, k), ["sumsmallest", x, k]
OPS = [m[3:] for m in dir(Gen) if m.startswith("op_")]
OPS += ["add", "sub", "multiply", "multiply", "matmul", "at", "slice", "sum", "square"]

def at(e, g):
    for l, a in g.leaves: l.save_value(g.point[l.name()])
    try: v = e.value
    except Exception: return None  # cvxpy itself fails on some
    return None if v is None or not np.all(np.isfinite(v)) else np.ravel(np.asarray(v.todense() if hasattr(v, "todense") else v)).tolist()

def expression():
    g = Gen(rs.rand() < .3)
    for _ in range(100):
        e, a = g.any(rs.randint(1, 5))
        if e.args: break
    return dict(leaves=g.decl, point={k: np.ravel(v).tolist() for k, v in g.point.items()}, ast=a, shape=list(e.shape), sign=e.sign, curvature=e.curvature, text=str(e), value=at(e, g))

def model():
    g = Gen(rs.rand() < .25)
    kind = pick(["feasible"] * 5 + ["tight", "tight", "free", "free", "wild", "wild"])
    def grow(ok, d=4):
        while True:
            e, a = g.any(rs.randint(1, d))
            if e.args and e.variables() and ok(e) and at(e, g) is not None: return e, a
    cons, asts = [], []
    def con(c, a): cons.append(c); asts.append(a)
    k = ["const", [], None]
    for l, a in g.leaves:
        if a[0] == "var" and (kind != "free" or rs.rand() < .5): con(l <= 4, ["le", a, ["const", [], [4.]]]); con(l >= -4, ["ge", a, ["const", [], [-4.]]])
    for _ in range(rs.randint(0, 5)):
        t = pick(["convex", "convex", "concave", "eq", "soc"])
        if kind == "wild" and rs.rand() < .4:
            (e, a), (f, b) = g.any(3), g.any(2)
            try: con(e <= f, ["le", a, b])
            except ValueError: pass
            continue
        if t == "convex":
            e, a = grow(lambda e: e.is_convex()); v = np.reshape(at(e, g), e.shape); r = np.round(v + rs.uniform(-1 if kind == "tight" else .05, 1, e.shape), 3)
            con(e <= r, ["le", a, ["const", list(e.shape), np.ravel(r).tolist()]])
        elif t == "concave":
            e, a = grow(lambda e: e.is_concave()); v = np.reshape(at(e, g), e.shape); r = np.round(v - rs.uniform(.05, 1, e.shape), 3)
            con(e >= r, ["ge", a, ["const", list(e.shape), np.ravel(r).tolist()]])
        elif t == "eq":
            e, a = grow(lambda e: e.is_affine() and e.size <= 3); r = np.reshape(at(e, g), e.shape)
            con(e == r, ["eq", a, ["const", list(e.shape), np.ravel(r).tolist()]])
        else:
            e, a = grow(lambda e: e.is_affine() and len(e.shape) == 1); r = float(np.round(np.linalg.norm(at(e, g)) + rs.uniform(.1, 1), 3))
            con(cp.SOC(cp.Constant(r), e), ["soc", ["const", [], [r]], a])
    if rs.rand() < .7: e, a = grow(lambda e: e.is_convex() and e.size == 1 or kind == "wild" and rs.rand() < .3); obj, goal = cp.Minimize, "minimize"
    else: e, a = grow(lambda e: e.is_concave() and e.size == 1); obj, goal = cp.Maximize, "maximize"
    if e.size != 1: e, a = cp.sum(e), ["sum", a]
    p = cp.Problem(obj(e), cons)
    out = dict(leaves=g.decl, point={k: np.ravel(v).tolist() for k, v in g.point.items()}, goal=goal, objective=a, constraints=asts,
               texts=[str(c) for c in cons], dcp=p.is_dcp())
    if not p.is_dcp():
        out["error"] = build_non_disciplined_error_msg(p, "DCP"); return out
    for l, a in g.leaves: l.save_value(g.point[l.name()]) if a[0] == "param" else l.save_value(None)
    try: p.solve(solver="CLARABEL", tol_gap_abs=1e-9, tol_gap_rel=1e-9, tol_feas=1e-9)
    except Exception: return None  # cvxpy itself fails on some
    if p.status not in ("optimal", "infeasible", "unbounded"): return None
    out.update(status=p.status, value=None if p.status != "optimal" else float(p.value))
    return out

def main():
    M = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    E = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    ms = []
    while len(ms) < M:
        m = model()
        try: ok = m and len(json.dumps(m, allow_nan=False)) < 6000
        except ValueError: ok = False
        if ok: ms.append(m)
    json.dump(dict(cvxpy=cp.__version__, models=ms, expressions=[expression() for _ in range(E)]), sys.stdout, separators=(",", ":"))
main()
