package marl

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// stranger is a policy of the default community that nobody trained: random
// weights, and a normaliser that has seen a day of random rows.
func stranger(t testing.TB, seed uint64) *Policy {
	t.Helper()
	w, err := world()
	if err != nil {
		t.Fatal(err)
	}
	e, err := env.New(w, env.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := &Policy{Header: PolicyHeader{Format: policyFormat, Algorithm: "op", Observation: "paper", ObsDim: e.ObservationDim(), ActionDim: env.ActionDim, Hidden: []int{16}, Gaussian: true}}
	for _, a := range w.Agents() {
		p.Header.Agents = append(p.Header.Agents, a.Name)
	}
	s := replay.Shape{Agents: len(p.Header.Agents), Observation: p.Header.ObsDim, Action: env.ActionDim}
	rng := nn.NewRNG(seed, 0)
	p.team = newTeam(s, p.Header.Hidden, true, nil, rng)
	for _, net := range p.team.nets {
		rng.FillNormal(net.Params().Data)
	}
	p.norm = nn.NewNormalizer(s.Agents * s.Observation)
	row := make([]float32, s.Agents*s.Observation)
	for range env.StepsPerDay {
		rng.FillNormal(row)
		p.norm.Update(row)
	}
	return p
}

// alone writes the file of every agent and reads it back.
func alone(t testing.TB, p *Policy) (all []*Policy, files [][]byte) {
	t.Helper()
	for i, name := range p.Header.Agents {
		own, err := p.Of(name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.policy", i))
		if err := own.Write(path); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		read, err := ReadPolicy(path)
		if err != nil {
			t.Fatal(err)
		}
		all, files = append(all, read), append(files, text)
	}
	return all, files
}

// spy remembers what each agent saw and did.
type spy struct {
	env.LocalPolicy
	seen, done [][]float32
}

func (s *spy) Act(v *env.View, action []float32) error {
	err := s.LocalPolicy.Act(v, action)
	s.seen, s.done = append(s.seen, slices.Clone(v.Observation)), append(s.done, slices.Clone(action))
	return err
}

// TestAgentsDecideAlone: a day that agents play from files of their own is, byte
// for byte, the one that the team plays, and whatever an agent did follows from
// its file and its own observation alone.
func TestAgentsDecideAlone(t *testing.T) {
	team := stranger(t, 1)
	policies, _ := alone(t, team)
	local, err := NewLocal(policies)
	if err != nil {
		t.Fatal(err)
	}
	w, _ := world()
	e, err := env.New(w, env.Options{})
	if err != nil {
		t.Fatal(err)
	}
	day := w.Year.Split().Test[3]
	want, err := env.RunDay(e, team, day, env.Evaluation, nil)
	if err != nil {
		t.Fatal(err)
	}
	watch := &spy{LocalPolicy: local}
	got, err := env.RunDay(e, env.Decentralised(watch), day, env.Evaluation, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Cost != want.Cost || got.Reward != want.Reward || got.ExcessPU != want.ExcessPU {
		t.Errorf("alone they come to %v, together to %v", got.Cost, want.Cost)
	}
	again, _ := alone(t, team) // as on other machines
	for k := range watch.seen {
		action := make([]float32, env.ActionDim)
		again[k%len(again)].Decide(watch.seen[k], action)
		if !slices.Equal(action, watch.done[k]) {
			t.Fatalf("decision %d is %v from the observation alone, was %v", k, action, watch.done[k])
		}
	}
}

// TestNothingOfOthersReachesAnAgent: change everything about the others (their
// networks, what normalises them, what they observe, what they decide by) and an
// agent's file and its decision stay the same bytes.
func TestNothingOfOthersReachesAnAgent(t *testing.T) {
	w, err := world()
	if err != nil {
		t.Fatal(err)
	}
	e, err := env.New(w, env.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e.Reset(7, env.Evaluation)
	first := make([]float32, len(w.Agents())*env.ActionDim)
	ours, theirs := stranger(t, 1), stranger(t, 2)
	policies, files := alone(t, ours)
	others, _ := alone(t, theirs)
	local, err := NewLocal(policies)
	if err != nil {
		t.Fatal(err)
	}
	decide := func(p env.Policy, action []float32) {
		if err := p.Reset(e); err != nil {
			t.Fatal(err)
		}
		if err := p.Act(e, action); err != nil {
			t.Fatal(err)
		}
	}
	decide(env.Decentralised(local), first)
	for i, name := range ours.Header.Agents {
		mixed := stranger(t, 2)
		mixed.team.nets[i] = ours.team.nets[i]
		dim := ours.Header.ObsDim
		copy(mixed.norm.Mean[i*dim:(i+1)*dim], ours.norm.Mean[i*dim:])
		copy(mixed.norm.M2[i*dim:(i+1)*dim], ours.norm.M2[i*dim:])
		_, changed := alone(t, mixed)
		if !bytes.Equal(changed[i], files[i]) {
			t.Errorf("the file of %s changes with the others", name)
		}
		among := slices.Clone(others)
		among[i] = policies[i]
		l, err := NewLocal(among)
		if err != nil {
			t.Fatal(err)
		}
		action := make([]float32, len(first))
		decide(env.Decentralised(l), action)
		at := i * env.ActionDim
		if !slices.Equal(action[at:at+env.ActionDim], first[at:at+env.ActionDim]) {
			t.Errorf("%s decides otherwise among others", name)
		}
		if slices.Equal(action, first) {
			t.Error("the others decide as before: nothing was changed")
		}
		// One network and one normaliser: 4 bytes a parameter, 16 a feature, and
		// what names them.
		least := 4*len(ours.team.nets[i].Params().Data) + 16*dim
		if n := len(files[i]); n < least || n > least+1500 {
			t.Errorf("the file of %s has %d bytes, its network and normaliser %d", name, n, least)
		}
		for j, other := range ours.Header.Agents {
			if i != j && bytes.Contains(files[i], []byte(other)) {
				t.Errorf("the file of %s names %s", name, other)
			}
		}
	}
}

func TestLocalPoliciesThatDoNotFit(t *testing.T) {
	p := stranger(t, 1)
	policies, _ := alone(t, p)
	if _, err := p.Of("mill_0"); err == nil || !strings.Contains(err.Error(), `no agent "mill_0"`) {
		t.Errorf("an agent that is not there: %v", err)
	}
	if _, err := NewLocal(append(policies, policies[0])); err == nil || !strings.Contains(err.Error(), "two policies of agent commercial_0") {
		t.Errorf("one twice: %v", err)
	}
	if _, err := NewLocal([]*Policy{p}); err == nil {
		t.Error("a team stood for an agent")
	}
	w, _ := world()
	for _, c := range []struct {
		observation string
		policies    []*Policy
		want        string
	}{
		{"paper", policies[1:], "agent commercial_0: there is no policy of it"},
		{"plus", policies, "agent commercial_0: its policy reads 10 values"},
	} {
		e, err := env.New(w, env.Options{Observation: c.observation})
		if err != nil {
			t.Fatal(err)
		}
		local, err := NewLocal(c.policies)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := env.RunDay(e, env.Decentralised(local), 0, env.Evaluation, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("observation %s: %v, want %q", c.observation, err, c.want)
		}
	}
}
