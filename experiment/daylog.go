package experiment

import (
	"math"

	"github.com/peerwatt/peerwatt/env"
)

// dayLog keeps what the pictures of one day show: sums over the community and
// the spread over batteries and buses, step by step.
type dayLog struct {
	result env.DayResult

	load, available, renewable, cdg, shed, battery []float64 // kW; battery > 0 charges
	traded, imported, exported                     []float64 // kW
	buy, sell, price                               []float64 // per kWh; price 0: no trade
	spent                                          []float64 // money up to the end of the step
	socLow, socMean, socHigh                       []float64 // at the step's start, then the day's end
	voltageLow, voltageHigh                        []float64
	voltages                                       [][]float64 // of every bus
}

// playDay lets a contender decide one day and keeps its log.
func playDay(w *env.World, c Contender, day int) (*dayLog, error) {
	policy, err := c.New()
	if err != nil {
		return nil, err
	}
	e, err := env.New(w, env.Options{Observation: c.Observation})
	if err != nil {
		return nil, err
	}
	log := &dayLog{}
	log.result, err = env.RunDay(e, policy, day, env.Evaluation, func(d *env.Detail) { log.add(w, d) })
	return log, err
}

func (l *dayLog) add(w *env.World, d *env.Detail) {
	var load, available, renewable, cdg, shed, battery, imported, exported, cost float64
	before, after := newSpread(), newSpread()
	for i := range d.Agents {
		a := &d.Agents[i]
		load += a.LoadKW
		available += a.WindAvailableKW + a.PVAvailableKW
		renewable += a.SetPoint.RDGKW
		cdg += a.SetPoint.CDGKW
		shed += a.SetPoint.CLKW
		battery += a.SetPoint.BESSKW
		imported += max(0, a.GridKW)
		exported += max(0, -a.GridKW)
		cost += a.Cost.Total()
		if w.Scenario.Prosumers[i].BESS != nil {
			before.add(a.SOCBefore)
			after.add(a.SOCAfter)
		}
	}
	put := func(series *[]float64, v float64) { *series = append(*series, v) }
	put(&l.load, load)
	put(&l.available, available)
	put(&l.renewable, renewable)
	put(&l.cdg, cdg)
	put(&l.shed, shed)
	put(&l.battery, battery)
	put(&l.traded, d.Clearing.TradedKW)
	put(&l.imported, imported)
	put(&l.exported, exported)
	put(&l.buy, d.Quote.Buy)
	put(&l.sell, d.Quote.Sell)
	put(&l.price, d.Clearing.PricePerKWh)
	if k := len(l.spent); k > 0 {
		cost += l.spent[k-1]
	}
	put(&l.spent, cost)
	if before.count > 0 {
		if d.Step == 0 {
			l.putSOC(before)
		}
		l.putSOC(after)
	}
	volts := newSpread()
	for _, v := range d.VoltagePU {
		volts.add(v)
	}
	put(&l.voltageLow, volts.low)
	put(&l.voltageHigh, volts.high)
	l.voltages = append(l.voltages, append([]float64(nil), d.VoltagePU...))
}

func (l *dayLog) putSOC(s spread) {
	l.socLow = append(l.socLow, s.low)
	l.socMean = append(l.socMean, s.sum/s.count)
	l.socHigh = append(l.socHigh, s.high)
}

// spread is the range and the sum of some values.
type spread struct{ low, high, sum, count float64 }

func newSpread() spread { return spread{low: math.Inf(1), high: math.Inf(-1)} }

func (s *spread) add(v float64) {
	s.low, s.high, s.sum, s.count = min(s.low, v), max(s.high, v), s.sum+v, s.count+1
}
