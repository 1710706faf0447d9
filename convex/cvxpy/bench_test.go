package cvxpy

import (
	"context"
	"testing"
	"time"

	"github.com/peerwatt/peerwatt/convex"
)

// archetypes are programs of testdata/experts/models.py for the five archetypes
// of prosumers.
var archetypes = []string{
	"hub", "residential with cumsum", "industrial with helpers and annotations", "rural loop over steps", "commercial with dictionaries of variables",
}

// expert is a program with a cache that holds a structure for each step.
func expert(b *testing.B, name string) func(step int) {
	p, err := Compile("program.py", expertSources(b, "testdata/experts/models.py")[name])
	if err != nil {
		b.Fatal(err)
	}
	p.SetCache(convex.NewCache(100))
	states := map[int]map[string]any{}
	return func(step int) {
		if states[step] == nil {
			states[step] = expertState(b, step)
		}
		r, err := p.Call(context.Background(), DefaultBudget(), "prosumer", states[step])
		if err != nil {
			b.Fatal(err.(*Error).Traceback)
		}
		if s := r.Solves[0].Status; s != "optimal" {
			b.Fatalf("%s at step %d: %s", name, step, s)
		}
	}
}

// BenchmarkExpertProgram runs experts' programs that were parsed and whose
// structures were solved before: a hub at the day's start, and the mean over
// five archetypes and 96 start times.
func BenchmarkExpertProgram(b *testing.B) {
	b.Run("hub", func(b *testing.B) {
		run := expert(b, "hub")
		run(0)
		start := cpuTime()
		for b.Loop() {
			run(0)
		}
		report(b, start, b.N)
	})
	b.Run("mean", func(b *testing.B) {
		var programs []func(step int)
		for _, name := range archetypes {
			programs = append(programs, expert(b, name))
		}
		day := func() {
			for _, run := range programs {
				for step := range 96 {
					run(step)
				}
			}
		}
		day()
		start := cpuTime()
		for b.Loop() {
			day()
		}
		report(b, start, b.N*len(programs)*96)
	})
}

// report gives the time of each of so many runs, and their processor time,
// which is the figure to compare on a machine that others use too.
func report(b *testing.B, start time.Duration, runs int) {
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1e3/float64(runs), "ms/run")
	b.ReportMetric((cpuTime()-start).Seconds()*1e3/float64(runs), "cpu-ms/run")
}
