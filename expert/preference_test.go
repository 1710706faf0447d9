package expert

import (
	"math"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/community"
)

func TestPreferencesCoverTheirHours(t *testing.T) {
	for _, c := range []struct {
		from, to int
		in, out  []int
	}{
		{68, 84, []int{68, 83}, []int{67, 84, 0}},
		{88, 24, []int{88, 95, 0, 23}, []int{24, 87}},
		{10, 10, []int{0, 10, 95}, nil},
		{90, 96, []int{95}, []int{0, 89}},
	} {
		p := Preference{FromStep: c.from, ToStep: c.to}
		for _, s := range c.in {
			if !p.Covers(s) {
				t.Errorf("%d to %d does not cover %d", c.from, c.to, s)
			}
		}
		for _, s := range c.out {
			if p.Covers(s) {
				t.Errorf("%d to %d covers %d", c.from, c.to, s)
			}
		}
	}
}

func TestPreferencesThatCannotBe(t *testing.T) {
	bare := &community.Prosumer{Name: "bare"}
	all := &community.Prosumer{Name: "all", CDG: &community.CDG{}, BESS: &community.BESS{}, CL: &community.CL{}}
	good := Preference{Quantity: SOC, Relation: AtLeast, Value: 0.4, FromStep: 60, ToStep: 80}
	if err := good.Validate(all); err != nil {
		t.Fatal(err)
	}
	for says, change := range map[string]func(*Preference){
		"quantity is":         func(p *Preference) { p.Quantity = "soc_kwh" },
		"relation is":         func(p *Preference) { p.Relation = "equals" },
		"want a number":       func(p *Preference) { p.Value = math.NaN() },
		"want 0 to 1":         func(p *Preference) { p.Value = 40 },
		"steps are -1 to 80":  func(p *Preference) { p.FromStep = -1 },
		"steps are 60 to 97":  func(p *Preference) { p.ToStep = 97 },
		"steps are 96 to 80:": func(p *Preference) { p.FromStep = 96 },
	} {
		p := good
		change(&p)
		if err := p.Validate(all); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want %q", p, err, says)
		}
	}
	for q, says := range map[Quantity]string{SOC: "no battery", DischargeKW: "no battery", CDGKW: "no generator", ShedKW: "no controllable load"} {
		if err := (Preference{Quantity: q, Relation: AtMost, Value: 1}).Validate(bare); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestClock(t *testing.T) {
	for clock, step := range map[string]int{"00:00": 0, "06:15": 25, "16:30": 66, "24:00": 96} {
		if got, err := StepAt(clock); err != nil || got != step || ClockOf(step) != clock {
			t.Errorf("%s: step %d, %v; back %s", clock, got, err, ClockOf(step))
		}
	}
	for _, clock := range []string{"", "7", "25:00", "24:15", "12:60", "07:10", "-1:00", "x:y", "07:00x", "7:0 0", "+7:00"} {
		if step, err := StepAt(clock); err == nil {
			t.Errorf("%q is step %d", clock, step)
		}
	}
}
