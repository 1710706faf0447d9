package dso

import (
	"context"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/expert/reference"
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
		solveDay(b, writeDay(b, w, s, nil), s)
	}
}

// BenchmarkJointDayNetwork does the same with the network's rows on a day that
// needs them.
func BenchmarkJointDayNetwork(b *testing.B) {
	w, s, e := networkDay(b)
	for b.Loop() {
		solveDay(b, writeDay(b, w, s, e), s)
	}
}

// BenchmarkResolve gives compiled problems the numbers of a day and solves them.
func BenchmarkResolve(b *testing.B) {
	w, s, e := networkDay(b)
	for _, x := range []struct {
		name string
		e    *envelope
	}{{"JointDay", nil}, {"JointDayNetwork", e}} {
		b.Run(x.name, func(b *testing.B) {
			j := writeDay(b, w, s, x.e)
			solveDay(b, j, s)
			for b.Loop() {
				solveDay(b, j, s)
			}
		})
	}
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

// networkDay is a day that needs the network, with the bounds of its first round.
func networkDay(b *testing.B) (*world, *Situation, *envelope) {
	b.Helper()
	w := newWorld(b, "voltage-stress", nil)
	s := w.start(coldDay)
	o := w.operator(b, Options{WithoutLimits: true})
	return w, s, o.envelope(s, plan(b, o, s))
}

// dayProblem is the problem of a day with the bounds to solve it for.
type dayProblem struct {
	*joint
	bounds *envelope
}

func writeDay(b *testing.B, w *world, s *Situation, e *envelope) *dayProblem {
	b.Helper()
	var network *networkRows
	if e != nil {
		f, err := newFeeder(w.network, buses(w.scenario))
		if err != nil {
			b.Fatal(err)
		}
		sides, err := reachable(f, w.network, w.scenario)
		if err != nil {
			b.Fatal(err)
		}
		network = newNetworkRows(f, w.network, sides)
	}
	prices, models := referenceModels(w.scenario, s.steps(), true)
	members := make([]Member, len(models))
	for i, m := range models {
		members[i] = memberOf(m)
	}
	j, err := newJoint(s.steps(), members, network, false, (*convex.Problem).Compile)
	if err != nil {
		b.Fatal(err)
	}
	j.prices, j.models = prices, models
	return &dayProblem{j, e}
}

func solveDay(b *testing.B, j *dayProblem, s *Situation) {
	b.Helper()
	states := make([]*reference.State, len(j.models))
	for i := range states {
		states[i] = s.state(i)
	}
	if err := j.set(s, states); err != nil {
		b.Fatal(err)
	}
	if j.network != nil {
		if err := j.network.setBounds(j.program, j.bounds); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := j.solve(context.Background()); err != nil {
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
