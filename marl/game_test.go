package marl

import (
	"math"
	"testing"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// The game: two agents, each with two actions, see a number u each and share
//
//	r = -2 sum_i (a_i0 - u_i/2)^2 - (a_00 + a_10 - u_0 - u_1)^2 - sum_i (a_i1 - 0.4)^2
//
// and every episode has one step. What pulls a_i0 to its own number and what
// pulls the sum against it balance, with z = a_i0 - u_i/2 alike for both, where
//
//	-4 z - 2 (2 z - (u_0 + u_1)/2) = 0,  so z = (u_0 + u_1)/8
//
// and a_i1 = 0.4. It is the only equilibrium, as r is strictly concave. Agents
// see both numbers, so that their policies can be it.

var gameShape = replay.Shape{Agents: 2, Observation: 2, Action: 2}

func gameEquilibrium(u [2]float32, i int) [2]float32 { return [2]float32{u[i]/2 + (u[0]+u[1])/8, 0.4} }

func gameReward(u [2]float32, a []float32) float32 {
	square := func(x float32) float32 { return x * x }
	r := -square(a[0] + a[2] - u[0] - u[1])
	for i := range 2 {
		r -= 2*square(a[2*i]-u[i]/2) + square(a[2*i+1]-0.4)
	}
	return r
}

// playGame fills a batch: half of the actions are the policies', with noise,
// half are anything.
func playGame(b *Batch, play *actor, rng *nn.RNG, expert func(u [2]float32, i int) [2]float32) {
	noise := make([]float32, 4)
	for r := range b.Size {
		u := [2]float32{2*rng.Float32() - 1, 2*rng.Float32() - 1}
		obs, action := b.Obs[r*4:r*4+4], b.Action[r*4:r*4+4]
		copy(obs, []float32{u[0], u[1], u[1], u[0]})
		rng.FillNormal(noise)
		play.act(obs, noise, 0.2, action)
		if r%2 == 0 {
			for k := range action {
				action[k] = 2*rng.Float32() - 1
			}
		}
		b.Reward[r], b.Done[r] = gameReward(u, action), 1
		for i := range 2 {
			e := expert(u, i)
			copy(b.Expert[r*4+2*i:], e[:])
		}
	}
}

// gameDistance is how far the deterministic policies are from the wanted
// actions, root mean square.
func gameDistance(play *actor, want func(u [2]float32, i int) [2]float32) float64 {
	rng, total, n := nn.NewRNG(9, 9), 0.0, 0
	action := make([]float32, 4)
	for range 200 {
		u := [2]float32{2*rng.Float32() - 1, 2*rng.Float32() - 1}
		play.act([]float32{u[0], u[1], u[1], u[0]}, nil, 0, action)
		for i := range 2 {
			w := want(u, i)
			for a := range 2 {
				d := float64(action[2*i+a] - w[a])
				total += d * d
				n++
			}
		}
	}
	return math.Sqrt(total / float64(n))
}

// other is what the expert of imitators does: not the equilibrium.
func other(u [2]float32, i int) [2]float32 { return [2]float32{-0.5 * u[1-i], 0.3 * u[i]} }

func TestLearnersFindTheEquilibriumOfAGame(t *testing.T) {
	for _, c := range []struct {
		algorithm string
		updates   int
		expert    func(u [2]float32, i int) [2]float32 // what the expert does
		want      func(u [2]float32, i int) [2]float32 // what is to come of it
		within    float64
		change    func(*Config)
	}{
		{algorithm: "maddpg", updates: 1500, expert: other, want: gameEquilibrium, within: 0.1},
		{algorithm: "maac", updates: 1500, expert: other, want: gameEquilibrium, within: 0.1},
		{algorithm: "matd3bc", updates: 2000, expert: gameEquilibrium, want: gameEquilibrium, within: 0.1},
		// With the constraint out of force, whatever the expert says.
		{algorithm: "op", updates: 1500, expert: other, want: gameEquilibrium, within: 0.1, change: func(c *Config) { c.OP.Epsilon, c.OP.EpsilonEnd = 2, 2 }},
		{algorithm: "op_mh", updates: 1500, expert: other, want: gameEquilibrium, within: 0.1, change: func(c *Config) { c.OP.Epsilon, c.OP.EpsilonEnd = 2, 2 }},
		// And with it in force, the expert's actions, whatever the reward says.
		{algorithm: "op", updates: 1500, expert: other, want: other, within: 0.1, change: func(c *Config) { c.OP.Lambda, c.OP.EpsilonEnd = 10, 0.05 }},
		// It never sees the reward.
		{algorithm: "magail", updates: 1500, expert: other, want: other, within: 0.1, change: func(c *Config) { c.MAGAIL.CloningUpdates = 0 }},
	} {
		t.Run(c.algorithm, func(t *testing.T) {
			config, err := Preset("paper")
			if err != nil {
				t.Fatal(err)
			}
			config.Name, config.BatchSize, config.ActorHidden, config.CriticHidden = c.algorithm, 64, []int{32}, []int{48, 48}
			config.LearningRate, config.TargetRate = 3e-3, 0.02
			config.OPMH.DModel, config.OPMH.TokenHidden, config.OPMH.OutHidden = 32, 32, 32
			config.MAAC.Hidden, config.MAGAIL.Hidden, config.MAGAIL.LearningRate = 32, []int{32, 32}, 3e-3
			if c.change != nil {
				c.change(&config)
			}
			l, err := NewLearner(config, Problem{Shape: gameShape, Types: []string{"a", "b"}}, nn.NewRNG(1, 1), nil)
			if err != nil {
				t.Fatal(err)
			}
			b, rng, play := randomBatch(gameShape, config.BatchSize), nn.NewRNG(1, 2), l.Team().actor()
			b.Noise = rng
			start := gameDistance(play, c.want)
			last := map[string]float64{}
			for range c.updates {
				playGame(b, play, rng, c.expert)
				l.Update(b, Schedule{}, func(k string, v float64) { last[k] = v })
			}
			if d := gameDistance(play, c.want); !(d <= c.within) {
				t.Errorf("the policies are %.3f from what is wanted, want at most %.2f; untrained they were %.3f. %v", d, c.within, start, last)
			} else {
				t.Logf("%.3f, untrained %.3f", d, start)
			}
		})
	}
}
