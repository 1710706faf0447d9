package numpy

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

const matmulSignature = "(n?,k),(k,m?)->(n?,m?)"

// matmul is a @ b for one and two dimensions.
func matmul(in *py.Interp, a, b *Array) (*Array, error) {
	for k, x := range []*Array{a, b} {
		if x.ndim() == 0 {
			return nil, py.ValueError.New("matmul: Input operand %d does not have enough dimensions (has 0, gufunc core with signature %s requires 1)", k, matmulSignature)
		}
	}
	if a.ndim() > 2 || b.ndim() > 2 {
		return nil, py.Unsupported("products of arrays with more than two dimensions are not supported")
	}
	x, y := a, b
	if x.ndim() == 1 {
		x = x.withAxis(0)
	}
	if y.ndim() == 1 {
		y = y.withAxis(1)
	}
	if x.shape[1] != y.shape[0] {
		return nil, py.ValueError.New("matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature %s (size %d is different from %d)", matmulSignature, y.shape[0], x.shape[1])
	}
	out, err := multiply(in, x, y)
	if err != nil {
		return nil, err
	}
	shape := []int{}
	if a.ndim() == 2 {
		shape = append(shape, a.shape[0])
	}
	if b.ndim() == 2 {
		shape = append(shape, b.shape[1])
	}
	return out.view(shape, rowMajor(shape), out.off), nil
}

// multiply is the product of two matrices that fit.
func multiply(in *py.Interp, x, y *Array) (*Array, error) {
	n, k, m := x.shape[0], x.shape[1], y.shape[1]
	kind := promote(x.dtype, y.dtype)
	out, err := newArray(in, kind, []int{n, m})
	if err != nil {
		return nil, err
	}
	if n > 0 && m > 0 && k > (1<<40)/n/m {
		return nil, in.Step(1 << 62)
	}
	if err := in.Step(n * m * k / 8); err != nil {
		return nil, err
	}
	switch kind {
	case BoolDType:
		p, q := gather(x, x.b), gather(y, y.b)
		for i := range n {
			for j := range m {
				for l := range k {
					out.b[i*m+j] = out.b[i*m+j] || p[i*k+l] && q[l*m+j]
				}
			}
		}
	case IntDType:
		p, err := x.ints(in)
		if err != nil {
			return nil, err
		}
		q, err := y.ints(in)
		if err != nil {
			return nil, err
		}
		for i := range n {
			for l := range k {
				for j := range m {
					out.i[i*m+j] += p[i*k+l] * q[l*m+j]
				}
			}
		}
	case FloatDType:
		p, err := x.Floats(in)
		if err != nil {
			return nil, err
		}
		q, err := y.Floats(in)
		if err != nil {
			return nil, err
		}
		for i := range n {
			for l := range k {
				for j := range m {
					out.f[i*m+j] += p[i*k+l] * q[l*m+j]
				}
			}
		}
	case StrDType:
		return nil, noLoop("matmul", x.dtypeValue(), y.dtypeValue())
	case ObjectDType:
		return out, multiplyObjects(in, out, x, y)
	}
	return out, nil
}

func multiplyObjects(in *py.Interp, out, x, y *Array) error {
	p, err := x.objects(in)
	if err != nil {
		return err
	}
	q, err := y.objects(in)
	if err != nil {
		return err
	}
	n, k, m := x.shape[0], x.shape[1], y.shape[1]
	for i := range n {
		for j := range m {
			var total py.Value
			for l := range k {
				t, err := in.Mul(p[i*k+l], q[l*m+j])
				if err != nil {
					return err
				}
				if total != nil {
					if t, err = in.Add(total, t); err != nil {
						return err
					}
				}
				total = t
			}
			if total == nil {
				total = py.Int(0)
			}
			out.o[i*m+j] = total
		}
	}
	return nil
}

// dot is np.dot: a product of scalars, vectors or matrices.
func dot(in *py.Interp, a, b *Array) (*Array, error) {
	if a.ndim() == 0 || b.ndim() == 0 {
		return ufuncs["multiply"].binary(in, a, b)
	}
	if a.ndim() > 2 || b.ndim() > 2 {
		return nil, py.Unsupported("products of arrays with more than two dimensions are not supported")
	}
	last := a.ndim() - 1
	if a.shape[last] != b.shape[0] {
		return nil, py.ValueError.New("shapes %s and %s not aligned: %d (dim %d) != %d (dim 0)", ShapeText(a.shape), ShapeText(b.shape), a.shape[last], last, b.shape[0])
	}
	return matmul(in, a, b)
}
