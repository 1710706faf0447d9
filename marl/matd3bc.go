package marl

import (
	"slices"

	"github.com/peerwatt/peerwatt/nn"
)

// TD3Config holds what MATD3+BC and MAGAIL's generator have of TD3 (Fujimoto,
// van Hoof and Meger 2018).
type TD3Config struct {
	// Delay is the number of critic updates to one of actors and targets.
	Delay int `json:"delay"`
	// TargetSigma is the standard deviation of the noise on target actions.
	TargetSigma float64 `json:"target_sigma"`
	// TargetClip bounds that noise.
	TargetClip float64 `json:"target_clip"`
	// Exploration is the standard deviation of the noise on actions in training.
	Exploration float64 `json:"exploration"`
}

// MATD3BCConfig holds what only MATD3+BC has.
type MATD3BCConfig struct {
	// Weight is alpha of TD3+BC (Fujimoto and Gu 2021): the weight of Q, divided
	// by its mean size, against cloning the expert.
	Weight float64 `json:"weight"`
}

// matd3bc is TD3 for many agents with the expert's actions cloned (Fujimoto and
// Gu 2021), in this order:
//
//	a'   = clip(mu'(o') + clip(sigma xi, c))
//	y    = r + gamma (1-d) min_z Q'_z(s', a')
//	L_Q  = sum_z mean 1/2 w (Q_z(s, a) - y)^2
//
// and in every second update, before all targets follow,
//
//	L_mu = -(2.5 / mean |Q_1|) mean Q_1(s, mu(o)) + sum_i mean_own (mu_i - a_i^E)^2
//
// with mean |Q_1| as a constant. Cloning averages over the rows in which the
// expert told agent i something.
type matd3bc struct {
	state
	config *Config
	pool   *nn.Pool

	in       *inputs
	actors   *actors
	q        *critics
	byAction joint     // gradient of -2.5 mean Q_1 / mean |Q_1|
	cloning  []float64 // per agent
	updates  counter
	delayed  bool // whether actors and targets rest in the update in hand
	resting  bool // whether actors do

	act, learnCritic, learnActor func(worker, index int)
}

func newMATD3BC(c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) *matd3bc {
	m := &matd3bc{
		config: c, pool: pool,
		in:       newInputs(p.Shape, c.BatchSize, false),
		actors:   newActors(c, p, false, rng).withTarget(c.BatchSize, pool),
		q:        newCritics(jointCritics(c, p.Shape, rng), c, p.Shape, true, 2, pool),
		byAction: newJoint(actionsOnly(p.Shape), c.BatchSize, false),
		cloning:  make([]float64, p.Shape.Agents),
	}
	m.state = slices.Concat(m.q.parts(), m.actors.parts(), []part{&m.updates})
	m.act, m.learnCritic, m.learnActor = m.actOne, m.learnOneCritic, m.learnOneActor
	return m
}

func (m *matd3bc) Team() *Team { return m.actors.team }

func (m *matd3bc) Update(b *Batch, s Schedule, report func(string, float64)) {
	m.updates++
	m.delayed = int(m.updates)%m.config.TD3.Delay != 0
	m.resting = m.delayed || s.CriticOnly
	b.Noise.FillNormal(m.in.nextDrawn) // xi
	m.in.load(b)
	m.pool.Run(len(m.cloning), m.act) // a', mu(o)
	m.q.each(m.learnCritic)           // y, L_Q, target Q
	if !m.resting {
		m.pool.Run(len(m.cloning), m.learnActor) // L_mu, target mu
		report("actor_objective", mean(m.q.objective))
		report("cloning_loss", sum(m.cloning))
		report("actor_grad_norm", meanNorm(m.actors.steps))
	}
	m.q.report(b, report)
}

// actOne puts agent i's smoothed target action into s', a', and its current
// one into s, mu(o).
func (m *matd3bc) actOne(worker, i int) {
	in, c := m.in, &m.config.TD3
	in.loadAgent(i)
	mu := m.actors.ask(worker, i, in.next.observation(i))
	smooth(in.next.action(i), mu, in.nextNoise[i], in.nextMask[i], float32(c.TargetSigma), float32(c.TargetClip))
	if !m.resting {
		multiply(in.now.action(i), m.actors.say(i, in.seen.observation(i)), in.mask[i])
	}
}

// learnOneCritic moves the twins of critic k and their targets, then asks the
// first which way actions should go.
func (m *matd3bc) learnOneCritic(worker, k int) {
	q, in := m.q, m.in
	y := q.backUp(worker, in.Reward, in.Done, q.lowest(worker, q.targets[k], in.next.Matrix))
	q.learn(worker, k, in.seen.Matrix, y, 0.5, in.Weight)
	if !m.delayed {
		q.follow(k)
	}
	if !m.resting {
		first := q.sets[k].nets[:1]
		size := meanSize(q.lowest(worker, first, in.now.Matrix))
		q.lower(worker, k, first, float32(m.config.MATD3BC.Weight/size), m.byAction)
	}
}

// learnOneActor moves agent i's actor, and its target.
func (m *matd3bc) learnOneActor(_, i int) {
	in := m.in
	slope := m.actors.begin(i, m.byAction.action(i), in.mask[i], nn.Matrix{})
	m.cloning[i] = addCloning(slope, m.actors.said[i], in.expert[i], in.mask[i], in.share[i], 1)
	m.actors.learn(i)
	m.actors.follow(i)
}

func (c *TD3Config) validate() error {
	return firstError("td3",
		bounded{"delay", float64(c.Delay), 1, 1e6}, bounded{"target_sigma", c.TargetSigma, 0, 2}, bounded{"target_clip", c.TargetClip, 0, 2},
		bounded{"exploration", c.Exploration, 0, 2},
	)
}

func (c *MATD3BCConfig) validate() error {
	return firstError("matd3bc", bounded{"weight", c.Weight, 0, 1e6})
}
