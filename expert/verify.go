package expert

import (
	"context"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
)

// Verifier is the operator's step of a workflow for prosumer i of a community on
// a day: stage 6 of the paper, with AC power flow.
func Verifier(w *env.World, day, i int) func(context.Context, *Session, *Reporter) error {
	return func(ctx context.Context, s *Session, r *Reporter) error {
		member, err := s.member(ctx)
		if err != nil {
			return Final(err)
		}
		c := *w.Scenario
		c.Prosumers = slices.Clone(c.Prosumers)
		c.Prosumers[i] = *s.Spec.Prosumer
		today := *w.Calendar.Day(day)
		today.AvailableKW = slices.Clone(today.AvailableKW)
		today.AvailableKW[i] = s.State.AvailableKW

		situation := dso.Start(&c, w.Market, &today, s.State.SOC)
		situation.First, situation.CDGKW[i] = s.State.CurrentTime, s.State.CDGKW
		situation.Members = make([]dso.Member, len(c.Prosumers))
		situation.Members[i] = member
		plan := func(o dso.Options) (*dso.Plan, error) {
			operator, err := dso.New(&c, w.Network, o)
			if err != nil {
				return nil, err
			}
			return operator.Plan(ctx, situation)
		}
		free, err := plan(dso.Options{WithoutLimits: true})
		if err != nil {
			return Final(err)
		}
		kept, err := plan(dso.Options{})
		if err != nil {
			return Final(err)
		}
		v := &Verdict{Rounds: kept.Rounds, Community: kept.Cost}
		v.settle(&c, situation, kept, i)
		var unlimited Verdict
		unlimited.settle(&c, situation, free, i)
		v.CostUnlimited = unlimited.Cost
		v.Broken = brokenLimits(w, &c.Feeder, free)
		for k := range c.Prosumers {
			changes := changesOf(&c.Prosumers[k], k, free, kept)
			switch {
			case k == i:
				v.Changes = changes
			case len(changes) > 0:
				v.Others++
			}
		}
		for _, x := range kept.Conflicts {
			v.Conflicts = append(v.Conflicts, x.String())
		}
		for _, x := range kept.Deviations {
			v.Deviations = append(v.Deviations, x.String())
		}
		s.Verdict = v
		r.Note("verdict", "text", strings.Join(v.Lines(), "\n"))
		return nil
	}
}

// member is the session's model as the operator takes it: its program, or the
// reference model where there is none.
func (s *Session) member(ctx context.Context) (dso.Member, error) {
	x := s.Spec.Prosumer
	if s.Program == "" {
		return HumanParts(s.Spec, s.State).Member(x), nil
	}
	g, err := NewProgram(s.Program)
	if err != nil {
		return dso.Member{}, err
	}
	parts, err := g.Parts(ctx, x, s.State)
	if err != nil {
		return dso.Member{}, err
	}
	return parts.Member(x), nil
}

// Strategy is what the prosumer is told to do: by the operator, where it was
// asked, else by its own model alone.
func (s *Session) Strategy() []community.SetPoint {
	if s.Verdict != nil {
		return s.Verdict.SetPoints
	}
	return s.Advice.SetPoints
}
