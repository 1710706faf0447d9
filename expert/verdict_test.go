package expert

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/dso"
)

// TestVerdictOfTheOperator asks the operator about a reference model on a day on
// which the network carries everything and on one on which it does not. The
// verdict must be the plan that the operator makes of reference models alone, and
// what prosumers pay must add up to what that plan costs.
func TestVerdictOfTheOperator(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	c := w.Scenario
	i := slices.IndexFunc(c.Prosumers, func(x community.Prosumer) bool { return x.Archetype == community.Hub })
	for date, stressed := range map[string]bool{"2015-07-01": false, "2015-01-20": true} {
		day, err := w.FindDay(date)
		if err != nil {
			t.Fatal(err)
		}
		x := &c.Prosumers[i]
		s := &Session{
			Spec:  &Spec{Prosumer: x, ReactivePricePerKvar2h: c.ReactivePricePerKvar2h},
			State: NewState(x, w.Calendar.Day(day), i, w.Market, 0, 0.5, 0),
		}
		if err := Verifier(w, day, i)(context.Background(), s, &Reporter{}); err != nil {
			t.Fatal(err)
		}
		v := s.Verdict
		if (len(v.Broken) > 0) != stressed || (len(v.Changes) > 0) != stressed || v.Conflicts != nil || v.Deviations != nil {
			t.Errorf("%s: %q", date, v.Lines())
		}
		if stressed == (v.Cost == v.CostUnlimited) {
			t.Errorf("%s: costs %v, %v without limits", date, v.Cost, v.CostUnlimited)
		}

		operator, err := dso.New(c, w.Network, dso.Options{})
		if err != nil {
			t.Fatal(err)
		}
		situation := dso.Start(c, w.Market, w.Calendar.Day(day), 0.5)
		p, err := operator.Plan(context.Background(), situation)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for k := range c.Prosumers {
			var one Verdict
			one.settle(c, situation, p, k)
			sum += one.Cost
		}
		if math.Abs(sum-p.Cost) > 1e-9*math.Abs(p.Cost) {
			t.Errorf("%s: prosumers pay %v, the plan costs %v", date, sum, p.Cost)
		}
		// Who trades with whom is not unique, what all pay together is.
		if math.Abs(v.Community-p.Cost) > 1e-6*math.Abs(p.Cost) {
			t.Errorf("%s: the community pays %v, among reference models alone %v", date, v.Community, p.Cost)
		}
	}
}

// TestChanges: steps that change the same way are one change, with its mean.
func TestChanges(t *testing.T) {
	x := &community.Prosumer{BESS: &community.BESS{MinKW: -50, MaxKW: 50}}
	plan := func(kw ...float64) *dso.Plan {
		p := &dso.Plan{First: 10}
		for _, v := range kw {
			p.SetPoints = append(p.SetPoints, []community.SetPoint{{BESSKW: v}})
		}
		return p
	}
	got := changesOf(x, 0, plan(0, 0, 10, 10, 20, 0), plan(1, 10, 20, -5, 20, 50))
	want := []Change{{11, 13, "P_BESS", 5, 15}, {13, 14, "P_BESS", 10, -5}, {15, 16, "P_BESS", 0, 50}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if s := got[0].String(); s != "02:45 to 03:15: P_BESS 15.0 kW instead of 5.0" {
		t.Error(s)
	}
}
