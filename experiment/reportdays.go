package experiment

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/peerwatt/peerwatt/env"
)

// reportDays shows the test days on which the first trained policy saves most
// and least against the idle community.
func (r *Run) reportDays(rows []Row) ([]reportDay, error) {
	trained, _, err := r.Contenders()
	if err != nil {
		return nil, err
	}
	learned := trained[0]
	idle, err := Builtin(scoreZero)
	if err != nil {
		return nil, err
	}
	cost := map[string]float64{}
	for _, row := range rows {
		if row.Policy == scoreZero {
			cost[row.Date] = row.Cost
		}
	}
	var ours []Row
	for _, row := range rows {
		if _, ok := cost[row.Date]; ok && row.Trained && row.Policy == learned.Name && row.Seed == learned.Seed {
			ours = append(ours, row)
		}
	}
	if len(ours) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(ours, func(a, b Row) int { return cmp.Compare(cost[b.Date]-b.Cost, cost[a.Date]-a.Cost) })
	days := []reportDay{}
	for _, pick := range []struct {
		what string
		row  Row
	}{{"The best day", ours[0]}, {"The worst day", ours[len(ours)-1]}} {
		log, err := playDay(r.World, learned, pick.row.Day)
		if err != nil {
			return nil, err
		}
		before, err := playDay(r.World, idle, pick.row.Day)
		if err != nil {
			return nil, err
		}
		d := reportDay{Heading: fmt.Sprintf("%s: %s, %s %s against %s with nobody in control (seed %d)",
			pick.what, pick.row.Date, money(pick.row.Cost), r.World.Market.Currency(), money(cost[pick.row.Date]), pick.row.Seed)}
		if d.Pictures, err = log.plots(r.World, before); err != nil {
			return nil, err
		}
		feeders, err := feederPair(r.World, before, log)
		if err != nil {
			return nil, err
		}
		d.Pictures = append(d.Pictures, feeders...)
		days = append(days, d)
	}
	return days, nil
}

// feederPair draws the feeder without and with the learned policy in the step
// in which the idle community's voltages leave their limits farthest, or come
// nearest to them.
func feederPair(w *env.World, idle, learned *dayLog) ([]Picture, error) {
	limits := &w.Scenario.Feeder
	step, farthest := 0, math.Inf(-1)
	for t := range idle.voltages {
		if d := max(limits.VMinPU-idle.voltageLow[t], idle.voltageHigh[t]-limits.VMaxPU); d > farthest {
			step, farthest = t, d
		}
	}
	clock := fmt.Sprintf("%02d:%02d", step/4, step%4*15)
	a, err := drawFeeder(w, "Feeder at "+clock+", nobody controls", idle.voltages[step])
	if err != nil {
		return nil, err
	}
	b, err := drawFeeder(w, "Feeder at "+clock+", learned", learned.voltages[step])
	return []Picture{a, b}, err
}
