package experiment

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Estimate is a figure with the bounds of its 95 % confidence interval, which it
// lacks where there is nothing to estimate it from.
type Estimate struct {
	Value    float64     `json:"value"`
	Interval *[2]float64 `json:"interval_95,omitempty"`
}

// Aggregate sums up normalised scores over trainings and months, as Agarwal et
// al., "Deep reinforcement learning at the edge of the statistical precipice"
// (NeurIPS 2021), have it: the tasks are the months, since a winter week and a
// summer week are different problems. Intervals are percentiles of stratified
// bootstraps: trainings are drawn with replacement, for every month anew.
type Aggregate struct {
	Months int `json:"months"`
	// IQM is the interquartile mean: that of the middle half of all scores.
	IQM Estimate `json:"interquartile_mean"`
	// Gap is the optimality gap: what scores lack of 1 on average, where those
	// above 1 make good for no others.
	Gap Estimate `json:"optimality_gap"`
}

// Improvement is how probably a training of one policy scores better than one
// of another, on a month drawn at random.
type Improvement struct {
	Policy      string   `json:"policy"`
	Over        string   `json:"over"`
	Probability Estimate `json:"probability"`
}

// scores are normalised scores, [month][seed].
type scores [][]float64

// scoresOf returns the scores of every policy month by month; nil where a bound
// is missing, or a month in which foresight saves nothing.
func scoresOf(rows []Row) map[string]scores {
	type cell struct {
		policy, month string
		seed          uint64
	}
	cost := map[cell]float64{}
	for _, r := range rows {
		cost[cell{r.Policy, monthOf(r), r.Seed}] += r.Cost
	}
	groups := groupRows(rows)
	out := map[string]scores{}
	for _, month := range monthsOf(rows) {
		zero, known0 := cost[cell{scoreZero, month, 0}]
		one, known1 := cost[cell{scoreOne, month, 0}]
		if !known0 || !known1 || zero <= one {
			return nil
		}
		for _, g := range groups {
			var line []float64
			for _, seed := range seedsOf(g.rows) {
				line = append(line, (zero-cost[cell{g.name, month, seed}])/(zero-one))
			}
			out[g.name] = append(out[g.name], line)
		}
	}
	return out
}

func (s scores) aggregate() *Aggregate {
	return &Aggregate{Months: len(s), IQM: s.estimate(iqm), Gap: s.estimate(optimalityGap)}
}

func (s scores) estimate(f func(scores) float64) Estimate {
	return estimate(func(s []scores) float64 { return f(s[0]) }, s)
}

// iqm is the mean without the lowest and the highest quarter.
func iqm(s scores) float64 {
	all := slices.Concat(s...)
	slices.Sort(all)
	cut := len(all) / 4
	return stat.Mean(all[cut:len(all)-cut], nil)
}

func optimalityGap(s scores) float64 {
	lacks := 0.0
	all := slices.Concat(s...)
	for _, x := range all {
		lacks += max(0, 1-x)
	}
	return lacks / float64(len(all))
}

// improvement is P(x > y) plus half of P(x = y), the mean over months: the
// Mann-Whitney statistic over the number of pairs.
func improvement(x, y scores) float64 {
	total := 0.0
	for k := range x {
		wins := 0.0
		for _, a := range x[k] {
			for _, b := range y[k] {
				switch {
				case a > b:
					wins++
				case a == b:
					wins += 0.5
				}
			}
		}
		total += wins / float64(len(x[k])*len(y[k]))
	}
	return total / float64(len(x))
}

// Improvements compares every policy that was trained with every other one, both
// ways where both were; nil where scores cannot be had.
func Improvements(rows []Row) []Improvement {
	all := scoresOf(rows)
	summaries := groupRows(rows)
	var out []Improvement
	for _, x := range summaries {
		for _, y := range summaries {
			if all == nil || x.name == y.name || !x.rows[0].Trained {
				continue
			}
			out = append(out, Improvement{x.name, y.name, estimate(func(s []scores) float64 { return improvement(s[0], s[1]) }, all[x.name], all[y.name])})
		}
	}
	return out
}

// Bootstraps draw so many samples, from a stream of random numbers that begins
// anew for each figure: the same rows give the same bytes.
const bootstrapSamples = 5000

// estimate is a figure of some policies' scores with its interval.
func estimate(f func([]scores) float64, of ...scores) Estimate {
	e := Estimate{Value: f(of)}
	drawn := make([]scores, len(of))
	several := false
	for i, s := range of {
		drawn[i] = make(scores, len(s))
		for k := range s {
			drawn[i][k] = make([]float64, len(s[k]))
			several = several || len(s[k]) > 1
		}
	}
	if !several {
		return e
	}
	rng := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, bootstrapSamples)
	for b := range values {
		for i, s := range of {
			for k := range s {
				for j := range s[k] {
					drawn[i][k][j] = s[k][rng.IntN(len(s[k]))]
				}
			}
		}
		values[b] = f(drawn)
	}
	slices.Sort(values)
	e.Interval = &[2]float64{stat.Quantile(0.025, stat.LinInterp, values, nil), stat.Quantile(0.975, stat.LinInterp, values, nil)}
	return e
}
