package nn

import (
	"fmt"

	"github.com/peerwatt/peerwatt/nn/kernel"
)

// Lanes is the number of samples in one panel of a Matrix.
const Lanes = kernel.Lanes

// Matrix holds Dim features of Blocks*Batch samples, feature-major in panels
// of 32 samples: lane l of panel p is sample 32*(p mod P) + l of block p / P,
// with P = ceil(Batch/32), and its feature f is Data[(p*Stride+f)*Lanes+l].
//
// An ordinary batch has one block; a set of tokens per sample has one block
// for each token. Lanes past Batch are padding: they hold any finite value
// and never reach a gradient. A Matrix is a view: copying it shares Data.
type Matrix struct {
	Data   []float32
	Dim    int // features
	Batch  int // samples in a block
	Blocks int // tokens of a sample
	Stride int // features between panels in Data, at least Dim

	// rows is the transpose by tiles of 32 features, [tile][sample][32], of a
	// matrix made by NewInput: what a weight gradient reads.
	rows []float32
}

// NewMatrix returns a zero matrix of one block.
func NewMatrix(batch, dim int) Matrix { return NewTokens(1, batch, dim) }

// NewTokens returns a zero matrix with tokens blocks of batch samples.
func NewTokens(tokens, batch, dim int) Matrix {
	if tokens < 1 || batch < 1 || dim < 1 {
		panic(fmt.Sprintf("nn: matrix of %d tokens, %d samples, %d features", tokens, batch, dim))
	}
	m := Matrix{Dim: dim, Batch: batch, Blocks: tokens, Stride: dim}
	m.Data = make([]float32, m.Panels()*dim*Lanes)
	return m
}

// NewInput returns a zero matrix that SetRows fills in a second, transposed
// form as well, which the weight gradients of all networks that read it share
// instead of transposing again. Writing to Data or through Set, SetRow or Copy
// leaves the second form behind: such a matrix is for whole batches by SetRows.
func NewInput(batch, dim int) Matrix {
	m := NewMatrix(batch, dim)
	m.rows = make([]float32, tiles(dim)*m.Panels()*Lanes*Lanes)
	return m
}

func tiles(dim int) int { return (dim + Lanes - 1) / Lanes }

// Panels returns the number of panels over all blocks.
func (m Matrix) Panels() int { return m.Blocks * m.blockPanels() }

func (m Matrix) blockPanels() int { return (m.Batch + Lanes - 1) / Lanes }

// Samples returns Blocks*Batch.
func (m Matrix) Samples() int { return m.Blocks * m.Batch }

// valid returns how many lanes of panel p are samples.
func (m Matrix) valid(p int) int { return min(Lanes, m.Batch-p%m.blockPanels()*Lanes) }

// Panel returns the Dim*32 values of panel p.
func (m Matrix) Panel(p int) []float32 {
	o := p * m.Stride * Lanes
	return m.Data[o : o+m.Dim*Lanes : o+m.Dim*Lanes]
}

// Row returns the 32 samples of feature f in panel p.
func (m Matrix) Row(p, f int) []float32 {
	o := (p*m.Stride + f) * Lanes
	return m.Data[o : o+Lanes : o+Lanes]
}

// Features returns a view of the features lo <= f < hi.
func (m Matrix) Features(lo, hi int) Matrix {
	if lo < 0 || hi <= lo || hi > m.Dim {
		panic(fmt.Sprintf("nn: features %d to %d of %d", lo, hi, m.Dim))
	}
	v := m
	v.Dim = hi - lo
	v.Data = m.Data[lo*Lanes:]
	v.rows = nil
	if m.rows != nil && lo%Lanes == 0 {
		v.rows = m.rows[lo/Lanes*m.Panels()*Lanes*Lanes:]
	}
	return v
}

// Block returns a view of block i as an ordinary batch.
func (m Matrix) Block(i int) Matrix {
	if i < 0 || i >= m.Blocks {
		panic(fmt.Sprintf("nn: block %d of %d", i, m.Blocks))
	}
	p := m.blockPanels()
	v := m
	v.Blocks, v.rows = 1, nil
	v.Data = m.Data[i*p*m.Stride*Lanes : ((i+1)*p-1)*m.Stride*Lanes+m.Dim*Lanes]
	return v
}

func (m Matrix) index(sample, feature int) int {
	if sample < 0 || sample >= m.Samples() || feature < 0 || feature >= m.Dim {
		panic(fmt.Sprintf("nn: sample %d, feature %d of a matrix of %d samples, %d features", sample, feature, m.Samples(), m.Dim))
	}
	b := sample % m.Batch
	p := sample/m.Batch*m.blockPanels() + b/Lanes
	return (p*m.Stride+feature)*Lanes + b%Lanes
}

// At returns one value; samples count through the blocks. It is for tests and
// small batches: loops over Row or Panel are the fast way.
func (m Matrix) At(sample, feature int) float32 { return m.Data[m.index(sample, feature)] }

// Set changes one value; see At.
func (m Matrix) Set(sample, feature int, v float32) { m.Data[m.index(sample, feature)] = v }

// SetRow copies src, Dim values, to one sample.
func (m Matrix) SetRow(sample int, src []float32) {
	o := m.index(sample, 0)
	for f, v := range src[:m.Dim] {
		m.Data[o+f*Lanes] = v
	}
}

// SetRows copies a row-major batch, sample s at src[s*stride:][:Dim], and sets
// the padding to zero.
func (m Matrix) SetRows(src []float32, stride int) {
	if stride < m.Dim || len(src) < (m.Samples()-1)*stride+m.Dim {
		panic(fmt.Sprintf("nn: %d samples of %d features in %d values of stride %d", m.Samples(), m.Dim, len(src), stride))
	}
	sample := 0
	for p := range m.Panels() {
		n := m.valid(p)
		for j := range tiles(m.Dim) {
			w := min(Lanes, m.Dim-j*Lanes)
			from, to := src[sample*stride+j*Lanes:], m.Data[(p*m.Stride+j*Lanes)*Lanes:][:w*Lanes]
			if n < Lanes {
				clear(to)
			}
			kernel.Transpose(to, Lanes, from, stride, w, n)
			if m.rows == nil {
				continue
			}
			block := m.rows[(j*m.Panels()+p)*Lanes*Lanes:][:Lanes*Lanes]
			for l := range n {
				copy(block[l*Lanes:][:w], from[l*stride:])
			}
		}
		sample += n
	}
}

// GetRows copies to a row-major batch; see SetRows.
func (m Matrix) GetRows(dst []float32, stride int) {
	if stride < m.Dim || len(dst) < (m.Samples()-1)*stride+m.Dim {
		panic(fmt.Sprintf("nn: %d samples of %d features into %d values of stride %d", m.Samples(), m.Dim, len(dst), stride))
	}
	sample := 0
	for p := range m.Panels() {
		n := m.valid(p)
		for j := range tiles(m.Dim) {
			w := min(Lanes, m.Dim-j*Lanes)
			kernel.Transpose(dst[sample*stride+j*Lanes:], stride, m.Data[(p*m.Stride+j*Lanes)*Lanes:], Lanes, n, w)
		}
		sample += n
	}
}

// transpose writes the panels lo to hi as [tile of 32 features][sample][32] to
// dst, with zeros for the padding, so that nothing of it reaches a weight
// gradient.
func (m Matrix) transpose(dst []float32, lo, hi int) {
	kernel.Transpose32(dst, m.Data[lo*m.Stride*Lanes:], m.Dim, hi-lo, m.Stride)
	for p := lo; p < hi; p++ {
		n := m.valid(p)
		for j := 0; n < Lanes && j < tiles(m.Dim); j++ {
			block := dst[(j*(hi-lo)+p-lo)*Lanes*Lanes:][:Lanes*Lanes]
			clear(block[n*Lanes:])
		}
	}
}

// Copy copies src, a matrix of the same shape.
func (m Matrix) Copy(src Matrix) {
	if m.Dim != src.Dim || m.Batch != src.Batch || m.Blocks != src.Blocks {
		panic(fmt.Sprintf("nn: copy of %dx%dx%d to %dx%dx%d", src.Blocks, src.Batch, src.Dim, m.Blocks, m.Batch, m.Dim))
	}
	for p := range m.Panels() {
		copy(m.Panel(p), src.Panel(p))
	}
}

// Zero sets all values, padding included, to zero.
func (m Matrix) Zero() {
	for p := range m.Panels() {
		clear(m.Panel(p))
	}
}
