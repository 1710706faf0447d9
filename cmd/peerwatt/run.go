package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/marl"
)

// runFlags are what a person says about a run.
type runFlags struct {
	settings    []string
	out, resume string
	cell        string
	against     []string
	workers     int
	printSpec   bool
	asJSON      bool
}

func runCommand() *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "run [SPEC.yaml]",
		Short: "Train a community, evaluate it on the test days, and write a report",
		Long: `run builds the community on its feeder, trains the algorithm that the specification
names, once for every seed, plays the test days with what was learned and with the
built-in policies, and writes a directory with everything, report.html among it.

Without arguments it takes the default specification on built-in data, which lasts
at most 15 minutes on two cores. A specification names only what differs from the
defaults; --print-spec prints all of it, every key explained. --set changes single
values.

Interrupt it at any time (ctrl-C): every seed finishes its round and writes a
checkpoint, and --resume goes on from there; after a kill or a crash it goes on
from the last checkpoint. The result is the same, byte for byte, as without the
break. A second ctrl-C does not wait.

--cell K/N trains only part K of N of the seeds, for the tasks of an array job that
share one --out; "peerwatt report DIRECTORY" evaluates what all of them trained.`,
		Example: `  peerwatt run
  peerwatt run --set algorithm.episodes=100 --set 'seeds=[1]' --out runs/short
  peerwatt run my.yaml
  peerwatt run --resume runs/default
  peerwatt run --print-spec > my.yaml
  peerwatt run my.yaml --out runs/wide --cell 2/5`,
		Args: checked(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.printSpec {
				return printSpec(cmd, args, flags)
			}
			others, err := baselines(flags.against)
			if err != nil {
				return badInput(err)
			}
			run, seeds, err := flags.open(args)
			if err != nil {
				return badInput(err)
			}
			if err := run.Create(); err != nil {
				return fmt.Errorf("cannot write the run: %w", err)
			}
			run.Workers = flags.workers
			if err := train(cmd, run, seeds, flags); err != nil || flags.cell != "" {
				return err
			}
			return evaluateRun(cmd, run, others, flags.asJSON)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&flags.settings, "set", nil, "change a value of the specification: `PATH=VALUE`, such as algorithm.episodes=400")
	f.StringVar(&flags.out, "out", "", "the run's `DIRECTORY` (default: the next free runs/NAME)")
	f.StringVar(&flags.resume, "resume", "", "go on with the run in `DIRECTORY`")
	f.StringVar(&flags.cell, "cell", "", "train only part `K/N` of the seeds, such as 2/5, and evaluate nothing")
	f.StringSliceVar(&flags.against, "against", strings.Split(against, ","), "the policies without training to compare with: "+policyNames)
	f.IntVar(&flags.workers, "workers", 0, "processors to use, 0 for all; the result does not depend on it")
	f.BoolVar(&flags.printSpec, "print-spec", false, "print the whole specification with every key explained, and end")
	f.BoolVar(&flags.asJSON, "json", false, "print the result as one JSON object")
	return cmd
}

func printSpec(cmd *cobra.Command, args []string, flags runFlags) error {
	path := ""
	if len(args) == 1 {
		path = args[0]
	}
	spec, err := experiment.ReadSpec(path, flags.settings...)
	if err != nil {
		return badInput(err)
	}
	text, err := spec.Describe()
	if err != nil {
		return err
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}

// open prepares a new run or opens the one to go on with, and says which seeds
// are to be trained.
func (f *runFlags) open(args []string) (*experiment.Run, []uint64, error) {
	if f.workers < 0 {
		return nil, nil, fmt.Errorf("--workers is %d, want 1 or more, or 0 for all processors", f.workers)
	}
	part, parts, err := parseCell(f.cell)
	if err != nil {
		return nil, nil, err
	}
	var run *experiment.Run
	if f.resume != "" {
		if len(args) > 0 || len(f.settings) > 0 || f.out != "" {
			return nil, nil, errors.New("--resume goes on with what was begun: it takes no specification, --set or --out")
		}
		run, err = experiment.Resume(f.resume)
	} else {
		run, err = f.start(args)
	}
	if err != nil {
		return nil, nil, err
	}
	return run, run.Cells(part, parts), nil
}

func (f *runFlags) start(args []string) (*experiment.Run, error) {
	path, name := "", "default"
	if len(args) == 1 {
		path = args[0]
		name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	spec, err := experiment.ReadSpec(path, f.settings...)
	switch {
	case err != nil:
		return nil, err
	case f.cell != "" && f.out == "":
		return nil, errors.New("--cell wants --out or --resume: the directory that all parts share")
	case f.cell != "":
		return experiment.Join(f.out, spec)
	case f.out != "":
		return experiment.New(f.out, spec)
	}
	return experiment.New(nextFree(filepath.Join("runs", name)), spec)
}

// parseCell reads K/N; nothing is all of it.
func parseCell(text string) (part, parts int, err error) {
	if text == "" {
		return 1, 1, nil
	}
	var rest string
	if n, _ := fmt.Sscanf(text+" .", "%d/%d %s", &part, &parts, &rest); n != 3 || part < 1 || part > parts {
		return 0, 0, fmt.Errorf("--cell is %q, want K/N with K from 1 to N, such as 2/5", text)
	}
	return part, parts, nil
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

// train trains seeds and says how to go on where it did not come to its end.
func train(cmd *cobra.Command, run *experiment.Run, seeds []uint64, flags runFlags) error {
	ctx, stderr := cmd.Context(), cmd.ErrOrStderr()
	again := "peerwatt run --resume " + run.Dir
	if flags.cell != "" {
		again += " --cell " + flags.cell
		if len(seeds) == 0 {
			fmt.Fprintf(stderr, "%s: part %s of %d seeds is empty\n", run.Dir, flags.cell, len(run.Spec.Seeds))
			return nil
		}
	}
	fmt.Fprintf(stderr, "%s: %s on %s, %s, seeds %v\n", run.Dir, run.Spec.Algorithm.Name, run.World.Scenario.Name, run.World.Year.Name, seeds)

	planning := newBar(stderr, "expert's plans", 0)
	err := run.Advise(ctx, planning.say, planning.of)
	planning.finish()
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted; the plans made so far are kept. Go on with: %s", again)
	}
	if err != nil {
		return err
	}

	bar := newBar(stderr, "training", len(seeds)*run.Spec.Algorithm.Episodes)
	episodes := map[uint64]int{} // of seeds that have got on
	run.Progress = func(seed uint64, p marl.Progress) {
		episodes[seed] = p.Episodes
		total := 0
		for _, n := range episodes {
			total += n
		}
		bar.set(total, costNote(run, p))
	}
	stop := context.AfterFunc(ctx, func() {
		bar.say("finishing the round and writing checkpoints; ctrl-C again ends without")
	})
	err = run.Train(ctx, seeds)
	stop()
	bar.finish()
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("interrupted; what was done is kept. Go on with: %s", again)
	case err != nil && len(episodes) > 0:
		return fmt.Errorf("%w (what the last checkpoint holds is kept; go on with: %s)", err, again)
	case err != nil:
		return err
	}
	if flags.cell != "" {
		fmt.Fprintf(stderr, "part %s is trained; when all are: peerwatt report %s\n", flags.cell, run.Dir)
	}
	return nil
}

func costNote(run *experiment.Run, p marl.Progress) string {
	if p.LastCost != p.LastCost { // before the first validation
		return ""
	}
	return fmt.Sprintf("last validation %.0f %s a day", p.LastCost, run.World.Market.Currency())
}
