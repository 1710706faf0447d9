package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/peerwatt/peerwatt/experiment"
)

// printTable writes a table of results.
func printTable(out io.Writer, t experiment.Table) {
	row := func(cells []string) table.Row {
		r := make(table.Row, len(cells))
		for i, c := range cells {
			r[i] = c
		}
		return r
	}
	w := newTable(out, row(t.Head))
	for _, r := range t.Rows {
		w.AppendRow(row(r.Cells))
	}
	w.Render()
}

func tableNote(summaries []experiment.Summary) string {
	if len(summaries) == 0 {
		return ""
	}
	return fmt.Sprintf("Means over %d days; ± are standard deviations. Cost counts the change of stored energy. Outside: beyond the voltage limits.", summaries[0].Days)
}

// correctionNote says what the operator's corrections came to.
func correctionNote(summaries []experiment.Summary) string {
	var total experiment.CorrectionCount
	for _, s := range summaries {
		if c := s.Correction; c != nil {
			total.Steps, total.Before = total.Steps+c.Steps, total.Before+c.Before
			total.Unavoidable, total.Unproved = total.Unavoidable+c.Unavoidable, total.Unproved+c.Unproved
		}
	}
	return fmt.Sprintf("The operator changed %d steps, in which %d bus-steps would have been outside; %d stayed outside, %d of them proved unavoidable.",
		total.Steps, total.Before, total.Unavoidable+total.Unproved, total.Unavoidable)
}

// printJSON writes a result as one object.
func printJSON(out io.Writer, result any) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(result)
}
