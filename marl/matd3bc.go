package marl

import "github.com/peerwatt/peerwatt/nn"

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
//	L_mu = -(alpha / mean |Q_1|) mean Q_1(s, mu(o)) + sum_i mean_own (mu_i - a_i^E)^2
//
// the last in every second update only, before all targets follow, and with
// mean |Q_1| as a constant. Cloning averages over the rows in which the expert
// told agent i something.
type matd3bc struct {
	state
	td3
	cloning []float64 // per agent

	actOne, learnCritic, learnActor func(worker, index int)
}

func newMATD3BC(c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) Learner {
	m := &matd3bc{td3: newTD3(c, p, rng, pool), cloning: make([]float64, p.Shape.Agents)}
	m.state = m.parts()
	m.actOne, m.learnCritic, m.learnActor = m.act, m.learnOneCritic, m.learnOneActor
	return m
}

func (m *matd3bc) Update(b *Batch, s Schedule, report func(string, float64)) {
	m.begin(b, s)
	m.pool.Run(len(m.cloning), m.actOne) // a', mu(o)
	m.q.each(m.learnCritic)              // y, L_Q, target Q
	if !m.resting {
		m.actors.each(m.pool, m.learnActor) // L_mu, target mu
		report("actor_objective", mean(m.q.objective))
		report("cloning_loss", sum(m.cloning))
		report("actor_grad_norm", m.actors.gradNorm())
	}
	m.q.report(b, report)
}

// learnOneCritic moves the twins of critic k and their targets, then asks the
// first which way actions should go.
func (m *matd3bc) learnOneCritic(worker, k int) {
	m.learnTwins(worker, k, m.in.Reward)
	if !m.resting {
		first := m.q.sets[k].nets[:1]
		size := meanSize(m.q.lowest(worker, first, m.in.now.Matrix))
		m.q.lower(worker, k, first, float32(m.config.MATD3BC.Weight/size), m.byAction)
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

func (c *MATD3BCConfig) validate() error {
	return firstError("matd3bc", bounded{"weight", c.Weight, 0, 1e6})
}
