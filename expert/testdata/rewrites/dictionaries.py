import cvxpy as cp
import numpy as np


def prosumer(state):
    # Dictionaries of lists of scalars.
    t0 = state["current_time"]
    steps = range(t0, 96)
    names = ["cdg", "wt", "pv", "q_wt", "q_pv", "ch", "dis", "soc", "cl", "buy", "sell", "p_in", "p_out", "short"]
    v = {name: {t: cp.Variable(name=f"{name}_{t}") for t in steps} for name in names}
    units = {"wt": ("WT", 352), "pv": ("PV", 528)}
    cons, terms = [], []
    for t in steps:
        for name in ("cdg", "wt", "pv", "ch", "dis", "cl", "buy", "sell", "p_in", "p_out", "short"):
            cons.append(v[name][t] >= 0)
        cons.append(v["cdg"][t] <= 200)
        before = v["cdg"][t - 1] if t > t0 else state["P_(0)_(CDG)"]
        cons.append(v["cdg"][t] <= before + 20)
        cons.append(v["cdg"][t] >= before - 20)
        for u, (key, rating) in units.items():
            p, q = v[u][t], v["q_" + u][t]
            cons += [p <= state["P_(t,max)_(" + key + ")"][t]]
            cons += [q <= state["Q_(t,max)_(" + key + ")"][t], -q <= state["Q_(t,max)_(" + key + ")"][t]]
            cons += [cp.sum_squares(cp.hstack([p, q])) <= rating ** 2]
            terms.append(1e-6 * cp.square(q) / 4)
        last = v["soc"][t - 1] if t > t0 else state["SOC_(0)"]
        cons += [v["ch"][t] <= 200, v["dis"][t] <= 200, v["soc"][t] >= 0.1, v["soc"][t] <= 0.9]
        cons.append((v["soc"][t] - last) * 600 * 4 == 0.95 * v["ch"][t] - v["dis"][t] / 0.95)
        cons.append(v["cl"][t] <= state["P_(t)_(Load)"][t] / 5)
        cons.append(v["soc"][t] >= 0.3 - v["short"][t])
        terms += [
            (0.001 * cp.square(v["cdg"][t]) + 0.65 * v["cdg"][t]) / 4,
            0.02 * (v["ch"][t] + v["dis"][t]) / 4, 0.75 * v["cl"][t] / 4,
            (state["lambda_(t)_(B)"][t] * v["buy"][t] - state["lambda_(t)_(S)"][t] * v["sell"][t]) / 4,
            state["lambda_(DSO)"] * (v["p_in"][t] + v["p_out"][t]) / 4, 1000 * v["short"][t],
        ]
        cons.append(
            v["cdg"][t] + v["wt"][t] + v["pv"][t] + v["dis"][t] + v["cl"][t] + v["buy"][t] + v["p_in"][t]
            - state["P_(t)_(Load)"][t] - v["ch"][t] - v["sell"][t] - v["p_out"][t] == 0
        )
    cost = sum(terms) - state["lambda_(E)"] * 600 * (v["soc"][95] - state["SOC_(0)"])
    vec = lambda name: cp.hstack([v[name][t] for t in steps])
    p2p = vec("p_in") - vec("p_out")
    action = {
        "P_CDG": vec("cdg"), "P_WT": vec("wt"), "Q_WT": vec("q_wt"), "P_PV": vec("pv"), "Q_PV": vec("q_pv"),
        "P_BESS": vec("ch") - vec("dis"), "P_CL": vec("cl"),
    }
    return action, cost, cons, vec("sell") - vec("buy") - p2p, vec("q_wt") + vec("q_pv") - state["Q_(t)_(Load)"][t0:], p2p
