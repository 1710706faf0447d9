package py

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// AsFloat converts a real number; ok is false for anything else. An int that
// no float can hold gives infinity.
func AsFloat(v Value) (f float64, ok bool) {
	switch x := v.(type) {
	case Float:
		return float64(x), true
	case Int:
		return float64(x), true
	case Bool:
		if x {
			return 1, true
		}
		return 0, true
	case *BigInt:
		f, _ = new(big.Float).SetInt(x.big).Float64()
		return f, true
	case Floater:
		return x.AsFloat()
	}
	return 0, false
}

// asInt returns an int or bool as big or small; ok is false for anything else.
func asInt(v Value) (small Int, large *big.Int, ok bool) {
	switch x := v.(type) {
	case Int:
		return x, nil, true
	case Bool:
		if x {
			return 1, nil, true
		}
		return 0, nil, true
	case *BigInt:
		return 0, x.big, true
	}
	return 0, nil, false
}

// toBig returns the int v as a big.Int that must not be changed.
func toBig(v Value) *big.Int {
	small, large, _ := asInt(v)
	if large != nil {
		return large
	}
	return big.NewInt(int64(small))
}

// Index converts v where an index is needed; err is the TypeError that names
// the type, or an OverflowError for what no index can be.
func (in *Interp) Index(v Value) (int, error) {
	switch x := v.(type) {
	case Int:
		return int(x), nil
	case Bool:
		if x {
			return 1, nil
		}
		return 0, nil
	case *BigInt:
		return 0, OverflowError.New("cannot fit 'int' into an index-sized integer")
	case Integer:
		if n, ok := x.AsInt(); ok {
			return int(n), nil
		}
		if r, ok := v.(IndexRefuser); ok {
			return 0, r.RefuseIndex()
		}
	case *Instance:
		if r, err := in.callSpecial(x, "__index__"); r != nil || err != nil {
			if err != nil {
				return 0, err
			}
			return in.Index(r)
		}
	}
	return 0, TypeError.New("'%s' object cannot be interpreted as an integer", v.Type().Name)
}

// isIndex reports whether v can be an index.
func isIndex(v Value) bool {
	switch x := v.(type) {
	case Int, Bool, *BigInt:
		return true
	case Integer:
		_, ok := x.AsInt()
		_, refuses := v.(IndexRefuser)
		return ok || refuses
	case *Instance:
		return x.class.lookup("__index__") != nil
	}
	return false
}

// isNumber reports whether v is an int, float or bool of the core.
func isNumber(v Value) bool {
	switch v.(type) {
	case Int, Float, Bool, *BigInt:
		return true
	}
	return false
}

// arith handles operators between numbers of the core.
func (in *Interp) arith(op syntax.Operator, a, b Value) (Value, error) {
	x, xf := a.(Float)
	y, yf := b.(Float)
	if xf || yf {
		if !xf {
			f, err := intToFloat(a)
			if err != nil {
				return nil, err
			}
			x = Float(f)
		}
		if !yf {
			f, err := intToFloat(b)
			if err != nil {
				return nil, err
			}
			y = Float(f)
		}
		return floatArith(op, float64(x), float64(y))
	}
	if p, ok := a.(Bool); ok {
		if q, ok := b.(Bool); ok {
			switch op {
			case syntax.BitAnd:
				return p && q, nil
			case syntax.BitOr:
				return p || q, nil
			case syntax.BitXor:
				return Bool(p != q), nil
			}
		}
	}
	m, mb, _ := asInt(a)
	n, nb, _ := asInt(b)
	if mb == nil && nb == nil {
		if r, err := intArith(op, m, n); r != nil || err != nil {
			return r, err
		}
	}
	return in.bigArith(op, toBig(a), toBig(b))
}

func intToFloat(v Value) (float64, error) {
	f, _ := AsFloat(v)
	if math.IsInf(f, 0) {
		return 0, OverflowError.New("int too large to convert to float")
	}
	return f, nil
}

// intArith returns nil, nil where the result may not fit or big ints must do it.
func intArith(op syntax.Operator, m, n Int) (Value, error) {
	switch op {
	case syntax.Add:
		if s := m + n; (s > m) == (n > 0) {
			return s, nil
		}
	case syntax.Sub:
		if s := m - n; (s < m) == (n > 0) {
			return s, nil
		}
	case syntax.Mul:
		if p, ok := mulInt(m, n); ok {
			return p, nil
		}
	case syntax.Div:
		if n == 0 {
			return nil, ZeroDivisionError.New("division by zero")
		}
		const exact = 1 << 53
		if m > -exact && m < exact && n > -exact && n < exact {
			return Float(float64(m) / float64(n)), nil
		}
	case syntax.FloorDiv:
		if n == 0 {
			return nil, ZeroDivisionError.New("integer division or modulo by zero")
		}
		if m != math.MinInt64 {
			return floorDiv(m, n), nil
		}
	case syntax.Mod:
		if n == 0 {
			return nil, ZeroDivisionError.New("integer modulo by zero")
		}
		if n == -1 {
			return Int(0), nil
		}
		r := m % n
		if r != 0 && (r < 0) != (n < 0) {
			r += n
		}
		return r, nil
	case syntax.BitAnd:
		return m & n, nil
	case syntax.BitOr:
		return m | n, nil
	case syntax.BitXor:
		return m ^ n, nil
	case syntax.RShift:
		if n < 0 {
			return nil, ValueError.New("negative shift count")
		}
		return m >> min(uint64(n), 63), nil
	}
	return nil, nil
}

func floorDiv(m, n Int) Int {
	q := m / n
	if m%n != 0 && (m < 0) != (n < 0) {
		q--
	}
	return q
}

func mulInt(m, n Int) (Int, bool) {
	hi, lo := bits.Mul64(uint64(absInt(m)), uint64(absInt(n)))
	if hi != 0 || lo > math.MaxInt64 || m == math.MinInt64 || n == math.MinInt64 {
		return 0, false
	}
	if (m < 0) != (n < 0) {
		return -Int(lo), true
	}
	return Int(lo), true
}

func absInt(n Int) Int {
	if n < 0 {
		return -n
	}
	return n
}

// payBig pays for a result of the given number of bits, made with work word
// operations.
func (in *Interp) payBig(bitLen, work int) error {
	if err := in.Alloc(bitLen / 8); err != nil {
		return err
	}
	return in.Step(work / 64)
}

func (in *Interp) bigArith(op syntax.Operator, m, n *big.Int) (Value, error) {
	mw, nw := len(m.Bits()), len(n.Bits())
	mb, nb := m.BitLen(), n.BitLen()
	size, work := max(mb, nb)+1, mw+nw
	switch op {
	case syntax.Mul:
		size, work = mb+nb, mw*nw
	case syntax.Div, syntax.FloorDiv, syntax.Mod:
		if n.Sign() == 0 {
			_, err := intArith(op, 1, 0)
			return nil, err
		}
		work = mw * nw
	case syntax.LShift:
		return in.bigShift(m, n)
	case syntax.Pow:
		return in.bigPow(m, n)
	}
	if err := in.payBig(size, work); err != nil {
		return nil, err
	}
	r := new(big.Int)
	switch op {
	case syntax.Add:
		r.Add(m, n)
	case syntax.Sub:
		r.Sub(m, n)
	case syntax.Mul:
		r.Mul(m, n)
	case syntax.Div:
		f, _ := new(big.Rat).SetFrac(m, n).Float64()
		if math.IsInf(f, 0) {
			return nil, OverflowError.New("integer division result too large for a float")
		}
		return Float(f), nil
	case syntax.FloorDiv, syntax.Mod:
		q, rem := new(big.Int).QuoRem(m, n, r)
		if rem.Sign() != 0 && (rem.Sign() < 0) != (n.Sign() < 0) {
			q.Sub(q, big.NewInt(1))
			rem.Add(rem, n)
		}
		if op == syntax.FloorDiv {
			r = q
		}
	case syntax.BitAnd:
		r.And(m, n)
	case syntax.BitOr:
		r.Or(m, n)
	case syntax.BitXor:
		r.Xor(m, n)
	case syntax.RShift:
		if n.Sign() < 0 {
			return nil, ValueError.New("negative shift count")
		}
		if !n.IsInt64() || n.Int64() > int64(mb) {
			if m.Sign() < 0 {
				return Int(-1), nil
			}
			return Int(0), nil
		}
		r.Rsh(m, uint(n.Int64()))
	default:
		return NotImplemented, nil
	}
	return NewBig(r), nil
}

func (in *Interp) bigShift(m, n *big.Int) (Value, error) {
	switch {
	case n.Sign() < 0:
		return nil, ValueError.New("negative shift count")
	case m.Sign() == 0:
		return Int(0), nil
	case !n.IsInt64() || n.Int64() > math.MaxInt64/2:
		return nil, OverflowError.New("too many digits in integer")
	}
	k := int(n.Int64())
	if err := in.payBig(k+m.BitLen(), k/64); err != nil {
		return nil, err
	}
	return NewBig(new(big.Int).Lsh(m, uint(k))), nil
}

// bigPow pays for the result's bits before it computes them.
func (in *Interp) bigPow(m, n *big.Int) (Value, error) {
	if n.Sign() < 0 {
		if m.Sign() == 0 {
			return nil, ZeroDivisionError.New("0.0 cannot be raised to a negative power")
		}
		x, err := intToFloat(NewBig(m))
		if err != nil {
			return nil, err
		}
		y, err := intToFloat(NewBig(n))
		if err != nil {
			return nil, err
		}
		return floatArith(syntax.Pow, x, y)
	}
	if m.BitLen() <= 1 { // 0, 1, -1
		switch {
		case n.Sign() == 0:
			return Int(1), nil
		case m.Sign() >= 0 || n.Bit(0) == 1:
			return NewBig(m), nil
		}
		return Int(1), nil
	}
	if !n.IsInt64() || n.Int64() > math.MaxInt32*64 {
		return nil, in.Alloc(-1)
	}
	size := m.BitLen() * int(n.Int64())
	if size < 0 || size/int(n.Int64()|1) > m.BitLen() {
		return nil, in.Alloc(-1)
	}
	// Squaring the last time dominates.
	words := size / 64
	work := words
	if words > 40 {
		work = int(math.Min(math.Pow(float64(words), 1.6), 1e15))
	}
	if err := in.payBig(size, work); err != nil {
		return nil, err
	}
	return NewBig(new(big.Int).Exp(m, n, nil)), nil
}

func floatArith(op syntax.Operator, x, y float64) (Value, error) {
	switch op {
	case syntax.Add:
		return Float(x + y), nil
	case syntax.Sub:
		return Float(x - y), nil
	case syntax.Mul:
		return Float(x * y), nil
	case syntax.Div:
		if y == 0 {
			return nil, ZeroDivisionError.New("float division by zero")
		}
		return Float(x / y), nil
	case syntax.FloorDiv:
		if y == 0 {
			return nil, ZeroDivisionError.New("float floor division by zero")
		}
		q, _ := floatDivMod(x, y)
		return Float(q), nil
	case syntax.Mod:
		if y == 0 {
			return nil, ZeroDivisionError.New("float modulo")
		}
		_, r := floatDivMod(x, y)
		return Float(r), nil
	case syntax.Pow:
		return floatPow(x, y)
	}
	return NotImplemented, nil
}

// floatDivMod is Python's divmod of floats: the remainder has the sign of y.
func floatDivMod(x, y float64) (q, r float64) {
	r = math.Mod(x, y)
	q = (x - r) / y
	if r != 0 {
		if (y < 0) != (r < 0) {
			r += y
			q--
		}
	} else {
		r = math.Copysign(0, y)
	}
	if q != 0 {
		f := math.Floor(q)
		if q-f > 0.5 {
			f++
		}
		return f, r
	}
	return math.Copysign(0, x/y), r
}

func floatPow(x, y float64) (Value, error) {
	switch {
	case y == 0 || x == 1:
		return Float(1), nil
	case x == 0 && y < 0:
		return nil, ZeroDivisionError.New("0.0 cannot be raised to a negative power")
	case x < 0 && !math.IsInf(x, 0) && y != math.Trunc(y) && !math.IsNaN(y):
		return nil, Unsupported("a negative number to a fractional power is complex; complex numbers are not supported")
	}
	r := math.Pow(x, y)
	if math.IsInf(r, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		e := OverflowError.New("")
		e.Args = []Value{Int(34), Str("Numerical result out of range")}
		return nil, e
	}
	return Float(r), nil
}
