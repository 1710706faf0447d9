package dso

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

// TestReachable: whatever the members do on whatever day, no limit breaks that
// has no rows; and where members are small, few have.
func TestReachable(t *testing.T) {
	for preset, most := range map[string]int{"voltage-stress": 180, "solar-stress": 208, "paper-scale": 104} {
		w := newWorld(t, preset, nil)
		o := w.operator(t, Options{})
		if n := len(o.reachable); n == 0 || n > most {
			t.Errorf("%s: %d limits have rows, want 1 to %d", preset, n, most)
		}
		rows := map[side]bool{}
		for _, s := range o.reachable {
			rows[s] = true
		}
		solver, err := grid.NewSolver(w.network)
		if err != nil {
			t.Fatal(err)
		}
		n := len(w.network.Buses)
		p, q, vm := make([]float64, n), make([]float64, n), make([]float64, n)
		rapid.Check(t, func(t *rapid.T) {
			day := w.calendar.Day(rapid.IntRange(0, 364).Draw(t, "day"))
			step := rapid.IntRange(0, profile.StepsPerDay-1).Draw(t, "step")
			for b := range n {
				p[b], q[b] = w.network.PerUnit(day.BackgroundKW[step][b]), w.network.PerUnit(day.BackgroundKvar[step][b])
			}
			for i := range w.scenario.Prosumers {
				x := &w.scenario.Prosumers[i]
				var units []float64
				for _, u := range day.AvailableKW[i] {
					units = append(units, u[step])
				}
				load := day.LoadKW[i][step]
				b := x.Bounds(0, 0.5, units, load, profile.StepHours)
				share := func(lo, hi float64) float64 { // mostly at an end, where voltages are extreme
					return lo + (hi-lo)*rapid.SampledFrom([]float64{0, 0, 0.5, 1, 1}).Draw(t, "share")
				}
				sp := community.SetPoint{RDGKW: share(0, b.Hi.RDGKW), BESSKW: share(b.Lo.BESSKW, b.Hi.BESSKW), CLKW: share(0, b.Hi.CLKW)}
				if x.CDG != nil {
					sp.CDGKW = share(x.CDG.MinKW, x.CDG.MaxKW)
				}
				limit := x.ReactiveLimit(sp.RDGKW, units)
				sp.RDGKvar = share(-limit, limit)
				ex, exQ := x.Exchange(sp, load, day.LoadKvar[i][step])
				p[o.feeder.bus[i]] -= w.network.PerUnit(ex)
				q[o.feeder.bus[i]] -= w.network.PerUnit(exQ)
			}
			f := &w.scenario.Feeder
			if st := solver.SolveVM(p, q, f.SubstationPU, vm); !st.Converged {
				t.Fatal(st.Err())
			}
			for a := range o.feeder.anchors {
				for _, b := range o.feeder.anchors[a].buses {
					if vm[b] < f.VMinPU && !rows[side{anchor: a}] || vm[b] > f.VMaxPU && !rows[side{anchor: a, upper: true}] {
						t.Fatalf("bus %d is at %v p.u., and that limit has no rows", w.network.Buses[b].ID, vm[b])
					}
				}
			}
		})
		t.Logf("%s: %d of %d limits have rows", preset, len(o.reachable), 2*len(o.feeder.anchors))
	}
}
