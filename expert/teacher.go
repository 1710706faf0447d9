package expert

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
)

// TeacherOptions are the expert's switches in training. The zero value means the
// defaults.
type TeacherOptions struct {
	// ReplanEvery is after how many steps the rest of the day is planned anew
	// from the visited state; 0 never.
	ReplanEvery int
	// Forecasts hides from the teacher what the day will bring. By default it
	// knows: it is wiser than its pupils.
	Forecasts bool
	// MarginPU tightens the voltage limits, for what pupils get wrong; 0 means
	// DefaultMarginPU, negative none.
	MarginPU float64
	// Programs are the models of prosumers who have stored ones; nil: the
	// reference models alone.
	Programs *Programs
	// CacheDir keeps plans from one run to the next; empty means DefaultCacheDir.
	CacheDir string
	// Warn is told what is worth knowing and no error, such as a damaged file in
	// the cache; nil: nobody. Calls may overlap.
	Warn func(message string)
}

// Teacher is the expert in training, an env.Teacher: it plans a day from its
// initial state once, keeps the plan on disk for everybody who trains on the same
// world, and labels each visited state with the action that follows the plan. Its
// labels depend on the world, its options and what was visited, on nothing else.
// It is safe for concurrent use.
type Teacher struct {
	world   *env.World
	options TeacherOptions
	plans   *planCache

	idle  chan *dso.Operator // operators nobody uses; one is made where there is none
	mutex sync.Mutex
	days  map[lesson]*sync.Mutex
	known map[lesson]*track
}

// lesson is a day from an initial state.
type lesson struct {
	day  int
	init env.Initial
}

// NewTeacher makes a teacher for a world. It fails where the operator cannot plan
// for it, or the cache cannot be.
func NewTeacher(w *env.World, o TeacherOptions) (*Teacher, error) {
	if o.ReplanEvery < 0 {
		return nil, fmt.Errorf("expert: a plan every %d steps: want 1 or more, or 0 for never", o.ReplanEvery)
	}
	switch {
	case o.MarginPU == 0:
		o.MarginPU = DefaultMarginPU
	case o.MarginPU < 0:
		o.MarginPU = 0
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	if o.Programs != nil && o.Programs.world != w {
		return nil, errors.New("expert: the programs were loaded for another world")
	}
	t := &Teacher{
		world: w, options: o,
		idle: make(chan *dso.Operator, runtime.GOMAXPROCS(0)),
		days: map[lesson]*sync.Mutex{}, known: map[lesson]*track{},
	}
	operator, err := t.operator()
	if err != nil {
		return nil, err
	}
	t.release(operator)
	t.plans, err = newPlanCache(w, o)
	return t, err
}

// operator takes an idle operator or makes one.
func (t *Teacher) operator() (*dso.Operator, error) {
	select {
	case o := <-t.idle:
		return o, nil
	default:
		return dso.New(t.world.Scenario, t.world.Network, dso.Options{MarginPU: t.options.MarginPU})
	}
}

// release gives an operator back.
func (t *Teacher) release(o *dso.Operator) {
	select {
	case t.idle <- o:
	default:
	}
}

// Prepare plans days from initial states ahead of training, several at a time: at
// most workers, 0 for one per processor. Plans in the cache cost next to nothing.
// progress, where given, is called after each; calls do not overlap.
func (t *Teacher) Prepare(ctx context.Context, days []int, inits []env.Initial, workers int, progress func(done, total int)) error {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	var mutex sync.Mutex
	done, total := 0, len(days)*len(inits)
	for _, day := range days {
		for _, init := range inits {
			group.Go(func() error {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if _, err := t.track(ctx, lesson{day, init}); err != nil {
					return err
				}
				mutex.Lock()
				defer mutex.Unlock()
				if done++; progress != nil {
					progress(done, total)
				}
				return nil
			})
		}
	}
	return group.Wait()
}

// Labels fills dst (len(visited) x agents x env.ActionDim) with the actions that
// follow the plan of the day from each visited state, and weight (len(visited) x
// agents) with 1. With ReplanEvery, the rest of the day is planned anew from the
// states visited in steps that it divides, and the steps after follow that.
func (t *Teacher) Labels(day int, init env.Initial, visited []env.Visit, dst, weight []float32) error {
	agents := len(t.world.Agents())
	if len(dst) != len(visited)*agents*env.ActionDim || len(weight) != len(visited)*agents {
		panic("expert: labels of the wrong length")
	}
	follow, err := t.track(context.Background(), lesson{day, init})
	if err != nil {
		return err
	}
	actual := t.world.Calendar.Day(day)
	setPoints := make([]community.SetPoint, agents)
	var plan *dso.Plan
	for k := range visited {
		v := &visited[k]
		if every := t.options.ReplanEvery; every > 0 && v.Step > 0 && v.Step%every == 0 {
			if plan, follow, err = t.replan(day, v, plan); err != nil {
				return fmt.Errorf("expert: %s, step %d: %w", t.world.DateOf(day), v.Step, err)
			}
		}
		follow.setPoints(t.world.Scenario, actual, v, setPoints)
		t.world.Normalise(actual, v, setPoints, dst[k*agents*env.ActionDim:(k+1)*agents*env.ActionDim])
	}
	for k := range weight {
		weight[k] = 1
	}
	return nil
}

// outlook is what the teacher expects of a day from a step on.
func (t *Teacher) outlook(day, step int) *community.Day {
	actual := t.world.Calendar.Day(day)
	if !t.options.Forecasts {
		return actual
	}
	return expected(t.world.Scenario, t.world.Calendar.Forecast(day), actual, step)
}

// replan plans the rest of a day from a visited state.
func (t *Teacher) replan(day int, v *env.Visit, near *dso.Plan) (*dso.Plan, *track, error) {
	o, err := t.operator()
	if err != nil {
		return nil, nil, err
	}
	defer t.release(o)
	if near != nil && near.First > v.Step { // visits out of order
		near = nil
	}
	outlook := t.outlook(day, v.Step)
	plan, err := replan(context.Background(), o, t.options.Programs, t.world, outlook, v, near)
	if err != nil {
		return nil, nil, err
	}
	return plan, newTrack(t.world.Scenario, outlook, plan), nil
}

// track returns what to follow from the start of a day: from memory, from the
// cache on disk, or by planning it.
func (t *Teacher) track(ctx context.Context, l lesson) (*track, error) {
	t.mutex.Lock()
	only := t.days[l]
	if only == nil {
		only = &sync.Mutex{}
		t.days[l] = only
	}
	t.mutex.Unlock()
	only.Lock() // whoever else wants the same day waits for it
	defer only.Unlock()

	t.mutex.Lock()
	known := t.known[l]
	t.mutex.Unlock()
	if known != nil {
		return known, nil
	}
	tr, err := t.plans.get(l, func() (*track, error) { return t.planDay(ctx, l) })
	if err != nil {
		return nil, fmt.Errorf("expert: %s from a charge of %g: %w", t.world.DateOf(l.day), l.init.SOC, err)
	}
	t.mutex.Lock()
	t.known[l] = tr
	t.mutex.Unlock()
	return tr, nil
}

// planDay plans a whole day.
func (t *Teacher) planDay(ctx context.Context, l lesson) (*track, error) {
	o, err := t.operator()
	if err != nil {
		return nil, err
	}
	defer t.release(o)
	outlook := t.outlook(l.day, 0)
	plan, err := t.options.Programs.plan(ctx, o, dso.Start(t.world.Scenario, t.world.Market, outlook, l.init.SOC))
	if err != nil {
		return nil, err
	}
	return newTrack(t.world.Scenario, outlook, plan), nil
}
