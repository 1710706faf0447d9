package marl

import (
	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
	"github.com/peerwatt/peerwatt/nn/kernel"
)

// attendingCritic is the critic of MAAC (Iqbal and Sha 2019): a value for every
// agent, which attends over the other agents.
//
//	e_i = f_i(o_i, a_i)                                   a network for each agent
//	w_ij = softmax over j != i of (W_q e_i . W_k e_j) / sqrt(d)      W shared, one of each per head
//	x_i = concat over heads of sum_j w_ij h(W_v e_j)      h: leaky ReLU
//	Q_i = g_i(e_i, x_i)                                   a network for each agent
//
// f has a hidden layer with LayerNorm (where the original normalises over the
// batch), g one without. All inner widths are the same.
type attendingCritic struct {
	encoders []*nn.MLP // f
	project  *nn.MLP   // W_q, W_k, W_v of all heads, one after the other
	values   []*nn.MLP // g
	heads    int
}

func newAttendingCritic(c *MAACConfig, s replay.Shape, rng *nn.RNG) *attendingCritic {
	q := &attendingCritic{heads: c.Heads}
	D := c.Hidden
	for range s.Agents {
		q.encoders = append(q.encoders, nn.NewMLP(nn.MLPConfig{In: s.Observation + s.Action, Hidden: []int{D}, Out: D, Activation: nn.LeakyReLU, LayerNorm: true}, rng))
		q.values = append(q.values, nn.NewMLP(nn.MLPConfig{In: 2 * D, Hidden: []int{D}, Out: 1, Activation: nn.LeakyReLU}, rng))
	}
	q.project = nn.NewMLP(nn.MLPConfig{In: D, Out: 3 * D}, rng)
	return q
}

// nets lists all networks: encoders, projection, values.
func (q *attendingCritic) nets() []nn.Network {
	var nets []nn.Network
	for _, f := range q.encoders {
		nets = append(nets, f)
	}
	nets = append(nets, q.project)
	for _, g := range q.values {
		nets = append(nets, g)
	}
	return nets
}

func (q *attendingCritic) clone() *attendingCritic {
	c := &attendingCritic{heads: q.heads, project: q.project.Clone().(*nn.MLP)}
	for i := range q.encoders {
		c.encoders, c.values = append(c.encoders, q.encoders[i].Clone().(*nn.MLP)), append(c.values, q.values[i].Clone().(*nn.MLP))
	}
	return c
}

// attending is the memory of one forward and backward pass of attendingCritics
// of one shape.
type attending struct {
	pool    *nn.Pool
	shape   replay.Shape
	batch   int
	width   int // D
	heads   int
	penalty float64 // price of the squared products W_q e_i . W_k e_j

	encode, value []nn.Work // per agent
	project       nn.Work

	both   nn.Matrix // e and x, a block of B x 2 D for each agent
	qkv    nn.Matrix // of all agents' samples, padding included
	out    nn.Matrix // Q, a block of B x 1 for each agent
	logits []float32 // W_q e_i . W_k e_j, [panel][head][i][j][32]
	probs  []float32 // w_ij, the same

	dBoth, dQKV, dEncoded nn.Matrix
	scratch               [][]float32 // per worker: two times [i][j][32], and [32]
	priced                []float64   // per panel and head

	// The call in hand.
	critic   *attendingCritic
	x        joint
	slope    nn.Matrix
	grads    [][]float32
	byAction joint

	encodeOne, attendOne, valueOne             func(worker, i int)
	encodeBackOne, attendBackOne, valueBackOne func(worker, i int)
}

func newAttending(q *attendingCritic, c *MAACConfig, s replay.Shape, batch int, pool *nn.Pool) *attending {
	D := c.Hidden
	a := &attending{
		pool: pool, shape: s, batch: batch, width: D, heads: c.Heads, penalty: c.LogitPenalty,
		both: nn.NewTokens(s.Agents, batch, 2*D), out: nn.NewTokens(s.Agents, batch, 1), dBoth: nn.NewTokens(s.Agents, batch, 2*D),
	}
	for i := range s.Agents {
		a.encode, a.value = append(a.encode, q.encoders[i].NewWork(batch, nil)), append(a.value, q.values[i].NewWork(batch, nil))
	}
	// What agents share sees all of their panels as one batch. Their padding
	// is in it, with a gradient of zero.
	samples := a.both.Panels() * nn.Lanes
	a.project = q.project.NewWork(samples, pool)
	a.dQKV, a.dEncoded = nn.NewMatrix(samples, 3*D), nn.NewMatrix(samples, D)

	units, square := a.panels()*c.Heads, s.Agents*s.Agents*nn.Lanes
	a.logits, a.probs, a.priced = make([]float32, units*square), make([]float32, units*square), make([]float64, units)
	for range pool.Workers() {
		a.scratch = append(a.scratch, make([]float32, 2*square+nn.Lanes))
	}
	a.encodeOne, a.attendOne, a.valueOne = a.encodeAgent, a.attend, a.valueAgent
	a.encodeBackOne, a.attendBackOne, a.valueBackOne = a.encodeBack, a.attendBack, a.valueBack
	return a
}

// panels is the number of panels of samples.
func (a *attending) panels() int { return a.both.Panels() / a.shape.Agents }

// encoded is e of all agents as one batch.
func (a *attending) encoded() nn.Matrix {
	e := a.both.Features(0, a.width)
	e.Batch, e.Blocks = a.both.Panels()*nn.Lanes, 1
	return e
}

// forward values x, which has tokens.
func (a *attending) forward(q *attendingCritic, x joint) nn.Matrix {
	a.critic, a.x = q, x
	a.pool.Run(a.shape.Agents, a.encodeOne)
	a.qkv = q.project.Forward(a.project, a.encoded())
	a.pool.Run(len(a.priced), a.attendOne)
	a.pool.Run(a.shape.Agents, a.valueOne)
	return a.out
}

func (a *attending) encodeAgent(_, i int) {
	a.both.Block(i).Features(0, a.width).Copy(a.critic.encoders[i].Forward(a.encode[i], a.x.Block(i)))
}

func (a *attending) valueAgent(_, i int) {
	a.out.Block(i).Copy(a.critic.values[i].Forward(a.value[i], a.both.Block(i)))
}

// rows is where features of a panel lie for agent after agent.
type rows struct {
	data []float32
	step int
}

// of returns the features of m from f on, in panel p of the samples.
func (a *attending) of(m nn.Matrix, p, f int) rows {
	return rows{m.Data[(p*m.Stride+f)*nn.Lanes:], a.panels() * m.Stride * nn.Lanes}
}

// unit says which panel and which features belong to a piece of work, and
// where its squares lie.
func (a *attending) unit(u int) (p, f, width int, logits, probs []float32) {
	width = a.width / a.heads
	square := a.shape.Agents * a.shape.Agents * nn.Lanes
	return u / a.heads, u % a.heads * width, width, a.logits[u*square:][:square], a.probs[u*square:][:square]
}

// never is a logit whose softmax is nothing.
const never = -1e30

// attend computes one head for one panel of samples.
func (a *attending) attend(_, u int) {
	p, f, d, logits, probs := a.unit(u)
	n, D := a.shape.Agents, a.width
	q, k, v, x := a.of(a.qkv, p, f), a.of(a.qkv, p, D+f), a.of(a.qkv, p, 2*D+f), a.of(a.both, p, D+f)
	for j := range n {
		kernel.Rectify(v.data[j*v.step:][:d*nn.Lanes], leak)
	}
	kernel.LaneProduct(logits, q.data, k.data, n, n, d, kernel.Steps{CRow: n * nn.Lanes, CCol: nn.Lanes, ARow: q.step, AK: nn.Lanes, BCol: k.step, BK: nn.Lanes})
	copy(probs, logits)
	for i := range n {
		own := probs[(i*n+i)*nn.Lanes:][:nn.Lanes]
		for l := range own {
			own[l] = never
		}
	}
	kernel.Softmax(probs, n, n, rsqrt(d))
	if n == 1 {
		clear(probs) // nobody else to attend to
	}
	kernel.LaneProduct(x.data, probs, v.data, n, d, n, kernel.Steps{CRow: x.step, CCol: nn.Lanes, ARow: n * nn.Lanes, AK: nn.Lanes, BCol: nn.Lanes, BK: v.step})
}

// leak is the slope of leaky ReLU below zero.
const leak = 0.01

// learn writes the gradients of a loss with the given gradient by Q, plus the
// price of the logits
//
//	penalty sum over heads of mean over samples, i and j != i of (W_q e_i . W_k e_j)^2
//
// by the parameters to grads, in the order of nets, and returns that price.
func (a *attending) learn(slope nn.Matrix, grads [][]float32) float64 {
	a.grads, a.byAction = grads, joint{}
	a.backward(slope)
	return sum(a.priced)
}

// lower writes the gradient of a loss with the given gradient by Q by the
// actions, where Q_i counts for agent i alone: an agent's action reaches its own
// value through e_i and its query, and those of others, who attend to it,
// through key and value, which are left out.
func (a *attending) lower(slope nn.Matrix, byAction joint) {
	a.grads, a.byAction = nil, byAction
	a.backward(slope)
}

func (a *attending) backward(slope nn.Matrix) {
	a.slope = slope
	a.pool.Run(a.shape.Agents, a.valueBackOne)
	a.pool.Run(len(a.priced), a.attendBackOne)
	a.critic.project.Backward(a.project, a.dQKV, a.gradsOf(a.shape.Agents), a.dEncoded, 0)
	a.pool.Run(a.shape.Agents, a.encodeBackOne)
}

// gradsOf returns where the gradients of a network go, nil for nowhere.
func (a *attending) gradsOf(net int) []float32 {
	if a.grads == nil {
		return nil
	}
	return a.grads[net]
}

func (a *attending) valueBack(_, i int) {
	a.critic.values[i].Backward(a.value[i], a.slope.Block(i), a.gradsOf(a.shape.Agents+1+i), a.dBoth.Block(i), 0)
}

// attendBack is the way back of attend.
func (a *attending) attendBack(worker, u int) {
	p, f, d, logits, probs := a.unit(u)
	n, D := a.shape.Agents, a.width
	q, k, v, dx := a.of(a.qkv, p, f), a.of(a.qkv, p, D+f), a.of(a.qkv, p, 2*D+f), a.of(a.dBoth, p, D+f)
	dq, dk, dv := a.of(a.dQKV, p, f), a.of(a.dQKV, p, D+f), a.of(a.dQKV, p, 2*D+f)
	dProbs, rest := a.scratch[worker][:len(probs)], a.scratch[worker][len(probs):]
	dLogits, total := rest[:len(probs)], rest[len(probs):]

	kernel.LaneProduct(dProbs, dx.data, v.data, n, n, d, kernel.Steps{CRow: n * nn.Lanes, CCol: nn.Lanes, ARow: dx.step, AK: nn.Lanes, BCol: v.step, BK: nn.Lanes})
	kernel.SoftmaxGrad(dLogits, probs, dProbs, total, n, n, rsqrt(d))
	if a.grads == nil {
		for j := range n {
			clear(dk.data[j*dk.step:][:d*nn.Lanes])
			clear(dv.data[j*dv.step:][:d*nn.Lanes])
		}
	} else {
		a.priced[u] = a.price(dLogits, logits, min(nn.Lanes, a.batch-p*nn.Lanes))
		kernel.LaneProduct(dv.data, probs, dx.data, n, d, n, kernel.Steps{CRow: dv.step, CCol: nn.Lanes, ARow: nn.Lanes, AK: n * nn.Lanes, BCol: nn.Lanes, BK: dx.step})
		for j := range n {
			dst, y := dv.data[j*dv.step:][:d*nn.Lanes], v.data[j*v.step:]
			for l := range dst {
				if y[l] < 0 {
					dst[l] *= leak
				}
			}
		}
		kernel.LaneProduct(dk.data, dLogits, q.data, n, d, n, kernel.Steps{CRow: dk.step, CCol: nn.Lanes, ARow: nn.Lanes, AK: n * nn.Lanes, BCol: nn.Lanes, BK: q.step})
	}
	kernel.LaneProduct(dq.data, dLogits, k.data, n, d, n, kernel.Steps{CRow: dq.step, CCol: nn.Lanes, ARow: n * nn.Lanes, AK: nn.Lanes, BCol: nn.Lanes, BK: k.step})
}

// price adds the gradient of the price of one head's logits in one panel, of
// which the first lanes are samples, and returns it.
func (a *attending) price(slope, logits []float32, lanes int) float64 {
	n := a.shape.Agents
	if n == 1 {
		return 0
	}
	c := a.penalty / float64(a.batch*n*(n-1))
	squares, by := float32(0), float32(2*c)
	for ij := range n * n {
		if ij/n == ij%n {
			continue
		}
		g, x := slope[ij*nn.Lanes:][:lanes], logits[ij*nn.Lanes:]
		for l := range g {
			squares += x[l] * x[l]
			g[l] += by * x[l]
		}
	}
	return c * float64(squares)
}

func (a *attending) encodeBack(_, i int) {
	d, through := a.dBoth.Block(i).Features(0, a.width), a.panels()
	for p := range through {
		dst, src := d.Panel(p), a.dEncoded.Panel(i*through+p)
		for l := range dst {
			dst[l] += src[l]
		}
	}
	var byAction nn.Matrix
	if a.byAction.Dim > 0 {
		byAction = a.byAction.action(i)
	}
	a.critic.encoders[i].Backward(a.encode[i], d, a.gradsOf(i), byAction, a.shape.Observation)
}
