package marl

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// trainEvents reads the events of a training's metrics.jsonl that hold the key.
func trainEvents(t *testing.T, dir, key string) []map[string]float64 {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "metrics.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var events []map[string]float64
	for line := range strings.Lines(string(b)) {
		var all map[string]any
		if err := json.Unmarshal([]byte(line), &all); err != nil {
			t.Fatal(err)
		}
		event := map[string]float64{}
		for k, v := range all {
			if x, ok := v.(float64); ok {
				event[k] = x
			}
		}
		if _, ok := event[key]; ok {
			events = append(events, event)
		}
	}
	return events
}

func TestMultipliersRiseAndFallWithTheConstraintInARun(t *testing.T) {
	for _, name := range []string{"op", "op_mh"} {
		t.Run(name, func(t *testing.T) {
			tr := small(t, 2)
			tr.Config.Name, tr.Config.TransitionsPerUpdate, tr.Config.ValidateEvery = name, 6, 3
			tr.Config.Episodes = 30
			// Out of reach at first, and met by everybody later.
			tr.Config.OP.EpsilonFrom, tr.Config.OP.EpsilonTo, tr.Config.OP.EpsilonEnd = 0.5, 0.6, 2
			if _, err := tr.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			rose, fell := 0, 0
			events := trainEvents(t, tr.Dir, "lambda")
			for k := 1; k < len(events); k++ {
				last, this := events[k-1], events[k]
				broken := func(e map[string]float64) bool { return e["wasserstein"] > e["epsilon"] }
				switch {
				case broken(last) && broken(this):
					rose++
					if !(this["lambda"] > last["lambda"]) {
						t.Errorf("W = %.3f > eps = %.3f, yet lambda went from %.6f to %.6f", this["wasserstein"], this["epsilon"], last["lambda"], this["lambda"])
					}
				case !broken(last) && !broken(this):
					fell++
					if !(this["lambda"] < last["lambda"]) {
						t.Errorf("W = %.3f < eps = %.3f, yet lambda went from %.6f to %.6f", this["wasserstein"], this["epsilon"], last["lambda"], this["lambda"])
					}
				}
				if !(this["wasserstein_floor"] <= last["wasserstein_floor"]) || this["wasserstein_floor"] <= 0 {
					t.Errorf("the floor of W went from %v to %v", last["wasserstein_floor"], this["wasserstein_floor"])
				}
			}
			if rose < 2 || fell < 2 {
				t.Errorf("%d pairs of events with W > eps, %d with W < eps: want two of both", rose, fell)
			}
		})
	}
}

func TestMultipliersStayBetweenTheirBounds(t *testing.T) {
	c, err := Preset("paper")
	if err != nil {
		t.Fatal(err)
	}
	c.OP.DualLearningRate = 0.5
	m := newMultipliers(3, &c)
	labelled := []bool{true, true, false}
	for range 100 {
		m.w = []float64{2, 0, 2}
		m.learn(labelled, 1)
	}
	for i, want := range []float64{10, 1e-4, 0.02} {
		if got := m.lambda(i); math.Abs(got-want) > 1e-5*want {
			t.Errorf("lambda of agent %d is %v, want %v", i, got, want)
		}
	}
	// The clip must not hold them for ever.
	for range 100 {
		m.w = []float64{0, 2, 0}
		m.learn(labelled, 1)
	}
	if m.lambda(0) > 1 || m.lambda(1) < 1e-3 {
		t.Errorf("multipliers do not leave their bounds: %v, %v", m.lambda(0), m.lambda(1))
	}
}

func TestDualLearningRateFitsTheLengthOfTheTraining(t *testing.T) {
	for _, c := range []struct {
		preset   string
		episodes int
		want     float64
	}{
		{"paper", 5000, 1e-4},
		{"paper", 50, 1e-4},
		{"cpu", 800, 1e-4 * 480_000 / (790 * 96 / 4)},
		{"cpu", 100, 1e-2},       // the most there is
		{"cpu", 1_000_000, 1e-4}, // never less than what is written
	} {
		config, err := Preset(c.preset)
		if err != nil {
			t.Fatal(err)
		}
		config.Episodes, config.CriticOnlyEpisodes, config.TransitionsPerUpdate, config.WarmupEpisodes = c.episodes, 0, 4, 10
		if got := config.dualLearningRate(); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s, %d episodes: %v, want %v", c.preset, c.episodes, got, c.want)
		}
	}
}

func TestEpsilonStaysGrowsAndStays(t *testing.T) {
	c, err := Preset("paper")
	if err != nil {
		t.Fatal(err)
	}
	for progress, want := range map[float64]float64{0: 0.05, 0.2: 0.05, 0.4: 0.175, 0.6: 0.3, 1: 0.3} {
		if got := c.OP.epsilon(progress); math.Abs(got-want) > 1e-12 {
			t.Errorf("epsilon after %v is %v, want %v", progress, got, want)
		}
	}
}

// What the expert says counts where it is labelled and has effect, and nowhere
// else.
func TestUnlabelledAdviceChangesNothing(t *testing.T) {
	for _, name := range []string{"op", "op_mh", "matd3bc", "magail"} {
		t.Run(name, func(t *testing.T) {
			after := func(spoil bool) []byte {
				x := newTrial(t, name, 1, nil)
				for k := range x.batch.Expert {
					if spoil && (x.batch.Label[k/2] == 0 || x.batch.Mask[k] == 0) {
						x.batch.Expert[k] = 0.77
					}
				}
				x.update()
				b, err := x.learner.AppendState(nil)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			if string(after(false)) != string(after(true)) {
				t.Error("it does")
			}
		})
	}
}

// With per-agent critics, actors of OP-MH follow the value of their own agent
// alone: held against central differences of the network's own outputs.
func TestActorsOfOPMHCanFollowTheirOwnValueAlone(t *testing.T) {
	x := newTrial(t, "op_mh", 1, func(c *Config) {
		c.Critic = "per_agent"
		c.OPMH.DModel, c.OPMH.Heads, c.OPMH.TokenHidden, c.OPMH.OutHidden = 16, 2, 16, 16
	})
	o := x.learner.(*op)
	x.update()
	rng, B := nn.NewRNG(8, 1), x.batch.Size
	value := func(i int, by float32, direction nn.Matrix) []float32 {
		moved := newJoint(x.shape, B, true)
		moved.Copy(o.in.now.Matrix)
		for b := range B {
			for a := range x.shape.Action {
				own := moved.action(i)
				own.Set(b, a, own.At(b, a)+by*direction.At(b, a))
			}
		}
		low := o.q.lowest(0, o.q.sets[0].nets, moved.Matrix)
		return append([]float32(nil), low.Block(i).Data[:B]...)
	}
	for i := range x.shape.Agents {
		direction := nn.NewMatrix(B, x.shape.Action)
		rng.FillNormal(direction.Data)
		const h = 1e-3
		up, down := value(i, h, direction), value(i, -h, direction)
		wrong, largest := 0, 0.0
		for b := range B {
			along := 0.0
			for a := range x.shape.Action {
				along += float64(direction.At(b, a)) * float64(o.byAction.action(i).At(b, a))
			}
			want := -float64(up[b]-down[b]) / (2 * h) / float64(B)
			largest = max(largest, math.Abs(want))
			if math.Abs(along-want) > 0.02*math.Abs(want)+1e-5 {
				wrong++
			}
		}
		// A kink of ReLU or of the minimum lies between the two points now and then.
		if wrong > 2 || largest < 1e-4 {
			t.Errorf("agent %d: %d of %d derivatives differ from central differences, which reach %v", i, wrong, B, largest)
		}
	}
}

func TestHeadsComeAtEqualParameters(t *testing.T) {
	shape := replay.Shape{Agents: 20, Observation: 10, Action: 5}
	count := func(heads int, attention string) int {
		c, err := Preset("paper")
		if err != nil {
			t.Fatal(err)
		}
		c.Name, c.BatchSize, c.OPMH.Heads, c.OPMH.Attention = "op_mh", 4, heads, attention
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		l, err := NewLearner(c, Problem{Shape: shape, Types: make([]string, 20)}, nn.NewRNG(1, 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		l.Update(randomBatch(shape, c.BatchSize), Schedule{}, func(key string, v float64) {
			if math.IsNaN(v) {
				t.Errorf("%d heads: %s is %v", heads, key, v)
			}
		})
		return len(l.(*op).q.sets[0].nets[0].Params().Data)
	}
	want := float64(count(4, "differential"))
	for _, heads := range []int{0, 1, 2, 4, 8, 16} {
		for _, attention := range []string{"differential", "standard"} {
			// xi and the gains, which follow the heads, are less than a hundredth.
			if n := float64(count(heads, attention)); math.Abs(n-want) > 0.01*want {
				t.Errorf("%d heads, %s: %v parameters, want about %v", heads, attention, n, want)
			}
		}
	}
}
