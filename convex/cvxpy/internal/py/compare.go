package py

import (
	"math"
	"math/big"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// Compare is a op b for ==, !=, <, <=, > and >=; the result need not be a bool.
func (in *Interp) Compare(op syntax.Comparison, a, b Value) (Value, error) {
	if isNumber(a) && isNumber(b) {
		return Bool(compareNumbers(op, a, b)), nil
	}
	if x, ok := a.(Str); ok {
		if y, ok := b.(Str); ok {
			if err := in.Step(min(len(x), len(y)) / 64); err != nil {
				return nil, err
			}
			return Bool(holds(op, compareOrdered(x, y))), nil
		}
	}
	right, rok := b.(Comparer)
	reflectedFirst := rok && b.Type() != a.Type() && b.Type().Is(a.Type())
	if reflectedFirst {
		if r, err := right.Compare(in, mirror(op), a); err != nil || r != Value(NotImplemented) {
			return r, err
		}
	}
	if left, ok := a.(Comparer); ok {
		if r, err := left.Compare(in, op, b); err != nil || r != Value(NotImplemented) {
			return r, err
		}
	}
	if rok && !reflectedFirst {
		if r, err := right.Compare(in, mirror(op), a); err != nil || r != Value(NotImplemented) {
			return r, err
		}
	}
	switch op {
	case syntax.Eq:
		return Bool(is(a, b)), nil
	case syntax.NotEq:
		return Bool(!is(a, b)), nil
	}
	return nil, TypeError.New("'%s' not supported between instances of '%s' and '%s'", op, a.Type().Name, b.Type().Name)
}

// mirror is the operator seen from the other side.
func mirror(op syntax.Comparison) syntax.Comparison {
	switch op {
	case syntax.Lt:
		return syntax.Gt
	case syntax.LtE:
		return syntax.GtE
	case syntax.Gt:
		return syntax.Lt
	case syntax.GtE:
		return syntax.LtE
	}
	return op
}

// holds translates a three-way result.
func holds(op syntax.Comparison, c int) bool {
	switch op {
	case syntax.Eq:
		return c == 0
	case syntax.NotEq:
		return c != 0
	case syntax.Lt:
		return c < 0
	case syntax.LtE:
		return c <= 0
	case syntax.Gt:
		return c > 0
	}
	return c >= 0
}

func compareOrdered[T Str | Int | Float](x, y T) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func compareNumbers(op syntax.Comparison, a, b Value) bool {
	x, xf := a.(Float)
	y, yf := b.(Float)
	if xf && x != x || yf && y != y { // NaN
		return op == syntax.NotEq
	}
	if xf && yf {
		return holds(op, compareOrdered(x, y))
	}
	if !xf && !yf {
		m, mb, _ := asInt(a)
		n, nb, _ := asInt(b)
		if mb == nil && nb == nil {
			return holds(op, compareOrdered(m, n))
		}
		return holds(op, toBig(a).Cmp(toBig(b)))
	}
	if xf {
		return holds(op, -compareIntFloat(b, float64(x)))
	}
	return holds(op, compareIntFloat(a, float64(y)))
}

// compareIntFloat compares exactly, without rounding the int.
func compareIntFloat(v Value, f float64) int {
	if n, large, _ := asInt(v); large == nil && n > -1<<53 && n < 1<<53 {
		return compareOrdered(Float(n), Float(f))
	}
	if math.IsInf(f, 0) {
		if f > 0 {
			return -1
		}
		return 1
	}
	return new(big.Float).SetInt(toBig(v)).Cmp(big.NewFloat(f))
}

// Equal is bool(a == b).
func (in *Interp) Equal(a, b Value) (bool, error) {
	r, err := in.Compare(syntax.Eq, a, b)
	if err != nil {
		return false, err
	}
	if t, ok := r.(Bool); ok {
		return bool(t), nil
	}
	return in.Truth(r)
}

// Less is bool(a < b).
func (in *Interp) Less(a, b Value) (bool, error) {
	if x, ok := a.(Float); ok {
		if y, ok := b.(Float); ok {
			return x < y, nil
		}
	}
	r, err := in.Compare(syntax.Lt, a, b)
	if err != nil {
		return false, err
	}
	return in.Truth(r)
}

// Contains is v in c.
func (in *Interp) Contains(c, v Value) (bool, error) {
	switch x := c.(type) {
	case Str:
		s, ok := v.(Str)
		if !ok {
			return false, TypeError.New("'in <string>' requires string as left operand, not %s", v.Type().Name)
		}
		if err := in.Step(len(x) / 16); err != nil {
			return false, err
		}
		return x.contains(s), nil
	case *Dict:
		got, err := x.Get(in, v)
		return got != nil, err
	case *Set:
		return x.Has(in, v)
	case *Range:
		if n, ok := v.(Int); ok {
			return x.has(n), nil
		}
	case *List:
		return in.containsIn(x.Items, v)
	case *Tuple:
		return in.containsIn(x.Items, v)
	case Container:
		return x.Contains(in, v)
	}
	it, err := in.Iter(c)
	if err != nil {
		if Matches(err, TypeError) && len(err.(*Exc).trace) == 0 {
			return false, TypeError.New("argument of type '%s' is not iterable", c.Type().Name)
		}
		return false, err
	}
	for {
		x, err := in.Next(it)
		if x == nil || err != nil {
			return false, err
		}
		if err := in.Step(1); err != nil {
			return false, err
		}
		if eq, err := in.same(x, v); eq || err != nil {
			return eq, err
		}
	}
}

func (in *Interp) containsIn(items []Value, v Value) (bool, error) {
	for _, x := range items {
		if err := in.Step(1); err != nil {
			return false, err
		}
		if eq, err := in.same(x, v); eq || err != nil {
			return eq, err
		}
	}
	return false, nil
}

// compareSequences compares lists and tuples: the first difference decides.
func (in *Interp) compareSequences(op syntax.Comparison, a, b []Value) (Value, error) {
	if err := in.Enter(" in comparison"); err != nil {
		return nil, err
	}
	defer in.Leave()
	if len(a) != len(b) && (op == syntax.Eq || op == syntax.NotEq) {
		return Bool(op == syntax.NotEq), nil
	}
	for i := range min(len(a), len(b)) {
		if err := in.Step(1); err != nil {
			return nil, err
		}
		if i >= len(a) || i >= len(b) { // a comparison changed the list
			break
		}
		eq, err := in.same(a[i], b[i])
		if err != nil {
			return nil, err
		}
		if eq {
			continue
		}
		switch op {
		case syntax.Eq:
			return False, nil
		case syntax.NotEq:
			return True, nil
		}
		return in.Compare(op, a[i], b[i])
	}
	return Bool(holds(op, compareOrdered(Int(len(a)), Int(len(b))))), nil
}
