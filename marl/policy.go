package marl

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"slices"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// PolicyFile is the name of the best policy in a training's directory.
const PolicyFile = "policy.bin"

// Policy is a trained team with its normaliser: all that deciding needs. It
// decides each agent's action from that agent's own observation alone, and is
// an env.Policy. One Policy serves one goroutine.
type Policy struct {
	Header PolicyHeader
	team   *Team
	norm   *nn.Normalizer

	actor    *actor
	obs      []float32
	position []int // of every agent of the environment in the team
}

// PolicyHeader describes a policy in its file, as JSON.
type PolicyHeader struct {
	Format      string   `json:"format"`
	Algorithm   string   `json:"algorithm"`
	Seed        uint64   `json:"seed"`
	Episode     int      `json:"episode"` // of training, when it was kept
	Return      float64  `json:"validation_return"`
	Identity    string   `json:"identity"`    // of the training, see Training
	Observation string   `json:"observation"` // preset
	Agents      []string `json:"agents"`
	ObsDim      int      `json:"observation_dim"`
	ActionDim   int      `json:"action_dim"`
	Hidden      []int    `json:"hidden"`
	Gaussian    bool     `json:"gaussian"`
}

const policyFormat = "peerwatt policy 1"

func (r *trainer) policy() *Policy {
	team := r.learner.Team()
	h := PolicyHeader{
		Format: policyFormat, Algorithm: r.Config.Name, Seed: r.Seed, Episode: r.episodes, Identity: r.Identity,
		Observation: r.Environment.Observation,
		ObsDim:      r.shape.Observation, ActionDim: r.shape.Action, Hidden: team.hidden, Gaussian: team.gaussian,
	}
	for _, a := range r.World.Agents() {
		h.Agents = append(h.Agents, a.Name)
	}
	return &Policy{Header: h, team: team, norm: r.norm}
}

// fresh returns a policy of the same weights for another goroutine.
func (p *Policy) fresh() *Policy { return &Policy{Header: p.Header, team: p.team, norm: p.norm} }

// Name is the algorithm's.
func (p *Policy) Name() string { return p.Header.Algorithm }

// Reset prepares for the environment's community, which must be the one that
// the policy was trained for, in any order.
func (p *Policy) Reset(e *env.Env) error {
	if e.ObservationDim() != p.Header.ObsDim {
		return fmt.Errorf("the policy reads %d values per agent (observation %q), the environment shows %d",
			p.Header.ObsDim, p.Header.Observation, e.ObservationDim())
	}
	agents := e.Agents()
	p.position = p.position[:0]
	for i, a := range agents {
		if i >= len(p.Header.Agents) || p.Header.Agents[i] != a.Name {
			return fmt.Errorf("the policy was trained for agents %v, the community has %s as number %d", p.Header.Agents, a.Name, i)
		}
	}
	if len(agents) != len(p.Header.Agents) {
		return fmt.Errorf("the policy was trained for %d agents, the community has %d", len(p.Header.Agents), len(agents))
	}
	if p.actor == nil {
		p.actor = p.team.actor()
		p.obs = make([]float32, len(agents)*p.Header.ObsDim)
	}
	return nil
}

// Act writes the deterministic joint action for what the agents observe.
func (p *Policy) Act(e *env.Env, action []float32) error {
	e.Observe(p.obs)
	p.norm.Apply(p.obs, p.obs)
	p.actor.act(p.obs, nil, 0, action)
	return nil
}

// Write stores the policy as one file: a line of JSON, then normaliser and
// weights, then a checksum.
func (p *Policy) Write(path string) error {
	b, err := json.Marshal(p.Header)
	if err != nil {
		return err
	}
	b = append(b, '\n')
	if b, err = appendSection(b, p.norm); err != nil {
		return err
	}
	for _, net := range p.team.nets {
		if b, err = appendSection(b, net.Params()); err != nil {
			return err
		}
	}
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return renameio.WriteFile(path, b, 0o644)
}

// ReadPolicy reads what Write stored.
func ReadPolicy(path string) (*Policy, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p, err := decodePolicy(b)
	if err != nil {
		return nil, fmt.Errorf("%s: not a whole policy file: %w", path, err)
	}
	return p, nil
}

func decodePolicy(b []byte) (*Policy, error) {
	if len(b) < 4 {
		return nil, errShort
	}
	sum := binary.LittleEndian.Uint32(b[len(b)-4:])
	if b = b[:len(b)-4]; crc32.ChecksumIEEE(b) != sum {
		return nil, fmt.Errorf("its checksum does not fit: it is damaged or cut short")
	}
	p := &Policy{}
	n := 0
	for n < len(b) && b[n] != '\n' {
		n++
	}
	if err := json.Unmarshal(b[:n], &p.Header); err != nil {
		return nil, err
	}
	h := &p.Header
	if h.Format != policyFormat {
		return nil, fmt.Errorf("its format is %q, this program reads %q", h.Format, policyFormat)
	}
	if b = b[min(n+1, len(b)):]; len(h.Agents) == 0 || h.ObsDim < 1 || h.ActionDim < 1 || len(h.Hidden) == 0 {
		return nil, fmt.Errorf("its header lacks agents or sizes")
	}
	s := replay.Shape{Agents: len(h.Agents), Observation: h.ObsDim, Action: h.ActionDim}
	p.team = newTeam(s, h.Hidden, h.Gaussian, nil, nn.NewRNG(0, streamWeights))
	p.norm = nn.NewNormalizer(s.Agents * s.Observation)
	var err error
	if b, err = readSection(b, p.norm); err != nil {
		return nil, err
	}
	for i, net := range p.team.nets {
		if b, err = readSection(b, net.Params()); err != nil {
			return nil, err
		}
		// Agents that shared an actor share it again: what is read once per step
		// stays in the cache.
		if i > 0 && slices.Equal(net.Params().Data, p.team.nets[i-1].Params().Data) {
			p.team.nets[i] = p.team.nets[i-1]
		}
	}
	return p, nil
}
