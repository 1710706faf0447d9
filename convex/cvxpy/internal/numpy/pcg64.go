package numpy

import (
	"math"
	"math/bits"
	"sync"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/mt19937"
)

// bitGenerator is a source of random bits with the draws that numpy makes of it.
type bitGenerator interface {
	uint64() uint64
	uint32() uint32
	float64() float64
	// normal is a standard normal number.
	normal() float64
	// below is a whole number in [0, n], interval another one, as shuffles draw it.
	below(n uint64) uint64
	interval(n uint64) uint64
}

// pcg64 is O'Neill's PCG XSL RR 128/64 as numpy seeds and uses it.
type pcg64 struct {
	hi, lo       uint64 // state
	incHi, incLo uint64
	spare        uint32
	hasSpare     bool
}

const (
	pcgMulHi = 2549297995355413924
	pcgMulLo = 4865540595714422341
)

func newPCG64(entropy []uint32) *pcg64 {
	s := seedWords(entropy, 4)
	g := &pcg64{}
	g.incHi, g.incLo = s[2]<<1|s[3]>>63, s[3]<<1|1
	g.step()
	var carry uint64
	g.lo, carry = bits.Add64(g.lo, s[1], 0)
	g.hi, _ = bits.Add64(g.hi, s[0], carry)
	g.step()
	return g
}

func (g *pcg64) step() {
	hi, lo := bits.Mul64(g.lo, pcgMulLo)
	hi += g.hi*pcgMulLo + g.lo*pcgMulHi
	var carry uint64
	g.lo, carry = bits.Add64(lo, g.incLo, 0)
	g.hi, _ = bits.Add64(hi, g.incHi, carry)
}

func (g *pcg64) uint64() uint64 {
	g.step()
	return bits.RotateLeft64(g.hi^g.lo, -int(g.hi>>58))
}

func (g *pcg64) uint32() uint32 {
	if g.hasSpare {
		g.hasSpare = false
		return g.spare
	}
	x := g.uint64()
	g.spare, g.hasSpare = uint32(x>>32), true
	return uint32(x)
}

func (g *pcg64) float64() float64 { return float64(g.uint64()>>11) / (1 << 53) }

// below is Lemire's method.
func (g *pcg64) below(n uint64) uint64 {
	switch {
	case n == 0:
		return 0
	case n == math.MaxUint32:
		return uint64(g.uint32())
	case n < math.MaxUint32:
		span := n + 1
		m := uint64(g.uint32()) * span
		if low := m & math.MaxUint32; low < span {
			threshold := (math.MaxUint32 - n) % span
			for m&math.MaxUint32 < threshold {
				m = uint64(g.uint32()) * span
			}
		}
		return m >> 32
	case n == math.MaxUint64:
		return g.uint64()
	}
	span := n + 1
	hi, lo := bits.Mul64(g.uint64(), span)
	if lo < span {
		threshold := (math.MaxUint64 - n) % span
		for lo < threshold {
			hi, lo = bits.Mul64(g.uint64(), span)
		}
	}
	return hi
}

// seedWords is numpy's SeedSequence: it stirs entropy into n 64-bit words.
func seedWords(entropy []uint32, n int) []uint64 {
	const (
		initA, multA = 0x43b0d7e5, 0x931e8875
		initB, multB = 0x8b51f9dd, 0x58f38ded
		mixL, mixR   = 0xca01f9dd, 0x4973f715
	)
	hash := uint32(initA)
	hashMix := func(v uint32) uint32 {
		v ^= hash
		hash *= multA
		v *= hash
		return v ^ v>>16
	}
	mix := func(x, y uint32) uint32 {
		r := x*mixL - y*mixR
		return r ^ r>>16
	}
	var pool [4]uint32
	for i := range pool {
		if i < len(entropy) {
			pool[i] = hashMix(entropy[i])
		} else {
			pool[i] = hashMix(0)
		}
	}
	for i := range pool {
		for j := range pool {
			if i != j {
				pool[j] = mix(pool[j], hashMix(pool[i]))
			}
		}
	}
	for i := len(pool); i < len(entropy); i++ {
		for j := range pool {
			pool[j] = mix(pool[j], hashMix(entropy[i]))
		}
	}
	hash = initB
	words := make([]uint32, 2*n)
	for i := range words {
		v := pool[i%4] ^ hash
		hash *= multB
		v *= hash
		words[i] = v ^ v>>16
	}
	out := make([]uint64, n)
	for i := range out {
		out[i] = uint64(words[2*i]) | uint64(words[2*i+1])<<32
	}
	return out
}

// ziggurat is the table of Marsaglia and Tsang's method for the normal
// distribution with 256 layers of equal area.
type ziggurat struct {
	k [256]uint64
	w [256]float64
	f [256]float64
}

const (
	zigR    = 3.6541528853610087963519472518
	zigArea = 0.0049286732339746519
)

var zigTable = sync.OnceValue(func() *ziggurat {
	const scale = 1 << 52
	z := &ziggurat{}
	x1 := zigR
	fr := math.Exp(-0.5 * x1 * x1)
	q := zigArea / fr
	z.k[0], z.k[1] = uint64(x1/q*scale), 0
	z.w[0], z.w[255] = q/scale, x1/scale
	z.f[0], z.f[255] = 1, fr
	for i := 254; i >= 1; i-- {
		x := math.Sqrt(-2 * math.Log(zigArea/x1+math.Exp(-0.5*x1*x1)))
		z.k[i+1] = uint64(x / x1 * scale)
		z.w[i] = x / scale
		z.f[i] = math.Exp(-0.5 * x * x)
		x1 = x
	}
	return z
})

func (g *pcg64) normal() float64 {
	z := zigTable()
	for {
		r := g.uint64()
		i := r & 0xff
		r >>= 8
		negative := r&1 == 1
		m := r >> 1 & (1<<52 - 1)
		x := float64(m) * z.w[i]
		if negative {
			x = -x
		}
		if m < z.k[i] {
			return x
		}
		if i == 0 {
			for {
				xx := -math.Log1p(-g.float64()) / zigR
				yy := -math.Log1p(-g.float64())
				if yy+yy > xx*xx {
					if m>>8&1 == 1 {
						return -(zigR + xx)
					}
					return zigR + xx
				}
			}
		}
		if (z.f[i-1]-z.f[i])*g.float64()+z.f[i] < math.Exp(-0.5*x*x) {
			return x
		}
	}
}

// legacy is numpy's RandomState: the Mersenne twister with older draws.
type legacy struct {
	mt    *mt19937.State
	gauss float64
	has   bool
}

func (g *legacy) uint32() uint32 { return g.mt.Uint32() }
func (g *legacy) uint64() uint64 {
	hi := uint64(g.mt.Uint32())
	return hi<<32 | uint64(g.mt.Uint32())
}
func (g *legacy) float64() float64 { return g.mt.Float64() }

func (g *legacy) below(n uint64) uint64    { return masked(g, n) }
func (g *legacy) interval(n uint64) uint64 { return masked(g, n) }
func (g *pcg64) interval(n uint64) uint64  { return masked(g, n) }

// masked rejects what a mask of bits lets through too far.
func masked(g bitGenerator, n uint64) uint64 {
	if n == 0 {
		return 0
	}
	mask := uint64(1)<<bits.Len64(n) - 1
	for {
		var v uint64
		if n <= math.MaxUint32 {
			v = uint64(g.uint32()) & mask
		} else {
			v = g.uint64() & mask
		}
		if v <= n {
			return v
		}
	}
}

// normal is the polar method, which makes two numbers at a time.
func (g *legacy) normal() float64 {
	if g.has {
		g.has = false
		return g.gauss
	}
	for {
		x := 2*g.float64() - 1
		y := 2*g.float64() - 1
		r := x*x + y*y
		if r >= 1 || r == 0 {
			continue
		}
		f := math.Sqrt(-2 * math.Log(r) / r)
		g.gauss, g.has = f*x, true
		return f * y
	}
}
