package dso

import (
	"context"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
	"github.com/peerwatt/peerwatt/profile"
)

// BenchmarkProsumerDay writes, compiles and solves the day of one energy hub.
func BenchmarkProsumerDay(b *testing.B) {
	w := newWorld(b, "voltage-stress", nil)
	s := w.start(coldDay)
	hub := len(w.scenario.Prosumers) - 1
	buy, sell, _, stored := s.prices()
	for b.Loop() {
		a, err := reference.NewAlone(&w.scenario.Prosumers[hub], s.steps(), reference.Options{ReactivePricePerKvar2h: w.scenario.ReactivePricePerKvar2h})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.Solve(context.Background(), s.state(hub), buy, sell, stored); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJointDay writes, compiles and solves the day of twenty prosumers
// without a network, with reactive power as a network would have it.
func BenchmarkJointDay(b *testing.B) {
	w := newWorld(b, "voltage-stress", nil)
	s := w.start(coldDay)
	for b.Loop() {
		solveDay(b, writeDay(b, w, nil), s, nil, false)
	}
}

// BenchmarkJointDayNetwork does the same with the network's rows on a day that
// needs them.
func BenchmarkJointDayNetwork(b *testing.B) {
	w, s, first, _ := networkDay(b)
	for b.Loop() {
		solveDay(b, writeDay(b, w, limitsOf(b, w)), s, first, false)
	}
}

// BenchmarkResolve gives the same problems new numbers, without writing or
// analysing them again: the same day from other states of charge and under the
// bounds of another power flow, where the last solution shows the way, and
// another day, where it does not.
func BenchmarkResolve(b *testing.B) {
	w, s, first, second := networkDay(b)
	b.Run("JointDay", func(b *testing.B) {
		j := writeDay(b, w, nil)
		fuller := w.start(coldDay)
		for i, soc := range fuller.SOC {
			fuller.SOC[i] = soc + 0.2
		}
		solveDay(b, j, s, nil, false)
		for k := 0; b.Loop(); k++ {
			solveDay(b, j, []*Situation{fuller, s}[k%2], nil, true)
		}
	})
	b.Run("AnotherDay", func(b *testing.B) {
		j := writeDay(b, w, nil)
		for k := 0; b.Loop(); k++ {
			solveDay(b, j, w.start(coldDay+k%2), nil, false)
		}
	})
	b.Run("JointDayNetwork", func(b *testing.B) {
		j := writeDay(b, w, limitsOf(b, w))
		solveDay(b, j, s, first, false)
		for k := 0; b.Loop(); k++ {
			solveDay(b, j, s, []*envelope{second, first}[k%2], true)
		}
	})
}

// BenchmarkPlan plans days as policies do, verification included: one that needs
// the network and one that does not.
func BenchmarkPlan(b *testing.B) {
	w := newWorld(b, "voltage-stress", nil)
	o := w.operator(b, Options{})
	for name, day := range map[string]int{"cold": coldDay, "mild": mildDay} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				plan(b, o, w.start(day))
			}
		})
	}
}

// networkDay is a day that needs the network, with the bounds of its first two
// rounds.
func networkDay(b *testing.B) (w *world, s *Situation, first, second *envelope) {
	b.Helper()
	w = newWorld(b, "voltage-stress", nil)
	s = w.start(coldDay)
	free, once := w.operator(b, Options{WithoutLimits: true}), w.operator(b, Options{MaxRounds: 2})
	return w, s, free.envelope(s, plan(b, free, s)), once.envelope(s, plan(b, once, s))
}

// limitsOf makes the network's rows from nothing.
func limitsOf(b *testing.B, w *world) *networkRows {
	b.Helper()
	f, err := newFeeder(w.network, buses(w.scenario))
	if err != nil {
		b.Fatal(err)
	}
	sides, err := reachable(f, w.network, w.scenario)
	if err != nil {
		b.Fatal(err)
	}
	return newNetworkRows(f, w.network, sides)
}

func writeDay(b *testing.B, w *world, network *networkRows) *joint {
	b.Helper()
	j, err := newJoint(w.scenario, profile.StepsPerDay, nil, network, false, (*convex.Problem).Compile)
	if err != nil {
		b.Fatal(err)
	}
	return j
}

func solveDay(b *testing.B, j *joint, s *Situation, bounds *envelope, warm bool) {
	b.Helper()
	states := make([]*reference.State, len(j.models))
	for i := range states {
		states[i] = s.state(i)
	}
	if err := j.set(s, states); err != nil {
		b.Fatal(err)
	}
	if j.network != nil {
		if err := j.network.setBounds(j.program, bounds); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := j.solve(context.Background(), warm); err != nil {
		b.Fatal(err)
	}
}

func buses(s *community.Scenario) []int {
	ids := make([]int, len(s.Prosumers))
	for i := range ids {
		ids[i] = s.Prosumers[i].Bus
	}
	return ids
}
