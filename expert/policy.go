package expert

import (
	"context"
	"fmt"
	"strings"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/profile"
)

const stepHours = profile.StepHours

// PolicyNames lists what NewPolicy knows.
var PolicyNames = []string{"expert", "mpc", "perfect", "perfect-free"}

// PolicyOptions are the expert's switches in evaluation. The zero value means the
// defaults.
type PolicyOptions struct {
	// ReplanEvery is how many steps of a plan the expert follows before it makes
	// another; 0 means DefaultReplanEvery.
	ReplanEvery int
	// MarginPU tightens the voltage limits of plans made on forecasts; 0 means
	// DefaultMarginPU, negative none.
	MarginPU float64
	// Warn is told of stored programs that fail; nil: nobody. Calls may overlap.
	Warn func(message string)
}

const (
	// DefaultReplanEvery is an hour.
	DefaultReplanEvery = 4
	// DefaultMarginPU is what forecasts and pupils get wrong, p.u. of voltage.
	DefaultMarginPU = 3e-3
)

// NewPolicy returns a policy that decides by the operator's joint problem:
//
//	expert        plans the rest of the day every few steps, on forecasts
//	mpc           plans it in every step, on forecasts
//	perfect       plans the day once, knowing what it brings
//	perfect-free  the same without voltage limits: nothing costs less
//
// expert:DIR and mpc:DIR do what expert and mpc do with the programs that are
// stored in a folder, see [StoreProgram], in the place of the reference models.
//
// A forecast is the day before's, corrected by what the present step shows (see
// expected).
// Plans count on a market that matches surplus with deficit in full, as all price
// rules do but double-auction, which may leave some of it to the grid.
func NewPolicy(name string, o PolicyOptions) (env.Policy, error) {
	if o.ReplanEvery == 0 {
		o.ReplanEvery = DefaultReplanEvery
	}
	if o.ReplanEvery < 1 {
		return nil, fmt.Errorf("expert: a plan every %d steps: want 1 or more", o.ReplanEvery)
	}
	margin := max(0, o.MarginPU)
	if o.MarginPU == 0 {
		margin = DefaultMarginPU
	}
	kind, programs, stored := strings.Cut(name, ":")
	p := &planned{name: name, programDir: programs, warn: o.Warn}
	if stored && kind != "expert" && kind != "mpc" {
		return nil, fmt.Errorf("expert: policy %q: only expert and mpc run stored programs", name)
	}
	if stored {
		if _, err := readStore(programs); err != nil {
			return nil, err
		}
	}
	switch kind {
	case "expert":
		p.every, p.forecasts, p.options.MarginPU = o.ReplanEvery, true, margin
	case "mpc":
		p.every, p.forecasts, p.options.MarginPU = 1, true, margin
	case "perfect":
		p.every = env.StepsPerDay
	case "perfect-free":
		p.every, p.options.WithoutLimits = env.StepsPerDay, true
	default:
		return nil, fmt.Errorf("expert: policy %q is unknown; there are %s", name, strings.Join(PolicyNames, ", "))
	}
	return p, nil
}

// planned follows plans of the operator.
type planned struct {
	name       string
	programDir string // of stored programs; "": none
	warn       func(string)
	every      int // steps between plans
	forecasts  bool
	options    dso.Options

	world    *env.World
	operator *dso.Operator
	programs *Programs // nil: none

	plan      *dso.Plan // nil at the start of a day
	track     *track
	visit     env.Visit
	setPoints []community.SetPoint
}

// Name is the policy's name.
func (p *planned) Name() string { return p.name }

// Reset forgets the day before.
func (p *planned) Reset(e *env.Env) error {
	p.plan, p.track = nil, nil
	if p.world == e.World() {
		return nil
	}
	w := e.World()
	operator, err := dso.New(w.Scenario, w.Network, p.options)
	if err != nil {
		return err
	}
	if p.programDir != "" {
		if p.programs, err = LoadPrograms(context.Background(), p.programDir, w, p.warn); err != nil {
			return err
		}
	}
	p.world, p.operator, p.setPoints = w, operator, make([]community.SetPoint, len(w.Agents()))
	return nil
}

// Act follows the plan, after making one where it is time to.
func (p *planned) Act(e *env.Env, action []float32) error {
	e.Visit(&p.visit)
	actual := p.world.Calendar.Day(e.DayIndex())
	if p.plan == nil || p.visit.Step >= p.plan.First+p.every {
		day := actual
		if p.forecasts {
			day = expected(p.world.Scenario, p.world.Calendar.Forecast(e.DayIndex()), actual, p.visit.Step)
		}
		plan, err := replan(context.Background(), p.operator, p.programs, p.world, day, &p.visit, p.plan)
		if err != nil {
			return err
		}
		p.plan, p.track = plan, newTrack(p.world.Scenario, day, plan)
	}
	p.track.setPoints(p.world.Scenario, actual, &p.visit, p.setPoints)
	e.Normalise(p.setPoints, action)
	return nil
}

// replan plans the rest of a day from a visited state.
func replan(ctx context.Context, o *dso.Operator, programs *Programs, w *env.World, day *community.Day, v *env.Visit, near *dso.Plan) (*dso.Plan, error) {
	return programs.plan(ctx, o, &dso.Situation{
		Day: day, Market: w.Market, First: v.Step, SOC: v.SOC, CDGKW: v.CDGKW, Near: near,
	})
}
