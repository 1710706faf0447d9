package experiment

import (
	"slices"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/expert"
)

// PlotStrategy draws what a prosumer is told to do for the rest of a day, with
// trade where the operator was asked, into an SVG or PNG file.
func PlotStrategy(path string, s *expert.Session, currency string) error {
	points, soc, t := s.Strategy(), s.Advice.SOC, s.State.CurrentTime
	edges := make([]float64, len(points)+1) // of the steps, in hours
	for i := range edges {
		edges[i] = float64(t+i) * 24 / env.StepsPerDay
	}
	series := func(of func(k int) float64) []float64 {
		y := make([]float64, len(points))
		for k := range y {
			y[k] = of(k)
		}
		return y
	}
	x := s.Spec.Prosumer

	power := newFigure("Power of "+x.Name, "kW", hourOfDay)
	power.steps("load", edges, s.State.LoadKW[t:], black)
	if len(x.RDGs) > 0 {
		power.steps("sun and wind available", edges, series(func(k int) float64 {
			sum := 0.0
			for _, unit := range s.State.AvailableKW {
				sum += unit[t+k]
			}
			return sum
		}), grey, dashed...)
		power.steps("sun and wind used", edges, series(func(k int) float64 { return points[k].RDGKW }), green)
	}
	if x.CDG != nil {
		power.steps("generator", edges, series(func(k int) float64 { return points[k].CDGKW }), vermilion)
	}
	if x.BESS != nil {
		power.steps("battery (charging > 0)", edges, series(func(k int) float64 { return points[k].BESSKW }), blue)
	}
	if x.CL != nil {
		power.steps("load shed", edges, series(func(k int) float64 { return points[k].CLKW }), purple)
	}
	figures := []*figure{power}

	price := newFigure("Prices", currency+"/kWh", hourOfDay)
	price.steps("grid, to buy", edges, s.State.BuyPerKWh[t:], vermilion)
	price.steps("grid, to sell", edges, s.State.SellPerKWh[t:], green)
	if v := s.Verdict; v != nil {
		soc = v.SOC
		trade := newFigure("Trade (buying > 0)", "kW", hourOfDay)
		trade.steps("with peers", edges, v.P2PKW, blue)
		trade.steps("with the grid", edges, v.GridKW, vermilion)
		figures = append(figures, trade)
		price.among(edges, v.PricePerKWh, v.P2PKW)
	}
	figures = append(figures, price)
	if x.BESS != nil {
		battery := newFigure("State of charge", "0 empty, 1 full", hourOfDay)
		battery.line("at the end of the step", edges[1:], soc, blue)
		for _, p := range s.Spec.Preferences {
			if p.Quantity == expert.SOC {
				battery.wish(p, t)
			}
		}
		battery.Y.Min, battery.Y.Max = 0, 1
		figures = append(figures, battery)
	}
	for _, f := range figures {
		f.X.Min, f.X.Max = edges[0], 24
		f.X.Tick.Marker = hours{}
		if f.Y.Max != 1 {
			f.pad(0.03)
		}
	}
	return writeFigures(path, 2, figures...)
}

// among draws the price among peers where there is trade.
func (f *figure) among(edges, price, tradedKW []float64) {
	label := "among peers, where they trade"
	for from, to := 0, 0; from < len(price); from = to + 1 {
		for to = from; to < len(price) && tradedKW[to] != 0; to++ {
		}
		if to > from {
			f.steps(label, edges[from:to+1], price[from:to], blue)
			label = ""
		}
	}
}

// wish draws a preference where it holds.
func (f *figure) wish(p expert.Preference, first int) {
	label := "wish: " + p.String()
	var steps []int
	for step := first; step < env.StepsPerDay; step++ {
		if p.Covers(step) {
			steps = append(steps, step)
		}
	}
	for len(steps) > 0 {
		n := 1
		for n < len(steps) && steps[n] == steps[n-1]+1 {
			n++
		}
		from, to := float64(steps[0])*24/env.StepsPerDay, float64(steps[n-1]+1)*24/env.StepsPerDay
		f.line(label, []float64{from, to}, slices.Repeat([]float64{p.Value}, 2), orange, dashed...)
		label, steps = "", steps[n:]
	}
}
