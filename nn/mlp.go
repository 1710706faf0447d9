package nn

import (
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/nn/kernel"
)

// Activation is the non-linearity after a hidden layer.
type Activation int

const (
	ReLU      Activation = iota
	LeakyReLU            // slope 0.01 below zero
	Tanh
)

func (a Activation) slope() float32 {
	if a == LeakyReLU {
		return 0.01
	}
	return 0
}

// MLPConfig describes a multi-layer perceptron: Linear layers of the Hidden
// widths, each followed by LayerNorm (if set) and Activation, and a last
// Linear layer to Out.
type MLPConfig struct {
	In         int
	Hidden     []int
	Out        int
	Activation Activation
	LayerNorm  bool // over the features, eps 1e-5, with gain and shift
}

// MLP is a multi-layer perceptron; see [MLPConfig]. Its tensors are named
// layers.I.weight and layers.I.bias, and norms.I.weight and norms.I.bias.
type MLP struct {
	config MLPConfig
	params *Params
	layers []linear
}

// linear is one layer: y = W x + b, and what follows it.
type linear struct {
	in, out      int
	w, b         View
	gain, shift  View // LayerNorm, when norm
	norm, hidden bool
}

// NewMLP makes a network with PyTorch's default initialisation: weights and
// biases of a layer uniform in +-1/sqrt(its inputs).
func NewMLP(c MLPConfig, r *RNG) *MLP {
	m := &MLP{config: c, params: &Params{}}
	m.layers = addLinears(m.params, "", c)
	for _, l := range m.layers {
		l.initialise(m.params, r)
	}
	return m
}

// addLinears adds the tensors of an MLP under a prefix.
func addLinears(p *Params, prefix string, c MLPConfig) []linear {
	var ls []linear
	in := c.In
	for i := range len(c.Hidden) + 1 {
		l := linear{in: in, out: c.Out}
		if l.hidden = i < len(c.Hidden); l.hidden {
			l.out = c.Hidden[i]
		}
		if l.in < 1 || l.out < 1 {
			panic(fmt.Sprintf("nn: layer %d of %d inputs and %d outputs", i, l.in, l.out))
		}
		l.w = p.add(fmt.Sprintf("%slayers.%d.weight", prefix, i), l.out, l.in)
		l.b = p.add(fmt.Sprintf("%slayers.%d.bias", prefix, i), 1, l.out)
		if l.norm = c.LayerNorm && l.hidden; l.norm {
			l.gain = p.add(fmt.Sprintf("%snorms.%d.weight", prefix, i), 1, l.out)
			l.shift = p.add(fmt.Sprintf("%snorms.%d.bias", prefix, i), 1, l.out)
		}
		ls = append(ls, l)
		in = l.out
	}
	return ls
}

func (l *linear) initialise(p *Params, r *RNG) {
	bound := 1 / float32(math.Sqrt(float64(l.in)))
	fillSymmetric(l.w.Of(p.Data), bound, r)
	fillSymmetric(l.b.Of(p.Data), bound, r)
	if l.norm {
		for i := range l.out {
			l.gain.Of(p.Data)[i] = 1
		}
	}
}

func fillSymmetric(dst []float32, bound float32, r *RNG) {
	r.FillUniform(dst)
	for i, u := range dst {
		dst[i] = bound * (2*u - 1)
	}
}

// ScaleOutput multiplies the weights of the last layer by gain and sets its
// biases to zero.
func (m *MLP) ScaleOutput(gain float32) {
	l := &m.layers[len(m.layers)-1]
	w := l.w.Of(m.params.Data)
	for i := range w {
		w[i] *= gain
	}
	clear(l.b.Of(m.params.Data))
}

// Params returns the parameters.
func (m *MLP) Params() *Params { return m.params }

// In returns the number of input features.
func (m *MLP) In() int { return m.config.In }

// Out returns the number of output features.
func (m *MLP) Out() int { return m.config.Out }

// Clone returns a copy with parameters of its own.
func (m *MLP) Clone() Network {
	return &MLP{config: m.config, params: m.params.Clone(), layers: m.layers}
}

// mlpWork is the memory of one forward and backward pass.
type mlpWork struct {
	pool   *Pool
	batch  int
	x      Matrix   // input of the last Forward
	acts   []Matrix // activated output of each layer; the last is the network's
	deltas []Matrix // derivative with respect to each layer's product; the last is the caller's dy
	after  []Matrix // derivative with respect to the output of LayerNorm, where there is one
	norms  []Matrix // normalised values, of layers with LayerNorm
	scales []Matrix // 1/standard deviation, one feature
	grads  weightGrads
	infer  inferWork

	// The call in progress, and its loops for the pool.
	net                         *MLP
	dx                          Matrix
	lo                          int
	forwardPanel, backwardPanel func(worker, p int)
}

func (*mlpWork) isWork() {}

// NewWork returns memory for batches of that size.
func (m *MLP) NewWork(batch int, pool *Pool) Work {
	n := len(m.layers)
	w := &mlpWork{
		pool: pool, batch: batch, acts: make([]Matrix, n), deltas: make([]Matrix, n),
		after: make([]Matrix, n), norms: make([]Matrix, n), scales: make([]Matrix, n), infer: newInferWork(m.layers),
		grads: weightGrads{pool: pool},
	}
	x := &w.x
	for i, l := range m.layers {
		w.acts[i] = NewMatrix(batch, l.out)
		if l.hidden {
			w.deltas[i] = NewMatrix(batch, l.out)
		}
		if l.norm {
			w.after[i], w.norms[i], w.scales[i] = NewMatrix(batch, l.out), NewMatrix(batch, l.out), NewMatrix(batch, 1)
		}
		w.grads.add(x, &w.deltas[i], w.acts[i].Panels(), l.in, l.w, l.b)
		x = &w.acts[i]
	}
	w.forwardPanel = func(_, p int) { w.forward(p) }
	w.backwardPanel = func(_, p int) { w.backward(p) }
	return w
}

// begin checks that the pieces of a Forward belong together.
func (w *mlpWork) begin(m *MLP, x Matrix) {
	fits := len(w.acts) == len(m.layers) && x.Dim == m.config.In && x.Batch == w.batch && x.Blocks == 1
	for i := 0; fits && i < len(m.layers); i++ {
		fits = w.acts[i].Dim == m.layers[i].out && (w.norms[i].Dim > 0) == m.layers[i].norm
	}
	if !fits {
		panic(fmt.Sprintf("nn: network of %+v with work for %d samples of a network of another shape, or an input of %dx%d samples with %d features",
			m.config, w.batch, x.Blocks, x.Batch, x.Dim))
	}
	w.net, w.x = m, x
}

// Forward computes the outputs for x, [batch][In] to [batch][Out].
func (m *MLP) Forward(work Work, x Matrix) Matrix {
	w := work.(*mlpWork)
	w.begin(m, x)
	w.pool.Run(x.Panels(), w.forwardPanel)
	return w.acts[len(w.acts)-1]
}

// input returns what layer i reads.
func (w *mlpWork) input(i int) Matrix {
	if i == 0 {
		return w.x
	}
	return w.acts[i-1]
}

// forward runs panel p through all layers.
func (w *mlpWork) forward(p int) {
	data, act := w.net.params.Data, w.net.config.Activation
	fused := act == ReLU || act == LeakyReLU
	for i := range w.net.layers {
		l := &w.net.layers[i]
		e := kernel.Epilogue{Bias: l.b.Of(data), Activate: l.hidden && !l.norm && fused, Slope: act.slope()}
		out := w.acts[i].Panel(p)
		kernel.NN(out, l.w.Of(data), w.input(i).Panel(p), l.out, l.in, l.in, e)
		if l.norm {
			kernel.LayerNorm(out, w.norms[i].Panel(p), w.scales[i].Panel(p), l.gain.Of(data), l.shift.Of(data))
			if fused {
				kernel.Rectify(out, act.slope())
			}
		}
		if l.hidden && act == Tanh {
			kernel.Tanh(out, out)
		}
	}
}

// Backward computes gradients; see [Network].
func (m *MLP) Backward(work Work, dy Matrix, grads []float32, dx Matrix, lo int) {
	w := work.(*mlpWork)
	if w.net != m || dy.Dim != m.Out() || dy.Batch != w.batch || dy.Blocks != 1 {
		panic(fmt.Sprintf("nn: Backward of %dx%d samples with %d features, not after a Forward of the same network and work for %d samples with %d outputs",
			dy.Blocks, dy.Batch, dy.Dim, w.batch, m.Out()))
	}
	if grads != nil && len(grads) != len(m.params.Data) {
		panic(fmt.Sprintf("nn: %d gradients for %d parameters", len(grads), len(m.params.Data)))
	}
	if dx.Dim > 0 && (lo < 0 || lo+dx.Dim > m.In() || dx.Batch != w.batch || dx.Blocks != 1) {
		panic(fmt.Sprintf("nn: gradient of input features %d to %d of %d for %dx%d samples", lo, lo+dx.Dim, m.In(), dx.Blocks, dx.Batch))
	}
	w.deltas[len(w.deltas)-1] = dy
	w.dx, w.lo = dx, lo
	w.pool.Run(dy.Panels(), w.backwardPanel)
	if grads == nil {
		return
	}
	w.grads.run(grads)
	for i, l := range m.layers {
		if d := w.after[i]; l.norm {
			kernel.RowSums(l.shift.Of(grads), d.Data, 1, d.Batch, d.Stride)
			kernel.RowDots(l.gain.Of(grads), d.Data, w.norms[i].Data, 1, d.Batch, d.Stride)
		}
	}
}

// backward carries the derivative of panel p from the last layer to the first.
func (w *mlpWork) backward(p int) {
	data, act := w.net.params.Data, w.net.config.Activation
	for i := len(w.net.layers) - 1; i > 0; i-- {
		l, below := &w.net.layers[i], &w.net.layers[i-1]
		h, d := w.acts[i-1].Panel(p), w.deltas[i-1].Panel(p)
		if below.norm {
			d = w.after[i-1].Panel(p)
		}
		e := kernel.Epilogue{Slope: act.slope()}
		if act == ReLU || act == LeakyReLU {
			e.Gate = h
		}
		kernel.TN(d, l.w.Of(data), w.deltas[i].Panel(p), l.in, l.out, l.in, e)
		if act == Tanh {
			kernel.TanhGrad(d, h)
		}
		if below.norm {
			kernel.LayerNormGrad(w.deltas[i-1].Panel(p), d, w.norms[i-1].Panel(p), w.scales[i-1].Panel(p), below.gain.Of(data))
		}
	}
	if w.dx.Dim > 0 {
		l := &w.net.layers[0]
		kernel.TN(w.dx.Panel(p), l.w.Of(data)[w.lo:], w.deltas[0].Panel(p), w.dx.Dim, l.out, l.in, kernel.Epilogue{})
	}
}
