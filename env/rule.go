package env

import "github.com/peerwatt/peerwatt/community"

// Rule is what a careful installer would program into each prosumer's
// controller. It knows its own devices, the day's tariff and the voltage at its
// own meter, and neither forecasts nor neighbours:
//
//   - The battery charges at full power while the buy price is in the lowest
//     quarter of the day's span and discharges at full power while it is in the
//     highest; in between it takes up the prosumer's own surplus.
//   - The generator runs while the buy price is in that highest quarter, at the
//     power where one more kWh costs as much as the grid's.
//   - Renewables give what is available. Their inverters follow a volt-var
//     curve: nothing within the middle 40 % of the band of permitted voltages,
//     then linearly up to all that is possible at the limits.
//   - Load is shed while the voltage lies below its limit.
type Rule struct{}

// Name is "rule".
func (Rule) Name() string { return "rule" }

// Act decides for one agent.
func (Rule) Act(v *View, action []float32) error {
	dear, cheap := priceBand(v.Buy)
	isDear, isCheap := v.State.BuyPrice >= dear, v.State.BuyPrice <= cheap

	want := community.SetPoint{RDGKW: v.State.AvailableKW}
	if c := v.Prosumer.CDG; c != nil && isDear {
		want.CDGKW = v.Bounds.Hi.CDGKW
		if c.QuadraticPerKW2h > 0 {
			want.CDGKW = (v.State.BuyPrice - c.LinearPerKWh) / (2 * c.QuadraticPerKW2h)
		}
	}
	switch surplus := want.CDGKW + v.State.AvailableKW - v.State.LoadKW; {
	case isDear:
		want.BESSKW = v.Bounds.Lo.BESSKW
	case isCheap:
		want.BESSKW = v.Bounds.Hi.BESSKW
	case surplus > 0:
		want.BESSKW = surplus
	}
	if v.State.VoltagePU < v.VMin {
		want.CLKW = v.Bounds.Hi.CLKW
	}

	lo, hi, x := components(v.Bounds.Lo), components(v.Bounds.Hi), components(want)
	for k := range ActionDim {
		action[k] = share(lo[k], hi[k], x[k])
	}
	action[ActionRDGQ] = voltVar(v.State.VoltagePU, v.VMin, v.VMax)
	return nil
}

// priceBand returns the prices above (below) which energy is dear (cheap): the
// outer quarters of the span between the day's lowest and highest.
func priceBand(buy []float64) (dear, cheap float64) {
	lo, hi := buy[0], buy[0]
	for _, x := range buy {
		lo, hi = min(lo, x), max(hi, x)
	}
	return hi - (hi-lo)/4, lo + (hi-lo)/4
}

// voltVar returns the share of the possible reactive power to inject (> 0 lifts
// the voltage).
func voltVar(voltagePU, vMin, vMax float64) float32 {
	const deadband = 0.4 // of the half-band on each side
	x := (voltagePU - (vMin+vMax)/2) / ((vMax - vMin) / 2)
	switch {
	case x > deadband:
		return float32(-min(1, (x-deadband)/(1-deadband)))
	case x < -deadband:
		return float32(min(1, (-x-deadband)/(1-deadband)))
	}
	return 0
}
