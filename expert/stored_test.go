package expert

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
)

// storeAll stores programs that specifications without preferences write, one
// for each archetype, each changed where change is given.
func storeAll(t testing.TB, w *env.World, change func(of community.Archetype, source string) string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "programs")
	for _, of := range community.Archetypes {
		spec, _ := caseOf(t, w, of, 0)
		spec.Preferences = nil
		source := spec.Program(true)
		if change != nil {
			source = change(of, source)
		}
		if err := StoreProgram(context.Background(), dir, w, StoredProgram{
			For: string(of), Wish: "Cheap.", Spec: spec, Model: ReferenceExpert, Source: source,
		}); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// load loads a folder and collects what is warned of.
func load(t testing.TB, dir string, w *env.World) (*Programs, *messages) {
	t.Helper()
	m := &messages{}
	p, err := LoadPrograms(context.Background(), dir, w, m.add)
	if err != nil {
		t.Fatal(err)
	}
	return p, m
}

// situationAt draws a situation: any day, one of some steps, and any state of the
// devices.
func situationAt(r *rand.Rand, w *env.World) *dso.Situation {
	s := dso.Start(w.Scenario, w.Market, w.Calendar.Day(r.IntN(365)), 0.5)
	s.First = []int{0, 20, 48, 77, 95}[r.IntN(5)]
	for i := range s.SOC {
		x := &w.Scenario.Prosumers[i]
		if b := x.BESS; b != nil {
			s.SOC[i] = b.SOCMin + (b.SOCMax-b.SOCMin)*r.Float64()
		}
		if c := x.CDG; c != nil {
			s.CDGKW[i] = c.MinKW + (c.MaxKW-c.MinKW)*r.Float64()
		}
	}
	return s
}

// unique adds squares of all powers to a member's cost, 0.01 per kW² and step,
// which makes the optimum of the joint problem one point that solvers can tell
// from others.
func unique(m dso.Member) dso.Member {
	for _, e := range []*convex.Expr{m.Actions.CDG, m.Actions.RDG, m.Actions.BESS, m.Actions.CL} {
		if e != nil {
			m.Cost = m.Cost.Plus(convex.SumSquares(e).Times(0.01 * mega))
		}
	}
	return m
}

// TestProgramsPlanAsReferenceModelsDo joins programs in Python from random
// states, with and without the network's rows: the operator's plan costs what it
// does with the human expert's models, and where the optimum is one point, it is
// the same plan.
func TestProgramsPlanAsReferenceModelsDo(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	programs, warned := load(t, storeAll(t, w, nil), w)
	ctx, states := context.Background(), 5
	if os.Getenv("PEERWATT_TEST_FULL") != "" {
		states = 100
	}
	for name, options := range map[string]dso.Options{"free": {WithoutLimits: true}, "limited": {MarginPU: DefaultMarginPU}} {
		o, err := dso.New(w.Scenario, w.Network, options)
		if err != nil {
			t.Fatal(err)
		}
		limited, r := 0, rand.New(rand.NewPCG(1, 2))
		for range states {
			s := situationAt(r, w)
			want, err := o.Plan(ctx, s)
			if err != nil {
				t.Fatal(err)
			}
			got, err := programs.plan(ctx, o, s)
			if err != nil {
				t.Fatal(err)
			}
			if want.Network {
				limited++
			}
			if off := math.Abs(got.Cost - want.Cost); off > 1e-6*max(1, math.Abs(want.Cost)) || got.Network != want.Network || got.Deviations != nil {
				t.Fatalf("%s, step %d: programs cost %v (network: %v, %v), reference models %v (%v)", name, s.First, got.Cost, got.Network, got.Deviations, want.Cost, want.Network)
			}
			if want.Network { // set points depend on where the search for the limits ends
				continue
			}
			theirs, err := programs.members(ctx, s)
			if err != nil {
				t.Fatal(err)
			}
			humans := make([]dso.Member, len(theirs))
			for i := range theirs {
				x := &w.Scenario.Prosumers[i]
				spec := &Spec{Prosumer: x, ReactivePricePerKvar2h: w.Scenario.ReactivePricePerKvar2h}
				theirs[i], humans[i] = unique(theirs[i]), unique(HumanParts(spec, NewState(x, s.Day, i, s.Market, s.First, s.SOC[i], s.CDGKW[i])).Member(x))
			}
			s.Members = humans
			if want, err = o.Plan(ctx, s); err != nil {
				t.Fatal(err)
			}
			s.Members = theirs
			if got, err = o.Plan(ctx, s); err != nil {
				t.Fatal(err)
			}
			for k := range want.SetPoints {
				for i := range want.SetPoints[k] {
					a, b := got.SetPoints[k][i], want.SetPoints[k][i]
					for _, d := range []float64{a.CDGKW - b.CDGKW, a.RDGKW - b.RDGKW, a.RDGKvar - b.RDGKvar, a.BESSKW - b.BESSKW, a.CLKW - b.CLKW} {
						if math.Abs(d) > 0.05 {
							t.Fatalf("%s, step %d, %s: %+v by programs, %+v by the human expert's models", name, s.First+k, w.Scenario.Prosumers[i].Name, a, b)
						}
					}
				}
			}
		}
		t.Logf("%s: the network mattered in %d plans", name, limited)
	}
	if programs.Failures() != 0 {
		t.Error(warned.texts)
	}
}
