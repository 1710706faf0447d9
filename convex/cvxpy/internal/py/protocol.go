package py

import "github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"

// The protocols that a Value may implement beside Type. A method that cannot
// handle its operand returns NotImplemented, after which the interpreter tries
// the other operand and then raises the TypeError that CPython words.
type (
	// Operand takes part in binary operators. reflected says that the receiver
	// stands on the right.
	Operand interface {
		Binary(in *Interp, op syntax.Operator, other Value, reflected bool) (Value, error)
	}
	// InPlace handles augmented assignment before Operand is asked.
	InPlace interface {
		BinaryInPlace(in *Interp, op syntax.Operator, other Value) (Value, error)
	}
	// UnaryOperand handles -x, +x and ~x.
	UnaryOperand interface {
		Unary(in *Interp, op syntax.Operator) (Value, error)
	}
	// Absolute handles abs(x).
	Absolute interface {
		Abs(in *Interp) (Value, error)
	}
	// Rounder handles round(x, digits); digits is nil where absent.
	Rounder interface {
		Round(in *Interp, digits Value) (Value, error)
	}
	// Comparer handles ==, !=, <, <=, > and >=; the result need not be a bool.
	// The receiver always stands on the left: op is mirrored where it did not.
	Comparer interface {
		Compare(in *Interp, op syntax.Comparison, other Value) (Value, error)
	}
	// Truther decides bool(x).
	Truther interface {
		Truth(in *Interp) (bool, error)
	}
	// Sized is len(x).
	Sized interface {
		Len(in *Interp) (int, error)
	}
	// Indexer is x[key].
	Indexer interface {
		GetItem(in *Interp, key Value) (Value, error)
	}
	// ItemSetter is x[key] = v.
	ItemSetter interface {
		SetItem(in *Interp, key, v Value) error
	}
	// ItemDeleter is del x[key].
	ItemDeleter interface {
		DelItem(in *Interp, key Value) error
	}
	// Container is v in x.
	Container interface {
		Contains(in *Interp, v Value) (bool, error)
	}
	// Iterable is iter(x).
	Iterable interface {
		Iter(in *Interp) (Iterator, error)
	}
	// AttrGetter finds attributes of the instance; nil sends the search on to
	// the type.
	AttrGetter interface {
		GetAttr(in *Interp, name string) (Value, error)
	}
	// AttrSetter is x.name = v; v is nil for del.
	AttrSetter interface {
		SetAttr(in *Interp, name string, v Value) error
	}
	// Attributed carries further attributes, as objects of Python's own classes
	// do; they go before methods.
	Attributed interface {
		Attrs() *Namespace
	}
	// Callable is x(...).
	Callable interface {
		Call(in *Interp, a Args) (Value, error)
	}
	// Reprer is repr(x).
	Reprer interface {
		Repr(in *Interp) (string, error)
	}
	// Strer is str(x) where it differs from repr.
	Strer interface {
		Str(in *Interp) (string, error)
	}
	// Formatter is format(x, spec).
	Formatter interface {
		Format(in *Interp, spec string) (string, error)
	}
	// Hasher is hash(x); a Value that is a pointer and no Hasher hashes by identity.
	Hasher interface {
		Hash(in *Interp) (int64, error)
	}
	// Floater can stand for a float (np.float64); ok is false where it cannot.
	Floater interface {
		AsFloat() (f float64, ok bool)
	}
	// Integer can stand for an int where an index is needed (np.int64).
	Integer interface {
		AsInt() (n int64, ok bool)
	}
	// IndexRefuser looks like an index and words why it is none (an array).
	IndexRefuser interface {
		RefuseIndex() error
	}
	// ContextManager takes part in with. Exit gets nil where nothing was
	// raised; it returns true to swallow the exception.
	ContextManager interface {
		Enter(in *Interp) (Value, error)
		Exit(in *Interp, exc *Exc) (bool, error)
	}
	// Prioritised operands go first although they stand on the right, as numpy
	// lets cvxpy's expressions (__array_priority__).
	Prioritised interface {
		ArrayPriority() float64
	}
)

// Iterator yields values; Next returns nil, nil at the end.
type Iterator interface {
	Next(in *Interp) (Value, error)
}
