package py

import (
	"math/bits"
	"slices"
	"sort"
)

// sorted returns the items in order; a may hold key= and reverse=.
func (in *Interp) sorted(items []Value, a Args) ([]Value, error) {
	var key Value
	reverse := false
	for i, name := range a.Names {
		switch name {
		case "key":
			if a.Named[i] != Value(None) {
				key = a.Named[i]
			}
		case "reverse":
			n, err := in.Index(a.Named[i])
			if err != nil {
				return nil, err
			}
			reverse = n != 0
		default:
			return nil, TypeError.New("'%s' is an invalid keyword argument for sort()", name)
		}
	}
	n := len(items)
	if err := in.AllocN(n, 3*valueSize); err != nil {
		return nil, err
	}
	if err := in.Step(n * bits.Len(uint(n))); err != nil {
		return nil, err
	}
	s := &sorter{in: in, reverse: reverse, items: slices.Clone(items)}
	s.keys = s.items
	if key != nil {
		s.keys = make([]Value, n)
		for i, v := range items {
			k, err := in.CallValues(key, v)
			if err != nil {
				return nil, err
			}
			s.keys[i] = k
		}
	}
	s.order = make([]int, n)
	for i := range s.order {
		s.order[i] = i
	}
	sort.Stable(s)
	if s.err != nil {
		return nil, s.err
	}
	out := make([]Value, n)
	for i, at := range s.order {
		out[i] = s.items[at]
	}
	return out, nil
}

// sorter orders positions; the first error makes all comparisons false.
type sorter struct {
	in      *Interp
	items   []Value
	keys    []Value
	order   []int
	reverse bool
	err     error
}

func (s *sorter) Len() int      { return len(s.order) }
func (s *sorter) Swap(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] }

func (s *sorter) Less(i, j int) bool {
	if s.err != nil {
		return false
	}
	a, b := s.keys[s.order[i]], s.keys[s.order[j]]
	if s.reverse {
		a, b = b, a
	}
	less, err := s.in.Less(a, b)
	if err != nil {
		s.err = err
	}
	return less
}
