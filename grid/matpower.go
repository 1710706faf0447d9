package grid

import (
	"fmt"
	"math"
)

// mConstants are MATPOWER's names for columns, in the order in which idx_bus,
// idx_gen and idx_brch return them.
var mConstants = map[string][]struct {
	name  string
	value float64
}{
	"idx_bus": {
		{"PQ", 1}, {"PV", 2}, {"REF", 3}, {"NONE", 4},
		{"BUS_I", 1}, {"BUS_TYPE", 2}, {"PD", 3}, {"QD", 4}, {"GS", 5}, {"BS", 6}, {"BUS_AREA", 7},
		{"VM", 8}, {"VA", 9}, {"BASE_KV", 10}, {"ZONE", 11}, {"VMAX", 12}, {"VMIN", 13},
		{"LAM_P", 14}, {"LAM_Q", 15}, {"MU_VMAX", 16}, {"MU_VMIN", 17},
	},
	"idx_gen": {
		{"GEN_BUS", 1}, {"PG", 2}, {"QG", 3}, {"QMAX", 4}, {"QMIN", 5}, {"VG", 6}, {"MBASE", 7},
		{"GEN_STATUS", 8}, {"PMAX", 9}, {"PMIN", 10}, {"MU_PMAX", 22}, {"MU_PMIN", 23}, {"MU_QMAX", 24}, {"MU_QMIN", 25},
		{"PC1", 11}, {"PC2", 12}, {"QC1MIN", 13}, {"QC1MAX", 14}, {"QC2MIN", 15}, {"QC2MAX", 16},
		{"RAMP_AGC", 17}, {"RAMP_10", 18}, {"RAMP_30", 19}, {"RAMP_Q", 20}, {"APF", 21},
	},
	"idx_brch": {
		{"F_BUS", 1}, {"T_BUS", 2}, {"BR_R", 3}, {"BR_X", 4}, {"BR_B", 5}, {"RATE_A", 6}, {"RATE_B", 7}, {"RATE_C", 8},
		{"TAP", 9}, {"SHIFT", 10}, {"BR_STATUS", 11}, {"PF", 14}, {"QF", 15}, {"PT", 16}, {"QT", 17},
		{"MU_SF", 18}, {"MU_ST", 19}, {"ANGMIN", 12}, {"ANGMAX", 13}, {"MU_ANGMIN", 20}, {"MU_ANGMAX", 21},
	},
}

// mIgnored are fields of a case that say nothing about its power flow.
var mIgnored = map[string]bool{
	"version": true, "gencost": true, "areas": true, "bus_name": true, "gentype": true, "genfuel": true,
}

// parseMATPOWER reads a case file of version 2: it evaluates the file, conversions
// of units included, and then takes impedances for p.u. and loads for MW and Mvar,
// as MATPOWER does. What the network model cannot hold (taps, shunts, charging,
// generators beside the slack, several voltage levels) is refused.
func parseMATPOWER(text string) (*Network, error) {
	fields, err := mRun(text)
	if err != nil {
		return nil, err
	}
	if v := fields["version"]; v.text != "2" {
		return nil, fmt.Errorf("mpc.version is %q: want '2'", v.text)
	}
	for name := range fields {
		switch name {
		case "baseMVA", "bus", "gen", "branch":
		default:
			if !mIgnored[name] {
				return nil, fmt.Errorf("mpc.%s: what it means for the power flow is not known here", name)
			}
		}
	}
	base := fields["baseMVA"]
	if !base.isScalar() {
		return nil, fmt.Errorf("mpc.baseMVA: want one number")
	}
	n := &Network{BaseMVA: base.data[0]}
	if err := n.takeBuses(fields); err != nil {
		return nil, err
	}
	if err := n.takeGenerators(fields); err != nil {
		return nil, err
	}
	if err := n.takeBranches(fields); err != nil {
		return nil, err
	}
	return n, n.Validate()
}

// mTable gives the rows of a matrix of at least so many columns.
func mTable(fields map[string]mValue, name string, columns int) ([][]float64, error) {
	v, ok := fields[name]
	if !ok || v.opaque {
		return nil, fmt.Errorf("mpc.%s: want a matrix", name)
	}
	if v.cols < columns {
		return nil, fmt.Errorf("mpc.%s has %d columns: want at least %d", name, v.cols, columns)
	}
	var rows [][]float64
	for i := range v.rows {
		rows = append(rows, v.data[i*v.cols:(i+1)*v.cols])
	}
	return rows, nil
}

func mBusID(x float64) (int, error) {
	if x != math.Trunc(x) || !(math.Abs(x) < 1<<31) {
		return 0, fmt.Errorf("bus number %v: want a whole number", x)
	}
	return int(x), nil
}

func (n *Network) takeBuses(fields map[string]mValue) error {
	const id, kind, pd, qd, gs, bs, baseKV = 0, 1, 2, 3, 4, 5, 9
	rows, err := mTable(fields, "bus", baseKV+1)
	if err != nil {
		return err
	}
	slacks := 0
	for i, r := range rows {
		bus, err := mBusID(r[id])
		if err != nil {
			return fmt.Errorf("mpc.bus row %d: %w", i+1, err)
		}
		switch {
		case r[kind] == 3:
			n.Slack = bus
			slacks++
		case r[kind] != 1:
			return fmt.Errorf("bus %d is of type %v: want 3 (slack) or 1 (load)", bus, r[kind])
		}
		if r[gs] != 0 || r[bs] != 0 {
			return fmt.Errorf("bus %d has a shunt (Gs %v, Bs %v): want none", bus, r[gs], r[bs])
		}
		if n.BaseKV == 0 {
			n.BaseKV = r[baseKV]
		}
		if r[baseKV] != n.BaseKV {
			return fmt.Errorf("bus %d is at %v kV, the buses before it at %v: want one voltage level", bus, r[baseKV], n.BaseKV)
		}
		n.Buses = append(n.Buses, Bus{ID: bus, DemandKW: 1000 * r[pd], DemandKvar: 1000 * r[qd]})
	}
	if slacks != 1 {
		return fmt.Errorf("mpc.bus has %d buses of type 3: want one slack", slacks)
	}
	return nil
}

func (n *Network) takeGenerators(fields map[string]mValue) error {
	const bus, vg, status = 0, 5, 7
	rows, err := mTable(fields, "gen", status+1)
	if err != nil {
		return err
	}
	n.SlackPU = 0
	for _, r := range rows {
		if r[status] <= 0 {
			continue
		}
		if r[bus] != float64(n.Slack) {
			return fmt.Errorf("a generator runs at bus %v: want them at slack bus %d only", r[bus], n.Slack)
		}
		if !(r[vg] > 0) || n.SlackPU != 0 && r[vg] != n.SlackPU {
			return fmt.Errorf("a generator holds slack bus %d at %v p.u.: want one positive voltage", n.Slack, r[vg])
		}
		n.SlackPU = r[vg]
	}
	if n.SlackPU == 0 {
		return fmt.Errorf("no generator runs at slack bus %d: want one, it gives the voltage there", n.Slack)
	}
	return nil
}

func (n *Network) takeBranches(fields map[string]mValue) error {
	const from, to, r, x, b, tap, shift, status = 0, 1, 2, 3, 4, 8, 9, 10
	rows, err := mTable(fields, "branch", status+1)
	if err != nil {
		return err
	}
	for i, row := range rows {
		f, err := mBusID(row[from])
		if err != nil {
			return fmt.Errorf("mpc.branch row %d: %w", i+1, err)
		}
		t, err := mBusID(row[to])
		if err != nil {
			return fmt.Errorf("mpc.branch row %d: %w", i+1, err)
		}
		switch {
		case row[status] == 0: // open
			continue
		case row[status] != 1:
			return fmt.Errorf("branch %d-%d has status %v: want 1 or 0", f, t, row[status])
		case row[b] != 0:
			return fmt.Errorf("branch %d-%d has line charging %v p.u.: want none", f, t, row[b])
		case row[tap] != 0 && row[tap] != 1 || row[shift] != 0:
			return fmt.Errorf("branch %d-%d is a transformer with ratio %v and shift %v: want neither", f, t, row[tap], row[shift])
		}
		n.Branches = append(n.Branches, Branch{From: f, To: t, ROhm: row[r] * n.BaseOhm(), XOhm: row[x] * n.BaseOhm()})
	}
	return nil
}
