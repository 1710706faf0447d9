package numpy

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// advanced resolves a subscript with arrays of integers or booleans in it: it
// returns the places of the selected elements and the shape of the result.
//
// The index arrays are broadcast together; the dimensions that they give stand
// where they stood if they are neighbours, else in front.
func (a *Array) advanced(in *py.Interp, list []part) (places, shape []int, err error) {
	list, err = a.unmask(in, list)
	if err != nil {
		return nil, nil, err
	}
	var fancies []*Array
	for _, p := range list {
		if p.fancy != nil {
			fancies = append(fancies, p.fancy)
		}
	}
	shapes := make([][]int, len(fancies))
	for k, f := range fancies {
		shapes[k] = f.shape
	}
	common, ok := broadcast(shapes...)
	if !ok {
		text := ""
		for _, s := range shapes {
			text += ShapeText(s) + " "
		}
		return nil, nil, py.IndexError.New("shape mismatch: indexing arrays could not be broadcast together with shapes %s", text)
	}
	s := &selection{a: a, common: common}
	if err := s.read(in, list); err != nil {
		return nil, nil, err
	}
	return s.places(in)
}

// unmask turns masks into the integer arrays of their true positions, and
// integers beside arrays into arrays.
func (a *Array) unmask(in *py.Interp, list []part) ([]part, error) {
	var out []part
	dim := 0
	for _, p := range list {
		if p.mask == nil {
			if p.slice == nil && !p.newAxis && p.fancy == nil {
				p.fancy = FromInts([]int64{int64(p.at)}).scalarShape()
			}
			out = append(out, p)
			dim += p.consumes()
			continue
		}
		m := p.mask
		if m.ndim() == 0 {
			n := int64(0)
			if m.b[m.off] {
				n = 1
			}
			// A plain bool adds an axis of length 1 or 0.
			idx := make([]int64, n)
			out = append(out, part{newAxis: true, fancy: FromInts(idx)})
			continue
		}
		for k := range m.shape {
			if m.shape[k] != a.shape[dim+k] {
				return nil, py.IndexError.New("boolean index did not match indexed array along axis %d; size of axis is %d but size of corresponding boolean axis is %d", dim+k, a.shape[dim+k], m.shape[k])
			}
		}
		cols, err := m.trueIndices(in)
		if err != nil {
			return nil, err
		}
		for _, c := range cols {
			out = append(out, part{fancy: FromInts(c)})
		}
		dim += m.ndim()
	}
	return out, nil
}

// trueIndices lists, for each dimension, the indices of the true elements.
func (a *Array) trueIndices(in *py.Interp) ([][]int64, error) {
	bits, err := a.bools(in)
	if err != nil {
		return nil, err
	}
	if err := in.AllocN(len(bits)*max(a.ndim(), 1), 8); err != nil {
		return nil, err
	}
	cols := make([][]int64, a.ndim())
	for k := range cols {
		cols[k] = []int64{}
	}
	for n, yes := range bits {
		if !yes {
			continue
		}
		rest := n
		for d := a.ndim() - 1; d >= 0; d-- {
			cols[d] = append(cols[d], int64(rest%a.shape[d]))
			rest /= a.shape[d]
		}
	}
	return cols, nil
}

// selection is an advanced subscript being resolved.
type selection struct {
	a      *Array
	common []int
	// axes of the result before and after the broadcast index dimensions
	before, after []axis
	offsets       []int // of the broadcast index arrays
}

type axis struct{ n, stride int }

func (s *selection) read(in *py.Interp, list []part) error {
	n, err := checkedSize(in, s.common)
	if err != nil {
		return err
	}
	s.offsets = make([]int, n)
	dim, off := 0, s.a.off
	first, last := -1, -1
	var axes []axis
	var order []int // position of each axis among the components
	for k, p := range list {
		switch {
		case p.newAxis && p.fancy == nil:
			axes, order = append(axes, axis{1, 0}), append(order, k)
			continue
		case p.slice != nil:
			start, step, n, err := p.slice.Span(in, s.a.shape[dim])
			if err != nil {
				return err
			}
			if n > 0 {
				off += start * s.a.strides[dim]
			}
			axes, order = append(axes, axis{n, step * s.a.strides[dim]}), append(order, k)
		default:
			if first < 0 {
				first = k
			}
			last = k
			if p.newAxis {
				continue
			}
			if err := s.addFancy(p.fancy, dim); err != nil {
				return err
			}
		}
		dim++
	}
	together := true
	for _, k := range order {
		if k > first && k < last {
			together = false
		}
	}
	for i, x := range axes {
		if together && order[i] < first {
			s.before = append(s.before, x)
		} else {
			s.after = append(s.after, x)
		}
	}
	for k := range s.offsets {
		s.offsets[k] += off
	}
	return nil
}

func (s *selection) addFancy(f *Array, dim int) error {
	size, stride := s.a.shape[dim], s.a.strides[dim]
	var failed error
	wide := f.stretched(s.common)
	wide.offsets(func(k, at int) {
		if failed != nil {
			return
		}
		i, err := checkIndex(int(f.i[at]), dim, size)
		if err != nil {
			failed = err
			return
		}
		s.offsets[k] += i * stride
	})
	return failed
}

func (s *selection) places(in *py.Interp) (places, shape []int, err error) {
	for _, x := range s.before {
		shape = append(shape, x.n)
	}
	shape = append(shape, s.common...)
	for _, x := range s.after {
		shape = append(shape, x.n)
	}
	n, err := checkedSize(in, shape)
	if err != nil {
		return nil, nil, err
	}
	places = make([]int, 0, n)
	grid := func(axes []axis, at int, f func(at int)) {
		var walk func(k, at int)
		walk = func(k, at int) {
			if k == len(axes) {
				f(at)
				return
			}
			for i := range axes[k].n {
				walk(k+1, at+i*axes[k].stride)
			}
		}
		walk(0, at)
	}
	grid(s.before, 0, func(b int) {
		for _, o := range s.offsets {
			grid(s.after, b+o, func(at int) { places = append(places, at) })
		}
	})
	if shape == nil {
		shape = []int{}
	}
	return places, shape, nil
}
