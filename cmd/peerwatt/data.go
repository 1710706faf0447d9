package main

import "github.com/spf13/cobra"

func dataCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "Look at, download or make the year of load, sun and wind that drives everything",
		Long: `A year is the load, the sun and the wind of every quarter of an hour, and what was
forecast of them the day before. Belgium in 2015 is built in. Another year comes from
Elia's files (fetch downloads them) or from a seed (generate, or simply the
number of a year).`,
		Example: `  peerwatt data info                             # the built-in year
  peerwatt data fetch --from 2024-01 --to 2024-12 --out elia
  peerwatt data info elia                        # what the files hold, and their flaws`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(dataInfoCommand(), dataFetchCommand(), dataGenerateCommand())
	return cmd
}
