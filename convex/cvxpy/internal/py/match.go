package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// match runs a match statement (PEP 634).
func (f *frame) match(x *syntax.Match) (signal, error) {
	subject, err := f.eval(x.Subject)
	if err != nil {
		return 0, err
	}
	for i := range x.Cases {
		c := &x.Cases[i]
		if err := f.in.Step(1); err != nil {
			return 0, f.at(x.Subject, err)
		}
		ok, err := f.pattern(c.Pattern, subject)
		if err != nil {
			return 0, err
		}
		if ok && c.Guard != nil {
			if ok, err = f.test(c.Guard); err != nil {
				return 0, err
			}
		}
		if ok {
			return f.block(c.Body)
		}
	}
	return sigNext, nil
}

func (f *frame) pattern(p syntax.Pattern, v Value) (bool, error) {
	switch x := p.(type) {
	case *syntax.MatchValue:
		want, err := f.eval(x.X)
		if err != nil {
			return false, err
		}
		eq, err := f.in.Equal(v, want)
		if err != nil {
			err = f.at(x, err)
		}
		return eq, err
	case *syntax.MatchSingleton:
		return is(v, x.X.Object.(Value)), nil
	case *syntax.MatchAs:
		if x.Pattern != nil {
			if ok, err := f.pattern(x.Pattern, v); !ok || err != nil {
				return false, err
			}
		}
		if x.Target != nil {
			return true, f.store(x.Target, v)
		}
		return true, nil
	case *syntax.MatchOr:
		for _, q := range x.Patterns {
			if ok, err := f.pattern(q, v); ok || err != nil {
				return ok, err
			}
		}
		return false, nil
	case *syntax.MatchSequence:
		return f.sequencePattern(x, v)
	case *syntax.MatchMapping:
		return f.mappingPattern(x, v)
	case *syntax.MatchClass:
		return f.classPattern(x, v)
	}
	return false, nil
}

func (f *frame) sequencePattern(x *syntax.MatchSequence, v Value) (bool, error) {
	var items []Value
	switch s := v.(type) {
	case *List:
		items = s.Items
	case *Tuple:
		items = s.Items
	case *Range:
		var err error
		if items, err = f.in.Collect(s); err != nil {
			return false, f.at(x, err)
		}
	default:
		return false, nil
	}
	star := -1
	for i, p := range x.Patterns {
		if _, ok := p.(*syntax.MatchStar); ok {
			star = i
		}
	}
	n := len(x.Patterns)
	if star < 0 && len(items) != n || star >= 0 && len(items) < n-1 {
		return false, nil
	}
	for i, p := range x.Patterns {
		var ok bool
		var err error
		switch {
		case star < 0 || i < star:
			ok, err = f.pattern(p, items[i])
		case i > star:
			ok, err = f.pattern(p, items[len(items)-(n-i)])
		default:
			ok = true
			if t := p.(*syntax.MatchStar).Target; t != nil {
				rest := append([]Value(nil), items[star:len(items)-(n-star-1)]...)
				if err = f.in.AllocN(len(rest), valueSize); err == nil {
					err = f.store(t, &List{rest})
				}
			}
		}
		if !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (f *frame) mappingPattern(x *syntax.MatchMapping, v Value) (bool, error) {
	d, ok := v.(*Dict)
	if !ok {
		return false, nil
	}
	rest, err := d.Copy(f.in)
	if err != nil {
		return false, f.at(x, err)
	}
	for i, k := range x.Keys {
		key, err := f.eval(k)
		if err != nil {
			return false, err
		}
		item, err := rest.Delete(f.in, key)
		if err != nil {
			return false, f.at(x, err)
		}
		if item == nil {
			return false, nil
		}
		if ok, err := f.pattern(x.Patterns[i], item); !ok || err != nil {
			return false, err
		}
	}
	if x.Rest != nil {
		return true, f.store(x.Rest, rest)
	}
	return true, nil
}

func (f *frame) classPattern(x *syntax.MatchClass, v Value) (bool, error) {
	c, err := f.eval(x.Class)
	if err != nil {
		return false, err
	}
	class, ok := c.(*Type)
	if !ok {
		return false, f.at(x, TypeError.New("called match pattern must be a type"))
	}
	if !v.Type().Is(class) {
		return false, nil
	}
	patterns := x.Patterns
	if len(patterns) == 1 && matchesSelf(class) {
		if ok, err := f.pattern(patterns[0], v); !ok || err != nil {
			return false, err
		}
		patterns = nil
	}
	var names []string
	if len(patterns) > 0 {
		args, _ := class.lookup("__match_args__").(*Tuple)
		if args == nil || len(args.Items) < len(patterns) {
			n := 0
			if args != nil {
				n = len(args.Items)
			}
			return false, f.at(x, TypeError.New("%s() accepts %d positional sub-pattern%s (%d given)", class.ShortName(), n, plural(n), len(patterns)))
		}
		for i := range patterns {
			s, _ := args.Items[i].(Str)
			names = append(names, string(s))
		}
	}
	names = append(names, x.KwNames...)
	patterns = append(append([]syntax.Pattern(nil), patterns...), x.KwPatterns...)
	for i, p := range patterns {
		item, err := f.in.GetAttr(v, names[i])
		if Matches(err, AttributeError) {
			return false, nil
		}
		if err != nil {
			return false, f.at(x, err)
		}
		if ok, err := f.pattern(p, item); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// matchesSelf lists the classes whose single positional pattern is the object.
func matchesSelf(t *Type) bool {
	for _, m := range []*Type{IntType, FloatType, StrType, ListType, TupleType, DictType, SetType, FrozenSetType} {
		if t.Is(m) {
			return true
		}
	}
	return false
}
