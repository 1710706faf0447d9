package expert

import (
	"fmt"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// State is what a program decides from: what is known of the day, and where its
// prosumer's devices are at the present step. It holds nothing of anybody else.
// Arrays have one value per step of the day.
type State struct {
	CurrentTime int // step of the day

	BuyPerKWh, SellPerKWh []float64
	StoredPerKWh          float64 // what a kWh left in a battery at the day's end is worth
	FeePerKWh             float64 // the operator's, on each side of a trade

	LoadKW, LoadKvar           []float64
	AvailableKW, ReactiveLimit [][]float64 // [unit of RDGs]: kW, kvar

	SOC   float64 // before the present step
	CDGKW float64 // in the step before
}

// NewState is the state of prosumer i of a community at a step of a day, with
// its battery at soc and its generator at cdgKW.
func NewState(x *community.Prosumer, day *community.Day, i int, m *market.Market, step int, soc, cdgKW float64) *State {
	s := &State{
		CurrentTime: step, StoredPerKWh: m.LowestBuy(day.Index), SOC: soc, CDGKW: cdgKW,
		BuyPerKWh: make([]float64, profile.StepsPerDay), SellPerKWh: make([]float64, profile.StepsPerDay),
		LoadKW: day.LoadKW[i], LoadKvar: day.LoadKvar[i], AvailableKW: day.AvailableKW[i],
	}
	for t := range s.BuyPerKWh {
		q := m.Quote(day.Index, t)
		s.BuyPerKWh[t], s.SellPerKWh[t], s.FeePerKWh = q.Buy, q.Sell, q.Fee
	}
	s.limitReactive(x)
	return s
}

// limitReactive works out ReactiveLimit.
func (s *State) limitReactive(x *community.Prosumer) {
	s.ReactiveLimit = nil
	for k := range x.RDGs {
		limit := make([]float64, profile.StepsPerDay)
		for t, kW := range s.AvailableKW[k] {
			limit[t] = x.RDGs[k].ReactiveLimit(0, kW)
		}
		s.ReactiveLimit = append(s.ReactiveLimit, limit)
	}
}

// With is the state of a prosumer whose devices have the ratings that a wish
// names.
func (s *State) With(d Devices, x *community.Prosumer) *State {
	y := *s
	y.AvailableKW = d.Series(x, s.AvailableKW)
	y.limitReactive(d.Of(x))
	return &y
}

// Steps is how many steps are ahead, the present one included.
func (s *State) Steps() int { return profile.StepsPerDay - s.CurrentTime }

// at is the same day from another step on.
func (s *State) at(step int) *State {
	t := *s
	t.CurrentTime = step
	return &t
}

// Map is the state as a program's argument, under the names of the paper's
// notation.
func (s *State) Map(x *community.Prosumer) map[string]any {
	m := map[string]any{
		"current_time":   s.CurrentTime,
		"lambda_(t)_(B)": s.BuyPerKWh, "lambda_(t)_(S)": s.SellPerKWh,
		"lambda_(E)": s.StoredPerKWh, "lambda_(DSO)": s.FeePerKWh,
		"P_(t)_(Load)": s.LoadKW, "Q_(t)_(Load)": s.LoadKvar,
	}
	for k, name := range UnitNames(x) {
		m["P_(t,max)_("+name+")"] = s.AvailableKW[k]
		m["Q_(t,max)_("+name+")"] = s.ReactiveLimit[k]
	}
	if x.BESS != nil {
		m["SOC_(0)"] = s.SOC
	}
	if x.CDG != nil {
		m["P_(0)_(CDG)"] = s.CDGKW
	}
	return m
}

// UnitNames names the renewable units of a prosumer as programs do: PV, WT, or
// PV_1, PV_2 where there are several of a kind.
func UnitNames(x *community.Prosumer) []string {
	short := map[string]string{community.PV: "PV", community.Wind: "WT"}
	total, seen := map[string]int{}, map[string]int{}
	for _, r := range x.RDGs {
		total[r.Kind]++
	}
	var names []string
	for _, r := range x.RDGs {
		seen[r.Kind]++
		name := short[r.Kind]
		if total[r.Kind] > 1 {
			name = fmt.Sprintf("%s_%d", name, seen[r.Kind])
		}
		names = append(names, name)
	}
	return names
}
