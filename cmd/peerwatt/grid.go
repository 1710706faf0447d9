package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/grid"
)

func gridCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "grid",
		Short: "Solve power flows of a distribution network",
		Long: `grid answers how power flows in a distribution network.

A network (--case) is case141, the built-in 141-bus feeder; a MATPOWER case of
version 2 (FILE.m), conversions of units in its code included; or a folder of
  network.csv  base_kv, base_mva; optional: name, slack_pu, power_factor
  bus.csv      bus, type (3 the slack, 1 any other), load_kva (at power_factor)
               or load_kw and load_kvar
  branch.csv   from, to, r_ohm, x_ohm
What cannot be held (taps, shunts, charging, generators beside the slack) is
refused by name.`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(gridSolveCommand(), gridPeerCommand())
	return cmd
}

// gridFlags are what both ways of solving share.
type gridFlags struct {
	network      string
	scale, slack float64
	lower, upper float64
	asJSON       bool
}

func gridSolveCommand() *cobra.Command {
	var flags gridFlags
	var injections, out string
	cmd := &cobra.Command{
		Use:   "solve",
		Short: "Solve the AC power flow at nominal demand, or of many demands",
		Long: `solve finds voltages, branch flows and losses of the demand that the network
comes with, times --scale.

With --injections it solves one power flow per row of a CSV table instead, whose
columns are p_BUS in kW and q_BUS in kvar (> 0 consumes) and optionally row, a
name; buses without a column keep their demand times --scale. --out writes the
voltages of every row.

A demand that the network cannot carry is refused: the message names the bus
where the equations fit worst and by how much, and the exit code is 1.`,
		Example: `  peerwatt grid solve
  peerwatt grid solve --case case141 --scale 0.7 --json
  peerwatt grid solve --case feeder.m --injections demand.csv --out voltages.csv`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := flags.check(); err != nil {
				return badInput(err)
			}
			if out != "" && injections == "" {
				return badInput(errors.New("--out is for the rows of --injections: give both, or --json"))
			}
			n, err := grid.Load(flags.network)
			if err != nil {
				return badInput(fmt.Errorf("%w (peerwatt grid --help says what a case is)", err))
			}
			if flags.slack == 0 {
				if flags.slack = n.SlackPU; flags.slack == 0 {
					flags.slack = 1
				}
			}
			if injections != "" {
				return flags.solveRows(cmd.OutOrStdout(), n, injections, out)
			}
			return flags.solveOne(cmd.OutOrStdout(), n)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.network, "case", "case141", "the network: case141, FILE.m or a `FOLDER` with CSV files")
	f.Float64Var(&flags.scale, "scale", 1, "multiply the network's own demand")
	f.Float64Var(&flags.slack, "slack", 0, "voltage of the slack in p.u. (default what the case says, else 1)")
	f.Float64Var(&flags.lower, "lower", 0.95, "count buses below this voltage, p.u.")
	f.Float64Var(&flags.upper, "upper", 1.05, "count buses above this voltage, p.u.")
	f.StringVar(&injections, "injections", "", "solve every row of this CSV `FILE`")
	f.StringVar(&out, "out", "", "write the voltages of every row to this CSV `FILE`")
	f.BoolVar(&flags.asJSON, "json", false, "print one JSON object")
	return cmd
}

func (f *gridFlags) check() error {
	if math.IsNaN(f.scale) || math.IsInf(f.scale, 0) {
		return fmt.Errorf("--scale is %v: want a finite number", f.scale)
	}
	if !(f.slack >= 0) || math.IsInf(f.slack, 0) {
		return fmt.Errorf("--slack is %v: want a positive voltage in p.u., such as 1.02", f.slack)
	}
	if !(f.lower < f.upper) {
		return fmt.Errorf("--lower is %v and --upper %v: want the first below the second", f.lower, f.upper)
	}
	return nil
}

// gridCard is what solve tells of one power flow.
type gridCard struct {
	Case        string      `json:"case"`
	Buses       int         `json:"buses"`
	Branches    int         `json:"branches"`
	BaseKV      float64     `json:"base_kv"`
	BaseMVA     float64     `json:"base_mva"`
	Scale       float64     `json:"scale"`
	SlackBus    int         `json:"slack_bus"`
	SlackPU     float64     `json:"slack_pu"`
	Method      string      `json:"method"`
	Iterations  int         `json:"iterations"`
	MismatchPU  float64     `json:"mismatch_pu"`
	DemandKW    float64     `json:"demand_kw"`
	DemandKvar  float64     `json:"demand_kvar"`
	LossesKW    float64     `json:"losses_kw"`
	LossesKvar  float64     `json:"losses_kvar"`
	SlackKW     float64     `json:"slack_kw"`
	SlackKvar   float64     `json:"slack_kvar"`
	MinVoltage  float64     `json:"min_voltage_pu"`
	MinBus      int         `json:"min_voltage_bus"`
	MaxVoltage  float64     `json:"max_voltage_pu"`
	MaxBus      int         `json:"max_voltage_bus"`
	LowerPU     float64     `json:"lower_limit_pu"`
	Below       int         `json:"buses_below"`
	UpperPU     float64     `json:"upper_limit_pu"`
	Above       int         `json:"buses_above"`
	Voltages    []busCard   `json:"voltages"`
	BranchFlows []flowsCard `json:"branch_flows"`
}

type busCard struct {
	Bus       int     `json:"bus"`
	VoltagePU float64 `json:"voltage_pu"`
	AngleDeg  float64 `json:"angle_deg"`
}

// flowsCard is a branch with the power that enters it at its first bus.
type flowsCard struct {
	From int     `json:"from"`
	To   int     `json:"to"`
	KW   float64 `json:"kw"`
	Kvar float64 `json:"kvar"`
}

func (f *gridFlags) solveOne(w io.Writer, n *grid.Network) error {
	solver, err := grid.NewSolver(n)
	if err != nil {
		return err
	}
	p, q := n.Demand(f.scale)
	var flow grid.Flow
	if err := solver.Solve(p, q, f.slack, &flow).Err(); err != nil {
		return fmt.Errorf("%s at %v times its demand: %w; try a smaller --scale", n.Name, f.scale, err)
	}
	card := f.card(n, p, q, &flow)
	if f.asJSON {
		return json.NewEncoder(w).Encode(card)
	}
	return card.print(w, n, &flow)
}

func (f *gridFlags) card(n *grid.Network, p, q []float64, flow *grid.Flow) *gridCard {
	c := &gridCard{
		Case: n.Name, Buses: len(n.Buses), Branches: len(n.Branches), BaseKV: n.BaseKV, BaseMVA: n.BaseMVA,
		Scale: f.scale, SlackBus: n.Slack, SlackPU: f.slack,
		Method: flow.Status.Method, Iterations: flow.Status.Iterations, MismatchPU: flow.Status.MismatchPU,
		LossesKW: n.KW(flow.LossP), LossesKvar: n.KW(flow.LossQ),
		SlackKW: n.KW(flow.SlackP), SlackKvar: n.KW(flow.SlackQ),
		LowerPU: f.lower, UpperPU: f.upper,
	}
	for i, b := range n.Buses {
		c.DemandKW += n.KW(p[i])
		c.DemandKvar += n.KW(q[i])
		c.Voltages = append(c.Voltages, busCard{b.ID, flow.VM[i], flow.VA[i] * 180 / math.Pi})
	}
	for k, b := range n.Branches {
		c.BranchFlows = append(c.BranchFlows, flowsCard{b.From, b.To, n.KW(flow.BranchP[k]), n.KW(flow.BranchQ[k])})
	}
	x := f.extremes(n, flow.VM)
	c.MinVoltage, c.MinBus, c.MaxVoltage, c.MaxBus = x.min, x.minBus, x.max, x.maxBus
	c.Below, c.Above = x.below, x.above
	return c
}

// extremes are the ends of a voltage profile; buses by ID.
type extremes struct {
	min, max       float64
	minBus, maxBus int
	below, above   int
}

func (f *gridFlags) extremes(n *grid.Network, vm []float64) extremes {
	x := extremes{min: math.Inf(1), max: math.Inf(-1)}
	for i, v := range vm {
		if v < x.min {
			x.min, x.minBus = v, n.Buses[i].ID
		}
		if v > x.max {
			x.max, x.maxBus = v, n.Buses[i].ID
		}
		if v < f.lower {
			x.below++
		}
		if v > f.upper {
			x.above++
		}
	}
	return x
}

func (c *gridCard) print(w io.Writer, n *grid.Network, flow *grid.Flow) error {
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %d buses, %d branches, %v kV, %v times its demand\n", c.Case, c.Buses, c.Branches, c.BaseKV, c.Scale)
	fmt.Fprintf(&s, "demand   %10.1f kW %10.1f kvar\n", c.DemandKW, c.DemandKvar)
	fmt.Fprintf(&s, "losses   %10.1f kW %10.1f kvar\n", c.LossesKW, c.LossesKvar)
	fmt.Fprintf(&s, "supply   %10.1f kW %10.1f kvar   from bus %d at %v p.u.\n", c.SlackKW, c.SlackKvar, c.SlackBus, c.SlackPU)
	fmt.Fprintf(&s, "lowest   %10.6f p.u. at bus %d, %d buses below %v\n", c.MinVoltage, c.MinBus, c.Below, c.LowerPU)
	fmt.Fprintf(&s, "highest  %10.6f p.u. at bus %d, %d buses above %v\n", c.MaxVoltage, c.MaxBus, c.Above, c.UpperPU)
	fmt.Fprintf(&s, "solved   by %s in %d iterations, mismatch %.1g p.u.\n", c.Method, c.Iterations, c.MismatchPU)
	c.profile(&s, n, flow)
	_, err := io.WriteString(w, s.String())
	return err
}

// profile draws the voltages on the way to the lowest one, a line per bus.
func (c *gridCard) profile(s *strings.Builder, n *grid.Network, flow *grid.Flow) {
	const lines, width = 40, 50
	lowest, _ := n.Index(c.MinBus)
	path := n.PathFromSlack(lowest)
	left, right := math.Inf(1), math.Inf(-1)
	for _, i := range path {
		left, right = min(left, flow.VM[i]), max(right, flow.VM[i])
	}
	if len(path) < 2 || !(right > left) {
		return
	}
	column := func(v float64) int { return int(math.Round((v - left) / (right - left) * width)) }
	fmt.Fprintf(s, "\nvoltage on the way to bus %d", c.MinBus)
	limit := -1
	if c.LowerPU > left && c.LowerPU < right {
		limit = column(c.LowerPU)
		fmt.Fprintf(s, " (| is %v p.u.)", c.LowerPU)
	}
	s.WriteString("\n")
	every := (len(path) + lines - 1) / lines
	for k, i := range path {
		if k%every != 0 && k != len(path)-1 {
			continue
		}
		bar := []byte(strings.Repeat(" ", width+1))
		if limit >= 0 {
			bar[limit] = '|'
		}
		bar[column(flow.VM[i])] = '*'
		fmt.Fprintf(s, "%6d  %.5f  %s\n", n.Buses[i].ID, flow.VM[i], strings.TrimRight(string(bar), " "))
	}
}

// rowsCard is what solve tells of many power flows.
type rowsCard struct {
	Case       string    `json:"case"`
	Rows       int       `json:"rows"`
	Solved     int       `json:"solved"`
	MinVoltage float64   `json:"min_voltage_pu,omitempty"`
	MinBus     int       `json:"min_voltage_bus,omitempty"`
	MinRow     string    `json:"min_voltage_row,omitempty"`
	MaxVoltage float64   `json:"max_voltage_pu,omitempty"`
	MaxBus     int       `json:"max_voltage_bus,omitempty"`
	MaxRow     string    `json:"max_voltage_row,omitempty"`
	LowerPU    float64   `json:"lower_limit_pu"`
	BelowRows  int       `json:"rows_below"`
	UpperPU    float64   `json:"upper_limit_pu"`
	AboveRows  int       `json:"rows_above"`
	PerRow     []rowCard `json:"per_row"`
}

// rowCard is one row; without a solution it has no voltages.
type rowCard struct {
	Row        string   `json:"row"`
	Converged  bool     `json:"converged"`
	Method     string   `json:"method"`
	Iterations int      `json:"iterations"`
	MinVoltage *float64 `json:"min_voltage_pu"`
	MinBus     *int     `json:"min_voltage_bus"`
	MaxVoltage *float64 `json:"max_voltage_pu"`
	MaxBus     *int     `json:"max_voltage_bus"`
	Below      int      `json:"buses_below"`
	Above      int      `json:"buses_above"`
}

func (f *gridFlags) solveRows(w io.Writer, n *grid.Network, path, out string) error {
	file, err := os.Open(path)
	if err != nil {
		return badInput(fmt.Errorf("--injections: %w", err))
	}
	defer file.Close()
	restP, restQ := n.Demand(f.scale)
	rows, err := n.ReadDemand(file, path, restP, restQ)
	if err != nil {
		return badInput(err)
	}
	batch, err := grid.NewBatch(n)
	if err != nil {
		return err
	}
	vm, status := make([]float64, len(rows.P)), make([]grid.Status, len(rows.Labels))
	batch.SolveVM(rows.P, rows.Q, f.slack, vm, status)

	card := &rowsCard{Case: n.Name, Rows: len(status), LowerPU: f.lower, UpperPU: f.upper}
	var failed error
	for k, st := range status {
		row := rowCard{Row: rows.Labels[k], Converged: st.Converged, Method: st.Method, Iterations: st.Iterations}
		if st.Converged {
			x := f.extremes(n, vm[k*len(n.Buses):(k+1)*len(n.Buses)])
			row.MinVoltage, row.MinBus, row.MaxVoltage, row.MaxBus = &x.min, &x.minBus, &x.max, &x.maxBus
			row.Below, row.Above = x.below, x.above
			card.add(rows.Labels[k], x)
			card.Solved++
		} else {
			if failed == nil {
				failed = fmt.Errorf("row %s: %w", rows.Labels[k], st.Err())
			}
		}
		card.PerRow = append(card.PerRow, row)
	}
	if out != "" {
		if err := writeVoltages(out, n, rows.Labels, vm, status); err != nil {
			return fmt.Errorf("cannot write %s: %w", out, err)
		}
	}
	if f.asJSON {
		err = json.NewEncoder(w).Encode(card)
	} else {
		err = card.print(w)
	}
	if err == nil && failed != nil {
		err = fmt.Errorf("%d of %d rows have no power flow, the first is %w", card.Rows-card.Solved, card.Rows, failed)
	}
	return err
}

func (c *rowsCard) add(label string, x extremes) {
	if c.Solved == 0 || x.min < c.MinVoltage {
		c.MinVoltage, c.MinBus, c.MinRow = x.min, x.minBus, label
	}
	if c.Solved == 0 || x.max > c.MaxVoltage {
		c.MaxVoltage, c.MaxBus, c.MaxRow = x.max, x.maxBus, label
	}
	if x.below > 0 {
		c.BelowRows++
	}
	if x.above > 0 {
		c.AboveRows++
	}
}

func (c *rowsCard) print(w io.Writer) error {
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %d of %d rows solved\n", c.Case, c.Solved, c.Rows)
	if c.Solved > 0 {
		fmt.Fprintf(&s, "lowest   %.6f p.u. at bus %d in row %s, %d rows with a bus below %v\n",
			c.MinVoltage, c.MinBus, c.MinRow, c.BelowRows, c.LowerPU)
		fmt.Fprintf(&s, "highest  %.6f p.u. at bus %d in row %s, %d rows with a bus above %v\n",
			c.MaxVoltage, c.MaxBus, c.MaxRow, c.AboveRows, c.UpperPU)
	}
	_, err := io.WriteString(w, s.String())
	return err
}
