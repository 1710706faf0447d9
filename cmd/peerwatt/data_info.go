package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/profile"
)

func dataInfoCommand() *cobra.Command {
	var asJSON bool
	var seed uint64
	cmd := &cobra.Command{
		Use:   "info [YEAR | FILE | FOLDER]...",
		Short: "Print sources, statistics, labels and checksum of a year",
		Long: `info prints where a year comes from, its statistics, everything in it that was
repaired or synthesised, and its checksum. Without arguments it is the built-in
year 2015; another number is a year made from --seed; files and folders are
read as Elia's, and every flaw of theirs is counted.`,
		Example: `  peerwatt data info
  peerwatt data info 2030 --seed 7
  peerwatt data info elia --json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			card, err := newYearCard(args, seed)
			if err != nil {
				return badInput(err)
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(card)
			}
			return card.print(cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of a year that is made")
	return cmd
}

// yearCard is what info tells.
type yearCard struct {
	Year   *yearSummary    `json:"year"` // nil where the files make none
	Reason string          `json:"no_year_because,omitempty"`
	Import *profile.Report `json:"import,omitempty"`
}

type yearSummary struct {
	Name     string               `json:"name"`
	Source   string               `json:"source"`
	Start    time.Time            `json:"start_utc"`
	Days     int                  `json:"days"`
	Train    int                  `json:"train_days"`
	Validate int                  `json:"validate_days"`
	Test     int                  `json:"test_days"`
	Checksum string               `json:"checksum_sha256"`
	Series   []profile.Statistics `json:"series"`
	Notes    []string             `json:"notes"`
}

func newYearCard(args []string, seed uint64) (yearCard, error) {
	if len(args) == 0 {
		args = []string{"2015"}
	}
	if len(args) == 1 && namesYear(args[0]) {
		year, err := profile.Open(args[0], seed)
		if err != nil {
			return yearCard{}, err
		}
		return yearCard{Year: summarise(year)}, nil
	}
	year, report, err := profile.Import(args...)
	switch {
	case report == nil:
		return yearCard{}, err
	case err != nil:
		return yearCard{Reason: err.Error(), Import: report}, nil
	}
	return yearCard{Year: summarise(year), Import: report}, nil
}

// namesYear reports whether an argument is a year rather than files; what does not exist
// is left to Open, which says what there is.
func namesYear(arg string) bool {
	_, notNumber := strconv.Atoi(arg)
	_, notThere := os.Stat(arg)
	return notNumber == nil || notThere != nil
}

func summarise(y *profile.Year) *yearSummary {
	split := y.Split()
	return &yearSummary{
		Name: y.Name, Source: y.Source, Start: y.Start, Days: y.Days(),
		Train: len(split.Train), Validate: len(split.Validate), Test: len(split.Test),
		Checksum: y.Checksum(), Series: y.Statistics(), Notes: append([]string{}, y.Notes...),
	}
}

func (c yearCard) print(out io.Writer) error {
	if c.Import != nil {
		files := newTable(out, table.Row{"file", "what", "rows", "from", "to", "form", "order"})
		for _, f := range c.Import.Files {
			files.AppendRow(table.Row{f.Path, f.Quantity, f.Rows, f.From.Format(minuteUTC), f.To.Format(minuteUTC), f.Form, f.Order})
		}
		files.Render()
		fmt.Fprintln(out)
		for _, f := range c.Import.Findings {
			fmt.Fprintf(out, "  %s\n", f)
		}
		if len(c.Import.Findings) == 0 {
			fmt.Fprintln(out, "  no flaws found")
		}
		fmt.Fprintln(out)
	}
	if c.Year == nil {
		_, err := fmt.Fprintf(out, "no year: %s\n", c.Reason)
		return err
	}
	y := c.Year
	fmt.Fprintf(out, "%s: %s\n", y.Name, y.Source)
	fmt.Fprintf(out, "%d days from %s (midnight of UTC+1): %d train, %d validate, %d test\n", y.Days, y.Start.Format(minuteUTC), y.Train, y.Validate, y.Test)
	fmt.Fprintf(out, "checksum %s\n\n", y.Checksum)

	series := newTable(out, table.Row{"", "mean", "std", "min", "max", "step p50", "p90", "p99", "memory 1 h", "24 h", "forecast bias", "rms", "unit"})
	for _, s := range y.Series {
		row := table.Row{s.Name}
		for _, v := range []float64{s.Mean, s.StandardDeviation, s.Min, s.Max, s.StepP50, s.StepP90, s.StepP99} {
			row = append(row, fmt.Sprintf("%.4f", v))
		}
		row = append(row, fmt.Sprintf("%.3f", s.Memory1h), fmt.Sprintf("%.3f", s.Memory24h), "", "", s.Unit)
		if s.ForecastRMS != nil {
			row[10], row[11] = fmt.Sprintf("%+.4f", *s.ForecastBias), fmt.Sprintf("%.4f", *s.ForecastRMS)
		}
		series.AppendRow(row)
	}
	series.Render()
	fmt.Fprintln(out)
	for _, note := range y.Notes {
		fmt.Fprintf(out, "  note: %s\n", note)
	}
	return nil
}

// minuteUTC is how times are shown.
const minuteUTC = "2006-01-02T15:04Z"
