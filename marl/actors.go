package marl

import (
	"github.com/peerwatt/peerwatt/nn"
	"github.com/peerwatt/peerwatt/nn/kernel"
)

// actors are the policies of a learner, with what moves them. What an actor
// says of a batch is mu = tanh(.), the action before its mask, and for Gaussian
// ones sigma beside it; losses give their gradients by these.
type actors struct {
	team *Team
	rate float32

	// Agents that share a network stand in one group. Its gradient is the sum of
	// theirs, taken in their order on one worker, and moves once.
	groups [][]int
	leader []int       // of every agent: the first of its group
	steps  []*trained  // of every leader, nil for the others
	extra  [][]float32 // gradients of the others

	inGroup func(worker, group int)
	do      func(worker, agent int)

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
	a := &actors{rate: float32(c.TargetRate)}
	a.leader, a.groups = groupAgents(p, c.ActorSharing == "type")
	a.team = newTeam(p.Shape, c.ActorHidden, gaussian, a.leader, rng)
	if p.Start != nil {
		a.team.startAt(p.Start)
	}
	a.steps, a.extra = make([]*trained, p.Shape.Agents), make([][]float32, p.Shape.Agents)
	for i, net := range a.team.nets {
		if a.leader[i] == i {
			a.steps[i] = newTrained(c.actorLearningRate(), c.ClipActor, net)
		} else {
			a.extra[i] = net.Params().NewGrads()
		}
		a.works = append(a.works, net.NewWork(c.BatchSize, nil))
	}
	a.inGroup = func(worker, group int) {
		for _, i := range a.groups[group] {
			a.do(worker, i)
		}
	}
	a.raw = make([]nn.Matrix, p.Shape.Agents)
	a.said, a.slope = perAgent(p.Shape, c.BatchSize, a.team.outputs()), perAgent(p.Shape, c.BatchSize, a.team.outputs())
	return a
}

// groupAgents says which agents share an actor: nobody, or those of a type.
func groupAgents(p Problem, byType bool) (leader []int, groups [][]int) {
	first := map[string]int{} // group of every type
	for i := range p.Shape.Agents {
		if g, known := first[typeOf(p, i)]; byType && known {
			leader = append(leader, groups[g][0])
			groups[g] = append(groups[g], i)
			continue
		}
		first[typeOf(p, i)] = len(groups)
		leader = append(leader, i)
		groups = append(groups, []int{i})
	}
	return leader, groups
}

// typeOf is an agent's type; where none are given, all are of one.
func typeOf(p Problem, i int) string {
	if i < len(p.Types) {
		return p.Types[i]
	}
	return ""
}

// each runs f for every agent, group by group on the workers.
func (a *actors) each(pool *nn.Pool, f func(worker, agent int)) {
	a.do = f
	pool.Run(len(a.groups), a.inGroup)
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

// move adds agent i's part to the gradient of its group, by the outputs of its
// actor, and steps down it when that is complete.
func (a *actors) move(i int) {
	leader := a.leader[i]
	step := a.steps[leader]
	if i == leader {
		a.team.nets[i].Backward(a.works[i], a.slope[i], step.grads[0], nn.Matrix{}, 0)
	} else {
		a.team.nets[i].Backward(a.works[i], a.slope[i], a.extra[i], nn.Matrix{}, 0)
		kernel.Combine(step.grads[0], step.grads[0], a.extra[i], 1, 1)
	}
	if a.last(i) {
		step.step(nil)
	}
}

// last tells whether agent i is the last of its group.
func (a *actors) last(i int) bool {
	for j := i + 1; j < len(a.leader); j++ {
		if a.leader[j] == a.leader[i] {
			return false
		}
	}
	return true
}

// follow moves the target of agent i's group after it.
func (a *actors) follow(i int) {
	if a.last(i) {
		nn.Polyak(a.target.nets[i].Params().Data, a.team.nets[i].Params().Data, a.rate)
	}
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
	for _, g := range a.groups {
		ps = append(ps, a.steps[g[0]].parts()...)
	}
	if a.target != nil {
		for _, g := range a.groups {
			ps = append(ps, a.target.nets[g[0]].Params())
		}
	}
	return ps
}

// gradNorm is the mean norm of the actors' gradients before clipping.
func (a *actors) gradNorm() float64 {
	total := 0.0
	for _, g := range a.groups {
		total += a.steps[g[0]].norm
	}
	return total / float64(len(a.groups))
}
