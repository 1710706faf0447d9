package dso

import (
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// Plan is the operating strategy of every prosumer, verified by AC power flows.
// Slices by step begin with First.
type Plan struct {
	First     int
	SetPoints [][]community.SetPoint // [step][prosumer], what the devices can do to the last digit
	SOC       [][]float64            // [step][prosumer] at the end of the step
	CDGKW     [][]float64            // [step][prosumer], as in SetPoints

	P2PKW, GridKW     [][]float64 // [step][prosumer] after the market, > 0 buys
	ShadowPricePerKWh []float64   // [step] of energy among peers: the multiplier of Σ P_P2P = 0
	Cost              float64     // money, eq. (14) of all, less the value of what is stored at the end

	// Bound is what the convex problem proves no plan can cost less than, the
	// tiny prices of reactive power and of guarded batteries included. Where a battery had to be kept from
	// charging and discharging at once (Exclusive steps in all), it is the bound
	// before that, and Cost may be above it.
	Bound     float64
	Exclusive int
	// Deviations are what models of Members want and their devices cannot do.
	Deviations []Deviation

	Network   bool        // the network's rows were needed
	Rounds    int         // problems solved
	VoltagePU [][]float64 // [step][bus index] by AC power flow
	Outside   int         // bus-steps outside the limits by more than community.TolerancePU
	WorstPU   float64     // how far at most
	Conflicts []Conflict  // limits that all devices together cannot hold: the worst bus of each step

	exchangeKW, exchangeKvar [][]float64 // [step][prosumer]
	short                    []float64   // [step] by how much the rows had to give way, p.u.
}

// newPlan makes what a solution wants executable: it follows the devices through
// the steps and cuts off what a solver leaves beyond their bounds, and reactive
// power that an uneven split over several inverters would have allowed.
func newPlan(prosumers []community.Prosumer, s *Situation, want [][]community.SetPoint) *Plan {
	steps, n := s.steps(), len(prosumers)
	p := &Plan{
		First: s.First, SetPoints: table[community.SetPoint](steps, n), SOC: table[float64](steps, n), CDGKW: table[float64](steps, n),
		P2PKW: table[float64](steps, n), GridKW: table[float64](steps, n),
		exchangeKW: table[float64](steps, n), exchangeKvar: table[float64](steps, n),
		short: make([]float64, steps),
	}
	for i := range prosumers {
		x, soc, cdg := &prosumers[i], s.SOC[i], s.CDGKW[i]
		units := make([]float64, len(x.RDGs))
		for t := range steps {
			step := s.First + t
			for k := range units {
				units[k] = s.Day.AvailableKW[i][k][step]
			}
			sp := feasible(x, want[i][t], cdg, soc, units, s.Day.LoadKW[i][step])
			if x.BESS != nil {
				soc = min(max(x.BESS.Step(soc, sp.BESSKW, profile.StepHours), x.BESS.SOCMin), x.BESS.SOCMax)
			}
			cdg = sp.CDGKW
			p.SetPoints[t][i], p.SOC[t][i], p.CDGKW[t][i] = sp, soc, cdg
			p.exchangeKW[t][i], p.exchangeKvar[t][i] = x.Exchange(sp, s.Day.LoadKW[i][step], s.Day.LoadKvar[i][step])
		}
	}
	return p
}

// feasible is the set point closest to sp that the devices can do.
func feasible(p *community.Prosumer, sp community.SetPoint, cdgKW, soc float64, unitsKW []float64, loadKW float64) community.SetPoint {
	b := p.Bounds(cdgKW, soc, unitsKW, loadKW, profile.StepHours)
	clip := func(x, lo, hi float64) float64 { return min(max(x, lo), hi) }
	out := community.SetPoint{
		CDGKW:  clip(sp.CDGKW, b.Lo.CDGKW, b.Hi.CDGKW),
		RDGKW:  clip(sp.RDGKW, b.Lo.RDGKW, b.Hi.RDGKW),
		BESSKW: clip(sp.BESSKW, b.Lo.BESSKW, b.Hi.BESSKW),
		CLKW:   clip(sp.CLKW, b.Lo.CLKW, b.Hi.CLKW),
	}
	limit := p.ReactiveLimit(out.RDGKW, unitsKW)
	out.RDGKvar = clip(sp.RDGKvar, -limit, limit)
	return out
}

// settle lets the market clear every step and adds up what it all costs.
func (p *Plan) settle(prosumers []community.Prosumer, s *Situation) {
	var c market.Clearing
	bids := &market.Bids{}
	for t := range p.SetPoints {
		q := s.Market.Quote(s.Day.Index, s.First+t)
		bids.ShadowPricePerKWh = p.ShadowPricePerKWh[t]
		s.Market.Clear(q, p.exchangeKW[t], bids, true, &c)
		copy(p.P2PKW[t], c.P2PKW)
		copy(p.GridKW[t], c.GridKW)
		for i := range prosumers {
			cost := prosumers[i].DeviceCost(p.SetPoints[t][i], profile.StepHours)
			cost.Grid, cost.P2P = market.Charge(q, &c, i, profile.StepHours)
			p.Cost += cost.Total()
		}
	}
	stored := s.Market.LowestBuy(s.Day.Index)
	for i := range prosumers {
		if b := prosumers[i].BESS; b != nil {
			p.Cost -= stored * (p.SOC[len(p.SOC)-1][i] - s.SOC[i]) * b.EnergyKWh
		}
	}
}

// table is a matrix over one block of memory.
func table[T any](rows, columns int) [][]T {
	block := make([]T, rows*columns)
	m := make([][]T, rows)
	for i := range m {
		m[i] = block[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return m
}

// gaveWay reports whether the rows of a plan had to give way in the steps of a
// situation.
func (p *Plan) gaveWay(s *Situation) bool {
	return p != nil && slices.Max(p.short[s.First-p.First:]) > shortTolerancePU
}

// shortTolerancePU is what a solver leaves of a zero.
const shortTolerancePU = 1e-7

// from is the part of a plan that covers a situation, with the situation's loads,
// as a point to start from; nil where it is of no use.
func (p *Plan) from(prosumers []community.Prosumer, s *Situation) *Plan {
	if p == nil || !p.Network {
		return nil
	}
	want := table[community.SetPoint](len(prosumers), s.steps())
	for i := range want {
		for t := range want[i] {
			want[i][t] = p.SetPoints[s.First-p.First+t][i]
		}
	}
	return newPlan(prosumers, s, want)
}
