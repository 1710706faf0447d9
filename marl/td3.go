package marl

import (
	"slices"

	"github.com/peerwatt/peerwatt/nn"
)

// TD3Config holds what MATD3+BC and MAGAIL have of TD3 (Fujimoto, van Hoof and
// Meger 2018).
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

// td3 is the part of TD3 that does not depend on what actors are to do:
//
//	a'   = clip(mu'(o') + clip(sigma xi, c))
//	y    = r + gamma (1-d) min_z Q'_z(s', a')
//	L_Q  = sum_z mean 1/2 w (Q_z(s, a) - y)^2
//
// with actors and all targets moving in every Delay-th update.
type td3 struct {
	config *Config
	pool   *nn.Pool

	in       *inputs
	actors   *actors
	q        *critics
	byAction joint // gradient of the actors' objective
	updates  counter
	delayed  bool // actors and targets rest in the update in hand
	resting  bool // actors do
}

func newTD3(c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) td3 {
	return td3{
		config: c, pool: pool,
		in:       newInputs(p.Shape, c.BatchSize, false),
		actors:   newActors(c, p, false, rng).withTarget(c.BatchSize, pool),
		q:        newCritics(jointCritics(c, p.Shape, rng), c, p.Shape, true, 2, pool).withTargets(),
		byAction: newJoint(actionsOnly(p.Shape), c.BatchSize, false),
	}
}

// Team returns the current policies.
func (t *td3) Team() *Team { return t.actors.team }

// begin takes a batch in, and decides who moves.
func (t *td3) begin(b *Batch, s Schedule) {
	t.updates++
	t.delayed = int(t.updates)%t.config.TD3.Delay != 0
	t.resting = t.delayed || s.CriticOnly
	b.Noise.FillNormal(t.in.nextDrawn) // xi
	t.in.load(b)
}

// act puts agent i's smoothed target action into s', a', and its current one
// into s, mu(o).
func (t *td3) act(worker, i int) {
	in, c := t.in, &t.config.TD3
	in.loadAgent(i)
	mu := t.actors.ask(worker, i, in.next.observation(i))
	smooth(in.next.action(i), mu, in.nextNoise[i], in.nextMask[i], float32(c.TargetSigma), float32(c.TargetClip))
	if !t.resting {
		multiply(in.now.action(i), t.actors.say(i, in.seen.observation(i)), in.mask[i])
	}
}

// learnTwins moves the twins of critic k, and their targets.
func (t *td3) learnTwins(worker, k int, reward []float32) {
	q, in := t.q, t.in
	y := q.backUp(worker, reward, in.Done, q.lowest(worker, q.targets[k], in.next.Matrix))
	q.learn(worker, k, in.seen.Matrix, y, 0.5, in.Weight)
	if !t.delayed {
		q.follow(k)
	}
}

// parts are what a checkpoint must hold.
func (t *td3) parts() []part {
	return slices.Concat(t.q.parts(), t.actors.parts(), []part{&t.updates})
}

func (c *TD3Config) validate() error {
	return firstError("td3",
		bounded{"delay", float64(c.Delay), 1, 1e6}, bounded{"target_sigma", c.TargetSigma, 0, 2}, bounded{"target_clip", c.TargetClip, 0, 2},
		bounded{"exploration", c.Exploration, 0, 2},
	)
}
