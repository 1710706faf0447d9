package expert

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// Verdict is what the network operator makes of one prosumer's model, joined with
// the reference models of all others: the strategy that it may follow. Slices by
// step begin with the present one.
type Verdict struct {
	SetPoints   []community.SetPoint `json:"set_points"`
	SOC         []float64            `json:"soc,omitempty"`
	P2PKW       []float64            `json:"p2p_kw"`  // > 0 buys
	GridKW      []float64            `json:"grid_kw"` // > 0 buys
	PricePerKWh []float64            `json:"p2p_price_per_kwh"`
	// Cost is what the prosumer pays with trade, eq. (14) less what is stored;
	// CostUnlimited what it would pay if the network had no limits.
	Cost          float64 `json:"cost"`
	CostUnlimited float64 `json:"cost_without_limits"`
	Community     float64 `json:"community_cost"` // of all prosumers together

	// Broken are the limits that the community would break if nobody looked,
	// Changes what the prosumer therefore does otherwise, Others how many of the
	// others do.
	Broken  []Broken `json:"broken_limits"`
	Changes []Change `json:"changes"`
	Others  int      `json:"others_changed"`
	Rounds  int      `json:"rounds"` // problems solved until the AC power flow agreed
	// Conflicts are limits that all devices together cannot hold, Deviations
	// decisions of the model that its devices cannot carry out.
	Conflicts  []string `json:"conflicts,omitempty"`
	Deviations []string `json:"deviations,omitempty"`
}

// Broken is a voltage limit that would be broken over some steps [From, To) of the
// day, at the worst bus.
type Broken struct {
	FromStep  int     `json:"from_step"`
	ToStep    int     `json:"to_step"`
	BusID     int     `json:"bus"`
	VoltagePU float64 `json:"voltage_pu"`
	LimitPU   float64 `json:"limit_pu"`
}

// String is the limit in words.
func (b Broken) String() string {
	return fmt.Sprintf("%s to %s: bus %d at %.4f p.u., limit %g", ClockOf(b.FromStep), ClockOf(b.ToStep), b.BusID, b.VoltagePU, b.LimitPU)
}

// Change is a decision that the limits change over some steps [From, To) of the
// day, mean values in kW (kvar for Q_RDG).
type Change struct {
	FromStep int     `json:"from_step"`
	ToStep   int     `json:"to_step"`
	Decision string  `json:"decision"`
	Before   float64 `json:"before"`
	After    float64 `json:"after"`
}

// String is the change in words.
func (c Change) String() string {
	unit := "kW"
	if strings.HasPrefix(c.Decision, "Q") {
		unit = "kvar"
	}
	return fmt.Sprintf("%s to %s: %s %.1f %s instead of %.1f", ClockOf(c.FromStep), ClockOf(c.ToStep), c.Decision, c.After, unit, c.Before)
}

// settle takes a prosumer's part out of a plan and works out what it pays.
func (v *Verdict) settle(c *community.Scenario, s *dso.Situation, p *dso.Plan, i int) {
	x := &c.Prosumers[i]
	exchange := make([]float64, len(c.Prosumers))
	var clearing market.Clearing
	for t, points := range p.SetPoints {
		step := p.First + t
		for k := range c.Prosumers {
			exchange[k], _ = c.Prosumers[k].Exchange(points[k], s.Day.LoadKW[k][step], s.Day.LoadKvar[k][step])
		}
		q := s.Market.Quote(s.Day.Index, step)
		s.Market.Clear(q, exchange, &market.Bids{ShadowPricePerKWh: p.ShadowPricePerKWh[t]}, true, &clearing)
		cost := x.DeviceCost(points[i], profile.StepHours)
		cost.Grid, cost.P2P = market.Charge(q, &clearing, i, profile.StepHours)
		v.Cost += cost.Total()
		v.SetPoints = append(v.SetPoints, points[i])
		v.P2PKW, v.GridKW = append(v.P2PKW, clearing.P2PKW[i]), append(v.GridKW, clearing.GridKW[i])
		v.PricePerKWh = append(v.PricePerKWh, clearing.PricePerKWh)
		if x.BESS != nil {
			v.SOC = append(v.SOC, p.SOC[t][i])
		}
	}
	if x.BESS != nil {
		v.Cost -= s.Market.LowestBuy(s.Day.Index) * x.BESS.EnergyKWh * (v.SOC[len(v.SOC)-1] - s.SOC[i])
	}
}

// brokenLimits lists what a plan breaks, each row of steps with its worst bus.
func brokenLimits(w *env.World, limits *community.Feeder, p *dso.Plan) []Broken {
	var list []Broken
	for t, voltages := range p.VoltagePU {
		worst, excess := Broken{FromStep: p.First + t, ToStep: p.First + t + 1}, community.TolerancePU
		for b, pu := range voltages {
			for _, limit := range []float64{limits.VMinPU, limits.VMaxPU} {
				beyond := limit - pu
				if limit == limits.VMaxPU {
					beyond = -beyond
				}
				if beyond > excess {
					excess = beyond
					worst.BusID, worst.VoltagePU, worst.LimitPU = w.Network.Buses[b].ID, pu, limit
				}
			}
		}
		if worst.BusID == 0 {
			continue
		}
		if n := len(list) - 1; n >= 0 && list[n].ToStep == worst.FromStep && list[n].LimitPU == worst.LimitPU {
			list[n].ToStep = worst.ToStep
			if math.Abs(worst.VoltagePU-worst.LimitPU) > math.Abs(list[n].VoltagePU-list[n].LimitPU) {
				list[n].BusID, list[n].VoltagePU = worst.BusID, worst.VoltagePU
			}
			continue
		}
		list = append(list, worst)
	}
	return list
}

// changeShare is from which part of a device's range on a decision counts as
// another one.
const changeShare = 0.02

// changesOf lists what prosumer i does otherwise in another plan.
func changesOf(x *community.Prosumer, i int, before, after *dso.Plan) []Change {
	var list []Change
	for _, d := range decisionsOf(x) {
		open := -1 // the change that the next step may continue
		for t := range before.SetPoints {
			b, a := d.of(before.SetPoints[t][i]), d.of(after.SetPoints[t][i])
			if math.Abs(a-b) <= changeShare*d.rangeKW {
				open = -1
				continue
			}
			if open < 0 || (list[open].After > list[open].Before) != (a > b) {
				list = append(list, Change{FromStep: before.First + t, ToStep: before.First + t, Decision: d.name})
				open = len(list) - 1
			}
			c := &list[open]
			n := float64(c.ToStep - c.FromStep)
			c.Before, c.After = (c.Before*n+b)/(n+1), (c.After*n+a)/(n+1)
			c.ToStep++
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int { return a.FromStep - b.FromStep })
	return list
}

// shownChanges is how many changes are told in words.
const shownChanges = 6

// largest are so many of the changes, those that move most energy, in their order.
func (v *Verdict) largest(most int) []Change {
	energy := func(c Change) float64 { return math.Abs(c.After-c.Before) * float64(c.ToStep-c.FromStep) }
	list := slices.Clone(v.Changes)
	slices.SortStableFunc(list, func(a, b Change) int { return cmp.Compare(energy(b), energy(a)) })
	list = list[:min(most, len(list))]
	slices.SortStableFunc(list, func(a, b Change) int { return a.FromStep - b.FromStep })
	return list
}

// Lines is the verdict in words.
func (v *Verdict) Lines() []string {
	var lines []string
	if len(v.Broken) == 0 {
		lines = append(lines, "the network carries the strategy of everyone as it is")
	}
	for _, b := range v.Broken {
		lines = append(lines, "without the operator "+b.String())
	}
	for _, c := range v.largest(shownChanges) {
		lines = append(lines, "changed "+c.String())
	}
	if more := len(v.Changes) - shownChanges; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d smaller changes", more))
	}
	if len(v.Broken) > 0 {
		if len(v.Changes) == 0 {
			lines = append(lines, "nothing of this prosumer had to change")
		}
		lines = append(lines, fmt.Sprintf("%d others changed theirs; %d problems until the power flow agreed", v.Others, v.Rounds))
	}
	for _, c := range v.Conflicts {
		lines = append(lines, "cannot be held by all devices together: "+c)
	}
	for _, d := range v.Deviations {
		lines = append(lines, "not possible: "+d)
	}
	return lines
}
