package py

import "math/big"

// Value is any Python object. Values that have identity are pointers.
type Value interface {
	Type() *Type
}

// The simple values. Bool is a kind of int, as in Python.
type (
	NoneType           struct{}
	Bool               bool
	Int                int64
	Float              float64
	Str                string
	ellipsisType       struct{}
	notImplementedType struct{}
)

// BigInt is an int that does not fit into Int. It is never changed.
type BigInt struct{ big *big.Int }

// The singletons.
var (
	None           = NoneType{}
	True           = Bool(true)
	False          = Bool(false)
	Ellipsis       = ellipsisType{}
	NotImplemented = notImplementedType{}
)

// Tuple is immutable; do not change Items.
type Tuple struct {
	Items []Value
	class *Type // a namedtuple's; nil for tuple
}

// List is a mutable sequence.
type List struct{ Items []Value }

// Range is range(Start, Stop, Step); N is its length.
type Range struct {
	Start, Stop, Step Int
	N                 int
}

// SliceValue is slice(Start, Stop, Step); absent parts are None.
type SliceValue struct{ Start, Stop, Step Value }

func (NoneType) Type() *Type           { return noneType }
func (Bool) Type() *Type               { return BoolType }
func (Int) Type() *Type                { return IntType }
func (*BigInt) Type() *Type            { return IntType }
func (Float) Type() *Type              { return FloatType }
func (Str) Type() *Type                { return StrType }
func (ellipsisType) Type() *Type       { return ellipsisT }
func (notImplementedType) Type() *Type { return notImplementedT }
func (*List) Type() *Type              { return ListType }
func (*Range) Type() *Type             { return rangeType }
func (*SliceValue) Type() *Type        { return sliceType }

// Type is tuple or a namedtuple's class.
func (t *Tuple) Type() *Type {
	if t.class != nil {
		return t.class
	}
	return TupleType
}

// NewTuple and NewList take ownership of items.
func NewTuple(items ...Value) *Tuple { return &Tuple{Items: items} }
func NewList(items ...Value) *List   { return &List{items} }

// NewBig returns n as the smallest int value.
func NewBig(n *big.Int) Value {
	if n.IsInt64() {
		return Int(n.Int64())
	}
	return &BigInt{n}
}

// Big returns n as a big integer of its own or a shared one; do not change it.
func (n *BigInt) Big() *big.Int { return n.big }
