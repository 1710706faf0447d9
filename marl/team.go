package marl

import (
	"math"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
	"github.com/peerwatt/peerwatt/nn/kernel"
)

// Team holds the actor of every agent: a network that reads that agent's own
// normalised observation and nothing else. All learners share this form, so
// one policy file serves them all.
//
// A deterministic actor has A outputs, the action before its tanh. A Gaussian
// one has 2 A: mean before tanh, and deviation before the sigmoid of
//
//	sigma = 0.01 + 0.49 sigmoid(. - 1.5),
//
// which starts at 0.1 and keeps a gradient everywhere.
type Team struct {
	shape    replay.Shape
	hidden   []int
	gaussian bool
	nets     []*nn.MLP // of every agent; agents that share one have the same
	start    []float32 // N x A: outputs before tanh at which untrained actors begin
}

const (
	sigmaLow   = 0.01
	sigmaHigh  = 0.5
	sigmaShift = 1.5
)

// outputGain makes an untrained actor's output almost constant.
const outputGain = 0.01

// newTeam makes untrained actors. leader says for every agent whose network it
// uses: its own, or that of an agent before it; nil is everyone's own.
func newTeam(s replay.Shape, hidden []int, gaussian bool, leader []int, rng *nn.RNG) *Team {
	t := &Team{shape: s, hidden: hidden, gaussian: gaussian, start: make([]float32, s.Agents*s.Action)}
	for i := range s.Agents {
		if leader != nil && leader[i] != i {
			t.nets = append(t.nets, t.nets[leader[i]])
			continue
		}
		net := nn.NewMLP(nn.MLPConfig{In: s.Observation, Hidden: hidden, Out: t.outputs(), Activation: nn.ReLU}, rng)
		net.ScaleOutput(outputGain)
		t.nets = append(t.nets, net)
	}
	return t
}

// outputs is the number of outputs of one actor.
func (t *Team) outputs() int {
	if t.gaussian {
		return 2 * t.shape.Action
	}
	return t.shape.Action
}

// startAt sets the last biases so that untrained actors give this joint action
// (N x A), kept far enough from the bounds for tanh to have a slope.
func (t *Team) startAt(action []float32) {
	const farthest = 0.95
	for i, net := range t.nets {
		p := net.Params()
		bias := p.Views[len(p.Views)-1].Of(p.Data)
		for a := range t.shape.Action {
			x := float64(action[i*t.shape.Action+a])
			bias[a] = float32(math.Atanh(max(-farthest, min(farthest, x))))
		}
		copy(t.startOf(i), bias)
	}
}

// startOf returns where agent i's outputs began.
func (t *Team) startOf(i int) []float32 { return t.start[i*t.shape.Action : (i+1)*t.shape.Action] }

// clone returns a team of the same weights.
func (t *Team) clone() *Team {
	c := *t
	c.nets = nil
	copies := map[*nn.MLP]*nn.MLP{}
	for _, net := range t.nets {
		if copies[net] == nil {
			copies[net] = net.Clone().(*nn.MLP)
		}
		c.nets = append(c.nets, copies[net])
	}
	return &c
}

// actor applies a team to single joint observations, on one goroutine.
type actor struct {
	team *Team
	work nn.Work // one for all: what the next agent needs is in the cache
	out  []float32
}

func (t *Team) actor() *actor {
	return &actor{team: t, work: t.nets[0].NewWork(1, nil), out: make([]float32, t.shape.Agents*t.outputs())}
}

// act writes the joint action (N x A) for a normalised joint observation
// (N x O). With noise (N x A standard normals) it explores: around the mean
// with the network's own deviation, or with sigma where actors are
// deterministic.
func (a *actor) act(obs, noise []float32, sigma float32, action []float32) {
	s, outputs := a.team.shape, a.team.outputs()
	a.infer(obs)
	for i := range a.team.nets {
		out := a.out[i*outputs : (i+1)*outputs]
		own := action[i*s.Action : (i+1)*s.Action]
		kernel.Tanh(own, out[:s.Action])
		if noise == nil {
			continue
		}
		for k := range own {
			deviation := sigma
			if a.team.gaussian {
				deviation = gaussianSigma(out[s.Action+k])
			}
			own[k] = max(-1, min(1, own[k]+deviation*noise[i*s.Action+k]))
		}
	}
}

// infer asks every actor. Neighbours who share one are asked together, which
// gives the same bits for fewer passes through its weights.
func (a *actor) infer(obs []float32) {
	n, o, outputs := len(a.team.nets), a.team.shape.Observation, a.team.outputs()
	for i := 0; i < n; {
		j := i + 1
		for j < n && a.team.nets[j] == a.team.nets[i] {
			j++
		}
		a.team.nets[i].Infer(a.work, a.out[i*outputs:j*outputs], obs[i*o:j*o], j-i)
		i = j
	}
}

func gaussianSigma(raw float32) float32 {
	return sigmaLow + (sigmaHigh-sigmaLow)/(1+float32(math.Exp(sigmaShift-float64(raw))))
}
