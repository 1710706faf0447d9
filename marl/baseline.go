package marl

import (
	"sync"

	"github.com/peerwatt/peerwatt/env"
)

// baselines gives what learners do not see of the rewards of a day, step by
// step. It is safe for concurrent use.
type baselines struct {
	config RewardConfig
	lock   sync.Mutex
	days   map[int][]float64
}

func newBaselines(c RewardConfig) *baselines { return &baselines{config: c, days: map[int][]float64{}} }

// of returns the baseline of a day: zeros, or the rewards of the idle community
// with trade, for which it plays the day in e.
func (b *baselines) of(e *env.Env, day int) []float64 {
	b.lock.Lock()
	known, ok := b.days[day]
	b.lock.Unlock()
	if ok {
		return known
	}
	rewards := make([]float64, env.StepsPerDay)
	if b.config.Baseline == "idle" {
		action := make([]float32, len(e.Agents())*env.ActionDim)
		e.Reset(day, env.Evaluation)
		for t := 0; !e.Done(); t++ {
			e.IdleAction(action)
			rewards[t] = b.config.of(e.Step(action))
		}
	}
	b.lock.Lock()
	b.days[day] = rewards
	b.lock.Unlock()
	return rewards
}
