package marl

import (
	"slices"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// maddpg is multi-agent deep deterministic policy gradient (Lowe et al. 2017)
// with a critic of all observations and actions and an actor per agent:
//
//	y    = r + gamma (1 - d) Q'(s', mu'(o'))
//	L_Q  = mean 1/2 w (Q(s, a) - y)^2
//	L_mu = -mean Q(s, mu(o)) + sum_i c mean_own pre_i^2       pre: before tanh
//
// in this order: targets, current actions, critic, actors, Polyak averaging. With
// per-agent critics, actor i follows Q_i with the other agents' actions held
// fixed; with the shared one, all follow the joint gradient.
type maddpg struct {
	config Config
	shape  replay.Shape
	pool   *nn.Pool

	team, targetTeam *Team
	critics          []*nn.MLP // one, or one per agent
	targets          []*nn.MLP
	criticSteps      []*trained
	actorSteps       []*trained

	rows      []float32 // B x (N O + N A): s, a
	joint     nn.Matrix // the same
	nextJoint nn.Matrix // s', mu'(o')
	current   nn.Matrix // s, mu(o)
	mask      nn.Matrix // B x N A
	nextMask  nn.Matrix
	pre, dPre nn.Matrix // B x N A: actors' outputs before tanh, and the gradient there
	dAction   nn.Matrix // B x N A: of -mean Q
	actorWork []nn.Work // per agent: activations wait for the critic
	spareWork []nn.Work // per worker: targets need no memory
	critWork  []nn.Work // per worker

	batch     *Batch // of the update in hand
	td        [][]float32
	dQ        []nn.Matrix // per worker
	loss      []float64   // per critic
	objective []float64
	penalty   []float64 // per agent

	actAll, learnCritic, learnActor func(worker, index int)
}

func newMADDPG(c Config, p Problem, rng *nn.RNG, pool *nn.Pool) *maddpg {
	s := p.Shape
	obs, act, B := s.Agents*s.Observation, s.Agents*s.Action, c.BatchSize
	m := &maddpg{
		config: c, shape: s, pool: pool,
		team:  newTeam(s, c.ActorHidden, false, rng),
		joint: nn.NewInput(B, obs+act), nextJoint: nn.NewMatrix(B, obs+act), current: nn.NewMatrix(B, obs+act),
		mask: nn.NewMatrix(B, act), nextMask: nn.NewMatrix(B, act),
		pre: nn.NewMatrix(B, act), dPre: nn.NewMatrix(B, act), dAction: nn.NewMatrix(B, act),
		rows:    make([]float32, B*(obs+act)),
		penalty: make([]float64, s.Agents),
	}
	if p.Start != nil {
		m.team.startAt(p.Start)
	}
	m.targetTeam = m.team.clone()
	for _, net := range m.team.nets {
		m.actorSteps = append(m.actorSteps, newTrained(c.actorLearningRate(), c.ClipActor, net))
		m.actorWork = append(m.actorWork, net.NewWork(B, nil))
	}

	n := 1
	if c.Critic == "per_agent" {
		n = s.Agents
	}
	for range n {
		q := nn.NewMLP(nn.MLPConfig{In: obs + act, Hidden: c.CriticHidden, Out: 1, Activation: nn.ReLU, LayerNorm: c.CriticLayerNorm}, rng)
		m.critics = append(m.critics, q)
		m.targets = append(m.targets, q.Clone().(*nn.MLP))
		m.criticSteps = append(m.criticSteps, newTrained(c.LearningRate, c.ClipCritic, q))
		m.td = append(m.td, make([]float32, B))
	}
	m.loss, m.objective = make([]float64, n), make([]float64, n)

	for range pool.Workers() {
		m.spareWork = append(m.spareWork, m.team.nets[0].NewWork(B, nil))
		m.critWork = append(m.critWork, m.critics[0].NewWork(B, m.inner()))
		m.dQ = append(m.dQ, nn.NewMatrix(B, 1))
	}
	m.actAll, m.learnCritic, m.learnActor = m.act, m.updateCritic, m.updateActor
	return m
}

func (m *maddpg) Team() *Team { return m.team }

func (m *maddpg) Update(b *Batch, s Schedule, report func(string, float64)) {
	m.load(b)
	m.pool.Run(m.shape.Agents, m.actAll) // mu'(o'), mu(o)
	if len(m.critics) == 1 {
		m.updateCritic(0, 0) // y, L_Q, and the gradient of -mean Q(s, mu(o))
	} else {
		m.pool.Run(len(m.critics), m.learnCritic)
	}
	if !s.CriticOnly {
		m.pool.Run(m.shape.Agents, m.learnActor) // L_mu
		report("regulariser", sum(m.penalty))
		report("actor_grad_norm", meanNorm(m.actorSteps))
	}
	for k, q := range m.critics {
		nn.Polyak(m.targets[k].Params().Data, q.Params().Data, float32(m.config.TargetRate))
	}
	for i, mu := range m.team.nets {
		nn.Polyak(m.targetTeam.nets[i].Params().Data, mu.Params().Data, float32(m.config.TargetRate))
	}
	meanPriority(b.Priority, m.td)

	report("critic_loss", mean(m.loss))
	report("actor_objective", mean(m.objective))
	report("critic_grad_norm", meanNorm(m.criticSteps))
}

// load brings the batch into the layout of the networks.
func (m *maddpg) load(b *Batch) {
	m.batch = b
	obs, act := m.shape.Agents*m.shape.Observation, m.shape.Agents*m.shape.Action
	for r := range b.Size {
		row := m.rows[r*(obs+act) : (r+1)*(obs+act)]
		copy(row, b.Obs[r*obs:(r+1)*obs])
		copy(row[obs:], b.Action[r*act:(r+1)*act])
	}
	m.joint.SetRows(m.rows, obs+act) // as a whole, or the weight gradient's own form would be lost
	m.current.Features(0, obs).Copy(m.joint.Features(0, obs))
	m.nextJoint.Features(0, obs).SetRows(b.NextObs, obs)
	m.mask.SetRows(b.Mask, act)
	m.nextMask.SetRows(b.NextMask, act)
}

// act puts agent i's target action into s', mu'(o') and its current one into
// s, mu(o).
func (m *maddpg) act(worker, i int) {
	own := func(x nn.Matrix, from, dim int) nn.Matrix { return x.Features(from+i*dim, from+(i+1)*dim) }
	O, A, obs := m.shape.Observation, m.shape.Action, m.shape.Agents*m.shape.Observation

	next := m.targetTeam.nets[i].Forward(m.spareWork[worker], own(m.nextJoint, 0, O))
	maskedTanh(own(m.nextJoint, obs, A), next, own(m.nextMask, 0, A))

	pre := m.team.nets[i].Forward(m.actorWork[i], own(m.joint, 0, O))
	own(m.pre, 0, A).Copy(pre)
	maskedTanh(own(m.current, obs, A), pre, own(m.mask, 0, A))
}

// updateCritic moves critic k towards its targets, then asks it for the
// gradient of -mean Q(s, mu(o)) by the actions that follow it.
func (m *maddpg) updateCritic(worker, k int) {
	b, work, dQ := m.batch, m.critWork[worker], m.dQ[worker]
	B, gamma := float32(b.Size), float32(m.config.Discount)

	next := m.targets[k].Forward(work, m.nextJoint)
	td := m.td[k]
	for r := range td {
		td[r] = b.Reward[r] + gamma*(1-b.Done[r])*next.Data[r] // y, for now
	}
	q := m.critics[k].Forward(work, m.joint)
	loss := 0.0
	for r := range td {
		td[r] = q.Data[r] - td[r]
		loss += 0.5 * float64(b.Weight[r]) * float64(td[r]) * float64(td[r])
		dQ.Data[r] = b.Weight[r] * td[r] / B
	}
	m.loss[k] = loss / float64(b.Size)
	step := m.criticSteps[k]
	m.critics[k].Backward(work, dQ, step.grads[0], nn.Matrix{}, 0)
	step.step(m.inner())

	q = m.critics[k].Forward(work, m.current)
	objective := 0.0
	for r := range td {
		objective -= float64(q.Data[r])
		dQ.Data[r] = -1 / B
	}
	m.objective[k] = objective / float64(b.Size)
	from, to := m.followers(k)
	obs, A := m.shape.Agents*m.shape.Observation, m.shape.Action
	m.critics[k].Backward(work, dQ, nil, m.dAction.Features(from*A, to*A), obs+from*A)
}

// followers are the agents [from, to) whose actors follow critic k.
func (m *maddpg) followers(k int) (from, to int) {
	if len(m.critics) == 1 {
		return 0, m.shape.Agents
	}
	return k, k + 1
}

// inner is the pool inside one critic's work.
func (m *maddpg) inner() *nn.Pool {
	if len(m.critics) == 1 {
		return m.pool
	}
	return nil
}

// updateActor moves agent i's actor down the gradient of its loss.
func (m *maddpg) updateActor(_, i int) {
	A := m.shape.Action
	pre, dPre := m.pre.Features(i*A, (i+1)*A), m.dPre.Features(i*A, (i+1)*A)
	mask := m.mask.Features(i*A, (i+1)*A)
	throughMaskedTanh(dPre, m.dAction.Features(i*A, (i+1)*A), pre, mask)
	m.penalty[i] = addMaskedMeanSquare(dPre, pre, mask, m.config.MADDPG.PreTanhPenalty)
	step := m.actorSteps[i]
	m.team.nets[i].Backward(m.actorWork[i], dPre, step.grads[0], nn.Matrix{}, 0)
	step.step(nil)
}

func (m *maddpg) AppendState(b []byte) ([]byte, error) {
	var err error
	for _, t := range slices.Concat(m.criticSteps, m.actorSteps) {
		if b, err = t.appendState(b); err != nil {
			return nil, err
		}
	}
	for _, n := range slices.Concat(m.targets, m.targetTeam.nets) {
		if b, err = appendSection(b, n.Params()); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (m *maddpg) ReadState(b []byte) ([]byte, error) {
	var err error
	for _, t := range slices.Concat(m.criticSteps, m.actorSteps) {
		if b, err = t.readState(b); err != nil {
			return nil, err
		}
	}
	for _, n := range slices.Concat(m.targets, m.targetTeam.nets) {
		if b, err = readSection(b, n.Params()); err != nil {
			return nil, err
		}
	}
	return b, nil
}
