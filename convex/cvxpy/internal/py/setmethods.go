package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

func (s *Set) copy(in *Interp, frozen bool) (*Set, error) {
	if err := in.AllocN(s.used, 5*valueSize); err != nil {
		return nil, err
	}
	c := &Set{table: make([]setEntry, len(s.table)), used: s.used, fill: s.used, frozen: frozen}
	for _, e := range s.table {
		if e.key != nil {
			c.insertClean(e)
		}
	}
	return c, nil
}

// setBinary is |, &, - and ^ on two sets; the result has a's kind.
func (in *Interp) setBinary(op syntax.Operator, a, b *Set) (Value, error) {
	if err := in.Step(a.used + b.used); err != nil {
		return nil, err
	}
	switch op {
	case syntax.BitOr, syntax.BitXor:
		out, err := a.copy(in, a.frozen)
		if err != nil {
			return nil, err
		}
		for _, k := range b.Keys() {
			added, err := out.Add(in, k)
			if err != nil {
				return nil, err
			}
			if !added && op == syntax.BitXor {
				if _, err := out.Discard(in, k); err != nil {
					return nil, err
				}
			}
		}
		return out, nil
	case syntax.BitAnd, syntax.Sub:
		out := NewSet(a.frozen)
		walk, test := a, b
		if op == syntax.BitAnd && b.used > a.used {
			walk, test = a, b
		} else if op == syntax.BitAnd {
			walk, test = b, a
		}
		for _, k := range walk.Keys() {
			has, err := test.Has(in, k)
			if err != nil {
				return nil, err
			}
			if has == (op == syntax.BitAnd) {
				if _, err := out.Add(in, k); err != nil {
					return nil, err
				}
			}
		}
		return out, nil
	}
	return NotImplemented, nil
}

// Binary is set algebra between sets.
func (s *Set) Binary(in *Interp, op syntax.Operator, other Value, reflected bool) (Value, error) {
	o, ok := other.(*Set)
	if !ok || reflected {
		return NotImplemented, nil
	}
	return in.setBinary(op, s, o)
}

// BinaryInPlace changes a set, but not a frozenset.
func (s *Set) BinaryInPlace(in *Interp, op syntax.Operator, other Value) (Value, error) {
	o, ok := other.(*Set)
	if !ok || s.frozen {
		return NotImplemented, nil
	}
	r, err := in.setBinary(op, s, o)
	if out, ok := r.(*Set); ok && err == nil {
		s.become(out)
		return s, nil
	}
	return r, err
}

func (s *Set) become(o *Set) {
	s.table, s.used, s.fill = o.table, o.used, o.fill
	s.change++
}

// subset reports whether all of s is in o.
func (s *Set) subset(in *Interp, o *Set) (bool, error) {
	if s.used > o.used {
		return false, nil
	}
	for _, k := range s.Keys() {
		if has, err := o.Has(in, k); !has || err != nil {
			return false, err
		}
	}
	return true, in.Step(s.used)
}

// Compare is inclusion.
func (s *Set) Compare(in *Interp, op syntax.Comparison, other Value) (Value, error) {
	o, ok := other.(*Set)
	if !ok {
		return NotImplemented, nil
	}
	a, b := s, o
	if op == syntax.Gt || op == syntax.GtE {
		a, b = o, s
	}
	sub, err := a.subset(in, b)
	if err != nil {
		return nil, err
	}
	switch op {
	case syntax.Eq:
		return Bool(sub && a.used == b.used), nil
	case syntax.NotEq:
		return Bool(!sub || a.used != b.used), nil
	case syntax.Lt, syntax.Gt:
		return Bool(sub && a.used < b.used), nil
	}
	return Bool(sub), nil
}

func init() {
	for _, t := range []*Type{SetType, FrozenSetType} {
		frozen := t == FrozenSetType
		t.Constructor(func(in *Interp, _ *Type, a Args) (Value, error) {
			items, err := in.collectArg(t.Name, a)
			if err != nil {
				return nil, err
			}
			return in.SetOf(frozen, &List{items})
		})
		t.Methods(setAlgebra()...)
	}
	SetType.Methods(
		&Native{Name: "add", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			_, err := self.(*Set).Add(in, a[0])
			return None, err
		}},
		&Native{Name: "discard", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			_, err := self.(*Set).Discard(in, a[0])
			return None, err
		}},
		&Native{Name: "remove", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			had, err := self.(*Set).Discard(in, a[0])
			if !had && err == nil {
				return nil, keyError(a[0])
			}
			return None, err
		}},
		&Native{Name: "pop", Fn: func(in *Interp, self Value, _ []Value) (Value, error) {
			s := self.(*Set)
			if err := in.Step(len(s.table) / 16); err != nil {
				return nil, err
			}
			for i, e := range s.table {
				if e.key != nil {
					s.table[i] = setEntry{dead: true}
					s.used--
					s.change++
					return e.key, nil
				}
			}
			return nil, keyError(Str("pop from an empty set"))
		}},
		&Native{Name: "clear", Fn: func(_ *Interp, self Value, _ []Value) (Value, error) {
			self.(*Set).become(NewSet(false))
			return None, nil
		}},
		&Native{Name: "update", Max: -1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			for _, v := range a {
				if err := in.Each(v, func(x Value) error {
					_, err := self.(*Set).Add(in, x)
					return err
				}); err != nil {
					return nil, err
				}
			}
			return None, nil
		}},
		inPlaceSet("difference_update", syntax.Sub), inPlaceSet("intersection_update", syntax.BitAnd),
		inPlaceSet("symmetric_difference_update", syntax.BitXor),
	)
}

func inPlaceSet(name string, op syntax.Operator) *Native {
	return &Native{Name: name, Max: -1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
		for _, v := range a {
			o, err := in.SetOf(false, v)
			if err != nil {
				return nil, err
			}
			if _, err := self.(*Set).BinaryInPlace(in, op, o); err != nil {
				return nil, err
			}
		}
		return None, nil
	}}
}

func setAlgebra() []*Native {
	combine := func(name string, op syntax.Operator) *Native {
		return &Native{Name: name, Max: -1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			out, err := self.(*Set).copy(in, self.(*Set).frozen)
			if err != nil {
				return nil, err
			}
			for _, v := range a {
				o, err := in.SetOf(false, v)
				if err != nil {
					return nil, err
				}
				r, err := in.setBinary(op, out, o)
				if err != nil {
					return nil, err
				}
				out = r.(*Set)
			}
			return out, nil
		}}
	}
	relate := func(name string, op syntax.Comparison) *Native {
		return &Native{Name: name, Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			o, err := in.SetOf(false, a[0])
			if err != nil {
				return nil, err
			}
			return self.(*Set).Compare(in, op, o)
		}}
	}
	return []*Native{
		combine("union", syntax.BitOr), combine("intersection", syntax.BitAnd),
		combine("difference", syntax.Sub), combine("symmetric_difference", syntax.BitXor),
		relate("issubset", syntax.LtE), relate("issuperset", syntax.GtE),
		{Name: "isdisjoint", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			o, err := in.SetOf(false, a[0])
			if err != nil {
				return nil, err
			}
			r, err := in.setBinary(syntax.BitAnd, self.(*Set), o)
			if err != nil {
				return nil, err
			}
			return Bool(r.(*Set).used == 0), nil
		}},
		{Name: "copy", Fn: func(in *Interp, self Value, _ []Value) (Value, error) {
			s := self.(*Set)
			return s.copy(in, s.frozen)
		}},
	}
}
