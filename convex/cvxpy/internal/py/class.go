package py

// Instance is an object of a class that the program wrote.
type Instance struct {
	class *Type
	attrs Namespace
}

// Type is the instance's class.
func (i *Instance) Type() *Type { return i.class }

// Attrs are the instance's own attributes.
func (i *Instance) Attrs() *Namespace { return &i.attrs }

// instantiate is cls(...).
func (in *Interp) instantiate(cls *Type, a Args) (Value, error) {
	if cls == TypeType {
		return typeCall(a)
	}
	if !cls.heap {
		if cls.construct == nil && cls.native() == ObjectType {
			return nil, TypeError.New("cannot create '%s' instances", cls.Name)
		}
		return cls.native().construct(in, cls, a)
	}
	if names := cls.abstract(); len(names) > 0 {
		return nil, abstractError(cls, names)
	}
	var v Value
	var err error
	init := cls.lookup("__init__")
	if newFn, ok := cls.lookup("__new__").(*StaticMethod); ok {
		v, err = in.Call(newFn.fn, Args{append([]Value{cls}, a.Pos...), a.Names, a.Named})
		if err != nil || !v.Type().Is(cls) {
			return v, err
		}
	} else {
		if cls.native() == ObjectType && init == nil && (len(a.Pos) > 0 || len(a.Names) > 0) {
			return nil, TypeError.New("%s() takes no arguments", cls.ShortName())
		}
		if v, err = cls.native().construct(in, cls, a); err != nil {
			return nil, err
		}
	}
	if init == nil {
		return v, nil
	}
	r, err := in.callWithSelf(init, v, a)
	if err != nil {
		return nil, err
	}
	if r != Value(None) {
		return nil, TypeError.New("__init__() should return None, not '%s'", r.Type().Name)
	}
	return v, nil
}

func typeCall(a Args) (Value, error) {
	switch {
	case len(a.Pos) == 1 && len(a.Names) == 0:
		return a.Pos[0].Type(), nil
	case len(a.Pos) == 3:
		return nil, Unsupported("making classes with type() is not supported")
	}
	return nil, TypeError.New("type() takes 1 or 3 arguments")
}

// newClass makes a class from its body's names.
func (in *Interp) newClass(name, qualname string, bases []*Type, body *Namespace) (*Type, error) {
	if err := in.Alloc(1024); err != nil {
		return nil, err
	}
	t := &Type{Name: name, qualname: qualname, Module: "__main__", heap: true, Bases: bases}
	if len(bases) == 0 {
		t.Bases = []*Type{ObjectType}
	}
	for _, b := range bases {
		if b.final {
			switch b {
			case BoolType, noneType, rangeType, sliceType, functionType, ellipsisT, notImplementedT, generatorType:
				return nil, TypeError.New("type '%s' is not an acceptable base type", b.Name)
			}
			return nil, Unsupported("deriving a class from %s is not supported", b.Name)
		}
		if len(b.mro) > 100 {
			return nil, Unsupported("a class hierarchy of more than 100 levels is not supported")
		}
	}
	if !t.linearise() {
		return nil, TypeError.New("Cannot create a consistent method resolution\norder (MRO) for bases %s", typeNames(bases))
	}
	for _, n := range body.Names() {
		v := body.Get(n)
		switch n {
		case "__get__", "__set__", "__getattribute__", "__init_subclass__", "__set_name__", "__class_getitem__", "__prepare__":
			return nil, Unsupported("defining %s in a class is not supported", n)
		case "__new__":
			if f, ok := v.(*Function); ok {
				v = &StaticMethod{f}
			}
		case "__doc__":
			if s, ok := v.(Str); ok {
				t.doc = string(s)
			}
		}
		t.attrs.Set(n, v)
		adopt(t, v)
	}
	if body.Get("__eq__") != nil && body.Get("__hash__") == nil {
		t.attrs.Set("__hash__", None)
	}
	for _, b := range t.mro[1:] {
		if b.derived != nil {
			return b.derived(in, t, body)
		}
	}
	return t, nil
}

// adopt tells functions the class they were written in, for super().
func adopt(t *Type, v Value) {
	switch x := v.(type) {
	case *Function:
		if x.owner == nil {
			x.owner = t
		}
	case *StaticMethod:
		adopt(t, x.fn)
	case *ClassMethod:
		adopt(t, x.fn)
	case *Property:
		adopt(t, x.get)
		adopt(t, x.set)
	}
}

func typeNames(list []*Type) string {
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = t.ShortName()
	}
	return joinStrings(names, ", ")
}

// Super is super(): attribute search behind a class.
type Super struct {
	after *Type
	self  Value
	class *Type // the type whose order of classes is walked
}

// Type makes a Super a Value.
func (*Super) Type() *Type { return superType }

func (s *Super) attr(in *Interp, name string) (Value, error) {
	found := false
	for _, m := range s.class.mro {
		if !found {
			found = m == s.after
			continue
		}
		if d := m.attrs.Get(name); d != nil {
			if _, isClass := s.self.(*Type); isClass {
				if c, ok := d.(*ClassMethod); ok {
					return &BoundMethod{s.class, c.fn}, nil
				}
				return in.bind(d, nil, s.class)
			}
			return in.bind(d, s.self, s.class)
		}
	}
	if r := superDefault(s, name); r != nil {
		return r, nil
	}
	e := AttributeError.New("'super' object has no attribute '%s'", name)
	return nil, e
}

// superDefault gives what object and the exceptions define natively.
func superDefault(s *Super, name string) Value {
	switch name {
	case "__init__":
		return &Native{Name: name, Max: -1, Raw: func(_ *Interp, _ Value, a Args) (Value, error) {
			if e, ok := s.self.(*Exc); ok {
				e.Args = a.Pos
				return None, nil
			}
			if len(a.Pos) > 0 || len(a.Names) > 0 {
				return nil, TypeError.New("object.__init__() takes exactly one argument (the instance to initialize)")
			}
			return None, nil
		}}
	case "__new__":
		return &Native{Name: name, Max: -1, Raw: func(in *Interp, _ Value, a Args) (Value, error) {
			if len(a.Pos) == 0 {
				return nil, TypeError.New("object.__new__(): not enough arguments")
			}
			cls, ok := a.Pos[0].(*Type)
			if !ok {
				return nil, TypeError.New("object.__new__(X): X is not a type object (%s)", a.Pos[0].Type().Name)
			}
			return cls.native().construct(in, cls, Args{a.Pos[1:], a.Names, a.Named})
		}}
	case "__setattr__":
		return &Native{Name: name, Min: 2, Max: 2, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
			o, ok := s.self.(*Instance)
			key, isStr := a[0].(Str)
			if !ok || !isStr {
				return nil, TypeError.New("attribute name must be string, not '%s'", a[0].Type().Name)
			}
			return None, setIn(in, &o.attrs, o, string(key), a[1])
		}}
	case "__repr__", "__str__":
		return &Native{Name: name, Fn: func(in *Interp, _ Value, _ []Value) (Value, error) {
			if e, ok := s.self.(*Exc); ok {
				text, err := e.Str(in)
				if name == "__repr__" {
					text, err = e.Repr(in)
				}
				return Str(text), err
			}
			return Str(in.defaultRepr(s.self)), nil
		}}
	case "__eq__":
		return &Native{Name: name, Min: 1, Max: 1, Fn: func(_ *Interp, _ Value, a []Value) (Value, error) {
			if is(s.self, a[0]) {
				return True, nil
			}
			return NotImplemented, nil
		}}
	case "__hash__":
		return &Native{Name: name, Fn: func(in *Interp, _ Value, _ []Value) (Value, error) {
			return Int(in.id(s.self)) * 16, nil
		}}
	}
	return nil
}

func init() {
	ObjectType.final = false
	ObjectType.construct = func(in *Interp, cls *Type, a Args) (Value, error) {
		if !cls.heap && (len(a.Pos) > 0 || len(a.Names) > 0) {
			return nil, TypeError.New("object() takes no arguments")
		}
		return &Instance{class: cls}, in.Alloc(8 * valueSize)
	}
	superType.construct = func(in *Interp, _ *Type, a Args) (Value, error) {
		if len(a.Pos) == 2 {
			t, ok := a.Pos[0].(*Type)
			if !ok {
				return nil, TypeError.New("super() argument 1 must be a type, not %s", a.Pos[0].Type().Name)
			}
			return newSuper(t, a.Pos[1])
		}
		for f := in.frame; f != nil; f = f.back {
			if f.fn == nil || f.fn.owner == nil {
				continue
			}
			if len(f.fn.params.Pos) == 0 {
				break
			}
			self := f.slots[0]
			if c, ok := self.(*cell); ok {
				self = c.v
			}
			if self == nil {
				break
			}
			return newSuper(f.fn.owner, self)
		}
		return nil, RuntimeError.New("super(): no arguments")
	}
}

func newSuper(after *Type, self Value) (Value, error) {
	class := self.Type()
	if t, ok := self.(*Type); ok && t.Is(after) {
		class = t
	}
	if !class.Is(after) {
		return nil, TypeError.New("super(type, obj): obj must be an instance or subtype of type")
	}
	return &Super{after, self, class}, nil
}
