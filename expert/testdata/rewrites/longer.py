import cvxpy as cp
import numpy as np


def prosumer(state):
    # Energy in kWh with one entry more than there are steps, bounds in Variable.
    first = state["current_time"]
    horizon = 96 - first
    get = lambda key: np.asarray(state[key])[first:]
    P_WT = cp.Variable(horizon, bounds=[0, get("P_(t,max)_(WT)")])
    P_PV = cp.Variable(horizon, bounds=[0, get("P_(t,max)_(PV)")])
    Q_WT = cp.Variable(horizon, bounds=[-get("Q_(t,max)_(WT)"), get("Q_(t,max)_(WT)")])
    Q_PV = cp.Variable(horizon, bounds=[-get("Q_(t,max)_(PV)"), get("Q_(t,max)_(PV)")])
    P_in = cp.Variable(horizon, bounds=[0, 200])
    P_out = cp.Variable(horizon, bounds=[0, 200])
    E = cp.Variable(horizon + 1)
    P_CL = cp.Variable(horizon, bounds=[0, 0.2 * get("P_(t)_(Load)")])
    P_Grid = cp.Variable(horizon)
    P_P2P = cp.Variable(horizon)
    slack = cp.Variable(horizon, nonneg=True)
    P_EX = P_WT + P_PV + P_CL + P_out - P_in - get("P_(t)_(Load)")
    constraints = [
        E[0] == 600 * state["SOC_(0)"],
        cp.diff(E) == 0.25 * (0.95 * P_in - P_out / 0.95),
        E[1:] >= 0.1 * 600,
        E[1:] <= 0.9 * 600,
        P_EX + P_Grid + P_P2P == 0,
        cp.norm(cp.vstack([P_WT, Q_WT]), axis=0) <= 264,
        cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 308,
    ]
    morning = np.where((np.arange(first, 96) >= 20) & (np.arange(first, 96) < 28), 1.0, 0.0)
    constraints += [E[1:] / 600 >= 0.4 * morning - slack]
    # Selling earns less than buying costs, so the bill is convex.
    spread = get("lambda_(t)_(B)") - get("lambda_(t)_(S)")
    bill = 0.25 * (get("lambda_(t)_(B)") @ P_Grid + cp.sum(cp.multiply(spread, cp.neg(P_Grid))))
    cost = bill
    cost += 0.25 * (0.02 * cp.sum(P_in) + 0.02 * cp.sum(P_out) + 0.7 * cp.sum(P_CL))
    cost += 0.25e-6 * (cp.sum_squares(Q_WT) + cp.sum_squares(Q_PV))
    cost += 0.25 * state["lambda_(DSO)"] * cp.sum(cp.pos(P_P2P) + cp.neg(P_P2P))
    cost += state["lambda_(E)"] * (E[0] - E[horizon]) + 1000 * cp.sum(slack)
    action = {"P_WT": P_WT, "Q_WT": Q_WT, "P_PV": P_PV, "Q_PV": Q_PV, "P_BESS": P_in - P_out, "P_CL": P_CL}
    return action, cost, constraints, P_EX, Q_WT + Q_PV - get("Q_(t)_(Load)"), P_P2P
