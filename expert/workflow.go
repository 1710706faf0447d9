package expert

import (
	"context"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// Session is one wish on its way to a strategy: the state of the workflow.
type Session struct {
	Wish  string `json:"wish"`
	Spec  *Spec  `json:"spec"` // the prosumer, and its preferences once they are read
	State *State `json:"state"`
	// Devices, where not nil, has a model look for ratings that the wish names,
	// which take the place of the prosumer's.
	Devices *Devices `json:"devices,omitempty"`
	// Sample tells apart trials of the same wish.
	Sample string `json:"sample,omitempty"`

	Calls  []Call  `json:"calls"`
	Advice *Advice `json:"advice,omitempty"`
}

// Advice is what a prosumer is told to do without peers, and what it is worth.
type Advice struct {
	SetPoints []community.SetPoint `json:"set_points"` // by step ahead
	SOC       []float64            `json:"soc"`        // at the end of each; nil without a battery
	Cost      float64              `json:"cost"`       // eq. (14) less what is stored
	// CostWithoutWishes is the least that it could pay if it wished for nothing,
	// CostIdle what it pays when its devices rest.
	CostWithoutWishes float64 `json:"cost_without_wishes"`
	CostIdle          float64 `json:"cost_idle"`
}

// SpecWorkflow is the way by a typed specification: a model only reads the wish,
// and the human expert's model plans. A nil model reads nothing.
func SpecWorkflow(m llm.Model) *Graph[Session] {
	g := NewGraph[Session]("specification", "read")
	g.Node("read", "read the wish", 0, func(ctx context.Context, s *Session, r *Reporter) error {
		if m == nil {
			r.Note("no language model", "", "the reference expert plans without having read the wish")
			return nil
		}
		if err := s.read(ctx, m, r); err != nil {
			return err
		}
		if s.Devices != nil && *s.Devices != (Devices{}) {
			r.Note("devices", "", s.Devices.String())
		}
		for _, p := range s.Spec.Preferences {
			r.Note("wish", "", p.String())
		}
		return nil
	})
	g.Node("plan", "plan with the reference expert's model", 0, func(ctx context.Context, s *Session, r *Reporter) error {
		r.Note("model", "python", s.Spec.Program(false))
		var err error
		s.Advice, err = advise(ctx, s.Spec, s.State)
		return Final(err)
	})
	g.Edge("read", "plan")
	g.Edge("plan", End)
	return g
}

// advise plans the steps ahead of a prosumer without peers.
func advise(ctx context.Context, spec *Spec, state *State) (*Advice, error) {
	x := spec.Prosumer
	best, err := HumanParts(spec, state).alone(ctx, x)
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
