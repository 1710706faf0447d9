package marl

import (
	"path/filepath"

	"github.com/peerwatt/peerwatt/env"
)

// validate plays the validation days with the deterministic policies, writes
// the events of the training since the last validation and of this one, and
// keeps the policy where its mean return is the best so far: discounted, as the
// paper has it, or not where the learner does not discount either.
func (r *trainer) validate() error {
	train := map[string]any{"event": "train"}
	_, violating := r.buffer.Len()
	r.means.into(train)
	train["violation_replay"] = violating
	if err := r.write(train); err != nil {
		return err
	}

	policy := r.policy()
	days := r.World.Year.Split().Validate
	results := make([]env.DayResult, len(days))
	errs := make([]error, len(days))
	for from := 0; from < len(days); from += len(r.slots) {
		r.envs.Each(func(i int, e *env.Env) {
			if k := from + i; k < len(days) {
				results[k], errs[k] = env.RunDay(e, policy.fresh(), days[k], env.Evaluation, nil)
			}
		})
	}
	var cost, raw, reward, discounted, outside, busSteps, excess, worst float64
	for k, d := range results {
		if errs[k] != nil {
			return errs[k]
		}
		n := float64(len(results))
		cost += d.Cost / n
		raw += d.RawCost / n
		reward += d.Reward / n
		discounted += d.DiscountedReward / n
		outside += float64(d.Outside)
		busSteps += float64(d.BusSteps)
		excess += d.ExcessPU
		worst = max(worst, d.WorstPU)
	}
	value := discounted
	if r.Config.Discount == 1 {
		value = reward
	}
	r.last = record{Episode: r.episodes, Return: value, Cost: cost, Any: true}
	better := !r.best.Any || value > r.best.Return
	event := map[string]any{
		"event": "validate", "cost": cost, "raw_cost": raw, "reward": reward, "discounted_return": discounted,
		"violation_share": outside / busSteps, "violation_worst_pu": worst, "best": 0,
	}
	if outside > 0 {
		event["violation_mean_pu"] = excess / outside
	}
	if better {
		event["best"] = 1
		r.best = r.last
		if err := policy.Write(filepath.Join(r.Dir, PolicyFile)); err != nil {
			return err
		}
	}
	return r.write(event)
}

func (r *trainer) write(event map[string]any) error {
	event["episode"], event["updates"], event["transitions"] = r.episodes, r.updates, r.episodes*env.StepsPerDay
	if err := r.events.write(event); err != nil {
		return r.errIn("metrics", err)
	}
	return nil
}
