package experiment

import (
	"context"
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
)

// CorrectedSuffix marks the name of a policy whose actions the operator corrects
// before they act.
const CorrectedSuffix = "+dso"

// CorrectionCount is what the operator changed and what it could not mend.
type CorrectionCount struct {
	Steps       int `json:"corrected_steps"`
	Before      int `json:"outside_bus_steps_before"`      // in the steps corrected, had nothing been changed
	Unavoidable int `json:"unavoidable_outside_bus_steps"` // of those left, proved by a certificate
	Unproved    int `json:"unproved_outside_bus_steps"`    // of those left, the others
}

func (c *CorrectionCount) add(other *CorrectionCount) {
	c.Steps, c.Before = c.Steps+other.Steps, c.Before+other.Before
	c.Unavoidable, c.Unproved = c.Unavoidable+other.Unavoidable, c.Unproved+other.Unproved
}

// Corrected returns the contender whose actions the operator corrects: by the
// smallest change that holds the voltage limits in the step at hand.
func Corrected(c Contender) Contender {
	inner := c.New
	c.Name += CorrectedSuffix
	c.New = func() (env.Policy, error) {
		p, err := inner()
		if err != nil {
			return nil, err
		}
		return &corrected{Policy: p}, nil
	}
	return c
}

// corrected lets the operator change what a policy wants to do. It knows of the
// step at hand what the operator knows: loads, what sun and wind give, and the
// state of the devices.
type corrected struct {
	env.Policy
	corrector *dso.Corrector
	world     *env.World
	visit     env.Visit
	want      []community.SetPoint

	count CorrectionCount // of the day
	left  []leftover      // steps with buses outside, to be examined when the day is over
}

type leftover struct {
	situation  dso.Situation
	correction *dso.Correction
}

func (p *corrected) Name() string { return p.Policy.Name() + CorrectedSuffix }

func (p *corrected) NoTrade() bool {
	q, ok := p.Policy.(env.NoTrade)
	return ok && q.NoTrade()
}

func (p *corrected) Close() error {
	if c, ok := p.Policy.(interface{ Close() error }); ok {
		return c.Close()
	}
	return nil
}

func (p *corrected) Reset(e *env.Env) (err error) {
	p.count, p.left = CorrectionCount{}, nil
	if w := e.World(); p.world != w {
		if p.corrector, err = dso.NewCorrector(w.Scenario, w.Network); err != nil {
			return err
		}
		p.world, p.want = w, make([]community.SetPoint, len(w.Agents()))
	}
	return p.Policy.Reset(e)
}

func (p *corrected) Act(e *env.Env, action []float32) error {
	if err := p.Policy.Act(e, action); err != nil {
		return err
	}
	e.Visit(&p.visit)
	e.SetPoints(action, p.want)
	s := dso.Situation{
		Day: p.world.Calendar.Day(e.DayIndex()), Market: p.world.Market, First: p.visit.Step, Steps: 1, SOC: p.visit.SOC, CDGKW: p.visit.CDGKW,
	}
	c, err := p.corrector.Correct(context.Background(), &s, p.want)
	if err != nil {
		return err
	}
	if c.Changed {
		p.count.Steps++
		p.count.Before += c.Before
		e.Normalise(c.SetPoints, action)
	}
	if c.Outside > 0 {
		s.SOC, s.CDGKW = slices.Clone(s.SOC), slices.Clone(s.CDGKW)
		p.left = append(p.left, leftover{s, c})
	}
	return nil
}

// corrections counts the day that was played, and examines what is left of it:
// after the decisions, whose time is taken.
func (p *corrected) corrections(ctx context.Context) (*CorrectionCount, error) {
	for _, l := range p.left {
		certificates, err := p.corrector.Unavoidable(ctx, &l.situation, l.correction)
		if err != nil {
			return nil, err
		}
		for _, c := range certificates {
			if c.Unavoidable {
				p.count.Unavoidable++
			} else {
				p.count.Unproved++
			}
		}
	}
	p.left = nil
	count := p.count
	return &count, nil
}
