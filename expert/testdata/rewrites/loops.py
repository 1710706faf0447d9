import cvxpy as cp
import numpy as np


def prosumer(state):
    # One step after the other.
    T = 96
    delta_t = 0.25
    t0 = state["current_time"]
    n = T - t0
    buy, sell = state["lambda_(t)_(B)"][t0:], state["lambda_(t)_(S)"][t0:]
    load, load_q = state["P_(t)_(Load)"][t0:], state["Q_(t)_(Load)"][t0:]

    P_CDG = cp.Variable(n)
    P_WT, Q_WT = cp.Variable(n), cp.Variable(n)
    P_PV, Q_PV = cp.Variable(n), cp.Variable(n)
    charge, discharge, SOC = cp.Variable(n), cp.Variable(n), cp.Variable(n)
    P_CL = cp.Variable(n)
    P_buy, P_sell = cp.Variable(n), cp.Variable(n)
    p2p_buy, p2p_sell = cp.Variable(n), cp.Variable(n)
    slack = cp.Variable(n)

    constraints = []
    cost = 0
    for t in range(n):
        constraints.append(0 <= P_CDG[t])
        constraints.append(P_CDG[t] <= 200)
        before = state["P_(0)_(CDG)"] if t == 0 else P_CDG[t - 1]
        constraints.append(cp.abs(P_CDG[t] - before) <= 20)
        cost += (0.001 * P_CDG[t] ** 2 + 0.65 * P_CDG[t]) * delta_t

        for P, Q, name, S in ((P_WT, Q_WT, "WT", 352), (P_PV, Q_PV, "PV", 528)):
            constraints.append(P[t] >= 0)
            constraints.append(P[t] <= state[f"P_(t,max)_({name})"][t0 + t])
            constraints.append(cp.square(P[t]) + cp.square(Q[t]) <= S ** 2)
            constraints.append(cp.abs(Q[t]) <= state[f"Q_(t,max)_({name})"][t0 + t])
            cost += 1e-6 * cp.square(Q[t]) * delta_t

        constraints += [charge[t] >= 0, charge[t] <= 200, discharge[t] >= 0, discharge[t] <= 200]
        last = state["SOC_(0)"] if t == 0 else SOC[t - 1]
        constraints.append(SOC[t] == last + 0.95 * charge[t] * delta_t / 600 - discharge[t] * delta_t / (0.95 * 600))
        constraints += [SOC[t] >= 0.1, SOC[t] <= 0.9]
        cost += 0.02 * (charge[t] + discharge[t]) * delta_t

        constraints += [P_CL[t] >= 0, P_CL[t] <= 0.2 * load[t]]
        cost += 0.75 * P_CL[t] * delta_t

        constraints += [P_buy[t] >= 0, P_sell[t] >= 0, p2p_buy[t] >= 0, p2p_sell[t] >= 0]
        cost += (buy[t] * P_buy[t] - sell[t] * P_sell[t]) * delta_t
        cost += state["lambda_(DSO)"] * (p2p_buy[t] + p2p_sell[t]) * delta_t
        constraints.append(
            P_CDG[t] + P_WT[t] + P_PV[t] + P_CL[t] + discharge[t] + P_buy[t] + p2p_buy[t]
            == load[t] + charge[t] + P_sell[t] + p2p_sell[t]
        )
        constraints += [slack[t] >= 0, SOC[t] >= 0.3 - slack[t]]
        cost += 1000 * slack[t]
    cost -= state["lambda_(E)"] * 600 * (SOC[n - 1] - state["SOC_(0)"])

    P_P2P = p2p_buy - p2p_sell
    P_EX = -(P_buy - P_sell) - P_P2P
    Q_EX = Q_WT + Q_PV - load_q
    actions = {
        "P_CDG": P_CDG, "P_WT": P_WT, "Q_WT": Q_WT, "P_PV": P_PV, "Q_PV": Q_PV,
        "P_BESS": charge - discharge, "P_CL": P_CL,
    }
    return actions, cost, constraints, P_EX, Q_EX, P_P2P
