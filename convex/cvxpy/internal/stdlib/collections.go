package stdlib

import (
	"slices"
	"sort"
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

var (
	defaultDictType = collectionsType("defaultdict")
	orderedDictType = collectionsType("OrderedDict")
	counterType     = collectionsType("Counter")
)

func collectionsType(name string) *py.Type {
	t := py.NewType("collections."+name, py.DictType)
	t.Module = "collections"
	return t
}

func init() {
	defaultDictType.Constructor(func(in *py.Interp, cls *py.Type, a py.Args) (py.Value, error) {
		d := py.NewDictOf(cls)
		if len(a.Pos) > 0 {
			f := a.Pos[0]
			if f != py.Value(py.None) {
				if !py.IsCallable(f) {
					return nil, py.TypeError.New("first argument must be callable or None")
				}
				d.Default = func(in *py.Interp, key py.Value) (py.Value, error) {
					v, err := in.CallValues(f)
					if err != nil {
						return nil, err
					}
					return v, d.Set(in, key, v)
				}
			}
			d.Note = f
			a.Pos = a.Pos[1:]
		}
		return d, in.FillDict("dict", d, a)
	})
	orderedDictType.Constructor(func(in *py.Interp, cls *py.Type, a py.Args) (py.Value, error) {
		d := py.NewDictOf(cls)
		return d, in.FillDict("OrderedDict", d, a)
	})
	orderedDictType.Methods(&py.Native{Name: "move_to_end", Min: 1, Max: 2, Params: []string{"key", "last"}, Fn: moveToEnd})
	counterType.Constructor(counterNew)
	counterType.Methods(
		&py.Native{Name: "most_common", Max: 1, Params: []string{"n"}, Fn: mostCommon},
		&py.Native{Name: "elements", Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			var out []py.Value
			var err error
			self.(*py.Dict).Range(func(k, v py.Value) bool {
				n, _ := v.(py.Int)
				if n > 0 {
					if err = in.AllocN(int(n), 16); err == nil {
						out = append(out, slices.Repeat([]py.Value{k}, int(n))...)
					}
				}
				return err == nil
			})
			return py.NewList(out...), err
		}},
		&py.Native{Name: "total", Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			var total py.Value = py.Int(0)
			var err error
			self.(*py.Dict).Range(func(_, v py.Value) bool {
				total, err = in.Add(total, v)
				return err == nil
			})
			return total, err
		}},
		&py.Native{Name: "update", Raw: func(in *py.Interp, self py.Value, a py.Args) (py.Value, error) {
			return py.None, countInto(in, self.(*py.Dict), a)
		}},
	)
	counterType.ReprWith(func(in *py.Interp, v py.Value) (string, error) {
		d := v.(*py.Dict)
		if n, _ := d.Len(in); n == 0 {
			return "Counter()", nil
		}
		pairs, err := mostCommon(in, d, []py.Value{nil})
		if err != nil {
			return "", err
		}
		plain := py.NewDict()
		for _, p := range pairs.(*py.List).Items {
			t := p.(*py.Tuple)
			if err := plain.Set(in, t.Items[0], t.Items[1]); err != nil {
				return "", err
			}
		}
		s, err := in.Repr(plain)
		return "Counter(" + s + ")", err
	})
	defaultDictType.Attribute("default_factory", func(_ *py.Interp, v py.Value) (py.Value, error) {
		if n := v.(*py.Dict).Note; n != nil {
			return n, nil
		}
		return py.None, nil
	})
}

func collectionsModule(*py.Interp) *py.Module {
	m := module("collections", raw("namedtuple", namedtuple))
	m.Set("defaultdict", defaultDictType)
	m.Set("OrderedDict", orderedDictType)
	m.Set("Counter", counterType)
	m.Set("deque", dequeType)
	return m
}

func moveToEnd(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
	d := self.(*py.Dict)
	last := true
	if a[1] != nil {
		var err error
		if last, err = in.Truth(a[1]); err != nil {
			return nil, err
		}
	}
	v, err := d.Delete(in, a[0])
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, py.NewKeyError(a[0])
	}
	if last {
		return py.None, d.Set(in, a[0], v)
	}
	rest, err := d.Copy(in)
	if err != nil {
		return nil, err
	}
	d.Clear()
	if err := d.Set(in, a[0], v); err != nil {
		return nil, err
	}
	rest.Range(func(k, v py.Value) bool {
		err = d.Set(in, k, v)
		return err == nil
	})
	return py.None, err
}

func counterNew(in *py.Interp, cls *py.Type, a py.Args) (py.Value, error) {
	d := py.NewDictOf(cls)
	d.Default = func(*py.Interp, py.Value) (py.Value, error) { return py.Int(0), nil }
	return d, countInto(in, d, a)
}

func countInto(in *py.Interp, d *py.Dict, a py.Args) error {
	add := func(k, n py.Value) error {
		old, err := d.Get(in, k)
		if err != nil {
			return err
		}
		if old == nil {
			old = py.Int(0)
		}
		sum, err := in.Add(old, n)
		if err != nil {
			return err
		}
		return d.Set(in, k, sum)
	}
	if len(a.Pos) > 0 {
		if o, ok := a.Pos[0].(*py.Dict); ok {
			var err error
			o.Range(func(k, v py.Value) bool {
				err = add(k, v)
				return err == nil
			})
			if err != nil {
				return err
			}
		} else if err := in.Each(a.Pos[0], func(v py.Value) error { return add(v, py.Int(1)) }); err != nil {
			return err
		}
	}
	for i, n := range a.Names {
		if err := add(py.Str(n), a.Named[i]); err != nil {
			return err
		}
	}
	return nil
}

func mostCommon(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
	type pair struct{ k, v py.Value }
	var pairs []pair
	self.(*py.Dict).Range(func(k, v py.Value) bool {
		pairs = append(pairs, pair{k, v})
		return true
	})
	if err := in.Step(len(pairs) * 8); err != nil {
		return nil, err
	}
	var failed error
	sort.SliceStable(pairs, func(i, j int) bool {
		less, err := in.Less(pairs[j].v, pairs[i].v)
		if err != nil {
			failed = err
		}
		return less
	})
	n := len(pairs)
	if a[0] != nil && a[0] != py.Value(py.None) {
		k, err := in.Index(a[0])
		if err != nil {
			return nil, err
		}
		n = min(n, max(k, 0))
	}
	out := py.NewList()
	for _, p := range pairs[:n] {
		out.Items = append(out.Items, py.NewTuple(p.k, p.v))
	}
	return out, failed
}

// namedtuple makes a class of tuples whose items have names.
func namedtuple(in *py.Interp, a py.Args) (py.Value, error) {
	b, err := py.NewSignature("namedtuple", "typename, field_names, *, rename=, defaults=, module=").Bind(a)
	if err != nil {
		return nil, err
	}
	name, ok := b.Get("typename").(py.Str)
	if !ok {
		return nil, py.TypeError.New("namedtuple() arg 1 must be str")
	}
	var fields []string
	if s, ok := b.Get("field_names").(py.Str); ok {
		fields = strings.Fields(strings.ReplaceAll(string(s), ",", " "))
	} else {
		items, err := in.Collect(b.Get("field_names"))
		if err != nil {
			return nil, err
		}
		for _, v := range items {
			s, err := in.Str(v)
			if err != nil {
				return nil, err
			}
			fields = append(fields, s)
		}
	}
	var defaults []py.Value
	if b.Has("defaults") {
		if defaults, err = in.Collect(b.Get("defaults")); err != nil {
			return nil, err
		}
		if len(defaults) > len(fields) {
			return nil, py.TypeError.New("Got more default values than field names")
		}
	}
	return newNamedTuple(in, string(name), fields, defaults)
}

func newNamedTuple(in *py.Interp, name string, fields []string, defaults []py.Value) (*py.Type, error) {
	if err := in.AllocN(len(fields)+16, 256); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, f := range fields {
		if seen[f] {
			return nil, py.ValueError.New("Encountered duplicate field name: '%s'", f)
		}
		if strings.HasPrefix(f, "_") {
			return nil, py.ValueError.New("Field names cannot start with an underscore: '%s'", f)
		}
		seen[f] = true
	}
	t := py.NewType(name, py.TupleType)
	t.Module = "__main__"
	params := make([]string, len(fields))
	first := len(fields) - len(defaults)
	names := make([]py.Value, len(fields))
	for i, f := range fields {
		params[i] = f
		if i >= first {
			params[i] += "="
		}
		names[i] = py.Str(f)
		t.Attribute(f, func(_ *py.Interp, v py.Value) (py.Value, error) { return v.(*py.Tuple).Items[i], nil })
	}
	sig := py.NewSignature(name+".__new__", strings.Join(params, ", "))
	sig.Method()
	build := func(in *py.Interp, a py.Args) (py.Value, error) {
		b, err := sig.Bind(a)
		if err != nil {
			return nil, err
		}
		items := make([]py.Value, len(fields))
		for i, f := range fields {
			if items[i] = b.Get(f); items[i] == nil {
				items[i] = defaults[i-first]
			}
		}
		return py.NewTupleOf(t, items), in.AllocN(len(items)+4, 16)
	}
	t.Constructor(func(in *py.Interp, _ *py.Type, a py.Args) (py.Value, error) { return build(in, a) })
	t.Set("_fields", py.NewTuple(names...))
	t.Set("__match_args__", py.NewTuple(names...))
	t.Methods(
		&py.Native{Name: "_asdict", Fn: func(_ *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
			d := py.NewDict()
			for i, f := range fields {
				d.SetStr(f, self.(*py.Tuple).Items[i])
			}
			return d, nil
		}},
		&py.Native{Name: "_replace", Raw: func(in *py.Interp, self py.Value, a py.Args) (py.Value, error) {
			items := slices.Clone(self.(*py.Tuple).Items)
			for i, n := range a.Names {
				at := slices.Index(fields, n)
				if at < 0 {
					return nil, py.ValueError.New("Got unexpected field names: ['%s']", n)
				}
				items[at] = a.Named[i]
			}
			return py.NewTupleOf(t, items), in.AllocN(len(items)+4, 16)
		}},
	)
	t.Set("_make", fn("_make", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
		items, err := in.Collect(a[0])
		if err != nil {
			return nil, err
		}
		return build(in, py.Args{Pos: items})
	}))
	t.ReprWith(func(in *py.Interp, v py.Value) (string, error) {
		parts := make([]string, len(fields))
		for i, f := range fields {
			s, err := in.Repr(v.(*py.Tuple).Items[i])
			if err != nil {
				return "", err
			}
			parts[i] = f + "=" + s
		}
		return name + "(" + strings.Join(parts, ", ") + ")", nil
	})
	return t, nil
}
