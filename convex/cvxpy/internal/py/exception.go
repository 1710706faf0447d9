package py

import (
	"fmt"
	"strings"
)

// Exc is an exception object; it is also the Go error that carries it.
type Exc struct {
	Class   *Type
	Args    []Value
	attrs   Namespace
	Cause   *Exc
	Context *Exc
	noCtx   bool // "from" was given: do not show the context
	notes   []string
	trace   []traceEntry // innermost first
	// suggest is what CPython appends when it prints an uncaught exception.
	suggest func() string
	syntax  *SyntaxInfo
}

// Type makes an Exc a Value.
func (e *Exc) Type() *Type { return e.Class }

// Error is the class and the text, as far as it can be told without running
// the program's code.
func (e *Exc) Error() string { return Detached().heading(e) }

// New makes an exception of a built-in class with a formatted text.
func (t *Type) New(format string, args ...any) *Exc {
	e := &Exc{Class: t}
	if format != "" {
		e.Args = []Value{Str(fmt.Sprintf(format, args...))}
	}
	return e
}

// Text is str(e), for messages about an uncaught exception.
func (in *Interp) Text(e *Exc) string {
	s, err := e.Str(in)
	if err != nil {
		return "<exception str() failed>"
	}
	return s
}

// The classes of exceptions.
var (
	BaseException       = excType("BaseException", ObjectType)
	Exception           = excType("Exception", BaseException)
	generatorExit       = excType("GeneratorExit", BaseException)
	keyboardInterrupt   = excType("KeyboardInterrupt", BaseException)
	systemExit          = excType("SystemExit", BaseException)
	ArithmeticError     = excType("ArithmeticError", Exception)
	floatingPointError  = excType("FloatingPointError", ArithmeticError)
	OverflowError       = excType("OverflowError", ArithmeticError)
	ZeroDivisionError   = excType("ZeroDivisionError", ArithmeticError)
	AssertionError      = excType("AssertionError", Exception)
	AttributeError      = excType("AttributeError", Exception)
	bufferError         = excType("BufferError", Exception)
	eofError            = excType("EOFError", Exception)
	ImportError         = excType("ImportError", Exception)
	ModuleNotFoundError = excType("ModuleNotFoundError", ImportError)
	lookupError         = excType("LookupError", Exception)
	IndexError          = excType("IndexError", lookupError)
	KeyError            = excType("KeyError", lookupError)
	memoryError         = excType("MemoryError", Exception)
	NameError           = excType("NameError", Exception)
	unboundLocalError   = excType("UnboundLocalError", NameError)
	osError             = excType("OSError", Exception)
	fileNotFoundError   = excType("FileNotFoundError", osError)
	permissionError     = excType("PermissionError", osError)
	timeoutError        = excType("TimeoutError", osError)
	connectionError     = excType("ConnectionError", osError)
	referenceError      = excType("ReferenceError", Exception)
	RuntimeError        = excType("RuntimeError", Exception)
	NotImplementedError = excType("NotImplementedError", RuntimeError)
	RecursionError      = excType("RecursionError", RuntimeError)
	StopIteration       = excType("StopIteration", Exception)
	stopAsyncIteration  = excType("StopAsyncIteration", Exception)
	SyntaxError         = excType("SyntaxError", Exception)
	indentationError    = excType("IndentationError", SyntaxError)
	tabError            = excType("TabError", indentationError)
	systemError         = excType("SystemError", Exception)
	TypeError           = excType("TypeError", Exception)
	ValueError          = excType("ValueError", Exception)
	unicodeError        = excType("UnicodeError", ValueError)
	warningType         = excType("Warning", Exception)
	userWarning         = excType("UserWarning", warningType)
	deprecationWarning  = excType("DeprecationWarning", warningType)
	pendingDeprecation  = excType("PendingDeprecationWarning", warningType)
	RuntimeWarning      = excType("RuntimeWarning", warningType)
	futureWarning       = excType("FutureWarning", warningType)
	syntaxWarning       = excType("SyntaxWarning", warningType)
	importWarning       = excType("ImportWarning", warningType)
	resourceWarning     = excType("ResourceWarning", warningType)

	// RefusedError is what reaching outside the sandbox raises (open, eval, a
	// module such as os); RefusedImportError is that and an ImportError.
	RefusedError       = excType("RefusedError", Exception)
	RefusedImportError = excType("RefusedImportError", ImportError, RefusedError)
)

var exceptionTypes = []*Type{
	BaseException, Exception, generatorExit, keyboardInterrupt, systemExit, ArithmeticError, floatingPointError,
	OverflowError, ZeroDivisionError, AssertionError, AttributeError, bufferError, eofError, ImportError,
	ModuleNotFoundError, lookupError, IndexError, KeyError, memoryError, NameError, unboundLocalError, osError,
	fileNotFoundError, permissionError, timeoutError, connectionError, referenceError, RuntimeError,
	NotImplementedError, RecursionError, StopIteration, stopAsyncIteration, SyntaxError, indentationError, tabError,
	systemError, TypeError, ValueError, unicodeError, warningType, userWarning, deprecationWarning,
	pendingDeprecation, RuntimeWarning, futureWarning, syntaxWarning, importWarning, resourceWarning,
}

func excType(name string, bases ...*Type) *Type {
	t := newRooted(name, bases...)
	t.final = false
	return t
}

// NewExceptionType makes an exception class for a binding; module is where
// tracebacks say that it lives.
func NewExceptionType(module, name string, bases ...*Type) *Type {
	t := excType(name, bases...)
	t.Module = module
	return t
}

func init() {
	BaseException.construct = func(in *Interp, cls *Type, a Args) (Value, error) {
		return &Exc{Class: cls, Args: a.Pos}, nil
	}
	BaseException.Methods(
		&Native{Name: "with_traceback", Min: 1, Max: 1, Fn: func(_ *Interp, self Value, _ []Value) (Value, error) { return self, nil }},
		&Native{Name: "add_note", Min: 1, Max: 1, Fn: func(in *Interp, self Value, a []Value) (Value, error) {
			s, ok := a[0].(Str)
			if !ok {
				return nil, TypeError.New("note must be a str, not '%s'", a[0].Type().Name)
			}
			e := self.(*Exc)
			e.notes = append(e.notes, string(s))
			return None, in.Alloc(len(s) + valueSize)
		}},
	)
}

// GetAttr finds an exception's own attributes.
func (e *Exc) GetAttr(in *Interp, name string) (Value, error) {
	if v := e.attrs.Get(name); v != nil {
		return v, nil
	}
	switch name {
	case "args":
		return NewTuple(e.Args...), nil
	case "__cause__":
		return excOrNone(e.Cause), nil
	case "__context__":
		return excOrNone(e.Context), nil
	case "__suppress_context__":
		return Bool(e.noCtx), nil
	case "__traceback__":
		return None, nil
	case "__notes__":
		if len(e.notes) > 0 {
			l := NewList()
			for _, n := range e.notes {
				l.Items = append(l.Items, Str(n))
			}
			return l, nil
		}
	case "value":
		if e.Class.Is(StopIteration) {
			if len(e.Args) > 0 {
				return e.Args[0], nil
			}
			return None, nil
		}
	case "msg":
		if e.Class.Is(ImportError) && len(e.Args) > 0 {
			return e.Args[0], nil
		}
	case "code":
		if e.Class.Is(systemExit) {
			if len(e.Args) > 0 {
				return e.Args[0], nil
			}
			return None, nil
		}
	}
	return nil, nil
}

func excOrNone(e *Exc) Value {
	if e == nil {
		return None
	}
	return e
}

// SetAttr stores attributes on an exception.
func (e *Exc) SetAttr(in *Interp, name string, v Value) error {
	switch name {
	case "args":
		items, err := in.Collect(v)
		if err != nil {
			return err
		}
		e.Args = items
		return nil
	case "__cause__", "__context__", "__traceback__", "__suppress_context__":
		return nil
	}
	if v == nil {
		if !e.attrs.Delete(name) {
			return AttributeError.New("%s", name)
		}
		return nil
	}
	e.attrs.Set(name, v)
	return in.Alloc(len(name) + 2*valueSize)
}

// Repr is ValueError('text').
func (e *Exc) Repr(in *Interp) (string, error) {
	if fn, ok := e.Class.lookup("__repr__").(*Function); ok {
		return in.textFrom(fn, e, "__repr__")
	}
	parts := make([]string, len(e.Args))
	for i, a := range e.Args {
		s, err := in.Repr(a)
		if err != nil {
			return "", err
		}
		parts[i] = s
	}
	return e.Class.ShortName() + "(" + strings.Join(parts, ", ") + ")", nil
}

// Str is the text alone.
func (e *Exc) Str(in *Interp) (string, error) {
	if fn, ok := e.Class.lookup("__str__").(*Function); ok {
		return in.textFrom(fn, e, "__str__")
	}
	switch len(e.Args) {
	case 0:
		return "", nil
	case 1:
		if e.Class.Is(KeyError) {
			return in.Repr(e.Args[0])
		}
		return in.Str(e.Args[0])
	}
	return in.Repr(&Tuple{Items: e.Args})
}

// AsExc returns the exception that err carries, nil where it is an Abort.
func AsExc(err error) *Exc {
	e, _ := err.(*Exc)
	return e
}

// Matches reports whether err is an exception of the class.
func Matches(err error, class *Type) bool {
	e, ok := err.(*Exc)
	return ok && e.Class.Is(class)
}
