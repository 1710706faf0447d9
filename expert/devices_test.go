package expert

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
)

// TestDevicesOfAWish holds a state with other ratings against that of a community
// which has them from the start.
func TestDevicesOfAWish(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	i := slices.IndexFunc(w.Scenario.Prosumers, func(x community.Prosumer) bool { return x.Archetype == community.Hub })
	x := &w.Scenario.Prosumers[i]
	d := Devices{BatteryKWh: 200, BatteryKW: 50, GeneratorKW: 80, PVKW: 30, WindKW: 120}
	if err := d.Validate(x); err != nil {
		t.Fatal(err)
	}
	got := NewState(x, w.Calendar.Day(150), i, w.Market, 0, 0.5, 0).With(d, x)

	other := *w.Scenario
	other.Prosumers = slices.Clone(other.Prosumers)
	y := &other.Prosumers[i]
	*y = *d.Of(x)
	same, err := env.NewWorld(&other, w.Network, w.Year, w.Market)
	if err != nil {
		t.Fatal(err)
	}
	want := NewState(y, same.Calendar.Day(150), i, same.Market, 0, 0.5, 0)
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 1e-12)); diff != "" {
		t.Error(diff)
	}
	if b := y.BESS; b.EnergyKWh != 200 || math.Abs(b.MaxKW-50) > 1e-9 || b.Efficiency != x.BESS.Efficiency {
		t.Errorf("battery %+v", b)
	}
	if a, b := y.CDG.MarginalCostPerKWh(80), x.CDG.MarginalCostPerKWh(x.CDG.MaxKW); math.Abs(a-b) > 1e-12 {
		t.Errorf("marginal cost at full power %v, was %v", a, b)
	}
	if sum := ratingOf(y, community.PV); math.Abs(sum-30) > 1e-9 {
		t.Errorf("solar %v", sum)
	}
	if half := (Devices{BatteryKWh: x.BESS.EnergyKWh / 2}).Of(x).BESS; math.Abs(half.MinKW-x.BESS.MinKW/2) > 1e-9 {
		t.Errorf("half a battery has %v kW", half.MinKW)
	}
	if diff := cmp.Diff(x, Devices{}.Of(x)); diff != "" {
		t.Error(diff)
	}
}

func TestDevicesThatCannotBe(t *testing.T) {
	x := firstOf(t, "voltage-stress")[2] // industrial: no battery, no sun
	for want, d := range map[string]Devices{
		"battery_kwh is 200: " + x.Name + " has no such device": {BatteryKWh: 200},
		"pv_kw is 1: " + x.Name + " has no such device":         {PVKW: 1},
		"generator_kw is -1: want 0 to 1e+06":                   {GeneratorKW: -1},
		"generator_kw is NaN":                                   {GeneratorKW: math.NaN()},
		"wind_kw is 1e+07":                                      {WindKW: 1e7},
	} {
		if err := d.Validate(x); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", d, err, want)
		}
	}
}

// TestWishNamesItsDevices: what the form says of devices is planned with.
func TestWishNamesItsDevices(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	spec, state := caseOf(t, w, community.Residential, 0)
	spec.Preferences = nil
	model, calls := fakeModel(t, func(call int, body string) string {
		if !strings.Contains(body, "battery_kwh") {
			t.Error("the model is not asked for devices")
		}
		if call == 1 {
			return `{"preferences":[],"devices":{"battery_kwh":200,"battery_kw":50,"generator_kw":7,"pv_kw":0,"wind_kw":0}}`
		}
		return `{"preferences":[],"devices":{"battery_kwh":200,"battery_kw":50,"generator_kw":0,"pv_kw":0,"wind_kw":0}}`
	})
	s := &Session{Wish: "I have a battery of 200 kWh and 50 kW", Spec: spec, State: state, Devices: &Devices{}}
	if err := Workflow(model, WorkflowOptions{Path: SpecificationPath}).Run(context.Background(), s, RunOptions{}); err != nil {
		t.Fatal(err)
	}
	if *calls != 2 || s.Devices.String() != "battery 200 kWh, battery 50 kW" || s.Spec.Prosumer.BESS.EnergyKWh != 200 {
		t.Errorf("%d calls, devices %v", *calls, s.Devices)
	}
	for k, sp := range s.Advice.SetPoints {
		if math.Abs(sp.BESSKW) > 50+1e-6 {
			t.Errorf("step %d: battery at %v kW", k, sp.BESSKW)
		}
	}
}
