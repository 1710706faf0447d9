import cvxpy as cp
import numpy as np


class Model:
    """Collects costs and rows."""

    def __init__(self, state):
        self.state = state
        self.start = state["current_time"]
        self.n = 96 - self.start
        self.cost = 0.0
        self.rows = []

    def series(self, key: str) -> np.ndarray:
        return np.asarray(self.state[key])[self.start:]

    def variable(self, name: str) -> cp.Variable:
        return cp.Variable(self.n, name=name)

    def between(self, x, low, high):
        self.rows.extend([x >= low, x <= high])

    def pay(self, cost):
        self.cost = self.cost + cost * 0.25


def prosumer(state):
    m = Model(state)
    g = m.variable("P_CDG")
    m.between(g, 0, 200)
    m.between(g[0], state["P_(0)_(CDG)"] - 20, state["P_(0)_(CDG)"] + 20)
    if m.n > 1:
        m.between(cp.diff(g), -20, 20)
    m.pay(0.001 * cp.quad_form(g, np.eye(m.n)) + 0.55 * cp.sum(g))

    wt, q = m.variable("P_WT"), m.variable("Q_WT")
    m.between(wt, 0, m.series("P_(t,max)_(WT)"))
    m.between(q, -m.series("Q_(t,max)_(WT)"), m.series("Q_(t,max)_(WT)"))
    for t in range(m.n):
        m.rows.append(cp.norm(cp.hstack([wt[t], q[t]])) <= 440)
    m.pay(1e-6 * cp.sum_squares(q))

    load = m.series("P_(t)_(Load)")
    cl = m.variable("P_CL")
    m.between(cl, 0, 0.2 * load)
    m.pay(0.85 * cp.sum(cl))

    buy, sell, p2p = m.variable("buy"), m.variable("sell"), m.variable("P_P2P")
    m.rows += [buy >= 0, sell >= 0, g + wt + cl + buy + p2p == load + sell]
    m.pay(cp.sum(cp.multiply(buy, m.series("lambda_(t)_(B)"))) - cp.sum(cp.multiply(sell, m.series("lambda_(t)_(S)"))))
    m.pay(state["lambda_(DSO)"] * cp.norm(p2p, 1))

    for t in range(24, 56):
        k = t - m.start
        if k < 0:
            continue
        s = cp.Variable(nonneg=True)
        m.rows.append(cl[k] <= 12.8 + s)
        m.cost = m.cost + 1000 * s
    return {"P_CDG": g, "P_WT": wt, "Q_WT": q, "P_CL": cl}, m.cost, m.rows, sell - buy - p2p, q - m.series("Q_(t)_(Load)"), p2p
