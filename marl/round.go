package marl

import (
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// A roundLearner learns from the days just played, once, and not from replay:
// nothing is stored for it.
type roundLearner interface {
	Learner
	// tightened is by how much, in p.u., it wants the voltage limits tightened
	// where it is told how steps respond, and penalty how it weighs them.
	tightened() (marginPU, penalty float64)
	// LearnRound moves the networks once. The days were observed through norm.
	LearnRound(days []*trace, norm *nn.Normalizer, s Schedule, report func(key string, value float64))
}

// trace is a day as a roundLearner needs it, T x N of everything.
type trace struct {
	steps     int
	obs       []float32 // normalised
	responses []env.Response
}

func newTrace(s replay.Shape) *trace {
	return &trace{
		obs:       make([]float32, env.StepsPerDay*s.Agents*s.Observation),
		responses: make([]env.Response, env.StepsPerDay*s.Agents),
	}
}
