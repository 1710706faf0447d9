package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/experiment"
)

func reportCommand() *cobra.Command {
	var out string
	var names []string
	var workers int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report RUN...",
		Short: "Evaluate runs again and write their reports; compare several",
		Long: `report plays the test days with every RUN, a directory that "peerwatt run" wrote, and
with the policies that need no training. It rewrites each run's evaluation.csv and
report.html and prints a table. A run that is not finished is reported as far as it
has come.

Of several runs it also writes comparison.html and comparison.csv: one table with the
spread over seeds, learning curves with bands, and what the specifications do not
have in common.`,
		Example: `  peerwatt report runs/default
  peerwatt report runs/maddpg runs/slow-critic --out runs`,
		Args: checked(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			others, err := baselines(names)
			if err != nil {
				return badInput(err)
			}
			runs, err := openRuns(args)
			if err != nil {
				return badInput(err)
			}
			for _, r := range runs {
				r.Workers = workers
			}
			if len(runs) == 1 {
				return evaluateRun(cmd, runs[0], others, asJSON)
			}
			if out == "" {
				out = filepath.Dir(filepath.Clean(args[0]))
			}
			return compareRuns(cmd, args, runs, others, out, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringVar(&out, "out", "", "the `DIRECTORY` for the comparison of several runs (default: the one that holds the first run)")
	f.StringSliceVar(&names, "against", strings.Split(against, ","), "the policies without training to compare with: "+policyNames)
	f.IntVar(&workers, "workers", 0, "processors to use, 0 for all; the result does not depend on it")
	f.BoolVar(&asJSON, "json", false, "print the result as one JSON object")
	return cmd
}

// openRuns opens every run before any work is done.
func openRuns(dirs []string) ([]*experiment.Run, error) {
	var runs []*experiment.Run
	seen := map[string]bool{}
	for _, dir := range dirs {
		if seen[filepath.Clean(dir)] {
			return nil, fmt.Errorf("%s is named twice", dir)
		}
		seen[filepath.Clean(dir)] = true
		run, err := experiment.Resume(dir)
		if err == nil {
			_, _, err = run.Contenders()
		}
		if err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// evaluated plays the test days with a run and the baselines and writes its
// report.
func evaluated(cmd *cobra.Command, run *experiment.Run, baselines *experiment.Baselines) (rows []experiment.Row, report string, err error) {
	_, missing, err := run.Contenders()
	if err != nil {
		return nil, "", err
	}
	for _, seed := range missing {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: seed %d has not come to a validation yet; it is left out\n", run.Dir, seed)
	}
	bar := newBar(cmd.ErrOrStderr(), "evaluating", 0)
	baselines.LeftOut = func(name string, err error) {
		bar.say(fmt.Sprintf("%s cannot play here and is left out: %v", name, err))
	}
	rows, err = run.Evaluate(cmd.Context(), baselines, bar.of)
	bar.finish()
	if err == nil {
		report, err = run.Report(cmd.Context(), rows, baselines)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return nil, "", fmt.Errorf("interrupted; what was trained is kept. Evaluate it with: peerwatt report %s", run.Dir)
	case err != nil:
		return nil, "", fmt.Errorf("%w (evaluate again with: peerwatt report %s)", err, run.Dir)
	}
	return rows, report, nil
}

// evaluateRun plays the test days, writes the report and prints the table.
func evaluateRun(cmd *cobra.Command, run *experiment.Run, baselines *experiment.Baselines, asJSON bool) error {
	rows, report, err := evaluated(cmd, run, baselines)
	if err != nil {
		return err
	}
	summaries, currency := experiment.Summarise(rows), run.World.Market.Currency()
	if asJSON {
		return printJSON(cmd.OutOrStdout(), map[string]any{
			"run": run.Dir, "report": report, "currency": currency, "days": "test", "policies": summaries,
			"improvements": experiment.Improvements(rows), "paired": experiment.PairedDays(rows),
		})
	}
	printTable(cmd.OutOrStdout(), experiment.SummaryTable(currency, summaries))
	fmt.Fprintln(cmd.OutOrStdout(), tableNote(summaries))
	fmt.Fprintf(cmd.ErrOrStderr(), "report: %s\n", report)
	return nil
}

// compareRuns reports every run and all of them side by side.
func compareRuns(cmd *cobra.Command, dirs []string, runs []*experiment.Run, baselines *experiment.Baselines, out string, asJSON bool) error {
	var sides []experiment.Side
	labels := experiment.Labels(dirs)
	for i, run := range runs {
		rows, _, err := evaluated(cmd, run, baselines)
		if err != nil {
			return err
		}
		sides = append(sides, experiment.Side{Label: labels[i], Run: run, Rows: rows})
	}
	comparison, err := experiment.Compare(sides)
	if err != nil {
		return err
	}
	csvPath, htmlPath, err := comparison.Write(cmd.Context(), out, baselines)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), map[string]any{
			"comparison": htmlPath, "csv": csvPath, "same_world": comparison.SameWorld(), "days": "test", "policies": comparison.Rows,
		})
	}
	printTable(cmd.OutOrStdout(), comparison.Table())
	if !comparison.SameWorld() {
		fmt.Fprintln(cmd.ErrOrStderr(), "these runs play in different worlds: compare what each gains against none-p2p, not the costs")
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "comparison: %s, %s\n", htmlPath, csvPath)
	return nil
}

// against are the policies that runs are compared with unless told otherwise:
// what needs no training, and the bound that foresight sets.
const against = "none,none-p2p,rule,perfect"

// baselines makes contenders of a list of policies.
func baselines(names []string) (*experiment.Baselines, error) {
	out := &experiment.Baselines{}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("--against: %s is named twice", name)
		}
		c, err := policyContender(name)
		if err != nil {
			return nil, fmt.Errorf("--against: %w", err)
		}
		out.Contenders = append(out.Contenders, c)
	}
	return out, nil
}
