package marl

import (
	"math"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
	"github.com/peerwatt/peerwatt/nn/kernel"
)

// discriminator tells expert actions from others. One network serves all
// agents: it reads an observation, an action and whose they are, and gives a
// logit, log D - log(1-D) for the chance D that the expert acted.
type discriminator struct {
	net   *nn.MLP
	moves *trained
	norms []*spectral

	shape replay.Shape
	pairs []nn.Matrix // per agent: what it did, then what the expert did; 2 B x (O + A + N)
	logit [][]float32 // per agent: of what it did, B
	loss  []float64   // per agent
	right []float64   // per agent: share of the pairs on the right side of 0

	// Per worker and per agent, since the gradients are added up in order.
	work  []nn.Work
	slope []nn.Matrix
	grads [][]float32

	in   *inputs
	told float64 // agents whom the expert told something
	one  func(worker, i int)
}

func newDiscriminator(c *Config, s replay.Shape, rng *nn.RNG, pool *nn.Pool) *discriminator {
	width := s.Observation + s.Action + s.Agents
	net := nn.NewMLP(nn.MLPConfig{In: width, Hidden: c.MAGAIL.Hidden, Out: 1, Activation: nn.LeakyReLU}, rng)
	d := &discriminator{
		net: net, moves: newTrained(c.MAGAIL.LearningRate, 0, net), norms: newSpectral(net.Params(), rng),
		shape: s, pairs: perAgent(s, 2*c.BatchSize, width), loss: make([]float64, s.Agents), right: make([]float64, s.Agents),
	}
	for i, x := range d.pairs {
		for b := range 2 * c.BatchSize {
			x.Set(b, s.Observation+s.Action+i, 1)
		}
		d.logit = append(d.logit, make([]float32, c.BatchSize))
		d.grads = append(d.grads, net.Params().NewGrads())
	}
	for range pool.Workers() {
		d.work = append(d.work, net.NewWork(2*c.BatchSize, nil))
		d.slope = append(d.slope, nn.NewMatrix(2*c.BatchSize, 1))
	}
	d.one = d.judge
	return d
}

// judgeAll finds the logits of what agents did, and moves the network once,
// down the gradient of
//
//	L_D = mean_i 1/2 sum_b share_b [ softplus(-logit(o, a^E)) + softplus(logit(o, a)) ]
//
// over the agents whom the expert told something. Pairs of one state stand
// against each other, as many of the expert's as of the agents', so that states
// give nothing away.
func (d *discriminator) judgeAll(in *inputs, pool *nn.Pool) {
	d.in, d.told = in, 0
	for _, labelled := range in.labelled {
		if labelled {
			d.told++
		}
	}
	pool.Run(d.shape.Agents, d.one)
	total := d.moves.grads[0]
	copy(total, d.grads[0])
	for _, g := range d.grads[1:] {
		kernel.Combine(total, total, g, 1, 1)
	}
	d.moves.step(pool)
	for _, s := range d.norms {
		s.limit()
	}
}

// judge finds the logits and the gradient of agent i's part of the loss.
func (d *discriminator) judge(worker, i int) {
	s, in, x, w := d.shape, d.in, d.pairs[i], d.work[worker]
	o, a := s.Observation, s.Action
	for b := range in.Size {
		row := in.Obs[(b*s.Agents+i)*o:][:o]
		mask := in.Mask[(b*s.Agents+i)*a:][:a]
		for f, v := range row {
			x.Set(b, f, v)
			x.Set(in.Size+b, f, v)
		}
		for f, m := range mask {
			x.Set(b, o+f, m*in.Action[(b*s.Agents+i)*a+f])
			x.Set(in.Size+b, o+f, m*in.Expert[(b*s.Agents+i)*a+f])
		}
	}
	logit := d.net.Forward(w, x).Data
	copy(d.logit[i], logit)

	d.loss[i], d.right[i] = 0, 0
	slope := d.slope[worker].Data
	for b, share := range in.share[i][:in.Size] {
		half := 0.5 * float64(share)
		mine, experts := float64(logit[b]), float64(logit[in.Size+b])
		d.loss[i] += half * (softplus(mine) + softplus(-experts))
		slope[b] = float32(half * sigmoid(mine) / max(1, d.told))
		slope[in.Size+b] = float32(-half * sigmoid(-experts) / max(1, d.told))
		if mine < 0 {
			d.right[i] += half
		}
		if experts > 0 {
			d.right[i] += half
		}
	}
	d.net.Backward(w, d.slope[worker], d.grads[i], nn.Matrix{}, 0)
}

func softplus(x float64) float64 { return math.Log1p(math.Exp(-math.Abs(x))) + max(x, 0) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func (d *discriminator) report(report func(string, float64)) {
	if d.told > 0 {
		report("discriminator_loss", sum(d.loss)/d.told)
		report("discriminator_accuracy", sum(d.right)/d.told)
	}
}

// parts are what a checkpoint must hold.
func (d *discriminator) parts() []part {
	ps := d.moves.parts()
	for _, s := range d.norms {
		ps = append(ps, vector("direction", s.in))
	}
	return ps
}

// spectral holds a weight matrix to a spectral norm of at most 1, by dividing
// it by its norm where that is larger (Gouk, Frank, Pfahringer and Cree,
// "Regularisation of neural networks by enforcing Lipschitz continuity", 2021).
// So a network of them and of leaky ReLU changes no faster than its input, and a
// discriminator cannot become certain of pairs that lie close together. The norm
// comes from one step of power iteration a call, which follows a matrix that
// changes little between calls.
type spectral struct {
	weight     []float32
	rows, cols int
	in, out    []float32 // the direction that grows most, and where it goes
}

// newSpectral returns one for every weight matrix of a network, already held.
func newSpectral(p *nn.Params, rng *nn.RNG) []*spectral {
	var norms []*spectral
	for _, v := range p.Views {
		if v.Rows == 1 && v.Name[len(v.Name)-len("bias"):] == "bias" {
			continue
		}
		s := &spectral{weight: v.Of(p.Data), rows: v.Rows, cols: v.Cols, in: make([]float32, v.Cols), out: make([]float32, v.Rows)}
		rng.FillNormal(s.in)
		for range 100 {
			s.limit()
		}
		norms = append(norms, s)
	}
	return norms
}

// limit takes a step of power iteration and holds the matrix to its norm.
func (s *spectral) limit() {
	clear(s.out)
	for r := range s.out {
		for c, w := range s.weight[r*s.cols:][:s.cols] {
			s.out[r] += w * s.in[c]
		}
	}
	unit(s.out)
	clear(s.in)
	for r, y := range s.out {
		for c, w := range s.weight[r*s.cols:][:s.cols] {
			s.in[c] += w * y
		}
	}
	if norm := unit(s.in); norm > 1 {
		for i := range s.weight {
			s.weight[i] /= norm
		}
	}
}

// unit scales x to length 1 and returns the length it had.
func unit(x []float32) float32 {
	norm := float32(nn.Norm(x))
	if norm > 0 {
		for i := range x {
			x[i] /= norm
		}
	}
	return norm
}
