package marl

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// everyLearner calls f with one of each algorithm, small, and a batch for it.
func everyLearner(t *testing.T, f func(t *testing.T, l Learner, b *Batch)) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			x := newTrial(t, name, 1, nil)
			x.batch.Noise = nn.NewRNG(6, 1)
			f(t, x.learner, x.batch)
		})
	}
}

func TestUpdatesDoNotAllocate(t *testing.T) {
	everyLearner(t, func(t *testing.T, l Learner, b *Batch) {
		sink := 0.0
		report := func(_ string, v float64) { sink += v }
		if n := testing.AllocsPerRun(20, func() { l.Update(b, Schedule{Progress: 0.5}, report) }); n > 0 {
			t.Errorf("%v allocations in an update", n)
		}
	})
}

func TestDecidingDoesNotAllocate(t *testing.T) {
	play := newTeam(replay.Shape{Agents: 20, Observation: 10, Action: 5}, []int{128, 128}, true, nil, nn.NewRNG(1, 3)).actor()
	obs, action := make([]float32, 200), make([]float32, 100)
	if n := testing.AllocsPerRun(20, func() { play.act(obs, nil, 0, action) }); n > 0 {
		t.Errorf("%v allocations when agents decide", n)
	}
}

func TestEveryReportedKeyIsDefined(t *testing.T) {
	defined := map[string]bool{}
	for _, m := range Metrics {
		if defined[m.Key] {
			t.Errorf("%s is defined twice", m.Key)
		}
		defined[m.Key] = true
	}
	everyLearner(t, func(t *testing.T, l Learner, b *Batch) {
		for range 2 {
			l.Update(b, Schedule{}, func(key string, v float64) {
				if !defined[key] {
					t.Errorf("%s is not in Metrics", key)
				}
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("%s is %v", key, v)
				}
			})
		}
	})
}

func TestActorsRestWhileOnlyCriticsLearn(t *testing.T) {
	everyLearner(t, func(t *testing.T, l Learner, b *Batch) {
		if _, ok := l.(roundLearner); ok {
			return // it has no critics, and no use for batches
		}
		weights := func() []float32 {
			var all []float32
			for _, net := range l.Team().nets {
				all = append(all, net.Params().Data...)
			}
			return all
		}
		before := weights()
		for range 2 {
			l.Update(b, Schedule{CriticOnly: true}, func(string, float64) {})
		}
		for i, w := range weights() {
			if w != before[i] {
				t.Fatal("an actor moved")
			}
		}
		l.Update(b, Schedule{}, func(string, float64) {})
		moved := 0
		for i, w := range weights() {
			if w != before[i] {
				moved++
			}
		}
		if moved == 0 {
			t.Error("no actor moves afterwards")
		}
	})
}

func TestMAGAILLearnsInThreePhases(t *testing.T) {
	x := newTrial(t, "magail", 1, func(c *Config) { c.MAGAIL.CloningUpdates, c.MAGAIL.DiscriminatorUpdates = 2, 3 })
	x.batch.Noise = nn.NewRNG(6, 1)
	m := x.learner.(*magail)
	for u := 1; u <= 7; u++ {
		clear(x.reported)
		actor, judge, critic := m.actors.steps[0].adam[0].T, m.judge.moves.adam[0].T, m.q.sets[0].adam[0].T
		x.update()
		moved := [3]int64{m.actors.steps[0].adam[0].T - actor, m.judge.moves.adam[0].T - judge, m.q.sets[0].adam[0].T - critic}
		want := [3]int64{1, 1, 1}
		if u <= 2 {
			want = [3]int64{1, 0, 0}
		} else if u <= 5 {
			want = [3]int64{0, 1, 0}
		}
		if moved != want {
			t.Errorf("update %d: actor, discriminator and critic moved %v, want %v", u, moved, want)
		}
	}
}

func TestDiscriminatorsChangeNoFasterThanTheirInput(t *testing.T) {
	x := newTrial(t, "magail", 1, func(c *Config) { c.MAGAIL.LearningRate = 3e-3 })
	x.batch.Noise = nn.NewRNG(6, 1)
	m := x.learner.(*magail)
	first, largest := 0.0, 0.0
	for u := range 300 {
		x.update()
		if u == 0 {
			first = x.reported["discriminator_loss"]
		}
		for _, v := range m.judge.net.Params().Views {
			if !strings.HasSuffix(v.Name, "weight") {
				continue
			}
			w := mat.NewDense(v.Rows, v.Cols, nil)
			for i, x := range v.Of(m.judge.net.Params().Data) {
				w.Set(i/v.Cols, i%v.Cols, float64(x))
			}
			var svd mat.SVD
			if !svd.Factorize(w, mat.SVDNone) {
				t.Fatal("no singular values")
			}
			largest = max(largest, svd.Values(nil)[0])
		}
	}
	if largest > 1.02 || largest < 0.9 {
		t.Errorf("the largest spectral norm was %v, want about 1", largest)
	}
	if last := x.reported["discriminator_loss"]; !(last < first-0.02) {
		t.Errorf("the loss went from %v to %v", first, last)
	}
	if a := x.reported["discriminator_accuracy"]; !(a > 0.6 && a <= 1) {
		t.Errorf("accuracy %v", a)
	}
}
