package experiment

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/marl"
	"github.com/peerwatt/peerwatt/profile"
)

// Spec says everything that the result of a run depends on. Its names in YAML
// are those of the tags; [Default] has the defaults.
type Spec struct {
	Community   CommunitySpec   `json:"community"`
	Grid        string          `json:"grid"` // case141, a MATPOWER file or a folder with CSV
	Market      market.Config   `json:"market"`
	Environment EnvironmentSpec `json:"environment"`
	Algorithm   marl.Config     `json:"algorithm"`
	Seeds       []uint64        `json:"seeds"` // one training each
}

// CommunitySpec names the prosumers and the year they live in.
type CommunitySpec struct {
	Preset string `json:"preset"` // a preset's name or a scenario's file
	Year   string `json:"year"`   // 2015, built in
}

// EnvironmentSpec chooses between readings of the decision problem.
type EnvironmentSpec struct {
	Observation string `json:"observation"` // paper or plus
	// EndOnCollapse ends a training day when a bus is 0.1 p.u. away from 1.
	EndOnCollapse bool `json:"end_on_collapse"`
}

// Default returns the specification of `peerwatt run` without arguments.
func Default() Spec {
	algorithm, err := marl.Preset("cpu")
	if err != nil {
		panic(err) // the preset is built in
	}
	return Spec{
		Community:   CommunitySpec{Preset: "voltage-stress", Year: "2015"},
		Grid:        "case141",
		Market:      market.DefaultConfig(),
		Environment: EnvironmentSpec{Observation: "paper"},
		Algorithm:   algorithm,
		Seeds:       []uint64{1, 2, 3},
	}
}

// Validate names the first value that cannot be.
func (s *Spec) Validate() error {
	if len(s.Seeds) == 0 {
		return errors.New("seeds: the list is empty: want one number or more, such as [1, 2, 3]")
	}
	for i, seed := range s.Seeds {
		if slices.Contains(s.Seeds[:i], seed) {
			return fmt.Errorf("seeds: %d stands there twice", seed)
		}
	}
	if o := s.Environment.Observation; o != "paper" && o != "plus" {
		return fmt.Errorf("environment.observation: %q is neither paper nor plus", o)
	}
	return s.Algorithm.Validate()
}

// options are those of the environment that the specification describes.
func (s *Spec) options() env.Options {
	return env.Options{Observation: s.Environment.Observation, EndOnCollapse: s.Environment.EndOnCollapse}
}

// World builds what the specification describes.
func (s *Spec) World() (*env.World, error) {
	scenario, err := community.Open(s.Community.Preset)
	if err != nil {
		return nil, err
	}
	network, err := grid.Load(s.Grid)
	if err != nil {
		return nil, err
	}
	year, err := OpenYear(s.Community.Year)
	if err != nil {
		return nil, err
	}
	m, err := market.New(s.Market, year)
	if err != nil {
		return nil, err
	}
	return env.NewWorld(scenario, network, year, m)
}

// OpenYear returns the year of load, sun and wind with this name.
func OpenYear(name string) (*profile.Year, error) {
	if name == "2015" {
		return profile.BuiltIn()
	}
	return nil, fmt.Errorf("community.year: there is no year %q (want 2015)", name)
}

// Identity is the SHA-256 of everything but algorithm and seeds that a training
// on this world depends on, in hex.
func (s *Spec) Identity(w *env.World) (string, error) {
	text, err := json.Marshal(struct {
		Scenario    *community.Scenario
		Network     *grid.Network
		Market      market.Config
		Environment EnvironmentSpec
		Year        string
	}{w.Scenario, w.Network, w.Market.Config(), s.Environment, w.Year.Checksum()})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
