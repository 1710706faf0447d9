package community

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestSplit holds what a sum means for its units: they add up to it, stay
// within eqs. (3)-(4), and share as the design says.
func TestSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Prosumer
		var available []float64
		for range rapid.IntRange(0, 3).Draw(t, "units") {
			r := drawRDG(t)
			p.RDGs = append(p.RDGs, r)
			share := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 1)).Draw(t, "available")
			available = append(available, share*r.RatingKW)
		}
		sp := SetPoint{RDGKW: sum(available) * rapid.Float64Range(0, 1).Draw(t, "curtailment")}
		limit := p.ReactiveLimit(sp.RDGKW, available)
		sp.RDGKvar = limit * rapid.Float64Range(-1, 1).Draw(t, "reactive")
		kW, kvar := make([]float64, len(p.RDGs)), make([]float64, len(p.RDGs))
		p.Split(sp, available, kW, kvar)
		if math.Abs(sum(kW)-sp.RDGKW) > 1e-9 || math.Abs(sum(kvar)-sp.RDGKvar) > 1e-9 {
			t.Fatalf("%v and %v are split into %v and %v", sp.RDGKW, sp.RDGKvar, kW, kvar)
		}
		for k, r := range p.RDGs {
			if kW[k] < 0 || kW[k] > available[k]+1e-9 {
				t.Fatalf("unit %d gives %v of %v kW", k, kW[k], available[k])
			}
			if room := r.ReactiveLimit(kW[k], available[k]); math.Abs(kvar[k]) > room+1e-9 {
				t.Fatalf("unit %d gives %v kvar, of which it has %v", k, kvar[k], room)
			}
			if sp.RDGKW > 0 && math.Abs(kW[k]*sum(available)-available[k]*sp.RDGKW) > 1e-6 {
				t.Fatalf("unit %d gives %v kW, not in proportion to %v", k, kW[k], available)
			}
		}
	})
}

// TestBounds checks that idling is feasible whatever the state, once a
// generator has come to rest, and that devices that are not there stay at 0.
func TestBounds(t *testing.T) {
	s, err := Preset("voltage-stress")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := &s.Prosumers[rapid.IntRange(0, len(s.Prosumers)-1).Draw(t, "prosumer")]
		var available []float64
		for _, r := range p.RDGs {
			available = append(available, r.RatingKW*rapid.Float64Range(0, 1).Draw(t, "available"))
		}
		soc := rapid.Float64Range(0, 1).Draw(t, "soc")
		b := p.Bounds(0, soc, available, 100, hours)
		idle := p.Idle(available)
		for _, x := range []struct {
			device         string
			has            bool
			lo, hi, atRest float64
		}{
			{"cdg", p.CDG != nil, b.Lo.CDGKW, b.Hi.CDGKW, idle.CDGKW},
			{"rdg", p.RDGs != nil, b.Lo.RDGKW, b.Hi.RDGKW, idle.RDGKW},
			{"bess", p.BESS != nil, b.Lo.BESSKW, b.Hi.BESSKW, idle.BESSKW},
			{"cl", p.CL != nil, b.Lo.CLKW, b.Hi.CLKW, idle.CLKW},
		} {
			if !(x.lo <= x.atRest && x.atRest <= x.hi) {
				t.Fatalf("%s of %s: idle at %v is outside [%v, %v]", x.device, p.Name, x.atRest, x.lo, x.hi)
			}
			if !x.has && (x.lo != 0 || x.hi != 0) {
				t.Fatalf("%s lacks a %s, yet may do [%v, %v]", p.Name, x.device, x.lo, x.hi)
			}
		}
	})
}

func TestCosts(t *testing.T) {
	p := Prosumer{
		CDG:  &CDG{QuadraticPerKW2h: 1e-3, LinearPerKWh: 0.5},
		BESS: &BESS{MaintenancePerKWh: 0.02}, CL: &CL{CompensationPerKWh: 0.8},
	}
	sp := SetPoint{CDGKW: 100, BESSKW: -40, CLKW: 10, RDGKW: 500}
	got := p.DeviceCost(sp, hours)
	want := Cost{CDG: 15, BESS: 0.2, CL: 2}
	if math.Abs(got.CDG-want.CDG)+math.Abs(got.BESS-want.BESS)+math.Abs(got.CL-want.CL) > 1e-12 || got.Grid != 0 || got.P2P != 0 {
		t.Errorf("costs %+v, want %+v", got, want)
	}
	got = got.Add(Cost{Grid: 1, P2P: -3})
	if math.Abs(got.Total()-15.2) > 1e-12 {
		t.Errorf("total %v, want 15.2", got.Total())
	}
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	s, err := Preset("voltage-stress")
	if err != nil {
		t.Fatal(err)
	}
	p := &s.Prosumers[len(s.Prosumers)-1] // a hub, which has everything
	available, kW, kvar := []float64{100, 200}, make([]float64, 2), make([]float64, 2)
	if n := testing.AllocsPerRun(100, func() {
		b := p.Bounds(10, 0.5, available, 100, hours)
		b.Hi.RDGKvar = p.ReactiveLimit(b.Hi.RDGKW, available)
		p.Split(b.Hi, available, kW, kvar)
		p.Exchange(b.Hi, 100, 30)
		p.DeviceCost(b.Hi, hours)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// A hub injects what it makes beyond its load, eqs. (9)-(10).
func ExampleProsumer_Exchange() {
	var hub Prosumer
	sp := SetPoint{CDGKW: 40, RDGKW: 120, RDGKvar: -20, BESSKW: 30, CLKW: 5}
	kW, kvar := hub.Exchange(sp, 100, 33)
	fmt.Printf("%.0f kW, %.0f kvar\n", kW, kvar)
	// Output: 35 kW, -53 kvar
}

// A battery near its lower limit can give only what it still holds.
func ExampleBESS_Feasible() {
	b := BESS{MinKW: -200, MaxKW: 200, EnergyKWh: 600, Efficiency: 0.95, SOCMin: 0.1, SOCMax: 0.9}
	lo, hi := b.Feasible(0.12, 0.25)
	fmt.Printf("%.1f to %.1f kW\n", lo, hi)
	// Output: -45.6 to 200.0 kW
}
