package marl

import (
	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// joint is a batch of joint observations and actions in the layout that
// critics read: all features of a sample in a row, agent 0 first, observations
// before actions; or a token for every agent, its observation before its
// action.
type joint struct {
	nn.Matrix
	shape  replay.Shape
	tokens bool
}

func newJoint(s replay.Shape, batch int, tokens bool) joint {
	j := joint{shape: s, tokens: tokens}
	if tokens {
		j.Matrix = nn.NewTokens(s.Agents, batch, s.Observation+s.Action)
	} else {
		j.Matrix = nn.NewMatrix(batch, s.Agents*(s.Observation+s.Action))
	}
	return j
}

// actionsOnly is the shape of joint actions without observations.
func actionsOnly(s replay.Shape) replay.Shape {
	return replay.Shape{Agents: s.Agents, Action: s.Action}
}

// observation returns what agent i sees.
func (j joint) observation(i int) nn.Matrix {
	if o := j.shape.Observation; !j.tokens {
		return j.Features(i*o, (i+1)*o)
	}
	return j.Block(i).Features(0, j.shape.Observation)
}

// action returns what agent i does.
func (j joint) action(i int) nn.Matrix {
	s := j.shape
	if from := s.Agents*s.Observation + i*s.Action; !j.tokens {
		return j.Features(from, from+s.Action)
	}
	return j.Block(i).Features(s.Observation, s.Observation+s.Action)
}

// observations returns what all agents see.
func (j joint) observations() nn.Matrix {
	if j.tokens {
		return j.Features(0, j.shape.Observation)
	}
	return j.Features(0, j.shape.Agents*j.shape.Observation)
}

// setObservations fills in a row-major batch, B x N x O.
func (j joint) setObservations(rows []float32) {
	stride := j.shape.Agents * j.shape.Observation
	if !j.tokens {
		j.observations().SetRows(rows, stride)
		return
	}
	for i := range j.shape.Agents {
		j.observation(i).SetRows(rows[i*j.shape.Observation:], stride)
	}
}

// inputs is the batch of an update in the layout of the networks: joint
// matrices for critics, one matrix per agent of what its actor's loss needs.
type inputs struct {
	*Batch
	shape replay.Shape

	seen joint // s, a
	now  joint // s, and what the current policies do there: the learner's to fill
	next joint // s', and what is expected there: the learner's to fill

	mask, nextMask, expert []nn.Matrix // per agent, B x A
	// share[i][b] is what row b counts for in the mean over the rows in which
	// the expert gave agent i an action that has effect; padding counts 0.
	share    [][]float32
	labelled []bool // per agent: whether there is any such row

	// Standard normals in s and in s', drawn by the learners that need them.
	noise, nextNoise []nn.Matrix // per agent, B x A
	drawn, nextDrawn []float32   // B x N x A

	rows []float32 // B x (N O + N A): s, a
}

func newInputs(s replay.Shape, batch int, tokens bool) *inputs {
	in := &inputs{
		shape: s, seen: newJoint(s, batch, tokens), now: newJoint(s, batch, tokens), next: newJoint(s, batch, tokens),
		mask: perAgent(s, batch, s.Action), nextMask: perAgent(s, batch, s.Action), expert: perAgent(s, batch, s.Action),
		noise: perAgent(s, batch, s.Action), nextNoise: perAgent(s, batch, s.Action),
		drawn: make([]float32, batch*s.Agents*s.Action), nextDrawn: make([]float32, batch*s.Agents*s.Action),
		labelled: make([]bool, s.Agents),
	}
	if !tokens {
		// The first layers of all critics take their weight gradients from it.
		in.seen.Matrix = nn.NewInput(batch, s.Agents*(s.Observation+s.Action))
		in.rows = make([]float32, batch*s.Agents*(s.Observation+s.Action))
	}
	for range s.Agents {
		in.share = append(in.share, make([]float32, in.mask[0].Panels()*nn.Lanes))
	}
	return in
}

// perAgent returns a matrix of batch x dim for every agent.
func perAgent(s replay.Shape, batch, dim int) []nn.Matrix {
	var m []nn.Matrix
	for range s.Agents {
		m = append(m, nn.NewMatrix(batch, dim))
	}
	return m
}

// load takes a batch in. What belongs to single agents is loadAgent's.
func (in *inputs) load(b *Batch) {
	in.Batch = b
	s := in.shape
	obs, act := s.Agents*s.Observation, s.Agents*s.Action
	if in.seen.tokens {
		in.seen.setObservations(b.Obs)
		for i := range s.Agents {
			in.seen.action(i).SetRows(b.Action[i*s.Action:], act)
		}
	} else {
		for r := range b.Size {
			row := in.rows[r*(obs+act) : (r+1)*(obs+act)]
			copy(row, b.Obs[r*obs:(r+1)*obs])
			copy(row[obs:], b.Action[r*act:(r+1)*act])
		}
		in.seen.SetRows(in.rows, obs+act) // as a whole, or the weight gradients' own form would be lost
	}
	in.now.observations().Copy(in.seen.observations())
	in.next.setObservations(b.NextObs)
}

// loadAgent takes in what belongs to agent i.
func (in *inputs) loadAgent(i int) {
	a, stride := in.shape.Action, in.shape.Agents*in.shape.Action
	in.mask[i].SetRows(in.Mask[i*a:], stride)
	in.nextMask[i].SetRows(in.NextMask[i*a:], stride)
	in.expert[i].SetRows(in.Expert[i*a:], stride)
	in.noise[i].SetRows(in.drawn[i*a:], stride)
	in.nextNoise[i].SetRows(in.nextDrawn[i*a:], stride)

	total := float32(0)
	for b := range in.Size {
		w := float32(0)
		for _, m := range in.Mask[b*stride+i*a:][:a] {
			w = max(w, m)
		}
		w *= in.Label[b*in.shape.Agents+i]
		in.share[i][b] = w
		total += w
	}
	if in.labelled[i] = total > 0; !in.labelled[i] {
		return
	}
	for b := range in.share[i] {
		in.share[i][b] /= total
	}
}
