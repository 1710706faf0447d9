package nn

import (
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/nn/kernel"
)

// Adam is the optimiser of Kingma and Ba (2015), algorithm 1, with bias
// correction as PyTorch computes it:
//
//	m = Beta1*m + (1-Beta1)*g,  v = Beta2*v + (1-Beta2)*g²
//	p -= LR/(1-Beta1^T) * m / (sqrt(v)/sqrt(1-Beta2^T) + Eps)
//
// An Adam must not be copied after its first Update.
type Adam struct {
	LR, Beta1, Beta2, Eps float64
	T                     int64     // steps taken
	M, V                  []float32 // first and second moments

	// The call in progress, and its loop for the pool.
	step          kernel.AdamStep
	params, grads []float32
	chunk         func(worker, i int)
}

// NewAdam returns the optimiser of n parameters with Beta1 0.9, Beta2 0.999,
// Eps 1e-8 and moments of zero.
func NewAdam(n int, lr float64) *Adam {
	return &Adam{LR: lr, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, M: make([]float32, n), V: make([]float32, n)}
}

// adamChunk is how many parameters Update gives to a worker at a time.
const adamChunk = 1 << 14

// Update takes one step along grads times scale (the factor of ClipFactor, or
// 1). A pool spreads long parameter vectors; it may be nil.
func (o *Adam) Update(pool *Pool, params, grads []float32, scale float32) {
	if len(params) != len(o.M) || len(grads) != len(o.M) {
		panic(fmt.Sprintf("nn: Adam of %d parameters got %d and %d gradients", len(o.M), len(params), len(grads)))
	}
	o.T++
	o.step = kernel.AdamStep{
		Keep1: float32(o.Beta1), Take1: float32(1 - o.Beta1),
		Keep2: float32(o.Beta2), Take2: float32(1 - o.Beta2),
		Rate:      float32(o.LR / (1 - math.Pow(o.Beta1, float64(o.T)))),
		RootScale: float32(1 / math.Sqrt(1-math.Pow(o.Beta2, float64(o.T)))),
		Eps:       float32(o.Eps), Scale: scale,
	}
	if o.chunk == nil {
		o.chunk = func(_, i int) {
			lo := i * adamChunk
			hi := min(lo+adamChunk, len(o.M))
			kernel.Adam(o.params[lo:hi], o.grads[lo:hi], o.M[lo:hi], o.V[lo:hi], &o.step)
		}
	}
	o.params, o.grads = params, grads
	pool.Run((len(params)+adamChunk-1)/adamChunk, o.chunk)
	o.params, o.grads = nil, nil
}

// Norm returns the l2 norm of all values of all grads together, summed in
// float64 in a fixed order.
func Norm(grads ...[]float32) float64 {
	var s float64
	for _, g := range grads {
		s += kernel.SumSquares(g)
	}
	return math.Sqrt(s)
}

// ClipFactor returns min(1, limit/(norm+1e-6)), by which a gradient of that
// norm is multiplied; a limit of 0 means no clipping.
func ClipFactor(norm, limit float64) float32 {
	if limit == 0 {
		return 1
	}
	return float32(min(1, limit/(norm+1e-6)))
}

// Polyak moves target towards source: target = (1-tau)*target + tau*source.
func Polyak(target, source []float32, tau float32) {
	if len(target) != len(source) {
		panic(fmt.Sprintf("nn: averaging %d parameters into %d", len(source), len(target)))
	}
	kernel.Combine(target, target, source, 1-tau, tau)
}
