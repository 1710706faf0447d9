package expert

import (
	"context"

	"github.com/peerwatt/peerwatt/community"
)

// plan finds the strategy of the program without peers, and what it is worth.
func (w *workflow) plan(ctx context.Context, s *Session, _ *Reporter) error {
	p, err := NewProgram(s.Program)
	if err != nil {
		return Final(err)
	}
	parts, err := p.Parts(ctx, s.Spec.Prosumer, s.State)
	if err != nil {
		return Final(err)
	}
	s.Advice, err = advise(ctx, s.Spec, s.State, parts)
	return Final(err)
}

// advise plans the steps ahead of a prosumer without peers.
func advise(ctx context.Context, spec *Spec, state *State, parts *Parts) (*Advice, error) {
	x := spec.Prosumer
	best, err := parts.alone(ctx, x)
	if err != nil {
		return nil, err
	}
	free, err := HumanParts(&Spec{Prosumer: x, ReactivePricePerKvar2h: spec.ReactivePricePerKvar2h}, state).alone(ctx, x)
	if err != nil {
		return nil, err
	}
	idle := make([]community.SetPoint, state.Steps())
	available := make([]float64, len(x.RDGs))
	for k := range idle {
		for u := range available {
			available[u] = state.AvailableKW[u][state.CurrentTime+k]
		}
		idle[k] = x.Idle(available)
	}
	a := &Advice{
		SetPoints: best.SetPoints, Cost: CostAlone(x, state, best.SetPoints),
		CostWithoutWishes: CostAlone(x, state, free.SetPoints), CostIdle: CostAlone(x, state, idle),
	}
	if x.BESS != nil {
		soc := state.SOC
		for _, sp := range best.SetPoints {
			soc = x.BESS.Step(soc, sp.BESSKW, stepHours)
			a.SOC = append(a.SOC, soc)
		}
	}
	return a, nil
}
