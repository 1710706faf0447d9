import cvxpy as cp


def prosumer(state):
    """No numpy at all."""
    now = state["current_time"]
    T = 96
    dt = 0.25
    pv = [cp.Variable(nonneg=True) for _ in range(now, T)]
    q = [cp.Variable() for _ in range(now, T)]
    ch = [cp.Variable(nonneg=True) for _ in range(now, T)]
    dis = [cp.Variable(nonneg=True) for _ in range(now, T)]
    cl = [cp.Variable(nonneg=True) for _ in range(now, T)]
    buy = [cp.Variable(nonneg=True) for _ in range(now, T)]
    sell = [cp.Variable(nonneg=True) for _ in range(now, T)]
    p2p = [cp.Variable() for _ in range(now, T)]
    constraints = []
    cost = 0
    soc = state["SOC_(0)"]
    for i, t in enumerate(range(now, T)):
        load = state["P_(t)_(Load)"][t]
        constraints += [pv[i] <= state["P_(t,max)_(PV)"][t]]
        constraints += [cp.abs(q[i]) <= state["Q_(t,max)_(PV)"][t], pv[i] ** 2 + q[i] ** 2 <= 352 ** 2]
        constraints += [ch[i] <= 200, dis[i] <= 200, cl[i] <= 0.2 * load]
        nxt = cp.Variable()
        constraints += [nxt == soc + (0.95 * ch[i] - dis[i] / 0.95) * dt / 600, nxt >= 0.1, nxt <= 0.9]
        soc = nxt
        if 72 <= t and t < 88:
            cost += 1000 * cp.maximum(0, 0.5 - soc)
        constraints += [pv[i] + dis[i] - ch[i] + cl[i] - load == sell[i] - buy[i] - p2p[i]]
        cost += dt * (
            state["lambda_(t)_(B)"][t] * buy[i] - state["lambda_(t)_(S)"][t] * sell[i]
            + 0.02 * (ch[i] + dis[i]) + 0.65 * cl[i] + 1e-6 * q[i] ** 2 + state["lambda_(DSO)"] * cp.abs(p2p[i])
        )
    cost += -state["lambda_(E)"] * 600 * (soc - state["SOC_(0)"])
    P_EX = cp.hstack([s - b - p for s, b, p in zip(sell, buy, p2p)])
    Q_EX = cp.hstack([x - y for x, y in zip(q, state["Q_(t)_(Load)"][now:])])
    action = {"P_PV": cp.hstack(pv), "Q_PV": cp.hstack(q), "P_BESS": cp.hstack([c - d for c, d in zip(ch, dis)]), "P_CL": cp.hstack(cl)}
    return action, cost, constraints, P_EX, Q_EX, cp.hstack(p2p)
