import cvxpy as cp
import numpy as np


def Prosumer(state):
    # Free powers, absolute values and lambdas.
    k = int(state["current_time"])
    n = 96 - k
    cut = lambda key: np.asarray(state[key], dtype=float)[k:]
    g, pv, q, up, down, soc, cl, grid, p2p = (cp.Variable(n) for _ in range(9))
    b = up - down
    soc_before = cp.hstack([np.array([state["SOC_(0)"]]), soc[: n - 1]])
    g_before = cp.hstack([np.array([state["P_(0)_(CDG)"]]), g[: n - 1]])
    rate = (0.95 * b - (1 / 0.95 - 0.95) * down) * 0.25 / 600
    constraints = [
        g >= 0, g <= 200, cp.abs(g - g_before) <= 20,
        pv >= 0, pv <= cut("P_(t,max)_(PV)"), cp.abs(q) <= cut("Q_(t,max)_(PV)"),
        cp.norm(cp.vstack([pv, q]), 2, axis=0) <= 440,
        up >= 0, up <= 200, down >= 0, down <= 200, soc >= 0.1, soc <= 0.9, soc - soc_before == rate,
        cl >= 0, cl <= 0.2 * cut("P_(t)_(Load)"),
        g + pv + cl - b + grid + p2p == cut("P_(t)_(Load)"),
    ]
    cost = 0.25 * (
        0.001 * cp.sum_squares(g) + 0.6 * cp.sum(g) + 1e-6 * cp.sum_squares(q)
        + 0.02 * (cp.norm1(up) + cp.norm1(down)) + 0.75 * cp.sum(cl)
        + cp.sum(cp.multiply(cut("lambda_(t)_(S)"), grid))
        + cp.sum(cp.multiply(cut("lambda_(t)_(B)") - cut("lambda_(t)_(S)"), cp.pos(grid)))
        + state["lambda_(DSO)"] * cp.norm1(p2p)
    ) - state["lambda_(E)"] * 600 * (soc[-1] - state["SOC_(0)"])
    quiet = np.array([80 <= t < 88 for t in range(k, 96)], dtype=float)
    cost += 1000 * cp.sum(cp.multiply(quiet, cp.pos(g - 50)))
    action = {"P_CDG": g, "P_PV": pv, "Q_PV": q, "P_BESS": b, "P_CL": cl}
    return action, cost, constraints, -grid - p2p, q - cut("Q_(t)_(Load)"), p2p
