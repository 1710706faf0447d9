package experiment

import (
	"fmt"
	"slices"
	"strconv"

	"gonum.org/v1/plot"

	"github.com/peerwatt/peerwatt/env"
)

const hourOfDay = "hour of the day, UTC+1"

// plots draws the day beside the same day of a community that nobody controls.
func (l *dayLog) plots(w *env.World, idle *dayLog) ([]Picture, error) {
	currency := w.Market.Currency()
	edges := make([]float64, len(l.load)+1) // of the steps, in hours
	for i := range edges {
		edges[i] = float64(i) * 24 / env.StepsPerDay
	}
	start, end := edges[:len(l.load)], edges[1:]

	powers := newFigure("Power of the community", "kW", hourOfDay)
	powers.steps("load", edges, l.load, black)
	powers.steps("sun and wind available", edges, l.available, grey, dashed...)
	powers.steps("sun and wind used", edges, l.renewable, green)
	powers.steps("generators", edges, l.cdg, vermilion)
	powers.steps("load shed", edges, l.shed, purple)
	powers.steps("batteries (charging > 0)", edges, l.battery, blue)

	trade := newFigure("Trade", "kW", hourOfDay)
	trade.steps("among peers", edges, l.traded, blue)
	trade.steps("bought from the grid", edges, l.imported, vermilion)
	trade.steps("sold to the grid", edges, l.exported, green)

	prices := newFigure("Prices", currency+"/kWh", hourOfDay)
	prices.steps("grid, to buy", edges, l.buy, vermilion)
	prices.steps("grid, to sell", edges, l.sell, green)
	label := "among peers, where they trade"
	for from, to := 0, 0; from < len(l.price); from = to + 1 {
		for to = from; to < len(l.price) && l.traded[to] > 0; to++ {
		}
		if to > from {
			prices.steps(label, edges[from:to+1], l.price[from:to], blue)
			label = ""
		}
	}

	batteries := newFigure("State of charge", "0 empty, 1 full", hourOfDay)
	if len(l.socMean) > 0 {
		batteries.band(edges, l.socLow, l.socHigh, blue)
		batteries.line("mean of the batteries; shaded: from the emptiest to the fullest", edges, l.socMean, blue)
	}
	batteries.Y.Min, batteries.Y.Max = 0, 1

	costs := newFigure("Cost so far", currency, hourOfDay)
	costs.line("learned", end, l.spent, blue)
	costs.line("nobody controls, trade only", end, idle.spent, grey, dashed...)
	costs.note = fmt.Sprintf("Without the change of stored energy, worth %s at the end.", money(l.result.StoredValue))

	var out []Picture
	for _, f := range []*figure{powers, trade, prices, batteries, costs, l.voltageFigure(w, idle, start)} {
		f.X.Min, f.X.Max = 0, 24
		f.X.Tick.Marker = hours{}
		if f != batteries {
			f.pad(0.03)
		}
		p, err := f.picture(figureHeight)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// voltageFigure shows the range of voltages over the buses with what it is
// about: a limit that no bus comes near is not in the picture.
func (l *dayLog) voltageFigure(w *env.World, idle *dayLog, start []float64) *figure {
	limits := &w.Scenario.Feeder
	f := newFigure("Voltage, lowest and highest bus", "p.u.", hourOfDay)
	f.band(start, l.voltageLow, l.voltageHigh, blue)
	f.line("learned", start, l.voltageLow, blue)
	f.line("", start, l.voltageHigh, blue)
	f.line("nobody controls", start, idle.voltageLow, grey, dashed...)
	if limits.VMaxPU-slices.Max(idle.voltageHigh) < limitNearPU || limits.VMaxPU-slices.Max(l.voltageHigh) < limitNearPU {
		f.line("", start, idle.voltageHigh, grey, dashed...)
	}
	low, high := f.Y.Min, f.Y.Max
	for _, limit := range []struct {
		name string
		pu   float64
		near bool
	}{
		{"lower limit", limits.VMinPU, low-limits.VMinPU < limitNearPU},
		{"upper limit", limits.VMaxPU, limits.VMaxPU-high < limitNearPU},
	} {
		if limit.near {
			f.horizontal(fmt.Sprintf("%s, %g", limit.name, limit.pu), limit.pu, vermilion)
		} else {
			f.note += fmt.Sprintf("No bus comes near the %s, %g. ", limit.name, limit.pu)
		}
	}
	return f
}

// limitNearPU is how near a voltage must come to a limit for it to be drawn.
const limitNearPU = 0.015

// hours marks every fourth hour of a day.
type hours struct{}

func (hours) Ticks(_, _ float64) []plot.Tick {
	var out []plot.Tick
	for h := 0; h <= 24; h += 4 {
		out = append(out, plot.Tick{Value: float64(h), Label: strconv.Itoa(h)})
	}
	return out
}
