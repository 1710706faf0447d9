import cvxpy as cp
import numpy as np


def prosumer(state):
    T = 96
    delta_t = 0.25
    current_time = int(state["current_time"])
    time_slot = T - current_time
    lambda_B = np.asarray(state["lambda_(t)_(B)"])[current_time:]
    lambda_S = np.asarray(state["lambda_(t)_(S)"])[current_time:]
    P_Load = np.asarray(state["P_(t)_(Load)"])[current_time:]
    Q_Load = np.asarray(state["Q_(t)_(Load)"])[current_time:]
    constraints = []
    cost = 0
    P_supply = -P_Load
    Q_supply = -Q_Load

    # conventional generator
    P_CDG = cp.Variable(time_slot, name="P_CDG")
    P_CDG_before = cp.hstack([state["P_(0)_(CDG)"], P_CDG[:-1]])
    constraints += [P_CDG >= 0, P_CDG <= 200]
    constraints += [P_CDG - P_CDG_before <= 20, P_CDG_before - P_CDG <= 20]
    cost += (0.001 * cp.sum_squares(P_CDG) + 0.55 * cp.sum(P_CDG)) * delta_t
    P_supply = P_supply + P_CDG

    # wind
    P_WT = cp.Variable(time_slot, nonneg=True, name="P_WT")
    Q_WT = cp.Variable(time_slot, name="Q_WT")
    Q_WT_max = np.asarray(state["Q_(t,max)_(WT)"])[current_time:]
    constraints += [P_WT <= np.asarray(state["P_(t,max)_(WT)"])[current_time:]]
    constraints += [cp.norm(cp.vstack([P_WT, Q_WT]), axis=0) <= 440]
    constraints += [Q_WT <= Q_WT_max, Q_WT >= -Q_WT_max]
    cost += 1e-06 * cp.sum_squares(Q_WT) * delta_t
    P_supply = P_supply + P_WT
    Q_supply = Q_supply + Q_WT

    # controllable load
    P_CL = cp.Variable(time_slot, nonneg=True, name="P_CL")
    constraints += [P_CL <= 0.2 * P_Load]
    cost += 0.85 * cp.sum(P_CL) * delta_t
    P_supply = P_supply + P_CL

    # balance
    P_buy = cp.Variable(time_slot, nonneg=True, name="P_buy")
    P_sell = cp.Variable(time_slot, nonneg=True, name="P_sell")
    cost += (lambda_B @ P_buy - lambda_S @ P_sell) * delta_t
    P_P2P = cp.Variable(time_slot, name="P_P2P")
    cost += state["lambda_(DSO)"] * cp.sum(cp.abs(P_P2P)) * delta_t
    P_EX = -(P_buy - P_sell) - P_P2P
    Q_EX = Q_supply
    constraints += [P_supply == P_EX]

    action = {"P_CDG": P_CDG, "P_WT": P_WT, "Q_WT": Q_WT, "P_CL": P_CL}
    return action, cost, constraints, P_EX, Q_EX, P_P2P
