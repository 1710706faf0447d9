package main

import "github.com/spf13/cobra"

func communityCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "community",
		Short: "Show a community's devices and prices, or check how hard it strains the feeder",
		Long: `A community is a list of prosumers with their devices, on buses of a feeder whose
other customers it also describes. Three are built in: voltage-stress (the
default), solar-stress and paper-scale. Yours is a YAML file, which may start
from one of them:

  preset: voltage-stress
  feeder: {substation_pu: 1.02}
  archetypes:                      # what all prosumers of an archetype have
    rural: {peak_load_kw: 150}
  change:                          # single prosumers, by name
    rural_0: {bus: 60, bess: null} # moves, and has no battery
    hub_3: null                    # leaves

"peerwatt community show --json" prints every key there is.`,
		Example: `  peerwatt community show
  peerwatt community calibrate --community village.yaml`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(communityShowCommand(), communityCalibrateCommand())
	return cmd
}
