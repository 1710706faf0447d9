package main

import "github.com/spf13/cobra"

func reproduceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reproduce",
		Short: "One table or figure of the paper, beside the paper's own figures",
		Long: `reproduce works off what stands behind one table or figure of the paper, cell by
cell, and writes it as text, Markdown, CSV and JSON, figures as SVG and PNG, with
the paper's own figures beside ours. It may be interrupted, or killed, at any time:
the same command goes on where it was, and ends in the same bytes.`,
		Example: `  peerwatt reproduce table4 --budget smoke
  peerwatt reproduce fig7 --budget cpu --cell 2/8   # a task of an array job`,
	}
	cmd.AddCommand()
	return cmd
}
