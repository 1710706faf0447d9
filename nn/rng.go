package nn

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// RNG is the counter-based generator Philox4x32-10 (Salmon, Moraes, Dror and
// Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Its numbers
// are a function of seed, stream and position alone, so every purpose, worker
// and agent can have a stream of its own and results do not depend on who
// draws first. It implements rand.Source of math/rand/v2.
type RNG struct {
	seed, stream uint64
	position     uint64 // 32-bit numbers drawn so far
	block        [4]uint32
}

// NewRNG returns the generator of that seed and stream at its beginning.
func NewRNG(seed, stream uint64) *RNG { return &RNG{seed: seed, stream: stream} }

// philox encrypts a counter with a key in ten rounds.
func philox(counter [4]uint32, key uint64) [4]uint32 {
	const m0, m1 = 0xD2511F53, 0xCD9E8D57
	const w0, w1 = 0x9E3779B9, 0xBB67AE85
	k0, k1 := uint32(key), uint32(key>>32)
	c := counter
	for range 10 {
		h0, l0 := bits.Mul32(m0, c[0])
		h1, l1 := bits.Mul32(m1, c[2])
		c = [4]uint32{h1 ^ c[1] ^ k0, l1, h0 ^ c[3] ^ k1, l0}
		k0 += w0
		k1 += w1
	}
	return c
}

// Uint32 returns 32 random bits.
func (r *RNG) Uint32() uint32 {
	i := r.position % 4
	if i == 0 {
		r.refill()
	}
	r.position++
	return r.block[i]
}

func (r *RNG) refill() {
	n := r.position / 4
	r.block = philox([4]uint32{uint32(n), uint32(n >> 32), uint32(r.stream), uint32(r.stream >> 32)}, r.seed)
}

// Uint64 returns 64 random bits.
func (r *RNG) Uint64() uint64 { return uint64(r.Uint32()) | uint64(r.Uint32())<<32 }

// Float64 returns a number in [0, 1) with 53 random bits.
func (r *RNG) Float64() float64 { return float64(r.Uint64()>>11) / (1 << 53) }

// Float32 returns a number in [0, 1) with 24 random bits.
func (r *RNG) Float32() float32 { return float32(r.Uint32()>>8) / (1 << 24) }

// Intn returns a number in [0, n), n > 0, without bias.
func (r *RNG) Intn(n int) int {
	if n <= 0 {
		panic(fmt.Sprintf("nn: Intn of %d", n))
	}
	// Lemire, "Fast random integer generation in an interval", 2019.
	m := uint64(n)
	hi, lo := bits.Mul64(r.Uint64(), m)
	if lo < m {
		for least := -m % m; lo < least; {
			hi, lo = bits.Mul64(r.Uint64(), m)
		}
	}
	return int(hi)
}

// Norm returns a standard normal variate by inversion of one 32-bit number;
// its magnitude is at most 6.4.
func (r *RNG) Norm() float32 {
	return float32(math.Sqrt2 * math.Erfinv(2*(float64(r.Uint32())+0.5)/(1<<32)-1))
}

// FillNormal fills dst with standard normal variates.
func (r *RNG) FillNormal(dst []float32) {
	for i := range dst {
		dst[i] = r.Norm()
	}
}

// FillUniform fills dst with numbers in [0, 1).
func (r *RNG) FillUniform(dst []float32) {
	for i := range dst {
		dst[i] = r.Float32()
	}
}

// rngLen is the length of a saved generator.
const rngLen = 24

// AppendBinary appends the state: seed, stream and position.
func (r *RNG) AppendBinary(b []byte) ([]byte, error) {
	b = binary.LittleEndian.AppendUint64(b, r.seed)
	b = binary.LittleEndian.AppendUint64(b, r.stream)
	return binary.LittleEndian.AppendUint64(b, r.position), nil
}

// MarshalBinary returns the state; see AppendBinary.
func (r *RNG) MarshalBinary() ([]byte, error) { return r.AppendBinary(nil) }

// UnmarshalBinary restores a state that AppendBinary wrote.
func (r *RNG) UnmarshalBinary(b []byte) error {
	if len(b) != rngLen {
		return fmt.Errorf("random number state of %d bytes, want %d", len(b), rngLen)
	}
	*r = RNG{seed: binary.LittleEndian.Uint64(b), stream: binary.LittleEndian.Uint64(b[8:]), position: binary.LittleEndian.Uint64(b[16:])}
	if r.position%4 != 0 {
		r.refill()
	}
	return nil
}
