package env

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// agentColumns are those of an AgentTable.
var agentColumns = []string{
	"step", "time_utc", "agent", "bus", "load_kw", "load_kvar", "wind_available_kw", "pv_available_kw",
	"cdg_kw", "wind_kw", "pv_kw", "rdg_kvar", "bess_kw", "cl_kw", "soc_before", "soc_after",
	"exchange_kw", "exchange_kvar", "p2p_kw", "grid_kw", "buy_price", "sell_price", "p2p_price",
	"cost_grid", "cost_cdg", "cost_bess", "cost_cl", "cost_p2p", "voltage_pu",
}

// AgentTable writes one row of CSV per step and agent. Numbers are written so
// that they read back exactly.
type AgentTable struct{ table }

// NewAgentTable writes the head of the table.
func NewAgentTable(out io.Writer, w *World) *AgentTable {
	return &AgentTable{newTable(out, w, agentColumns)}
}

// Add writes the rows of one step.
func (t *AgentTable) Add(d *Detail) {
	for i, a := range t.world.agents {
		x := &d.Agents[i]
		t.begin(d)
		t.row = append(t.row, a.Name, strconv.Itoa(a.BusID))
		t.numbers(
			x.LoadKW, x.LoadKvar, x.WindAvailableKW, x.PVAvailableKW,
			x.SetPoint.CDGKW, x.WindKW, x.PVKW, x.SetPoint.RDGKvar, x.SetPoint.BESSKW, x.SetPoint.CLKW,
			x.SOCBefore, x.SOCAfter,
			x.ExchangeKW, x.ExchangeKvar, x.P2PKW, x.GridKW,
			d.Quote.Buy, d.Quote.Sell, d.Clearing.PricePerKWh,
			x.Cost.Grid, x.Cost.CDG, x.Cost.BESS, x.Cost.CL, x.Cost.P2P, x.VoltagePU)
		t.end()
	}
}

// BusTable writes one row of CSV per step: demand and voltage of every bus, in
// columns that carry the bus's number (demand_kw_87, demand_kvar_87,
// voltage_pu_87), then what concerns the whole feeder.
type BusTable struct{ table }

// NewBusTable writes the head of the table.
func NewBusTable(out io.Writer, w *World) *BusTable {
	columns := []string{"step", "time_utc"}
	for _, what := range []string{"demand_kw", "demand_kvar", "voltage_pu"} {
		for _, b := range w.Network.Buses {
			columns = append(columns, fmt.Sprintf("%s_%d", what, b.ID))
		}
	}
	columns = append(columns, "slack_kw", "slack_kvar", "losses_kw", "losses_kvar",
		"converged", "violation", "outside_buses", "excess_pu", "penalty", "stored_value", "reward")
	return &BusTable{newTable(out, w, columns)}
}

// Add writes the row of one step.
func (t *BusTable) Add(d *Detail) {
	t.begin(d)
	t.numbers(d.DemandKW...)
	t.numbers(d.DemandKvar...)
	t.numbers(d.VoltagePU...)
	t.numbers(d.SlackKW, d.SlackKvar, d.LossKW, d.LossKvar)
	out := &d.Outcome
	t.row = append(t.row, flag(!out.Diverged), flag(out.Violation), strconv.Itoa(out.OutsideBuses))
	t.numbers(out.ExcessPU, out.Penalty, out.StoredValue, out.Reward)
	t.end()
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// table is what both tables share. The first error of writing stays and Flush
// returns it.
type table struct {
	world *World
	csv   *csv.Writer
	row   []string
}

func newTable(out io.Writer, w *World, columns []string) table {
	t := table{world: w, csv: csv.NewWriter(out)}
	t.row = append(t.row, columns...)
	t.end()
	return t
}

func (t *table) begin(d *Detail) {
	at := t.world.Year.Date(d.Day).Add(time.Duration(d.Step) * 15 * time.Minute)
	t.row = append(t.row, strconv.Itoa(d.Step), at.Format(time.RFC3339))
}

func (t *table) numbers(values ...float64) {
	t.row = slices.Grow(t.row, len(values))
	for _, x := range values {
		t.row = append(t.row, strconv.FormatFloat(x+0, 'g', -1, 64)) // + 0: no "-0"
	}
}

func (t *table) end() {
	_ = t.csv.Write(t.row)
	t.row = t.row[:0]
}

// Flush writes what is left and returns the first error.
func (t *table) Flush() error {
	t.csv.Flush()
	return t.csv.Error()
}
