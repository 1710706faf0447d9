package nn

import (
	"fmt"

	"github.com/peerwatt/peerwatt/nn/kernel"
)

// Backward computes gradients; see [Network].
func (a *AttentionCritic) Backward(work Work, dy Matrix, grads []float32, dx Matrix, lo int) {
	w := work.(*attentionWork)
	if w.net != a {
		panic("nn: Backward not after a Forward of the same network and work")
	}
	w.check("derivative", dy, 1)
	if grads != nil && len(grads) != len(a.params.Data) {
		panic(fmt.Sprintf("nn: %d gradients for %d parameters", len(grads), len(a.params.Data)))
	}
	if dx.Dim > 0 {
		w.check("input gradient", dx, dx.Dim)
		if lo < 0 || lo+dx.Dim > a.config.In {
			panic(fmt.Sprintf("nn: gradient of input features %d to %d of %d", lo, lo+dx.Dim, a.config.In))
		}
	}
	w.dy, w.dx, w.lo = dy, dx, lo
	w.pool.Run(w.samplePanels(), w.backwardPanel)
	if grads == nil {
		return
	}
	w.grads.run(grads)
	w.embeddingGrads(grads)
	w.headGrads(grads)
	clear(w.net.idle.Of(grads))
}

// backward carries the derivative of panel p of the samples from the outputs
// to the inputs.
func (w *attentionWork) backward(worker, p int) {
	a, data, c := w.net, w.net.params.Data, w.net.config
	for i := range c.Tokens {
		t := i*w.samplePanels() + p
		kernel.TN(w.dOut.Panel(t), a.out2.w.Of(data), w.dy.Panel(t), c.OutHidden, 1, c.OutHidden, kernel.Epilogue{Gate: w.out.Panel(t)})
		kernel.TN(w.dXE.Panel(t), a.out1.w.Of(data), w.dOut.Panel(t), 2*c.DModel, c.OutHidden, 2*c.DModel, kernel.Epilogue{})
		kernel.TN(w.dNormed.Panel(t), a.wo.Of(data), w.dX1.Panel(t), c.DModel, c.DModel, c.DModel, kernel.Epilogue{})
	}
	if c.Heads == 0 {
		w.averageBack(p)
	}
	if w.gain != nil {
		clear(w.dGain.Panel(p))
	}
	for h := range c.Heads {
		w.attendBack(worker, p, h)
	}
	for i := range c.Tokens {
		t := i*w.samplePanels() + p
		kernel.TN(w.dE.Panel(t), a.qkv.Of(data), w.dQKV.Panel(t), c.DModel, 3*c.DModel, c.DModel, kernel.Epilogue{Add: true})
		kernel.TN(w.dHidden.Panel(t), a.token2.w.Of(data), w.dE.Panel(t), c.Token, c.DModel, c.Token, kernel.Epilogue{Gate: w.hidden.Panel(t)})
		if w.dx.Dim > 0 {
			kernel.TN(w.dx.Panel(t), a.token1.w.Of(data)[w.lo:], w.dHidden.Panel(t), w.dx.Dim, c.Token, a.token1.in, kernel.Epilogue{})
		}
	}
}

// attendBack is the derivative of attend.
func (w *attentionWork) attendBack(worker, p, h int) {
	a, n, d := w.net, w.net.config.Tokens, w.net.width()
	D, wide := a.config.DModel, a.headDim()
	if w.gain != nil {
		for i := range n {
			t := i*w.samplePanels() + p
			f := h * wide * Lanes
			kernel.RMSNormGrad(w.dHeads.Panel(t)[f:], w.dGain.Panel(p), w.dNormed.Panel(t)[f:], w.heads.Panel(t)[f:], w.scale.Row(t, h), w.gain)
		}
	}
	s := w.scratch[worker]
	mix := w.mix(worker, p, h)
	v, dv := w.at(w.qkv, p, 2*D+h*wide), w.at(w.dQKV, p, 2*D+h*wide)
	do := w.at(w.dHeads, p, h*wide)
	kernel.LaneProduct(s.dMix, do.data, v.data, n, n, wide, kernel.Steps{CRow: n * Lanes, CCol: Lanes, ARow: do.step, AK: Lanes, BCol: v.step, BK: Lanes})
	kernel.LaneProduct(dv.data, mix, do.data, n, wide, n, kernel.Steps{CRow: dv.step, CCol: Lanes, ARow: Lanes, AK: n * Lanes, BCol: Lanes, BK: do.step})
	for m := range a.maps() {
		// The maps enter with weights 1 and -xi. What SoftmaxGrad sums up for
		// the second is the derivative with respect to -xi.
		factor := a.scoreScale()
		total := w.dots.Row(p, h)
		clear(total)
		if m == 1 {
			factor *= -w.xi[h]
		}
		kernel.SoftmaxGrad(s.dScore, w.square(p, h, m), s.dMix, total, n, n, factor)
		q, k := w.at(w.qkv, p, h*wide+m*d), w.at(w.qkv, p, D+h*wide+m*d)
		dq, dk := w.at(w.dQKV, p, h*wide+m*d), w.at(w.dQKV, p, D+h*wide+m*d)
		kernel.LaneProduct(dq.data, s.dScore, k.data, n, d, n, kernel.Steps{CRow: dq.step, CCol: Lanes, ARow: n * Lanes, AK: Lanes, BCol: Lanes, BK: k.step})
		kernel.LaneProduct(dk.data, s.dScore, q.data, n, d, n, kernel.Steps{CRow: dk.step, CCol: Lanes, ARow: Lanes, AK: n * Lanes, BCol: Lanes, BK: q.step})
	}
}

// averageBack is the derivative of average.
func (w *attentionWork) averageBack(p int) {
	n, D := w.net.config.Tokens, w.net.config.DModel
	sum := w.mean.Panel(p)
	copy(sum, w.dHeads.Panel(p))
	for i := 1; i < n; i++ {
		kernel.Combine(sum, sum, w.dHeads.Panel(i*w.samplePanels()+p), 1, 1)
	}
	for j := range n {
		to := w.dQKV.Panel(j*w.samplePanels() + p)
		clear(to[:2*D*Lanes])
		kernel.Combine(to[2*D*Lanes:], sum, sum, 1/float32(n), 0)
	}
}

// embeddingGrads writes the gradients of the first layer's bias and of its
// columns for the embedding, and of the embeddings, from sums over samples.
func (w *attentionWork) embeddingGrads(grads []float32) {
	a, c, data := w.net, w.net.config, w.net.params.Data
	weight, dWeight, dBias := a.token1.w.Of(data), a.token1.w.Of(grads), a.token1.b.Of(grads)
	for i := range c.Tokens {
		d := w.dHidden.Block(i)
		kernel.RowSums(w.sums[i*c.Token:][:c.Token], d.Data, 1, d.Batch, d.Stride)
	}
	emb, dEmb := a.emb.Of(data), a.emb.Of(grads)
	clear(dEmb)
	for o := range c.Token {
		columns, dColumns := weight[o*a.token1.in+c.In:][:c.EmbedDim], dWeight[o*a.token1.in+c.In:][:c.EmbedDim]
		clear(dColumns)
		var bias float32
		for i, kind := range a.kinds {
			s := w.sums[i*c.Token+o]
			bias += s
			e, de := emb[kind*c.EmbedDim:][:c.EmbedDim], dEmb[kind*c.EmbedDim:][:c.EmbedDim]
			for f := range columns {
				dColumns[f] += float32(s * e[f])
				de[f] += float32(s * columns[f])
			}
		}
		dBias[o] = bias
	}
}

// headGrads writes the gradients of the gain and of the vectors of xi.
func (w *attentionWork) headGrads(grads []float32) {
	a, data := w.net, w.net.params.Data
	if w.gain != nil {
		g := a.gain.Of(grads)
		kernel.RowSums(g, w.dGain.Data, 1, w.dGain.Batch, w.dGain.Stride)
		for i := range g {
			g[i] *= 1 - a.config.XiInit
		}
	}
	if a.maps() != 2 {
		return
	}
	// d xi = -sum of dots; xi = e1 - e2 + XiInit with e = exp(xq·xk).
	var dxi [1]float32
	for h := range a.config.Heads {
		kernel.RowSums(dxi[:], w.dots.Data[h*Lanes:], 1, w.dots.Batch, w.dots.Stride)
		for f := range a.width() {
			i := h*a.width() + f
			d1, d2 := -dxi[0]*w.e1[h], dxi[0]*w.e2[h]
			a.xq1.Of(grads)[i], a.xk1.Of(grads)[i] = d1*a.xk1.Of(data)[i], d1*a.xq1.Of(data)[i]
			a.xq2.Of(grads)[i], a.xk2.Of(grads)[i] = d2*a.xk2.Of(data)[i], d2*a.xq2.Of(data)[i]
		}
	}
}
