package cp

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

var solveArgs = py.NewSignature("Problem._solve",
	"solver=, warm_start=, verbose=, bibtex=, gp=, qcp=, requires_grad=, enforce_dpp=, ignore_dpp=, canon_backend=, nlp=, **kwargs")

func init() { solveArgs.Method() }

// solverNames are the solvers that cvxpy knows, installed or not. All of them
// are answered by package conic.
var solverNames = strings.Fields(`CBC CLARABEL COPT COSMO CPLEX CUCLARABEL CUOPT CVXOPT DAQP DIFFCP ECOS ECOS_BB GLOP GLPK
	GLPK_MI GUROBI HIGHS IPOPT KNITRO MOREAU MOSEK MPAX NAG OSQP PDCS PDLP PIQP PROXQP QOCO QPALM SCIP SCIPY SCS UNO XPRESS`)

// installedSolvers are those that come with cvxpy.
var installedSolvers = strings.Fields("CLARABEL SCS ECOS SCIPY HIGHS QOCO ECOS_BB OSQP PIQP")

// solve is Problem.solve. The solver that is asked for by name, and its
// options, make no difference here.
func (p *Problem) solve(in *py.Interp, a py.Args) (py.Value, error) {
	b, err := solveArgs.Bind(a)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"gp", "qcp", "requires_grad", "nlp"} {
		if v := b.Get(name); v != nil {
			if yes, err := in.Truth(v); err != nil || yes {
				return nil, errors.Join(err, py.Unsupported("Problem.solve(%s=True) is not supported", name))
			}
		}
	}
	for _, e := range p.parameters {
		if !p.s.isNumber(e) {
			continue
		}
		if _, ok := p.s.values[e]; !ok {
			return nil, parameterError.New("A Parameter (whose name is '%s') does not have a value associated with it; all Parameter objects must have values before solving a problem.", e.Name())
		}
	}
	if err := p.compile(in); err != nil {
		return nil, err
	}
	if err := p.chooseSolver(b.Get("solver")); err != nil {
		return nil, err
	}
	if err := p.run(in); err != nil {
		return nil, err
	}
	return p.value, nil
}

// chooseSolver checks the name of a solver.
func (p *Problem) chooseSolver(v py.Value) error {
	p.solver = "CLARABEL"
	if p.integers() {
		p.solver = "HIGHS"
	}
	if v == nil || v == py.Value(py.None) {
		return nil
	}
	name, ok := v.(py.Str)
	if !ok {
		return solverError.New("The solver argument must be a string, a Solver instance, or None.")
	}
	upper := strings.ToUpper(string(name))
	if !slices.Contains(solverNames, upper) {
		return solverError.New("The solver %s is not installed.", upper)
	}
	p.solver = upper
	return nil
}

// compile checks and lowers the problem, once.
func (p *Problem) compile(in *py.Interp) error {
	if p.program != nil {
		return nil
	}
	if err := p.payLowering(in); err != nil {
		return err
	}
	var err error
	if p.s.Cache != nil {
		p.program, err = p.s.Cache.Compile(p.convex)
	} else {
		p.program, err = p.convex.Compile()
	}
	var dcp *convex.DCPError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &dcp):
		p.s.Hint = dcpHint(dcp)
		return dcpError.New("%s", dcpMessage(p.convex, dcp))
	}
	return wordError(err)
}

// payLowering pays for walking the problem and for its coefficients.
func (p *Problem) payLowering(in *py.Interp) error {
	total := p.s.costOf(p.objective.e)
	for _, c := range p.constraints {
		for _, e := range c.c.Args() {
			d := p.s.costOf(e)
			total.work += d.work
			total.nnz += d.nnz * max(1, int64(c.c.Shape().Size()/max(1, e.Size())))
		}
	}
	if total.work > mostWork || total.nnz > mostNNZ {
		return py.OverBudget("the problem is too large: written out, it would have more than %d parts", mostWork)
	}
	if err := in.Step(int(total.work)); err != nil {
		return err
	}
	// The memory is needed while the problem is lowered only.
	bytes := int(total.nnz) * 48
	if err := in.Alloc(bytes); err != nil {
		return err
	}
	in.Free(bytes)
	return nil
}

// Bytes that a solver needs for each row or column and for each coefficient,
// a generous guess of the fill of its factorisation included.
const (
	bytesPerLine        = 6000
	bytesPerCoefficient = 150
)

// run solves the compiled problem and hands out values.
func (p *Problem) run(in *py.Interp) error {
	for _, e := range p.parameters {
		if !p.s.isNumber(e) {
			return dataError(slices.Contains(p.objective.e.Parameters(), e))
		}
		if err := p.program.Set(e, p.s.values[e]); err != nil {
			return wordError(err)
		}
	}
	form, err := p.program.Conic()
	if err != nil {
		return wordError(err)
	}
	bytes := bytesPerLine*(form.A.Rows+form.A.Cols) + bytesPerCoefficient*(len(form.A.Val)+len(form.P.Val))
	if err := in.Alloc(bytes); err != nil {
		return err
	}
	defer in.Free(bytes)
	if err := in.Step(form.A.Rows + form.A.Cols + len(form.A.Val) + len(form.P.Val)); err != nil {
		return err
	}
	ctx, cancel := in.Context()
	defer cancel()
	start := time.Now()
	solution, err := p.program.Solve(ctx, convex.Options{})
	p.seconds = time.Since(start).Seconds()
	if ctx.Err() != nil {
		return py.OverBudget("the solver did not finish within the program's time")
	}
	if err != nil {
		return wordError(err)
	}
	p.solution = solution
	return p.unpack(in)
}

// dataError words numbers that are none, among coefficients or limits.
func dataError(coefficients bool) error {
	what := "NaN"
	if coefficients {
		what = "NaN or Inf"
	}
	return py.ValueError.New("Problem data contains %s. Check your parameter values and constants.", what)
}

// unpack gives variables, constraints and the problem their values.
func (p *Problem) unpack(in *py.Interp) error {
	s := p.solution
	maximize := p.objective.maximize
	infinity := func(sign int) py.Value {
		if maximize {
			sign = -sign
		}
		return py.Float(math.Inf(sign))
	}
	switch s.Status {
	case convex.Solved:
		p.status = "optimal"
	case convex.Inaccurate, convex.NodeLimit:
		p.status = "optimal_inaccurate"
		in.Warn("UserWarning", "Solution may be inaccurate. Try another solver, adjusting the solver settings, or solve with verbose=True for more information.")
	case convex.Infeasible:
		p.status, p.value = "infeasible", infinity(1)
	case convex.Unbounded:
		p.status, p.value = "unbounded", infinity(-1)
	default:
		return solverError.New("Solver '%s' failed. Try another solver, or solve with verbose=True for more information.", p.solver)
	}
	solved := p.status == "optimal" || p.status == "optimal_inaccurate"
	if err := in.AllocN(len(p.constraints), 16); err != nil {
		return err
	}
	for _, e := range p.variables {
		if v := s.Value(e); solved && (v != nil || e.Size() == 0) {
			p.s.values[e] = v
		} else {
			delete(p.s.values, e)
		}
		if x := p.s.leaves[e]; x != nil {
			x.leaf.given = nil
		}
	}
	for k, c := range p.constraints {
		if s.Status == convex.Unbounded {
			c.dual = make([]float64, c.entries())
			continue
		}
		c.dual = scatter(s.Dual(p.rows[k]), p.left[k], c.c.Shape().Size())
	}
	if solved {
		p.value = scalarValue(p.objective.e, s.Scalar(p.objective.e))
	}
	p.s.Solved = append(p.s.Solved, Solved{p.line, p.convex, p.program, s, p.status})
	return nil
}
