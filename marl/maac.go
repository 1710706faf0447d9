package marl

import (
	"fmt"
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/nn"
)

// MAACConfig holds what only MAAC has.
type MAACConfig struct {
	// Alpha is the price of the policies' log-density, so the reward of entropy.
	Alpha float64 `json:"alpha"`
	// Heads is the number of attention heads of the critic.
	Heads int `json:"heads"`
	// Hidden is the width of everything inside the critic.
	Hidden int `json:"hidden"`
	// LogitPenalty is the price of the critic's squared attention logits.
	LogitPenalty float64 `json:"logit_penalty"`
}

// maac is multi-actor-attention-critic (Iqbal and Sha 2019) for continuous
// actions: Gaussian actors, and a critic that gives every agent a value of its
// own, see attendingCritic. In this order:
//
//	a'    = clip(mu' + sigma' xi'), from the target policies
//	y_i   = r + gamma (1-d) (Q'_i(s', a') - alpha log pi'_i(a'_i | o'_i))
//	L_Q   = mean 1/2 w (Q_i(s, a) - y_i)^2 + price of the attention logits
//	a~    = clip(mu + sigma xi)
//	L_pi  = sum_i mean [ alpha log pi_i(a~_i | o_i) - Q_i(s, a~) ]
//
// then targets follow. The other agents' actions are fixed in Q_i. The
// log-density is that of the sample before it is cut off at the bounds, summed
// over the agent's own action dimensions; in the target it is the next action's.
type maac struct {
	state
	config *Config
	pool   *nn.Pool

	in       *inputs
	actors   *actors
	critic   *attendingCritic
	target   *attendingCritic
	step     *trained
	nets     []nn.Network // of critic and target
	targets  []nn.Network
	pass     *attending
	y, slope nn.Matrix
	byAction joint
	delta    [][]float32 // B: mean over agents of |Q_i - y_i|
	density  [][]float32 // per agent, B: log pi' of the next actions, then log pi of the current ones

	act, learnActor, followCritic func(worker, index int)
}

func newMAAC(c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) Learner {
	s := p.Shape
	m := &maac{
		config: c, pool: pool,
		in:       newInputs(s, c.BatchSize, true),
		actors:   newActors(c, p, true, rng).withTarget(c.BatchSize, pool),
		critic:   newAttendingCritic(&c.MAAC, s, rng),
		y:        nn.NewTokens(s.Agents, c.BatchSize, 1),
		slope:    nn.NewTokens(s.Agents, c.BatchSize, 1),
		byAction: newJoint(actionsOnly(s), c.BatchSize, true),
		delta:    [][]float32{make([]float32, c.BatchSize)},
	}
	m.target = m.critic.clone()
	m.nets, m.targets = m.critic.nets(), m.target.nets()
	m.step = newTrained(c.LearningRate, c.ClipCritic, m.nets...)
	m.pass = newAttending(m.critic, &c.MAAC, s, c.BatchSize, pool)
	for range s.Agents {
		m.density = append(m.density, make([]float32, c.BatchSize))
	}
	m.state = slices.Concat(m.step.parts(), m.actors.parts())
	for _, net := range m.targets {
		m.state = append(m.state, net.Params())
	}
	m.act, m.learnActor, m.followCritic = m.actOne, m.learnOneActor, m.followOne
	return m
}

func (m *maac) Team() *Team { return m.actors.team }

func (m *maac) Update(b *Batch, s Schedule, report func(string, float64)) {
	in, agents := m.in, len(m.density)
	b.Noise.FillNormal(in.nextDrawn) // xi'
	b.Noise.FillNormal(in.drawn)     // xi
	in.load(b)
	m.pool.Run(agents, m.act) // a', log pi', a~

	m.backUp(m.pass.forward(m.target, in.next))
	q := m.pass.forward(m.critic, in.seen)
	clear(m.delta[0])
	loss := squaredError(m.slope, q, m.y, 0.5, b.Weight, m.delta[0], 1)
	price := m.pass.learn(m.slope, m.step.grads)
	m.step.step(m.pool)
	m.pool.Run(len(m.nets), m.followCritic)

	if !s.CriticOnly {
		value := meanOf(m.pass.forward(m.critic, in.now))
		m.each(-1 / float32(b.Size))
		m.pass.lower(m.slope, m.byAction)
		m.actors.each(m.pool, m.learnActor) // log pi, L_pi, target pi
		density := float64(sum32(m.density)) / float64(agents*b.Size)
		report("actor_objective", m.config.MAAC.Alpha*density-value)
		report("entropy", -density)
		report("actor_grad_norm", m.actors.gradNorm())
	}
	meanPriority(b.Priority, m.delta)
	report("critic_loss", loss)
	report("logit_penalty", price)
	report("critic_grad_norm", m.step.norm)
	report("policy_sigma", m.actors.meanSigma(in.mask))
}

// actOne puts agent i's next action into s', a' and its sample into s, a~.
func (m *maac) actOne(worker, i int) {
	in := m.in
	in.loadAgent(i)
	next := m.actors.ask(worker, i, in.next.observation(i))
	sample(in.next.action(i), next, in.nextNoise[i], in.nextMask[i])
	logDensity(m.density[i], next, in.nextNoise[i], in.nextMask[i])
	sample(in.now.action(i), m.actors.say(i, in.seen.observation(i)), in.noise[i], in.mask[i])
}

// backUp finds y from the values of s', a'.
func (m *maac) backUp(next nn.Matrix) {
	gamma, alpha, in := float32(m.config.spanDiscount()), float32(m.config.MAAC.Alpha), m.in
	for i, density := range m.density {
		y, v := m.y.Block(i).Data, next.Block(i).Data
		for b, r := range in.Reward {
			y[b] = r + gamma*(1-in.Done[b])*(v[b]-alpha*density[b])
		}
	}
}

// each sets the gradient by every value to x.
func (m *maac) each(x float32) {
	for i := range m.density {
		slope := m.slope.Block(i).Data
		for b := range m.in.Size {
			slope[b] = x
		}
	}
}

// learnOneActor moves agent i's actor, and its target.
func (m *maac) learnOneActor(_, i int) {
	in := m.in
	slope := m.actors.begin(i, m.byAction.action(i), in.mask[i], in.noise[i])
	logDensity(m.density[i], m.actors.said[i], in.noise[i], in.mask[i])
	addDensity(slope, m.actors.said[i], in.mask[i], m.config.MAAC.Alpha)
	m.actors.learn(i)
	m.actors.follow(i)
}

func (m *maac) followOne(_, i int) {
	nn.Polyak(m.targets[i].Params().Data, m.nets[i].Params().Data, float32(m.config.TargetRate))
}

// logDensity writes, for every sample, the log-density of mu + sigma noise,
//
//	sum_own [ -noise^2/2 - log sigma - log(2 pi)/2 ]
func logDensity(dst []float32, said, noise, mask nn.Matrix) {
	clear(dst)
	for p := range mask.Panels() {
		lanes := min(nn.Lanes, mask.Batch-p*nn.Lanes)
		out := dst[p*nn.Lanes:][:lanes]
		for f := range mask.Dim {
			sigma, z, m := said.Row(p, mask.Dim+f), noise.Row(p, f), mask.Row(p, f)
			for l := range out {
				if m[l] != 0 {
					out[l] -= 0.5*z[l]*z[l] + float32(math.Log(float64(sigma[l]))) + halfLog2Pi
				}
			}
		}
	}
}

const halfLog2Pi = 0.91893853

// addDensity adds to slope the gradient of alpha times the mean log-density: a
// sample moves with mu and sigma, so only log sigma is left of it.
func addDensity(slope, said, mask nn.Matrix, alpha float64) {
	by := float32(alpha / float64(mask.Batch))
	for p := range mask.Panels() {
		_, sigma := halves(said, p)
		_, dSigma := halves(slope, p)
		for l, m := range mask.Panel(p) {
			dSigma[l] -= by * m / sigma[l]
		}
	}
}

func rsqrt(n int) float32 { return float32(1 / math.Sqrt(float64(n))) }

func (c *MAACConfig) validate() error {
	if c.Heads > 0 && c.Hidden%c.Heads != 0 {
		return fmt.Errorf("algorithm.maac.heads: %d does not divide hidden, %d", c.Heads, c.Hidden)
	}
	return firstError("maac",
		bounded{"alpha", c.Alpha, 0, 1e3}, bounded{"heads", float64(c.Heads), 1, 64}, bounded{"hidden", float64(c.Hidden), 1, 1 << 12},
		bounded{"logit_penalty", c.LogitPenalty, 0, 1e3},
	)
}
