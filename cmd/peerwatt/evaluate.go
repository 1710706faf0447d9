package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/experiment"
)

func evaluateCommand() *cobra.Command {
	var world worldFlags
	var days, csvPath string
	var workers int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "evaluate RUN_OR_POLICY...",
		Short: "Play the test days with saved and built-in policies, side by side",
		Long: `evaluate plays the days that no training has seen with every policy named and
prints a table: cost, voltage violations, reward and time per decision. A RUN is a
directory that "peerwatt run" wrote; its community and market are used, and all its
seeds. The built-in policies:
  none      renewables at what is available, everything else off, no trade
  none-p2p  the same, with trade among peers
  rule      battery and generator by the tariff, inverters by the voltage
  random    any action
cmd:PROGRAM asks a program that speaks the protocol of "peerwatt env --help".`,
		Example: `  peerwatt evaluate runs/default none-p2p rule
  peerwatt evaluate none rule --community solar-stress --csv rows.csv
  peerwatt evaluate "cmd:python3 policy.py" none-p2p --days validate`,
		Args: checked(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, contenders, err := openContenders(args, &world)
			if err != nil {
				return badInput(err)
			}
			split := w.Year.Split()
			which, ok := map[string][]int{"test": split.Test, "validate": split.Validate, "train": split.Train}[days]
			if !ok {
				return badInput(fmt.Errorf("--days is %q, want test, validate or train", days))
			}
			bar := newBar(cmd.ErrOrStderr(), "evaluating", 0)
			rows, err := experiment.Evaluate(cmd.Context(), w, contenders, which, workers, bar.of)
			bar.finish()
			if err != nil {
				return err
			}
			if csvPath != "" {
				if err := experiment.WriteRows(csvPath, rows); err != nil {
					return err
				}
			}
			summaries := experiment.Summarise(rows)
			if asJSON {
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetIndent("", "  ")
				return enc.Encode(map[string]any{"currency": w.Market.Currency(), "days": days, "policies": summaries})
			}
			printSummaries(cmd.OutOrStdout(), w.Market.Currency(), summaries)
			return nil
		},
	}
	world.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&days, "days", "test", "which days: test, validate or train")
	flags.StringVar(&csvPath, "csv", "", "write a row per policy and day to `FILE`")
	flags.IntVar(&workers, "workers", 0, "processors to use, 0 for all; the result does not depend on it")
	flags.BoolVar(&asJSON, "json", false, "print the result as one JSON object")
	return cmd
}

// openContenders makes contenders out of run directories and policy names, and
// the world that they play in: the first run's, or the one that flags describe.
func openContenders(args []string, flags *worldFlags) (*env.World, []experiment.Contender, error) {
	var w *env.World
	var out []experiment.Contender
	for _, arg := range args {
		if info, err := os.Stat(arg); err != nil || !info.IsDir() {
			more, err := builtinContenders(arg)
			if err != nil {
				return nil, nil, err
			}
			out = append(out, more...)
			continue
		}
		run, err := experiment.Resume(arg)
		if err != nil {
			return nil, nil, err
		}
		if w == nil {
			w = run.World
		}
		for _, c := range run.Contenders() {
			if len(args) > 1 {
				c.Name += " " + filepath.Base(arg)
			}
			out = append(out, c)
		}
	}
	if w == nil {
		var err error
		if w, err = flags.build(); err != nil {
			return nil, nil, err
		}
	}
	return w, out, nil
}

// builtinContenders makes contenders of policies that need no training.
func builtinContenders(names ...string) ([]experiment.Contender, error) {
	var out []experiment.Contender
	for _, name := range names {
		if !strings.HasPrefix(name, "cmd:") {
			if _, err := env.BuiltinPolicy(name); err != nil {
				return nil, fmt.Errorf("%w, cmd:PROGRAM, or the directory of a run", err)
			}
		}
		out = append(out, experiment.Contender{Name: name, New: func() (env.Policy, error) { return openPolicy(name) }})
	}
	return out, nil
}
