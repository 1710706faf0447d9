package nn

import "github.com/peerwatt/peerwatt/nn/kernel"

// weightGrads computes the gradients of the linear layers of a network once
// the derivatives with respect to their products are known.
//
// A sum over samples is never split between workers: each of them computes
// whole rows, so that the results do not depend on their number.
type weightGrads struct {
	pool   *Pool
	layers []linearGrad
	jobs   []gradJob
	turned [][]float32 // per worker: a stretch of a layer's input, transposed
	grads  []float32   // of the call in progress
	runJob func(worker, i int)
}

// linearGrad is one layer's: dW = delta xᵀ, db = sum of delta over samples.
type linearGrad struct {
	x, delta *Matrix
	w        View // of which the first x.Dim columns are written
	b        View // none when empty
	stretch  int  // panels that are transposed at a time, to stay in the cache
}

// gradJob is a range of rows of one layer.
type gradJob struct{ layer, lo, hi int }

// add appends a layer of so many inputs and panels of samples.
func (g *weightGrads) add(x, delta *Matrix, panels, inputs int, w, b View) {
	const fewest, turnedTiles = 4, 32
	stretch := min(panels, max(fewest, turnedTiles/tiles(inputs)))
	workers := g.pool.Workers()
	step := max(32, (w.Rows/workers+7)/8*8)
	for lo := 0; lo < w.Rows; lo += step {
		g.jobs = append(g.jobs, gradJob{len(g.layers), lo, min(w.Rows, lo+step)})
	}
	g.layers = append(g.layers, linearGrad{x: x, delta: delta, w: w, b: b, stretch: stretch})
	if g.runJob == nil {
		g.turned = make([][]float32, workers)
		g.runJob = func(worker, i int) { g.rows(worker, g.jobs[i]) }
	}
	if n := tiles(inputs) * stretch * Lanes * Lanes; n > len(g.turned[0]) {
		for i := range g.turned {
			g.turned[i] = make([]float32, n)
		}
	}
}

// run writes the gradients of all layers to grads.
func (g *weightGrads) run(grads []float32) {
	g.grads = grads
	g.pool.Run(len(g.jobs), g.runJob)
}

func (g *weightGrads) rows(worker int, j gradJob) {
	l := &g.layers[j.layer]
	x, delta := *l.x, *l.delta
	dw, m := l.w.Of(g.grads)[j.lo*l.w.Cols:], j.hi-j.lo
	for p := 0; p < x.Panels(); p += l.stretch {
		n := min(l.stretch, x.Panels()-p)
		turned, samples := g.turned[worker], n*Lanes
		if x.rows != nil {
			turned, samples = x.rows[p*Lanes*Lanes:], x.Panels()*Lanes
		} else {
			x.transpose(turned, p, p+n)
		}
		d := delta.Data[(p*delta.Stride+j.lo)*Lanes:]
		kernel.NT(dw, d, turned, m, x.Dim, n, delta.Stride, samples, l.w.Cols, p > 0)
	}
	if l.b.Len() > 0 {
		kernel.RowSums(l.b.Of(g.grads)[j.lo:j.hi], delta.Data[j.lo*Lanes:], delta.Blocks, delta.Batch, delta.Stride)
	}
}
