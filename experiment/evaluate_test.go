package experiment

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl"
)

// stub is a policy that counts how often it is opened and closed, and may fail.
type stub struct {
	env.Policy
	opened, closed *atomic.Int64
	fail           error
}

func (s *stub) Close() error { s.closed.Add(1); return nil }

func (s *stub) Act(e *env.Env, action []float32) error {
	if s.fail != nil && e.StepIndex() == 50 {
		return s.fail
	}
	return s.Policy.Act(e, action)
}

func stubs(opened, closed *atomic.Int64, fail error) Contender {
	return Contender{Name: "stub", New: func() (env.Policy, error) {
		opened.Add(1)
		p, err := env.BuiltinPolicy("rule")
		return &stub{p, opened, closed, fail}, err
	}}
}

func TestRowsDoNotDependOnWorkers(t *testing.T) {
	w := must(t, twoSeeds).run.World
	days := w.Year.Split().Validate
	var opened, closed atomic.Int64
	all := []Contender{must(t, func() (Contender, error) { return Builtin("none-p2p") }), stubs(&opened, &closed, nil)}
	var first []Row
	for _, workers := range []int{1, 3} {
		last := 0
		rows, err := Evaluate(t.Context(), w, all, days, workers, func(done, of int) {
			last = max(last, done)
			if of != 2*len(days) {
				t.Errorf("progress to %d", of)
			}
		})
		if err != nil || len(rows) != 2*len(days) || last != len(rows) {
			t.Fatalf("%d rows, progress to %d, %v", len(rows), last, err)
		}
		for i := range rows {
			if rows[i].Day != days[i%len(days)] || rows[i].Date != w.DateOf(rows[i].Day) {
				t.Fatalf("row %d is day %d, %s", i, rows[i].Day, rows[i].Date)
			}
			rows[i].DecisionTime = 0 // the only clock reading
		}
		if first == nil {
			first = rows
		} else if !reflect.DeepEqual(rows, first) {
			t.Error("rows differ")
		}
	}
	if opened.Load() != 4 || closed.Load() != 4 {
		t.Errorf("%d policies opened, %d closed", opened.Load(), closed.Load())
	}
}

func TestEvaluationEndsWithItsFirstError(t *testing.T) {
	w := must(t, twoSeeds).run.World
	var opened, closed atomic.Int64
	broken := errors.New("the policy broke")
	_, err := Evaluate(t.Context(), w, []Contender{stubs(&opened, &closed, broken)}, w.Year.Split().Train, 2, nil)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if opened.Load() != closed.Load() {
		t.Errorf("%d policies opened, %d closed", opened.Load(), closed.Load())
	}

	ctx, cancel := context.WithCancel(t.Context())
	_, err = Evaluate(ctx, w, []Contender{stubs(&opened, &closed, nil)}, w.Year.Split().Train, 2, func(done, _ int) {
		if done == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestWhatFailedIsToldBesideACancellation: an error that came while others were
// being stopped is not taken for the stop.
func TestWhatFailedIsToldBesideACancellation(t *testing.T) {
	full := errors.New("no space left on device")
	for _, c := range []struct {
		err  error
		want error
	}{
		{nil, nil},
		{context.Canceled, nil},
		{errors.Join(context.Canceled, nil), nil},
		{errors.Join(context.Canceled, full), full},
		{full, full},
	} {
		if got := failure(c.err); !errors.Is(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("of %v: %v, want %v", c.err, got, c.want)
		}
	}
}

func TestPoliciesKnowTheirWorld(t *testing.T) {
	home, away := must(t, twoSeeds), must(t, sunny)
	_, h, err := Trained(home.run.CellDir(1) + "/policy.bin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		w    *env.World
		want bool
	}{{home.run.World, true}, {away.run.World, false}} {
		if got, err := AtHome(h, c.w); err != nil || got != c.want {
			t.Errorf("in %s: %v, %v", c.w.Scenario.Name, got, err)
		}
		if err := Fits(h, c.w); err != nil { // the same twenty
			t.Error(err)
		}
	}
	// Whoever advised it, and whatever it was shown.
	for _, settings := range [][]string{{"algorithm.name=op"}, {"algorithm.name=op", "expert.replan_every=4"}, {"environment.observation=plus", "environment.end_on_collapse=true"}} {
		spec := must(t, func() (Spec, error) { return ReadSpec("", settings...) })
		id := must(t, func() (string, error) { return spec.Identity(home.run.World) })
		if id == h.Identity {
			t.Errorf("%v do not change the identity of a training", settings)
		}
		if got, err := AtHome(marl.PolicyHeader{Identity: id}, home.run.World); err != nil || !got {
			t.Errorf("trained with %v it is not at home: %v", settings, err)
		}
	}
	h.Agents = append([]string{"mill_0"}, h.Agents[1:]...)
	if err := Fits(h, home.run.World); err == nil || !strings.Contains(err.Error(), "its agent 1 is mill_0, that of voltage-stress is commercial_0") {
		t.Errorf("another agent: %v", err)
	}
	h.Agents = h.Agents[1:]
	if err := Fits(h, home.run.World); err == nil || !strings.Contains(err.Error(), "for a community of 19, voltage-stress has 20") {
		t.Errorf("fewer agents: %v", err)
	}
}
