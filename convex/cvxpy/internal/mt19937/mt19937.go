// Package mt19937 is the Mersenne twister of Matsumoto and Nishimura (1998) as
// CPython's random and numpy's legacy generators use it: the same seed gives
// the same stream.
package mt19937

import "math/big"

const (
	n = 624
	m = 397
)

// State is a generator. Make it with New or NewArray.
type State struct {
	mt [n]uint32
	at int
}

// New seeds with one word (init_genrand).
func New(seed uint32) *State {
	s := &State{at: n}
	s.mt[0] = seed
	for i := uint32(1); i < n; i++ {
		s.mt[i] = 1812433253*(s.mt[i-1]^s.mt[i-1]>>30) + i
	}
	return s
}

// NewArray seeds with several words (init_by_array).
func NewArray(key []uint32) *State {
	s := New(19650218)
	i, j := 1, 0
	for range max(n, len(key)) {
		s.mt[i] = (s.mt[i] ^ (s.mt[i-1]^s.mt[i-1]>>30)*1664525) + key[j] + uint32(j)
		i++
		j++
		if i >= n {
			s.mt[0] = s.mt[n-1]
			i = 1
		}
		if j >= len(key) {
			j = 0
		}
	}
	for range n - 1 {
		s.mt[i] = (s.mt[i] ^ (s.mt[i-1]^s.mt[i-1]>>30)*1566083941) - uint32(i)
		i++
		if i >= n {
			s.mt[0] = s.mt[n-1]
			i = 1
		}
	}
	s.mt[0] = 0x80000000
	return s
}

// Words cuts a non-negative number into 32-bit words, lowest first.
func Words(x *big.Int) []uint32 {
	var key []uint32
	mask := big.NewInt(0xffffffff)
	for y := new(big.Int).Set(x); y.Sign() > 0; y.Rsh(y, 32) {
		key = append(key, uint32(new(big.Int).And(y, mask).Uint64()))
	}
	if len(key) == 0 {
		key = []uint32{0}
	}
	return key
}

func (s *State) refill() {
	mix := func(u, v uint32) uint32 {
		y := u&0x80000000 | v&0x7fffffff
		r := y >> 1
		if v&1 != 0 {
			r ^= 0x9908b0df
		}
		return r
	}
	for k := range n {
		s.mt[k] = s.mt[(k+m)%n] ^ mix(s.mt[k], s.mt[(k+1)%n])
	}
	s.at = 0
}

// Uint32 is the next word.
func (s *State) Uint32() uint32 {
	if s.at >= n {
		s.refill()
	}
	y := s.mt[s.at]
	s.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// Float64 is uniform in [0, 1) with 53 bits (genrand_res53).
func (s *State) Float64() float64 {
	a, b := s.Uint32()>>5, s.Uint32()>>6
	return (float64(a)*67108864 + float64(b)) / 9007199254740992
}
