package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// try runs a try statement. An Abort passes all clauses, finally included.
func (f *frame) try(x *syntax.Try) (signal, error) {
	sig, err := f.tryExcept(x)
	if x.Finally == nil {
		return sig, err
	}
	if _, abort := err.(*Abort); abort {
		return sig, err
	}
	ret := f.ret
	handled := f.in.handled
	if e := AsExc(err); e != nil {
		f.in.handled = e
	}
	sig2, err2 := f.block(x.Finally)
	f.in.handled = handled
	if err2 != nil || sig2 != sigNext {
		return sig2, err2
	}
	f.ret = ret
	return sig, err
}

func (f *frame) tryExcept(x *syntax.Try) (signal, error) {
	sig, err := f.block(x.Body)
	if err == nil {
		if sig == sigNext {
			return f.block(x.Else)
		}
		return sig, nil
	}
	exc := AsExc(err)
	if exc == nil {
		return sig, err
	}
	handled := f.in.handled
	f.in.handled = exc
	defer func() { f.in.handled = handled }()
	for i := range x.Handlers {
		h := &x.Handlers[i]
		ok, err := f.catches(h, exc)
		if err != nil {
			return 0, err
		}
		if ok {
			return f.handle(h, exc)
		}
	}
	return sig, err
}

// catches reports whether an except clause takes the exception.
func (f *frame) catches(h *syntax.Handler, exc *Exc) (bool, error) {
	if h.Type == nil {
		return true, nil
	}
	v, err := f.eval(h.Type)
	if err != nil {
		return false, err
	}
	types := []Value{v}
	if t, ok := v.(*Tuple); ok {
		types = t.Items
	}
	for _, t := range types {
		class, ok := t.(*Type)
		if !ok || !class.Is(BaseException) {
			return false, f.at(h, TypeError.New("catching classes that do not inherit from BaseException is not allowed"))
		}
		if exc.Class.Is(class) {
			return true, nil
		}
	}
	return false, nil
}

func (f *frame) handle(h *syntax.Handler, exc *Exc) (signal, error) {
	if h.Target == nil {
		return f.block(h.Body)
	}
	if err := f.store(h.Target, exc); err != nil {
		return 0, err
	}
	sig, err := f.block(h.Body)
	// Python unbinds the name at the end; a del inside is no error.
	_ = f.store(h.Target, exc)
	_ = f.remove(h.Target)
	return sig, err
}

func (f *frame) raise(x *syntax.Raise) error {
	if x.Exc == nil {
		if f.in.handled == nil {
			return f.at(x, RuntimeError.New("No active exception to reraise"))
		}
		return f.in.handled // no new line in the traceback
	}
	v, err := f.eval(x.Exc)
	if err != nil {
		return err
	}
	exc, err := f.in.toException(v)
	if err != nil {
		return f.at(x, err)
	}
	if x.Cause != nil {
		c, err := f.eval(x.Cause)
		if err != nil {
			return err
		}
		if err := f.cause(exc, c); err != nil {
			return f.at(x, err)
		}
	}
	exc.setContext(f.in.handled)
	return f.at(x, exc)
}

func (f *frame) cause(exc *Exc, c Value) error {
	exc.noCtx = true
	if c == Value(None) {
		exc.Cause = nil
		return nil
	}
	e, err := f.in.toException(c)
	if err != nil {
		return TypeError.New("exception causes must derive from BaseException")
	}
	if e != exc {
		exc.Cause = e
	}
	return nil
}

// toException turns what stands behind raise into an exception.
func (in *Interp) toException(v Value) (*Exc, error) {
	switch x := v.(type) {
	case *Exc:
		return x, nil
	case *Type:
		if !x.Is(BaseException) {
			break
		}
		r, err := in.instantiate(x, Args{})
		if err != nil {
			return nil, err
		}
		if e, ok := r.(*Exc); ok {
			return e, nil
		}
	}
	return nil, TypeError.New("exceptions must derive from BaseException")
}

// with runs the items of a with statement from the i-th on.
func (f *frame) with(x *syntax.With, i int) (signal, error) {
	if i == len(x.Items) {
		return f.block(x.Body)
	}
	item := x.Items[i]
	v, err := f.eval(item.Context)
	if err != nil {
		return 0, err
	}
	m, ok := v.(ContextManager)
	if !ok {
		return 0, f.at(x, TypeError.New("'%s' object does not support the context manager protocol", v.Type().Name))
	}
	entered, err := m.Enter(f.in)
	if err != nil {
		return 0, f.at(x, err)
	}
	sig, err := sigNext, error(nil)
	if item.Target != nil {
		err = f.assign(item.Target, entered)
	}
	if err == nil {
		sig, err = f.with(x, i+1)
	}
	exc := AsExc(err)
	if err != nil && exc == nil {
		return sig, err
	}
	handled := f.in.handled
	if exc != nil {
		f.in.handled = exc
	}
	ret := f.ret
	swallow, exitErr := m.Exit(f.in, exc)
	f.in.handled = handled
	f.ret = ret
	if exitErr != nil {
		return 0, f.at(x, exitErr)
	}
	if exc != nil && swallow {
		return sigNext, nil
	}
	return sig, err
}
