package marl

import (
	"math"
	"testing"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/nn"
)

// TestAPGHasTheSlopeOfTheReturn holds the gradient of every actor, along random
// directions, against days that are played again with weights a little beside.
// Actors are made blind for the two features that APG takes as given.
func TestAPGHasTheSlopeOfTheReturn(t *testing.T) {
	for _, sharing := range []string{"none", "type"} {
		t.Run(sharing, func(t *testing.T) { holdAPG(t, sharing) })
	}
}

func holdAPG(t *testing.T, sharing string) {
	x := small(t, 2)
	c := &x.Config
	c.Name, c.ActorSharing, c.ClipActor, c.Discount = "apg", sharing, 0, 0.98
	c.APG.VoltageWeight, c.APG.PreTanhPenalty = 0, 0.5
	c.Exploration = ExplorationConfig{DecayShare: 1}
	r, err := x.open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	a := r.learner.(*apg)
	rng := nn.NewRNG(1, 2)
	for _, g := range a.actors.groups {
		p := a.actors.team.nets[g[0]].Params()
		noise := make([]float32, len(p.Data))
		rng.FillNormal(noise)
		for k := range p.Data {
			p.Data[k] += 0.1 * noise[k]
		}
		first := p.Views[0]
		for row := range first.Rows {
			w := first.Of(p.Data)[row*first.Cols : (row+1)*first.Cols]
			w[8], w[9] = 0, 0 // trades and voltage of the step before
		}
	}
	if err := r.collect(); err != nil { // for the normaliser
		t.Fatal(err)
	}
	first := r.episodes
	if err := r.collect(); err != nil {
		t.Fatal(err)
	}
	before := a.actors.team.clone()
	r.learnRound(first)
	r.norm = r.played
	for i, net := range before.nets {
		copy(a.actors.team.nets[i].Params().Data, net.Params().Data)
	}

	// loss plays the round again.
	drift := 0.0
	loss := func() float64 {
		total := 0.0
		for d, s := range r.slots {
			if err := r.play(s, first+d, 0); err != nil {
				t.Fatal(err)
			}
			gamma := 1.0
			for _, o := range s.days {
				total += gamma * c.Reward.Scale * x.World.Scenario.Reward.DeltaPerCNY * (o.Cost - o.StoredValue)
				gamma *= c.Discount
			}
			total += drift * outputDrift(a, s)
		}
		return total / float64(len(r.slots))
	}
	drift = c.APG.PreTanhPenalty / env.StepsPerDay
	for _, g := range a.actors.groups {
		net := a.actors.team.nets[g[0]].Params()
		at := before.nets[g[0]].Params().Data
		grads := a.actors.steps[g[0]].grads[0]
		for range 2 {
			direction := make([]float32, len(at))
			rng.FillNormal(direction)
			want, size := 0.0, 0.0
			for k, v := range direction {
				want += float64(v) * float64(grads[k])
				size += float64(grads[k]) * float64(grads[k])
			}
			beside := func(h float32) float64 {
				for k := range at {
					net.Data[k] = at[k] + h*direction[k]
				}
				return loss()
			}
			const h = 1.0 / 8192
			got := (beside(h) - beside(-h)) / (2 * h)
			copy(net.Data, at)
			if math.Abs(got-want) > 0.05*math.Sqrt(size) {
				t.Errorf("actor of %v: days say %g, the gradient of norm %g says %g", g, got, math.Sqrt(size), want)
			}
		}
	}
}

// outputDrift sums the squared distances of outputs before tanh from where they
// began over a day.
func outputDrift(a *apg, s *slot) float64 {
	total := 0.0
	work, out := a.actors.team.nets[0].NewWork(1, nil), make([]float32, a.shape.act)
	for t := range s.episode.Played {
		for i, net := range a.actors.team.nets {
			at := (t*a.shape.agents + i) * a.shape.obs
			net.Infer(work, out, s.trace.obs[at:at+a.shape.obs], 1)
			for k, y := range out {
				d := float64(y - a.actors.team.startOf(i)[k])
				total += d * d
			}
		}
	}
	return total
}
