import cvxpy as cp
import numpy as np


def prosumer(state):
    # Trade as what is left over: no variable for the grid at all.
    T, dt = 96, 0.25
    c = state["current_time"]
    N = T - c
    sl = slice(c, T)
    P_CDG = cp.Variable(N)
    P_WT = cp.Variable(N)
    Q_WT = cp.Variable(N)
    P_CL = cp.Variable(N)
    P_P2P = cp.Variable(N)
    cons = []
    cons += [P_CDG >= np.zeros(N), P_CDG <= 200 * np.ones(N)]
    D = np.eye(N) - np.eye(N, k=-1)
    start = np.zeros(N)
    start[0] = state["P_(0)_(CDG)"]
    cons += [cp.norm(D @ P_CDG - start, "inf") <= 20]
    cons += [P_WT >= 0, state["P_(t,max)_(WT)"][sl] - P_WT >= 0]
    cons += [cp.abs(Q_WT) <= state["Q_(t,max)_(WT)"][sl]]
    cons += [cp.power(P_WT, 2) + cp.power(Q_WT, 2) <= 440 ** 2]
    cons += [P_CL >= 0, P_CL <= 0.2 * state["P_(t)_(Load)"][sl]]
    P_EX = P_CDG + P_WT + P_CL - state["P_(t)_(Load)"][sl]
    P_Grid = -P_EX - P_P2P
    lb, ls = state["lambda_(t)_(B)"][sl], state["lambda_(t)_(S)"][sl]
    C_grid = cp.sum(cp.multiply(ls, P_Grid) + cp.multiply(lb - ls, cp.pos(P_Grid)))
    C_cdg = 0.001 * cp.sum(cp.square(P_CDG)) + 0.55 * cp.sum(P_CDG)
    C_cl = 0.85 * cp.sum(P_CL)
    C_fee = state["lambda_(DSO)"] * cp.sum(cp.abs(P_P2P))
    C_q = 1e-6 * cp.sum(cp.square(Q_WT))
    objective = dt * (C_grid + C_cdg + C_cl + C_fee + C_q)
    shift = [i for i, t in enumerate(range(c, T)) if 6 <= t / 4 < 14]
    if shift:
        objective = objective + 1000 * cp.sum(cp.pos(P_CL[shift] - 12.8))
    return {"P_CDG": P_CDG, "P_WT": P_WT, "Q_WT": Q_WT, "P_CL": P_CL}, objective, cons, P_EX, Q_WT - state["Q_(t)_(Load)"][sl], P_P2P
