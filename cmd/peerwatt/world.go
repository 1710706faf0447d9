package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/market"
)

// worldFlags are the flags by which a command chooses the world it plays in:
// those parts of a run's specification that describe it.
type worldFlags struct {
	spec  experiment.Spec
	flags *pflag.FlagSet
}

// worldFlagNames are the flags that describe a world.
var worldFlagNames = []string{"community", "grid", "year", "year-seed", "market", "tariff"}

// add gives cmd the flags.
func (f *worldFlags) add(cmd *cobra.Command) {
	f.spec, f.flags = experiment.Default(), cmd.Flags()
	flags, s := cmd.Flags(), &f.spec
	flags.StringVar(&s.Community.Preset, "community", s.Community.Preset,
		"the prosumers: "+strings.Join(community.Presets(), ", ")+" or a YAML `FILE`")
	flags.StringVar(&s.Grid, "grid", s.Grid, "the feeder: case141, a MATPOWER .m file or a folder with bus.csv and branch.csv")
	flags.StringVar(&s.Community.Year, "year", s.Community.Year, "the `YEAR` of load, sun and wind: 2015 (Belgium, built in), another one, which is generated, or a folder of Elia's files")
	flags.Uint64Var(&s.Community.YearSeed, "year-seed", s.Community.YearSeed, "the seed of a generated year")
	flags.StringVar(&s.Market.Rule, "market", s.Market.Rule, "the price rule among peers: "+strings.Join(market.Rules(), ", "))
	flags.StringVar(&s.Market.Tariff, "tariff", s.Market.Tariff, "the grid's prices: "+strings.Join(market.Tariffs(), ", "))
}

// given tells whether the user has described a world.
func (f *worldFlags) given() bool {
	for _, name := range worldFlagNames {
		if f.flags.Changed(name) {
			return true
		}
	}
	return false
}

// open builds the world. What can go wrong is the user's input.
func (f *worldFlags) open() (*env.World, error) {
	w, err := f.build()
	return w, badInput(err)
}

// build is open for callers that mark errors themselves.
func (f *worldFlags) build() (*env.World, error) { return f.spec.World() }
