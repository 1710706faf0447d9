package marl

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// The losses of the learners written out once more, in float64, sample by
// sample, without any of the learners' code: central differences of them are
// what gradients are held against.

// net64 is a perceptron in float64.
type net64 struct {
	views []nn.View
	data  []float64
	slope float64 // of its hidden activations below zero
}

func newNet64(p *nn.Params, slope float64) *net64 {
	n := &net64{views: p.Views, slope: slope}
	for _, v := range p.Data {
		n.data = append(n.data, float64(v))
	}
	return n
}

func (n *net64) view(name string) (nn.View, []float64) {
	for _, v := range n.views {
		if v.Name == name {
			return v, n.data[v.Offset : v.Offset+v.Len()]
		}
	}
	return nn.View{}, nil
}

// of applies the network to one sample.
func (n *net64) of(x ...float64) []float64 {
	for i := 0; ; i++ {
		v, w := n.view(fmt.Sprintf("layers.%d.weight", i))
		if w == nil {
			return x
		}
		_, bias := n.view(fmt.Sprintf("layers.%d.bias", i))
		y := make([]float64, v.Rows)
		for r := range y {
			y[r] = bias[r]
			for c, xc := range x {
				y[r] += w[r*v.Cols+c] * xc
			}
		}
		if _, gain := n.view(fmt.Sprintf("norms.%d.weight", i)); gain != nil {
			_, shift := n.view(fmt.Sprintf("norms.%d.bias", i))
			m, square := mean(y), 0.0
			for _, v := range y {
				square += (v - m) * (v - m)
			}
			for r := range y {
				y[r] = gain[r]*(y[r]-m)/math.Sqrt(square/float64(len(y))+1e-5) + shift[r]
			}
		}
		if _, next := n.view(fmt.Sprintf("layers.%d.weight", i+1)); next != nil {
			for r := range y {
				y[r] = max(y[r], n.slope*y[r])
			}
		}
		x = y
	}
}

// row64 is a transition, with vectors of single agents.
type row64 struct {
	obs, next, action, expert, mask, nextMask, xi, nextXi [][]float64
	label                                                 []float64
	reward, done, weight                                  float64
}

// rows64 splits a batch. Noise is what the learner will draw: nextXi first
// where it draws both.
func rows64(b *Batch, s replay.Shape, xi, nextXi []float32) []row64 {
	agents := func(x []float32, r, dim int) [][]float64 {
		var out [][]float64
		for i := range s.Agents {
			var own []float64
			for _, v := range x[(r*s.Agents+i)*dim:][:dim] {
				own = append(own, float64(v))
			}
			out = append(out, own)
		}
		return out
	}
	var rows []row64
	for r := range b.Size {
		row := row64{
			obs: agents(b.Obs, r, s.Observation), next: agents(b.NextObs, r, s.Observation),
			action: agents(b.Action, r, s.Action), expert: agents(b.Expert, r, s.Action),
			mask: agents(b.Mask, r, s.Action), nextMask: agents(b.NextMask, r, s.Action),
			xi: agents(xi, r, s.Action), nextXi: agents(nextXi, r, s.Action),
			reward: float64(b.Reward[r]), done: float64(b.Done[r]), weight: float64(b.Weight[r]),
		}
		for i := range s.Agents {
			row.label = append(row.label, float64(b.Label[r*s.Agents+i])*min(1, sum(row.mask[i])))
		}
		rows = append(rows, row)
	}
	return rows
}

// meanOver averages f over rows, weighted by agent i's labels; without labels
// it is 0.
func meanOver(rows []row64, i int, f func(row64) float64) float64 {
	total, weights := 0.0, 0.0
	for _, r := range rows {
		if r.label[i] > 0 {
			total += r.label[i] * f(r)
			weights += r.label[i]
		}
	}
	return total / max(weights, 1e-300)
}

// all averages f over rows.
func all(rows []row64, f func(row64) float64) float64 {
	total := 0.0
	for _, r := range rows {
		total += f(r)
	}
	return total / float64(len(rows))
}

// maskedMean averages f over the dimensions that the mask keeps.
func maskedMean(mask []float64, f func(a int) float64) float64 {
	total := 0.0
	for a, m := range mask {
		if m > 0 {
			total += f(a)
		}
	}
	return total / max(1, sum(mask))
}

// gaussian64 returns mu and sigma of an actor.
func gaussian64(actor *net64, obs []float64) (mu, sigma []float64) {
	raw := actor.of(obs...)
	for a := range raw {
		if a < len(raw)/2 {
			mu = append(mu, math.Tanh(raw[a]))
		} else {
			sigma = append(sigma, 0.01+0.49/(1+math.Exp(1.5-raw[a])))
		}
	}
	return mu, sigma
}

func sample64(mu, sigma, xi, mask []float64) []float64 {
	a := make([]float64, len(mu))
	for k := range a {
		a[k] = mask[k] * max(-1, min(1, mu[k]+sigma[k]*xi[k]))
	}
	return a
}

func density64(sigma, xi, mask []float64) float64 {
	total := 0.0
	for k, m := range mask {
		total -= m * (xi[k]*xi[k]/2 + math.Log(sigma[k]) + math.Log(2*math.Pi)/2)
	}
	return total
}

// deterministic64 returns the masked action of an actor.
func deterministic64(actor *net64, obs, mask []float64) []float64 {
	a := actor.of(obs...)
	for k := range a {
		a[k] = mask[k] * math.Tanh(a[k])
	}
	return a
}

// flat puts joint vectors in a row.
func flat(parts ...[][]float64) []float64 {
	var x []float64
	for _, p := range parts {
		for _, own := range p {
			x = append(x, own...)
		}
	}
	return x
}

// perAgent64 collects what f gives for every agent.
func perAgent64(n int, f func(i int) []float64) [][]float64 {
	var x [][]float64
	for i := range n {
		x = append(x, f(i))
	}
	return x
}

// holdGradient holds a gradient against central differences of the loss along
// random directions of data, which the loss reads.
func holdGradient(t *testing.T, what string, loss func() float64, data []float64, grads []float32) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	norm := 0.0
	for _, g := range grads {
		norm += float64(g) * float64(g)
	}
	if norm == 0 {
		t.Errorf("%s: the gradient is zero", what)
	}
	for range 4 {
		direction := make([]float64, len(data))
		along := 0.0
		for i := range direction {
			direction[i] = rng.NormFloat64()
			along += direction[i] * float64(grads[i])
		}
		const h = 1e-6
		move := func(by float64) float64 {
			for i, d := range direction {
				data[i] += by * d
			}
			return loss()
		}
		up := move(h)
		down := move(-2 * h)
		move(h)
		if want := (up - down) / (2 * h); math.Abs(along-want) > 2e-5*(math.Abs(want)+math.Sqrt(norm)) {
			t.Errorf("%s: derivative along a direction is %v, central differences say %v", what, along, want)
		}
	}
}

func holdValue(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 2e-6*(1+math.Abs(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// trial is a small learner about to learn from a batch with masks and labels of
// all kinds, and what it looks like before.
type trial struct {
	config   Config
	shape    replay.Shape
	batch    *Batch
	learner  Learner
	rows     []row64
	reported map[string]float64
}

// newTrial gives networks weights that make every branch matter. Draws are the
// number of times that the learner draws noise.
func newTrial(t *testing.T, name string, draws int, change func(*Config)) *trial {
	t.Helper()
	c, err := Preset("paper")
	if err != nil {
		t.Fatal(err)
	}
	// 37 samples do not fill their panels.
	c.Name, c.BatchSize, c.ActorHidden, c.CriticHidden = name, 37, []int{7}, []int{9, 6}
	c.LearningRate, c.ClipActor, c.ClipCritic = 1e-2, 0, 0
	c.MAAC.Hidden, c.MAAC.Heads, c.MAAC.LogitPenalty = 8, 2, 0.1
	c.MAGAIL.Hidden, c.MAGAIL.CloningUpdates, c.MAGAIL.DiscriminatorUpdates = []int{6, 5}, 0, 0
	c.TD3.Delay = 1
	if change != nil {
		change(&c)
	}
	x := &trial{config: c, shape: replay.Shape{Agents: 3, Observation: 4, Action: 2}, reported: map[string]float64{}}
	x.learner, err = NewLearner(c, Problem{Shape: x.shape, Types: []string{"a", "b", "a"}}, nn.NewRNG(5, 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	rng := nn.NewRNG(5, 2)
	for _, net := range x.learner.Team().nets {
		last := net.Params().Views[len(net.Params().Views)-2:]
		for _, v := range last {
			rng.FillNormal(v.Of(net.Params().Data))
		}
	}
	b := randomBatch(x.shape, c.BatchSize)
	n := len(b.Action)
	for k := range n {
		b.Mask[k], b.NextMask[k] = float32(min(1, rng.Intn(4))), float32(min(1, rng.Intn(4)))
		b.Action[k] = clip(0.6*b.Action[k], 1) * b.Mask[k]
		b.Expert[k] = clip(0.6*b.Expert[k], 1)
	}
	for k := range b.Label {
		b.Label[k] = float32(rng.Intn(3)) / 2
	}
	for r := range b.Size {
		b.Label[r*x.shape.Agents+2] = 0 // the expert knows nothing of agent 2
		b.Done[r], b.Weight[r] = float32(rng.Intn(2)), 0.2+rng.Float32()
	}
	noise := make([]float32, draws*n)
	rng.FillNormal(noise)
	last := noise[(draws-1)*n:]
	x.rows = rows64(b, x.shape, last, noise[:n])
	b.Noise = &sequence{noise}
	x.batch = b
	return x
}

// sequence hands out prepared noise.
type sequence struct{ rest []float32 }

func (s *sequence) FillNormal(dst []float32) { s.rest = s.rest[copy(dst, s.rest):] }

func (x *trial) update() {
	x.learner.Update(x.batch, Schedule{}, func(key string, v float64) { x.reported[key] = v })
}

func actors64(team *Team) []*net64 {
	var nets []*net64
	known := map[*nn.MLP]*net64{} // agents may share one
	for _, net := range team.nets {
		if known[net] == nil {
			known[net] = newNet64(net.Params(), 0)
		}
		nets = append(nets, known[net])
	}
	return nets
}

func nets64(nets []nn.Network, slope float64) []*net64 {
	var out []*net64
	for _, net := range nets {
		out = append(out, newNet64(net.Params(), slope))
	}
	return out
}

// attending64 is an attendingCritic in float64.
type attending64 struct {
	nets  []*net64
	heads int
}

// of returns Q of every agent, and the sum over heads of the mean squared logit.
func (q attending64) of(obs, action [][]float64) (values []float64, squares float64) {
	n := len(obs)
	var e, qkv [][]float64
	for i := range n {
		e = append(e, q.nets[i].of(flat([][]float64{obs[i], action[i]})...))
		qkv = append(qkv, q.nets[n].of(e[i]...))
	}
	D := len(e[0])
	d := D / q.heads
	for i := range n {
		x := make([]float64, D)
		for h := range q.heads {
			weights, total := make([]float64, n), 0.0
			for j := range n {
				if j == i {
					continue
				}
				dot := 0.0
				for f := h * d; f < (h+1)*d; f++ {
					dot += qkv[i][f] * qkv[j][D+f]
				}
				squares += dot * dot / float64(n*(n-1))
				weights[j] = math.Exp(dot / math.Sqrt(float64(d)))
				total += weights[j]
			}
			for j := range n {
				for f := h * d; f < (h+1)*d; f++ {
					v := qkv[j][2*D+f]
					x[f] += weights[j] / total * max(v, 0.01*v)
				}
			}
		}
		values = append(values, q.nets[n+1+i].of(append(append([]float64{}, e[i]...), x...)...)[0])
	}
	return values, squares
}

func attendingNets64(q *attendingCritic) []*net64 { return nets64(q.nets(), 0.01) }
