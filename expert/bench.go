package expert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// BenchOptions say what a model is asked, and how.
type BenchOptions struct {
	Archetypes []community.Archetype `json:"archetypes"` // nil: all
	// Wishes is "first" (of each archetype; the default, Table III) or "all".
	Wishes   string          `json:"wishes"`
	Trials   int             `json:"trials"` // of each request; 0: 10
	Day      int             `json:"day"`    // whose loads, weather and prices are planned
	SOC      float64         `json:"soc"`    // of the battery at midnight
	Workflow WorkflowOptions `json:"workflow"`

	// Dir, where given, keeps a folder for every trial: what was done is not done
	// again, and what was begun goes on. Results do not depend on it.
	Dir string `json:"-"`
	// Workers is how many trials run at a time; 0: 1. Results do not depend on it.
	Workers int `json:"-"`
}

// Case is a request to a workflow and the truth about it.
type Case struct {
	Wish  Wish
	Truth *Spec // the prosumer and what its words mean; no model sees the latter
	State *State
	Trial int // from 1
}

// Cases lists what a benchmark asks in a world: the wishes of the first prosumer
// of each archetype, each as often as there are trials.
func (o BenchOptions) Cases(w *env.World) ([]Case, error) {
	if o.Trials < 0 || o.Wishes != "" && o.Wishes != "first" && o.Wishes != "all" {
		return nil, fmt.Errorf("%d trials of the wishes %q: want 1 trial or more, of the first or of all", o.Trials, o.Wishes)
	}
	archetypes := o.Archetypes
	if archetypes == nil {
		archetypes = community.Archetypes
	}
	var cases []Case
	for _, a := range archetypes {
		i := slices.IndexFunc(w.Scenario.Prosumers, func(x community.Prosumer) bool { return x.Archetype == a })
		if i < 0 {
			return nil, fmt.Errorf("the community has no %s prosumer", a)
		}
		x := &w.Scenario.Prosumers[i]
		wishes, err := Wishes().Of(x)
		if err != nil {
			return nil, err
		}
		if o.Wishes != "all" {
			wishes = wishes[:1]
		}
		state := NewState(x, w.Calendar.Day(o.Day), i, w.Market, 0, o.SOC, 0)
		for _, wish := range wishes {
			truth := &Spec{Prosumer: x, Preferences: wish.Preferences, ReactivePricePerKvar2h: w.Scenario.ReactivePricePerKvar2h}
			for trial := range max(o.Trials, 1) {
				cases = append(cases, Case{Wish: wish, Truth: truth, State: state, Trial: trial + 1})
			}
		}
	}
	return cases, nil
}

// Bench takes every case through the workflow and scores what comes out. A nil
// model is the reference expert: it knows what the wishes mean, and its program
// goes the way of all others. What a model does wrong is a failed trial; where it
// cannot be asked (no connection, no credit, the ceiling) the benchmark ends with
// an error, and with a folder the same call goes on from there.
//
// progress, where given, is told of every trial that is done; calls do not
// overlap. Trials come in the order of Cases, whoever finished first.
func Bench(ctx context.Context, m llm.Model, w *env.World, o BenchOptions, progress func(done, total int, t Trial)) ([]Trial, error) {
	cases, err := o.Cases(w)
	if err != nil {
		return nil, err
	}
	trials := make([]Trial, len(cases))
	var mu sync.Mutex
	done := 0
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(o.Workers, 1))
	for i := range cases {
		g.Go(func() error {
			t, err := o.trial(ctx, m, &cases[i])
			if err != nil {
				return fmt.Errorf("%s: %w", cases[i].name(), err)
			}
			mu.Lock()
			defer mu.Unlock()
			trials[i] = t
			if done++; progress != nil {
				progress(done, len(cases), t)
			}
			return nil
		})
	}
	return trials, g.Wait()
}

// name is that of the case's folder, such as rural-milking-time-3.
func (c *Case) name() string {
	name := strings.NewReplacer(", ", "-", " ", "-").Replace(c.Wish.Name)
	return fmt.Sprintf("%s-%s-%d", c.Wish.Archetype, name, c.Trial)
}

// trial runs a case, or takes what its folder says of it.
func (o *BenchOptions) trial(ctx context.Context, m llm.Model, c *Case) (Trial, error) {
	if err := ctx.Err(); err != nil {
		return Trial{}, err
	}
	var run RunOptions
	if o.Dir != "" {
		dir := filepath.Join(o.Dir, "trials", c.name())
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return Trial{}, err
		}
		kept := filepath.Join(dir, "trial.json")
		if t, err := readTrial(kept); !errors.Is(err, fs.ErrNotExist) {
			return t, err
		}
		trace, err := OpenTrace(filepath.Join(dir, "trace.jsonl"))
		if err != nil {
			return Trial{}, err
		}
		defer trace.Close()
		run.Checkpoint, run.Watch = filepath.Join(dir, "state.json"), trace.Keep
		begin := time.Now()
		t, err := o.run(ctx, m, c, run)
		if err != nil {
			return t, err
		}
		t.Seconds = time.Since(begin).Seconds()
		return t, writeTrial(kept, t)
	}
	return o.run(ctx, m, c, run)
}

// run takes a case through the workflow and scores it.
func (o *BenchOptions) run(ctx context.Context, m llm.Model, c *Case, r RunOptions) (Trial, error) {
	s := &Session{
		Wish: c.Wish.Text, State: c.State, Sample: strconv.Itoa(c.Trial),
		Spec: &Spec{Prosumer: c.Truth.Prosumer, ReactivePricePerKvar2h: c.Truth.ReactivePricePerKvar2h},
	}
	if m == nil {
		s.Spec, s.Program, s.Passed = c.Truth, c.Truth.Program(true), true
	} else if err := Workflow(m, o.Workflow).Run(ctx, s, r); err != nil {
		if !modelsFault(err) || ctx.Err() != nil {
			return Trial{}, err
		}
		s.Passed, s.Reason = false, err.Error()
	}
	t, err := ScoreTrial(ctx, c.Truth, s)
	if m != nil && len(s.Calls) == 0 {
		t.Model = m.Settings().Model // that never answered
	}
	t.Archetype, t.Wish, t.Number = string(c.Wish.Archetype), c.Wish.Name, c.Trial
	return t, err
}

// modelsFault tells a model that answered badly from one that could not be asked.
func modelsFault(err error) bool {
	var e *llm.Error
	if !errors.As(err, &e) {
		return true
	}
	return e.Kind == llm.BadRequest || e.Kind == llm.Endless // beyond its context or every bound
}

func readTrial(path string) (Trial, error) {
	var t Trial
	text, err := os.ReadFile(path)
	if err == nil {
		if err = json.Unmarshal(text, &t); err != nil {
			err = fmt.Errorf("%s is damaged: %w; remove it to run the trial again", path, err)
		}
	}
	return t, err
}

func writeTrial(path string, t Trial) error {
	text, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, append(text, '\n'), 0o644)
}

// String says how a workflow differs from the paper's; nothing where it does not.
func (o WorkflowOptions) String() string {
	var parts []string
	add := func(set bool, words string) {
		if set {
			parts = append(parts, words)
		}
	}
	add(o.Path == SpecificationPath, "by specification")
	add(o.Bare, "bare")
	add(o.WithoutRetrieval, "without retrieval")
	add(o.WithoutCorrection, "without correction")
	add(o.MaxCorrections > 0, fmt.Sprintf("at most %d corrections", o.MaxCorrections))
	add(o.Lint, "with lint")
	add(o.Explain, "with explain")
	add(o.Probe, "with probe")
	add(o.Patches, "with patches")
	add(o.BestOf > 1, fmt.Sprintf("best of %d", o.BestOf))
	return strings.Join(parts, ", ")
}
