import cvxpy as cp
import numpy as np


def prosumer(state):
    # Every cost is a variable above its pieces.
    t = state["current_time"]
    n = 96 - t
    load = np.asarray(state["P_(t)_(Load)"])[t:]
    lb = np.asarray(state["lambda_(t)_(B)"])[t:]
    ls = np.asarray(state["lambda_(t)_(S)"])[t:]
    P_CDG = cp.Variable(n)
    P_PV = cp.Variable(n)
    Q_PV = cp.Variable(n)
    P_ch = cp.Variable(n)
    P_dis = cp.Variable(n)
    E = cp.Variable(n)
    P_CL = cp.Variable(n)
    P_Grid = cp.Variable(n)
    P_P2P = cp.Variable(n)
    bill = cp.Variable(n)
    fee = cp.Variable(n)
    fuel = cp.Variable()
    z = cp.Variable(n)
    constraints = [
        P_CDG >= 0, P_CDG <= 200, fuel >= 0.001 * cp.sum_squares(P_CDG) + 0.6 * cp.sum(P_CDG),
        P_CDG - cp.hstack([state["P_(0)_(CDG)"], P_CDG[:-1]]) <= 20,
        P_CDG - cp.hstack([state["P_(0)_(CDG)"], P_CDG[:-1]]) >= -20,
        P_PV >= 0, P_PV <= np.asarray(state["P_(t,max)_(PV)"])[t:],
        Q_PV <= np.asarray(state["Q_(t,max)_(PV)"])[t:], Q_PV >= -np.asarray(state["Q_(t,max)_(PV)"])[t:],
        cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 440,
        P_ch >= 0, P_ch <= 200, P_dis >= 0, P_dis <= 200, E >= 60, E <= 540,
        E == 600 * state["SOC_(0)"] + cp.cumsum(0.95 * P_ch - P_dis / 0.95) * 0.25,
        P_CL >= 0, P_CL <= 0.2 * load,
        P_CDG + P_PV + P_dis + P_CL + P_Grid + P_P2P == load + P_ch,
        bill >= cp.multiply(lb, P_Grid), bill >= cp.multiply(ls, P_Grid),
        fee >= state["lambda_(DSO)"] * P_P2P, fee >= -state["lambda_(DSO)"] * P_P2P,
        z >= 0,
    ]
    wanted = np.full(n, 200.0)
    for hour in (20, 21):
        for quarter in range(4):
            k = 4 * hour + quarter - t
            if k >= 0:
                wanted[k] = 50
    constraints.append(P_CDG <= wanted + z)
    cost = 0.25 * (cp.sum(bill) + cp.sum(fee) + fuel + 0.02 * cp.sum(P_ch + P_dis) + 0.75 * cp.sum(P_CL) + 1e-6 * cp.sum_squares(Q_PV))
    cost += 1000 * cp.sum(z) - state["lambda_(E)"] * (E[-1] - 600 * state["SOC_(0)"])
    actions = {"P_CDG": P_CDG, "P_PV": P_PV, "Q_PV": Q_PV, "P_BESS": P_ch - P_dis, "P_CL": P_CL}
    return actions, cost, constraints, -P_Grid - P_P2P, Q_PV - np.asarray(state["Q_(t)_(Load)"])[t:], P_P2P
