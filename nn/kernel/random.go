package kernel

import (
	"math"
	"math/bits"

	"github.com/peerwatt/peerwatt/nn/kernel/internal/coefficient"
)

// Philox encrypts a counter of first and stream with a key in ten rounds:
// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
// easy as 1, 2, 3", SC 2011). The four words are independent random numbers.
func Philox(first, stream, key uint64) [4]uint32 {
	const m0, m1 = 0xD2511F53, 0xCD9E8D57
	const w0, w1 = 0x9E3779B9, 0xBB67AE85
	k0, k1 := uint32(key), uint32(key>>32)
	c := [4]uint32{uint32(first), uint32(first >> 32), uint32(stream), uint32(stream >> 32)}
	for range 10 {
		h0, l0 := bits.Mul32(m0, c[0])
		h1, l1 := bits.Mul32(m1, c[2])
		c = [4]uint32{h1 ^ c[1] ^ k0, l1, h0 ^ c[3] ^ k1, l0}
		k0 += w0
		k1 += w1
	}
	return c
}

// PhiloxBlocks writes the words of the counters from first on, four to each,
// to dst, of which the length is a multiple of 4.
func PhiloxBlocks(dst []uint32, first, stream, key uint64) {
	for len(dst) > 0 {
		n := philoxVector(dst, first, stream, key)
		if n == 0 {
			w := Philox(first, stream, key)
			n = copy(dst, w[:])
		}
		dst, first = dst[n:], first+uint64(n/4)
	}
}

// philoxVector writes as many words as a vector has, and returns their number,
// or does nothing.
func philoxVector(dst []uint32, first, stream, key uint64) int {
	lanes := 16
	if level == AVX2 {
		lanes = 8
	}
	if level == Generic || len(dst) < 4*lanes || uint32(first) > math.MaxUint32-16 {
		return 0
	}
	var words [64]uint32
	if level == AVX512 {
		philoxAVX512(&words[0], first, stream, key)
	} else {
		philoxAVX2(&words[0], first, stream, key)
	}
	for i := range lanes {
		d := dst[4*i : 4*i+4]
		d[0], d[1], d[2], d[3] = words[i], words[lanes+i], words[2*lanes+i], words[3*lanes+i]
	}
	return 4 * lanes
}

// NormalFrom returns the standard normal variate that belongs to a random
// number: the highest bit is the sign, and the others are the probability q of
// a greater magnitude, which is at most 6.3. It is within 1e-6 of the exact
// inverse.
func NormalFrom(bits uint32) float32 {
	q := float32((float32(int32(bits&(1<<31-1))) + 0.5) * 0x1p-31)
	x := 1 - q
	w := -log(float32((x + 1) * q))
	var r float32
	if w < 5 {
		r = horner(w-2.5, coefficient.NormalMiddle[:])
	} else {
		r = horner(float32(math.Sqrt(float64(w)))-3.25, coefficient.NormalTail[:])
	}
	return math.Float32frombits(math.Float32bits(float32(r*x)) | bits&(1<<31))
}

// log returns log x of a positive normal x.
func log(x float32) float32 {
	const rootHalf = 0x3f3504f3 // the bits of the square root of 1/2
	i := int32(math.Float32bits(x))
	e := (i - rootHalf) >> 23
	f := math.Float32frombits(uint32(i-e<<23)) - 1
	s := float32(f / (f + 2))
	p := horner(float32(s*s), coefficient.Log[:])
	n := float32(e)
	return fma(n, coefficient.Ln2Hi, fma(p, s, float32(n*coefficient.Ln2Lo)))
}

// Normal writes NormalFrom of every number of bits to dst.
func Normal(dst []float32, bits []uint32) {
	dst = dst[:len(bits)]
	n := whole(len(bits))
	if n > 0 {
		if level == AVX512 {
			normalAVX512(&dst[0], &bits[0], n)
		} else {
			normalAVX2(&dst[0], &bits[0], n)
		}
	}
	for i, b := range bits[n:] {
		dst[n+i] = NormalFrom(b)
	}
}
