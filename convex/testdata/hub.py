#!/usr/bin/env python3
"""Prints the optimum of the energy hub's day of hub_test.go, by cvxpy 1.9.3 and Clarabel, with the
inverter's limit in norm form (its squares in kW are what Clarabel does not survive)."""
import cvxpy as cp, numpy as np, sys
T, dt = 96, 0.25
h = np.arange(T) * dt
buy = np.where((h >= 23) | (h < 7), 0.43, np.where(((h >= 8.5) & (h < 11.5)) | ((h >= 16) & (h < 21)), 1.17, 0.80))
sell, fee = 0.35, 0.02
load = 200 + 80 * np.sin((h - 9) / 24 * 2 * np.pi) + 10 * np.sin(7 * h)
sun = 350 * np.maximum(0, np.sin((h - 6) / 12 * np.pi)) * (0.8 + 0.2 * np.cos(5 * h))
wind = 120 + 100 * np.sin(h / 3) * np.cos(h / 11)
qload = 0.3287 * load
V = lambda name: cp.Variable(T, name=name)
P_CDG, P_PV, Q_PV, P_WT, Q_WT, P_BESS, P_CL, P_Grid, P_P2P, P_EX, Q_EX = map(V, "P_CDG P_PV Q_PV P_WT Q_WT P_BESS P_CL P_Grid P_P2P P_EX Q_EX".split())
SOC = cp.Variable(T + 1, name="SOC")
balance = P_EX == P_CDG + P_PV + P_WT + P_CL - load - P_BESS
con = [P_CDG >= 0, P_CDG <= 300, cp.abs(P_CDG[1:] - P_CDG[:-1]) <= 30, cp.abs(P_CDG[0]) <= 30,
       P_PV >= 0, P_PV <= sun, P_WT >= 0, P_WT <= wind,
       cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 300, cp.norm(cp.vstack([P_WT, Q_WT]), axis=0) <= 250,
       cp.abs(P_BESS) <= 240, SOC >= 0.1, SOC <= 0.9, SOC[0] == 0.5, SOC[T] >= 0.5,
       SOC[1:] <= SOC[:-1] + cp.minimum(0.95 * P_BESS, P_BESS / 0.95) * dt / 800,
       P_CL >= 0, P_CL <= 0.2 * load,
       balance, Q_EX == Q_PV + Q_WT - qload, P_EX == -P_Grid - P_P2P,
       cp.abs(P_P2P) <= 60]
cost = dt * (cp.sum(cp.maximum(cp.multiply(buy, P_Grid), sell * P_Grid)) + cp.sum(4e-4 * cp.square(P_CDG) + 0.55 * P_CDG)
             + 0.03 * cp.norm1(P_BESS) + 0.95 * cp.sum(cp.abs(P_CL)) + cp.sum(fee * cp.abs(P_P2P) + cp.multiply((buy + sell) / 2, P_P2P))
             + 1e-5 * cp.sum_squares(Q_EX))
p = cp.Problem(cp.Minimize(cost), con)
p.solve(solver="CLARABEL", tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
print(p.status, "%.9f" % p.value, "dual of the balance at noon %.6f" % balance.dual_value[48], "sum of the disc's duals %.6f" % con[8].dual_value.sum())
