package experiment

import (
	"fmt"
	"math"
	"strconv"
)

// money writes an amount with as many decimals as matter.
func money(x float64) string { return moneyLike(x, x) }

// moneyLike writes an amount with as many decimals as matter in another.
func moneyLike(x, other float64) string {
	decimals := 2
	switch a := math.Abs(other); {
	case a >= 1000 || a == 0:
		decimals = 0
	case a >= 10:
		decimals = 1
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// percent writes a share in percent, without the sign, with two significant
// digits below one.
func percent(share float64) string { return percentLike(share, share) }

// percentLike writes a share in percent with as many decimals as another has.
func percentLike(share, other float64) string {
	decimals := 2
	if a := 100 * math.Abs(other); a > 0 && a < 1 {
		decimals = 1 + int(math.Ceil(-math.Log10(a)))
	}
	return strconv.FormatFloat(100*share, 'f', decimals, 64)
}

// below tells by which share a cost is below a reference; false where the
// reference is no cost.
func below(cost, reference float64) (share float64, ok bool) {
	if !(reference > 0) {
		return 0, false
	}
	return (reference - cost) / reference, true
}

// duration writes the time of a decision.
func duration(seconds float64) string {
	switch {
	case seconds < 1e-3:
		return fmt.Sprintf("%.0f µs", 1e6*seconds)
	case seconds < 1:
		return fmt.Sprintf("%.1f ms", 1e3*seconds)
	}
	return fmt.Sprintf("%.1f s", seconds)
}

// sentences say in words what the table says: what the learned policy costs,
// and how it treats the voltage.
func (r *Run) sentences(rows []Summary) []string {
	learned, idle := find(rows, r.Spec.Algorithm.Name), find(rows, scoreZero)
	if learned == nil || idle == nil {
		return nil
	}
	currency, limits := r.World.Market.Currency(), &r.World.Scenario.Feeder
	spread := ""
	if len(learned.Seeds) > 1 {
		spread = fmt.Sprintf(" (± %s over %d seeds)", moneyLike(learned.CostSeedsSD, learned.Cost), len(learned.Seeds))
	}
	change := idle.Cost - learned.Cost
	verdict := "less"
	if change < 0 {
		verdict, change = "more", -change
	}
	size := money(change) + " " + currency
	if share, ok := below(learned.Cost, idle.Cost); ok {
		size = fmt.Sprintf("%.1f %%", 100*math.Abs(share))
	}
	first := fmt.Sprintf("On %d days that training did not see, the community that %s trained costs %s %s a day%s: %s %s than the same community with nobody in control, which only trades (%s)",
		learned.Days, learned.Policy, money(learned.Cost), currency, spread, size, verdict, money(idle.Cost))
	if rule := find(rows, "rule"); rule != nil {
		first += fmt.Sprintf("; a simple rule comes to %s", money(rule.Cost))
	}
	if perfect := find(rows, scoreOne); perfect != nil {
		first += fmt.Sprintf("; perfect foresight would come to %s", money(perfect.Cost))
	}
	second := fmt.Sprintf("Its voltages leave %g to %g p.u. on %s %% of bus-steps, by %.4f p.u. at worst; with nobody in control it is %s %% and %.4f p.u.",
		limits.VMinPU, limits.VMaxPU, percent(learned.ViolationShare), learned.ViolationWorstPU, percent(idle.ViolationShare), idle.ViolationWorstPU)
	return []string{first + ".", second}
}
