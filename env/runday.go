package env

import (
	"fmt"
	"time"
)

// Discount is the paper's γ, with which DayResult discounts rewards.
const Discount = 0.99

// DayResult is what a policy made of a day.
type DayResult struct {
	Day int `json:"day"`
	// Cost is RawCost less StoredValue: the figure that tables compare.
	Cost        float64 `json:"cost"`
	RawCost     float64 `json:"raw_cost"`
	StoredValue float64 `json:"stored_value"`

	Reward           float64 `json:"reward"`
	DiscountedReward float64 `json:"discounted_reward"`

	BusSteps      int     `json:"bus_steps"`
	Outside       int     `json:"outside_bus_steps"`
	ExcessPU      float64 `json:"excess_pu"`      // summed over the bus-steps outside
	MeanExcessPU  float64 `json:"mean_excess_pu"` // over those outside; 0 if none
	WorstPU       float64 `json:"worst_excess_pu"`
	DivergedSteps int     `json:"diverged_steps"`

	TradedKWh float64 `json:"traded_kwh"` // peer to peer
	PerAgent  []Bill  `json:"per_agent"`

	// DecisionTime is the time that the policy took. It is a clock reading, so
	// it is in no encoding.
	DecisionTime time.Duration `json:"-"`
}

// Bill is what one agent paid over a day, without what its battery holds at
// the end.
type Bill struct {
	Agent     string  `json:"agent"`
	WithTrade float64 `json:"with_trade"`
	// WithoutTrade is what the same set points would have cost it with the grid
	// alone.
	WithoutTrade float64 `json:"without_trade"`
}

// RunDay lets p decide a whole day from init. If record is not nil it is called
// after every step; what it gets is valid during the call. The day never ends
// early. RunDay leaves e at the end of the day, with the options it had.
func RunDay(e *Env, p Policy, day int, init Initial, record func(*Detail)) (DayResult, error) {
	if day < 0 || day >= e.world.Year.Days() {
		return DayResult{}, fmt.Errorf("day %d is not in year %s of %d days", day, e.world.Year.Name, e.world.Year.Days())
	}
	defer func(trade, endEarly bool) { e.trade, e.endEarly = trade, endEarly }(e.trade, e.endEarly)
	e.endEarly = false
	if q, ok := p.(NoTrade); ok && q.NoTrade() {
		e.trade = false
	}

	e.Reset(day, init)
	start := time.Now()
	err := p.Reset(e)
	spent := time.Since(start)
	if err != nil {
		return DayResult{}, fmt.Errorf("policy %s, %s: %w", p.Name(), e.world.DateOf(day), err)
	}
	total := newTotal(e)
	action := make([]float32, len(e.Agents())*ActionDim)
	for !e.done {
		start := time.Now()
		err := p.Act(e, action)
		spent += time.Since(start)
		if err != nil {
			return DayResult{}, fmt.Errorf("policy %s, %s, step %d: %w", p.Name(), e.world.DateOf(day), e.step, err)
		}
		out := e.Step(action)
		if out.NotNumbers > 0 {
			return DayResult{}, fmt.Errorf("policy %s, %s, step %d: %d components of its action are not numbers",
				p.Name(), e.world.DateOf(day), e.last.Step, out.NotNumbers)
		}
		total.add(e, out)
		if record != nil {
			record(e.Last())
		}
	}
	r := total.result()
	r.DecisionTime = spent
	return r, nil
}

// total adds steps up to a day.
type total struct {
	DayResult
	discount float64
}

func newTotal(e *Env) *total {
	t := &total{DayResult: DayResult{Day: e.day}, discount: 1}
	for _, a := range e.Agents() {
		t.PerAgent = append(t.PerAgent, Bill{Agent: a.Name})
	}
	return t
}

func (t *total) add(e *Env, out Outcome) {
	t.RawCost += out.Cost
	t.StoredValue += out.StoredValue
	t.Reward += out.Reward
	t.DiscountedReward += t.discount * out.Reward
	t.discount *= Discount
	t.BusSteps += len(e.voltagePU)
	t.Outside += out.OutsideBuses
	t.ExcessPU += out.ExcessPU
	t.WorstPU = max(t.WorstPU, out.WorstPU)
	if out.Diverged {
		t.DivergedSteps++
	}
	t.TradedKWh += e.last.Clearing.TradedKW * stepHours
	for i := range e.last.Agents {
		d := &e.last.Agents[i]
		t.PerAgent[i].WithTrade += d.Cost.Total()
		t.PerAgent[i].WithoutTrade += d.Cost.CDG + d.Cost.BESS + d.Cost.CL + gridBill(e.last.Quote, d.ExchangeKW)
	}
}

func (t *total) result() DayResult {
	t.Cost = t.RawCost - t.StoredValue
	if t.Outside > 0 {
		t.MeanExcessPU = t.ExcessPU / float64(t.Outside)
	}
	return t.DayResult
}
