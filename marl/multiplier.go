package marl

import (
	"math"

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

func (m *multipliers) report(labelled []bool, epsilon float64, report func(string, float64)) {
	var lambda, w, floor average
	highest, furthest, capped := 0.0, 0.0, 0.0
	for i, l := range m.l {
		lambda.add(m.lambda(i))
		highest = max(highest, m.lambda(i))
		if l == m.high {
			capped++
		}
		if labelled[i] {
			w.add(m.w[i])
			furthest = max(furthest, m.w[i])
		}
		if m.floor[i] > 0 {
			floor.add(float64(m.floor[i]))
		}
	}
	report("epsilon", epsilon)
	report("lambda", lambda.mean())
	report("lambda_highest", highest)
	report("lambda_at_cap", capped/lambda.n)
	if w.n > 0 {
		report("wasserstein", w.mean())
		report("wasserstein_highest", furthest)
		report("wasserstein_floor", floor.mean())
	}
}

// average is a mean in the making.
type average struct{ sum, n float64 }

func (a *average) add(x float64) { a.sum, a.n = a.sum+x, a.n+1 }

func (a *average) mean() float64 { return a.sum / a.n }

// parts are what a checkpoint must hold.
func (m *multipliers) parts() []part {
	return []part{vector("l", m.l), m.adam, vector("recent", m.recent), vector("floor", m.floor)}
}
