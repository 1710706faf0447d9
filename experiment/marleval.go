package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MarlEval returns rows in the JSON layout of marl-eval (Gorsane et al., "Towards
// a standardised performance evaluation protocol for cooperative MARL", NeurIPS
// 2022; its README, "Data Structure for Raw Experiment data"):
//
//	environment > task > algorithm > run > step > metric
//
// The environment is the world, a task is a month with its days as evaluation
// episodes, a run is a seed. The policy that training chose is evaluated once, so
// that there is one step, whose count is 0, and absolute_metrics, which must come
// last, repeat it. That tool wants equally many runs of all algorithms: where
// some policies were trained, the others are left out.
func MarlEval(world string, rows []Row) ([]byte, error) {
	groups := groupRows(rows)
	if slices.ContainsFunc(groups, func(g policyRows) bool { return g.rows[0].Trained }) {
		groups = slices.DeleteFunc(groups, func(g policyRows) bool { return !g.rows[0].Trained })
	}
	if len(groups) == 0 {
		return nil, errors.New("marl-eval: there are no rows")
	}
	var tasks ordered
	for _, month := range monthsOf(groups[0].rows) {
		var algorithms ordered
		for _, g := range groups {
			runs, err := marlEvalRuns(g.rows, month, len(seedsOf(groups[0].rows)))
			if err != nil {
				return nil, fmt.Errorf("marl-eval: %s: %w", g.name, err)
			}
			algorithms = append(algorithms, member{strings.ToLower(g.name), runs})
		}
		tasks = append(tasks, member{month, algorithms})
	}
	return json.MarshalIndent(ordered{{strings.ToLower(world), tasks}}, "", " ")
}

func marlEvalRuns(rows []Row, month string, want int) (ordered, error) {
	seeds := seedsOf(rows)
	if len(seeds) != want {
		return nil, fmt.Errorf("it has %d runs, others have %d: that tool wants as many of each", len(seeds), want)
	}
	var runs ordered
	for k, seed := range seeds {
		var rewards, costs, shares []float64
		for _, r := range rows {
			if r.Seed == seed && monthOf(r) == month {
				rewards, costs = append(rewards, r.Reward), append(costs, r.Cost)
				shares = append(shares, float64(r.Outside)/float64(max(1, r.BusSteps)))
			}
		}
		metrics := ordered{{"return", rewards}, {"cost", costs}, {"violation", shares}}
		runs = append(runs, member{fmt.Sprintf("run_%d", k+1), ordered{
			{"step_1", append(ordered{{"step_count", 0}}, metrics...)}, {"absolute_metrics", metrics},
		}})
	}
	return runs, nil
}

func monthOf(r Row) string { return r.Date[:len("2006-01")] }

// monthsOf lists the months of rows, in their order.
func monthsOf(rows []Row) (months []string) {
	for _, r := range rows {
		if m := monthOf(r); !slices.Contains(months, m) {
			months = append(months, m)
		}
	}
	return months
}

// seedsOf lists the seeds of rows, in their order.
func seedsOf(rows []Row) (seeds []uint64) {
	for _, r := range rows {
		if !slices.Contains(seeds, r.Seed) {
			seeds = append(seeds, r.Seed)
		}
	}
	return seeds
}

// ordered is a JSON object whose keys stand in an order of their own.
type ordered []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members as they stand.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(m.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
