package env

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/cmplx"
	"strconv"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
)

// records is a CSV file, read with nothing but its text.
type records struct {
	column map[string]int
	rows   [][]string
}

func readRecords(t *testing.T, text []byte) records {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := records{map[string]int{}, rows[1:]}
	for k, name := range rows[0] {
		r.column[name] = k
	}
	return r
}

func (r records) text(row int, column string) string { return r.rows[row][r.column[column]] }

func (r records) number(t *testing.T, row int, column string) float64 {
	t.Helper()
	k, ok := r.column[column]
	if !ok {
		t.Fatalf("there is no column %s", column)
	}
	x, err := strconv.ParseFloat(r.rows[row][k], 64)
	if err != nil {
		t.Fatal(err)
	}
	if x == 0 && math.Signbit(x) {
		t.Errorf("row %d, %s is -0", row, column)
	}
	return x
}

// TestRolloutCanBeRecomputed is what a stranger would do: from the text of the
// two tables, the scenario's JSON and the branch table of the feeder it
// recomputes balances, states of charge, trades, costs, voltages, losses and
// the reward, with none of the packages' code.
func TestRolloutCanBeRecomputed(t *testing.T) {
	for _, c := range []struct {
		preset, policy, rule string
		day                  int
	}{
		{"voltage-stress", "rule", "mid-market", 19},
		{"voltage-stress", "random", "supply-demand", 180},
		{"solar-stress", "random", "mid-market", 150},
		{"paper-scale", "none-p2p", "mid-market", 100},
		{"voltage-stress", "none", "mid-market", 19},
	} {
		t.Run(fmt.Sprint(c.preset, "/", c.policy), func(t *testing.T) {
			s, err := community.Preset(c.preset)
			if err != nil {
				t.Fatal(err)
			}
			config := market.DefaultConfig()
			config.Rule = c.rule
			w := worldOf(t, s, config)
			p, err := BuiltinPolicy(c.policy)
			if err != nil {
				t.Fatal(err)
			}
			var agents, buses bytes.Buffer
			a, b := NewAgentTable(&agents, w), NewBusTable(&buses, w)
			if _, err := RunDay(newEnv(t, w, Options{}), p, c.day, Evaluation, func(d *Detail) { a.Add(d); b.Add(d) }); err != nil {
				t.Fatal(err)
			}
			if err := a.Flush(); err != nil {
				t.Fatal(err)
			}
			if err := b.Flush(); err != nil {
				t.Fatal(err)
			}
			scenario, err := json.Marshal(w.Scenario)
			if err != nil {
				t.Fatal(err)
			}
			recompute(t, readRecords(t, agents.Bytes()), readRecords(t, buses.Bytes()), scenario, w.Network, c.rule, c.policy != "none")
		})
	}
}

func recompute(t *testing.T, agents, buses records, scenario []byte, network *grid.Network, rule string, trade bool) {
	var s struct {
		Feeder    map[string]any
		Reward    map[string]float64
		Prosumers []struct {
			Name string
			Bus  int
			CDG  map[string]float64
			BESS map[string]float64
			CL   map[string]float64
			RDGs []struct {
				Kind          string
				ApparentKVA   float64 `json:"apparent_kva"`
				ReactiveShare float64 `json:"reactive_share"`
			}
		}
	}
	if err := json.Unmarshal(scenario, &s); err != nil {
		t.Fatal(err)
	}
	n := len(s.Prosumers)
	if len(agents.rows) != 96*n || len(buses.rows) != 96 {
		t.Fatalf("%d and %d rows", len(agents.rows), len(buses.rows))
	}
	near := func(row int, what string, got, want, tolerance float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tolerance) {
			t.Fatalf("row %d: %s is %v, recomputed %v", row, what, got, want)
		}
	}
	const fee, hours = 0.02, 0.25
	vmin, vmax, slack := s.Feeder["voltage_min_pu"].(float64), s.Feeder["voltage_max_pu"].(float64), s.Feeder["substation_pu"].(float64)
	soc := make([]float64, n)
	stored, lowestBuy := 0.0, math.Inf(1)
	for row := range agents.rows {
		lowestBuy = math.Min(lowestBuy, agents.number(t, row, "buy_price"))
	}
	for step := range 96 {
		cost, surplus, deficit := 0.0, 0.0, 0.0
		exchange := make([]float64, n)
		prosumerKW, prosumerKvar := map[int]float64{}, map[int]float64{}
		for i := range n {
			row := step*n + i
			p := &s.Prosumers[i]
			x := func(column string) float64 { return agents.number(t, row, column) }
			if agents.text(row, "agent") != p.Name || x("bus") != float64(p.Bus) || x("step") != float64(step) {
				t.Fatalf("row %d is of another agent", row)
			}

			near(row, "exchange_kw", x("exchange_kw"), x("cdg_kw")+x("wind_kw")+x("pv_kw")+x("cl_kw")-x("load_kw")-x("bess_kw"), 1e-9)
			near(row, "exchange_kvar", x("exchange_kvar"), x("rdg_kvar")-x("load_kvar"), 1e-9)
			near(row, "grid_kw", x("grid_kw"), -x("exchange_kw")-x("p2p_kw"), 1e-9)

			if b := p.BESS; b != nil {
				if step > 0 {
					near(row, "soc_before", x("soc_before"), soc[i], 0)
				}
				change := x("bess_kw") * hours / b["energy_kwh"]
				if change > 0 {
					change *= b["efficiency"]
				} else {
					change /= b["efficiency"]
				}
				near(row, "soc_after", x("soc_after"), x("soc_before")+change, 1e-12)
				soc[i] = x("soc_after")
				stored += (x("soc_after") - x("soc_before")) * b["energy_kwh"]
				near(row, "cost_bess", x("cost_bess"), b["maintenance_per_kwh"]*math.Abs(x("bess_kw"))*hours, 1e-9)
			}
			if c := p.CDG; c != nil {
				near(row, "cost_cdg", x("cost_cdg"), (c["quadratic_per_kw2h"]*x("cdg_kw")*x("cdg_kw")+c["linear_per_kwh"]*x("cdg_kw"))*hours, 1e-9)
			}
			near(row, "cost_cl", x("cost_cl"), p.CL["compensation_per_kwh"]*x("cl_kw")*hours, 1e-9)
			price := x("buy_price")
			if x("grid_kw") < 0 {
				price = x("sell_price")
			}
			near(row, "cost_grid", x("cost_grid"), price*x("grid_kw")*hours, 1e-9)
			near(row, "cost_p2p", x("cost_p2p"), (fee*math.Abs(x("p2p_kw"))+x("p2p_price")*x("p2p_kw"))*hours, 1e-9)
			for _, part := range []string{"cost_grid", "cost_cdg", "cost_bess", "cost_cl", "cost_p2p"} {
				cost += x(part)
			}

			// What an inverter may do, for one unit; several share.
			if len(p.RDGs) == 1 {
				kW := x("wind_kw") + x("pv_kw")
				limit := math.Sqrt(p.RDGs[0].ApparentKVA*p.RDGs[0].ApparentKVA - kW*kW)
				if share := p.RDGs[0].ReactiveShare; share > 0 {
					limit = math.Min(limit, share*p.RDGs[0].ApparentKVA)
				}
				if math.Abs(x("rdg_kvar")) > limit+1e-9 {
					t.Fatalf("row %d: %v kvar, at most %v", row, x("rdg_kvar"), limit)
				}
			}
			if x("wind_kw") > x("wind_available_kw")+1e-9 || x("pv_kw") > x("pv_available_kw")+1e-9 {
				t.Fatalf("row %d: more sun or wind than there is", row)
			}

			exchange[i] = x("exchange_kw")
			if exchange[i] > 0 {
				surplus += exchange[i]
			} else {
				deficit -= exchange[i]
			}
			prosumerKW[p.Bus] -= x("exchange_kw")
			prosumerKvar[p.Bus] -= x("exchange_kvar")
		}

		// The market: pro rata, at the price of the rule.
		first := step * n
		buy, sell := agents.number(t, first, "buy_price"), agents.number(t, first, "sell_price")
		traded := 0.0
		if trade && buy-sell >= 2*fee {
			traded = math.Min(surplus, deficit)
		}
		want := 0.0
		if traded > 0 {
			want = (buy + sell) / 2
			if rule == "supply-demand" {
				want = sell
				if r := surplus / deficit; r <= 1 {
					want = sell * buy / ((buy-sell)*r + sell)
				}
			}
			want = math.Max(sell+fee, math.Min(want, buy-fee))
		}
		for i := range n {
			near(first+i, "p2p_price", agents.number(t, first+i, "p2p_price"), want, 1e-12)
			part := 0.0
			if exchange[i] > 0 && traded > 0 {
				part = -exchange[i] * traded / surplus
			} else if traded > 0 {
				part = -exchange[i] * traded / deficit
			}
			near(first+i, "p2p_kw", agents.number(t, first+i, "p2p_kw"), part, 1e-9)
		}

		// The feeder, by a sweep of its own.
		demand := map[int]complex128{}
		// In two of the presets every bus draws the same share of its case load.
		share, loaded := 0.0, false
		for _, b := range network.Buses {
			kW, kvar := buses.number(t, step, fmt.Sprint("demand_kw_", b.ID)), buses.number(t, step, fmt.Sprint("demand_kvar_", b.ID))
			demand[b.ID] = complex(kW, kvar)
			if !loaded && b.DemandKW > 0 {
				share, loaded = (kW-prosumerKW[b.ID])/b.DemandKW, true
			}
			if s.Feeder["background_shape"] == "belgium" {
				near(step, fmt.Sprint("demand_kw_", b.ID), kW, share*b.DemandKW+prosumerKW[b.ID], 1e-8)
				near(step, fmt.Sprint("demand_kvar_", b.ID), kvar, share*b.DemandKvar+prosumerKvar[b.ID], 1e-8)
			}
		}
		voltage, losses := sweepVoltages(network, demand, slack)
		outside, excess := 0, 0.0
		supply := losses
		for _, b := range network.Buses {
			v := buses.number(t, step, fmt.Sprint("voltage_pu_", b.ID))
			near(step, fmt.Sprint("voltage_pu_", b.ID), v, cmplx.Abs(voltage[b.ID]), 1e-8)
			if x := math.Max(v-vmax, vmin-v); x > 1e-5 {
				outside, excess = outside+1, excess+x
			}
			supply += demand[b.ID]
		}
		for i, p := range s.Prosumers {
			near(first+i, "voltage_pu", agents.number(t, first+i, "voltage_pu"), buses.number(t, step, fmt.Sprint("voltage_pu_", p.Bus)), 0)
		}
		near(step, "losses_kw", buses.number(t, step, "losses_kw"), real(losses), 1e-3)
		near(step, "losses_kvar", buses.number(t, step, "losses_kvar"), imag(losses), 1e-3)
		near(step, "slack_kw", buses.number(t, step, "slack_kw"), real(supply), 1e-2)
		near(step, "slack_kvar", buses.number(t, step, "slack_kvar"), imag(supply), 1e-2)

		penalty := 0.0
		if outside > 0 {
			penalty = math.Min(s.Reward["penalty_clip"], s.Reward["penalty_a"]+s.Reward["penalty_c"]*excess)
		}
		value := 0.0
		if step == 95 {
			value = stored * math.Max(0, lowestBuy)
		}
		near(step, "outside_buses", buses.number(t, step, "outside_buses"), float64(outside), 0)
		near(step, "excess_pu", buses.number(t, step, "excess_pu"), excess, 1e-12)
		near(step, "stored_value", buses.number(t, step, "stored_value"), value, 1e-7)
		near(step, "reward", buses.number(t, step, "reward"), -s.Reward["delta_per_cny"]*(cost-value)-penalty, 1e-10)
		if violated := buses.text(step, "violation") == "1"; violated != (outside > 0) || buses.text(step, "converged") != "1" {
			t.Fatalf("step %d: violation %v, %d buses outside", step, violated, outside)
		}
	}
}

// sweepVoltages is a plain backward and forward sweep over complex currents,
// written from the branch table alone. It returns voltages in p.u. and losses
// in kVA.
func sweepVoltages(network *grid.Network, demandKVA map[int]complex128, slackPU float64) (map[int]complex128, complex128) {
	type edge struct {
		to int
		z  complex128
	}
	base := network.BaseKV * network.BaseKV / network.BaseMVA
	next := map[int][]edge{}
	for _, b := range network.Branches {
		z := complex(b.ROhm/base, b.XOhm/base)
		next[b.From] = append(next[b.From], edge{b.To, z})
		next[b.To] = append(next[b.To], edge{b.From, z})
	}
	voltage := map[int]complex128{}
	for _, b := range network.Buses {
		voltage[b.ID] = complex(slackPU, 0)
	}
	var losses complex128
	for range 20 { // each gains about a digit
		losses = 0
		var below func(bus, parent int) complex128
		var currents = map[[2]int]complex128{}
		below = func(bus, parent int) complex128 {
			i := cmplx.Conj(demandKVA[bus] / complex(1000*network.BaseMVA, 0) / voltage[bus])
			for _, e := range next[bus] {
				if e.to != parent {
					branch := below(e.to, bus)
					currents[[2]int{bus, e.to}] = branch
					i += branch
				}
			}
			return i
		}
		below(network.Slack, -1)
		var forward func(bus, parent int)
		forward = func(bus, parent int) {
			for _, e := range next[bus] {
				if e.to != parent {
					i := currents[[2]int{bus, e.to}]
					voltage[e.to] = voltage[bus] - e.z*i
					losses += e.z * i * cmplx.Conj(i) * complex(1000*network.BaseMVA, 0)
					forward(e.to, bus)
				}
			}
		}
		forward(network.Slack, -1)
	}
	return voltage, losses
}
