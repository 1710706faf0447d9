package nn

import (
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/nn/kernel"
)

// attentionWork is the memory of one forward and backward pass. One unit of
// work is a panel of 32 samples with all of their tokens.
type attentionWork struct {
	pool *Pool
	net  *AttentionCritic // of the call in progress

	// Per token and sample, forward.
	x      Matrix // the caller's
	hidden Matrix // of the token network
	xe     Matrix // [X, E], what the output network reads
	x1, e  Matrix // the two halves of xe
	qkv    Matrix
	heads  Matrix // before the norm
	normed Matrix // after it; heads itself without Norm
	scale  Matrix // of the norm, one feature for every head
	out    Matrix // hidden layer of the output network
	y      Matrix

	// What every head attends to, kept for the way back: [panel][head][map][token][token][32].
	probs []float32
	// The mean value of a sample's tokens, with no heads.
	mean Matrix

	// Derivatives.
	dy, dx       Matrix // the caller's
	lo           int
	dHidden, dXE Matrix
	dX1, dE      Matrix
	dQKV, dHeads Matrix
	dNormed      Matrix
	dOut         Matrix
	dots         Matrix // [head]: the derivative with respect to -xi, before summing over samples
	dGain        Matrix // [headDim], before summing

	grads      weightGrads
	start      []float32 // [token][Token]: bias of the first layer with the embedding's share
	xi, e1, e2 []float32
	gain       []float32 // gain * (1-XiInit)
	sums       []float32 // [token][Token]: sums of dHidden over samples
	scratch    []attentionScratch

	forwardPanel, backwardPanel func(worker, p int)
}

// attentionScratch is the memory of one worker: [token][token][32] each.
type attentionScratch struct{ mix, dMix, dScore []float32 }

func (*attentionWork) isWork() {}

// NewWork returns memory for batches of that size.
func (a *AttentionCritic) NewWork(batch int, pool *Pool) Work {
	c := a.config
	tokens := func(dim int) Matrix { return NewTokens(c.Tokens, batch, dim) }
	w := &attentionWork{
		pool: pool, hidden: tokens(c.Token), xe: tokens(2 * c.DModel), qkv: tokens(3 * c.DModel), heads: tokens(c.DModel),
		out: tokens(c.OutHidden), y: tokens(1),
		dHidden: tokens(c.Token), dXE: tokens(2 * c.DModel), dQKV: tokens(3 * c.DModel), dHeads: tokens(c.DModel), dOut: tokens(c.OutHidden),
		mean:  NewMatrix(batch, c.DModel),
		start: make([]float32, c.Tokens*c.Token), sums: make([]float32, c.Tokens*c.Token),
		xi: make([]float32, c.Heads), e1: make([]float32, c.Heads), e2: make([]float32, c.Heads),
	}
	w.x1, w.e = w.xe.Features(0, c.DModel), w.xe.Features(c.DModel, 2*c.DModel)
	w.dX1, w.dE = w.dXE.Features(0, c.DModel), w.dXE.Features(c.DModel, 2*c.DModel)
	w.normed, w.dNormed = w.heads, w.dHeads
	if a.gain.Len() > 0 {
		w.normed, w.dNormed, w.scale = tokens(c.DModel), tokens(c.DModel), tokens(c.Heads)
		w.gain, w.dGain = make([]float32, a.headDim()), NewMatrix(batch, a.headDim())
	}
	if c.Heads > 0 {
		square := c.Tokens * c.Tokens * Lanes
		w.dots = NewMatrix(batch, c.Heads)
		w.probs = make([]float32, w.mean.Panels()*c.Heads*a.maps()*square)
		for range pool.Workers() {
			w.scratch = append(w.scratch, attentionScratch{make([]float32, square), make([]float32, square), make([]float32, square)})
		}
	}

	panels := w.y.Panels()
	w.grads.pool = pool
	w.grads.add(&w.x, &w.dHidden, panels, c.In, a.token1.w, View{}) // the embedding's columns and the bias: embeddingGrads
	w.grads.add(&w.hidden, &w.dE, panels, c.Token, a.token2.w, a.token2.b)
	w.grads.add(&w.e, &w.dQKV, panels, c.DModel, a.qkv, View{})
	w.grads.add(&w.normed, &w.dX1, panels, c.DModel, a.wo, View{})
	w.grads.add(&w.xe, &w.dOut, panels, 2*c.DModel, a.out1.w, a.out1.b)
	w.grads.add(&w.out, &w.dy, panels, c.OutHidden, a.out2.w, a.out2.b)
	w.forwardPanel = func(worker, p int) { w.forward(worker, p) }
	w.backwardPanel = func(worker, p int) { w.backward(worker, p) }
	return w
}

// samplePanels returns the number of panels of samples; token i's is at
// i*samplePanels + p.
func (w *attentionWork) samplePanels() int { return w.mean.Panels() }

func (w *attentionWork) check(what string, m Matrix, dim int) {
	c := w.net.config
	if m.Blocks != c.Tokens || m.Batch != w.mean.Batch || m.Dim != dim {
		panic(fmt.Sprintf("nn: %s of %d tokens, %d samples, %d features; want %d, %d, %d", what, m.Blocks, m.Batch, m.Dim, c.Tokens, w.mean.Batch, dim))
	}
}

// Forward computes the values for x, a matrix of Tokens blocks with In
// features, in a matrix of Tokens blocks with one feature.
func (a *AttentionCritic) Forward(work Work, x Matrix) Matrix {
	w := work.(*attentionWork)
	w.net = a
	w.check("input", x, a.config.In)
	w.x = x
	a.embed(w.start)
	if a.maps() == 2 {
		a.xi(w.xi, w.e1, w.e2)
	}
	for i, g := range a.gain.Of(a.params.Data) {
		w.gain[i] = g * (1 - a.config.XiInit)
	}
	w.pool.Run(w.samplePanels(), w.forwardPanel)
	return w.y
}

// embed writes, for every token, the bias of the first layer plus what the
// layer makes of the token's embedding.
func (a *AttentionCritic) embed(start []float32) {
	p, c := a.params.Data, a.config
	weight, bias := a.token1.w.Of(p), a.token1.b.Of(p)
	for i, kind := range a.kinds {
		e := a.emb.Of(p)[kind*c.EmbedDim:][:c.EmbedDim]
		for o := range c.Token {
			s := bias[o]
			for f, w := range weight[o*a.token1.in+c.In:][:c.EmbedDim] {
				s += float32(w * e[f])
			}
			start[i*c.Token+o] = s
		}
	}
}

// forward computes panel p of the samples.
func (w *attentionWork) forward(worker, p int) {
	a, data, c := w.net, w.net.params.Data, w.net.config
	for i := range c.Tokens {
		t := i*w.samplePanels() + p
		first := kernel.Epilogue{Bias: w.start[i*c.Token:][:c.Token], Activate: true}
		kernel.NN(w.hidden.Panel(t), a.token1.w.Of(data), w.x.Panel(t), c.Token, c.In, a.token1.in, first)
		kernel.NN(w.e.Panel(t), a.token2.w.Of(data), w.hidden.Panel(t), c.DModel, c.Token, c.Token, kernel.Epilogue{Bias: a.token2.b.Of(data)})
		kernel.NN(w.qkv.Panel(t), a.qkv.Of(data), w.e.Panel(t), 3*c.DModel, c.DModel, c.DModel, kernel.Epilogue{})
	}
	if c.Heads == 0 {
		w.average(p)
	}
	for h := range c.Heads {
		w.attend(worker, p, h)
	}
	for i := range c.Tokens {
		t := i*w.samplePanels() + p
		kernel.NN(w.x1.Panel(t), a.wo.Of(data), w.normed.Panel(t), c.DModel, c.DModel, c.DModel, kernel.Epilogue{})
		kernel.NN(w.out.Panel(t), a.out1.w.Of(data), w.xe.Panel(t), c.OutHidden, 2*c.DModel, 2*c.DModel, kernel.Epilogue{Bias: a.out1.b.Of(data), Activate: true})
		kernel.NN(w.y.Panel(t), a.out2.w.Of(data), w.out.Panel(t), 1, c.OutHidden, c.OutHidden, kernel.Epilogue{Bias: a.out2.b.Of(data)})
	}
}

// headView is where one head's features lie, in panel p of token 0; step leads
// to the next token.
type headView struct {
	data []float32
	step int
}

// at returns the features from f on of panel p of the samples.
func (w *attentionWork) at(m Matrix, p, f int) headView {
	return headView{m.Data[(p*m.Stride+f)*Lanes:], w.samplePanels() * m.Stride * Lanes}
}

// square returns what head h of panel p attends to in one of its maps.
func (w *attentionWork) square(p, h, m int) []float32 {
	c := w.net.config
	n := c.Tokens * c.Tokens * Lanes
	o := ((p*c.Heads+h)*w.net.maps() + m) * n
	return w.probs[o : o+n]
}

// attend computes head h of panel p.
func (w *attentionWork) attend(worker, p, h int) {
	a, n, d := w.net, w.net.config.Tokens, w.net.width()
	D, wide := a.config.DModel, a.headDim()
	for m := range a.maps() {
		q, k := w.at(w.qkv, p, h*wide+m*d), w.at(w.qkv, p, D+h*wide+m*d)
		s := w.square(p, h, m)
		kernel.LaneProduct(s, q.data, k.data, n, n, d, kernel.Steps{CRow: n * Lanes, CCol: Lanes, ARow: q.step, AK: Lanes, BCol: k.step, BK: Lanes})
		kernel.Softmax(s, n, n, a.scoreScale())
	}
	mix := w.mix(worker, p, h)
	v, o := w.at(w.qkv, p, 2*D+h*wide), w.at(w.heads, p, h*wide)
	kernel.LaneProduct(o.data, mix, v.data, n, wide, n, kernel.Steps{CRow: o.step, CCol: Lanes, ARow: n * Lanes, AK: Lanes, BCol: Lanes, BK: v.step})
	if w.gain != nil {
		for i := range n {
			t := i*w.samplePanels() + p
			kernel.RMSNorm(w.normed.Panel(t)[h*wide*Lanes:], w.heads.Panel(t)[h*wide*Lanes:], w.scale.Row(t, h), w.gain)
		}
	}
}

func (a *AttentionCritic) scoreScale() float32 { return float32(1 / math.Sqrt(float64(a.width()))) }

// mix returns the weights of the values, map 1 - xi * map 2.
func (w *attentionWork) mix(worker, p, h int) []float32 {
	if w.net.maps() == 1 {
		return w.square(p, h, 0)
	}
	mix := w.scratch[worker].mix
	kernel.Combine(mix, w.square(p, h, 0), w.square(p, h, 1), 1, -w.xi[h])
	return mix
}

// average gives every token the mean of all values.
func (w *attentionWork) average(p int) {
	n, D := w.net.config.Tokens, w.net.config.DModel
	v, mean := w.at(w.qkv, p, 2*D), w.mean.Panel(p)
	copy(mean, v.data[:D*Lanes])
	for j := 1; j < n; j++ {
		kernel.Combine(mean, mean, v.data[j*v.step:][:D*Lanes], 1, 1)
	}
	for i := range n {
		to := w.heads.Panel(i*w.samplePanels() + p)
		kernel.Combine(to, mean, mean, 1/float32(n), 0)
	}
}
