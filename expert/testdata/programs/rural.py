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

    # wind
    P_WT = cp.Variable(time_slot, nonneg=True, name="P_WT")
    Q_WT = cp.Variable(time_slot, name="Q_WT")
    Q_WT_max = np.asarray(state["Q_(t,max)_(WT)"])[current_time:]
    constraints += [P_WT <= np.asarray(state["P_(t,max)_(WT)"])[current_time:]]
    constraints += [cp.norm(cp.vstack([P_WT, Q_WT]), axis=0) <= 264]
    constraints += [Q_WT <= Q_WT_max, Q_WT >= -Q_WT_max]
    cost += 1e-06 * cp.sum_squares(Q_WT) * delta_t
    P_supply = P_supply + P_WT
    Q_supply = Q_supply + Q_WT

    # pv
    P_PV = cp.Variable(time_slot, nonneg=True, name="P_PV")
    Q_PV = cp.Variable(time_slot, name="Q_PV")
    Q_PV_max = np.asarray(state["Q_(t,max)_(PV)"])[current_time:]
    constraints += [P_PV <= np.asarray(state["P_(t,max)_(PV)"])[current_time:]]
    constraints += [cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 308]
    constraints += [Q_PV <= Q_PV_max, Q_PV >= -Q_PV_max]
    cost += 1e-06 * cp.sum_squares(Q_PV) * delta_t
    P_supply = P_supply + P_PV
    Q_supply = Q_supply + Q_PV

    # battery
    P_ch = cp.Variable(time_slot, nonneg=True, name="P_ch")
    P_dis = cp.Variable(time_slot, nonneg=True, name="P_dis")
    P_BESS = P_ch - P_dis
    SOC = cp.Variable(time_slot, name="SOC")
    SOC_before = cp.hstack([state["SOC_(0)"], SOC[:-1]])
    constraints += [P_ch <= 200, P_dis <= -(-200)]
    constraints += [SOC >= 0.1, SOC <= 0.9]
    constraints += [SOC == SOC_before + (0.95 * P_ch - P_dis / 0.95) * delta_t / 600]
    cost += 0.02 * cp.sum(P_ch + P_dis) * delta_t
    cost -= state["lambda_(E)"] * 600 * (SOC[-1] - state["SOC_(0)"])
    P_supply = P_supply - P_BESS

    # controllable load
    P_CL = cp.Variable(time_slot, nonneg=True, name="P_CL")
    constraints += [P_CL <= 0.2 * P_Load]
    cost += 0.7 * cp.sum(P_CL) * delta_t
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

    action = {"P_WT": P_WT, "Q_WT": Q_WT, "P_PV": P_PV, "Q_PV": Q_PV, "P_BESS": P_BESS, "P_CL": P_CL}
    return action, cost, constraints, P_EX, Q_EX, P_P2P
