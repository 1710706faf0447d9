package nn

import "github.com/peerwatt/peerwatt/nn/kernel"

// weightGrads computes the gradients of the linear layers of a network once
// the derivatives with respect to their products are known.
type weightGrads struct {
	layers []linearGrad
	jobs   []gradJob
	grads  []float32 // of the call in progress

	turnLayer, runJob func(worker, i int)
}

// linearGrad is one layer's: dW = delta x ᵀ, db = sum of delta over samples.
type linearGrad struct {
	x, delta *Matrix
	w        View // rows of which the first x.Dim columns are written
	b        View // none when empty
	turned   []float32
}

// gradJob is a range of rows of one layer.
type gradJob struct{ layer, lo, hi int }

// rowsPerJob bounds the rows of a gradJob.
const rowsPerJob = 64

// add appends a layer; samples in all blocks, inputs and w.Rows are its sizes.
func (g *weightGrads) add(x, delta *Matrix, panels, inputs int, w, b View) {
	for lo := 0; lo < w.Rows; lo += rowsPerJob {
		g.jobs = append(g.jobs, gradJob{len(g.layers), lo, min(w.Rows, lo+rowsPerJob)})
	}
	g.layers = append(g.layers, linearGrad{x: x, delta: delta, w: w, b: b, turned: make([]float32, tiles(inputs)*panels*Lanes*Lanes)})
	if g.turnLayer == nil {
		g.turnLayer = func(_, i int) { g.turn(&g.layers[i]) }
		g.runJob = func(_, i int) { g.rows(g.jobs[i]) }
	}
}

// run writes the gradients of all layers to grads.
func (g *weightGrads) run(pool *Pool, grads []float32) {
	g.grads = grads
	pool.Run(len(g.layers), g.turnLayer)
	pool.Run(len(g.jobs), g.runJob)
}

// turn transposes the input of a layer, unless it comes so.
func (g *weightGrads) turn(l *linearGrad) {
	if l.x.rows == nil {
		l.x.transpose(l.turned)
	}
}

func (g *weightGrads) rows(j gradJob) {
	l := &g.layers[j.layer]
	turned := l.turned
	if l.x.rows != nil {
		turned = l.x.rows
	}
	d := l.delta
	delta := d.Data[j.lo*Lanes:]
	kernel.NT(l.w.Of(g.grads)[j.lo*l.w.Cols:], delta, turned, j.hi-j.lo, l.x.Dim, d.Panels(), d.Stride, l.w.Cols)
	if l.b.Len() > 0 {
		kernel.RowSums(l.b.Of(g.grads)[j.lo:j.hi], delta, d.Blocks, d.Batch, d.Stride)
	}
}
