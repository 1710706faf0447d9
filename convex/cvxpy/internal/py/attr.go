package py

import (
	"slices"
)

// GetAttr is v.name.
func (in *Interp) GetAttr(v Value, name string) (Value, error) {
	switch x := v.(type) {
	case *Instance:
		return in.instanceAttr(x, name)
	case *Module:
		return x.attr(in, name)
	case *Type:
		return in.typeAttr(x, name)
	case *Super:
		return x.attr(in, name)
	case AttrGetter:
		if r, err := x.GetAttr(in, name); r != nil || err != nil {
			return r, err
		}
	case Attributed:
		if r := x.Attrs().Get(name); r != nil {
			return r, nil
		}
	}
	t := v.Type()
	if d := t.lookup(name); d != nil {
		return in.bind(d, v, t)
	}
	if r := commonAttr(in, v, name); r != nil {
		return r, nil
	}
	return nil, in.noAttr(v, name)
}

// method finds v.name for a call, without making a bound method where it can:
// self is what to put before the arguments, nil for nothing.
func (in *Interp) method(v Value, name string) (fn, self Value, err error) {
	switch x := v.(type) {
	case *Module:
		fn, err = x.attr(in, name)
		return fn, nil, err
	case *Instance:
		if x.attrs.Get(name) == nil {
			if d, ok := x.class.lookup(name).(*Function); ok {
				return d, v, nil
			}
		}
	case *Type, *Super, AttrGetter:
	case Attributed:
		if d, ok := v.Type().lookup(name).(*Native); ok && x.Attrs().Get(name) == nil {
			return d, v, nil
		}
	default:
		if d, ok := v.Type().lookup(name).(*Native); ok {
			return d, v, nil
		}
	}
	fn, err = in.GetAttr(v, name)
	return fn, nil, err
}

// bind turns a class attribute into what the instance shows; self is nil for
// access through the class.
func (in *Interp) bind(d, self Value, cls *Type) (Value, error) {
	switch x := d.(type) {
	case *Function:
		if self != nil {
			return &BoundMethod{self, x}, nil
		}
	case *Native:
		if self != nil && x.owner != nil {
			return &BoundMethod{self, x}, nil
		}
	case *Getter:
		if self != nil {
			return x.Get(in, self)
		}
	case *Property:
		if self != nil {
			if x.get == nil || x.get == Value(None) {
				return nil, AttributeError.New("property%s of '%s' object has no getter", quotedName(x.name), cls.ShortName())
			}
			return in.Call(x.get, Args{Pos: []Value{self}})
		}
	case *StaticMethod:
		return x.fn, nil
	case *ClassMethod:
		return &BoundMethod{cls, x.fn}, nil
	case *AbstractMethod:
		return in.bind(x.Fn, self, cls)
	case Descriptor:
		if self == nil {
			return d, nil
		}
		v := x.BindTo(in, self)
		if p, ok := v.(Pending); ok {
			return p.Resolve(in)
		}
		return v, nil
	}
	return d, nil
}

// Descriptor is a class attribute of a binding's making that shows as
// something else on objects (a cached method); Pending is what must still be
// computed (a cached property).
type (
	Descriptor interface {
		BindTo(in *Interp, self Value) Value
	}
	Pending interface {
		Resolve(in *Interp) (Value, error)
	}
)

func quotedName(s string) string {
	if s == "" {
		return ""
	}
	return " '" + s + "'"
}

func (in *Interp) instanceAttr(x *Instance, name string) (Value, error) {
	d := x.class.lookup(name)
	if p, ok := d.(*Property); ok {
		return in.bind(p, x, x.class)
	}
	if v := x.attrs.Get(name); v != nil {
		return v, nil
	}
	if d != nil {
		return in.bind(d, x, x.class)
	}
	if name == "__dict__" {
		return x.attrs.dict(), nil
	}
	if r := commonAttr(in, x, name); r != nil {
		return r, nil
	}
	if get := x.class.lookup("__getattr__"); get != nil {
		return in.Call(get, Args{Pos: []Value{x, Str(name)}})
	}
	return nil, in.noAttr(x, name)
}

func (in *Interp) typeAttr(t *Type, name string) (Value, error) {
	if d := t.lookup(name); d != nil {
		return in.bind(d, nil, t)
	}
	switch name {
	case "__name__":
		return Str(t.ShortName()), nil
	case "__qualname__":
		if t.qualname != "" {
			return Str(t.qualname), nil
		}
		return Str(t.ShortName()), nil
	case "__module__":
		return Str(t.Module), nil
	case "__mro__":
		l := &Tuple{}
		for _, m := range t.mro {
			l.Items = append(l.Items, m)
		}
		return l, nil
	case "__bases__":
		l := &Tuple{}
		for _, m := range t.Bases {
			l.Items = append(l.Items, m)
		}
		return l, nil
	case "__dict__":
		return t.attrs.dict(), nil
	case "__annotations__":
		return NewDict(), nil
	case "mro":
		return &Native{Name: "mro", Fn: func(in *Interp, _ Value, _ []Value) (Value, error) {
			r, err := in.typeAttr(t, "__mro__")
			if err != nil {
				return nil, err
			}
			return &List{r.(*Tuple).Items}, nil
		}}, nil
	}
	if r := commonAttr(in, t, name); r != nil {
		return r, nil
	}
	return nil, in.noAttr(t, name)
}

// commonAttr finds what every object has.
func commonAttr(in *Interp, v Value, name string) Value {
	switch name {
	case "__class__":
		return v.Type()
	case "__doc__":
		t := v.Type()
		if cls, ok := v.(*Type); ok {
			t = cls
		}
		if t.doc != "" {
			return Str(t.doc)
		}
		return None
	}
	if op, ok := dunders[name]; ok {
		return op(in, v)
	}
	return nil
}

// noAttr words the AttributeError, or reports that real Python has the
// attribute and this interpreter has not.
func (in *Interp) noAttr(v Value, name string) error {
	var e *Exc
	switch x := v.(type) {
	case *Module:
		e = AttributeError.New("module '%s' has no attribute '%s'", x.Name, name)
	case *Type:
		if err := missingInPython(x, name); err != nil {
			return err
		}
		e = AttributeError.New("type object '%s' has no attribute '%s'", x.ShortName(), name)
	default:
		if err := missingInPython(v.Type(), name); err != nil {
			return err
		}
		e = AttributeError.New("'%s' object has no attribute '%s'", v.Type().Name, name)
	}
	e.suggest = func() string { return didYouMean(suggestion(in.dir(v), name)) }
	return e
}

// SetAttr is v.name = x, or del v.name where x is nil.
func (in *Interp) SetAttr(v Value, name string, x Value) error {
	switch o := v.(type) {
	case *Instance:
		return in.setInstanceAttr(o, name, x)
	case *Type:
		if !o.heap {
			return TypeError.New("cannot set '%s' attribute of immutable type '%s'", name, o.Name)
		}
		return setIn(in, &o.attrs, v, name, x)
	case *Function:
		return setIn(in, &o.attrs, v, name, x)
	case *Module:
		return Unsupported("changing an attribute of a module (%s.%s) is not supported", o.Name, name)
	case AttrSetter:
		return o.SetAttr(in, name, x)
	}
	open, isOpen := v.(Attributed)
	switch d := v.Type().lookup(name).(type) {
	case *Getter:
		if x != nil && d.Set != nil {
			return d.Set(in, v, x)
		}
		if isOpen {
			return AttributeError.New("property '%s' of '%s' object has no setter", name, v.Type().Name)
		}
		return AttributeError.New("attribute '%s' of '%s' objects is not writable", name, v.Type().Name)
	case *Native:
		if !isOpen {
			return AttributeError.New("'%s' object attribute '%s' is read-only", v.Type().Name, name)
		}
	}
	if isOpen {
		return setIn(in, open.Attrs(), v, name, x)
	}
	return in.noAttr(v, name)
}

func setIn(in *Interp, ns *Namespace, v Value, name string, x Value) error {
	if x == nil {
		if !ns.Delete(name) {
			return in.noAttr(v, name)
		}
		return nil
	}
	ns.Set(name, x)
	return in.Alloc(len(name) + 4*valueSize)
}

func (in *Interp) setInstanceAttr(o *Instance, name string, x Value) error {
	if x != nil {
		if set := o.class.lookup("__setattr__"); set != nil {
			_, err := in.Call(set, Args{Pos: []Value{o, Str(name), x}})
			return err
		}
	}
	if p, ok := o.class.lookup(name).(*Property); ok {
		if x == nil || p.set == nil || p.set == Value(None) {
			what := "setter"
			if x == nil {
				what = "deleter"
			}
			return AttributeError.New("property%s of '%s' object has no %s", quotedName(p.name), o.class.ShortName(), what)
		}
		_, err := in.Call(p.set, Args{Pos: []Value{o, x}})
		return err
	}
	return setIn(in, &o.attrs, o, name, x)
}

func (m *Module) attr(in *Interp, name string) (Value, error) {
	if v := m.Get(name); v != nil {
		return v, nil
	}
	if name == "__name__" {
		return Str(m.Name), nil
	}
	if m.Missing != nil {
		if err := m.Missing(name); err != nil {
			return nil, err
		}
	}
	return nil, in.noAttr(m, name)
}

// dir lists the names of an object's attributes, sorted.
func (in *Interp) dir(v Value) []string {
	seen := map[string]bool{}
	add := func(names []string) {
		for _, n := range names {
			seen[n] = true
		}
	}
	switch x := v.(type) {
	case *Module:
		if x.Dir != nil {
			return x.Dir
		}
		add(x.Names())
	case *Type:
		for _, m := range x.mro {
			add(m.attrs.Names())
			add(pythonNames(m))
		}
	default:
		if i, ok := v.(*Instance); ok {
			add(i.attrs.Names())
		}
		for _, m := range v.Type().mro {
			add(m.attrs.Names())
			add(pythonNames(m))
		}
	}
	names := make([]string, 0, len(seen))
	for n := range seen {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Getter is a read-only or writable attribute of a built-in type.
type Getter struct {
	Get func(in *Interp, self Value) (Value, error)
	Set func(in *Interp, self, v Value) error
}

// Type makes a Getter a Value.
func (*Getter) Type() *Type { return getterType }

// Attribute adds a read-only attribute to a type.
func (t *Type) Attribute(name string, get func(in *Interp, self Value) (Value, error)) *Type {
	t.attrs.Set(name, &Getter{Get: get})
	return t
}
