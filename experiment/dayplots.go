package experiment

import (
	"fmt"
	"html/template"
	"math"

	"github.com/peerwatt/peerwatt/env"
)

// dayLog keeps what the plots of one day show: sums over the community and
// the spread over batteries and buses.
type dayLog struct {
	date   string
	result env.DayResult

	hour                                  []float64
	load, renewable, available, cdg, shed []float64 // kW
	battery                               []float64 // kW, > 0 charges
	socLow, socMean, socHigh              []float64
	traded, imported, exported            []float64 // kW
	buy, sell, price                      []float64
	voltageLow, voltageHigh               []float64
	lowestStep                            int // where the lowest voltage is
	voltages                              [][]float64
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
	log := &dayLog{date: w.DateOf(day)}
	log.result, err = env.RunDay(e, policy, day, env.Evaluation, func(d *env.Detail) { log.add(w, d) })
	return log, err
}

func (l *dayLog) add(w *env.World, d *env.Detail) {
	var load, renewable, available, cdg, shed, battery, imported, exported float64
	low, high, sum, count := math.Inf(1), math.Inf(-1), 0.0, 0.0
	for i := range d.Agents {
		a := &d.Agents[i]
		load += a.LoadKW
		renewable += a.SetPoint.RDGKW
		available += a.WindAvailableKW + a.PVAvailableKW
		cdg += a.SetPoint.CDGKW
		shed += a.SetPoint.CLKW
		battery += a.SetPoint.BESSKW
		imported += max(0, a.GridKW)
		exported += max(0, -a.GridKW)
		if w.Scenario.Prosumers[i].BESS != nil {
			low, high, sum, count = min(low, a.SOCAfter), max(high, a.SOCAfter), sum+a.SOCAfter, count+1
		}
	}
	put := func(series *[]float64, v float64) { *series = append(*series, v) }
	put(&l.hour, float64(d.Step)*0.25)
	put(&l.load, load)
	put(&l.renewable, renewable)
	put(&l.available, available)
	put(&l.cdg, cdg)
	put(&l.shed, shed)
	put(&l.battery, battery)
	put(&l.traded, d.Clearing.TradedKW)
	put(&l.imported, imported)
	put(&l.exported, exported)
	put(&l.buy, d.Quote.Buy)
	put(&l.sell, d.Quote.Sell)
	put(&l.price, d.Clearing.PricePerKWh)
	if count > 0 {
		put(&l.socLow, low)
		put(&l.socMean, sum/count)
		put(&l.socHigh, high)
	}
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range d.VoltagePU {
		low, high = min(low, v), max(high, v)
	}
	put(&l.voltageLow, low)
	put(&l.voltageHigh, high)
	l.voltages = append(l.voltages, append([]float64(nil), d.VoltagePU...))
	if low < l.voltageLow[l.lowestStep] {
		l.lowestStep = d.Step
	}
}

// plots draws powers, batteries, trade and voltages of the day. The voltages of
// another log, of a community that nobody controls, stand beside them.
func (l *dayLog) plots(w *env.World, idle *dayLog) ([]template.HTML, error) {
	powers := newFigure("Power of the community", "hour (UTC+1)", "kW")
	powers.steps("load", l.hour, l.load, black)
	powers.steps("sun and wind available", l.hour, l.available, grey, 3, 2)
	powers.steps("sun and wind used", l.hour, l.renewable, green)
	powers.steps("generators", l.hour, l.cdg, vermilion)
	powers.steps("load shed", l.hour, l.shed, purple)
	powers.steps("batteries (> 0 charge)", l.hour, l.battery, blue)
	powers.Y.Max *= 1.35 // room for the legend

	batteries := newFigure("State of charge, mean and range", "hour (UTC+1)", "0 empty, 1 full")
	if len(l.socMean) > 0 {
		batteries.band(l.hour, l.socLow, l.socHigh, blue)
		batteries.line("mean of the batteries", l.hour, l.socMean, blue)
	}
	batteries.Y.Min, batteries.Y.Max = 0, 1.15

	trade := newFigure("Trade", "hour (UTC+1)", "kW")
	trade.steps("among peers", l.hour, l.traded, blue)
	trade.steps("bought from the grid", l.hour, l.imported, vermilion)
	trade.steps("sold to the grid", l.hour, l.exported, green)
	trade.Y.Max *= 1.25

	feeder := &w.Scenario.Feeder
	voltages := newFigure("Voltage, lowest and highest bus", "hour (UTC+1)", "p.u.")
	voltages.band(l.hour, l.voltageLow, l.voltageHigh, blue)
	voltages.line("learned", l.hour, l.voltageLow, blue)
	voltages.line("", l.hour, l.voltageHigh, blue)
	voltages.line("nobody controls, lowest", l.hour, idle.voltageLow, grey, 3, 2)
	voltages.horizontal(fmt.Sprintf("limits %g and %g", feeder.VMinPU, feeder.VMaxPU), feeder.VMinPU, vermilion)
	voltages.horizontal("", feeder.VMaxPU, vermilion)
	voltages.Y.Max += 0.3 * (voltages.Y.Max - voltages.Y.Min)

	var out []template.HTML
	for _, f := range []figure{powers, batteries, trade, voltages} {
		f.X.Min, f.X.Max = 0, 24
		f.X.Tick.Marker = hours{}
		svg, err := f.svg(420, 260)
		if err != nil {
			return nil, err
		}
		out = append(out, svg)
	}
	return out, nil
}
