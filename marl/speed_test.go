package marl

import (
	"runtime"
	"testing"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// realSize is the size at which updates are timed: the joint observation of
// 180 is 20 times the nine values of eq. (22).
var realSize = replay.Shape{Agents: 20, Observation: 9, Action: 5}

func randomBatch(s replay.Shape, size int) *Batch {
	b := &Batch{Batch: *replay.NewBatch(s, size), Priority: make([]float32, size)}
	rng := nn.NewRNG(1, 1)
	for _, x := range [][]float32{b.Obs, b.NextObs, b.Action, b.Expert, b.Reward} {
		rng.FillNormal(x)
	}
	for _, x := range [][]float32{b.Mask, b.NextMask, b.Label, b.Weight} {
		for i := range x {
			x[i] = 1
		}
	}
	b.Noise = rng
	return b
}

func benchmarkUpdate(b *testing.B, name, critic string) {
	c, err := Preset("paper")
	if err != nil {
		b.Fatal(err)
	}
	c.Name, c.Critic = name, critic
	c.MAGAIL.CloningUpdates, c.MAGAIL.DiscriminatorUpdates = 0, 0
	pool := nn.NewPool(runtime.GOMAXPROCS(0))
	defer pool.Close()
	l, err := NewLearner(c, Problem{Shape: realSize}, nn.NewRNG(1, 2), pool)
	if err != nil {
		b.Fatal(err)
	}
	batch := randomBatch(realSize, c.BatchSize)
	report := func(string, float64) {}
	l.Update(batch, Schedule{}, report)
	b.ReportAllocs()
	for b.Loop() {
		l.Update(batch, Schedule{}, report)
	}
}

func BenchmarkUpdateMADDPG(b *testing.B)         { benchmarkUpdate(b, "maddpg", "shared") }
func BenchmarkUpdateMADDPGPerAgent(b *testing.B) { benchmarkUpdate(b, "maddpg", "per_agent") }
func BenchmarkUpdateMATD3BC(b *testing.B)        { benchmarkUpdate(b, "matd3bc", "shared") }
func BenchmarkUpdateMAAC(b *testing.B)           { benchmarkUpdate(b, "maac", "shared") }
func BenchmarkUpdateMAGAIL(b *testing.B)         { benchmarkUpdate(b, "magail", "shared") }
func BenchmarkUpdateOP(b *testing.B)             { benchmarkUpdate(b, "op", "shared") }
func BenchmarkUpdateOPPerAgent(b *testing.B)     { benchmarkUpdate(b, "op", "per_agent") }
func BenchmarkUpdateOPMH(b *testing.B)           { benchmarkUpdate(b, "op_mh", "shared") }

// BenchmarkDecide20 asks twenty actors for their actions: one each of the paper's
// size, and the larger ones of preset plus, one for each archetype.
func BenchmarkDecide20(b *testing.B) {
	for _, x := range []struct {
		name        string
		observation int
		hidden      []int
		leader      []int
	}{
		{"Paper", 10, []int{128, 128}, nil},
		{"Plus", 46, []int{256, 256}, []int{0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12, 16, 16, 16, 16}},
	} {
		b.Run(x.name, func(b *testing.B) {
			team := newTeam(replay.Shape{Agents: 20, Observation: x.observation, Action: 5}, x.hidden, true, x.leader, nn.NewRNG(1, 3))
			a := team.actor()
			obs, action := make([]float32, 20*x.observation), make([]float32, 100)
			nn.NewRNG(1, 4).FillNormal(obs)
			b.ReportAllocs()
			for b.Loop() {
				a.act(obs, nil, 0, action)
			}
		})
	}
}
