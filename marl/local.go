package marl

import (
	"fmt"
	"slices"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/nn"
)

// Of returns the policy of one agent of p: its own network and its own part of
// the normaliser, nothing of the others. Written, it is the file that an agent in
// the field needs.
func (p *Policy) Of(agent string) (*Policy, error) {
	i := slices.Index(p.Header.Agents, agent)
	if i < 0 {
		return nil, fmt.Errorf("the policy has no agent %q; it has %v", agent, p.Header.Agents)
	}
	h := p.Header
	h.Agents = []string{agent}
	team := *p.team
	team.shape.Agents = 1
	team.nets = []*nn.MLP{p.team.nets[i]}
	team.start = p.team.startOf(i)
	norm := nn.NewNormalizer(h.ObsDim)
	norm.Count, norm.Clip = p.norm.Count, p.norm.Clip
	copy(norm.Mean, p.norm.Mean[i*h.ObsDim:])
	copy(norm.M2, p.norm.M2[i*h.ObsDim:])
	return &Policy{Header: h, team: &team, norm: norm}, nil
}

// Decide writes the deterministic action (env.ActionDim) of a policy of one agent
// for what that agent observes.
func (p *Policy) Decide(observation, action []float32) {
	if len(p.Header.Agents) != 1 || len(observation) != p.Header.ObsDim || len(action) != p.Header.ActionDim {
		panic(fmt.Sprintf("marl: deciding %d values from %d with a policy of %d agents that reads %d", len(action), len(observation), len(p.Header.Agents), p.Header.ObsDim))
	}
	if p.actor == nil {
		p.actor = p.team.actor()
		p.obs = make([]float32, p.Header.ObsDim)
	}
	p.norm.Apply(p.obs, observation)
	p.actor.act(p.obs, nil, 0, action)
}

// Local lets every agent decide by a policy of its own, from its own observation.
// It is an env.LocalPolicy, which env.Decentralised plays.
type Local struct{ policies map[string]*Policy }

// NewLocal joins policies of one agent each.
func NewLocal(policies []*Policy) (*Local, error) {
	l := &Local{policies: map[string]*Policy{}}
	for _, p := range policies {
		if len(p.Header.Agents) != 1 {
			return nil, fmt.Errorf("a policy of %d agents stands among those of one", len(p.Header.Agents))
		}
		if name := p.Header.Agents[0]; l.policies[name] != nil {
			return nil, fmt.Errorf("there are two policies of agent %s", name)
		}
		l.policies[p.Header.Agents[0]] = p
	}
	return l, nil
}

// Name is the algorithm's.
func (l *Local) Name() string {
	for _, p := range l.policies {
		return p.Header.Algorithm
	}
	return "nobody"
}

// Act lets the agent of the view decide.
func (l *Local) Act(v *env.View, action []float32) error {
	p := l.policies[v.Agent.Name]
	switch {
	case p == nil:
		return fmt.Errorf("there is no policy of it")
	case len(v.Observation) != p.Header.ObsDim:
		return fmt.Errorf("its policy reads %d values (observation %q), it sees %d", p.Header.ObsDim, p.Header.Observation, len(v.Observation))
	}
	p.Decide(v.Observation, action)
	return nil
}
