package marl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// A Learner is one algorithm: it owns networks and moves them from batches. It
// knows nothing of environments, replay, files or clocks; those are the
// trainer's. The same calls in the same order give the same bits, whatever the
// number of workers in its pool.
type Learner interface {
	// Team returns the current policies: the trainer collects, validates and
	// exports with them. It is the same team throughout.
	Team() *Team
	// Update moves the networks once from a batch of normalised observations,
	// fills b.Priority with the mean absolute temporal-difference error of
	// each row, and reports its losses under the keys of Metrics.
	Update(b *Batch, s Schedule, report func(key string, value float64))
	// AppendState and ReadState save and restore everything that Update
	// moves. ReadState returns what follows the state.
	AppendState(b []byte) ([]byte, error)
	ReadState(b []byte) (rest []byte, err error)
}

// Batch is what a learner updates from.
type Batch struct {
	replay.Batch
	Priority []float32 // B, filled by Update
	// Noise gives the standard normals that stochastic updates need. It is
	// part of the batch so that an update is a function of its arguments.
	Noise interface{ FillNormal(dst []float32) }
}

// Problem tells a learner what it will learn on.
type Problem struct {
	Shape  replay.Shape
	Agents []string  // names, such as commercial_0
	Types  []string  // archetypes, for learners that group agents
	Start  []float32 // N x A: where untrained actors begin, nil for zero
	// Steer is by how much, per agent, the two features that show its generator
	// and its battery move for a kW and for the whole state of charge.
	Steer [][2]float64
}

// constructors lists the algorithms: a new one is a file and a line here.
var constructors = map[string]func(*Config, Problem, *nn.RNG, *nn.Pool) Learner{
	"apg":     newAPG,
	"maac":    newMAAC,
	"maddpg":  newMADDPG,
	"magail":  newMAGAIL,
	"matd3bc": newMATD3BC,
	"op":      newOP,
	"op_mh":   newOPMH,
}

// Names lists the algorithms that NewLearner knows.
func Names() []string {
	names := []string{}
	for n := range constructors {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// NewLearner returns the learner that the configuration names, untrained. The
// pool, which may be nil, changes how fast it is and nothing else.
func NewLearner(c Config, p Problem, rng *nn.RNG, pool *nn.Pool) (Learner, error) {
	build, ok := constructors[c.Name]
	if !ok {
		return nil, fmt.Errorf("algorithm.name: %q is not one of %s", c.Name, strings.Join(Names(), ", "))
	}
	return build(&c, p, rng, pool), nil
}
