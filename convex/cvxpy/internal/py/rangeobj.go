package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Len is the number of elements.
func (r *Range) Len(*Interp) (int, error) { return r.N, nil }

func newRange(start, stop, step Int) *Range {
	r := &Range{Start: start, Stop: stop, Step: step}
	switch {
	case step > 0 && start < stop:
		r.N = int((uint64(stop)-uint64(start)-1)/uint64(step)) + 1
	case step < 0 && start > stop:
		r.N = int((uint64(start)-uint64(stop)-1)/(-uint64(step))) + 1
	}
	return r
}

func (r *Range) has(n Int) bool {
	if r.N == 0 {
		return false
	}
	last := r.Start + Int(r.N-1)*r.Step
	low, high := min(r.Start, last), max(r.Start, last)
	return n >= low && n <= high && (n-r.Start)%r.Step == 0
}

func (in *Interp) rangeItem(r *Range, key Value) (Value, error) {
	if s, ok := key.(*SliceValue); ok {
		start, _, step, n, err := s.span(in, r.N)
		if err != nil {
			return nil, err
		}
		out := &Range{Start: r.Start + Int(start)*r.Step, Step: r.Step * Int(step), N: n}
		out.Stop = out.Start + Int(n)*out.Step
		return out, nil
	}
	if !isIndex(key) {
		return nil, indexTypeError("range", key)
	}
	i, err := in.position(key, r.N, "range object")
	if err != nil {
		return nil, err
	}
	return r.Start + Int(i)*r.Step, nil
}

// Compare knows equality only.
func (r *Range) Compare(_ *Interp, op syntax.Comparison, other Value) (Value, error) {
	o, ok := other.(*Range)
	if !ok || op != syntax.Eq && op != syntax.NotEq {
		return NotImplemented, nil
	}
	same := r.N == o.N && (r.N == 0 || r.Start == o.Start && (r.N == 1 || r.Step == o.Step))
	return Bool(same == (op == syntax.Eq)), nil
}

// Repr is range(0, 3).
func (r *Range) Repr(*Interp) (string, error) {
	s := "range(" + itoa(int(r.Start)) + ", " + itoa(int(r.Stop))
	if r.Step != 1 {
		s += ", " + itoa(int(r.Step))
	}
	return s + ")", nil
}

// Hash is not CPython's, but equal ranges have equal hashes.
func (r *Range) Hash(in *Interp) (int64, error) {
	if r.N == 0 {
		return in.Hash(NewTuple(Int(0), None, None))
	}
	return in.Hash(NewTuple(Int(r.N), r.Start, r.Step))
}

func init() {
	rangeType.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) {
		if len(a.Names) > 0 {
			return nil, TypeError.New("range() takes no keyword arguments")
		}
		if n := len(a.Pos); n == 0 || n > 3 {
			return nil, arityError("range", 1, 3, n)
		}
		nums := make([]Int, len(a.Pos))
		for i, v := range a.Pos {
			if _, big := v.(*BigInt); big {
				return nil, Unsupported("a range beyond 64-bit integers is not supported")
			}
			n, err := in.Index(v)
			if err != nil {
				return nil, err
			}
			nums[i] = Int(n)
		}
		switch len(nums) {
		case 1:
			return newRange(0, nums[0], 1), nil
		case 2:
			return newRange(nums[0], nums[1], 1), nil
		}
		if nums[2] == 0 {
			return nil, ValueError.New("range() arg 3 must not be zero")
		}
		return newRange(nums[0], nums[1], nums[2]), nil
	})
	field := func(name string, get func(r *Range) Int) {
		rangeType.Attribute(name, func(_ *Interp, v Value) (Value, error) { return get(v.(*Range)), nil })
	}
	field("start", func(r *Range) Int { return r.Start })
	field("stop", func(r *Range) Int { return r.Stop })
	field("step", func(r *Range) Int { return r.Step })
	rangeType.Methods(
		&Native{Name: "index", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			r := self.(*Range)
			if n, ok := a[0].(Int); ok && r.has(n) {
				return (n - r.Start) / r.Step, nil
			}
			text, err := in.Repr(a[0])
			if err != nil {
				return nil, err
			}
			return nil, ValueError.New("%s is not in range", text)
		}},
		&Native{Name: "count", Min: 1, Max: 1, Fn: func(_ *Interp, self Value, a []Value) (Value, error) {
			if n, ok := a[0].(Int); ok && self.(*Range).has(n) {
				return Int(1), nil
			}
			return Int(0), nil
		}},
	)
	sliceType.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) {
		if n := len(a.Pos); n == 0 || n > 3 {
			return nil, arityError("slice", 1, 3, n)
		}
		s := &SliceValue{None, None, None}
		switch len(a.Pos) {
		case 1:
			s.Stop = a.Pos[0]
		case 3:
			s.Step = a.Pos[2]
			fallthrough
		case 2:
			s.Start, s.Stop = a.Pos[0], a.Pos[1]
		}
		return s, nil
	})
	sliceType.Attribute("start", func(_ *Interp, v Value) (Value, error) { return v.(*SliceValue).Start, nil })
	sliceType.Attribute("stop", func(_ *Interp, v Value) (Value, error) { return v.(*SliceValue).Stop, nil })
	sliceType.Attribute("step", func(_ *Interp, v Value) (Value, error) { return v.(*SliceValue).Step, nil })
	sliceType.Methods(&Native{Name: "indices", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
		n, err := in.Index(a[0])
		if err != nil {
			return nil, err
		}
		start, stop, step, _, err := self.(*SliceValue).span(in, n)
		return NewTuple(Int(start), Int(stop), Int(step)), err
	}})
}
