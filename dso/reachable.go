package dso

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
)

const (
	// worstShare is how much load, of its yearly peak, counts as the worst case: a
	// cold day may exceed the peak of the shapes a little.
	worstShare = 1.25
	// doubtPU is how close to a limit the worst case has to come for the limit to
	// get rows.
	doubtPU = 0.005
)

// reachable lists the voltage limits that the members could reach at all, given
// what their devices are rated for: only these need rows. Two AC power flows
// tell: one in which everybody takes as much as can be, one in which the members
// give as much as can be and nobody else takes anything. What this misses, the
// verification of a plan finds.
func reachable(f *feeder, n *grid.Network, s *community.Scenario) ([]side, error) {
	solver, err := grid.NewSolver(n)
	if err != nil {
		return nil, err
	}
	takeP, takeQ := n.Demand(worstShare * s.Feeder.BackgroundScale)
	giveP, giveQ := n.Demand(0)
	for i := range s.Prosumers {
		least, most := ratings(&s.Prosumers[i])
		b := f.bus[i]
		takeP[b], takeQ[b] = takeP[b]-n.PerUnit(least.kW), takeQ[b]-n.PerUnit(least.kvar)
		giveP[b], giveQ[b] = giveP[b]-n.PerUnit(most.kW), giveQ[b]-n.PerUnit(most.kvar)
	}
	lowest, highest := make([]float64, len(n.Buses)), make([]float64, len(n.Buses))
	sags := solver.SolveVM(takeP, takeQ, s.Feeder.SubstationPU, lowest).Converged
	swells := solver.SolveVM(giveP, giveQ, s.Feeder.SubstationPU, highest).Converged

	sides := []side{}
	for a := range f.anchors {
		low, high := !sags, !swells // a feeder that collapses reaches anything
		for _, b := range f.anchors[a].buses {
			low = low || lowest[b] < s.Feeder.VMinPU+doubtPU
			high = high || highest[b] > s.Feeder.VMaxPU-doubtPU
		}
		if low {
			sides = append(sides, side{anchor: a})
		}
		if high {
			sides = append(sides, side{anchor: a, upper: true})
		}
	}
	return sides, nil
}

type exchange struct{ kW, kvar float64 }

// ratings bounds the exchange of a prosumer by its ratings.
func ratings(p *community.Prosumer) (least, most exchange) {
	load := worstShare * p.PeakLoadKW
	least = exchange{-load, -load} // no power factor is that low
	if p.CDG != nil {
		most.kW += p.CDG.MaxKW
	}
	if p.BESS != nil {
		least.kW -= p.BESS.MaxKW
		most.kW -= p.BESS.MinKW
	}
	for k := range p.RDGs {
		r := &p.RDGs[k]
		limit := r.ReactiveLimit(0, r.RatingKW)
		most.kW += r.RatingKW
		most.kvar += limit
		least.kvar -= limit
	}
	return least, most
}
