package expert

import (
	"math"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/profile"
)

// CostAlone is what a prosumer pays without peers for set points from a state
// on, eq. (14) less what is stored at the end, computed from its devices and
// tariffs and from nothing that a model says. Penalties of preferences are no
// part of it.
func CostAlone(x *community.Prosumer, s *State, setPoints []community.SetPoint) float64 {
	cost, soc := 0.0, s.SOC
	for k, sp := range setPoints {
		t := s.CurrentTime + k
		exchangeKW, _ := x.Exchange(sp, s.LoadKW[t], s.LoadKvar[t])
		if exchangeKW < 0 { // (15)
			cost -= s.BuyPerKWh[t] * exchangeKW * profile.StepHours
		} else {
			cost -= s.SellPerKWh[t] * exchangeKW * profile.StepHours
		}
		cost += x.DeviceCost(sp, profile.StepHours).Total()
		if x.BESS != nil {
			soc = x.BESS.Step(soc, sp.BESSKW, profile.StepHours)
		}
	}
	if x.BESS != nil {
		cost -= s.StoredPerKWh * x.BESS.EnergyKWh * (soc - s.SOC)
	}
	return cost
}

// Accuracy is how near a program comes to the human expert, in percent, eqs.
// (40)-(42).
type Accuracy struct {
	Deviation float64 `json:"deviation_percent"` // (40), of the cost
	Gap       float64 `json:"gap_percent"`       // (41), of the actions
	Accuracy  float64 `json:"accuracy_percent"`  // (42)
}

// add adds a share of what another state says.
func (a *Accuracy) add(b Accuracy, share float64) {
	a.Deviation += share * b.Deviation
	a.Gap += share * b.Gap
	a.Accuracy += share * b.Accuracy
}

// The paper divides by what the human does, which may be nothing, and by a cost
// that may be zero or earned. So the divisor is never less than a share of what
// could be: of the device's range for an action, of the load's bill for a cost.
// No term counts more than 100 %.
const (
	leastOfRange = 0.01
	leastOfBill  = 0.01
)

// Compare scores the decisions of a program against those of the human expert
// from the same state.
func Compare(x *community.Prosumer, s *State, program, human []community.SetPoint) Accuracy {
	bill := 0.0
	for k := range human {
		bill += s.BuyPerKWh[s.CurrentTime+k] * s.LoadKW[s.CurrentTime+k] * profile.StepHours
	}
	ours, theirs := CostAlone(x, s, program), CostAlone(x, s, human)
	var a Accuracy
	a.Deviation = percentOf(ours-theirs, math.Max(math.Abs(theirs), leastOfBill*bill))
	a.Gap = gap(x, program, human)
	a.Accuracy = 100 - (a.Gap+a.Deviation)/2
	return a
}

// gap is eq. (41), the mean over steps and over the decisions that the prosumer
// has.
func gap(x *community.Prosumer, program, human []community.SetPoint) float64 {
	sum, n := 0.0, 0
	for _, d := range decisionsOf(x) {
		for t := range human {
			a, h := d.of(program[t]), d.of(human[t])
			sum += percentOf(a-h, math.Max(math.Abs(h), leastOfRange*d.rangeKW))
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// decision is one of a set point's, with the size that it can have.
type decision struct {
	name    string
	rangeKW float64 // kvar for Q_RDG
	of      func(community.SetPoint) float64
}

// decisionsOf lists those that a prosumer has.
func decisionsOf(x *community.Prosumer) []decision {
	var list []decision
	add := func(name string, rangeKW float64, of func(community.SetPoint) float64) {
		list = append(list, decision{name, rangeKW, of})
	}
	if x.CDG != nil {
		add("P_CDG", x.CDG.MaxKW-x.CDG.MinKW, func(p community.SetPoint) float64 { return p.CDGKW })
	}
	if len(x.RDGs) > 0 {
		apparent := 0.0
		for _, r := range x.RDGs {
			apparent += r.ApparentKVA
		}
		add("P_RDG", ratingOf(x, ""), func(p community.SetPoint) float64 { return p.RDGKW })
		add("Q_RDG", apparent, func(p community.SetPoint) float64 { return p.RDGKvar })
	}
	if x.BESS != nil {
		add("P_BESS", x.BESS.MaxKW-x.BESS.MinKW, func(p community.SetPoint) float64 { return p.BESSKW })
	}
	if x.CL != nil {
		add("P_CL", x.CL.Alpha*x.PeakLoadKW, func(p community.SetPoint) float64 { return p.CLKW })
	}
	return list
}

// percentOf is |part| in percent of a whole, 100 at most. What solvers leave of
// a zero is nothing.
func percentOf(part, whole float64) float64 {
	if part = math.Abs(part); part < 1e-9 {
		return 0
	}
	if !(whole > 0) {
		return 100
	}
	if percent := 100 * part / whole; percent < 100 {
		return percent
	}
	return 100 // and where something is no number
}

// Interval is a share with its 95 % interval.
type Interval struct {
	Share float64 `json:"share"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Wilson is the share of k in n with Wilson's interval (Wilson, "Probable
// Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927).
func Wilson(k, n int) Interval {
	if n == 0 {
		return Interval{Share: math.NaN(), Low: 0, High: 1}
	}
	const z = 1.959963984540054 // 97.5 % of the normal distribution
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Interval{Share: p, Low: math.Max(0, middle-half), High: math.Min(1, middle+half)}
}
