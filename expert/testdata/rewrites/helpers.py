import cvxpy as cp
import numpy as np


def generator(n, before):
    p = cp.Variable(n, name="P_CDG")
    change = p - cp.hstack([before, p[:-1]])
    return p, (0.001 * cp.sum_squares(p) + 0.65 * cp.sum(p)) * 0.25, [p >= 0, p <= 200, change <= 20, change >= -20]


def unit(n, available, limit, rating):
    p, q = cp.Variable(n), cp.Variable(n)
    rows = [p >= 0, p <= available, q <= limit, q >= -limit]
    rows += [cp.SOC(rating * np.ones(n), cp.vstack([p, q]), axis=0)]
    return p, q, 1e-6 * cp.sum_squares(q) * 0.25, rows


def battery(n, start, worth):
    charge, discharge = cp.Variable(n, nonneg=True), cp.Variable(n, nonneg=True)
    energy = cp.Variable(n)  # kWh
    rows = [charge <= 200, discharge <= 200, energy >= 60, energy <= 540]
    rows += [energy == cp.hstack([600 * start, energy[:-1]]) + 0.25 * (0.95 * charge - discharge / 0.95)]
    cost = 0.02 * cp.sum(charge + discharge) * 0.25 - worth * (energy[-1] - 600 * start)
    return charge - discharge, energy / 600, cost, rows


def trade(n, buy, sell, fee):
    grid_buy, grid_sell, peers = cp.Variable(n, nonneg=True), cp.Variable(n, nonneg=True), cp.Variable(n)
    cost = 0.25 * (buy @ grid_buy - sell @ grid_sell + fee * cp.norm(peers, 1))
    return grid_buy - grid_sell, peers, cost, []


def prosumer(state):
    t = state["current_time"]
    n = 96 - t
    day = {key: np.asarray(value)[t:] for key, value in state.items() if "(t" in key}
    cdg, c1, r1 = generator(n, state["P_(0)_(CDG)"])
    wt, q_wt, c2, r2 = unit(n, day["P_(t,max)_(WT)"], day["Q_(t,max)_(WT)"], 352)
    pv, q_pv, c3, r3 = unit(n, day["P_(t,max)_(PV)"], day["Q_(t,max)_(PV)"], 528)
    bess, soc, c4, r4 = battery(n, state["SOC_(0)"], state["lambda_(E)"])
    grid, p2p, c5, r5 = trade(n, day["lambda_(t)_(B)"], day["lambda_(t)_(S)"], state["lambda_(DSO)"])
    cl = cp.Variable(n, nonneg=True)
    load = day["P_(t)_(Load)"]
    p_ex = cdg + wt + pv + cl - load - bess
    slack = cp.Variable(n, nonneg=True)
    rows = r1 + r2 + r3 + r4 + r5 + [cl <= 0.2 * load, p_ex == -grid - p2p, soc + slack >= 0.3]
    cost = sum([c1, c2, c3, c4, c5]) + 0.75 * cp.sum(cl) * 0.25 + 1000 * cp.sum(slack)
    actions = dict(P_CDG=cdg, P_WT=wt, Q_WT=q_wt, P_PV=pv, Q_PV=q_pv, P_BESS=bess, P_CL=cl)
    return actions, cost, rows, p_ex, q_wt + q_pv - day["Q_(t)_(Load)"], p2p
