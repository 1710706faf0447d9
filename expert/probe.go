package expert

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/profile"
)

// Finding is where a program is not the model of its prosumer, in words that it
// can be corrected by.
type Finding struct {
	Rule  string `json:"rule"` // run, balance, limits, wishes, costs, prices or trade
	Words string `json:"words"`
}

// String is the finding in words.
func (f Finding) String() string { return f.Words }

// Prober compares programs with what their prosumer is and wants. It does not
// read a program: it asks what the program allows, by support functions (the
// largest value of some combination of decisions under the program's
// constraints), and what it costs, at states of its own choice.
type Prober struct {
	Spec *Spec
	// Base is a state whose loads are used, at other times and with prices,
	// weather and states of the devices that are not of this world.
	Base *State
	Seed uint64
}

// Probe returns what it finds wrong with a program, the first of each kind; none
// where the program is right. load gives the program's parts at a state. An
// error means that probing itself failed.
func (p *Prober) Probe(ctx context.Context, load func(*State) (*Parts, error)) ([]Finding, error) {
	var found []Finding
	for _, at := range p.states() {
		parts, err := load(at.state)
		if err != nil {
			found = append(found, Finding{"run", fmt.Sprintf("at current_time = %d: %v", at.state.CurrentTime, err)})
			break
		}
		if err := parts.check(p.Spec.Prosumer, at.state.Steps()); err != nil {
			found = append(found, Finding{"run", fmt.Sprintf("at current_time = %d: %v", at.state.CurrentTime, err)})
			break
		}
		c := &comparison{x: p.Spec.Prosumer, spec: p.Spec, state: at.state, program: parts, human: HumanParts(p.Spec, at.state)}
		for _, check := range at.checks {
			f, err := check(c, ctx)
			if err != nil {
				return found, err
			}
			if f != nil {
				found = append(found, *f)
			}
		}
		if len(found) > 0 {
			break // what follows would repeat it in other words
		}
	}
	return found, nil
}

// probeState is a state with what is asked at it.
type probeState struct {
	state  *State
	checks []func(*comparison, context.Context) (*Finding, error)
}

// states are where a program is probed: late in the day, where problems are
// small, for what it allows; at several times for what it costs, with devices
// where they are seldom.
func (p *Prober) states() []probeState {
	r := rand.New(rand.NewPCG(p.Seed, 0x9e0be))
	at := func(step int, soc, cdg float64) *State {
		s := *p.Base
		s.CurrentTime = step
		if b := p.Spec.Prosumer.BESS; b != nil {
			s.SOC = b.SOCMin + soc*(b.SOCMax-b.SOCMin)
		}
		if c := p.Spec.Prosumer.CDG; c != nil {
			s.CDGKW = c.MinKW + cdg*(c.MaxKW-c.MinKW)
		}
		// Prices of its own, so that every device is worth using somewhere.
		s.BuyPerKWh, s.SellPerKWh = make([]float64, profile.StepsPerDay), make([]float64, profile.StepsPerDay)
		for t := range s.BuyPerKWh {
			s.BuyPerKWh[t] = 0.5 + r.Float64()
			s.SellPerKWh[t] = s.BuyPerKWh[t] * (0.2 + 0.6*r.Float64())
		}
		s.FeePerKWh, s.StoredPerKWh = 0.02+0.05*r.Float64(), 0.3+0.3*r.Float64()
		p.weather(r, &s)
		return &s
	}
	last := profile.StepsPerDay - 1
	return []probeState{
		{at(last-15, 0.6, 0.5), []func(*comparison, context.Context) (*Finding, error){(*comparison).balance, (*comparison).limits}},
		{at(0, 0.4, 0), []func(*comparison, context.Context) (*Finding, error){(*comparison).wishes, (*comparison).prices, (*comparison).trade}},
		{at(44, 0, 1), []func(*comparison, context.Context) (*Finding, error){(*comparison).limits, (*comparison).prices}},
		{at(68, 1, 0.2), []func(*comparison, context.Context) (*Finding, error){(*comparison).wishes, (*comparison).prices, (*comparison).trade}},
		{at(last, 0.2, 0.7), []func(*comparison, context.Context) (*Finding, error){(*comparison).balance, (*comparison).limits, (*comparison).prices}},
	}
}

// weather lets every renewable unit give something between nothing and its
// rating, often just that, where inverters are at their limits.
func (p *Prober) weather(r *rand.Rand, s *State) {
	units := p.Spec.Prosumer.RDGs
	s.AvailableKW, s.ReactiveLimit = make([][]float64, len(units)), make([][]float64, len(units))
	for k := range units {
		for range profile.StepsPerDay {
			kW := units[k].RatingKW * min(1, 1.3*r.Float64())
			s.AvailableKW[k] = append(s.AvailableKW[k], kW)
			s.ReactiveLimit[k] = append(s.ReactiveLimit[k], units[k].ReactiveLimit(0, kW))
		}
	}
}

// comparison is a program beside the human expert's model at one state.
type comparison struct {
	x              *community.Prosumer
	spec           *Spec
	state          *State
	program, human *Parts
	unsolved       int // questions that the solver could not answer
}

// doubt takes note of a question that the solver could not answer; too many are
// an error.
func (c *comparison) doubt(err error) error {
	const most = 3
	if !errors.Is(err, convex.ErrNotSolved) {
		return err
	}
	if c.unsolved++; c.unsolved > most {
		return fmt.Errorf("more than %d questions without an answer: %w", most, err)
	}
	return nil
}

// Tolerances: of powers as a share of a device's range, of costs as a share of
// what the day's energy is worth. Solvers are right to 1e-8; the rest is room
// for programs that write 3.75 where 0.1 * 37.5 is meant.
const (
	powerTolerance = 1e-3
	costTolerance  = 2e-4
)

// steps are those of the horizon that are asked about.
func (c *comparison) steps() []int {
	n := c.state.Steps()
	return slices.Compact([]int{0, n / 2, n - 1})
}

// rangeOf is the size of a decision, kW or kvar.
func (c *comparison) rangeOf(name string) float64 {
	switch name {
	case "P_CDG":
		return c.x.CDG.MaxKW - c.x.CDG.MinKW
	case "P_BESS":
		return c.x.BESS.MaxKW - c.x.BESS.MinKW
	case "P_CL":
		return c.x.CL.Alpha * c.x.PeakLoadKW
	}
	for k, unit := range UnitNames(c.x) {
		if strings.HasSuffix(name, "_"+unit) {
			return c.x.RDGs[k].ApparentKVA
		}
	}
	return 1
}

// worth is what the energy of the steps ahead is worth.
func (c *comparison) worth() float64 {
	sum := 0.0
	for t := c.state.CurrentTime; t < profile.StepsPerDay; t++ {
		sum += c.state.BuyPerKWh[t] * c.x.PeakLoadKW * profile.StepHours
	}
	return sum
}

// number prints v, with as many digits as it takes to tell it from other. What a
// solver leaves of a zero is one.
func number(v, other float64) string {
	switch {
	case math.IsInf(v, 0):
		return "any amount"
	case math.Abs(v) < 1e-6 && math.Abs(other) > 1e-3:
		return "0"
	}
	for digits := 3; digits < 8; digits++ {
		s := fmt.Sprintf("%.*g", digits, v)
		if s != fmt.Sprintf("%.*g", digits, other) {
			return s
		}
	}
	return fmt.Sprintf("%.8g", v)
}

// brief cuts a text that repeats itself for every step.
func brief(s string) string {
	const most = 500
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " ..."
	}
	return s
}
