package marl

import (
	"math"

	"github.com/peerwatt/peerwatt/nn"
)

// MAGAILConfig holds what only MAGAIL has.
type MAGAILConfig struct {
	// Hidden are the widths of the discriminator's hidden layers.
	Hidden []int `json:"hidden"`
	// LearningRate is lr of the discriminator.
	LearningRate float64 `json:"learning_rate"`
	// CloningUpdates is the number of first updates that clone the expert.
	CloningUpdates int `json:"cloning_updates"`
	// DiscriminatorUpdates is the number of updates after these in which only
	// the discriminator learns.
	DiscriminatorUpdates int `json:"discriminator_updates"`
}

// magail is generative adversarial imitation learning for many agents (Song,
// Ren, Sadigh and Ermon 2018), off-policy. It sees no reward of the environment.
// First actors clone the expert,
//
//	L_mu = sum_i mean_own (mu_i - a_i^E)^2
//
// then a discriminator alone learns to tell expert from agents, and from then
// on, in this order:
//
//	L_D  = see discriminator
//	r_i  = log D_i - log(1-D_i)                of what agent i did: the logit
//	y    = r + gamma (1-d) min_z Q'_z(s', a')  as TD3; r: mean of r_i, or r_k of per-agent critics
//	L_Q  = sum_z mean 1/2 w (Q_z(s, a) - y)^2
//	L_mu = -mean Q_1(s, mu(o))                 in every second update
//
// The reward takes both signs: one of a single sign would teach to end a day
// soon, or late. It is the logit from before the discriminator's step. Where a
// transition spans several steps, its first speaks for all.
type magail struct {
	state
	td3
	judge   *discriminator
	reward  [][]float32 // per critic, B
	cloning []float64   // per agent

	actOne, learnCritic, learnActor, cloneOne func(worker, index int)
}

func newMAGAIL(c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) Learner {
	m := &magail{td3: newTD3(c, p, rng, pool), judge: newDiscriminator(c, p.Shape, rng, pool), cloning: make([]float64, p.Shape.Agents)}
	for range m.q.sets {
		m.reward = append(m.reward, make([]float32, c.BatchSize))
	}
	m.state = append(m.parts(), m.judge.parts()...)
	m.actOne, m.learnCritic, m.learnActor, m.cloneOne = m.act, m.learnOneCritic, m.learnOneActor, m.cloneOneActor
	return m
}

func (m *magail) Update(b *Batch, s Schedule, report func(string, float64)) {
	m.begin(b, s)
	c, agents := &m.config.MAGAIL, len(m.cloning)
	if int(m.updates) <= c.CloningUpdates {
		m.actors.each(m.pool, m.cloneOne)
		report("cloning_loss", sum(m.cloning))
		indifferent(b)
		return
	}
	m.pool.Run(agents, m.actOne) // a', mu(o)
	m.judge.judgeAll(m.in, m.pool)
	m.judge.report(report)
	if int(m.updates) <= c.CloningUpdates+c.DiscriminatorUpdates {
		indifferent(b)
		return
	}
	m.rewards()
	report("imitation_reward", float64(sum32(m.reward))/float64(len(m.reward)*b.Size))
	m.q.each(m.learnCritic) // y, L_Q, target Q
	if !m.resting {
		m.actors.each(m.pool, m.learnActor) // L_mu, target mu
		report("actor_objective", mean(m.q.objective))
		report("actor_grad_norm", m.actors.gradNorm())
	}
	m.q.report(b, report)
}

// indifferent gives all rows the priority that new transitions have.
func indifferent(b *Batch) {
	for r := range b.Priority {
		b.Priority[r] = 1
	}
}

// cloneOneActor moves agent i's actor towards the expert, and its target along
// with it.
func (m *magail) cloneOneActor(_, i int) {
	in := m.in
	in.loadAgent(i)
	said, slope := m.actors.say(i, in.seen.observation(i)), m.actors.slope[i]
	slope.Zero()
	m.cloning[i] = addCloning(slope, said, in.expert[i], in.mask[i], in.share[i], 1)
	m.actors.learn(i)
	copy(m.actors.target.nets[i].Params().Data, m.actors.team.nets[i].Params().Data)
}

// rewards fills in what every critic learns from.
func (m *magail) rewards() {
	span := float32(0)
	for t := range m.config.NStep {
		span += float32(math.Pow(m.config.Discount, float64(t)))
	}
	for k, reward := range m.reward {
		clear(reward)
		from, to := 0, len(m.cloning)
		if m.q.alone {
			from, to = k, k+1
		}
		for _, logit := range m.judge.logit[from:to] {
			for b := range reward {
				reward[b] += span * logit[b] / float32(to-from)
			}
		}
	}
}

// learnOneCritic moves the twins of critic k and their targets, then asks the
// first which way actions should go.
func (m *magail) learnOneCritic(worker, k int) {
	m.learnTwins(worker, k, m.reward[k])
	if !m.resting {
		first := m.q.sets[k].nets[:1]
		m.q.lowest(worker, first, m.in.now.Matrix)
		m.q.lower(worker, k, first, 1, m.byAction)
	}
}

// learnOneActor moves agent i's actor, and its target.
func (m *magail) learnOneActor(_, i int) {
	m.actors.begin(i, m.byAction.action(i), m.in.mask[i], nn.Matrix{})
	m.actors.learn(i)
	m.actors.follow(i)
}

func (c *MAGAILConfig) validate() error {
	return firstError("magail",
		widths{"hidden", c.Hidden}, bounded{"learning_rate", c.LearningRate, 1e-9, 1},
		bounded{"cloning_updates", float64(c.CloningUpdates), 0, 1e12}, bounded{"discriminator_updates", float64(c.DiscriminatorUpdates), 0, 1e12},
	)
}
