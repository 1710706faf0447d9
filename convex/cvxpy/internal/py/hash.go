package py

import (
	"math"
	"math/big"
	"math/bits"
)

// hashModulus is CPython's prime for numeric hashes, 2**61 - 1.
const hashModulus = 1<<61 - 1

// Hash is hash(v), equal for values that compare equal across number types.
func (in *Interp) Hash(v Value) (int64, error) {
	switch x := v.(type) {
	case Str:
		if len(x) > 256 {
			if err := in.Step(len(x) / 64); err != nil {
				return 0, err
			}
		}
		return hashString(string(x)), nil
	case Int:
		return hashInt(int64(x)), nil
	case Bool:
		if x {
			return 1, nil
		}
		return 0, nil
	case Float:
		return hashFloat(float64(x)), nil
	case *BigInt:
		return hashBig(x.big), nil
	case *Tuple:
		return in.hashTuple(x)
	case NoneType:
		return 0xfca86420, nil
	case *List, *Dict, *SliceValue:
		return 0, unhashable(v)
	case Hasher:
		return x.Hash(in)
	case *Instance:
		return in.hashInstance(x)
	}
	return int64(in.id(v)) * 16, nil
}

func unhashable(v Value) *Exc { return TypeError.New("unhashable type: '%s'", v.Type().Name) }

func hashString(s string) int64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 29
	return int64(h)
}

func hashInt(n int64) int64 {
	neg := n < 0
	u := uint64(n)
	if neg {
		u = -u
	}
	h := int64(u % hashModulus)
	if neg {
		h = -h
	}
	if h == -1 {
		return -2
	}
	return h
}

func hashBig(n *big.Int) int64 {
	m := new(big.Int).Mod(new(big.Int).Abs(n), big.NewInt(hashModulus)).Int64()
	if n.Sign() < 0 {
		m = -m
	}
	if m == -1 {
		return -2
	}
	return m
}

func hashFloat(f float64) int64 {
	switch {
	case math.IsInf(f, 1):
		return 314159
	case math.IsInf(f, -1):
		return -314159
	case math.IsNaN(f):
		return 0
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<62 {
		return hashInt(int64(f))
	}
	m, e := math.Frexp(f)
	sign := int64(1)
	if m < 0 {
		sign, m = -1, -m
	}
	var x uint64
	for m != 0 {
		x = x<<28&hashModulus | x>>33
		m *= 1 << 28
		e -= 28
		y := uint64(m)
		m -= float64(y)
		if x += y; x >= hashModulus {
			x -= hashModulus
		}
	}
	if e %= 61; e < 0 {
		e += 61
	}
	x = x<<e&hashModulus | x>>(61-e)
	h := int64(x) * sign
	if h == -1 {
		return -2
	}
	return h
}

// hashTuple is CPython's variant of xxHash.
func (in *Interp) hashTuple(t *Tuple) (int64, error) {
	if err := in.Enter(""); err != nil {
		return 0, err
	}
	defer in.Leave()
	if err := in.Step(len(t.Items)); err != nil {
		return 0, err
	}
	const prime1, prime2, prime5 = 11400714785074694791, 14029467366897019727, 2870177450012600261
	acc := uint64(prime5)
	for _, v := range t.Items {
		h, err := in.Hash(v)
		if err != nil {
			return 0, err
		}
		acc += uint64(h) * prime2
		acc = bits.RotateLeft64(acc, 31)
		acc *= prime1
	}
	acc += uint64(len(t.Items)) ^ (prime5 ^ 3527539)
	if acc == math.MaxUint64 {
		return 1546275796, nil
	}
	return int64(acc), nil
}

// id numbers the objects that were asked for, in the order of asking.
func (in *Interp) id(v Value) int {
	if in.ids == nil {
		in.ids = map[Value]int{}
	}
	n, ok := in.ids[v]
	if !ok {
		n = len(in.ids) + 1
		in.ids[v] = n
	}
	return n
}
