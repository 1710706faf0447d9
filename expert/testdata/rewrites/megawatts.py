import cvxpy as cp
import numpy as np


def prosumer(state):
    # A model in MW, MWh and thousands of money inside.
    t = state["current_time"]
    n = 96 - t
    load = np.asarray(state["P_(t)_(Load)"])[t:] / 1e3
    pv, q = cp.Variable(n, nonneg=True), cp.Variable(n)
    up, down = cp.Variable(n, nonneg=True), cp.Variable(n, nonneg=True)
    soc = cp.Variable(n + 1)
    cl, buy, sell = (cp.Variable(n, nonneg=True) for _ in range(3))
    p2p = cp.Variable(n)
    limit = np.asarray(state["Q_(t,max)_(PV)"])[t:] / 1e3
    rows = [soc[0] == state["SOC_(0)"], soc[1:] == soc[:n] + (0.95 * up - down / 0.95) * 0.25 / 0.6]
    rows += [soc[1:] >= 0.1, soc[1:] <= 0.9, up <= 0.2, down <= 0.2]
    rows += [pv <= np.asarray(state["P_(t,max)_(PV)"])[t:] / 1e3, q <= limit, q >= -limit]
    rows += [cp.norm(cp.vstack([pv, q]), axis=0) <= 0.352, cl <= 0.2 * load]
    rows += [pv + down + cl + buy + p2p == load + up + sell]
    cost = 0.25 * (np.asarray(state["lambda_(t)_(B)"])[t:] @ buy - np.asarray(state["lambda_(t)_(S)"])[t:] @ sell)
    cost += 0.25 * (0.02 * cp.sum(up + down) + 0.65 * cp.sum(cl) + state["lambda_(DSO)"] * cp.norm1(p2p))
    cost += 0.25 * 1e-3 * cp.sum_squares(q)
    cost -= state["lambda_(E)"] * 0.6 * (soc[n] - soc[0])
    evening = [i for i in range(n) if 18 <= (t + i) * 0.25 < 22]
    if len(evening) > 0:
        missing = cp.Variable(len(evening), nonneg=True)
        rows.append(soc[1:][evening] + missing >= 0.5)
        cost += cp.sum(missing)
    kilo = 1000
    action = {"P_PV": kilo * pv, "Q_PV": kilo * q, "P_BESS": kilo * (up - down), "P_CL": kilo * cl}
    q_ex = kilo * q - np.asarray(state["Q_(t)_(Load)"])[t:]
    return action, kilo * cost, rows, kilo * (sell - buy - p2p), q_ex, kilo * p2p
