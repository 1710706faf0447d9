package env

import "github.com/peerwatt/peerwatt/community"

// Rule is what a careful installer would program into each prosumer's
// controller. It knows its own devices, the day's tariff and the voltage at its
// own meter, and neither forecasts nor neighbours. The buy price is dear in the
// highest quarter of the day's span and cheap in the lowest.
//
//   - The battery takes up the prosumer's own surplus. While energy is dear it
//     covers the own deficit; while it is cheap it fills itself evenly over the
//     cheap hours that remain.
//   - The generator runs while energy is dear, for what the battery leaves of
//     the own deficit, up to the power where one more kWh costs as much as the
//     grid's.
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
	buy := v.State.BuyPrice
	want := community.SetPoint{RDGKW: v.State.AvailableKW}
	deficit := v.State.LoadKW - v.State.AvailableKW
	switch {
	case deficit < 0:
		want.BESSKW = -deficit
	case buy >= dear:
		want.BESSKW = max(-deficit, v.Bounds.Lo.BESSKW)
		if c := v.Prosumer.CDG; c != nil {
			want.CDGKW = min(deficit+want.BESSKW, economicKW(c, buy))
		}
	case buy <= cheap:
		want.BESSKW = evenlyKW(v, cheap)
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

// economicKW is the power at which one more kWh of a generator costs price.
func economicKW(c *community.CDG, price float64) float64 {
	if c.QuadraticPerKW2h == 0 {
		if price > c.LinearPerKWh {
			return c.MaxKW
		}
		return 0
	}
	return max(0, price-c.LinearPerKWh) / (2 * c.QuadraticPerKW2h)
}

// evenlyKW is the power that fills the battery over the cheap hours from now
// on, which may run past midnight into hours priced like this morning's.
func evenlyKW(v *View, cheap float64) float64 {
	b := v.Prosumer.BESS
	if b == nil {
		return 0
	}
	steps := 0
	for steps < len(v.Buy) && v.Buy[(v.State.Step+steps)%len(v.Buy)] <= cheap {
		steps++
	}
	return (b.SOCMax - v.State.SOC) * b.EnergyKWh / b.Efficiency / (float64(steps) * stepHours)
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
