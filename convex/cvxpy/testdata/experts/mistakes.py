# --- house
import cvxpy as cp
import numpy as np


def prosumer(state):
    T = 96
    delta_t = 0.25
    current_time = state["current_time"]
    time_slot = T - current_time
    lambda_B = state["lambda_(t)_(B)"][current_time:]
    P_Load = state["P_(t)_(Load)"][current_time:]
    P_PV_max = state["P_(t,max)_(PV)"][current_time:]
    P_PV = cp.Variable(time_slot, name="P_PV")
    Q_PV = cp.Variable(time_slot, name="Q_PV")
    P_BESS = cp.Variable(time_slot, name="P_BESS")
    SOC = cp.Variable(time_slot, name="SOC")
    P_Grid = cp.Variable(time_slot, name="P_Grid")
    constraints = []
    constraints.append(P_PV >= 0)
    constraints.append(P_PV <= P_PV_max)
    constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
    constraints.append(P_BESS >= -50)
    constraints.append(P_BESS <= 50)
    constraints.append(SOC >= 0.1)
    constraints.append(SOC <= 0.9)
    constraints.append(SOC[0] == state["SOC_(0)"] + 0.25 * P_BESS[0] / 200)
    if time_slot > 1:
        constraints.append(SOC[1:] == SOC[:-1] + 0.25 * P_BESS[1:] / 200)
    constraints.append(P_Grid == P_Load + P_BESS - P_PV)
    cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
    cost_bess = 0.001 * cp.sum_squares(P_BESS)
    cost_q = 1e-4 * cp.sum_squares(Q_PV - 5)
    objective = cp.Minimize(cost_grid + cost_bess + cost_q)
    problem = cp.Problem(objective, constraints)
    problem.solve(solver=cp.CLARABEL)
    return {"P_BESS": P_BESS.value, "P_PV": P_PV.value, "objective": problem.value}
# --- chained comparison
# base: house
- constraints.append(SOC >= 0.1)
- constraints.append(SOC <= 0.9)
+ constraints.append(0.1 <= SOC <= 0.9)
# --- chained comparison of arrays
# base: house
- constraints.append(P_PV >= 0)
- constraints.append(P_PV <= P_PV_max)
+ constraints += [0 <= P_PV <= P_PV_max]
# --- constraints joined by and
# base: house
- constraints.append(SOC >= 0.1)
- constraints.append(SOC <= 0.9)
+ constraints.append(SOC >= 0.1 and SOC <= 0.9)
# --- constraints joined by an ampersand
# base: house
- constraints.append(SOC >= 0.1)
- constraints.append(SOC <= 0.9)
+ constraints.append((SOC >= 0.1) & (SOC <= 0.9))
# --- strict inequality
# base: house
- constraints.append(P_PV >= 0)
+ constraints.append(P_PV > 0)
# --- strict inequality of array
# base: house
- constraints.append(P_PV <= P_PV_max)
+ constraints.append(P_PV_max > P_PV)
# --- built-in max
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = sum(lambda_B[t] * max(P_Grid[t], 0) for t in range(time_slot)) * delta_t
# --- built-in max of a vector
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = max(P_BESS)
# --- built-in min
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = -min(0, P_BESS[0])
# --- built-in abs
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * cp.sum(abs(P_BESS))
# --- built-in pow
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * cp.sum(pow(P_BESS, 2))
# --- built-in sum of a vector
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * sum(P_BESS ** 2)
# --- built-in round
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = round(P_BESS[0])
# --- float of an expression
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = float(cp.sum(P_BESS))
# --- length of a variable
# base: house
- if time_slot > 1:
+ if len(SOC) > 1:
# --- np.maximum
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum(cp.multiply(lambda_B, np.maximum(P_Grid, 0))) * delta_t
# --- np.abs
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * cp.sum(np.abs(P_BESS))
# --- np.square
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * cp.sum(np.square(P_BESS))
# --- np.sqrt
# base: house
- constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
+ constraints.append(np.sqrt(cp.square(P_PV) + cp.square(Q_PV)) <= 110)
# --- np.sum
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * np.sum(cp.square(P_BESS))
# --- np.sum of a product
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = np.sum(lambda_B * cp.pos(P_Grid)) * delta_t
# --- np.dot
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = np.dot(lambda_B, cp.pos(P_Grid)) * delta_t
# --- np.multiply
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum(np.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
# --- np.multiply the other way
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum(np.multiply(cp.pos(P_Grid), lambda_B)) * delta_t
# --- np.cumsum
# base: house
- constraints.append(SOC >= 0.1)
+ constraints.append(state["SOC_(0)"] + np.cumsum(P_BESS) * 0.25 / 200 >= 0.1)
# --- np.diff
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(np.diff(P_BESS) <= 20)
# --- np.hstack
# base: house
- constraints.append(SOC[0] == state["SOC_(0)"] + 0.25 * P_BESS[0] / 200)
+ constraints.append(np.hstack([state["SOC_(0)"], SOC[:-1]]) + 0.25 * P_BESS / 200 == SOC)
# --- np.concatenate
# base: house
- constraints.append(SOC[0] == state["SOC_(0)"] + 0.25 * P_BESS[0] / 200)
+ previous = np.concatenate([[state["SOC_(0)"]], SOC[:-1]])
# --- np.array of expressions
# base: house
- constraints.append(P_Grid == P_Load + P_BESS - P_PV)
+ constraints.append(P_Grid == np.array([P_Load[t] + P_BESS[t] - P_PV[t] for t in range(time_slot)]))
# --- np.array filled with expressions
# base: house
- constraints.append(P_Grid == P_Load + P_BESS - P_PV)
+ net = np.zeros(time_slot)
+ for t in range(time_slot):
+     net[t] = P_Load[t] + P_BESS[t] - P_PV[t]
+ constraints.append(P_Grid == net)
# --- np.where with expressions
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum(np.where(P_Grid >= 0, lambda_B, 0)) * delta_t
# --- np.clip of a variable
# base: house
- constraints.append(P_BESS <= 50)
+ P_BESS = np.clip(P_BESS, -50, 50)
# --- np.linalg.norm
# base: house
- constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
+ constraints.append(np.linalg.norm(P_PV) <= 1100)
# --- np.exp
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.sum(np.exp(P_BESS))
# --- assignment into a variable
# base: house
- constraints.append(SOC[0] == state["SOC_(0)"] + 0.25 * P_BESS[0] / 200)
+ SOC[0] = state["SOC_(0)"]
# --- augmented assignment into a variable
# base: house
- constraints.append(SOC[0] == state["SOC_(0)"] + 0.25 * P_BESS[0] / 200)
+ SOC[0] += 0.25 * P_BESS[0] / 200
# --- square root of squares
# base: house
- constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
+ constraints.append(cp.sqrt(cp.square(P_PV) + cp.square(Q_PV)) <= 110)
# --- square root by exponent
# base: house
- constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
+ constraints.append((P_PV ** 2 + Q_PV ** 2) ** 0.5 <= 110)
# --- equality with absolute value
# base: house
- constraints.append(P_BESS >= -50)
+ size = cp.Variable(time_slot, name="size")
+ constraints.append(size == cp.abs(P_BESS))
# --- equality with square
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ wear = cp.Variable(name="wear")
+ constraints.append(wear == cp.sum_squares(P_BESS))
+ cost_bess = 0.001 * wear
# --- equality with maximum
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ P_buy = cp.Variable(time_slot)
+ constraints.append(P_buy == cp.maximum(P_Grid, 0))
+ cost_grid = lambda_B @ P_buy * delta_t
# --- lower bound on a convex function
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(cp.abs(P_BESS) >= 1)
# --- lower bound on a norm
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(5 <= cp.norm(P_BESS))
# --- upper bound on a minimum
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(cp.min(P_BESS) <= -5)
# --- product of two variables
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum(cp.multiply(P_Grid, P_PV)) * delta_t
# --- product of two variables in a constraint
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(cp.multiply(P_BESS, SOC) <= 20)
# --- product by star of two variables
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * P_BESS * P_BESS
# --- product by at of two variables
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * P_BESS @ P_PV
# --- charging and discharging at once forbidden
# base: house
- constraints.append(P_BESS >= -50)
+ P_ch = cp.Variable(time_slot, nonneg=True)
+ P_dis = cp.Variable(time_slot, nonneg=True)
+ constraints.append(P_BESS == P_ch - P_dis)
+ constraints.append(cp.multiply(P_ch, P_dis) == 0)
# --- division by a variable
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.sum(1 / SOC)
# --- division of variables
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.sum(P_BESS / SOC)
# --- one over as intended
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * cp.sum(cp.inv_pos(SOC)) + 0.001 * cp.sum_squares(P_BESS)
# --- maximize a convex function
# base: house
- objective = cp.Minimize(cost_grid + cost_bess + cost_q)
+ objective = cp.Maximize(cost_grid + cost_bess + cost_q)
# --- minimize a concave function
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = -0.001 * cp.sum_squares(P_BESS)
# --- concave objective alone
# base: house
- objective = cp.Minimize(cost_grid + cost_bess + cost_q)
+ objective = cp.Minimize(cp.sum(cp.sqrt(SOC)))
# --- vector objective
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.multiply(lambda_B, cp.pos(P_Grid)) * delta_t
# --- objective without Minimize
# base: house
- objective = cp.Minimize(cost_grid + cost_bess + cost_q)
+ objective = cost_grid + cost_bess + cost_q
# --- Minimize of nothing
# base: house
- objective = cp.Minimize(cost_grid + cost_bess + cost_q)
+ objective = cp.Minimize()
# --- two objectives added
# base: house
- objective = cp.Minimize(cost_grid + cost_bess + cost_q)
+ objective = cp.Minimize(cost_grid) + cp.Minimize(cost_bess + cost_q)
# --- objectives of both kinds added
# base: house
- objective = cp.Minimize(cost_grid + cost_bess + cost_q)
+ objective = cp.Minimize(cost_grid) + cp.Maximize(-cost_bess)
# --- expression among the constraints
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(P_BESS + 50)
# --- nested list of constraints
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append([P_BESS >= -50])
# --- constraints not in a list
# base: house
- problem = cp.Problem(objective, constraints)
+ problem = cp.Problem(objective, P_BESS >= -50)
# --- tuple of constraints
# base: house
- problem = cp.Problem(objective, constraints)
+ problem = cp.Problem(objective, tuple(constraints))
# --- list plus constraint
# base: house
- constraints.append(P_BESS >= -50)
+ constraints = constraints + (P_BESS >= -50)
# --- augmented list with a constraint
# base: house
- constraints.append(P_BESS >= -50)
+ constraints += (P_BESS >= -50)
# --- boolean among the constraints
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(time_slot >= 1)
# --- false boolean among the constraints
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(time_slot >= 1000)
# --- numpy boolean among the constraints
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(np.all(P_PV_max >= 0))
# --- string for a number
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(P_BESS >= "-50")
# --- None for a limit
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(P_BESS >= state.get("P_min"))
# --- None added
# base: house
- constraints.append(P_Grid == P_Load + P_BESS - P_PV)
+ constraints.append(P_Grid == P_Load + P_BESS - P_PV + state.get("extra"))
# --- None times a variable
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = state.get("wear") * cp.sum_squares(P_BESS)
# --- not a number in a limit
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(P_BESS >= np.array([np.nan] * time_slot))
# --- not a number in the price
# base: house
- lambda_B = state["lambda_(t)_(B)"][current_time:]
+ lambda_B = state["lambda_(t)_(B)"][current_time:] * np.nan
# --- infinite limit
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(P_BESS >= -np.inf)
+ constraints.append(P_BESS >= np.where(np.arange(time_slot) % 2 == 0, -50, -np.inf))
+ constraints.append(P_BESS >= -50)
# --- infinite price
# base: house
- lambda_B = state["lambda_(t)_(B)"][current_time:]
+ lambda_B = state["lambda_(t)_(B)"][current_time:] / 0.0
# --- whole day's array
# base: house
- P_Load = state["P_(t)_(Load)"][current_time:]
+ P_Load = state["P_(t)_(Load)"]
# --- whole day's price
# base: house
- lambda_B = state["lambda_(t)_(B)"][current_time:]
+ lambda_B = state["lambda_(t)_(B)"]
# --- array from the wrong end
# base: house
- P_PV_max = state["P_(t,max)_(PV)"][current_time:]
+ P_PV_max = state["P_(t,max)_(PV)"][:current_time]
# --- one step too short
# base: house
- constraints.append(SOC[1:] == SOC[:-1] + 0.25 * P_BESS[1:] / 200)
+ constraints.append(SOC[1:] == SOC[:-1] + 0.25 * P_BESS / 200)
# --- one step too far
# base: house
- constraints.append(SOC[1:] == SOC[:-1] + 0.25 * P_BESS[1:] / 200)
+ for t in range(time_slot):
+     constraints.append(SOC[t + 1] == SOC[t] + 0.25 * P_BESS[t] / 200)
# --- one step too far by condition
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS[1] <= 40)
# --- step of the day as an index
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS[84] <= 40)
# --- index by a float
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS[time_slot / 2] <= 40)
# --- range of a float
# base: house
- constraints.append(P_BESS <= 50)
+ for t in range(time_slot / 2):
+     constraints.append(P_BESS[t] <= 50)
# --- two indices
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS[0, 0] <= 50)
# --- index by a string
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS["0"] <= 50)
# --- index by a name
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS["peak"] <= 50)
# --- column against row
# base: house
- P_BESS = cp.Variable(time_slot, name="P_BESS")
+ P_BESS = cp.Variable((time_slot, 1), name="P_BESS")
# --- column of data
# base: house
- P_Load = state["P_(t)_(Load)"][current_time:]
+ P_Load = state["P_(t)_(Load)"][current_time:].reshape(-1, 1)
# --- reshaped to the wrong size
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(cp.reshape(P_BESS, (time_slot, 2), order="C") <= 50)
# --- key spelled wrong
# base: house
- P_Load = state["P_(t)_(Load)"][current_time:]
+ P_Load = state["P_(t)(Load)"][current_time:]
# --- key of another notation
# base: house
- lambda_B = state["lambda_(t)_(B)"][current_time:]
+ lambda_B = state["lambda_B"][current_time:]
# --- attribute instead of a key
# base: house
- lambda_B = state["lambda_(t)_(B)"][current_time:]
+ lambda_B = state.lambda_B[current_time:]
# --- name spelled wrong
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BES <= 50)
# --- name never defined
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= P_BESS_MAX)
# --- name used before it is defined
# base: house
- constraints = []
+ constraints = [P_EX == 0]
+ P_EX = P_PV - P_Load
# --- numpy not imported
# base: house
- import numpy as np
+
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= np.full(time_slot, 50))
# --- cvxpy under another name
# base: house
- import cvxpy as cp
+ import cvxpy
# --- import of a module that is not there
# base: house
- import numpy as np
+ import numpy as np
+ import gurobipy as gp
# --- import of a name that is not there
# base: house
- import numpy as np
+ import numpy as np
+ from cvxpy import Variable, Binary
# --- cp.dot
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.dot(lambda_B, cp.pos(P_Grid)) * delta_t
# --- cp.mul_elemwise
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum_entries(cp.mul_elemwise(lambda_B, cp.pos(P_Grid))) * delta_t
# --- cp.max with two arguments
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum(cp.multiply(lambda_B, cp.max(P_Grid, 0))) * delta_t
# --- cp.max of two expressions
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.max(P_BESS, P_PV)
# --- cp.maximum of a list
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.sum(cp.maximum([P_BESS, 0]))
# --- cp.sum of two arguments
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.sum(P_BESS, P_PV)
# --- cp.sum of a list
# base: house
- objective = cp.Minimize(cost_grid + cost_bess + cost_q)
+ objective = cp.Minimize(cp.sum([cost_grid, cost_bess, cost_q]))
# --- cp.hstack without a list
# base: house
- constraints.append(SOC[0] == state["SOC_(0)"] + 0.25 * P_BESS[0] / 200)
+ constraints.append(cp.hstack(state["SOC_(0)"], SOC[:-1]) + 0.25 * P_BESS / 200 == SOC)
# --- cp.zeros
# base: house
- constraints.append(P_PV >= 0)
+ constraints.append(P_PV >= cp.zeros(time_slot))
# --- cp.inf
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= cp.inf)
# --- cp.quad_form of a vector
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.quad_form(P_BESS, 0.001 * np.ones(time_slot))
# --- cp.quad_form of a lopsided matrix
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.quad_form(P_BESS, 0.001 * np.triu(np.ones((time_slot, time_slot))) + np.eye(time_slot))
# --- cp.quad_form of an indefinite matrix
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.quad_form(P_BESS, np.diag([1.0, -1.0] * (time_slot // 2) + [1.0] * (time_slot % 2)) - 0.5 * np.eye(time_slot))
# --- cp.norm with a wrong order
# base: house
- constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
+ constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), "l2", axis=0) <= 110)
# --- cp.norm of a list
# base: house
- constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
+ for t in range(time_slot):
+     constraints.append(cp.norm([P_PV[t], Q_PV[t]]) <= 110)
# --- cp.SOC with a list
# base: house
- constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
+ for t in range(time_slot):
+     constraints.append(cp.SOC(110, [P_PV[t], Q_PV[t]]))
# --- cp.SOC of mismatched shapes
# base: house
- constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
+ constraints.append(cp.SOC(cp.Constant(110), cp.vstack([P_PV, Q_PV])))
# --- cp.diff of one entry
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= 50)
+ constraints.append(cp.diff(P_BESS) <= 30)
# --- cp.diff without a condition but correct slices
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS[1:] - P_BESS[:-1] <= 30)
# --- slices without a condition
# base: house
- if time_slot > 1:
+ if True:
# --- cp.sum of squares with numpy power
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * cp.sum(np.power(P_BESS, 2))
# --- cubic cost
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * cp.sum(cp.power(cp.abs(P_BESS), 3))
# --- cubic cost of a free variable
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.0001 * cp.sum(P_BESS ** 3)
# --- efficiency by a conditional expression
# base: house
- constraints.append(SOC[1:] == SOC[:-1] + 0.25 * P_BESS[1:] / 200)
+ for t in range(1, time_slot):
+     eta = 0.95 if P_BESS[t] >= 0 else 1 / 0.95
+     constraints.append(SOC[t] == SOC[t - 1] + 0.25 * eta * P_BESS[t] / 200)
# --- efficiency of both parts in an equation
# base: house
- constraints.append(SOC[1:] == SOC[:-1] + 0.25 * P_BESS[1:] / 200)
+ constraints.append(SOC[1:] == SOC[:-1] + 0.25 * (0.95 * cp.pos(P_BESS[1:]) - cp.neg(P_BESS[1:]) / 0.95) / 200)
# --- sold energy as a concave part
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid)) - cp.multiply(0.05, cp.neg(P_Grid))) * delta_t
# --- variable made with a wrong shape
# base: house
- SOC = cp.Variable(time_slot, name="SOC")
+ SOC = cp.Variable(time_slot / 1, name="SOC")
# --- variable made of a list
# base: house
- SOC = cp.Variable(time_slot, name="SOC")
+ SOC = cp.Variable([time_slot], name="SOC")
# --- variable with an unknown attribute
# base: house
- SOC = cp.Variable(time_slot, name="SOC")
+ SOC = cp.Variable(time_slot, name="SOC", lower=0.1, upper=0.9)
# --- variable with its name in second place
# base: house
- SOC = cp.Variable(time_slot, name="SOC")
+ SOC = cp.Variable(time_slot, "SOC")
# --- variable with two dimensions by mistake
# base: house
- SOC = cp.Variable(time_slot, name="SOC")
+ SOC = cp.Variable(time_slot, 1)
# --- variable of negative length
# base: house
- SOC = cp.Variable(time_slot, name="SOC")
+ SOC = cp.Variable(current_time - T, name="SOC")
# --- bounds on the wrong way round
# base: house
- SOC = cp.Variable(time_slot, name="SOC")
+ SOC = cp.Variable(time_slot, name="SOC", bounds=[0.9, 0.1])
# --- bounds as a single number
# base: house
- SOC = cp.Variable(time_slot, name="SOC")
+ SOC = cp.Variable(time_slot, name="SOC", bounds=[0.9])
# --- bounds of arrays
# base: house
- SOC = cp.Variable(time_slot, name="SOC")
+ SOC = cp.Variable(time_slot, name="SOC", bounds=[np.full(time_slot, 0.1), None])
# --- both signs at once
# base: house
- P_BESS = cp.Variable(time_slot, name="P_BESS")
+ P_BESS = cp.Variable(time_slot, name="P_BESS", nonneg=True, nonpos=True)
# --- unknown solver
# base: house
- problem.solve(solver=cp.CLARABEL)
+ problem.solve(solver="FOO")
# --- solver attribute that is not there
# base: house
- problem.solve(solver=cp.CLARABEL)
+ problem.solve(solver=cp.CLP)
# --- solver as a number
# base: house
- problem.solve(solver=cp.CLARABEL)
+ problem.solve(solver=1)
# --- solver in lower case
# base: house
- problem.solve(solver=cp.CLARABEL)
+ problem.solve(solver="gurobi")
# --- options of another solver
# base: house
- problem.solve(solver=cp.CLARABEL)
+ problem.solve(solver=cp.GUROBI, verbose=False, MIPGap=0.01, max_iters=100000, eps=1e-6)
# --- value before the solution
# base: house
- problem.solve(solver=cp.CLARABEL)
+ print(P_BESS.value, problem.value, problem.status)
+ first = P_BESS.value[0]
# --- value of a method
# base: house
- return {"P_BESS": P_BESS.value, "P_PV": P_PV.value, "objective": problem.value}
+ return {"P_BESS": P_BESS.value(), "objective": problem.value}
# --- attribute that is not there
# base: house
- return {"P_BESS": P_BESS.value, "P_PV": P_PV.value, "objective": problem.value}
+ return {"P_BESS": P_BESS.val, "objective": problem.value}
# --- attribute of the problem that is not there
# base: house
- return {"P_BESS": P_BESS.value, "P_PV": P_PV.value, "objective": problem.value}
+ return {"objective": problem.optimal_value}
# --- value of a list
# base: house
- return {"P_BESS": P_BESS.value, "P_PV": P_PV.value, "objective": problem.value}
+ return [P_BESS, P_PV].value
# --- format of a missing value
# base: house
- problem.solve(solver=cp.CLARABEL)
+ print(f"{problem.value:.2f}")
# --- infeasible by a hard wish
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= 50)
+ constraints.append(P_Grid <= 5)
+ constraints.append(SOC >= 0.4)
# --- infeasible by signs
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(P_BESS >= 60)
# --- infeasible and read
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(P_BESS >= 60)
- return {"P_BESS": P_BESS.value, "P_PV": P_PV.value, "objective": problem.value}
+ return {"P_BESS": P_BESS.value.tolist()}
# --- infeasible and rounded
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(P_BESS >= 60)
- return {"P_BESS": P_BESS.value, "P_PV": P_PV.value, "objective": problem.value}
+ return {"P_BESS": np.round(P_BESS.value, 2)}
# --- unbounded without a limit
# base: house
- constraints.append(P_PV <= P_PV_max)
+
- constraints.append(cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 110)
+
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum(cp.multiply(lambda_B, P_Grid)) * delta_t
# --- sign of the battery
# base: house
- constraints.append(P_Grid == P_Load + P_BESS - P_PV)
+ constraints.append(P_Grid == P_Load - P_BESS - P_PV)
# --- efficiency forgotten on one side
# base: house
- constraints.append(SOC[1:] == SOC[:-1] + 0.25 * P_BESS[1:] / 200)
+ constraints.append(SOC[1:] == SOC[:-1] + 0.25 * 0.9 * P_BESS[1:] / 200)
# --- step forgotten
# base: house
- constraints.append(SOC[1:] == SOC[:-1] + 0.25 * P_BESS[1:] / 200)
+ constraints.append(SOC[1:] == SOC[:-1] + P_BESS[1:] / 200)
# --- function that returns nothing
# base: house
- return {"P_BESS": P_BESS.value, "P_PV": P_PV.value, "objective": problem.value}
+ print("done", problem.status)
# --- function with two parameters
# base: house
- def prosumer(state):
+ def prosumer(state, params):
# --- function without parameters
# base: house
- def prosumer(state):
+ def prosumer():
# --- missing colon
# base: house
- if time_slot > 1:
+ if time_slot > 1
# --- missing bracket
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append((P_BESS <= 50)
# --- wrong indentation
# base: house
- constraints.append(P_BESS <= 50)
+   constraints.append(P_BESS <= 50)
# --- single equals sign
# base: house
- constraints.append(P_Grid == P_Load + P_BESS - P_PV)
+ constraints.append(P_Grid = P_Load + P_BESS - P_PV)
# --- lambda as a name
# base: house
- lambda_B = state["lambda_(t)_(B)"][current_time:]
+ lambda = state["lambda_(t)_(B)"][current_time:]
# --- string not closed
# base: house
- P_Load = state["P_(t)_(Load)"][current_time:]
+ P_Load = state["P_(t)_(Load)][current_time:]
# --- markdown fence
# base: house
- import numpy as np
+ import numpy as np
+ ```
# --- words between the code
# base: house
- import numpy as np
+ import numpy as np
+ Here is the function:
# --- floor division of a variable
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.sum(P_BESS // 2)
# --- modulo of a variable
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.sum(P_BESS % 2)
# --- variable called
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 * cp.sum_squares(P_BESS(0))
# --- at with a number
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = 0.001 @ cp.sum_squares(P_BESS)
# --- matrix product of wrong shapes
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(np.tril(np.ones((T, T))) @ P_BESS <= 50)
# --- power of a variable to a variable
# base: house
- cost_bess = 0.001 * cp.sum_squares(P_BESS)
+ cost_bess = cp.sum(P_BESS ** SOC)
# --- price star variable
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = lambda_B * cp.pos(P_Grid) * delta_t
# --- price star variable summed
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = cp.sum(lambda_B * cp.pos(P_Grid)) * delta_t
# --- star in a constraint
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(np.ones(time_slot) * P_BESS <= 50)
# --- list of prices star variable
# base: house
- cost_grid = cp.sum(cp.multiply(lambda_B, cp.pos(P_Grid))) * delta_t
+ cost_grid = [0.2] * cp.pos(P_Grid[0:1]) * delta_t
# --- in-place change of an array with an expression
# base: house
- constraints.append(P_Grid == P_Load + P_BESS - P_PV)
+ P_Load += P_BESS
+ constraints.append(P_Grid == P_Load - P_PV)
# --- copy changed with an expression
# base: house
- constraints.append(P_Grid == P_Load + P_BESS - P_PV)
+ total = P_Load.copy()
+ total = total + P_BESS
+ total -= 0
+ total = total - P_PV
+ constraints.append(P_Grid == total)
# --- variable in a set
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= 50)
+ print(len({P_BESS, P_PV, P_BESS}))
# --- variable in a list
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= 50)
+ print(P_BESS in [P_PV, P_BESS])
# --- variable compared with None
# base: house
- constraints.append(P_BESS <= 50)
+ if P_BESS != None:
+     constraints.append(P_BESS <= 50)
# --- variable is not None
# base: house
- constraints.append(P_BESS <= 50)
+ if P_BESS is not None:
+     constraints.append(P_BESS <= 50)
# --- recursion without end
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS <= 50)
+ return prosumer(state)
# --- not a number as a limit
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(P_BESS >= -float("nan"))
# --- not a number in the cost
# base: house
- cost_q = 1e-4 * cp.sum_squares(Q_PV - 5)
+ cost_q = 1e-4 * cp.sum_squares(Q_PV - 5) + float("nan") * cp.sum(Q_PV)
# --- constraint in an equation
# base: house
- constraints.append(P_BESS >= -50)
+ constraints.append(constraints[0] == P_BESS)
# --- attribute of its own
# base: house
- problem.solve(solver=cp.CLARABEL)
+ problem.note = "evening"
+ P_BESS.unit = "kW"
+ problem.solve(solver=cp.CLARABEL)
+ print(problem.note, P_BESS.unit)
# --- status that is set
# base: house
- problem.solve(solver=cp.CLARABEL)
+ problem.status = "optimal"
# --- parameter set by a wrong name
# base: house
- constraints.append(P_BESS <= 50)
+ limit = cp.Parameter(name="limit")
+ limit.Value = 50
+ constraints.append(P_BESS <= limit)
# --- slice by a string
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS["1":] <= 50)
# --- slice by an expression
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_BESS[:P_PV[0]] <= 50)
# --- number modulo an expression
# base: house
- constraints.append(P_BESS <= 50)
+ constraints.append(P_Load % P_BESS <= 50)
