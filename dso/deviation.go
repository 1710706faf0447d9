package dso

import (
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/community"
)

// Deviation is a decision of a member's model that its devices cannot carry out,
// and what they do instead.
type Deviation struct {
	Step     int // of the day
	Prosumer string
	Decision string  // P_CDG, P_RDG, Q_RDG, P_BESS or P_CL
	WantedKW float64 // kvar for Q_RDG
	DoneKW   float64

	prosumer int
}

// String is the deviation in one line.
func (d Deviation) String() string {
	return fmt.Sprintf("%02d:%02d, %s: %s of %.4g is not possible, it becomes %.4g", d.Step/4, d.Step%4*15, d.Prosumer, d.Decision, d.WantedKW, d.DoneKW)
}

// deviationKW is from where on a decision counts as another one: solvers leave
// less, and nobody cares.
const deviationKW = 0.01

// deviations lists what the models of members want and their devices cannot do.
func deviations(prosumers []community.Prosumer, s *Situation, want [][]community.SetPoint, p *Plan) []Deviation {
	var list []Deviation
	for i := range s.Members {
		if !s.Members[i].given() {
			continue
		}
		for t, w := range want[i] {
			done := p.SetPoints[t][i]
			for _, d := range []Deviation{
				{Decision: "P_CDG", WantedKW: w.CDGKW, DoneKW: done.CDGKW}, {Decision: "P_RDG", WantedKW: w.RDGKW, DoneKW: done.RDGKW},
				{Decision: "Q_RDG", WantedKW: w.RDGKvar, DoneKW: done.RDGKvar}, {Decision: "P_BESS", WantedKW: w.BESSKW, DoneKW: done.BESSKW},
				{Decision: "P_CL", WantedKW: w.CLKW, DoneKW: done.CLKW},
			} {
				if math.Abs(d.WantedKW-d.DoneKW) > deviationKW {
					d.Step, d.Prosumer, d.prosumer = p.First+t, prosumers[i].Name, i
					list = append(list, d)
				}
			}
		}
	}
	return list
}
