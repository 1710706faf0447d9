package marl

import (
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/nn"
)

// OPConfig holds what only OP and OP-MH have.
type OPConfig struct {
	// Lambda is lambda_0 of Table II: the Lagrange multipliers at the start.
	Lambda float64 `json:"lambda"`
	// LambdaMin is what no multiplier falls below.
	LambdaMin float64 `json:"lambda_min"`
	// LambdaMax is what no multiplier exceeds: an expert sees more than an agent
	// does, so that the constraint may be out of reach.
	LambdaMax float64 `json:"lambda_max"`
	// Epsilon is eps of eq. (26) and Table II, the policy deviation: how far, in
	// W_2 of eq. (29), an agent may be from its expert at the start.
	Epsilon float64 `json:"epsilon"`
	// EpsilonEnd is the policy deviation at the end.
	EpsilonEnd float64 `json:"epsilon_end"`
	// EpsilonFrom is the share of training after which the policy deviation
	// begins to grow, linearly.
	EpsilonFrom float64 `json:"epsilon_from"`
	// EpsilonTo is the share of training after which it grows no more.
	EpsilonTo float64 `json:"epsilon_to"`
	// DualLearningRate is lr of l = log lambda, eq. (39).
	DualLearningRate float64 `json:"dual_learning_rate"`
	// DualUpdates is the number of updates that DualLearningRate is meant for:
	// a training of fewer takes larger steps in proportion, at most 0.01, so
	// that multipliers get as far. 0: steps are as they stand.
	DualUpdates int `json:"dual_updates"`
}

// epsilon is the policy deviation when that share of training is over.
func (c *OPConfig) epsilon(progress float64) float64 {
	if progress >= c.EpsilonTo {
		return c.EpsilonEnd
	}
	grown := max(0, progress-c.EpsilonFrom) / (c.EpsilonTo - c.EpsilonFrom)
	return c.Epsilon + (c.EpsilonEnd-c.Epsilon)*grown
}

// dualLearningRate is lr of the multipliers in a training of that length.
func (c *Config) dualLearningRate() float64 {
	o := &c.OP
	if o.DualUpdates == 0 {
		return o.DualLearningRate
	}
	const most = 1e-2
	episodes := max(1, c.Episodes-c.WarmupEpisodes-c.CriticOnlyEpisodes)
	planned := max(1, episodes*env.StepsPerDay/c.TransitionsPerUpdate)
	return min(max(most, o.DualLearningRate), o.DualLearningRate*max(1, float64(o.DualUpdates)/float64(planned)))
}

// op is the paper's own algorithm ("our proposed", section III-B): twin Q and
// V critics, Gaussian actors, and for every agent a Lagrange multiplier that
// holds its policy to the expert's, eq. (34)-(39). In this order:
//
//	y     = r + gamma (1-d) V'(s')                                    V': follows V
//	L_Q   = sum_z mean 1/2 w (Q_z(s, a) - y)^2                        (35)
//	L_V   = mean (V(s) - min_z Q_z(s, a~))^2                          (34)
//	W_i   = mean sqrt( mean_own [(mu_i - a_i^E)^2 + sigma_i^2] )      (29)
//	L_pi  = -mean min_z Q_z(s, a~) + sum_i lambda_i (W_i - eps)       (38)
//	L_l   = -lambda_i (W_i - eps),  lambda_i = exp(l_i)               (39)
//
// with a~ = clip(mu + sigma xi), drawn once from all current policies. W_i
// averages over the rows in which the expert told agent i something. With
// per-agent critics, actor i follows Q_i with the other agents' actions held
// fixed; with the shared one, all follow the joint gradient.
type op struct {
	state
	config *Config
	pool   *nn.Pool

	in       *inputs
	actors   *actors
	q, v     *critics
	dual     *multipliers
	byAction joint   // gradient of -mean min_z Q_z(s, a~)
	epsilon  float64 // of the update in hand

	act, learnCritic, learnActor func(worker, index int)
}

func newOP(c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) Learner {
	return newOPWith(jointCritics(c, p.Shape, rng), c, p, rng, pool)
}

func newOPWith(kind criticKind, c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) *op {
	o := &op{
		config: c, pool: pool,
		in:       newInputs(p.Shape, c.BatchSize, kind.tokens),
		actors:   newActors(c, p, true, rng),
		q:        newCritics(kind, c, p.Shape, true, 2, pool),
		v:        newCritics(kind, c, p.Shape, false, 1, pool).withTargets(),
		dual:     newMultipliers(p.Shape.Agents, c),
		byAction: newJoint(actionsOnly(p.Shape), c.BatchSize, kind.tokens),
	}
	o.state = slices.Concat(o.q.parts(), o.v.parts(), o.actors.parts(), o.dual.parts())
	o.act, o.learnCritic, o.learnActor = o.actOne, o.learnCritics, o.learnOneActor
	return o
}

func (o *op) Team() *Team { return o.actors.team }

func (o *op) Update(b *Batch, s Schedule, report func(string, float64)) {
	b.Noise.FillNormal(o.in.drawn) // xi
	o.epsilon = o.config.OP.epsilon(s.Progress)
	o.in.load(b)
	o.pool.Run(len(o.dual.w), o.act) // a~
	o.q.each(o.learnCritic)          // y, L_Q, L_V, V'
	if !s.CriticOnly {
		o.actors.each(o.pool, o.learnActor)    // W, L_pi
		o.dual.learn(o.in.labelled, o.epsilon) // L_l
		o.dual.report(o.in.labelled, o.epsilon, report)
		report("actor_grad_norm", o.actors.gradNorm())
	}
	report("actor_objective", mean(o.q.objective))
	report("value_loss", mean(o.v.loss))
	report("policy_sigma", o.actors.meanSigma(o.in.mask))
	o.q.report(b, report)
}

// actOne puts agent i's sample a~ into s, a~.
func (o *op) actOne(_, i int) {
	in := o.in
	in.loadAgent(i)
	sample(in.now.action(i), o.actors.say(i, in.seen.observation(i)), in.noise[i], in.mask[i])
}

// learnCritics moves Q_k, V_k and its target, then asks Q_k which way actions
// should go.
func (o *op) learnCritics(worker, k int) {
	q, v, in := o.q, o.v, o.in
	y := q.backUp(worker, in.Reward, in.Done, v.lowest(worker, v.targets[k], in.next.observations()))
	q.learn(worker, k, in.seen.Matrix, y, 0.5, in.Weight)

	low := q.lowest(worker, q.sets[k].nets, in.now.Matrix)
	v.learn(worker, k, in.seen.observations(), low, 1, nil)
	v.follow(k)
	q.lower(worker, k, q.sets[k].nets, 1, o.byAction)
}

// learnOneActor moves agent i's actor; lambda_i is that of before the update.
func (o *op) learnOneActor(_, i int) {
	in := o.in
	slope := o.actors.begin(i, o.byAction.action(i), in.mask[i], in.noise[i])
	o.dual.w[i] = addWasserstein(slope, o.actors.said[i], in.expert[i], in.mask[i], in.share[i], o.dual.lambda(i))
	o.actors.learn(i)
}

// addWasserstein adds to slope the gradient by mu and sigma of lambda W with
//
//	W = sum_b share_b sqrt( mean_own [(mu - expert)^2 + sigma^2] + 1e-8 )
//
// own being the features that the mask keeps, and returns W, eq. (29): the root
// over the mean makes it comparable with the same eps for any number of devices.
func addWasserstein(slope, said, expert, mask nn.Matrix, share []float32, lambda float64) float64 {
	value := 0.0
	for p := range mask.Panels() {
		share := share[p*nn.Lanes:][:nn.Lanes]
		var own, squares [nn.Lanes]float64
		for f := range mask.Dim {
			mu, sigma := said.Row(p, f), said.Row(p, mask.Dim+f)
			e, m := expert.Row(p, f), mask.Row(p, f)
			for l := range m {
				d, s := float64(mu[l]-e[l]), float64(sigma[l])
				own[l] += float64(m[l])
				squares[l] += float64(m[l]) * (d*d + s*s)
			}
		}
		var factor [nn.Lanes]float32
		for l, s := range share {
			if s > 0 {
				w := math.Sqrt(squares[l]/own[l] + 1e-8)
				value += float64(s) * w
				factor[l] = float32(lambda * float64(s) / (own[l] * w))
			}
		}
		for f := range mask.Dim {
			mu, sigma := said.Row(p, f), said.Row(p, mask.Dim+f)
			e, m := expert.Row(p, f), mask.Row(p, f)
			dMu, dSigma := slope.Row(p, f), slope.Row(p, mask.Dim+f)
			for l := range m {
				dMu[l] += factor[l] * m[l] * (mu[l] - e[l])
				dSigma[l] += factor[l] * m[l] * sigma[l]
			}
		}
	}
	return value
}

func (c *OPConfig) validate() error {
	return firstError("op",
		bounded{"lambda_min", c.LambdaMin, 1e-9, 1e6}, bounded{"lambda_max", c.LambdaMax, c.LambdaMin, 1e6}, bounded{"lambda", c.Lambda, c.LambdaMin, c.LambdaMax},
		bounded{"epsilon", c.Epsilon, 0, 2}, bounded{"epsilon_end", c.EpsilonEnd, 0, 2},
		bounded{"epsilon_from", c.EpsilonFrom, 0, 1}, bounded{"epsilon_to", c.EpsilonTo, c.EpsilonFrom, 1},
		bounded{"dual_learning_rate", c.DualLearningRate, 0, 1}, bounded{"dual_updates", float64(c.DualUpdates), 0, 1e12},
	)
}
