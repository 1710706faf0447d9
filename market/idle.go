package market

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/profile"
)

// IdleCost returns what a community that controls nothing pays for a day, with
// or without trade among peers: the level that rewards are scaled by.
func (m *Market) IdleCost(prosumers []community.Prosumer, day *community.Day, trade bool) float64 {
	exchangeKW := make([]float64, len(prosumers))
	var c Clearing
	total := 0.0
	for step := range profile.StepsPerDay {
		for i := range prosumers {
			exchangeKW[i], _ = prosumers[i].IdleExchange(day, i, step)
		}
		q := m.Quote(day.Index, step)
		m.Clear(q, exchangeKW, nil, trade, &c)
		for i := range prosumers {
			grid, p2p := Charge(q, &c, i, profile.StepHours)
			total += grid + p2p
		}
	}
	return total
}
