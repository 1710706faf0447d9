package main

import (
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/peerwatt/peerwatt/experiment"
)

// printSummaries writes the table that run, evaluate and report end in.
func printSummaries(out io.Writer, currency string, summaries []experiment.Summary) {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{
		"policy", "cost " + currency + "/day", "± seeds", "± days", "below none-p2p", "score",
		"bus-steps outside", "worst p.u.", "reward/day", "decision",
	})
	reference := 0.0
	for _, s := range summaries {
		if s.Policy == "none-p2p" {
			reference = s.Cost
		}
	}
	for _, s := range summaries {
		seeds, below, score := "", "", ""
		if len(s.Seeds) > 1 {
			seeds = fmt.Sprintf("%.0f", s.CostSeedsSD)
		}
		if reference != 0 {
			below = fmt.Sprintf("%.1f %%", 100*(reference-s.Cost)/reference)
		}
		if s.Score != nil {
			score = fmt.Sprintf("%.3f", *s.Score)
		}
		t.AppendRow(table.Row{
			s.Policy, fmt.Sprintf("%.0f", s.Cost), seeds, fmt.Sprintf("%.0f", s.CostDaysSD), below, score,
			fmt.Sprintf("%.4f %%", 100*s.ViolationShare), fmt.Sprintf("%.4f", s.ViolationWorstPU),
			fmt.Sprintf("%.3f", s.Reward), s.DecisionTime.Round(time.Microsecond),
		})
	}
	var right []table.ColumnConfig
	for n := 2; n <= 10; n++ {
		right = append(right, table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(right)
	t.Render()
	if len(summaries) > 0 {
		fmt.Fprintf(out, "Means over %d days. Cost counts the change of stored energy. Outside: bus-steps beyond the voltage limits.\n", summaries[0].Days)
	}
}
