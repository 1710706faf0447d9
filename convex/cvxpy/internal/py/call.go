package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Call is f(...).
func (in *Interp) Call(f Value, a Args) (Value, error) {
	if err := in.Step(1); err != nil {
		return nil, err
	}
	switch x := f.(type) {
	case *Function:
		return in.callFunction(x, nil, a)
	case *Native:
		if x.owner == nil {
			return x.invoke(in, nil, a)
		}
		return in.callDescriptor(x, a)
	case *BoundMethod:
		return in.callWithSelf(x.Fn, x.Self, a)
	case *Type:
		return in.instantiate(x, a)
	case Callable:
		return x.Call(in, a)
	}
	return nil, TypeError.New("'%s' object is not callable", f.Type().Name)
}

// CallValues calls with positional arguments only.
func (in *Interp) CallValues(f Value, args ...Value) (Value, error) {
	return in.Call(f, Args{Pos: args})
}

// callWithSelf calls fn with self before the arguments; self may be nil.
func (in *Interp) callWithSelf(fn, self Value, a Args) (Value, error) {
	if self == nil {
		return in.Call(fn, a)
	}
	switch x := fn.(type) {
	case *Native:
		if err := in.Step(1); err != nil {
			return nil, err
		}
		return x.invoke(in, self, a)
	case *Function:
		if err := in.Step(1); err != nil {
			return nil, err
		}
		return in.callFunction(x, self, a)
	}
	a.Pos = append([]Value{self}, a.Pos...)
	return in.Call(fn, a)
}

// callDescriptor is str.upper("a"): the first argument is the receiver.
func (in *Interp) callDescriptor(n *Native, a Args) (Value, error) {
	if len(a.Pos) == 0 {
		return nil, TypeError.New("unbound method %s needs an argument", n.full())
	}
	if !a.Pos[0].Type().Is(n.owner) {
		return nil, TypeError.New("descriptor '%s' for '%s' objects doesn't apply to a '%s' object", n.Name, n.owner.ShortName(), a.Pos[0].Type().ShortName())
	}
	return n.invoke(in, a.Pos[0], Args{a.Pos[1:], a.Names, a.Named})
}

// enterCall counts a call's depth; leaveCall undoes it.
func (in *Interp) enterCall(s *syntax.Scope) error {
	in.depth++
	in.nesting += s.Depth + 4
	if in.depth > in.meter.limit.Depth || in.nesting > maxNesting {
		in.leaveCall(s)
		return RecursionError.New("maximum recursion depth exceeded")
	}
	return nil
}

func (in *Interp) leaveCall(s *syntax.Scope) {
	in.depth--
	in.nesting -= s.Depth + 4
}

func (in *Interp) callFunction(fn *Function, self Value, a Args) (Value, error) {
	f := &frame{in: in, module: fn.module, scope: fn.scope, fn: fn}
	f.slots = make([]Value, len(fn.scope.Slots))
	if err := fn.bind(in, f.slots, self, a); err != nil {
		return nil, err
	}
	f.openCells(fn.cells)
	if fn.scope.Generator {
		return newGenerator(in, f, fn), nil
	}
	if err := in.enterCall(fn.scope); err != nil {
		return nil, err
	}
	f.back, in.frame = in.frame, f
	v, err := f.run(fn)
	in.frame = f.back
	in.leaveCall(fn.scope)
	return v, err
}

// run executes the body.
func (f *frame) run(fn *Function) (Value, error) {
	if fn.expr != nil {
		return f.eval(fn.expr)
	}
	sig, err := f.block(fn.body)
	if err != nil {
		return nil, err
	}
	if sig == sigReturn {
		return f.ret, nil
	}
	return None, nil
}

// bind puts arguments into the parameters' slots: Pos, KwOnly, *args, **kwargs.
func (fn *Function) bind(in *Interp, slots []Value, self Value, a Args) error {
	p := fn.params
	nPos, nKw := len(p.Pos), len(p.KwOnly)
	given := len(a.Pos)
	at := 0
	if self != nil {
		given++
		if nPos > 0 {
			slots[0] = self
			at = 1
		}
	}
	taken := min(len(a.Pos), nPos-at)
	copy(slots[at:], a.Pos[:taken])
	if p.Star != nil {
		rest := a.Pos[taken:]
		if self != nil && nPos == 0 {
			rest = append([]Value{self}, rest...)
		}
		if err := in.AllocN(len(rest), valueSize); err != nil {
			return err
		}
		slots[nPos+nKw] = &Tuple{Items: append([]Value(nil), rest...)}
	}
	var extra *Dict
	if p.DoubleStar != nil {
		extra = NewDict()
		i := nPos + nKw
		if p.Star != nil {
			i++
		}
		slots[i] = extra
	}
	if len(a.Names) > 0 {
		if err := fn.bindNamed(in, slots, a, extra); err != nil {
			return err
		}
	}
	if given > nPos && p.Star == nil {
		return fn.tooMany(slots, given)
	}
	return fn.fill(slots, given)
}

func (fn *Function) bindNamed(in *Interp, slots []Value, a Args, extra *Dict) error {
	p := fn.params
	var posOnlyNamed []string
	for i, name := range a.Names {
		at := -1
		for j := range p.Pos {
			if p.Pos[j].Name == name {
				at = j
			}
		}
		if at >= 0 && at < p.PosOnly {
			if extra == nil {
				posOnlyNamed = append(posOnlyNamed, name)
			}
			at = -1
		}
		for j := range p.KwOnly {
			if p.KwOnly[j].Name == name {
				at = len(p.Pos) + j
			}
		}
		switch {
		case at >= 0 && slots[at] != nil:
			return TypeError.New("%s() got multiple values for argument '%s'", fn.qualname, name)
		case at >= 0:
			slots[at] = a.Named[i]
		case extra != nil:
			if err := extra.Set(in, Str(name), a.Named[i]); err != nil {
				return err
			}
		case posOnlyNamed == nil:
			return TypeError.New("%s() got an unexpected keyword argument '%s'", fn.qualname, name)
		}
	}
	if posOnlyNamed != nil {
		return TypeError.New("%s() got some positional-only arguments passed as keyword arguments: '%s'", fn.qualname, joinStrings(posOnlyNamed, ", "))
	}
	return nil
}

func (fn *Function) tooMany(slots []Value, given int) error {
	p := fn.params
	kwGiven := 0
	for i := range p.KwOnly {
		if slots[len(p.Pos)+i] != nil {
			kwGiven++
		}
	}
	return tooManyError(fn.qualname, len(p.Pos)-len(fn.defaults), len(p.Pos), given, kwGiven)
}

// fill puts defaults where no argument came and reports what is missing.
func (fn *Function) fill(slots []Value, given int) error {
	p := fn.params
	nPos := len(p.Pos)
	if given < nPos {
		var absent []string
		first := nPos - len(fn.defaults)
		for i := 0; i < nPos; i++ {
			if slots[i] != nil {
				continue
			}
			if i >= first {
				slots[i] = fn.defaults[i-first]
			} else {
				absent = append(absent, p.Pos[i].Name)
			}
		}
		if absent != nil {
			return missingError(fn.qualname, "positional", absent)
		}
	}
	var absent []string
	for i := range p.KwOnly {
		if slots[nPos+i] != nil {
			continue
		}
		if fn.kwDefaults[i] != nil {
			slots[nPos+i] = fn.kwDefaults[i]
		} else {
			absent = append(absent, p.KwOnly[i].Name)
		}
	}
	if absent != nil {
		return missingError(fn.qualname, "keyword-only", absent)
	}
	return nil
}
