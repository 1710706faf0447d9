package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/guptarohit/asciigraph"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/profile"
)

// diary is what rollout tells about a day.
type diary struct {
	Policy    string      `json:"policy"`
	Date      string      `json:"date"`
	Community string      `json:"community"`
	Network   string      `json:"network"`
	Year      string      `json:"year"`
	Source    string      `json:"source"`
	Notes     []string    `json:"notes"`
	Tariff    string      `json:"tariff"`
	Rule      string      `json:"market_rule"`
	Currency  string      `json:"currency"`
	Initial   env.Initial `json:"initial"`
	env.DayResult
	MinVoltagePU  float64 `json:"min_voltage_pu"`
	MinVoltageBus int     `json:"min_voltage_bus"`
	MinAtStep     int     `json:"min_voltage_step"`
	MaxVoltagePU  float64 `json:"max_voltage_pu"`
	MaxVoltageBus int     `json:"max_voltage_bus"`
	MaxAtStep     int     `json:"max_voltage_step"`
	LossesKWh     float64 `json:"losses_kwh"`

	world     *env.World
	prosumers []energy
	// One value per step.
	low, high, soc, traded, grid []float64
}

// energy sums up what one prosumer did, in kWh.
type energy struct{ load, own, fromPeers, toPeers, fromGrid, toGrid float64 }

func newDiary(w *env.World, policy string, init env.Initial) *diary {
	c := w.Market.Config()
	return &diary{
		Policy: policy, Community: w.Scenario.Name, Network: w.Network.Name,
		Year: w.Year.Name, Source: w.Year.Source, Notes: append(append([]string{}, w.Year.Notes...), w.Market.Notes()...),
		Tariff: c.Tariff, Rule: c.Rule, Currency: w.Market.Currency(), Initial: init,
		MinVoltagePU: 2, world: w, prosumers: make([]energy, len(w.Agents())),
	}
}

// add takes in one step.
func (y *diary) add(d *env.Detail) {
	y.Date = y.world.DateOf(d.Day)
	low, high := 2.0, 0.0
	for b, v := range d.VoltagePU {
		id := y.world.Network.Buses[b].ID
		low, high = min(low, v), max(high, v)
		if v < y.MinVoltagePU {
			y.MinVoltagePU, y.MinVoltageBus, y.MinAtStep = v, id, d.Step
		}
		if v > y.MaxVoltagePU {
			y.MaxVoltagePU, y.MaxVoltageBus, y.MaxAtStep = v, id, d.Step
		}
	}
	y.LossesKWh += d.LossKW * profile.StepHours
	soc, batteries, grid := 0.0, 0.0, 0.0
	for i := range d.Agents {
		a, s := &d.Agents[i], &y.prosumers[i]
		s.load += a.LoadKW * profile.StepHours
		s.own += (a.SetPoint.CDGKW + a.SetPoint.RDGKW) * profile.StepHours
		s.fromPeers += max(0, a.P2PKW) * profile.StepHours
		s.toPeers += max(0, -a.P2PKW) * profile.StepHours
		s.fromGrid += max(0, a.GridKW) * profile.StepHours
		s.toGrid += max(0, -a.GridKW) * profile.StepHours
		grid += a.GridKW
		if y.world.Scenario.Prosumers[i].BESS != nil {
			soc += a.SOCAfter
			batteries++
		}
	}
	y.low, y.high = append(y.low, low), append(y.high, high)
	y.soc = append(y.soc, soc/max(1, batteries))
	y.traded, y.grid = append(y.traded, d.Clearing.TradedKW), append(y.grid, grid)
}

// print shows the day to a person.
func (y *diary) print(out io.Writer) error {
	p := message.NewPrinter(language.English)
	feeder := &y.world.Scenario.Feeder
	with, without := 0.0, 0.0
	for _, b := range y.PerAgent {
		with, without = with+b.WithTrade, without+b.WithoutTrade
	}
	var s strings.Builder
	p.Fprintf(&s, "%s on %s: community %s of %d on %s, tariff %s, %s among peers\n\n",
		y.Policy, y.Date, y.Community, len(y.prosumers), y.Network, y.Tariff, y.Rule)
	p.Fprintf(&s, "cost            %11.2f %s  (%.2f paid; what batteries hold more than at the start is worth %.2f)\n",
		y.Cost, y.Currency, y.RawCost, y.StoredValue)
	p.Fprintf(&s, "trade saves     %11.2f %s  (%.0f kWh among peers)\n", without-with, y.Currency, y.TradedKWh)
	p.Fprintf(&s, "reward          %11.4f\n", y.Reward)
	p.Fprintf(&s, "lowest voltage  %11.4f p.u. at bus %d, %s\n", y.MinVoltagePU, y.MinVoltageBus, clock(y.MinAtStep))
	p.Fprintf(&s, "highest voltage %11.4f p.u. at bus %d, %s\n", y.MaxVoltagePU, y.MaxVoltageBus, clock(y.MaxAtStep))
	p.Fprintf(&s, "outside %.2f-%.2f %8.2f %% of bus-steps (%d of %d), by %.4f p.u. on average and %.4f at worst\n",
		feeder.VMinPU, feeder.VMaxPU, 100*float64(y.Outside)/float64(y.BusSteps), y.Outside, y.BusSteps, y.MeanExcessPU, y.WorstPU)
	if y.DivergedSteps > 0 {
		p.Fprintf(&s, "NO POWER FLOW in %d steps: the feeder cannot carry their demand; they count as 0 p.u.\n", y.DivergedSteps)
	}
	p.Fprintf(&s, "losses          %11.0f kWh\n\n", y.LossesKWh)

	s.WriteString(chart("Lowest and highest voltage, p.u.", 3, y.low, y.high))
	s.WriteString(chart("State of charge, mean of all batteries", 2, y.soc))
	s.WriteString(chart("Bought from the grid, all prosumers together, kW (below 0: sold)", 0, y.grid))
	s.WriteString(chart("Traded among peers, kW", 0, y.traded))
	s.WriteString(y.bills(p))
	p.Fprintf(&s, "\nsource: %s\n", y.Source)
	for _, note := range y.Notes {
		p.Fprintf(&s, "note: %s\n", note)
	}
	_, err := io.WriteString(out, s.String())
	return err
}

// chart draws series of one value per step over the hours of the day.
func chart(title string, decimals uint, series ...[]float64) string {
	return title + "\n" + asciigraph.PlotMany(series,
		asciigraph.Width(64), asciigraph.Height(5), asciigraph.Precision(decimals),
		asciigraph.XAxisRange(0, 24), asciigraph.XAxisTickCount(9)) + "\n\n"
}

// bills is the table of what every prosumer did and paid.
func (y *diary) bills(p *message.Printer) string {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(table.Row{"kWh", "load", "own sources", "from peers", "to peers", "from grid", "to grid", y.Currency, "without trade"})
	for i, e := range y.prosumers {
		bill := y.PerAgent[i]
		t.AppendRow(table.Row{
			bill.Agent, p.Sprintf("%.0f", e.load), p.Sprintf("%.0f", e.own), p.Sprintf("%.0f", e.fromPeers), p.Sprintf("%.0f", e.toPeers),
			p.Sprintf("%.0f", e.fromGrid), p.Sprintf("%.0f", e.toGrid), p.Sprintf("%.2f", bill.WithTrade), p.Sprintf("%.2f", bill.WithoutTrade),
		})
	}
	var columns []table.ColumnConfig
	for k := 2; k <= 9; k++ {
		columns = append(columns, table.ColumnConfig{Number: k, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(columns)
	return t.Render() + "\n"
}

// clock is the time at which a step begins.
func clock(step int) string { return fmt.Sprintf("%02d:%02d", step/4, step%4*15) }
