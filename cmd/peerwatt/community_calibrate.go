package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/profile"
)

func communityCalibrateCommand() *cobra.Command {
	var world worldFlags
	var idle, asJSON bool
	cmd := &cobra.Command{
		Use:   "calibrate",
		Short: "Tell how often voltages leave their limits, and whether they need to",
		Long: `calibrate solves the power flow of every quarter of an hour of the year twice and
prints the share of bus-steps below and above the limits, the extremes, and what a
day costs: first with a community that controls nothing (renewables give what is
available, everything else is off), then with one that knows every day beforehand
and holds the limits as well as its devices can. A community that is worth
learning in breaks its limits on some steps in the first case and on none in the
second.

The second half plans every day of the year, which takes a minute or two.`,
		Example: `  peerwatt community calibrate
  peerwatt community calibrate --idle       # the first half only
  peerwatt community calibrate --community solar-stress --json`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := world.open()
			if err != nil {
				return err
			}
			bar := newBar(cmd.ErrOrStderr(), "days", w.Year.Days())
			c, err := community.Calibrate(cmd.Context(), w.Calendar, bar.of)
			bar.finish()
			if err != nil {
				return err
			}
			result := newCalibrationResult(w, c)
			if !idle {
				bar := newBar(cmd.ErrOrStderr(), "days with foresight", w.Year.Days())
				days := make([]int, w.Year.Days())
				for day := range days {
					days[day] = day
				}
				f, err := dso.Foresee(cmd.Context(), w.Scenario, w.Network, w.Calendar, w.Market, days, env.Evaluation.SOC, bar.of)
				bar.finish()
				if err != nil {
					return err
				}
				result.Foresight = newForesightResult(w, f)
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(result)
			}
			return result.print(cmd.OutOrStdout())
		},
	}
	world.add(cmd)
	cmd.Flags().BoolVar(&idle, "idle", false, "only the first half: nobody controls")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// calibrationResult is what calibrate tells.
type calibrationResult struct {
	Community         string  `json:"community"`
	Grid              string  `json:"grid"`
	Year              string  `json:"year"`
	Policy            string  `json:"policy"` // what controls: none
	Steps             int     `json:"steps"`
	Buses             int     `json:"buses"`
	BelowBusSteps     int     `json:"below_bus_steps"`
	AboveBusSteps     int     `json:"above_bus_steps"`
	BelowShare        float64 `json:"below_share"`
	AboveShare        float64 `json:"above_share"`
	StepsOutsideShare float64 `json:"steps_outside_share"`
	UnsolvedSteps     int     `json:"unsolved_steps"`

	LimitMinPU     float64   `json:"voltage_limit_min_pu"`
	LimitMaxPU     float64   `json:"voltage_limit_max_pu"`
	MinVoltagePU   float64   `json:"min_voltage_pu"`
	MinVoltageBus  int       `json:"min_voltage_bus"`
	MinVoltageTime time.Time `json:"min_voltage_time_utc"`
	MaxVoltagePU   float64   `json:"max_voltage_pu"`
	MaxVoltageBus  int       `json:"max_voltage_bus"`
	MaxVoltageTime time.Time `json:"max_voltage_time_utc"`

	Currency      string  `json:"currency"`
	CostPerDay    float64 `json:"cost_none_per_day"`
	CostP2PPerDay float64 `json:"cost_none_p2p_per_day"`
	RewardPerStep float64 `json:"reward_of_cost_none_per_step"`

	Foresight *foresightResult `json:"foresight,omitempty"`
}

// foresightResult is the second half.
type foresightResult struct {
	Policy            string   `json:"policy"` // what controls: perfect
	BelowBusSteps     int      `json:"below_bus_steps"`
	AboveBusSteps     int      `json:"above_bus_steps"`
	BelowShare        float64  `json:"below_share"`
	AboveShare        float64  `json:"above_share"`
	StepsOutsideShare float64  `json:"steps_outside_share"`
	MinVoltagePU      float64  `json:"min_voltage_pu"`
	MaxVoltagePU      float64  `json:"max_voltage_pu"`
	NetworkDays       int      `json:"network_days"` // on which the limits asked for another plan
	CostPerDay        float64  `json:"cost_perfect_per_day"`
	Conflicts         []string `json:"conflicts"` // limits that no plan holds
}

func newForesightResult(w *env.World, f *dso.Foresight) *foresightResult {
	r := &foresightResult{
		Policy: "perfect", BelowBusSteps: f.Below, AboveBusSteps: f.Above, BelowShare: f.BelowShare(), AboveShare: f.AboveShare(),
		StepsOutsideShare: float64(f.StepsOutside) / float64(f.Steps),
		MinVoltagePU:      f.Lowest.VoltagePU, MaxVoltagePU: f.Highest.VoltagePU,
		NetworkDays: f.NetworkDays, CostPerDay: f.CostPerDay, Conflicts: []string{},
	}
	for _, c := range f.Conflicts {
		r.Conflicts = append(r.Conflicts, w.DateOf(c.Day)+" "+c.String())
	}
	return r
}

func newCalibrationResult(w *env.World, c community.Calibration) calibrationResult {
	r := calibrationResult{
		Community: w.Scenario.Name, Grid: w.Network.Name, Year: w.Year.Name, Policy: "none",
		Steps: c.Steps, Buses: c.Buses, BelowBusSteps: c.Below, AboveBusSteps: c.Above,
		BelowShare: c.BelowShare(), AboveShare: c.AboveShare(), UnsolvedSteps: c.Unsolved,
		StepsOutsideShare: float64(c.StepsOutside) / float64(c.Steps),
		LimitMinPU:        w.Scenario.Feeder.VMinPU, LimitMaxPU: w.Scenario.Feeder.VMaxPU,
		MinVoltagePU: c.Lowest.VoltagePU, MinVoltageBus: c.Lowest.BusID, MinVoltageTime: c.Lowest.Time,
		MaxVoltagePU: c.Highest.VoltagePU, MaxVoltageBus: c.Highest.BusID, MaxVoltageTime: c.Highest.Time,
		Currency: w.Market.Currency(),
	}
	days := w.Year.Days()
	for day := range days {
		d := w.Calendar.Day(day)
		r.CostPerDay += w.Market.IdleCost(w.Scenario.Prosumers, d, false) / float64(days)
		r.CostP2PPerDay += w.Market.IdleCost(w.Scenario.Prosumers, d, true) / float64(days)
	}
	r.RewardPerStep = -w.Scenario.Reward.DeltaPerCNY * r.CostPerDay / profile.StepsPerDay
	return r
}

func (r calibrationResult) print(out io.Writer) error {
	fmt.Fprintf(out, "%s on %s in %s, nobody controlling, %d steps of %d buses:\n", r.Community, r.Grid, r.Year, r.Steps, r.Buses)
	fmt.Fprintf(out, "  below %g p.u.  %.3f %% of bus-steps\n", r.LimitMinPU, 100*r.BelowShare)
	fmt.Fprintf(out, "  above %g p.u.  %.3f %% of bus-steps\n", r.LimitMaxPU, 100*r.AboveShare)
	fmt.Fprintf(out, "  any bus outside  %.2f %% of steps\n", 100*r.StepsOutsideShare)
	if r.UnsolvedSteps > 0 {
		fmt.Fprintf(out, "  no power flow  %d steps, not in the shares\n", r.UnsolvedSteps)
	}
	fmt.Fprintf(out, "  lowest   %.5f p.u. at bus %d, %s\n", r.MinVoltagePU, r.MinVoltageBus, r.MinVoltageTime.Format(time.RFC3339))
	fmt.Fprintf(out, "  highest  %.5f p.u. at bus %d, %s\n", r.MaxVoltagePU, r.MaxVoltageBus, r.MaxVoltageTime.Format(time.RFC3339))
	_, err := fmt.Fprintf(out, "  cost     %.0f %s a day without trade, %.0f with; %.4f of reward a step\n", r.CostPerDay, r.Currency, r.CostP2PPerDay, r.RewardPerStep)
	if err != nil || r.Foresight == nil {
		return err
	}
	return r.Foresight.print(out, r)
}

func (f *foresightResult) print(out io.Writer, r calibrationResult) error {
	fmt.Fprintln(out, "the same year, every day known beforehand and planned with the network:")
	fmt.Fprintf(out, "  below %g p.u.  %.4f %% of bus-steps\n", r.LimitMinPU, 100*f.BelowShare)
	fmt.Fprintf(out, "  above %g p.u.  %.4f %% of bus-steps\n", r.LimitMaxPU, 100*f.AboveShare)
	fmt.Fprintf(out, "  voltages from %.5f to %.5f p.u.\n", f.MinVoltagePU, f.MaxVoltagePU)
	fmt.Fprintf(out, "  the limits ask for another plan on %d of %d days\n", f.NetworkDays, r.Steps/profile.StepsPerDay)
	_, err := fmt.Fprintf(out, "  cost     %.0f %s a day with trade\n", f.CostPerDay, r.Currency)
	for k, c := range f.Conflicts {
		if k == mostConflicts {
			_, err = fmt.Fprintf(out, "  and %d more\n", len(f.Conflicts)-k)
			break
		}
		_, err = fmt.Fprintf(out, "  %s\n", c)
	}
	return err
}

// mostConflicts is how many are printed; JSON has all.
const mostConflicts = 5
