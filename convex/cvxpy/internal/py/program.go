package py

import (
	"math/big"
	"reflect"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Program is source text that was read once and can run many times, also at
// the same time in different interpreters.
type Program struct {
	source *syntax.Module
}

// Load reads a program. The error is an *Exc (SyntaxError and its kinds) or an
// *Abort (UnsupportedError).
func Load(name, source string) (*Program, error) {
	if len(source) > maxSource {
		return nil, overBudget("the program's text has %d bytes, more than %d", len(source), maxSource)
	}
	m, err := syntax.Parse(name, source)
	if err != nil {
		e := err.(*syntax.Error)
		info := &SyntaxInfo{File: name, Err: e}
		switch e.Class {
		case syntax.Unsupported:
			a := &Abort{Class: UnsupportedError, Msg: e.Msg}
			if e.Text != "" {
				a.trace = []traceEntry{{&syntax.Module{Name: name, Lines: linesUpTo(e)}, "<module>", e.Pos, nil}}
			}
			return nil, a
		case "IndentationError":
			return nil, syntaxExc(indentationError, info)
		case "TabError":
			return nil, syntaxExc(tabError, info)
		case "RecursionError":
			return nil, RecursionError.New("%s", e.Msg)
		}
		return nil, syntaxExc(SyntaxError, info)
	}
	prepare(reflect.ValueOf(m.Body))
	return &Program{m}, nil
}

// maxSource bounds a program's text: reading it takes some hundred bytes of
// memory for each of its own.
const maxSource = 1 << 18

// linesUpTo makes a source of which only the erroneous line is filled in.
func linesUpTo(e *syntax.Error) []string {
	lines := make([]string, e.Line)
	lines[e.Line-1] = e.Text
	return lines
}

func syntaxExc(class *Type, info *SyntaxInfo) *Exc {
	e := class.New("%s", info.Err.Msg)
	e.syntax = info
	return e
}

// prepare gives the constants of a tree their Python objects. It walks by
// reflection, once per program.
func prepare(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if c, ok := v.Interface().(*syntax.Constant); ok {
			c.Object = constant(c.Value)
			return
		}
		if _, ok := v.Interface().(*syntax.Scope); ok {
			return
		}
		prepare(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			prepare(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				prepare(v.Field(i))
			}
		}
	}
}

func constant(v any) Value {
	switch x := v.(type) {
	case bool:
		return Bool(x)
	case int64:
		return Int(x)
	case *big.Int:
		return NewBig(x)
	case float64:
		return Float(x)
	case string:
		return Str(x)
	case syntax.Ellipsis:
		return Ellipsis
	}
	return None
}

// Name is the file name that tracebacks show.
func (p *Program) Name() string { return p.source.Name }

// RunModule executes the program's body; name is its __name__. It returns the
// names that the program defined.
func (in *Interp) RunModule(p *Program, name string) (*Namespace, error) {
	globals := &Namespace{}
	globals.Set("__name__", Str(name))
	globals.Set("__doc__", None)
	if p.source.Doc != "" {
		globals.Set("__doc__", Str(p.source.Doc))
	}
	globals.Set("__builtins__", &Module{Name: "builtins", Namespace: *in.builtins})
	m := &moduleState{source: p.source, globals: globals}
	f := &frame{in: in, module: m, scope: p.source.Scope, names: globals}
	in.frame = f
	in.depth++
	_, err := f.block(p.source.Body)
	in.depth--
	in.frame = nil
	return globals, err
}
