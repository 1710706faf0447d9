package marl

import (
	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// critics value joint observations, and joint actions where they read them.
// There is one critic, or one for every agent; each is a network, or twins that
// learn together. A value is one number for a sample, or one for each of its
// agents where the networks read tokens.
type critics struct {
	sets    []*trained     // one for every critic: its networks
	targets [][]nn.Network // what follows them slowly, for learners that ask for it

	shape    replay.Shape
	tokens   bool
	alone    bool // actor i follows the value of agent i and no other
	discount float32
	rate     float32
	pool     *nn.Pool       // over critics, or inside the only one
	memory   []criticMemory // per worker

	// Of the last update, per critic.
	loss      []float64
	objective []float64   // of lowest, at the current actions
	delta     [][]float32 // B: mean |Q - y|
}

// criticMemory is what one worker needs for one critic at a time.
type criticMemory struct {
	work     []nn.Work   // per twin
	out      []nn.Matrix // per twin: what it gave last
	low      nn.Matrix   // the lowest of them
	y        nn.Matrix   // what to learn
	slope    nn.Matrix   // gradient by the output
	byAction joint       // gradient by the actions, of one twin
}

// criticKind says which networks value what.
type criticKind struct {
	count  int // of critics
	tokens bool
	alone  bool
	build  func(actions bool) nn.Network
}

// jointCritics are perceptrons on everything in a row, one or one per agent.
func jointCritics(c *Config, s replay.Shape, rng *nn.RNG) criticKind {
	k := criticKind{count: 1, alone: c.Critic == "per_agent"}
	if k.alone {
		k.count = s.Agents
	}
	k.build = func(actions bool) nn.Network {
		in := s.Agents * s.Observation
		if actions {
			in += s.Agents * s.Action
		}
		return nn.NewMLP(nn.MLPConfig{In: in, Hidden: c.CriticHidden, Out: 1, Activation: nn.ReLU, LayerNorm: c.CriticLayerNorm}, rng)
	}
	return k
}

// newCritics builds critics of twins networks each, that read actions or only
// observations.
func newCritics(k criticKind, c *Config, s replay.Shape, actions bool, twins int, pool *nn.Pool) *critics {
	q := &critics{
		shape: s, tokens: k.tokens, alone: k.alone, discount: float32(c.spanDiscount()), rate: float32(c.TargetRate), pool: pool,
		loss: make([]float64, k.count), objective: make([]float64, k.count),
	}
	for range k.count {
		var nets []nn.Network
		for range twins {
			nets = append(nets, k.build(actions))
		}
		q.sets = append(q.sets, newTrained(c.LearningRate, c.ClipCritic, nets...))
		q.delta = append(q.delta, make([]float32, c.BatchSize))
	}
	values := 1
	if k.tokens {
		values = s.Agents
	}
	for range min(k.count, pool.Workers()) {
		m := criticMemory{
			out: make([]nn.Matrix, twins), low: nn.NewTokens(values, c.BatchSize, 1),
			y: nn.NewTokens(values, c.BatchSize, 1), slope: nn.NewTokens(values, c.BatchSize, 1),
			byAction: newJoint(actionsOnly(s), c.BatchSize, k.tokens),
		}
		for range twins {
			m.work = append(m.work, q.sets[0].nets[0].NewWork(c.BatchSize, q.inner()))
		}
		q.memory = append(q.memory, m)
	}
	return q
}

// withTargets adds networks that follow.
func (q *critics) withTargets() *critics {
	for _, set := range q.sets {
		var targets []nn.Network
		for _, net := range set.nets {
			targets = append(targets, net.Clone())
		}
		q.targets = append(q.targets, targets)
	}
	return q
}

// each calls f for every critic.
func (q *critics) each(f func(worker, k int)) {
	if len(q.sets) == 1 {
		f(0, 0)
	} else {
		q.pool.Run(len(q.sets), f)
	}
}

// inner is the pool for the work of one critic.
func (q *critics) inner() *nn.Pool {
	if len(q.sets) == 1 {
		return q.pool
	}
	return nil
}

// lowest returns the lowest that the networks, twins of one critic, make of x.
func (q *critics) lowest(worker int, nets []nn.Network, x nn.Matrix) nn.Matrix {
	m := &q.memory[worker]
	for z, net := range nets {
		m.out[z] = net.Forward(m.work[z], x)
	}
	if len(nets) == 1 {
		return m.out[0]
	}
	minimum(m.low, m.out[0], m.out[1])
	return m.low
}

// backUp returns y = r + gamma (1-d) next.
func (q *critics) backUp(worker int, reward, done []float32, next nn.Matrix) nn.Matrix {
	y := q.memory[worker].y
	for i := range y.Blocks {
		v := next.Block(i).Data
		for b, dst := 0, y.Block(i).Data; b < len(reward); b++ {
			dst[b] = reward[b] + q.discount*(1-done[b])*v[b]
		}
	}
	return y
}

// learn moves the twins of critic k down the gradient of
//
//	L = sum_z c mean( w (Q_z(x) - y)^2 )
//
// the mean being over samples and values. Without weights w is 1.
func (q *critics) learn(worker, k int, x, y nn.Matrix, c float64, weight []float32) {
	m, set := &q.memory[worker], q.sets[k]
	q.loss[k] = 0
	clear(q.delta[k])
	for z, net := range set.nets {
		out := net.Forward(m.work[z], x)
		q.loss[k] += squaredError(m.slope, out, y, c, weight, q.delta[k], 1/float32(len(set.nets)))
		net.Backward(m.work[z], m.slope, set.grads[z], nn.Matrix{}, 0)
	}
	set.step(q.inner())
}

// follow moves the targets of critic k after it, eq. (36).
func (q *critics) follow(k int) {
	for z, net := range q.sets[k].nets {
		nn.Polyak(q.targets[k][z].Params().Data, net.Params().Data, q.rate)
	}
}

// lower writes to by, agent by agent, the gradient of
//
//	L = -scale mean Q(s, a)
//
// by the actions that follow critic k, where Q is what lowest has just returned
// for these twins, and the mean is over samples and values. Where an actor
// follows its own agent's value alone, that value stands for the mean.
func (q *critics) lower(worker, k int, nets []nn.Network, scale float32, by joint) {
	m, s := &q.memory[worker], q.shape
	value := m.out[0]
	if len(nets) == 2 {
		value = m.low
	}
	q.objective[k] = -float64(scale) * meanOf(value)
	if q.tokens && q.alone {
		q.lowerAlone(m, nets, scale, by)
		return
	}
	from, lo, dst := 0, s.Observation, by.Matrix
	if !q.tokens {
		if q.alone {
			from, dst = k, by.action(k)
		}
		lo = s.Agents*s.Observation + from*s.Action
	}
	portion := scale / float32(value.Samples())
	for z, net := range nets {
		m.choose(z, len(nets), portion)
		if z == 0 {
			net.Backward(m.work[z], m.slope, nil, dst, lo)
			continue
		}
		other := m.byAction.Matrix
		if other.Dim != dst.Dim {
			other = m.byAction.action(0)
		}
		net.Backward(m.work[z], m.slope, nil, other, lo)
		add(dst, other)
	}
}

// lowerAlone goes back once for the value of every agent, and keeps the
// gradient by that agent's action.
func (q *critics) lowerAlone(m *criticMemory, nets []nn.Network, scale float32, by joint) {
	portion := scale / float32(m.slope.Batch)
	for z, net := range nets {
		for i := range q.shape.Agents {
			m.choose(z, len(nets), portion)
			for j := range q.shape.Agents {
				if j != i {
					m.slope.Block(j).Zero()
				}
			}
			net.Backward(m.work[z], m.slope, nil, m.byAction.Matrix, q.shape.Observation)
			if z == 0 {
				by.action(i).Copy(m.byAction.action(i))
			} else {
				add(by.action(i), m.byAction.action(i))
			}
		}
	}
}

// choose sets the gradient by the values of twin z: -portion where it is the
// lowest, and 0 elsewhere.
func (m *criticMemory) choose(z, twins int, portion float32) {
	for i := range m.slope.Blocks {
		dst, own := m.slope.Block(i).Data[:m.slope.Batch], m.out[z].Block(i).Data
		for b := range dst {
			dst[b] = -portion
		}
		if twins == 1 {
			continue
		}
		other := m.out[1-z].Block(i).Data
		for b := range dst {
			if own[b] > other[b] || z == 1 && own[b] == other[b] {
				dst[b] = 0
			}
		}
	}
}

// report says how the update went, and gives the batch its priorities.
func (q *critics) report(b *Batch, report func(string, float64)) {
	meanPriority(b.Priority, q.delta)
	report("critic_loss", mean(q.loss))
	report("critic_grad_norm", meanNorm(q.sets))
}

// parts are what a checkpoint must hold.
func (q *critics) parts() []part {
	var ps []part
	for _, set := range q.sets {
		ps = append(ps, set.parts()...)
	}
	for _, targets := range q.targets {
		for _, t := range targets {
			ps = append(ps, t.Params())
		}
	}
	return ps
}
