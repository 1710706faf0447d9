package stdlib

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

func functoolsModule(*py.Interp) *py.Module {
	m := module("functools",
		fn("reduce", 2, 3, reduce),
		fn("wraps", 1, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) {
			return fn("decorator", 1, 1, func(in *py.Interp, b []py.Value) (py.Value, error) {
				return b[0], py.CopyMetadata(in, b[0], a[0])
			}), nil
		}),
		raw("lru_cache", func(in *py.Interp, a py.Args) (py.Value, error) {
			if len(a.Pos) == 1 && len(a.Names) == 0 && py.IsCallable(a.Pos[0]) {
				return &cached{fn: a.Pos[0], memo: py.NewDict()}, nil
			}
			return fn("decorator", 1, 1, func(_ *py.Interp, b []py.Value) (py.Value, error) {
				return &cached{fn: b[0], memo: py.NewDict()}, nil
			}), nil
		}),
		fn("cache", 1, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) { return &cached{fn: a[0], memo: py.NewDict()}, nil }),
		fn("cmp_to_key", 1, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) {
			return fn("K", 1, 1, func(_ *py.Interp, b []py.Value) (py.Value, error) { return &cmpKey{a[0], b[0]}, nil }), nil
		}),
		fn("total_ordering", 1, 1, totalOrdering),
	)
	m.Set("partial", partialType)
	m.Set("cached_property", cachedPropertyType)
	return m
}

func reduce(in *py.Interp, a []py.Value) (py.Value, error) {
	total := a[2]
	err := in.Each(a[1], func(v py.Value) error {
		if total == nil {
			total = v
			return nil
		}
		r, err := in.CallValues(a[0], total, v)
		total = r
		return err
	})
	if err == nil && total == nil {
		err = py.TypeError.New("reduce() of empty iterable with no initial value")
	}
	return total, err
}

// partial is functools.partial.
type partial struct {
	fn   py.Value
	args py.Args
}

var partialType = py.NewType("functools.partial")

func (*partial) Type() *py.Type { return partialType }

// Call adds the arguments given now behind those given before.
func (p *partial) Call(in *py.Interp, a py.Args) (py.Value, error) {
	all := py.Args{Pos: append(append([]py.Value(nil), p.args.Pos...), a.Pos...)}
	for i, n := range p.args.Names {
		over := false
		for _, m := range a.Names {
			over = over || m == n
		}
		if !over {
			all.Names, all.Named = append(all.Names, n), append(all.Named, p.args.Named[i])
		}
	}
	all.Names, all.Named = append(all.Names, a.Names...), append(all.Named, a.Named...)
	if err := in.AllocN(len(all.Pos)+len(all.Names), 16); err != nil {
		return nil, err
	}
	if err := in.Enter(""); err != nil {
		return nil, err
	}
	defer in.Leave()
	return in.Call(p.fn, all)
}

// GetAttr gives func, args and keywords.
func (p *partial) GetAttr(_ *py.Interp, name string) (py.Value, error) {
	switch name {
	case "func":
		return p.fn, nil
	case "args":
		return py.NewTuple(p.args.Pos...), nil
	case "keywords":
		d := py.NewDict()
		for i, n := range p.args.Names {
			d.SetStr(n, p.args.Named[i])
		}
		return d, nil
	}
	return nil, nil
}

// cached is a function with a memory of its results.
type cached struct {
	fn   py.Value
	memo *py.Dict
}

var cachedType = py.NewType("functools._lru_cache_wrapper")

func (*cached) Type() *py.Type { return cachedType }

// Call looks the arguments up first.
func (c *cached) Call(in *py.Interp, a py.Args) (py.Value, error) {
	key := py.NewTuple(a.Pos...)
	for i, n := range a.Names {
		key.Items = append(key.Items[:len(key.Items):len(key.Items)], py.Str(n), a.Named[i])
	}
	v, err := c.memo.Get(in, key)
	if v != nil || err != nil {
		return v, err
	}
	if v, err = in.Call(c.fn, a); err != nil {
		return nil, err
	}
	return v, c.memo.Set(in, key, v)
}

// BindTo makes it a method of objects.
func (c *cached) BindTo(_ *py.Interp, self py.Value) py.Value {
	return &py.BoundMethod{Self: self, Fn: c}
}

// GetAttr gives cache_clear and the function's own attributes.
func (c *cached) GetAttr(in *py.Interp, name string) (py.Value, error) {
	switch name {
	case "cache_clear":
		return fn(name, 0, 0, func(*py.Interp, []py.Value) (py.Value, error) {
			c.memo.Clear()
			return py.None, nil
		}), nil
	case "__wrapped__":
		return c.fn, nil
	case "__name__", "__doc__", "__qualname__":
		return in.GetAttr(c.fn, name)
	}
	return nil, nil
}

// cmpKey orders by a comparison function.
type cmpKey struct{ cmp, v py.Value }

var cmpKeyType = py.NewType("functools.KeyWrapper")

func (*cmpKey) Type() *py.Type { return cmpKeyType }

// Compare asks the function.
func (k *cmpKey) Compare(in *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	o, ok := other.(*cmpKey)
	if !ok {
		return py.NotImplemented, nil
	}
	r, err := in.CallValues(k.cmp, k.v, o.v)
	if err != nil {
		return nil, err
	}
	return in.Compare(op, r, py.Int(0))
}

// cachedProperty computes an attribute once.
type cachedProperty struct {
	fn py.Value
}

var cachedPropertyType = py.NewType("functools.cached_property")

func (*cachedProperty) Type() *py.Type { return cachedPropertyType }

// BindTo computes the value and stores it on the object.
func (c *cachedProperty) BindTo(_ *py.Interp, self py.Value) py.Value {
	return &pendingProperty{c, self}
}

// pendingProperty is resolved by Interp.bind.
type pendingProperty struct {
	prop *cachedProperty
	self py.Value
}

func (*pendingProperty) Type() *py.Type { return cachedPropertyType }

// Resolve calls the function and keeps the result as the object's attribute.
func (p *pendingProperty) Resolve(in *py.Interp) (py.Value, error) {
	v, err := in.CallValues(p.prop.fn, p.self)
	if err != nil {
		return nil, err
	}
	name, err := in.GetAttr(p.prop.fn, "__name__")
	if err != nil {
		return nil, err
	}
	return v, in.SetAttr(p.self, string(name.(py.Str)), v)
}

func init() {
	cachedPropertyType.Constructor(func(_ *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		if len(a.Pos) != 1 {
			return nil, py.TypeError.New("cached_property.__init__() takes 2 positional arguments but %d were given", len(a.Pos)+1)
		}
		return &cachedProperty{a.Pos[0]}, nil
	})
	partialType.Constructor(func(_ *py.Interp, _ *py.Type, a py.Args) (py.Value, error) {
		if len(a.Pos) == 0 {
			return nil, py.TypeError.New("type 'partial' takes at least one argument")
		}
		if !py.IsCallable(a.Pos[0]) {
			return nil, py.TypeError.New("the first argument must be callable")
		}
		return &partial{a.Pos[0], py.Args{Pos: a.Pos[1:], Names: a.Names, Named: a.Named}}, nil
	})
}

// totalOrdering derives the missing comparisons from one and __eq__.
func totalOrdering(in *py.Interp, a []py.Value) (py.Value, error) {
	t, ok := a[0].(*py.Type)
	if !ok {
		return nil, py.TypeError.New("total_ordering expects a class")
	}
	root := ""
	for _, n := range []string{"__lt__", "__le__", "__gt__", "__ge__"} {
		if t.Lookup(n) != nil {
			root = n
			break
		}
	}
	if root == "" {
		return nil, py.ValueError.New("must define at least one ordering operation: < > <= >=")
	}
	// Each comparison as a function of root(self, other) and equality.
	derive := map[string]map[string]func(r, eq bool) bool{
		"__lt__": {"__le__": func(r, eq bool) bool { return r || eq }, "__gt__": func(r, eq bool) bool { return !r && !eq }, "__ge__": func(r, _ bool) bool { return !r }},
		"__le__": {"__lt__": func(r, eq bool) bool { return r && !eq }, "__gt__": func(r, _ bool) bool { return !r }, "__ge__": func(r, eq bool) bool { return !r || eq }},
		"__gt__": {"__ge__": func(r, eq bool) bool { return r || eq }, "__lt__": func(r, eq bool) bool { return !r && !eq }, "__le__": func(r, _ bool) bool { return !r }},
		"__ge__": {"__gt__": func(r, eq bool) bool { return r && !eq }, "__lt__": func(r, _ bool) bool { return !r }, "__le__": func(r, eq bool) bool { return !r || eq }},
	}
	for name, f := range derive[root] {
		if t.Lookup(name) != nil {
			continue
		}
		t.Methods(&py.Native{Name: name, Min: 1, Max: 1, Fn: func(in *py.Interp, self py.Value, b []py.Value) (py.Value, error) {
			v, err := in.CallSpecial(self, root, b[0])
			if err != nil || v == py.Value(py.NotImplemented) {
				return v, err
			}
			r, err := in.Truth(v)
			if err != nil {
				return nil, err
			}
			eq, err := in.Equal(self, b[0])
			return py.Bool(f(r, eq)), err
		}})
	}
	return t, nil
}
