package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/profile"
)

// customers are the classes a series can be made for, by name.
var customers = []profile.Customer{profile.Household, profile.Commerce, profile.Farm, profile.Industry, profile.Mixed}

func dataGenerateCommand() *cobra.Command {
	var asJSON bool
	var year int
	var seed uint64
	var folder string
	var own ownSeries
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Make a year from a seed and write it as CSV",
		Long: `generate makes a year whose weather and load have the statistics of Belgium in 2015,
on the calendar of the year asked for, and writes load.csv, solar.csv and
wind.csv, which every command reads back to the same bits: name the folder where a
year is asked for. The same year and seed give the same bytes.

With --series it also writes what one prosumer would have measured that year, in UTC
and kW: a pattern for your own measurements.`,
		Example: `  peerwatt data generate --year 2030 --seed 7 --out year2030
  peerwatt data info year2030
  peerwatt data generate --out year --series farm.csv --customer farm --peak-kw 60 --solar-kw 80`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if year < 1900 || year > 9999 {
				return badInput(fmt.Errorf("--year %d, want 1900 to 9999", year))
			}
			if folder == "" {
				return badInput(errors.New("--out is missing: the folder to write to"))
			}
			if err := own.check(cmd); err != nil {
				return badInput(err)
			}
			y := profile.Generate(year, seed)
			files, err := y.WriteElia(folder)
			if err != nil {
				return err
			}
			if own.path != "" {
				if err := own.write(y); err != nil {
					return err
				}
				files = append(files, own.path)
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{
					"name": y.Name, "year": year, "seed": seed, "days": y.Days(), "checksum_sha256": y.Checksum(), "files": files,
				})
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s, checksum %s:\n  %s\n", y.Name, y.Checksum(), strings.Join(files, "\n  "))
			return err
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&year, "year", 2016, "the calendar year")
	flags.Uint64Var(&seed, "seed", 1, "the seed")
	flags.StringVar(&folder, "out", "", "the `FOLDER` to write to")
	flags.StringVar(&own.path, "series", "", "also write a prosumer's series to this `FILE`")
	flags.StringVar(&own.customer, "customer", "household", "the prosumer's class: "+strings.Join(customerNames(), ", "))
	flags.Float64Var(&own.peakKW, "peak-kw", 10, "the prosumer's highest load")
	flags.Float64Var(&own.solarKW, "solar-kw", 10, "the rating of its panels; 0 for none")
	flags.Float64Var(&own.windKW, "wind-kw", 0, "the rating of its turbine; 0 for none")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func customerNames() []string {
	names := make([]string, len(customers))
	for i, c := range customers {
		names[i] = c.String()
	}
	return names
}

// ownSeries is the prosumer whose series is written, too.
type ownSeries struct {
	path, customer          string
	peakKW, solarKW, windKW float64
}

func (o *ownSeries) check(cmd *cobra.Command) error {
	if o.path == "" {
		for _, flag := range []string{"customer", "peak-kw", "solar-kw", "wind-kw"} {
			if cmd.Flags().Changed(flag) {
				return fmt.Errorf("--%s describes the prosumer of --series, which is missing", flag)
			}
		}
		return nil
	}
	if _, err := o.class(); err != nil {
		return err
	}
	for flag, v := range map[string]float64{"peak-kw": o.peakKW, "solar-kw": o.solarKW, "wind-kw": o.windKW} {
		if !(v >= 0 && v <= 1e6) {
			return fmt.Errorf("--%s is %g, want 0 to 1e6 kW", flag, v)
		}
	}
	return nil
}

func (o *ownSeries) class() (profile.Customer, error) {
	for _, c := range customers {
		if c.String() == o.customer {
			return c, nil
		}
	}
	return 0, fmt.Errorf("--customer %q, want %s", o.customer, strings.Join(customerNames(), ", "))
}

func (o *ownSeries) write(y *profile.Year) error {
	class, err := o.class()
	if err != nil {
		return err
	}
	s := profile.Series{LoadKW: make([]float64, 0, len(y.Load.Actual))}
	for day := range y.Days() {
		for _, share := range profile.Shape(class, y.Date(day)) {
			s.LoadKW = append(s.LoadKW, o.peakKW*share)
		}
	}
	if o.solarKW > 0 {
		s.SolarKW = times(y.Solar.Actual, o.solarKW)
	}
	if o.windKW > 0 {
		s.WindKW = times(y.WindOnshore.Actual, o.windKW)
	}
	return profile.WriteSeries(o.path, s, y.Start,
		fmt.Sprintf("a %s with %g kW of load at its peak, %g kW of panels and %g kW of wind, in the year %s", o.customer, o.peakKW, o.solarKW, o.windKW, y.Name),
		"means over the quarter of an hour that starts at the time given")
}

func times(x []float64, by float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v * by
	}
	return out
}
