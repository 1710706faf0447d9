package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// worldFlags are the flags by which a command chooses the world it plays in.
type worldFlags struct {
	community, grid, year string
	market                market.Config
}

// add gives cmd the flags.
func (f *worldFlags) add(cmd *cobra.Command) {
	f.market = market.DefaultConfig()
	flags := cmd.Flags()
	flags.StringVar(&f.community, "community", community.Presets()[0],
		"the prosumers: "+strings.Join(community.Presets(), ", ")+" or a YAML `FILE`")
	flags.StringVar(&f.grid, "grid", "case141", "the feeder: case141, a MATPOWER .m file or a folder with bus.csv and branch.csv")
	flags.StringVar(&f.year, "year", "2015", "the year of load, sun and wind: 2015 (Belgium, built in)")
	flags.StringVar(&f.market.Rule, "market", f.market.Rule, "the price rule among peers: "+strings.Join(market.Rules(), ", "))
	flags.StringVar(&f.market.Tariff, "tariff", f.market.Tariff, "the grid's prices: "+strings.Join(market.Tariffs(), ", "))
}

// open builds the world. What can go wrong is the user's input.
func (f *worldFlags) open() (*env.World, error) {
	w, err := f.build()
	return w, badInput(err)
}

func (f *worldFlags) build() (*env.World, error) {
	scenario, err := community.Open(f.community)
	if err != nil {
		return nil, err
	}
	network, err := grid.Load(f.grid)
	if err != nil {
		return nil, err
	}
	year, err := openYear(f.year)
	if err != nil {
		return nil, err
	}
	m, err := market.New(f.market, year)
	if err != nil {
		return nil, err
	}
	return env.NewWorld(scenario, network, year, m)
}

// openYear returns the year that --year names.
func openYear(name string) (*profile.Year, error) {
	if name == "2015" {
		return profile.BuiltIn()
	}
	return nil, fmt.Errorf("there is no year %q (want 2015)", name)
}
