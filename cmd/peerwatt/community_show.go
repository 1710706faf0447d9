package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/profile"
)

func communityShowCommand() *cobra.Command {
	var world worldFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print every rating, coefficient and price of a community",
		Long: `show prints what a community owns and what energy costs it. With --json it
prints every figure that a day is computed from, so that what "peerwatt rollout"
writes can be recomputed from outside: device ratings and costs per prosumer,
the feeder, the constants of the reward, and the tariff of a day in steps of a
quarter of an hour from midnight UTC+1.`,
		Example: `  peerwatt community show
  peerwatt community show --community solar-stress --json`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := world.open()
			if err != nil {
				return err
			}
			card := newCommunityCard(w)
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(card)
			}
			return card.print(cmd.OutOrStdout())
		},
	}
	world.add(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// communityCard is what show tells.
type communityCard struct {
	Scenario  *community.Scenario `json:"scenario"`
	Grid      string              `json:"grid"`
	Year      string              `json:"year"`
	StepHours float64             `json:"step_hours"`
	Market    marketCard          `json:"market"`
}

// marketCard holds the prices of the year's first day; those of a tariff that
// varies from day to day stand in what rollout writes.
type marketCard struct {
	Tariff       string    `json:"tariff"`
	Currency     string    `json:"currency"`
	Rule         string    `json:"rule"`
	FeePerKWh    float64   `json:"fee_per_kwh"`
	BuyPerKWh    []float64 `json:"buy_per_kwh"`
	SellPerKWh   []float64 `json:"sell_per_kwh"`
	SameEveryDay bool      `json:"same_every_day"`
	Notes        []string  `json:"notes"`
}

func newCommunityCard(w *env.World) communityCard {
	config := w.Market.Config()
	m := marketCard{
		Tariff: config.Tariff, Currency: w.Market.Currency(), Rule: config.Rule, FeePerKWh: config.FeePerKWh,
		SameEveryDay: true, Notes: append([]string{}, w.Market.Notes()...),
	}
	for step := range profile.StepsPerDay {
		first := w.Market.Quote(0, step)
		m.BuyPerKWh = append(m.BuyPerKWh, first.Buy)
		m.SellPerKWh = append(m.SellPerKWh, first.Sell)
		for day := range w.Year.Days() {
			m.SameEveryDay = m.SameEveryDay && w.Market.Quote(day, step) == first
		}
	}
	return communityCard{w.Scenario, w.Network.Name, w.Year.Name, profile.StepHours, m}
}

func (c communityCard) print(out io.Writer) error {
	s := c.Scenario
	f, r := s.Feeder, s.Reward
	fmt.Fprintf(out, "%s: %d prosumers on %s, substation at %g p.u., limits %g to %g p.u.\n",
		s.Name, len(s.Prosumers), c.Grid, f.SubstationPU, f.VMinPU, f.VMaxPU)
	fmt.Fprintf(out, "others take %g times the case's demand, shape %s; site deviations from seed %d\n\n", f.BackgroundScale, f.BackgroundShape, s.Seed)

	money := c.Market.Currency
	devices := newTable(out, table.Row{"prosumer", "bus", "load kW", "CDG kW", "ramp kW", "wind kW", "PV kW", "battery kW", "kWh", "flexible",
		"CDG " + money + "/kWh", "battery", "flexible"})
	for i := range s.Prosumers {
		p := &s.Prosumers[i]
		row := table.Row{p.Name, p.Bus, number(p.PeakLoadKW), "", "", rating(p, community.Wind), rating(p, community.PV), "", "", "", "", "", ""}
		if d := p.CDG; d != nil {
			row[3], row[4] = number(d.MaxKW), number(d.RampKW)
			row[10] = fmt.Sprintf("%.2f-%.2f", d.MarginalCostPerKWh(d.MinKW), d.MarginalCostPerKWh(d.MaxKW))
		}
		if d := p.BESS; d != nil {
			row[7], row[8] = number(d.MinKW)+".."+number(d.MaxKW), number(d.EnergyKWh)
			row[11] = number(d.MaintenancePerKWh)
		}
		if d := p.CL; d != nil {
			row[9], row[12] = number(100*d.Alpha)+" %", number(d.CompensationPerKWh)
		}
		devices.AppendRow(row)
	}
	devices.Render()

	fmt.Fprintf(out, "\n%s in %s/kWh, P2P price by %s, fee %g on each side:\n", c.Market.Tariff, money, c.Market.Rule, c.Market.FeePerKWh)
	c.Market.printPrices(out)
	for _, note := range c.Market.Notes {
		fmt.Fprintf(out, "  note: %s\n", note)
	}
	_, err := fmt.Fprintf(out, "\nreward: -%g per %s, -%g in a step with a bus outside its limits, -%g per p.u. outside, that at most %g\n",
		r.DeltaPerCNY, money, r.PenaltyA, r.PenaltyC, r.PenaltyClip)
	return err
}

// printPrices lists the hours of a tariff that is the same every day, and the
// range of one that is not.
func (m marketCard) printPrices(out io.Writer) {
	if !m.SameEveryDay {
		fmt.Fprintf(out, "  differs from day to day; on the first day buy %.4g to %.4g, sell %.4g to %.4g\n",
			slices.Min(m.BuyPerKWh), slices.Max(m.BuyPerKWh), slices.Min(m.SellPerKWh), slices.Max(m.SellPerKWh))
		return
	}
	for first := 0; first < profile.StepsPerDay; {
		last := first
		for last+1 < profile.StepsPerDay && m.BuyPerKWh[last+1] == m.BuyPerKWh[first] && m.SellPerKWh[last+1] == m.SellPerKWh[first] {
			last++
		}
		fmt.Fprintf(out, "  %s-%s  buy %.4g, sell %.4g\n", clock(first), clock(last+1), m.BuyPerKWh[first], m.SellPerKWh[first])
		first = last + 1
	}
}

// newTable returns a table without lines, numbers to the right.
func newTable(out io.Writer, header table.Row) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleDefault)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(header)
	columns := make([]table.ColumnConfig, 0, len(header))
	for i := 1; i < len(header); i++ {
		columns = append(columns, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(columns)
	return t
}

// rating sums up a prosumer's units of a kind; empty where it has none.
func rating(p *community.Prosumer, kind string) string {
	kW := 0.0
	for _, r := range p.RDGs {
		if r.Kind == kind {
			kW += r.RatingKW
		}
	}
	if kW == 0 {
		return ""
	}
	return number(kW)
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
