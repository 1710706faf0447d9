package env

import (
	"fmt"
	"strings"

	"github.com/peerwatt/peerwatt/community"
)

// A Policy decides for the whole community. It may look at all of e, so it is
// the interface of privileged deciders (optimisers, operators) as well; what
// must see only its own agent's state is a LocalPolicy behind Decentralised.
//
// A policy is deterministic: the same day, initial state and history give the
// same actions. It reads e and never moves it. A policy that holds resources
// is an io.Closer as well.
type Policy interface {
	Name() string
	// Reset prepares for the day that e has just opened.
	Reset(e *Env) error
	// Act writes the joint action for the present step, len(e.Agents()) x
	// ActionDim in [-1, 1].
	Act(e *Env, action []float32) error
}

// View is all that one agent sees: its own state (22), what its devices can do
// now, and the tariff of the day, which is public.
type View struct {
	Index       int // of the agent
	Agent       Agent
	Prosumer    *community.Prosumer // its own devices
	State       AgentState
	Observation []float32        // the same state, scaled, as learners see it
	Mask        []float32        // 1 for the components that have an effect now
	Bounds      community.Bounds // reactive power: at no active power
	Buy, Sell   []float64        // today's tariff, per kWh and step
	VMin, VMax  float64          // the feeder's limits, p.u.
}

// A LocalPolicy decides for one agent from that agent's own view. The view and
// its slices are valid during the call only.
type LocalPolicy interface {
	Name() string
	Act(v *View, action []float32) error
}

// Decentralised makes a policy of the community out of a local one: every agent
// decides by itself, from its own view alone.
func Decentralised(p LocalPolicy) Policy { return &decentralised{local: p} }

type decentralised struct {
	local       LocalPolicy
	view        View // reused: a policy may not keep it
	observation []float32
	mask        []float32
}

func (d *decentralised) Name() string { return d.local.Name() }

func (d *decentralised) Reset(e *Env) error {
	d.observation = make([]float32, len(e.Agents())*e.ObservationDim())
	d.mask = make([]float32, len(e.Agents())*ActionDim)
	return nil
}

func (d *decentralised) Act(e *Env, action []float32) error {
	e.Observe(d.observation)
	e.Mask(d.mask)
	feeder := &e.world.Scenario.Feeder
	for i, agent := range e.Agents() {
		d.view = View{
			Index: i, Agent: agent, Prosumer: &e.world.Scenario.Prosumers[i],
			State: e.State(i), Bounds: e.Bounds(i),
			Observation: own(d.observation, i, e.ObservationDim()),
			Mask:        own(d.mask, i, ActionDim),
			Buy:         e.buy[:], Sell: e.sell[:],
			VMin: feeder.VMinPU, VMax: feeder.VMaxPU,
		}
		if err := d.local.Act(&d.view, own(action, i, ActionDim)); err != nil {
			return fmt.Errorf("agent %s: %w", agent.Name, err)
		}
	}
	return nil
}

// own is agent i's part of a joint vector, cut so that appending or reslicing
// cannot reach its neighbour.
func own(joint []float32, i, dim int) []float32 { return joint[i*dim : (i+1)*dim : (i+1)*dim] }

// NoTrade is the part of a policy that keeps the community out of peer-to-peer
// trade: RunDay asks for it.
type NoTrade interface{ NoTrade() bool }

// PolicyNames lists what BuiltinPolicy knows.
var PolicyNames = []string{"none", "none-p2p", "rule", "random"}

// BuiltinPolicy returns a policy that needs neither training nor a solver:
//
//	none      renewables at what is available, everything else 0, no trade
//	none-p2p  the same devices, with peer-to-peer trade
//	rule      see Rule
//	random    independent uniform actions, the same for the same day and step
func BuiltinPolicy(name string) (Policy, error) {
	switch name {
	case "none":
		return idle{name: name, noTrade: true}, nil
	case "none-p2p":
		return idle{name: name}, nil
	case "rule":
		return Decentralised(Rule{}), nil
	case "random":
		return Random{}, nil
	}
	return nil, fmt.Errorf("policy %q is unknown; there are %s", name, strings.Join(PolicyNames, ", "))
}

// idle leaves every device alone.
type idle struct {
	name    string
	noTrade bool
}

func (p idle) Name() string                       { return p.name }
func (p idle) NoTrade() bool                      { return p.noTrade }
func (p idle) Reset(*Env) error                   { return nil }
func (p idle) Act(e *Env, action []float32) error { e.IdleAction(action); return nil }

// Random draws every component uniformly from [-1, 1]. The draws are a function
// of seed, day, step and position, so the policy has no state.
type Random struct{ Seed uint64 }

// Name is "random".
func (Random) Name() string { return "random" }

// Reset does nothing.
func (Random) Reset(*Env) error { return nil }

// Act fills the joint action.
func (r Random) Act(e *Env, action []float32) error {
	key := mix(r.Seed ^ mix(uint64(e.day)<<32|uint64(e.step)))
	for k := range action {
		key += 0x9e3779b97f4a7c15
		action[k] = float32(int64(mix(key)>>40))/(1<<23) - 1
	}
	return nil
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014): neighbouring
// arguments give unrelated values.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
