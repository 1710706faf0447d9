package marl

import (
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/nn"
)

// multipliers are the Lagrange multipliers of OP, one for every agent, kept as
// l = log lambda, and what has become of the constraints W <= eps.
type multipliers struct {
	l, slope []float32
	adam     *nn.Adam
	low      float32 // log of the bounds on lambda
	high     float32

	w []float64 // W of the update in hand, 0 where nothing is labelled
	// A running mean of every agent's W, and the least it has been: what the
	// agent cannot come below. Before the first label both are 0.
	recent, floor []float32
}

// recentRate is what one update counts for in the running mean of W.
const recentRate = 0.01

func newMultipliers(agents int, c *Config) *multipliers {
	m := &multipliers{
		l: make([]float32, agents), slope: make([]float32, agents), adam: nn.NewAdam(agents, c.dualLearningRate()),
		low: float32(math.Log(c.OP.LambdaMin)), high: float32(math.Log(c.OP.LambdaMax)),
		w: make([]float64, agents), recent: make([]float32, agents), floor: make([]float32, agents),
	}
	for i := range m.l {
		m.l[i] = float32(math.Log(c.OP.Lambda))
	}
	return m
}

func (m *multipliers) lambda(i int) float64 { return math.Exp(float64(m.l[i])) }

// learn moves every l down the gradient of L = -exp(l) (W - eps), eq. (39), and
// back between the bounds. An agent without labels has no constraint.
func (m *multipliers) learn(labelled []bool, epsilon float64) {
	for i, w := range m.w {
		m.slope[i] = 0
		if !labelled[i] {
			continue
		}
		m.slope[i] = float32(-m.lambda(i) * (w - epsilon))
		if m.recent[i] == 0 {
			m.recent[i], m.floor[i] = float32(w), float32(w)
		}
		m.recent[i] += recentRate * (float32(w) - m.recent[i])
		m.floor[i] = min(m.floor[i], m.recent[i])
	}
	m.adam.Update(nil, m.l, m.slope, 1)
	for i, l := range m.l {
		m.l[i] = min(m.high, max(m.low, l))
	}
}

func (m *multipliers) report(epsilon float64, report func(string, float64)) {
	lambda, highest, capped, floor := 0.0, 0.0, 0.0, 0.0
	for i, l := range m.l {
		x := m.lambda(i)
		lambda += x
		highest = max(highest, x)
		if l == m.high {
			capped++
		}
		floor += float64(m.floor[i])
	}
	n := float64(len(m.l))
	report("lambda", lambda/n)
	report("lambda_highest", highest)
	report("lambda_at_cap", capped/n)
	report("wasserstein", mean(m.w))
	report("wasserstein_highest", slices.Max(m.w))
	report("wasserstein_floor", floor/n)
	report("epsilon", epsilon)
}

// parts are what a checkpoint must hold.
func (m *multipliers) parts() []part {
	return []part{vector("l", m.l), m.adam, vector("recent", m.recent), vector("floor", m.floor)}
}
