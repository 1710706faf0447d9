package marl

import (
	"cmp"
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
	Learner string
	Size    struct {
		N, O, A, Batch int
		Actor, Critic  []int
		DModel         int `json:"d_model"`
		Heads          int
		Emb            int
		Token, Out     int
	}
	Recipe struct {
		Critic, Gradient string
		LR, Gamma, Tau   float64
		ClipActor        float64 `json:"clip_actor"`
		ClipCritic       float64 `json:"clip_critic"`
		PreTanh          float64 `json:"pre_tanh"`
		Norm             bool
		LRDual           float64 `json:"lr_dual"`
		Eps              float64
		XiInit           float64 `json:"xi_init"`
		Delay            int
		BC               float64
		TargetSigma      float64 `json:"target_sigma"`
		TargetClip       float64 `json:"target_clip"`
	}
	UpdatesOnThisBatch int `json:"updates_on_this_batch"`
	Batch              map[string]any
	Forward, Weights   map[string]any
	Updates            []map[string]any
	Grads              map[string]any
	AdamLast           map[string]map[string]any `json:"adam_last"`
	After1             map[string]any            `json:"after_1"`
	AfterLast          map[string]any            `json:"after_last"`
	Tolerance          map[string]float64        `json:"float32_relative_deviation"`
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
	r := g.Recipe
	c.Name, c.Critic = name, r.Gradient
	if r.Gradient == "joint" {
		c.Critic = "shared"
	}
	c.ActorHidden, c.CriticHidden, c.BatchSize = g.Size.Actor, g.Size.Critic, g.Size.Batch
	c.LearningRate, c.Discount, c.TargetRate = r.LR, r.Gamma, r.Tau
	c.ClipActor, c.ClipCritic = r.ClipActor, r.ClipCritic
	c.MADDPG.PreTanhPenalty = r.PreTanh
	c.OP.DualLearningRate, c.OP.Epsilon, c.OP.EpsilonEnd = r.LRDual, r.Eps, r.Eps
	c.OPMH = OPMHConfig{
		Heads: g.Size.Heads, DModel: g.Size.DModel, Form: "literal", Attention: "differential", XiInit: r.XiInit,
		TokenHidden: g.Size.Token, OutHidden: g.Size.Out, Embedding: "device", EmbeddingDim: g.Size.Emb,
	}
	if r.Norm {
		c.OPMH.Form = "norm"
	}
	c.TD3.Delay, c.TD3.TargetSigma, c.TD3.TargetClip = r.Delay, r.TargetSigma, r.TargetClip
	c.MATD3BC.Weight = r.BC
	return c
}

func (g *golden) problem() Problem {
	p := Problem{Shape: g.shape()}
	for _, d := range numbers(g.Batch["device"]) {
		p.Types = append(p.Types, fmt.Sprint(d))
	}
	return p
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
	b.Noise = given(floats32(g.Batch["xi"]))
	if g.Learner == "MATD3BC" {
		b.Noise = given(floats32(g.Batch["target_xi"]))
	}
	return b
}

// given is noise that is always the same.
type given []float32

func (g given) FillNormal(dst []float32) {
	if copy(dst, g) != len(dst) {
		panic("golden: noise of another shape")
	}
}

// tensor is a network, or a row of numbers, that a golden file knows.
type tensor struct {
	params *nn.Params
	grads  []float32 // nil for what does not learn
	adam   *nn.Adam
}

// tensors lists what a learner moves under the golden files' names, and the
// groups that are clipped together.
func tensors(l Learner) (map[string]tensor, map[string]*trained) {
	ts, groups := map[string]tensor{}, map[string]*trained{}
	actors := func(a *actors) {
		for i, s := range a.steps {
			groups[fmt.Sprintf("actor.%d", i)] = s
			ts[fmt.Sprintf("actors.%d", i)] = tensor{s.nets[0].Params(), s.grads[0], s.adam[0]}
			if a.target != nil {
				ts[fmt.Sprintf("actors_t.%d", i)] = tensor{params: a.target.nets[i].Params()}
			}
		}
	}
	critics := func(letter string, names, targets []string, q *critics) {
		for k, s := range q.sets {
			groups[fmt.Sprintf("%s.%d", letter, k)] = s
			for z, net := range s.nets {
				inside := fmt.Sprintf(".%d", k)
				if !q.tokens {
					inside += ".mlp"
				}
				ts[names[z]+inside] = tensor{net.Params(), s.grads[z], s.adam[z]}
				if q.targets != nil {
					ts[targets[z]+inside] = tensor{params: q.targets[k][z].Params()}
				}
			}
		}
	}
	twins, twinTargets := []string{"q1", "q2"}, []string{"q1t", "q2t"}
	switch l := l.(type) {
	case *maddpg:
		actors(l.actors)
		critics("q", twins, twinTargets, l.q)
	case *matd3bc:
		actors(l.actors)
		critics("q", twins, twinTargets, l.q)
	case *op:
		actors(l.actors)
		critics("q", twins, twinTargets, l.q)
		critics("v", []string{"v"}, []string{"vt"}, l.v)
		ts["l"] = tensor{vector("l", l.dual.l), l.dual.slope, l.dual.adam}
	}
	return ts, groups
}

// find returns the values of a golden name such as q1.0.mlp.layers.0.weight,
// and how to take its part of slices of the same layout.
func find(t *testing.T, ts map[string]tensor, name string) (tensor, nn.View) {
	t.Helper()
	for prefix, x := range ts {
		if rest, ok := strings.CutPrefix(name, prefix+"."); ok || name == prefix {
			view, found := x.params.View(cmp.Or(rest, name))
			if name == prefix {
				view, found = x.params.Views[0], true
			}
			if !found {
				t.Fatalf("%s has no tensor %s", prefix, rest)
			}
			return x, view
		}
	}
	t.Fatalf("no network for %s", name)
	return tensor{}, nn.View{}
}

// float32Slack is how many times the recorded deviation ours may be off. The
// record is what one float32 engine happened to make of its roundings (1e-7, one
// or two units in the last place); ours sums in another order.
const float32Slack = 2

// bound is how far numbers of that part and size may be off: the measure of the
// files is |a - b| / (1e-3 + max |b|).
func (g *golden) bound(part string, want []float64) float64 {
	return float32Slack * g.Tolerance[part] * (1e-3 + largest(want))
}

func largest(x []float64) float64 {
	size := 0.0
	for _, w := range x {
		size = max(size, math.Abs(w))
	}
	return size
}

// within holds got against want. Extra, where there is any, is what an element
// may be off beyond the record: see its callers.
func (g *golden) within(t *testing.T, part, name string, got []float32, want []float64, extra func(i int) float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s %s has %d numbers, want %d", part, name, len(got), len(want))
	}
	bound := g.bound(part, want)
	for i, w := range want {
		off, may := math.Abs(float64(got[i])-w), bound
		if extra != nil && off > bound {
			may += extra(i)
		}
		if !(off <= may) {
			t.Errorf("%s %s[%d] is %v, want %v: off by %.1e, may be by %.1e", part, name, i, got[i], w, off, may)
			return
		}
	}
}

// reproduce runs the updates of a golden case and holds everything against it.
func (g *golden) reproduce(t *testing.T, l Learner) {
	t.Helper()
	ts, groups := tensors(l)
	for name, w := range g.Weights {
		x, view := find(t, ts, name)
		copy(view.Of(x.params.Data), floats32(w))
	}
	b, seen := g.batch(), map[string]bool{}
	for u, want := range g.Updates {
		reported := map[string]float64{}
		l.Update(b, Schedule{}, func(k string, v float64) { reported[k] = v })
		for ours, theirs := range map[string]string{
			"critic_loss": "L_Q", "value_loss": "L_V", "actor_objective": "objective", "regulariser": "regulariser",
			"wasserstein": "W", "cloning_loss": "bc",
		} {
			if want[theirs] != nil {
				x := []float64{mean(numbers(want[theirs]))}
				g.within(t, "updates", fmt.Sprintf("%d %s", u, ours), []float32{float32(reported[ours])}, x, g.residual(ours, x[0]))
			}
		}
		priority := numbers(want["priority"])
		for i := range priority {
			priority[i] -= 1e-6 // the floor, which is replay's here
		}
		g.within(t, "updates", fmt.Sprintf("%d priority", u), b.Priority, priority, nil)
		g.compareClipping(t, u, groups)
		for name, w := range g.Grads {
			if x, view := find(t, ts, name); !seen[name] && x.adam.T == 1 {
				g.within(t, "grads", name, view.Of(x.grads), numbers(w), nil)
				seen[name] = true
			}
		}
		if u == 0 {
			for name, w := range g.After1 {
				x, view := find(t, ts, name)
				g.within(t, "after_1", name, view.Of(x.params.Data), numbers(w), g.step(name, 1))
			}
		}
	}
	for name, w := range g.AfterLast {
		x, view := find(t, ts, name)
		g.within(t, "after_last", name, view.Of(x.params.Data), numbers(w), g.step(name, len(g.Updates)))
	}
	for name := range g.AdamLast["exp_avg"] {
		x, view := find(t, ts, name)
		m, v := numbers(g.AdamLast["exp_avg"][name]), numbers(g.AdamLast["exp_avg_sq"][name])
		g.within(t, "adam_last", "m of "+name, view.Of(x.adam.M), m, g.dual(name, 1))
		g.within(t, "adam_last", "v of "+name, view.Of(x.adam.V), v, g.dual(name, 2e-3*float64(len(g.Updates))*largest(numbers(g.Grads["l"]))))
	}
	if len(seen) != len(g.Grads) {
		t.Errorf("%d of %d gradients were compared", len(seen), len(g.Grads))
	}
}

// residual says how far a mean of squared differences may be off because the
// values are, which are numbers of the part forward: d L = 2 sqrt(L) d value.
// Where values have nearly met their targets that is more than the record.
func (g *golden) residual(key string, loss float64) func(int) float64 {
	values := g.Forward["q1"]
	if key == "value_loss" {
		values = g.Forward["v"]
	} else if key != "critic_loss" {
		return nil
	}
	return func(int) float64 { return 2 * math.Sqrt(loss) * g.bound("forward", numbers(values)) }
}

// step says how far a parameter may be off after some steps because its
// gradient g is: a step of Adam is lr g/(|g| + 1e-8) at first, so where g is
// hardly larger than 1e-8 it depends on bits that are noise in a tensor's
// larger gradients. Few have such gradients.
func (g *golden) step(name string, steps int) func(int) float64 {
	grads, ok := g.Grads[name]
	if !ok {
		return nil // a target
	}
	x := numbers(grads)
	noise, used := g.bound("grads", x), 0
	return func(i int) float64 {
		if used++; used > 1+len(x)/100 {
			return 0
		}
		root := math.Abs(x[i]) + 1e-8
		return float64(steps) * g.Recipe.LR * min(2, noise*1e-8/(root*root))
	}
}

// dual says how far the moments of l may be off: its gradient is lambda (W -
// eps), a difference of numbers near 1 times up to 10. The factor is the
// moment's derivative by the gradient.
func (g *golden) dual(name string, factor float64) func(int) float64 {
	if name != "l" {
		return nil
	}
	w := numbers(g.Updates[0]["W"])
	return func(int) float64 { return factor * 10 * g.bound("forward", w) }
}

// compareClipping holds the gradient norms of update u and what clipping made
// of them.
func (g *golden) compareClipping(t *testing.T, u int, groups map[string]*trained) {
	t.Helper()
	norms, _ := g.Updates[u]["grad_norm"].(map[string]any)
	factors, _ := g.Updates[u]["clip_factor"].(map[string]any)
	compared := 0
	for name, step := range groups {
		want, ok := norms[name].(float64)
		if !ok {
			continue // it did not move
		}
		compared++
		if math.Abs(step.norm-want) > 1e-5*(1e-3+want) {
			t.Errorf("update %d: gradient norm of %s is %v, want %v", u, name, step.norm, want)
		}
		factor := 1.0
		if f, ok := factors[name].(float64); ok {
			factor = f
		}
		if math.Abs(float64(step.factor)-factor) > 1e-5*factor {
			t.Errorf("update %d: %s is clipped by %v, want %v", u, name, step.factor, factor)
		}
	}
	if compared == 0 {
		t.Errorf("update %d: no gradient norm was compared", u)
	}
}

func TestLearnersReproduceTheGoldenUpdates(t *testing.T) {
	for _, c := range []struct{ algorithm, file string }{
		{"maddpg", "maddpg_shared"}, {"maddpg", "maddpg_per_agent"},
		{"matd3bc", "matd3bc_shared"}, {"matd3bc", "matd3bc_per_agent"},
		{"op", "op_shared"}, {"op", "op_shared_clip"}, {"op", "op_per_agent"},
		{"op_mh", "opmh_norm"}, {"op_mh", "opmh_literal"},
	} {
		for _, workers := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s/%d", c.file, workers), func(t *testing.T) {
				g := readGolden(t, c.file)
				pool := nn.NewPool(workers)
				defer pool.Close()
				l, err := NewLearner(g.config(c.algorithm), g.problem(), nn.NewRNG(1, 1), pool)
				if err != nil {
					t.Fatal(err)
				}
				g.reproduce(t, l)
			})
		}
	}
}
