package expert

import (
	"context"
	"testing"

	"github.com/peerwatt/peerwatt/dso"
)

// BenchmarkReplan plans the rest of a day for twenty prosumers with stored
// programs: the programs themselves, at midnight and as the mean over a day's
// hours, and what the operator adds, whose structures it has met before.
func BenchmarkReplan(b *testing.B) {
	w := theWorld(b, "voltage-stress")
	programs, _ := load(b, "testdata/programs", w)
	o, err := dso.New(w.Scenario, w.Network, dso.Options{WithoutLimits: true})
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	at := func(day, step int) *dso.Situation {
		s := dso.Start(w.Scenario, w.Market, w.Calendar.Day(day), 0.5)
		s.First = step
		return s
	}
	run := func(s *dso.Situation) {
		if _, err := programs.members(ctx, s); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("programs at midnight", func(b *testing.B) {
		for k := 0; b.Loop(); k++ {
			run(at(k%365, 0))
		}
	})
	b.Run("programs, mean", func(b *testing.B) {
		for k := 0; b.Loop(); k++ {
			run(at(k%365, 4*k%96))
		}
	})
	plan := func(s *dso.Situation) {
		if _, err := programs.plan(ctx, o, s); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("plan at midnight", func(b *testing.B) {
		for k := 0; b.Loop(); k++ {
			plan(at(k%365, 0))
		}
	})
	b.Run("reference plan at midnight", func(b *testing.B) {
		for k := 0; b.Loop(); k++ {
			if _, err := o.Plan(ctx, at(k%365, 0)); err != nil {
				b.Fatal(err)
			}
		}
	})
	if programs.Failures() > 0 {
		b.Fatalf("%d failures", programs.Failures())
	}
}
