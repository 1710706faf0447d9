package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Function is a function written in Python.
type Function struct {
	name, qualname string
	doc            string
	scope          *syntax.Scope
	params         *syntax.Params
	body           []syntax.Stmt
	expr           syntax.Expr // of a lambda, instead of body
	defaults       []Value
	kwDefaults     []Value // nil where absent
	cells          []*cell
	module         *moduleState
	owner          *Type // the class it was written in, for super()
	annotations    *Dict
	attrs          Namespace
}

// moduleState is what functions of one module share.
type moduleState struct {
	source  *syntax.Module
	globals *Namespace
}

// Type makes a Function a Value.
func (*Function) Type() *Type { return functionType }

// GetAttr finds a function's own attributes.
func (f *Function) GetAttr(in *Interp, name string) (Value, error) {
	switch name {
	case "__name__":
		return Str(f.name), nil
	case "__qualname__":
		return Str(f.qualname), nil
	case "__doc__":
		if f.doc == "" {
			return None, nil
		}
		return Str(f.doc), nil
	case "__module__":
		return f.module.globals.Get("__name__"), nil
	case "__defaults__":
		if len(f.defaults) == 0 {
			return None, nil
		}
		return &Tuple{Items: f.defaults}, nil
	case "__annotations__":
		if f.annotations == nil {
			f.annotations = NewDict()
		}
		return f.annotations, nil
	case "__dict__":
		return f.attrs.dict(), nil
	}
	return f.attrs.Get(name), nil
}

// cell holds a variable that several functions share.
type cell struct{ v Value }

func (*cell) Type() *Type { return cellType }

// BoundMethod is obj.method.
type BoundMethod struct {
	Self, Fn Value
}

// Type tells bound Go methods from bound Python ones.
func (m *BoundMethod) Type() *Type {
	if _, ok := m.Fn.(*Native); ok {
		return nativeType
	}
	return methodType
}

// GetAttr passes attributes of the function through.
func (m *BoundMethod) GetAttr(in *Interp, name string) (Value, error) {
	switch name {
	case "__self__":
		return m.Self, nil
	case "__func__":
		return m.Fn, nil
	}
	if f, ok := m.Fn.(*Function); ok {
		return f.GetAttr(in, name)
	}
	if n, ok := m.Fn.(*Native); ok && name == "__name__" {
		return Str(n.Name), nil
	}
	return nil, nil
}

// Property is property(get, set).
type Property struct {
	name     string
	get, set Value
}

// StaticMethod and ClassMethod wrap functions in classes.
type (
	StaticMethod struct{ fn Value }
	ClassMethod  struct{ fn Value }
)

func (*Property) Type() *Type     { return propertyType }
func (*StaticMethod) Type() *Type { return staticType }
func (*ClassMethod) Type() *Type  { return classMethodType }

// Call lets a staticmethod be called inside its class body.
func (s *StaticMethod) Call(in *Interp, a Args) (Value, error) { return in.Call(s.fn, a) }

// GetAttr gives p.setter and p.getter.
func (p *Property) GetAttr(in *Interp, name string) (Value, error) {
	with := func(set func(q *Property, f Value)) Value {
		return &Native{Name: name, Min: 1, Max: 1, Fn: func(_ *Interp, _ Value, a []Value) (Value, error) {
			q := *p
			set(&q, a[0])
			return &q, nil
		}}
	}
	switch name {
	case "setter":
		return with(func(q *Property, f Value) { q.set = f }), nil
	case "getter":
		return with(func(q *Property, f Value) { q.get = f }), nil
	case "deleter":
		return with(func(*Property, Value) {}), nil
	case "fget":
		return p.get, nil
	}
	return nil, nil
}

func init() {
	propertyType.construct = func(in *Interp, _ *Type, a Args) (Value, error) {
		p := &Property{get: None, set: None}
		if len(a.Pos) > 0 {
			p.get = a.Pos[0]
		}
		if len(a.Pos) > 1 {
			p.set = a.Pos[1]
		}
		for i, n := range a.Names {
			switch n {
			case "fget":
				p.get = a.Named[i]
			case "fset":
				p.set = a.Named[i]
			}
		}
		if f, ok := p.get.(*Function); ok {
			p.name = f.name
		}
		return p, nil
	}
	one := func(name string, wrap func(Value) Value) func(*Interp, *Type, Args) (Value, error) {
		return func(_ *Interp, _ *Type, a Args) (Value, error) {
			if len(a.Pos) != 1 || len(a.Names) > 0 {
				return nil, TypeError.New("%s expected 1 argument, got %d", name, len(a.Pos))
			}
			return wrap(a.Pos[0]), nil
		}
	}
	staticType.construct = one("staticmethod", func(f Value) Value { return &StaticMethod{f} })
	classMethodType.construct = one("classmethod", func(f Value) Value { return &ClassMethod{f} })
}
