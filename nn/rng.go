package nn

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/peerwatt/peerwatt/nn/kernel"
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

// Uint32 returns 32 random bits.
func (r *RNG) Uint32() uint32 {
	i := r.position % 4
	if i == 0 {
		r.refill()
	}
	r.position++
	return r.block[i]
}

func (r *RNG) refill() { r.block = kernel.Philox(r.position/4, r.stream, r.seed) }

// Uint64 returns 64 random bits.
func (r *RNG) Uint64() uint64 { return uint64(r.Uint32()) | uint64(r.Uint32())<<32 }

// Float64 returns a number in [0, 1) with 53 random bits.
func (r *RNG) Float64() float64 { return float64(r.Uint64()>>11) / (1 << 53) }

// Float32 returns a number in [0, 1) with 24 random bits.
func (r *RNG) Float32() float32 { return unit(r.Uint32()) }

func unit(bits uint32) float32 { return float32(bits>>8) / (1 << 24) }

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
// its magnitude is at most 6.3.
func (r *RNG) Norm() float32 { return kernel.NormalFrom(r.Uint32()) }

// FillNormal fills dst with standard normal variates, the same as Norm gives.
func (r *RNG) FillNormal(dst []float32) {
	var words [256]uint32
	for len(dst) > 0 {
		w := words[:min(len(words), len(dst))]
		r.fill(w)
		kernel.Normal(dst, w)
		dst = dst[len(w):]
	}
}

// FillUniform fills dst with numbers in [0, 1), the same as Float32 gives.
func (r *RNG) FillUniform(dst []float32) {
	var words [256]uint32
	for len(dst) > 0 {
		w := words[:min(len(words), len(dst))]
		r.fill(w)
		for i, bits := range w {
			dst[i] = unit(bits)
		}
		dst = dst[len(w):]
	}
}

// fill draws numbers, whole blocks at once.
func (r *RNG) fill(w []uint32) {
	for len(w) > 0 && r.position%4 != 0 {
		w[0] = r.Uint32()
		w = w[1:]
	}
	n := len(w) &^ 3
	kernel.PhiloxBlocks(w[:n], r.position/4, r.stream, r.seed)
	r.position += uint64(n)
	for i := range w[n:] {
		w[n+i] = r.Uint32()
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
