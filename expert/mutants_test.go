package expert

import (
	"context"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
)

// pyMutant is a subtle mistake in a program that is right but for it: pairs of
// what is written and what stands there instead.
type pyMutant struct {
	name  string
	of    community.Archetype
	wish  int
	edits []string
	says  string // a part of the counterexample
}

const (
	noRow    = "    constraints += []"
	rampRow  = "    constraints += [P_CDG - P_CDG_before <= 20, P_CDG_before - P_CDG <= 20]"
	discRow  = "    constraints += [cp.norm(cp.vstack([P_PV, Q_PV]), axis=0) <= 352]"
	limitRow = "    constraints += [Q_PV <= Q_PV_max, Q_PV >= -Q_PV_max]"
	flow     = "(0.95 * P_ch - P_dis / 0.95) * delta_t / 600"
	stored   = `    cost -= state["lambda_(E)"] * 600 * (SOC[-1] - state["SOC_(0)"])`
	fee      = `state["lambda_(DSO)"] * cp.sum(cp.abs(P_P2P)) * delta_t`
	window   = "steps = [k - current_time for k in range(72, 88) if k >= current_time]"
)

var pyMutants = []pyMutant{
	// The conventional generator, eqs. (1), (2) and (16).
	{"generator 20 % too large", "commercial", 0, []string{"P_CDG <= 200", "P_CDG <= 240"}, "allows P_CDG["},
	{"generator 20 % too small", "commercial", 0, []string{"P_CDG <= 200", "P_CDG <= 160"}, "reaches only P_CDG["},
	{"generator below zero", "hub", 0, []string{"P_CDG >= 0, ", ""}, "allows P_CDG["},
	{"ramp missing", "commercial", 0, []string{rampRow, noRow}, "P_CDG"},
	{"ramp per hour", "industrial", 0, []string{rampRow, strings.ReplaceAll(rampRow, "20", "80")}, "P_CDG"},
	{"ramp upwards only", "industrial", 1, []string{", P_CDG_before - P_CDG <= 20", ""}, "P_CDG"},
	{"first step without ramp", "hub", 1, []string{`cp.hstack([state["P_(0)_(CDG)"], P_CDG[:-1]])`, `cp.hstack([P_CDG[0], P_CDG[:-1]])`}, "P_CDG"},
	{"generator taken to be off", "commercial", 1, []string{`cp.hstack([state["P_(0)_(CDG)"], `, `cp.hstack([0, `}, "P_CDG"},
	{"quadratic fuel forgotten", "industrial", 2, []string{"0.001 * cp.sum_squares(P_CDG) + ", ""}, "of P_CDG["},
	{"quadratic fuel as if in MW", "hub", 2, []string{"0.001 * cp.sum_squares", "0.000001 * cp.sum_squares"}, "cost"},
	{"linear fuel without the length of a step", "commercial", 0, []string{" + 0.6 * cp.sum(P_CDG)) * delta_t", ") * delta_t + 0.6 * cp.sum(P_CDG)"}, "of P_CDG["},

	// Renewable units, eqs. (3) and (4).
	{"sun of the morning in the evening", "residential", 0, []string{`np.asarray(state["P_(t,max)_(PV)"])[current_time:]`, `np.asarray(state["P_(t,max)_(PV)"])[:time_slot]`}, "P_PV["},
	{"sun one step late", "rural", 0, []string{`np.asarray(state["P_(t,max)_(PV)"])[current_time:]`, `np.roll(np.asarray(state["P_(t,max)_(PV)"]), 1)[current_time:]`}, "P_PV["},
	{"sun beyond what there is", "residential", 1, []string{`P_PV <= np.asarray(state["P_(t,max)_(PV)"])[current_time:]`, "P_PV <= 320"}, "allows P_PV["},
	{"no curtailment", "rural", 1, []string{`P_PV <= np.asarray(state["P_(t,max)_(PV)"])[current_time:]`, `P_PV == np.asarray(state["P_(t,max)_(PV)"])[current_time:]`}, "P_PV["},
	{"inverter missing", "residential", 0, []string{discRow, noRow}, "P_PV["},
	{"inverter 20 % too small", "residential", 2, []string{"axis=0) <= 352", "axis=0) <= 282"}, "P_PV["},
	{"inverter as a box", "residential", 0, []string{discRow, "    constraints += [P_PV <= 352, cp.abs(Q_PV) <= 352]"}, "P_PV["},
	{"reactive limit missing", "residential", 0, []string{limitRow, noRow}, "Q_PV["},
	{"reactive limit on one side", "residential", 0, []string{", Q_PV >= -Q_PV_max", ""}, "Q_PV["},

	// The battery, eqs. (5) to (7) and (17).
	{"efficiency forgotten", "residential", 0, []string{flow, "(P_ch - P_dis) * delta_t / 600"}, "battery"},
	{"efficiency of charging only", "rural", 0, []string{"P_dis / 0.95", "P_dis"}, "battery"},
	{"efficiency turned round", "hub", 0, []string{"P_dis / 0.95", "P_dis * 0.95"}, "battery"},
	{"state of charge without the length of a step", "residential", 1, []string{flow, "(0.95 * P_ch - P_dis / 0.95) / 600"}, "battery"},
	{"power instead of energy in the capacity", "commercial", 1, []string{flow, "(0.95 * P_ch - P_dis / 0.95) * delta_t / 200"}, "battery"},
	{"capacity 20 % too large", "hub", 3, []string{"delta_t / 600", "delta_t / 720"}, "battery"},
	{"charger 20 % too large", "residential", 3, []string{"P_ch <= 200", "P_ch <= 240"}, "allows P_BESS["},
	{"charger 20 % too small", "rural", 2, []string{"P_ch <= 200", "P_ch <= 160"}, "reaches only P_BESS["},
	{"discharger without bound", "commercial", 2, []string{", P_dis <= -(-200)", ""}, "P_BESS["},
	{"highest charge forgotten", "hub", 4, []string{", SOC <= 0.9", ""}, "battery"},
	{"lowest charge forgotten", "commercial", 3, []string{"SOC >= 0.1, ", ""}, "battery"},
	{"battery taken to be half full", "rural", 3, []string{`cp.hstack([state["SOC_(0)"], SOC[:-1]])`, `cp.hstack([0.5, SOC[:-1]])`}, "battery"},
	{"first step for free", "residential", 4, []string{`cp.hstack([state["SOC_(0)"], SOC[:-1]])`, `cp.hstack([SOC[0], SOC[:-1]])`}, "P_BESS["},
	{"battery that swallows energy", "residential", 0, []string{"[SOC == SOC_before", "[SOC <= SOC_before"}, "allows the battery"},
	{"maintenance forgotten", "rural", 4, []string{"0.02 * cp.sum(P_ch + P_dis) * delta_t", "0"}, "of P_BESS["},
	{"maintenance of charging only", "residential", 0, []string{"cp.sum(P_ch + P_dis)", "cp.sum(P_ch)"}, "of P_BESS["},
	{"what is stored is worth nothing", "hub", 0, []string{stored, "    cost += 0"}, "course"},
	{"what is stored costs", "commercial", 4, []string{"cost -= state", "cost += state"}, "of P_BESS["},
	{"battery turned round in the balance", "residential", 0, []string{"P_supply - P_BESS", "P_supply + P_BESS"}, "P_EX["},
	{"battery turned round in the answer", "rural", 0, []string{`"P_BESS": P_BESS`, `"P_BESS": -P_BESS`}, "P_EX["},
	{"battery only charges in the answer", "hub", 0, []string{`"P_BESS": P_BESS`, `"P_BESS": P_ch`}, "P_EX["},

	// The flexible load, eqs. (8) and (18).
	{"load shed 20 % too much", "industrial", 0, []string{"0.2 * P_Load", "0.24 * P_Load"}, "allows P_CL["},
	{"load shed of the peak", "commercial", 0, []string{"0.2 * P_Load", "0.2 * np.max(P_Load)"}, "allows P_CL["},
	{"load shed without bound", "residential", 0, []string{"    constraints += [P_CL <= 0.2 * P_Load]", noRow}, "P_CL["},
	{"compensation forgotten", "industrial", 0, []string{"cost += 0.85 * cp.sum(P_CL) * delta_t", "cost += 0"}, "of P_CL["},
	{"compensation per step", "residential", 0, []string{"0.65 * cp.sum(P_CL) * delta_t", "0.65 * cp.sum(P_CL)"}, "of P_CL["},
	{"load shed counts twice", "rural", 0, []string{"P_supply + P_CL", "P_supply + 2 * P_CL"}, "P_EX["},

	// Balance and trade, eqs. (9), (10), (15) and (19).
	{"fee of the buyer only", "hub", 0, []string{"cp.abs(P_P2P)", "cp.pos(P_P2P)"}, "peers"},
	{"fee forgotten", "commercial", 0, []string{fee, "0"}, "peers"},
	{"fee per step", "residential", 0, []string{fee, strings.TrimSuffix(fee, " * delta_t")}, "peers"},
	{"fee of both sides", "rural", 0, []string{fee, "2 * " + fee}, "peers"},
	{"trade turned round", "industrial", 0, []string{"-(P_buy - P_sell) - P_P2P", "-(P_buy - P_sell) + P_P2P"}, "peers"},
	{"sold at the price of buying", "hub", 1, []string{"lambda_S @ P_sell", "lambda_B @ P_sell"}, "cost"},
	{"prices of the morning in the evening", "industrial", 0, []string{`np.asarray(state["lambda_(t)_(B)"])[current_time:]`, `np.asarray(state["lambda_(t)_(B)"])[:time_slot]`}, "without limit"},
	{"prices one step late", "residential", 0, []string{`np.asarray(state["lambda_(t)_(S)"])[current_time:]`, `np.roll(np.asarray(state["lambda_(t)_(S)"]), 1)[current_time:]`}, "without limit"},
	{"bill without the length of a step", "commercial", 0, []string{"(lambda_B @ P_buy - lambda_S @ P_sell) * delta_t", "(lambda_B @ P_buy - lambda_S @ P_sell)"}, "cost"},
	{"load of the morning in the evening", "rural", 0, []string{`np.asarray(state["P_(t)_(Load)"])[current_time:]`, `np.asarray(state["P_(t)_(Load)"])[:time_slot]`}, "["},
	{"load in kWh", "industrial", 0, []string{"P_supply = -P_Load", "P_supply = -P_Load * delta_t"}, "P_EX["},
	{"exchange turned round", "hub", 0, []string{"constraints, P_EX, Q_EX", "constraints, -P_EX, Q_EX"}, "P_EX["},
	{"reactive load forgotten", "rural", 0, []string{"Q_supply = -Q_Load", "Q_supply = 0 * Q_Load"}, "Q_EX["},
	{"a connection that nobody asked for", "commercial", 0, []string{"P_P2P = cp", "constraints += [P_buy + P_sell <= 100]\n    P_P2P = cp"}, "current_time"},
	{"the sun's power in MW", "residential", 0, []string{`"P_PV": P_PV`, `"P_PV": P_PV / 1000`}, "P_EX["},

	// Wishes.
	{"wish forgotten", "residential", 0, []string{"if steps:", "if False:"}, "wishes"},
	{"hard instead of soft", "residential", 0, []string{"0.5 - slack", "0.5"}, "reaches only P_BESS["},
	{"hard instead of soft, load", "commercial", 2, []string{"10 + slack", "10"}, "refuses"},
	{"window one step late", "residential", 0, []string{window, strings.Replace(window, "72, 88", "73, 89", 1)}, "course"},
	{"window one step short", "residential", 0, []string{window, strings.Replace(window, "72, 88", "72, 87", 1)}, "course"},
	{"window that follows the clock", "residential", 0, []string{window, "steps = [k for k in range(72, 88) if k < time_slot]"}, "current_time = 44"},
	{"window of the whole day", "hub", 1, []string{"list(range(20)) + list(range(92, T))", "range(T)"}, "course"},
	{"window until midnight only", "hub", 1, []string{"list(range(20)) + list(range(92, T))", "range(92, T)"}, "course"},
	{"wish with another value", "residential", 0, []string{"0.5 - slack", "0.6 - slack"}, "course"},
	{"wish turned round", "residential", 0, []string{"SOC[steps] >= 0.5 - slack", "SOC[steps] <= 0.5 + slack"}, "course"},
	{"second wish forgotten", "hub", 4, []string{"SOC[steps] >= 0.4 - slack", "SOC[steps] >= 0 - slack"}, "course"},
	{"penalty of 10", "residential", 0, []string{"1000 * cp.sum(slack)", "10 * cp.sum(slack)"}, "charged"},
	{"penalty of squares", "residential", 0, []string{"1000 * cp.sum(slack)", "1000 * cp.sum_squares(slack)"}, "charged"},
	{"penalty of percent", "residential", 0, []string{"1000 * cp.sum(slack)", "1000 * cp.sum(100 * slack)"}, "charged"},
	{"penalty of the worst step", "residential", 0, []string{"1000 * cp.sum(slack)", "1000 * cp.max(slack)"}, "charged"},
}

// TestTheScoreIsHonest has programs scored that are subtly wrong. All of them
// run, and all of them fail the semantic check with a counterexample in words.
func TestTheScoreIsHonest(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	if len(pyMutants) < 40 {
		t.Fatalf("%d mutants", len(pyMutants))
	}
	for _, m := range pyMutants {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			spec, state := caseOf(t, w, m.of, m.wish)
			source := spec.Program(true)
			before := source
			for k := 0; k < len(m.edits); k += 2 {
				source = strings.ReplaceAll(source, m.edits[k], m.edits[k+1])
			}
			if source == before {
				t.Fatalf("%q stands nowhere in\n%s", m.edits[0], source)
			}
			trial := Trial{Passed: true}
			if err := trial.score(context.Background(), spec, state, source); err != nil {
				t.Fatal(err)
			}
			if !trial.Passed {
				t.Fatalf("it does not run: %s", trial.Reason)
			}
			if trial.SemanticallyRight || !strings.Contains(trial.Counterexample, m.says) {
				t.Errorf("%q does not speak of %q", trial.Counterexample, m.says)
			}
			t.Logf("accuracy %.2f %%: %s", trial.Accuracy.Accuracy, trial.Counterexample)
		})
	}
}
