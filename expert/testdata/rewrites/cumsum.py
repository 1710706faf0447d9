import numpy as np
import cvxpy as cp

ETA, CAPACITY, DT = 0.95, 600, 0.25


def prosumer(state):
    # The state of charge as a running sum, no variable of its own.
    now = state["current_time"]
    H = 96 - now

    def ahead(key):
        return np.array(state[key])[now:]

    pv = cp.Variable(H, nonneg=True)
    q = cp.Variable(H)
    ch = cp.Variable(H, nonneg=True)
    dis = cp.Variable(H, nonneg=True)
    shed = cp.Variable(H, nonneg=True)
    grid = cp.Variable(H)
    p2p = cp.Variable(H)

    soc = state["SOC_(0)"] + cp.cumsum(ETA * ch - dis / ETA) * DT / CAPACITY
    cons = [
        pv <= ahead("P_(t,max)_(PV)"),
        cp.abs(q) <= ahead("Q_(t,max)_(PV)"),
        cp.square(pv) + cp.square(q) <= 352 ** 2,
        ch <= 200, dis <= 200, soc >= 0.1, soc <= 0.9,
        shed <= 0.2 * ahead("P_(t)_(Load)"),
    ]
    p_ex = pv + dis + shed - ch - ahead("P_(t)_(Load)")
    cons.append(grid + p2p + p_ex == 0)
    buy, sell = ahead("lambda_(t)_(B)"), ahead("lambda_(t)_(S)")
    bill = cp.sum(cp.maximum(cp.multiply(buy, grid), cp.multiply(sell, grid)))
    wear = 0.02 * cp.sum(ch + dis)
    cost = (bill + wear + 0.65 * cp.sum(shed) + 1e-6 * cp.sum_squares(q) + state["lambda_(DSO)"] * cp.norm1(p2p)) * DT
    cost = cost - state["lambda_(E)"] * CAPACITY * (soc[H - 1] - state["SOC_(0)"])

    # Half full from 18:00 to 22:00.
    for k in range(72, 88):
        if k >= now:
            cost = cost + 1000 * cp.pos(0.5 - soc[k - now])
    return {"P_PV": pv, "Q_PV": q, "P_BESS": ch - dis, "P_CL": shed}, cost, cons, p_ex, q - ahead("Q_(t)_(Load)"), p2p
