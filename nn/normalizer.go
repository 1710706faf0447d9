package nn

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Normalizer is a running z-score: it learns mean and variance of every
// feature from the rows it is shown (Welford, Technometrics 4, 1962) and maps
// rows to mean 0 and variance 1. Before the second row it changes nothing.
type Normalizer struct {
	Count float64
	Mean  []float64
	M2    []float64 // sums of squared deviations from Mean
	Clip  float32   // bound on the magnitude of a normalised value; 0: none
}

// NewNormalizer returns a normaliser of rows of dim features.
func NewNormalizer(dim int) *Normalizer {
	return &Normalizer{Mean: make([]float64, dim), M2: make([]float64, dim)}
}

// Update learns from one row.
func (z *Normalizer) Update(row []float32) {
	z.Count++
	for i, x := range row[:len(z.Mean)] {
		d := float64(x) - z.Mean[i]
		z.Mean[i] += d / z.Count
		z.M2[i] += float64(d * (float64(x) - z.Mean[i])) // float64(): no fusing, the same bits everywhere
	}
}

// Merge adds what other has seen (Chan, Golub and LeVeque, 1979). The sum
// depends on the order of merging in its last bits: merge in a fixed order.
func (z *Normalizer) Merge(other *Normalizer) {
	if other.Count == 0 {
		return
	}
	n := z.Count + other.Count
	for i, mean := range other.Mean {
		d := mean - z.Mean[i]
		z.Mean[i] += d * other.Count / n
		z.M2[i] += other.M2[i] + float64(d*d*z.Count*other.Count/n)
	}
	z.Count = n
}

// Scale is what Apply multiplies feature f by.
func (z *Normalizer) Scale(f int) float64 {
	if z.Count < 2 {
		return 1
	}
	if variance := z.M2[f] / z.Count; variance > 1e-12 {
		return 1 / math.Sqrt(variance)
	}
	return 1
}

// Clone returns a normaliser with the same statistics.
func (z *Normalizer) Clone() *Normalizer {
	return &Normalizer{Count: z.Count, Mean: slices.Clone(z.Mean), M2: slices.Clone(z.M2), Clip: z.Clip}
}

// Apply writes the z-scores of src, one or more whole rows, to dst, which may
// be src. A feature that has not varied is only centred.
func (z *Normalizer) Apply(dst, src []float32) {
	dim := len(z.Mean)
	if len(src)%dim != 0 || len(dst) < len(src) {
		panic(fmt.Sprintf("nn: normalising %d values to %d in rows of %d", len(src), len(dst), dim))
	}
	if z.Count < 2 {
		copy(dst, src)
		return
	}
	for f := range dim {
		scale := z.Scale(f)
		for i := f; i < len(src); i += dim {
			y := float32((float64(src[i]) - z.Mean[f]) * scale)
			if z.Clip > 0 {
				y = min(z.Clip, max(-z.Clip, y))
			}
			dst[i] = y
		}
	}
}

// AppendBinary appends the state.
func (z *Normalizer) AppendBinary(b []byte) ([]byte, error) {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(z.Mean)))
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(z.Clip))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(z.Count))
	for _, s := range [][]float64{z.Mean, z.M2} {
		for _, v := range s {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return b, nil
}

// MarshalBinary returns the state; see AppendBinary.
func (z *Normalizer) MarshalBinary() ([]byte, error) { return z.AppendBinary(nil) }

// UnmarshalBinary restores a state that AppendBinary wrote.
func (z *Normalizer) UnmarshalBinary(b []byte) error {
	if len(b) < 16 {
		return errors.New("normaliser state is truncated")
	}
	dim := int(binary.LittleEndian.Uint32(b))
	if len(b) != 16+16*dim {
		return fmt.Errorf("normaliser state of %d features has %d bytes, want %d", dim, len(b), 16+16*dim)
	}
	n := NewNormalizer(dim)
	n.Clip = math.Float32frombits(binary.LittleEndian.Uint32(b[4:]))
	n.Count = math.Float64frombits(binary.LittleEndian.Uint64(b[8:]))
	b = b[16:]
	for _, s := range [][]float64{n.Mean, n.M2} {
		for i := range s {
			s[i] = math.Float64frombits(binary.LittleEndian.Uint64(b))
			b = b[8:]
		}
	}
	if !(n.Count >= 0) {
		return fmt.Errorf("normaliser state has seen %g rows", n.Count)
	}
	*z = *n
	return nil
}
