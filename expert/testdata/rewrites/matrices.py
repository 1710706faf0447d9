import cvxpy as cp
import numpy as np


def prosumer(state):
    # Everything in matrices: one row of x for each quantity.
    t = state["current_time"]
    n = 96 - t
    WT, PV, Q_WT, Q_PV, CH, DIS, CL, BUY, SELL = range(9)
    x = cp.Variable((9, n))
    p2p = cp.Variable(n)
    load = state["P_(t)_(Load)"][t:]
    upper = np.vstack([
        state["P_(t,max)_(WT)"][t:], state["P_(t,max)_(PV)"][t:], state["Q_(t,max)_(WT)"][t:], state["Q_(t,max)_(PV)"][t:],
        np.full(n, 200), np.full(n, 200), 0.2 * load,
    ])
    lower = np.vstack([np.zeros(n), np.zeros(n), -upper[Q_WT], -upper[Q_PV], np.zeros(n), np.zeros(n), np.zeros(n)])
    L = np.tril(np.ones((n, n))) * 0.25 / 600
    soc = state["SOC_(0)"] + L @ (0.95 * x[CH] - x[DIS] / 0.95)
    supply = x[WT] + x[PV] + x[CL] + x[DIS] - x[CH]
    constraints = [
        x[:7] <= upper, x[:7] >= lower, x[BUY] >= 0, x[SELL] >= 0,
        cp.norm(x[[WT, Q_WT]], 2, axis=0) <= 264,
        cp.norm(x[[PV, Q_PV]], 2, axis=0) <= 308,
        soc >= 0.1, soc <= 0.9,
        supply + x[BUY] - x[SELL] + p2p == load,
    ]
    prices = np.zeros((9, n))
    prices[CH], prices[DIS], prices[CL] = 0.02, 0.02, 0.7
    prices[BUY], prices[SELL] = state["lambda_(t)_(B)"][t:], -state["lambda_(t)_(S)"][t:]
    cost = cp.sum(cp.multiply(prices, x)) * 0.25 + 1e-6 * (cp.sum_squares(x[Q_WT]) + cp.sum_squares(x[Q_PV])) * 0.25
    cost += state["lambda_(DSO)"] * cp.sum(cp.abs(p2p)) * 0.25 - state["lambda_(E)"] * 600 * (soc[-1] - state["SOC_(0)"])
    wished = np.arange(max(20, t), 28) - t
    if wished.size > 0:
        cost += 1000 * cp.sum(cp.maximum(0.4 - soc[wished], 0))
    action = {"P_WT": x[WT], "Q_WT": x[Q_WT], "P_PV": x[PV], "Q_PV": x[Q_PV], "P_BESS": x[CH] - x[DIS], "P_CL": x[CL]}
    return action, cost, constraints, x[SELL] - x[BUY] - p2p, x[Q_WT] + x[Q_PV] - state["Q_(t)_(Load)"][t:], p2p
