package env

import "testing"

// BenchmarkEnvStep20 is one step of 20 agents with random actions: devices,
// market, power flow, reward and observations, and a 96th of a reset.
func BenchmarkEnvStep20(b *testing.B) { benchmarkStep(b, "paper") }

// BenchmarkEnvStep20Plus is the same with the larger observation.
func BenchmarkEnvStep20Plus(b *testing.B) { benchmarkStep(b, "plus") }

func benchmarkStep(b *testing.B, observe string) {
	w := world(b, "voltage-stress")
	e := newEnv(b, w, Options{Observation: observe})
	observation := make([]float32, len(w.agents)*e.ObservationDim())
	action := make([]float32, len(w.agents)*ActionDim)
	const days = 10
	reset := func(k int) { e.Reset(k%days*37%w.Year.Days(), Evaluation) }
	for k := range days { // a day is made when first used
		reset(k)
	}
	b.ReportAllocs()
	for k := 0; b.Loop(); {
		if e.Done() {
			k++
			reset(k)
		}
		_ = Random{}.Act(e, action)
		e.Step(action)
		e.Observe(observation)
	}
}
