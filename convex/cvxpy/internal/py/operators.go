package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// is is the operator "is".
func is(a, b Value) bool {
	if f, ok := a.(Float); ok && f != f {
		g, ok := b.(Float)
		return ok && g != g // all NaNs are one object here
	}
	if s, ok := a.(*Tuple); ok && len(s.Items) == 0 {
		t, ok := b.(*Tuple)
		return ok && len(t.Items) == 0 // there is one empty tuple
	}
	return a == b
}

// Binary is a op b.
func (in *Interp) Binary(op syntax.Operator, a, b Value) (Value, error) {
	if x, ok := a.(Float); ok {
		if y, ok := b.(Float); ok {
			switch op {
			case syntax.Add:
				return x + y, nil
			case syntax.Sub:
				return x - y, nil
			case syntax.Mul:
				return x * y, nil
			}
		}
	}
	r, err := in.binary(op, a, b)
	if err != nil || r != Value(NotImplemented) {
		return r, err
	}
	return nil, binaryError(op, op.String(), a, b)
}

func binaryError(op syntax.Operator, text string, a, b Value) *Exc {
	if op == syntax.Pow && text == "**" {
		text = "** or pow()"
	}
	if op == syntax.RShift && text == ">>" {
		if n, ok := a.(*Native); ok && n.Name == "print" {
			return TypeError.New("unsupported operand type(s) for >>: '%s' and '%s'. Did you mean \"print(<message>, file=<output_stream>)\"?", a.Type().Name, b.Type().Name)
		}
	}
	return TypeError.New("unsupported operand type(s) for %s: '%s' and '%s'", text, a.Type().Name, b.Type().Name)
}

// binary returns NotImplemented where neither operand can.
func (in *Interp) binary(op syntax.Operator, a, b Value) (Value, error) {
	if isNumber(a) && isNumber(b) {
		return in.arith(op, a, b)
	}
	left, lok := a.(Operand)
	right, rok := b.(Operand)
	reflectedFirst := rok && b.Type() != a.Type() && b.Type().Is(a.Type())
	if reflectedFirst {
		if r, err := right.Binary(in, op, a, true); err != nil || r != Value(NotImplemented) {
			return r, err
		}
	}
	if lok {
		if r, err := left.Binary(in, op, b, false); err != nil || r != Value(NotImplemented) {
			return r, err
		}
	}
	if rok && !reflectedFirst {
		if r, err := right.Binary(in, op, a, true); err != nil || r != Value(NotImplemented) {
			return r, err
		}
	}
	switch op {
	case syntax.Add:
		if s, ok := a.(sequence); ok {
			return s.concat(in, b)
		}
	case syntax.Mul:
		if s, ok := a.(sequence); ok {
			return in.repeat(s, b)
		}
		if s, ok := b.(sequence); ok {
			return in.repeat(s, a)
		}
	}
	return NotImplemented, nil
}

// sequence is a str, list or tuple: + and * come after all other rules.
type sequence interface {
	Value
	concat(in *Interp, other Value) (Value, error)
	times(in *Interp, n int) (Value, error)
	size() int
}

func (in *Interp) repeat(s sequence, by Value) (Value, error) {
	if !isIndex(by) {
		return nil, TypeError.New("can't multiply sequence by non-int of type '%s'", by.Type().Name)
	}
	n, err := in.Index(by)
	if err != nil {
		return nil, err
	}
	n = max(n, 0)
	if size := s.size(); size > 0 && n > (1<<62)/size/valueSize {
		return nil, in.Alloc(-1)
	}
	return s.times(in, n)
}

// BinaryInPlace is a op= b.
func (in *Interp) BinaryInPlace(op syntax.Operator, a, b Value) (Value, error) {
	if x, ok := a.(InPlace); ok {
		if r, err := x.BinaryInPlace(in, op, b); err != nil || r != Value(NotImplemented) {
			return r, err
		}
	}
	r, err := in.binary(op, a, b)
	if err != nil || r != Value(NotImplemented) {
		return r, err
	}
	return nil, binaryError(op, op.String()+"=", a, b)
}

// Unary is op a.
func (in *Interp) Unary(op syntax.Operator, a Value) (Value, error) {
	switch x := a.(type) {
	case Float:
		switch op {
		case syntax.USub:
			return -x, nil
		case syntax.UAdd:
			return x, nil
		}
	case Int, Bool, *BigInt:
		return in.unaryInt(op, a)
	case UnaryOperand:
		if r, err := x.Unary(in, op); err != nil || r != Value(NotImplemented) {
			return r, err
		}
	}
	return nil, TypeError.New("bad operand type for unary %s: '%s'", op, a.Type().Name)
}

func (in *Interp) unaryInt(op syntax.Operator, a Value) (Value, error) {
	n, large, _ := asInt(a)
	switch op {
	case syntax.UAdd:
		if large != nil {
			return a, nil
		}
		return n, nil
	case syntax.USub:
		if large == nil && n != -1<<63 {
			return -n, nil
		}
		return in.bigArith(syntax.Sub, toBig(Int(0)), toBig(a))
	}
	if large == nil {
		return ^n, nil
	}
	return in.bigArith(syntax.Sub, toBig(Int(-1)), large)
}

// Truth is bool(v).
func (in *Interp) Truth(v Value) (bool, error) {
	switch x := v.(type) {
	case Bool:
		return bool(x), nil
	case NoneType:
		return false, nil
	case Int:
		return x != 0, nil
	case Float:
		return x != 0, nil
	case Str:
		return x != "", nil
	case *List:
		return len(x.Items) > 0, nil
	case *Tuple:
		return len(x.Items) > 0, nil
	case *Dict:
		return x.used > 0, nil
	case *Set:
		return x.used > 0, nil
	case Truther:
		return x.Truth(in)
	case Sized:
		n, err := x.Len(in)
		return n > 0, err
	}
	return true, nil
}

// Len is len(v).
func (in *Interp) Len(v Value) (int, error) {
	switch x := v.(type) {
	case Str:
		if err := in.Step(len(x) / 64); err != nil {
			return 0, err
		}
		return x.runes(), nil
	case Sized:
		return x.Len(in)
	case *Type:
		if x.members != nil {
			return len(x.members()), nil
		}
	}
	return 0, TypeError.New("object of type '%s' has no len()", v.Type().Name)
}
