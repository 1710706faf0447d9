package marl

import (
	"github.com/peerwatt/peerwatt/nn"
	"github.com/peerwatt/peerwatt/nn/kernel"
)

// actors are the policies of a learner, with what moves them. What an actor
// says of a batch is mu = tanh(.), the action before its mask, and for Gaussian
// ones sigma beside it; losses give their gradients by these.
type actors struct {
	team  *Team
	steps []*trained
	rate  float32

	works []nn.Work   // per agent: activations wait for the critics
	raw   []nn.Matrix // per agent, B x A or B x 2 A: the network's outputs
	said  []nn.Matrix // per agent: mu, and sigma in the features from A on
	slope []nn.Matrix // per agent: the loss's gradient by said, then by raw

	// The team that follows slowly, for learners that have one. Its outputs do
	// not wait, so they are per worker.
	target     *Team
	spare      []nn.Work
	targetSaid []nn.Matrix
}

func newActors(c *Config, p Problem, gaussian bool, rng *nn.RNG) *actors {
	a := &actors{team: newTeam(p.Shape, c.ActorHidden, gaussian, rng), rate: float32(c.TargetRate)}
	if p.Start != nil {
		a.team.startAt(p.Start)
	}
	for _, net := range a.team.nets {
		a.steps = append(a.steps, newTrained(c.actorLearningRate(), c.ClipActor, net))
		a.works = append(a.works, net.NewWork(c.BatchSize, nil))
	}
	a.raw = make([]nn.Matrix, p.Shape.Agents)
	a.said, a.slope = perAgent(p.Shape, c.BatchSize, a.team.outputs()), perAgent(p.Shape, c.BatchSize, a.team.outputs())
	return a
}

// withTarget adds a team that follows.
func (a *actors) withTarget(batch int, pool *nn.Pool) *actors {
	a.target = a.team.clone()
	for range pool.Workers() {
		a.spare = append(a.spare, a.team.nets[0].NewWork(batch, nil))
		a.targetSaid = append(a.targetSaid, nn.NewMatrix(batch, a.team.outputs()))
	}
	return a
}

// say runs actor i; its activations stay for learn.
func (a *actors) say(i int, observation nn.Matrix) nn.Matrix {
	a.raw[i] = a.team.nets[i].Forward(a.works[i], observation)
	a.team.squash(a.said[i], a.raw[i])
	return a.said[i]
}

// ask runs the target of actor i. The answer is the worker's until it asks
// again.
func (a *actors) ask(worker, i int, observation nn.Matrix) nn.Matrix {
	a.team.squash(a.targetSaid[worker], a.target.nets[i].Forward(a.spare[worker], observation))
	return a.targetSaid[worker]
}

// begin sets the gradient by what actor i said to that of a loss with the given
// gradient by mu, or by the sample mu + sigma noise where there is noise, times
// the mask. Samples that were cut off at the bounds have none.
func (a *actors) begin(i int, byAction, mask, noise nn.Matrix) nn.Matrix {
	if a.team.gaussian {
		throughSample(a.slope[i], byAction, a.said[i], noise, mask)
	} else {
		multiply(a.slope[i], byAction, mask)
	}
	return a.slope[i]
}

// learn carries slope[i] through tanh and sigmoid and moves the actor.
func (a *actors) learn(i int) {
	a.through(i)
	a.move(i)
}

// through turns the gradient by what actor i said into that by its outputs.
func (a *actors) through(i int) nn.Matrix {
	a.team.throughSquash(a.slope[i], a.said[i])
	return a.slope[i]
}

// move steps down the gradient by the outputs of actor i.
func (a *actors) move(i int) {
	a.team.nets[i].Backward(a.works[i], a.slope[i], a.steps[i].grads[0], nn.Matrix{}, 0)
	a.steps[i].step(nil)
}

// follow moves the target of actor i after it.
func (a *actors) follow(i int) {
	nn.Polyak(a.target.nets[i].Params().Data, a.team.nets[i].Params().Data, a.rate)
}

// meanSigma averages the deviations that Gaussian actors gave last, of actions
// that have effect.
func (a *actors) meanSigma(mask []nn.Matrix) float64 {
	total, n := float32(0), float32(0)
	for i, said := range a.said {
		for p := range said.Panels() {
			_, sigma := halves(said, p)
			for l, m := range mask[i].Panel(p) { // 0 in the padding
				total += m * sigma[l]
				n += m
			}
		}
	}
	return float64(total / max(1, n))
}

// squash writes mu, and sigma beside it, for outputs of an actor.
func (t *Team) squash(said, raw nn.Matrix) {
	half := t.shape.Action * nn.Lanes
	for p := range raw.Panels() {
		dst, src := said.Panel(p), raw.Panel(p)
		kernel.Tanh(dst[:half], src[:half])
		if !t.gaussian {
			continue
		}
		sigma := dst[half:]
		for l, x := range src[half:] {
			sigma[l] = x - sigmaShift
		}
		kernel.Sigmoid(sigma, sigma)
		for l := range sigma {
			sigma[l] = sigmaLow + (sigmaHigh-sigmaLow)*sigma[l]
		}
	}
}

// throughSquash turns, in place, a gradient by mu and sigma into one by the
// outputs that they came from.
func (t *Team) throughSquash(slope, said nn.Matrix) {
	half := t.shape.Action * nn.Lanes
	for p := range slope.Panels() {
		d, y := slope.Panel(p), said.Panel(p)
		kernel.TanhGrad(d[:half], y[:half])
		for l := half; l < len(d); l++ {
			d[l] *= (y[l] - sigmaLow) * (sigmaHigh - y[l]) / (sigmaHigh - sigmaLow)
		}
	}
}

// parts are what a checkpoint must hold.
func (a *actors) parts() []part {
	var ps []part
	for _, s := range a.steps {
		ps = append(ps, s.parts()...)
	}
	if a.target != nil {
		for _, net := range a.target.nets {
			ps = append(ps, net.Params())
		}
	}
	return ps
}
