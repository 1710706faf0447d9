package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/expert"
	"github.com/peerwatt/peerwatt/expert/llm"
)

func expertBenchCommand() *cobra.Command {
	var bench benchFlags
	var ways wayFlags
	var archetypes []string
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Score a language model on prosumers' wishes: a row of Table III",
		Long: `bench gives the wishes of five prosumers to a language model, ten times each, and
counts: how many programs run (pass rate, with Wilson's 95 % interval), how near
their decisions and costs come to the human expert's (accuracy, gap and deviation,
eqs. (40)-(42), means of those that passed), how many corrections and tokens it
took, and, apart from the paper, how many are right: a program that forgets the
battery's efficiency passes, and is not the model of its prosumer.

--dir keeps everything: calls, traces, trials. The same command goes on from there
and pays for nothing twice; --max-cost is for all of it together. "peerwatt expert
replay DIR" gives the same figures again without any model.

Without --provider the reference expert is scored, under that name: its programs
go the way of a model's, and must reach 100 %.

` + waysHelp,
		Example: `  peerwatt expert bench                                   # the reference expert
  peerwatt expert bench --provider deepseek --model deepseek-chat --max-cost 2 --dir runs/deepseek
  peerwatt expert bench --provider llamacpp --model local --path specification --wishes all --trials 1 --dir runs/local
  peerwatt expert bench --provider openai --model gpt-4o --without retrieval,correction --dir runs/gpt-4o-less`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, a := range archetypes {
				bench.options.Archetypes = append(bench.options.Archetypes, community.Archetype(a))
			}
			w, err := bench.open()
			if err != nil {
				return err
			}
			way, err := ways.options()
			if err != nil {
				return badInput(err)
			}
			r, err := bench.run(cmd, w, bench.asked, way, dir)
			if err != nil {
				return err
			}
			return printBench(cmd, r, asJSON)
		},
	}
	bench.add(cmd)
	ways.add(cmd, "code")
	f := cmd.Flags()
	f.StringSliceVar(&archetypes, "archetypes", nil, "whose wishes: commercial, rural, industrial, residential, hub (default all)")
	f.StringVar(&dir, "dir", "", "keep calls, traces and trials in this `FOLDER`, and go on from it")
	f.BoolVar(&asJSON, "json", false, "print the result as one JSON object")
	return cmd
}

// benchFlags are the flags by which a command chooses a model and its trials.
type benchFlags struct {
	world   worldFlags
	model   modelFlags
	options expert.BenchOptions
	day     string
	asked   llm.Model // nil: the reference expert
}

func (f *benchFlags) add(cmd *cobra.Command) {
	f.world.add(cmd)
	f.model.add(cmd)
	flags, o := cmd.Flags(), &f.options
	flags.IntVar(&o.Trials, "trials", 10, "of each request")
	flags.StringVar(&o.Wishes, "wishes", "first", "of each archetype: first (the paper's 5 requests) or all (25)")
	flags.StringVar(&f.day, "day", "2015-07-01", "the `DATE` whose loads, weather and prices are planned")
	flags.Float64Var(&o.SOC, "soc", 0.5, "state of charge at midnight, 0 to 1")
	flags.IntVar(&o.Workers, "workers", 1, "trials at a time; the result does not depend on it")
}

// open checks the flags and opens the world and the model.
func (f *benchFlags) open() (*env.World, error) {
	w, err := f.world.open()
	if err != nil {
		return nil, err
	}
	o := &f.options
	if o.Day, err = w.FindDay(f.day); err != nil {
		return nil, badInput(err)
	}
	switch {
	case o.Trials < 1:
		err = fmt.Errorf("--trials is %d, want 1 or more", o.Trials)
	case o.Workers < 1:
		err = fmt.Errorf("--workers is %d, want 1 or more", o.Workers)
	case !(o.SOC >= 0 && o.SOC <= 1):
		err = fmt.Errorf("--soc is %v, want 0 to 1", o.SOC)
	default:
		_, err = o.Cases(w)
	}
	if err != nil {
		return nil, badInput(err)
	}
	f.asked, err = f.model.open()
	return w, err
}

// run has a model, or the reference expert (nil), answer the trials one way.
func (f *benchFlags) run(cmd *cobra.Command, w *env.World, m llm.Model, way expert.WorkflowOptions, dir string) (*experiment.BenchResult, error) {
	place, err := f.world.spec.Place(w)
	if err != nil {
		return nil, err
	}
	spec := &experiment.BenchSpec{Place: place, Options: f.options}
	spec.Options.Workflow = way
	if m != nil {
		s := m.Settings()
		spec.Settings = &s
	}
	if dir != "" {
		if err := spec.Claim(dir); err != nil {
			return nil, badInput(err)
		}
	}
	bar := newBar(cmd.ErrOrStderr(), "asking", 0)
	defer bar.finish()
	r, err := spec.Run(cmd.Context(), m, w, dir, f.model.config.Budget, trialsOf(bar))
	switch {
	case err == nil || dir == "":
		return r, err
	case errors.Is(err, context.Canceled):
		return nil, fmt.Errorf("interrupted; what was answered is kept in %s: the same command goes on from there", dir)
	}
	return nil, fmt.Errorf("%w (what was answered is kept in %s: the same command goes on from there)", err, dir)
}

// trialsOf shows trials on a bar.
func trialsOf(bar *bar) experiment.BenchProgress {
	passed := 0
	return func(done, total int, t expert.Trial) {
		if t.Passed {
			passed++
		}
		bar.of(done, total)
		bar.set(done, fmt.Sprintf("%d passed", passed))
	}
}

func printBench(cmd *cobra.Command, r *experiment.BenchResult, asJSON bool) error {
	out := cmd.OutOrStdout()
	if asJSON {
		return printJSON(out, r)
	}
	printTable(out, experiment.BenchTable([]*experiment.BenchResult{r}))
	fmt.Fprintln(out, experiment.BenchNote)
	for _, n := range r.Notes {
		fmt.Fprintln(out, "Note:", n)
	}
	for _, t := range r.Trials {
		switch {
		case !t.Passed:
			fmt.Fprintf(out, "failed  %s, %s, %d: %s\n", t.Archetype, t.Wish, t.Number, t.Reason)
		case !t.SemanticallyRight:
			fmt.Fprintf(out, "wrong   %s, %s, %d: %s\n", t.Archetype, t.Wish, t.Number, t.Counterexample)
		}
	}
	return nil
}
