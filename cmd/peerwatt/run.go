package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/marl"
)

func runCommand() *cobra.Command {
	var out, resume string
	var settings []string
	var workers int
	cmd := &cobra.Command{
		Use:   "run [SPEC.yaml]",
		Short: "Train a community, evaluate it on the test days, and write a report",
		Long: `run builds the community on its feeder, trains the algorithm that the specification
names, once for every seed, plays the test days with what was learned and with the
built-in policies, and writes a directory with everything, report.html among it.

Without arguments it takes the default specification on built-in data, which lasts
at most 15 minutes on two cores. A specification names only what differs from the
defaults; spec.yaml in the run's directory shows all of them. --set changes single
values.

Interrupt it at any time: every seed writes a checkpoint, and --resume goes on from
there. The result is the same, byte for byte, as without the break.`,
		Example: `  peerwatt run
  peerwatt run --set algorithm.episodes=100 --set 'seeds=[1]' --out runs/short
  peerwatt run my.yaml
  peerwatt run --resume runs/default`,
		Args: checked(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			run, err := openRun(args, settings, out, resume)
			if err != nil {
				return badInput(err)
			}
			run.Workers = workers
			return train(cmd, run)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&settings, "set", nil, "change a value of the specification: `PATH=VALUE`, such as algorithm.episodes=400")
	flags.StringVar(&out, "out", "", "the run's `DIRECTORY` (default: the next free runs/NAME)")
	flags.StringVar(&resume, "resume", "", "go on with the run in `DIRECTORY`")
	flags.IntVar(&workers, "workers", 0, "processors to use, 0 for all; the result does not depend on it")
	return cmd
}

// openRun starts a new run or opens the one to go on with.
func openRun(args, settings []string, out, resume string) (*experiment.Run, error) {
	if resume != "" {
		if len(args) > 0 || len(settings) > 0 || out != "" {
			return nil, errors.New("--resume goes on with what was begun: it takes no specification, --set or --out")
		}
		return experiment.Resume(resume)
	}
	path, name := "", "default"
	if len(args) == 1 {
		path = args[0]
		name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	spec, err := experiment.ReadSpec(path, settings...)
	if err != nil {
		return nil, err
	}
	if out == "" {
		out = nextFree(filepath.Join("runs", name))
	}
	return experiment.Start(out, spec)
}

// nextFree returns the path itself or, where something is there, the first
// free one of path-2, path-3, ...
func nextFree(path string) string {
	for k, free := 2, path; ; k++ {
		if _, err := os.Lstat(free); err != nil {
			return free
		}
		free = fmt.Sprintf("%s-%d", path, k)
	}
}

func train(cmd *cobra.Command, run *experiment.Run) error {
	ctx, stderr := cmd.Context(), cmd.ErrOrStderr()
	fmt.Fprintf(stderr, "%s: %s on %s, %s, seeds %v\n", run.Dir, run.Spec.Algorithm.Name, run.Spec.Community.Preset, run.World.Year.Name, run.Spec.Seeds)

	bar := newBar(stderr, "training", len(run.Spec.Seeds)*run.Spec.Algorithm.Episodes)
	episodes := map[uint64]int{}
	run.Progress = func(seed uint64, p marl.Progress) {
		episodes[seed] = p.Episodes
		total := 0
		for _, n := range episodes {
			total += n
		}
		bar.set(total, costNote(p))
	}
	err := run.Train(ctx)
	bar.finish()
	if err == nil {
		err = evaluateRun(cmd, run)
	}
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("interrupted; what was done is kept. Go on with: peerwatt run --resume %s", run.Dir)
	}
	return err
}

func costNote(p marl.Progress) string {
	if p.LastCost != p.LastCost {
		return ""
	}
	return fmt.Sprintf("last validation %.0f a day", p.LastCost)
}

// evaluateRun plays the test days, writes the report and prints the table.
func evaluateRun(cmd *cobra.Command, run *experiment.Run) error {
	baselines, err := builtinContenders("none", "none-p2p", "rule")
	if err != nil {
		return err
	}
	bar := newBar(cmd.ErrOrStderr(), "evaluating", 0)
	rows, err := run.Evaluate(cmd.Context(), baselines, bar.of)
	bar.finish()
	if err != nil {
		return err
	}
	path, err := run.Report(cmd.Context(), rows)
	if err != nil {
		return err
	}
	printSummaries(cmd.OutOrStdout(), run.World.Market.Currency(), experiment.Summarise(rows))
	fmt.Fprintf(cmd.ErrOrStderr(), "report: %s\n", path)
	return nil
}
