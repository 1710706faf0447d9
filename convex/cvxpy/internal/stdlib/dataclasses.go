package stdlib

import (
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// field is one field of a dataclass.
type field struct {
	name           string
	annotation     py.Value
	def, factory   py.Value // nil where absent
	noInit, noRepr bool
	noCompare      bool
}

// fieldSpec is what dataclasses.field() gives.
type fieldSpec struct{ field }

// fieldsOf is the class attribute that remembers a dataclass's fields.
type fieldsOf struct{ list []*field }

var (
	fieldType          = py.NewType("dataclasses.Field")
	frozenError        = py.NewExceptionType("dataclasses", "FrozenInstanceError", py.AttributeError)
	missingFieldMarker = &fieldSpec{}
)

func (*fieldSpec) Type() *py.Type { return fieldType }
func (*fieldsOf) Type() *py.Type  { return fieldType }
func (*field) Type() *py.Type     { return fieldType }

// GetAttr gives a field's name, type and default.
func (f *field) GetAttr(_ *py.Interp, name string) (py.Value, error) {
	switch name {
	case "name":
		return py.Str(f.name), nil
	case "type":
		return f.annotation, nil
	case "default":
		if f.def != nil {
			return f.def, nil
		}
		return missingFieldMarker, nil
	}
	return nil, nil
}

const fieldsAttr = "__dataclass_fields__"

func dataclassesModule(*py.Interp) *py.Module {
	m := module("dataclasses",
		raw("dataclass", dataclass), raw("field", newField),
		fn("asdict", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
			if fieldsFrom(a[0]) == nil {
				return nil, py.TypeError.New("asdict() should be called on dataclass instances")
			}
			return toPlain(in, a[0], true)
		}),
		fn("astuple", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) {
			if fieldsFrom(a[0]) == nil {
				return nil, py.TypeError.New("astuple() should be called on dataclass instances")
			}
			return toPlain(in, a[0], false)
		}),
		fn("fields", 1, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) {
			fs := fieldsFrom(a[0])
			if fs == nil {
				return nil, py.TypeError.New("must be called with a dataclass type or instance")
			}
			out := py.NewTuple()
			for _, f := range fs {
				out.Items = append(out.Items, f)
			}
			return out, nil
		}),
		fn("is_dataclass", 1, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) { return py.Bool(fieldsFrom(a[0]) != nil), nil }),
		raw("replace", replace),
	)
	m.Set("FrozenInstanceError", frozenError)
	m.Set("MISSING", missingFieldMarker)
	return m
}

func newField(in *py.Interp, a py.Args) (py.Value, error) {
	b, err := py.NewSignature("field", "*, default=, default_factory=, init=, repr=, hash=, compare=, metadata=, kw_only=").Bind(a)
	if err != nil {
		return nil, err
	}
	s := &fieldSpec{}
	s.def, s.factory = b.Get("default"), b.Get("default_factory")
	if s.def != nil && s.factory != nil {
		return nil, py.ValueError.New("cannot specify both default and default_factory")
	}
	for name, flag := range map[string]*bool{"init": &s.noInit, "repr": &s.noRepr, "compare": &s.noCompare} {
		if v := b.Get(name); v != nil {
			yes, err := in.Truth(v)
			if err != nil {
				return nil, err
			}
			*flag = !yes
		}
	}
	return s, nil
}

// fieldsFrom returns the fields of a dataclass or of its instance.
func fieldsFrom(v py.Value) []*field {
	t, ok := v.(*py.Type)
	if !ok {
		t = v.Type()
	}
	if fs, ok := t.Lookup(fieldsAttr).(*fieldsOf); ok {
		return fs.list
	}
	return nil
}

func dataclass(in *py.Interp, a py.Args) (py.Value, error) {
	b, err := py.NewSignature("dataclass", "cls=, /, *, init=, repr=, eq=, order=, unsafe_hash=, frozen=, match_args=, kw_only=, slots=, weakref_slot=").Bind(a)
	if err != nil {
		return nil, err
	}
	opts := map[string]bool{"init": true, "repr": true, "eq": true}
	for _, n := range []string{"init", "repr", "eq", "order", "frozen", "kw_only"} {
		if v := b.Get(n); v != nil {
			if opts[n], err = in.Truth(v); err != nil {
				return nil, err
			}
		}
	}
	make := func(in *py.Interp, v py.Value) (py.Value, error) {
		t, ok := v.(*py.Type)
		if !ok {
			return nil, py.TypeError.New("dataclass() expects a class")
		}
		return t, makeDataclass(in, t, opts)
	}
	if v := b.Get("cls"); v != nil {
		return make(in, v)
	}
	return fn("wrap", 1, 1, func(in *py.Interp, a []py.Value) (py.Value, error) { return make(in, a[0]) }), nil
}

// collectFields merges the fields of the bases with the annotations of t.
func collectFields(in *py.Interp, t *py.Type) ([]*field, error) {
	var list []*field
	put := func(f *field) {
		for i, old := range list {
			if old.name == f.name {
				list[i] = f
				return
			}
		}
		list = append(list, f)
	}
	bases := t.MRO()
	for i := len(bases) - 1; i > 0; i-- {
		if fs, ok := bases[i].Own(fieldsAttr).(*fieldsOf); ok {
			for _, f := range fs.list {
				put(f)
			}
		}
	}
	notes, _ := t.Own("__annotations__").(*py.Dict)
	if notes == nil {
		return list, nil
	}
	var err error
	notes.Range(func(k, ann py.Value) bool {
		name := string(k.(py.Str))
		if isClassVar(ann) {
			return true
		}
		f := &field{name: name, annotation: ann}
		switch v := t.Own(name).(type) {
		case nil:
		case *fieldSpec:
			*f = v.field
			f.name, f.annotation = name, ann
			if f.def != nil {
				t.Set(name, f.def)
			} else {
				t.Remove(name)
			}
		case *py.List, *py.Dict, *py.Set:
			err = py.ValueError.New("mutable default %s for field %s is not allowed: use default_factory", reprOf(in, v.Type()), name)
		default:
			if v.Type().Name == "numpy.ndarray" {
				err = py.ValueError.New("mutable default %s for field %s is not allowed: use default_factory", reprOf(in, v.Type()), name)
			}
			f.def = v
		}
		put(f)
		return err == nil
	})
	return list, err
}

func reprOf(in *py.Interp, v py.Value) string {
	s, _ := in.Repr(v)
	return s
}

func isClassVar(ann py.Value) bool {
	if a, ok := ann.(*py.Alias); ok {
		return a.Name == "typing.ClassVar"
	}
	s, ok := ann.(py.Str)
	return ok && (strings.HasPrefix(string(s), "ClassVar") || strings.HasPrefix(string(s), "typing.ClassVar"))
}

func makeDataclass(in *py.Interp, t *py.Type, opts map[string]bool) error {
	list, err := collectFields(in, t)
	if err != nil {
		return err
	}
	if err := in.AllocN(len(list)+8, 256); err != nil {
		return err
	}
	t.Set(fieldsAttr, &fieldsOf{list})
	seenDefault := false
	names := py.NewTuple()
	for _, f := range list {
		if f.noInit {
			continue
		}
		if f.def != nil || f.factory != nil {
			seenDefault = true
		} else if seenDefault && !opts["kw_only"] {
			return py.TypeError.New("non-default argument '%s' follows default argument", f.name)
		}
		names.Items = append(names.Items, py.Str(f.name))
	}
	t.Set("__match_args__", names)
	if opts["init"] && t.Own("__init__") == nil {
		t.Methods(initMethod(t, list, opts["kw_only"]))
	}
	if opts["repr"] && t.Own("__repr__") == nil {
		t.Methods(reprMethod(t, list))
	}
	if opts["eq"] && t.Own("__eq__") == nil {
		t.Methods(compareMethod(t, list, "__eq__", syntax.Eq))
		if !opts["frozen"] && t.Own("__hash__") == nil {
			t.Set("__hash__", py.None)
		}
	}
	if opts["order"] {
		t.Methods(
			compareMethod(t, list, "__lt__", syntax.Lt), compareMethod(t, list, "__le__", syntax.LtE),
			compareMethod(t, list, "__gt__", syntax.Gt), compareMethod(t, list, "__ge__", syntax.GtE),
		)
	}
	if opts["frozen"] {
		t.Methods(
			&py.Native{Name: "__setattr__", Min: 2, Max: 2, Fn: func(_ *py.Interp, _ py.Value, a []py.Value) (py.Value, error) {
				return nil, frozenError.New("cannot assign to field '%s'", a[0])
			}},
			&py.Native{Name: "__hash__", Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
				key, err := values(in, self, list)
				if err != nil {
					return nil, err
				}
				h, err := in.Hash(key)
				return py.Int(h), err
			}},
		)
	}
	return nil
}

func initMethod(t *py.Type, list []*field, kwOnly bool) *py.Native {
	var params []string
	if kwOnly {
		params = append(params, "*")
	}
	for _, f := range list {
		if f.noInit {
			continue
		}
		p := f.name
		if f.def != nil || f.factory != nil {
			p += "="
		}
		params = append(params, p)
	}
	sig := py.NewSignature(t.Qualname()+".__init__", strings.Join(params, ", "))
	sig.Method()
	return &py.Native{Name: "__init__", Raw: func(in *py.Interp, self py.Value, a py.Args) (py.Value, error) {
		b, err := sig.Bind(a)
		if err != nil {
			return nil, err
		}
		o, ok := self.(*py.Instance)
		if !ok {
			return nil, py.Unsupported("a dataclass that is not a plain class is not supported")
		}
		if err := in.AllocN(len(list), 96); err != nil {
			return nil, err
		}
		for _, f := range list {
			v := b.Get(f.name)
			switch {
			case v != nil:
			case f.factory != nil:
				if v, err = in.CallValues(f.factory); err != nil {
					return nil, err
				}
			case f.def != nil:
				v = f.def
			default:
				continue
			}
			o.Attrs().Set(f.name, v)
		}
		if post := t.Lookup("__post_init__"); post != nil || o.Type().Lookup("__post_init__") != nil {
			if _, err := in.CallSpecial(self, "__post_init__"); err != nil {
				return nil, err
			}
		}
		return py.None, nil
	}}
}

func reprMethod(t *py.Type, list []*field) *py.Native {
	return &py.Native{Name: "__repr__", Fn: func(in *py.Interp, self py.Value, _ []py.Value) (py.Value, error) {
		var parts []string
		for _, f := range list {
			if f.noRepr {
				continue
			}
			v, err := in.GetAttr(self, f.name)
			if err != nil {
				return nil, err
			}
			s, err := in.Repr(v)
			if err != nil {
				return nil, err
			}
			parts = append(parts, f.name+"="+s)
		}
		s := self.Type().Qualname() + "(" + strings.Join(parts, ", ") + ")"
		return py.Str(s), in.Alloc(2 * len(s))
	}}
}

// values is the tuple of fields that comparisons look at.
func values(in *py.Interp, v py.Value, list []*field) (*py.Tuple, error) {
	t := py.NewTuple()
	for _, f := range list {
		if f.noCompare {
			continue
		}
		x, err := in.GetAttr(v, f.name)
		if err != nil {
			return nil, err
		}
		t.Items = append(t.Items, x)
	}
	return t, nil
}

func compareMethod(t *py.Type, list []*field, name string, op syntax.Comparison) *py.Native {
	return &py.Native{Name: name, Min: 1, Max: 1, Fn: func(in *py.Interp, self py.Value, a []py.Value) (py.Value, error) {
		if self.Type() != a[0].Type() {
			return py.NotImplemented, nil
		}
		x, err := values(in, self, list)
		if err != nil {
			return nil, err
		}
		y, err := values(in, a[0], list)
		if err != nil {
			return nil, err
		}
		return in.Compare(op, x, y)
	}}
}

// toPlain turns dataclasses into dicts (or tuples), deeply.
func toPlain(in *py.Interp, v py.Value, dict bool) (py.Value, error) {
	if err := in.Enter(""); err != nil {
		return nil, err
	}
	defer in.Leave()
	if _, isType := v.(*py.Type); !isType {
		if fs := fieldsFrom(v); fs != nil {
			d, t := py.NewDict(), py.NewTuple()
			for _, f := range fs {
				x, err := in.GetAttr(v, f.name)
				if err != nil {
					return nil, err
				}
				if x, err = toPlain(in, x, dict); err != nil {
					return nil, err
				}
				t.Items = append(t.Items, x)
				if err := d.Set(in, py.Str(f.name), x); err != nil {
					return nil, err
				}
			}
			if dict {
				return d, nil
			}
			return t, nil
		}
	}
	switch x := v.(type) {
	case *py.List:
		out := py.NewList()
		for _, e := range x.Items {
			p, err := toPlain(in, e, dict)
			if err != nil {
				return nil, err
			}
			out.Items = append(out.Items, p)
		}
		return out, in.AllocN(len(x.Items), 16)
	case *py.Dict:
		out := py.NewDict()
		var err error
		x.Range(func(k, e py.Value) bool {
			var p py.Value
			if p, err = toPlain(in, e, dict); err == nil {
				err = out.Set(in, k, p)
			}
			return err == nil
		})
		return out, err
	}
	return v, nil
}

func replace(in *py.Interp, a py.Args) (py.Value, error) {
	if len(a.Pos) != 1 || fieldsFrom(a.Pos[0]) == nil {
		return nil, py.TypeError.New("replace() should be called on dataclass instances")
	}
	args := py.Args{Names: a.Names, Named: a.Named}
	for _, f := range fieldsFrom(a.Pos[0]) {
		given := false
		for _, n := range a.Names {
			given = given || n == f.name
		}
		if given || f.noInit {
			continue
		}
		v, err := in.GetAttr(a.Pos[0], f.name)
		if err != nil {
			return nil, err
		}
		args.Names, args.Named = append(args.Names[:len(args.Names):len(args.Names)], f.name), append(args.Named[:len(args.Named):len(args.Named)], v)
	}
	return in.Call(a.Pos[0].Type(), args)
}
