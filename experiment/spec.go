package experiment

import (
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
// are those of the tags; [Default] has the defaults, docs/specification.md
// describes every key.
type Spec struct {
	// Community names the prosumers and the year they live in.
	Community CommunitySpec `json:"community"`
	// Grid is the feeder: case141, a MATPOWER file or a folder with CSV files.
	Grid string `json:"grid"`
	// Market is the tariff and the rule for prices among peers.
	Market market.Config `json:"market"`
	// Environment chooses between readings of the decision problem.
	Environment EnvironmentSpec `json:"environment"`
	// Expert advises the learners that imitate one.
	Expert ExpertSpec `json:"expert"`
	// Algorithm is the learner and how it is trained.
	Algorithm marl.Config `json:"algorithm"`
	// Seeds are the random seeds: one training each.
	Seeds []uint64 `json:"seeds"`
}

// CommunitySpec names the prosumers and the year they live in.
type CommunitySpec struct {
	// Preset is a built-in community or the YAML file of one of your own.
	Preset string `json:"preset"`
	// Year is 2015, built in, another year, which is generated, or a folder or
	// file of Elia's, which is imported.
	Year string `json:"year"`
	// YearSeed is the random seed of a generated year.
	YearSeed uint64 `json:"year_seed"`
}

// EnvironmentSpec chooses between readings of the decision problem.
type EnvironmentSpec struct {
	// Observation is what agents see: paper, eq. (22), or plus, with calendar
	// and forecasts.
	Observation string `json:"observation"`
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
		Community:   CommunitySpec{Preset: community.Presets()[0], Year: "2015", YearSeed: 1},
		Grid:        "case141",
		Market:      market.DefaultConfig(),
		Environment: EnvironmentSpec{Observation: "paper"},
		Expert:      defaultExpert(),
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
	if err := s.Expert.validate(); err != nil {
		return err
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
	year, err := profile.Open(s.Community.Year, s.Community.YearSeed)
	if err != nil {
		return nil, fmt.Errorf("community.year: %w", err)
	}
	m, err := market.New(s.Market, year)
	if err != nil {
		return nil, err
	}
	return env.NewWorld(scenario, network, year, m)
}
