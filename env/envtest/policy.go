// Package envtest holds the conformance suite of env's interfaces, to be run on
// every implementation wherever it lives.
package envtest

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/peerwatt/peerwatt/env"
)

// Policy holds p to what every env.Policy promises: it fills the whole joint
// action with numbers of [-1, 1], it does not move the environment, it is
// deterministic, and no earlier day shows in a later one. It plays a few days
// of w, observed as o says.
func Policy(t testing.TB, w *env.World, o env.Options, p env.Policy) {
	t.Helper()
	e, err := env.New(w, o)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name() == "" {
		t.Error("the policy has no name")
	}
	last := w.Year.Days() - 1
	first := playDay(t, e, p, last/20, env.Evaluation)
	playDay(t, e, p, last/2, env.Initial{SOC: 0.9})
	if !reflect.DeepEqual(playDay(t, e, p, last/20, env.Evaluation), first) {
		t.Errorf("%s decides a day differently the second time", p.Name())
	}
	if _, err := env.RunDay(e, p, last, env.Initial{SOC: 0.3}, nil); err != nil {
		t.Error(err)
	}
}

// playDay returns the joint action of every step of a day.
func playDay(t testing.TB, e *env.Env, p env.Policy, day int, init env.Initial) (actions [][]float32) {
	t.Helper()
	e.Reset(day, init)
	if err := p.Reset(e); err != nil {
		t.Fatal(err)
	}
	action := make([]float32, len(e.Agents())*env.ActionDim)
	for !e.Done() {
		for k := range action {
			action[k] = float32(math.NaN())
		}
		before := e.Save()
		if err := p.Act(e, action); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(e.Save(), before) {
			t.Fatalf("%s moved the environment in step %d", p.Name(), e.StepIndex())
		}
		for k, a := range action {
			if !(a >= -1 && a <= 1) {
				t.Fatalf("%s, step %d: action %v of agent %d, %s",
					p.Name(), e.StepIndex(), a, k/env.ActionDim, env.ActionNames[k%env.ActionDim])
			}
		}
		actions = append(actions, slices.Clone(action))
		e.Step(action)
	}
	return actions
}
