package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/expert"
	"github.com/peerwatt/peerwatt/expert/llm"
)

func expertAskCommand() *cobra.Command {
	var world worldFlags
	var model modelFlags
	var ways wayFlags
	q := &question{}
	var o askOptions
	cmd := &cobra.Command{
		Use:   "ask WISH",
		Short: "Find the strategy of a day for a wish in plain language",
		Long: `ask plans one prosumer's day. A language model turns the wish into the prosumer's
model, the model is solved, and the network operator joins it with the reference
models of everybody else, checks the voltages by AC power flow and changes what has
to change. The answer tells what the day costs with devices that rest, without the
wishes, alone and with trade, and what the operator changed and why.

--as names the prosumer whose loads and weather are meant (peerwatt community show
lists them). Ratings that the wish names ("a battery of 200 kWh and 50 kW") take the
place of that prosumer's. --run keeps everything in a folder: the calls of the model,
a trace that reads as a page (trace.html), and the point to go on from, so that the
same command never pays twice. "peerwatt expert replay FOLDER" gives the same answer
without any model.

` + waysHelp + `
Without --provider there is no model to read the wish, and the reference expert plans.`,
		Example: `  peerwatt expert ask "I have a battery of 200 kWh and 50 kW. Keep 60 % from 18:00 to 22:00." --as residential_0 \
      --provider deepseek --model deepseek-chat --plot day.svg --run runs/ask
  peerwatt expert ask "Do not run the generator at night." --as hub_0 --provider llamacpp --model local --path specification
  peerwatt expert ask "Cheap, please." --as hub_0 --day 2015-01-20    # the reference expert`,
		Args: checked(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			q.Wish = args[0]
			if err := o.check(); err != nil {
				return badInput(err)
			}
			w, err := world.open()
			if err != nil {
				return err
			}
			m, err := model.open()
			if err != nil {
				return err
			}
			if m != nil {
				s := m.Settings()
				q.Settings = &s
			} else if !cmd.Flags().Changed("path") {
				ways.path = string(expert.SpecificationPath)
			}
			if q.Options, err = ways.options(); err != nil {
				return badInput(err)
			}
			if q.Place, err = world.spec.Place(w); err != nil {
				return err
			}
			if err := q.check(w); err != nil {
				return badInput(err)
			}
			return o.ask(cmd, q, w, m, model.config.Budget)
		},
	}
	world.add(cmd)
	model.add(cmd)
	ways.add(cmd, string(expert.CodePath))
	f := cmd.Flags()
	f.StringVar(&q.As, "as", "residential_0", "the prosumer that asks")
	f.StringVar(&q.Day, "day", "2015-07-01", "the `DATE`")
	f.Float64Var(&q.SOC, "soc", 0.5, "state of charge at midnight, 0 to 1")
	f.StringVar(&o.run, "run", "", "keep calls, trace and state in this `FOLDER`, and go on from it")
	o.add(cmd)
	return cmd
}

// question is all that an answer depends on, beside what a model says.
type question struct {
	Settings *llm.Settings `json:"settings,omitempty"` // nil: no model
	experiment.Place
	Options expert.WorkflowOptions `json:"options"`
	As      string                 `json:"as"`
	Day     string                 `json:"day"`
	SOC     float64                `json:"soc"`
	Wish    string                 `json:"wish"`
}

// check says what of the question cannot be.
func (q *question) check(w *env.World) error {
	if strings.TrimSpace(q.Wish) == "" {
		return errors.New("the wish is empty: say what you want, in quotes")
	}
	if !(q.SOC >= 0 && q.SOC <= 1) {
		return fmt.Errorf("--soc is %v, want 0 to 1", q.SOC)
	}
	_, _, err := q.session(w)
	return err
}

// session is the question at the beginning of the workflow, and the workflow's
// last stage.
func (q *question) session(w *env.World) (*expert.Session, expert.WorkflowOptions, error) {
	day, err := w.FindDay(q.Day)
	if err != nil {
		return nil, q.Options, err
	}
	i := slices.IndexFunc(w.Scenario.Prosumers, func(x community.Prosumer) bool { return x.Name == q.As })
	if i < 0 {
		var names []string
		for _, x := range w.Scenario.Prosumers {
			names = append(names, x.Name)
		}
		return nil, q.Options, fmt.Errorf("--as %q: want one of %s", q.As, strings.Join(names, ", "))
	}
	x := &w.Scenario.Prosumers[i]
	s := &expert.Session{
		Wish: q.Wish, Spec: &expert.Spec{Prosumer: x, ReactivePricePerKvar2h: w.Scenario.ReactivePricePerKvar2h},
		State: expert.NewState(x, w.Calendar.Day(day), i, w.Market, 0, q.SOC, 0),
	}
	if q.Settings != nil {
		s.Devices = &expert.Devices{}
	}
	o := q.Options
	o.Verify = expert.Verifier(w, day, i)
	return s, o, nil
}

// askOptions say what is done with an answer.
type askOptions struct {
	run, plot, programs string
	code, asJSON        bool
}

func (o *askOptions) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.plot, "plot", "", "draw the strategy into `FILE`, .svg or .png (with --run also in the folder: strategy.svg)")
	f.StringVar(&o.programs, "save-program", "", "verify the program and store it in this `FOLDER`, for training (expert: {kind: llm, program: FOLDER})")
	f.BoolVar(&o.code, "code", false, "print the program, too")
	f.BoolVar(&o.asJSON, "json", false, "print one JSON object")
}

func (o *askOptions) check() error {
	if o.plot != "" {
		return experiment.CheckPlotPath(o.plot)
	}
	return nil
}

// answer runs the workflow and shows what comes out.
func (o *askOptions) answer(cmd *cobra.Command, q *question, w *env.World, m llm.Model, run expert.RunOptions) error {
	s, way, err := q.session(w)
	if err != nil {
		return badInput(err)
	}
	if err := expert.Workflow(m, way).Run(cmd.Context(), s, run); err != nil {
		return err
	}
	if !s.Passed {
		return fmt.Errorf("no program came out, after %d corrections: %s (try --path specification, or --with lint,explain)", s.Corrections, s.Reason)
	}
	currency := w.Market.Currency()
	for _, path := range []string{o.plot, o.inRun("strategy.svg")} {
		if path != "" {
			if err := experiment.PlotStrategy(path, s, currency); err != nil {
				return err
			}
		}
	}
	if o.programs != "" {
		if err := q.store(cmd.Context(), o.programs, w, s); err != nil {
			return err
		}
	}
	if o.asJSON {
		return printJSON(cmd.OutOrStdout(), s)
	}
	return printAnswer(cmd.OutOrStdout(), q, s, currency, o.code)
}

// store keeps the program, to be run again without any model.
func (q *question) store(ctx context.Context, dir string, w *env.World, s *expert.Session) error {
	p := expert.StoredProgram{
		For: q.As, Wish: q.Wish, Spec: s.Spec, Model: expert.ReferenceExpert, Settings: q.Settings, PromptSHA256: expert.PromptDigest(), Source: s.Program,
	}
	if n := len(s.Calls); n > 0 && q.Options.Path != expert.SpecificationPath {
		p.Model = s.Calls[n-1].Model
	}
	return expert.StoreProgram(ctx, dir, w, p)
}

// inRun is a file of the folder that keeps the run; "" without one.
func (o *askOptions) inRun(name string) string {
	if o.run == "" {
		return ""
	}
	return filepath.Join(o.run, name)
}
