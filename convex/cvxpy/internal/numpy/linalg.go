package numpy

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

var linAlgError = py.NewExceptionType("numpy.linalg", "LinAlgError", py.ValueError)

// dense converts a matrix for gonum; square says what numpy checks first.
func dense(in *py.Interp, a *Array, square bool) (*mat.Dense, error) {
	if a.ndim() < 2 {
		return nil, linAlgError.New("%d-dimensional array given. Array must be at least two-dimensional", a.ndim())
	}
	if a.ndim() > 2 {
		return nil, py.Unsupported("linear algebra on stacks of matrices is not supported")
	}
	n, m := a.shape[0], a.shape[1]
	if square && n != m {
		return nil, linAlgError.New("Last 2 dimensions of the array must be square")
	}
	if n == 0 || m == 0 {
		return nil, py.Unsupported("linear algebra on empty matrices is not supported")
	}
	k := max(n, m)
	if k > 1<<20 {
		return nil, in.Step(1 << 62)
	}
	if err := in.Step(k * k * k / 32); err != nil {
		return nil, err
	}
	src, err := a.Floats(in)
	if err != nil {
		return nil, err
	}
	data := make([]float64, len(src))
	copy(data, src)
	return mat.NewDense(n, m, data), in.AllocN(len(src), 32)
}

func fromMatrix(m mat.Matrix) *Array {
	r, c := m.Dims()
	out := make([]float64, r*c)
	for i := range r {
		for j := range c {
			out[i*c+j] = m.At(i, j)
		}
	}
	return FromFloats(out, r, c)
}

func matrixFunction(name string, square bool, f func(in *py.Interp, m *mat.Dense) (py.Value, error)) function {
	return function{name, "a", func(in *py.Interp, b *py.Bound) (py.Value, error) {
		a, err := AsArray(in, b.Get("a"))
		if err != nil {
			return nil, err
		}
		m, err := dense(in, a, square)
		if err != nil {
			return nil, err
		}
		return f(in, m)
	}}
}

func linalgFunctions() []function {
	singular := func() error { return linAlgError.New("Singular matrix") }
	return []function{
		{"norm", "x, ord=, axis=, keepdims=", normCall},
		{"solve", "a, b", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			m, err := dense(in, a, true)
			if err != nil {
				return nil, err
			}
			rhs, err := AsArray(in, b.Get("b"))
			if err != nil {
				return nil, err
			}
			n := a.shape[0]
			if rhs.ndim() == 0 || rhs.shape[0] != n {
				return nil, py.ValueError.New("solve: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (m,m),(m)->(m) (size %d is different from %d)", rhs.size(), n)
			}
			y, err := dense(in, rhs.as2D(), false)
			if err != nil {
				return nil, err
			}
			var x mat.Dense
			if err := x.Solve(m, y); isSingular(err) {
				return nil, singular()
			}
			return reshape(in, fromMatrix(&x), rhs.shape, false)
		}},
		matrixFunction("inv", true, func(_ *py.Interp, m *mat.Dense) (py.Value, error) {
			var x mat.Dense
			if err := x.Inverse(m); isSingular(err) {
				return nil, singular()
			}
			return fromMatrix(&x), nil
		}),
		matrixFunction("det", true, func(_ *py.Interp, m *mat.Dense) (py.Value, error) { return Float64(mat.Det(m)), nil }),
		matrixFunction("cholesky", true, func(_ *py.Interp, m *mat.Dense) (py.Value, error) {
			var c mat.Cholesky
			if !c.Factorize(symmetric(m)) {
				return nil, linAlgError.New("Matrix is not positive definite")
			}
			var l mat.TriDense
			c.LTo(&l)
			return fromMatrix(&l), nil
		}),
		matrixFunction("eigvalsh", true, func(_ *py.Interp, m *mat.Dense) (py.Value, error) {
			var e mat.EigenSym
			if !e.Factorize(symmetric(m), false) {
				return nil, linAlgError.New("Eigenvalues did not converge")
			}
			return FromFloats(e.Values(nil)), nil
		}),
		matrixFunction("eigh", true, func(_ *py.Interp, m *mat.Dense) (py.Value, error) {
			var e mat.EigenSym
			if !e.Factorize(symmetric(m), true) {
				return nil, linAlgError.New("Eigenvalues did not converge")
			}
			var v mat.Dense
			e.VectorsTo(&v)
			return py.NewTuple(FromFloats(e.Values(nil)), fromMatrix(&v)), nil
		}),
		matrixFunction("eigvals", true, func(_ *py.Interp, m *mat.Dense) (py.Value, error) {
			v, _, err := eigen(m)
			return v, err
		}),
		matrixFunction("eig", true, func(_ *py.Interp, m *mat.Dense) (py.Value, error) {
			v, w, err := eigen(m)
			return py.NewTuple(v, w), err
		}),
		matrixFunction("pinv", false, func(_ *py.Interp, m *mat.Dense) (py.Value, error) { return pseudoInverse(m) }),
		matrixFunction("matrix_rank", false, func(_ *py.Interp, m *mat.Dense) (py.Value, error) {
			s, err := singularValues(m)
			if err != nil {
				return nil, err
			}
			r, c := m.Dims()
			rank := 0
			for _, x := range s {
				if x > s[0]*float64(max(r, c))*2.220446049250313e-16 {
					rank++
				}
			}
			return Int64(rank), nil
		}),
		{"cond", "x, p=", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("x"))
			if err != nil {
				return nil, err
			}
			m, err := dense(in, a, false)
			if err != nil {
				return nil, err
			}
			s, err := singularValues(m)
			if err != nil {
				return nil, err
			}
			return Float64(s[0] / s[len(s)-1]), nil
		}},
		{"lstsq", "a, b, rcond=", leastSquares},
		{"matrix_power", "a, n", func(in *py.Interp, b *py.Bound) (py.Value, error) {
			a, err := AsArray(in, b.Get("a"))
			if err != nil {
				return nil, err
			}
			n, err := in.Index(b.Get("n"))
			if err != nil {
				return nil, err
			}
			if n < 0 || a.ndim() != 2 || a.shape[0] != a.shape[1] {
				return nil, py.Unsupported("matrix_power needs a square matrix and a power of at least 0 here")
			}
			acc, err := diagonalOnes(in, a.shape[0], a.shape[0], 0, &py.Bound{})
			if err != nil {
				return nil, err
			}
			r := acc.(*Array)
			if r, err = r.as(in, a.dtype); err != nil {
				return nil, err
			}
			for ; n > 0; n >>= 1 {
				if n&1 == 1 {
					if r, err = matmul(in, r, a); err != nil {
						return nil, err
					}
				}
				if a, err = matmul(in, a, a); err != nil {
					return nil, err
				}
			}
			return r, nil
		}},
	}
}

// as2D makes a column of a vector.
func (a *Array) as2D() *Array {
	if a.ndim() == 1 {
		return a.withAxis(1)
	}
	return a
}

// isSingular tells exactly singular matrices from ill-conditioned ones, which
// numpy solves all the same.
func isSingular(err error) bool {
	c, ok := err.(mat.Condition)
	return err != nil && (!ok || math.IsInf(float64(c), 1))
}

func symmetric(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, m.At(j, i))
		}
	}
	return s
}

func eigen(m *mat.Dense) (values, vectors *Array, err error) {
	var e mat.Eigen
	if !e.Factorize(m, mat.EigenRight) {
		return nil, nil, linAlgError.New("Eigenvalues did not converge")
	}
	vals := e.Values(nil)
	out := make([]float64, len(vals))
	for k, v := range vals {
		if imag(v) != 0 {
			return nil, nil, py.Unsupported("complex eigenvalues are not supported")
		}
		out[k] = real(v)
	}
	var v mat.CDense
	e.VectorsTo(&v)
	n := len(out)
	w := make([]float64, n*n)
	for i := range n {
		for j := range n {
			w[i*n+j] = real(v.At(i, j))
		}
	}
	return FromFloats(out), FromFloats(w, n, n), nil
}

func singularValues(m *mat.Dense) ([]float64, error) {
	var s mat.SVD
	if !s.Factorize(m, mat.SVDNone) {
		return nil, linAlgError.New("SVD did not converge")
	}
	return s.Values(nil), nil
}

func pseudoInverse(m *mat.Dense) (*Array, error) {
	var s mat.SVD
	if !s.Factorize(m, mat.SVDThin) {
		return nil, linAlgError.New("SVD did not converge")
	}
	values := s.Values(nil)
	var u, v mat.Dense
	s.UTo(&u)
	s.VTo(&v)
	for k, x := range values {
		if x > 1e-15*values[0] {
			x = 1 / x
		} else {
			x = 0
		}
		r, _ := v.Dims()
		for i := range r {
			v.Set(i, k, v.At(i, k)*x)
		}
	}
	var out mat.Dense
	out.Mul(&v, u.T())
	return fromMatrix(&out), nil
}

func leastSquares(in *py.Interp, b *py.Bound) (py.Value, error) {
	a, err := AsArray(in, b.Get("a"))
	if err != nil {
		return nil, err
	}
	y, err := AsArray(in, b.Get("b"))
	if err != nil {
		return nil, err
	}
	m, err := dense(in, a, false)
	if err != nil {
		return nil, err
	}
	if y.ndim() == 0 || y.shape[0] != a.shape[0] {
		return nil, linAlgError.New("Incompatible dimensions")
	}
	rhs, err := dense(in, y.as2D(), false)
	if err != nil {
		return nil, err
	}
	pinv, err := pseudoInverse(m)
	if err != nil {
		return nil, err
	}
	var x, fit mat.Dense
	x.Mul(mat.NewDense(a.shape[1], a.shape[0], pinv.f), rhs)
	fit.Mul(m, &x)
	s, err := singularValues(m)
	if err != nil {
		return nil, err
	}
	rank := 0
	for _, v := range s {
		if v > s[0]*2.220446049250313e-16*float64(max(a.shape[0], a.shape[1])) {
			rank++
		}
	}
	residuals := []float64{}
	if rank == a.shape[1] && a.shape[0] > a.shape[1] {
		rows, cols := rhs.Dims()
		for j := range cols {
			sum := 0.0
			for i := range rows {
				d := rhs.At(i, j) - fit.At(i, j)
				sum += d * d
			}
			residuals = append(residuals, sum)
		}
	}
	shape := append([]int{a.shape[1]}, y.shape[1:]...)
	sol, err := reshape(in, fromMatrix(&x), shape, false)
	return py.NewTuple(sol, FromFloats(residuals), Int64(rank), FromFloats(s)), err
}

func normCall(in *py.Interp, b *py.Bound) (py.Value, error) {
	a, err := AsArray(in, b.Get("x"))
	if err != nil {
		return nil, err
	}
	if a.dtype == ObjectDType || a.dtype == StrDType {
		return nil, py.TypeError.New("loop of ufunc does not support argument 0 of type %s which has no callable sqrt method", a.item(a.off).Type().ShortName())
	}
	ord := b.Get("ord")
	r := &reduction{a: a}
	if b.Has("keepdims") {
		if r.keep, err = in.Truth(b.Get("keepdims")); err != nil {
			return nil, err
		}
	}
	if r.axes, err = axesOf(in, b.Get("axis"), a.ndim()); err != nil {
		return nil, err
	}
	if ord == nil || ord == py.Value(py.None) || ord == py.Value(py.Str("fro")) && len(r.axes) == 2 {
		out, err := r.each(in, func(lane []float64) float64 { return math.Sqrt(dotProduct(lane, lane)) })
		return r.finish(in, out, err)
	}
	if s, ok := ord.(py.Str); ok {
		if s == "fro" || s == "nuc" {
			return nil, py.ValueError.New("Invalid norm order '%s' for vectors", string(s))
		}
		return nil, py.ValueError.New("Invalid norm order for matrices.")
	}
	p, err := in.ToFloat(ord)
	if err != nil {
		return nil, err
	}
	if len(r.axes) == 2 {
		return matrixNorm(in, a, p)
	}
	out, err := r.each(in, func(lane []float64) float64 { return vectorNorm(lane, p) })
	return r.finish(in, out, err)
}

func dotProduct(x, y []float64) float64 {
	s := 0.0
	for k := range x {
		s += x[k] * y[k]
	}
	return s
}

func vectorNorm(lane []float64, p float64) float64 {
	switch {
	case math.IsInf(p, 1):
		return foldFloats(absolutes(lane), nanMax)
	case math.IsInf(p, -1):
		return foldFloats(absolutes(lane), nanMin)
	case p == 0:
		n := 0.0
		for _, x := range lane {
			if x != 0 {
				n++
			}
		}
		return n
	case p == 1:
		return pairwise(absolutes(lane))
	case p == 2:
		return math.Sqrt(dotProduct(lane, lane))
	}
	s := absolutes(lane)
	for k, x := range s {
		s[k] = math.Pow(x, p)
	}
	return math.Pow(pairwise(s), 1/p)
}

func absolutes(lane []float64) []float64 {
	out := make([]float64, len(lane))
	for k, x := range lane {
		out[k] = math.Abs(x)
	}
	return out
}

func matrixNorm(in *py.Interp, a *Array, p float64) (py.Value, error) {
	m, err := dense(in, a, false)
	if err != nil {
		return nil, err
	}
	switch p {
	case 1, math.Inf(1):
		if p == 1 {
			return Float64(mat.Norm(m, 1)), nil
		}
		return Float64(mat.Norm(m, math.Inf(1))), nil
	case 2:
		s, err := singularValues(m)
		if err != nil {
			return nil, err
		}
		return Float64(s[0]), nil
	}
	return nil, py.ValueError.New("Invalid norm order for matrices.")
}

func polyfit(in *py.Interp, b *py.Bound) (py.Value, error) {
	x, err := AsArray(in, b.Get("x"))
	if err != nil {
		return nil, err
	}
	y, err := AsArray(in, b.Get("y"))
	if err != nil {
		return nil, err
	}
	deg, err := in.Index(b.Get("deg"))
	if err != nil {
		return nil, err
	}
	xs, err := x.Floats(in)
	if err != nil {
		return nil, err
	}
	ys, err := y.Floats(in)
	if err != nil {
		return nil, err
	}
	switch {
	case deg < 0:
		return nil, py.ValueError.New("expected deg >= 0")
	case x.ndim() != 1:
		return nil, py.TypeError.New("expected 1D vector for x")
	case len(xs) == 0:
		return nil, py.TypeError.New("expected non-empty vector for x")
	case len(xs) != len(ys):
		return nil, py.TypeError.New("expected x and y to have same length")
	}
	if deg > 1000 || len(xs) > 1<<20 {
		return nil, in.Step(1 << 62)
	}
	if err := in.Step(len(xs) * (deg + 1) * (deg + 1)); err != nil {
		return nil, err
	}
	v := mat.NewDense(len(xs), deg+1, nil)
	for i, t := range xs {
		p := 1.0
		for j := deg; j >= 0; j-- {
			v.Set(i, j, p)
			p *= t
		}
	}
	pinv, err := pseudoInverse(v)
	if err != nil {
		return nil, err
	}
	var c mat.Dense
	c.Mul(mat.NewDense(deg+1, len(xs), pinv.f), mat.NewDense(len(ys), 1, append([]float64(nil), ys...)))
	return reshape(in, fromMatrix(&c), []int{deg + 1}, false)
}
