package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/experiment"
)

func evaluateCommand() *cobra.Command {
	var world worldFlags
	var days, csvPath string
	var workers int
	var transfer, correct, asJSON bool
	var marlEval string
	cmd := &cobra.Command{
		Use:   "evaluate RUN_OR_POLICY...",
		Short: "Play the test days with saved and built-in policies, side by side",
		Long: `evaluate plays the days that no training has seen with every policy named and
prints a table: cost, voltage violations, reward and time per decision. A RUN is a
directory that "peerwatt run" wrote, with all its seeds; a single policy.bin of one
will do, too, and so will a directory of agents' files that "peerwatt export" wrote:
there each agent decides by its own file, from its own observation alone. The
built-in policies:
` + policyHelp + `

All play in the world of the first run, or in the one that the flags describe. A
policy that was trained in another world is refused, unless --transfer says that
this is meant; its community must have the same prosumers.`,
		Example: `  peerwatt evaluate runs/default none-p2p rule
  peerwatt evaluate runs/default/seed-1/policy.bin none-p2p
  peerwatt evaluate runs/default --correct
  peerwatt evaluate runs/default none-p2p --community solar-stress --transfer
  peerwatt evaluate none rule --community solar-stress --csv rows.csv
  peerwatt evaluate "cmd:python3 policy.py" none-p2p --days 2015-01-20,2015-06-24`,
		Args: checked(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if workers < 0 {
				return badInput(fmt.Errorf("--workers is %d, want 1 or more, or 0 for all processors", workers))
			}
			w, contenders, err := openContenders(args, &world, transfer)
			if err != nil {
				return badInput(err)
			}
			which, err := chooseDays(w, days)
			if err != nil {
				return badInput(err)
			}
			if correct {
				for _, c := range contenders[:len(contenders):len(contenders)] {
					contenders = append(contenders, experiment.Corrected(c))
				}
			}
			var files []*renameio.PendingFile
			for _, path := range []string{csvPath, marlEval} { // before the work, which may be long
				file, err := pendingFile(path)
				if err != nil {
					return err
				}
				if file != nil {
					defer func() { _ = file.Cleanup() }()
				}
				files = append(files, file)
			}
			bar := newBar(cmd.ErrOrStderr(), "evaluating", 0)
			rows, err := experiment.Evaluate(cmd.Context(), w, contenders, which, workers, bar.of)
			bar.finish()
			if err != nil {
				return err
			}
			if err := writeTo(files[0], func(out io.Writer) error { return experiment.WriteRows(out, rows) }); err != nil {
				return err
			}
			if err := writeTo(files[1], func(out io.Writer) error {
				text, err := experiment.MarlEval(w.Scenario.Name, rows)
				if err == nil {
					_, err = out.Write(text)
				}
				return err
			}); err != nil {
				return err
			}
			summaries := experiment.Summarise(rows)
			if asJSON {
				return printJSON(cmd.OutOrStdout(), map[string]any{
					"currency": w.Market.Currency(), "days": days, "policies": summaries,
					"improvements": experiment.Improvements(rows), "paired": experiment.PairedDays(rows),
				})
			}
			printTable(cmd.OutOrStdout(), experiment.SummaryTable(w.Market.Currency(), summaries))
			fmt.Fprintln(cmd.OutOrStdout(), tableNote(summaries))
			if correct {
				fmt.Fprintln(cmd.OutOrStdout(), correctionNote(summaries))
			}
			return nil
		},
	}
	world.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&days, "days", "test", "which days: test, validate, train, or dates such as 2015-01-20,2015-06-24")
	flags.StringVar(&csvPath, "csv", "", "write a row per policy and day to `FILE`")
	flags.StringVar(&marlEval, "marl-eval", "", "write the rows to `FILE` in the JSON layout of marl-eval, months as tasks")
	flags.BoolVar(&correct, "correct", false, "play once more with the operator changing what policies decide, as little as it can, so that the voltage limits hold")
	flags.BoolVar(&transfer, "transfer", false, "let policies play in another world than they were trained in")
	flags.IntVar(&workers, "workers", 0, "processors to use, 0 for all; the result does not depend on it")
	flags.BoolVar(&asJSON, "json", false, "print the result as one JSON object")
	return cmd
}

// chooseDays reads --days.
func chooseDays(w *env.World, text string) ([]int, error) {
	split := w.Year.Split()
	if days, ok := map[string][]int{"test": split.Test, "validate": split.Validate, "train": split.Train}[text]; ok {
		if len(days) == 0 {
			return nil, fmt.Errorf("--days %s: year %s has none", text, w.Year.Name)
		}
		return days, nil
	}
	var days []int
	for _, date := range strings.Split(text, ",") {
		day, err := w.FindDay(date)
		if err != nil {
			return nil, fmt.Errorf("--days is %q, want test, validate, train or dates: %w", text, err)
		}
		if slices.Contains(days, day) {
			return nil, fmt.Errorf("--days names %s twice", date)
		}
		days = append(days, day)
	}
	return days, nil
}

// writeTo fills a pending file, if there is one, and lets it appear.
func writeTo(file *renameio.PendingFile, write func(io.Writer) error) error {
	if file == nil {
		return nil
	}
	if err := write(file); err != nil {
		return err
	}
	return file.CloseAtomicallyReplace()
}

// pendingFile opens a file that appears under its name when it is complete;
// nil without a path.
func pendingFile(path string) (*renameio.PendingFile, error) {
	if path == "" {
		return nil, nil
	}
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", path, err)
	}
	return file, nil
}
