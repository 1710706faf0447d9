package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/profile"
)

func dataFetchCommand() *cobra.Command {
	var asJSON bool
	var from, to string
	var quantities []string
	f := profile.Fetcher{Wait: time.Second, MaxWait: time.Minute}
	cmd := &cobra.Command{
		Use:   "fetch --from MONTH",
		Short: "Download Belgian load, sun, wind and prices from Elia",
		Long: `fetch asks Elia's open data portal for load (ods001), sun (ods032), wind (ods031) and
imbalance prices (ods134; ods047 before 22 May 2024), month by month, into a folder
that every command reads: name it where a year is asked for. No key is
needed. The data are Elia's, under CC BY 4.0.

What goes wrong on the way is tried again. An interrupted download goes on where it
stopped: months that are on disk and whole are not asked for again, months with
holes are.`,
		Example: `  peerwatt data fetch --from 2024-01 --to 2024-12 --out elia
  peerwatt data info elia
  peerwatt run --set community.year=elia`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := setMonths(&f, from, to); err != nil {
				return badInput(err)
			}
			for _, q := range quantities {
				f.Quantities = append(f.Quantities, profile.Quantity(q))
			}
			if err := f.Check(); err != nil {
				return badInput(err)
			}
			if f.Retries < 0 || f.Timeout <= 0 {
				return badInput(fmt.Errorf("--retries %d, --timeout %v: want 0 or more, and a time", f.Retries, f.Timeout))
			}
			bar := newBar(cmd.ErrOrStderr(), "months", 0)
			done := 0
			f.Progress = func(n, all int, piece string) {
				done = n
				bar.of(n, all)
			}
			f.Retrying = func(piece string, attempt int, err error) {
				note := fmt.Sprintf("%s: %v; attempt %d of %d", piece, err, attempt+1, f.Retries+1)
				if bar.live != nil {
					bar.set(done, note)
					return
				}
				fmt.Fprintln(cmd.ErrOrStderr(), note)
			}
			pieces, err := f.Fetch(cmd.Context())
			bar.finish()
			if err != nil {
				return fmt.Errorf("%w (%d months are in %s; the same command goes on from there)", err, len(pieces), f.Folder)
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"folder": f.Folder, "pieces": pieces})
			}
			return printPieces(cmd.OutOrStdout(), f.Folder, pieces)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&from, "from", "", "the first `MONTH`, such as 2024-01")
	flags.StringVar(&to, "to", "", "the last `MONTH` (default December of the first's year)")
	flags.StringSliceVar(&quantities, "what", []string{"load", "solar", "wind", "price"}, "what to fetch")
	flags.BoolVar(&f.Recent, "recent", false, "also the last days, from the near-real-time data sets")
	flags.StringVar(&f.Folder, "out", "elia", "the `FOLDER` to write to")
	flags.StringVar(&f.Format, "format", "csv", "csv or json")
	flags.StringVar(&f.BaseURL, "base-url", profile.EliaURL, "a server that speaks the portal's interface")
	flags.IntVar(&f.Retries, "retries", 5, "attempts after the first")
	flags.DurationVar(&f.Timeout, "timeout", 2*time.Minute, "of one attempt")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// setMonths reads the months asked for.
func setMonths(f *profile.Fetcher, from, to string) error {
	const form = "2006-01"
	if from == "" {
		return fmt.Errorf("--from is missing: the first month, such as 2024-01")
	}
	var err error
	if f.From, err = time.Parse(form, from); err != nil {
		return fmt.Errorf("--from %q, want a month such as 2024-01", from)
	}
	f.To = time.Date(f.From.Year(), time.December, 1, 0, 0, 0, 0, time.UTC)
	if to == "" {
		return nil
	}
	if f.To, err = time.Parse(form, to); err != nil {
		return fmt.Errorf("--to %q, want a month such as 2024-12", to)
	}
	return nil
}

func printPieces(out io.Writer, folder string, pieces []profile.Piece) error {
	t := newTable(out, table.Row{"what", "data set", "month", "rows", ""})
	incomplete := 0
	for _, p := range pieces {
		state := "fetched"
		switch {
		case p.Kept:
			state = "was there"
		case p.Missing > 0:
			incomplete++
			state = fmt.Sprintf("%d quarters of an hour are not published", p.Missing)
		}
		t.AppendRow(table.Row{p.Quantity, p.Dataset, p.Month, p.Rows, state})
	}
	t.Render()
	lines := []string{fmt.Sprintf("\n%d months in %s; peerwatt data info %s shows what they hold", len(pieces), folder, folder)}
	if incomplete > 0 {
		lines = append(lines, fmt.Sprintf("%d of them have holes and will be asked for again by the next fetch", incomplete))
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}
