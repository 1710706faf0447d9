package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// eval computes an expression.
func (f *frame) eval(e syntax.Expr) (Value, error) {
	switch x := e.(type) {
	case *syntax.Constant:
		return x.Object.(Value), nil
	case *syntax.Name:
		if x.Ref.Kind == syntax.RefLocal {
			if v := f.slots[x.Ref.Index]; v != nil {
				return v, nil
			}
		}
		return f.load(x)
	case *syntax.Call:
		return f.call(x)
	case *syntax.Attribute:
		obj, err := f.eval(x.X)
		if err != nil {
			return nil, err
		}
		v, err := f.in.GetAttr(obj, x.Name)
		if err != nil {
			return nil, f.atAttr(x, err)
		}
		return v, nil
	case *syntax.Subscript:
		return f.subscript(x)
	case *syntax.Binary:
		a, err := f.eval(x.Left)
		if err != nil {
			return nil, err
		}
		b, err := f.eval(x.Right)
		if err != nil {
			return nil, err
		}
		v, err := f.in.Binary(x.Op, a, b)
		if err != nil {
			return nil, f.at(x, err)
		}
		return v, nil
	case *syntax.Compare:
		return f.compare(x)
	case *syntax.Bool:
		return f.boolean(x)
	case *syntax.Unary:
		return f.unary(x)
	case *syntax.Conditional:
		yes, err := f.test(x.Test)
		if err != nil {
			return nil, err
		}
		if yes {
			return f.eval(x.Then)
		}
		return f.eval(x.Else)
	case *syntax.Tuple:
		items, err := f.elements(x, x.Elts)
		return &Tuple{Items: items}, err
	case *syntax.List:
		items, err := f.elements(x, x.Elts)
		return &List{items}, err
	}
	return f.evalRare(e)
}

func (f *frame) evalRare(e syntax.Expr) (Value, error) {
	switch x := e.(type) {
	case *syntax.Dict:
		return f.dict(x)
	case *syntax.Set:
		items, err := f.elements(x, x.Elts)
		if err != nil {
			return nil, err
		}
		s, err := f.in.SetOf(false, &List{items})
		if err != nil {
			return nil, f.at(x, err)
		}
		return s, nil
	case *syntax.Comprehension:
		return f.comprehension(x)
	case *syntax.Lambda:
		return f.lambda(x)
	case *syntax.Joined:
		s, err := f.joined(x)
		return Str(s), err
	case *syntax.Walrus:
		v, err := f.eval(x.X)
		if err != nil {
			return nil, err
		}
		return v, f.store(x.Target, v)
	case *syntax.Slice:
		return f.slice(x)
	case *syntax.Yield:
		return f.yield(x)
	case *syntax.Starred:
		return nil, f.at(x, SyntaxError.New("can't use starred expression here"))
	}
	return nil, f.at(e, Unsupported("this expression is not supported"))
}

// elements evaluates a display's items; starred ones are spread.
func (f *frame) elements(at syntax.Expr, elts []syntax.Expr) ([]Value, error) {
	if err := f.in.Alloc((len(elts) + 3) * valueSize); err != nil {
		return nil, f.at(at, err)
	}
	items := make([]Value, 0, len(elts))
	for _, e := range elts {
		s, ok := e.(*syntax.Starred)
		if !ok {
			v, err := f.eval(e)
			if err != nil {
				return nil, err
			}
			items = append(items, v)
			continue
		}
		v, err := f.eval(s.X)
		if err != nil {
			return nil, err
		}
		more, err := f.in.Collect(v)
		if err != nil {
			if e := AsExc(err); e != nil && e.Class == TypeError && len(e.trace) == 0 {
				if _, ok := v.(Iterable); !ok {
					err = TypeError.New("Value after * must be an iterable, not %s", v.Type().Name)
				}
			}
			return nil, f.at(at, err)
		}
		items = append(items, more...)
	}
	return items, nil
}

func (f *frame) dict(x *syntax.Dict) (Value, error) {
	d := NewDict()
	for i, k := range x.Keys {
		if k == nil {
			v, err := f.eval(x.Values[i])
			if err != nil {
				return nil, err
			}
			if _, ok := v.(*Dict); !ok && !hasKeys(f.in, v) {
				return nil, f.at(x, TypeError.New("'%s' object is not a mapping", v.Type().Name))
			}
			if err := f.in.update(d, v); err != nil {
				return nil, f.at(x, err)
			}
			continue
		}
		key, err := f.eval(k)
		if err != nil {
			return nil, err
		}
		v, err := f.eval(x.Values[i])
		if err != nil {
			return nil, err
		}
		if err := d.Set(f.in, key, v); err != nil {
			return nil, f.at(x, err)
		}
	}
	return d, nil
}

func (f *frame) subscript(x *syntax.Subscript) (Value, error) {
	obj, err := f.eval(x.X)
	if err != nil {
		return nil, err
	}
	key, err := f.eval(x.Index)
	if err != nil {
		return nil, err
	}
	v, err := f.in.GetItem(obj, key)
	if err != nil {
		return nil, f.at(x, err)
	}
	return v, nil
}

func (f *frame) slice(x *syntax.Slice) (Value, error) {
	s := &SliceValue{None, None, None}
	for _, part := range []struct {
		e syntax.Expr
		v *Value
	}{{x.Lo, &s.Start}, {x.Hi, &s.Stop}, {x.Step, &s.Step}} {
		if part.e == nil {
			continue
		}
		v, err := f.eval(part.e)
		if err != nil {
			return nil, err
		}
		*part.v = v
	}
	return s, nil
}

func (f *frame) compare(x *syntax.Compare) (Value, error) {
	left, err := f.eval(x.First)
	if err != nil {
		return nil, err
	}
	var v Value
	for i, op := range x.Ops {
		right, err := f.eval(x.Rest[i])
		if err != nil {
			return nil, err
		}
		f.line = x.Pos.Line
		v, err = f.compareOnce(op, left, right)
		if err != nil {
			return nil, f.at(x, err)
		}
		if i == len(x.Ops)-1 {
			break
		}
		yes, err := f.in.Truth(v)
		if err != nil {
			return nil, f.at(x, err)
		}
		if !yes {
			return v, nil
		}
		left = right
	}
	return v, nil
}

func (f *frame) compareOnce(op syntax.Comparison, a, b Value) (Value, error) {
	switch op {
	case syntax.Is:
		return Bool(is(a, b)), nil
	case syntax.IsNot:
		return Bool(!is(a, b)), nil
	case syntax.In, syntax.NotIn:
		has, err := f.in.Contains(b, a)
		return Bool(has == (op == syntax.In)), err
	}
	return f.in.Compare(op, a, b)
}

func (f *frame) boolean(x *syntax.Bool) (Value, error) {
	for i, e := range x.Values {
		v, err := f.eval(e)
		if err != nil {
			return nil, err
		}
		if i == len(x.Values)-1 {
			return v, nil
		}
		yes, err := f.in.Truth(v)
		if err != nil {
			return nil, f.at(x, err)
		}
		if yes != x.And {
			return v, nil
		}
	}
	return None, nil
}

func (f *frame) unary(x *syntax.Unary) (Value, error) {
	v, err := f.eval(x.X)
	if err != nil {
		return nil, err
	}
	if x.Op == syntax.Not {
		yes, err := f.in.Truth(v)
		if err != nil {
			return nil, f.at(x, err)
		}
		return Bool(!yes), nil
	}
	r, err := f.in.Unary(x.Op, v)
	if err != nil {
		return nil, f.at(x, err)
	}
	return r, nil
}

// atAttr notes an error at an attribute: at the attribute's own line where the
// expression spans several.
func (f *frame) atAttr(x *syntax.Attribute, err error) error {
	return f.atPos(attrPos(x, x.Pos), x, err)
}

// attrPos narrows the stretch p, which begins with attribute x, to begin at
// the attribute's name where x spans lines.
func attrPos(x *syntax.Attribute, p syntax.Pos) syntax.Pos {
	if x.Line != x.EndLine && len(x.Name) <= x.EndCol {
		p.Line, p.Col = x.EndLine, x.EndCol-len(x.Name)
	}
	return p
}

func (f *frame) call(x *syntax.Call) (Value, error) {
	at := x.Pos
	var fn, self Value
	if a, ok := x.Func.(*syntax.Attribute); ok {
		obj, err := f.eval(a.X)
		if err != nil {
			return nil, err
		}
		if fn, self, err = f.in.method(obj, a.Name); err != nil {
			return nil, f.atAttr(a, err)
		}
		at = attrPos(a, at)
	} else {
		var err error
		if fn, err = f.eval(x.Func); err != nil {
			return nil, err
		}
	}
	var args Args
	var err error
	if x.Plain {
		err = f.plainArgs(x, &args)
	} else {
		err = f.starredArgs(x, fn, &args)
	}
	if err != nil {
		return nil, err
	}
	f.line = at.Line
	v, err := f.in.callWithSelf(fn, self, args)
	if err != nil {
		return nil, f.atPos(at, x, err)
	}
	return v, nil
}

func (f *frame) plainArgs(x *syntax.Call, args *Args) error {
	if len(x.Args) > 0 {
		args.Pos = make([]Value, len(x.Args))
		for i, e := range x.Args {
			v, err := f.eval(e)
			if err != nil {
				return err
			}
			args.Pos[i] = v
		}
	}
	for _, k := range x.Keywords {
		v, err := f.eval(k.Value)
		if err != nil {
			return err
		}
		args.Names = append(args.Names, k.Name)
		args.Named = append(args.Named, v)
	}
	return nil
}

func (f *frame) starredArgs(x *syntax.Call, fn Value, args *Args) error {
	for _, e := range x.Args {
		s, ok := e.(*syntax.Starred)
		if !ok {
			v, err := f.eval(e)
			if err != nil {
				return err
			}
			args.Pos = append(args.Pos, v)
			continue
		}
		v, err := f.eval(s.X)
		if err != nil {
			return err
		}
		more, err := f.in.Collect(v)
		if err != nil {
			if e := AsExc(err); e != nil && e.Class == TypeError && len(e.trace) == 0 {
				err = TypeError.New("%s argument after * must be an iterable, not %s", callName(fn), v.Type().Name)
			}
			return f.at(x, err)
		}
		args.Pos = append(args.Pos, more...)
	}
	for _, k := range x.Keywords {
		v, err := f.eval(k.Value)
		if err != nil {
			return err
		}
		if k.Name != "" {
			args.Names = append(args.Names, k.Name)
			args.Named = append(args.Named, v)
			continue
		}
		if err := f.spreadKeywords(fn, v, args); err != nil {
			return f.at(x, err)
		}
	}
	return nil
}

func (f *frame) spreadKeywords(fn, v Value, args *Args) error {
	d, ok := v.(*Dict)
	if !ok {
		d = NewDict()
		if !hasKeys(f.in, v) {
			return TypeError.New("%s argument after ** must be a mapping, not %s", callName(fn), v.Type().Name)
		}
		if err := f.in.update(d, v); err != nil {
			return err
		}
	}
	var err error
	d.Range(func(key, value Value) bool {
		name, ok := key.(Str)
		switch {
		case !ok:
			err = TypeError.New("keywords must be strings")
		case indexOf(args.Names, string(name)) >= 0:
			err = TypeError.New("%s got multiple values for keyword argument '%s'", callName(fn), name)
		}
		args.Names = append(args.Names, string(name))
		args.Named = append(args.Named, value)
		return err == nil
	})
	if err == nil {
		err = f.in.AllocN(len(args.Names), 2*valueSize)
	}
	return err
}

// callName is what CPython calls a callable in messages about its arguments.
func callName(fn Value) string {
	switch x := fn.(type) {
	case *Function:
		if x.module != nil {
			if m, ok := x.module.globals.Get("__name__").(Str); ok && m != "builtins" {
				return string(m) + "." + x.qualname + "()"
			}
		}
		return x.qualname + "()"
	case *Native:
		return x.full()
	case *BoundMethod:
		return callName(x.Fn)
	case *Type:
		if x.heap {
			return "__main__." + x.ShortName() + "()"
		}
		return x.ShortName() + "()"
	}
	return fn.Type().Name + " object"
}
