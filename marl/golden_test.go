package marl

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// golden is one file of testdata/golden: see PROVENANCE.md there.
type golden struct {
	Size struct {
		N, O, A, Batch int
		Actor, Critic  []int
	}
	Recipe struct {
		Critic, Gradient string
		LR, Gamma, Tau   float64
		ClipActor        float64 `json:"clip_actor"`
		ClipCritic       float64 `json:"clip_critic"`
		PreTanh          float64 `json:"pre_tanh"`
	}
	UpdatesOnThisBatch int `json:"updates_on_this_batch"`
	Batch              map[string]any
	Weights            map[string]any
	Updates            []map[string]any
	Grads              map[string]any
	After1             map[string]any     `json:"after_1"`
	AfterLast          map[string]any     `json:"after_last"`
	Tolerance          map[string]float64 `json:"float32_relative_deviation"`
}

func readGolden(t *testing.T, name string) *golden {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "golden", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	g := &golden{}
	if err := json.NewDecoder(z).Decode(g); err != nil {
		t.Fatal(err)
	}
	return g
}

// numbers flattens nested lists, row by row.
func numbers(x any) []float64 {
	switch x := x.(type) {
	case float64:
		return []float64{x}
	case []any:
		out := []float64{}
		for _, y := range x {
			out = append(out, numbers(y)...)
		}
		return out
	}
	panic(fmt.Sprintf("golden: %T is no number", x))
}

func floats32(x any) []float32 {
	out := []float32{}
	for _, v := range numbers(x) {
		out = append(out, float32(v))
	}
	return out
}

func (g *golden) config(name string) Config {
	c, err := Preset("paper")
	if err != nil {
		panic(err)
	}
	c.Name, c.Critic = name, g.Recipe.Critic
	c.ActorHidden, c.CriticHidden, c.BatchSize = g.Size.Actor, g.Size.Critic, g.Size.Batch
	c.LearningRate, c.Discount, c.TargetRate = g.Recipe.LR, g.Recipe.Gamma, g.Recipe.Tau
	c.ClipActor, c.ClipCritic = g.Recipe.ClipActor, g.Recipe.ClipCritic
	c.MADDPG.PreTanhPenalty = g.Recipe.PreTanh
	return c
}

func (g *golden) shape() replay.Shape {
	return replay.Shape{Agents: g.Size.N, Observation: g.Size.O, Action: g.Size.A}
}

func (g *golden) batch() *Batch {
	b := &Batch{Batch: *replay.NewBatch(g.shape(), g.Size.Batch), Priority: make([]float32, g.Size.Batch)}
	b.Obs, b.NextObs = floats32(g.Batch["obs"]), floats32(g.Batch["next_obs"])
	b.Action, b.Expert = floats32(g.Batch["act"]), floats32(g.Batch["expert"])
	b.Reward, b.Done, b.Weight = floats32(g.Batch["rew"]), floats32(g.Batch["done"]), floats32(g.Batch["w"])
	mask := floats32(g.Batch["mask"])
	for r := range g.Size.Batch {
		copy(b.Mask[r*len(mask):], mask)
		copy(b.NextMask[r*len(mask):], mask)
	}
	for i := range b.Label {
		b.Label[i] = 1
	}
	return b
}

// deviation is the measure of the golden files: the largest |a - b| of a
// tensor over 1e-3 plus the tensor's largest value.
func deviation(got []float32, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	worst, scale := 0.0, 0.0
	for i, w := range want {
		worst, scale = max(worst, math.Abs(float64(got[i])-w)), max(scale, math.Abs(w))
	}
	return worst / (1e-3 + scale)
}

// tensors lists a learner's networks under the golden files' names, with the
// gradients of those that learn.
type tensors map[string]struct {
	params *nn.Params
	grads  []float32
}

// find returns the view of a golden name such as q1.0.mlp.layers.0.weight.
func (ts tensors) find(t *testing.T, name string) (data, grads []float32) {
	t.Helper()
	for prefix, x := range ts {
		if rest, ok := strings.CutPrefix(name, prefix+"."); ok {
			view, found := x.params.View(rest)
			if !found {
				t.Fatalf("%s has no tensor %s", prefix, rest)
			}
			if x.grads != nil {
				grads = view.Of(x.grads)
			}
			return view.Of(x.params.Data), grads
		}
	}
	t.Fatalf("no network for %s", name)
	return nil, nil
}

// float32Slack is how many times the recorded deviation ours may be off. The
// record is what one float32 engine happened to make of its roundings (1e-7, one
// or two units in the last place); ours sums in another order.
const float32Slack = 2

// reproduce runs the updates of a golden case and holds everything against it.
func (g *golden) reproduce(t *testing.T, l Learner, ts tensors, losses map[string]string) {
	t.Helper()
	within := func(part, name string, got []float32, want []float64) {
		t.Helper()
		if d := deviation(got, want); !(d <= float32Slack*g.Tolerance[part]) {
			t.Errorf("%s %s is off by %.2e, recorded for float32: %.2e", part, name, d, g.Tolerance[part])
		}
	}
	for name, w := range g.Weights {
		data, _ := ts.find(t, name)
		copy(data, floats32(w))
	}
	b, seen := g.batch(), map[string]bool{}
	for u := range g.UpdatesOnThisBatch {
		reported := map[string]float64{}
		l.Update(b, Schedule{}, func(k string, v float64) { reported[k] = v })
		want := g.Updates[u]
		for ours, theirs := range losses {
			sum, x := 0.0, numbers(want[theirs])
			for _, v := range x {
				sum += v
			}
			within("updates", fmt.Sprintf("%d %s", u, ours), []float32{float32(reported[ours])}, []float64{sum / float64(len(x))})
		}
		priority := numbers(want["priority"])
		for i := range priority {
			priority[i] -= 1e-6 // the floor, which is replay's here
		}
		within("updates", fmt.Sprintf("%d priority", u), b.Priority, priority)
		for name, w := range g.Grads {
			if _, grads := ts.find(t, name); u == 0 && grads != nil {
				within("grads", name, grads, numbers(w))
				seen[name] = true
			}
		}
		if u == 0 {
			for name, w := range g.After1 {
				data, _ := ts.find(t, name)
				within("after_1", name, data, numbers(w))
			}
		}
	}
	for name, w := range g.AfterLast {
		data, _ := ts.find(t, name)
		within("after_last", name, data, numbers(w))
	}
	if len(seen) == 0 {
		t.Error("no gradient was compared")
	}
}

func TestMADDPGReproducesTheGoldenUpdates(t *testing.T) {
	for _, name := range []string{"maddpg_shared", "maddpg_per_agent"} {
		for _, workers := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s/%d", name, workers), func(t *testing.T) {
				g := readGolden(t, name)
				pool := nn.NewPool(workers)
				defer pool.Close()
				m := newMADDPG(g.config("maddpg"), Problem{Shape: g.shape()}, nn.NewRNG(1, 1), pool)
				ts := tensors{}
				put := func(name string, p *nn.Params, grads []float32) {
					ts[name] = struct {
						params *nn.Params
						grads  []float32
					}{p, grads}
				}
				for i, net := range m.team.nets {
					put(fmt.Sprintf("actors.%d", i), net.Params(), m.actorSteps[i].grads[0])
					put(fmt.Sprintf("actors_t.%d", i), m.targetTeam.nets[i].Params(), nil)
				}
				for k, net := range m.critics {
					put(fmt.Sprintf("q1.%d.mlp", k), net.Params(), m.criticSteps[k].grads[0])
					put(fmt.Sprintf("q1t.%d.mlp", k), m.targets[k].Params(), nil)
				}
				g.reproduce(t, m, ts, map[string]string{
					"critic_loss": "L_Q", "actor_objective": "objective", "regulariser": "regulariser",
				})
				for u, want := range g.Updates[len(g.Updates)-1]["grad_norm"].(map[string]any) {
					kind, index, _ := strings.Cut(u, ".")
					i := int(index[0] - '0')
					step := m.criticSteps
					if kind == "actor" {
						step = m.actorSteps
					}
					if got := step[i].norm; math.Abs(got-want.(float64)) > 1e-5*(1e-3+got) {
						t.Errorf("gradient norm of %s: %v, want %v", u, got, want)
					}
				}
			})
		}
	}
}
