package experiment

import (
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Summary is what tables show of one contender: means over the evaluated days,
// and their spread over seeds and over days, each under its own name.
type Summary struct {
	Policy string   `json:"policy"`
	Seeds  []uint64 `json:"seeds,omitempty"` // of its trainings; nil where it was not trained
	Days   int      `json:"days"`

	Cost        float64 `json:"cost_per_day"` // operational cost, change of stored energy valued
	CostSeedsSD float64 `json:"cost_sd_over_seeds"`
	CostDaysSD  float64 `json:"cost_sd_over_days"`
	RawCost     float64 `json:"raw_cost_per_day"`
	Reward      float64 `json:"reward_per_day"`
	// RewardSeedsSD is the standard deviation over seeds of the mean reward.
	RewardSeedsSD float64 `json:"reward_sd_over_seeds"`

	ViolationShare   float64 `json:"violation_share"` // of bus-steps outside the limits
	ViolationSeedsSD float64 `json:"violation_share_sd_over_seeds"`
	ViolationMeanPU  float64 `json:"violation_mean_pu"`  // mean excess of those
	ViolationWorstPU float64 `json:"violation_worst_pu"` // largest excess
	DivergedSteps    int     `json:"diverged_steps"`

	// Correction is what the operator changed, over all seeds and days, where it
	// corrects.
	Correction *CorrectionCount `json:"correction,omitempty"`

	// Score is (C_none-p2p - C) / (C_none-p2p - C_perfect) with sums over the
	// days; nil where either bound is not among the contenders.
	Score *float64 `json:"score,omitempty"`
	// Aggregate sums up the scores of single months and seeds.
	Aggregate *Aggregate `json:"scores_by_month,omitempty"`

	// DecisionSeconds is the time that a decision of the whole community takes,
	// the mean over steps. It is a clock reading: the only figure here that two
	// evaluations do not share.
	DecisionSeconds float64 `json:"decision_s"`
}

// Names of the contenders that bound the normalised score.
const (
	scoreZero = "none-p2p"
	scoreOne  = "perfect"
)

// policyRows are the rows of one policy.
type policyRows struct {
	name string
	rows []Row
}

// groupRows groups rows by policy, in the order in which policies appear.
func groupRows(rows []Row) []policyRows {
	var groups []policyRows
	at := map[string]int{}
	for _, r := range rows {
		i, known := at[r.Policy]
		if !known {
			i = len(groups)
			at[r.Policy], groups = i, append(groups, policyRows{name: r.Policy})
		}
		groups[i].rows = append(groups[i].rows, r)
	}
	return groups
}

// Summarise makes a summary of every policy, in the order in which they appear.
func Summarise(rows []Row) []Summary {
	var out []Summary
	for _, g := range groupRows(rows) {
		out = append(out, summarise(g.name, g.rows))
	}
	score(out)
	all := scoresOf(rows)
	for i := range out {
		if s := all[out[i].Policy]; s != nil {
			out[i].Aggregate = s.aggregate()
		}
	}
	return out
}

func summarise(name string, rows []Row) Summary {
	s := Summary{Policy: name, DecisionSeconds: decisionSeconds(rows)}
	perSeed := map[uint64][]Row{}
	perDay := map[string][]float64{}
	var busSteps, outside, excess float64
	for _, r := range rows {
		if _, known := perSeed[r.Seed]; !known {
			s.Seeds = append(s.Seeds, r.Seed)
		}
		perSeed[r.Seed] = append(perSeed[r.Seed], r)
		perDay[r.Date] = append(perDay[r.Date], r.Cost)
		busSteps += float64(r.BusSteps)
		outside += float64(r.Outside)
		excess += r.ExcessPU
		s.ViolationWorstPU = max(s.ViolationWorstPU, r.WorstPU)
		s.DivergedSteps += r.DivergedSteps
		if r.Correction != nil {
			if s.Correction == nil {
				s.Correction = &CorrectionCount{}
			}
			s.Correction.add(r.Correction)
		}
	}
	s.Days = len(perDay)
	s.ViolationShare = outside / busSteps
	if outside > 0 {
		s.ViolationMeanPU = excess / outside
	}
	var costs, rewards, raws, days, shares []float64
	for _, seed := range s.Seeds {
		costs = append(costs, meanOf(perSeed[seed], func(r Row) float64 { return r.Cost }))
		raws = append(raws, meanOf(perSeed[seed], func(r Row) float64 { return r.RawCost }))
		rewards = append(rewards, meanOf(perSeed[seed], func(r Row) float64 { return r.Reward }))
		shares = append(shares, meanOf(perSeed[seed], func(r Row) float64 { return float64(r.Outside) / float64(r.BusSteps) }))
	}
	for _, r := range perSeed[s.Seeds[0]] { // in the order of days, not of a map
		days = append(days, stat.Mean(perDay[r.Date], nil))
	}
	s.Cost, s.CostSeedsSD = meanSD(costs)
	s.Reward, s.RewardSeedsSD = meanSD(rewards)
	s.RawCost, _ = meanSD(raws)
	_, s.ViolationSeedsSD = meanSD(shares)
	_, s.CostDaysSD = meanSD(days)
	if !rows[0].Trained {
		s.Seeds = nil
	}
	return s
}

// meanSD returns the mean and the sample standard deviation, 0 for one value.
func meanSD(x []float64) (mean, sd float64) {
	if len(x) < 2 {
		return stat.Mean(x, nil), 0
	}
	return stat.MeanStdDev(x, nil)
}

func meanOf(rows []Row, value func(Row) float64) float64 {
	sum := 0.0
	for _, r := range rows {
		sum += value(r)
	}
	return sum / float64(len(rows))
}

// find returns the summary of a policy, nil if it is not there.
func find(summaries []Summary, policy string) *Summary {
	i := slices.IndexFunc(summaries, func(s Summary) bool { return s.Policy == policy })
	if i < 0 {
		return nil
	}
	return &summaries[i]
}

// score fills the normalised scores where both bounds are there.
func score(summaries []Summary) {
	zero, one := find(summaries, scoreZero), find(summaries, scoreOne)
	if zero == nil || one == nil || zero.Cost == one.Cost {
		return
	}
	for i := range summaries {
		x := (zero.Cost - summaries[i].Cost) / (zero.Cost - one.Cost)
		summaries[i].Score = &x
	}
}
