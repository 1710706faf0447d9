package community

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

const hours = 0.25

func drawBESS(t *rapid.T) *BESS {
	return &BESS{
		MinKW: -rapid.Float64Range(0, 500).Draw(t, "discharge"), MaxKW: rapid.Float64Range(0, 500).Draw(t, "charge"),
		EnergyKWh:  rapid.Float64Range(1, 2000).Draw(t, "energy"),
		Efficiency: rapid.Float64Range(0.5, 1).Draw(t, "efficiency"),
		SOCMin:     rapid.Float64Range(0, 0.3).Draw(t, "soc_min"), SOCMax: rapid.Float64Range(0.7, 1).Draw(t, "soc_max"),
		MaintenancePerKWh: 0.02,
	}
}

// TestBESSFeasible holds both ends of the interval to eqs. (5)-(7): they are
// reachable, and a step beyond either breaks a bound.
func TestBESSFeasible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBESS(t)
		soc := rapid.Float64Range(b.SOCMin, b.SOCMax).Draw(t, "soc")
		lo, hi := b.Feasible(soc, hours)
		if !(b.MinKW <= lo && lo <= 0 && 0 <= hi && hi <= b.MaxKW) {
			t.Fatalf("interval [%v, %v]", lo, hi)
		}
		const tiny = 1e-9
		if end := b.Step(soc, lo, hours); end < b.SOCMin-tiny {
			t.Fatalf("discharging at %v ends at %v, below %v", lo, end, b.SOCMin)
		}
		if end := b.Step(soc, hi, hours); end > b.SOCMax+tiny {
			t.Fatalf("charging at %v ends at %v, above %v", hi, end, b.SOCMax)
		}
		const more = 1e-3 // kW
		if lo > b.MinKW && b.Step(soc, lo-more, hours) >= b.SOCMin {
			t.Fatalf("%v kW of discharge is not the most: %v is left", lo, b.Step(soc, lo, hours))
		}
		if hi < b.MaxKW && b.Step(soc, hi+more, hours) <= b.SOCMax {
			t.Fatalf("%v kW of charge is not the most: %v is reached", hi, b.Step(soc, hi, hours))
		}
	})
}

// TestBESSLosses checks eq. (7) by energy: what a round trip takes from the
// outside is what it gives back over η².
func TestBESSLosses(t *testing.T) {
	b := &BESS{MinKW: -100, MaxKW: 100, EnergyKWh: 400, Efficiency: 0.9, SOCMax: 1}
	if got := b.Step(0.5, 80, hours); math.Abs(got-(0.5+0.9*20/400)) > 1e-15 {
		t.Errorf("charging 20 kWh into 400 at 0.9 ends at %v", got)
	}
	charged := b.Step(0.5, 80, hours)
	back := b.Step(charged, -80*0.9*0.9, hours)
	if math.Abs(back-0.5) > 1e-15 {
		t.Errorf("a round trip with 81 %% of the energy ends at %v, not 0.5", back)
	}
}

func TestBESSOutsideItsBounds(t *testing.T) {
	b := &BESS{MinKW: -100, MaxKW: 100, EnergyKWh: 400, Efficiency: 0.9, SOCMin: 0.2, SOCMax: 0.8}
	if lo, hi := b.Feasible(0.1, hours); lo != 0 || hi != 100 {
		t.Errorf("below its lowest charge it may do [%v, %v], want [0, 100]", lo, hi)
	}
	if lo, hi := b.Feasible(0.9, hours); lo != -100 || hi != 0 {
		t.Errorf("above its highest charge it may do [%v, %v], want [-100, 0]", lo, hi)
	}
}

func TestCDGFeasible(t *testing.T) {
	c := &CDG{MinKW: 5, MaxKW: 50, RampKW: 10}
	for _, x := range []struct{ previous, lo, hi float64 }{
		{0, 5, 10}, {5, 5, 15}, {30, 20, 40}, {45, 35, 50}, {50, 40, 50},
	} {
		if lo, hi := c.Feasible(x.previous); lo != x.lo || hi != x.hi {
			t.Errorf("after %v kW: [%v, %v], want [%v, %v]", x.previous, lo, hi, x.lo, x.hi)
		}
	}
}

// TestCDGMarginalCost compares the marginal cost with the difference of costs.
func TestCDGMarginalCost(t *testing.T) {
	c := &CDG{QuadraticPerKW2h: 1e-3, LinearPerKWh: 0.6}
	for _, p := range []float64{0, 10, 200} {
		const d = 1e-3
		slope := (c.Cost(p+d, 1) - c.Cost(p-d, 1)) / (2 * d)
		if got := c.MarginalCostPerKWh(p); math.Abs(got-slope) > 1e-9 {
			t.Errorf("at %v kW: %v, differences say %v", p, got, slope)
		}
	}
	if got := c.Cost(100, hours); math.Abs(got-17.5) > 1e-12 {
		t.Errorf("a quarter of an hour at 100 kW costs %v, want (1e-3*100² + 0.6*100)/4 = 17.5", got)
	}
}

func drawRDG(t *rapid.T) RDG {
	rating := rapid.Float64Range(1, 500).Draw(t, "rating")
	return RDG{
		Kind: PV, RatingKW: rating, ApparentKVA: rating * rapid.Float64Range(1, 1.3).Draw(t, "oversize"),
		ReactiveShare:     rapid.SampledFrom([]float64{0, 0.44}).Draw(t, "share"),
		MinAvailableShare: rapid.SampledFrom([]float64{0, 0.05}).Draw(t, "min_available"),
	}
}

// TestReactiveLimit holds eq. (4) and the inverter's own bounds: the limit is
// inside all of them and touches one.
func TestReactiveLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRDG(t)
		available := r.RatingKW * rapid.Float64Range(0, 1).Draw(t, "available")
		p := available * rapid.Float64Range(0, 1).Draw(t, "power")
		q := r.ReactiveLimit(p, available)
		if available < r.MinAvailableShare*r.RatingKW {
			if q != 0 {
				t.Fatalf("%v kvar from an inverter that sleeps", q)
			}
			return
		}
		tight := 1e-9 * r.ApparentKVA
		onDisc := math.Abs(math.Hypot(p, q)-r.ApparentKVA) <= tight
		onShare := r.ReactiveShare > 0 && math.Abs(q-r.ReactiveShare*r.ApparentKVA) <= tight
		if math.Hypot(p, q) > r.ApparentKVA+tight || r.ReactiveShare > 0 && q > r.ReactiveShare*r.ApparentKVA+tight || !onDisc && !onShare {
			t.Fatalf("limit %v beside %v kW of %+v", q, p, r)
		}
	})
}

func TestReactiveLimitOfIEEE1547(t *testing.T) {
	r := RDG{RatingKW: 400, ApparentKVA: 440, ReactiveShare: 0.44, MinAvailableShare: 0.05}
	for _, x := range []struct{ power, available, want float64 }{
		{0, 19.9, 0},             // asleep
		{0, 20, 193.6},           // 0.44 * 440
		{400, 400, 183.30302779}, // sqrt(440² - 400²)
	} {
		if got := r.ReactiveLimit(x.power, x.available); math.Abs(got-x.want) > 1e-6 {
			t.Errorf("at %v of %v kW: %v kvar, want %v", x.power, x.available, got, x.want)
		}
	}
}
