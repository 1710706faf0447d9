package env

import "testing"

// BenchmarkEnvStep20 is one step of 20 agents with random actions: devices,
// market, power flow, reward and observations, and a 96th of a reset.
func BenchmarkEnvStep20(b *testing.B) {
	w := world(b, "voltage-stress")
	for _, o := range []Options{{}, {Observation: "plus"}} {
		b.Run(map[string]string{"": "paper", "plus": "plus"}[o.Observation], func(b *testing.B) {
			e := newEnv(b, w, o)
			observation := make([]float32, len(w.agents)*e.ObservationDim())
			action := make([]float32, len(w.agents)*ActionDim)
			day := func(k int) int { return k * 37 % w.Year.Days() }
			const days = 10
			for k := range days { // days are made when first used
				e.Reset(day(k), Evaluation)
			}
			k := 0
			b.ReportAllocs()
			for b.Loop() {
				if e.Done() {
					k = (k + 1) % days
					e.Reset(day(k), Evaluation)
				}
				_ = Random{}.Act(e, action)
				e.Step(action)
				e.Observe(observation)
			}
		})
	}
}
