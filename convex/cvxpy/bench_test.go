package cvxpy

import (
	"context"
	"testing"

	"github.com/peerwatt/peerwatt/convex"
)

func BenchmarkExpertProgram(b *testing.B) {
	sources := expertSources(b, "testdata/experts/models.py")
	for _, name := range []string{"hub"} {
		p, err := Compile(name, sources[name])
		if err != nil {
			b.Fatal(err)
		}
		state := expertState(b, 0)
		p.SetCache(convex.NewCache(100))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := p.Call(context.Background(), DefaultBudget(), "prosumer", state)
				if err != nil {
					b.Fatal(err.(*Error).Traceback)
				}
				if r.Value.(map[string]any)["status"] != "optimal" {
					b.Fatal(r.Value)
				}
			}
		})
	}
}
