package dso

import (
	"fmt"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/reference"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// Situation is what the operator knows when it plans.
type Situation struct {
	// Day is what is expected of the day: what will happen, or a forecast.
	// Steps that are not planned are not looked at.
	Day    *community.Day
	Market *market.Market
	First  int // step of the day with which the plan begins
	Steps  int // how many; 0: the rest of the day

	SOC   []float64 // of every prosumer at the start; 0 without a battery
	CDGKW []float64 // of every prosumer in the step before

	// Members replace the reference models, where given: one for each prosumer,
	// in their order, over the steps of the plan. The zero Member replaces none.
	Members []Member
	// Near, where given, is a plan that covers the same steps of the day. If it
	// needed the network's rows, the search starts from it instead of from a plan
	// without them.
	Near *Plan
}

// Start is the situation at the beginning of a day.
func Start(s *community.Scenario, m *market.Market, day *community.Day, soc float64) *Situation {
	x := &Situation{Day: day, Market: m, SOC: make([]float64, len(s.Prosumers)), CDGKW: make([]float64, len(s.Prosumers))}
	for i := range s.Prosumers {
		if b := s.Prosumers[i].BESS; b != nil {
			x.SOC[i] = min(max(soc, b.SOCMin), b.SOCMax)
		}
	}
	return x
}

// steps is the length of the horizon.
func (s *Situation) steps() int {
	if s.Steps > 0 {
		return s.Steps
	}
	return profile.StepsPerDay - s.First
}

func (s *Situation) check(prosumers []community.Prosumer) error {
	n := len(prosumers)
	switch {
	case s.First < 0 || s.steps() < 1 || s.First+s.steps() > profile.StepsPerDay:
		return fmt.Errorf("dso: %d steps from step %d do not fit a day of %d", s.steps(), s.First, profile.StepsPerDay)
	case len(s.SOC) != n || len(s.CDGKW) != n:
		return fmt.Errorf("dso: the state of %d batteries and %d generators: the community has %d prosumers", len(s.SOC), len(s.CDGKW), n)
	case s.Members != nil && len(s.Members) != n:
		return fmt.Errorf("dso: %d members: the community has %d prosumers", len(s.Members), n)
	case s.Near != nil && (s.Near.First > s.First || s.Near.First+len(s.Near.SetPoints) < s.First+s.steps()):
		return fmt.Errorf("dso: the plan to start from covers %d steps from step %d, not %d from step %d", len(s.Near.SetPoints), s.Near.First, s.steps(), s.First)
	}
	for i := range s.Members {
		if m := &s.Members[i]; m.given() && m.P2PMW.Size() != s.steps() {
			return fmt.Errorf("dso: the model of %s has %d steps, the plan %d", prosumers[i].Name, m.P2PMW.Size(), s.steps())
		}
	}
	return nil
}

// state is what prosumer i knows.
func (s *Situation) state(i int) *reference.State {
	last := s.First + s.steps()
	x := &reference.State{
		SOC: s.SOC[i], CDGKW: s.CDGKW[i],
		LoadKW: s.Day.LoadKW[i][s.First:last], LoadKvar: s.Day.LoadKvar[i][s.First:last],
	}
	for _, unit := range s.Day.AvailableKW[i] {
		x.AvailableKW = append(x.AvailableKW, unit[s.First:last])
	}
	return x
}

// prices of the horizon, per kWh.
func (s *Situation) prices() (buy, sell []float64, fee, stored float64) {
	for step := s.First; step < s.First+s.steps(); step++ {
		q := s.Market.Quote(s.Day.Index, step)
		buy, sell, fee = append(buy, q.Buy), append(sell, q.Sell), q.Fee
	}
	return buy, sell, fee, s.Market.LowestBuy(s.Day.Index)
}
