package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// makeFunction builds the function object of a def or lambda: defaults are
// evaluated now, variables of enclosing functions captured.
func (f *frame) makeFunction(s *syntax.Scope, p *syntax.Params) (*Function, error) {
	fn := &Function{name: s.Name, qualname: s.Qualname, scope: s, params: p, module: f.module}
	for _, d := range p.Defaults {
		v, err := f.eval(d)
		if err != nil {
			return nil, err
		}
		fn.defaults = append(fn.defaults, v)
	}
	for _, d := range p.KwDefaults {
		var v Value
		if d != nil {
			var err error
			if v, err = f.eval(d); err != nil {
				return nil, err
			}
		}
		fn.kwDefaults = append(fn.kwDefaults, v)
	}
	fn.cells = f.capture(s)
	return fn, nil
}

func (f *frame) lambda(x *syntax.Lambda) (Value, error) {
	if err := f.in.Alloc(16 * valueSize); err != nil {
		return nil, f.at(x, err)
	}
	fn, err := f.makeFunction(x.Scope, x.Params)
	if err != nil {
		return nil, err
	}
	fn.expr = x.Body
	return fn, nil
}

func (f *frame) functionDef(x *syntax.FunctionDef) error {
	decorators, err := f.decorators(x.Decorators)
	if err != nil {
		return err
	}
	if err := f.in.Alloc(16 * valueSize); err != nil {
		return f.at(x, err)
	}
	fn, err := f.makeFunction(x.Scope, x.Params)
	if err != nil {
		return err
	}
	fn.body = x.Body
	fn.doc = x.Doc
	if err := f.annotate(fn, x); err != nil {
		return err
	}
	v, err := f.decorate(x.Decorators, decorators, fn)
	if err != nil {
		return err
	}
	return f.store(x.Name, v)
}

func (f *frame) annotate(fn *Function, x *syntax.FunctionDef) error {
	if f.module.lazyAnnotations() {
		return nil
	}
	one := func(name string, e syntax.Expr) error {
		if e == nil {
			return nil
		}
		v, err := f.eval(e)
		if err != nil {
			return err
		}
		if fn.annotations == nil {
			fn.annotations = NewDict()
		}
		return fn.annotations.Set(f.in, Str(name), v)
	}
	p := x.Params
	for _, q := range p.Pos {
		if err := one(q.Name, q.Annotation); err != nil {
			return err
		}
	}
	if p.Star != nil {
		if err := one(p.Star.Name, p.Star.Annotation); err != nil {
			return err
		}
	}
	for _, q := range p.KwOnly {
		if err := one(q.Name, q.Annotation); err != nil {
			return err
		}
	}
	if p.DoubleStar != nil {
		if err := one(p.DoubleStar.Name, p.DoubleStar.Annotation); err != nil {
			return err
		}
	}
	return one("return", x.Returns)
}

// lazyAnnotations reports "from __future__ import annotations".
func (m *moduleState) lazyAnnotations() bool {
	return m.globals.Get("annotations") == Value(futureFeature)
}

func (f *frame) decorators(list []syntax.Expr) ([]Value, error) {
	var vs []Value
	for _, d := range list {
		v, err := f.eval(d)
		if err != nil {
			return nil, err
		}
		vs = append(vs, v)
	}
	return vs, nil
}

func (f *frame) decorate(at []syntax.Expr, decorators []Value, v Value) (Value, error) {
	for i := len(decorators) - 1; i >= 0; i-- {
		r, err := f.in.CallValues(decorators[i], v)
		if err != nil {
			return nil, f.at(at[i], err)
		}
		v = r
	}
	return v, nil
}

func (f *frame) classDef(x *syntax.ClassDef) error {
	decorators, err := f.decorators(x.Decorators)
	if err != nil {
		return err
	}
	bases, err := f.bases(x)
	if err != nil {
		return err
	}
	body := &Namespace{}
	body.Set("__module__", Str("__main__"))
	if x.Doc != "" {
		body.Set("__doc__", Str(x.Doc))
	}
	c := &frame{in: f.in, module: f.module, scope: x.Scope, names: body, back: f}
	c.slots = make([]Value, len(x.Scope.Slots))
	c.openCells(f.capture(x.Scope))
	if err := f.in.enterCall(x.Scope); err != nil {
		return f.at(x, err)
	}
	f.in.frame = c
	_, err = c.block(x.Body)
	f.in.frame = f
	f.in.leaveCall(x.Scope)
	if err != nil {
		return f.atPos(classHead(x), x, err)
	}
	t, err := f.in.newClass(x.Name.ID, x.Scope.Qualname, bases, body)
	if err != nil {
		return f.atPos(classHead(x), x, err)
	}
	v, err := f.decorate(x.Decorators, decorators, t)
	if err != nil {
		return err
	}
	return f.store(x.Name, v)
}

// classHead is where CPython sees an error of a whole class statement.
func classHead(x *syntax.ClassDef) syntax.Pos { return x.Pos }

func (f *frame) bases(x *syntax.ClassDef) ([]*Type, error) {
	var bases []*Type
	for _, e := range x.Args {
		v, err := f.eval(e)
		if err != nil {
			return nil, err
		}
		if b, ok := v.(baseAlias); ok {
			v = b.asBase()
		}
		t, ok := v.(*Type)
		if !ok {
			return nil, f.atPos(classHead(x), x, Unsupported("deriving a class from %s is not supported", v.Type().Name))
		}
		for _, b := range bases {
			if b == t {
				return nil, f.atPos(classHead(x), x, TypeError.New("duplicate base class %s", t.ShortName()))
			}
		}
		bases = append(bases, t)
	}
	for _, k := range x.Keywords {
		v, err := f.eval(k.Value)
		if err != nil {
			return nil, err
		}
		if t, ok := v.(*Type); !ok || k.Name != "metaclass" || !t.Is(TypeType) {
			return nil, f.at(x, Unsupported("the class keyword %s is not supported", k.Name))
		}
	}
	return bases, nil
}

// baseAlias is something that stands for a class in a list of bases (Generic[T]).
type baseAlias interface{ asBase() Value }
