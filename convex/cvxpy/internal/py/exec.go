package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// signal says how a statement ended.
type signal uint8

const (
	sigNext signal = iota
	sigBreak
	sigContinue
	sigReturn
)

func (f *frame) block(body []syntax.Stmt) (signal, error) {
	for _, s := range body {
		if sig, err := f.exec(s); sig != sigNext || err != nil {
			return sig, err
		}
	}
	return sigNext, nil
}

func (f *frame) exec(s syntax.Stmt) (signal, error) {
	f.line = s.Span().Line
	if err := f.in.Step(1); err != nil {
		return 0, f.at(s, err)
	}
	switch x := s.(type) {
	case *syntax.ExprStmt:
		_, err := f.eval(x.X)
		return sigNext, err
	case *syntax.Assign:
		v, err := f.eval(x.Value)
		if err != nil {
			return 0, err
		}
		for _, t := range x.Targets {
			if err := f.assign(t, v); err != nil {
				return 0, err
			}
		}
		return sigNext, nil
	case *syntax.AugAssign:
		return sigNext, f.augAssign(x)
	case *syntax.If:
		yes, err := f.test(x.Test)
		if err != nil {
			return 0, err
		}
		if yes {
			return f.block(x.Body)
		}
		return f.block(x.Else)
	case *syntax.For:
		return f.forLoop(x)
	case *syntax.While:
		return f.whileLoop(x)
	case *syntax.Return:
		f.ret = None
		if x.Value != nil {
			v, err := f.eval(x.Value)
			if err != nil {
				return 0, err
			}
			f.ret = v
		}
		return sigReturn, nil
	case *syntax.Pass:
		return sigNext, nil
	case *syntax.Break:
		return sigBreak, nil
	case *syntax.Continue:
		return sigContinue, nil
	case *syntax.Try:
		return f.try(x)
	case *syntax.With:
		return f.with(x, 0)
	case *syntax.Match:
		return f.match(x)
	}
	return sigNext, f.execRare(s)
}

func (f *frame) execRare(s syntax.Stmt) error {
	switch x := s.(type) {
	case *syntax.FunctionDef:
		return f.functionDef(x)
	case *syntax.ClassDef:
		return f.classDef(x)
	case *syntax.AnnAssign:
		return f.annAssign(x)
	case *syntax.Raise:
		return f.raise(x)
	case *syntax.Assert:
		ok, err := f.test(x.Test)
		if ok || err != nil {
			return err
		}
		e := AssertionError.New("")
		if x.Msg != nil {
			v, err := f.eval(x.Msg)
			if err != nil {
				return err
			}
			e.Args = []Value{v}
		}
		return f.at(x.Test, e)
	case *syntax.Delete:
		for _, t := range x.Targets {
			if err := f.del(t); err != nil {
				return err
			}
		}
		return nil
	case *syntax.Import:
		return f.importStmt(x)
	case *syntax.ImportFrom:
		return f.importFrom(x)
	case *syntax.Global, *syntax.Nonlocal:
		return nil
	}
	return f.at(s, Unsupported("this statement is not supported"))
}

// test evaluates a condition.
func (f *frame) test(e syntax.Expr) (bool, error) {
	if u, ok := e.(*syntax.Unary); ok && u.Op == syntax.Not {
		yes, err := f.test(u.X)
		return !yes, err
	}
	v, err := f.eval(e)
	if err != nil {
		return false, err
	}
	if b, ok := v.(Bool); ok {
		return bool(b), nil
	}
	yes, err := f.in.Truth(v)
	if err != nil {
		return false, f.at(e, err)
	}
	return yes, nil
}

func (f *frame) forLoop(x *syntax.For) (signal, error) {
	v, err := f.eval(x.Iter)
	if err != nil {
		return 0, err
	}
	it, err := f.in.Iter(v)
	if err != nil {
		return 0, f.at(x, err)
	}
	for {
		if err := f.in.Step(1); err != nil {
			return 0, f.at(x, err)
		}
		v, err := it.Next(f.in)
		if err != nil {
			return 0, f.at(x, err)
		}
		if v == nil {
			return f.block(x.Else)
		}
		if err := f.assign(x.Target, v); err != nil {
			return 0, err
		}
		sig, err := f.block(x.Body)
		if err != nil {
			return 0, err
		}
		if sig == sigBreak {
			return sigNext, nil
		}
		if sig == sigReturn {
			return sig, nil
		}
	}
}

func (f *frame) whileLoop(x *syntax.While) (signal, error) {
	for {
		if err := f.in.Step(1); err != nil {
			return 0, f.at(x.Test, err)
		}
		yes, err := f.test(x.Test)
		if err != nil {
			return 0, err
		}
		if !yes {
			return f.block(x.Else)
		}
		sig, err := f.block(x.Body)
		if err != nil {
			return 0, err
		}
		if sig == sigBreak {
			return sigNext, nil
		}
		if sig == sigReturn {
			return sig, nil
		}
	}
}

func (f *frame) augAssign(x *syntax.AugAssign) error {
	switch t := x.Target.(type) {
	case *syntax.Name:
		old, err := f.load(t)
		if err != nil {
			return err
		}
		v, err := f.augmented(x, old)
		if err != nil {
			return err
		}
		return f.store(t, v)
	case *syntax.Attribute:
		obj, err := f.eval(t.X)
		if err != nil {
			return err
		}
		old, err := f.in.GetAttr(obj, t.Name)
		if err != nil {
			return f.at(t, err)
		}
		v, err := f.augmented(x, old)
		if err != nil {
			return err
		}
		if err := f.in.SetAttr(obj, t.Name, v); err != nil {
			return f.at(t, err)
		}
	case *syntax.Subscript:
		obj, err := f.eval(t.X)
		if err != nil {
			return err
		}
		key, err := f.eval(t.Index)
		if err != nil {
			return err
		}
		old, err := f.in.GetItem(obj, key)
		if err != nil {
			return f.at(t, err)
		}
		v, err := f.augmented(x, old)
		if err != nil {
			return err
		}
		if err := f.in.SetItem(obj, key, v); err != nil {
			return f.at(t, err)
		}
	}
	return nil
}

func (f *frame) augmented(x *syntax.AugAssign, old Value) (Value, error) {
	v, err := f.eval(x.Value)
	if err != nil {
		return nil, err
	}
	r, err := f.in.BinaryInPlace(x.Op, old, v)
	if err != nil {
		return nil, f.at(x, err)
	}
	return r, nil
}

func (f *frame) annAssign(x *syntax.AnnAssign) error {
	if x.Value != nil {
		v, err := f.eval(x.Value)
		if err != nil {
			return err
		}
		if err := f.assign(x.Target, v); err != nil {
			return err
		}
	}
	if f.scope.Kind == syntax.FunctionScope && x.Simple {
		return nil
	}
	a, err := f.eval(x.Annotation)
	if err != nil {
		return err
	}
	if n, ok := x.Target.(*syntax.Name); ok && x.Simple {
		all, _ := f.names.Get("__annotations__").(*Dict)
		if all == nil {
			all = NewDict()
			f.names.Set("__annotations__", all)
		}
		return all.Set(f.in, Str(n.ID), a)
	}
	return nil
}

func (f *frame) del(t syntax.Expr) error {
	switch x := t.(type) {
	case *syntax.Name:
		return f.remove(x)
	case *syntax.Attribute:
		obj, err := f.eval(x.X)
		if err != nil {
			return err
		}
		if err := f.in.SetAttr(obj, x.Name, nil); err != nil {
			return f.at(x, err)
		}
	case *syntax.Subscript:
		obj, err := f.eval(x.X)
		if err != nil {
			return err
		}
		key, err := f.eval(x.Index)
		if err != nil {
			return err
		}
		if err := f.in.DelItem(obj, key); err != nil {
			return f.at(x, err)
		}
	case *syntax.Tuple:
		for _, e := range x.Elts {
			if err := f.del(e); err != nil {
				return err
			}
		}
	case *syntax.List:
		for _, e := range x.Elts {
			if err := f.del(e); err != nil {
				return err
			}
		}
	}
	return nil
}
