# --- leaves 1
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: cp.Constant(5),
    lambda: cp.Constant(a),
    lambda: cp.Constant([1,2]),
    lambda: cp.Constant("a"),
    lambda: cp.Parameter(),
    lambda: cp.Parameter(3),
    lambda: cp.Parameter(value=5),
    lambda: cp.Parameter(2,value=a),
    lambda: cp.Parameter(nonneg=True,value=-1),
    lambda: cp.Variable(3,nonneg=True),
    lambda: cp.Variable(3,foo=True),
    lambda: cp.Variable("x"),
    lambda: cp.Variable(2.5),
    lambda: cp.Variable(-1),
    lambda: cp.Variable(0),
    lambda: cp.Variable((2,0)),
    lambda: cp.Variable(3,boolean=True),
    lambda: cp.Variable(3,bounds=[0,1]),
    lambda: cp.Variable(3,bounds=[0]),
    lambda: cp.Variable(3,bounds=[1,0]),
    lambda: cp.Variable(3,bounds=(0,1)),
    lambda: cp.Variable(3,nonneg=True,nonpos=True),
    lambda: cp.Variable(3,pos=True),
    lambda: cp.Variable((2,3),symmetric=True),
    lambda: cp.Variable(name=5),
    lambda: cp.Variable(3,5),
    lambda: cp.Variable(3,"n").name(),
    lambda: cp.Variable(shape=3,name="m"),
    lambda: cp.Variable((3,),name="m").shape,
    lambda: cp.Variable([2,3]).shape,
    lambda: cp.Variable(np.int64(3)).shape,
    lambda: cp.Variable(3.0),
    lambda: cp.Variable(True),
    lambda: cp.Variable(None),
    lambda: cp.Variable(2,2),
    lambda: cp.Variable((2,),"a","b"),
    lambda: cp.Variable(3,nonnegative=True),
    lambda: cp.Variable(3,lb=0),
    lambda: cp.Variable(3,integer=True,bounds=[0,5]),
    lambda: cp.Variable(3,value=[1,2,3]).value,
    lambda: cp.Variable(3,value=a).value,
    lambda: cp.Parameter(3,value=[1,2,3]).value,
    lambda: cp.Parameter(value=5).value,
    lambda: cp.Parameter(value=5.0).value,
    lambda: cp.Parameter((2,),value=[1,2])*2,
    lambda: cp.Parameter(nonneg=True,value=[1]),
    lambda: cp.Parameter(2,nonneg=True,value=[1,-1]),
    lambda: cp.Parameter(2,nonpos=True).sign,
    lambda: cp.Constant(a)[0],
    lambda: cp.Constant(3).value,
    lambda: cp.Constant([[1,2],[3,4]]),
    lambda: cp.Constant(a)@x,
    lambda: cp.Constant(),
    lambda: cp.Constant(np.eye(2)).value,
    lambda: cp.Constant(True),
    lambda: cp.Variable(3).T.shape,
)
# --- operators 1
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: x,
    lambda: z,
    lambda: X,
    lambda: x+y,
    lambda: x+1,
    lambda: 1+x,
    lambda: x-a,
    lambda: a-x,
    lambda: 2*x,
    lambda: x*2,
    lambda: x*y,
    lambda: a*x,
    lambda: x*a,
    lambda: X*x,
    lambda: X@x,
    lambda: a@x,
    lambda: x@y,
    lambda: x/2,
    lambda: x/y,
    lambda: 1/x,
    lambda: x**2,
    lambda: x**3,
    lambda: x**0.5,
    lambda: x**-1,
    lambda: x**1.3,
    lambda: x**y,
    lambda: z**2,
    lambda: -x,
    lambda: +x,
    lambda: abs(x),
    lambda: ~x,
    lambda: x&y,
    lambda: x%2,
    lambda: x//2,
    lambda: x<y,
    lambda: x>y,
    lambda: x!=y,
    lambda: bool(x),
    lambda: not x,
    lambda: x and y,
    lambda: if_,
    lambda: len(x),
    lambda: len(z),
    lambda: len(X),
    lambda: list(x),
    lambda: list(z),
    lambda: sum(x),
    lambda: sum([x[0],x[1]]),
    lambda: sum(x[i] for i in range(3)),
    lambda: max(x),
    lambda: min(x[0],x[1]),
    lambda: max(x,y),
    lambda: round(x),
    lambda: float(x),
    lambda: int(z),
    lambda: float(z),
    lambda: x+np.ones(2),
    lambda: x+col,
    lambda: x-col,
    lambda: col+np.ones(3),
)
# --- operators 2
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: X+np.ones(2),
    lambda: X@np.ones(2),
    lambda: x@5,
    lambda: 5@x,
    lambda: z@z,
    lambda: {"a":x},
    lambda: x is x,
    lambda: x in [x],
    lambda: x in [y],
    lambda: x+None,
    lambda: x+"a",
    lambda: None+x,
    lambda: x*"a",
    lambda: x*None,
    lambda: x+[1,2,3],
    lambda: [1,2,3]+x,
    lambda: [1,2]+x,
    lambda: x+(1,2,3),
    lambda: x+{1:2},
    lambda: x+True,
    lambda: x*[1,2,3],
    lambda: {x:1}[x],
    lambda: x(),
    lambda: a@x+cp.sum(y),
    lambda: f"{x}",
    lambda: f"{x[0]:.2f}",
    lambda: f"{z.value:.2f}",
    lambda: "%s"%(x+1),
    lambda: x**[1,2,3],
    lambda: x**x,
    lambda: x**2.5,
    lambda: x**"a",
    lambda: list(X),
    lambda: [v for v in x],
    lambda: min(x),
    lambda: max(x[0],x[1]),
    lambda: max(0,z),
    lambda: abs(z),
    lambda: round(z),
    lambda: x or y,
    lambda: x if z else y,
    lambda: x-np.float64(2),
    lambda: x/np.float64(2),
    lambda: a<x,
    lambda: a+x,
    lambda: a/x,
    lambda: x*a[0],
    lambda: X*a,
    lambda: X*np.ones((2,3)),
    lambda: X@a,
    lambda: X/a,
    lambda: x/0,
    lambda: x/z,
    lambda: x%y,
    lambda: divmod(x,2),
    lambda: x|1,
    lambda: x>1,
    lambda: issubclass(cp.Variable,cp.Expression),
)
# --- indices 1
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: x[0],
    lambda: x[1:],
    lambda: x[-1],
    lambda: x[5],
    lambda: x[0,0],
    lambda: x[[0,2]],
    lambda: x[np.array([True,False,True])],
    lambda: x["a"],
    lambda: x[1.5],
    lambda: x[:],
    lambda: x[::2],
    lambda: x[::-1],
    lambda: X[0],
    lambda: X[:,1],
    lambda: X[0,1],
    lambda: X[5,0],
    lambda: X[1,:],
    lambda: z[0],
    lambda: x[0]=1,
    lambda: X[0][1],
    lambda: X[0,:]+x,
    lambda: a[0]*x,
    lambda: x[3],
    lambda: x[-4],
    lambda: x[:1],
    lambda: x[0,1],
    lambda: x[:,0],
    lambda: x[[0,5]],
    lambda: x[[True,False,True]],
    lambda: x[np.array([0,2])],
    lambda: x[np.array([True,False])],
    lambda: x[a>1.5],
    lambda: x[a],
    lambda: x[x],
    lambda: x[np.int64(1)],
    lambda: x[True],
    lambda: X[0:1],
    lambda: X[:,1:],
    lambda: X[1,::2],
    lambda: X[0,5],
    lambda: X[5],
    lambda: X[:,[0,2]],
    lambda: X[[0,1],[1,2]],
    lambda: X[0,1,2],
    lambda: X[-1,-1],
    lambda: z[()],
    lambda: z[:],
    lambda: b[0],
    lambda: p[0],
    lambda: a[0]+x[1:],
    lambda: x[1:][1:],
    lambda: x[1:]+x[:-1],
    lambda: x[0].value,
)
# --- constraints 1
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: x<=y,
    lambda: x>=y,
    lambda: x==y,
    lambda: x<=5,
    lambda: 5<=x,
    lambda: a<=x,
    lambda: a>=x,
    lambda: a==x,
    lambda: 0<=x,
    lambda: 0<=x<=5,
    lambda: bool(x<=5),
    lambda: x<=5 and x>=0,
    lambda: cp.SOC(z,x),
    lambda: cp.norm(x)<=z,
    lambda: cp.Problem(cp.Minimize(z),[z>=0]),
    lambda: cp.Problem(cp.Minimize(z),z>=0),
    lambda: cp.Problem(cp.Minimize(z),[[z>=0]]),
    lambda: cp.Problem(cp.Minimize(z),constraints=[z>=0]),
    lambda: cp.Problem(cp.Minimize(cp.sum(x)),[x>=0,x<=y]),
    lambda: cp.Problem(cp.Minimize(z),[z>=0]).status,
    lambda: cp.Problem(cp.Minimize(z),[z>=0]).value,
    lambda: x<=np.ones(2),
    lambda: x==np.ones(2),
    lambda: x<=col,
    lambda: [x>=0,x<=1],
    lambda: x==None,
    lambda: x>=[0,0,0],
    lambda: cp.norm(cp.hstack([z,1]))<=q,
    lambda: cp.sum_squares(x)<=25,
    lambda: cp.square(x[0])+cp.square(x[1])<=100**2,
    lambda: cp.indicator([x>=0]),
    lambda: cp.SOC(z,x,axis=0),
    lambda: cp.SOC(x,X),
    lambda: cp.SOC(x,X,axis=1),
    lambda: cp.SOC(z,[x]),
    lambda: cp.SOC(z,a),
    lambda: cp.SOC(5,x),
    lambda: cp.SOC(x,y),
    lambda: cp.SOC(z,X),
    lambda: cp.SOC(z),
    lambda: cp.SOC(z,z),
    lambda: cp.SOC(z,cp.hstack([z,1])),
    lambda: cp.SOC(cp.Constant(3),x).shape,
    lambda: np.float64(2)<=x,
    lambda: np.float64(1)<=z,
    lambda: (0<=x)<=5,
    lambda: x==x==x,
    lambda: (x>=0)+1,
    lambda: (x>=0) and (x<=1),
    lambda: (x>=0) & (x<=1),
    lambda: not (x>=0),
    lambda: [x>=0]+[x<=1],
    lambda: x[1:]==x[:-1]+y,
    lambda: type(x<=1),
    lambda: isinstance(x<=1,cp.constraints.constraint.Constraint),
    lambda: isinstance(x<=1,cp.Constraint),
    lambda: (x<=1).dual_value,
    lambda: (x<=1).is_dcp(),
    lambda: (x<=1).violation(),
    lambda: (x<=1).args,
)
# --- constraints 2
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: (x<=1).expr,
    lambda: (x<=1).shape,
    lambda: (x<=1).foo,
    lambda: (x<=1).name(),
    lambda: (x<=1).constr_id>0,
    lambda: str(x<=1),
    lambda: repr(x==1),
    lambda: f"{x<=1}",
    lambda: hash(x<=1)>0,
    lambda: (x<=1)==(x<=1),
    lambda: len(x<=1),
    lambda: (x<=1)[0],
    lambda: cp.SOC(),
)
# --- atoms 1
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: cp.sum(x),
    lambda: cp.sum(X,axis=0),
    lambda: cp.sum(X,axis=1,keepdims=True),
    lambda: cp.sum([x,y]),
    lambda: cp.sum(5),
    lambda: cp.sum(),
    lambda: cp.sum(x,foo=1),
    lambda: cp.multiply(a,x),
    lambda: cp.multiply(x,y),
    lambda: cp.multiply(np.ones(2),x),
    lambda: cp.multiply(x),
    lambda: cp.square(x),
    lambda: cp.square("a"),
    lambda: cp.power(x,2),
    lambda: cp.power(x),
    lambda: cp.power(x,y),
    lambda: cp.abs(x),
    lambda: cp.pos(x),
    lambda: cp.neg(x),
    lambda: cp.max(x),
    lambda: cp.min(x),
    lambda: cp.max(x,0),
    lambda: cp.maximum(x,0),
    lambda: cp.maximum(x,y,1),
    lambda: cp.maximum(x),
    lambda: cp.maximum(),
    lambda: cp.maximum(x,np.ones(2)),
    lambda: cp.minimum(x,1),
    lambda: cp.norm(x),
    lambda: cp.norm(x,1),
    lambda: cp.norm(x,"inf"),
    lambda: cp.norm(x,2),
    lambda: cp.norm(X,"fro"),
    lambda: cp.norm(X,axis=1),
    lambda: cp.norm1(x),
    lambda: cp.norm2(x),
    lambda: cp.norm_inf(x),
    lambda: cp.sum_squares(x),
    lambda: cp.quad_form(x,np.eye(3)),
    lambda: cp.quad_form(x,np.eye(2)),
    lambda: cp.quad_form(x,-np.eye(3)),
    lambda: cp.quad_over_lin(x,z),
    lambda: cp.hstack([x,y]),
    lambda: cp.hstack(x,y),
    lambda: cp.hstack([1,x]),
    lambda: cp.vstack([x,y]),
    lambda: cp.bmat([[x,y]]),
    lambda: cp.reshape(x,(3,1),order="C"),
    lambda: cp.reshape(x,(3,1)),
    lambda: cp.reshape(x,(2,2),order="C"),
    lambda: cp.vec(X,order="C"),
    lambda: cp.cumsum(x),
    lambda: cp.diff(x),
    lambda: cp.diff(x[0:1]),
    lambda: cp.diff(z),
    lambda: cp.sqrt(x),
    lambda: cp.inv_pos(x),
    lambda: cp.huber(x),
    lambda: cp.kron(np.eye(2),X),
    lambda: cp.trace(cp.Variable((2,2),name="A")),
)
# --- atoms 2
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: cp.diag(x),
    lambda: cp.mean(x),
    lambda: cp.sum_largest(x,2),
    lambda: cp.tv(x),
    lambda: cp.multiply(x,col),
    lambda: cp.sums(x),
    lambda: cp.summ(x),
    lambda: cp.dot(a,x),
    lambda: cp.zeros(3),
    lambda: cp.inf,
    lambda: cp.variable(3),
    lambda: cp.Varable(3),
    lambda: cp.installed_solvers(),
    lambda: cp.OPTIMAL,
    lambda: cp.INFEASIBLE,
    lambda: cp.__version__,
    lambda: cp.CLARABEL,
    lambda: cp.ECOS,
    lambda: cp.OSQP,
    lambda: cp.GUROBI,
    lambda: cp.settings.OPTIMAL,
    lambda: cp.error.DCPError,
    lambda: cp.SolverError,
    lambda: cp.DCPError,
    lambda: cp.outer(a,x),
    lambda: cp.sum(x)+5,
    lambda: cp.sum(cp.multiply(a,x)),
    lambda: cp.sum(a*x),
    lambda: cp.sum(x*y),
    lambda: cp.max(x,axis=3),
    lambda: cp.max(x,y),
    lambda: cp.max([x,y]),
    lambda: cp.max([1,2,3]),
    lambda: cp.max(3),
    lambda: cp.min(x,1.5),
    lambda: cp.norm(x,axis=1),
    lambda: cp.norm(X,1),
    lambda: cp.norm(X,"inf"),
    lambda: cp.norm(X,np.inf),
    lambda: cp.norm(X,3),
    lambda: cp.norm(X,1,axis=0),
    lambda: cp.norm(z),
    lambda: cp.norm(x,"foo"),
    lambda: cp.norm(x,0),
    lambda: cp.norm(x,np.inf),
    lambda: cp.norm([x,y]),
    lambda: cp.norm([z,z]),
    lambda: cp.norm(np.array([3.0,4.0])),
    lambda: cp.norm(col),
    lambda: cp.pnorm(x,2),
    lambda: cp.pnorm(x,1),
    lambda: cp.pnorm(x,np.inf),
    lambda: cp.mean(X,axis=0),
    lambda: cp.mean(X,0,True),
    lambda: cp.std(x),
    lambda: cp.var(x),
    lambda: cp.sum_squares(X),
    lambda: cp.sum_squares(z),
    lambda: cp.sum_squares([x,y]),
    lambda: cp.sum_largest(x,0),
)
# --- atoms 3
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: cp.sum_smallest(x,2),
    lambda: cp.quad_over_lin(x,2),
    lambda: cp.quad_over_lin(x,y),
    lambda: cp.quad_over_lin(x,0),
    lambda: cp.quad_over_lin(x,-1),
    lambda: cp.quad_form(x,np.ones(3)),
    lambda: cp.quad_form(x,y),
    lambda: cp.quad_form(x,2),
    lambda: cp.quad_form(x,np.array([[1.0,2,0],[0,1,0],[0,0,1]])),
    lambda: cp.quad_form(x,np.diag([1.0,-1,0])),
    lambda: cp.quad_form(x,np.diag(a)),
    lambda: cp.quad_form(z,np.eye(1)),
    lambda: cp.quad_form(x),
    lambda: cp.huber(x,0.5),
    lambda: cp.huber(x,-1),
    lambda: cp.huber(x,M=2),
    lambda: cp.huber(x,z),
    lambda: cp.power(x,1),
    lambda: cp.power(x,3),
    lambda: cp.power(x,-2),
    lambda: cp.power(x,0.3),
    lambda: cp.power(2,3),
    lambda: cp.power(x,[1,2,3]),
    lambda: cp.square(5),
    lambda: cp.square([x]),
    lambda: cp.square(x,y),
    lambda: cp.square(),
    lambda: cp.abs(),
    lambda: cp.abs(x,y),
    lambda: cp.abs([x]),
    lambda: cp.abs([1,-2]),
    lambda: cp.abs("a"),
    lambda: cp.abs(None),
    lambda: cp.pos(-3),
    lambda: cp.maximum(0,x),
    lambda: cp.maximum(x,[1,2,3]),
    lambda: cp.maximum([x,y]),
    lambda: cp.maximum(x,y,axis=0),
    lambda: cp.maximum(x,X),
    lambda: cp.maximum(z,x),
    lambda: cp.maximum(x,None),
    lambda: cp.multiply(x,a,y),
    lambda: cp.multiply(z,x),
    lambda: cp.multiply(2,x),
    lambda: cp.multiply([1,2,3],x),
    lambda: cp.multiply(x,X),
    lambda: cp.multiply(X,a),
    lambda: cp.multiply("a",x),
    lambda: cp.multiply(p,x),
    lambda: cp.multiply(p,q),
    lambda: cp.matmul(a,x),
    lambda: cp.matmul(x,5),
    lambda: cp.matmul(X,x),
    lambda: cp.hstack([]),
    lambda: cp.vstack([]),
    lambda: cp.hstack(x),
    lambda: cp.hstack(z),
    lambda: cp.hstack([X,X]),
    lambda: cp.hstack([z,z]),
    lambda: cp.hstack([x[0],5,x]),
)
# --- atoms 4
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: cp.hstack((x,y)),
    lambda: cp.hstack([a,a]),
    lambda: cp.hstack(np.array([1,2])),
    lambda: cp.vstack(x),
    lambda: cp.vstack([z,z]),
    lambda: cp.vstack([x,X]),
    lambda: cp.vstack([1,2]),
    lambda: cp.vstack([x,y,a]),
    lambda: cp.vstack(x,y),
    lambda: cp.concatenate([x,y]),
    lambda: cp.concatenate([X,X],axis=1),
    lambda: cp.concatenate((x,y)),
    lambda: cp.concatenate([]),
    lambda: cp.concatenate([x,[1,2]]),
    lambda: cp.stack([x,y]),
    lambda: cp.stack([x,y],axis=1),
    lambda: cp.stack([z,z]),
    lambda: cp.stack([]),
    lambda: cp.stack([x,z]),
    lambda: cp.bmat([[x,y],[y,x]]),
    lambda: cp.bmat([[z,1],[1,z]]),
    lambda: cp.bmat([x,y]),
    lambda: cp.bmat([[X],[X]]),
    lambda: cp.reshape(x,3,order="F"),
    lambda: cp.reshape(x,-1,order="C"),
    lambda: cp.reshape(X,(3,-1),order="C"),
    lambda: cp.reshape(X,(-1,4),order="C"),
    lambda: cp.reshape(x,(3,1),order="A"),
    lambda: cp.reshape(x,(3,1),"C"),
    lambda: cp.reshape(x,[3,1],order="C"),
    lambda: cp.reshape(x),
    lambda: cp.vec(X),
    lambda: cp.vec(X,order="F"),
    lambda: cp.vec(x,order="C"),
    lambda: cp.cumsum(X,axis=1),
    lambda: cp.cumsum(X),
    lambda: cp.cumsum(x,1),
    lambda: cp.cumsum([1,2,3]),
    lambda: cp.diff(X,axis=1),
    lambda: cp.diff(X),
    lambda: cp.diff(x,2),
    lambda: cp.diff(x,k=3),
    lambda: cp.diff(a),
    lambda: cp.diff(x,axis=1),
    lambda: cp.kron(x,y),
    lambda: cp.kron(a,x),
    lambda: cp.kron(X,X),
    lambda: cp.kron(np.eye(2),np.eye(2)),
    lambda: cp.trace(X),
    lambda: cp.trace(np.eye(3)@cp.diag(x)),
    lambda: cp.diag(X),
    lambda: cp.diag(a),
    lambda: cp.diag(cp.diag(x)),
    lambda: cp.tv(z),
    lambda: cp.outer(x,a),
    lambda: cp.outer(x,X),
    lambda: cp.squeeze(col),
    lambda: cp.squeeze(x),
    lambda: cp.squeeze(col,axis=0),
    lambda: cp.transpose(X),
)
# --- atoms 5
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: cp.promote(z,(3,)),
    lambda: cp.promote(x,(3,3)),
    lambda: cp.broadcast_to(x,(2,3)),
    lambda: cp.broadcast_to(x,(2,2)),
    lambda: cp.inv_pos(0),
    lambda: cp.inv_pos(2),
    lambda: cp.sqrt(4),
    lambda: cp.sqrt(-4),
    lambda: cp.Inequality(x,y),
    lambda: cp.Equality,
    lambda: cp.Expression,
    lambda: cp.square(x).curvature,
    lambda: cp.square(x).sign,
    lambda: cp.quad_over_lin(),
    lambda: cp.sum_squares(),
    lambda: cp.sum_squares(x,y),
    lambda: cp.max(),
    lambda: cp.norm(),
    lambda: cp.hstack(),
    lambda: cp.vstack(),
    lambda: cp.reshape(),
    lambda: cp.cumsum(),
    lambda: cp.diff(),
    lambda: cp.power(),
    lambda: cp.huber(),
    lambda: cp.inv_pos(),
    lambda: cp.pos(),
    lambda: cp.mean(),
    lambda: cp.kron(),
    lambda: cp.diag(),
    lambda: cp.trace(),
    lambda: cp.vec(),
    lambda: cp.bmat(),
    lambda: cp.matmul(),
)
# --- problems 1
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: cp.Minimize(z),
    lambda: cp.Minimize(x),
    lambda: cp.Minimize(5),
    lambda: cp.Minimize("a"),
    lambda: cp.Minimize(),
    lambda: cp.Minimize(cp.sum(x)),
    lambda: cp.Maximize(cp.sum(x)),
    lambda: cp.Minimize(z)+cp.Minimize(z),
    lambda: cp.Minimize(z)+cp.Maximize(z),
    lambda: 2*cp.Minimize(z),
    lambda: -cp.Minimize(z),
    lambda: cp.Problem(cp.Minimize(z)),
    lambda: cp.Problem(z),
    lambda: cp.Problem(),
    lambda: cp.Problem(cp.Minimize(z),[True]),
    lambda: cp.Problem(cp.Minimize(z),[z]),
    lambda: cp.Minimize,
    lambda: type(cp.Minimize(z)),
    lambda: str(cp.Minimize(z)),
    lambda: cp.Maximize(),
)
# --- attributes 1
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: x.shape,
    lambda: x.value,
    lambda: x.size,
    lambda: x.ndim,
    lambda: x.name(),
    lambda: x.T,
    lambda: X.T,
    lambda: x.sign,
    lambda: x.curvature,
    lambda: (x**2).curvature,
    lambda: x.is_convex(),
    lambda: x.is_dcp(),
    lambda: x.foo,
    lambda: x.sum(),
    lambda: x.mean(),
    lambda: x.max(),
    lambda: x.value=[1,2],
    lambda: x.reshape((3,1),order="C"),
    lambda: x.reshape(3,1),
    lambda: x.flatten(),
    lambda: X.flatten(order="C"),
    lambda: X.sum(axis=0),
    lambda: X.sum(0),
    lambda: X.max(axis=1),
    lambda: x.std(),
    lambda: X.T.T,
    lambda: x.item(),
    lambda: x.tolist(),
    lambda: x.dot(a),
    lambda: x.clip(0,1),
    lambda: x.shape[0],
    lambda: (x+1).value,
    lambda: p.value,
    lambda: z.name(),
    lambda: (x+1).name(),
    lambda: (x*y).is_dcp(),
    lambda: x.is_nonneg(),
    lambda: x.variables(),
    lambda: (x+p).parameters(),
    lambda: (x+1).args,
    lambda: x.args,
    lambda: x.attributes["nonneg"],
    lambda: x.id>0,
    lambda: x.is_scalar(),
    lambda: X.is_vector(),
    lambda: X.is_matrix(),
    lambda: x.is_affine(),
    lambda: x.is_constant(),
    lambda: p.is_constant(),
    lambda: type(x),
    lambda: type(x+1),
    lambda: type(x[0]),
    lambda: type(cp.sum(x)),
    lambda: isinstance(x,cp.Variable),
    lambda: isinstance(x+1,cp.Expression),
    lambda: isinstance(x,cp.Expression),
    lambda: isinstance(p,cp.Parameter),
)
# --- functions of numpy 1
import numpy as np
import cvxpy as cp

x, y = cp.Variable(3, name="x"), cp.Variable(3, name="y")
z, X, col = cp.Variable(name="z"), cp.Variable((2, 3), name="X"), cp.Variable((3, 1), name="col")
a, b = np.array([1.0, 2.0, 3.0]), cp.Variable(2, boolean=True, name="b")
p, q = cp.Parameter(3, name="p"), cp.Parameter(nonneg=True, name="q")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(repr(r), r, sep="; ")


show(
    lambda: np.sum(x),
    lambda: np.abs(x),
    lambda: np.maximum(x,0),
    lambda: np.maximum(0,x),
    lambda: np.minimum(x,0),
    lambda: np.multiply(a,x),
    lambda: np.multiply(x,a),
    lambda: np.dot(a,x),
    lambda: np.dot(x,a),
    lambda: np.square(x),
    lambda: np.sqrt(x),
    lambda: np.add(x,1),
    lambda: np.mean(x),
    lambda: np.max(x),
    lambda: np.cumsum(x),
    lambda: np.diff(x),
    lambda: np.array(x),
    lambda: np.array([x[0],x[1]]),
    lambda: np.sum([x[0],x[1]]),
    lambda: np.concatenate([x,y]),
    lambda: np.hstack([x,y]),
    lambda: np.vstack([x,y]),
    lambda: np.linalg.norm(x),
    lambda: np.clip(x,0,1),
    lambda: np.exp(x),
    lambda: np.zeros(3)+x,
    lambda: np.where(x>0,x,0),
    lambda: np.reshape(x,(3,1)),
    lambda: np.sum(x,axis=0),
    lambda: np.power(x,2),
    lambda: np.outer(a,x),
    lambda: np.any(x),
    lambda: np.asarray(x),
    lambda: np.full(3,x),
    lambda: np.isnan(x),
    lambda: np.ones(2)@x,
    lambda: np.hstack([x[0],x[1]]),
    lambda: np.array([x,y]),
    lambda: np.sum([x,y]),
    lambda: np.dot(np.ones((2,3)),x),
    lambda: np.add(a,x),
    lambda: np.minimum(a,x),
    lambda: np.where(a>1,x,y),
    lambda: np.isfinite(x),
    lambda: np.zeros(3)@x,
    lambda: np.float64(2)*x,
    lambda: np.float64(2)*z,
    lambda: np.int64(2)*x,
    lambda: np.float64(2)-x,
    lambda: np.float64(2)/x,
    lambda: np.array([True,False,True])*x,
    lambda: np.array([1,2,3],dtype=object)*x,
    lambda: np.array(2.0)*x,
    lambda: np.array([[1.0],[2.0]])*z,
    lambda: np.ones((2,3))*x,
    lambda: np.ones((2,3))+x,
    lambda: np.ones((3,2))*x,
)
# --- shapes
import numpy as np
import cvxpy as cp

X, Y, Z = cp.Variable((2, 3), name="X"), cp.Variable((2, 2), name="Y"), cp.Variable((3, 3), name="Z")
C, R, W = cp.Variable((2, 1), name="C"), cp.Variable((1, 3), name="R"), cp.Variable((4, 1), name="W")


def show(*functions):
    for f in functions:
        try:
            r = f()
        except Exception as e:
            print(type(e).__name__, e)
        else:
            print(r.shape, r, sep="; ")


show(
    lambda: X+Y,
    lambda: Y+X,
    lambda: X+Z,
    lambda: Z+X,
    lambda: X+C,
    lambda: C+X,
    lambda: X+R,
    lambda: R+X,
    lambda: X+W,
    lambda: W+X,
    lambda: X+np.ones((2,4)),
    lambda: np.ones((2,4))+X,
    lambda: X+np.ones((4,3)),
    lambda: np.ones((4,3))+X,
    lambda: X-Y,
    lambda: Y-X,
    lambda: X-Z,
    lambda: Z-X,
    lambda: X-C,
    lambda: C-X,
    lambda: X-R,
    lambda: R-X,
    lambda: X-W,
    lambda: W-X,
    lambda: X-np.ones((2,4)),
    lambda: np.ones((2,4))-X,
    lambda: X-np.ones((4,3)),
    lambda: np.ones((4,3))-X,
    lambda: X/Y,
    lambda: Y/X,
    lambda: X/Z,
    lambda: Z/X,
    lambda: X/C,
    lambda: C/X,
    lambda: X/R,
    lambda: R/X,
    lambda: X/W,
    lambda: W/X,
    lambda: X/np.ones((2,4)),
    lambda: np.ones((2,4))/X,
    lambda: X/np.ones((4,3)),
    lambda: np.ones((4,3))/X,
    lambda: X<=Y,
    lambda: Y<=X,
    lambda: X<=Z,
    lambda: Z<=X,
    lambda: X<=C,
    lambda: C<=X,
    lambda: X<=R,
    lambda: R<=X,
    lambda: X<=W,
    lambda: W<=X,
    lambda: X<=np.ones((2,4)),
    lambda: np.ones((2,4))<=X,
    lambda: X<=np.ones((4,3)),
    lambda: np.ones((4,3))<=X,
    lambda: X==Y,
    lambda: Y==X,
    lambda: X==Z,
    lambda: Z==X,
    lambda: X==C,
    lambda: C==X,
    lambda: X==R,
    lambda: R==X,
    lambda: X==W,
    lambda: W==X,
    lambda: X==np.ones((2,4)),
    lambda: np.ones((2,4))==X,
    lambda: X==np.ones((4,3)),
    lambda: np.ones((4,3))==X,
    lambda: cp.multiply(X,Y),
    lambda: cp.maximum(X,Y),
    lambda: cp.multiply(C,Y),
    lambda: cp.multiply(X,Z),
    lambda: cp.maximum(X,Z),
    lambda: cp.multiply(C,Z),
    lambda: cp.multiply(X,W),
    lambda: cp.maximum(X,W),
    lambda: cp.multiply(C,W),
    lambda: cp.multiply(X,np.ones((2,4))),
    lambda: cp.maximum(X,np.ones((2,4))),
    lambda: cp.multiply(C,np.ones((2,4))),
    lambda: C+W,
    lambda: R+W,
    lambda: C<=W,
    lambda: np.ones((2,1))<=W,
)
