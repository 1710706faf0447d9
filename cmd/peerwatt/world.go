package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/market"
)

// worldFlags are the flags by which a command chooses the world it plays in:
// those parts of a run's specification that describe it.
type worldFlags struct{ spec experiment.Spec }

// add gives cmd the flags.
func (f *worldFlags) add(cmd *cobra.Command) {
	f.spec = experiment.Default()
	flags, s := cmd.Flags(), &f.spec
	flags.StringVar(&s.Community.Preset, "community", s.Community.Preset,
		"the prosumers: "+strings.Join(community.Presets(), ", ")+" or a YAML `FILE`")
	flags.StringVar(&s.Grid, "grid", s.Grid, "the feeder: case141, a MATPOWER .m file or a folder with bus.csv and branch.csv")
	flags.StringVar(&s.Community.Year, "year", s.Community.Year, "the year of load, sun and wind: 2015 (Belgium, built in)")
	flags.StringVar(&s.Market.Rule, "market", s.Market.Rule, "the price rule among peers: "+strings.Join(market.Rules(), ", "))
	flags.StringVar(&s.Market.Tariff, "tariff", s.Market.Tariff, "the grid's prices: "+strings.Join(market.Tariffs(), ", "))
}

// open builds the world. What can go wrong is the user's input.
func (f *worldFlags) open() (*env.World, error) {
	w, err := f.build()
	return w, badInput(err)
}

// build is open for callers that mark errors themselves.
func (f *worldFlags) build() (*env.World, error) { return f.spec.World() }
