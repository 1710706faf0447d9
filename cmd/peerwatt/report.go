package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/experiment"
)

func reportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "report RUN...",
		Short: "Evaluate runs again and write their reports, side by side",
		Long: `report plays the test days with every RUN, a directory that "peerwatt run" wrote, and
with the policies that need no training. It rewrites each run's evaluation.csv and
report.html and prints one table for all. A run that is not finished is reported as
far as it has come.`,
		Example: `  peerwatt report runs/default
  peerwatt report runs/maddpg runs/slow-critic`,
		Args: checked(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, dir := range args {
				run, err := experiment.Resume(dir)
				if err != nil {
					return badInput(err)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s\n", dir)
				if err := evaluateRun(cmd, run); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
