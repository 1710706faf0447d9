package marl

import (
	"slices"

	"github.com/peerwatt/peerwatt/nn"
)

// MADDPGConfig holds what only MADDPG has.
type MADDPGConfig struct {
	// PreTanhPenalty is the price of the squared distance of an actor's output
	// before its tanh from where it began: from zero, or from the idle action.
	PreTanhPenalty float64 `json:"pre_tanh_penalty"`
}

// maddpg is multi-agent deep deterministic policy gradient (Lowe et al. 2017)
// with critics of all observations and actions and an actor per agent:
//
//	y    = r + gamma (1-d) Q'(s', mu'(o'))
//	L_Q  = mean 1/2 w (Q(s, a) - y)^2
//	L_mu = -mean Q(s, mu(o)) + sum_i c mean_own (pre_i - start_i)^2
//
// in this order: targets, current actions, critic, actors, Polyak averaging; pre
// is an actor's output before its tanh, start where it began. With per-agent
// critics, actor i follows Q_i with the other agents' actions held fixed; with
// the shared one, all follow the joint gradient.
type maddpg struct {
	state
	config *Config
	pool   *nn.Pool

	in       *inputs
	actors   *actors
	q        *critics
	byAction joint     // gradient of -mean Q(s, mu(o))
	penalty  []float64 // per agent

	act, learnCritic, learnActor func(worker, index int)
}

func newMADDPG(c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) Learner {
	m := &maddpg{
		config: c, pool: pool,
		in:       newInputs(p.Shape, c.BatchSize, false),
		actors:   newActors(c, p, false, rng).withTarget(c.BatchSize, pool),
		q:        newCritics(jointCritics(c, p.Shape, rng), c, p.Shape, true, 1, pool).withTargets(),
		byAction: newJoint(actionsOnly(p.Shape), c.BatchSize, false),
		penalty:  make([]float64, p.Shape.Agents),
	}
	m.state = slices.Concat(m.q.parts(), m.actors.parts())
	m.act, m.learnCritic, m.learnActor = m.actOne, m.learnOneCritic, m.learnOneActor
	return m
}

func (m *maddpg) Team() *Team { return m.actors.team }

func (m *maddpg) Update(b *Batch, s Schedule, report func(string, float64)) {
	m.in.load(b)
	m.pool.Run(len(m.penalty), m.act) // mu'(o'), mu(o)
	m.q.each(m.learnCritic)           // y, L_Q, target Q
	if !s.CriticOnly {
		m.actors.each(m.pool, m.learnActor) // L_mu, target mu
		report("regulariser", sum(m.penalty))
		report("actor_grad_norm", m.actors.gradNorm())
	}
	report("actor_objective", mean(m.q.objective))
	m.q.report(b, report)
}

// actOne puts agent i's target action into s', mu'(o') and its current one
// into s, mu(o).
func (m *maddpg) actOne(worker, i int) {
	in := m.in
	in.loadAgent(i)
	multiply(in.next.action(i), m.actors.ask(worker, i, in.next.observation(i)), in.nextMask[i])
	multiply(in.now.action(i), m.actors.say(i, in.seen.observation(i)), in.mask[i])
}

// learnOneCritic moves critic k and its target, then asks it which way actions
// should go.
func (m *maddpg) learnOneCritic(worker, k int) {
	q, in := m.q, m.in
	y := q.backUp(worker, in.Reward, in.Done, q.lowest(worker, q.targets[k], in.next.Matrix))
	q.learn(worker, k, in.seen.Matrix, y, 0.5, in.Weight)
	q.follow(k)
	q.lowest(worker, q.sets[k].nets, in.now.Matrix)
	q.lower(worker, k, q.sets[k].nets, 1, m.byAction)
}

// learnOneActor moves agent i's actor, and its target.
func (m *maddpg) learnOneActor(_, i int) {
	m.actors.begin(i, m.byAction.action(i), m.in.mask[i], nn.Matrix{})
	slope, start := m.actors.through(i), m.actors.team.startOf(i)
	m.penalty[i] = addDrift(slope, m.actors.raw[i], m.in.mask[i], start, m.config.MADDPG.PreTanhPenalty)
	m.actors.move(i)
	m.actors.follow(i)
}

func (c *MADDPGConfig) validate() error {
	return firstError("maddpg", bounded{"pre_tanh_penalty", c.PreTanhPenalty, 0, 1e6})
}
