package py

import (
	"strconv"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

func itoa(n int) string { return strconv.Itoa(n) }

// frame is one function, class body or module that runs.
type frame struct {
	in     *Interp
	module *moduleState
	scope  *syntax.Scope
	slots  []Value    // local variables; cells where shared
	names  *Namespace // of a module or class body
	fn     *Function
	back   *frame
	gen    *Generator
	ret    Value
	line   int
}

// at notes in a traceback that err came up at node n of this frame. It must be
// called once for each frame that the error passes.
func (f *frame) at(n syntax.Node, err error) error { return f.atPos(n.Span(), n, err) }

func (f *frame) atPos(p syntax.Pos, n syntax.Node, err error) error {
	entry := traceEntry{f.module.source, f.scope.Name, p, n}
	switch e := err.(type) {
	case *Exc:
		if len(e.trace) == 0 {
			e.setContext(f.in.handled)
		}
		if len(e.trace) < maxTrace {
			e.trace = append(e.trace, entry)
			if err := f.in.Alloc(2 * traceSize); err != nil {
				return f.atPos(p, n, err)
			}
		}
	case *Abort:
		if len(e.trace) < maxTrace {
			e.trace = append(e.trace, entry)
		}
	}
	return err
}

const (
	maxTrace  = 2000
	traceSize = 80 // bytes of one entry
	maxChain  = 50 // exceptions behind an exception that are remembered
)

// setContext remembers the exception that was being handled, without cycles
// and without an endless chain.
func (e *Exc) setContext(handled *Exc) {
	if handled == nil || handled == e || e.Context != nil {
		return
	}
	n := 0
	for o := handled; o != nil; o = o.Context {
		if o.Context == e {
			o.Context = nil
		}
		if n++; n == maxChain {
			o.Context = nil
		}
	}
	e.Context = handled
}

// openCells puts captured cells into their slots and wraps shared variables.
func (f *frame) openCells(captured []*cell) {
	for _, s := range f.scope.CellSlots {
		f.slots[s] = &cell{f.slots[s]}
	}
	for i, c := range f.scope.Free {
		f.slots[c.To] = captured[i]
	}
}

// capture collects the cells that a scope inside this frame needs.
func (f *frame) capture(s *syntax.Scope) []*cell {
	if len(s.Free) == 0 {
		return nil
	}
	cells := make([]*cell, len(s.Free))
	for i, c := range s.Free {
		cells[i] = f.slots[c.From].(*cell)
	}
	return cells
}

// load reads a variable.
func (f *frame) load(x *syntax.Name) (Value, error) {
	var v Value
	switch x.Ref.Kind {
	case syntax.RefLocal:
		v = f.slots[x.Ref.Index]
	case syntax.RefCell:
		v = f.slots[x.Ref.Index].(*cell).v
	case syntax.RefName, syntax.RefNameCell:
		v = f.names.Get(x.ID)
		if v == nil && x.Ref.Kind == syntax.RefNameCell {
			v = f.slots[x.Ref.Index].(*cell).v
		}
	}
	if v != nil {
		return v, nil
	}
	switch x.Ref.Kind {
	case syntax.RefGlobal, syntax.RefName:
		if v = f.module.globals.Get(x.ID); v != nil {
			return v, nil
		}
		if v = f.in.builtins.Get(x.ID); v != nil {
			return v, nil
		}
		return nil, f.at(x, f.nameError(x.ID))
	}
	return nil, f.at(x, f.unbound(x))
}

func (f *frame) unbound(x *syntax.Name) error {
	for _, c := range f.scope.Free {
		if c.To == x.Ref.Index {
			return NameError.New("cannot access free variable '%s' where it is not associated with a value in enclosing scope", x.ID)
		}
	}
	return unboundLocalError.New("cannot access local variable '%s' where it is not associated with a value", x.ID)
}

func (f *frame) nameError(name string) error {
	if unsupportedBuiltin[name] {
		return Unsupported("the built-in %s is not supported", name)
	}
	e := NameError.New("name '%s' is not defined", name)
	e.suggest = func() string {
		for _, names := range [][]string{f.scope.Slots, f.module.globals.Names(), builtinDir} {
			if s := suggestion(names, name); s != "" {
				return didYouMean(s)
			}
		}
		return ""
	}
	return e
}

// store binds a variable.
func (f *frame) store(x *syntax.Name, v Value) error {
	switch x.Ref.Kind {
	case syntax.RefLocal:
		f.slots[x.Ref.Index] = v
	case syntax.RefCell:
		f.slots[x.Ref.Index].(*cell).v = v
	case syntax.RefGlobal:
		f.module.globals.Set(x.ID, v)
	default:
		f.names.Set(x.ID, v)
	}
	return nil
}

// remove unbinds a variable.
func (f *frame) remove(x *syntax.Name) error {
	switch x.Ref.Kind {
	case syntax.RefLocal:
		if f.slots[x.Ref.Index] == nil {
			return f.at(x, f.unbound(x))
		}
		f.slots[x.Ref.Index] = nil
	case syntax.RefCell:
		c := f.slots[x.Ref.Index].(*cell)
		if c.v == nil {
			return f.at(x, f.unbound(x))
		}
		c.v = nil
	case syntax.RefGlobal:
		if !f.module.globals.Delete(x.ID) {
			return f.at(x, f.nameError(x.ID))
		}
	default:
		if !f.names.Delete(x.ID) {
			return f.at(x, f.nameError(x.ID))
		}
	}
	return nil
}

// locals copies the frame's variables into a dict.
func (f *frame) locals() *Dict {
	if f.scope.Kind != syntax.FunctionScope {
		return f.names.dict()
	}
	d := NewDict()
	for i, name := range f.scope.Slots {
		v := f.slots[i]
		if c, ok := v.(*cell); ok {
			v = c.v
		}
		if v != nil && name != ".0" {
			d.SetStr(name, v)
		}
	}
	return d
}
