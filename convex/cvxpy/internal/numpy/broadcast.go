package numpy

import (
	"slices"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// broadcast finds the common shape of arrays; ok is false where there is none.
func broadcast(shapes ...[]int) (shape []int, ok bool) {
	for _, s := range shapes {
		for len(shape) < len(s) {
			shape = append([]int{1}, shape...)
		}
		lead := len(shape) - len(s)
		for k, d := range s {
			switch have := shape[lead+k]; {
			case have == d || d == 1:
			case have == 1:
				shape[lead+k] = d
			default:
				return nil, false
			}
		}
		if shape == nil {
			shape = []int{}
		}
	}
	return shape, true
}

func broadcastError(shapes ...[]int) error {
	text := ""
	for _, s := range shapes {
		text += ShapeText(s) + " "
	}
	return py.ValueError.New("operands could not be broadcast together with shapes %s", text)
}

// stretched is a view of the larger shape; the caller knows that it fits.
func (a *Array) stretched(shape []int) *Array {
	if slices.Equal(a.shape, shape) {
		return a
	}
	strides := make([]int, len(shape))
	lead := len(shape) - len(a.shape)
	for k, d := range a.shape {
		if d != 1 {
			strides[lead+k] = a.strides[k]
		}
	}
	return a.view(shape, strides, a.off)
}

// align stretches arrays to their common shape.
func align(in *py.Interp, list ...*Array) ([]*Array, []int, error) {
	shapes := make([][]int, len(list))
	for k, a := range list {
		shapes[k] = a.shape
	}
	shape, ok := broadcast(shapes...)
	if !ok {
		return nil, nil, broadcastError(shapes...)
	}
	// Reading a stretched array makes a copy of it.
	n, err := checkedSize(in, shape)
	if err != nil {
		return nil, nil, err
	}
	if err := in.AllocN(n*len(list), 8); err != nil {
		return nil, nil, err
	}
	out := make([]*Array, len(list))
	for k, a := range list {
		out[k] = a.stretched(shape)
	}
	return out, shape, nil
}
