package env

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// trace plays what is left of a day with random actions and returns all that
// comes of it.
func trace(e *Env) []any {
	var all []any
	action := make([]float32, len(e.Agents())*ActionDim)
	for {
		observation := make([]float32, len(e.Agents())*e.ObservationDim())
		mask := make([]float32, len(action))
		e.Observe(observation)
		e.Mask(mask)
		all = append(all, observation, mask)
		if e.Done() {
			return append(all, e.Save())
		}
		_ = Random{Seed: 9}.Act(e, action)
		all = append(all, e.Step(action))
	}
}

// TestRestoreGoesOnBitForBit: a fresh environment that restores a snapshot, by
// way of JSON, brings what the one that saved it brings.
func TestRestoreGoesOnBitForBit(t *testing.T) {
	w := world(t, "voltage-stress")
	a, b := newEnv(t, w, Options{Observation: "plus"}), newEnv(t, w, Options{Observation: "plus"})
	action := make([]float32, len(w.agents)*ActionDim)
	rapid.Check(t, func(t *rapid.T) {
		a.Reset(rapid.IntRange(0, w.Year.Days()-1).Draw(t, "day"), Initial{SOC: rapid.Float64Range(0, 1).Draw(t, "soc")})
		for range rapid.IntRange(0, StepsPerDay).Draw(t, "steps") {
			_ = Random{Seed: 9}.Act(a, action)
			a.Step(action)
		}
		text, err := json.Marshal(a.Save())
		if err != nil {
			t.Fatal(err)
		}
		want := trace(a)

		var s Snapshot
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
		if err := b.Restore(s); err != nil {
			t.Fatal(err)
		}
		if b.Last() != nil {
			t.Fatal("a restored environment has no last step")
		}
		if got := trace(b); !reflect.DeepEqual(got, want) {
			t.Fatal("the restored environment goes on differently")
		}
	})
}

func TestRestoreRefusesAnotherWorld(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	e.Reset(3, Evaluation)
	good := e.Save()
	for name, spoil := range map[string]func(*Snapshot){
		"day":    func(s *Snapshot) { s.Day = 365 },
		"step":   func(s *Snapshot) { s.Step = 97 },
		"over":   func(s *Snapshot) { s.Step = 96 },
		"agents": func(s *Snapshot) { s.SOC = s.SOC[:3] },
		"buses":  func(s *Snapshot) { s.VoltagePU = nil },
	} {
		s := good
		spoil(&s)
		if err := e.Restore(s); err == nil {
			t.Errorf("%s: taken", name)
		}
		if !reflect.DeepEqual(e.Save(), good) {
			t.Errorf("%s: a refused snapshot changed the state", name)
		}
	}
}

// TestPoolDoesNotDependOnWorkers: five environments on different days give the
// same with one worker and with several.
func TestPoolDoesNotDependOnWorkers(t *testing.T) {
	w := world(t, "voltage-stress")
	const n = 5
	play := func(workers int) (all []any) {
		p, err := NewPool(w, Options{}, n, workers)
		if err != nil {
			t.Fatal(err)
		}
		agents, dim := len(w.agents), p.Envs()[0].ObservationDim()
		action, observation := make([]float32, n*agents*ActionDim), make([]float32, n*agents*dim)
		out := make([]Outcome, n)
		p.Each(func(i int, e *Env) { e.Reset(30*i, Initial{SOC: 0.3}) })
		for range StepsPerDay {
			p.Each(func(i int, e *Env) {
				size := agents * ActionDim
				_ = Random{Seed: uint64(i)}.Act(e, action[i*size:(i+1)*size])
			})
			p.Step(action, out)
			p.Observe(observation)
			all = append(all, fmt.Sprint(out, observation))
		}
		return all
	}
	one := play(1)
	for _, workers := range []int{2, 3, 16} {
		if !reflect.DeepEqual(play(workers), one) {
			t.Errorf("%d workers give another result than 1", workers)
		}
	}
}
