# --- hub @ 0 40 95
import cvxpy as cp
import numpy as np


def prosumer(state):
    T = 96
    delta_t = 0.25
    current_time = state["current_time"]
    time_slot = T - current_time

    lambda_B = state["lambda_(t)_(B)"][current_time:]
    lambda_S = state["lambda_(t)_(S)"][current_time:]
    P_Load = state["P_(t)_(Load)"][current_time:]
    Q_Load = state["Q_(t)_(Load)"][current_time:]
    P_PV_max = state["P_(t,max)_(PV)"][current_time:]
    P_WT_max = state["P_(t,max)_(WT)"][current_time:]

    # Conventional generator
    P_CDG = cp.Variable(time_slot, name="P_CDG")
    # Renewable generation
    P_PV = cp.Variable(time_slot, name="P_PV")
    Q_PV = cp.Variable(time_slot, name="Q_PV")
    P_WT = cp.Variable(time_slot, name="P_WT")
    Q_WT = cp.Variable(time_slot, name="Q_WT")
    # Battery
    P_ch = cp.Variable(time_slot, nonneg=True, name="P_ch")
    P_dis = cp.Variable(time_slot, nonneg=True, name="P_dis")
    SOC = cp.Variable(time_slot, name="SOC")
    # Controllable load and grid
    P_CL = cp.Variable(time_slot, nonneg=True, name="P_CL")
    P_buy = cp.Variable(time_slot, nonneg=True, name="P_buy")
    P_sell = cp.Variable(time_slot, nonneg=True, name="P_sell")

    constraints = []

    constraints += [P_CDG >= 0, P_CDG <= 150]
    constraints += [P_CDG[0] - state["P_(0)_(CDG)"] <= 40, state["P_(0)_(CDG)"] - P_CDG[0] <= 40]
    if time_slot > 1:
        constraints += [P_CDG[1:] - P_CDG[:-1] <= 40, P_CDG[:-1] - P_CDG[1:] <= 40]

    constraints += [P_PV >= 0, P_PV <= P_PV_max]
    constraints += [cp.square(P_PV) + cp.square(Q_PV) <= 110 ** 2]
    constraints += [P_WT >= 0, P_WT <= P_WT_max]
    constraints += [cp.square(P_WT) + cp.square(Q_WT) <= 90 ** 2]

    eta = 0.95
    E = 400
    constraints += [P_ch <= 100, P_dis <= 100]
    constraints += [SOC[0] == state["SOC_(0)"] + (eta * P_ch[0] - P_dis[0] / eta) * delta_t / E]
    for t in range(1, time_slot):
        constraints.append(SOC[t] == SOC[t - 1] + (eta * P_ch[t] - P_dis[t] / eta) * delta_t / E)
    constraints += [SOC >= 0.1, SOC <= 0.9]

    constraints += [P_CL <= 0.2 * P_Load]

    P_EX = P_CDG + P_PV + P_WT + P_CL - P_Load - (P_ch - P_dis)
    constraints += [P_EX == -(P_buy - P_sell)]
    Q_EX = Q_PV + Q_WT - Q_Load

    C_grid = cp.sum(cp.multiply(lambda_B, P_buy) - cp.multiply(lambda_S, P_sell)) * delta_t
    C_cdg = cp.sum(0.0008 * cp.square(P_CDG) + 0.11 * P_CDG) * delta_t
    C_bess = 0.02 * cp.sum(P_ch + P_dis) * delta_t
    C_cl = 0.25 * cp.sum(P_CL) * delta_t
    C_q = 1e-5 * cp.sum_squares(Q_EX) * delta_t
    C_stored = -state["lambda_(E)"] * E * (SOC[time_slot - 1] - state["SOC_(0)"])

    objective = cp.Minimize(C_grid + C_cdg + C_bess + C_cl + C_q + C_stored)
    problem = cp.Problem(objective, constraints)
    problem.solve(solver=cp.CLARABEL)

    return {
        "status": problem.status,
        "objective": problem.value,
        "P_CDG": P_CDG.value,
        "P_BESS": P_ch.value - P_dis.value,
        "P_PV": P_PV.value, "Q_PV": Q_PV.value,
        "P_WT": P_WT.value, "Q_WT": Q_WT.value,
        "P_CL": P_CL.value,
    }
# --- residential with cumsum
import numpy as np
import cvxpy as cp

def prosumer(state):
    """Household: PV + battery, SOC through a cumulative sum."""
    T, dt = 96, 0.25
    t0 = int(state["current_time"])
    N = T - t0
    buy = np.array(state["lambda_(t)_(B)"][t0:])
    sell = np.array(state["lambda_(t)_(S)"][t0:])
    load = np.array(state["P_(t)_(Load)"][t0:]) * 0.05
    pv_max = np.array(state["P_(t,max)_(PV)"][t0:]) * 0.06
    soc0 = state["SOC_(0)"]
    E_cap, eta = 10.0, 0.95

    p_pv = cp.Variable(N, name="P_PV")
    p_c = cp.Variable(N, name="P_ch")
    p_d = cp.Variable(N, name="P_dis")
    g_in = cp.Variable(N, name="P_buy")
    g_out = cp.Variable(N, name="P_sell")

    soc = soc0 + cp.cumsum(eta * p_c - (1 / eta) * p_d) * dt / E_cap

    cons = [
        p_pv >= 0, p_pv <= pv_max,
        p_c >= 0, p_c <= 5,
        p_d >= 0, p_d <= 5,
        soc >= 0.1, soc <= 0.9,
        g_in >= 0, g_out >= 0,
        p_pv + p_d + g_in == load + p_c + g_out,
    ]
    cost = dt * (buy @ g_in - sell @ g_out) + 0.02 * dt * cp.sum(p_c + p_d)
    cost -= state["lambda_(E)"] * E_cap * (soc[N - 1] - soc0)
    prob = cp.Problem(cp.Minimize(cost), cons)
    prob.solve(solver="ECOS")
    print(f"status={prob.status} cost={prob.value:.4f}")
    return {"P_BESS": (p_c - p_d).value, "P_PV": p_pv.value, "SOC": soc.value, "status": prob.status}
# --- industrial with helpers and annotations
from typing import Any, Dict, List, Tuple
import cvxpy as cp
import numpy as np

T: int = 96
DELTA_T: float = 0.25

def slice_state(state: Dict[str, Any], key: str, start: int) -> np.ndarray:
    return np.asarray(state[key], dtype=float)[start:]

def generator(n: int, previous: float, ramp: float, p_max: float) -> Tuple[cp.Variable, List[cp.Constraint], cp.Expression]:
    p = cp.Variable(n, name="P_CDG")
    prev = cp.hstack([previous, p[:-1]])
    cons = [0 <= p, p <= p_max, cp.abs(p - prev) <= ramp]
    cost = DELTA_T * cp.sum(0.0006 * p ** 2 + 0.1 * p)
    return p, cons, cost

def prosumer(state: Dict[str, Any]) -> Dict[str, Any]:
    start = state["current_time"]
    n = T - start
    load = 2.0 * slice_state(state, "P_(t)_(Load)", start)
    price = slice_state(state, "lambda_(t)_(B)", start)
    sell = slice_state(state, "lambda_(t)_(S)", start)
    p_cdg, constraints, cost = generator(n, state["P_(0)_(CDG)"], 30.0, 200.0)
    p_cl = cp.Variable(n, nonneg=True, name="P_CL")
    p_buy = cp.Variable(n, nonneg=True, name="P_buy")
    p_sell = cp.Variable(n, nonneg=True, name="P_sell")
    constraints += [p_cl <= 0.15 * load]
    constraints.append(p_cdg + p_cl + p_buy == load + p_sell)
    cost = cost + DELTA_T * (price @ p_buy - sell @ p_sell) + DELTA_T * 0.3 * cp.sum(p_cl)
    problem = cp.Problem(cp.Minimize(cost), constraints)
    problem.solve()
    return {"P_CDG": p_cdg.value, "P_CL": p_cl.value, "objective": problem.value}
# --- rural loop over steps
import cvxpy as cp
import numpy as np

def prosumer(state):
    T = 96
    delta_t = 0.25
    current_time = state['current_time']
    time_slot = T - current_time
    P_WT = cp.Variable(time_slot, name='P_WT')
    Q_WT = cp.Variable(time_slot, name='Q_WT')
    P_PV = cp.Variable(time_slot, name='P_PV')
    P_BESS = cp.Variable(time_slot, name='P_BESS')
    P_Grid = cp.Variable(time_slot, name='P_Grid')
    E = cp.Variable(time_slot + 1, name='E')
    constraints = [E[0] == state['SOC_(0)'] * 300]
    cost = 0
    for t in range(time_slot):
        k = current_time + t
        constraints.append(P_WT[t] >= 0)
        constraints.append(P_WT[t] <= state['P_(t,max)_(WT)'][k])
        constraints.append(P_PV[t] >= 0)
        constraints.append(P_PV[t] <= state['P_(t,max)_(PV)'][k])
        constraints.append(cp.norm(cp.hstack([P_WT[t], Q_WT[t]]), 2) <= 90)
        constraints.append(P_BESS[t] >= -60)
        constraints.append(P_BESS[t] <= 60)
        constraints.append(E[t + 1] == E[t] + 0.95 * P_BESS[t] * delta_t)
        constraints.append(E[t + 1] >= 30)
        constraints.append(E[t + 1] <= 270)
        constraints.append(P_WT[t] + P_PV[t] + P_Grid[t] == state['P_(t)_(Load)'][k] + P_BESS[t])
        cost += state['lambda_(t)_(B)'][k] * cp.pos(P_Grid[t]) * delta_t
        cost -= state['lambda_(t)_(S)'][k] * cp.neg(P_Grid[t]) * delta_t * 0
        cost += 0.02 * cp.abs(P_BESS[t]) * delta_t
        cost += 1e-4 * cp.square(Q_WT[t] - state['Q_(t)_(Load)'][k])
    problem = cp.Problem(cp.Minimize(cost), constraints)
    problem.solve(solver=cp.ECOS, verbose=False)
    return {'P_WT': P_WT.value, 'P_BESS': P_BESS.value, 'status': problem.status}
# --- commercial with dictionaries of variables
import cvxpy as cp
import numpy as np

PARAMS = {
    "CDG": {"min": 10, "max": 120, "ramp": 35, "a": 0.0009, "b": 0.105},
    "BESS": {"pmax": 80, "E": 320, "eta": 0.94, "lo": 0.1, "hi": 0.9, "wear": 0.015},
    "PV": {"S": 115},
    "CL": {"alpha": 0.2, "rho": 0.22},
}

def prosumer(state):
    t0 = state["current_time"]
    n = 96 - t0
    dt = 0.25
    names = ["P_CDG", "P_PV", "Q_PV", "P_ch", "P_dis", "SOC", "P_CL", "P_buy", "P_sell"]
    v = {name: cp.Variable(n, name=name) for name in names}
    d = {k: np.asarray(state[k])[t0:] for k in state if isinstance(state[k], np.ndarray)}
    con = []
    for name in ("P_ch", "P_dis", "P_CL", "P_buy", "P_sell", "P_PV"):
        con.append(v[name] >= 0)
    g, b = PARAMS["CDG"], PARAMS["BESS"]
    con += [v["P_CDG"] >= g["min"], v["P_CDG"] <= g["max"]]
    con += [cp.abs(v["P_CDG"][0] - state["P_(0)_(CDG)"]) <= g["ramp"]]
    con += [cp.abs(cp.diff(v["P_CDG"])) <= g["ramp"]] if n > 1 else []
    con += [v["P_PV"] <= d["P_(t,max)_(PV)"]]
    con += [cp.norm(cp.vstack([v["P_PV"], v["Q_PV"]]), 2, axis=0) <= PARAMS["PV"]["S"]]
    con += [v["P_ch"] <= b["pmax"], v["P_dis"] <= b["pmax"], v["SOC"] >= b["lo"], v["SOC"] <= b["hi"]]
    net = b["eta"] * v["P_ch"] - v["P_dis"] / b["eta"]
    for t in range(n):
        before = state["SOC_(0)"] if t == 0 else v["SOC"][t - 1]
        con.append(v["SOC"][t] == before + net[t] * dt / b["E"])
    con += [v["P_CL"] <= PARAMS["CL"]["alpha"] * d["P_(t)_(Load)"]]
    con += [v["P_CDG"] + v["P_PV"] + v["P_dis"] + v["P_CL"] + v["P_buy"]
            == d["P_(t)_(Load)"] + v["P_ch"] + v["P_sell"]]
    cost = {
        "grid": dt * (d["lambda_(t)_(B)"] @ v["P_buy"] - d["lambda_(t)_(S)"] @ v["P_sell"]),
        "cdg": dt * (g["a"] * cp.sum_squares(v["P_CDG"]) + g["b"] * cp.sum(v["P_CDG"])),
        "bess": dt * b["wear"] * (cp.sum(v["P_ch"]) + cp.sum(v["P_dis"])),
        "cl": dt * PARAMS["CL"]["rho"] * cp.sum(v["P_CL"]),
        "q": dt * 1e-5 * cp.sum_squares(v["Q_PV"] - d["Q_(t)_(Load)"]),
    }
    problem = cp.Problem(cp.Minimize(sum(cost.values())), con)
    problem.solve(solver=cp.GUROBI, verbose=False)
    parts = {k: round(float(c.value), 3) for k, c in cost.items()}
    for k, c in parts.items():
        print(k, "%.2f" % c)
    return {"action": {k: v[k].value for k in ["P_CDG", "P_PV", "P_CL"]}, "objective": problem.value}
# --- a class
import cvxpy as cp
import numpy as np


class Battery:
    """A battery with separate charging and discharging powers."""

    count = 0

    def __init__(self, n, capacity, power, soc0, eta=0.95, dt=0.25):
        Battery.count += 1
        self.n, self.capacity, self.power = n, capacity, power
        self.soc0, self.eta, self.dt = soc0, eta, dt
        self.charge = cp.Variable(n, nonneg=True, name="P_ch")
        self.discharge = cp.Variable(n, nonneg=True, name="P_dis")

    @property
    def net(self):
        return self.charge - self.discharge

    def soc(self):
        flow = self.eta * self.charge - self.discharge / self.eta
        return self.soc0 + cp.cumsum(flow) * (self.dt / self.capacity)

    def constraints(self):
        soc = self.soc()
        return [self.charge <= self.power, self.discharge <= self.power, soc >= 0.1, soc <= 0.9]

    def cost(self, wear=0.02):
        return wear * self.dt * cp.sum(self.charge + self.discharge)

    def __repr__(self):
        return f"Battery({self.capacity} kWh, n={self.n})"


def prosumer(state):
    now = state["current_time"]
    n = 96 - now
    battery = Battery(n, 200, 50, state["SOC_(0)"])
    print(battery, Battery.count)
    buy = cp.Variable(n, nonneg=True, name="P_buy")
    load = state["P_(t)_(Load)"][now:]
    sun = state["P_(t,max)_(PV)"][now:]
    pv = cp.Variable(n, nonneg=True, name="P_PV")
    constraints = battery.constraints() + [pv <= sun, buy + pv == load + battery.net]
    cost = state["lambda_(t)_(B)"][now:] @ buy * 0.25 + battery.cost()
    problem = cp.Problem(cp.Minimize(cost), constraints)
    problem.solve()
    return {"P_BESS": battery.net.value, "P_PV": pv.value, "soc": battery.soc().value[-1]}
# --- integrated trade with six results
import cvxpy as cp
import numpy as np

def prosumer(state):
    T = 96
    delta_t = 0.25
    current_time = state["current_time"]
    time_slot = T - current_time
    lambda_B = state["lambda_(t)_(B)"][current_time:]
    lambda_S = state["lambda_(t)_(S)"][current_time:]
    P_Load = state["P_(t)_(Load)"][current_time:]
    Q_Load = state["Q_(t)_(Load)"][current_time:]
    P_PV = cp.Variable(time_slot, nonneg=True, name="P_PV")
    Q_PV = cp.Variable(time_slot, name="Q_PV")
    P_buy = cp.Variable(time_slot, nonneg=True, name="P_buy")
    P_sell = cp.Variable(time_slot, nonneg=True, name="P_sell")
    P_P2P = cp.Variable(time_slot, name="P_P2P")
    constraints = [P_PV <= state["P_(t,max)_(PV)"][current_time:]]
    constraints += [cp.SOC(110 * np.ones(time_slot), cp.vstack([P_PV, Q_PV]))]
    P_EX = P_PV - P_Load
    Q_EX = Q_PV - Q_Load
    constraints += [P_EX == -(P_buy - P_sell) - P_P2P]
    objective = (cp.sum(cp.multiply(lambda_B, P_buy)) - cp.sum(cp.multiply(lambda_S, P_sell))) * delta_t
    objective += 0.01 * cp.norm1(P_P2P) * delta_t
    action = {"P_PV": P_PV, "Q_PV": Q_PV}
    return action, objective, constraints, P_EX, Q_EX, P_P2P
# --- matrix variable for two generators
import cvxpy as cp
import numpy as np

def prosumer(state):
    t0 = state["current_time"]
    n = 96 - t0
    p_max = np.array([60.0, 90.0])
    ramp = np.array([20.0, 25.0])
    a = np.array([0.001, 0.0007])
    b = np.array([0.10, 0.12])
    P = cp.Variable((2, n), name="P_CDG")
    buy = cp.Variable(n, nonneg=True, name="P_buy")
    load = state["P_(t)_(Load)"][t0:]
    cons = [P >= 0, P <= p_max[:, None] * np.ones((2, n))]
    cons += [P[:, 0] - state["P_(0)_(CDG)"] <= ramp, state["P_(0)_(CDG)"] - P[:, 0] <= ramp]
    if n > 1:
        cons += [P[:, 1:] - P[:, :-1] <= np.tile(ramp.reshape(2, 1), (1, n - 1))]
        cons += [P[:, :-1] - P[:, 1:] <= np.tile(ramp.reshape(2, 1), (1, n - 1))]
    cons += [cp.sum(P, axis=0) + buy == load]
    cost = 0.25 * (cp.sum(a @ cp.square(P)) + cp.sum(b @ P) + state["lambda_(t)_(B)"][t0:] @ buy)
    prob = cp.Problem(cp.Minimize(cost), cons)
    prob.solve(solver=cp.OSQP)
    total = P.value.sum(axis=0)
    return {"P_CDG_1": P.value[0], "P_CDG_2": P.value[1], "total": total, "max": float(np.max(total))}
# --- triangular matrix for the state of charge
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    N = 96 - ct
    dt = 0.25
    L = np.tril(np.ones((N, N)))
    u = cp.Variable(N, name="P_BESS")
    grid = cp.Variable(N, name="P_Grid")
    load = state["P_(t)_(Load)"][ct:] - state["P_(t,max)_(WT)"][ct:]
    soc = state["SOC_(0)"] + L @ u * dt / 250
    lam = state["lambda_(t)_(B)"][ct:]
    constraints = [
        cp.norm(u, "inf") <= 70,
        soc >= 0.15,
        soc <= 0.95,
        grid == load + u,
    ]
    smooth = cp.quad_form(u, 0.0001 * np.eye(N))
    objective = cp.Minimize(dt * cp.sum(cp.multiply(lam, cp.maximum(grid, 0))) + smooth)
    problem = cp.Problem(objective, constraints)
    problem.solve(solver=cp.MOSEK)
    return {"P_BESS": u.value, "grid": grid.value, "soc": soc.value}
# --- soft preference in the evening
import cvxpy as cp
import numpy as np

def prosumer(state):
    T = 96
    delta_t = 0.25
    current_time = state["current_time"]
    time_slot = T - current_time
    P_CDG = cp.Variable(time_slot, name="P_CDG")
    P_Grid = cp.Variable(time_slot, name="P_Grid")
    P_Load = state["P_(t)_(Load)"][current_time:]
    price = state["lambda_(t)_(B)"][current_time:]
    constraints = [P_CDG >= 0, P_CDG <= 100, P_Grid >= 0, P_CDG + P_Grid == P_Load]
    cost = delta_t * (cp.sum(cp.multiply(price, P_Grid)) + 0.0005 * cp.sum_squares(P_CDG) + 0.09 * cp.sum(P_CDG))
    # from 20:00 to 22:00 at most 25 kW
    quiet = [k - current_time for k in range(80, 88) if k >= current_time]
    if quiet:
        slack = cp.Variable(len(quiet), nonneg=True, name="slack")
        constraints += [P_CDG[quiet] <= 25 + slack]
        cost += 1000 * cp.sum(slack)
    problem = cp.Problem(cp.Minimize(cost), constraints)
    problem.solve(solver=cp.CLARABEL)
    return {"status": problem.status, "P_CDG": P_CDG.value}
# --- masks over hours
import cvxpy as cp
import numpy as np

def prosumer(state):
    now = state["current_time"]
    n = 96 - now
    hours = np.arange(now, 96) / 4
    peak = np.logical_and(hours >= 17, hours < 21)
    night = (hours < 6) | (hours >= 22.5)
    charge = cp.Variable(n, name="P_BESS")
    soc = cp.Variable(n, name="SOC")
    grid = cp.Variable(n, name="P_Grid", nonneg=True)
    load = state["P_(t)_(Load)"][now:]
    cons = [soc >= 0.2, soc <= 0.9, cp.abs(charge) <= 40]
    cons.append(soc == cp.hstack([state["SOC_(0)"], soc[:-1]]) + 0.25 * charge / 160)
    cons.append(grid == load + charge)
    if np.any(peak):
        cons.append(grid[peak] <= 95)
    if night.any():
        cons.append(charge[night] >= -5)
    weight = np.where(peak, 2.0, 1.0)
    cost = 0.25 * cp.sum(cp.multiply(weight * state["lambda_(t)_(B)"][now:], grid)) + 1e-4 * cp.sum_squares(charge)
    prob = cp.Problem(cp.Minimize(cost), cons)
    prob.solve()
    print(int(peak.sum()), int(np.count_nonzero(night)), prob.status)
    return {"P_BESS": charge.value, "SOC": soc.value}
# --- lists of scalar variables
import cvxpy as cp

def prosumer(state):
    start = state["current_time"]
    steps = range(start, 96)
    gen = [cp.Variable(name=f"gen_{k}") for k in steps]
    imp = [cp.Variable(nonneg=True, name=f"imp_{k}") for k in steps]
    cons, cost = [], 0
    last = state["P_(0)_(CDG)"]
    for i, k in enumerate(steps):
        cons.extend([gen[i] >= 0, gen[i] <= 80, gen[i] - last <= 15, last - gen[i] <= 15])
        cons.append(gen[i] + imp[i] == state["P_(t)_(Load)"][k])
        cost = cost + 0.25 * (0.001 * gen[i] ** 2 + 0.08 * gen[i] + state["lambda_(t)_(B)"][k] * imp[i])
        last = gen[i]
    problem = cp.Problem(cp.Minimize(cost), cons)
    problem.solve(solver=cp.CLARABEL)
    return [float(g.value) for g in gen]
# --- exception handling and fallback
import cvxpy as cp
import numpy as np

def prosumer(state):
    current_time = state.get("current_time", 0)
    horizon = 96 - current_time
    load = np.asarray(state.get("P_(t)_(Load)", np.zeros(96)))[current_time:]
    missing = state.get("P_(t,max)_(CHP)")
    if missing is None:
        print("no CHP here")
    x = cp.Variable(horizon, name="P_Grid")
    cons = [x >= 0, x == load]
    problem = cp.Problem(cp.Minimize(cp.sum(x) * 0.25), cons)
    solved = False
    for solver in ["NOSUCH", cp.CLARABEL]:
        try:
            problem.solve(solver=solver)
            solved = True
            break
        except cp.error.SolverError as e:
            print("failed:", e)
        except Exception as e:
            print("other:", type(e).__name__)
    if not solved or problem.status not in ["optimal", "optimal_inaccurate"]:
        return {"P_Grid": np.zeros(horizon)}
    return {"P_Grid": x.value}
# --- capitalised function
import cvxpy as cp
def Prosumer(state):
    n = 96 - state["current_time"]
    x = cp.Variable(n, name="x")
    p = cp.Problem(cp.Minimize(cp.sum_squares(x - 1)), [x <= 0.5])
    p.solve()
    return x.value
# --- column vectors
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    n = 96 - ct
    P = cp.Variable((n, 1), name="P_CDG")
    G = cp.Variable((n, 1), name="P_Grid", nonneg=True)
    load = state["P_(t)_(Load)"][ct:].reshape(-1, 1)
    lam = state["lambda_(t)_(B)"][ct:].reshape(n, 1)
    cons = [P >= 0, P <= 90, P + G == load]
    for t in range(1, n):
        cons += [P[t, 0] - P[t - 1, 0] <= 12, P[t - 1, 0] - P[t, 0] <= 12]
    cost = 0.25 * (lam.T @ G + 0.1 * cp.sum(P) + 0.001 * cp.sum_squares(P))
    prob = cp.Problem(cp.Minimize(cost), cons)
    prob.solve()
    return {"P_CDG": P.value.flatten(), "cost": float(prob.value)}
# --- parameters set before solving
import cvxpy as cp
import numpy as np

n = 16
price = cp.Parameter(n, nonneg=True, name="price")
demand = cp.Parameter(n, name="demand")
soc0 = cp.Parameter(name="soc0", value=0.5)
charge = cp.Variable(n, name="charge")
grid = cp.Variable(n, name="grid", nonneg=True)
soc = soc0 + cp.cumsum(charge) * 0.25 / 100
model = cp.Problem(cp.Minimize(price @ grid * 0.25 + 1e-4 * cp.sum_squares(charge)),
                   [grid == demand + charge, cp.abs(charge) <= 30, soc >= 0.1, soc <= 0.9])

def prosumer(state):
    k = min(state["current_time"], 96 - n)
    results = []
    for start in (k - n, k):
        price.value = state["lambda_(t)_(B)"][start:start + n]
        demand.value = state["P_(t)_(Load)"][start:start + n]
        soc0.value = state["SOC_(0)"]
        model.solve(solver=cp.CLARABEL, warm_start=True)
        results.append(model.value)
    return results
# --- module level constants and star arguments
import cvxpy as cp
import numpy as np
from functools import reduce
from itertools import chain

DT = 0.25
LIMITS = dict(P_CDG=(0, 75), P_PV=(0, None), P_CL=(0, None))

def bounds(var, lo, hi=None):
    yield var >= lo
    if hi is not None:
        yield var <= hi

def prosumer(state):
    *_, now = (0, state["current_time"])
    n = 96 - now
    take = lambda key: np.asarray(state[key])[now:]
    variables = {k: cp.Variable(n, name=k) for k in LIMITS}
    cons = list(chain.from_iterable(bounds(variables[k], *LIMITS[k]) for k in LIMITS))
    cons += [variables["P_PV"] <= take("P_(t,max)_(PV)"), variables["P_CL"] <= 0.2 * take("P_(t)_(Load)")]
    supply = reduce(lambda a, b: a + b, variables.values())
    grid = take("P_(t)_(Load)") - supply
    terms = [take("lambda_(t)_(B)") @ cp.pos(grid), 0.13 * cp.sum(variables["P_CDG"]), 0.25 * cp.sum(variables["P_CL"])]
    cost = DT * sum(terms) + 1e-5 * cp.sum_squares(cp.hstack(list(variables.values())))
    prob = cp.Problem(cp.Minimize(cost), cons)
    value = prob.solve()
    assert prob.status == cp.OPTIMAL, prob.status
    return {k: v.value for k, v in variables.items()} | {"value": value}
# --- on and off decisions
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    n = 96 - ct
    load = state["P_(t)_(Load)"][ct:]
    lam = state["lambda_(t)_(B)"][ct:]
    on = cp.Variable(n, boolean=True, name="on")
    p = cp.Variable(n, name="P_CDG")
    g = cp.Variable(n, nonneg=True, name="P_Grid")
    cons = [p <= 60 * on, p >= 20 * on, p + g >= load]
    cost = 0.25 * cp.sum(cp.multiply(lam, g) + 0.12 * p) + 0.4 * cp.sum(on)
    prob = cp.Problem(cp.Minimize(cost), cons)
    prob.solve()
    return {"on": np.round(on.value).astype(int), "P_CDG": p.value, "status": prob.status}
# --- dataclass and early return
from dataclasses import dataclass, field
import cvxpy as cp
import numpy as np

@dataclass
class Device:
    name: str
    low: float
    high: float
    cost: float = 0.0
    tags: list = field(default_factory=list)

    def variable(self, n: int) -> cp.Variable:
        return cp.Variable(n, name=self.name, bounds=[self.low, self.high])

DEVICES = [Device("P_CDG", 0, 60, 0.12), Device("P_CHP", 5, 25, 0.09, ["heat"])]

def prosumer(state):
    now = state["current_time"]
    if (n := 96 - now) <= 0:
        return {}
    xs = [d.variable(n) for d in DEVICES]
    grid = cp.Variable(n, name="P_Grid")
    cons = [sum(xs) + grid == state["P_(t)_(Load)"][now:], grid >= 0]
    cost = sum(d.cost * cp.sum(x) for d, x in zip(DEVICES, xs)) + state["lambda_(t)_(B)"][now:] @ grid
    problem = cp.Problem(cp.Minimize(cost * 0.25), cons)
    problem.solve()
    return {d.name: x.value for d, x in zip(DEVICES, xs)}
# --- second order cones one by one
import cvxpy as cp
import numpy as np

def prosumer(state):
    t0 = state["current_time"]
    n = 96 - t0
    P = cp.Variable(n, name="P_PV")
    Q = cp.Variable(n, name="Q_PV")
    cons = [P >= 0, P <= state["P_(t,max)_(PV)"][t0:]]
    cons += [cp.SOC(cp.Constant(60), cp.hstack([P[t], Q[t]])) for t in range(n)]
    want = state["Q_(t)_(Load)"][t0:] * 3
    obj = cp.Maximize(cp.sum(P) - 0.01 * cp.sum_squares(Q - want))
    prob = cp.Problem(obj, cons)
    prob.solve(solver=cp.SCS)
    return {"P": P.value, "Q": Q.value, "value": prob.value}
# --- quadratic disc in kW @ 40 95
import cvxpy as cp
def prosumer(state):
    t0 = state["current_time"]
    n = 96 - t0
    P = cp.Variable(n, name="P_PV"); Q = cp.Variable(n, name="Q_PV")
    S = 55
    cons = [P >= 0, P <= state["P_(t,max)_(PV)"][t0:], P ** 2 + Q ** 2 <= S ** 2]
    cost = -0.1 * cp.sum(P) + 0.002 * cp.sum_squares(Q - 1.5 * state["Q_(t)_(Load)"][t0:])
    prob = cp.Problem(cp.Minimize(cost), cons)
    prob.solve()
    return P.value
# --- receding horizon inside one call
import cvxpy as cp
import numpy as np

def prosumer(state):
    now = state["current_time"]
    soc = state["SOC_(0)"]
    plan = []
    for k in range(now, min(now + 4, 96)):
        m = 96 - k
        u = cp.Variable(m)
        g = cp.Variable(m, nonneg=True)
        s = soc + cp.cumsum(u) * 0.25 / 200
        cons = [s >= 0.1, s <= 0.9, u <= 40, u >= -40, g >= state["P_(t)_(Load)"][k:] + u]
        cp.Problem(cp.Minimize(state["lambda_(t)_(B)"][k:] @ g + 1e-3 * cp.sum_squares(u)), cons).solve()
        plan.append(u.value[0])
        soc = soc + u.value[0] * 0.25 / 200
    return {"plan": np.array(plan), "soc": soc}
# --- scaled units
import cvxpy as cp
import numpy as np

def prosumer(state):
    """All powers in MW, energy in MWh."""
    ct = state["current_time"]
    n = 96 - ct
    to_MW = 1e-3
    load = state["P_(t)_(Load)"][ct:] * to_MW
    lam = state["lambda_(t)_(B)"][ct:] / to_MW
    p = cp.Variable(n, name="P")
    e = cp.Variable(n + 1, name="E")
    b = cp.Variable(n, name="B")
    cons = [e[0] == 0.1, e[1:] == e[:-1] + 0.25 * b, e >= 0.02, e <= 0.2, cp.abs(b) <= 0.05, p == load + b, p >= 0]
    cost = 0.25 * lam @ p + 100 * cp.sum_squares(b)
    prob = cp.Problem(cp.Minimize(cost), cons)
    prob.solve()
    return {"P_kW": p.value / to_MW, "E_end": e.value[-1]}
# --- stacked matrix model
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    n = 96 - ct
    # x = [charge, discharge, buy, sell]
    x = cp.Variable(4 * n, name="x")
    I = np.eye(n)
    Z = np.zeros((n, n))
    balance = np.hstack([-I, I, I, -I])
    load = state["P_(t)_(Load)"][ct:]
    storage = np.tril(np.ones((n, n))) @ np.hstack([0.95 * I, -I / 0.95, Z, Z]) * 0.25 / 300
    c = np.concatenate([0.02 * np.ones(n), 0.02 * np.ones(n), state["lambda_(t)_(B)"][ct:], -state["lambda_(t)_(S)"][ct:]])
    upper = np.concatenate([50 * np.ones(2 * n), np.full(2 * n, 1e4)])
    soc = state["SOC_(0)"] + storage @ x
    prob = cp.Problem(cp.Minimize(0.25 * c @ x), [balance @ x == load, x >= 0, x <= upper, soc >= 0.1, soc <= 0.9])
    prob.solve(solver=cp.HIGHS)
    parts = np.split(x.value, 4) if hasattr(np, "split") else None
    return {"charge": parts[0], "discharge": parts[1], "buy": parts[2]}
# --- bmat and kron
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    n = min(96 - ct, 6)
    A = cp.Variable((2, n), name="A")
    total = cp.bmat([[A[0:1, :]], [A[1:2, :]]])
    select = np.kron(np.ones((1, 2)), np.eye(1))
    lam = state["lambda_(t)_(B)"][ct:ct + n]
    cons = [select @ total >= state["P_(t)_(Load)"][ct:ct + n].reshape(1, n) / 10, total >= 0, A[1] <= 4]
    price = cp.kron(np.array([[1.0], [1.3]]), np.ones((1, 1))) @ lam.reshape(1, n)
    cost = cp.sum(cp.multiply(price, A)) + 0.001 * cp.sum_squares(A)
    prob = cp.Problem(cp.Minimize(cost), cons)
    prob.solve()
    return A.value
# --- max demand charge
import cvxpy as cp

def prosumer(state):
    ct = state["current_time"]
    n = 96 - ct
    g = cp.Variable(n, name="P_Grid", nonneg=True)
    b = cp.Variable(n, name="P_BESS")
    load = state["P_(t)_(Load)"][ct:]
    energy = 90 + cp.cumsum(b) * 0.25
    cons = [g == load + b, cp.max(cp.abs(b)) <= 35, energy >= 20, energy <= 180]
    cost = state["lambda_(t)_(B)"][ct:] @ g * 0.25 + 0.8 * cp.max(g) + 1e-4 * cp.sum_squares(b)
    p = cp.Problem(cp.Minimize(cost), cons)
    p.solve()
    return {"peak": cp.max(g).value, "b": b.value}
# --- locals and formatted report
import cvxpy as cp
import numpy as np

def prosumer(state):
    now = state["current_time"]; n = 96 - now
    has_wind = "P_(t,max)_(WT)" in state
    P_WT = cp.Variable(n, name="P_WT") if has_wind else None
    limit = state["P_(t,max)_(WT)"][now:] if has_wind else np.zeros(n)
    P_Grid = cp.Variable(n, name="P_Grid")
    constraints = [P_WT >= 0, P_WT <= limit, P_WT + P_Grid == state["P_(t)_(Load)"][now:]]
    cost = 0.25 * cp.sum(cp.multiply(state["lambda_(t)_(B)"][now:], cp.maximum(P_Grid, 0)) - 0.05 * cp.minimum(-P_Grid, 0))
    problem = cp.Problem(cp.Minimize(cost), constraints)
    problem.solve(solver=cp.CLARABEL)
    found = sorted(k for k in locals() if k.startswith("P_"))
    print(f"{'variable':<10}|{'mean':>10}")
    for name in found:
        print(f"{name:<10}|{np.mean(locals()[name].value):>10.3f}")
    return {name: locals()[name].value for name in found}
# --- huber and total variation
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    n = 96 - ct
    x = cp.Variable(n, name="x")
    target = state["P_(t,max)_(WT)"][ct:]
    rough = cp.norm1(x[1:] - x[:-1]) if n > 1 else 0
    prob = cp.Problem(cp.Minimize(cp.sum(cp.huber(x - target, 5)) + 2 * rough), [x >= 0, x <= 45])
    prob.solve()
    return x.value
# --- piecewise price
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    n = 96 - ct
    g = cp.Variable(n, name="P_Grid")
    s = cp.Variable(n, name="P_CL", nonneg=True)
    load = state["P_(t)_(Load)"][ct:]
    cost = cp.sum(cp.maximum(0.1 * g, 0.2 * g - 4, 0.5 * g - 25)) + 0.28 * cp.sum(s)
    prob = cp.Problem(cp.Minimize(cost), [g + s == load, g >= 0, s <= 0.3 * load])
    prob.solve()
    return {"P_CL": s.value, "value": prob.value}
# --- sorted peaks
import cvxpy as cp
def prosumer(state):
    ct = state["current_time"]
    n = 96 - ct
    g = cp.Variable(n, nonneg=True, name="g")
    k = min(3, n)
    prob = cp.Problem(cp.Minimize(cp.sum_largest(g, k) + 0.01 * cp.sum_squares(g)), [cp.sum(g) >= 10 * n, g <= 12])
    prob.solve()
    return g.value
# --- dual prices
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    n = 96 - ct
    p = cp.Variable(n, name="P_CDG")
    load = state["P_(t)_(Load)"][ct:]
    balance = p == load
    limit = p <= 200
    prob = cp.Problem(cp.Minimize(0.25 * cp.sum(0.001 * cp.square(p) + 0.1 * p)), [balance, limit, p >= 0])
    prob.solve()
    marginal = -balance.dual_value / 0.25
    print(np.round(marginal[:3], 4), np.round(limit.dual_value[0], 4))
    return {"marginal": marginal}
# --- interpolation and statistics of data
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    hours = np.arange(ct, 96) * 0.25
    curve = np.interp(hours, [0, 6, 12, 18, 24], [20, 30, 60, 80, 25])
    load = np.clip(state["P_(t)_(Load)"][ct:] + curve, 40, 150)
    mean, std = load.mean(), load.std()
    n = len(load)
    x = cp.Variable(n, name="x")
    cons = [x >= load - (mean + std), x >= 0, x <= np.percentile(load, 90)]
    prob = cp.Problem(cp.Minimize(cp.sum_squares(x) / n + cp.norm(x, 1)), cons)
    prob.solve()
    return {"x": x.value, "argmax": int(np.argmax(load)), "mean": round(mean, 6)}
# --- reshaping into hours
import cvxpy as cp
import numpy as np

def prosumer(state):
    ct = state["current_time"]
    ct -= ct % 4
    n = 96 - ct
    p = cp.Variable(n, name="p")
    hourly = cp.reshape(p, (n // 4, 4), order="C")
    cons = [cp.sum(hourly, axis=1) <= 200, p >= 0, p <= state["P_(t)_(Load)"][ct:]]
    lam = state["lambda_(t)_(B)"][ct:]
    prob = cp.Problem(cp.Maximize(lam @ p - 1e-4 * cp.sum_squares(p)), cons)
    prob.solve()
    return {"energy": hourly.value.sum(axis=1)}
# --- infeasible wish
import cvxpy as cp
def prosumer(state):
    ct = state["current_time"]; n = 96 - ct
    g = cp.Variable(n, name="g", nonneg=True); b = cp.Variable(n, name="b", nonneg=True)
    load = state["P_(t)_(Load)"][ct:]
    prob = cp.Problem(cp.Minimize(cp.sum(g)), [g + b == load, b <= 10, g <= 20])
    prob.solve()
    return {"status": prob.status, "value": prob.value, "g": g.value}
# --- unbounded sale
import cvxpy as cp
def prosumer(state):
    ct = state["current_time"]; n = 96 - ct
    s = cp.Variable(n, name="s", nonneg=True)
    prob = cp.Problem(cp.Maximize(state["lambda_(t)_(S)"][ct:] @ s), [s >= 1])
    prob.solve()
    print(prob.status, prob.value)
    return s.value
# --- result read from an infeasible problem
import cvxpy as cp
def prosumer(state):
    ct = state["current_time"]; n = 96 - ct
    g = cp.Variable(n, name="g")
    prob = cp.Problem(cp.Minimize(cp.sum(g)), [g >= 5, g <= 4])
    prob.solve()
    return {"total": sum(g.value), "first": g.value[0]}
# --- state that lacks a key
import cvxpy as cp
def prosumer(state):
    n = 96 - state["current_time"]
    load = state["P_Load"][state["current_time"]:]
    x = cp.Variable(n)
    return cp.Problem(cp.Minimize(cp.sum(x)), [x >= load]).solve()
# --- whole day against the rest
import cvxpy as cp
def prosumer(state):
    n = 96 - state["current_time"]
    x = cp.Variable(n, name="x")
    prob = cp.Problem(cp.Minimize(cp.sum(x)), [x >= state["P_(t)_(Load)"]])
    prob.solve()
    return x.value
