package marl

import (
	"math"
	"os"
	"testing"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/nn"
)

// TestCriticKnowsWhatActionsDo holds the gradient of a trained critic by the
// actions against the truth: an agent's action is changed a little, the day is
// played to its end, and the discounted return is compared. It prints the cosine of
// the two for every kind of device, over single agents and over their sum, which
// are the figures of docs/adr/0010. It takes a minute or two, so it runs only with
// PEERWATT_TEST_FULL=1.
func TestCriticKnowsWhatActionsDo(t *testing.T) {
	if os.Getenv("PEERWATT_TEST_FULL") == "" {
		t.Skip("trains a critic for a minute or two: set PEERWATT_TEST_FULL=1")
	}
	const episodes = 150
	tr := small(t, 2)
	c, err := Preset("cpu")
	if err != nil {
		t.Fatal(err)
	}
	c.Episodes, c.CriticOnlyEpisodes, c.ValidateEvery, c.TransitionsPerUpdate = episodes, episodes, episodes, 8
	tr.Config, tr.Teacher = c, nil
	if _, err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := tr.open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()

	var single, summed [env.ActionDim]cosine
	for _, day := range []int{20, 80, 150, 300, 340} {
		l := newLens(t, r, day)
		for !l.env.Done() {
			l.look(t)
			if l.env.StepIndex()%8 == 4 {
				l.compare(&single, &summed)
			}
			l.env.Step(l.action)
		}
	}
	for k, name := range env.ActionNames {
		t.Logf("%-6s single agents %+.2f, summed over agents %+.2f", name, single[k].value(), summed[k].value())
	}
	if battery := single[env.ActionBESS].value(); battery < 0.5 {
		t.Errorf("the critic's gradient by the batteries' actions has a cosine of %.2f with the truth, want 0.5 or more", battery)
	}
}

// cosine accumulates the cosine of two vectors given pair by pair.
type cosine struct{ xx, yy, xy float64 }

func (c *cosine) add(x, y float64) { c.xx, c.yy, c.xy = c.xx+x*x, c.yy+y*y, c.xy+x*y }
func (c *cosine) value() float64   { return c.xy / math.Sqrt(c.xx*c.yy+1e-300) }

// lens looks at the states of a day that the deterministic policy visits.
type lens struct {
	trainer                 *trainer
	env                     *env.Env
	policy                  *Policy
	baseline                []float64
	obs, mask, action, next []float32
	gradient                []float32
}

func newLens(t *testing.T, r *trainer, day int) *lens {
	t.Helper()
	s := r.shape
	l := &lens{
		trainer: r, env: r.envs.Envs()[0], policy: r.policy(),
		obs: make([]float32, s.Agents*s.Observation), mask: make([]float32, s.Agents*s.Action),
		action: make([]float32, s.Agents*s.Action), next: make([]float32, s.Agents*s.Action),
		gradient: make([]float32, s.Agents*s.Action),
	}
	l.baseline = r.baselines.of(l.env, day)
	l.env.Reset(day, env.Evaluation)
	if err := l.policy.Reset(l.env); err != nil {
		t.Fatal(err)
	}
	return l
}

// look observes, decides, and asks the critic for its gradient.
func (l *lens) look(t *testing.T) {
	t.Helper()
	l.env.Observe(l.obs)
	l.env.Mask(l.mask)
	if err := l.policy.Act(l.env, l.action); err != nil {
		t.Fatal(err)
	}
	l.trainer.norm.Apply(l.obs, l.obs)
	x := nn.NewMatrix(1, len(l.obs)+len(l.action))
	for i, v := range l.obs {
		x.Set(0, i, v)
	}
	for i, v := range l.action {
		x.Set(0, len(l.obs)+i, v*l.mask[i])
	}
	q := l.trainer.learner.(*maddpg).q.sets[0].nets[0]
	work := q.NewWork(1, nil)
	q.Forward(work, x)
	one, by := nn.NewMatrix(1, 1), nn.NewMatrix(1, len(l.action))
	one.Set(0, 0, 1)
	q.Backward(work, one, nil, by, len(l.obs))
	for i := range l.gradient {
		l.gradient[i] = by.At(0, i) * l.mask[i]
	}
}

// compare holds the gradient against changes of the return, agent by agent and
// for all agents at once.
func (l *lens) compare(single, summed *[env.ActionDim]cosine) {
	state, before := l.env.Save(), l.value(l.action)
	change := func(kind, from, to int) float64 {
		moved := append([]float32(nil), l.action...)
		delta := float32(0.3) // inwards, so that nothing is cut off
		if l.action[from*env.ActionDim+kind] > 0 {
			delta = -delta
		}
		for i := from; i < to; i++ {
			moved[i*env.ActionDim+kind] += delta
		}
		if err := l.env.Restore(state); err != nil {
			panic(err)
		}
		return (l.value(moved) - before) / float64(delta)
	}
	agents := l.trainer.shape.Agents
	for kind := range env.ActionDim {
		sum, any := 0.0, false
		for i := range agents {
			if j := i*env.ActionDim + kind; l.mask[j] != 0 {
				single[kind].add(float64(l.gradient[j]), change(kind, i, i+1))
				sum, any = sum+float64(l.gradient[j]), true
			}
		}
		if any {
			summed[kind].add(sum, change(kind, 0, agents))
		}
	}
	if err := l.env.Restore(state); err != nil {
		panic(err)
	}
}

// value is the discounted return from here on, as learners see it, of an
// action now and the policy afterwards.
func (l *lens) value(action []float32) float64 {
	c := &l.trainer.Config
	total, discount := 0.0, 1.0
	for first := true; !l.env.Done(); first = false {
		if !first {
			if err := l.policy.Act(l.env, l.next); err != nil {
				panic(err)
			}
			action = l.next
		}
		step := l.env.StepIndex()
		total += discount * (c.Reward.of(l.env.Step(action)) - l.baseline[step])
		discount *= c.Discount
	}
	return total
}
